"""The Boson's control line: marks, escapes, CRC, and what is not taken for a reply."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.fslp_codec import (
    Reply,
    ReplyParser,
    decode_number,
    decode_text,
    encode_number,
    encode_request,
)
from drivers.errors import ProtocolError

# Constructed on the protocol page.
SERIAL = bytes.fromhex("8E 00 00 00 00 02 00 05 00 02 00 00 00 00 00 02 30 9E 81 6D 7D AE")
CLOSED = bytes.fromhex("8E 00 00 00 00 04 00 05 00 54 00 00 00 00 00 00 00 02 8F 48 AE")
REQUEST = bytes.fromhex("8E 00 00 00 00 04 00 05 00 54 FF FF FF FF 9E A1 70 AE")
SERIAL_REPLY = Reply(2, 0x50002, 0, bytes.fromhex("00 02 30 8E"))
CLOSED_REPLY = Reply(4, 0x50054, 0, bytes.fromhex("00 00 00 02"))


def parse(*chunks):
    parser = ReplyParser()
    return [reply for chunk in chunks for reply in parser.feed(chunk)]


def test_two_replies_in_one_piece_are_two():
    assert parse(SERIAL + CLOSED) == [SERIAL_REPLY, CLOSED_REPLY]


def test_a_request_that_an_adapter_sends_back_is_no_reply_and_nothing_foreign():
    parser = ReplyParser()
    assert parser.feed(REQUEST) == []
    assert parser.foreign == b""


@pytest.mark.parametrize(
    "damaged",
    [
        CLOSED[:9],
        CLOSED[:-1],
        CLOSED.replace(b"\x54", b"\x55"),
        CLOSED.replace(b"\x8f\x48", b"\x8f\x49"),
        SERIAL.replace(b"\x9e\x81", b"\x9e\x82"),
        b"\x8e\xae",
        b"\x8e\x00\xae",
        b"\x8e" + bytes(2000) + b"\xae",
    ],
)
def test_a_damaged_frame_is_no_reply_and_the_next_one_is_read(damaged):
    parser = ReplyParser()
    assert parser.feed(damaged) + parser.feed(SERIAL) == [SERIAL_REPLY]
    assert parser.foreign == b""


def test_what_comes_between_frames_is_kept_to_be_shown_but_not_without_end():
    parser = ReplyParser()
    assert parser.feed(b"$GPGGA," * 50) == []
    assert parser.foreign == (b"$GPGGA," * 50)[:64]
    assert parser.feed(SERIAL) == [SERIAL_REPLY]
    assert parser.foreign == b""


def test_a_setting_is_sent_as_int32():
    assert encode_number(2) == b"\0\0\0\2"


@pytest.mark.parametrize("payload", [b"", b"\1", b"\0\0\0\0\0"])
def test_a_number_of_another_length_is_none(payload):
    with pytest.raises(ProtocolError, match="four bytes"):
        decode_number(payload)


def test_text_ends_at_its_first_zero_and_is_printable():
    assert decode_text(b"20640A\n032\xff\0rest") == "20640A032"
    assert decode_text(b"") == ""


WORD = st.integers(0, 0xFFFFFFFF)
# Bytes that must be escaped come often.
BODY = st.binary(max_size=24) | st.lists(st.sampled_from(b"\x8e\x9e\xae\x81\x00")).map(bytes)


@given(WORD, WORD, BODY)
def test_no_mark_is_left_inside_a_frame_whatever_it_carries(sequence, function, payload):
    inside = encode_request(sequence, function, payload)[1:-1]
    assert 0x8E not in inside
    assert 0xAE not in inside


PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([SERIAL, CLOSED, REQUEST, SERIAL[:9], b"\x8e", b"\x9e", b"\xae"]),
)


@given(st.lists(PIECES, max_size=12), st.data())
def test_any_bytes_in_any_chunking_give_the_same(pieces, data):
    stream = b"".join(pieces)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    edges = [0, *sorted(cuts), len(stream)]
    at_once = parse(stream)
    assert parse(*(stream[a:b] for a, b in pairwise(edges))) == at_once
    assert parse(*(bytes([byte]) for byte in stream)) == at_once


@given(st.lists(st.sampled_from([SERIAL, CLOSED]), max_size=6))
def test_whole_replies_all_come_out(frames):
    known = {SERIAL: SERIAL_REPLY, CLOSED: CLOSED_REPLY}
    assert parse(b"".join(frames)) == [known[frame] for frame in frames]


@given(st.integers(0, len(SERIAL) * 8 - 1))
def test_one_turned_bit_never_gives_another_reply(bit):
    spoiled = bytearray(SERIAL)
    spoiled[bit // 8] ^= 1 << bit % 8
    assert parse(bytes(spoiled)) == []
