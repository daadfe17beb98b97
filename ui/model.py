"""What the kiosk knows: the station's events, kept; no Qt and no words."""

from collections import OrderedDict, deque
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from station.core.about import StationDescribed
from station.core.camera_bias import CameraBias
from station.core.case_flow import CaseFlow
from station.core.cases import VERDICTS, BodyReading, Case
from station.core.commands import (
    AttachReading,
    CheckByHand,
    CloseCase,
    Command,
    HandOver,
    IsolateCase,
    RegisterCase,
    ResolveCase,
    RestTraveller,
    TakeBack,
    TypeReading,
)
from station.core.events import (
    BiasChanged,
    CaseChanged,
    CasePictured,
    CasePictureGone,
    CommandRefused,
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
from station.core.handhelds import TYPED, DeviceCheck
from station.core.lane_events import LaneFault, LaneFaultKind, LaneUpdate
from station.core.link_events import LinkChanged
from station.core.passages import Passage
from station.core.people import KIOSK, Person
from station.core.people_events import SessionChanged
from station.core.rights import may_give
from station.core.salvage import SalvageTold
from station.core.screening import Outcome
from station.core.threshold_change import ThresholdStanding
from station.core.threshold_commands import ThresholdTold
from station.core.trends import CameraTrend

_KEPT = 20
# Among the names of lanes, none of which is empty.
_LEDGER = ""


class Loss(StrEnum):
    """Why there is no station."""

    NO_ANSWER = "no_answer"
    """It does not run, or has ended."""
    AGAIN = "again"
    """It has ended several times within minutes: it will do so again."""
    OTHER_VERSION = "other_version"
    """It speaks another version than this kiosk."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the operator is: the kiosk comes back here after its own end or the station's."""

    case_id: UUID | None
    """The case chosen."""
    lane: str | None
    """The lane on show."""
    asking: UUID | None = None
    """The case whose questions are on show."""


class KioskModel:
    """Takes events in order; the views read it after each."""

    def __init__(self) -> None:
        self.flow = CaseFlow(policies=())
        self.cases: OrderedDict[UUID, Case] = OrderedDict()
        """Cases without a verdict."""
        self.going: OrderedDict[UUID, Case] = OrderedDict()
        """All cases in which something is left to do."""
        self.at: UUID | None = None
        """The case that the screen of cases is at."""
        self.to_register: UUID | None = None
        """The case whose questions come up next, because its second check has just ended."""
        self.asking: UUID | None = None
        """The case whose questions are on show."""
        self.is_interrupted = False
        """Whether the questions come up because the kiosk was started again amid them."""
        self._pictures: dict[UUID, CasePictured] = {}
        self.readings: deque[BodyReading] = deque(maxlen=_KEPT)
        self.by_hand: deque[Passage] = deque(maxlen=_KEPT)
        self.devices: OrderedDict[str, DeviceChanged] = OrderedDict()
        self.checks: dict[str, DeviceCheck] = {}
        self.lanes: OrderedDict[str, LaneUpdate] = OrderedDict()
        self.lane_faults: dict[str, LaneFaultKind] = {}
        self.link: LinkChanged | None = None
        self.bias: tuple[CameraBias, ...] = ()
        self.room: RoomChanged | None = None
        self.session: SessionChanged | None = None
        self.about: StationDescribed | None = None
        self.threshold: ThresholdStanding | None = None
        self.trends: dict[str, CameraTrend] = {}
        self.sources: dict[str, SourceChanged] = {}
        self.steady_c: float | None = None
        """What the latest source said that could be measured by, °C."""
        self.has_ledger_fault = False
        self.carried_percent: int | None = None
        self.faults: dict[str, str] = {}
        self.messages_lost = 0
        self.salvage: SalvageTold | None = None
        self.loss: Loss | None = None
        self.refused: CommandRefused | None = None
        self.is_unsure = False
        self.selected: UUID | None = None
        self.lane: str | None = None
        self._wanted = Place(None, None)
        self._sent: dict[UUID, Command] = {}

    def take(self, event: Event) -> None:
        """Keep what one event says."""
        match event:
            case LaneUpdate():
                self.lanes[event.lane] = event
                self.lane_faults.pop(event.lane, None)
                self.faults.pop(event.lane, None)
                self._take_lane(event.lane)
            case LaneFault():
                self.lane_faults[event.lane] = event.kind
                self.faults[event.lane] = event.text
                self._take_lane(event.lane)
            case CaseChanged(case):
                if event.command_id is not None:
                    self._sent.pop(event.command_id, None)
                self._take_case(case)
            case CasePictured():
                self._pictures[event.case_id] = event
            case CasePictureGone():
                self._pictures.pop(event.case_id, None)
            case HandheldRead(reading):
                self._take_reading(reading)
            case PassageRecorded(passage):
                self._take_passage(passage)
            case CommandRefused():
                # Another kiosk's refusals are not ours to show.
                if self._sent.pop(event.command_id, None) is not None:
                    self.refused = event
            case _:
                self._take_state(event)

    def renewed(self) -> "KioskModel":
        """Return what is still true after the station answers again; a snapshot follows."""
        fresh = KioskModel()
        fresh.selected, fresh.lane, fresh.refused = self.selected, self.lane, self.refused
        fresh.flow, fresh.at, fresh.about = self.flow, self.at, self.about
        fresh.asking = self.asking
        # The questions on show stay there themselves.
        fresh.go_back(replace(self.place(), asking=self._wanted.asking))
        fresh.is_unsure = self.is_unsure or bool(self._sent)
        return fresh

    def place(self) -> Place:
        """Return where the operator is, or is still to be brought back to."""
        return Place(
            self.selected or self._wanted.case_id,
            self.lane or self._wanted.lane,
            self.asking or self._wanted.asking,
        )

    def go_back(self, place: Place) -> None:
        """Bring the operator back to a place as soon as the station tells of it."""
        self._wanted = place

    def note_sent(self, command: Command) -> bool:
        """Remember a command until it is answered; False if the same one is under way."""
        if any(_wish(command) == _wish(other) for other in self._sent.values()):
            return False
        self._sent[command.command_id] = command
        return True

    def note_unsent(self, command: Command) -> None:
        """Say that a command may not have arrived."""
        self._sent.pop(command.command_id, None)
        self.is_unsure = True

    def dismiss(self) -> None:
        """Forget what was said about the last command."""
        self.refused, self.is_unsure = None, False

    @property
    def person(self) -> Person | None:
        """Who stands before the kiosk; None while it is locked."""
        if self.session is None or not self.session.is_required:
            return KIOSK
        return self.session.person

    def allows(self, kind: type[Command]) -> bool:
        """Whether who stands before the kiosk may give commands of this type."""
        return self.person is not None and may_give(kind, self.person.role)

    def may(self, kind: type[Command]) -> bool:
        """Whether a command of this type is worth asking: a station is there, the role suffices."""
        return self.loss is None and self.allows(kind)

    @property
    def is_simulated(self) -> bool:
        """Whether simulated devices stand in for real ones here."""
        return self.about is not None and self.about.is_simulated

    @property
    def is_guarded(self) -> bool:
        """Whether people sign in here."""
        return self.session is not None and self.session.is_required

    def lane_names(self) -> list[str]:
        """Return every lane heard of."""
        return sorted({*self.lanes, *self.lane_faults})

    def selected_case(self) -> Case | None:
        """Return the case that the operator is at, or None."""
        return self.cases.get(self.selected) if self.selected else None

    def picture(self, case_id: UUID, now: datetime) -> CasePictured | None:
        """Return the picture of a traveller who waits; one that has expired is forgotten.

        The kiosk looks at the time itself: with the station gone nobody tells it.
        """
        picture = self._pictures.get(case_id)
        if picture is not None and picture.expires_at <= now:
            del self._pictures[case_id]
            return None
        return picture

    def forget_pictures(self, now: datetime) -> None:
        """Forget every picture that has expired."""
        for case_id in list(self._pictures):
            self.picture(case_id, now)

    def oldest_first(self) -> list[Case]:
        """Return the waiting cases: flagged ones before doubtful ones, each oldest first."""
        return sorted(self.cases.values(), key=_urgency)

    def _take_state(self, event: Event) -> None:
        """Keep what holds for the whole station until it is told anew."""
        match event:
            case FlowAnnounced():
                self.flow = event.flow
            case LinkChanged():
                self.link = event
            case BiasChanged():
                self.bias = event.found
            case RoomChanged():
                self.room = event
                if event.command_id is not None:
                    self._sent.pop(event.command_id, None)
            case StationDescribed():
                self.about = event
            case SessionChanged():
                self.session = event
            case ThresholdTold() if event.command_id is None:
                self.threshold = event.standing
            case LedgerFault() | LedgerRecovered():
                self._take_ledger(event)
            case RecordsLost():
                self.messages_lost = event.messages
            case LedgerSalvaged():
                self.salvage = event.told
            case _:
                self._take_device(event)

    def _take_device(self, event: Event) -> None:
        """Keep what is known of the instruments."""
        match event:
            case DeviceChanged():
                self.devices[event.device_id] = event
            case DeviceChecked():
                self.checks[event.check.device_id] = event.check
            case TrendChanged(trend):
                self.trends[trend.camera_id] = trend
            case SourceChanged():
                self.sources[event.device_id] = event
                if event.is_stable and event.doubt is None:
                    self.steady_c = event.temperature_c
            case _:
                pass

    def _take_ledger(self, event: LedgerFault | LedgerRecovered) -> None:
        self.faults.pop(_LEDGER, None)
        self.has_ledger_fault = isinstance(event, LedgerFault)
        self.carried_percent = None
        if isinstance(event, LedgerFault):
            self.faults[_LEDGER] = event.text
            self.carried_percent = event.carried_percent

    def _take_lane(self, lane: str) -> None:
        self.lane = self.lane or lane
        if lane == self._wanted.lane:
            self._wanted = replace(self._wanted, lane=None)
            self.lane = lane

    def _take_case(self, case: Case) -> None:
        for cases, is_over in (
            (self.going, case.is_finished),
            (self.cases, case.state in VERDICTS),
        ):
            if is_over:
                cases.pop(case.case_id, None)
            else:
                cases[case.case_id] = case
        if self.at not in self.going:
            self.at = next(iter(self.going), None)
        if case.state in VERDICTS:
            self._pictures.pop(case.case_id, None)
        attached = {reading.reading_id for reading in case.readings}
        left = [r for r in self.readings if r.reading_id not in attached]
        self.readings = deque(left, maxlen=_KEPT)
        rest = [p for p in self.by_hand if p.passage_id != case.passage_id]
        self.by_hand = deque(rest, maxlen=_KEPT)
        about = {case.case_id, case.passage_id}
        self._sent = {key: sent for key, sent in self._sent.items() if _wish(sent)[0] not in about}
        if case.case_id == self._wanted.case_id:
            self._wanted = replace(self._wanted, case_id=None)
            self.selected = case.case_id
        if case.case_id == self._wanted.asking:
            self._wanted = replace(self._wanted, asking=None)
            if case.case_id in self.going and case.progress.registration is None:
                self.at = self.to_register = case.case_id
                self.is_interrupted = True
        if self.selected not in self.cases:
            self.selected = next((one.case_id for one in self.oldest_first()), None)

    def _take_reading(self, reading: BodyReading) -> None:
        if all(known.reading_id != reading.reading_id for known in self.readings):
            self.readings.append(reading)
        if reading.device_id == TYPED:
            answered = [key for key, sent in self._sent.items() if isinstance(sent, TypeReading)]
            for key in answered:
                del self._sent[key]

    def _take_passage(self, passage: Passage) -> None:
        is_known = any(known.passage_id == passage.passage_id for known in self.by_hand)
        if passage.needs_hand and not is_known:
            self.by_hand.append(passage)


def _urgency(case: Case) -> tuple[bool, datetime]:
    return case.screening.outcome is not Outcome.ABOVE, case.opened_at


def _wish(command: Command) -> tuple[UUID, str]:
    """Return what a command is about and what it wants; two touches in a row wish the same."""
    match command:
        case AttachReading():
            return command.case_id, str(command.reading_id)
        case ResolveCase():
            return command.case_id, command.verdict.value
        case CheckByHand():
            return command.passage_id, ""
        case HandOver():
            return UUID(int=command.case_number), command.step.value
        case RestTraveller() | RegisterCase() | IsolateCase() | CloseCase() | TakeBack():
            return command.case_id, type(command).__name__
        case _:
            return command.command_id, ""
