"""What the kiosk knows: the station's events, kept; no Qt and no words."""

from collections import OrderedDict, deque
from datetime import datetime
from uuid import UUID

from station.core.cases import VERDICTS, BodyReading, Case, Refusal
from station.core.events import (
    CaseChanged,
    CommandRefused,
    DeviceChanged,
    Event,
    HandheldRead,
    LaneFault,
    LaneFaultKind,
    LaneUpdate,
    LedgerFault,
    LedgerRecovered,
    LinkChanged,
    PassageRecorded,
)
from station.core.passages import Passage
from station.core.screening import Outcome

_KEPT = 20


class KioskModel:
    """Takes events in order; the views read it after each."""

    def __init__(self) -> None:
        self.cases: OrderedDict[UUID, Case] = OrderedDict()
        self.readings: deque[BodyReading] = deque(maxlen=_KEPT)
        self.not_measured: deque[Passage] = deque(maxlen=_KEPT)
        self.devices: OrderedDict[str, DeviceChanged] = OrderedDict()
        self.lanes: OrderedDict[str, LaneUpdate] = OrderedDict()
        self.lane_faults: dict[str, LaneFaultKind] = {}
        self.link: LinkChanged | None = None
        self.has_ledger_fault = False
        self.is_station_lost = False
        self.refusal: Refusal | None = None
        self.selected: UUID | None = None

    def take(self, event: Event) -> None:
        """Keep what one event says."""
        match event:
            case LaneUpdate():
                self.lanes[event.lane] = event
                self.lane_faults.pop(event.lane, None)
            case LaneFault():
                self.lane_faults[event.lane] = event.kind
            case CaseChanged(case):
                self._take_case(case)
            case HandheldRead(reading):
                if all(known.reading_id != reading.reading_id for known in self.readings):
                    self.readings.append(reading)
            case PassageRecorded(passage):
                self._take_passage(passage)
            case DeviceChanged():
                self.devices[event.device_id] = event
            case LinkChanged():
                self.link = event
            case LedgerFault():
                self.has_ledger_fault = True
            case LedgerRecovered():
                self.has_ledger_fault = False
            case CommandRefused():
                self.refusal = event.refusal
            case _:
                pass

    def selected_case(self) -> Case | None:
        """Return the case that the operator is at, or None."""
        return self.cases.get(self.selected) if self.selected else None

    def select_oldest(self) -> None:
        """Go to the oldest waiting case if none is selected."""
        if self.selected not in self.cases:
            self.selected = next(iter(self.cases), None)

    def oldest_first(self) -> list[Case]:
        """Return the waiting cases: flagged ones before doubtful ones, each oldest first."""
        return sorted(self.cases.values(), key=_urgency)

    def _take_case(self, case: Case) -> None:
        if case.state in VERDICTS:
            self.cases.pop(case.case_id, None)
        else:
            self.cases[case.case_id] = case
        attached = {reading.reading_id for reading in case.readings}
        left = [r for r in self.readings if r.reading_id not in attached]
        self.readings = deque(left, maxlen=_KEPT)
        rest = [p for p in self.not_measured if p.passage_id != case.passage_id]
        self.not_measured = deque(rest, maxlen=_KEPT)
        self.select_oldest()

    def _take_passage(self, passage: Passage) -> None:
        if passage.screening.outcome is not Outcome.NOT_MEASURED:
            return
        if all(known.passage_id != passage.passage_id for known in self.not_measured):
            self.not_measured.append(passage)


def _urgency(case: Case) -> tuple[bool, datetime]:
    return case.screening.outcome is not Outcome.ABOVE, case.opened_at
