from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.thermometers.gy_mcu90614_codec import Gy90614Parser, Temperatures

# Constructed on the protocol page.
WARM = bytes.fromhex("5A 5A 45 04 0E 4A 09 E3 41")
COLD = bytes.fromhex("5A 5A 45 04 FE 0C 08 34 43")


def message(object_hundredths, own_hundredths):
    body = b"\x5a\x5a\x45\x04"
    for value in (object_hundredths, own_hundredths):
        body += value.to_bytes(2, "big", signed=True)
    return body + bytes([sum(body) % 256])


def parse(*chunks):
    """What came out, errors by their bytes."""
    parser = Gy90614Parser()
    found = [item for chunk in chunks for item in parser.feed(chunk)]
    return [item.raw if isinstance(item, ProtocolError) else item for item in found]


def test_both_temperatures_are_signed_hundredths():
    assert parse(WARM, COLD) == [Temperatures(36.58, 25.31), Temperatures(-5.0, 21.0)]


def test_a_value_that_looks_like_the_head_is_a_value():
    # 5A 5A hundredths are 231.30 °C.
    assert parse(message(0x5A5A, 2100)) == [Temperatures(231.30, 21.0)]


def test_a_sum_that_looks_like_the_head_is_a_sum():
    whole = next(m for hundredths in range(3000, 4000) if (m := message(hundredths, 2100))[8] == 90)
    assert len(parse(whole, whole)) == 2


@pytest.mark.parametrize("at", range(9))
def test_a_message_with_any_byte_wrong_is_none_and_the_next_one_is(at):
    wrong = bytearray(WARM)
    wrong[at] ^= 0x10
    assert parse(bytes(wrong), COLD) == [Temperatures(-5.0, 21.0)]


def test_a_lost_beginning_and_a_false_head_cost_only_themselves():
    assert parse(WARM[4:], b"\x5a\x5a\x45\x04", WARM[:6], COLD) == [Temperatures(-5.0, 21.0)]


@pytest.mark.parametrize(("object_c", "own_c"), [(-7001, 2100), (3400, 12501), (3400, -4001)])
def test_what_no_module_can_tell_is_no_temperature(object_c, own_c):
    assert parse(message(object_c, own_c)) == []


def test_128_foreign_bytes_are_noise_and_129_are_another_device():
    assert parse(b"x" * 128, WARM) == [Temperatures(36.58, 25.31)]
    assert parse(b"x" * 129, WARM) == [b"x" * 129, Temperatures(36.58, 25.31)]


def test_a_cousin_module_is_named():
    (error,) = Gy90614Parser().feed(bytes.fromhex("66 66 45 04 0E 4A 09 E3 59") * 15)
    assert "unsupported variant" in str(error)


PIECES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([WARM, COLD, WARM[:6], b"\x5a\x5a\x45\x04", b"\x5a", b"x" * 130]),
    st.builds(message, st.integers(-7000, 32767), st.integers(-4000, 12500)),
)


@given(st.lists(PIECES, max_size=12), st.data())
def test_any_bytes_in_any_chunking_give_the_same(pieces, data):
    stream = b"".join(pieces)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    edges = [0, *sorted(cuts), len(stream)]
    at_once = parse(stream)
    assert parse(*(stream[a:b] for a, b in pairwise(edges))) == at_once
    assert parse(*(bytes([byte]) for byte in stream)) == at_once


@given(st.lists(st.tuples(st.integers(-7000, 32767), st.integers(-4000, 12500)), max_size=8))
def test_whole_messages_all_come_out(values):
    found = parse(b"".join(message(*each) for each in values))
    assert found == [Temperatures(a / 100, b / 100) for a, b in values]
