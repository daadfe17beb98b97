"""The reference source as somebody points at it: its place, size and reading out of one picture.

What is proposed is judged by the very search that the station does afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from station.core.faces import Point
from station.core.reference import ReferenceLimits, find_disc

Region = tuple[float, float, float, float]
"""(top, left, bottom, right) as fractions of the picture."""

_REACH = 0.06
"""A finger may miss the disc's middle by this fraction of the picture's longer side."""
_RADII = (0.012, 0.12)
# Chosen: the search takes a disc a little larger or smaller, but no head for it.
_SMALLER, _LARGER = 0.75, 1.35
_RAYS = 16
_STEP_PX = 0.5
# Chosen: a round source seen from the side by 45 degrees is 0.7 times as wide as high.
_MAX_SPREAD = 0.5


@dataclass(frozen=True, slots=True)
class PointedDisc:
    """A flat disc, hotter than its mount all around."""

    center: Point
    """(row, column) of its middle as fractions of the picture."""
    radius_fraction: float
    """Its radius as a fraction of the picture's longer side."""
    extent: tuple[float, float]
    """Its radius as fractions of the picture's height and width."""
    apparent_c: float
    """What the camera reads there, °C."""

    def region(self, margin: float) -> Region:
        """Return the region that reaches `margin` radii from its middle, to a thousandth."""
        (row, column), (height, width) = self.center, self.extent
        sides = row - margin * height, column - margin * width
        others = row + margin * height, column + margin * width
        top, left, bottom, right = (round(min(max(v, 0.0), 1.0), 3) for v in (*sides, *others))
        return top, left, bottom, right

    @property
    def radii(self) -> tuple[float, float]:
        """Smallest and largest radius that is looked for, as in `ReferenceLimits`."""
        return round(self.radius_fraction * _SMALLER, 4), round(self.radius_fraction * _LARGER, 4)


@dataclass(frozen=True, slots=True)
class ReferencePlaces:
    """Where and how large the station looks for reference sources."""

    regions: tuple[Region, ...]
    """(top, left, bottom, right) as fractions of the picture, of all cameras."""
    radius_fraction: tuple[float, float]
    """Smallest and largest radius as fractions of the picture's longer side."""


def point_at(picture: NDArray[np.float32], at: Point) -> PointedDisc | None:
    """Return the clearest disc where somebody points, or None.

    Args:
        picture: apparent °C, float32, (rows, columns); NaN where unknown.
        at: (row, column) as fractions of the picture.
    """
    # What is unknown is no part of a disc, and hides none.
    known = np.where(np.isnan(picture), np.float32(-100.0), picture)
    longer = max(known.shape)
    reach = _REACH * longer / known.shape[0], _REACH * longer / known.shape[1]
    window = at[0] - reach[0], at[1] - reach[1], at[0] + reach[0], at[1] + reach[1]
    top, left, bottom, right = (min(max(side, 0.0), 1.0) for side in window)
    anywhere = _limits(0.0, inf, ReferencePlaces(((top, left, bottom, right),), _RADII))
    found = find_disc(known, anywhere)
    if found is None:
        return None
    edge_c = found.apparent_c - found.contrast_c / 2
    reach_px = _RADII[1] * longer * 1.5
    edges = _edges(known, (found.center[0] - 0.5, found.center[1] - 0.5), edge_c, reach_px)
    if edges is None:
        return None
    middle = float(edges[:, 0].mean()), float(edges[:, 1].mean())
    edges = _edges(known, middle, edge_c, reach_px)
    if edges is None:
        return None
    middle = float(edges[:, 0].mean()), float(edges[:, 1].mean())
    away_px = np.hypot(edges[:, 0] - middle[0], edges[:, 1] - middle[1])
    radius_px = float(np.median(away_px))
    if float(np.ptp(away_px)) > _MAX_SPREAD * radius_px + 2.0:
        return None
    rows, columns = known.shape
    return PointedDisc(
        ((middle[0] + 0.5) / rows, (middle[1] + 0.5) / columns),
        radius_px / longer,
        (radius_px / rows, radius_px / columns),
        found.apparent_c,
    )


def _edges(
    picture: NDArray[np.float32], middle: Point, edge_c: float, reach_px: float
) -> NDArray[np.float64] | None:
    """Return where it becomes colder than the edge in every direction; None if it does not."""
    angles = np.arange(_RAYS) * 2 * np.pi / _RAYS
    away_px = np.arange(0.0, reach_px, _STEP_PX)
    rows = middle[0] + np.sin(angles)[:, None] * away_px
    columns = middle[1] + np.cos(angles)[:, None] * away_px
    last_row, last_column = picture.shape[0] - 1, picture.shape[1] - 1
    values = picture[
        np.clip(np.rint(rows), 0, last_row).astype(np.intp),
        np.clip(np.rint(columns), 0, last_column).astype(np.intp),
    ]
    is_outside = (rows < 0) | (rows > last_row) | (columns < 0) | (columns > last_column)
    is_past = (values < edge_c) | is_outside
    if not is_past.any(axis=1).all():
        return None
    first = is_past.argmax(axis=1)
    each = np.arange(_RAYS)
    return np.stack([rows[each, first], columns[each, first]], axis=1)


def proposed(
    discs: Mapping[str, PointedDisc],
    margin: float,
    lanes: Sequence[str],
    in_use: ReferencePlaces,
) -> ReferencePlaces:
    """Return where to look from now on.

    Args:
        discs: by lane, the disc that was pointed at.
        margin: how far each region reaches from its disc, in radii.
        lanes: all lanes; whoever's disc was not pointed at keeps what is in use.
        in_use: what is in use.
    """
    regions = list(dict.fromkeys(disc.region(margin) for disc in discs.values()))
    radii = [disc.radii for disc in discs.values()]
    if not set(lanes) <= set(discs):
        regions += [region for region in in_use.regions if region not in regions]
        radii.append(in_use.radius_fraction)
    smallest, largest = min(low for low, _ in radii), max(high for _, high in radii)
    return ReferencePlaces(tuple(regions), (smallest, largest))


def is_found_again(
    picture: NDArray[np.float32],
    disc: PointedDisc,
    places: ReferencePlaces,
    *,
    set_point_c: float,
    band_c: float,
) -> bool:
    """Whether the station's own search comes to this disc when it looks at these places.

    Args:
        picture: apparent °C, float32, (rows, columns), upright.
        disc: the disc that was pointed at.
        places: where the search looks.
        set_point_c: what the source is set to, °C.
        band_c: how far from it the camera may read, °C.
    """
    found = find_disc(picture, _limits(set_point_c, band_c, places))
    if found is None:
        return False
    rows, columns = picture.shape
    away = found.center[0] / rows - disc.center[0], found.center[1] / columns - disc.center[1]
    return bool(abs(away[0]) <= disc.extent[0] and abs(away[1]) <= disc.extent[1])


def _limits(set_point_c: float, band_c: float, places: ReferencePlaces) -> ReferenceLimits:
    return ReferenceLimits(
        set_point_c, 0.0, places.regions, places.radius_fraction, band_c, inf, 1.0
    )
