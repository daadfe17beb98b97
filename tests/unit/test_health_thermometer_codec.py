"""The Health Thermometer's values; examples constructed by rule from the SIG's documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.thermometers.health_thermometer_codec import (
    MEASUREMENT,
    HealthConversation,
    decode_measurement,
)
from station.core.cases import ReadingMode, TrustClass

UNTYPED = TrustClass.FOREHEAD


def decode(text):
    return decode_measurement(bytes.fromhex(text), UNTYPED)


def test_celsius_and_fahrenheit_give_celsius():
    assert decode("00 6E 01 00 FF").temperature_c == 36.6
    assert decode("01 DA 03 00 FF").temperature_c == 37.0


def test_a_time_stamp_and_a_site_are_taken_along():
    reading = decode("06 8D 0E 00 FE EA 07 0B 18 09 1E 0F 02")
    assert reading.temperature_c == 37.25
    assert reading.device_time == "2026-11-24T09:30:15"
    assert reading.trust is TrustClass.FOREHEAD


@pytest.mark.parametrize(
    ("site", "trust", "mode"),
    [
        (1, TrustClass.CONTACT, ReadingMode.BODY),
        (3, TrustClass.TYMPANIC, ReadingMode.BODY),
        (4, TrustClass.SURFACE, ReadingMode.SURFACE),
        (6, TrustClass.CONTACT, ReadingMode.BODY),
        (9, TrustClass.TYMPANIC, ReadingMode.BODY),
        (77, UNTYPED, ReadingMode.BODY),
    ],
)
def test_the_site_decides_how_far_a_reading_is_trusted(site, trust, mode):
    reading = decode(f"04 6E 01 00 FF {site:02X}")
    assert (reading.trust, reading.mode) == (trust, mode)


@pytest.mark.parametrize("mantissa", ["FFFF7F", "000080", "FEFF7F", "020080", "010080"])
def test_special_values_are_no_reading(mantissa):
    assert decode(f"00 {mantissa} 00") is None


def test_a_negative_value_is_no_million():
    assert decode("00 FB FF FF FF").temperature_c == -0.5
    assert not decode("00 FB FF FF FF").is_plausible


def test_an_unknown_date_is_no_time():
    assert decode("02 6E 01 00 FF 00 00 00 00 00 00 00").device_time == ""


@pytest.mark.parametrize(
    "text", ["", "00", "00 6E 01 00", "02 6E 01 00 FF EA 07", "04 6E 01 00 FF", "00 6E 01 00 7F"]
)
def test_torn_and_impossible_values_are_refused(text):
    with pytest.raises(ProtocolError):
        decode(text)


@given(data=st.binary(max_size=24))
def test_any_bytes_give_a_reading_nothing_or_an_error(data):
    try:
        reading = decode_measurement(data, UNTYPED)
    except ProtocolError:
        return
    assert reading is None or abs(reading.temperature_c) < 1e12


def test_other_characteristics_say_nothing():
    conversation = HealthConversation(UNTYPED)
    assert conversation.begin() == []
    assert conversation.take("0000180f", b"\x64") == []
    (reading,) = conversation.take(MEASUREMENT, bytes.fromhex("006E0100FF"))
    assert reading.temperature_c == 36.6
