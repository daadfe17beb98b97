"""The reference source (ETRS) in the picture, and what can be done to it on command."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from simulators.twin.assumptions import (
    MOUNT_ABOVE_ROOM_C,
    SOURCE_DISTANCE_M,
    SOURCE_PERIOD_S,
    SOURCE_STABILITY_C,
)
from simulators.twin.optics import Room
from simulators.twin.radiance import radiance_of
from station.core.faces import Box

# The mount is so many disc radii tall to either side, and so much narrower than tall.
_MOUNT_RADII, _MOUNT_SHAPE = 2.4, 0.8


class SourceFault(StrEnum):
    """What happens to the source."""

    COVERED = "covered"
    """Somebody stands in front of it or hangs a coat over it."""
    MOVED = "moved"
    """It is pushed aside by `amount` picture widths."""
    UNSTABLE = "unstable"
    """Its temperature swings by `amount` °C, up and down, every two seconds."""
    OFF_SET_POINT = "off_set_point"
    """Its temperature is `amount` °C above what it should be."""


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """One fault, for a while."""

    fault: SourceFault
    """Which."""
    from_s: float
    """Scene time at which it begins."""
    until_s: float = float("inf")
    """Scene time at which it ends."""
    amount: float = 0.0
    """How much, in the fault's own unit."""


@dataclass(frozen=True, slots=True)
class ReferenceSource:
    """The blackbody in the picture."""

    set_point_c: float = 37.0
    """What it is set to, °C."""
    center: tuple[float, float] = (0.18, 0.90)
    """(row, column) as fractions of the picture."""
    radius: float = 0.028
    """Radius as a fraction of the picture's width."""
    present: bool = True
    """Whether it is in view."""
    error_c: float = 0.0
    """True surface temperature minus set point, °C."""
    emissivity: float = 0.98
    """Emissivity of its surface."""
    distance_m: float = SOURCE_DISTANCE_M
    """How far it stands."""
    stability_c: float = SOURCE_STABILITY_C
    """Amplitude of its control cycle, °C."""
    events: tuple[SourceEvent, ...] = ()
    """What happens to it."""

    def _event(self, fault: SourceFault, t_s: float) -> SourceEvent | None:
        for event in self.events:
            if event.fault is fault and event.from_s <= t_s < event.until_s:
                return event
        return None

    def true_c(self, t_s: float) -> float:
        """Return its surface temperature at a scene time, °C."""
        cycle_c = self.stability_c * float(np.sin(2 * np.pi * t_s / SOURCE_PERIOD_S))
        true_c = self.set_point_c + self.error_c + cycle_c
        if swing := self._event(SourceFault.UNSTABLE, t_s):
            true_c += swing.amount * float(np.sin(np.pi * (t_s - swing.from_s)))
        if away := self._event(SourceFault.OFF_SET_POINT, t_s):
            true_c += away.amount
        return true_c

    def is_seen(self, t_s: float) -> bool:
        """Whether it is in view and uncovered."""
        return self.present and self._event(SourceFault.COVERED, t_s) is None

    def center_px(self, shape: tuple[int, int], t_s: float) -> tuple[float, float]:
        """Return (row, column) of its middle at a scene time, px."""
        event = self._event(SourceFault.MOVED, t_s)
        moved = event.amount if event else 0.0
        return self.center[0] * shape[0], (self.center[1] - moved) * shape[1]

    def mount(self, shape: tuple[int, int], t_s: float) -> Box | None:
        """Return what its mount covers, or None when it is out of view."""
        if not self.is_seen(t_s):
            return None
        row, column = self.center_px(shape, t_s)
        half = _MOUNT_RADII * self.radius * shape[1]
        across = _MOUNT_SHAPE * half
        return Box(row - half, column - across, row + half, column + across)

    def draw(self, picture: NDArray[np.float32], t_s: float, room: Room) -> None:
        """Lay mount and disc over a picture in radiance."""
        row, column = self.center_px((picture.shape[0], picture.shape[1]), t_s)
        radius_px = self.radius * picture.shape[1]
        mount = _MOUNT_RADII * radius_px
        top, left = max(int(row - mount), 0), max(int(column - mount), 0)
        patch = picture[top : int(row + mount) + 2, left : int(column + mount) + 2]
        rows = np.arange(top, top + patch.shape[0])[:, None] - row
        columns = np.arange(left, left + patch.shape[1])[None, :] - column
        inside = (abs(rows) < mount) & (abs(columns) < _MOUNT_SHAPE * mount)
        mount_c = room.air_c + MOUNT_ABOVE_ROOM_C
        patch[inside] = self._light(mount_c, 0.95, room)
        disc = np.clip(radius_px - np.hypot(rows, columns) + 0.5, 0, 1).astype(np.float32)
        light = np.float32(self._light(self.true_c(t_s), self.emissivity, room))
        patch += disc * (light - patch)

    def _light(self, surface_c: float, emissivity: float, room: Room) -> float:
        mirrored, air = radiance_of(room.mirrored_c), radiance_of(room.air_c)
        leaves = emissivity * radiance_of(surface_c) + (1 - emissivity) * mirrored
        share = room.transmittance(self.distance_m)
        return share * leaves + (1 - share) * air
