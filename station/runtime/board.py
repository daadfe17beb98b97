"""What the station knows right now, for whoever connects late; and the way events fan out."""

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from uuid import UUID

from station.core.about import StationDescribed
from station.core.events import (
    BiasChanged,
    CaseChanged,
    CasePictured,
    CasePictureGone,
    DeviceChanged,
    DeviceChecked,
    Event,
    FlowAnnounced,
    HandheldRead,
    LedgerFault,
    LedgerRecovered,
    LedgerSalvaged,
    PassageRecorded,
    RecordsLost,
    RoomChanged,
    SourceChanged,
    TrendChanged,
)
from station.core.lane_events import LaneFault, LaneUpdate
from station.core.link_events import LinkChanged
from station.core.ports import EventSink
from station.core.threshold_commands import ThresholdTold

# The list of those to be checked by hand that a kiosk gets when it connects.
_BY_HAND_KEPT = 20
_READINGS_KEPT = 20


class Board:
    """Remembers the latest event of each subject and passes every event on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sinks: list[EventSink] = []
        self._latest: OrderedDict[tuple[str, str], Event] = OrderedDict()
        self._cases: OrderedDict[UUID, CaseChanged] = OrderedDict()
        self._readings: deque[HandheldRead] = deque(maxlen=_READINGS_KEPT)
        self._by_hand: deque[PassageRecorded] = deque(maxlen=_BY_HAND_KEPT)

    def add_sink(self, sink: EventSink) -> None:
        """Pass every later event on to `sink` too."""
        self._sinks.append(sink)

    def remove_sink(self, sink: EventSink) -> None:
        """Pass nothing on to `sink` any more."""
        self._sinks.remove(sink)

    def emit(self, event: Event) -> None:
        """Remember one event and pass it on; called from any thread."""
        with self._lock:
            self._remember(event)
        for sink in self._sinks:
            sink.emit(event)

    def snapshot(self) -> Sequence[Event]:
        """Return the events that bring a newcomer up to date."""
        with self._lock:
            return (
                *self._latest.values(),
                *self._cases.values(),
                *self._by_hand,
                *self._readings,
            )

    def _remember(self, event: Event) -> None:
        match event:
            case LaneUpdate():
                self._latest["lane", event.lane] = event
                self._latest.pop(("lane fault", event.lane), None)
            case LaneFault():
                self._latest["lane fault", event.lane] = event
            case DeviceChanged() | SourceChanged():
                self._latest[type(event).__name__, event.device_id] = event
            case TrendChanged():
                self._latest["trend", event.trend.camera_id] = event
            case DeviceChecked():
                self._latest["check", event.check.device_id] = event
            case (
                LinkChanged()
                | BiasChanged()
                | RoomChanged()
                | FlowAnnounced()
                | RecordsLost()
                | LedgerSalvaged()
                | ThresholdTold()
                | StationDescribed()
            ):
                self._latest[type(event).__name__, ""] = event
            case LedgerFault():
                self._latest["ledger", ""] = event
            case LedgerRecovered():
                self._latest.pop(("ledger", ""), None)
            case CaseChanged() | CasePictured() | CasePictureGone():
                self._remember_case(event)
            case HandheldRead():
                self._readings.append(event)
            case PassageRecorded():
                if event.passage.needs_hand:
                    self._by_hand.append(event)

    def _remember_case(self, event: CaseChanged | CasePictured | CasePictureGone) -> None:
        match event:
            case CaseChanged() if event.case.is_finished:
                self._forget_case(event.case.case_id)
                self._forget_readings(event)
            case CaseChanged():
                self._cases[event.case.case_id] = event
                self._forget_readings(event)
            case CasePictured():
                self._latest["picture", str(event.case_id)] = event
            case CasePictureGone():
                self._latest.pop(("picture", str(event.case_id)), None)

    def _forget_case(self, case_id: UUID) -> None:
        self._cases.pop(case_id, None)
        self._latest.pop(("picture", str(case_id)), None)

    def _forget_readings(self, changed: CaseChanged) -> None:
        """Readings that have found their case, and passages that became one, leave the lists."""
        attached = {reading.reading_id for reading in changed.case.readings}
        left = [r for r in self._readings if r.reading.reading_id not in attached]
        self._readings = deque(left, maxlen=_READINGS_KEPT)
        rest = [p for p in self._by_hand if p.passage.passage_id != changed.case.passage_id]
        self._by_hand = deque(rest, maxlen=_BY_HAND_KEPT)
