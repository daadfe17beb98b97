"""The hand-over of a shift: what is open, a note, and the lead who comes and takes over."""

from datetime import datetime
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from station.core.events import Event
from station.core.people import Person
from station.core.people_events import SessionChanged
from station.core.shift import LONGEST_NOTE, ShiftStanding
from station.core.shift_commands import (
    AskShift,
    OfferShift,
    ShiftCommand,
    ShiftTold,
    TakeShift,
    WithdrawShift,
)
from ui.asking import Asking, problem_text
from ui.desk import Answer, Desk
from ui.screens.base import Screen
from ui.sizes import TARGET_MM, px
from ui.texts import translate
from ui.viewmodels.shift import offer_words, shift_view
from ui.views.writing_pages import WritingPages
from ui.widgets.filling import FillingRows
from ui.widgets.labels import role_label, show_text
from ui.widgets.rows import GAP_PX

_MOST_ROWS = 9
_ASK_EVERY_S = 5.0
_MARGINS_PX = (18, 12, 18, 12)


class ShiftScreen(Screen):
    """What is open on the left, by the station's own figures; on the right who gives and takes."""

    REFRESH_MS = 500

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        self._standing: ShiftStanding | None = None
        session = desk.model.session
        self._person: Person | None = session.person if session else None
        self._problem = ""
        self._asking = Asking(desk)
        self._title, self._offer = self._label("title"), self._label("title")
        self._latest, self._hint = self._label(""), self._label("quiet")
        self._reason = self._label("caution")
        self.matters = FillingRows(self, most=_MOST_ROWS, monotonic_s=desk.clock.monotonic_s)
        self.matters.chosen.connect(self._on_matter)
        self.note = QLineEdit(self)
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setMinimumHeight(px(self, TARGET_MM))
        self.writing = WritingPages(self, desk.language, desk.clock.monotonic_s)
        self.writing.offer(self.note)
        self.offer = self.big_button(self._on_offer, role="primary")
        self.take_over = self.big_button(self._on_take, role="primary")
        self.withdraw = self.big_button(self._on_withdraw)
        self._lay_out()

    def take(self, event: Event) -> None:
        """Whoever else comes finds nothing typed, and what is open now."""
        if isinstance(event, SessionChanged):
            if event.person is None:
                self.writing.leave()
            elif event.person != self._person:
                self._person, self._problem = event.person, ""
                self.writing.leave()
                self.note.clear()
            self._asking.forget()

    def renew(self) -> None:
        """Forget the station before."""
        self._standing, self._problem = None, ""
        self._asking.forget()

    def retranslate(self) -> None:
        """Show everything in the kiosk's language."""
        hint = translate("shift", "A short note for the lead who comes")
        self.note.setPlaceholderText(hint)
        self.note.setAccessibleName(hint)
        self.writing.retranslate()
        self._hint.setText(translate("shift", "No names of travellers: the note is kept for good"))
        self.take_over.set_words(translate("shift", "Take over"))
        self.withdraw.set_words(translate("shift", "Take back"))
        self._problem = ""
        self._show(self.desk.clock.now())

    def refresh(self, now: datetime) -> None:
        """Ask the station every few seconds what is open, and show it."""
        is_old = self.desk.clock.monotonic_s() - self._asking.asked_s >= _ASK_EVERY_S
        if self.desk.model.may(AskShift) and is_old and not self._asking.is_waiting:
            self._asking.ask(AskShift(uuid4()), self._on_told)
        self._show(now)

    def _on_told(self, answer: Answer) -> None:
        if isinstance(answer, ShiftTold):
            self._standing = answer.standing
        self._show(self.desk.clock.now())

    def _show(self, now: datetime) -> None:
        model, standing = self.desk.model, self._standing
        self.offer.set_words(offer_words(is_shared=model.is_guarded))
        if standing is None:
            for label in (self._offer, self._latest):
                show_text(label, "")
            show_text(self._title, translate("shift", "What is open is not known yet"))
            show_text(self._reason, self._problem)
            self.matters.show_rows(())
            for widget in (self.note, self.offer, self.take_over, self.withdraw):
                widget.setEnabled(False)
            return
        view = shift_view(standing, model.person, now, is_shared=model.is_guarded)
        for label, text in (
            (self._title, view.title),
            (self._offer, view.offer),
            (self._latest, view.latest),
            (self._reason, self._problem or view.reason),
        ):
            show_text(label, text)
        self.matters.show_rows(view.matters)
        is_there = model.loss is None
        self.note.setEnabled(is_there and view.can_offer)
        self.offer.setEnabled(is_there and view.can_offer)
        self.take_over.setEnabled(is_there and view.can_take)
        self.withdraw.setEnabled(is_there and view.can_withdraw)
        if self.writing.is_open and not self.note.isEnabled():
            self.writing.leave()
        # A waiting offer takes the place of the note.
        for one in (self.note, self._hint, self.offer):
            one.setVisible(standing.offer is None)
        for two in (self._offer, self.take_over, self.withdraw):
            two.setVisible(standing.offer is not None)
        self.take_over.set_target(standing.offer)

    def _on_matter(self, key: object) -> None:
        self.go_to.emit(str(key))

    def _on_offer(self) -> None:
        self._send(OfferShift(uuid4(), self.note.text().strip()))

    def _on_take(self) -> None:
        if self._standing is not None and self._standing.offer is not None:
            self._send(TakeShift(uuid4(), self._standing.offer.offer_id))

    def _on_withdraw(self) -> None:
        if self._standing is not None and self._standing.offer is not None:
            self._send(WithdrawShift(uuid4(), self._standing.offer.offer_id))

    def _send(self, command: ShiftCommand) -> None:
        self._problem = ""
        # What was asked before would tell of the time before this command.
        self._asking.forget()
        self.desk.ask(command, self._on_done)

    def _on_done(self, answer: Answer) -> None:
        if isinstance(answer, ShiftTold):
            self.note.clear()
        else:
            otherwise = translate(
                "shift", "Not carried out: look at what is in force, and try again"
            )
            self._problem = problem_text(answer, otherwise)
        self._on_told(answer)

    def _label(self, role: str) -> QLabel:
        label = role_label(self, role, wraps=True)
        # What somebody typed is shown as typed, whatever it looks like.
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    def _lay_out(self) -> None:
        panel = QFrame(self)
        panel.setObjectName("panel")
        left, right = QVBoxLayout(), QVBoxLayout(panel)
        right.setContentsMargins(*_MARGINS_PX)
        left.addWidget(self._title)
        left.addWidget(self.matters, 1)
        right.addWidget(self._latest)
        right.addStretch(1)
        right.addWidget(self._offer)
        right.addWidget(self.note)
        right.addWidget(self._hint)
        right.addWidget(self._reason)
        buttons = QHBoxLayout()
        for button in (self.offer, self.take_over, self.withdraw):
            buttons.addWidget(button)
        right.addLayout(buttons)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.addWidget(self.writing)
        body = QHBoxLayout(self.writing.content)
        body.setContentsMargins(0, 0, 0, 0)
        body.addLayout(left, 1)
        body.addWidget(panel, 1)
        for spaced in (left, right, buttons, body):
            spaced.setSpacing(2 * GAP_PX)
