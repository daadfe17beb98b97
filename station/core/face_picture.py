"""A small picture by which staff find a traveller: brightness alone, no temperatures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.faces import Box

_LONGEST_PX = 64
_AROUND = 0.6
"""So much of the face's size is shown on every side: hair and shoulders tell people apart."""


@dataclass(frozen=True, slots=True, eq=False)
class FacePicture:
    """One byte a pixel, 0 the coldest and 255 the warmest of this picture."""

    pixels: NDArray[np.uint8]
    """uint8, (rows, columns), at most 64 either way."""


def cut_out(temperature_c: NDArray[np.float32], box: Box) -> NDArray[np.float32]:
    """Return what a face's picture is made from: the part around it, thinned out, a copy.

    Args:
        temperature_c: apparent °C, float32, (rows, columns).
        box: the face, in pixels; where nothing of it is in the frame, the part is empty.
    """
    rows, columns = temperature_c.shape
    up, aside = _AROUND * box.height, _AROUND * box.width
    top, bottom = max(0, int(box.top - up)), min(rows, int(box.bottom + up))
    left, right = max(0, int(box.left - aside)), min(columns, int(box.right + aside))
    if bottom - top < 1 or right - left < 1:
        return np.empty((0, 0), np.float32)
    # Slicing thins it out: every n-th pixel is enough to know somebody again.
    thin = max(1, -(-max(bottom - top, right - left) // _LONGEST_PX))
    return temperature_c[top:bottom:thin, left:right:thin].copy()


def face_picture(part_c: NDArray[np.float32]) -> FacePicture | None:
    """Return the picture of what was cut out, or None where nothing of it is known.

    Args:
        part_c: apparent °C, float32, (rows, columns); NaN where it is not known.
    """
    known = part_c[np.isfinite(part_c)]
    if known.size == 0:
        return None
    low_c, high_c = float(known.min()), float(known.max())
    span_c = max(high_c - low_c, 1e-3)
    scaled = np.clip((np.nan_to_num(part_c, nan=low_c) - low_c) / span_c * 255, 0, 255)
    return FacePicture(scaled.astype(np.uint8))
