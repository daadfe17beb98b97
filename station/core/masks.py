"""Areas of a picture that are never searched for faces: a lamp, a radiator, a window."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from station.core.faces import FaceLocator, FaceRegion

Region = tuple[float, float, float, float]
"""(top, left, bottom, right) as fractions of the picture."""

# More of it under one area than beside it: nobody sees any more that the source is there.
_HIDDEN = 0.5


class UnmaskedLocator:
    """Finds faces everywhere but in masked areas: whose middle is inside is no traveller.

    Args:
        locator: finds faces.
        masks: the areas.
    """

    def __init__(self, locator: FaceLocator, masks: Sequence[Region]) -> None:
        self._locator = locator
        self._masks = tuple(masks)

    def locate(
        self, temperature_c: NDArray[np.float32], rows: slice | None = None
    ) -> tuple[FaceRegion, ...]:
        """Return the faces beside the masked areas, the most confident first.

        Args:
            temperature_c: apparent °C, float32, (rows, columns), upright.
            rows: where to look; None looks everywhere. Faces outside may be found too.
        """
        height, width = temperature_c.shape
        found = self._locator.locate(temperature_c, rows)
        return tuple(face for face in found if not self._hides(face, height, width))

    def _hides(self, face: FaceRegion, height: int, width: int) -> bool:
        row, column = face.box.center
        return mask_at(self._masks, (row / height, column / width)) is not None


def mask_at(masks: Sequence[Region], at: tuple[float, float]) -> Region | None:
    """Return the first area with this place inside.

    Args:
        masks: the areas.
        at: (row, column) as fractions of the picture.
    """
    row, column = at
    inside = (one for one in masks if one[0] <= row < one[2] and one[1] <= column < one[3])
    return next(inside, None)


def hidden(regions: Sequence[Region], covers: Sequence[Region]) -> Region | None:
    """Return the first region of which one of the covers takes more than half, or None."""
    for region in regions:
        if any(_shared(region, cover) > _HIDDEN * _area(region) for cover in covers):
            return region
    return None


def _shared(one: Region, other: Region) -> float:
    height = min(one[2], other[2]) - max(one[0], other[0])
    width = min(one[3], other[3]) - max(one[1], other[1])
    return max(height, 0.0) * max(width, 0.0)


def _area(region: Region) -> float:
    return (region[2] - region[0]) * (region[3] - region[1])
