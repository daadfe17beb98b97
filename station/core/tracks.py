"""One face over time: where it is, where it should be next, and how it looks."""

from dataclasses import dataclass, field
from datetime import datetime
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.core.appearance import Look, look_of
from station.core.faces import FaceRegion, Point
from station.core.frames import ThermalFrame

# All in face widths and seconds. A face is 0.15 m wide; heads bob by a centimetre at 1.7 Hz, which
# is 9 widths/s^2, and people cross a lane at up to 1.2 m/s, 8 widths/s (chosen from these).
PLACE_SD = 0.08
"""The locator's scatter."""
_ACCELERATION_SD = 2.0
FIRST_SPEED_SD = 4.0
"""How fast somebody may be of whom nothing is known."""
# The locator's boxes jump now and then: scatter has heavy tails (Student's t with four degrees of
# freedom), and a jump pulls the filter less.
TAIL = 6.0
"""Degrees of freedom of the scatter."""
LONG, SHORT = 30.0, 4.0
"""How many frames a memory of a head holds."""
SIZE_SD, SIZE_SD_PER_S = 0.075, 0.2
"""How a face's width may change, as its logarithm: the locator's scatter, and coming nearer."""
_JUMP_FADES = 0.5
# So many first sights tell how fast somebody was when coming into sight.
_FIRST_SIGHTS = 5
_SIZE_GAIN, _FRONTALITY_GAIN, _CONFIDENCE_GAIN = 0.5, 0.4, 0.3


@dataclass(slots=True, eq=False)
class Track:
    """One face over time. Owned by its follower; others only read."""

    traveller: int | None
    """The traveller's number, or None while it is not known who it is."""
    face: FaceRegion
    """The face when last seen."""
    first_at: datetime
    """When first seen, aware, UTC."""
    first_sequence: int
    """Frame number at first sight."""
    began_at_s: float
    """Monotonic time from which on it was seen without a doubt."""
    began_at: Point
    """Where that was, (row, column)."""
    seen_at_s: float
    """Monotonic time when last seen."""
    look: Look
    """How it has looked lately."""
    first_sights: list[tuple[float, Point]] = field(default_factory=list)
    """Monotonic time and place, (row, column), of the first of these."""
    hits: int = 1
    """Frames in which it was seen since then."""
    own_way_since_s: float = 0.0
    """Monotonic time since which it goes its own way."""
    earlier: tuple[Look, float] | None = None
    """How the face looked that was lost here in doubt, and since when that went its own way."""
    unnamed_since_s: float = 0.0
    """Monotonic time since which somebody is seen here who has no number."""
    is_counted: bool = False
    """Whether it follows, in doubt, on somebody who has a number."""
    velocity: tuple[float, float] = (0.0, 0.0)
    """Rows and columns a second."""
    is_doubtful: bool = False
    """Whether the face of this frame may be somebody else's."""
    is_touching: bool = False
    """Whether it is so near to somebody else that either may be taken for the other."""
    place: Point = (0.0, 0.0)
    """Filtered center of the face, (row, column)."""
    spread: tuple[float, float, float] = (PLACE_SD**2, 0.0, FIRST_SPEED_SD**2)
    """Variances of place, place with speed, and speed, in face widths; the same both ways."""
    log_width: float = 0.0
    """Logarithm of the smoothed width, px."""
    first_log_width: float = 0.0
    """Logarithm of its width when it came into sight, px."""
    frontality: float = 0.0
    """Smoothed frontality."""
    confidence: float = 0.0
    """Smoothed confidence of the locator."""
    proven: Look | None = None
    """How it looked in frames without a doubt; None while it was near nobody."""
    recent: Look | None = None
    """How it has looked in the latest frames; None while it was near nobody."""
    proofs: int = 0
    """In how many frames running it has looked like itself since it was near somebody."""
    is_shown: bool = False
    """Whether anybody has seen its number."""
    strange_frames: int = 0
    """In how many frames running it has looked like none of those that it was near."""
    is_anew: bool = False
    """Whether its number, never shown, begins with the face that is seen now."""
    rivals: tuple[Look, ...] = ()
    """How those looked that it was near: it may be one of them by now."""
    jump: float = 0.0
    """How far its latest boxes lay from what was expected, -2 log likelihood; fades."""
    is_shaky: bool = False
    """Whether this frame may show somebody else there: its box has just jumped beside somebody, or
    another assignment of the faces fits nearly as well."""
    is_hidden: bool = False
    """Whether somebody stood before it when it was lost."""

    def expected(self, at_s: float) -> Point:
        """Return where the face's middle should be at a monotonic time, (row, column)."""
        dt = at_s - self.seen_at_s
        return self.place[0] + self.velocity[0] * dt, self.place[1] + self.velocity[1] * dt

    def advance(self, face: FaceRegion, at_s: float) -> None:
        """Take a new sight of the face; what it says of itself is smoothed."""
        dt = at_s - self.seen_at_s
        place, both, speed = predicted(self.spread, dt)
        (row, column), (vy, vx) = self.place, self.velocity
        dy, dx = face.box.center[0] - row - vy * dt, face.box.center[1] - column - vx * dt
        distance = (dy * dy + dx * dx) / exp(2 * self.log_width)
        growth = log(face.box.width) - self.log_width
        misfit = distance / (place + PLACE_SD**2) + (growth / (SIZE_SD + SIZE_SD_PER_S * dt)) ** 2
        self.jump = max(misfit, _JUMP_FADES * self.jump)
        gain, self.spread = _corrected((place, both, speed), distance)
        self.place = row + vy * dt + gain[0] * dy, column + vx * dt + gain[0] * dx
        self.velocity = vy + gain[1] * dy, vx + gain[1] * dx
        self.log_width += _SIZE_GAIN * growth
        self.frontality += _FRONTALITY_GAIN * (face.frontality - self.frontality)
        self.confidence += _CONFIDENCE_GAIN * (face.score - self.confidence)
        frontality = min(face.frontality, self.frontality)
        self.face = FaceRegion(face.box, face.score, frontality, face.canthi)
        self.seen_at_s, self.hits = at_s, self.hits + 1
        if len(self.first_sights) < _FIRST_SIGHTS:
            self.first_sights.append((at_s, face.box.center))


def begun(
    face: FaceRegion, traits: NDArray[np.float64], is_seen: np.bool_, frame: ThermalFrame
) -> Track:
    """Return the track of a face that is seen for the first time, and how it looks."""
    return Track(
        None,
        face,
        frame.captured_at,
        frame.sequence,
        frame.monotonic_s,
        face.box.center,
        frame.monotonic_s,
        look_of(traits, is_seen, LONG),
        first_sights=[(frame.monotonic_s, face.box.center)],
        own_way_since_s=frame.monotonic_s,
        place=face.box.center,
        log_width=log(face.box.width),
        first_log_width=log(face.box.width),
        frontality=face.frontality,
        confidence=face.score,
    )


def predicted(
    spread: NDArray[np.float64] | tuple[float, ...], dt: NDArray[np.float64] | float
) -> tuple[Any, Any, Any]:
    """Return the variances of place and speed, and their covariance, some seconds later."""
    place, both, speed = spread
    push = _ACCELERATION_SD**2 * dt
    return (
        place + dt * (2 * both + dt * speed) + push * dt**3 / 4,
        both + dt * speed + push * dt**2 / 2,
        speed + push * dt,
    )


def beginning(track: Track) -> tuple[Point, Point, tuple[float, float, float]]:
    """Return where a face came into sight, and how fast, as its first sights tell together.

    The same filter as that of the track, backwards.

    Returns:
        Place (row, column), rows and columns a second, and the variances of place, place with
        speed, and speed, in face widths.
    """
    (seen_s, (row, column)), *earlier = reversed(track.first_sights)
    vy = vx = 0.0
    spread = PLACE_SD**2, 0.0, FIRST_SPEED_SD**2
    for at_s, center in earlier:
        dt, seen_s = seen_s - at_s, at_s
        row, column = row - vy * dt, column - vx * dt
        # Backwards, who is faster was farther back.
        place, both, speed = predicted((spread[0], -spread[1], spread[2]), dt)
        dy, dx = center[0] - row, center[1] - column
        distance = (dy * dy + dx * dx) / exp(2 * track.log_width)
        gain, spread = _corrected((place, -both, speed), distance)
        row, column = row + gain[0] * dy, column + gain[0] * dx
        vy, vx = vy + gain[1] * dy, vx + gain[1] * dx
    return (row, column), (vy, vx), spread


def _corrected(
    spread: tuple[float, float, float], distance: float
) -> tuple[tuple[float, float], tuple[float, float, float]]:
    """Return by how much a sight moves place and speed, and the variances after it.

    Args:
        spread: the variances before it.
        distance: how far it lies from what was expected, in face widths, squared.
    """
    place, both, speed = spread
    scatter = PLACE_SD**2 * max(1.0, distance / (place + PLACE_SD**2) / TAIL)
    gain = place / (place + scatter), both / (place + scatter)
    return gain, ((1 - gain[0]) * place, (1 - gain[0]) * both, speed - gain[1] * both)
