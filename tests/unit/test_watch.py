from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from station.core.extraction import RejectReason, Site
from station.core.lane_steps import EndedPassage, FaceObservation, Flag
from station.core.passages import Passage
from station.core.reference import ReferenceState
from station.core.room import Room, rest_time_s
from station.core.screening import Measurement, Outcome, decide, not_measured
from station.core.watch import LaneWatch
from tests.support import NOON, POLICY, ROOM, face
from tests.unit.test_cohort import LIMITS

COLD_DAY = Room(ambient_c=21.0, ambient_u_c=0.5, outdoor_c=-15.0)


def measurement(skin_c):
    return Measurement(skin_c, 0.2, Site.INNER_CANTHUS, 9, 0.9, False)


def passage(answer, number, at=NOON):
    return Passage(
        UUID(int=number), "1", "camera-1", number, at, at, 0, 9, answer, ReferenceState.HEALTHY, 9
    )


def seen(answer, number):
    return FaceObservation(face(), number, None, answer)


def walk_by(watch, skins_c, at=NOON):
    """Let people be seen and leave; return their passages as they would be recorded."""
    left = []
    for number, skin_c in enumerate(skins_c, 1):
        at += timedelta(seconds=8)
        answer = decide(measurement(skin_c), POLICY)
        watch.look([seen(answer, number)], at)
        left.append(watch.ended(EndedPassage(passage(answer, number, at), False, None), ROOM))
    return [ended.passage for ended in left], at


def crowd(count=80, middle_c=35.0, seed=5):
    return list(np.random.default_rng(seed).normal(middle_c, 0.2, count))


def known_crowd():
    watch = LaneWatch(LIMITS)
    _, at = walk_by(watch, crowd())
    return watch, at + timedelta(seconds=8)


skins = st.lists(st.floats(31.0, 42.0), max_size=40)


@given(st.floats(33.0, 36.5), st.integers(0, 3), skins, st.floats(31.0, 42.0))
def test_whatever_came_before_nobodys_answer_is_changed(middle_c, fill, before_c, skin_c):
    """The threshold's answer goes in and comes out; only hints may be added."""
    watch = LaneWatch(LIMITS)
    _, at = walk_by(watch, crowd(30 * fill, middle_c) + before_c)
    alone = decide(measurement(skin_c), POLICY)
    bare = passage(alone, 9999, at)
    watch.look([seen(alone, 9999)], at)
    flag = watch.flagged(Flag(bare, seen(alone, 9999)))
    ended = watch.ended(EndedPassage(bare, alone.outcome is Outcome.ABOVE, (1.0, 2.0)), ROOM)
    for marked in (flag.passage, ended.passage):
        assert marked.screening == alone
        assert replace(marked, warning=None, rest_until=None) == bare
    assert (ended.was_flagged, ended.point) == (alone.outcome is Outcome.ABOVE, (1.0, 2.0))


def test_a_warm_traveller_below_the_threshold_keeps_the_outcome_and_carries_the_warning():
    watch, at = known_crowd()
    answer = decide(measurement(35.95), POLICY)
    assert answer.outcome is Outcome.BELOW
    assert watch.look([seen(answer, 500)], at) == {500}
    ended = watch.ended(EndedPassage(passage(answer, 500, at), False, None), ROOM).passage
    assert ended.screening.outcome is Outcome.BELOW
    assert 0.7 < ended.warning.excess_c < 1.2
    assert ended.needs_hand


def test_usual_travellers_carry_nothing():
    watch, at = known_crowd()
    answer = decide(measurement(35.2), POLICY)
    assert watch.look([seen(answer, 500)], at) == frozenset()
    ended = watch.ended(EndedPassage(passage(answer, 500, at), False, None), ROOM).passage
    assert ended.warning is None
    assert not ended.needs_hand


def test_a_warning_once_shown_stays_until_the_traveller_has_left():
    watch, at = known_crowd()
    assert watch.look([seen(decide(measurement(35.95), POLICY), 500)], at) == {500}
    cooler = decide(measurement(35.3), POLICY)
    assert watch.look([seen(cooler, 500)], at) == {500}
    ended = watch.ended(EndedPassage(passage(cooler, 500, at), False, None), ROOM).passage
    assert ended.warning is not None
    assert watch.look([seen(cooler, 500)], at) == frozenset(), "the number is free again"


def test_faces_without_an_answer_are_not_judged():
    watch, at = known_crowd()
    doubt = not_measured((RejectReason.GLASSES,), POLICY)
    assert watch.look([seen(None, 500), seen(doubt, 501), seen(None, None)], at) == frozenset()


def test_the_first_people_of_a_shift_are_never_called_warm_or_usual():
    watch = LaneWatch(LIMITS)
    passages, at = walk_by(watch, [35.0] * 40 + [36.1])
    assert all(one.warning is None for one in passages)
    assert watch.status(at).people == 41


def test_a_chilled_traveller_gets_a_rest_by_the_weather():
    watch, answer = LaneWatch(LIMITS), not_measured((RejectReason.COLD_ARRIVAL,), POLICY)
    for room in (COLD_DAY, ROOM, replace(COLD_DAY, outdoor_c=5.0)):
        ended = watch.ended(EndedPassage(passage(answer, 1), False, None), room).passage
        assert (ended.rest_until - NOON).total_seconds() == rest_time_s(room.outdoor_c)
        assert ended.needs_hand
        assert ended.screening.outcome is Outcome.NOT_MEASURED


def test_being_chilled_counts_even_if_the_traveller_was_mostly_too_far():
    reasons = (RejectReason.TOO_FAR, RejectReason.COLD_ARRIVAL)
    ended = EndedPassage(passage(not_measured(reasons, POLICY), 1), False, None)
    assert LaneWatch(LIMITS).ended(ended, COLD_DAY).passage.rest_until is not None


def test_others_need_no_rest():
    watch = LaneWatch(LIMITS)
    for answer in (not_measured((RejectReason.GLASSES,), POLICY), decide(measurement(35), POLICY)):
        ended = watch.ended(EndedPassage(passage(answer, 1), False, None), COLD_DAY)
        assert ended.passage.rest_until is None
