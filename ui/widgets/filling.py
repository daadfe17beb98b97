"""Rows of a list that take the height there is."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.rows import GAP_PX, PagedRows, Row


class FillingRows(QWidget):
    """A list that shows as many rows as fit, and no empty places.

    Args:
        most: most rows shown at once.
        monotonic_s: the clock for settling.
    """

    chosen = Signal(object)
    """The key of the row that was touched."""

    def __init__(self, parent: QWidget, *, most: int, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self.rows = PagedRows(self, capacity=most, is_checkable=True, monotonic_s=monotonic_s)
        self.rows.chosen.connect(self.chosen)
        self._most = most
        self._count = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)
        column.addStretch(1)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a height at which the pages decide how many rows show."""
        return QSize(super().minimumSizeHint().width(), self.rows.row_px)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many rows as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows."""
        self._count = len(rows)
        self._fit()
        self.rows.show_rows(rows)

    def _fit(self) -> None:
        room = (self.height() + GAP_PX) // self.rows.row_px
        self.rows.set_capacity(min(room, self._most, self._count))
        self.rows.setVisible(self._count > 0)
