"""What the benches of all fixed point thermometers share."""

from drivers.registry import DeviceKind
from station.core.cases import ReadingMode, TrustClass
from tests.contract.benches.base import Bench

# Scene time runs faster, that a presentation of some seconds is soon over.
SPEED = 5.0


class PointBench(Bench):
    kind = DeviceKind.THERMOMETER
    # It streams or is polled: it must say whether it is there.
    is_silence_a_fault = True
    # A sample takes ten questions, and each may be answered late.
    patience_s = 5.0
    slow_timeout_s = 20.0
    # Whoever is presented stays until the next one comes: a slow machine misses nobody.
    simulator = {"hold_s": 1e6}
    options = {"device_id": "under-test"}
    # Of a reading, and of the little that is missing to the end of the rise.
    tolerance_c = 0.15
    body_c = 36.0
    told_c = ()
    cannot = {
        "shutter freeze": "it has no shutter",
        "offset step": "it has no shutter",
        "slow drift": "the daily check against a source finds it",
        "clock": "it has no clock",
    }

    def __init__(self, folder):
        super().__init__(folder)
        self.clock.set_speed(SPEED)

    def is_value(self, sample):
        return sample.is_plausible

    def provoke(self):
        """Let the next one come, a little warmer than the one before."""
        self.body_c = round(self.body_c + 0.5, 1)
        told = self.do("trigger", temperature_c=self.body_c)
        self.told_c = (*self.told_c[-7:], told["surface_c"])

    def check(self, sample):
        assert any(abs(sample.temperature_c - told_c) < self.tolerance_c for told_c in self.told_c)
        assert (sample.mode, sample.trust) == (ReadingMode.SURFACE, TrustClass.SURFACE)
        assert sample.taken_at.tzinfo is not None
