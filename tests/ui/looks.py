"""How widgets look, as pixels: ground and words, and shapes without their colours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

Pixels = NDArray[np.uint8]

# Twice the screen's pixels, so that thin strokes reach their own colour somewhere.
_SCALE = 2
RIM = 2
"""Of a widget's surroundings, in logical pixels."""
# A shape is what differs from its ground by this contrast (WCAG 2.2, 1.4.11).
_SHAPE_CONTRAST = 3.0


def drawn(window: QWidget) -> Pixels:
    """Return the window as RGB, uint8, (2 x height, 2 x width, 3)."""
    image = QImage(window.size() * _SCALE, QImage.Format.Format_RGB888)
    image.setDevicePixelRatio(_SCALE)
    image.fill(0)
    window.render(image)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return flat[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def cut_out(
    pixels: Pixels, window: QWidget, widget: QWidget, size: QSize | None = None, *, rim: int = 0
) -> Pixels:
    """Return the pixels of a widget, or of an area of this size in its middle."""
    area = QRect(QPoint(), size.boundedTo(widget.size()) if size else widget.size())
    area.moveCenter(widget.rect().center())
    area.moveTopLeft(widget.mapTo(window, area.topLeft()))
    area = area.adjusted(-rim, -rim, rim, rim).intersected(window.rect())
    rows = slice(area.top() * _SCALE, (area.bottom() + 1) * _SCALE)
    return pixels[rows, area.left() * _SCALE : (area.right() + 1) * _SCALE]


@dataclass(frozen=True)
class Inks:
    """The two colours of a text."""

    ground: tuple[int, ...]
    contrast: float
    """Of the pixels that stand out most."""


def inks(pixels: Pixels) -> Inks | None:
    """Return the ground of a text and how much its words stand out; None if nothing is drawn."""
    colors, counts = _counted(pixels)
    if len(colors) < 2:
        return None
    ground = colors[np.argmax(counts)]
    contrasts = _contrasts(colors, ground)
    order = np.argsort(-contrasts)
    # A few pixels may be of a neighbour; a stroke has more.
    enough = np.searchsorted(np.cumsum(counts[order]), 8)
    return Inks(tuple(ground), float(contrasts[order[min(enough, len(order) - 1)]]))


def shape(pixels: Pixels) -> NDArray[np.bool_]:
    """Return what stands out from its ground whatever its hue, bool, (rows, columns)."""
    colors, counts = _counted(pixels)
    ground = colors[np.argmax(counts)]
    return _contrasts(pixels.reshape(-1, 3), ground).reshape(pixels.shape[:2]) >= _SHAPE_CONTRAST


def recolored(before: Pixels, after: Pixels) -> bool:
    """Whether two looks of a widget, with a rim of its surroundings, differ in colours alone."""
    if before.shape != after.shape:
        return False
    changed = np.abs(before.astype(int) - after).max(axis=2) > 24
    if _is_open(before) and _is_open(after):
        # The ground is its holder's, who may change it: only what is drawn counts.
        changed &= shape(before)
    if changed.mean() < 0.01:
        return False
    return bool((shape(before) != shape(after)).mean() < 0.002)


def _is_open(pixels: Pixels) -> bool:
    """Whether the ground is the same as on the rim: nothing of its own is filled."""
    colors, counts = _counted(pixels)
    rims, rim_counts = _counted(pixels[:RIM])
    return bool(np.array_equal(colors[np.argmax(counts)], rims[np.argmax(rim_counts)]))


def _counted(pixels: Pixels) -> tuple[Pixels, NDArray[np.intp]]:
    flat = pixels.reshape(-1, 3).astype(np.uint32)
    packed, counts = np.unique(flat @ np.array([65536, 256, 1], np.uint32), return_counts=True)
    colors = np.stack([packed >> 16, (packed >> 8) & 255, packed & 255], axis=1)
    return colors.astype(np.uint8), counts


def _contrasts(colors: Pixels, ground: Pixels) -> NDArray[np.float64]:
    """Return the contrast of each colour on a ground (WCAG 2.2, definition)."""
    lights, base = _luminances(colors), float(_luminances(ground[None])[0])
    return (np.maximum(lights, base) + 0.05) / (np.minimum(lights, base) + 0.05)


def _luminances(colors: Pixels) -> NDArray[np.float64]:
    values = colors / 255.0
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])
