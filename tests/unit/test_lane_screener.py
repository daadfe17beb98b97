"""A lane's thread: what it tells and hands on beside the lane's own answers."""

from dataclasses import replace
from uuid import UUID

import numpy as np

from station.core.cohort import CrowdState, CrowdWarning
from station.core.events import DeviceChanged, DeviceState
from station.core.extraction import RejectReason
from station.core.health import DeviceDoubt, DriftLimits
from station.core.lane_events import LaneFault, LaneState, LaneUpdate
from station.core.reference import ReferenceState, ReferenceTruth
from station.core.room import Room
from station.core.screening import Outcome
from station.core.source import SILENT, SourceStanding
from station.core.trends import CameraTrendMeter
from station.core.watch import LaneWatch
from station.runtime.camera_health import CameraHealth
from station.runtime.queues import LatestQueue
from station.runtime.screening import LaneScreener
from tests.support import NOON, ROOM, FixedLocator, face, frame, lane, screening
from tests.unit.test_cohort import LIMITS

DRIFT = DriftLimits(stretch_s=600.0, warn_c=0.25, block_c=1.0)
PERSON = face(60, 60, 50)


class Recording:
    def __init__(self, watch):
        self.frames = LatestQueue(capacity=1)
        self.events, self.flags, self.ended, self.passed_s = [], [], [], 0.0
        self.pictures = {}
        self.locator = FixedLocator()
        self.screener = LaneScreener(
            "1",
            lane(self.locator),
            watch,
            self.frames,
            room=ROOM,
            health=CameraHealth("camera-1", DRIFT, 10.0, clock=self, events=self),
            trend=CameraTrendMeter("camera-1", "1"),
            clock=self,
            events=self,
            pictures=lambda *_: None,
            on_flag=self.flags.append,
            on_end=self.ended.append,
            on_face=lambda passage, picture: self.pictures.update({passage: picture}),
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


def test_two_who_stand_too_near_for_a_number_are_shown_without_one():
    seen = Recording(LaneWatch(LIMITS))
    updates = seen.walk(0, 4, PERSON, face(64, 66, 50))
    assert [shown.traveller for shown in updates[0].faces] == []
    assert [(shown.traveller, shown.outcome) for shown in updates[-1].faces] == [(None, None)] * 2


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


def well(**changes):
    return replace(SourceStanding(ReferenceTruth(37.0, 0.05, 1.0), None, 100.0), **changes)


def test_a_lane_whose_source_has_a_voice_measures_nobody_before_it_has_spoken():
    seen = Recording(LaneWatch(LIMITS))
    seen.screener.set_source(SILENT)
    last = seen.walk(0, 20, PERSON, canthus_c=37.0)[-1]
    assert (last.state, last.reference) == (LaneState.NO_REFERENCE, ReferenceState.LOST)
    assert last.faces[0].reason == RejectReason.NO_REFERENCE
    assert seen.flags == []
    seen.screener.stop()
    assert seen.ended[0].passage.screening.outcome is Outcome.NOT_MEASURED


def test_a_source_that_falls_silent_blocks_from_the_next_frame_on_and_frees_again():
    seen = Recording(LaneWatch(LIMITS))
    seen.screener.set_source(well())
    assert seen.walk(0, 20)[-1].state is LaneState.READY
    seen.passed_s = 101.0
    assert seen.walk(20, 1)[-1].state is LaneState.NO_REFERENCE
    seen.screener.set_source(well(expires_s=200.0))
    assert seen.walk(21, 1)[-1].state is LaneState.READY


def test_a_source_s_own_temperature_corrects_every_reading():
    readings = []
    for temperature_c in (37.0, 36.5):
        seen = Recording(LaneWatch(LIMITS))
        seen.screener.set_source(well(truth=ReferenceTruth(temperature_c, 0.05, 1.0)))
        readings.append(seen.walk(0, 20, PERSON, canthus_c=34.7)[-1].faces[0].skin_c)
    assert abs(readings[0] - readings[1] - 0.5) < 0.02


def crawl(seen, rate_c, frames, first=0):
    """Let the camera's error grow by so much a frame, the whole picture together."""
    for sequence in range(first, first + frames):
        drawn = frame(sequence, disc_c=36.4 - rate_c * sequence, monotonic_s=sequence * 5.0)
        seen.frames.put(drawn)
        seen.screener.step()
    return [event for event in seen.events if isinstance(event, DeviceChanged)]


def test_a_camera_that_creeps_against_its_source_is_named_and_goes_on():
    seen = Recording(LaneWatch(LIMITS))
    (told,) = crawl(seen, 0.3 / 120, 160)[:1]
    assert (told.device_id, told.state, told.doubt) == (
        "camera-1",
        DeviceState.DOUBTFUL,
        DeviceDoubt.DRIFTING,
    )
    assert "+0.2" in told.text
    updates = [event for event in seen.events if isinstance(event, LaneUpdate)]
    assert updates[-1].reference is ReferenceState.HEALTHY


def test_a_wired_source_whose_camera_sees_it_run_away_blocks():
    seen = Recording(LaneWatch(LIMITS))
    seen.screener.set_source(well(expires_s=1e9))
    crawl(seen, 0.015, 100)
    updates = [event for event in seen.events if isinstance(event, LaneUpdate)]
    assert updates[50].reference is ReferenceState.HEALTHY
    assert updates[-1].reference is ReferenceState.OUT_OF_BAND


def set_to(seen, disc_c, first, frames, **drawing):
    """Let the source have another temperature, the room as it was; return the last update."""
    return seen.walk(first, frames, **{"disc_c": disc_c} | drawing)[-1]


def test_a_source_set_to_another_temperature_blocks_until_it_is_set_back():
    seen = Recording(LaneWatch(LIMITS))
    assert set_to(seen, 36.4, 0, 40).reference is ReferenceState.HEALTHY
    assert set_to(seen, 38.4, 40, 400).reference is ReferenceState.OUT_OF_BAND
    told = [event for event in seen.events if isinstance(event, DeviceChanged)][-1]
    assert told.doubt is DeviceDoubt.OTHER_SET_POINT
    assert "jump by +2.00 °C" in told.text
    assert set_to(seen, 36.4, 440, 20).reference is ReferenceState.HEALTHY
    told = [event for event in seen.events if isinstance(event, DeviceChanged)][-1]
    assert told.state is DeviceState.READY


def test_nobody_with_a_fever_passes_below_while_the_source_is_too_hot():
    seen = Recording(LaneWatch(LIMITS))
    set_to(seen, 36.4, 0, 40)
    set_to(seen, 38.9, 40, 20)
    seen.walk(60, 60, PERSON, disc_c=38.9, canthus_c=36.9)
    seen.screener.stop()
    assert seen.ended[0].passage.screening.outcome is Outcome.NOT_MEASURED


def test_another_source_in_the_place_of_a_covered_one_is_not_believed():
    seen = Recording(LaneWatch(LIMITS))
    set_to(seen, 36.4, 0, 40)
    assert set_to(seen, 22.0, 40, 40).reference is ReferenceState.LOST
    assert set_to(seen, 34.4, 80, 40).reference is ReferenceState.OUT_OF_BAND


def test_a_camera_that_jumps_as_a_whole_is_corrected_by_its_source_and_goes_on():
    seen = Recording(LaneWatch(LIMITS))
    set_to(seen, 36.4, 0, 40)
    for sequence in range(40, 160):
        drawn = frame(sequence)
        jumped = (drawn.temperature_c + 1.5).astype(np.float32)
        seen.frames.put(replace(drawn, temperature_c=jumped))
        seen.screener.step()
    assert seen.events[-1].reference is ReferenceState.HEALTHY


def test_a_picture_of_the_source_that_stands_still_blocks_and_is_named():
    seen = Recording(LaneWatch(LIMITS))
    still = frame(0).temperature_c[20:42, 130:152].copy()
    for sequence in range(120):
        moving = frame(sequence).temperature_c.copy()
        moving[20:42, 130:152] = still
        moving.setflags(write=False)
        seen.frames.put(replace(frame(sequence), temperature_c=moving))
        seen.screener.step()
    told = [event for event in seen.events if isinstance(event, DeviceChanged)]
    assert told[-1].doubt is DeviceDoubt.STUCK
    updates = [event for event in seen.events if isinstance(event, LaneUpdate)]
    assert updates[-1].state is LaneState.NO_REFERENCE


def test_an_answer_that_was_under_way_when_the_camera_went_is_closed_as_not_measured():
    seen = Recording(LaneWatch(LIMITS))
    seen.walk(0, 5)
    seen.walk(5, 4, PERSON, canthus_c=34.7)
    seen.passed_s = 5.0
    seen.screener.step()
    (ended,) = seen.ended
    assert ended.passage.screening.outcome is Outcome.NOT_MEASURED


def test_a_camera_that_comes_back_begins_its_health_anew():
    seen = Recording(LaneWatch(LIMITS))
    crawl(seen, 0.3 / 120, 130)
    seen.passed_s = 5.0
    seen.screener.step()
    told = crawl(seen, 0.0, 20, first=131)
    assert told[-1].state is DeviceState.READY


def test_of_two_passages_that_showed_one_number_each_that_opens_a_case_has_its_picture(monkeypatch):
    seen = Recording(LaneWatch(LIMITS))
    seen.walk(0, 40, PERSON, canthus_c=34.7)
    (ended,) = seen.screener._lane.end()
    first, second = (
        replace(ended, passage=replace(ended.passage, passage_id=UUID(int=n), screening=answer))
        for n, answer in ((7, ended.passage.screening), (8, screening(Outcome.REPEAT, 36.1)))
    )
    monkeypatch.setattr(seen.screener._lane, "end", lambda: (first, second))
    seen.screener.stop()
    assert set(seen.pictures) == {UUID(int=8)}
