"""A keypad for a number: of a case, or of month, day, hour and minute."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.sizes import PRIMARY_MM
from ui.texts import translate
from ui.widgets.keypad import ERASE, Keypad
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

Read = Callable[[str], object]
"""Returns what digits stand for, or None as long as they stand for nothing."""


class NumberView(QWidget):
    """Takes digits until they stand for something.

    Args:
        monotonic_s: the clock for touches.
    """

    typed = Signal(object)
    """What the digits stand for."""
    cancelled = Signal()
    """Staff go back without a number."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self._digits = ""
        self._most = 1
        self._read: Read = lambda _: None
        self._title, self._shown = QLabel(self), QLabel(self)
        self._title.setProperty("role", "title")
        self._shown.setProperty("role", "big")
        self._pad = Keypad(self, self._press, monotonic_s=monotonic_s)
        self.keys = self._pad.keys
        self.cancel = TouchButton(self, monotonic_s=monotonic_s)
        self.cancel.touched.connect(lambda _: self.cancelled.emit())
        self.enter = TouchButton(
            self, role="primary", height_mm=PRIMARY_MM, monotonic_s=monotonic_s
        )
        self.enter.touched.connect(self._enter)
        self._lay_out()

    def begin(self, title: str, most: int, read: Read) -> None:
        """Ask for a number.

        Args:
            title: what is to be typed.
            most: digits.
            read: what they stand for.
        """
        self._title.setText(title)
        self._digits, self._most, self._read = "", most, read
        self._show()

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        self._pad.retranslate()
        self.cancel.set_words(translate("number", "Back"))
        self.enter.set_words(translate("number", "Search"))
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take digits from a keyboard as well."""
        if not self._pad.take(event):
            super().keyPressEvent(event)

    def _press(self, key: object) -> None:
        typed = self._digits[:-1] if key == ERASE else f"{self._digits}{key}"
        self._digits = typed[: self._most]
        self._show()

    def _enter(self, _: object) -> None:
        value = self._read(self._digits)
        if value is not None:
            self.typed.emit(value)

    def _show(self) -> None:
        missing = "_" * (self._most - len(self._digits))
        self._shown.setText(f"{self._digits}{missing}")
        self.enter.setEnabled(self._read(self._digits) is not None)

    def _lay_out(self) -> None:
        ends = QHBoxLayout()
        ends.setSpacing(GAP_PX)
        ends.addWidget(self.cancel)
        ends.addWidget(self.enter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        layout.addWidget(self._title)
        layout.addWidget(self._shown)
        layout.addLayout(self._pad.grid)
        layout.addStretch(1)
        layout.addLayout(ends)
