"""A line of text that is drawn narrower where its place is too narrow, and never cut off."""

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyleOption

LEAST_WIDTH = 0.75
"""Of its usual width a line can still be read at; chosen. Narrower ones end with an ellipsis."""


class FittingLabel(QLabel):
    """One line: a telephone number at its end is whole, or is seen not to be."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room in which the whole line can be read."""
        size = super().minimumSizeHint()
        return QSize(ceil(size.width() * LEAST_WIDTH), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the line, as narrow as it has to be."""
        room = self.contentsRect()
        needed_px = self.fontMetrics().horizontalAdvance(self.text())
        if needed_px <= room.width() or room.isEmpty():
            super().paintEvent(event)
            return
        factor = max(LEAST_WIDTH, room.width() / needed_px)
        width_px = ceil(room.width() / factor)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width_px)
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        painter.translate(room.topLeft())
        painter.scale(factor, 1.0)
        self.style().drawItemText(
            painter,
            QRectF(0, 0, width_px, room.height()).toRect(),
            int(self.alignment()),
            option.palette,
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
