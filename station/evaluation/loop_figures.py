"""What the measuring loop costs, as ratios to a floor that is timed beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class LoopFigures:
    """One camera size with so many people, over many frames."""

    rows: int
    """Rows of the picture."""
    columns: int
    """Columns of the picture."""
    faces: float
    """Faces measured or refused in a frame, mean."""
    readings: float
    """Valid readings in a frame, mean."""
    mean_ms: float
    """A whole frame: conversion, reference, locator, following, measuring, decision."""
    median_ms: float
    """The same, median: what the machine's other work does not disturb."""
    p99_ms: float
    """The same, 99th percentile."""
    floor_ms: float
    """OpenCV's conversion of the same uint16 frame to °C, timed in turn with it, median."""

    @property
    def mean_ratio(self) -> float:
        """Mean cost in floors."""
        return self.mean_ms / self.floor_ms

    @property
    def median_ratio(self) -> float:
        """Median cost in floors."""
        return self.median_ms / self.floor_ms

    @property
    def p99_ratio(self) -> float:
        """99th percentile in floors."""
        return self.p99_ms / self.floor_ms


def loop_figures(
    shape: tuple[int, int],
    costs_s: Sequence[float],
    floors_s: Sequence[float],
    *,
    faces: float,
    readings: float,
) -> LoopFigures:
    """Add up the times of one run.

    Args:
        shape: rows and columns.
        costs_s: each frame's cost, seconds.
        floors_s: each floor's cost, seconds, timed between the frames.
        faces: faces in a frame, mean.
        readings: valid readings in a frame, mean.

    Raises:
        ValueError: if nothing was timed.
    """
    if not costs_s or not floors_s:
        raise ValueError("nothing was timed")
    costs_ms = np.asarray(costs_s) * 1e3
    return LoopFigures(
        rows=shape[0],
        columns=shape[1],
        faces=faces,
        readings=readings,
        mean_ms=float(costs_ms.mean()),
        median_ms=float(np.median(costs_ms)),
        p99_ms=float(np.percentile(costs_ms, 99)),
        floor_ms=float(np.median(floors_s)) * 1e3,
    )


def per_face_ms(few: LoopFigures, many: LoopFigures) -> float:
    """Return what one more face costs, by two runs on the same picture size, ms."""
    return (many.median_ms - few.median_ms) / max(many.faces - few.faces, 1e-9)


def growth_exponent(small: LoopFigures, large: LoopFigures) -> float:
    """Return the power of the pixel count by which the cost grows; 1 is linear."""
    pixels = large.rows * large.columns / (small.rows * small.columns)
    return float(np.log(large.median_ms / small.median_ms) / np.log(pixels))
