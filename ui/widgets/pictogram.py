"""Our own line drawings (ui/pictograms/*.svg), in any colour and size."""

from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget


def load_pictogram(name: str, color: str) -> QSvgRenderer:
    """Return a drawing whose lines have this colour.

    Args:
        name: the file of ui/pictograms, without `.svg`.
        color: as #rrggbb.
    """
    drawn = files("ui").joinpath("pictograms", f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(drawn.replace("currentColor", color).encode()))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return renderer


class Pictogram(QWidget):
    """One drawing as a widget; the words beside it speak to screen readers."""

    def __init__(self, parent: QWidget, name: str, side_px: int, color: str) -> None:
        super().__init__(parent)
        self._renderer = load_pictogram(name, color)
        self._side_px = side_px
        self.setFixedSize(side_px, side_px)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the fixed size."""
        return QSize(self._side_px, self._side_px)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer.render(painter, QRectF(self.rect()))
        painter.end()
