"""The threshold: what a change would mean, two people, and the limits of the settings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from config.loader import load_settings
from station.core.audit import AuditKind
from station.core.cases import CaseRefused, CaseState, Refusal
from station.core.events import FlowAnnounced
from station.core.people import Person, Role
from station.core.ports import LedgerEntry
from station.core.screening import Outcome
from station.core.statistics import Share
from station.core.threshold_change import SecondCheck, forecast
from station.core.threshold_commands import (
    AskThreshold,
    ConfirmThreshold,
    ProposeThreshold,
    ThresholdTold,
    WithdrawThreshold,
)
from station.ledger.store import SqlLedger
from station.ledger.trail_proof import verify
from station.ledger.trail_rows import read_page
from station.runtime.case_settings import build_flow
from station.runtime.thresholds import ThresholdKeeper
from station.runtime.wiring import Station as RunningStation
from tests.ledger.making import ABOVE, NOON, flagged
from tests.support import FRAME, LIMITS, POLICY, FixedLocator, face, frame, lane

ID = UUID(int=1)
# Its 25 November begins at 10:00 of the 24th in UTC.
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")
WANG, LI = Person("Wang", Role.SHIFT_LEAD), Person("Li", Role.TECHNICIAN)
CHECKS = [
    SecondCheck(36.05, False),
    SecondCheck(36.3, False),
    SecondCheck(36.5, False),
    SecondCheck(36.3, True),
    SecondCheck(37.4, True),
]


def test_whoever_reaches_the_guard_band_is_stopped():
    told = forecast(CHECKS, 36.2, 0.2)
    assert (told.false_alarms, told.misses) == (Share(3, 3), Share(0, 2))


def test_a_higher_threshold_stops_fewer_and_misses_more():
    told = forecast(CHECKS, 36.6, 0.2)
    assert (told.false_alarms, told.misses) == (Share(1, 3), Share(1, 2))


@pytest.mark.parametrize(("count", "alarms", "misses"), [(9, False, False), (30, True, True)])
def test_too_few_second_checks_are_said_to_tell_nothing(count, alarms, misses):
    checks = [SecondCheck(36.5, is_febrile) for is_febrile in (False, True) for _ in range(count)]
    told = forecast(checks, 36.2, 0.2)
    assert (told.tells_false_alarms, told.tells_misses) == (alarms, misses)


class Station:
    """A ledger, the shipped settings, and what the lanes were told."""

    def __init__(self, path):
        self.ledger = SqlLedger(path)
        self.path = path
        self.settings = load_settings(None)
        self.time = NOON
        self.events, self.applied = [], []
        self.start()

    def start(self):
        self.keeper = ThresholdKeeper(
            self.ledger,
            self.settings,
            is_drill=False,
            clock=self,
            events=self,
            apply=lambda policies: self.applied.append(policies[0].skin_threshold_c),
        )
        self.keeper.start()

    def now(self):
        return self.time

    def monotonic_s(self):
        return 0.0

    def emit(self, event):
        self.events.append(event)

    def do(self, command, person=WANG):
        return self.keeper.answer(command, person).standing

    def refusal(self, command, person=WANG):
        with pytest.raises(CaseRefused) as refused:
            self.do(command, person)
        return refused.value.refusal

    def propose(self, threshold_c):
        return self.do(ProposeThreshold(ID, threshold_c)).proposal.proposal_id

    def check(self, skin_c, state):
        entry = flagged(self.ledger)
        screening = replace(ABOVE, measurement=replace(ABOVE.measurement, skin_c=skin_c))
        case = replace(entry.case, screening=screening, state=state)
        passage = replace(entry.passage, screening=screening)
        self.ledger.record(LedgerEntry(passage=passage, case=case, steps=entry.steps))

    def trail(self):
        with self.ledger.reading_rows() as connection:
            rows = read_page(connection, None, 100)
        return [r.entry for r in rows if r.entry.kind is AuditKind.THRESHOLD][::-1]


@pytest.fixture
def station(tmp_path):
    opened = Station(tmp_path / "ledger.sqlite")
    yield opened
    opened.ledger.close()


def test_two_people_change_the_threshold_and_the_lanes_compare_with_it(station):
    assert station.applied == [36.2]
    key = station.propose(36.4)
    assert station.applied[-1] == 36.2
    held = station.do(ConfirmThreshold(ID, key), LI)
    assert (held.in_force_c, held.changed_by, held.proposal) == (36.4, ("Wang", "Li"), None)
    assert station.applied[-1] == 36.4
    told = [event for event in station.events if isinstance(event, ThresholdTold)]
    assert told[-1].standing == held


def test_nobody_confirms_their_own_proposal(station):
    key = station.propose(36.4)
    assert station.refusal(ConfirmThreshold(ID, key), WANG) is Refusal.SAME_PERSON
    assert set(station.applied) == {36.2}


@pytest.mark.parametrize("threshold_c", [35.89, 36.51, 39.0, float("nan")])
def test_nobody_proposes_what_the_settings_do_not_allow(station, threshold_c):
    assert station.refusal(ProposeThreshold(ID, threshold_c)) is Refusal.THRESHOLD_RANGE
    assert station.trail() == []


def test_the_change_outlives_the_station(station):
    station.do(ConfirmThreshold(ID, station.propose(36.0)), LI)
    station.start()
    assert station.applied[-1] == 36.0


def test_settings_that_allow_it_no_longer_end_it(station):
    station.do(ConfirmThreshold(ID, station.propose(36.5)), LI)
    order = replace(station.settings.policies[0], skin_adjust_c=0.2)
    station.settings = replace(station.settings, policies=(order,))
    station.start()
    assert station.applied[-1] == 36.2


def test_another_threshold_of_the_order_ends_it(station):
    station.do(ConfirmThreshold(ID, station.propose(36.4)), LI)
    order = replace(station.settings.policies[0], skin_threshold_c=36.3)
    station.settings = replace(station.settings, policies=(order,))
    station.start()
    assert station.applied[-1] == 36.3


def test_a_later_proposal_and_a_withdrawal_end_the_one_before(station):
    first = station.propose(36.4)
    second = station.propose(36.3)
    assert station.refusal(ConfirmThreshold(ID, first), LI) is Refusal.NO_PROPOSAL
    assert station.do(WithdrawThreshold(ID, second), LI).proposal is None
    assert station.refusal(ConfirmThreshold(ID, second), LI) is Refusal.NO_PROPOSAL


def test_a_proposal_of_another_shift_cannot_be_confirmed(station):
    key = station.propose(36.4)
    station.time += timedelta(hours=13)
    assert station.refusal(ConfirmThreshold(ID, key), LI) is Refusal.NO_PROPOSAL


def test_the_outlook_counts_the_stations_own_second_checks(station):
    station.check(36.1, CaseState.CLEARED)
    station.check(36.3, CaseState.CONFIRMED)
    station.check(37.1, CaseState.CONFIRMED)
    station.check(37.1, CaseState.UNRESOLVED)
    told = station.keeper.answer(AskThreshold(ID, 36.5), WANG).outlook
    assert (told.now.false_alarms, told.now.misses) == (Share(1, 1), Share(0, 2))
    assert (told.then.false_alarms, told.then.misses) == (Share(0, 1), Share(0, 2))
    assert told.more_stopped == 0


def test_a_lower_threshold_would_stop_people_whom_nobody_has_checked(station):
    entry = flagged(station.ledger)
    below = replace(ABOVE, outcome=Outcome.BELOW)
    below = replace(below, measurement=replace(ABOVE.measurement, skin_c=35.85))
    station.ledger.record(LedgerEntry(passage=replace(entry.passage, screening=below)))
    assert station.keeper.answer(AskThreshold(ID, 36.0), WANG).outlook.more_stopped == 1


def test_the_trail_tells_who_and_what_they_saw_and_stays_whole(station):
    station.check(36.1, CaseState.CLEARED)
    station.do(ConfirmThreshold(ID, station.propose(36.5)), LI)
    proposed, confirmed = station.trail()
    assert (proposed.actor, confirmed.actor) == ("Wang", "Li")
    for word in ('"from_c":36.2', '"to_c":36.5', '"proposed_by":"Wang"', '"afebrile":1'):
        assert word in confirmed.details
    assert verify(station.path) is None


def test_a_lane_compares_with_another_threshold_from_the_next_frame_on():
    person = face(60, 60, 50)
    screened = lane(FixedLocator())
    outcomes = []
    for sequence in range(24):
        if sequence == 12:
            screened.set_policies([replace(POLICY, skin_threshold_c=30.0)])
        screened._locator.faces = (person,)
        step = screened.step(frame(sequence, faces=(person,)))
        outcomes += [f.screening.outcome for f in step.faces if f.screening]
    assert outcomes[0] is Outcome.REPEAT
    assert outcomes[-1] is Outcome.ABOVE


def test_the_case_flow_of_a_station_judges_by_what_two_people_confirmed(station, tmp_path):
    station.do(ConfirmThreshold(ID, station.propose(36.4)), LI)
    station.ledger.close()
    places = replace(station.settings.station, ledger_path=station.path)
    kiosk = replace(station.settings.kiosk, socket_path=tmp_path / "kiosk.sock")
    whole = RunningStation(replace(station.settings, station=places, kiosk=kiosk))
    whole.start()
    told = [event for event in whole.board.snapshot() if isinstance(event, FlowAnnounced)]
    whole.stop()
    assert told[-1].flow.policies[0].skin_threshold_c == 36.4


def test_a_new_order_takes_over_at_the_sites_midnight(station):
    order = station.settings.policies[0]
    new = replace(order, policy_id="new", valid_from=date(2026, 11, 25), skin_threshold_c=36.6)
    station.settings = replace(station.settings, policies=(order, new))
    station.time = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)
    station.start()
    assert station.do(AskThreshold(ID, None)).policy_id == order.policy_id
    station.time += timedelta(minutes=1)
    assert station.do(AskThreshold(ID, None)).policy_id == "new"
    assert build_flow(station.settings).policy(station.time).policy_id == "new"


def test_everybody_is_told_once_when_midnight_brings_another_order(station):
    order = station.settings.policies[0]
    new = replace(order, policy_id="new", valid_from=date(2026, 11, 25), skin_threshold_c=36.6)
    station.settings = replace(station.settings, policies=(order, new))
    station.time = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)
    station.start()
    station.events.clear()
    station.keeper.look()
    assert station.events == []
    station.time += timedelta(minutes=1)
    for _ in range(2):
        station.keeper.look()
    (told,) = station.events
    assert (told.standing.policy_id, told.standing.in_force_c) == ("new", 36.6)


def test_a_lane_applies_the_policy_of_the_sites_day():
    order = replace(POLICY, valid_from=date(2026, 11, 25), valid_until=None)
    for zone, outcomes in ((UTC, {Outcome.NOT_MEASURED}), (KIRITIMATI, {Outcome.REPEAT})):
        limits = replace(LIMITS, frame=replace(FRAME, zone=zone))
        person = face(60, 60, 50)
        screened = lane(FixedLocator(person), policies=(order,), limits=limits)
        seen = [screened.step(frame(i, faces=(person,))) for i in range(12)]
        ended = [one.passage for step in seen for one in step.ended]
        ended += [one.passage for one in screened.end()]
        assert {passage.screening.outcome for passage in ended} == outcomes
