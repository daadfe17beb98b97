"""What a curve of the last minutes shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """One quantity over the last minutes."""

    title: str
    """What it is."""
    latest: str
    """Its last value, with its unit."""
    points: tuple[tuple[float, float | None], ...]
    """(minutes ago, value), the oldest first; a gap where the value is None."""
    low: float
    """The lowest value that is drawn."""
    high: float
    """The highest."""
    marks: tuple[tuple[float, str], ...]
    """Values that get a line and words."""
    is_bars: bool = False
    """Whether each point is a count, drawn as a bar."""
