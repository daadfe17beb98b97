"""The room's air: what skin reflects, and when nobody can be measured in it."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """Conditions at the checkpoint, from sensors or settings."""

    ambient_c: float
    """Temperature of air and walls, °C; the usual value if nobody measures it."""
    ambient_u_c: float
    """Its standard uncertainty, °C; large if nobody measures it."""
    humidity_pct: float | None = None
    """Relative humidity, %, or None if nobody measures it."""
    outdoor_c: float | None = None
    """Outdoor temperature, °C, or None if nobody measures it."""


# Chosen: values outside are typing errors or broken sensors, whatever the weather.
_AMBIENT_C, _HUMIDITY_PCT, _OUTDOOR_C = (-10.0, 50.0), (0.0, 100.0), (-60.0, 60.0)


def faults_of_room(room: Room) -> Iterator[str]:
    """Tell each value that no room has; NaN counts as one."""
    for what, value, (low, high), unit in (
        ("the room's temperature", room.ambient_c, _AMBIENT_C, "°C"),
        ("the humidity", room.humidity_pct, _HUMIDITY_PCT, "%"),
        ("the outdoor temperature", room.outdoor_c, _OUTDOOR_C, "°C"),
    ):
        if value is not None and not low <= value <= high:
            yield f"{what} must be {low:g} to {high:g} {unit}, not {value:g}"


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """Between which conditions readings are trusted, and when arrivals may be chilled."""

    ambient_c: tuple[float, float]
    """Lowest and highest room temperature, °C."""
    humidity_pct: tuple[float, float]
    """Lowest and highest relative humidity, %."""
    cold_outdoor_c: float
    """Below this outdoor temperature, faces may arrive chilled, °C."""

    def allow(self, room: Room) -> bool:
        """Whether readings in this room are trusted; unmeasured humidity is taken as fine."""
        low_c, high_c = self.ambient_c
        dry, damp = self.humidity_pct
        humidity = room.humidity_pct
        return low_c <= room.ambient_c <= high_c and (humidity is None or dry <= humidity <= damp)

    def is_cold_outside(self, room: Room) -> bool:
        """Whether travellers may come in chilled; not known counts as no."""
        return room.outdoor_c is not None and room.outdoor_c < self.cold_outdoor_c


# Rest before a second look, by outdoor temperature: forehead skin is back within 0.5 °C after five
# minutes from -5 °C; five to nine minutes are needed from -20 to -10 °C, none from 15 °C.
# Source: Dzien et al. 2020; Applied Ergonomics 98 (2022) 103576.
_REST_MIN = ((-20.0, 10.0), (-10.0, 7.0), (0.0, 5.0), (10.0, 3.0))


def rest_time_s(outdoor_c: float | None) -> float:
    """Return how long a chilled traveller should rest before the next look, seconds."""
    if outdoor_c is None:
        return 60 * _REST_MIN[2][1]
    for limit_c, minutes in _REST_MIN:
        if outdoor_c <= limit_c:
            return 60 * minutes
    return 60 * _REST_MIN[-1][1]
