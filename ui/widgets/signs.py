"""The signs of the outcomes: each shape stands for one outcome, whatever the colour."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from station.core.screening import Outcome
from ui.theme import OUTCOME_STYLES


def draw_sign(painter: QPainter, outcome: Outcome, area: QRectF) -> None:
    """Draw an outcome's sign into a square area."""
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
        self._side_px = side_px
        self.setFixedSize(side_px, side_px)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def outcome(self) -> Outcome | None:
        """Whose sign it is."""
        return self._outcome

    def set_outcome(self, outcome: Outcome | None) -> None:
        """Show another outcome's sign, or none."""
        if outcome is not self._outcome:
            self._outcome = outcome
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
        draw_sign(painter, self._outcome, QRectF(margin, margin, side, side))
        painter.end()
