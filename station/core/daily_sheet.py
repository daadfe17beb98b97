"""The daily check of every instrument: what is judged, by which limit, and how it came out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import fmean

from station.core.about import CameraAbout, StationDescribed
from station.core.handhelds import CHECK_HOLDS, CheckVerdict, DeviceCheck
from station.core.reference import ReferenceState
from station.core.trends import POINT_S, CameraTrend, TrendPoint

_NOW_POINTS, _DRIFT_POINTS = round(60 / POINT_S), round(600 / POINT_S)
# People in view move, which looks like noise: the quietest stretch tells the camera's own.
_NOISE_FACTOR = 2.0
# Chosen: one late frame in a hundred costs a traveller nothing.
_GAP_SHARE = 0.01
# Older curves say nothing of the camera now.
_FRESH = timedelta(seconds=6 * POINT_S)


class SheetPoint(StrEnum):
    """What is judged; stored values are stable."""

    REFERENCE = "reference"
    """Whether a camera sees the reference source as it should."""
    OFFSET = "offset"
    """How far it reads it off, over the last minute, °C."""
    DRIFT = "drift"
    """How far that wandered within ten minutes, °C."""
    NOISE = "noise"
    """Its noise where it was quietest, °C."""
    PICTURES = "pictures"
    """The share of its frames that were missing or late."""
    READINGS = "readings"
    """How far a thermometer showed the reference off at most, °C."""


class SheetVerdict(StrEnum):
    """How a point came out; stored values are stable."""

    PASS = "pass"  # noqa: S105 - no password
    """Within the limit."""
    FAIL = "fail"
    """Beyond the limit: do not use the instrument."""
    OPEN = "open"
    """Not known yet, or not checked today."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One point of one instrument."""

    device_id: str
    """The instrument."""
    point: SheetPoint
    """What is judged."""
    verdict: SheetVerdict
    """How it came out."""
    value: float | None = None
    """What was found; None if nothing was, or it is no number."""
    limit: float | None = None
    """What was allowed."""


def daily_sheet(
    about: StationDescribed,
    trends: Mapping[str, CameraTrend],
    checks: Mapping[str, DeviceCheck],
    now: datetime,
) -> tuple[SheetLine, ...]:
    """Return every line of the sheet: cameras judged by their curves, thermometers by their checks.

    Args:
        about: what the station consists of.
        trends: the cameras' curves, by their names.
        checks: the thermometers' latest checks, by their names.
        now: aware, UTC.
    """
    lines: list[SheetLine] = []
    for camera in about.cameras:
        lines += _camera(camera, about, trends.get(camera.camera_id), now)
    lines += [_thermometer(name, checks.get(name), now) for name in about.thermometers]
    return tuple(lines)


def verdict_of(lines: tuple[SheetLine, ...]) -> SheetVerdict:
    """Return the verdict of several lines: the worst; open if there are none."""
    found = {line.verdict for line in lines}
    if SheetVerdict.FAIL in found:
        return SheetVerdict.FAIL
    return SheetVerdict.PASS if found == {SheetVerdict.PASS} else SheetVerdict.OPEN


def _camera(
    camera: CameraAbout, about: StationDescribed, trend: CameraTrend | None, now: datetime
) -> list[SheetLine]:
    name = camera.camera_id
    points = trend.points if trend else ()
    is_fresh = bool(points) and now - points[-1].at <= _FRESH
    if trend is None or not is_fresh:
        kinds = [point for point in SheetPoint if point is not SheetPoint.READINGS]
        return [SheetLine(name, point, SheetVerdict.OPEN) for point in kinds]
    is_healthy = trend.reference is ReferenceState.HEALTHY
    seen = SheetVerdict.PASS if is_healthy else SheetVerdict.FAIL
    return [
        SheetLine(name, SheetPoint.REFERENCE, seen),
        _within(name, SheetPoint.OFFSET, _offset_c(points), about.reference_band_c),
        _within(name, SheetPoint.DRIFT, _drift_c(points), about.drift_warn_c),
        _within(name, SheetPoint.NOISE, _noise_c(points), _NOISE_FACTOR * camera.noise_c),
        _within(name, SheetPoint.PICTURES, _gap_share(points), _GAP_SHARE),
    ]


def _thermometer(name: str, check: DeviceCheck | None, now: datetime) -> SheetLine:
    if check is None or not timedelta(0) <= now - check.at < CHECK_HOLDS:
        return SheetLine(name, SheetPoint.READINGS, SheetVerdict.OPEN)
    is_good = check.verdict is CheckVerdict.PASSED
    verdict = SheetVerdict.PASS if is_good else SheetVerdict.FAIL
    return SheetLine(name, SheetPoint.READINGS, verdict, check.worst_c, check.limit_c)


def _within(name: str, point: SheetPoint, value: float | None, limit: float) -> SheetLine:
    if value is None:
        return SheetLine(name, point, SheetVerdict.OPEN, None, limit)
    verdict = SheetVerdict.PASS if abs(value) <= limit else SheetVerdict.FAIL
    return SheetLine(name, point, verdict, value, limit)


def _offset_c(points: tuple[TrendPoint, ...]) -> float | None:
    errors_c = [p.reference_c for p in points[-_NOW_POINTS:] if p.reference_c is not None]
    return fmean(errors_c) if len(errors_c) == _NOW_POINTS else None


def _drift_c(points: tuple[TrendPoint, ...]) -> float | None:
    """Return the largest less the smallest minute mean of ten whole minutes."""
    latest = points[-_DRIFT_POINTS:]
    if len(latest) < _DRIFT_POINTS:
        return None
    minutes = [latest[i : i + _NOW_POINTS] for i in range(0, _DRIFT_POINTS, _NOW_POINTS)]
    means_c = []
    for minute in minutes:
        errors_c = [p.reference_c for p in minute if p.reference_c is not None]
        if errors_c:
            means_c.append(fmean(errors_c))
    return max(means_c) - min(means_c) if len(means_c) > 1 else None


def _noise_c(points: tuple[TrendPoint, ...]) -> float | None:
    noises_c = [p.noise_c for p in points[-_DRIFT_POINTS:] if p.noise_c is not None]
    return min(noises_c) if len(noises_c) >= _NOW_POINTS else None


def _gap_share(points: tuple[TrendPoint, ...]) -> float | None:
    frames = sum(p.frames for p in points)
    if len(points) < _NOW_POINTS or not frames:
        return None
    gaps = sum(p.gaps for p in points)
    return gaps / (gaps + frames)
