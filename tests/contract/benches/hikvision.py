"""A Hikvision camera over HTTP."""

from drivers.registry import DeviceKind
from tests.contract.benches.base import Bench

SHAPE = (72, 96)


class HikvisionBench(Bench):
    kind, name = DeviceKind.CAMERA, "hikvision-isapi"
    simulator = {"password": "right", "rows": SHAPE[0], "columns": SHAPE[1]}
    options = {"camera_id": "under-test", "max_rate_hz": 1000}

    def provoke(self):
        self.clock.step(0.1)

    def check(self, frame):
        assert frame.shape == SHAPE
        assert frame.camera_id == "under-test"
        assert frame.captured_at.tzinfo is not None
