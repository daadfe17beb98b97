"""Nobody is missed for want of a number: a face is measured whether it has one or not."""

from dataclasses import replace

import numpy as np
import pytest

from station.core.appearance import TRAITS
from station.core.extraction import Rejection, RejectReason
from station.core.faces import Box
from station.core.reunion import Verdict
from station.core.screening import Outcome
from station.core.tracks import begun
from tests.passerby import FACE, Passerby
from tests.support import face, frame

# The reference is trusted from the fifth frame on; five valid frames make an answer.
ANSWERED = 9


@pytest.fixture
def _in_doubt(monkeypatch):
    """Nobody can be told from anybody."""
    doubt = Verdict(None, 0.0)
    monkeypatch.setattr(
        "station.core.following.verdicts", lambda lost, fresh, shape: [doubt] * len(fresh)
    )


@pytest.mark.usefixtures("_in_doubt")
def test_who_leaves_without_a_number_is_answered_by_what_was_read():
    who = Passerby().stay(12, canthus_c=34.5)
    assert who.last.faces[0].traveller is None
    assert who.leave().leave().outcome is Outcome.BELOW


@pytest.mark.usefixtures("_in_doubt")
def test_a_face_without_a_number_is_somebody_as_soon_as_it_was_seen_in_enough_frames():
    who = Passerby()
    seen = [who.stay(1, canthus_c=34.5).last.faces[0] for _ in range(4)]
    assert [one.is_somebody for one in seen] == [False, False, True, True]
    assert [one.traveller for one in seen] == [None] * 4
    assert [one.screening for one in seen] == [None] * 4


@pytest.mark.usefixtures("_in_doubt")
def test_a_hot_face_without_a_number_gets_one_and_is_flagged_at_once():
    who = Passerby().stay(ANSWERED, canthus_c=36.5)
    assert [flag.passage.traveller for flag in who.flags] == [1]
    who.stay(4, canthus_c=36.5).leave().leave()
    assert [(e.passage.screening.outcome, e.was_flagged) for e in who.ended] == [
        (Outcome.ABOVE, True)
    ]


def doubted():
    """Somebody with an answer beside whom another face turned up, who then looks different."""
    who = Passerby().stay(20, canthus_c=34.5)
    who.locator.faces = (FACE, face(60, 88))
    who.stay(3, canthus_c=33.4)
    who.locator.faces = (FACE,)
    return who


def test_who_may_be_somebody_else_is_measured_apart():
    # Whoever bears the number now did not prove to be the one who was measured before.
    who = doubted().stay(14, canthus_c=33.4)
    seen = who.last.faces[0]
    assert (seen.traveller, seen.result) == (1, Rejection(RejectReason.FACES_TOO_NEAR))
    before, since = (e.passage.screening for e in who.leave().leave().ended)
    assert before.outcome is since.outcome is Outcome.BELOW
    assert before.measurement.skin_c - since.measurement.skin_c == pytest.approx(1.1, abs=0.2)


def test_who_is_hot_in_doubt_is_flagged_at_once():
    who = doubted().stay(14, canthus_c=36.9)
    assert len(who.flags) == 1
    assert who.flags[0].passage.last_sequence < 32


class Scripted:
    """A follower that says what the test wants: for each frame tracks seen, and tracks gone."""

    def __init__(self, *steps):
        self.steps = list(steps)
        self.count = 2

    def step(self, faces, picture):
        seen, gone = self.steps.pop(0) if self.steps else ((), ())
        for track in seen:
            track.seen_at_s = picture.monotonic_s
        return seen, gone

    def number(self, track):
        self.count += 1
        track.traveller, track.is_doubtful = self.count, False

    def show(self, track):
        track.is_shown = True

    def expected_rows(self, at_s):
        return None

    def end(self):
        return ()


def track(number=None, *, is_doubtful=False):
    seen = begun(FACE, np.zeros(TRAITS), np.True_, frame())
    seen.traveller, seen.is_doubtful = number, is_doubtful
    return seen


def passages(who):
    return [(e.passage.traveller, e.passage.screening.outcome) for e in who.ended]


def test_a_number_that_never_proved_to_be_the_faces_is_two_passages():
    # Number 1 was lost before it was measured; the face that bears it now is somebody else's.
    known, other = track(1), track(1, is_doubtful=True)
    who = Passerby()
    steps = [((known,), ())] * 6 + [((other,), ())] * 8 + [((), (other,))]
    who.lane._follower = Scripted(*steps)
    who.stay(len(steps), canthus_c=34.5)
    assert passages(who) == [(1, Outcome.NOT_MEASURED), (1, Outcome.BELOW)]


def test_a_hot_face_whose_number_may_be_somebody_elses_is_flagged_apart():
    known, other = track(1), track(1, is_doubtful=True)
    who = Passerby()
    who.lane._follower = Scripted(*[((known,), ())] * 6, *[((other,), ())] * 8, ((), (other,)))
    who.stay(15, canthus_c=36.9)
    (flag,) = who.flags
    assert passages(who) == [(1, Outcome.NOT_MEASURED), (1, Outcome.ABOVE)]
    assert [e.was_flagged for e in who.ended] == [False, True]
    assert who.ended[1].passage.passage_id == flag.passage.passage_id


def test_who_proves_to_be_the_same_goes_on_in_one_passage():
    known, other = track(1), track(1, is_doubtful=True)
    proved = [((other,), ())] * 2 + [((), (other,))]
    who = Passerby()
    who.lane._follower = Scripted(*[((known,), ())] * 6, *[((other,), ())] * 8, *proved)
    who.stay(14, canthus_c=34.5)
    other.is_doubtful = False
    who.stay(3, canthus_c=34.5)
    assert passages(who) == [(1, Outcome.BELOW)]


def test_who_was_measured_and_lost_without_a_number_is_a_passage():
    lost = track()
    who = Passerby()
    who.lane._follower = Scripted(*[((lost,), ())] * 12)
    who.stay(12, canthus_c=34.5)
    who.locator.faces = ()
    who.stay(60)
    assert passages(who) == [(3, Outcome.BELOW)]
    assert who.ended[0].passage.last_sequence == 11


def test_a_face_that_touches_another_is_measured_anew_from_then_on():
    seen = track(1)
    who = Passerby()
    who.lane._follower = Scripted(*[((seen,), ())] * 23, ((), (seen,)))
    who.stay(12, canthus_c=34.5)
    seen.is_doubtful = seen.is_touching = True
    who.stay(6, canthus_c=36.9)
    assert who.flags == []
    seen.is_touching = False
    who.stay(6, canthus_c=33.4)
    assert passages(who) == [(1, Outcome.BELOW)]
    assert who.ended[0].passage.screening.measurement.skin_c < 35.0


def test_the_box_of_a_face_without_a_number_is_shown_to_nobody():
    seen = track()
    seen.face = replace(FACE, box=Box(40, 40, 92, 80))
    who = Passerby()
    who.lane._follower = Scripted(*[((seen,), ())] * 9)
    who.stay(9, canthus_c=34.5)
    assert (who.last.faces[0].traveller, who.last.faces[0].screening) == (None, None)
