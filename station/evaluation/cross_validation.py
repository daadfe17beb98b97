"""Repeated cross-validation of the oral estimate, beside plain baselines on the same folds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from station.core.errors import KnownError
from station.core.estimation import Floats, NoEstimate, OralEstimate
from station.estimation.calibration import FEVER_C
from station.estimation.fitting import fit_oral, inner_folds
from station.estimation.tables import Session
from station.evaluation.baselines import BASELINES, RoundMeans, fill
from station.evaluation.clinical import (
    ClinicalFigures,
    auc,
    clinical_figures,
    estimate_sessions,
)

Answers = list[OralEstimate | NoEstimate]

_RESAMPLES = 1000
_SEED = 100


@dataclass(frozen=True, slots=True)
class Validation:
    """Figures on people the fits had not seen, averaged over the repeats."""

    figures: dict[tuple[str, str], ClinicalFigures]
    """By mode ("rounds", "first frame") and camera."""
    baselines: dict[str, dict[str, float]]
    """Area under the curve by baseline and camera."""
    best_baseline: str
    """The baseline with the largest area, both cameras together."""
    gain: float
    """Area of the estimate above the best baseline's, mean of the cameras."""
    gain_low: float
    """Lower end of its 95 % interval (paired bootstrap of people)."""
    gain_high: float
    """Upper end."""
    transfer_bias_c: dict[tuple[str, str], float]
    """Bias in one group of rooms after a fit in the other, °C, by (fitted, tested)."""


def cross_validate(sessions: Sequence[Session], *, repeats: int = 5, folds: int = 10) -> Validation:
    """Fit without a fold, estimate the fold, for every fold, `repeats` times over."""
    known = [session for session in sessions if session.oral_c is not None]
    runs = [_one_run(known, folds, _SEED + repeat) for repeat in range(repeats)]
    cameras = sorted({session.irt for session in known})
    table, everybody = RoundMeans.of(known), np.arange(len(known))
    figures = {
        (mode, camera): _averaged([_figures_of(known, run.answers[mode], camera) for run in runs])
        for mode in ("rounds", "first frame")
        for camera in cameras
    }
    baselines = {
        name: {
            camera: float(area)
            for camera, area in zip(
                cameras,
                np.mean([_areas(table, run.baselines[name], everybody) for run in runs], axis=0),
                strict=True,
            )
        }
        for name in BASELINES
    }
    best = max(baselines, key=lambda name: sum(baselines[name].values()))
    gain, low, high = _gain(known, table, runs, best)
    return Validation(figures, baselines, best, gain, low, high, transfer(known))


def transfer(sessions: Sequence[Session]) -> dict[tuple[str, str], float]:
    """Fit in one group of rooms and return the bias in each other one."""
    groups = sorted({session.ambient_group for session in sessions} - {""})
    found = {}
    for fitted in groups:
        inside = [session for session in sessions if session.ambient_group == fitted]
        for tested in [group for group in groups if group != fitted]:
            outside = [session for session in sessions if session.ambient_group == tested]
            try:
                model = fit_oral(inside, name="oral", version="transfer")
            except KnownError:
                continue  # a group too small to fit on says nothing of transfer
            result = clinical_figures(outside, estimate_sessions(model, outside))
            if result is not None:
                found[fitted, tested] = result.bias_c
    return found


@dataclass(frozen=True, slots=True)
class _Run:
    answers: dict[str, Answers]
    baselines: dict[str, Floats]

    @property
    def scores(self) -> Floats:
        """The estimates from all rounds, NaN where there is none."""
        return np.array(
            [a.oral_c if isinstance(a, OralEstimate) else np.nan for a in self.answers["rounds"]]
        )


def _one_run(sessions: list[Session], folds: int, seed: int) -> _Run:
    nobody: OralEstimate | NoEstimate | None = None
    answers = {mode: [nobody] * len(sessions) for mode in ("rounds", "first frame")}
    scores = {name: np.full(len(sessions), np.nan) for name in BASELINES}
    table = RoundMeans.of(sessions)
    for inside in inner_folds([session.subject_id for session in sessions], folds, seed):
        is_in = inside.astype(bool)
        kept = [session for session, out in zip(sessions, is_in, strict=True) if not out]
        model = fit_oral(kept, name="oral", version="fold")
        places = np.flatnonzero(is_in)
        held_out = [sessions[place] for place in places]
        for mode, placed in answers.items():
            found = estimate_sessions(model, held_out, first_frame=mode == "first frame")
            for place, answer in zip(places, found, strict=True):
                placed[place] = answer
        for name, (columns, fit) in BASELINES.items():
            fill(scores[name], table, is_in, columns, fit)
    return _Run(
        {mode: [a for a in placed if a is not None] for mode, placed in answers.items()}, scores
    )


def _figures_of(sessions: list[Session], answers: Answers, camera: str) -> ClinicalFigures:
    pairs = [
        (session, answer)
        for session, answer in zip(sessions, answers, strict=True)
        if session.irt == camera
    ]
    found = clinical_figures([session for session, _ in pairs], [answer for _, answer in pairs])
    if found is None:
        raise KnownError(
            f"Camera {camera} saw nobody below or nobody above {FEVER_C} °C: "
            "cross-validate on a table with both."
        )
    return found


def _averaged(runs: list[ClinicalFigures]) -> ClinicalFigures:
    def mean(name: str) -> float:
        return float(np.mean([getattr(run, name) for run in runs]))

    return ClinicalFigures(
        people=round(mean("people")),
        febrile=round(mean("febrile")),
        auc=mean("auc"),
        auc_low=mean("auc_low"),
        auc_high=mean("auc_high"),
        sensitivity=mean("sensitivity"),
        specificity=mean("specificity"),
        mae_c=mean("mae_c"),
        rmse_c=mean("rmse_c"),
        bias_c=mean("bias_c"),
        febrile_bias_c=mean("febrile_bias_c"),
        coverage=mean("coverage"),
    )


def _areas(table: RoundMeans, scores: Floats, rows: npt.NDArray[np.intp]) -> list[float]:
    """Area under the curve of each camera among the rows."""
    rows = rows[~np.isnan(scores[rows])]
    return [
        auc(scores[here], table.oral_c[here] >= FEVER_C)
        for here in (rows[table.camera[rows] == camera] for camera in np.unique(table.camera))
    ]


def _gain(
    sessions: list[Session], table: RoundMeans, runs: list[_Run], best: str
) -> tuple[float, float, float]:
    """Area above the best baseline's, and the interval when people are drawn again."""
    pairs = [(run.scores, run.baselines[best]) for run in runs]
    everybody = np.arange(len(sessions))
    rows_of: dict[str, list[int]] = {}
    for row, session in enumerate(sessions):
        rows_of.setdefault(session.subject_id, []).append(row)
    is_ill = table.oral_c >= FEVER_C
    ill = [np.array(rows) for rows in rows_of.values() if is_ill[rows[0]]]
    well = [np.array(rows) for rows in rows_of.values() if not is_ill[rows[0]]]

    def difference(rows: npt.NDArray[np.intp]) -> float:
        differences = [
            np.subtract(_areas(table, ours, rows), _areas(table, theirs, rows))
            for ours, theirs in pairs
        ]
        return float(np.mean(differences))

    random = np.random.RandomState(_SEED)
    drawn = []
    for _ in range(_RESAMPLES):
        people = [ill[i] for i in random.randint(len(ill), size=len(ill))]
        people += [well[i] for i in random.randint(len(well), size=len(well))]
        drawn.append(difference(np.concatenate(people)))
    low, high = np.percentile(drawn, (2.5, 97.5))
    return difference(everybody), float(low), float(high)
