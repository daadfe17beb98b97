"""The outline of the region under the map, from a GeoJSON file that the office names.

Source: RFC 7946 (GeoJSON), sections 3.1.6, 3.1.7 and 5.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from station.cdc.inbox.degrees import is_on_earth
from station.core.errors import KnownError

MOST_POINTS = 50_000
"""So many are drawn; a file with more must be simplified first."""

_Ring = tuple[tuple[float, float], ...]
_DEEPEST = 8
_FEWEST_POINTS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Where the region ends."""

    rings: tuple[_Ring, ...] = ()
    """Closed lines of (latitude, longitude), degrees, holes among them."""


def read_outline(content: bytes) -> Outline:
    """Return the outline that a GeoJSON file tells.

    Raises:
        KnownError: if it is no such file, or tells far too much.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise KnownError("it is no GeoJSON") from error
    rings: list[_Ring] = []
    points = 0
    for coordinates in _rings(document, _DEEPEST):
        if not isinstance(coordinates, list):
            raise KnownError("a ring is no list of positions")
        points += len(coordinates)
        if points > MOST_POINTS:
            raise KnownError(f"it has more than {MOST_POINTS} points: simplify it")
        if len(coordinates) < _FEWEST_POINTS:
            raise KnownError("a ring has fewer than four positions")
        rings.append(tuple(_position(one) for one in coordinates))
    if not rings:
        raise KnownError("it holds no Polygon and no MultiPolygon")
    return Outline(tuple(rings))


def _rings(node: Any, deepest: int) -> Iterator[Any]:
    if not isinstance(node, dict) or deepest == 0:
        raise KnownError("it is no GeoJSON, or nested too deeply")
    match node.get("type"):
        case "FeatureCollection":
            for feature in _list(node.get("features")):
                yield from _rings(feature, deepest - 1)
        case "Feature":
            if node.get("geometry") is not None:
                yield from _rings(node["geometry"], deepest - 1)
        case "GeometryCollection":
            for geometry in _list(node.get("geometries")):
                yield from _rings(geometry, deepest - 1)
        case "Polygon":
            yield from _list(node.get("coordinates"))
        case "MultiPolygon":
            for polygon in _list(node.get("coordinates")):
                yield from _list(polygon)
        case _:
            # Points and lines beside the areas are no outline.
            return


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise KnownError("a list is missing in it")
    return value


def _position(value: Any) -> tuple[float, float]:
    if not isinstance(value, Sequence) or len(value) < 2:  # noqa: PLR2004 - two axes
        raise KnownError("a position is no pair of numbers")
    longitude, latitude = value[:2]
    are_numbers = all(type(axis) in {int, float} for axis in (latitude, longitude))
    if not (are_numbers and is_on_earth(latitude, longitude)):
        raise KnownError("a position is outside the world, or in metres instead of degrees")
    return float(latitude), float(longitude)
