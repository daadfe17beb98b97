"""A forehead gun: what it measures when somebody pulls the trigger."""

from dataclasses import dataclass

import numpy as np

from simulators.faults import Fault, Faults


@dataclass(frozen=True, slots=True)
class GunReading:
    """One pull of the trigger."""

    value: float
    """In the unit shown, one decimal."""
    is_fahrenheit: bool
    """The unit."""
    is_body: bool
    """Body mode; otherwise object mode."""


class FefdGunDevice:
    """The gun; what it shows is rounded to one decimal.

    Args:
        faults: its switches.
        seed: for its errors.
        error_c: standard deviation of its errors, °C (0.1 chosen, no source).
    """

    def __init__(self, faults: Faults, *, seed: int = 1, error_c: float = 0.1) -> None:
        self._faults = faults
        self._error_c = error_c
        self._rng = np.random.default_rng(seed)

    def pull_trigger(self, body_c: float) -> GunReading:
        """Measure a forehead of a person with this body temperature, °C."""
        shown_c = body_c + float(self._rng.normal(0, self._error_c))
        is_body = not self._faults.has(Fault.SURFACE_MODE)
        if not is_body:
            shown_c -= 2.5
        is_fahrenheit = self._faults.has(Fault.FAHRENHEIT)
        value = shown_c * 1.8 + 32 if is_fahrenheit else shown_c
        return GunReading(round(value, 1), is_fahrenheit, is_body)
