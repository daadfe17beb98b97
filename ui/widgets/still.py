"""Drawing a still picture in a frame."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget


def draw_still(widget: QWidget, image: QImage, frame: str, frame_px: int) -> None:
    """Draw a picture as large as it fits into a widget that paints itself, framed.

    Args:
        widget: whose paint event this is.
        image: the picture.
        frame: the frame's colour.
        frame_px: the frame's width.
    """
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    area = QRectF(widget.rect())
    scale = min(area.width() / image.width(), area.height() / image.height())
    place = QRectF(0, 0, image.width() * scale, image.height() * scale)
    place.moveCenter(area.center())
    painter.drawImage(place, image)
    painter.setPen(QPen(QColor(frame), frame_px))
    painter.drawRect(place.adjusted(1, 1, -1, -1))
    painter.end()
