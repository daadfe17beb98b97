"""A camera that is not warm yet: its error falls away over minutes."""

import math

import numpy as np
from numpy.typing import NDArray

from simulators.devices.thermal_camera import View

# "1-2 °C in 10 min": in three times this the error is down to a twentieth.
_TIME_CONSTANT_S = 200.0


class WarmingView:
    """What a camera sees while it warms up.

    Args:
        view: what it would see.
        begun_s: scene time at which it was switched on, s.
        error_c: its error then, °C.
    """

    def __init__(self, view: View, begun_s: float, error_c: float) -> None:
        self._view = view
        self._begun_s = begun_s
        self._error_c = error_c

    def render(self, t_s: float, *, is_source_covered: bool = False) -> NDArray[np.float32]:
        """Return apparent temperatures at a scene time, °C, float32."""
        picture = self._view.render(t_s, is_source_covered=is_source_covered)
        left = math.exp(-max(0.0, t_s - self._begun_s) / _TIME_CONSTANT_S)
        return picture + np.float32(self._error_c * left)
