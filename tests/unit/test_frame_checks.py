from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from station.core.extraction import RejectReason
from station.core.frame_checks import FrameMonitor
from station.core.frames import FrameStatus
from station.core.room import Room
from tests.support import FRAME, FRAME_S, ROOM, face, frame

FACE = face()
BEIJING = ZoneInfo("Asia/Shanghai")


def reasons(frames, *, limits=FRAME, room=ROOM):
    monitor = FrameMonitor(limits)
    return [monitor.step(shot, room) for shot in frames]


def shifted(shot, by_c):
    return replace(shot, temperature_c=shot.temperature_c + by_c)


def test_a_quiet_stream_may_be_measured():
    assert set(reasons(frame(i, faces=[FACE]) for i in range(20))) == {None}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (FrameStatus.SHUTTER, RejectReason.SHUTTER),
        (FrameStatus.STALE, RejectReason.STALE_FRAME),
        (FrameStatus.NOT_RADIOMETRIC, RejectReason.NOT_RADIOMETRIC),
    ],
)
def test_a_frame_that_the_camera_distrusts_is_not_measured(status, expected):
    assert reasons([frame(status=status)]) == [expected]


def test_right_after_the_shutter_nothing_is_measured():
    assert reasons([frame(shutter_age_s=4.9)]) == [RejectReason.SHUTTER]
    assert reasons([frame(shutter_age_s=5.0)]) == [None]


def test_after_a_frame_marked_as_shutter_the_camera_settles():
    stream = [frame(0, status=FrameStatus.SHUTTER), *(frame(i) for i in range(1, 60))]
    found = reasons(stream)
    assert found[:40] == [RejectReason.SHUTTER] * 40
    assert found[-1] is None


@pytest.mark.parametrize("step_c", [0.7, -0.7, 0.3])
def test_a_shutter_correction_that_nobody_told_is_seen_as_a_step_of_the_whole_picture(step_c):
    stream = [frame(i) if i < 5 else shifted(frame(i), step_c) for i in range(70)]
    found = reasons(stream)
    assert found[4] is None
    hold_off = round(FRAME.shutter_hold_off_s / FRAME_S)
    assert set(found[5 : 5 + hold_off]) == {RejectReason.SHUTTER}
    assert found[-1] is None


@given(
    steps=arrays(np.int8, (20, 10), elements=st.integers(-1, 2)),
    share=st.floats(0.7, 1.0),
    by_c=st.sampled_from([-1.0, -0.3, 0.3, 1.0]),
)
def test_any_picture_jumps_exactly_if_nine_tenths_of_it_rise_or_fall(steps, share, by_c):
    moved = np.arange(steps.size).reshape(steps.shape) < share * steps.size
    change = np.where(moved, by_c, steps * 0.25).astype(np.float32)
    before = np.full(steps.shape, 20.0, np.float32)
    shots = [replace(frame(i), temperature_c=p) for i, p in enumerate((before, before + change))]
    ordered = np.sort(change, axis=None)
    tenth = ordered.size // 10
    jumps = ordered[tenth] > FRAME.max_step_c or ordered[-1 - tenth] < -FRAME.max_step_c
    assert reasons(shots)[-1] is (RejectReason.SHUTTER if jumps else None)


def test_somebody_who_fills_half_the_picture_is_not_a_shutter():
    near = face(70, 60, width=110)
    assert reasons([frame(0), frame(1, faces=[near]), frame(2)]) == [None] * 3


def test_a_camera_that_repeats_itself_is_frozen():
    found = reasons(replace(frame(0), sequence=i, monotonic_s=i * FRAME_S) for i in range(6))
    assert found[FRAME.frozen_frames - 1] is None
    assert set(found[FRAME.frozen_frames :]) == {RejectReason.STALE_FRAME}


def test_a_camera_that_plays_its_last_pictures_again_and_again_is_frozen():
    ring = [frame(i) for i in range(7)]
    found = reasons(
        replace(ring[i % 7], sequence=i, monotonic_s=i * FRAME_S, captured_at=frame(i).captured_at)
        for i in range(21)
    )
    assert set(found[: 6 + FRAME.frozen_frames]) == {None}
    assert set(found[6 + FRAME.frozen_frames :]) == {RejectReason.STALE_FRAME}


def held(shot, rows, value=None):
    """Return a picture of which some rows stand still, at a value or as they were at first."""
    temperature_c = shot.temperature_c.copy()
    temperature_c[rows] = frame(0).temperature_c[rows] if value is None else value
    return replace(shot, temperature_c=temperature_c)


@pytest.mark.parametrize("value", [None, 0.0, -273.15, np.float32(1e30)])
@pytest.mark.parametrize("rows", [slice(0, 60), slice(60, 120)], ids=["upper", "lower"])
def test_a_camera_of_which_half_the_picture_stands_still_is_not_believed(rows, value):
    found = reasons(held(frame(i), rows, value) for i in range(20))
    assert set(found[FRAME.frozen_frames + 1 :]) == {RejectReason.STALE_FRAME}


def test_a_hot_lamp_that_is_too_bright_for_the_camera_is_no_frozen_picture():
    corner = (slice(0, 30), slice(0, 40))
    assert set(reasons(held(frame(i), corner, 150.0) for i in range(20))) == {None}


@pytest.mark.parametrize("shape", [(3, 2), (1, 1), (24, 32)])
def test_a_picture_of_any_size_is_looked_at(shape):
    shots = [
        replace(frame(i), temperature_c=np.full(shape, 20.0 + i % 2, dtype=np.float32))
        for i in range(9)
    ]
    assert reasons(shots)[-1] is not None


def test_a_camera_that_sends_another_size_settles_first():
    small = [
        replace(shot, temperature_c=shot.temperature_c[::2, ::2].copy())
        for shot in (frame(i) for i in range(5, 60))
    ]
    found = reasons([*(frame(i) for i in range(5)), *small])
    assert set(found[:5]) == {None}
    assert set(found[5:50]) == {RejectReason.SHUTTER}
    assert found[-1] is None


def test_while_warming_up_nothing_is_measured():
    limits = replace(FRAME, warm_up_s=1.0)
    found = reasons([frame(i) for i in range(12)], limits=limits)
    assert set(found[:10]) == {RejectReason.WARMING_UP}
    assert found[10] is None


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(seconds=-3)])
def test_a_clock_that_jumps_is_not_trusted_for_a_while(jump):
    stream = [
        shot if i < 5 else replace(shot, captured_at=shot.captured_at + jump)
        for i, shot in enumerate(frame(i) for i in range(110))
    ]
    found = reasons(stream)
    assert found[4] is None
    assert set(found[5:100]) == {RejectReason.CLOCK}
    assert found[-1] is None


def test_an_expired_calibration_forbids_measuring():
    limits = replace(FRAME, calibration_valid_until=date(2026, 11, 23))
    assert reasons([frame()], limits=limits) == [RejectReason.CALIBRATION_EXPIRED]
    last_day = replace(FRAME, calibration_valid_until=date(2026, 11, 24))
    assert reasons([frame()], limits=last_day) == [None]


def test_a_calibration_ends_at_the_sites_midnight():
    limits = replace(FRAME, calibration_valid_until=date(2026, 11, 24), zone=BEIJING)
    last, first = datetime(2026, 11, 24, 15, 59, tzinfo=UTC), datetime(2026, 11, 24, 16, tzinfo=UTC)
    for at, expected in ((last, None), (first, RejectReason.CALIBRATION_EXPIRED)):
        assert reasons([replace(frame(), captured_at=at)], limits=limits) == [expected]


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (Room(17.9, 0.5), RejectReason.ROOM_OUT_OF_BAND),
        (Room(32.1, 0.5), RejectReason.ROOM_OUT_OF_BAND),
        (Room(22.0, 0.5, humidity_pct=85.0), RejectReason.ROOM_OUT_OF_BAND),
        (Room(22.0, 0.5, humidity_pct=50.0), None),
    ],
)
def test_a_room_out_of_band_forbids_measuring(room, expected):
    assert reasons([frame()], room=room) == [expected]
