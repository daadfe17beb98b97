from dataclasses import replace

import numpy as np
import pytest

from station.core.following import Follower
from station.core.reunion import Verdict
from tests.support import face, frame


def follow(follower, rows, *, frames=None):
    """Give the follower one list of faces a frame; return the tracks seen in each."""
    seen = []
    for i, faces in enumerate(rows):
        picture = frames[i] if frames else frame(i)
        tracks, _ = follower.step(tuple(faces), picture)
        seen.append([(track.traveller, track.is_doubtful) for track in tracks])
    return seen


def numbers(seen):
    return [[traveller for traveller, _ in tracks] for tracks in seen]


def painted(sequence, people):
    """A frame in which each face's head and shoulders have a temperature of their own, °C."""
    picture = frame(sequence).temperature_c.copy()
    for who, skin_c in people:
        top, left, bottom, right = who.box.top, who.box.left, who.box.bottom, who.box.right
        rows = slice(max(int(top - 15), 0), int(bottom + 40))
        picture[rows, max(int(left), 0) : int(right)] = skin_c
    return replace(frame(sequence), temperature_c=picture)


@pytest.fixture
def follower():
    return Follower(begin_score=0.45, confirm_frames=3, forget_s=1.0)


def test_a_face_becomes_a_traveller_when_seen_three_times(follower):
    assert numbers(follow(follower, [[face()]] * 4)) == [[None], [None], [1], [1]]


def test_a_face_seen_once_is_nobody(follower):
    follow(follower, [[face()]])
    assert follower.end() == ()


def test_a_walking_face_keeps_its_number(follower):
    walk = [[face(column=20 + 4 * i, width=30 + i)] for i in range(20)]
    assert numbers(follow(follower, walk))[-1] == [1]


def test_a_box_that_jumps_for_one_frame_does_not_end_a_traveller(follower):
    walk = [[face(column=20 + i, row=60 + 28 * (i == 12))] for i in range(20)]
    frames = [frame(i, monotonic_s=i / 30) for i in range(20)]
    assert numbers(follow(follower, walk, frames=frames))[-1] == [1]


def test_two_people_who_cross_keep_their_numbers(follower):
    rows = [[face(60, 20 + 5 * i), face(60 + 8, 140 - 5 * i)] for i in range(24)]
    seen = numbers(follow(follower, rows))
    assert seen[3] == [1, 2]
    assert seen[-1] == [1, 2]


def test_who_is_hidden_behind_somebody_while_crossing_comes_back_with_the_same_number(follower):
    rows, frames = [], []
    for i in range(24):
        front, behind = face(60, 20 + 5 * i, 44), face(58, 140 - 5 * i, 36)
        is_hidden = abs(front.box.center[1] - behind.box.center[1]) < 30
        rows.append([front] if is_hidden else [front, behind])
        frames.append(painted(i, [(behind, 31.0), (front, 33.0)]))
    assert numbers(follow(follower, rows, frames=frames))[-1] == [1, 2]


def test_faces_side_by_side_get_numbers_once_they_have_gone_their_own_way(follower):
    seen = numbers(follow(follower, [[face(60, 50), face(60, 95)]] * 12))
    assert seen[7] == [None, None]
    assert seen[-1] == [1, 2]


def test_in_a_crowd_a_number_takes_a_moment_longer(follower):
    crowd = [face(60, 20 + 35 * i, 8) for i in range(4)]
    assert numbers(follow(follower, [crowd] * 6))[3:5] == [[None] * 4, [1, 2, 3, 4]]


def shaky(follower, faces, jumped):
    for i in range(12):
        follower.step(tuple(faces), frame(i))
    tracks, _ = follower.step((jumped, *faces[1:]), frame(12))
    return [track.is_shaky for track in tracks]


def test_a_box_that_jumps_beside_somebody_else_is_shaky(follower):
    assert shaky(follower, [face(60, 40), face(60, 110)], face(60, 52)) == [True, False]


def test_a_box_that_jumps_with_nobody_about_is_not(follower):
    assert shaky(follower, [face(60, 40)], face(60, 52)) == [False]


def test_a_short_loss_does_not_end_a_traveller(follower):
    rows = [[face()]] * 4 + [[]] * 4 + [[face()]] * 2
    assert numbers(follow(follower, rows))[-1] == [1]


def test_a_traveller_who_is_gone_is_told_once(follower):
    follow(follower, [[face()]] * 4)
    gone = []
    for i in range(4, 25):
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


def test_people_who_meet_and_turn_back_are_told_apart_by_how_they_look(follower):
    """Place alone says that they crossed; their temperatures say that they did not."""
    rows, frames = [], []
    for i in range(24):
        column = 20 + 4.4 * min(i, 23 - i)
        people = [(face(60, column), 33.0), (face(60, 160 - column), 28.0)]
        rows.append([] if 8 <= i < 16 else [who for who, _ in people])
        frames.append(painted(i, people))
    assert numbers(follow(follower, rows, frames=frames))[-1] == [1, 2]


def test_a_face_that_could_be_either_of_two_has_no_number(follower):
    apart = [[face(60, 50), face(60, 90)]] * 10
    met = [[]] * 5 + [[face(60, 70)]] * 4
    seen = numbers(follow(follower, apart + met))
    assert seen[9] == [1, 2]
    assert seen[-4:] == [[None]] * 4


def test_nobody_is_in_doubt_because_of_somebody_far_away(follower):
    rows = [[face(60, 30 + 2 * i), face(60, 130)] for i in range(12)]
    assert not any(doubt for tracks in follow(follower, rows) for _, doubt in tracks)


def test_one_frame_alone_turns_nobody_to_the_camera(follower):
    glance = [[face(frontality=0.1)]] * 6 + [[face(frontality=0.95)]]
    for i, faces in enumerate(glance):
        tracks, _ = follower.step(tuple(faces), frame(i))
    assert tracks[0].face.frontality < 0.5


def test_a_faint_face_begins_nobody(follower):
    assert numbers(follow(follower, [[face(score=0.3)]] * 5))[-1] == []


def test_a_faint_face_is_enough_where_a_traveller_is_expected(follower):
    rows = [[face()]] * 4 + [[face(score=0.3)]]
    assert numbers(follow(follower, rows))[-1] == [1]


def test_a_face_that_stays_faint_is_no_longer_believed(follower):
    rows = [[face()]] * 4 + [[face(score=0.3)]] * 9
    assert numbers(follow(follower, rows))[-1] == []


def test_a_traveller_who_is_seen_well_again_is_believed_again(follower):
    rows = [[face()]] * 4 + [[face(score=0.3)]] * 9 + [[face()]]
    assert numbers(follow(follower, rows))[-1] == [1]


def test_who_turns_sharply_keeps_the_number(follower):
    """From straight ahead to the side at one face width a frame: no prediction sees that coming."""
    rows = [[face(60, 40)]] * 6 + [[face(60, 40 + 30 * i)] for i in (1, 2, 3)]
    frames = [painted(i, [(faces[0], 33.0)]) for i, faces in enumerate(rows)]
    assert numbers(follow(follower, rows, frames=frames))[-3:] == [[None], [None], [1]]


def test_who_comes_in_where_somebody_left_is_somebody_else(follower):
    out = [[face(60, 60 - 11 * i)] for i in range(7)]
    back_in = [[face(60, 6 + 12 * i)] for i in range(4)]
    assert numbers(follow(follower, out + back_in))[-1] == [2]


def test_of_two_who_are_expected_in_one_place_the_nearer_one_is_seen(follower):
    """The larger face is in front; the other one is hidden and comes back with its own number."""
    rows = []
    for i in range(26):
        near, far = face(62, 20 + 4 * i, 44), face(58, 128 - 4 * i, 38)
        is_hidden = abs(near.box.center[1] - far.box.center[1]) < 34
        rows.append([near] if is_hidden else [near, far])
    seen = numbers(follow(follower, rows))
    assert all(1 in tracks for tracks in seen[3:])
    assert seen[-1] == [1, 2]


def test_the_rows_where_heads_are_expected_hold_them_all(follower):
    assert follower.expected_rows(0.0) is None
    follow(follower, [[face(30, 40, 20), face(80, 90, 40)]] * 3)
    top, bottom = follower.expected_rows(0.3)
    assert top <= 30 - 13 and bottom >= 80 + 26


def test_a_shutter_step_loses_nobody(follower):
    frames = [frame(i) for i in range(8)]
    stepped = [replace(f, temperature_c=f.temperature_c + np.float32(0.7)) for f in frames[4:]]
    seen = follow(follower, [[face()]] * 8, frames=frames[:4] + stepped)
    assert numbers(seen)[-1] == [1]


def crossing(other_c):
    """Two faces of one size who meet, melt into one detection for a while, and part again."""
    rows, frames = [], []
    for i in range(40):
        left, right = face(60, 30 + 2.5 * i), face(62, 130 - 2.5 * i)
        is_one = abs(left.box.center[1] - right.box.center[1]) < 24
        merged = face(61, 80)
        rows.append([merged] if is_one else [left, right])
        frames.append(painted(i, [(left, 33.0), (right, other_c)]))
    return rows, frames


def test_two_who_melt_into_one_detection_get_their_own_numbers_back(follower):
    rows, frames = crossing(29.0)
    seen = numbers(follow(follower, rows, frames=frames))
    assert seen[3] == [1, 2]
    assert seen[-1] == [1, 2]


def test_the_one_detection_of_two_faces_is_nobodys(follower):
    rows, frames = crossing(29.0)
    seen = follow(follower, rows, frames=frames)
    merged = [tracks for faces, tracks in zip(rows, seen, strict=True) if len(faces) == 1]
    assert len(merged) > 5
    assert all(number is None or is_doubtful for ((number, is_doubtful),) in merged)


def test_those_who_look_alike_stay_in_doubt_after_they_touched():
    """Whoever is told by place alone keeps a number, but is not measured on trust."""
    rows, _ = crossing(33.0)
    follower = Follower(begin_score=0.45, confirm_frames=3, forget_s=1.0)
    frames = []
    for i, faces in enumerate(rows):
        frames.append(painted(i, [(who, 31.0 + 1.5 * (i % 2)) for who in faces]))
    last = follow(follower, rows, frames=frames)[-1]
    assert all(number not in (1, 2) or doubt for number, doubt in last)


def test_who_is_found_again_has_to_look_like_before_in_several_frames(follower):
    rows, frames = crossing(29.0)
    seen = follow(follower, rows, frames=frames)
    again = [doubt for tracks in seen[-15:] if len(tracks) > 1 for n, doubt in tracks if n == 1]
    assert again[:3] == [True] * 3
    assert again[-1] is False


def test_who_looks_like_before_is_measured_again_after_touching(follower):
    rows, frames = crossing(29.0)
    last = follow(follower, rows, frames=frames)[-1]
    assert last == [(1, False), (2, False)]


def test_a_faint_second_box_on_a_face_is_nobody(follower):
    rows = [[face(60, 60), face(80, 72, 30, score=0.5)] for _ in range(5)]
    assert numbers(follow(follower, rows))[-1] == [1, None]


def test_who_is_hidden_by_somebody_is_waited_for_longer_than_who_is_not(follower):
    front, behind = face(62, 80, 46), face(58, 84, 40)
    both = [[face(62, 20 + 5 * i, 46), behind] for i in range(10)]
    hidden = [[front]] * 12
    again = [[face(62, 80 - 6 * i, 46), behind] for i in range(8)]
    frames = [
        painted(i, [(behind, 29.0), *[(who, 34.0) for who in faces if who is not behind]])
        for i, faces in enumerate((*both, *hidden, *again))
    ]
    seen = numbers(follow(follower, both + hidden + again, frames=frames))
    assert seen[9] == [1, 2]
    assert seen[-1] == [1, 2]


def test_a_lone_face_whose_look_changes_stays_the_same_person(follower):
    frames = [painted(i, [(face(), 34.0 if i < 6 else 29.0)]) for i in range(12)]
    seen = follow(follower, [[face()]] * 12, frames=frames)
    assert seen[-1] == [(1, False)]


def test_somebody_alone_who_turns_back_on_the_spot_keeps_the_number(follower):
    # Somebody who came in, turned and went away, as the locator saw it at nine frames a second.
    left = (-2, 5, 15, 25, 32, 38, 44, 44, 42, 37, 32, 29, 25, 24)
    width = (18, 20, 20, 18, 19, 20, 21, 23, 20, 22, 20, 18, 20, 20)
    top = (78, 76, 72, 74, 72, 70, 71, 70, 72, 75, 75, 77, 76, 73)
    walk = [
        [face(y + 0.67 * w, x + w / 2, w, score=0.5)]
        for x, y, w in zip(left, top, width, strict=True)
    ]
    # Turning shows another side of the head.
    shown_c = [34.0] * 10 + [33.0] * 4
    frames = [
        replace(painted(i, [(who, skin_c)]), monotonic_s=0.115 * i)
        for i, ((who,), skin_c) in enumerate(zip(walk, shown_c, strict=True))
    ]
    assert numbers(follow(follower, walk, frames=frames))[-1] == [1]


def test_who_walked_right_behind_somebody_is_not_taken_for_them_on_trust(follower):
    # Nobody else is about; but who was near a moment ago is not suddenly farther off.
    first, second = face(60, 80, 50), face(58, 78, 30)
    rows = [[first]] * 8 + [[]] + [[second]] * 12
    frames = [
        painted(i, [(who, 34.0 if who is first else 33.4) for who in faces])
        for i, faces in enumerate(rows)
    ]
    seen = follow(follower, rows, frames=frames)
    assert seen[7] == [(1, False)]
    assert next(told for (told,) in seen[9:] if told[0] is not None) == (1, True)


def test_who_comes_out_from_behind_somebody_who_steps_aside_is_counted(follower, monkeypatch):
    # The box jumps at once from the one who was near to the one behind: its track is in doubt.
    first, second = face(60, 80, 40), face(58, 80, 31)
    monkeypatch.setattr("station.core.following.assigned", _breaks_at(8))
    monkeypatch.setattr(
        "station.core.following.verdicts",
        lambda lost, fresh, shape: [Verdict(None, 0.0 if lost else 99.0)] * len(fresh),
    )
    follow(follower, [[first]] * 8 + [[second]] * 8)
    assert sorted(track.traveller for track in leave(follower, 16)) == [1, 2]


def _beside_another(look_c, monkeypatch):
    """Somebody without a number, beside whom another is, in doubt after half a second."""
    other, who = face(60, 40), face(60, 78)
    monkeypatch.setattr("station.core.following.assigned", _breaks_at(6, face_number=1))
    follower = Follower(begin_score=0.45, confirm_frames=3, forget_s=1.0)
    rows = [[other, who]] * 12
    frames = [painted(i, [(other, 30.0), (who, 34.0 if i < 6 else look_c)]) for i in range(12)]
    return [told[1] for told in numbers(follow(follower, rows, frames=frames))]


def test_who_looks_as_before_a_doubt_has_not_to_wait_anew_for_a_number(monkeypatch):
    assert _beside_another(34.0, monkeypatch)[-1] == 2
    assert _beside_another(29.0, monkeypatch)[-1] is None


def _breaks_at(frame_number, face_number=0):
    """Assign each face to a track in their order, and doubt one of them in one frame."""
    calls = iter(range(100))

    def assigned(tracks, faces, looks, at_s):
        pairs = {j: j for j in range(min(len(tracks), len(faces)))}
        doubtful = {face_number} if next(calls) == frame_number else set()
        return pairs, doubtful, doubtful

    return assigned


@pytest.fixture
def in_doubt(monkeypatch):
    """Nobody can be told from anybody."""
    doubt = Verdict(None, 0.0)
    monkeypatch.setattr(
        "station.core.following.verdicts", lambda lost, fresh, shape: [doubt] * len(fresh)
    )


def leave(follower, since):
    return [track for i in range(since, since + 30) for track in follower.step((), frame(i))[1]]


def test_who_is_in_doubt_until_leaving_is_counted_then(follower, in_doubt):
    assert numbers(follow(follower, [[face()]] * 4))[-1] == [None]
    (gone,) = leave(follower, 4)
    assert (gone.traveller, gone.is_doubtful) == (1, True)


def test_a_shadow_of_a_few_frames_is_counted_by_nobody(follower, in_doubt):
    follow(follower, [[face()]] * 3)
    assert leave(follower, 3) == []


def test_who_is_in_doubt_when_the_stream_ends_is_counted_too(follower, in_doubt):
    follow(follower, [[face()]] * 8)
    assert [track.traveller for track in follower.end()] == [1]


def test_two_who_meet_and_look_alike_are_told_apart_by_how_fast_they_go_on(follower):
    ways = [(20.0 + 4 * i, 140.0 - 4 * i) for i in range(30)]
    rows = [
        [face(60, a, 24), face(60, b, 24)] if abs(a - b) > 18 else [face(60, (a + b) / 2, 24)]
        for a, b in ways
    ]
    assert numbers(follow(follower, rows))[-1] == [1, 2]
