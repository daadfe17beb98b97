"""A sensor of the air in a room whose heating goes on and off."""

from math import pi, sin

from simulators.clock import SceneClock

# Chosen: half a degree in a quarter of an hour is a thermostat's swing.
_SWING_C, _SWING_PCT, _PERIOD_S = 0.5, 2.0, 900.0


class RoomAirDevice:
    """The sensor.

    Args:
        clock: scene time.
        room_c: mean air temperature, °C.
        humidity_pct: mean relative humidity, %.
    """

    def __init__(self, clock: SceneClock, *, room_c: float, humidity_pct: float) -> None:
        self._clock = clock
        self._room_c = room_c
        self._humidity_pct = humidity_pct

    def air_c(self) -> float:
        """Return the air's temperature, °C."""
        return self._room_c + _SWING_C * self._swing()

    def humidity_pct(self) -> float:
        """Return the relative humidity, %; it falls as the air warms."""
        return self._humidity_pct - _SWING_PCT * self._swing()

    def _swing(self) -> float:
        return sin(2 * pi * self._clock.now_s() / _PERIOD_S)
