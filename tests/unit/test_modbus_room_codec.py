import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import DriverUnavailable, ProtocolError
from drivers.registry import DeviceKind, create
from drivers.room_sensors.modbus_room_codec import Scale, decode_humidity, decode_temperature

TENTHS = Scale()


def test_the_makers_examples():
    # As resellers print them: 0131 is 30.5 °C, FF33 is -20.5 °C, 0222 is 54.6 %.
    assert decode_temperature(0x131, TENTHS) == 30.5
    assert decode_temperature(0xFF33, TENTHS) == -20.5
    assert decode_humidity(0x222, TENTHS) == 54.6


def test_hundredths_are_an_option():
    assert decode_temperature(2215, Scale(0.01, 0.01)) == 22.15


@given(st.integers(0, 0xFFFF))
def test_any_register_is_air_that_can_be_or_refused(register):
    for decode, low, high in ((decode_temperature, -50, 70), (decode_humidity, 0, 100)):
        try:
            assert low <= decode(register, TENTHS) <= high
        except ProtocolError as error:
            assert error.raw == register.to_bytes(2, "big")


@pytest.mark.parametrize(
    "wrong",
    [
        {"function": 6},
        {"address": 0},
        {"temperature_register": 70000},
        {"humidity_register": 7},
        {"temperature_scale_c": 0.0},
    ],
)
def test_an_option_out_of_its_range_is_refused(wrong):
    with pytest.raises(DriverUnavailable, match="does not take these options"):
        create(DeviceKind.ROOM, "modbus-room", port="/dev/none", **wrong)
