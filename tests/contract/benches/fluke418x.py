"""A Fluke 4180 behind a serial server."""

from drivers.registry import DeviceKind
from tests.contract.benches.base import Bench


class Fluke418xBench(Bench):
    kind, name = DeviceKind.REFERENCE, "fluke418x"
    options = {"device_id": "under-test"}

    @property
    def source(self):
        return self.plugged.device

    def check(self, state):
        assert abs(state.temperature_c - self.source.surface_c()) < 0.15
        assert state.set_point_c == self.source.set_point_c
        assert state.is_heating is self.source.is_heating
        assert not state.fault
