"""Plain methods of the literature, to be beaten on the same people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from station.core.estimation import Floats
from station.estimation.fitting import FEATURES, frame_matrix
from station.estimation.tables import Session

Baseline = Callable[[Floats, Floats, Floats], Floats]
"""Inputs and oral temperature of the people seen, inputs of those unseen: scores of the latter."""

# Oral temperatures rarer than this share of the most frequent are not weighted up further.
_RAREST_SHARE = 0.05
_KERNEL_C = 0.1


@dataclass(frozen=True, slots=True)
class RoundMeans:
    """Every session's sites, averaged over its rounds."""

    means: Mapping[str, Floats]
    """Mean of each input, by its name."""
    oral_c: Floats
    """Reference, °C."""
    camera: np.ndarray[tuple[int], np.dtype[np.str_]]
    """Camera."""

    @classmethod
    def of(cls, sessions: Sequence[Session]) -> "RoundMeans":
        """Average the rounds of every session."""
        centre = frame_matrix(sessions).inputs.mean(axis=0)
        rows = np.array(
            [
                frames.inputs.mean(axis=0) if len(frames.inputs) else np.full(len(FEATURES), np.nan)
                for frames in (frame_matrix([session], centre) for session in sessions)
            ]
        )
        return cls(
            {name: rows[:, index] for index, name in enumerate(FEATURES)},
            np.array([session.oral_c for session in sessions], dtype=np.float64),
            np.array([session.irt for session in sessions]),
        )


def fill(
    scores: Floats, table: RoundMeans, is_in: Floats, columns: tuple[str, ...], fit: Baseline
) -> None:
    """Write the fold's scores of one baseline, each camera with a fit of its own.

    Args:
        scores: is written where `is_in` holds, °C, shape (sessions,).
        table: the sessions' means.
        is_in: which sessions are scored, shape (sessions,); the others are fitted on.
        columns: the inputs of the baseline.
        fit: fits and scores.
    """
    terms = np.column_stack([table.means[name] for name in columns])
    usable = ~np.isnan(terms).any(axis=1)
    for camera in np.unique(table.camera):
        here = usable & (table.camera == camera)
        seen, unseen = here & ~is_in.astype(bool), here & is_in.astype(bool)
        scores[unseen] = fit(terms[seen], table.oral_c[seen], terms[unseen])


def _offset(terms: Floats, oral_c: Floats, unseen: Floats) -> Floats:
    return np.asarray(unseen[:, 0] + (oral_c - terms[:, 0]).mean())


def _least_squares(terms: Floats, oral_c: Floats, unseen: Floats) -> Floats:
    return _weighted(terms, oral_c, unseen, np.ones(len(oral_c)), 0.0)


def _density_weighted(terms: Floats, oral_c: Floats, unseen: Floats) -> Floats:
    density = np.exp(-0.5 * ((oral_c[:, None] - oral_c) / _KERNEL_C) ** 2).sum(axis=1)
    weights = 1 / np.maximum(density, _RAREST_SHARE * density.max())
    return _weighted(terms, oral_c, unseen, weights / weights.mean(), 0.0)


def _ridge(terms: Floats, oral_c: Floats, unseen: Floats) -> Floats:
    return _weighted(terms, oral_c, unseen, np.ones(len(oral_c)), 5.0)


def _weighted(
    terms: Floats, oral_c: Floats, unseen: Floats, weights: Floats, penalty: float
) -> Floats:
    # A column that never varies carries nothing, and must not divide by zero.
    mean, scale = terms.mean(axis=0), np.maximum(terms.std(axis=0), 1e-3)
    design = np.column_stack([np.ones(len(terms)), (terms - mean) / scale])
    shrink = np.diag(np.r_[0.0, np.full(terms.shape[1], penalty + 1e-9)])
    weighted = design * weights[:, None]
    found = np.linalg.solve(weighted.T @ design + shrink, weighted.T @ oral_c)
    return np.asarray(found[0] + ((unseen - mean) / scale) @ found[1:])


_ROOM = ("ambient_c", "rel_humidity_pct", "distance_m")
BASELINES: dict[str, tuple[tuple[str, ...], Baseline]] = {
    "canthi + offset": (("canthi_ext_max_c",), _offset),
    "face maximum + offset": (("face_max_c",), _offset),
    "OLS canthi + room": (("canthi_ext_max_c", *_ROOM), _least_squares),
    "WLS canthi + face + forehead + room": (
        ("canthi_ext_max_c", "face_max_c", "forehead_ext_max_c", *_ROOM),
        _density_weighted,
    ),
    "ridge, all sites + room": (FEATURES, _ridge),
}
"""Plain methods of the literature: their inputs and their fit."""
