"""Rows of a list that a glove can hit."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.core.screening import Outcome
from ui.widgets.signs import OutcomeSign
from ui.widgets.touch import TouchButton

Row = tuple[Any, Outcome | None, str, str, bool]
"""Key, sign, title, detail, whether it is the selected one."""


class RowButton(TouchButton):
    """One row: a sign, a title, and a quiet line."""

    chosen = Signal(object)
    """The row's key."""

    def __init__(self, parent: QWidget, *, is_checkable: bool = False) -> None:
        super().__init__(parent)
        self._key: Any = None
        self.setCheckable(is_checkable)
        self._sign = OutcomeSign(self, self.minimumHeight() // 2)
        self._title = _passive(QLabel(self))
        self._title.setProperty("role", "title")
        self._detail = _passive(QLabel(self))
        self._detail.setProperty("role", "quiet")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 2, 14, 2)
        layout.setSpacing(12)
        layout.addWidget(self._sign)
        layout.addLayout(words, 1)
        self.clicked.connect(lambda: self.chosen.emit(self._key))

    def show_row(self, row: Row | None) -> None:
        """Show a row, or an empty place."""
        self.setEnabled(row is not None)
        self._sign.setVisible(row is not None and row[1] is not None)
        if row is None:
            self._key = None
            self._title.setText("")
            self._detail.setText("")
            self.setChecked(False)
            self.setAccessibleName("")
            return
        self._key, outcome, title, detail, is_selected = row
        self._sign.set_outcome(outcome)
        self._title.setText(title)
        self._detail.setText(detail)
        self.setChecked(is_selected)
        self.setAccessibleName(f"{title}, {detail}")


def fill_rows(buttons: Sequence[RowButton], rows: Sequence[Row]) -> None:
    """Show the first rows that fit."""
    for i, button in enumerate(buttons):
        button.show_row(rows[i] if i < len(rows) else None)


def _passive(label: QLabel) -> QLabel:
    """Let touches through to the button below."""
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
