"""The skin threshold: what holds, what another one would mean, and two people who change it."""

from datetime import datetime
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station.core.events import Event
from station.core.people_events import SessionChanged
from station.core.threshold_change import Outlook, ThresholdStanding
from station.core.threshold_commands import (
    AskThreshold,
    ConfirmThreshold,
    ProposeThreshold,
    ThresholdCommand,
    ThresholdTold,
    WithdrawThreshold,
)
from ui.asking import problem_text
from ui.desk import Answer, Desk
from ui.screens.base import Screen
from ui.texts import translate
from ui.viewmodels.threshold import STEP_C, moved, threshold_view
from ui.widgets.labels import role_label, show_text
from ui.widgets.rows import GAP_PX

_MARGINS_PX = (18, 12, 18, 12)


class ThresholdScreen(Screen):
    """One number, moved by tenths of a degree; proposed by one, confirmed by another."""

    REFRESH_MS = 500

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        self._chosen_c: float | None = None
        self._outlook: Outlook | None = None
        self._is_asked = False
        self._problem = ""
        self._holds, self._proposal = (
            role_label(self, "", wraps=True),
            role_label(self, "title", wraps=True),
        )
        self._chosen, self._means = (
            role_label(self, "big", wraps=True),
            role_label(self, "", wraps=True),
        )
        self._reason = role_label(self, "caution", wraps=True)
        self.down = self.big_button(lambda: self._move(-STEP_C))
        self.up = self.big_button(lambda: self._move(STEP_C))
        self.propose = self.big_button(self._propose, role="primary")
        self.confirm = self.big_button(self._confirm, role="primary")
        self.withdraw = self.big_button(self._withdraw)
        self._lay_out()

    def take(self, event: Event) -> None:
        """Whoever comes, and whenever it changes: look at the threshold that waits, or holds."""
        if isinstance(event, ThresholdTold) and event.command_id is None:
            self._chosen_c = None
            self._ask_anew()
        elif isinstance(event, SessionChanged):
            self._ask_anew()

    def renew(self) -> None:
        """Forget the station before."""
        self._chosen_c = None
        self._ask_anew()

    def retranslate(self) -> None:
        """Show everything in the kiosk's language."""
        self.down.set_words(translate("threshold", "Lower"))
        self.up.set_words(translate("threshold", "Higher"))
        self.propose.set_words(translate("threshold", "Propose"))
        self.confirm.set_words(translate("threshold", "Confirm\nas second person"))
        self.withdraw.set_words(translate("threshold", "Withdraw\nproposal"))
        self._show(self.desk.clock.now())

    def refresh(self, now: datetime) -> None:
        """Ask what the threshold in sight would mean, once, and show what holds."""
        may_ask = self.desk.model.may(AskThreshold)
        if self._standing is not None and may_ask and not self._is_asked:
            self._is_asked = True
            wanted_c = self._looked_at_c(self._standing)
            self.desk.ask(AskThreshold(uuid4(), wanted_c), self._on_outlook)
        self._show(now)

    @property
    def _standing(self) -> ThresholdStanding | None:
        return self.desk.model.threshold

    def _looked_at_c(self, standing: ThresholdStanding) -> float:
        if standing.proposal is not None:
            return standing.proposal.skin_threshold_c
        return standing.in_force_c if self._chosen_c is None else self._chosen_c

    def _ask_anew(self) -> None:
        self._outlook, self._is_asked = None, False

    def _on_outlook(self, answer: Answer) -> None:
        if not isinstance(answer, ThresholdTold):
            self._say_problem(answer)
        elif answer.outlook is not None and self._standing is not None:
            # An answer about a number that was left meanwhile is no answer to this one.
            if answer.outlook.then.threshold_c == self._looked_at_c(self._standing):
                self._outlook = answer.outlook
        self._show(self.desk.clock.now())

    def _show(self, now: datetime) -> None:
        standing = self._standing
        if standing is None:
            show_text(self._holds, translate("threshold", "No threshold is known yet"))
            for label in (self._proposal, self._chosen, self._means, self._reason):
                show_text(label, "")
            for button in (self.down, self.up, self.propose, self.confirm, self.withdraw):
                button.setEnabled(False)
            return
        model = self.desk.model
        view = threshold_view(
            standing, self._looked_at_c(standing), self._outlook, model.person, now
        )
        for label, text in (
            (self._holds, view.holds),
            (self._proposal, view.proposal),
            (self._chosen, view.chosen),
            (self._means, view.outlook),
            (self._reason, self._problem or view.reason),
        ):
            show_text(label, text)
        is_there = model.loss is None
        is_free = is_there and standing.proposal is None
        self.down.setEnabled(is_free and view.can_lower)
        self.up.setEnabled(is_free and view.can_raise)
        self.propose.setEnabled(is_there and view.can_propose)
        self.confirm.setEnabled(is_there and view.can_confirm)
        self.withdraw.setEnabled(is_there and view.can_withdraw)
        self.confirm.set_target(standing.proposal)

    def _move(self, step_c: float) -> None:
        if self._standing is not None:
            self._problem = ""
            self._chosen_c = moved(self._standing, self._looked_at_c(self._standing), step_c)
            self._ask_anew()
            self.refresh(self.desk.clock.now())

    def _propose(self) -> None:
        if self._standing is not None:
            self._send(ProposeThreshold(uuid4(), self._looked_at_c(self._standing)))

    def _confirm(self) -> None:
        if self._standing is not None and self._standing.proposal is not None:
            self._send(ConfirmThreshold(uuid4(), self._standing.proposal.proposal_id))

    def _withdraw(self) -> None:
        if self._standing is not None and self._standing.proposal is not None:
            self._send(WithdrawThreshold(uuid4(), self._standing.proposal.proposal_id))

    def _send(self, command: ThresholdCommand) -> None:
        self._problem = ""
        self.desk.ask(command, self._on_done)

    def _on_done(self, answer: Answer) -> None:
        # What holds then is told to everybody, to this kiosk, too.
        if not isinstance(answer, ThresholdTold):
            self._say_problem(answer)
        self._show(self.desk.clock.now())

    def _say_problem(self, answer: Answer) -> None:
        otherwise = translate(
            "threshold", "Not carried out: look at what is in force, and try again"
        )
        self._problem = problem_text(answer, otherwise)

    def _lay_out(self) -> None:
        holds, other = QFrame(self), QFrame(self)
        left, right = QVBoxLayout(holds), QVBoxLayout(other)
        for panel, column in ((holds, left), (other, right)):
            panel.setObjectName("panel")
            column.setContentsMargins(*_MARGINS_PX)
            column.setSpacing(2 * GAP_PX)
        left.addWidget(self._holds)
        left.addStretch(1)
        left.addWidget(self._proposal)
        decide = QHBoxLayout()
        decide.addWidget(self.confirm)
        decide.addWidget(self.withdraw)
        left.addLayout(decide)
        move = QHBoxLayout()
        self._chosen.setAlignment(Qt.AlignmentFlag.AlignCenter)
        move.addWidget(self.down, 1)
        move.addWidget(self._chosen, 1)
        move.addWidget(self.up, 1)
        right.addLayout(move)
        right.addWidget(self._means)
        right.addStretch(1)
        right.addWidget(self._reason)
        right.addWidget(self.propose)
        body = QHBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(holds, 1)
        body.addWidget(other, 1)
        for spaced in (decide, move, body):
            spaced.setSpacing(2 * GAP_PX)
