"""What a judge knows of one clip of the twin: what the lane said, and what was true."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from station.core.extraction import SkinReading
from station.core.faces import Box, Point
from station.core.lane_steps import EndedPassage, FaceObservation, LaneStep
from station.core.room import Room

# A found face is a true one from this overlap on.
_SAME_IOU = 0.3
# Somebody of whose face less shows is hidden by somebody else or by the picture's edge.
_SEEN = 0.25
# A reading on the rim of a face, ears and hairline included, still lies on that person.
_HEAD = 1.2


@dataclass(frozen=True, slots=True)
class TrueFace:
    """One person in one frame."""

    name: str
    """The twin's name for the person."""
    box: Box
    """Hairline to chin, cheek to cheek."""
    canthus_c: float
    """Skin temperature of the hotter inner canthus, °C."""
    core_c: float
    """Core temperature, °C."""
    is_facing: bool
    """Whether the face is turned to the camera."""
    visible: float
    """Which share of the face nobody hides."""
    mm_per_px: float
    """Millimetres of the face that a pixel covers."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame."""

    t_s: float
    """Seconds since the clip's start."""
    people: tuple[TrueFace, ...]
    """Who is in view, the nearest first."""
    step: LaneStep
    """What the lane said."""
    middle_c: float
    """Apparent temperature of the picture's middle, 10x10 px, °C."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The frame in which most faces were found."""

    temperature_c: NDArray[np.float32]
    """What the camera gave, °C."""
    moment: Moment
    """What was said and true of it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One clip through one lane."""

    name: str
    """The clip's name."""
    facts: dict[str, Any]
    """What the twin says of the whole clip."""
    room: Room
    """What the lane knew of the room."""
    rate_hz: float
    """Frames a second."""
    moments: tuple[Moment, ...]
    """Every frame."""
    ended: tuple[EndedPassage, ...]
    """Every traveller's end."""
    snapshot: Snapshot | None = None
    """The frame to look at."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its bar."""

    key: str
    """Stable name."""
    what: str
    """What was measured."""
    value: float | None
    """The figure; None if nothing could be measured."""
    text: str
    """The figure as people read it."""
    bar: str = ""
    """What was wanted; empty for a figure that only explains."""
    is_met: bool | None = None
    """Whether it was reached; None without a bar."""


def same_face(observation: FaceObservation, people: Sequence[TrueFace]) -> TrueFace | None:
    """Return the person whose face was found; whoever is hidden was not."""
    box = observation.face.box
    seen = [who for who in people if who.visible >= _SEEN]
    best = max(seen, key=lambda who: who.box.iou(box), default=None)
    return best if best is not None and best.box.iou(box) >= _SAME_IOU else None


def person_at(point: Point, people: Sequence[TrueFace]) -> TrueFace | None:
    """Return the nearest person whose head covers a pixel."""
    # Points count from pixels' middles, boxes from their edges.
    place = point[0] + 0.5, point[1] + 0.5
    return next((who for who in people if who.box.grown(_HEAD).contains(place)), None)


def owners(run: Run) -> dict[int, str]:
    """Return whose each traveller's number is: whoever it was seen on most often."""
    seen: dict[int, Counter[str]] = defaultdict(Counter)
    for moment in run.moments:
        for face in moment.step.faces:
            who = same_face(face, moment.people)
            if face.traveller is not None and who is not None:
                seen[face.traveller][who.name] += 1
    return {number: counts.most_common(1)[0][0] for number, counts in seen.items()}


def passers(run: Run) -> dict[UUID, str]:
    """Return whose each passage is: of whom most faces went into it."""
    seen: dict[UUID, Counter[str]] = defaultdict(Counter)
    for moment in run.moments:
        for face in moment.step.faces:
            who = same_face(face, moment.people)
            if face.passage_id is not None and who is not None:
                seen[face.passage_id][who.name] += 1
    return {key: counts.most_common(1)[0][0] for key, counts in seen.items()}


def readings(run: Run) -> Iterator[tuple[Moment, int | None, SkinReading]]:
    """Yield every valid reading with its frame and its traveller's number."""
    for moment in run.moments:
        for face in moment.step.faces:
            if isinstance(face.result, SkinReading):
                yield moment, face.traveller, face.result
