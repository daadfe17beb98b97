"""What is read of a face where a neighbour's head may be is nobody's.

The warmest spot within a face's box, where the pixels carry no canthus, may be the cheek or the
forehead of somebody who stands before it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from station.core.extraction import Rejection, RejectReason, Site, SkinReading
from station.core.faces import Box, FaceRegion, Point, corners

# Ears, hair and the locator's scatter included, a head fills this much more than its face's box.
# (Chosen from readings in the twin's crowds.)
_HEAD = 1.6
# Canthi and forehead lie within this part of the box: from how far down and across to how far. In
# the twin's crowds one in eleven of the warmest spots outside it is a neighbour's, one in two
# hundred inside. People are near within so many heights and widths.
_INSIDE_ROWS, _INSIDE_COLUMNS, _COMPANY = (0.0, 0.5), (0.2, 0.8), (2.0, 2.5)


def own_readings(
    results: Sequence[SkinReading | Rejection], faces: Sequence[FaceRegion]
) -> Sequence[SkinReading | Rejection]:
    """Return the results without what lies on another head: there people are too near.

    Args:
        results: what was read of each face, or why nothing was.
        faces: where the faces are, in the same order.
    """
    warmest = [
        (i, result.point)
        for i, result in enumerate(results)
        if isinstance(result, SkinReading) and result.site is Site.FACE_MAXIMUM
    ]
    if len(faces) < 2 or not warmest:  # noqa: PLR2004 - nobody is near
        return results
    boxes = corners(face.box for face in faces)
    middle, reach = (boxes[:, :2] + boxes[:, 2:]) / 2, _HEAD * (boxes[:, 2:] - boxes[:, :2]) / 2
    whose = [i for i, _ in warmest]
    # Points count from pixels' middles, boxes from their edges.
    apart = abs(np.array([point for _, point in warmest])[:, None] + 0.5 - middle)
    is_on: NDArray[np.bool_] = np.logical_and.reduce(apart < reach, axis=2)
    is_on[np.arange(len(whose)), whose] = False
    anothers: list[bool] = np.logical_or.reduce(is_on, axis=1).tolist()
    kept = list(results)
    for (i, point), is_anothers in zip(warmest, anothers, strict=True):
        if is_anothers:
            kept[i] = Rejection(RejectReason.FACES_TOO_NEAR, point)
    return kept


def stray_readings(
    results: Sequence[SkinReading | Rejection], faces: Sequence[FaceRegion]
) -> list[bool]:
    """Return which results are a warmest spot on the rim of a face that has company.

    It may be the cheek of a head that was not found. In this frame it counts for nobody.

    Args:
        results: what was read of each face, or why nothing was.
        faces: where the faces are, in the same order.
    """
    return [
        isinstance(result, SkinReading)
        and result.site is Site.FACE_MAXIMUM
        and _is_on_rim(result.point, face.box)
        and any(_is_near(other.box, face.box) for other in faces if other is not face)
        for result, face in zip(results, faces, strict=True)
    ]


def _is_on_rim(point: Point, box: Box) -> bool:
    # Points count from pixels' middles, boxes from their edges.
    down = (point[0] + 0.5 - box.top) / box.height
    across = (point[1] + 0.5 - box.left) / box.width
    is_inside = _INSIDE_ROWS[0] <= down <= _INSIDE_ROWS[1]
    return not (is_inside and _INSIDE_COLUMNS[0] <= across <= _INSIDE_COLUMNS[1])


def _is_near(other: Box, box: Box) -> bool:
    (row, column), (own_row, own_column) = other.center, box.center
    high, wide = _COMPANY
    return abs(row - own_row) < high * box.height and abs(column - own_column) < wide * box.width
