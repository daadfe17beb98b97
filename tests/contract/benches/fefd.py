"""An FE FD forehead gun on a pseudo-terminal."""

from drivers.registry import DeviceKind
from tests.contract.benches.base import Bench


class FefdBench(Bench):
    kind, name = DeviceKind.THERMOMETER, "fefd"
    is_silence_a_fault = False
    simulator = {"error_c": 0.0}
    options = {"device_id": "under-test"}
    value_c = 36.0

    def provoke(self):
        # Another value each time: the same one again within a second is one reading.
        self.value_c = round(self.value_c + 0.1, 1)
        self.do("trigger", temperature_c=self.value_c)

    def check(self, sample):
        assert sample.temperature_c == self.value_c
        assert sample.taken_at.tzinfo is not None
