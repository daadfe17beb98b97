"""From the stream of a fixed point sensor to one sample a presentation; pure, without clocks.

A point sensor has no trigger: it tells a temperature all the time, mostly that of the room. Whoever
is measured holds the forehead before it. A presentation is a jump of the object over the sensor's
own temperature that then stands still; it gives one sample, and the next one only after it left.

Source: protocol page 09, "Edge cases" (jump over 5 °C, stable within 0.2 °C over 5 readings, a
sensor that was warmed by a hand reads wrong for minutes). The other figures are chosen.
"""

from collections import deque
from dataclasses import dataclass
from statistics import median

_MOST_RECENT = 64


@dataclass(frozen=True, slots=True)
class PointReading:
    """One reading of a point sensor."""

    object_c: float | None
    """What is before it, °C; None where the sensor says that it cannot tell."""
    own_c: float | None
    """The sensor's own temperature, °C; None where it was not asked for."""
    at_s: float
    """Receipt time, monotonic seconds."""


@dataclass(frozen=True, slots=True)
class PresentationRules:
    """What counts as a presentation."""

    idle_c: float | None = None
    """What the sensor sees when nobody is there, °C; None takes its own temperature."""
    jump_c: float = 5.0
    """The object is so much warmer than that, °C."""
    leave_c: float = 4.0
    """Below so much it has gone again, °C; less than `jump_c`, lest noise part one in two."""
    stable_c: float = 0.2
    """Readings that lie within so much stand still, °C."""
    stable_readings: int = 5
    """So many of them."""
    stable_s: float = 0.25
    """Over at least so long, seconds: messages that come in a heap prove nothing."""
    away_readings: int = 2
    """So many in a row without a presentation end it; one may be a spoiled message."""
    settled_c: float = 0.4
    """If the sensor's own temperature changes by more, °C, it was warmed or moved."""
    settled_s: float = 30.0
    """Over so long, seconds. One that was warmed before it was opened is found out only once it
    has cooled so much while being watched."""
    agreed_c: float = 0.3
    """Its own temperature counts only if the one told before lies so near, °C: where there is no
    checksum, one spoiled message would else be a warmed sensor for `settled_s`."""

    def __post_init__(self) -> None:
        if not 0 < self.leave_c <= self.jump_c:
            raise ValueError("leave_c must be above 0 and at most jump_c")


@dataclass(frozen=True, slots=True)
class Presented:
    """Something stands still before the sensor."""

    object_c: float
    """Its temperature, °C: the median of the latest readings."""
    is_settled: bool
    """False while the sensor's own temperature changes fast: the value is wrong."""


class PresentationDetector:
    """Finds presentations; what was there from the beginning is none."""

    def __init__(self, rules: PresentationRules) -> None:
        self._rules = rules
        self._recent: deque[PointReading] = deque(maxlen=_MOST_RECENT)
        self._own: deque[tuple[float, float]] = deque()
        self._told_own_c: float | None = None
        self._away = 0
        self._is_near = True
        self._is_awaited = False
        self._is_warned = False

    def feed(self, reading: PointReading) -> Presented | None:
        """Take the next reading in; return what stands still, until `take` was called.

        While the sensor is not settled, that is told once a presentation.
        """
        if reading.own_c is not None:
            self.note_own(reading.own_c, reading.at_s)
        base_c = self._rules.idle_c
        if base_c is None and self._own:
            base_c = self._own[-1][1]
        if reading.object_c is None or base_c is None:
            self._recent.clear()
            return None
        limit_c = self._rules.leave_c if self._is_near else self._rules.jump_c
        self._is_near = reading.object_c - base_c > limit_c
        if not self._is_near:
            self._leave()
            return None
        self._away = 0
        return self._judge(reading) if self._is_awaited else None

    def note_own(self, own_c: float, at_s: float) -> None:
        """Take in the sensor's own temperature, °C, where it is asked for by itself."""
        told_before_c, self._told_own_c = self._told_own_c, own_c
        if told_before_c is None or abs(own_c - told_before_c) > self._rules.agreed_c:
            return
        self._own.append((at_s, own_c))
        while at_s - self._own[0][0] > self._rules.settled_s:
            self._own.popleft()

    def take(self) -> None:
        """Count the presentation as measured: the next sample comes after it has gone."""
        self._is_awaited = False

    def _leave(self) -> None:
        self._away += 1
        self._recent.clear()
        if self._away >= self._rules.away_readings:
            self._is_awaited = True
            self._is_warned = False

    def _judge(self, reading: PointReading) -> Presented | None:
        rules, recent = self._rules, self._recent
        recent.append(reading)
        while self._spread_c() > rules.stable_c:
            recent.popleft()
        lasts_s = recent[-1].at_s - recent[0].at_s
        if len(recent) < rules.stable_readings or lasts_s < rules.stable_s:
            return None
        is_settled = self._own_spread_c() <= rules.settled_c
        if not is_settled and self._is_warned:
            return None
        self._is_warned = not is_settled
        latest = list(recent)[-rules.stable_readings :]
        return Presented(round(median(_object_c(each) for each in latest), 2), is_settled)

    def _spread_c(self) -> float:
        values = [_object_c(each) for each in self._recent]
        # Sums of tenths are not exact.
        return round(max(values) - min(values), 6)

    def _own_spread_c(self) -> float:
        values = [own_c for _, own_c in self._own]
        return max(values) - min(values) if values else 0.0


def _object_c(reading: PointReading) -> float:
    if reading.object_c is None:
        raise ValueError("a reading without a value cannot stand still")
    return reading.object_c
