"""The thread that screens one lane: frames in, events and ledger jobs out."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from station.core.events import TrendChanged
from station.core.extraction import RejectReason, SkinReading
from station.core.face_picture import FacePicture, cut_out, face_picture
from station.core.frames import ThermalFrame
from station.core.lane import Lane
from station.core.lane_events import FaceView, LaneFault, LaneFaultKind, LaneUpdate
from station.core.lane_steps import EndedPassage, FaceObservation, Flag, LaneStep
from station.core.passages import Passage
from station.core.ports import Clock, EventSink
from station.core.reference import ReferenceState
from station.core.room import Room
from station.core.screening import Outcome, ThresholdPolicy
from station.core.source import SourceStanding
from station.core.trends import CameraTrendMeter
from station.core.watch import LaneWatch
from station.runtime.camera_health import CameraHealth
from station.runtime.queues import LatestQueue

PictureSink = Callable[[str, int, NDArray[np.float32]], None]
"""Takes (lane, frame number, apparent °C of shape (rows, columns)); returns at once."""

_FRAME_WAIT_S = 0.25
# Staff must see within this time that a lane measures nothing.
_SILENCE_S = 2.0
_RATE_WINDOW = 30
_UNSETTLED = {RejectReason.WARMING_UP, RejectReason.SHUTTER, RejectReason.STALE_FRAME}


class LaneScreener:
    """Feeds one lane and tells what it finds."""

    def __init__(
        self,
        name: str,
        lane: Lane,
        watch: LaneWatch,
        frames: LatestQueue[ThermalFrame],
        *,
        room: Room,
        health: CameraHealth,
        trend: CameraTrendMeter,
        clock: Clock,
        events: EventSink,
        pictures: PictureSink,
        on_flag: Callable[[Flag], None],
        on_end: Callable[[EndedPassage], None],
        on_face: Callable[[UUID, FacePicture], None],
    ) -> None:
        self._name = name
        self._lane = lane
        self._watch = watch
        self._frames = frames
        self._room = self._known_room = room
        self._health = health
        self._trend = trend
        self._source: SourceStanding | None = None
        self._policies: Sequence[ThresholdPolicy] | None = None
        self._known_policies: Sequence[ThresholdPolicy] | None = None
        self._clock = clock
        self._events = events
        self._pictures = pictures
        self._on_flag = on_flag
        self._on_end = on_end
        self._on_face = on_face
        self._seen: dict[int, NDArray[np.float32]] = {}
        self._times: deque[float] = deque(maxlen=_RATE_WINDOW)
        self._last_frame_s = clock.monotonic_s()
        self._is_silent = False

    def set_room(self, room: Room) -> None:
        """Take another room from the next frame on; called from any thread."""
        self._room = room

    def set_policies(self, policies: Sequence[ThresholdPolicy]) -> None:
        """Compare with these thresholds from the next frame on; called from any thread."""
        self._policies = policies

    def set_source(self, source: SourceStanding) -> None:
        """Measure by a source on a wire from the next frame on; called from any thread."""
        self._source = source

    def step(self) -> None:
        """Screen the next frame, or notice that none comes."""
        frame = self._frames.get(_FRAME_WAIT_S)
        now_s = self._clock.monotonic_s()
        if frame is None:
            if now_s - self._last_frame_s > _SILENCE_S:
                self._fall_silent()
            return
        self._last_frame_s, self._is_silent = now_s, False
        self._times.append(now_s)
        if self._known_room is not self._room:
            self._known_room = self._room
            self._lane.set_room(self._known_room)
        policies = self._policies
        if policies is not None and policies is not self._known_policies:
            self._known_policies = policies
            self._lane.set_policies(policies)
        self._lane.set_source(self._standing(now_s))
        result = self._lane.step(frame)
        self._health.look(
            result.reference, frame.monotonic_s, is_settled=result.blocked not in _UNSETTLED
        )
        if self._trend.take(frame, result.reference, result.blocked):
            self._events.emit(TrendChanged(self._trend.trend()))
        warned = self._watch.look(result.faces, frame.captured_at)
        self._look_at(result.faces, frame)
        for flag in result.flags:
            self._picture(flag.passage)
            self._on_flag(self._watch.flagged(flag))
        self._hand_on(result.ended)
        self._pictures(self._name, frame.sequence, frame.temperature_c)
        self._events.emit(self._update(frame, result, warned))

    def stop(self) -> None:
        """End every passage, so that nobody in view is missed in the ledger."""
        self._hand_on(self._lane.end())

    def _standing(self, now_s: float) -> SourceStanding | None:
        """Return whether the reference source may be measured by, beside what the camera sees."""
        source = self._source
        if self._health.is_stuck or self._health.is_source_doubtful:
            return SourceStanding(source.truth if source else None, ReferenceState.OUT_OF_BAND)
        standing = None if source is None else source.at(now_s)
        if moved_c := self._health.moved_c:
            return replace(standing or SourceStanding(None, None), moved_c=moved_c)
        return standing

    def _look_at(self, faces: Iterable[FaceObservation], frame: ThermalFrame) -> None:
        """Keep the latest sight of everybody who is being measured, until they leave."""
        for face in faces:
            if face.traveller is not None and isinstance(face.result, SkinReading):
                self._seen[face.traveller] = cut_out(frame.temperature_c, face.face.box)

    def _picture(self, passage: Passage) -> None:
        """Hand on the picture of a passage that becomes a case."""
        seen = self._seen.get(passage.traveller)
        picture = None if seen is None else face_picture(seen)
        if picture is not None:
            self._on_face(passage.passage_id, picture)

    def _hand_on(self, passages: Sequence[EndedPassage]) -> None:
        for ended in passages:
            opens = ended.passage.screening.outcome in {Outcome.REPEAT, Outcome.ABOVE}
            if opens and not ended.was_flagged:
                self._picture(ended.passage)
            self._on_end(self._watch.ended(ended, self._known_room))
        # Two passages may end that showed one number.
        for ended in passages:
            self._seen.pop(ended.passage.traveller, None)

    def _fall_silent(self) -> None:
        if self._is_silent:
            return
        self._is_silent = True
        self._times.clear()
        self._health.forget()
        self.stop()
        text = "The camera sends no pictures: nobody is measured. Check its cable and power."
        self._events.emit(LaneFault(self._name, self._clock.now(), text, LaneFaultKind.NO_PICTURES))

    def _update(self, frame: ThermalFrame, result: LaneStep, warned: frozenset[int]) -> LaneUpdate:
        span_s = self._times[-1] - self._times[0]
        return LaneUpdate(
            lane=self._name,
            sequence=frame.sequence,
            captured_at=frame.captured_at,
            shape=frame.shape,
            state=result.state,
            blocked=result.blocked.value if result.blocked else None,
            reference=result.reference.state,
            reference_box=result.reference.box,
            reference_apparent_c=result.reference.apparent_c,
            faces=tuple(
                face_view(face, is_warm=face.traveller in warned)
                for face in result.faces
                if face.is_somebody
            ),
            frames_per_s=(len(self._times) - 1) / span_s if span_s > 0 else 0.0,
            dropped_frames=self._frames.dropped,
            crowd=self._watch.status(frame.captured_at),
        )


def face_view(observation: FaceObservation, *, is_warm: bool = False) -> FaceView:
    """Return a face as the kiosk shows it; without a number it bears no answer."""
    result, screening = observation.result, observation.screening
    measured = screening.measurement if screening else None
    return FaceView(
        traveller=observation.traveller,
        box=observation.face.box,
        outcome=screening.outcome if screening else None,
        skin_c=measured.skin_c if measured else None,
        u_c=measured.u_c if measured else None,
        reason=None if isinstance(result, SkinReading) else result.reason.value,
        point=result.point,
        is_warm=is_warm,
    )
