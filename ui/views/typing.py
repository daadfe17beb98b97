"""The keypad for a reading that staff read off a thermometer: typed twice, so that it is right."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station.core.cases import TrustClass
from ui.entering.typing import KINDS, TypedEntry
from ui.sizes import PRIMARY_MM
from ui.texts import TRUSTS, say, translate
from ui.widgets.keypad import ERASE, ERASE_RIGHT, Keypad
from ui.widgets.labels import role_label
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_MARGINS_PX = (14, 8, 14, 10)


class TypingView(QFrame):
    """Asks for the kind of thermometer and its reading, twice.

    Args:
        monotonic_s: the clock for touches.
    """

    typed = Signal(object)
    """What was typed: (first °C, again °C, TrustClass)."""
    cancelled = Signal()
    """Staff go back without a reading."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._monotonic_s = monotonic_s
        self._entry = TypedEntry()
        self._title = role_label(self, "title")
        self._shown = role_label(self, "big")
        self.kinds = {kind: self._button(kind, self._choose) for kind in KINDS}
        self._pad = Keypad(self, self._press, order=ERASE_RIGHT, monotonic_s=monotonic_s)
        self.keys = self._pad.keys
        self.cancel = self._button(None, lambda _: self.cancelled.emit())
        self.enter = TouchButton(
            self, role="primary", height_mm=PRIMARY_MM, monotonic_s=monotonic_s
        )
        self.enter.touched.connect(self._enter)
        self._lay_out()
        self.retranslate()

    def begin(self) -> None:
        """Start anew."""
        self._show(TypedEntry())

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        for kind, button in self.kinds.items():
            button.set_words(say(TRUSTS, kind))
        self._pad.retranslate()
        self.cancel.set_words(translate("typing", "Back"))
        self.enter.set_words(translate("typing", "Enter"))
        self._show(self._entry)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take digits from a keyboard as well."""
        if not self._pad.take(event):
            super().keyPressEvent(event)

    def _choose(self, kind: object) -> None:
        if isinstance(kind, TrustClass):
            self._show(self._entry.chosen(kind))

    def _press(self, key: object) -> None:
        self._show(self._entry.erased() if key == ERASE else self._entry.pressed(str(key)))

    def _enter(self) -> None:
        entry = self._entry
        if not entry.is_whole:
            return
        if not entry.is_repeat:
            self._show(entry.entered())
            return
        self.typed.emit((*entry.values_c(), entry.kind))

    def _show(self, entry: TypedEntry) -> None:
        self._entry = entry
        if entry.kind is None:
            title = translate("typing", "Which thermometer?")
        elif entry.is_repeat:
            title = translate("typing", "Type the same reading again")
        else:
            title = translate("typing", "Type its reading")
        self._title.setText(title)
        self._shown.setText(entry.shown)
        for kind, button in self.kinds.items():
            button.setChecked(kind is entry.kind)
            # Another thermometer after the first reading would be another reading.
            button.setEnabled(not entry.is_repeat)
        for button in self.keys.values():
            button.setEnabled(entry.kind is not None)
        self.enter.setEnabled(entry.is_whole)
        self.enter.set_target(entry.is_repeat)

    def _button(self, target: object, on_touch: Callable[[object], None]) -> TouchButton:
        button = TouchButton(self, monotonic_s=self._monotonic_s)
        button.setCheckable(isinstance(target, TrustClass))
        button.set_target(target)
        button.touched.connect(on_touch)
        return button

    def _lay_out(self) -> None:
        kinds = QHBoxLayout()
        for button in self.kinds.values():
            kinds.addWidget(button)
        ends = QHBoxLayout()
        ends.addWidget(self.cancel)
        ends.addWidget(self.enter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*_MARGINS_PX)
        layout.addWidget(self._title)
        layout.addLayout(kinds)
        layout.addWidget(self._shown)
        layout.addLayout(self._pad.grid)
        layout.addStretch(1)
        layout.addLayout(ends)
        for spaced in (kinds, ends, layout):
            spaced.setSpacing(GAP_PX)
