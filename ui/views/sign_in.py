"""The locked kiosk: who signs in, by PIN or card; the lane beside it goes on."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from station.core.events import CommandRefused
from ui.entering.signing import CardTyping, SignInEntry, must_wait, refusal_text
from ui.sizes import PRIMARY_MM
from ui.texts import translate
from ui.viewmodels.rows import Row
from ui.widgets.keypad import ERASE, Keypad
from ui.widgets.labels import role_label
from ui.widgets.rows import GAP_PX, PagedRows
from ui.widgets.touch import TouchButton

_MOST_NAMES = 4
_MARGINS_PX = (14, 10, 14, 10)


class SignInView(QFrame):
    """Names first, then the pad; a card held to the reader does at any time.

    Args:
        monotonic_s: the clock for touches and for telling a reader from a person.
    """

    pin_given = Signal(object)
    """Somebody signs in: (name, PIN)."""
    card_given = Signal(object)
    """What the reader typed."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._monotonic_s = monotonic_s
        self._entry = SignInEntry()
        self._typing = CardTyping()
        self._refused: CommandRefused | None = None
        self._refused_at: tuple[datetime, float] | None = None
        self._must_wait = False
        self._title, self._waiting = role_label(self, "title"), role_label(self, "quiet")
        self._message = role_label(self, "caution", wraps=True)
        self._pages = QStackedWidget(self)
        self._hint = role_label(self._pages, "quiet")
        self.names = PagedRows(
            self._pages, capacity=_MOST_NAMES, height_mm=PRIMARY_MM, monotonic_s=monotonic_s
        )
        self.names.chosen.connect(self._choose)
        self._dots = role_label(self._pages, "big")
        self._dots.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pad = Keypad(self._pages, self._press, height_mm=PRIMARY_MM, monotonic_s=monotonic_s)
        self.keys = self._pad.keys
        self.enter = TouchButton(
            self._pages, role="primary", height_mm=PRIMARY_MM, monotonic_s=monotonic_s
        )
        self.enter.set_target("enter")
        self.enter.touched.connect(self._enter)
        self._pad.append(self.enter)
        self.back = TouchButton(self._pages, monotonic_s=monotonic_s)
        self.back.touched.connect(lambda _: self._choose(None))
        self._lay_out()

    def begin(self, name: str | None) -> None:
        """Ask anew: for this person's PIN, who locked the kiosk, or for a name."""
        self._refused, self._typing = None, CardTyping()
        self._show(SignInEntry(name))

    def refuse(self, refused: CommandRefused | None) -> None:
        """Say that the station let nobody in; None if it did not answer."""
        self._refused, self._refused_at = refused, None
        self._show(self._entry.answered())

    def refresh(self, names: Sequence[str], waiting: int, now: datetime) -> None:
        """Show who can sign in, how many travellers wait, and how long somebody has to."""
        # Nobody is kept out for longer because the machine's clock was set back meanwhile.
        at, at_s = self._refused_at = self._refused_at or (now, self._monotonic_s())
        now = at + timedelta(seconds=self._monotonic_s() - at_s)
        self._must_wait = must_wait(self._refused, now)
        self.names.show_rows([Row(name, name, "") for name in names])
        words = translate("cases", "Waiting for second check: {0}")
        self._waiting.setText(words.format(waiting))
        self._message.setText(refusal_text(self._refused, now))
        self.enter.setEnabled(self._entry.is_whole and not self._must_wait)
        if self._entry.name is not None and self._entry.name not in names:
            self._show(SignInEntry())

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        self._pad.retranslate()
        self.enter.set_words(translate("typing", "Enter"))
        self.back.set_words(translate("signing", "Somebody else"))
        self._hint.setText(translate("signing", "Or hold your card to the reader."))
        self._show(self._entry)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take the digits of a keyboard, and cards, which a reader types."""
        text, now_s = event.text(), self._monotonic_s()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter_key(self._typing.card(now_s))
        elif text == "\b":
            self._press(ERASE)
        elif text.isalnum() and text.isascii():
            self._typing = self._typing.typed(text, now_s)
            if text.isdigit():
                self._press(text)
        else:
            super().keyPressEvent(event)

    def _on_enter_key(self, card: str | None) -> None:
        self._typing = CardTyping()
        if card is None:
            self._enter()
        elif not self._entry.is_waiting:
            self._refused = None
            self._show(self._entry.sent())
            self.card_given.emit(card)

    def _choose(self, name: object) -> None:
        self._refused = None
        self._show(self._entry.chosen(name if isinstance(name, str) else None))

    def _press(self, key: object) -> None:
        if not self._entry.is_waiting:
            is_erase = key == ERASE
            self._show(self._entry.erased() if is_erase else self._entry.pressed(str(key)))

    def _enter(self, _: object = None) -> None:
        entry = self._entry
        if entry.is_whole and not self._must_wait:
            self._refused = None
            self._show(entry.sent())
            self.pin_given.emit((entry.name, entry.digits))

    def _show(self, entry: SignInEntry) -> None:
        self._entry = entry
        has_name = entry.name is not None
        self._title.setText(entry.name or translate("signing", "Locked: who signs in?"))
        self._dots.setText(entry.shown)
        self._dots.setAccessibleName(
            translate("signing", "{0} digits typed").format(len(entry.digits))
        )
        self._pages.setCurrentIndex(int(has_name))
        self.enter.setEnabled(entry.is_whole and not self._must_wait)

    def _lay_out(self) -> None:
        names, pin = QWidget(self._pages), QWidget(self._pages)
        first, second = QVBoxLayout(names), QVBoxLayout(pin)
        first.addWidget(self.names)
        first.addWidget(self._hint)
        first.addStretch(1)
        second.addWidget(self._dots)
        second.addLayout(self._pad.grid)
        second.addStretch(1)
        second.addWidget(self.back)
        for page in (names, pin):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*_MARGINS_PX)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._waiting)
        layout.addLayout(top)
        layout.addWidget(self._message)
        layout.addWidget(self._pages, 1)
        for spaced in (first, second, layout):
            spaced.setSpacing(GAP_PX)
        for bare in (first, second):
            bare.setContentsMargins(0, 0, 0, 0)
