"""Does a camera's reading follow the source? Slope, deviation and local bends of a sweep.

A camera that normalises shows about 37 °C for whatever is somewhat warmer or colder. One reference
source at 37 °C cannot notice that, for there such a camera is right: only a sweep shows it.
Source: Healy et al. 2021, J Biomed Opt 26(4) 043009: seven of seven systems pulled readings of a
source at 35 to 40 °C to about 37 °C.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

SLOPE_LIMITS = (0.98, 1.02)
"""Smallest and largest slope of shown on true that passes (field goal 3)."""
MAX_DEVIATION_C = 0.1
"""Largest |shown - true| that passes, °C (field goal 3)."""
SWEEP_C = (34.0, 41.0)
"""First and last temperature of the whole sweep, °C (field goal 3)."""
STEP_C = 0.25
"""The whole sweep's step, °C (field goal 3)."""

# A bend is looked for where Healy et al. saw it, in stretches of these widths, °C: shorter ones
# drown in noise, and longer ones say nothing that the slope of the whole sweep does not. Chosen.
_BENDS_WITHIN_C = (35.0, 40.0)
_STRETCH_C = (1.0, 3.0)
_STRETCH_STEPS = 4
# A loss must also exceed its own standard error by this; some 60 stretches are looked at. Chosen.
_SIGNIFICANT = 5.0
# Fewer steps, or a shorter span, do not carry a slope that refuses a camera. Chosen.
_SLOPE_STEPS, _SLOPE_SPAN_C = 5, 2.0
_LEAST_STEPS = 3
_TOLERANCE_C = 1e-9
# Steps are set by hand or by a controller: they lie this near to where they should. Chosen.
_NEAR_C = 0.1


class Verdict(StrEnum):
    """What the sweep proves; the value is what people read."""

    PASS = "PASS"  # noqa: S105 - a verdict
    """Slope and deviation are within their limits, and no stretch is bent."""
    NORMALISING = "normalising: do not use"
    """Readings rise less than the source: they are bent towards 37 °C."""
    NOT_LINEAR = "not linear: do not use"
    """Readings miss the limits in another way: steeper, offset, or wrong at single steps."""
    INCOMPLETE = "INCOMPLETE"
    """Steps could not be measured, and those measured refuse nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """One measured temperature of the sweep."""

    target_c: float
    """What the source was set to, °C."""
    true_c: float
    """What the source had while the frames were taken, °C."""
    shown_c: float
    """What the camera showed, corrected by the reference source, mean of the frames, °C."""
    frames: int
    """Valid frames that the mean is taken over."""
    noise_u_c: float
    """Standard uncertainty of the mean from its own scatter, °C."""
    level_u_c: float
    """Standard uncertainty that all steps share (both sources, the room), °C."""

    @property
    def deviation_c(self) -> float:
        """Shown minus true, °C."""
        return self.shown_c - self.true_c


@dataclass(frozen=True, slots=True)
class MissedStep:
    """A temperature that could not be measured."""

    target_c: float
    """What the source should have had, °C."""
    reason: str
    """Why not, for the technician."""


@dataclass(frozen=True, slots=True)
class Bend:
    """A stretch in which the readings rise too little."""

    from_c: float
    """Its coldest true temperature, °C."""
    to_c: float
    """Its hottest true temperature, °C."""
    slope: float
    """Slope of shown on true within it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a sweep and what it rests on."""

    verdict: Verdict
    """What the sweep proves."""
    reasons: tuple[str, ...]
    """Why it is no pass, the gravest first; empty for a pass."""
    slope: float | None
    """Least squares of shown on true; None from fewer than three steps."""
    intercept_c: float | None
    """Shown minus slope times true, °C; None from fewer than three steps."""
    residual_sd_c: float | None
    """Standard deviation of the readings about that line, °C; None from fewer than three."""
    max_deviation_c: float | None
    """Shown minus true where it is largest, with its sign, °C; None without a step."""
    max_deviation_at_c: float | None
    """The true temperature there, °C."""
    bend: Bend | None
    """The stretch that loses most, if one loses too much."""


def judge(steps: Sequence[Step], missed: Sequence[MissedStep] = ()) -> Judgement:
    """Judge a sweep.

    What was measured can refuse a camera even if steps are missing; only all steps together pass
    it. A slope or a bend that hangs on one single step does not count as normalising.

    Args:
        steps: the measured steps, in any order.
        missed: the steps that could not be measured.
    """
    ordered = sorted(steps, key=lambda step: step.true_c)
    true_c = np.array([step.true_c for step in ordered])
    shown_c = np.array([step.shown_c for step in ordered])
    worst = max(ordered, key=lambda step: abs(step.deviation_c), default=None)
    slope = intercept_c = residual_sd_c = None
    if len(ordered) >= _LEAST_STEPS and np.ptp(true_c) > _NEAR_C:
        slope, intercept_c, residual_sd_c = _line(true_c, shown_c)
    bend = find_bend(true_c, shown_c)
    is_wide = len(ordered) >= _SLOPE_STEPS and float(np.ptp(true_c)) >= _SLOPE_SPAN_C - _NEAR_C
    carried = slope if is_wide else None
    normalising = [*_slope_too_small(true_c, shown_c, carried), *_told_bend(bend)]
    wrong = [*_slope_out_of_limits(carried), *_told_deviation(ordered, worst)]
    missing = _told_missing(missed)
    if not missing and carried is None:
        missing = [
            f"Too few temperatures for a slope: sweep at least {_SLOPE_STEPS} over "
            f"{_SLOPE_SPAN_C:g} °C."
        ]
    for verdict, reasons in (
        (Verdict.NORMALISING, normalising),
        (Verdict.NOT_LINEAR, wrong),
        (Verdict.INCOMPLETE, missing),
        (Verdict.PASS, []),
    ):
        if reasons or verdict is Verdict.PASS:
            break
    if normalising:
        # The slope is told once, by what it means.
        wrong = _told_deviation(ordered, worst)
    return Judgement(
        verdict,
        tuple(normalising + wrong + missing),
        slope,
        intercept_c,
        residual_sd_c,
        worst.deviation_c if worst else None,
        worst.true_c if worst else None,
        bend,
    )


def find_bend(true_c: NDArray[np.float64], shown_c: NDArray[np.float64]) -> Bend | None:
    """Return the stretch whose readings fall behind the source most, if by more than allowed.

    Within 35 to 40 °C every stretch of 1 to 3 °C is looked at. It is bent if its readings rise by
    0.1 °C less than the source, whichever single step is left out, and by more than noise can do.

    Args:
        true_c: true temperatures, ascending, °C, shape (steps,).
        shown_c: what was shown at each, °C, the same shape.
    """
    noise_c = _noise_c(true_c, shown_c)
    worst, most_c = None, 0.0
    for part in _stretches(true_c):
        x, y = true_c[part], shown_c[part]
        width_c = float(np.ptp(x))
        error_c = noise_c / float(np.sqrt(((x - x.mean()) ** 2).sum())) * width_c
        lost_c = (1 - _largest_slope_without_one(x, y)) * width_c
        if lost_c > max(MAX_DEVIATION_C + _TOLERANCE_C, _SIGNIFICANT * error_c, most_c):
            worst, most_c = Bend(float(x[0]), float(x[-1]), _line(x, y)[0]), lost_c
    return worst


def _stretches(true_c: NDArray[np.float64]) -> Iterator[slice]:
    low_c, high_c = _BENDS_WITHIN_C
    inside = np.flatnonzero((true_c >= low_c - _NEAR_C) & (true_c <= high_c + _NEAR_C))
    shortest_c, longest_c = _STRETCH_C
    for first in inside:
        for last in inside[inside >= first + _STRETCH_STEPS - 1]:
            width_c = true_c[last] - true_c[first]
            if shortest_c - _NEAR_C <= width_c <= longest_c + _NEAR_C:
                yield slice(int(first), int(last) + 1)


def _line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return slope, intercept and the residuals' standard deviation."""
    middle = x - x.mean()
    slope = float((middle * y).sum() / (middle**2).sum())
    intercept = float(y.mean() - slope * x.mean())
    residuals = y - slope * x - intercept
    freedom = max(len(x) - 2, 1)
    return slope, intercept, float(np.sqrt((residuals**2).sum() / freedom))


def _largest_slope_without_one(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return the largest slope that remains when any single step is left out."""
    share = len(x) / (len(x) - 1)
    dx, dy = x - x.mean(), y - y.mean()
    spread = (dx**2).sum() - share * dx**2
    # Leaving out the only step that stands apart leaves no slope: nothing is proved then.
    is_line = spread > _NEAR_C**2
    rise = (dx * dy).sum() - share * dx * dy
    slopes = np.divide(rise, spread, out=np.full(len(x), np.inf), where=is_line)
    return float(slopes.max())


def _noise_c(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return the scatter of single steps: how far each lies from between its neighbours."""
    if len(x) < _LEAST_STEPS:
        return 0.0
    share = (x[1:-1] - x[:-2]) / np.maximum(x[2:] - x[:-2], _TOLERANCE_C)
    apart = y[1:-1] - (1 - share) * y[:-2] - share * y[2:]
    scale = np.sqrt(1 + share**2 + (1 - share) ** 2)
    # The kinks of a plateau enlarge this a little: by a fifteenth of what the plateau loses.
    return float(np.sqrt(np.mean((apart / scale) ** 2)))


def _slope_too_small(
    x: NDArray[np.float64], y: NDArray[np.float64], slope: float | None
) -> list[str]:
    if slope is None or slope >= SLOPE_LIMITS[0]:
        return []
    if _largest_slope_without_one(x, y) >= SLOPE_LIMITS[0]:
        return []
    return [
        f"Readings rise by only {slope:.3f} °C for each °C of the source "
        f"(allowed: {SLOPE_LIMITS[0]:g} to {SLOPE_LIMITS[1]:g})."
    ]


def _told_bend(bend: Bend | None) -> list[str]:
    if bend is None:
        return []
    return [
        f"Between {bend.from_c:.2f} and {bend.to_c:.2f} °C readings flatten: they rise by only "
        f"{bend.slope:.2f} °C for each °C of the source."
    ]


def _slope_out_of_limits(slope: float | None) -> list[str]:
    if slope is None or SLOPE_LIMITS[0] <= slope <= SLOPE_LIMITS[1]:
        return []
    return [f"The slope is {slope:.3f} (allowed: {SLOPE_LIMITS[0]:g} to {SLOPE_LIMITS[1]:g})."]


def _told_deviation(steps: Sequence[Step], worst: Step | None) -> list[str]:
    if worst is None or abs(worst.deviation_c) <= MAX_DEVIATION_C + _TOLERANCE_C:
        return []
    told = (
        f"At {worst.true_c:.2f} °C the reading is off by {worst.deviation_c:+.2f} °C "
        f"(allowed: ±{MAX_DEVIATION_C:g} °C)."
    )
    off_c = np.array([step.deviation_c for step in steps])
    common_c = float(np.median(off_c))
    if np.abs(off_c - common_c).max() <= MAX_DEVIATION_C < abs(common_c) and len(steps) > 1:
        told += (
            f" Every reading is off by about {common_c:+.2f} °C: check set point and emissivity "
            "of both sources first."
        )
    return [told]


def _told_missing(missed: Sequence[MissedStep]) -> list[str]:
    by_reason: dict[str, list[float]] = {}
    for step in missed:
        by_reason.setdefault(step.reason, []).append(step.target_c)
    return [
        f"Not measured: {_places(sorted(targets))} °C: {reason}"
        for reason, targets in by_reason.items()
    ]


_FEW = 4


def _places(targets: Sequence[float]) -> str:
    if len(targets) <= _FEW:
        return ", ".join(f"{target:.2f}" for target in targets)
    return f"{len(targets)} steps from {targets[0]:.2f} to {targets[-1]:.2f}"
