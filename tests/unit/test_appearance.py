import numpy as np
import pytest

from station.core.appearance import TRAITS, appearances, change, copy, learn, look_of, unlikeness
from station.core.look_table import BETWEEN
from tests.support import face, frame

PICTURE = frame().temperature_c
USUAL = np.zeros(TRAITS)
# As far from the mean of people as people usually are.
ONE, OTHER = np.sqrt(BETWEEN), -np.sqrt(BETWEEN)


def remembered(*sights, most_frames=30):
    look = look_of(sights[0], np.True_, most_frames)
    for sight in sights[1:]:
        learn([look], sight[None], np.array([True]))
    return look


def compared(known, other, frames=4.0):
    return unlikeness([known], other[None], np.array([frames]))[0, 0]


def test_a_head_looks_like_itself_and_unlike_others():
    known = remembered(*[ONE] * 5)
    assert compared(known, ONE + 0.5) < -10
    assert compared(known, OTHER) > 4


def test_those_who_look_like_everybody_else_are_told_apart_less_surely():
    assert compared(remembered(ONE), ONE) < compared(remembered(USUAL), USUAL) < 0


def test_a_head_that_was_not_seen_says_nothing():
    assert compared(remembered(ONE), OTHER, frames=0.0) == 0
    unseen = look_of(ONE, np.False_, 30)
    assert compared(unseen, OTHER) == 0


def test_no_look_says_more_than_that_somebody_else_may_look_so_too():
    odd = 100 * ONE
    assert -25 < compared(remembered(odd), odd) < 0
    assert compared(remembered(odd), -odd) < 8


def test_more_frames_say_more():
    assert compared(remembered(*[ONE] * 9), ONE) < compared(remembered(ONE), ONE, 1.0)


def test_a_hidden_head_is_not_learnt():
    known = remembered(ONE)
    learn([known], OTHER[None], np.array([False]))
    assert known.frames == 1
    assert known.mean.tolist() == ONE.tolist()


def test_a_short_memory_forgets_what_a_long_one_keeps():
    long = remembered(*[ONE] * 20)
    short = copy(long, 4)
    for look in (long, short):
        learn([look], OTHER[None], np.array([True]))
    assert (abs(short.mean - ONE) > abs(long.mean - ONE)).all()


def test_each_head_can_be_compared_with_what_stands_in_its_place_now():
    looks = [remembered(ONE), remembered(OTHER)]
    swapped = np.stack([OTHER, ONE])
    frames = np.array([4.0, 4.0])
    both = unlikeness(looks, swapped, frames)
    assert change(looks, swapped, frames) == pytest.approx(np.diag(both))


def test_of_two_faces_the_nearer_hides_the_one_behind_it():
    behind, front = face(30, 60, 24), face(46, 68, 32)
    assert appearances(PICTURE, (behind, front))[1].tolist() == [False, True]


def test_of_two_faces_of_one_size_the_lower_one_is_nearer():
    upper, lower = face(50, 60, 30), face(66, 68, 30)
    assert appearances(PICTURE, (upper, lower))[1].tolist() == [False, True]


@pytest.mark.parametrize(("column", "is_seen"), [(105, False), (125, True)])
def test_shoulders_hide_a_head_that_stands_behind_and_aside_of_them(column, is_seen):
    front, behind = face(50, 60, 40), face(105, column, 20)
    assert appearances(PICTURE, (front, behind))[1].tolist() == [True, is_seen]


def test_a_head_half_outside_the_picture_is_not_seen():
    inside, outside = face(60, 100, 30), face(PICTURE.shape[0] - 8, 30, 30)
    assert appearances(PICTURE, (inside, outside))[1].tolist() == [True, False]


@pytest.mark.parametrize("column", [-12.0, 0.0, 2.0, 60.0, 140.0, 155.0])
@pytest.mark.parametrize("row", [-8.0, 5.0, 60.0, 100.0, 118.0])
def test_a_head_alone_is_seen_just_as_beside_one_far_away(row, column):
    head, far = face(row, column), face(100, 2000)
    _, alone = appearances(PICTURE, [head])
    _, beside = appearances(PICTURE, [head, far])
    assert alone[0] == beside[0]


def test_a_picture_without_faces_has_no_looks():
    traits, is_seen = appearances(PICTURE, ())
    assert traits.shape == (0, TRAITS)
    assert is_seen.shape == (0,)
