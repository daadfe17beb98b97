"""Charts that stand still: nothing to drag or zoom, and every bar tells its number in words, too.

Colour is never the only sign: what differs is also hatched, named or apart.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import CAUTION, LINE, PRIMARY, QUIET_TEXT, RAISED, TEXT
from ui.viewmodels.charts import Column, ColumnChart, Line, LineChart

_MARGINS_PX = (14, 8, 14, 8)
_GAP_SHARE = 0.2
_SMALL = 0.82
_BOTTOM = "0"


class ColumnChartView(QFrame):
    """A title, upright bars over an axis, and the chart in one sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._title, self._summary = QLabel(self), QLabel(self)
        self._title.setProperty("role", "title")
        self._summary.setProperty("role", "quiet")
        self._bars = _Columns(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS_PX)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._bars, 1)
        column.addWidget(self._summary)

    def show_chart(self, chart: ColumnChart) -> None:
        """Show a chart."""
        self._title.setText(chart.title)
        self._summary.setText(chart.summary)
        self._bars.setAccessibleName(f"{chart.title}: {chart.summary}")
        self._bars.show_chart(chart)


class _Columns(QWidget):
    """The bars."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chart: ColumnChart | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, 80)

    def show_chart(self, chart: ColumnChart) -> None:
        if chart != self._chart:
            self._chart = chart
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if self._chart is None:
            return
        painter = QPainter(self)
        font = self.font()
        font.setPixelSize(round(font.pixelSize() * _SMALL))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        side = max(map(metrics.horizontalAdvance, (self._chart.top_text, _BOTTOM))) + 10
        area = QRectF(self.rect()).adjusted(side, metrics.height() / 2, -2, -metrics.height() - 4)
        self._draw_axis(painter, area, metrics)
        for i, column in enumerate(self._chart.columns):
            self._draw_column(painter, area, i, column)
        painter.end()

    def _draw_axis(self, painter: QPainter, area: QRectF, metrics: QFontMetricsF) -> None:
        assert self._chart is not None  # noqa: S101 - paintEvent has looked
        painter.setPen(QColor(QUIET_TEXT))
        places = (self._chart.top_text, area.top()), (_BOTTOM, area.bottom())
        for text, y in places:
            box = QRectF(0, y - metrics.height() / 2, area.left() - 8, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QPen(QColor(LINE), 1))
        for y in (area.top(), area.center().y(), area.bottom()):
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))

    def _draw_column(self, painter: QPainter, area: QRectF, place: int, column: Column) -> None:
        assert self._chart is not None  # noqa: S101 - paintEvent has looked
        width = area.width() / len(self._chart.columns)
        left, gap = area.left() + place * width, min(6.0, width * _GAP_SHARE)
        scale = area.height() / self._chart.top
        solid, marked = (column.value - column.marked) * scale, column.marked * scale
        bar = QRectF(left + gap / 2, area.bottom() - solid, width - gap, solid)
        painter.fillRect(bar, QColor(PRIMARY))
        if marked:
            top = QRectF(bar.left(), bar.top() - marked, bar.width(), marked)
            painter.fillRect(top, QBrush(QColor(CAUTION), Qt.BrushStyle.BDiagPattern))
            painter.setPen(QPen(QColor(CAUTION), 1))
            painter.drawRect(top)
        if column.label:
            painter.setPen(QColor(QUIET_TEXT))
            box = QRectF(
                left - 40, area.bottom() + 2, width + 80, self.height() - area.bottom() - 2
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, column.label)


class LineChartView(QFrame):
    """A title, and lines of words and numbers with a bar below each."""

    def __init__(self, parent: QWidget, most_lines: int) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._title, self._summary = QLabel(self), QLabel(self)
        self._title.setProperty("role", "title")
        self._summary.setProperty("role", "quiet")
        self._lines = [LineBar(self) for _ in range(most_lines)]
        column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS_PX)
        column.setSpacing(4)
        column.addWidget(self._title)
        for line in self._lines:
            column.addWidget(line, 1)
        column.addWidget(self._summary)
        column.addStretch(1)

    def show_chart(self, chart: LineChart) -> None:
        """Show a chart."""
        self._title.setText(chart.title)
        self._summary.setText(chart.summary)
        self._summary.setVisible(bool(chart.summary))
        for i, view in enumerate(self._lines):
            view.setVisible(i < len(chart.lines))
            if i < len(chart.lines):
                view.show_line(chart.lines[i])


class LineBar(QWidget):
    """One line: words, number, bar."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._line: Line | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.hide()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least that its words need."""
        return QSize(200, round(self.fontMetrics().height() * _SMALL) + 14)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return what looks well."""
        return QSize(300, round(self.fontMetrics().height() * 1.6) + 8)

    def show_line(self, line: Line) -> None:
        """Show a line."""
        if line != self._line:
            self._line = line
            self.setAccessibleName(f"{line.words}: {line.number}")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it."""
        if self._line is None:
            return
        painter = QPainter(self)
        font = self.font()
        font.setPixelSize(round(font.pixelSize() * _SMALL))
        painter.setFont(font)
        bar_px = 8.0
        place = QRectF(0, 0, self.width(), self.height() - bar_px - 4)
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.setPen(QColor(TEXT))
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | bottom, self._line.number)
        metrics = QFontMetricsF(font)
        # A camera may have any name; a screen reader says all of it.
        room = self.width() - metrics.horizontalAdvance(self._line.number) - 12
        words = metrics.elidedText(self._line.words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | bottom, words)
        ground = QRectF(0, self.height() - bar_px - 2, self.width(), bar_px)
        painter.fillRect(ground, QColor(RAISED))
        ground.setWidth(self._line.share * self.width())
        painter.fillRect(ground, QColor(PRIMARY))
        painter.end()
