"""The picture's colours: one rising lightness, readable with every common colour blindness."""

import numpy as np
from numpy.typing import NDArray

# Dark blue over grey to pale yellow: lightness rises all the way and hue stays on the blue-yellow
# axis, which red-green blindness leaves alone.
_ANCHORS = np.array(
    [
        (0, 6, 16, 34),
        (50, 20, 40, 84),
        (105, 66, 78, 108),
        (155, 122, 118, 116),
        (200, 182, 164, 104),
        (235, 236, 212, 94),
        (255, 255, 244, 190),
    ],
    dtype=np.float64,
)


def _palette() -> NDArray[np.uint8]:
    steps = np.arange(256)
    channels = [np.interp(steps, _ANCHORS[:, 0], _ANCHORS[:, i]) for i in (1, 2, 3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


PALETTE: NDArray[np.uint8] = _palette()
"""RGB of 256 steps, shape (256, 3)."""
