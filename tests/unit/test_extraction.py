from dataclasses import replace

import pytest

from station.core.extraction import Rejection, RejectReason, Site, measure_canthus
from station.core.frames import FrameStatus
from station.core.reference import ReferenceReading, ReferenceState
from tests.support import EXTRACTION, HEALTHY, face, frame

FACE = face()


def measure(shot, region=FACE, reference=HEALTHY):
    return measure_canthus(shot, region, reference, EXTRACTION)


def reason(shot, region=FACE, reference=HEALTHY):
    result = measure(shot, region, reference)
    assert isinstance(result, Rejection)
    return result.reason


def test_the_canthus_is_read_and_corrected_by_the_reference():
    # Apparent 35.0 plus an offset of 0.6; the hottest of many noisy 3x3 means reads a little high.
    reading = measure(frame(faces=[FACE], canthus_c=35.0))
    assert reading.skin_c == pytest.approx(35.6, abs=0.05)
    assert reading.site is Site.INNER_CANTHUS
    assert reading.reference_offset_c == 0.6


def test_the_point_lies_on_a_canthus():
    reading = measure(frame(faces=[FACE]))
    row, column = reading.point
    assert row == pytest.approx(FACE.box.top + 0.42 * FACE.box.height, abs=2)
    relative = (column - FACE.box.left) / FACE.box.width
    assert min(abs(relative - 0.35), abs(relative - 0.65)) < 0.05


def test_the_uncertainty_holds_reference_and_site():
    assert measure(frame(faces=[FACE])).u_c == pytest.approx((0.15**2 + 0.2**2) ** 0.5)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ReferenceState.SEARCHING, RejectReason.NO_REFERENCE),
        (ReferenceState.LOST, RejectReason.NO_REFERENCE),
        (ReferenceState.UNSTABLE, RejectReason.REFERENCE_UNSTABLE),
        (ReferenceState.OUT_OF_BAND, RejectReason.REFERENCE_OUT_OF_BAND),
    ],
)
def test_without_a_healthy_reference_there_is_no_answer(state, expected):
    assert reason(frame(faces=[FACE]), reference=ReferenceReading(state)) is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (FrameStatus.SHUTTER, RejectReason.SHUTTER),
        (FrameStatus.STALE, RejectReason.STALE_FRAME),
        (FrameStatus.NOT_RADIOMETRIC, RejectReason.NOT_RADIOMETRIC),
    ],
)
def test_a_frame_that_the_camera_distrusts_is_not_measured(status, expected):
    assert reason(frame(faces=[FACE], status=status)) is expected


def test_right_after_the_shutter_nothing_is_measured():
    assert reason(frame(faces=[FACE], shutter_age_s=4.9)) is RejectReason.SHUTTER
    assert not isinstance(measure(frame(faces=[FACE], shutter_age_s=5.0)), Rejection)


def test_a_small_face_is_too_far():
    small = face(width=19.0)
    assert reason(frame(faces=[small]), small) is RejectReason.TOO_FAR


def test_a_turned_face_is_not_measured():
    turned = replace(FACE, frontality=0.49)
    assert reason(frame(faces=[turned]), turned) is RejectReason.TURNED_AWAY


@pytest.mark.parametrize("center", [(60, 10), (60, 155), (5, 60)])
def test_a_face_cut_through_the_eyes_is_not_measured(center):
    cut = face(*center)
    assert reason(frame(faces=[cut], disc_c=None), cut) is RejectReason.AT_EDGE


def test_glasses_are_told_by_eyes_colder_than_the_forehead():
    shot = frame(faces=[FACE], canthus_c=30.0, canthus_above_c=-4.0)
    warm = frame(faces=[FACE])
    pixels = warm.temperature_c.copy()
    box = FACE.box
    top, bottom = round(box.top + 0.3 * box.height), round(box.top + 0.6 * box.height)
    pixels[top:bottom, round(box.left) : round(box.right)] = 27.0
    covered = replace(shot, temperature_c=pixels)
    assert reason(covered) is RejectReason.COVERED_EYES


@pytest.mark.parametrize("canthus_c", [30.0, 43.0])
def test_skin_outside_what_lives_is_implausible_and_no_pass(canthus_c):
    assert reason(frame(faces=[FACE], canthus_c=canthus_c)) is RejectReason.IMPLAUSIBLE
