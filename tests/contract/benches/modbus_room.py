"""An XY-MD02 room sensor on a pseudo-terminal."""

import pytest

from drivers.registry import DeviceKind
from tests.contract.benches.base import Bench


class ModbusRoomBench(Bench):
    kind, name = DeviceKind.ROOM, "modbus-room"
    options = {"device_id": "under-test"}
    cannot = {
        "interleaved reply": "it speaks only when asked",
        "shutter freeze": "it has no shutter",
        "offset step": "it has no shutter",
        "slow drift": "a second thermometer in the room finds it",
        "stuck value": "the air of a room may stand still to 0.1 °C",
        "Fahrenheit": "its registers are in °C",
        "clock": "it has no clock",
    }

    def provoke(self):
        self.clock.step(60.0)

    def check(self, sample):
        # It rounds to tenths.
        assert sample.ambient_c == pytest.approx(self.plugged.device.air_c(), abs=0.051)
        assert sample.humidity_pct == pytest.approx(self.plugged.device.humidity_pct(), abs=0.051)
        assert sample.taken_at.tzinfo is not None
