import numpy as np
import pytest

from station.core.appearance import appearances, copy, learn, look_of, unlikeness
from tests.support import face, frame

PICTURE = frame().temperature_c
ALL = np.ones(9, dtype=bool)
BARE = np.full(9, 33.0)
CAPPED = BARE + np.array([-4, -2, 0, 0, 0, 0, 0, 0, 3.0])
MASKED = BARE + np.array([0, 0, 0, 0, -3, -3, -3, 0, 0.0])


def looks(*seen_c):
    known = look_of(seen_c[0], ALL, 30)
    for later_c in seen_c[1:]:
        learn([known], later_c[None], ALL[None])
    return known


def compared(known, other_c, frames=4.0):
    return unlikeness([known], other_c[None], np.full((1, 9), frames))[0, 0]


def test_a_head_looks_like_itself_and_unlike_others():
    known = looks(*[CAPPED] * 5)
    assert compared(known, CAPPED + 0.1) < -8
    assert compared(known, BARE) > 4


def test_a_mask_that_breathes_makes_nobody_somebody_else():
    known = looks(*[MASKED] * 5)
    breathed_in = MASKED - np.array([0, 0, 0, 0, 1.2, 1.2, 1.2, 0, 0])
    assert compared(known, breathed_in) < -4


def test_what_was_not_seen_says_nothing():
    known = looks(BARE, BARE)
    assert unlikeness([known], CAPPED[None], np.zeros((1, 9)))[0, 0] == 0


def test_more_frames_say_more():
    few, many = looks(BARE), looks(*[BARE] * 9)
    assert compared(many, BARE) < compared(few, BARE, 1.0)


def test_zones_that_were_not_seen_are_not_learnt():
    known, is_seen = looks(BARE), ALL.copy()
    is_seen[8] = False
    learn([known], CAPPED[None], is_seen[None])
    assert known.mean_c[8] == 33.0
    assert known.mean_c[0] == pytest.approx(31.0)
    assert known.frames.tolist() == [2] * 8 + [1]


def test_a_short_memory_forgets_what_a_long_one_keeps():
    long = looks(*[BARE] * 20)
    short = copy(long, 4)
    for look in (long, short):
        learn([look], CAPPED[None], ALL[None])
    assert abs(short.mean_c[0] - 33) > abs(long.mean_c[0] - 33)


def test_of_two_faces_the_nearer_hides_the_zones_behind_it():
    behind, front = face(30, 60, 24), face(46, 68, 32)
    _, is_seen = appearances(PICTURE, (behind, front))
    assert not is_seen[0, 4:].any()
    assert is_seen[0, 0]
    assert is_seen[1].all()


def test_zones_outside_the_picture_are_not_seen():
    _, is_seen = appearances(PICTURE, (face(PICTURE.shape[0] - 12, 60, 30),))
    assert is_seen[0, 0]
    assert not is_seen[0, -1]


def test_a_picture_without_faces_has_no_looks():
    means, is_seen = appearances(PICTURE, ())
    assert means.shape == is_seen.shape == (0, 9)
