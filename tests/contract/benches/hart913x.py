"""A Hart 9133 on a pseudo-terminal."""

from drivers.registry import DeviceKind
from tests.contract.benches.base import Bench

PLAIN_CANNOT = {
    "shutter freeze": "it has no shutter",
    "offset step": "it has no shutter",
    "no value": "its document names no such answer",
    "clock": "it has no clock",
}
PLAIN_UNSEEN = {
    "stuck": "the station watches for temperatures that never move",
    "drift": "the station compares the camera's view of it with what it says",
}


class Hart913xBench(Bench):
    kind, name = DeviceKind.REFERENCE, "hart913x"
    options = {"device_id": "under-test"}
    cannot = PLAIN_CANNOT
    unseen = PLAIN_UNSEEN
    # Its noise, and half of the last digit.
    tolerance_c = 0.1

    @property
    def source(self):
        return self.plugged.device

    def check(self, state):
        assert abs(state.temperature_c - self.source.surface_c()) < self.tolerance_c
        assert abs(state.set_point_c - self.source.set_point_c) < 0.01
        assert state.is_heating
        assert not state.fault
