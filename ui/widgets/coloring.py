"""Temperatures to colours, cheap enough for four cameras at their own rate."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from ui.widgets.palette import PALETTES, PaletteName

# The colours span these apparent temperatures above the picture's median, °C: fixed, so that the
# same skin looks the same whoever else is in view.
_LOW_C, _HIGH_C = -2.5, 15.5
# The median of every eighth pixel of every eighth row is near enough.
_STRIDE = 8

_TABLES: Mapping[PaletteName, list[int]] = {
    name: [0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b in colors]
    for name, colors in PALETTES.items()
}


def colored(temperature_c: NDArray[np.float32], palette: PaletteName) -> QImage:
    """Return the picture in a palette's colours, as RGB32.

    Args:
        temperature_c: apparent °C, float32, (rows, columns); unknown is drawn as cold.
        palette: the colours.
    """
    steps = _steps(temperature_c)
    rows, columns = steps.shape
    image = QImage(steps.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    image.setColorTable(_TABLES[palette])
    # The conversion also takes the pixels out of numpy's memory, which ends here.
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _steps(temperature_c: NDArray[np.float32]) -> NDArray[np.uint8]:
    few = temperature_c[::_STRIDE, ::_STRIDE].ravel()
    # What is unknown sorts to the end.
    known = np.count_nonzero(~np.isnan(few))
    middle = float(np.partition(few, known // 2)[known // 2]) if known else 0.0
    steps = temperature_c - np.float32(middle + _LOW_C)
    steps *= np.float32(255 / (_HIGH_C - _LOW_C))
    np.fmax(steps, 0, out=steps)
    np.fmin(steps, 255, out=steps)
    return steps.astype(np.uint8)
