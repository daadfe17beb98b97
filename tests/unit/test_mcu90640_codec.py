from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.mcu90640_codec import ChecksumUse, Mcu90640Parser

HEAD = bytes.fromhex("5A 5A 02 06")
# Constructed on the protocol page: all 36.50 but pixel 400 = 37.25, Ta 28.12.
WARM = HEAD + b"\x42\x0e" * 400 + b"\x8d\x0e" + b"\x42\x0e" * 367 + bytes.fromhex("FC 0A A3 31")
# Constructed on the protocol page: all 25.00, Ta 27.00.
COOL = HEAD + b"\xc4\x09" * 768 + bytes.fromhex("8C 0A E8 B6")
REPLY = bytes.fromhex("5A 5A 5F 13")


def parse(*chunks, checksum="strict"):
    parser = Mcu90640Parser(ChecksumUse(checksum))
    return [frame for chunk in chunks for frame in parser.feed(chunk)]


def with_sum(body):
    total = int(np.frombuffer(body, "<u2").sum(dtype=np.uint64)) % 65_536
    return body + total.to_bytes(2, "little")


def spoilt(frame, at=100):
    return frame[:at] + bytes([frame[at] ^ 1]) + frame[at + 1 :]


def corners(frames):
    return [round(float(frame.temperature_c[0, 0]), 2) for frame in frames]


def test_the_page_s_frames_are_read():
    warm, cool = parse(WARM + COOL)
    assert warm.temperature_c.shape == (24, 32)
    assert warm.temperature_c.dtype == np.float32
    assert (warm.sensor_c, cool.sensor_c) == (28.12, 27.0)
    # Pixel 400 is row 12, the 17th from the right.
    assert warm.temperature_c[12, 15] == np.float32(37.25)
    assert np.count_nonzero(warm.temperature_c == np.float32(36.5)) == 767
    assert np.all(cool.temperature_c == 25)


def test_below_zero_is_signed():
    (frame,) = parse(with_sum(HEAD + (-1234).to_bytes(2, "little", signed=True) * 769))
    assert frame.sensor_c == -12.34
    np.testing.assert_allclose(frame.temperature_c, -12.34, atol=1e-5)


def test_a_pixel_that_looks_like_a_head_is_a_pixel():
    # 231.30 °C and 15.38 °C side by side.
    frame = with_sum(HEAD + HEAD * 384 + b"\x8c\x0a")
    assert len(parse(frame[700:] + frame + frame)) == 2


def test_a_late_start_costs_only_the_frame_that_it_cut():
    assert corners(parse(WARM[777:] + COOL)) == [25.0]


@pytest.mark.parametrize("length", [1, 2, 3, 4, 700, 1543])
def test_lost_bytes_cost_only_their_frame(length):
    assert corners(parse(WARM[: 1544 - length] + COOL + WARM)) == [25.0, 36.5]


def test_a_frame_whose_sum_does_not_fit_is_dropped_and_counted():
    parser = Mcu90640Parser()
    assert corners(parser.feed(spoilt(WARM) + COOL)) == [25.0]
    assert parser.mismatch_count == 1
    assert parser.foreign == b""


def test_a_false_head_before_a_frame_costs_nothing():
    for noise in (HEAD + b"x" * 16, HEAD, b"\x5a", b"\x5a\x5a", HEAD * 3, HEAD[:3]):
        assert corners(parse(noise + WARM + noise + COOL + b"x" * 60)) == [36.5, 25.0]


def test_an_answer_about_emissivity_between_frames_is_no_part_of_them():
    parser = Mcu90640Parser()
    assert corners(parser.feed(REPLY + WARM + REPLY + REPLY + COOL)) == [36.5, 25.0]
    assert parser.skipped_count == 0
    assert parser.pending == b""


def test_what_only_looks_like_an_answer_is_foreign():
    parser = Mcu90640Parser()
    parser.feed(REPLY[:3] + b"\x14" + b"x")
    assert parser.skipped_count == 5


def test_a_frame_that_repeats_is_told():
    assert [frame.is_repeated for frame in parse(WARM + WARM + COOL)] == [False, True, False]


def test_words_that_the_sensor_cannot_measure_are_no_frame():
    assert parse(with_sum(HEAD + b"\xff\x7f" * 769)) == []
    assert parse(with_sum(HEAD + b"\x42\x0e" * 768 + b"\x00\x80")) == []


def test_foreign_bytes_are_kept_to_be_shown():
    parser = Mcu90640Parser()
    parser.feed(b"Ta=+23.4" * 20)
    assert parser.foreign == (b"Ta=+23.4" * 20)[-64:]
    assert parser.skipped_count == 160
    parser.feed(WARM)
    assert parser.foreign == b""


def test_an_observer_takes_a_frame_when_the_next_message_confirms_it():
    first, second = spoilt(WARM), spoilt(COOL)
    parser = Mcu90640Parser(ChecksumUse.OBSERVE)
    assert parser.feed(first) == []
    assert parser.feed(second[:3]) == []
    assert corners(parser.feed(second[3:])) == [36.5]
    assert corners(parser.feed(REPLY)) == [25.0]
    assert parser.mismatch_count == 2


def test_an_observer_takes_no_torn_frame():
    for torn in (spoilt(WARM)[:-7], WARM[:900], HEAD + b"x" * 20):
        assert corners(parse(torn + COOL + HEAD, checksum="observe")) == [25.0]


def test_an_observer_waits_for_nobody_when_the_sum_fits():
    assert corners(parse(WARM, checksum="observe")) == [36.5]


PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [WARM, COOL, spoilt(WARM), COOL[:900], WARM[600:], REPLY, HEAD, b"\x5a", b"\x5a\x5a"]
    ),
)


@given(st.lists(PIECES, max_size=8), st.sampled_from(["strict", "observe"]), st.data())
def test_any_bytes_in_any_chunking_give_the_same(pieces, checksum, data):
    stream = b"".join(pieces)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    chunks = [stream[a:b] for a, b in pairwise([0, *sorted(cuts), len(stream)])]

    def told(*chunks):
        return [
            (frame.temperature_c.tobytes(), frame.sensor_c, frame.is_repeated)
            for frame in parse(*chunks, checksum=checksum)
        ]

    at_once = told(stream)
    assert told(*chunks) == at_once
    assert told(*(stream[i : i + 7] for i in range(0, len(stream), 7))) == at_once


@given(st.lists(st.sampled_from([WARM, COOL, REPLY]), max_size=10), st.binary(max_size=1000))
def test_whole_frames_all_come_out_whatever_came_before(messages, noise):
    # What a false head in the noise swallows comes out again when enough has come.
    found = corners(parse(noise, *messages, b"x" * 1600))
    assert found == [36.5 if m is WARM else 25.0 for m in messages if m is not REPLY]
