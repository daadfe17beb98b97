from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.thermometers.fefd_codec import FefdParser, FefdReading
from station.core.cases import ReadingMode

# Constructed on the protocol page.
BODY_37_4 = bytes.fromhex("FE FD 1A 01 01 76 0D 0A")
BODY_37_0 = bytes.fromhex("FE FD 1A 01 01 72 0D 0A")
BODY_98_6_F = bytes.fromhex("FE FD 15 01 03 DA 0D 0A")
ACKNOWLEDGE = bytes.fromhex("FE FD 1A AA 55 5F 0D 0A")


def parse(*chunks):
    """What came out, errors by their bytes."""
    parser = FefdParser()
    found = [item for chunk in chunks for item in parser.feed(chunk)]
    return [item.raw if isinstance(item, ProtocolError) else item for item in found]


def body(temperature_c, *, is_plausible=True):
    return FefdReading(temperature_c, ReadingMode.BODY, is_plausible)


def test_a_result_in_celsius():
    assert parse(BODY_37_4) == [body(37.4)]


def test_a_result_in_fahrenheit_is_converted_once():
    assert parse(BODY_98_6_F) == [body(37.0)]


def test_another_mode_is_a_surface_temperature():
    message = bytes.fromhex("FE FD 1A 00 01 54 0D 0A")
    assert parse(message) == [FefdReading(34.0, ReadingMode.SURFACE, True)]


@pytest.mark.parametrize(
    ("tenths", "is_plausible"),
    [(299, False), (300, True), (450, True), (451, False), (65535, False)],
)
def test_plausible_body_temperatures_reach_from_30_to_45(tenths, is_plausible):
    message = b"\xfe\xfd\x1a\x01" + tenths.to_bytes(2, "big") + b"\r\n"
    assert parse(message) == [body(tenths / 10, is_plausible=is_plausible)]


def test_a_value_that_looks_like_the_tail_is_a_value():
    # 0x0D0A tenths are 333.8.
    assert parse(bytes.fromhex("FE FD 1A 01 0D 0A 0D 0A")) == [body(333.8, is_plausible=False)]


@pytest.mark.parametrize("message", [ACKNOWLEDGE, bytes.fromhex("FE FD 15 AA 55 6E 0D 0A")])
def test_an_acknowledge_is_no_reading(message):
    parser = FefdParser()
    assert parser.feed(message) == []
    assert parser.frame_count == 1


@pytest.mark.parametrize(
    "damaged",
    [
        "FF FD 1A 01 01 76 0D 0A",
        "FE FC 1A 01 01 76 0D 0A",
        "FE FD 1B 01 01 76 0D 0A",
        "FE FD 1A 02 01 76 0D 0A",
        "FE FD 1A 01 01 76 0D 0B",
        "FE FD 1A AA 55 60 0D 0A",
        "FE FD 1A 01 01 76",
    ],
)
def test_a_damaged_message_is_no_reading_and_the_next_one_is(damaged):
    assert parse(bytes.fromhex(damaged), BODY_37_0) == [body(37.0)]


def test_a_lost_beginning_and_a_false_head_cost_only_themselves():
    assert parse(BODY_37_4[3:], b"\xfe", BODY_37_4[:5], BODY_37_0, BODY_37_4) == [
        body(37.0),
        body(37.4),
    ]


def test_64_foreign_bytes_are_noise_and_65_are_another_device():
    assert parse(b"x" * 64, BODY_37_0) == [body(37.0)]
    assert parse(b"x" * 65, BODY_37_0) == [b"x" * 65, body(37.0)]


def test_noise_is_counted_only_since_the_last_message():
    assert parse(b"x" * 60, BODY_37_0, b"x" * 60, BODY_37_4) == [body(37.0), body(37.4)]


def test_an_acknowledge_with_wrong_complements_is_none():
    parser = FefdParser()
    parser.feed(bytes.fromhex("FE FD 1A AA 55 60 0D 0A"))
    assert parser.frame_count == 0


def test_the_error_names_the_bytes():
    (error,) = FefdParser().feed(b"Ta=+23.4" * 9)
    assert "54 61 3d 2b 32 33 2e 34" in str(error)


def test_no_reading_is_lost_beside_foreign_bytes():
    noise = b"x" * 65
    assert parse(BODY_37_4 + noise + BODY_37_0) == [body(37.4), noise, body(37.0)]


PIECES = st.one_of(
    st.binary(max_size=90),
    st.sampled_from(
        [BODY_37_4, BODY_98_6_F, ACKNOWLEDGE, BODY_37_4[:5], b"\xfe\xfd", b"\r\n", b"x" * 70]
    ),
)


@given(st.lists(PIECES, max_size=12), st.data())
def test_any_bytes_in_any_chunking_give_the_same(pieces, data):
    stream = b"".join(pieces)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    edges = [0, *sorted(cuts), len(stream)]
    chunks = [stream[a:b] for a, b in pairwise(edges)]
    at_once = parse(stream)
    assert parse(*chunks) == at_once
    assert parse(*(bytes([byte]) for byte in stream)) == at_once


@given(st.lists(st.tuples(st.sampled_from([0x1A, 0x15]), st.integers(0, 0xFFFF)), max_size=8))
def test_whole_messages_all_come_out(results):
    stream = b"".join(
        bytes([0xFE, 0xFD, unit, 1]) + tenths.to_bytes(2, "big") + b"\r\n"
        for unit, tenths in results
    )
    expected = [
        round(tenths / 10 if unit == 0x1A else (tenths / 10 - 32) * 5 / 9, 2)
        for unit, tenths in results
    ]
    assert [reading.temperature_c for reading in parse(stream)] == pytest.approx(
        expected, abs=0.011
    )
