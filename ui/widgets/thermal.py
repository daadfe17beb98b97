"""The thermal picture with its faces."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.core.faces import Box
from station.core.lane_events import FaceView, LaneUpdate
from station.core.masks import Region
from station.core.screening import Outcome
from ui.palette import PaletteName
from ui.theme import BACKGROUND, CAUTION, OUTCOME_STYLES, PANEL, SHADE, SHADE_ALPHA, TEXT
from ui.viewmodels.faces import face_label
from ui.widgets.coloring import colored
from ui.widgets.hatching import draw_hatched
from ui.widgets.placing import LabelPlaces
from ui.widgets.signs import draw_sign

_LABEL_PAD = 6.0
_SHADE = QColor(SHADE)
_SHADE.setAlpha(SHADE_ALPHA)


class ThermalView(QWidget):
    """Shows one lane's latest picture; faces carry box, number, sign and words.

    Args:
        least_px: the least width and height.
        is_small: whether there is room for the words of those only who need somebody.
    """

    def __init__(
        self, parent: QWidget, least_px: tuple[int, int] = (320, 240), *, is_small: bool = False
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(*least_px)
        # It fills all of itself: what lies behind need not be painted at every picture.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._is_small = is_small
        self._palette = PaletteName.BLUE_YELLOW
        self._pixels_ck: NDArray[np.uint16] | None = None
        self._image: QImage | None = None
        self._update: LaneUpdate | None = None
        self._masks: Mapping[str, tuple[Region, ...]] = {}
        self._late_text = ""

    def show_picture(self, pixels_ck: NDArray[np.uint16], update: LaneUpdate) -> None:
        """Show a picture with the faces found in it.

        Args:
            pixels_ck: apparent hundredths of a kelvin, uint16, (rows, columns); 0 is unknown.
            update: what the lane found in it.
        """
        self._pixels_ck = pixels_ck
        self._image = colored(pixels_ck, self._palette)
        self._update = update
        self.update()

    def set_palette(self, palette: PaletteName) -> None:
        """Show the picture in other colours."""
        if palette is not self._palette:
            self._palette = palette
            if self._pixels_ck is not None:
                self._image = colored(self._pixels_ck, palette)
            self.update()

    def set_masks(self, masks: Mapping[str, tuple[Region, ...]]) -> None:
        """Hatch the areas of each lane that are never searched for faces."""
        if masks != self._masks:
            self._masks = masks
            self.update()

    def clear(self) -> None:
        """Show no picture."""
        if self._image is not None:
            self._image = self._update = self._pixels_ck = None
            self.update()

    def set_late(self, text: str) -> None:
        """Mark the picture as late with these words; empty takes the mark away."""
        if text != self._late_text:
            self._late_text = text
            self.setAccessibleDescription(text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw picture, faces and marks."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(BACKGROUND))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._image is not None and self._update is not None:
            area = _fitted(self._image, QRectF(self.rect()))
            painter.drawImage(area, self._image)
            scale = area.width() / self._image.width()
            painter.save()
            painter.setClipRect(area)
            for mask in self._masks.get(self._update.lane, ()):
                draw_hatched(painter, area, mask)
            self._draw_reference(painter, area, scale)
            self._draw_faces(painter, self._update.faces, area, scale)
            painter.restore()
        else:
            painter.fillRect(self.rect(), QColor(PANEL))
        if self._late_text:
            self._draw_late(painter)
        painter.end()

    def _draw_reference(self, painter: QPainter, area: QRectF, scale: float) -> None:
        box = self._update.reference_box if self._update else None
        if box is not None:
            painter.setPen(QPen(QColor(TEXT), 1.5, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(_placed(box.grown(1.4), area, scale))

    def _draw_faces(
        self, painter: QPainter, faces: tuple[FaceView, ...], area: QRectF, scale: float
    ) -> None:
        """Draw all boxes first, then the labels, the most urgent first and none over another."""
        for face in faces:
            self._draw_box(painter, face, area, scale)
        kept_clear = [_placed(face.box, area, scale) for face in faces]
        reference = self._update.reference_box if self._update else None
        if reference is not None:
            kept_clear.append(_placed(reference.grown(1.4), area, scale))
        places = LabelPlaces(area, kept_clear)
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        grounds = []
        for face in sorted(self._labelled(faces), key=_label_order):
            box = _placed(face.box, area, scale)
            grounds.append((face, self._place_label(painter, face, box, places)))
            _draw_leader(painter, face, grounds[-1][1], box)
        # After all lines, so that none crosses the words of another.
        for face, ground in grounds:
            self._draw_label(painter, face, ground)

    def _labelled(self, faces: tuple[FaceView, ...]) -> list[FaceView]:
        wanted = (Outcome.ABOVE, Outcome.REPEAT)
        return [face for face in faces if not self._is_small or face.outcome in wanted]

    def _draw_box(self, painter: QPainter, face: FaceView, area: QRectF, scale: float) -> None:
        style = OUTCOME_STYLES[face.outcome or Outcome.NOT_MEASURED]
        box = _placed(face.box, area, scale)
        line = Qt.PenStyle.DashLine if style.is_dashed else Qt.PenStyle.SolidLine
        width = 4.0 if face.outcome is Outcome.ABOVE else 2.5
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_SHADE, width + 3))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(QPen(QColor(style.color), width, line))
        painter.drawRoundedRect(box, 8, 8)
        if face.is_warm:
            painter.setPen(QPen(QColor(CAUTION), 2.5))
            painter.drawRoundedRect(box.adjusted(-6, -6, 6, 6), 10, 10)
        if face.point is not None and face.skin_c is not None:
            row, column = face.point
            painter.setPen(QPen(QColor(BACKGROUND), 2))
            painter.drawEllipse(QPointF(area.x() + column * scale, area.y() + row * scale), 4, 4)

    def _place_label(
        self, painter: QPainter, face: FaceView, box: QRectF, places: LabelPlaces
    ) -> QRectF:
        metrics = painter.fontMetrics()
        lines = _lines(face)
        width = max(metrics.horizontalAdvance(line) for line in lines) + _LABEL_PAD
        width += _indent(face, metrics.height())
        return places.take(box, width, metrics.height() * len(lines) + 2 * _LABEL_PAD)

    def _draw_label(self, painter: QPainter, face: FaceView, ground: QRectF) -> None:
        height = painter.fontMetrics().height()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_SHADE)
        painter.drawRoundedRect(ground, 6, 6)
        if face.outcome is not None:
            side, top = height * 0.72, ground.top() + _LABEL_PAD + height * 0.14
            area = QRectF(ground.left() + _LABEL_PAD, top, side, side)
            draw_sign(painter, face.outcome, area, is_warm=face.is_warm)
        left, hint = ground.left() + _indent(face, height), face_label(face).hint
        for i, line in enumerate(_lines(face)):
            top = ground.top() + _LABEL_PAD + i * height
            painter.setPen(QColor(CAUTION if line == hint else TEXT))
            place = QRectF(left, top, ground.width(), height)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), line)

    def _draw_late(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), _SHADE)
        font = QFont(self.font())
        font.setPixelSize(
            self.font().pixelSize() if self._is_small else max(24, self.height() // 18)
        )
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(CAUTION))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(20, 20, -20, -20), int(flags), self._late_text)


def _fitted(image: QImage, area: QRectF) -> QRectF:
    """Return the largest area of the picture's shape in the middle of `area`."""
    scale = min(area.width() / image.width(), area.height() / image.height())
    width, height = image.width() * scale, image.height() * scale
    left = area.x() + (area.width() - width) / 2
    return QRectF(left, area.y() + (area.height() - height) / 2, width, height)


def _lines(face: FaceView) -> list[str]:
    label = face_label(face)
    return [line for line in (label.title, label.detail, label.hint) if line]


def _indent(face: FaceView, height: float) -> float:
    """Return the room before a label's words: its sign, if it has one."""
    return 2 * _LABEL_PAD + (height if face.outcome is not None else 0)


def _draw_leader(painter: QPainter, face: FaceView, ground: QRectF, box: QRectF) -> None:
    """Draw a line to a face whose label is too far to tell by itself whose it is."""
    if ground.adjusted(-8, -8, 8, 8).intersects(box):
        return
    color = QColor(OUTCOME_STYLES[face.outcome or Outcome.NOT_MEASURED].color)
    for pen in (QPen(_SHADE, 5), QPen(color, 2)):
        painter.setPen(pen)
        painter.drawLine(*_nearest(ground, box))


def _label_order(face: FaceView) -> tuple[bool, bool, float]:
    """Flagged travellers first, then the warm ones, then the nearest."""
    return face.outcome is not Outcome.ABOVE, not face.is_warm, -face.box.width


def _nearest(label: QRectF, box: QRectF) -> tuple[QPointF, QPointF]:
    """Return the ends of a short line from a label above or below a face to the face."""
    left, right = max(label.left(), box.left()), min(label.right(), box.right())
    x = (left + right) / 2
    if label.bottom() < box.top():
        return QPointF(x, label.bottom()), QPointF(x, box.top())
    return QPointF(x, label.top()), QPointF(x, box.bottom())


def _placed(box: Box, area: QRectF, scale: float) -> QRectF:
    left, top = area.x() + box.left * scale, area.y() + box.top * scale
    return QRectF(left, top, box.width * scale, box.height * scale)
