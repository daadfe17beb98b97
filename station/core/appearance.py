"""How a head looks in the infrared: enough to tell two people apart who cross, not to know them.

The numbers are temperatures of a few zones. They live as long as the track of a face does, and are
never stored or sent.
"""

import numpy as np
from numpy.typing import NDArray

from station.core.faces import FaceRegion

# Zones in fractions of the face box (top, bottom, left, right): crown, forehead, both cheeks, chin,
# throat and chest. Hair, beards, caps and clothes differ by degrees from person to person.
_ZONES = (
    (-0.30, -0.10, 0.25, 0.75),
    (0.05, 0.25, 0.30, 0.70),
    (0.55, 0.75, 0.15, 0.85),
    (0.85, 1.00, 0.30, 0.70),
    (1.10, 1.30, 0.30, 0.70),
    (1.60, 2.00, 0.10, 0.90),
)
_POINTS = 4


def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rows and columns of each zone's points, shape (zones * points,)."""
    rows, columns = [], []
    for top, bottom, left, right in _ZONES:
        row, column = np.meshgrid(
            np.linspace(top, bottom, _POINTS), np.linspace(left, right, _POINTS), indexing="ij"
        )
        rows.append(row.ravel())
        columns.append(column.ravel())
    return np.concatenate(rows), np.concatenate(columns)


_ROWS, _COLUMNS = _grid()


def appearances(picture: NDArray[np.float32], faces: tuple[FaceRegion, ...]) -> NDArray[np.float32]:
    """Return each head's mean temperatures by zone, °C, float32, shape (faces, zones).

    Zones outside the picture take the nearest pixels inside.

    Args:
        picture: apparent °C, float32, (rows, columns), upright.
        faces: where the faces are.
    """
    if not faces:
        return np.zeros((0, len(_ZONES)), dtype=np.float32)
    boxes = np.array([(f.box.top, f.box.left, f.box.height, f.box.width) for f in faces])
    top, left, height, width = boxes.T[:, :, None]
    rows = np.clip(top + _ROWS * height, 0, picture.shape[0] - 1).astype(np.intp)
    columns = np.clip(left + _COLUMNS * width, 0, picture.shape[1] - 1).astype(np.intp)
    seen = picture[rows, columns].reshape(len(faces), len(_ZONES), -1)
    means: NDArray[np.float32] = seen.mean(axis=2)
    return means
