"""FLIR over GenICam: which nodes make temperatures, and buffers to °C."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.genicam_codec import (
    A_SERIES,
    AX5,
    BlockCounter,
    choose_format,
    decode_pixels,
    decode_size,
    looks_like_counts,
    to_celsius,
)
from drivers.errors import ProtocolError

SIZE = (3, 4)


def buffer(value=30_965, extra=b""):
    return np.full(SIZE, value, "<u2").tobytes() + extra


@pytest.mark.parametrize(
    ("nodes", "form"),
    [
        ({"IRFormat": "Radiometric"}, A_SERIES),
        ({"TemperatureLinearMode": "Off"}, AX5),
        ({"PixelFormat": "Mono8"}, None),
    ],
)
def test_the_nodes_that_a_camera_has_tell_its_family(nodes, form):
    assert choose_format(nodes.get) is form


@pytest.mark.parametrize(
    ("form", "count", "celsius"),
    [
        (A_SERIES, 30_965, 36.5),
        (A_SERIES, 65_535, 382.2),
        (AX5, 7_744, 36.61),
        (AX5, 0, -273.15),
    ],
)
def test_counts_are_kelvin_by_the_familys_resolution(form, count, celsius):
    pixels = decode_pixels(buffer(count), SIZE, form)
    value = to_celsius(pixels, form)
    assert value.dtype == np.float32
    assert value[0, 0] == pytest.approx(celsius, abs=1e-4)


def test_a_buffer_may_be_longer_than_its_picture():
    pixels = decode_pixels(buffer(extra=b"\xff" * 20), SIZE, A_SERIES)
    assert pixels.shape == SIZE
    assert np.all(pixels == 30_965)


@given(st.binary(max_size=23))
def test_a_buffer_that_is_too_short_is_no_picture(data):
    assert decode_pixels(data, SIZE, A_SERIES) is None


@given(st.binary(min_size=24, max_size=40))
def test_any_bytes_are_a_picture_or_refused(data):
    try:
        pixels = decode_pixels(data, SIZE, AX5)
    except ProtocolError as error:
        assert "more bits than Mono14" in str(error)
        return
    assert pixels.max() <= 0x3FFF


@pytest.mark.parametrize(
    ("rows", "columns"),
    [(None, "320"), ("240", None), ("", ""), ("0", "320"), ("-1", "-1"), ("x", "1"), ("9999",) * 2],
)
def test_an_impossible_size_is_refused(rows, columns):
    with pytest.raises(ProtocolError, match="impossible size"):
        decode_size(rows, columns)
    assert decode_size("240", "320") == (240, 320)


@pytest.mark.parametrize(("middle_c", "is_so"), [(-200.0, True), (22.0, False), (90.0, True)])
def test_a_picture_that_no_room_has_is_one_of_counts(middle_c, is_so):
    assert looks_like_counts(np.full((24, 32), middle_c, np.float32)) is is_so


@pytest.mark.parametrize(
    ("blocks", "sequence"),
    [
        ([7, 8, 9], [0, 1, 2]),
        ([7, 10], [0, 3]),
        ([65_534, 65_535, 1, 2], [0, 1, 2, 3]),
        ([65_533, 3], [0, 5]),
        ([500, 1, 2], [0, 1, 2]),
        ([7, 7, 8], [0, 1, 2]),
        ([None, None], [0, 1]),
        ([7, None, 9], [0, 1, 3]),
        ([70_000, 70_002], [0, 2]),
        ([70_000, 1], [0, 1]),
    ],
)
def test_lost_pictures_are_gaps_and_a_new_count_is_none(blocks, sequence):
    counter = BlockCounter()
    assert [counter.next(block) for block in blocks] == sequence


@given(st.lists(st.integers(0, 1 << 64) | st.none(), max_size=20))
def test_the_sequence_always_rises(blocks):
    counter = BlockCounter()
    numbers = [counter.next(block) for block in blocks]
    assert numbers == sorted(set(numbers))
