"""Temperatures to colours, cheap enough for four cameras at their own rate."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from ui.palette import PALETTES, PaletteName

# The colours span these apparent temperatures above the picture's median, hundredths of a kelvin:
# fixed, so that the same skin looks the same whoever else is in view.
_LOW_CK, _SPAN_CK = -250, 1820
# So many 256ths of a step to a hundredth: the whole span makes 255 steps, in 16 bits.
_STEPS_256THS = 36
# The median of every eighth pixel of every eighth row is near enough.
_STRIDE = 8
_UNKNOWN, _LARGEST_CK = 0, 0xFFFF

_TABLES: Mapping[PaletteName, list[int]] = {
    name: [0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b in colors]
    for name, colors in PALETTES.items()
}


def colored(pixels_ck: NDArray[np.uint16], palette: PaletteName) -> QImage:
    """Return the picture in a palette's colours, as RGB32.

    Args:
        pixels_ck: apparent hundredths of a kelvin, uint16, (rows, columns); 0, which is unknown, is
            drawn as cold.
        palette: the colours.
    """
    steps = _steps(pixels_ck)
    rows, columns = steps.shape
    image = QImage(steps.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    image.setColorTable(_TABLES[palette])
    # The conversion also takes the pixels out of numpy's memory, which ends here.
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _steps(pixels_ck: NDArray[np.uint16]) -> NDArray[np.uint8]:
    few = np.sort(pixels_ck[::_STRIDE, ::_STRIDE], axis=None)
    known = few[np.searchsorted(few, _UNKNOWN, side="right") :]
    middle_ck = int(known[len(known) // 2]) if len(known) else 0
    low_ck = min(max(middle_ck + _LOW_CK, 0), _LARGEST_CK - _SPAN_CK)
    steps = np.clip(pixels_ck, low_ck, low_ck + _SPAN_CK)
    steps -= np.uint16(low_ck)
    steps *= np.uint16(_STEPS_256THS)
    steps >>= np.uint16(8)
    return steps.astype(np.uint8)
