"""Draws the oral estimate against the oral thermometer."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from station.core.errors import KnownError
from station.core.estimation import Floats, NoEstimate, OralEstimate
from station.estimation.calibration import FEVER_C
from station.estimation.tables import Session
from station.evaluation.clinical import auc, roc

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")  # Okabe and Ito: told apart by all eyes


def draw(
    path: Path, sessions: Sequence[Session], answers: Sequence[OralEstimate | NoEstimate]
) -> None:
    """Draw ROC curves, and estimates against oral readings, for every camera.

    Raises:
        KnownError: if there is nothing to draw, or the place cannot be written.
    """
    figure = Figure(figsize=(11, 5.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    drawn = False
    for place, camera in enumerate(sorted({session.irt for session in sessions})):
        pairs = [
            (answer.oral_c, session.oral_c)
            for session, answer in zip(sessions, answers, strict=True)
            if session.irt == camera
            and session.oral_c is not None
            and isinstance(answer, OralEstimate)
        ]
        if pairs:
            drawn = True
            score, oral = np.array(pairs).T
            colour = _COLOURS[place % len(_COLOURS)]
            _draw_camera(left, right, camera, score=score, oral=oral, colour=colour)
    if not drawn:
        raise KnownError("There is nothing to draw: the tables hold no oral readings.")
    _dress(left, right)
    try:
        figure.savefig(path, dpi=120)
    except (OSError, ValueError) as error:
        raise KnownError(f"{path} cannot be drawn ({error}): choose another place.") from error


def _draw_camera(
    left: Axes, right: Axes, camera: str, *, score: Floats, oral: Floats, colour: str
) -> None:
    febrile = oral >= FEVER_C
    if febrile.any() and not febrile.all():
        false, true = roc(score, febrile)
        left.step(
            false,
            true,
            where="post",
            color=colour,
            label=f"{camera}: AUC {auc(score, febrile):.3f}",
        )
    right.plot(oral, score, ".", color=colour, markersize=4, alpha=0.6, label=camera)


def _dress(left: Axes, right: Axes) -> None:
    left.set(
        xlabel="share of the others above",
        ylabel=f"share of people with {FEVER_C} °C or more above",
        xlim=(-0.01, 0.4),
        ylim=(0.6, 1.005),
    )
    ends = np.array(right.get_xlim())
    right.plot(ends, ends, "-", color="0.5", linewidth=1)
    right.axvline(FEVER_C, color="0.7", linewidth=1, linestyle=":")
    right.set(xlabel="oral thermometer, °C", ylabel="estimate, °C", xlim=tuple(ends))
    for axes in (left, right):
        axes.grid(alpha=0.25)
        # Without a curve there is nothing to name.
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc="lower right")
