"""What every recording format gives: pictures with their times, and how torn ones are told."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from drivers.errors import OpenFailed

_MAX_PIXELS = 4_000_000
TORN = (
    OSError,
    EOFError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    OverflowError,
    MemoryError,
    # Archives: encrypted or oddly packed entries, and descriptions of another shape.
    RuntimeError,
    AttributeError,
)
"""All that libraries raise on torn or foreign bytes (seen by feeding them)."""


@dataclass(frozen=True, slots=True)
class RecordedPicture:
    """One picture as stored."""

    pixels: NDArray[np.uint16]
    """Shape (rows, columns), as stored: centikelvin if radiometric, else counts."""
    elapsed_s: float
    """Seconds on the recording device's own clock."""
    shutter_age_s: float | None
    """Seconds since the shutter correction, or None if not stored."""
    is_shutter: bool
    """Whether the shutter was closed."""


@dataclass(frozen=True, slots=True)
class Recording:
    """An opened recording."""

    name: str
    """What to call it in messages."""
    model: str
    """The camera model, as stored."""
    device: str
    """The recording device's name, as stored."""
    started_at: datetime
    """Wall-clock time of the first picture, aware, UTC."""
    is_radiometric: bool
    """Whether pixels are centikelvin."""
    pictures: Iterator[RecordedPicture]
    """The pictures; raises `DeviceDisconnected` where the file is torn."""


def require_size(name: str, rows: int, columns: int) -> None:
    """Refuse a size that no camera has.

    Raises:
        OpenFailed: if the picture is empty or too large.
    """
    if not 0 < rows * columns <= _MAX_PIXELS:
        raise OpenFailed(f"{name} claims pictures of {columns}x{rows} pixels: the file is damaged.")
