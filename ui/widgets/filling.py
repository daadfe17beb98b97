"""Rows of a list, and of choices, that take the height there is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.sizes import TARGET_MM, px
from ui.texts import translate
from ui.viewmodels.choices import Choice
from ui.viewmodels.rows import Row
from ui.widgets.choices import ChoiceGrid
from ui.widgets.rows import GAP_PX, PagedRows


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


class FillingChoices(QWidget):
    """A grid that shows as many rows of choices as fit; the last place turns the page.

    Args:
        columns: how many stand side by side.
        monotonic_s: the clock for settling.
    """

    chosen = Signal(object)
    """The key of the choice that was touched."""

    def __init__(self, parent: QWidget, *, columns: int, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self.grid = ChoiceGrid(self, columns=columns, monotonic_s=monotonic_s)
        self.grid.chosen.connect(self._on_chosen)
        self._columns = columns
        self._choices: Sequence[Choice] = ()
        self._page = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        column.addStretch(1)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a height at which the pages decide how many choices show."""
        return QSize(super().minimumSizeHint().width(), px(self, TARGET_MM))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many choices as there is room for."""
        super().resizeEvent(event)
        self._show()

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Show these choices; of other ones, the first page."""
        if {one.key for one in choices} != {one.key for one in self._choices}:
            self._page = 0
        self._choices = choices
        self._show()

    def _on_chosen(self, key: object) -> None:
        if isinstance(key, _Turn):
            self._page += 1
            self._show()
        else:
            self.chosen.emit(key)

    def _show(self) -> None:
        rows = max(1, (self.height() + GAP_PX) // (px(self, TARGET_MM) + GAP_PX))
        places = rows * self._columns
        if len(self._choices) <= places:
            self.grid.show_choices(self._choices)
            return
        room = max(1, places - 1)
        pages = -(-len(self._choices) // room)
        self._page %= pages
        shown = self._choices[self._page * room : (self._page + 1) * room]
        words = translate("rows", "More\n{0}/{1}").format(self._page + 1, pages)
        self.grid.show_choices([*shown, Choice(_Turn(), words)])


@dataclass(frozen=True, slots=True)
class _Turn:
    """The key of the place that turns the page."""
