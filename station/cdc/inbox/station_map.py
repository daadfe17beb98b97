"""The map of stations: where each mark stands, in pixels; pure functions."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Self

from station.cdc.inbox.board import StationLine
from station.cdc.inbox.degrees import HIGHEST_LATITUDE, HIGHEST_LONGITUDE, is_on_earth
from station.cdc.inbox.outline import Outline
from station.reporting.messages.status import StationState

_MARGIN_PX = 34.0
_SMALLEST_DEG = 0.004
_ROOM_DEG = 0.06
_RING_PX = 64.0
_MOST_ON_RING = 8
_KM_OF_DEGREE = 111.2
_LABEL_PX = 9.5
_WIDE_LABEL_PX = 16.0
_LABEL_HEIGHT_PX = 20.0


class MarkState(StrEnum):
    """What a mark says by its colour, its shape and its word; the first is the most urgent."""

    LOST = "lost"
    """The connection ended without a goodbye."""
    ATTENTION = "attention"
    """Somebody should look."""
    OFFLINE = "offline"
    """It said goodbye."""
    UNKNOWN = "unknown"
    """Whether it is there is not known."""
    ONLINE = "online"
    """There, and nothing is wrong."""


_URGENCY = {state: order for order, state in enumerate(MarkState)}


class Area(NamedTuple):
    """A part of the world, degrees."""

    west: float
    """Least longitude."""
    south: float
    """Least latitude."""
    east: float
    """Greatest longitude."""
    north: float
    """Greatest latitude."""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the area that a link names, or None if it is none."""
        try:
            west, south, east, north = (float(part) for part in text.split(",", 4))
        except ValueError:
            return None
        is_one = west < east and south < north
        is_there = is_on_earth(south, west) and is_on_earth(north, east)
        return cls(west, south, east, north) if is_one and is_there else None

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]]) -> Self:
        """Return the area that holds these, with room around them; never a very small one."""
        latitudes, longitudes = zip(*points, strict=True)
        west, east = _with_room(min(longitudes), max(longitudes), HIGHEST_LONGITUDE)
        south, north = _with_room(min(latitudes), max(latitudes), HIGHEST_LATITUDE)
        return cls(west, south, east, north)

    def __str__(self) -> str:
        return ",".join(f"{value:.5f}" for value in self)

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a latitude and longitude lie in it."""
        return self.south <= point[0] <= self.north and self.west <= point[1] <= self.east

    @property
    def is_smallest(self) -> bool:
        """Whether nothing would come apart in a closer look."""
        return max(self.east - self.west, self.north - self.south) < 2 * _SMALLEST_DEG


class Size(NamedTuple):
    """How large a map is drawn."""

    width_px: float
    """Width."""
    height_px: float
    """Height."""
    apart_px: float
    """Marks that would stand nearer become one."""
    has_labels: bool
    """Whether words stand beside the marks where there is room."""


LARGE = Size(1100, 700, 46, has_labels=True)
"""On the map's own page."""
SMALL = Size(300, 230, 34, has_labels=False)
"""Beside the alerts."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: a station, or several that stand too near to each other."""

    x_px: float
    """From the left."""
    y_px: float
    """From the top."""
    lines: tuple[StationLine, ...]
    """The stations, the most urgent one first."""
    area: Area
    """Where these are: what a closer look shows."""
    has_label: bool = False
    """Whether there is room for words beside it."""

    @property
    def state(self) -> MarkState:
        """The most urgent state among its stations."""
        return state_of(self.lines[0])

    @property
    def as_bad(self) -> int:
        """How many of its stations are in that state."""
        return sum(state_of(line) is self.state for line in self.lines)

    @property
    def waiting(self) -> int:
        """Real cases that wait for an answer there."""
        return sum(line.waiting for line in self.lines)

    @property
    def drills(self) -> int:
        """Cases of drills that wait there."""
        return sum(line.waiting_drills for line in self.lines)


@dataclass(frozen=True, slots=True)
class MapView:
    """A map as it is drawn."""

    size: Size
    """Its size."""
    marks: tuple[Mark, ...]
    """Marks, the most urgent last, so that nothing hides them."""
    outline: str
    """The outline as an SVG path; empty if there is none."""
    scale_km: float
    """What the scale bar stands for; 0 if nothing is on the map."""
    scale_px: float
    """How long the bar is."""


def state_of(line: StationLine) -> MarkState:
    """Return what a station's mark says."""
    state = line.presence.state if line.presence else None
    if state is StationState.LOST:
        return MarkState.LOST
    if state is StationState.OFFLINE:
        return MarkState.OFFLINE
    if line.is_troubled:
        return MarkState.ATTENTION
    return MarkState.ONLINE if state else MarkState.UNKNOWN


def draw(
    lines: Iterable[StationLine], outline: Outline, area: Area | None, size: Size
) -> MapView | None:
    """Return the map, or None if no station has a place on it.

    Args:
        lines: stations; those without a place are left out.
        outline: of the region.
        area: what is shown; None shows everything.
        size: how large.
    """
    placed = [(line, at) for line in lines if (at := line.checkpoint.at) is not None]
    if not placed:
        return None
    if area is None:
        corners = [point for ring in outline.rings for point in ring]
        shown = Area.around([*(at for _, at in placed), *corners])
    else:
        shown = area
        placed = [one for one in placed if shown.holds(one[1])]
    frame = _Frame.of(shown, size)
    points = [(line, frame.pixel(at), at) for line, at in placed]
    if shown.is_smallest:
        points = _spread(points)
    marks = _labelled(_together(points, size), size)
    km, bar_px = _scale(frame)
    return MapView(size, marks, _path(outline, shown, size), km, bar_px)


class _Frame(NamedTuple):
    """How degrees become pixels: equirectangular, true at the middle latitude."""

    area: Area
    size: Size
    shrink: float
    px_of_degree: float

    @classmethod
    def of(cls, area: Area, size: Size) -> "_Frame":
        shrink = max(0.01, math.cos(math.radians((area.south + area.north) / 2)))
        across = (size.width_px - 2 * _MARGIN_PX) / ((area.east - area.west) * shrink)
        along = (size.height_px - 2 * _MARGIN_PX) / (area.north - area.south)
        return cls(area, size, shrink, min(across, along))

    def pixel(self, at: tuple[float, float]) -> tuple[float, float]:
        area, size = self.area, self.size
        east = (at[1] - (area.west + area.east) / 2) * self.shrink
        north = at[0] - (area.south + area.north) / 2
        scale = self.px_of_degree
        return size.width_px / 2 + east * scale, size.height_px / 2 - north * scale


_Point = tuple[StationLine, tuple[float, float], tuple[float, float]]


def _with_room(least: float, greatest: float, limit: float) -> tuple[float, float]:
    room = max((greatest - least) * _ROOM_DEG, (_SMALLEST_DEG - (greatest - least)) / 2)
    return max(-limit, least - room), min(limit, greatest + room)


def _spread(points: Sequence[_Point]) -> list[_Point]:
    """Return the points with those of one and the same place on a ring around it."""
    groups: dict[tuple[float, float], list[_Point]] = {}
    for point in points:
        groups.setdefault(point[2], []).append(point)
    spread: list[_Point] = []
    for group in groups.values():
        if not 1 < len(group) <= _MOST_ON_RING:
            spread.extend(group)
            continue
        for number, (line, (x, y), at) in enumerate(group):
            turn = 2 * math.pi * number / len(group)
            beside = (x + _RING_PX * math.sin(turn), y - _RING_PX * math.cos(turn))
            spread.append((line, beside, at))
    return spread


def _together(points: Sequence[_Point], size: Size) -> list[Mark]:
    """Return marks, none nearer to another than the size says; the most urgent stay in place."""
    ordered = sorted(points, key=lambda point: _order(point[0]))
    groups: list[list[_Point]] = []
    cells: dict[tuple[int, int], list[int]] = {}
    apart = size.apart_px
    for point in ordered:
        x, y = point[1]
        column, row = int(x // apart), int(y // apart)
        near = [
            index
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for index in cells.get((column + dx, row + dy), ())
            if math.dist(groups[index][0][1], point[1]) < apart
        ]
        if near:
            groups[min(near, key=lambda i: math.dist(groups[i][0][1], point[1]))].append(point)
        else:
            cells.setdefault((column, row), []).append(len(groups))
            groups.append([point])
    return [
        Mark(*group[0][1], tuple(one[0] for one in group), Area.around(one[2] for one in group))
        for group in groups
    ]


def _order(line: StationLine) -> tuple[bool, bool, int, str]:
    return not line.waiting, not line.waiting_drills, _URGENCY[state_of(line)], str(line.identity)


def _labelled(marks: Sequence[Mark], size: Size) -> tuple[Mark, ...]:
    """Return the marks, the most urgent last, with words where they hide nothing."""
    if not size.has_labels:
        return tuple(reversed(marks))
    taken = [(mark.x_px - 20, mark.y_px - 20, mark.x_px + 20, mark.y_px + 20) for mark in marks]
    labelled = []
    for mark in marks:
        left, top = mark.x_px + 21, mark.y_px - _LABEL_HEIGHT_PX / 2
        box = (left, top, left + _label_width(mark), top + _LABEL_HEIGHT_PX)
        is_free = box[2] < size.width_px and not any(_meet(box, other) for other in taken)
        if is_free:
            taken.append(box)
        labelled.append(replace(mark, has_label=is_free))
    return tuple(reversed(labelled))


def _label_width(mark: Mark) -> float:
    # The state's words are as long as these in the longer of the languages.
    text = label_name(mark) + " · online, needs a look"
    return sum(_LABEL_PX if sign.isascii() else _WIDE_LABEL_PX for sign in text)


def label_name(mark: Mark) -> str:
    """Return what a mark is called: a station, or the site of several; empty if they differ."""
    first = mark.lines[0]
    if len(mark.lines) == 1:
        return first.checkpoint.name or first.identity.station
    names = {line.checkpoint.name or line.identity.site for line in mark.lines}
    return names.pop() if len(names) == 1 else ""


_Box = tuple[float, float, float, float]


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale(frame: _Frame) -> tuple[float, float]:
    """Return a round distance of at most a quarter of the width, and how long it is."""
    px_of_km = frame.px_of_degree / _KM_OF_DEGREE
    longest_km = frame.size.width_px / 4 / px_of_km
    power = 10.0 ** math.floor(math.log10(longest_km))
    km = max(power * step for step in (1, 2, 5) if power * step <= longest_km)
    return km, km * px_of_km


@lru_cache(maxsize=64)
def _path(outline: Outline, area: Area, size: Size) -> str:
    """Return the outline as far as the map shows it, without what nobody could see."""
    frame = _Frame.of(area, size)
    parts = []
    for ring in outline.rings:
        pixels = _clipped([frame.pixel(point) for point in ring], size)
        kept = _thinned(pixels)
        if len(kept) > 2:  # noqa: PLR2004 - fewer points are no area
            parts.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in kept) + "Z")
    return "".join(parts)


def _thinned(pixels: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for point in pixels:
        if not kept or math.dist(kept[-1], point) >= 1.0:
            kept.append(point)
    return kept


def _clipped(ring: Sequence[tuple[float, float]], size: Size) -> Sequence[tuple[float, float]]:
    """Return the ring cut off a little outside the map (Sutherland and Hodgman's way)."""
    low, right, bottom = -10.0, size.width_px + 10, size.height_px + 10
    for axis, bound, sign in ((0, low, 1), (0, right, -1), (1, low, 1), (1, bottom, -1)):
        cut: list[tuple[float, float]] = []
        for here, before in zip(ring, (*ring[-1:], *ring[:-1]), strict=True):
            inside, was_inside = (sign * (p[axis] - bound) >= 0 for p in (here, before))
            if inside is not was_inside:
                part = (bound - before[axis]) / (here[axis] - before[axis])
                crossing = [b + part * (h - b) for h, b in zip(here, before, strict=True)]
                crossing[axis] = bound
                cut.append((crossing[0], crossing[1]))
            if inside:
                cut.append(here)
        ring = cut
    return ring
