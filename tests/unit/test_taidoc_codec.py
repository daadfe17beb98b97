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
    decode_is_object,
    decode_value,
    encode_request,
)
from station.core.cases import ReadingMode, TrustClass

VALUE = bytes.fromhex("51 26 76 01 00 00 A5 93")
DATE = bytes.fromhex("51 25 78 35 1E 09 A5")
DATE += bytes([sum(DATE) & 0xFF])
COUNT = bytes.fromhex("51 2B 07 00 00 00 A5 28")


def asking(command):
    return Write(CHARACTERISTIC, encode_request(command))


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


def test_date_number_and_value_are_asked_in_turn_and_then_all_is_told():
    conversation = TaidocConversation()
    assert conversation.begin() == [asking(0x25)]
    assert conversation.take(CHARACTERISTIC, DATE) == [asking(0x2B)]
    assert conversation.take(CHARACTERISTIC, COUNT) == [asking(0x26)]
    reading, end = conversation.take(CHARACTERISTIC, VALUE)
    assert reading == BleReading(
        37.4, ReadingMode.BODY, TrustClass.FOREHEAD, "2026-11-24T09:30", number=7
    )
    assert end is None


def test_who_does_not_know_the_number_is_asked_for_the_value_once():
    conversation = TaidocConversation()
    conversation.begin()
    assert conversation.go_on() == []
    conversation.take(CHARACTERISTIC, DATE)
    assert conversation.go_on() == [asking(0x26)]
    assert conversation.go_on() == []
    reading, _ = conversation.take(CHARACTERISTIC, VALUE)
    assert reading.number is None


@pytest.mark.parametrize("before", [b"", DATE, COUNT])
def test_a_value_that_nobody_asked_for_is_not_taken(before):
    conversation = TaidocConversation()
    conversation.begin()
    conversation.take(CHARACTERISTIC, before)
    assert conversation.take(CHARACTERISTIC, VALUE) == []


@pytest.mark.parametrize(
    ("minute", "hour", "is_object"),
    [(0x1E, 0x09, False), (0x5E, 0x09, False), (0x1E, 0x29, True), (0x5E, 0x29, True),
     (0x9E, 0x29, False)],
)  # fmt: skip
def test_what_was_measured_stands_beside_minute_and_hour(minute, hour, is_object):
    date = bytes([0x78, 0x35, minute, hour])
    assert decode_is_object(date) is is_object
    assert decode_date(date) == "2026-11-24T09:30"


@pytest.mark.parametrize(
    ("numbers", "may_be"),
    [((3, 3), True), ((3, 4), False), ((3, None), True), ((None, 4), True), ((None, None), True)],
)
def test_only_a_number_of_its_own_makes_another_record_of_the_same_minute(numbers, may_be):
    first, second = (
        BleReading(37.4, ReadingMode.BODY, TrustClass.FOREHEAD, "2026-11-24T09:30", number)
        for number in numbers
    )
    assert second.may_be(first) is may_be


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("FORA IR42", True), ("TAIDOC TD1241", True), ("TAIDOC TD-1261", True), ("TD4277", False)],
)
def test_glucose_meters_of_the_same_maker_are_none(name, is_one):
    assert bool(NAMES.match(name)) is is_one
