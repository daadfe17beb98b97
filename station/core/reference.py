"""The external temperature reference source (ETRS): find it, check it, correct by it."""

from dataclasses import dataclass
from enum import StrEnum

from station.core.faces import Box


class ReferenceState(StrEnum):
    """Whether the reference source may be used in this frame."""

    SEARCHING = "searching"
    """Not found yet."""
    HEALTHY = "healthy"
    """In place, steady and in band: readings are corrected by it."""
    LOST = "lost"
    """It was there, and is covered, moved or switched off."""
    UNSTABLE = "unstable"
    """In place, but its temperature jumps or drifts too fast."""
    OUT_OF_BAND = "out_of_band"
    """In place, but so far from its set point that the camera is not trusted."""


@dataclass(frozen=True, slots=True)
class ReferenceReading:
    """The reference source in one frame."""

    state: ReferenceState
    """Whether it may be used."""
    box: Box | None = None
    """Where it is; excluded from face detection."""
    apparent_c: float | None = None
    """What the camera reads there, °C."""
    offset_c: float = 0.0
    """Set point minus apparent, smoothed, °C: what to add to a reading. 0 unless healthy."""
    u_c: float = 0.0
    """Standard uncertainty of the offset, °C."""
