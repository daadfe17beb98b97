"""Bluetooth thermometers, as events over TCP."""

from drivers.registry import DeviceKind
from station.core.cases import ReadingMode, TrustClass
from tests.contract.benches.base import Bench

_NOT_ON_A_RADIO = {
    "start mid-frame": "a value is notified whole: nobody listens into its middle",
    "false header": "a value is notified whole: nothing comes before it",
    "interleaved reply": "answers and readings are values of their own",
    "shutter freeze": "it has no shutter",
    "offset step": "it has no shutter",
    "slow drift": "the daily check against a source finds it",
}


class BluetoothBench(Bench):
    kind = DeviceKind.THERMOMETER
    is_silence_a_fault = False
    tells_at_opening = False
    unseen = {}
    trust = TrustClass.FOREHEAD
    value_c = 36.0
    told_c = ()

    def provoke(self):
        self.value_c = round(self.value_c + 0.1, 1)
        self.told_c = (*self.told_c[-7:], self.value_c)
        self.do("trigger", temperature_c=self.value_c)

    def is_value(self, sample):
        return sample.is_plausible and sample.mode is ReadingMode.BODY

    def check(self, sample):
        assert any(abs(sample.temperature_c - told_c) < 0.06 for told_c in self.told_c)
        assert sample.trust is self.trust
        assert sample.taken_at.tzinfo is not None


class FefdBleBench(BluetoothBench):
    name = "fefd-ble"
    simulator = {"error_c": 0.0}
    cannot = _NOT_ON_A_RADIO | {
        "stuck value": "two people may have the same temperature: the daily check finds it",
        "no value": "its document names no such code",
        "clock": "it has no clock",
    }
    unseen = {"bit_flip": "no checksum: only the shape and the plausible range protect"}


class HealthThermometerBench(BluetoothBench):
    name = "health-thermometer"
    trust = TrustClass.TYMPANIC
    cannot = _NOT_ON_A_RADIO | {
        "stuck value": "its time stamps differ: the daily check finds it",
    }
    unseen = {"bit_flip": "no checksum of its own: the radio's drops it"}


class TaidocBench(BluetoothBench):
    name = "taidoc"
    # After a torn answer it is let go after three seconds and comes again.
    patience_s = 6.0
    options = {"rest_s": 0.0}
    cannot = _NOT_ON_A_RADIO | {"Fahrenheit": "its frames are in °C whatever it shows"}
