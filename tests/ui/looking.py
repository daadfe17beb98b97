"""What somebody in front of the kiosk sees: its visible words, and which of them are cut."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from ui.widgets.fitting import FittingLabel

_BUTTON_PADDING_PX = 2 * (14 + 2)


def words(window: QWidget) -> dict[QWidget, str]:
    """Return every visible widget that shows a text, and its text."""
    found: dict[QWidget, str] = {
        widget: widget.text()
        for kind in (QLabel, QAbstractButton)
        for widget in window.findChildren(kind)
    }
    for line in window.findChildren(QLineEdit):
        found[line] = line.text() or line.placeholderText()
    return {w: text for w, text in found.items() if w.isVisible() and text.strip()}


def everything_said(window: QWidget) -> str:
    return "\n".join(words(window).values())


def has_picture(widget: QWidget) -> bool:
    """Tell whether it draws anything; one that is hidden is asked, too, whether it still could."""
    image = widget.grab().toImage()
    cells = image.scaled(32, 32)
    return len({cells.pixel(x, y) for x in range(32) for y in range(32)}) > 1


def faults_of_layout(window: QWidget) -> Iterator[str]:
    """Tell each text that is cut, or lies outside of what holds it."""
    for widget, text in words(window).items():
        shown, needed = widget.contentsRect().size(), needed_size(widget)
        if needed.width() > shown.width() or needed.height() > shown.height():
            yield f"{text!r} needs {needed.toTuple()}, has {shown.toTuple()}"
        place = QRect(widget.mapTo(window, QPoint()), widget.size())
        if not window.rect().contains(place):
            yield f"{text!r} leaves the window: {place.getRect()}"
        holder = widget.parentWidget()
        if holder is not window and not holder.rect().contains(widget.geometry()):
            yield f"{text!r} leaves its place"


def needed_size(widget: QWidget) -> QSize:
    """Return the room that a widget's text needs."""
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return QSize(0, widget.heightForWidth(widget.width()))
        # A line that is drawn narrower where it has to be.
        is_fitting = isinstance(widget, FittingLabel)
        return widget.minimumSizeHint() if is_fitting else widget.sizeHint()
    text = widget.text()
    if isinstance(widget, QLineEdit):
        text = text or widget.placeholderText()
    size = widget.fontMetrics().size(int(Qt.TextFlag.TextShowMnemonic), text)
    return QSize(size.width() + _BUTTON_PADDING_PX, size.height())
