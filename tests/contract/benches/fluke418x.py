"""A Fluke 4180 behind a serial server."""

from drivers.registry import DeviceKind
from tests.contract.benches.base import Bench


class Fluke418xBench(Bench):
    kind, name = DeviceKind.REFERENCE, "fluke418x"
    options = {"device_id": "under-test"}

    cannot = {
        "duplicate frame": "an answer twice is an answer that comes late",
        "shutter freeze": "it has no shutter",
        "offset step": "it has no shutter",
        "slow drift": "the camera's view of it is compared with what it says",
        "stuck value": "it says whether it is stable",
        "interleaved reply": "it speaks only when asked",
        "no value": "its document names no such answer",
        "clock": "it has no clock",
    }

    @property
    def source(self):
        return self.plugged.device

    def check(self, state):
        assert abs(state.temperature_c - self.source.surface_c()) < 0.15
        assert state.set_point_c == self.source.set_point_c
        assert state.is_heating is self.source.is_heating
        assert not state.fault
