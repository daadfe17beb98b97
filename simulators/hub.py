"""One scene with one camera and one forehead gun, and the commands that reach into it."""

import threading
from contextlib import ExitStack
from datetime import datetime
from math import hypot
from pathlib import Path
from typing import Any

from simulators.clock import SceneClock
from simulators.commands import carry_out, fault_command, speed_command
from simulators.devices.fefd_gun import FefdGunDevice
from simulators.devices.hikvision_camera import HikvisionCameraDevice
from simulators.faults import CAMERA_FAULTS, GUN_FAULTS, Faults
from simulators.scene import LoopedScene, Scene, TravellerTruth, demo_travellers
from simulators.serve import CameraServer, ControlServer, GunServer

# Staff need a moment to lift the gun; the reading comes after the control port's answer.
_TRIGGER_DELAY_S = 0.2
# The picture's time is its receipt, a little later than the scene's: people have moved since.
_GROWN = 1.6
_LARGEST_SPEED = 100.0
_GUN_RANGE_C = (0.0, 100.0)


class Hub:
    """The simulated devices of one checkpoint.

    Args:
        seed: for everything random.
        travellers: how many people walk by before the scene begins again, at least 1.
        febrile_every: every how manieth has a fever; 0 for nobody.
        spacing_s: mean seconds between two people.
        speed: scene seconds in one real second.
        camera_port: 0 takes a free one.
        control_port: 0 takes a free one.
        gun_link: where the gun's port appears.
        password: the camera's, for the user `admin`.

    Raises:
        PortInUse: if a port or the link is taken; nothing is left behind then.
    """

    def __init__(
        self,
        *,
        seed: int,
        travellers: int,
        febrile_every: int,
        spacing_s: float,
        speed: float,
        camera_port: int,
        control_port: int,
        gun_link: Path,
        password: str,
    ) -> None:
        people = demo_travellers(seed, travellers, febrile_every, spacing_s)
        self._scene = LoopedScene(
            Scene(travellers=people, seed=seed), period_s=people[-1].enters_at_s + 8.0
        )
        self._clock = SceneClock(speed)
        self._faults = {"camera": Faults(CAMERA_FAULTS), "gun": Faults(GUN_FAULTS)}
        device = HikvisionCameraDevice(self._scene, self._clock, self._faults["camera"], seed=seed)
        gun = FefdGunDevice(self._faults["gun"], seed=seed)
        with ExitStack() as servers:
            self.camera = CameraServer(
                device, self._faults["camera"], user="admin", password=password, port=camera_port
            )
            servers.callback(self.camera.close)
            self.gun = GunServer(gun, self._faults["gun"], gun_link)
            servers.callback(self.gun.close)
            self.control = ControlServer(self.obey, control_port)
            servers.callback(self.control.close)
            self._servers = servers.pop_all()

    @property
    def addresses(self) -> dict[str, Any]:
        """Where everything listens."""
        return {
            "camera_url": self.camera.url,
            "gun_port": self.gun.port,
            "control": list(self.control.address),
        }

    def close(self) -> None:
        """Switch everything off. Safe to call twice."""
        self._servers.close()

    def obey(self, message: dict[str, Any]) -> dict[str, Any]:
        """Carry out one control message and return the answer.

        Raises:
            KeyError, ValueError, TypeError: if the message does not fit; the control port answers.
        """
        commands = {
            "fault": fault_command(self._faults),
            "present": self._present,
            "trigger": self._trigger,
            "truth": self._truth,
            "speed": speed_command(self._clock, _LARGEST_SPEED),
        }
        return carry_out(commands, message)

    def _present(self, message: dict[str, Any]) -> dict[str, Any]:
        """Hold the gun to the forehead of whoever was at a pixel at a wall time."""
        captured_at = datetime.fromisoformat(message["captured_at"])
        if captured_at.tzinfo is None:
            raise ValueError("captured_at needs a time zone")
        at_s = self._clock.at_s(captured_at)
        point = float(message["row"]), float(message["column"])
        there = [who for who in self._scene.truth(at_s) if who.box.grown(_GROWN).contains(point)]
        if not there:
            raise ValueError("nobody was there")
        who = min(there, key=lambda who: _apart(who, point))
        self._measure_soon(who.core_c)
        return {"traveller": who.name, "core_c": who.core_c}

    def _trigger(self, message: dict[str, Any]) -> dict[str, Any]:
        temperature_c = float(message["temperature_c"])
        low, high = _GUN_RANGE_C
        if not low <= temperature_c <= high:
            raise ValueError(f"the gun measures {low:g} to {high:g} °C")
        self._measure_soon(temperature_c)
        return {"temperature_c": temperature_c}

    def _truth(self, message: dict[str, Any]) -> dict[str, Any]:
        return {"travellers": [_told(who) for who in self._scene.truth(self._clock.now_s())]}

    def _measure_soon(self, core_c: float) -> None:
        timer = threading.Timer(_TRIGGER_DELAY_S, self.gun.pull_trigger, (core_c,))
        timer.daemon = True
        timer.start()


def _apart(who: TravellerTruth, point: tuple[float, float]) -> float:
    """Return how far a pixel lies from a face's center, in face heights."""
    row, column = who.box.center
    return hypot(point[0] - row, point[1] - column) / who.box.height


def _told(who: TravellerTruth) -> dict[str, Any]:
    return {
        "name": who.name,
        "core_c": who.core_c,
        "canthus_c": who.canthus_c,
        "distance_m": round(who.distance_m, 2),
        "facing": who.facing,
    }
