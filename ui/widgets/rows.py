"""Rows of a list that a glove can hit, and pages of them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from station.core.screening import Outcome
from ui.sizes import TARGET_MM, px
from ui.texts import translate
from ui.viewmodels.rows import Row
from ui.widgets.case_picture import CasePicture
from ui.widgets.fitting import FittingLabel
from ui.widgets.signs import OutcomeSign
from ui.widgets.touch import TouchButton, set_role

_PICTURE_MM = 13.0
GAP_PX = 8
"""Between rows, and between anything that can be touched."""


_EMPTY = Row(None, "", "")


class RowButton(TouchButton):
    """One row: a sign, a title, a quiet line, and what a touch does."""

    def __init__(
        self,
        parent: QWidget,
        *,
        role: str,
        height_mm: float,
        is_checkable: bool,
        monotonic_s: Callable[[], float],
    ) -> None:
        super().__init__(parent, role=role, height_mm=height_mm, monotonic_s=monotonic_s)
        self._role = role
        self.setCheckable(is_checkable)
        self._sign = OutcomeSign(self, px(parent, TARGET_MM) // 2)
        self.picture = CasePicture(self, px(parent, _PICTURE_MM))
        self._title = _passive(FittingLabel(self), "title")
        self._detail = _passive(FittingLabel(self), "quiet")
        self._action = _passive(QLabel(self), "action")
        self._action.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 2, 14, 2)
        layout.setSpacing(12)
        layout.addWidget(self.picture)
        layout.addWidget(self._sign)
        layout.addLayout(words, 1)
        layout.addWidget(self._action)

    @property
    def outcome(self) -> Outcome | None:
        """Whose sign is shown."""
        return self._sign.outcome

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room that the row's words need: a plain button would only count its own."""
        layout = self.layout()
        return layout.minimumSize() if layout else super().minimumSizeHint()

    def show_row(self, row: Row | None) -> None:
        """Show a row, or leave its place empty."""
        is_usable = row is not None and row.is_enabled
        self.set_target(row.key if row else None)
        self.setEnabled(is_usable)
        self._show_roles(row is None, is_usable)
        row = row or _EMPTY
        self._sign.setVisible(row.outcome is not None)
        self._sign.set_outcome(row.outcome, is_warm=row.is_warm)
        self.picture.show_picture(row.picture)
        for label, text in (
            (self._title, row.title),
            (self._detail, row.detail),
            (self._action, row.action),
        ):
            if label.text() != text:
                label.setText(text)
        self._action.setVisible(bool(row.action))
        self.setChecked(row.is_selected)
        self.setAccessibleName(", ".join(part for part in (row.title, row.detail) if part))

    def _show_roles(self, is_empty: bool, is_usable: bool) -> None:
        set_role(self, "empty" if is_empty else self._role)
        is_primary = is_usable and self._role == "primary"
        set_role(self._title, "title on primary" if is_primary else "title")
        set_role(self._detail, "quiet on primary" if is_primary else "quiet")
        set_role(self._action, "action" if is_usable else "quiet")


class PagedRows(QWidget):
    """As many rows as there is room for, and buttons to the others: nothing is out of reach.

    Args:
        capacity: most rows shown at once, as long as `set_capacity` does not say less.
        role: of the rows, as in TouchButton.
        height_mm: of each row.
        is_checkable: whether one of them is the selected one.
        monotonic_s: the clock for settling.
    """

    chosen = Signal(object)
    """The key of the row that was touched."""

    def __init__(
        self,
        parent: QWidget,
        *,
        capacity: int,
        role: str = "",
        height_mm: float = TARGET_MM,
        is_checkable: bool = False,
        monotonic_s: Callable[[], float],
    ) -> None:
        super().__init__(parent)
        self._buttons = [
            RowButton(
                self,
                role=role,
                height_mm=height_mm,
                is_checkable=is_checkable,
                monotonic_s=monotonic_s,
            )
            for _ in range(capacity)
        ]
        self._capacity = capacity
        self._rows: Sequence[Row] = ()
        self._page = 0
        self._selected: object = None
        self.back, self.more = (TouchButton(self, monotonic_s=monotonic_s) for _ in range(2))
        turns = QVBoxLayout()
        turns.setSpacing(GAP_PX)
        for button, by in ((self.back, -1), (self.more, 1)):
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
            button.touched.connect(lambda _, by=by: self._turn(by))
            turns.addWidget(button)
        self._column = QVBoxLayout()
        self._column.setSpacing(GAP_PX)
        for button in self._buttons:
            button.touched.connect(self.chosen)
            self._column.addWidget(button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        layout.addLayout(self._column, 1)
        layout.addLayout(turns)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def row_px(self) -> int:
        """Height that one more row takes."""
        return self._buttons[0].minimumHeight() + GAP_PX

    @property
    def buttons(self) -> Sequence[RowButton]:
        """The rows that there is room for."""
        return self._buttons[: self._capacity]

    def set_capacity(self, capacity: int) -> None:
        """Say how many rows there is room for."""
        capacity = min(max(1, capacity), len(self._buttons))
        if capacity == self._capacity:
            return
        self._capacity = capacity
        for i, button in enumerate(self._buttons):
            button.setVisible(i < capacity)
        self._page = 0
        self._show()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; if another one became the selected one, its page."""
        self._rows = rows
        selected = next((i for i, row in enumerate(rows) if row.is_selected), None)
        key = rows[selected].key if selected is not None else None
        if key != self._selected:
            self._selected = key
            self._page = selected // self._capacity if selected is not None else 0
        self._show()

    def _turn(self, by: int) -> None:
        self._page += by
        self._show()

    def _show(self) -> None:
        pages = max(1, -(-len(self._rows) // self._capacity))
        self._page = self._page % pages
        first = self._page * self._capacity
        for i, button in enumerate(self.buttons):
            button.show_row(self._rows[first + i] if first + i < len(self._rows) else None)
        # From the first page it leads to the last: the newest of many is one touch away.
        self.back.setVisible(pages > 2 and self._capacity > 1)  # noqa: PLR2004
        self.back.set_words(translate("rows", "Page\nback"))
        self.more.setVisible(pages > 1)
        words = translate("rows", "More\n{0}/{1}")
        self.more.set_words(words.format(self._page + 1, pages))


def _passive(label: QLabel, role: str) -> QLabel:
    """Give a label its role and let touches through to the button below."""
    label.setProperty("role", role)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
