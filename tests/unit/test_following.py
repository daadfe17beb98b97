import pytest

from station.core.following import Follower
from tests.support import face, frame


def follow(follower, rows):
    """Give the follower one list of faces a frame; return the travellers seen in each."""
    seen = []
    for i, faces in enumerate(rows):
        tracks, _ = follower.step(tuple(faces), frame(i))
        seen.append([track.traveller for track in tracks])
    return seen


@pytest.fixture
def follower():
    return Follower(confirm_frames=3, forget_s=0.5)


def test_a_face_becomes_a_traveller_when_seen_three_times(follower):
    assert follow(follower, [[face()]] * 4) == [[None], [None], [1], [1]]


def test_a_face_seen_once_is_nobody(follower):
    follow(follower, [[face()]])
    assert follower.end() == ()


def test_a_walking_face_keeps_its_number(follower):
    walk = [[face(column=20 + 4 * i, width=30 + i)] for i in range(20)]
    assert follow(follower, walk)[-1] == [1]


def test_two_people_who_cross_keep_their_numbers(follower):
    rows = [[face(60, 20 + 5 * i), face(60 + 8, 140 - 5 * i)] for i in range(24)]
    seen = follow(follower, rows)
    assert seen[3] == [1, 2]
    assert seen[-1] == [1, 2]


def test_a_short_loss_does_not_end_a_traveller(follower):
    rows = [[face()]] * 4 + [[]] * 4 + [[face()]] * 2
    assert follow(follower, rows)[-1] == [1]


def test_a_traveller_who_is_gone_is_told_once(follower):
    follow(follower, [[face()]] * 4)
    gone = []
    for i in range(4, 15):
        gone += follower.step((), frame(i))[1]
    assert [track.traveller for track in gone] == [1]


def test_somebody_else_in_another_place_gets_a_new_number(follower):
    follow(follower, [[face(column=30)]] * 4)
    tracks, _ = follower.step((face(column=120),), frame(4))
    assert tracks[0].traveller is None


def test_a_face_of_another_size_is_somebody_else(follower):
    follow(follower, [[face(width=40)]] * 4)
    tracks, _ = follower.step((face(width=15),), frame(4))
    assert tracks[0].traveller is None
