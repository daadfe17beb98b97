"""TaiDoc's values; examples constructed from two open decoders that agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.thermometers.ble_reading import BleReading, Write
from drivers.thermometers.taidoc_codec import (
    CHARACTERISTIC,
    NAMES,
    TaidocConversation,
    TaidocParser,
    decode_date,
    decode_value,
    encode_request,
)

VALUE = bytes.fromhex("51 26 76 01 00 00 A5 93")
DATE = bytes.fromhex("51 25 78 35 1E 09 A5")
DATE += bytes([sum(DATE) & 0xFF])


def test_requests_carry_their_sum():
    assert encode_request(0x25).hex(" ").upper() == "51 25 00 00 00 00 A3 19"
    assert encode_request(0x26).hex(" ").upper() == "51 26 00 00 00 00 A3 1A"
    assert encode_request(0x2B).hex(" ").upper() == "51 2B 00 00 00 00 A3 1F"


@pytest.mark.parametrize(
    ("frame", "celsius"),
    [("51 26 76 01 00 00 A5 93", 37.4), ("51 26 9E 0E 00 00 A5 C8", 37.42)],
)
def test_tenths_and_hundredths_are_told_apart(frame, celsius):
    (found,) = TaidocParser().feed(bytes.fromhex(frame))
    assert decode_value(found.data) == celsius


def test_no_value_is_no_reading():
    with pytest.raises(ProtocolError):
        decode_value(bytes(4))


def test_the_date_is_text_to_know_a_record_again():
    assert decode_date(bytes.fromhex("78 35 1E 09")) == "2026-11-24T09:30"


@given(
    before=st.binary(max_size=12).filter(lambda data: 0x51 not in data),
    cuts=st.lists(st.integers(0, 40), max_size=6),
)
def test_any_chunking_gives_the_same_frames(before, cuts):
    stream, parser, found = before + DATE + VALUE, TaidocParser(), []
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    for i in range(len(edges) - 1):
        found += parser.feed(stream[edges[i] : edges[i + 1]])
    assert [frame.command for frame in found] == [0x25, 0x26]


@given(data=st.binary(max_size=60))
def test_only_frames_with_their_sum_are_taken(data):
    for frame in TaidocParser().feed(data):
        raw = bytes([0x51, frame.command]) + frame.data + b"\xa5"
        assert raw + bytes([sum(raw) & 0xFF]) in data


def test_the_date_is_asked_first_and_after_the_value_all_is_told():
    conversation = TaidocConversation()
    assert conversation.begin() == [Write(CHARACTERISTIC, encode_request(0x25))]
    assert conversation.take(CHARACTERISTIC, DATE) == [Write(CHARACTERISTIC, encode_request(0x26))]
    reading, end = conversation.take(CHARACTERISTIC, VALUE)
    assert isinstance(reading, BleReading)
    assert (reading.temperature_c, reading.device_time) == (37.4, "2026-11-24T09:30")
    assert end is None


def test_a_value_without_its_date_is_not_taken():
    conversation = TaidocConversation()
    conversation.begin()
    assert conversation.take(CHARACTERISTIC, VALUE) == []


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("FORA IR42", True), ("TAIDOC TD1241", True), ("TAIDOC TD-1261", True), ("TD4277", False)],
)
def test_glucose_meters_of_the_same_maker_are_none(name, is_one):
    assert bool(NAMES.match(name)) is is_one
