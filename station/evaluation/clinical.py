"""Judges the oral estimate, and every plain baseline, against an oral thermometer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.core.estimation import Floats, NoEstimate, OralEstimate, OralModel, estimate_oral
from station.estimation.calibration import FEVER_C, Flags
from station.estimation.tables import Session

FIRST_FRAME = "r1"
"""Name of the mode that uses the first frame alone."""

_RESAMPLES = 1000
_SEED = 7


@dataclass(frozen=True, slots=True)
class ClinicalFigures:
    """How estimates compare with the oral thermometer, for one camera."""

    people: int
    """People with an estimate and a reference."""
    febrile: int
    """Of them at or above `FEVER_C`."""
    auc: float
    """Area under the ROC curve of the estimate at `FEVER_C`."""
    auc_low: float
    """Lower end of its 95 % interval (bootstrap, by class)."""
    auc_high: float
    """Upper end."""
    sensitivity: float
    """Share of the febrile at or above the frozen cut."""
    specificity: float
    """Share of the others below it."""
    mae_c: float
    """Mean absolute error, °C."""
    rmse_c: float
    """Root mean square error, °C."""
    bias_c: float
    """Mean error, °C."""
    febrile_bias_c: float
    """Mean error among the febrile, °C."""
    coverage: float
    """Share of people whose reference lies within k=2 of the estimate."""


def estimate_sessions(
    model: OralModel, sessions: Sequence[Session], *, first_frame: bool = False
) -> list[OralEstimate | NoEstimate]:
    """Estimate every session from its rounds, or from the first of them alone."""
    return [
        estimate_oral(
            model,
            [s for s in session.frames[: 1 if first_frame else None] if s is not None],
            session.surroundings,
        )
        for session in sessions
    ]


def clinical_figures(
    sessions: Sequence[Session], answers: Sequence[OralEstimate | NoEstimate]
) -> ClinicalFigures | None:
    """Return the figures, or None where a class is empty and there is nothing to compare."""
    pairs = [
        (session.oral_c, answer)
        for session, answer in zip(sessions, answers, strict=True)
        if session.oral_c is not None and isinstance(answer, OralEstimate)
    ]
    oral = np.array([oral_c for oral_c, _ in pairs])
    febrile = oral >= FEVER_C
    if not febrile.any() or febrile.all():
        return None
    score = np.array([answer.oral_c for _, answer in pairs])
    u_c = np.array([answer.u_c for _, answer in pairs])
    above = np.array([answer.is_above for _, answer in pairs])
    error = score - oral
    low, high = bootstrap_auc(score, febrile)
    return ClinicalFigures(
        people=len(pairs),
        febrile=int(febrile.sum()),
        auc=auc(score, febrile),
        auc_low=low,
        auc_high=high,
        sensitivity=float(above[febrile].mean()),
        specificity=float((~above[~febrile]).mean()),
        mae_c=float(np.abs(error).mean()),
        rmse_c=float(np.sqrt((error**2).mean())),
        bias_c=float(error.mean()),
        febrile_bias_c=float(error[febrile].mean()),
        coverage=float((np.abs(error) <= 2 * u_c).mean()),
    )


def auc(score: Floats, febrile: Flags) -> float:
    """Return the chance that a febrile person scores above another; a tie counts half.

    Args:
        score: each person's score, shape (people,).
        febrile: whether each has fever, shape (people,).
    """
    others = np.sort(score[~febrile])
    below = np.searchsorted(others, score[febrile], side="left")
    upto = np.searchsorted(others, score[febrile], side="right")
    return float((below + upto).mean() / 2 / len(others))


def bootstrap_auc(score: Floats, febrile: Flags) -> tuple[float, float]:
    """Return the 95 % interval of the area, each class resampled by itself.

    Args:
        score: each person's score, shape (people,).
        febrile: whether each has fever, shape (people,).
    """
    random = np.random.RandomState(_SEED)
    ill, well = score[febrile], score[~febrile]
    flags = np.r_[np.ones(len(ill), bool), np.zeros(len(well), bool)]
    areas = [
        auc(np.r_[random.choice(ill, len(ill)), random.choice(well, len(well))], flags)
        for _ in range(_RESAMPLES)
    ]
    low, high = np.percentile(areas, (2.5, 97.5))
    return float(low), float(high)


def roc(score: Floats, febrile: Flags) -> tuple[Floats, Floats]:
    """Return false and true alarm rates for falling cuts, from nobody to everybody.

    Args:
        score: each person's score, shape (people,).
        febrile: whether each has fever, shape (people,).

    Returns:
        Both of shape (cuts,).
    """
    cuts = np.r_[np.inf, np.unique(score)[::-1]]
    ill, well = np.sort(score[febrile]), np.sort(score[~febrile])
    false = 1 - np.searchsorted(well, cuts, side="left") / len(well)
    true = 1 - np.searchsorted(ill, cuts, side="left") / len(ill)
    return np.asarray(false), np.asarray(true)
