"""A thermometer that types, as key events on a pseudo-terminal."""

from drivers.registry import DeviceKind
from station.core.cases import TrustClass
from tests.contract.benches.base import Bench


class KeyboardWedgeBench(Bench):
    kind, name = DeviceKind.THERMOMETER, "keyboard-wedge"
    is_silence_a_fault = False
    tells_at_opening = False
    options = {"device_id": "under-test", "trust": "tympanic"}
    value_c = 36.0
    told_c = ()
    cannot = {
        "bit flip": "USB's checksum drops it",
        "false header": "the kernel hands on whole events",
        "interleaved reply": "a keyboard is never asked",
        "shutter freeze": "it has no shutter",
        "offset step": "it has no shutter",
        "slow drift": "the daily check against a source finds it",
        "stuck value": "two people may have the same temperature: the daily check finds it",
        "clock": "it has no clock",
    }

    def provoke(self):
        self.value_c = round(self.value_c + 0.1, 1)
        self.told_c = (*self.told_c[-7:], self.value_c)
        self.do("trigger", temperature_c=self.value_c)

    def is_value(self, sample):
        return sample.is_plausible

    def check(self, sample):
        # It rounds to 0.1 °F.
        assert any(abs(sample.temperature_c - told_c) < 0.031 for told_c in self.told_c)
        assert sample.trust is TrustClass.TYMPANIC
