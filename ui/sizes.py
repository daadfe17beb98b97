"""Sizes in millimetres of the real screen: fingers do not shrink with the pixels."""

from PySide6.QtWidgets import QWidget

PRIMARY_MM = 25.0
"""Height of what staff press for a decision (gloves: more than the 20 mm of bare fingers)."""
TARGET_MM = 20.0
"""Smallest height and width of anything that can be touched."""

_MM_PER_INCH = 25.4
_DEFAULT_DPI = 96.0
# Screens that do not know their size answer with nonsense; kiosk panels lie in between.
_LOWEST_DPI, _HIGHEST_DPI = 60.0, 200.0


def px(widget: QWidget, millimetres: float) -> int:
    """Return a length in logical pixels of the widget's screen."""
    return to_px(dots_per_inch(widget), millimetres)


def dots_per_inch(widget: QWidget) -> float:
    """Return the logical pixels to an inch of the widget's screen, as the screen tells it.

    Qt counts logical pixels here, so that a scale factor of the desktop is in it already.
    """
    return widget.screen().physicalDotsPerInchY()


def to_px(dpi: float, millimetres: float) -> int:
    """Return a length in pixels; 96 dots per inch stand in for an implausible `dpi`."""
    if not _LOWEST_DPI <= dpi <= _HIGHEST_DPI:
        dpi = _DEFAULT_DPI
    return round(millimetres * dpi / _MM_PER_INCH)
