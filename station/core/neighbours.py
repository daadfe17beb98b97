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
