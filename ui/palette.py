"""The picture's colours: one rising lightness each, so that hue is never the only cue."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class PaletteName(StrEnum):
    """Palettes that staff may choose; each can be read with every common colour blindness."""

    BLUE_YELLOW = "blue_yellow"
    """The default: hue stays on the axis that red-green blindness leaves alone."""
    GREY = "grey"
    """White is hot."""
    GLOW = "glow"
    """Black over purple and orange to pale yellow: more steps for eyes that see all colours."""


_Anchors = Sequence[tuple[int, int, int, int]]

# (step, red, green, blue); lightness rises all the way.
_ANCHORS: Mapping[PaletteName, _Anchors] = {
    PaletteName.BLUE_YELLOW: (
        (0, 6, 16, 34),
        (50, 20, 40, 84),
        (105, 66, 78, 108),
        (155, 122, 118, 116),
        (200, 182, 164, 104),
        (235, 236, 212, 94),
        (255, 255, 244, 190),
    ),
    PaletteName.GREY: ((0, 8, 8, 8), (255, 255, 255, 255)),
    PaletteName.GLOW: (
        (0, 4, 4, 10),
        (50, 52, 12, 82),
        (105, 128, 28, 96),
        (155, 196, 66, 60),
        (200, 240, 130, 30),
        (235, 250, 206, 74),
        (255, 255, 250, 200),
    ),
}


def _palette(anchors: _Anchors) -> NDArray[np.uint8]:
    fixed = np.array(anchors, dtype=np.float64)
    channels = [np.interp(np.arange(256), fixed[:, 0], fixed[:, i]) for i in (1, 2, 3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


PALETTES: Mapping[PaletteName, NDArray[np.uint8]] = {
    name: _palette(anchors) for name, anchors in _ANCHORS.items()
}
"""RGB of 256 steps each, shape (256, 3)."""
