"""How an area is drawn in which nobody is measured: hatched, so that no colour has to tell it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from station.core.masks import Region
from ui.texts import translate
from ui.theme import CAUTION, SHADE, TEXT

_GROUND_ALPHA, _LINE_ALPHA = 110, 170


def draw_hatched(painter: QPainter, picture: QRectF, mask: Region) -> None:
    """Hatch a part of a picture, and say what it is if there is room for the words.

    Args:
        painter: draws; it comes back as it was.
        picture: where the picture is.
        mask: the part.
    """
    top, left, bottom, right = mask
    area = QRectF(
        picture.left() + left * picture.width(),
        picture.top() + top * picture.height(),
        (right - left) * picture.width(),
        (bottom - top) * picture.height(),
    )
    ground, lines = QColor(SHADE), QColor(TEXT)
    ground.setAlpha(_GROUND_ALPHA)
    lines.setAlpha(_LINE_ALPHA)
    painter.save()
    painter.fillRect(area, ground)
    painter.setPen(QPen(QColor(CAUTION), 2, Qt.PenStyle.DashLine))
    painter.setBrush(QBrush(lines, Qt.BrushStyle.BDiagPattern))
    painter.drawRect(area)
    words, metrics = translate("hatching", "Nobody measured here"), painter.fontMetrics()
    width, height = metrics.horizontalAdvance(words) + 12, metrics.height() + 4
    if width <= area.width() and height <= area.height():
        place = QRectF(area.center().x() - width / 2, area.bottom() - height, width, height)
        painter.fillRect(place, QColor(SHADE))
        painter.setPen(QColor(TEXT))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), words)
    painter.restore()
