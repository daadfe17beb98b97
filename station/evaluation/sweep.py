"""Sweeps a source through a camera's whole chain and notes what was shown at each step."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from drivers.api import DeviceInfo, ThermalCamera
from drivers.errors import DeviceDisconnected, DeviceError, DeviceTimeout
from station.core.linearity import MissedStep, Step
from station.core.swept_source import Obstacle, SweptReading, SweptSourceMeter
from station.evaluation.swept_sources import SweptSource

_READ_TIMEOUT_S = 2.0
_REOPEN_WAIT_S = 0.5
# After a wait the trackers still hold older frames; they keep nine at most.
_FRAMES_TO_FORGET = 10
_FRAMES_BETWEEN_READINGS = 5
# The second half of a step's frames must not differ more from the first (chosen).
_STEADY_C = 0.05
# A step that was disturbed or unsteady so often is given up.
_MOST_TRIES = 5
# So many steps in a row without a result: the rest would only waste the technician's time.
_MISSED_TO_GIVE_UP = 3


@dataclass(frozen=True, slots=True)
class SweepLimits:
    """How long and how thoroughly each step is measured."""

    frames: int
    """Valid frames for a step, at least 2."""
    patience_s: float
    """Seconds without a valid frame before a step is given up."""


class FrameFeed:
    """Reads the camera and opens it again when it was lost; every frame goes to the meter."""

    def __init__(self, camera: ThermalCamera, meter: SweptSourceMeter) -> None:
        self._camera = camera
        self._meter = meter
        self.info: DeviceInfo = camera.open()

    def look(self) -> SweptReading | Obstacle:
        """Return what the next frame shows, or why there is nothing."""
        try:
            if not self._camera.is_open:
                self._open_again()
            frame = self._camera.read(_READ_TIMEOUT_S)
        except DeviceTimeout as error:
            return Obstacle(f"the camera is silent: {error}")
        except DeviceError as error:
            self._camera.close()
            time.sleep(_REOPEN_WAIT_S)
            return Obstacle(f"the camera is lost: {error}")
        if frame is None:
            return Obstacle("the recording has ended")
        return self._meter.step(frame)

    def close(self) -> None:
        """Close the camera."""
        self._camera.close()

    def _open_again(self) -> None:
        info = self._camera.open()
        if (info.model, info.serial_number) != (self.info.model, self.info.serial_number):
            self._camera.close()
            raise DeviceDisconnected(f"another camera answers ({info.model} {info.serial_number})")


class Sweep:
    """One sweep.

    Args:
        feed: the camera.
        source: the swept source.
        limits: how each step is measured.
        on_step: is told each step at once, measured or missed.
        on_wait: is told, once for each reason, what the sweep waits for.
    """

    def __init__(
        self,
        feed: FrameFeed,
        source: SweptSource,
        limits: SweepLimits,
        *,
        on_step: Callable[[Step | MissedStep], None],
        on_wait: Callable[[str], None],
    ) -> None:
        self._feed = feed
        self._source = source
        self._limits = limits
        self._on_step = on_step
        self._on_wait = on_wait
        self._waits_for = ""

    def run(self, targets: Sequence[float]) -> tuple[list[Step], list[MissedStep]]:
        """Measure every target, °C, in the given order.

        Raises:
            KnownError: if nobody confirms that the source may be changed.
        """
        steps: list[Step] = []
        missed: list[MissedStep] = []
        in_a_row = 0
        for target_c in targets:
            if in_a_row >= _MISSED_TO_GIVE_UP:
                step: Step | MissedStep = MissedStep(target_c, missed[-1].reason)
            else:
                step = self._measure(target_c)
            self._on_step(step)
            if isinstance(step, Step):
                steps.append(step)
                in_a_row = 0
            else:
                missed.append(step)
                in_a_row += 1
        return steps, missed

    def _measure(self, target_c: float) -> Step | MissedStep:
        try:
            reason = self._source.settle(target_c, self._feed.look)
            if reason is not None:
                return MissedStep(target_c, reason)
            return self._collect(target_c)
        except DeviceError as error:
            return MissedStep(target_c, f"the source is lost: {error}")

    def _collect(self, target_c: float) -> Step | MissedStep:
        """Take frames until enough steady ones are together."""
        until_s = time.monotonic() + self._limits.patience_s
        to_forget, tries = _FRAMES_TO_FORGET, 0
        shown: list[SweptReading] = []
        told_c: list[float] = []
        reason = "no frame came"
        while time.monotonic() < until_s and tries < _MOST_TRIES:
            if not to_forget and len(shown) == len(told_c) * _FRAMES_BETWEEN_READINGS:
                told_c.append(self._source.read_c())
            reading = self._feed.look()
            if isinstance(reading, Obstacle):
                reason = reading.reason
                # Frames from before and after an obstacle do not belong together.
                tries += bool(shown)
                shown, told_c = [], []
                if reading.is_waiting:
                    until_s = self._wait_on(reading.reason)
                continue
            # Some cameras give one picture a second: only silence tries the patience.
            until_s = time.monotonic() + self._limits.patience_s
            if to_forget:
                to_forget -= 1
                continue
            shown.append(reading)
            if len(shown) < self._limits.frames:
                continue
            told_c.append(self._source.read_c())
            step = _step(target_c, shown, told_c)
            if step is not None:
                return step
            reason = "the source's temperature still changed while it was measured"
            tries += 1
            shown, told_c = [], []
        return MissedStep(target_c, reason)

    def _wait_on(self, reason: str) -> float:
        """Say once what is waited for, and return the new end of patience."""
        if reason != self._waits_for:
            self._waits_for = reason
            self._on_wait(reason)
        return time.monotonic() + self._limits.patience_s


def _step(target_c: float, shown: list[SweptReading], told_c: list[float]) -> Step | None:
    """Return a step's result, or None if it was not steady."""
    values = np.array([reading.shown_c for reading in shown])
    half = len(values) // 2
    if abs(float(values[:half].mean() - values[half:].mean())) > _STEADY_C:
        return None
    return Step(
        target_c=target_c,
        true_c=float(np.mean(told_c)),
        shown_c=float(values.mean()),
        frames=len(values),
        noise_u_c=float(np.hypot(_mean_error(values), _mean_error(np.array(told_c)))),
        level_u_c=float(np.mean([reading.level_u_c for reading in shown])),
    )


def _mean_error(values: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> float:
    """Return the standard error of a mean; 0 for a single value."""
    if len(values) < 2:  # noqa: PLR2004 - one value has no scatter
        return 0.0
    return float(values.std(ddof=1) / np.sqrt(len(values)))
