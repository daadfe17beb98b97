"""Passages line by line; as many as there is room for, and nothing to touch on them."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from ui.viewmodels.found import FoundLine
from ui.widgets.signs import OutcomeSign

MOST_LINES = 30
"""Of a page, however tall the window is."""

_MARGINS_PX = (14, 8, 14, 8)
_GAP_PX = 2
_SIGN_PX = 24
_STRETCHES = (0, 0, 3, 5, 2, 4)
_SIGN_COLUMN = 1


class FoundTable(QFrame):
    """The list of one page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._lines: Sequence[FoundLine] = ()
        self._signs = [OutcomeSign(self, _SIGN_PX) for _ in range(MOST_LINES)]
        columns = [column for column in range(len(_STRETCHES)) if column != _SIGN_COLUMN]
        self._cells = [[QLabel(self) for _ in columns] for _ in range(MOST_LINES)]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*_MARGINS_PX)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(_GAP_PX)
        for column, stretch in enumerate(_STRETCHES):
            self._grid.setColumnStretch(column, stretch)
        for row, (sign, cells) in enumerate(zip(self._signs, self._cells, strict=True)):
            self._grid.addWidget(sign, row, _SIGN_COLUMN)
            for column, cell in zip(columns, cells, strict=True):
                cell.setProperty("role", "quiet")
                self._grid.addWidget(cell, row, column)
        self._grid.setRowStretch(MOST_LINES, 1)
        self._show()

    @property
    def capacity(self) -> int:
        """How many lines there is room for."""
        height = self.contentsRect().height() - _MARGINS_PX[1] - _MARGINS_PX[3]
        return max(1, min(MOST_LINES, (height + _GAP_PX) // (self._line_px() + _GAP_PX)))

    def show_lines(self, lines: Sequence[FoundLine]) -> None:
        """Show a page; what is beyond the room is not shown."""
        self._lines = lines
        self._show()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a small size: the page adapts itself to the room."""
        return QSize(400, 5 * self._line_px())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many lines as fit now."""
        super().resizeEvent(event)
        self._show()

    def _line_px(self) -> int:
        self.ensurePolished()
        return max(_SIGN_PX, QFontMetrics(self._cells[0][0].font()).height() + 2)

    def _show(self) -> None:
        capacity = self.capacity
        for row, (sign, cells) in enumerate(zip(self._signs, self._cells, strict=True)):
            line = self._lines[row] if row < min(len(self._lines), capacity) else None
            sign.setVisible(line is not None)
            sign.set_outcome(line.outcome if line else None)
            texts = (line.time, line.answer, line.value, line.camera, line.case) if line else ()
            for place, cell in enumerate(cells):
                cell.setText(texts[place] if texts else "")
                cell.setVisible(bool(texts))
