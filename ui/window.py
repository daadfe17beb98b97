"""The operator's window: puts model, bridge and views together."""

import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.core.cases import CaseState, Refusal
from station.core.events import AttachReading, CheckByHand, Command, Event, ResolveCase
from ui import viewmodels
from ui.bridge import StationBridge
from ui.case_view import CaseView
from ui.header import Header
from ui.lane_view import LaneView
from ui.language import Language
from ui.model import KioskModel
from ui.widgets.message import MessageBar

# Pictures are fetched at most this often (STYLE: 15 a second); states are redrawn with them.
_TICK_MS = 66
_ACTOR = "kiosk"


class KioskWindow(QWidget):
    """The operator's window.

    Args:
        bridge: the way to the station, not started yet.
        language: the kiosk's language.
    """

    def __init__(self, bridge: StationBridge, language: Language) -> None:
        super().__init__()
        self.setObjectName("window")
        self._bridge = bridge
        self._language = language
        self._model = KioskModel()
        self.header = Header(self)
        self.lane_view = LaneView(self)
        self.case_view = CaseView(self)
        self.message = MessageBar(self)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(_TICK_MS)

    def refresh(self) -> None:
        """Fetch the latest pictures and show what the model and the clock say now."""
        now_s, now = time.monotonic(), datetime.now(UTC)
        for picture, update in self._bridge.take_fresh():
            self._model.take(update)
            if self.lane_view.lane in {None, update.lane}:
                self.lane_view.show_frame(picture, update, now_s)
        self._show_lane(now_s)
        self._show_cases(now)
        self.header.set_time(now)
        self.message.show_text(viewmodels.message_text(self._model))

    def take(self, event: Event) -> None:
        """Keep one event of the station."""
        self._model.take(event)

    def retranslate(self) -> None:
        """Show everything in the kiosk's language."""
        for part in (self.header, self.lane_view, self.case_view, self.message):
            part.retranslate()
        self.refresh()

    def _lay_out(self) -> None:
        # A message takes its place from the picture, never from the queue's buttons.
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.message)
        left.addWidget(self.lane_view, 1)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addLayout(left, 3)
        body.addWidget(self.case_view, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(12)
        layout.addWidget(self.header)
        layout.addLayout(body, 1)

    def _connect(self) -> None:
        self._bridge.event_came.connect(self.take)
        self._bridge.connected.connect(self._on_connected)
        self._bridge.lost.connect(self._on_lost)
        self.header.language_asked.connect(self._on_language)
        self.case_view.case_chosen.connect(self._on_case)
        self.case_view.reading_attached.connect(self._on_attach)
        self.case_view.verdict_given.connect(self._on_verdict)
        self.case_view.check_asked.connect(self._on_check)
        self.message.dismissed.connect(self._on_dismissed)

    def _show_lane(self, now_s: float) -> None:
        lane, model = self.lane_view.lane, self._model
        notice = viewmodels.lane_notice(model, lane, self.lane_view.age_s(now_s))
        self.lane_view.set_notice(notice, now_s)
        update = model.lanes.get(lane) if lane else None
        self.header.set_notices(
            viewmodels.device_notices(model)[0],
            viewmodels.reference_notice(update),
            viewmodels.link_notice(model, datetime.now(UTC)),
        )

    def _show_cases(self, now: datetime) -> None:
        model = self._model
        self.case_view.show_queue(viewmodels.case_rows(model, now))
        case = model.selected_case()
        detail = viewmodels.case_detail(case) if case else None
        self.case_view.show_detail(detail, viewmodels.reading_rows(model, now))
        self.case_view.show_missed(viewmodels.passage_rows(model))

    def _send(self, command: Command) -> None:
        if not self._bridge.send(command):
            self._model.refusal = Refusal.OTHER

    def _on_connected(self) -> None:
        # A snapshot follows; what was known before may no longer be true.
        selected, self._model = self._model.selected, KioskModel()
        self._model.selected = selected

    def _on_lost(self) -> None:
        self._model.is_station_lost = True

    def _on_language(self) -> None:
        self._language.switch()
        self.retranslate()

    def _on_case(self, case_id: UUID | None) -> None:
        self._model.selected = case_id

    def _on_attach(self, reading_id: UUID) -> None:
        case = self._model.selected_case()
        if case is not None:
            self._send(AttachReading(uuid4(), case.case_id, reading_id, _ACTOR))

    def _on_verdict(self, verdict: CaseState) -> None:
        case = self._model.selected_case()
        if case is not None:
            self._send(ResolveCase(uuid4(), case.case_id, verdict, _ACTOR, ""))

    def _on_check(self, passage_id: UUID | None) -> None:
        if passage_id is not None:
            self._send(CheckByHand(uuid4(), passage_id, _ACTOR))

    def _on_dismissed(self) -> None:
        self._model.refusal = None
