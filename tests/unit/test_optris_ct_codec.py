import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.registry import DeviceKind, create
from drivers.thermometers.optris_ct_codec import (
    OBJECT,
    decode_emissivity,
    decode_temperature,
    encode_emissivity,
    encode_query,
)

# Constructed on the protocol page: °C, usual models, high-resolution models.
VALUES = [
    (36.6, "05 56", "35 5C"),
    (37.5, "05 5F", "35 B6"),
    (23.5, "04 D3", "30 3E"),
    (-4.8, "03 B8", "25 30"),
]


@pytest.mark.parametrize(("value_c", "usual", "hs"), VALUES)
def test_both_scales(value_c, usual, hs):
    assert decode_temperature(bytes.fromhex(usual), is_hs=False) == pytest.approx(value_c)
    assert decode_temperature(bytes.fromhex(hs), is_hs=True) == pytest.approx(value_c)


@pytest.mark.parametrize(("value_c", "usual", "hs"), VALUES)
def test_a_value_read_by_the_other_scale_is_impossible(value_c, usual, hs):
    with pytest.raises(ProtocolError, match="high-resolution"):
        decode_temperature(bytes.fromhex(usual), is_hs=True)
    if value_c >= 30:
        with pytest.raises(ProtocolError, match="high-resolution"):
            decode_temperature(bytes.fromhex(hs), is_hs=False)


@given(st.binary(min_size=2, max_size=2), st.booleans())
def test_any_answer_is_a_possible_temperature_or_refused(answer, is_hs):
    try:
        value_c = decode_temperature(answer, is_hs=is_hs)
    except ProtocolError as error:
        assert error.raw == answer
    else:
        assert -50 <= value_c <= 1030


def test_settings_of_a_ct_carry_a_check_byte_and_those_of_a_cs_do_not():
    assert encode_emissivity(0.95, has_check=True).hex(" ") == "84 03 b6 31"
    assert encode_emissivity(0.98, has_check=True).hex(" ") == "84 03 d4 53"
    assert encode_emissivity(0.98, has_check=False).hex(" ") == "84 03 d4"
    assert decode_emissivity(bytes.fromhex("03 D4")) == 0.98


def test_the_address_on_a_bus_stands_before_and_outside_the_check():
    assert encode_query(OBJECT, 5).hex(" ") == "b5 01"
    assert encode_emissivity(0.95, has_check=True, bus_address=5).hex(" ") == "b5 84 03 b6 31"


@pytest.mark.parametrize(
    "wrong",
    [{"family": "xt"}, {"bus_address": 0}, {"bus_address": 16}, {"emissivity": 95}, {"poll_s": 0}],
)
def test_an_option_out_of_its_range_is_refused_by_its_name(wrong):
    with pytest.raises(Exception, match=next(iter(wrong))):
        create(DeviceKind.THERMOMETER, "optris-ct", port="/dev/none", **wrong)
