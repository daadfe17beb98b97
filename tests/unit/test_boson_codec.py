"""FLIR Boson: pixels to °C, telemetry rows, and what is known of its shutter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.boson_codec import (
    FfcStatus,
    ShutterWatch,
    decode_pixels,
    looks_like_counts,
    to_celsius,
)
from drivers.errors import ProtocolError


def payload(rows, columns, first=0):
    pixels = np.full((rows, columns), 30_965, dtype="<u2")
    pixels[0] = first
    pixels[-1, -1] = 7
    return pixels.tobytes()


@pytest.mark.parametrize("shape", [(256, 320), (512, 640)])
def test_the_bytes_tell_the_size(shape):
    pixels = decode_pixels(payload(*shape), is_telemetry_below=False)
    assert pixels.shape == shape
    assert pixels[-1, -1] == 7


@pytest.mark.parametrize("shape", [(256, 320), (512, 640)])
def test_telemetry_rows_are_cut_off_where_they_are(shape):
    data = payload(shape[0] + 2, shape[1], first=1)
    above = decode_pixels(data, is_telemetry_below=False)
    below = decode_pixels(data, is_telemetry_below=True)
    assert above.shape == below.shape == shape
    assert (above[0, 0], above[-1, -1]) == (30_965, 7)
    assert (below[0, 0], below[-1, -1]) == (1, 30_965)


@given(st.binary(max_size=300) | st.integers(0, 700_000).map(bytes))
def test_any_other_number_of_bytes_is_no_picture(data):
    if len(data) not in {163_840, 165_120, 655_360, 657_920}:
        with pytest.raises(ProtocolError, match="no picture of a Boson"):
            decode_pixels(data, is_telemetry_below=False)


@pytest.mark.parametrize(("count", "celsius"), [(30_965, 36.5), (27_315, 0.0), (65_535, 382.2)])
def test_tlinear_is_centikelvin(count, celsius):
    (value,) = to_celsius(np.array([count], np.uint16))
    # float32 near 300 K.
    assert value == pytest.approx(celsius, abs=1e-4)
    assert value.dtype == np.float32


@pytest.mark.parametrize(
    ("middle_c", "is_so"), [(-54.0, True), (-10.1, True), (22.0, False), (45.0, False), (61, True)]
)
def test_a_picture_that_no_room_has_is_one_of_counts(middle_c, is_so):
    assert looks_like_counts(np.full((256, 320), middle_c, np.float32)) is is_so


def watch(*statuses):
    """A camera opened at 100 s that tells a status each second, answered 0.1 s later."""
    watch = ShutterWatch(since_s=100.0)
    for number, status in enumerate(statuses):
        watch.note_status(status, asked_s=101.0 + number, now_s=101.1 + number)
    return watch


@pytest.mark.parametrize(
    ("status", "is_in_doubt"),
    [
        (FfcStatus.NONE, False),
        (FfcStatus.IMMINENT, True),
        (FfcStatus.IN_PROGRESS, True),
        (FfcStatus.COMPLETE, False),
    ],
)
def test_a_correction_that_runs_or_is_about_to_is_doubt(status, is_in_doubt):
    assert watch(status).is_in_doubt(101.3) is is_in_doubt


def test_a_camera_that_was_not_heard_for_long_is_in_doubt():
    assert watch().is_in_doubt(100.1)
    assert not watch(0).is_in_doubt(102.5)
    assert watch(0).is_in_doubt(102.6)


def test_the_age_counts_from_when_the_shutter_was_seen_to_have_opened():
    assert watch(0).age_s(102.0) == pytest.approx(2.0)
    assert watch(0, 2, 2, 3).age_s(105.0) == pytest.approx(0.9)
    assert watch(0, 2, 2, 3, 3, 3).age_s(110.0) == pytest.approx(5.9)


def test_a_correction_that_was_announced_has_run_when_it_no_longer_is():
    assert watch(0, 1, 3).age_s(103.5) == pytest.approx(0.4)


def test_the_age_is_nothing_while_the_shutter_is_closed():
    assert watch(0, 2).age_s(102.1) == 0.0


def test_a_correction_between_two_polls_is_seen_by_its_frame():
    watch = ShutterWatch(since_s=100.0)
    watch.note_last_frame(500, now_s=103.0)
    watch.note_last_frame(500, now_s=104.0)
    assert watch.age_s(104.0) == pytest.approx(4.0)
    watch.note_last_frame(900, now_s=105.0)
    assert watch.age_s(105.0) == 0.0


def test_an_unknown_status_is_refused():
    with pytest.raises(ProtocolError, match="unknown shutter status, 9"):
        watch(9)
