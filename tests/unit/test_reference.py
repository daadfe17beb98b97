from dataclasses import replace

import numpy as np
import pytest

from station.core.frames import FrameStatus
from station.core.reference import ReferenceState, ReferenceTracker, ReferenceTruth
from tests.support import DISC, REFERENCE, face, frame


def run(tracker, frames):
    return [tracker.step(f, 22.0) for f in frames]


def healthy_tracker():
    tracker = ReferenceTracker(REFERENCE)
    states = run(tracker, [frame(i) for i in range(9)])
    assert states[-1].state is ReferenceState.HEALTHY
    return tracker


def test_a_steady_disc_is_healthy_after_five_frames_and_not_before():
    states = [r.state for r in run(ReferenceTracker(REFERENCE), [frame(i) for i in range(6)])]
    assert states[:4] == [ReferenceState.SEARCHING] * 4
    assert states[4:] == [ReferenceState.HEALTHY] * 2


def test_the_disc_is_found_where_it_is():
    reading = run(ReferenceTracker(REFERENCE), [frame(i) for i in range(6)])[-1]
    assert reading.box.center == pytest.approx((DISC[0] + 0.5, DISC[1] + 0.5), abs=1.0)


def test_the_offset_is_the_set_point_minus_what_the_camera_reads():
    # 37.0 - 36.4; the mean of a 5x5 patch of 30 mK noise is good to 0.02 °C.
    reading = run(ReferenceTracker(REFERENCE), [frame(i) for i in range(9)])[-1]
    assert reading.offset_c == pytest.approx(0.6, abs=0.02)
    assert reading.u_c == pytest.approx(0.15, abs=0.01)


def test_a_covered_disc_is_lost_in_the_same_frame():
    tracker = healthy_tracker()
    assert tracker.step(frame(9, disc_c=None), 22.0).state is ReferenceState.LOST


def test_a_lost_disc_gives_no_offset():
    tracker = healthy_tracker()
    assert tracker.step(frame(9, disc_c=None), 22.0).offset_c == 0.0


def test_a_disc_that_comes_back_must_earn_its_trust_again():
    tracker = healthy_tracker()
    tracker.step(frame(9, disc_c=None), 22.0)
    states = [r.state for r in run(tracker, [frame(i) for i in range(10, 16)])]
    assert ReferenceState.HEALTHY not in states[:4]
    assert states[-1] is ReferenceState.HEALTHY


def test_a_step_of_the_camera_blocks_until_the_new_level_is_steady():
    # A shutter step of 0.7 °C in one frame was seen on a real camera.
    tracker = healthy_tracker()
    states = [r.state for r in run(tracker, [frame(i, disc_c=35.7) for i in range(9, 15)])]
    assert states[:4] == [ReferenceState.UNSTABLE] * 4
    assert states[-1] is ReferenceState.HEALTHY
    assert tracker.step(frame(15, disc_c=35.7), 22.0).offset_c == pytest.approx(1.3, abs=0.03)


def test_a_disc_too_far_from_its_set_point_is_out_of_band():
    tracker = ReferenceTracker(REFERENCE)
    reading = run(tracker, [frame(i, disc_c=49.0) for i in range(8)])[-1]
    assert reading.state is ReferenceState.OUT_OF_BAND


def test_a_moved_disc_is_lost_then_found_but_not_trusted_at_its_new_place():
    tracker = healthy_tracker()
    readings = run(tracker, [frame(i, disc=(80, 120)) for i in range(9, 50)])
    assert readings[0].state is ReferenceState.LOST
    assert readings[-1].state is ReferenceState.MOVED
    assert readings[-1].offset_c == 0.0
    assert readings[-1].box.center == pytest.approx((80.5, 120.5), abs=1.0)


def test_a_disc_that_is_put_back_is_trusted_again():
    tracker = healthy_tracker()
    run(tracker, [frame(i, disc=(80, 120)) for i in range(9, 40)])
    readings = run(tracker, [frame(i) for i in range(40, 80)])
    assert readings[-1].state is ReferenceState.HEALTHY


def test_a_source_that_swings_within_a_second_is_unstable():
    tracker = healthy_tracker()
    swings = [frame(9 + i, disc_c=36.4 + 0.3 * (i % 6 < 3)) for i in range(20)]
    states = {reading.state for reading in run(tracker, swings)}
    assert ReferenceState.UNSTABLE in states
    assert run(tracker, [frame(40)])[0].state is not ReferenceState.HEALTHY


def test_what_a_shiny_source_reflects_is_allowed_for():
    shiny = ReferenceTracker(replace(REFERENCE, emissivity=0.95))
    (*_, reading) = run(shiny, [frame(i) for i in range(9)])
    # Planck, 8-14 um: a surface of 37 °C that mirrors 5 % of 22 °C looks like 36.32 °C.
    assert reading.expected_c == pytest.approx(36.32, abs=0.03)
    assert reading.offset_c == pytest.approx(reading.expected_c - 36.4, abs=0.03)


def test_a_face_outside_the_regions_is_never_taken_for_the_source():
    tracker = ReferenceTracker(REFERENCE)
    pictures = [frame(i, disc_c=None, faces=[face(width=12)]) for i in range(8)]
    assert {r.state for r in run(tracker, pictures)} == {ReferenceState.SEARCHING}


def test_a_picture_without_temperatures_has_no_reference():
    tracker = ReferenceTracker(REFERENCE)
    reading = tracker.step(frame(0, status=FrameStatus.NOT_RADIOMETRIC), 22.0)
    assert reading.state is ReferenceState.SEARCHING


@pytest.mark.parametrize("shape", [(3, 3), (24, 32)])
def test_a_tiny_picture_has_no_disc_and_does_no_harm(shape):
    tiny = frame(0)
    small = type(tiny)(np.full(shape, 22, np.float32), 0, tiny.captured_at, 0.0, "camera-1")
    assert ReferenceTracker(REFERENCE).step(small, 22.0).box is None


def test_a_source_that_tells_its_own_temperature_and_emissivity_is_taken_at_its_word():
    tracker = ReferenceTracker(REFERENCE)
    truth = ReferenceTruth(temperature_c=36.8, u_c=0.05, emissivity=0.95)
    for i in range(9):
        reading = tracker.step(frame(i), 22.0, truth)
    # In the band a surface of 0.95 at 36.8 °C before 22 °C shows about 0.7 °C less.
    assert reading.expected_c == pytest.approx(36.1, abs=0.1)
    assert reading.offset_c == pytest.approx(reading.expected_c - 36.4, abs=0.02)
    assert reading.u_c == pytest.approx(0.05, abs=0.01)
