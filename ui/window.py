"""The operator's window: puts model, bridge and views together."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station.core.cases import CaseState, TrustClass
from station.core.commands import AttachReading, CheckByHand, Command, ResolveCase, TypeReading
from station.core.events import Event, LaneUpdate
from station.core.ports import Clock
from station.runtime.bridge_frames import Picture
from ui import viewmodels, watchviews
from ui.bridge import StationBridge
from ui.case_view import CaseView
from ui.header import Header
from ui.lane_view import LaneView
from ui.language import Language
from ui.model import KioskModel, Loss
from ui.theme import style_sheet, text_px
from ui.typing_view import TypingView
from ui.widgets.banner import Banner
from ui.widgets.message import MessageBar

# Pictures are fetched at most this often (STYLE: 15 a second); states are redrawn with them.
_TICK_MS = 67
_ACTOR = "kiosk"


@dataclass(frozen=True, slots=True)
class _Frame:
    """The latest picture of a lane."""

    picture: Picture
    update: LaneUpdate
    captured_s: float
    """When it was taken, on the kiosk's monotonic clock."""


class KioskWindow(QWidget):
    """The operator's window.

    Args:
        bridge: the way to the station, not started yet.
        language: the kiosk's language.
        clock: the machine's clocks.
    """

    def __init__(self, bridge: StationBridge, language: Language, clock: Clock) -> None:
        super().__init__()
        self.setObjectName("window")
        # Nothing is chosen at the start; the first Tab goes to the first button.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()
        self._bridge = bridge
        self._language = language
        self._clock = clock
        self._model = KioskModel()
        self._frames: dict[str, _Frame] = {}
        self._text_px = 0
        self.header = Header(self)
        self.lane_view = LaneView(self, clock.monotonic_s)
        self.right = QStackedWidget(self)
        self.case_view = CaseView(self.right, clock.monotonic_s)
        self.typing_view = TypingView(self.right, clock.monotonic_s)
        self.right.addWidget(self.case_view)
        self.right.addWidget(self.typing_view)
        self.message = MessageBar(self)
        self.bias = Banner(self)
        self._lay_out()
        self._fit_text()
        self._connect()
        self.retranslate()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(_TICK_MS)

    def stop(self) -> None:
        """Stop refreshing."""
        self._timer.stop()

    def refresh(self) -> None:
        """Fetch the latest pictures and show what the model and the clock say now."""
        now = self._clock.now()
        for picture, update in self._bridge.take_fresh():
            self._model.take(update)
            self._keep_frame(picture, update, now)
            if update.lane == self._model.lane:
                self.lane_view.show_frame(picture, update)
        self._show_lane(now)
        self._show_cases(now)
        self.header.show_time(now)
        self.message.show_text(viewmodels.message_text(self._model))

    def take(self, event: Event) -> None:
        """Keep one event of the station."""
        self._model.take(event)

    def retranslate(self) -> None:
        """Show everything in the kiosk's language."""
        for part in (self.header, self.lane_view, self.case_view, self.typing_view, self.message):
            part.retranslate()
        self._show_lane_anew()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the text to the window."""
        super().resizeEvent(event)
        self._fit_text()

    def _fit_text(self) -> None:
        fitting = text_px(self.height())
        if fitting != self._text_px:
            self._text_px = fitting
            self.setStyleSheet(style_sheet(fitting))

    def _lay_out(self) -> None:
        # A message takes its place from the picture, never from the queue's buttons.
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.message)
        left.addWidget(self.bias)
        left.addWidget(self.lane_view, 1)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addLayout(left, 3)
        body.addWidget(self.right, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(12)
        layout.addWidget(self.header)
        layout.addLayout(body, 1)

    def _connect(self) -> None:
        self._bridge.event_came.connect(self.take)
        self._bridge.connected.connect(self._on_connected)
        self._bridge.lost.connect(self._on_lost)
        self._bridge.unsent.connect(self._on_unsent)
        self.header.language_asked.connect(self._on_language)
        self.lane_view.lane_asked.connect(self._on_lane)
        self.case_view.case_chosen.connect(self._on_case)
        self.case_view.reading_attached.connect(self._on_attach)
        self.case_view.verdict_given.connect(self._on_verdict)
        self.case_view.check_asked.connect(self._on_check)
        self.case_view.typing_asked.connect(self._on_typing)
        self.typing_view.cancelled.connect(self._on_typing_ended)
        self.typing_view.typed.connect(self._on_typed)
        self.message.dismissed.connect(self._on_dismissed)

    def _keep_frame(self, picture: Picture, update: LaneUpdate, now: datetime) -> None:
        # Station and kiosk share one machine and so its clock: a station that lags shows too.
        lag_s = max(0.0, (now - update.captured_at).total_seconds())
        captured_s = self._clock.monotonic_s() - lag_s
        self._frames[update.lane] = _Frame(picture, update, captured_s)

    def _show_lane(self, now: datetime) -> None:
        model = self._model
        frame = self._frames.get(model.lane) if model.lane else None
        age_s = self._clock.monotonic_s() - frame.captured_s if frame else None
        notice = viewmodels.lane_notice(model, model.lane, age_s)
        is_late = viewmodels.is_late(model, age_s)
        self.lane_view.show_notice(notice, is_late=is_late)
        self.lane_view.show_switch(viewmodels.lane_switch(model))
        self.lane_view.show_crowd(watchviews.crowd_notice(model))
        self.bias.show_notice(watchviews.bias_notice(model))
        self.header.show_room(watchviews.room_text(model))
        self.header.show_notices(
            viewmodels.device_notice(model),
            viewmodels.reference_notice(model),
            viewmodels.link_notice(model, now),
        )

    def _show_lane_anew(self) -> None:
        frame = self._frames.get(self._model.lane) if self._model.lane else None
        if frame is None:
            self.lane_view.show_nothing()
        else:
            self.lane_view.show_frame(frame.picture, frame.update)

    def _show_cases(self, now: datetime) -> None:
        model = self._model
        self.case_view.show_queue(viewmodels.case_rows(model, now))
        detail = viewmodels.case_detail(model)
        self.case_view.show_detail(model.selected, detail, viewmodels.reading_rows(model, now))
        self.case_view.show_missed(watchviews.passage_rows(model, now))

    def _send(self, command: Command) -> None:
        self._model.dismiss()
        if self._model.note_sent(command):
            self._bridge.send(command)

    def _on_connected(self) -> None:
        # A snapshot follows; what was known before may no longer be true.
        self._model = self._model.renewed()

    def _on_lost(self, loss: Loss) -> None:
        self._model.loss = loss

    def _on_unsent(self, command: Command) -> None:
        self._model.note_unsent(command)

    def _on_language(self) -> None:
        self._language.switch()
        self.retranslate()

    def _on_lane(self, lane: str) -> None:
        self._model.lane = lane
        self._show_lane_anew()
        self.refresh()

    def _on_case(self, case_id: UUID) -> None:
        self._model.selected = case_id
        self.refresh()

    def _on_attach(self, named: tuple[UUID, UUID]) -> None:
        case_id, reading_id = named
        self._send(AttachReading(uuid4(), case_id, reading_id, _ACTOR))

    def _on_verdict(self, given: tuple[UUID, CaseState]) -> None:
        case_id, verdict = given
        self._send(ResolveCase(uuid4(), case_id, verdict, _ACTOR, ""))

    def _on_check(self, passage_id: UUID) -> None:
        self._send(CheckByHand(uuid4(), passage_id, _ACTOR))

    def _on_typing(self) -> None:
        self.typing_view.begin()
        self.right.setCurrentWidget(self.typing_view)
        self.typing_view.setFocus()

    def _on_typing_ended(self) -> None:
        self.right.setCurrentWidget(self.case_view)

    def _on_typed(self, typed: tuple[float, float, TrustClass]) -> None:
        self._on_typing_ended()
        self._send(TypeReading(uuid4(), *typed, _ACTOR))

    def _on_dismissed(self) -> None:
        self._model.dismiss()
        self.refresh()
