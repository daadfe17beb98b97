import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.thermometers.calex_registers import (
    decode_block,
    decode_identity,
    encode_emissivity,
)

BLOCK = (366, 364, 368, 366, 367, 245, 0)


def block(**changed):
    names = ("average", "low", "high", "filtered", "unfiltered", "sensor", "status")
    return tuple((dict(zip(names, BLOCK, strict=True)) | changed).values())


def test_the_block_of_the_page_is_read_unfiltered():
    now = decode_block(BLOCK)
    assert (now.object_c, now.sensor_c, now.fault) == (36.7, 24.5, "")


def test_temperatures_below_zero_are_signed():
    now = decode_block(block(unfiltered=0x10000 - 48, sensor=0x10000 - 10))
    assert (now.object_c, now.sensor_c) == (-4.8, -1.0)


@pytest.mark.parametrize(
    ("bit", "said"), [(0, "a measuring error"), (1, "too cold"), (2, "too hot")]
)
def test_a_status_bit_of_the_sensor_is_a_fault_and_no_value(bit, said):
    now = decode_block(block(status=1 << bit))
    assert now.object_c is None
    assert said in now.fault


@pytest.mark.parametrize("bit", [3, 4])
def test_an_object_out_of_range_is_no_value(bit):
    now = decode_block(block(status=1 << bit, unfiltered=0x7FFF))
    assert (now.object_c, now.fault) == (None, "")


def test_an_impossible_temperature_without_a_status_bit_is_refused():
    with pytest.raises(ProtocolError, match="impossible"):
        decode_block(block(unfiltered=0x7FFF))


def test_the_type_chooses_the_map():
    mini = decode_identity((17, 1, 1, 0xE240))
    usb = decode_identity((21, 1, 7, 7))
    assert (mini.model, mini.serial_number, mini.registers.block) == ("PyroMiniBus", "123456", 0x0B)
    assert (usb.serial_number, usb.registers.block) == ("", 0x0F)
    assert (mini.registers.volatile_emissivity, usb.registers.volatile_emissivity) == (0x17, 0x18)


@pytest.mark.parametrize("kind", [0, 15, 18, 20, 24, 65535])
def test_another_type_is_another_device(kind):
    with pytest.raises(ProtocolError, match=f"type {kind}"):
        decode_identity((kind, 0, 0, 0))


@pytest.mark.parametrize("wrong", [0.0, 0.09, 1.01, 98.0, float("nan")])
def test_an_emissivity_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="emissivity"):
        encode_emissivity(wrong)
    assert encode_emissivity(0.98) == 9800


@given(st.tuples(*[st.integers(0, 0xFFFF)] * 7))
def test_any_registers_are_a_possible_temperature_no_value_or_refused(registers):
    try:
        now = decode_block(registers)
    except ProtocolError:
        return
    assert now.object_c is None or (registers[6] & 0b11111 == 0 and -50 <= now.object_c <= 1100)
