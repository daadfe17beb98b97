"""A lane's thread: what it tells and hands on beside the lane's own answers."""

from dataclasses import replace

from station.core.cohort import CrowdState, CrowdWarning
from station.core.events import LaneFault, LaneUpdate
from station.core.extraction import RejectReason
from station.core.room import Room
from station.core.screening import Outcome
from station.core.watch import LaneWatch
from station.runtime.queues import LatestQueue
from station.runtime.screening import LaneScreener
from tests.support import NOON, ROOM, FixedLocator, face, frame, lane
from tests.unit.test_cohort import LIMITS

PERSON = face(60, 60, 50)


class Recording:
    def __init__(self, watch):
        self.frames = LatestQueue(capacity=1)
        self.events, self.flags, self.ended, self.passed_s = [], [], [], 0.0
        self.locator = FixedLocator()
        self.screener = LaneScreener(
            "1",
            lane(self.locator),
            watch,
            self.frames,
            room=ROOM,
            clock=self,
            events=self,
            pictures=lambda *_: None,
            on_flag=self.flags.append,
            on_end=self.ended.append,
        )

    def now(self):
        return NOON

    def monotonic_s(self):
        return self.passed_s

    def emit(self, event):
        self.events.append(event)

    def walk(self, first, count, *faces, **drawing):
        self.locator.faces = faces
        for sequence in range(first, first + count):
            self.frames.put(frame(sequence, faces=faces, **drawing))
            self.screener.step()
        return [event for event in self.events if isinstance(event, LaneUpdate)]


def known_crowd(skin_c):
    watch = LaneWatch(LIMITS)
    for i in range(60):
        watch._cohort.take(skin_c + 0.01 * (i % 20), Outcome.BELOW, NOON)
    return watch


def test_a_warm_traveller_is_shown_and_recorded_with_the_warning_and_stays_below():
    seen = Recording(known_crowd(33.9))
    updates = seen.walk(0, 40, PERSON, canthus_c=34.7)
    (shown,) = updates[-1].faces
    assert (shown.outcome, shown.is_warm) == (Outcome.BELOW, True)
    assert updates[-1].crowd.state is CrowdState.WATCHING
    seen.walk(40, 12)
    (ended,) = seen.ended
    assert ended.passage.screening.outcome is Outcome.BELOW
    assert isinstance(ended.passage.warning, CrowdWarning)


def test_the_same_traveller_in_a_usual_crowd_carries_nothing():
    seen = Recording(known_crowd(35.6))
    updates = seen.walk(0, 40, PERSON, canthus_c=34.7)
    assert not updates[-1].faces[0].is_warm
    seen.screener.stop()
    assert seen.ended[0].passage.warning is None


def test_a_flag_is_handed_on_at_once_and_tells_the_crowd_too():
    seen = Recording(known_crowd(34.5))
    seen.walk(0, 40, PERSON, canthus_c=37.0)
    (flag,) = seen.flags
    assert flag.passage.screening.outcome is Outcome.ABOVE
    assert flag.passage.warning is not None


def test_a_room_that_was_measured_counts_from_the_next_frame_on():
    seen = Recording(LaneWatch(LIMITS))
    seen.walk(0, 5)
    seen.screener.set_room(replace(ROOM, ambient_c=5.0))
    updates = seen.walk(5, 1)
    assert updates[-1].blocked == RejectReason.ROOM_OUT_OF_BAND


def test_a_chilled_traveller_is_recorded_with_a_rest_by_the_weather_told():
    seen = Recording(LaneWatch(LIMITS))
    seen.screener.set_room(Room(22.0, 0.5, outdoor_c=-15.0))
    seen.walk(0, 20, PERSON, canthus_c=30.0)
    seen.screener.stop()
    passage = seen.ended[0].passage
    assert passage.screening.reasons[0] is RejectReason.COLD_ARRIVAL
    assert (passage.rest_until - passage.last_at).total_seconds() == 420


def test_a_camera_that_falls_silent_still_hands_everybody_on():
    seen = Recording(LaneWatch(LIMITS))
    seen.walk(0, 20, PERSON, canthus_c=34.7)
    seen.passed_s = 5.0
    seen.screener.step()
    assert isinstance(seen.events[-1], LaneFault)
    assert len(seen.ended) == 1
