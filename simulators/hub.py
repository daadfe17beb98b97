"""One scene with one camera and one forehead gun, and the commands that reach into it."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from simulators.clock import SceneClock
from simulators.devices.fefd_gun import FefdGunDevice
from simulators.devices.hikvision_camera import HikvisionCameraDevice
from simulators.faults import Fault, Faults
from simulators.scene import LoopedScene, Scene, TravellerTruth, demo_travellers
from simulators.serve import CameraServer, ControlServer, GunServer

# Staff need a moment to lift the gun; the reading comes after the control port's answer.
_TRIGGER_DELAY_S = 0.2
# The picture's time is its receipt, a little later than the scene's: people have moved since.
_GROWN = 1.6


class Hub:
    """The simulated devices of one checkpoint."""

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
        self._faults = {"camera": Faults(), "gun": Faults()}
        device = HikvisionCameraDevice(self._scene, self._clock, self._faults["camera"], seed=seed)
        self.camera = CameraServer(
            device, self._faults["camera"], user="admin", password=password, port=camera_port
        )
        gun = FefdGunDevice(self._faults["gun"], seed=seed)
        self.gun = GunServer(gun, self._faults["gun"], gun_link)
        self.control = ControlServer(self.obey, control_port)

    def close(self) -> None:
        """Switch everything off."""
        for server in (self.control, self.camera, self.gun):
            server.close()

    def obey(self, message: dict[str, Any]) -> dict[str, Any]:
        """Carry out one control message and return the answer.

        Raises:
            KeyError, ValueError, TypeError: if the message does not fit; the control port answers.
        """
        commands: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "fault": self._set_fault,
            "present": self._present,
            "trigger": self._trigger,
            "truth": self._truth,
            "speed": self._set_speed,
        }
        do = message["do"]
        if do not in commands:
            raise ValueError(f"unknown command {do!r}: use one of {', '.join(commands)}")
        return commands[do](message)

    def _set_fault(self, message: dict[str, Any]) -> dict[str, Any]:
        fault, is_on = Fault(message["fault"]), bool(message["on"])
        self._faults[message["device"]].set(fault, is_on=is_on)
        return {"fault": fault.value, "on": is_on}

    def _present(self, message: dict[str, Any]) -> dict[str, Any]:
        """Hold the gun to the forehead of whoever was at a pixel at a wall time."""
        at_s = self._clock.at_s(datetime.fromisoformat(message["captured_at"]))
        point = float(message["row"]), float(message["column"])
        for who in self._scene.truth(at_s):
            if who.box.grown(_GROWN).contains(point):
                self._measure_soon(who.core_c)
                return {"traveller": who.name, "core_c": who.core_c}
        raise ValueError("nobody was there")

    def _trigger(self, message: dict[str, Any]) -> dict[str, Any]:
        self._measure_soon(float(message["temperature_c"]))
        return {"temperature_c": float(message["temperature_c"])}

    def _truth(self, message: dict[str, Any]) -> dict[str, Any]:
        return {"travellers": [_told(who) for who in self._scene.truth(self._clock.now_s())]}

    def _set_speed(self, message: dict[str, Any]) -> dict[str, Any]:
        self._clock.set_speed(float(message["factor"]))
        return {"factor": float(message["factor"])}

    def _measure_soon(self, core_c: float) -> None:
        timer = threading.Timer(_TRIGGER_DELAY_S, self.gun.pull_trigger, (core_c,))
        timer.daemon = True
        timer.start()


def _told(who: TravellerTruth) -> dict[str, Any]:
    return {
        "name": who.name,
        "core_c": who.core_c,
        "canthus_c": who.canthus_c,
        "distance_m": round(who.distance_m, 2),
        "facing": who.facing,
    }
