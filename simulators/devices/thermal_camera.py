"""A thermal camera: what its sensor sees, and what its shutter does."""

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulators.clock import SceneClock
from simulators.faults import Fault, Faults

# The fault: a shutter that closes again and again, and what it leaves behind.
_FAULT_EVERY_S = 8.0
_STEP_C = 0.3
# "0.05-0.3 °C per 10 min" of the fault catalogue.
_DRIFT_C_PER_S = 0.3 / 600
# How firmware that normalises bends °C: 35 to 40 is squeezed to 36.7 to 37.45 around 37, and the
# readings rejoin the truth outside. Source of the kind of bend: Healy et al. 2021, J Biomed Opt
# 26(4) 043009 (readings of 35 to 40 °C pulled to about 37); these numbers are chosen.
_BENT_FROM_C = (-100.0, 32.0, 35.0, 40.0, 43.0, 600.0)
_BENT_TO_C = (-100.0, 32.0, 36.7, 37.45, 43.0, 600.0)


class View(Protocol):
    """What a camera looks at."""

    def render(self, t_s: float, *, is_source_covered: bool = False) -> NDArray[np.float32]:
        """Return apparent temperatures at a scene time, °C, float32."""
        ...


class Shutter(StrEnum):
    """Where the shutter correction stands."""

    NEVER = "never"
    """None since power-up."""
    IMMINENT = "imminent"
    """The camera announces it."""
    CLOSED = "closed"
    """The shutter is closed: the picture stands."""
    DONE = "done"
    """It has run."""


@dataclass(frozen=True, slots=True)
class ShutterPlan:
    """How a model corrects itself."""

    every_s: float = float("inf")
    """From one correction to the next, s; infinite for a camera without shutter."""
    announced_s: float = 2.0
    """How long before it is announced, s (Lepton: about 2)."""
    closed_s: float = 0.9
    """How long the picture stands, s (Lepton: about 0.9)."""
    step_c: float = 0.0
    """By how much the picture's error changes each time, alternately up and down, °C."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture inside the camera."""

    temperature_c: NDArray[np.float32]
    """°C, float32, shape (rows, columns)."""
    number: int
    """Counts the sensor's own pictures from 0; the same number is the same picture."""
    taken_s: float
    """Scene time of exposure, s."""
    shutter: Shutter
    """Where the shutter correction stands."""
    corrected_s: float | None
    """Scene time at which the last correction ended, s; None before the first."""


class ThermalCameraDevice:
    """The camera; any number of connections may ask it for pictures.

    Args:
        view: what it looks at.
        clock: scene time.
        faults: its switches.
        seed: for its own noise.
        rate_hz: how often its sensor renews the picture; requests in between see the same one.
        shutter: how it corrects itself.
    """

    def __init__(
        self,
        view: View,
        clock: SceneClock,
        faults: Faults,
        *,
        seed: int = 1,
        rate_hz: float = 25.0,
        shutter: ShutterPlan | None = None,
    ) -> None:
        self._view = view
        self._clock = clock
        self._faults = faults
        self._rng = np.random.default_rng(seed)
        self._period_s = 1 / rate_hz
        self._plan = shutter or ShutterPlan()
        self._lock = threading.Lock()
        self._picture: Picture | None = None
        self._begun_s = clock.now_s()
        self._drifting_since_s: float | None = None
        self._asked_s: float | None = None

    def correct(self) -> None:
        """Run a shutter correction now, as the host may ask for."""
        with self._lock:
            self._asked_s = self._clock.now_s()

    def picture(self) -> Picture:
        """Return what the sensor last saw."""
        with self._lock:
            now_s = self._clock.now_s()
            last = self._picture
            if last is not None and 0 <= now_s - last.taken_s < self._period_s:
                return last
            shutter, corrected_s, error_c = self._shutter(now_s)
            stands = self._faults.has(Fault.FROZEN_FRAME) or shutter is Shutter.CLOSED
            shown = last.temperature_c if last and stands else self._expose(now_s, error_c)
            number = 0 if last is None else last.number + (not self._faults.has(Fault.FROZEN_FRAME))
            self._picture = Picture(shown, number, now_s, shutter, corrected_s)
            return self._picture

    def _shutter(self, now_s: float) -> tuple[Shutter, float | None, float]:
        """Return the state, the end of the last correction, and the error it left, °C."""
        plan, since_s = self._plan, now_s - self._begun_s
        every_s = _FAULT_EVERY_S if self._faults.has(Fault.SHUTTER) else plan.every_s
        if self._asked_s is not None and now_s < self._asked_s + plan.closed_s:
            return Shutter.CLOSED, None, 0.0
        asked_s = None if self._asked_s is None else self._asked_s + plan.closed_s
        if every_s == float("inf"):
            return (Shutter.NEVER if asked_s is None else Shutter.DONE), asked_s, 0.0
        round_number, within_s = divmod(since_s, every_s)
        step_c = _STEP_C if self._faults.has(Fault.SHUTTER) else plan.step_c
        error_c = step_c * (round_number % 2)
        ended_s = self._begun_s + round_number * every_s if round_number else asked_s
        if within_s >= every_s - plan.closed_s:
            return Shutter.CLOSED, ended_s, error_c
        if within_s >= every_s - plan.closed_s - plan.announced_s:
            return Shutter.IMMINENT, ended_s, error_c
        return (Shutter.NEVER if ended_s is None else Shutter.DONE), ended_s, error_c

    def _expose(self, now_s: float, error_c: float) -> NDArray[np.float32]:
        has = self._faults.has
        picture = self._view.render(now_s, is_source_covered=has(Fault.SOURCE_COVERED))
        picture += np.float32(error_c + self._drift_c(now_s))
        if has(Fault.NOISY):
            picture += self._rng.normal(0, 0.4, picture.shape).astype(np.float32)
        if has(Fault.OFFSET_STEP):
            picture += np.float32(_STEP_C)
        if has(Fault.NOT_A_NUMBER):
            picture[0] = np.nan
        if has(Fault.NORMALISE):
            picture = np.interp(picture, _BENT_FROM_C, _BENT_TO_C).astype(np.float32)
        return picture

    def _drift_c(self, now_s: float) -> float:
        if not self._faults.has(Fault.DRIFT):
            self._drifting_since_s = None
            return 0.0
        if self._drifting_since_s is None:
            self._drifting_since_s = now_s
        return _DRIFT_C_PER_S * (now_s - self._drifting_since_s)
