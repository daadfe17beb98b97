"""The live lane beside the queue of those who wait for a second check."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station.core.cases import CaseState, TrustClass
from station.core.commands import (
    AttachReading,
    CaseCommand,
    CheckByHand,
    Command,
    ResolveCase,
    TypeReading,
)
from station.core.events import CaseChanged, Event
from station.core.handing_over import HANDED_OVER
from ui.desk import Desk, Frame
from ui.entering.signing import closed_reason
from ui.screens.base import Screen
from ui.viewmodels.choices import Choice
from ui.viewmodels.lanes import held_view, is_covered, lanes_notice, masks, tiles
from ui.viewmodels.notices import Notice, lane_notice, lane_switch, message_text
from ui.viewmodels.questions import causes, others, sites
from ui.viewmodels.second_check import case_detail, case_rows, reading_rows
from ui.viewmodels.watches import bias_notice, crowd_notice, passage_rows
from ui.views.case import CaseView
from ui.views.choice import ChoiceView
from ui.views.lane import LaneView
from ui.views.sign_in import SignInView
from ui.views.typing import TypingView
from ui.widgets.banner import Banner
from ui.widgets.message import MessageBar


class LaneScreen(Screen):
    """What an operator works with: the picture, the queue, the second check."""

    REFRESH_MS = 33

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        monotonic_s = desk.clock.monotonic_s
        self._shown: dict[str, Frame] = {}
        self.lane_view = LaneView(self, monotonic_s)
        self.side = QStackedWidget(self)
        self.right = QStackedWidget(self.side)
        self.sign_in_view = SignInView(self.side, monotonic_s)
        self.case_view = CaseView(self.right, monotonic_s)
        self.typing_view = TypingView(self.right, monotonic_s)
        self.right.addWidget(self.case_view)
        self.right.addWidget(self.typing_view)
        self.choice_view = ChoiceView(self.right, monotonic_s)
        self.right.addWidget(self.choice_view)
        self.side.addWidget(self.right)
        self.side.addWidget(self.sign_in_view)
        self._decided: UUID | None = None
        self.message = MessageBar(self)
        self.bias = Banner(self)
        self.closed = Banner(self)
        self._lay_out()
        self._connect()

    def refresh(self, now: datetime) -> None:
        """Show the latest picture and what the model and the clock say now."""
        self._show_lane(now)
        self._show_lock(now)
        self._show_cases(now)
        self.message.show_text(message_text(self.desk.model))

    def show_fresh(self) -> None:
        """Show pictures as they come; the words beside them follow within a moment."""
        self._show_pictures(self.desk.frames.get(self.desk.model.lane or ""))

    def take(self, event: Event) -> None:
        """Go on with a case whose second check has just ended here in fever or doubt."""
        if not isinstance(event, CaseChanged) or event.case.case_id != self._decided:
            return
        self._decided = None
        if event.case.state in HANDED_OVER and not event.case.is_finished:
            self.desk.model.at = self.desk.model.to_register = event.case.case_id
            self.go_to.emit("cases")

    def renew(self) -> None:
        """Forget a verdict that may not have arrived."""
        self._decided = None

    def retranslate(self) -> None:
        """Show everything in the kiosk's language."""
        views = (self.case_view, self.typing_view, self.choice_view, self.sign_in_view)
        for part in (self.lane_view, *views, self.message):
            part.retranslate()
        self._shown.clear()

    def _lay_out(self) -> None:
        # A message takes its place from the picture, never from the queue's buttons.
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.message)
        left.addWidget(self.bias)
        left.addWidget(self.closed)
        left.addWidget(self.lane_view, 1)
        body = QHBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addLayout(left, 3)
        body.addWidget(self.side, 2)

    def _connect(self) -> None:
        self.lane_view.lane_asked.connect(self._on_lane)
        self.lane_view.wall_asked.connect(self._on_wall)
        self.case_view.case_chosen.connect(self._on_case)
        self.case_view.reading_attached.connect(self._on_attach)
        self.case_view.verdict_given.connect(self._on_verdict)
        self.case_view.others_asked.connect(self._on_others)
        self.choice_view.chosen.connect(self._on_answer)
        self.choice_view.cancelled.connect(self._on_typing_ended)
        self.case_view.check_asked.connect(self._on_check)
        self.case_view.typing_asked.connect(self._on_typing)
        self.typing_view.cancelled.connect(self._on_typing_ended)
        self.typing_view.typed.connect(self._on_typed)
        self.sign_in_view.pin_given.connect(self._on_pin)
        self.sign_in_view.card_given.connect(self._on_card)
        self.message.dismissed.connect(self._on_dismissed)

    def _show_lane(self, now: datetime) -> None:
        desk, view, model = self.desk, self.lane_view, self.desk.model
        frame, ages = desk.frames.get(model.lane or ""), desk.ages_s()
        self._show_pictures(frame)
        if view.shows_all:
            view.show_notice(lanes_notice(model, ages), is_covered=False)
        else:
            age_s = ages.get(model.lane or "")
            covered = is_covered(model, model.lane, age_s)
            view.show_notice(lane_notice(model, model.lane, age_s), is_covered=covered)
        view.show_tiles(tiles(model, ages))
        view.show_masks(masks(model))
        view.show_switch(None if view.shows_all else lane_switch(model))
        now_s = desk.clock.monotonic_s()
        view.show_held(held_view(desk.held.waiting(now_s), now_s), desk.palette)
        view.show_crowd(crowd_notice(model))
        self.bias.show_notice(bias_notice(model))

    def _show_pictures(self, large: Frame | None) -> None:
        """Show what is new of the pictures in sight."""
        if large is None:
            self.lane_view.show_nothing()
        for lane, frame in self.desk.frames.items():
            if self._shown.get(lane) is frame:
                continue
            if self.lane_view.shows_all:
                self.lane_view.wall.show_frame(frame.picture, frame.update)
                self._shown[lane] = frame
            elif frame is large:
                self.lane_view.show_frame(frame.picture, frame.update)
                self._shown[lane] = frame

    def _show_lock(self, now: datetime) -> None:
        """Show who signs in instead of the second check while nobody is."""
        model, view = self.desk.model, self.sign_in_view
        is_locked = model.person is None
        if is_locked and self.side.currentWidget() is not view:
            view.begin(self.desk.last_name)
            # Whoever comes next begins at the queue, not in the middle of somebody's question.
            self._on_typing_ended()
        self.side.setCurrentWidget(view if is_locked else self.right)
        if is_locked and model.session is not None:
            view.refresh(model.session.names, len(model.cases), now)
        reason = "" if is_locked else closed_reason(model.person, ResolveCase)
        self.closed.show_notice(Notice(reason, "caution") if reason else None)

    def _show_cases(self, now: datetime) -> None:
        model = self.desk.model
        self.case_view.show_queue(case_rows(model, now))
        detail = case_detail(model, now)
        self.case_view.show_detail(model.selected, detail, reading_rows(model, now))
        self.case_view.type_in.setEnabled(model.may(TypeReading))
        self.case_view.show_missed(passage_rows(model, now))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keys of a locked kiosk to who signs in."""
        if self.desk.model.person is None:
            self.sign_in_view.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def _on_pin(self, given: tuple[str, str]) -> None:
        self.desk.sign_in(*given, self.sign_in_view.refuse)

    def _on_card(self, card: str) -> None:
        self.desk.sign_in_with_card(card, self.sign_in_view.refuse)

    def _on_lane(self, lane: str) -> None:
        self.desk.model.lane = lane
        self._show_wall(False)

    def _on_wall(self) -> None:
        self._show_wall(True)

    def _show_wall(self, shows_all: bool) -> None:
        self.lane_view.show_all(shows_all)
        self.lane_view.show_tiles(tiles(self.desk.model, self.desk.ages_s()))
        # What comes into sight is drawn from what is known.
        self._shown.clear()
        self.refresh(self.desk.clock.now())

    def _on_case(self, case_id: UUID) -> None:
        self.desk.model.selected = case_id
        self.refresh(self.desk.clock.now())

    def _on_attach(self, named: tuple[UUID, tuple[UUID, ...]]) -> None:
        case_id, reading_ids = named
        known = {r.reading_id: r for r in self.desk.model.readings}
        for reading_id in reading_ids:
            reading = known.get(reading_id)
            if reading is not None and reading.trust is TrustClass.CONTACT:
                self._ask(partial(sites, case_id, reading_id))
            else:
                self.desk.send(AttachReading(uuid4(), case_id, reading_id))

    def _on_verdict(self, given: tuple[UUID, CaseState]) -> None:
        case_id, verdict = given
        if verdict is CaseState.CLEARED:
            self._ask(partial(causes, case_id))
        else:
            self._send(ResolveCase(uuid4(), case_id, verdict, ""))

    def _on_others(self, case_id: UUID) -> None:
        case = self.desk.model.cases.get(case_id)
        if case is not None:
            self._ask(partial(others, case))

    def _ask(self, question: Callable[[], tuple[str, Sequence[Choice]]]) -> None:
        self.choice_view.ask(question)
        self.right.setCurrentWidget(self.choice_view)

    def _on_answer(self, command: CaseCommand) -> None:
        self._on_typing_ended()
        self._send(command)

    def _send(self, command: Command) -> None:
        if isinstance(command, ResolveCase):
            self._decided = command.case_id
        self.desk.send(command)

    def _on_check(self, passage_id: UUID) -> None:
        self.desk.send(CheckByHand(uuid4(), passage_id))

    def _on_typing(self) -> None:
        self.typing_view.begin()
        self.right.setCurrentWidget(self.typing_view)
        self.typing_view.setFocus()

    def _on_typing_ended(self) -> None:
        self.right.setCurrentWidget(self.case_view)

    def _on_typed(self, typed: tuple[float, float, TrustClass]) -> None:
        self._on_typing_ended()
        self.desk.send(TypeReading(uuid4(), *typed))

    def _on_dismissed(self) -> None:
        self.desk.model.dismiss()
        self.refresh(self.desk.clock.now())
