"""What is read of a face where a neighbour's head may be is nobody's.

The warmest spot within a face's box, where the pixels carry no canthus, may be the cheek or the
forehead of somebody who stands before it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from station.core.extraction import Rejection, RejectReason, Site, SkinReading
from station.core.faces import FaceRegion, corners

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
    strays = [False] * len(results)
    warmest = [
        (i, result.point)
        for i, result in enumerate(results)
        if isinstance(result, SkinReading) and result.site is Site.FACE_MAXIMUM
    ]
    if len(faces) < 2 or not warmest:  # noqa: PLR2004 - nobody is near
        return strays
    boxes = corners(face.box for face in faces)
    whose = [i for i, _ in warmest]
    start, size = boxes[whose, :2], boxes[whose, 2:] - boxes[whose, :2]
    place = (np.array([point for _, point in warmest]) + 0.5 - start) / size
    first, last = np.array((_INSIDE_ROWS, _INSIDE_COLUMNS)).T
    is_on_rim = np.logical_or.reduce((place < first) | (place > last), axis=1)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    reach = np.array(_COMPANY) * size
    is_near = np.logical_and.reduce(abs(middle[whose][:, None] - middle) < reach[:, None], axis=2)
    # Everybody is near to themselves.
    has_company = np.count_nonzero(is_near, axis=1) > 1
    for i, is_stray in zip(whose, (is_on_rim & has_company).tolist(), strict=True):
        strays[i] = is_stray
    return strays
