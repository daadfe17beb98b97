"""One lane: frames in; faces, flags and passages out. The screening state machine."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np

from station.core.events import LaneState
from station.core.extraction import (
    ExtractionLimits,
    Rejection,
    RejectReason,
    SkinReading,
    measure_canthus,
)
from station.core.faces import Box, FaceLocator, FaceRegion, Point
from station.core.following import Follower, Track
from station.core.frames import FrameStatus, ThermalFrame
from station.core.passages import Passage
from station.core.reference import (
    ReferenceLimits,
    ReferenceReading,
    ReferenceState,
    ReferenceTracker,
)
from station.core.screening import (
    Measurement,
    Outcome,
    Screening,
    ThresholdPolicy,
    decide,
    not_measured,
    policy_on,
)

# Half the distance from the 16th to the 84th percentile is the standard deviation of normal noise;
# one outlier does not move it, two disagreeing groups do. The median's standard error is 1.2533 x
# SD / sqrt(n) (any statistics textbook).
_ONE_SD_PERCENTILES = (15.87, 84.13)
_MEDIAN_ERROR = 1.2533


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """How a lane turns faces into answers."""

    extraction: ExtractionLimits
    """What a face must keep to be measured."""
    reference: ReferenceLimits
    """What the reference source must keep."""
    warm_up_s: float
    """Seconds from the first frame in which nothing is measured."""
    confirm_frames: int
    """Frames with a face before it counts as a traveller."""
    forget_s: float
    """Seconds without a face before a traveller has left."""
    min_valid_frames: int
    """Valid frames before there is an answer."""
    window_frames: int
    """The latest valid frames that the median is taken over."""
    max_spread_c: float
    """Largest robust standard deviation of these frames, °C."""


@dataclass(frozen=True, slots=True)
class FaceObservation:
    """One face in one frame, and what became of it."""

    face: FaceRegion
    """Where."""
    traveller: int | None
    """The traveller's number, or None while the face is not confirmed."""
    result: SkinReading | Rejection
    """This frame's reading, or why there is none."""
    screening: Screening | None
    """The traveller's answer so far."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A traveller has just reached the threshold."""

    passage: Passage
    """The passage up to the flag."""
    observation: FaceObservation
    """The face in the frame of the flag."""


@dataclass(frozen=True, slots=True)
class EndedPassage:
    """A traveller has left."""

    passage: Passage
    """The whole passage with its final answer."""
    was_flagged: bool
    """Whether a `Flag` with the same passage id went before."""
    point: Point | None
    """(row, column) of the last valid reading."""


@dataclass(frozen=True, slots=True)
class LaneStep:
    """What one frame brought."""

    state: LaneState
    """What the lane can do."""
    reference: ReferenceReading
    """The reference source in this frame."""
    faces: tuple[FaceObservation, ...]
    """All faces of this frame, confirmed or not."""
    flags: tuple[Flag, ...]
    """Travellers flagged in this frame."""
    ended: tuple[EndedPassage, ...]
    """Travellers who have left."""


@dataclass(slots=True)
class _Visit:
    """One confirmed traveller's memory while in view."""

    passage_id: UUID
    last_at: datetime
    last_sequence: int
    readings: deque[SkinReading]
    reference: ReferenceState = ReferenceState.SEARCHING
    reasons: Counter[RejectReason] = field(default_factory=Counter)
    screening: Screening | None = None
    is_flagged: bool = False


class Lane:
    """Screens the stream of one camera. Give it every frame in order, from one thread."""

    def __init__(
        self,
        *,
        name: str,
        camera_id: str,
        locator: FaceLocator,
        limits: LaneLimits,
        policies: Sequence[ThresholdPolicy],
        new_id: Callable[[], UUID],
    ) -> None:
        self._name = name
        self._camera_id = camera_id
        self._locator = locator
        self._limits = limits
        self._policies = tuple(policies)
        self._new_id = new_id
        self._reference = ReferenceTracker(limits.reference)
        self._follower = Follower(confirm_frames=limits.confirm_frames, forget_s=limits.forget_s)
        self._visits: dict[int, _Visit] = {}
        self._started_s: float | None = None

    def step(self, frame: ThermalFrame) -> LaneStep:
        """Screen the next frame."""
        if self._started_s is None:
            self._started_s = frame.monotonic_s
        is_warm = frame.monotonic_s - self._started_s >= self._limits.warm_up_s
        reference = self._reference.step(frame)
        tracks, gone = self._follower.step(self._faces(frame, reference), frame)
        observations, flags = [], []
        for track in tracks:
            observation, flag = self._observe(frame, reference, track, is_warm)
            observations.append(observation)
            if flag is not None:
                flags.append(flag)
        ended = tuple(self._end(track) for track in gone)
        state = self._state(frame, reference, is_warm)
        return LaneStep(state, reference, tuple(observations), tuple(flags), ended)

    def end(self) -> tuple[EndedPassage, ...]:
        """End every passage, as when the stream ends or the camera is lost."""
        return tuple(self._end(track) for track in self._follower.end())

    def _faces(self, frame: ThermalFrame, reference: ReferenceReading) -> tuple[FaceRegion, ...]:
        if frame.status is FrameStatus.NOT_RADIOMETRIC:
            return ()
        faces = self._locator.locate(frame.temperature_c)
        if reference.box is None:
            return faces
        source = reference.box
        return tuple(f for f in faces if not _is_source(f, source))

    def _observe(
        self, frame: ThermalFrame, reference: ReferenceReading, track: Track, is_warm: bool
    ) -> tuple[FaceObservation, Flag | None]:
        result: SkinReading | Rejection = (
            measure_canthus(frame, track.face, reference, self._limits.extraction)
            if is_warm
            else Rejection(RejectReason.WARMING_UP)
        )
        if track.traveller is None:
            return FaceObservation(track.face, None, result, None), None
        visit = self._visits.get(track.traveller)
        if visit is None:
            window = deque[SkinReading](maxlen=self._limits.window_frames)
            visit = _Visit(self._new_id(), frame.captured_at, frame.sequence, window)
            self._visits[track.traveller] = visit
        visit.last_at, visit.last_sequence = frame.captured_at, frame.sequence
        visit.reference = reference.state
        self._take(visit, result, frame)
        observation = FaceObservation(track.face, track.traveller, result, visit.screening)
        is_above = visit.screening is not None and visit.screening.outcome is Outcome.ABOVE
        if not is_above or visit.is_flagged:
            return observation, None
        visit.is_flagged = True
        return observation, Flag(self._passage(visit, track), observation)

    def _take(self, visit: _Visit, result: SkinReading | Rejection, frame: ThermalFrame) -> None:
        """Add this frame's result to the visit and renew its answer."""
        if isinstance(result, Rejection):
            visit.reasons[result.reason] += 1
            return
        visit.readings.append(result)
        if visit.is_flagged or len(visit.readings) < self._limits.min_valid_frames:
            return
        policy = policy_on(self._policies, frame.captured_at.date())
        combined = combine(tuple(visit.readings), self._limits.max_spread_c)
        visit.screening = (
            not_measured((combined,), policy)
            if isinstance(combined, RejectReason)
            else decide(combined, policy)
        )

    def _end(self, track: Track) -> EndedPassage:
        visit = self._visits.pop(_number(track))
        point = visit.readings[-1].point if visit.readings else None
        return EndedPassage(self._passage(visit, track), visit.is_flagged, point)

    def _passage(self, visit: _Visit, track: Track) -> Passage:
        return Passage(
            passage_id=visit.passage_id,
            lane=self._name,
            camera_id=self._camera_id,
            traveller=_number(track),
            first_at=track.first_at,
            last_at=visit.last_at,
            first_sequence=track.first_sequence,
            last_sequence=visit.last_sequence,
            screening=visit.screening or self._unanswered(visit),
            reference=visit.reference,
        )

    def _unanswered(self, visit: _Visit) -> Screening:
        reasons = tuple(reason for reason, _ in visit.reasons.most_common())
        policy = policy_on(self._policies, visit.last_at.date())
        return not_measured(reasons or (RejectReason.TOO_FEW_FRAMES,), policy)

    def _state(self, frame: ThermalFrame, reference: ReferenceReading, is_warm: bool) -> LaneState:
        if frame.status in {FrameStatus.NOT_RADIOMETRIC, FrameStatus.STALE}:
            return LaneState.FAULT
        if not is_warm:
            return LaneState.WARMING_UP
        if reference.state is not ReferenceState.HEALTHY:
            return LaneState.NO_REFERENCE
        if not self._visits:
            return LaneState.READY
        has_answer = any(visit.screening is not None for visit in self._visits.values())
        return LaneState.MEASURED if has_answer else LaneState.TRACKING


def combine(readings: tuple[SkinReading, ...], max_spread_c: float) -> Measurement | RejectReason:
    """Return the median of a traveller's valid readings, or UNSTEADY if they disagree.

    Args:
        readings: at least one valid reading, oldest first.
        max_spread_c: largest robust standard deviation that still counts as one temperature, °C.
    """
    values = np.array([reading.skin_c for reading in readings])
    median = float(np.median(values))
    low, high = np.percentile(values, _ONE_SD_PERCENTILES)
    if (high - low) / 2 > max_spread_c:
        return RejectReason.UNSTEADY
    scatter = _MEDIAN_ERROR * float(values.std()) / np.sqrt(len(values))
    systematic = max(reading.u_c for reading in readings)
    return Measurement(
        median, float(np.hypot(systematic, scatter)), readings[-1].site, len(readings)
    )


def _number(track: Track) -> int:
    if track.traveller is None:
        raise ValueError("an unconfirmed track has no traveller")
    return track.traveller


def _is_source(face: FaceRegion, source: Box) -> bool:
    """Whether a found face is the reference source itself, not somebody half behind its box."""
    return source.contains(face.box.center) or face.box.iou(source.grown(_MOUNT)) > _SAME


# The source's mount is about this many disc widths wide; a face that overlaps it more than this
# is the source.
_MOUNT = 1.5
_SAME = 0.3
