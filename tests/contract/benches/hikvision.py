"""A Hikvision camera over HTTP."""

from drivers.registry import DeviceKind
from station.core.frames import FrameStatus
from tests.contract.benches.base import Bench

SHAPE = (72, 96)


class HikvisionBench(Bench):
    kind, name = DeviceKind.CAMERA, "hikvision-isapi"
    simulator = {"password": "right", "rows": SHAPE[0], "columns": SHAPE[1]}
    options = {"camera_id": "under-test", "max_rate_hz": 1000}

    cannot = {
        "start mid-frame": "each answer of HTTP begins at its beginning",
        "bit flip": "TCP's checksum drops it",
        "false header": "the lengths of HTTP frame each answer",
        "interleaved reply": "HTTP answers one request after the other",
        "Fahrenheit": "the matrix is in °C whatever the menu says",
    }

    def is_value(self, frame):
        return frame.status is FrameStatus.LIVE

    def provoke(self):
        self.clock.step(0.1)

    def check(self, frame):
        assert frame.shape == SHAPE
        assert frame.camera_id == "under-test"
        assert frame.captured_at.tzinfo is not None


class HikvisionShortBench(HikvisionBench):
    """The same on a bi-spectrum camera: channel 2, two bytes a pixel."""

    simulator = HikvisionBench.simulator | {"channel": 2, "data_length": 2}
