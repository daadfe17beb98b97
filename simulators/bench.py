"""A technician's bench: one camera, the reference source, and a source on a wire in its view."""

from contextlib import ExitStack
from typing import Any

from simulators.clock import SceneClock
from simulators.commands import carry_out, fault_command, speed_command
from simulators.devices.fluke418x_source import Fluke418xDevice
from simulators.devices.hikvision_camera import HikvisionCameraDevice
from simulators.dialects.fluke418x import Fluke418xDialect
from simulators.faults import CAMERA_FAULTS, SOURCE_FAULTS, Fault, Faults
from simulators.serve import CameraServer, ControlServer, SourceServer
from simulators.source_scene import SourceScene

# Faster, the source would have settled before the sensor has taken two pictures.
_LARGEST_SPEED = 1000.0
_SOURCE_C = (-15.0, 120.0)


class Bench:
    """The simulated devices of a bench on which cameras are certified.

    Args:
        seed: for everything random.
        speed: scene seconds in one real second.
        camera_port: 0 takes a free one.
        source_port: 0 takes a free one.
        control_port: 0 takes a free one.
        password: the camera's, for the user `admin`.
        normalise: whether the camera bends its readings towards 37 °C.

    Raises:
        PortInUse: if a port is taken; nothing is left behind then.
    """

    def __init__(
        self,
        *,
        seed: int,
        speed: float,
        camera_port: int,
        source_port: int,
        control_port: int,
        password: str,
        normalise: bool = False,
    ) -> None:
        self._clock = SceneClock(speed)
        self._faults = {"camera": Faults(CAMERA_FAULTS), "source": Faults(SOURCE_FAULTS)}
        camera_faults, source_faults = self._faults["camera"], self._faults["source"]
        camera_faults.set(Fault.NORMALISE, is_on=normalise)
        self._source = Fluke418xDevice(self._clock, source_faults, seed=seed)
        scene = SourceScene(lambda: (self._source.surface_c(), self._source.emissivity), seed=seed)
        camera = HikvisionCameraDevice(scene, self._clock, camera_faults, seed=seed)
        with ExitStack() as servers:
            self.camera = CameraServer(
                camera, camera_faults, user="admin", password=password, port=camera_port
            )
            servers.callback(self.camera.close)
            dialect = Fluke418xDialect(self._source, source_faults)
            self.source = SourceServer(dialect, source_faults, source_port)
            servers.callback(self.source.close)
            self.control = ControlServer(self.obey, control_port)
            servers.callback(self.control.close)
            self._servers = servers.pop_all()

    @property
    def addresses(self) -> dict[str, Any]:
        """Where everything listens."""
        return {
            "camera_url": self.camera.url,
            "source_port": self.source.url,
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
            "panel": self._press_panel,
            "truth": self._truth,
            "speed": speed_command(self._clock, _LARGEST_SPEED),
        }
        return carry_out(commands, message)

    def _press_panel(self, message: dict[str, Any]) -> dict[str, Any]:
        """Set the source at its own panel, as a technician does without a wire."""
        set_point_c = float(message["set_point_c"])
        low_c, high_c = _SOURCE_C
        if not low_c <= set_point_c <= high_c:
            raise ValueError(f"the source can be set to {low_c:g} to {high_c:g} °C")
        self._source.set_point_c = set_point_c
        self._source.is_heating = True
        return {"set_point_c": set_point_c}

    def _truth(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "surface_c": self._source.surface_c(),
            "set_point_c": self._source.set_point_c,
            "is_heating": self._source.is_heating,
            "is_stable": self._source.is_stable(),
        }
