"""Instruments that go wrong without a word: values that stand still, and values that creep."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from statistics import median


class DeviceDoubt(StrEnum):
    """Why what a device says is not believed, though it answers; the kiosk has words for each."""

    STUCK = "stuck"
    """Its value stays the same to the last bit, where noise must move it."""
    DRIFTING = "drifting"
    """What a camera shows of its reference source creeps away from what it was minutes ago."""
    UNSETTLED = "unsettled"
    """A reference source is not stable at its set point."""
    OTHER_SET_POINT = "other_set_point"
    """A reference source is set to something else than the settings say."""
    SWITCHED_OFF = "switched_off"
    """A reference source does not heat."""
    COMPLAINS = "complains"
    """The device itself tells a fault."""
    IMPLAUSIBLE = "implausible"
    """It tells what cannot be."""
    CLOCK_SET = "clock_set"
    """The station's clock was set while it ran, or since it ran last."""


class StuckWatch:
    """Notices a value that no longer moves.

    Args:
        longest_s: noise moves the value within this time, seconds.
        fewest: so many equal readings at least are needed to say that it stands.
    """

    def __init__(self, longest_s: float, fewest: int) -> None:
        self._longest_s = longest_s
        self._fewest = fewest
        self._values: tuple[float | None, ...] = ()
        self._since_s = 0.0
        self._count = 0

    def take(self, now_s: float, *values: float | None) -> bool:
        """Return whether all these values have stood still for too long.

        Args:
            now_s: monotonic time.
            values: what one reading tells; one that moves is enough.
        """
        if values != self._values:
            self._values, self._since_s, self._count = values, now_s, 0
        self._count += 1
        return self._count >= self._fewest and now_s - self._since_s > self._longest_s

    def forget(self) -> None:
        """Begin anew, as after a loss."""
        self._values, self._count = (), 0


@dataclass(frozen=True, slots=True)
class DriftLimits:
    """How far a value may creep within a stretch of time."""

    stretch_s: float
    """The latest stretch that is looked at, seconds."""
    warn_c: float
    """A trend that is told, °C over the stretch."""
    block_c: float
    """A trend or a jump after which the source is no longer believed, °C."""


# Medians of a tenth of the stretch: noise is gone, and a trend is seen a tenth late.
_SLICES = 10
# A trend that has been told ends when it is below this share of what began it (chosen).
_CLEAR_SHARE = 0.5


class DriftWatch:
    """Follows a value for some minutes, by medians of slices.

    Args:
        limits: how far it may creep.
    """

    def __init__(self, limits: DriftLimits) -> None:
        self._limits = limits
        self._slice_s = limits.stretch_s / _SLICES
        self._newest: list[float] = []
        self._begun_s: float | None = None
        self._last_s = 0.0
        self._medians: deque[float] = deque(maxlen=_SLICES + 1)
        self.is_warning = False
        """Whether it creeps."""
        self.is_blocking = False
        """Whether it creeps so fast that the source is no longer believed."""

    @property
    def trend_c(self) -> float:
        """By how much it has moved from where it was furthest within the stretch, °C."""
        if not self._medians:
            return 0.0
        last = self._medians[-1]
        return max((last - earlier for earlier in self._medians), key=abs)

    def take(self, now_s: float, value_c: float) -> bool:
        """Take the next value and return whether one of the two answers has changed.

        Args:
            now_s: monotonic time, seconds.
            value_c: the value, °C.
        """
        if self._begun_s is None or now_s - self._last_s > self._slice_s:
            self.forget()
            self._begun_s = now_s
        self._last_s = now_s
        if now_s - self._begun_s < self._slice_s:
            self._newest.append(value_c)
            return False
        self._medians.append(median(self._newest))
        self._newest, self._begun_s = [value_c], now_s
        before = self.is_warning, self.is_blocking
        trend_c, limits = abs(self.trend_c), self._limits
        self.is_warning = _is_beyond(trend_c, limits.warn_c, was=self.is_warning)
        self.is_blocking = _is_beyond(trend_c, limits.block_c, was=self.is_blocking)
        return before != (self.is_warning, self.is_blocking)

    def forget(self) -> None:
        """Begin anew: what was before a gap has no trend with what comes after."""
        self._newest, self._begun_s = [], None
        self._medians.clear()
        self.is_warning = self.is_blocking = False


class JumpWatch:
    """Notices that a value has left the level that it had, and does not get used to the new one.

    The level follows what a camera does by itself within the stretch, and waits while the value is
    away from it: who changed the source must set it back, or say so in the settings.

    Args:
        limits: how far the value may be away from its level.
    """

    def __init__(self, limits: DriftLimits) -> None:
        self._limits = limits
        self._level_c: float | None = None
        self._last_s = 0.0
        self.away_c = 0.0
        """How far the value is away from its level, °C."""
        self.is_warning = False
        """Whether that is further than it goes by itself."""
        self.has_jumped = False
        """Whether that is too far."""

    def take(self, now_s: float, value_c: float) -> None:
        """Take the next value.

        Args:
            now_s: monotonic time, seconds.
            value_c: the value, °C.
        """
        passed_s, self._last_s = now_s - self._last_s, now_s
        if self._level_c is None or (passed_s > self._limits.stretch_s and not self.has_jumped):
            self._level_c = value_c
        self.away_c = value_c - self._level_c
        away_c, limits = abs(self.away_c), self._limits
        self.is_warning = _is_beyond(away_c, limits.warn_c, was=self.is_warning)
        self.has_jumped = _is_beyond(away_c, limits.block_c, was=self.has_jumped)
        if not self.has_jumped:
            self._level_c += self.away_c * min(1.0, passed_s / self._limits.stretch_s)

    def forget(self) -> None:
        """Take the next value as the level."""
        self._level_c, self.away_c = None, 0.0
        self.is_warning = self.has_jumped = False


def _is_beyond(trend_c: float, limit_c: float, *, was: bool) -> bool:
    return trend_c > (limit_c * _CLEAR_SHARE if was else limit_c)
