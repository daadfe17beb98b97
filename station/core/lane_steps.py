"""What one frame brings: faces with what became of them, flags, and passages that ended."""

from dataclasses import dataclass
from uuid import UUID

from station.core.extraction import Rejection, RejectReason, SkinReading
from station.core.faces import FaceRegion, Point
from station.core.lane_events import LaneState
from station.core.passages import Passage
from station.core.reference import ReferenceReading
from station.core.screening import Screening
from station.core.tracks import Track
from station.core.visits import Visit


@dataclass(frozen=True, slots=True)
class FaceObservation:
    """One face in one frame, and what became of it."""

    face: FaceRegion
    """Where."""
    traveller: int | None
    """The traveller's number, or None while the face is not confirmed, or may be another's."""
    result: SkinReading | Rejection
    """This frame's reading, or why there is none."""
    screening: Screening | None
    """The traveller's answer so far."""
    passage_id: UUID | None = None
    """The passage that the face will be part of, if it becomes one."""
    is_somebody: bool = True
    """Whether the face was seen in enough frames to be a traveller, with a number or without."""


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
    blocked: RejectReason | None
    """Why nothing in this frame may be measured, or None."""
    reference: ReferenceReading
    """The reference source in this frame."""
    faces: tuple[FaceObservation, ...]
    """All faces of this frame, confirmed or not."""
    flags: tuple[Flag, ...]
    """Travellers flagged in this frame."""
    ended: tuple[EndedPassage, ...]
    """Travellers who have left."""


def observed(
    track: Track,
    result: SkinReading | Rejection,
    visit: Visit,
    *,
    is_hot: bool,
    confirm_frames: int,
) -> FaceObservation:
    """Return what is said of a face.

    In doubt it shows no reading, and no number until what was seen since has an answer; and a new
    number waits some frames if somebody is too near.

    Args:
        track: the face's.
        result: what was read of it in this frame.
        visit: what was seen of it so far.
        is_hot: whether it is flagged in this frame.
        confirm_frames: frames in which a face must be seen to be somebody.
    """
    number = track.traveller
    if number is not None and not is_hot:
        if visit.hides_number(result):
            number = None
        elif track.is_shaky or track.is_doubtful:
            result = _DOUBT
            if track.is_shaky or visit.screening is None:
                number = None
        else:
            visit.is_shown = True
    return FaceObservation(
        track.face,
        number,
        result,
        None if number is None else visit.screening,
        visit.passage_id,
        is_somebody=track.hits >= confirm_frames,
    )


_DOUBT = Rejection(RejectReason.FACES_TOO_NEAR)
