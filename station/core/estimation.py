"""Estimates oral temperature from what the thermograph sees: beside the raw value, never for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

AMBIENT = "ambient_c"
HUMIDITY = "rel_humidity_pct"
DISTANCE = "distance_m"
CANTHI = "canthi_ext_max_c"
FACE = "face_max_c"
"""The sites that a station sees in every frame in which it reads the canthi."""
SURROUNDINGS = (AMBIENT, HUMIDITY, DISTANCE)
"""Inputs that are not skin; the same in every frame of one visit."""

# How far outside what it was fitted on the model still answers; chosen, not measured.
_SITE_MARGIN_C = 1.0
_ROOM_MARGIN_C = 2.0
_HOTTEST_C = 45.0
# Other inputs farther outside than this share of the fitted range count as missing; chosen.
_BELIEVED_SHARE = 0.5


class NoEstimateReason(StrEnum):
    """Why there is no estimate; the raw reading stands without it."""

    NO_FRAME = "no_frame"
    """No frame carries a site that the model cannot do without."""
    ROOM_UNKNOWN = "room_unknown"
    """The room's temperature is not known."""
    ROOM_OUT_OF_RANGE = "room_out_of_range"
    """The room is colder or warmer than any the model was fitted in."""
    SKIN_OUT_OF_RANGE = "skin_out_of_range"
    """The skin is colder than any the model was fitted on, or is no skin."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the face was measured."""

    ambient_c: float | None
    """Air temperature of the room, °C."""
    rel_humidity_pct: float | None = None
    """Relative humidity, %."""
    distance_m: float | None = None
    """Camera to face, m."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the frames' figures become the estimate, its uncertainty and its side of the cut."""

    offset_c: float
    """Added to every estimate, °C."""
    step_c: float
    """Further added above the knot, °C: undoes the pull of every fit towards the normal."""
    knot_c: float
    """Where half of the step is added, °C before the calibration."""
    width_c: float
    """How softly the step begins, °C (width of its logistic curve)."""
    u_at_c: tuple[float, ...]
    """Estimates at which the standard uncertainty was found, °C, rising."""
    u_c: tuple[float, ...]
    """Standard uncertainty at each of them, °C."""
    cut_c: float
    """Estimates at or above it are called above, °C."""


@dataclass(frozen=True, slots=True, eq=False)
class OralModel:
    """A fitted model, as read from its file.

    One frame's figure is intercept + linear . z + waves . cos(z . frequencies + phases), with z
    the standardised inputs. Where few were ever seen, above `unit_slope_above_c`, the whole face
    is first cooled to it and the difference added back: a degree of skin is a degree of estimate.
    """

    name: str
    """Name of the model."""
    version: str
    """Version of the fit, shown with every estimate."""
    features: tuple[str, ...]
    """Names of the inputs: sites in °C as in the clinical tables without `rN_`, then the room."""
    required: tuple[str, ...]
    """Sites without which a frame is left out."""
    mean: Floats
    """Mean of each input when fitted, shape (inputs,)."""
    scale: Floats
    """Standard deviation of each input when fitted."""
    lowest: Floats
    """Lowest value of each input when fitted."""
    highest: Floats
    """Highest value of each input when fitted."""
    correlation: Floats
    """Correlations of the inputs, shape (inputs, inputs): missing ones are inferred by them."""
    unit_slope_above_c: float
    """Warmth of the first required site from which the slope is one, °C."""
    intercept_c: float
    """Constant part, °C."""
    linear: Floats
    """°C per standard deviation of each input."""
    frequencies: Floats
    """Directions of the waves, shape (inputs, waves), radian per standard deviation."""
    phases: Floats
    """Phases of the waves, radian."""
    waves: Floats
    """Height of each wave, °C."""
    single: Calibration
    """For one frame."""
    several: Calibration
    """For two frames or more."""


@dataclass(frozen=True, slots=True)
class OralEstimate:
    """An estimate, to be shown beside the raw skin temperature with the model's name."""

    oral_c: float
    """Estimated oral temperature, °C."""
    u_c: float
    """Its standard uncertainty (k=1), °C."""
    is_above: bool
    """Whether it reaches the model's frozen cut."""
    frame_count: int
    """Frames behind it."""
    inferred: tuple[str, ...]
    """Inputs that were missing in a frame and were inferred from the others."""
    model: str
    """Name and version of the model."""


@dataclass(frozen=True, slots=True)
class NoEstimate:
    """There is no estimate, and why."""

    reason: NoEstimateReason
    """The reason."""


Sites = Mapping[str, float | None]
"""The sites of one frame, °C by name; missing ones absent, None or NaN."""


def estimate_oral(
    model: OralModel, frames: Sequence[Sites], surroundings: Surroundings
) -> OralEstimate | NoEstimate:
    """Estimate the oral temperature of one person from one frame or several.

    Several frames are summed up as the middle between their mean and their highest: what hides a
    site (blinking, breath, a turn of the head) only ever makes it colder.
    """
    room = {name: getattr(surroundings, name) for name in SURROUNDINGS}
    if _missing(room[AMBIENT]):
        return NoEstimate(NoEstimateReason.ROOM_UNKNOWN)
    rows = [
        np.array([_value({**sites, **room}.get(name)) for name in model.features])
        for sites in frames
        if not any(_missing(sites.get(name)) for name in model.required)
    ]
    if not rows:
        return NoEstimate(NoEstimateReason.NO_FRAME)
    reason = _out_of_range(model, np.array(rows))
    if reason is not None:
        return NoEstimate(reason)
    believed = _believed(model, np.array(rows))
    answers = [_frame_estimate(model, row) for row in believed]
    gone = np.flatnonzero(np.isnan(believed).any(axis=0))
    return _summed_up(
        model,
        [frame_c for frame_c, _ in answers],
        max(u_c for _, u_c in answers),
        tuple(model.features[index] for index in gone),
    )


def excess_c(warmest_c: Floats, limit_c: float) -> Floats:
    """Return how far the warmest canthi lie above the limit of what was seen often, °C.

    Args:
        warmest_c: the warmest canthus of each frame, °C, shape (frames,).
        limit_c: the limit, °C.
    """
    return np.maximum(warmest_c - limit_c, 0.0)


def frame_terms(model: OralModel, rows: Floats) -> Floats:
    """Return the uncalibrated figures, °C, for complete inputs of shape (frames, inputs)."""
    excess = _excess(model, rows)
    z = (rows - np.outer(excess, skin_flags(model.features)) - model.mean) / model.scale
    waves = np.cos(z @ model.frequencies + model.phases) @ model.waves
    return np.asarray(model.intercept_c + z @ model.linear + waves + excess)


def skin_flags(features: Sequence[str]) -> Floats:
    """Return 1 for every input that is skin and 0 for the room, shape (inputs,)."""
    return np.array([0.0 if name in SURROUNDINGS else 1.0 for name in features])


def summarise(frames_c: Floats) -> float:
    """Return the middle between the mean and the highest of the frames' figures, °C.

    Args:
        frames_c: each frame's figure, °C, shape (frames,).
    """
    return float((np.mean(frames_c) + np.max(frames_c)) / 2)


def calibrate(calibration: Calibration, summary_c: float) -> float:
    """Return the estimate, °C: the slope is one or more everywhere, nothing bends a fever down."""
    return summary_c + calibration.offset_c + calibration.step_c * rise(calibration, summary_c)


def rise(calibration: Calibration, summary_c: float) -> float:
    """Return the share of the step that is added at a figure."""
    return float(0.5 + 0.5 * np.tanh((summary_c - calibration.knot_c) / (2 * calibration.width_c)))


def _summed_up(
    model: OralModel, frames_c: list[float], u_inferred_c: float, inferred: tuple[str, ...]
) -> OralEstimate:
    calibration = model.single if len(frames_c) == 1 else model.several
    oral_c = calibrate(calibration, summarise(np.array(frames_c)))
    u_c = float(np.interp(oral_c, calibration.u_at_c, calibration.u_c))
    return OralEstimate(
        oral_c=oral_c,
        u_c=float(np.hypot(u_c, u_inferred_c)),
        is_above=oral_c >= calibration.cut_c,
        frame_count=len(frames_c),
        inferred=inferred,
        model=f"{model.name} {model.version}",
    )


def _frame_estimate(model: OralModel, row: Floats) -> tuple[float, float]:
    """One frame's figure and the standard uncertainty that inferred inputs add, °C."""
    gone = np.isnan(row)
    if not gone.any():
        return float(frame_terms(model, row[None])[0]), 0.0
    warmth = _excess(model, row[None])[0] * skin_flags(model.features)
    z = (row - warmth - model.mean) / model.scale
    # The normal distribution's conditional mean and covariance, given what was measured.
    seen = model.correlation[np.ix_(~gone, ~gone)]
    across = model.correlation[np.ix_(gone, ~gone)]
    weights = np.linalg.solve(seen, across.T).T
    z[gone] = weights @ z[~gone]
    spread = model.correlation[np.ix_(gone, gone)] - weights @ across.T
    slopes = (model.linear - model.frequencies @ _wave_slopes(model, z))[gone]
    u_c = float(np.sqrt(max(slopes @ spread @ slopes, 0.0)))
    complete = z * model.scale + model.mean + warmth
    return float(frame_terms(model, complete[None])[0]), u_c


def _excess(model: OralModel, rows: Floats) -> Floats:
    return excess_c(rows[:, model.features.index(model.required[0])], model.unit_slope_above_c)


def _wave_slopes(model: OralModel, z: Floats) -> Floats:
    return np.asarray(np.sin(z @ model.frequencies + model.phases) * model.waves)


def _out_of_range(model: OralModel, rows: Floats) -> NoEstimateReason | None:
    for index, name in enumerate(model.features):
        values = rows[:, index][~np.isnan(rows[:, index])]
        low, high = model.lowest[index], model.highest[index]
        if name == AMBIENT:
            if ((values < low - _ROOM_MARGIN_C) | (values > high + _ROOM_MARGIN_C)).any():
                return NoEstimateReason.ROOM_OUT_OF_RANGE
        elif (
            name in model.required
            and (
                # Hot skin is a fever, not a fault: it is never refused for being out of range.
                (values < low - _SITE_MARGIN_C) | (values > _HOTTEST_C)
            ).any()
        ):
            return NoEstimateReason.SKIN_OUT_OF_RANGE
    return None


def _believed(model: OralModel, rows: Floats) -> Floats:
    """The rows with inputs that cannot be (a forehead at -5 °C, 79 m) taken out."""
    margin = _BELIEVED_SHARE * (model.highest - model.lowest)
    # A face that is hot as a whole is a fever: what is odd is odd beside the rest of the face.
    cooled = rows - np.outer(_excess(model, rows), skin_flags(model.features))
    is_odd = (cooled < model.lowest - margin) | (cooled > model.highest + margin)
    is_odd &= np.array([name not in (*model.required, AMBIENT) for name in model.features])
    return np.where(is_odd, np.nan, rows)


def _missing(value: float | None) -> bool:
    return value is None or not isfinite(value)


def _value(value: float | None) -> float:
    return np.nan if value is None or not isfinite(value) else value
