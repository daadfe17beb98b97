"""The hand-over of a shift: the station's own figures, two people, one step of the trail."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from station.core.about import StationDescribed
from station.core.audit import AuditKind
from station.core.case_flow import CaseFlow
from station.core.cases import CaseRefused, CaseState, Refusal
from station.core.events import CaseChanged, DeviceChanged, DeviceChecked, DeviceState
from station.core.handhelds import CheckVerdict, DeviceCheck
from station.core.link_events import LinkChanged, LinkState
from station.core.people import KIOSK, Person, Role
from station.core.shift import LONGEST_NOTE, DeviceTrouble
from station.core.shift_commands import AskShift, OfferShift, TakeShift, WithdrawShift
from station.core.shift_matters import matters_of
from station.core.stages import CaseStage
from station.core.threshold_change import ThresholdStanding
from station.core.threshold_commands import ThresholdTold
from station.ledger.store import SqlLedger
from station.ledger.trail_proof import verify
from station.ledger.trail_rows import read_page
from station.runtime.board import Board
from station.runtime.shifts import ShiftKeeper
from tests.ledger.making import NOON, flagged
from tests.support import POLICY

ID = UUID(int=1)
FLOW = CaseFlow(policies=(POLICY,))
CHEN, LI = Person("Chen", Role.SHIFT_LEAD), Person("Li", Role.TECHNICIAN)


class Station:
    """A ledger, a board that knows what a station told, and the keeper."""

    def __init__(self, path, *, is_shared=True):
        self.path, self.time = path, NOON
        self.ledger = SqlLedger(path)
        self.board = Board()
        self.is_shared = is_shared
        self.start()

    def start(self):
        self.keeper = ShiftKeeper(
            self.ledger, lambda: FLOW, self.board.snapshot, is_shared=self.is_shared, clock=self
        )

    def now(self):
        return self.time

    def monotonic_s(self):
        return 0.0

    def do(self, command, person=CHEN):
        return self.keeper.answer(command, person).standing

    def refusal(self, command, person=CHEN):
        with pytest.raises(CaseRefused) as refused:
            self.do(command, person)
        return refused.value.refusal

    def offer(self, note=""):
        return self.do(OfferShift(ID, note)).offer.offer_id

    def case(self):
        case = replace(flagged(self.ledger).case, opened_at=NOON)
        self.board.emit(CaseChanged(case))
        return case

    def trail(self):
        with self.ledger.reading_rows() as connection:
            rows = read_page(connection, None, 100)
        return [r.entry for r in rows if r.entry.kind is AuditKind.SHIFT]


@pytest.fixture
def station(tmp_path):
    opened = Station(tmp_path / "ledger.sqlite")
    yield opened
    opened.ledger.close()


@pytest.fixture
def open_station(tmp_path):
    opened = Station(tmp_path / "ledger.sqlite", is_shared=False)
    yield opened
    opened.ledger.close()


def test_the_lead_who_comes_takes_over_and_one_step_tells_of_both(station):
    station.case()
    station.board.emit(LinkChanged(LinkState.OFFLINE, 2, NOON, 0, ""))
    key = station.offer("  Gate 3 is closed ")
    assert station.trail() == []
    # Only when it is taken over are the figures counted that the trail keeps.
    station.time += timedelta(minutes=3)
    station.case()
    latest = station.do(TakeShift(ID, key), LI).latest
    assert (latest.handed_by, latest.taken_by, latest.note) == ("Chen", "Li", "Gate 3 is closed")
    (entry,) = station.trail()
    told = json.loads(entry.details)
    assert (entry.actor, entry.subject, entry.at) == ("Li", "Chen", station.time)
    assert (told["open_cases"], told["late_cases"], told["waiting"]) == (2, 2, 2)
    assert verify(station.path) is None


def test_nobody_takes_over_from_themselves(station):
    key = station.offer()
    assert station.refusal(TakeShift(ID, key), CHEN) is Refusal.SAME_PERSON
    assert station.trail() == []
    assert station.do(AskShift(ID)).offer.by == "Chen"


def test_what_was_taken_over_or_taken_back_or_offered_anew_waits_no_more(station):
    taken = station.offer()
    station.do(TakeShift(ID, taken), LI)
    assert station.refusal(TakeShift(ID, taken), LI) is Refusal.NO_OFFER
    kept = station.offer()
    assert station.do(WithdrawShift(ID, kept)).offer is None
    assert station.refusal(WithdrawShift(ID, kept)) is Refusal.NO_OFFER
    first, _ = station.offer(), station.offer()
    assert station.refusal(TakeShift(ID, first), LI) is Refusal.NO_OFFER
    assert len(station.trail()) == 1


def test_a_hand_over_that_nobody_took_for_an_hour_is_over(station):
    key = station.offer()
    station.time += timedelta(minutes=61)
    assert station.do(AskShift(ID)).offer is None
    assert station.refusal(TakeShift(ID, key), LI) is Refusal.NO_OFFER


def test_without_accounts_it_is_one_persons_note_at_once(open_station):
    standing = open_station.do(OfferShift(ID, "All well"), KIOSK)
    assert standing.offer is None
    assert (standing.latest.handed_by, standing.latest.taken_by) == ("kiosk", "")
    assert len(open_station.trail()) == 1


def test_the_latest_hand_over_outlives_the_station(station):
    latest = station.do(TakeShift(ID, station.offer("104")), LI).latest
    station.start()
    assert station.do(AskShift(ID)).latest == latest


@pytest.mark.parametrize("note", ["x" * (LONGEST_NOTE + 1), "one\ntwo", "\x07"])
def test_a_note_is_one_short_line(station, note):
    assert station.refusal(OfferShift(ID, note)) is Refusal.OTHER
    assert station.do(AskShift(ID)).offer is None


def test_late_cases_come_first_and_closed_ones_not_at_all(station):
    early, late = station.case(), station.case()
    progress = replace(early.progress, closed_at=NOON)
    cleared = replace(early, state=CaseState.CLEARED, number=99, progress=progress)
    later = NOON + timedelta(minutes=2)
    events = [
        CaseChanged(replace(early, number=1, opened_at=later)),
        CaseChanged(replace(late, number=2)),
        CaseChanged(cleared),
    ]
    cases = matters_of(events, FLOW, later).cases
    assert [(case.number, case.stage, case.late_since) for case in cases] == [
        (2, CaseStage.READING, later),
        (1, CaseStage.READING, None),
    ]


def test_devices_in_doubt_or_lost_are_told_and_others_are_not():
    states = (DeviceState.READY, DeviceState.UNHEARD, DeviceState.DOUBTFUL, DeviceState.LOST)
    events = [DeviceChanged(state.value, NOON, state, "") for state in states]
    found = matters_of(events, FLOW, NOON).devices
    assert found == (DeviceTrouble("doubtful", False), DeviceTrouble("lost", True))


def test_a_thermometer_counts_as_checked_only_by_a_check_that_passed_and_holds():
    places = (), (0.02, 0.06), (0.3, 0.3, 0.8, 0.7)
    told = StationDescribed("s", "1", (), ("a", "b", "c", "d"), (), 37.0, 0.5, 0.1, *places, "")
    passed = DeviceCheck(ID, "a", NOON, "Chen", 37.0, (37.0,) * 3, 0.2, CheckVerdict.PASSED)
    failed = replace(passed, device_id="b", verdict=CheckVerdict.FAILED)
    old = replace(passed, device_id="c", at=NOON - timedelta(hours=25))
    events = [told, *(DeviceChecked(check) for check in (passed, failed, old))]
    assert matters_of(events, FLOW, NOON).unchecked == ("b", "c", "d")


@pytest.mark.parametrize(("in_force_c", "is_told"), [(36.2, False), (36.4, True)])
def test_the_threshold_is_told_if_people_changed_it(in_force_c, is_told):
    held = ThresholdStanding("order-7", 36.2, in_force_c, 35.9, 36.5)
    found = matters_of([ThresholdTold(held)], FLOW, NOON).threshold
    assert found == (held if is_told else None)
