"""Discs of sources that somebody points at, lane by lane; no Qt and no words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from station.core.faces import Point
from station.core.pointing import (
    PointedDisc,
    ReferencePlaces,
    is_found_again,
    point_at,
    proposed,
)

# Radii from the disc's middle to the region's sides: a tripod that is bumped stays inside.
_MARGINS = (1.5, 2.5, 4.0, 6.0)
_FIRST = 1


class Doubt(StrEnum):
    """Why a disc will not do."""

    OFF = "off"
    """It reads so far from the set point that nobody would be measured by it."""
    RIVAL = "rival"
    """The station's own search comes to something else in the region, or to nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the source that is pointed at shall be."""

    set_point_c: float
    """What it is set to, °C."""
    band_c: float
    """How far a camera may read it off, °C."""


class Pointing:
    """What was pointed at since somebody began to.

    Args:
        wanted: what the source shall be; None if it may have any temperature.
    """

    def __init__(self, wanted: Wanted | None) -> None:
        self._wanted = wanted
        self._margin = _FIRST
        self._pictures: dict[str, NDArray[np.float32]] = {}
        self.discs: dict[str, PointedDisc] = {}
        """By lane, what was found."""

    @property
    def can_shrink(self) -> bool:
        """Whether the regions can be smaller."""
        return bool(self.discs) and self._margin > 0

    @property
    def can_grow(self) -> bool:
        """Whether the regions can be larger."""
        return bool(self.discs) and self._margin < len(_MARGINS) - 1

    def resize(self, steps: int) -> None:
        """Make the regions so many steps larger, or smaller."""
        self._margin = min(max(self._margin + steps, 0), len(_MARGINS) - 1)

    def touch(self, lane: str, picture: NDArray[np.float32], at: Point) -> bool:
        """Look for a disc where a lane's picture was touched; False if there is none."""
        disc = point_at(picture, at)
        if disc is not None:
            self.discs[lane], self._pictures[lane] = disc, picture
        return disc is not None

    def follow(self, lane: str, picture: NDArray[np.float32]) -> None:
        """Read a lane's disc again in its newest picture; one that is hidden keeps its reading."""
        if lane in self.discs:
            self.touch(lane, picture, self.discs[lane].center)

    def places(self, lanes: Sequence[str], in_use: ReferencePlaces) -> ReferencePlaces:
        """Return where to look from now on; lanes not pointed at keep what is in use."""
        return proposed(self.discs, _MARGINS[self._margin], lanes, in_use)

    def doubt(self, lane: str) -> Doubt | None:
        """Return why a lane's disc will not do, or None."""
        disc = self.discs[lane]
        wanted = self._wanted or Wanted(disc.apparent_c, 1.0)
        if abs(disc.apparent_c - wanted.set_point_c) > wanted.band_c:
            return Doubt.OFF
        alone = ReferencePlaces((), disc.radii)
        places = proposed({lane: disc}, _MARGINS[self._margin], [lane], alone)
        is_found = is_found_again(
            self._pictures[lane],
            disc,
            places,
            set_point_c=wanted.set_point_c,
            band_c=wanted.band_c,
        )
        return None if is_found else Doubt.RIVAL
