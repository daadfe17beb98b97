"""The thermal picture on which regions are drawn and discs are pointed at: taps, or arrow keys."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.core.masks import Region
from station.core.pointing import PointedDisc
from ui.entering.drawing import Corner
from ui.theme import BACKGROUND, CAUTION, PANEL, PRIMARY, SHADE, SHADE_ALPHA, TEXT
from ui.widgets.hatching import draw_hatched

_STEP = 0.02
_ARROWS = {
    Qt.Key.Key_Up: (-_STEP, 0.0),
    Qt.Key.Key_Down: (_STEP, 0.0),
    Qt.Key.Key_Left: (0.0, -_STEP),
    Qt.Key.Key_Right: (0.0, _STEP),
}
_LEAST_PX = (320, 240)
_LEAST_NUMBERED = 4


class RegionPicture(QWidget):
    """Shows a picture with regions, and tells where somebody taps."""

    tapped = Signal(object)
    """A corner was set."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(*_LEAST_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._image: QImage | None = None
        self._regions: Sequence[Region] = ()
        self._masks: Sequence[Region] = ()
        self._corner: Corner | None = None
        self._disc: PointedDisc | None = None
        self._cursor: Corner = (0.5, 0.5)

    def show_image(self, image: QImage | None) -> None:
        """Show a picture, or none."""
        self._image = image
        self.update()

    def show_regions(self, regions: Sequence[Region], corner: Corner | None) -> None:
        """Show the regions and the first corner of the next one."""
        self._regions, self._corner = regions, corner
        self.update()

    def show_masks(self, masks: Sequence[Region]) -> None:
        """Hatch the areas that are never searched for faces."""
        self._masks = masks
        self.update()

    def show_disc(self, disc: PointedDisc | None) -> None:
        """Show the disc that was pointed at, or none."""
        self._disc = disc
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take a tap on the picture."""
        area, at = self._area(), event.position()
        if self._image is not None and area.contains(at):
            row = (at.y() - area.top()) / area.height()
            column = (at.x() - area.left()) / area.width()
            self._cursor = (row, column)
            self.tapped.emit(self._cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move the cross by arrow keys; Enter or the space bar sets a corner."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            down, right = _ARROWS[key]
            row, column = self._cursor
            self._cursor = (_inside(row + down), _inside(column + right))
            self.update()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self._image:
            self.tapped.emit(self._cursor)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the picture, the regions and the corner."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(BACKGROUND if self._image else PANEL))
        if self._image is not None:
            area = self._area()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, self._image)
            for mask in self._masks:
                draw_hatched(painter, area, mask)
            for number, region in enumerate(self._regions, 1):
                _draw_region(painter, _placed(region, area), f"{number}")
            if self._disc is not None:
                _draw_disc(painter, self._disc, area)
            if self._corner is not None:
                _draw_cross(painter, _point(self._corner, area), CAUTION)
            if self.hasFocus():
                _draw_cross(painter, _point(self._cursor, area), TEXT)
        painter.end()

    def _area(self) -> QRectF:
        """Return the largest area of the picture's shape in the middle."""
        if self._image is None:
            return QRectF(self.rect())
        scale = min(self.width() / self._image.width(), self.height() / self._image.height())
        width, height = self._image.width() * scale, self._image.height() * scale
        left, top = (self.width() - width) / 2, (self.height() - height) / 2
        return QRectF(left, top, width, height)


def _inside(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _placed(region: Region, area: QRectF) -> QRectF:
    top, left, bottom, right = region
    return QRectF(_point((top, left), area), _point((bottom, right), area))


def _point(corner: Corner, area: QRectF) -> QPointF:
    row, column = corner
    return QPointF(area.left() + column * area.width(), area.top() + row * area.height())


def _draw_region(painter: QPainter, box: QRectF, word: str) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    shade = QColor(SHADE)
    shade.setAlpha(SHADE_ALPHA)
    for pen in (QPen(shade, 6), QPen(QColor(PRIMARY), 3)):
        painter.setPen(pen)
        painter.drawRect(box)
    height = painter.fontMetrics().height()
    ground = QRectF(box.left(), box.top(), 1.6 * height, 1.3 * height)
    if box.height() < _LEAST_NUMBERED * ground.height():
        # Inside a small region its number would hide the source.
        ground.moveTop(box.bottom())
    painter.fillRect(ground, shade)
    painter.setPen(QColor(TEXT))
    painter.drawText(ground, int(Qt.AlignmentFlag.AlignCenter), word)


def _draw_disc(painter: QPainter, disc: PointedDisc, area: QRectF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    down, aside = disc.extent[0] * area.height(), disc.extent[1] * area.width()
    for pen in (QPen(QColor(SHADE), 6), QPen(QColor(CAUTION), 3)):
        painter.setPen(pen)
        painter.drawEllipse(_point(disc.center, area), aside + 2, down + 2)


def _draw_cross(painter: QPainter, at: QPointF, color: str) -> None:
    for pen in (QPen(QColor(SHADE), 6), QPen(QColor(color), 3)):
        painter.setPen(pen)
        painter.drawLine(at - QPointF(14, 0), at + QPointF(14, 0))
        painter.drawLine(at - QPointF(0, 14), at + QPointF(0, 14))
