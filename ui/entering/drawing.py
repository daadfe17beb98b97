"""Areas that somebody draws by taps on two corners, and takes away by a tap; no Qt, no words."""

from collections.abc import Sequence
from enum import StrEnum

from station.core.masks import Region, mask_at

Corner = tuple[float, float]
"""(row, column) as fractions of the picture."""

MOST = 4
"""So many may be drawn."""
# Chosen: a smaller one holds no disc that could be measured, and no lamp that could mislead.
_LEAST_SIDE = 0.05


class Drawn(StrEnum):
    """What a tap did that must be said."""

    TOO_SMALL = "too_small"
    """It would have made too small an area."""
    NOT_THERE = "not_there"
    """There is no area to take away."""
    NO_DISC = "no_disc"
    """It does not point at a disc."""


class Drawing:
    """What is drawn since somebody began to.

    Args:
        areas: what it begins with.
        is_removing: whether taps take areas away.
    """

    def __init__(self, areas: Sequence[Region] = (), *, is_removing: bool = False) -> None:
        self.areas: tuple[Region, ...] = tuple(areas)
        """What is drawn."""
        self.corner: Corner | None = None
        """The first corner of the next one."""
        self.is_removing = is_removing
        """Whether taps take areas away."""

    @property
    def is_full(self) -> bool:
        """Whether no more may be drawn."""
        return len(self.areas) >= MOST

    def tap(self, at: Corner) -> Drawn | None:
        """Take a tap; return what must be said of it."""
        if self.is_removing:
            return self._remove(at)
        if self.is_full:
            return None
        if self.corner is None:
            self.corner = at
            return None
        area, self.corner = _between(self.corner, at), None
        if min(area[2] - area[0], area[3] - area[1]) < _LEAST_SIDE:
            return Drawn.TOO_SMALL
        self.areas = (*self.areas, area)
        return None

    def _remove(self, at: Corner) -> Drawn | None:
        # The last one drawn lies over the others.
        found = mask_at(self.areas[::-1], at)
        if found is None:
            return Drawn.NOT_THERE
        self.areas = tuple(one for one in self.areas if one != found)
        return None


def _between(first: Corner, second: Corner) -> Region:
    """Return the area between two corners, (top, left, bottom, right), to a thousandth."""
    top, bottom = sorted((first[0], second[0]))
    left, right = sorted((first[1], second[1]))
    return round(top, 3), round(left, 3), round(bottom, 3), round(right, 3)
