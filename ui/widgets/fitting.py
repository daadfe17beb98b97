"""A line of text that is drawn narrower where its place is too narrow, and never cut off."""

from math import ceil
from unicodedata import bidirectional

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyleOption

LEAST_WIDTH = 0.75
"""Of its usual width a line can still be read at; chosen. Narrower ones end with an ellipsis."""

# What a line needs is told in whole pixels.
_SPARE_PX = 2
# Unicode's left-to-right mark: without it a line is turned round by a name in Arabic or Hebrew.
_FROM_LEFT = "\u200e"


class FittingLabel(QLabel):
    """One line: a telephone number at its end is whole, or is seen not to be."""

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show a line from left to right, also with a name in it that is read from the right."""
        is_mixed = not text.isascii() and any(bidirectional(one) in {"R", "AL"} for one in text)
        super().setText(_FROM_LEFT + text if is_mixed else text)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room in which the whole line can be read."""
        size = super().minimumSizeHint()
        return QSize(ceil((size.width() + _SPARE_PX) * LEAST_WIDTH), size.height())

    def fitted(self, room_px: int) -> tuple[str, float]:
        """Return what of the line is drawn in so much room, and how wide against its usual width.

        Args:
            room_px: the room for it, px.
        """
        metrics, text = self.fontMetrics(), self.text()
        needed_px = metrics.horizontalAdvance(text)
        if needed_px <= room_px:
            return text, 1.0
        factor = room_px / (needed_px + _SPARE_PX)
        if factor >= LEAST_WIDTH:
            return text, factor
        width_px = int(room_px / LEAST_WIDTH)
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width_px), LEAST_WIDTH

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the line, as narrow as it has to be."""
        room = self.contentsRect()
        shown, factor = self.fitted(room.width())
        if factor == 1.0 or room.isEmpty():
            super().paintEvent(event)
            return
        width_px = ceil(room.width() / factor)
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
