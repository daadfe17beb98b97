"""What a stream of frames says about its camera: rate, gaps, noise, and what the frames claim."""

from collections import Counter, deque
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from station.core.frames import FrameStatus, ThermalFrame

_WINDOW = 30
_FEWEST_FOR_NOISE = 10
# About a thousand pixels are enough for a median over them.
_SPARSE_LONGER_PX = 40
# A frame that comes later than this many usual periods is a gap.
_GAP_PERIODS = 2.5


@dataclass(frozen=True, slots=True)
class FrameFigures:
    """A camera's health over its latest frames."""

    frames: int
    """All frames so far."""
    rate_hz: float | None
    """Frames a second over the window; None before the second frame."""
    gaps: int
    """How often a frame was missing or late, since the start."""
    noise_c: float | None
    """Median over the picture of each pixel's standard deviation in time, °C (about the NETD where
    nothing moves); None before enough live frames."""
    statuses: tuple[tuple[FrameStatus, int], ...]
    """How many frames of each status, since the start."""


class FrameFiguresMeter:
    """Takes every frame of one camera in order."""

    def __init__(self) -> None:
        self._times_s: deque[float] = deque(maxlen=_WINDOW)
        self._pictures: deque[NDArray[np.float32]] = deque(maxlen=_WINDOW)
        self._statuses: Counter[FrameStatus] = Counter()
        self._frames = 0
        self._gaps = 0
        self._sequence: int | None = None

    def take(self, frame: ThermalFrame) -> None:
        """Count one frame."""
        self._count_gap(frame)
        self._frames += 1
        self._sequence = frame.sequence
        self._times_s.append(frame.monotonic_s)
        self._statuses[frame.status] += 1
        if frame.status is FrameStatus.LIVE:
            step = max(1, max(frame.shape) // _SPARSE_LONGER_PX)
            # A copy: a view would keep every whole picture.
            sparse = frame.temperature_c[::step, ::step].copy()
            if self._pictures and self._pictures[-1].shape != sparse.shape:
                self._pictures.clear()
            self._pictures.append(sparse)

    def figures(self) -> FrameFigures:
        """Return what is known now."""
        return FrameFigures(
            self._frames,
            self._rate_hz(),
            self._gaps,
            self._noise_c(),
            tuple(sorted(self._statuses.items())),
        )

    def _count_gap(self, frame: ThermalFrame) -> None:
        if self._sequence is None:
            return
        is_missing = frame.sequence != self._sequence + 1
        # Of some thirty numbers Python finds the median ten times faster than numpy.
        periods_s = [later - earlier for earlier, later in pairwise(self._times_s)]
        usual_s = median(periods_s) if periods_s else None
        late_s = frame.monotonic_s - self._times_s[-1]
        self._gaps += is_missing or (usual_s is not None and late_s > _GAP_PERIODS * usual_s)

    def _rate_hz(self) -> float | None:
        if len(self._times_s) < 2:  # noqa: PLR2004 - a period has two ends
            return None
        span_s = self._times_s[-1] - self._times_s[0]
        return (len(self._times_s) - 1) / span_s if span_s > 0 else None

    def _noise_c(self) -> float | None:
        if len(self._pictures) < _FEWEST_FOR_NOISE:
            return None
        # Differences of neighbours in time, so that drift is no noise; two noises add up to √2.
        changes = np.diff(np.stack(self._pictures), axis=0)
        return float(np.median(changes.std(axis=0)) / np.sqrt(2))
