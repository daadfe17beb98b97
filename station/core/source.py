"""A reference source that speaks for itself: what it says is judged before lanes believe it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import hypot, sqrt

from station.core.health import DeviceDoubt
from station.core.reference import ReferenceReading, ReferenceState, ReferenceTruth


@dataclass(frozen=True, slots=True)
class SourceWord:
    """What a source says of itself."""

    temperature_c: float
    """The temperature that it measures, or that it is said to have, °C."""
    set_point_c: float
    """What it is set to, °C."""
    is_stable: bool
    """Whether it counts itself as settled."""
    is_heating: bool
    """Whether its output is on."""
    fault: str
    """What it complains of; empty when all is well."""
    emissivity: float | None
    """The emissivity that its temperature is told for, if it tells."""
    is_own: bool
    """Whether it measures that temperature; else somebody wrote it down."""


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """What the settings say of a source."""

    set_point_c: float
    """What it must be set to, °C."""
    set_point_u_c: float
    """Standard uncertainty of the set point, °C."""
    emissivity: float
    """Emissivity of its surface, unless it tells another one."""
    max_away_c: float
    """How far its own temperature may be from its set point, °C."""
    uses_own_temperature: bool
    """Whether its own temperature counts as true, where it measures one; else its set point."""
    own_u_c: float
    """Standard uncertainty of its own temperature, °C."""


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """Whether lanes may measure by a source, and by which temperature."""

    truth: ReferenceTruth | None
    """What it truly is; None takes the settings."""
    blocks: ReferenceState | None
    """The state that forbids measuring by it, whatever the camera sees; None allows it."""
    expires_s: float = float("inf")
    """Monotonic time after which it counts as gone silent."""
    moved_c: float = 0.0
    """By how much the source or its camera has moved lately, and nobody knows which, °C."""

    def at(self, now_s: float) -> "SourceStanding":
        """Return what is left of it at a monotonic time."""
        return self if now_s <= self.expires_s else SILENT

    def limit(self, seen: ReferenceReading) -> ReferenceReading:
        """Return what a camera sees of the source, unless what the source says forbids it."""
        if self.moved_c and seen.has_offset:
            # What the camera moved is corrected, what the source moved is an error: a reading may
            # be off by anything up to all of it, either way.
            seen = replace(seen, u_c=hypot(seen.u_c, self.moved_c / sqrt(3)))
        if self.blocks is None or seen.state is not ReferenceState.HEALTHY:
            return seen
        return replace(seen, state=self.blocks)


SILENT = SourceStanding(None, ReferenceState.LOST)
"""Of a source that has said nothing, or nothing for too long."""

# The source's own resolution: two of its numbers that differ by less are the same (M340: 0.1 °C).
_SAME_SET_POINT_C = 0.051
BLOCKING: Mapping[DeviceDoubt, ReferenceState] = {
    DeviceDoubt.STUCK: ReferenceState.OUT_OF_BAND,
    DeviceDoubt.DRIFTING: ReferenceState.OUT_OF_BAND,
    DeviceDoubt.UNSETTLED: ReferenceState.UNSTABLE,
    DeviceDoubt.OTHER_SET_POINT: ReferenceState.OUT_OF_BAND,
    DeviceDoubt.SWITCHED_OFF: ReferenceState.LOST,
    DeviceDoubt.COMPLAINS: ReferenceState.OUT_OF_BAND,
    DeviceDoubt.IMPLAUSIBLE: ReferenceState.OUT_OF_BAND,
}
"""What each doubt about a source means for the lanes that look at it."""


def doubt_of(word: SourceWord, limits: SourceLimits) -> tuple[DeviceDoubt, str] | None:
    """Return why a source must not be measured by, and what to do; None if it may."""
    if word.fault:
        return DeviceDoubt.COMPLAINS, f"The reference source complains: {word.fault}."
    if not word.is_heating:
        return DeviceDoubt.SWITCHED_OFF, "The reference source does not heat: switch it on."
    if not abs(word.set_point_c - limits.set_point_c) <= _SAME_SET_POINT_C:
        return (
            DeviceDoubt.OTHER_SET_POINT,
            f"The reference source is set to {word.set_point_c:.2f} °C, the settings say "
            f"{limits.set_point_c:.2f} °C: set it back, or change [reference].set_point_c.",
        )
    away_c = word.temperature_c - word.set_point_c
    if not (word.is_stable and abs(away_c) <= limits.max_away_c):
        return (
            DeviceDoubt.UNSETTLED,
            f"The reference source is at {word.temperature_c:.2f} °C and not steady at its set "
            "point: wait, and keep drafts away.",
        )
    return None


def truth_of(word: SourceWord, limits: SourceLimits) -> ReferenceTruth:
    """Return which temperature, uncertainty and emissivity a source has."""
    is_own = limits.uses_own_temperature and word.is_own
    return ReferenceTruth(
        temperature_c=word.temperature_c if is_own else limits.set_point_c,
        u_c=limits.own_u_c if is_own else limits.set_point_u_c,
        emissivity=limits.emissivity if word.emissivity is None else word.emissivity,
    )
