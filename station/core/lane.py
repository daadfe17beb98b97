"""One lane: frames in; faces, flags and passages out. The screening state machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import hypot, inf
from uuid import UUID

from station.core import estimation
from station.core.anatomy import crowded
from station.core.extraction import (
    ExtractionLimits,
    Rejection,
    RejectReason,
    SkinReading,
    Surroundings,
    is_facing,
    measure_skin,
)
from station.core.faces import Box, FaceLocator, FaceRegion
from station.core.following import Follower
from station.core.frame_checks import FrameLimits, FrameMonitor
from station.core.frames import FrameStatus, ThermalFrame
from station.core.lane_events import LaneState
from station.core.lane_steps import EndedPassage, Flag, LaneStep, observed
from station.core.neighbours import own_readings, stray_readings
from station.core.passages import Passage
from station.core.reference import (
    ReferenceLimits,
    ReferenceReading,
    ReferenceState,
    ReferenceTracker,
)
from station.core.room import Room
from station.core.screening import Outcome, Screening, ThresholdPolicy, policy_on
from station.core.source import SourceStanding
from station.core.tracks import Track
from station.core.uncertainty import mm_per_px
from station.core.visit_book import VisitBook
from station.core.visits import Visit, VisitLimits


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """How a lane turns faces into answers."""

    extraction: ExtractionLimits
    """What a face must keep to be measured."""
    reference: ReferenceLimits
    """What the reference source must keep."""
    frame: FrameLimits
    """What a frame must keep."""
    pixel_lag_s: float
    """Time in which a pixel follows a change: what moves in it is blurred, seconds."""
    begin_score: float
    """The locator's confidence from which a face begins a traveller, 0 to 1."""
    confirm_frames: int
    """Frames with a face before it counts as a traveller."""
    forget_s: float
    """Seconds without a face before a traveller has left."""
    visit: VisitLimits
    """When readings are enough, and when they agree."""


class Lane:
    """Screens the stream of one camera. Give it every frame in order, from one thread.

    Args:
        name: as staff say it.
        camera_id: the camera's name in the settings.
        locator: finds faces.
        limits: how faces become answers.
        policies: the dated thresholds.
        room: the room until a sensor says otherwise.
        new_id: makes passage ids.
        oral_model: estimates oral temperatures beside the readings; None estimates none.
    """

    def __init__(
        self,
        *,
        name: str,
        camera_id: str,
        locator: FaceLocator,
        limits: LaneLimits,
        policies: Sequence[ThresholdPolicy],
        room: Room,
        new_id: Callable[[], UUID],
        oral_model: estimation.OralModel | None = None,
    ) -> None:
        self._oral_model = oral_model
        self._name = name
        self._camera_id = camera_id
        self._locator = locator
        self._limits = limits
        self._policies = tuple(policies)
        self._room = room
        self._monitor = FrameMonitor(limits.frame)
        self._reference = ReferenceTracker(limits.reference)
        self._follower = Follower(
            begin_score=limits.begin_score,
            confirm_frames=limits.confirm_frames,
            forget_s=limits.forget_s,
        )
        self._visits = VisitBook(limits.visit, forget_s=limits.forget_s, new_id=new_id)
        self._looks, self._looked_at_s = 0, -inf
        self._source: SourceStanding | None = None
        self._shape: tuple[int, int] | None = None

    def set_policies(self, policies: Sequence[ThresholdPolicy]) -> None:
        """Compare with these thresholds from the next frame on."""
        self._policies = tuple(policies)

    def set_room(self, room: Room) -> None:
        """Take what the room's sensors say from now on."""
        self._room = room

    def set_source(self, source: SourceStanding | None) -> None:
        """Take what the reference source says of itself from now on; None if it has no voice."""
        self._source = source

    def step(self, frame: ThermalFrame) -> LaneStep:
        """Screen the next frame."""
        interrupted = self._begin_anew() if self._is_of_another_size(frame) else ()
        blocked = self._monitor.step(frame, self._room)
        reference = self._look_at_source(frame)
        policy = self._policy_at(frame.captured_at)
        tracks, gone = self._follower.step(self._faces(frame, reference), frame)
        observations, flags, ended = [], [], list(interrupted)
        results = self._results(frame, blocked, reference, tracks)
        strays = stray_readings(results, [track.face for track in tracks])
        for track, read, is_stray in zip(tracks, results, strays, strict=True):
            visit = self._visit_of(frame, reference, track)
            result = read
            if is_stray:
                result = visit.pass_over(RejectReason.FACES_TOO_NEAR)
            elif not (track.is_shaky or (track.is_doubtful and track.is_touching)):
                visit.take(result, policy)
            is_hot = self._is_to_be_flagged(track, visit, tracks)
            if is_hot and track.traveller is None:
                self._follower.number(track)
                self._visits.keep(track, visit)
            observation = observed(
                track, result, visit, is_hot=is_hot, confirm_frames=self._limits.confirm_frames
            )
            observations.append(observation)
            if observation.traveller is not None:
                self._follower.show(track)
            if is_hot:
                visit.is_flagged = True
                flags.append(Flag(self._passage(visit, track), observation))
        ended += [passage for track in gone for passage in self._end(track)]
        ended += self._end_unnumbered(frame.monotonic_s)
        state = self._state(blocked, reference)
        return LaneStep(state, blocked, reference, tuple(observations), tuple(flags), tuple(ended))

    def end(self) -> tuple[EndedPassage, ...]:
        """End every passage, as when the stream ends or the camera is lost."""
        ended = [passage for track in self._follower.end() for passage in self._end(track)]
        return (*ended, *self._end_unnumbered(inf))

    def _is_of_another_size(self, frame: ThermalFrame) -> bool:
        before, self._shape = self._shape, frame.shape
        return before not in {None, frame.shape}

    def _begin_anew(self) -> tuple[EndedPassage, ...]:
        """End every passage and look for the source: a place in pixels is another one now."""
        self._reference = ReferenceTracker(self._limits.reference)
        return self.end()

    def _policy_at(self, at: datetime) -> ThresholdPolicy | None:
        return policy_on(self._policies, at.astimezone(self._limits.frame.zone).date())

    def _look_at_source(self, frame: ThermalFrame) -> ReferenceReading:
        source, ambient_c = self._source, self._room.ambient_c
        if source is None:
            return self._reference.step(frame, ambient_c)
        return source.limit(self._reference.step(frame, ambient_c, source.truth))

    def _faces(self, frame: ThermalFrame, reference: ReferenceReading) -> tuple[FaceRegion, ...]:
        if frame.status is FrameStatus.NOT_RADIOMETRIC:
            return ()
        faces = self._locator.locate(frame.temperature_c, self._where(frame))
        if reference.box is None:
            return faces
        source, mount = reference.box, reference.box.grown(_MOUNT)
        return tuple(f for f in faces if not _is_source(f, source, mount))

    def _where(self, frame: ThermalFrame) -> slice | None:
        """Return the rows to look for faces in: of large pictures mostly where heads are."""
        self._looks += 1
        at_s = frame.monotonic_s
        is_due = not self._looks % _EVERYWHERE and at_s - self._looked_at_s >= _EVERYWHERE_S
        if is_due:
            self._looked_at_s = at_s
        rows = self._follower.expected_rows(at_s)
        if rows is None or frame.temperature_c.size <= _LARGE_PX or is_due:
            return None
        top, bottom = (min(max(int(row), 0), frame.shape[0]) for row in rows)
        return slice(top, bottom) if bottom > top else None

    def _results(
        self,
        frame: ThermalFrame,
        blocked: RejectReason | None,
        reference: ReferenceReading,
        tracks: Sequence[Track],
    ) -> Sequence[SkinReading | Rejection]:
        """Return what was read of each face, or why nothing was."""
        if blocked is not None:
            return [Rejection(blocked) for _ in tracks]
        is_cold_outside = self._limits.frame.room.is_cold_outside(self._room)
        faces = [
            (
                track.face,
                Surroundings(
                    room=self._room,
                    is_cold_outside=is_cold_outside,
                    blur_mm=hypot(*track.velocity)
                    * self._limits.pixel_lag_s
                    * mm_per_px(track.face),
                    is_crowded=is_crowded,
                ),
            )
            for track, is_crowded in zip(tracks, crowded([t.face for t in tracks]), strict=True)
        ]
        results = measure_skin(frame, faces, reference, self._limits.extraction)
        return own_readings(results, [track.face for track in tracks])

    def _visit_of(self, frame: ThermalFrame, reference: ReferenceReading, track: Track) -> Visit:
        """Return the visit that a face of this frame belongs to, and let it know of the sight."""
        visit = self._visits.of(track, frame)
        visit.last_at, visit.last_sequence = frame.captured_at, frame.sequence
        visit.reference = reference.state
        visit.facing_frames += is_facing(track.face, self._limits.extraction)
        visit.clear_frames += track.face.frontality >= _CLEARLY
        is_mixed = track.is_doubtful and track.is_touching
        if track.is_anew:
            visit.begin()
        elif not track.is_doubtful:
            visit.trust()
        elif is_mixed or not self._visits.is_own(track):
            visit.doubt(is_mixed=is_mixed)
        return visit

    def _is_to_be_flagged(self, track: Track, visit: Visit, tracks: Sequence[Track]) -> bool:
        """Whether somebody is hot who was not flagged, nor may be somebody who was."""
        is_above = visit.screening is not None and visit.screening.outcome is Outcome.ABOVE
        if not is_above or visit.is_flagged:
            return False
        return not self._visits.is_own(track) or not self._visits.may_be_flagged(track, tracks)

    def _end(self, track: Track) -> list[EndedPassage]:
        """End a number's passage, and one of a face that never proved to be the number's."""
        visit, own = self._visits.ended(track), self._visits.take_own(track)
        if visit is None and own is not None:
            visit, own = own, None
        if visit is None:
            raise ValueError("a traveller without a visit")
        if own is not None and own.is_measured:
            visit.part()
            return [self._left(visit, track), self._apart(own, track)]
        if track.is_doubtful and not (own is None and visit.is_measured):
            visit.doubt()
        return [self._left(visit, track)]

    def _end_unnumbered(self, at_s: float) -> list[EndedPassage]:
        """End who was measured and lost before it was clear who it is: nobody passes uncounted."""
        return [self._apart(own, track) for track, own in self._visits.lost_without_number(at_s)]

    def _apart(self, visit: Visit, track: Track) -> EndedPassage:
        """End what was seen of a face as a passage of its own, by the number that it showed."""
        if track.traveller is None:
            self._follower.number(track)
        track.first_at, track.first_sequence = visit.first_at, visit.first_sequence
        return self._left(visit, track)

    def _left(self, visit: Visit, track: Track) -> EndedPassage:
        return EndedPassage(self._passage(visit, track), visit.is_flagged, visit.point)

    def _passage(self, visit: Visit, track: Track) -> Passage:
        return Passage(
            passage_id=visit.passage_id,
            lane=self._name,
            camera_id=self._camera_id,
            traveller=_number(track),
            first_at=track.first_at,
            last_at=visit.last_at,
            first_sequence=track.first_sequence,
            last_sequence=visit.last_sequence,
            screening=self._estimated(visit.answer(self._policy_at(visit.last_at)), visit),
            reference=visit.reference,
            facing_frames=visit.facing_frames,
        )

    def _estimated(self, screening: Screening, visit: Visit) -> Screening:
        """Put an oral estimate beside what was measured; the answer stays as it is."""
        if self._oral_model is None or screening.measurement is None:
            return screening
        room = estimation.Surroundings(self._room.ambient_c, self._room.humidity_pct)
        oral = estimation.estimate_oral(self._oral_model, visit.sites(), room)
        if isinstance(oral, estimation.NoEstimate):
            return screening
        return replace(screening, measurement=replace(screening.measurement, oral=oral))

    def _state(self, blocked: RejectReason | None, reference: ReferenceReading) -> LaneState:
        if blocked is not None:
            return _BLOCKED_STATES.get(blocked, LaneState.BLOCKED)
        if reference.state is not ReferenceState.HEALTHY:
            return LaneState.NO_REFERENCE
        if not self._visits.numbered():
            return LaneState.READY
        has_answer = any(visit.screening is not None for visit in self._visits.numbered())
        return LaneState.MEASURED if has_answer else LaneState.TRACKING


# Pictures larger than this are looked at everywhere only in every third frame, and of a fast camera
# three times a second: whoever comes in at another height is found a third of a second later.
_LARGE_PX, _EVERYWHERE, _EVERYWHERE_S = 320 * 240, 3, 0.29

# Frontality of a face that is clearly turned to the camera: simulated heads at 40 degrees reach
# 0.89 (smoothed), people who walk to it 0.95 and more.
_CLEARLY = 0.9

_BLOCKED_STATES = {
    RejectReason.NOT_RADIOMETRIC: LaneState.FAULT,
    RejectReason.STALE_FRAME: LaneState.FAULT,
    RejectReason.WARMING_UP: LaneState.WARMING_UP,
    RejectReason.SHUTTER: LaneState.SETTLING,
}


def _number(track: Track) -> int:
    if track.traveller is None:
        raise ValueError("an unconfirmed track has no traveller")
    return track.traveller


def _is_source(face: FaceRegion, source: Box, mount: Box) -> bool:
    """Whether a found face is the reference source itself, not somebody half behind its box."""
    return source.contains(face.box.center) or face.box.iou(mount) > _SAME


# The source's mount is about this many disc widths wide; a face that overlaps it more than this
# is the source.
_MOUNT = 1.5
_SAME = 0.3
