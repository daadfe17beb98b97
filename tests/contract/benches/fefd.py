"""An FE FD forehead gun on a pseudo-terminal."""

from drivers.registry import DeviceKind
from station.core.cases import ReadingMode
from tests.contract.benches.base import Bench


class FefdBench(Bench):
    kind, name = DeviceKind.THERMOMETER, "fefd"
    is_silence_a_fault = False
    simulator = {"error_c": 0.0}
    options = {"device_id": "under-test"}
    value_c = 36.0
    told_c = ()
    cannot = {
        "interleaved reply": "the acknowledge comes only while the station connects",
        "shutter freeze": "it has no shutter",
        "offset step": "it has no shutter",
        "slow drift": "the daily check against a source finds it",
        "stuck value": "the daily check finds it: two people may have the same temperature",
        "no value": "its document names no such code",
        "clock": "it has no clock",
    }
    unseen = {"bit_flip": "no checksum: only the shape and the plausible range protect"}

    def is_value(self, sample):
        return sample.is_plausible and sample.mode is ReadingMode.BODY

    def provoke(self):
        # Another value each time: the same one again within a second is one reading.
        self.value_c = round(self.value_c + 0.1, 1)
        self.told_c = (*self.told_c[-7:], self.value_c)
        self.do("trigger", temperature_c=self.value_c)

    def check(self, sample):
        # Several may have waited in the line; each of them is true. The gun rounds to 0.1 °F.
        assert any(abs(sample.temperature_c - told_c) < 0.031 for told_c in self.told_c)
        assert sample.taken_at.tzinfo is not None
