"""Fits the oral estimate: plain least squares on waves, deterministic, numpy only.

Two fits on single frames are joined: a smooth one on every site (linear part and random Fourier
waves: Rahimi and Recht 2007, an approximate Gaussian process; Huber weights) and a plain ridge on
the inner canthi and the room, which ranks the febrile best. What a frame says is summed up over
frames and calibrated on people the fit had not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from station.core.errors import KnownError
from station.core.estimation import (
    AMBIENT,
    DISTANCE,
    HUMIDITY,
    SURROUNDINGS,
    Floats,
    OralModel,
    excess_c,
    frame_terms,
    skin_flags,
    summarise,
)
from station.estimation.calibration import NEUTRAL, Figures, calibration_of
from station.estimation.tables import Session

REQUIRED = ("canthi_ext_max_c", "face_max_c")
"""Sites without which a frame says nothing."""

CANTHI = tuple(
    f"canthus_{side}_{site}_c"
    for side in "rl"
    for site in ("c13_max", "c13_mean", "sq24_top4", "dry_top4", "wet_top4", "point3x3")
)
FOREHEAD = tuple(
    f"forehead_{site}_c"
    for site in (
        *(f"{part}_3x3" for part in ("center", "right", "left", "bottom", "top")),
        "ext_max",
        "center_max",
    )
)
FEATURES = (
    *CANTHI,
    "canthus_r_sq24_max_c",
    "canthus_l_sq24_max_c",
    "canthi_ext_max_c",
    "canthi_ext_top4_c",
    *FOREHEAD,
    "face_max_c",
    "mouth_top4_c",
    "mouth_max_c",
    *SURROUNDINGS,
)
"""Every input of the model."""

# All chosen on the development half by repeated cross-validation; the optimum is flat.
_CANTHI_SHARE = 0.3
_CANTHI_RIDGE = 3.0
_RIDGE, _WAVE_RIDGE = 10.0, 0.1
_WAVES, _SPREAD = 200, 0.003
_HUBER_C = 0.1
# One frame in twenty is warmer: too few to learn a slope from, and none may bend a fever down.
_UNIT_SLOPE_ABOVE_C = 37.0
_REWEIGHTINGS = 10
_SEED = 1
_INNER_FOLDS = 5
_FEWEST_PEOPLE = 40


@dataclass(frozen=True, slots=True)
class Frames:
    """All usable frames of a table as matrices."""

    inputs: Floats
    """Shape (frames, inputs); the mean of the column where an input is missing."""
    oral_c: Floats
    """Reference of each frame, °C."""


def fit_oral(sessions: Sequence[Session], *, name: str, version: str) -> OralModel:
    """Fit the whole model.

    Raises:
        KnownError: if there are too few people, or none of them is febrile.
    """
    known = [session for session in sessions if session.oral_c is not None]
    if len({session.subject_id for session in known}) < _FEWEST_PEOPLE:
        raise KnownError(
            f"A fit needs at least {_FEWEST_PEOPLE} people with oral_monitor_c: "
            "give a larger table."
        )
    single, several = [], []
    for inside in inner_folds([session.subject_id for session in known]):
        seen = [session for session, is_in in zip(known, inside, strict=True) if not is_in]
        unseen = [session for session, is_in in zip(known, inside, strict=True) if is_in]
        raw = _fit_frames(seen, name, version)
        single.append(figures(raw, unseen, first_only=True))
        several.append(figures(raw, unseen, first_only=False))
    return replace(
        _fit_frames(known, name, version),
        single=calibration_of(Figures.joined(single)),
        several=calibration_of(Figures.joined(several)),
    )


def figures(model: OralModel, sessions: Sequence[Session], *, first_only: bool) -> Figures:
    """Return the uncalibrated figures of everybody who has one."""
    summaries, oral, cameras = [], [], []
    for session in sessions:
        frames = frame_matrix([session], model.mean, 1 if first_only else None)
        if len(frames.inputs):
            summaries.append(summarise(frame_terms(model, frames.inputs)))
            oral.append(frames.oral_c[0])
            cameras.append(session.irt)
    return Figures(np.array(summaries), np.array(oral), np.array(cameras))


def inner_folds(subjects: Sequence[str], folds: int = _INNER_FOLDS, seed: int = _SEED) -> Floats:
    """Return for each fold which rows are outside of the fit; a person is never on both sides."""
    people = sorted(set(subjects))
    # RandomState's stream is frozen by numpy: a fit repeats on every version.
    order = np.random.RandomState(seed).permutation(len(people))
    fold_of = {people[person]: place % folds for place, person in enumerate(order)}
    return np.array([[fold_of[subject] == fold for subject in subjects] for fold in range(folds)])


def frame_matrix(
    sessions: Sequence[Session], missing: Floats | None = None, rounds: int | None = None
) -> Frames:
    """Lay out the usable frames of the first `rounds` rounds.

    Args:
        sessions: the people, as measured.
        missing: stands in for each input that is missing, shape (inputs,); None takes the means.
        rounds: how many rounds of each session; None takes all.
    """
    rows, oral = [], []
    for session in sessions:
        room = {key: getattr(session.surroundings, key) for key in SURROUNDINGS}
        for sites in session.frames[:rounds]:
            if sites is None or any(sites.get(key) is None for key in REQUIRED):
                continue
            merged = {**sites, **room}
            if merged[AMBIENT] is None:
                continue
            rows.append([np.nan if (v := merged.get(key)) is None else v for key in FEATURES])
            oral.append(np.nan if session.oral_c is None else session.oral_c)
    inputs = np.array(rows).reshape(-1, len(FEATURES))
    if missing is None:
        missing = _means(inputs)
    return Frames(np.where(np.isnan(inputs), missing, inputs), np.array(oral))


def _means(inputs: Floats) -> Floats:
    counts = (~np.isnan(inputs)).sum(axis=0)
    if not counts.all():
        name = FEATURES[int(np.argmin(counts))]
        raise KnownError(f"No frame has {name}: a fit needs every column of the clinical tables.")
    return np.asarray(np.nansum(inputs, axis=0) / counts)


def _fit_frames(sessions: Sequence[Session], name: str, version: str) -> OralModel:
    """Fit what one frame says; the calibrations are still neutral."""
    frames = frame_matrix(sessions)
    lowest, highest = frames.inputs.min(axis=0), frames.inputs.max(axis=0)
    frames = _cooled(frames)
    mean = frames.inputs.mean(axis=0).round(5)
    # A column that never varies carries nothing, and must not divide by zero.
    scale = np.maximum(frames.inputs.std(axis=0), 1e-3).round(5)
    z = (frames.inputs - mean) / scale
    random = np.random.RandomState(_SEED)
    frequencies = (random.normal(size=(z.shape[1], _WAVES)) * np.sqrt(2 * _SPREAD)).round(5)
    phases = random.uniform(0, 2 * np.pi, _WAVES).round(5)
    terms = np.hstack([z, np.sqrt(2 / _WAVES) * np.cos(z @ frequencies + phases)])
    penalties = np.r_[np.full(z.shape[1], _RIDGE), np.full(_WAVES, _WAVE_RIDGE)]
    smooth = _ridge(terms, frames.oral_c, penalties, _HUBER_C)
    canthi = _canthi_ridge(frames, mean, scale)
    share = 1 - _CANTHI_SHARE
    count = z.shape[1]
    return OralModel(
        name=name,
        version=version,
        features=FEATURES,
        required=REQUIRED,
        mean=mean,
        scale=scale,
        lowest=lowest,
        highest=highest,
        correlation=_correlation(z),
        unit_slope_above_c=_UNIT_SLOPE_ABOVE_C,
        intercept_c=round(float(share * smooth[0] + _CANTHI_SHARE * canthi[0]), 8),
        linear=(share * smooth[1 : count + 1] + _CANTHI_SHARE * canthi[1:]).round(8),
        frequencies=frequencies,
        phases=phases,
        waves=(share * np.sqrt(2 / _WAVES) * smooth[count + 1 :]).round(8),
        single=NEUTRAL,
        several=NEUTRAL,
    )


def _cooled(frames: Frames) -> Frames:
    """The frames as the model sees them: warm faces at the limit, and so much less to explain."""
    warmest = frames.inputs[:, FEATURES.index(REQUIRED[0])]
    excess = excess_c(warmest, _UNIT_SLOPE_ABOVE_C)
    return Frames(frames.inputs - np.outer(excess, skin_flags(FEATURES)), frames.oral_c - excess)


def _correlation(z: Floats) -> Floats:
    # A thousandth of independent noise keeps it invertible: some sites hold the same pixels.
    covariance = z.T @ z / len(z) + 1e-3 * np.eye(z.shape[1])
    spread = np.sqrt(np.diag(covariance))
    return np.asarray((covariance / np.outer(spread, spread)).round(5))


def _canthi_ridge(frames: Frames, mean: Floats, scale: Floats) -> Floats:
    """Fit the canthi and the room; return intercept and a weight for every standardised input."""
    pairs = [
        (FEATURES.index(right), FEATURES.index(right.replace("_r_", "_l_")))
        for right in CANTHI
        if "_r_" in right
    ]
    others = [FEATURES.index(key) for key in ("canthi_ext_max_c", AMBIENT, HUMIDITY, DISTANCE)]
    mixing = np.zeros((len(FEATURES), len(pairs) + len(others)))
    for column, (right, left) in enumerate(pairs):
        mixing[[right, left], column] = 0.5
    for column, index in enumerate(others, start=len(pairs)):
        mixing[index, column] = 1.0
    chosen = (frames.inputs - mean) @ mixing
    spread = np.maximum(chosen.std(axis=0), 1e-3)
    found = _ridge(chosen / spread, frames.oral_c, np.full(chosen.shape[1], _CANTHI_RIDGE), np.inf)
    return np.asarray(np.r_[found[0], (mixing @ (found[1:] / spread)) * scale])


def _ridge(terms: Floats, target: Floats, penalties: Floats, huber_c: float) -> Floats:
    """Least squares with an own penalty on each term and none on the intercept, Huber weighted."""
    design = np.hstack([np.ones((len(terms), 1)), terms])
    penalty = np.diag(np.r_[1e-6, penalties])
    weights = np.ones(len(target))
    found: Floats = np.zeros(design.shape[1])
    for _ in range(_REWEIGHTINGS if np.isfinite(huber_c) else 1):
        weighted = design * weights[:, None]
        found = np.asarray(np.linalg.solve(weighted.T @ design + penalty, weighted.T @ target))
        residual = np.abs(target - design @ found)
        weights = np.minimum(1.0, huber_c / np.maximum(residual, 1e-9))
    return found
