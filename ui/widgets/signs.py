"""The signs of the outcomes: each shape stands for one outcome, whatever the colour."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from station.core.screening import Outcome
from ui.theme import OUTCOME_STYLES, PRIMARY_TEXT


def draw_sign(painter: QPainter, outcome: Outcome, area: QRectF, *, is_warm: bool = False) -> None:
    """Draw an outcome's sign into a square area, with an arrow up for somebody unusually warm."""
    _draw_shape(painter, outcome, area)
    if is_warm:
        _draw_arrow(painter, area)


def _draw_arrow(painter: QPainter, area: QRectF) -> None:
    width, middle = area.width(), area.center()
    pen = QPen(QColor(PRIMARY_TEXT), max(2.0, width / 8))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    tip = QPointF(middle.x(), middle.y() - 0.3 * width)
    painter.drawLine(QPointF(middle.x(), middle.y() + 0.3 * width), tip)
    for side in (-1, 1):
        painter.drawLine(tip, QPointF(middle.x() + side * 0.24 * width, middle.y() - 0.04 * width))


def _draw_shape(painter: QPainter, outcome: Outcome, area: QRectF) -> None:
    style = OUTCOME_STYLES[outcome]
    painter.setPen(QPen(QColor(style.color), max(2.0, area.width() / 9)))
    pattern = Qt.BrushStyle.BDiagPattern if style.is_dashed else Qt.BrushStyle.SolidPattern
    painter.setBrush(QBrush(QColor(style.color), pattern))
    if not style.corners:
        painter.drawEllipse(area)
        return
    # A square stands on its side, a triangle on its base.
    turn = math.pi / 4 if style.corners == 4 else -math.pi / 2  # noqa: PLR2004
    radius, center = area.width() / 2, area.center()
    corners = [
        QPointF(center.x() + radius * math.cos(angle), center.y() + radius * math.sin(angle))
        for angle in (turn + 2 * math.pi * i / style.corners for i in range(style.corners))
    ]
    painter.drawPolygon(QPolygonF(corners))


class OutcomeSign(QWidget):
    """A sign as a widget; the words beside it speak to screen readers."""

    def __init__(self, parent: QWidget, side_px: int) -> None:
        super().__init__(parent)
        self._outcome: Outcome | None = None
        self._is_warm = False
        self._side_px = side_px
        self.setFixedSize(side_px, side_px)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def outcome(self) -> Outcome | None:
        """Whose sign it is."""
        return self._outcome

    @property
    def is_warm(self) -> bool:
        """Whether it carries the arrow."""
        return self._is_warm

    def set_outcome(self, outcome: Outcome | None, *, is_warm: bool = False) -> None:
        """Show another outcome's sign, or none."""
        if (outcome, is_warm) != (self._outcome, self._is_warm):
            self._outcome, self._is_warm = outcome, is_warm
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the fixed size."""
        return QSize(self._side_px, self._side_px)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the sign."""
        if self._outcome is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin = self._side_px * 0.14
        side = self._side_px - 2 * margin
        area = QRectF(margin, margin, side, side)
        draw_sign(painter, self._outcome, area, is_warm=self._is_warm)
        painter.end()
