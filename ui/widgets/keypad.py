"""Digits and an eraser that a glove can hit, or that a keyboard types."""

from collections.abc import Callable

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.sizes import TARGET_MM
from ui.texts import translate
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

ERASE = "<"
"""Takes the last digit back."""
ERASE_LEFT = ("1", "2", "3", "4", "5", "6", "7", "8", "9", ERASE, "0")
"""Room for one more key beside the zero."""
ERASE_RIGHT = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", ERASE)
_COLUMNS = 3


class Keypad:
    """The keys of one view, laid out in rows of three.

    Args:
        view: what the keys lie on.
        on_press: told each digit, or ERASE.
        order: the keys; an empty one is a gap.
        height_mm: of a key.
        monotonic_s: the clock for touches.
    """

    def __init__(
        self,
        view: QWidget,
        on_press: Callable[[object], None],
        *,
        order: tuple[str, ...] = ERASE_LEFT,
        height_mm: float = TARGET_MM,
        monotonic_s: Callable[[], float],
    ) -> None:
        self._on_press = on_press
        self.keys: dict[str, TouchButton] = {}
        """The buttons by what they stand for."""
        self.grid = QGridLayout()
        self.grid.setSpacing(GAP_PX)
        for place, key in enumerate(order):
            if key:
                button = TouchButton(view, height_mm=height_mm, monotonic_s=monotonic_s)
                button.set_target(key)
                button.touched.connect(on_press)
                self.keys[key] = button
                self._put(button, place)
        self._end = len(order)

    def append(self, button: TouchButton) -> None:
        """Lay a button behind the last key."""
        self._put(button, self._end)
        self._end += 1

    def retranslate(self) -> None:
        """Show the keys in the kiosk's language."""
        for key, button in self.keys.items():
            button.set_words(translate("typing", "Erase") if key == ERASE else key)

    def take(self, event: QKeyEvent) -> bool:
        """Press a key for a keyboard's digit or backspace; return whether it was one."""
        text = event.text()
        if text.isdigit() and text.isascii():
            self._on_press(text)
        elif text == "\b":
            self._on_press(ERASE)
        else:
            return False
        return True

    def _put(self, button: TouchButton, place: int) -> None:
        self.grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
