"""Sizes for gloved fingers, in millimetres of the real screen."""

from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

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
    dpi = widget.screen().physicalDotsPerInchY()
    if not _LOWEST_DPI <= dpi <= _HIGHEST_DPI:
        dpi = _DEFAULT_DPI
    return round(millimetres * dpi / _MM_PER_INCH)


class TouchButton(QPushButton):
    """A button that a glove can hit.

    Args:
        role: confirm, clear, primary, or empty.
        height_mm: its height.
    """

    def __init__(self, parent: QWidget, *, role: str = "", height_mm: float = TARGET_MM) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setMinimumHeight(px(parent, height_mm))
        self.setMinimumWidth(px(parent, TARGET_MM))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_words(self, text: str) -> None:
        """Show a text and say it to screen readers."""
        self.setText(text)
        self.setAccessibleName(text)
