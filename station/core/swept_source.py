"""What a camera shows of a second source in view, corrected by the reference source."""

from dataclasses import dataclass, replace
from math import hypot

from station.core.extraction import RejectReason
from station.core.faces import Box
from station.core.frame_checks import FrameLimits, FrameMonitor
from station.core.frames import ThermalFrame
from station.core.radiance import Surface, radiance
from station.core.reference import (
    ReferenceLimits,
    ReferenceReading,
    ReferenceState,
    ReferenceTracker,
)
from station.core.room import Room

Region = tuple[float, float, float, float]
"""(top, left, bottom, right) as fractions of the picture."""


@dataclass(frozen=True, slots=True)
class SweptSourceLimits:
    """Where the swept source is and what its surface is like."""

    region: Region
    """Where it may be; must not touch the reference source's regions."""
    radius_fraction: tuple[float, float]
    """Smallest and largest radius as fractions of the picture's longer side."""
    emissivity: float
    """Emissivity of its surface in the camera's band."""
    u_c: float
    """Standard uncertainty of what it says of its own temperature, °C."""


@dataclass(frozen=True, slots=True)
class SweptReading:
    """The swept source in one frame."""

    shown_c: float
    """Its temperature as the whole chain shows it, °C."""
    level_u_c: float
    """Standard uncertainty that all frames share, °C."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a frame tells nothing."""

    reason: str
    """What is wrong and what to do, for the technician."""
    is_waiting: bool = False
    """Whether time alone removes it, however long it takes (warm-up)."""


# The disc is looked for over everything a source may be swept to: half of this around the middle.
_SEARCH_BAND_C = 20.0
_SEARCH_MIDDLE_C = 37.5
# The middle of the disc's box that is averaged: four tenths each way stay clear of its edge.
_MIDDLE = (0.3, 0.7)

_REFERENCE_WORDS = {
    ReferenceState.SEARCHING: "the reference source is not found: check [reference].regions",
    ReferenceState.LOST: "the reference source is lost: uncover it and switch it on",
    ReferenceState.MOVED: "the reference source was moved: put it back and sweep again",
    ReferenceState.UNSTABLE: "the reference source is not steady: let it settle",
    ReferenceState.OUT_OF_BAND: "the reference source is out of its band: check its set point",
}
_SWEPT_WORDS = {
    ReferenceState.SEARCHING: "the swept source is not found in its region: check the region",
    ReferenceState.LOST: "the swept source is lost: uncover it",
    ReferenceState.MOVED: "the swept source was moved: put it back and sweep again",
    ReferenceState.UNSTABLE: "the swept source is not steady in the picture: let it settle",
    ReferenceState.OUT_OF_BAND: "the swept source reads outside any sense: check the region",
}


def overlapping(region: Region, others: tuple[Region, ...]) -> Region | None:
    """Return the first of the other regions that shares a part of the picture with this one."""
    top, left, bottom, right = region
    for other in others:
        if max(top, other[0]) < min(bottom, other[2]) and max(left, other[1]) < min(
            right, other[3]
        ):
            return other
    return None


class SweptSourceMeter:
    """Follows both sources of one camera; give it every frame in order.

    Args:
        reference: the reference source's limits.
        swept: the swept source's.
        frame: what a whole frame must keep.
        room: what both sources reflect.

    Raises:
        ValueError: if the regions of both sources overlap.
    """

    def __init__(
        self,
        reference: ReferenceLimits,
        swept: SweptSourceLimits,
        frame: FrameLimits,
        room: Room,
    ) -> None:
        if overlapping(swept.region, reference.regions) is not None:
            raise ValueError("the regions of the swept and the reference source overlap")
        self._swept_limits = swept
        self._room = room
        self._monitor = FrameMonitor(frame)
        self._reference = ReferenceTracker(reference)
        self._swept = ReferenceTracker(
            replace(
                reference,
                set_point_c=_SEARCH_MIDDLE_C,
                regions=(swept.region,),
                radius_fraction=swept.radius_fraction,
                band_c=_SEARCH_BAND_C,
                emissivity=swept.emissivity,
            )
        )
        self._surface = Surface(swept.emissivity, room.ambient_c)
        self._ambient_share = abs(reference.emissivity - swept.emissivity)

    def step(self, frame: ThermalFrame) -> SweptReading | Obstacle:
        """Return what the next frame shows of the swept source, or why nothing."""
        rejected = self._monitor.step(frame, self._room)
        reference = self._reference.step(frame, self._room.ambient_c)
        swept = self._swept.step(frame, self._room.ambient_c)
        if rejected is not None:
            words = rejected.value.replace("_", " ")
            return Obstacle(
                f"the frame cannot be used ({words})", rejected is RejectReason.WARMING_UP
            )
        if reference.state is not ReferenceState.HEALTHY:
            return Obstacle(_REFERENCE_WORDS[reference.state])
        if swept.state is not ReferenceState.HEALTHY or swept.box is None:
            return Obstacle(_SWEPT_WORDS[swept.state])
        rows, columns = _middle(swept.box).slices(frame.shape)
        seen = radiance(float(frame.temperature_c[rows, columns].mean())) + reference.shift
        return SweptReading(self._surface.true_c(seen), self._level_u_c(reference))

    def _level_u_c(self, reference: ReferenceReading) -> float:
        # Both surfaces reflect the same room: only the difference of their shares counts, and a
        # degree of room changes the reflection by nearly a degree's radiance (0.87 to 1 of it).
        room_u_c = self._ambient_share * self._room.ambient_u_c
        return hypot(reference.u_c, self._swept_limits.u_c, room_u_c)


def _middle(box: Box) -> Box:
    return Box(
        box.top + _MIDDLE[0] * box.height,
        box.left + _MIDDLE[0] * box.width,
        box.top + _MIDDLE[1] * box.height,
        box.left + _MIDDLE[1] * box.width,
    )
