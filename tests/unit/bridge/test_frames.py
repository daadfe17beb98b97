import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from station.runtime.bridge_frames import (
    COMMANDS,
    EVENTS,
    FrameError,
    decode_message,
    decode_picture,
    encode_picture,
)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_message_or_a_refusal(body):
    for decode in (
        decode_picture,
        lambda body: decode_message(body, EVENTS),
        lambda body: decode_message(body, COMMANDS),
    ):
        try:
            decode(body)
        except FrameError:
            continue


@given(st.integers(0, 2**64 - 1), st.integers(1, 20), st.integers(1, 20), st.text(max_size=20))
def test_any_picture_keeps_its_size_and_name(sequence, rows, columns, lane):
    frame = encode_picture(lane, sequence, np.full((rows, columns), 36.5, np.float32))
    picture = decode_picture(frame[5:])
    assert (picture.lane, picture.sequence) == (lane, sequence)
    assert picture.pixels_ck.shape == (rows, columns)


def test_a_picture_arrives_to_a_hundredth_and_what_is_unknown_as_zero():
    sent_c = np.array([[36.504, -0.016, np.nan], [np.inf, -np.inf, 900.0]], np.float32)
    picture = decode_picture(encode_picture("1", 1, sent_c)[5:])
    np.testing.assert_array_equal(picture.pixels_ck, [[30_965, 27_313, 0], [65_535, 0, 65_535]])
