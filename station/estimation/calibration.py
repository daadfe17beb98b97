"""Calibrates the estimate on people its fit had not seen: offset, step, uncertainty, cut."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from station.core.errors import KnownError
from station.core.estimation import Calibration, Floats, calibrate, rise

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

FEVER_C = 37.5
"""Oral temperature from which a person counts as febrile here; source: the data set's papers."""

# Chosen on the development half: where the step costs the least error, and softly.
_KNOT_C, _WIDTH_C = 37.4, 0.06
# A mean of both cameras a little under zero: nearer zero costs error on the more sensitive one.
_FEBRILE_BIAS_C = -0.04
_U_AT_C = (36.6, 36.9, 37.2, 37.5, 38.0, 38.6)
_U_WINDOW_C = 0.2
# The uncertainty of a region seen in fewer people than this leans on the whole.
_U_PRIOR_COUNT = 15

# 0.94 is wanted of people not seen; the rest is 1.3 standard errors of a share among 450 people.
_SPECIFICITY = 0.955

NEUTRAL = Calibration(0.0, 0.0, _KNOT_C, _WIDTH_C, (37.0,), (0.0,), FEVER_C)
"""Changes nothing."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a fit said of people it had not seen."""

    summary_c: Floats
    """Uncalibrated figure of each, °C."""
    oral_c: Floats
    """Their oral temperature, °C."""
    camera: np.ndarray[tuple[int], np.dtype[np.str_]]
    """Their camera."""

    @classmethod
    def joined(cls, parts: "Sequence[Figures]") -> "Figures":
        """Join the folds."""
        return cls(
            np.concatenate([part.summary_c for part in parts]),
            np.concatenate([part.oral_c for part in parts]),
            np.concatenate([part.camera for part in parts]),
        )


def calibration_of(figures: Figures) -> Calibration:
    """Find offset and step so that neither all nor the febrile are biased, then u and the cut.

    Raises:
        KnownError: if nobody or everybody is febrile.
    """
    febrile = figures.oral_c >= FEVER_C
    if not febrile.any() or febrile.all():
        raise KnownError(
            f"A fit needs people below and above {FEVER_C} °C: give a table with both."
        )
    rises = np.array([rise(NEUTRAL, value) for value in figures.summary_c])
    error = figures.summary_c - figures.oral_c
    # Cameras count alike, however many people each of them saw.
    weights = np.zeros(len(error))
    for camera in np.unique(figures.camera):
        weights[figures.camera == camera] = 1 / np.sum(figures.camera == camera)
    both = np.array(
        [
            [1.0, np.average(rises, weights=weights)],
            [1.0, np.average(rises[febrile], weights=weights[febrile])],
        ]
    )
    wanted = -np.array(
        [
            np.average(error, weights=weights),
            np.average(error[febrile], weights=weights[febrile]) - _FEBRILE_BIAS_C,
        ]
    )
    offset_c, step_c = np.linalg.solve(both, wanted)
    # A fit that already reads the febrile high is not bent down.
    if step_c < 0:
        offset_c, step_c = wanted[0], 0.0
    found = replace(NEUTRAL, offset_c=round(float(offset_c), 4), step_c=round(float(step_c), 4))
    estimates = np.array([calibrate(found, value) for value in figures.summary_c])
    return replace(
        found,
        u_at_c=_U_AT_C,
        u_c=_uncertainties(estimates, figures.oral_c),
        cut_c=_cut(estimates, febrile),
    )


def _uncertainties(estimates: Floats, oral_c: Floats) -> tuple[float, ...]:
    """Root mean square error around each of `_U_AT_C`."""
    square = (estimates - oral_c) ** 2
    found = []
    for at_c in _U_AT_C:
        near = np.exp(-0.5 * ((estimates - at_c) / _U_WINDOW_C) ** 2)
        total = (near @ square + _U_PRIOR_COUNT * square.mean()) / (near.sum() + _U_PRIOR_COUNT)
        found.append(round(float(np.sqrt(total)), 4))
    return tuple(found)


def _cut(estimates: Floats, febrile: Flags) -> float:
    """Neyman's cut: the least one that leaves the wanted share of the others below it."""
    return round(float(np.quantile(estimates[~febrile], _SPECIFICITY)), 3)
