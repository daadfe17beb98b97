"""A curve of the last minutes: a title, the latest value, and how it came to that."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import LINE, PRIMARY, QUIET_TEXT
from ui.viewmodels.curves import Curve
from ui.widgets.labels import show_text

# A curve shows so many minutes.
_SPAN_MIN = 20.0
_LEAST_HEIGHT_PX = 70
_PAD_PX = 6.0
# Two points further apart than this are not one line: the camera was away.
_LONGEST_STEP_MIN = 0.25


class _Plot(QWidget):
    """Draws a curve; the words above it speak to screen readers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._curve: Curve | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST_HEIGHT_PX)

    def show_curve(self, curve: Curve) -> None:
        if curve != self._curve:
            self._curve = curve
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the lines with their words, then the curve."""
        if self._curve is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = painter.fontMetrics().height() / 2
        words = max(painter.fontMetrics().horizontalAdvance(text) for _, text in self._curve.marks)
        area = QRectF(self.rect()).adjusted(words + 2 * _PAD_PX, half, -_PAD_PX, -half)
        for value, text in self._curve.marks:
            y = self._y(value, area)
            painter.setPen(QPen(QColor(LINE), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(QUIET_TEXT))
            place = QRectF(0, y - half, words + _PAD_PX, 2 * half)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignRight), text)
        if self._curve.is_bars:
            self._draw_bars(painter, area)
        else:
            self._draw_line(painter, area)
        painter.end()

    def _draw_line(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(QColor(PRIMARY), 2))
        for run in self._runs(area):
            if len(run) == 1:
                painter.drawEllipse(run[0], 1.5, 1.5)
            painter.drawPolyline(QPolygonF(run))

    def _draw_bars(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(QColor(PRIMARY), max(2.0, area.width() / 300)))
        for run in self._runs(area):
            for point in run:
                if point.y() < area.bottom() - 0.5:
                    painter.drawLine(QPointF(point.x(), area.bottom()), point)

    def _runs(self, area: QRectF) -> list[list[QPointF]]:
        """Return the stretches without a gap."""
        runs: list[list[QPointF]] = []
        before_min: float | None = None
        for age_min, value in self._curve.points if self._curve else ():
            if value is None or not 0 <= age_min <= _SPAN_MIN:
                before_min = None
                continue
            if before_min is None or before_min - age_min > _LONGEST_STEP_MIN:
                runs.append([])
            x = area.right() - area.width() * age_min / _SPAN_MIN
            runs[-1].append(QPointF(x, self._y(value, area)))
            before_min = age_min
        return runs

    def _y(self, value: float, area: QRectF) -> float:
        if self._curve is None:
            return area.bottom()
        share = (value - self._curve.low) / (self._curve.high - self._curve.low)
        return area.bottom() - area.height() * share


class CurvePanel(QFrame):
    """One curve with its words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._title = QLabel(self)
        self._latest = QLabel(self)
        self._latest.setProperty("role", "title")
        self._plot = _Plot(self)
        words = QHBoxLayout()
        words.addWidget(self._title, 1)
        words.addWidget(self._latest)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 6)
        column.setSpacing(2)
        column.addLayout(words)
        column.addWidget(self._plot, 1)

    def show_curve(self, curve: Curve) -> None:
        """Show a curve with its latest value."""
        for label, text in ((self._title, curve.title), (self._latest, curve.latest)):
            show_text(label, text)
        self._plot.show_curve(curve)
