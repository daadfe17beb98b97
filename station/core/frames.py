"""Radiometric frames as every camera driver delivers them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Pixel = TypeVar("_Pixel", bound=np.generic)


class FrameStatus(StrEnum):
    """What the camera, or its driver, says about one frame."""

    LIVE = "live"
    """A fresh frame that may be measured."""
    SHUTTER = "shutter"
    """The shutter correction (FFC/NUC) runs or has just run; temperatures are settling."""
    STALE = "stale"
    """The camera repeats an old frame or marks its data as frozen."""
    NOT_RADIOMETRIC = "not_radiometric"
    """Pixels are counts, not temperatures: nothing can be measured."""


class Orientation(StrEnum):
    """How a stored or transmitted picture becomes upright and unmirrored."""

    NONE = "none"
    """Already upright."""
    TRANSPOSE = "transpose"
    """Swap rows and columns (a sensor on its side that also mirrors)."""
    ANTITRANSPOSE = "antitranspose"
    """Swap rows and columns along the other diagonal."""
    ROT90 = "rot90"
    """Turn a quarter counter-clockwise."""
    ROT180 = "rot180"
    """Turn upside down."""
    ROT270 = "rot270"
    """Turn a quarter clockwise."""
    FLIP_HORIZONTAL = "flip_horizontal"
    """Swap left and right."""
    FLIP_VERTICAL = "flip_vertical"
    """Swap top and bottom."""

    @property
    def mirrored(self) -> "Orientation":
        """The orientation whose upright picture is this one's with left and right swapped."""
        return _MIRRORED[self]

    def upright(self, picture: NDArray[_Pixel]) -> NDArray[_Pixel]:
        """Return the upright picture, contiguous, never the input's own memory unless NONE.

        Args:
            picture: as the camera gives it, (rows, columns).
        """
        match self:
            case Orientation.NONE:
                turned = picture
            case Orientation.TRANSPOSE:
                turned = picture.T
            case Orientation.ANTITRANSPOSE:
                turned = picture[::-1, ::-1].T
            case Orientation.ROT90:
                turned = np.rot90(picture)
            case Orientation.ROT180:
                turned = picture[::-1, ::-1]
            case Orientation.ROT270:
                turned = np.rot90(picture, -1)
            case Orientation.FLIP_HORIZONTAL:
                turned = picture[:, ::-1]
            case Orientation.FLIP_VERTICAL:
                turned = picture[::-1]
        return np.ascontiguousarray(turned)


_PAIRS = (
    (Orientation.NONE, Orientation.FLIP_HORIZONTAL),
    (Orientation.ROT90, Orientation.ANTITRANSPOSE),
    (Orientation.ROT180, Orientation.FLIP_VERTICAL),
    (Orientation.ROT270, Orientation.TRANSPOSE),
)
_MIRRORED = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}


@dataclass(frozen=True, slots=True, eq=False)
class ThermalFrame:
    """One upright radiometric frame.

    The array is set read-only, so that threads may share it.

    Raises:
        ValueError: if the array is not a two-dimensional float32 array or the time has no zone.
    """

    temperature_c: NDArray[np.float32]
    """Apparent temperature, °C, float32, shape (rows, columns), upright, read-only."""
    sequence: int
    """Number of the frame in its stream, from 0; gaps are lost frames."""
    captured_at: datetime
    """Wall-clock time of capture or receipt, aware, UTC."""
    monotonic_s: float
    """Seconds on a clock that never jumps; only differences mean anything."""
    camera_id: str
    """The camera's name in the settings."""
    status: FrameStatus = FrameStatus.LIVE
    """What the camera says about this frame."""
    shutter_age_s: float | None = None
    """Seconds since the last shutter correction, or None where the camera does not tell."""

    def __post_init__(self) -> None:
        if self.temperature_c.ndim != 2 or self.temperature_c.dtype != np.float32:  # noqa: PLR2004
            raise ValueError("temperature_c must be a two-dimensional float32 array")
        if self.captured_at.tzinfo is None:
            raise ValueError("captured_at must carry a time zone")
        self.temperature_c.setflags(write=False)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.temperature_c.shape
        return rows, columns
