"""What the thread that owns the ledger writes, tells and tries again."""

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from station.core.commands import CheckByHand, SendReport
from station.core.errors import KnownError
from station.core.events import (
    CaseChanged,
    CommandRefused,
    HandheldRead,
    LedgerFault,
    LedgerRecovered,
    PassageRecorded,
    RecordsLost,
)
from station.core.extraction import RejectReason
from station.core.lane_steps import EndedPassage
from station.core.link_events import DeliveryProgress, DeliveryStage, ReportMade
from station.core.ports import LostNumbers
from station.core.report import Channel
from station.core.screening import Outcome, not_measured
from station.ledger.damage import note_damage
from station.ledger.database import LedgerDamaged
from station.runtime.daily import DailyDue
from station.runtime.ledger_jobs import Delivered, Renew
from tests.support import NOON, POLICY, body_reading, screening
from tests.unit.records_making import Desk, ended, flag, passage, warned


@pytest.fixture
def desk(tmp_path):
    with closing(Desk(tmp_path / "ledger.sqlite")) as desk:
        yield desk


def test_a_flag_makes_passage_case_and_alert_durable_together(desk):
    desk.do(flag())
    (changed,) = desk.of(CaseChanged)
    (item,) = desk.outbox.waiting(10)
    assert desk.ledger.case(changed.case.case_id) == changed.case
    assert desk.ledger.passage(UUID(int=1)) is not None
    assert item.payload == b"flagged 1"
    assert desk.wake.is_set()
    assert len(desk.of(DeliveryProgress)) == 1


def test_the_days_figures_are_durable_once_and_then_sent(desk):
    walked = passage(screening(Outcome.BELOW, 35.0))
    earlier = replace(walked, last_at=NOON - timedelta(minutes=1))
    desk.do(EndedPassage(earlier, False, None), DailyDue(), DailyDue())
    [made] = desk.of(ReportMade)
    assert (made.figures.counts.screened, made.command_id) == (1, None)
    [item] = desk.outbox.waiting(10)
    assert (item.payload, item.case_id, item.channel) == (b"2026-11-24 1", None, Channel.REPORT)
    assert desk.wake.is_set()
    assert [told.kind for told in desk.of(DeliveryProgress)] == ["daily_report"]


def test_what_the_disk_lost_is_told_to_staff_and_the_cdc_sees_the_gap_at_once(desk, caplog):
    desk.do(flag(1), flag(2))
    lost = LostNumbers(desk.ledger.epoch, 2, 2)
    damaged = desk.make(WithLosses(desk.ledger, (lost,)))
    desk.events.clear()
    damaged.recall()
    damaged.drain()
    assert desk.of(RecordsLost) == [RecordsLost(NOON, 1)]
    assert "lost 1 messages" in caplog.text
    latest = desk.outbox.waiting(10)[-1]
    assert (latest.kind, latest.payload) == ("daily_report_asked", b"2026-11-24 0")


def test_figures_that_somebody_asks_for_answer_the_command(desk):
    desk.do(SendReport(UUID(int=5), date(2026, 11, 24)))
    assert [made.command_id for made in desk.of(ReportMade)] == [UUID(int=5)]
    desk.do(SendReport(UUID(int=6), date(2026, 11, 25)))
    [refused] = desk.of(CommandRefused)
    assert (refused.command_id, "has not begun" in refused.text) == (UUID(int=6), True)


def test_a_flagged_passage_is_not_recorded_twice_when_it_ends(desk):
    desk.do(flag(), ended(screening(), was_flagged=True))
    assert len(desk.of(PassageRecorded)) == 1


def test_a_traveller_below_is_a_row_and_no_case(desk):
    desk.do(ended(screening(Outcome.BELOW, 35.0)))
    assert len(desk.of(PassageRecorded)) == 1
    assert desk.of(CaseChanged) == []
    assert desk.outbox.summary().waiting == 0


def test_a_doubtful_traveller_gets_a_case_but_no_alert(desk):
    desk.do(ended(screening(Outcome.REPEAT, 36.1)))
    assert len(desk.of(CaseChanged)) == 1
    assert desk.outbox.summary().waiting == 0


def test_who_was_hot_but_is_flagged_only_on_leaving_gets_a_case_and_an_alert(desk):
    desk.do(ended(screening(Outcome.ABOVE, 36.9)))
    assert len(desk.of(CaseChanged)) == 1
    assert [item.kind for item in desk.outbox.waiting(10)] == ["flagged"]


def test_a_receipt_empties_the_outbox(desk):
    desk.do(flag())
    (item,) = desk.outbox.waiting(10)
    desk.do(Delivered((item.report_id,), NOON))
    assert desk.outbox.summary().waiting == 0


def test_receipts_that_wait_behind_each_other_are_marked_in_one_transaction(desk, monkeypatch):
    marked = []
    monkeypatch.setattr(desk.ledger, "mark_delivered", lambda ids, at: marked.append((ids, at)))
    first, second, third = (UUID(int=i) for i in range(3))
    desk.jobs.put(Delivered((first,), NOON))
    desk.jobs.put(Delivered((second,), NOON + timedelta(seconds=1)))
    desk.jobs.put(flag())
    desk.jobs.put(Delivered((third,), NOON + timedelta(seconds=2)))
    for _ in range(3):
        desk.keeper.step()
    assert marked == [
        ((first, second), NOON + timedelta(seconds=1)),
        ((third,), NOON + timedelta(seconds=2)),
    ]
    assert len(desk.outbox.waiting(10)) == 1


class WithLosses:
    def __init__(self, ledger, losses):
        self._ledger = ledger
        self.losses = losses

    def __getattr__(self, name):
        return getattr(self._ledger, name)


class FullDisk:
    """A ledger whose disk is full until told otherwise."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.is_full = True

    def __getattr__(self, name):
        return getattr(self.ledger, name)

    def record(self, entry, on_durable=lambda: None):
        if self.is_full:
            raise KnownError("The disk is full: free space.")
        self.ledger.record(entry, on_durable)


def test_a_full_disk_is_told_once_and_nothing_is_lost(desk, caplog):
    caplog.set_level("CRITICAL")
    disk = FullDisk(desk.ledger)
    desk.keeper = desk.make(disk)
    for number in (1, 2, 3):
        desk.jobs.put(flag(number))
    for _ in range(5):
        desk.keeper.step()
    assert len(desk.of(LedgerFault)) == 1
    disk.is_full = False
    assert desk.keeper.drain() == 0
    assert len(desk.of(LedgerRecovered)) == 1
    assert [item.payload for item in desk.outbox.waiting(9)] == [
        b"flagged 1",
        b"flagged 2",
        b"flagged 3",
    ]


class FilesLater:
    """A ledger whose disk takes a flag and is full before it is filed, until told otherwise."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.is_full = True

    def __getattr__(self, name):
        return getattr(self.ledger, name)

    def file_flags(self):
        if self.is_full:
            raise KnownError("The disk is full: free space.")


def test_a_flag_that_cannot_be_filed_yet_is_told_and_is_sent_as_soon_as_it_can(desk, caplog):
    caplog.set_level("CRITICAL")
    disk = FilesLater(desk.ledger)
    desk.keeper = desk.make(disk)
    desk.jobs.put(flag())
    desk.keeper.step()
    desk.keeper.step()
    assert [told.stage for told in desk.of(DeliveryProgress)] == [DeliveryStage.DURABLE]
    assert (len(desk.of(CaseChanged)), len(desk.of(LedgerFault))) == (1, 1)
    [offered] = desk.offered
    assert (offered.payload, desk.wake.is_set()) == (b"flagged 1", True)
    desk.wake.clear()
    disk.is_full = False
    desk.keeper.step()
    assert desk.wake.is_set(), "the outbox holds it only now"
    assert len(desk.of(LedgerRecovered)) == 1


def test_the_end_says_how_much_could_not_be_written(desk, caplog):
    caplog.set_level("CRITICAL")
    desk.keeper = desk.make(FullDisk(desk.ledger))
    for number in (1, 2, 3):
        desk.jobs.put(flag(number))
    assert desk.keeper.drain() == 3


def test_after_a_restart_the_kiosk_sees_open_cases_and_loose_readings(desk):
    desk.do(flag(), body_reading())
    desk.events.clear()
    desk.keeper.recall()
    assert len(desk.of(CaseChanged)) == 1
    assert len(desk.of(HandheldRead)) == 1


def test_a_warm_traveller_stays_below_and_is_kept_with_the_warning(desk):
    desk.do(EndedPassage(warned(), False, None))
    assert desk.of(CaseChanged) == []
    assert desk.ledger.passage(UUID(int=1)) == warned()
    assert desk.of(PassageRecorded)[0].passage == warned()


def test_after_a_restart_those_to_be_measured_are_still_called(desk):
    rested = replace(
        passage(not_measured((RejectReason.COLD_ARRIVAL,), POLICY), 1),
        rest_until=NOON + timedelta(minutes=5),
    )
    usual = passage(screening(Outcome.BELOW, 35.0), 3)
    gone = replace(rested, passage_id=UUID(int=4), last_at=NOON - timedelta(minutes=31))
    checked = replace(rested, passage_id=UUID(int=5))
    desk.do(*(EndedPassage(one, False, None) for one in (gone, rested, warned(2), usual, checked)))
    desk.do(CheckByHand(UUID(int=7), checked.passage_id))
    desk.events.clear()
    desk.keeper.recall()
    assert [event.passage for event in desk.of(PassageRecorded)] == [rested, warned(2)]


def test_a_flag_that_meets_a_damaged_ledger_is_durable_in_the_new_one(desk):
    desk.do(flag(1))
    desk.ledger._file.empty_log()
    with desk.path.open("r+b") as file:
        file.write(bytes(4096))
    note_damage(desk.path, "malformed")
    told = []
    keeper = desk.make(desk.ledger, on_renewed=lambda: told.append(desk.ledger.epoch))
    desk.jobs.put(Renew())
    desk.jobs.put(flag(2))
    keeper.drain()
    assert len(told) == 1
    assert len(desk.ledger.unfinished_cases()) == 2


def test_damage_that_the_ledger_meets_itself_renews_it_and_the_job_is_done_again(desk):
    class Malformed:
        """A ledger that finds itself damaged once."""

        def __init__(self, ledger):
            self._ledger, self.renewed = ledger, 0

        def __getattr__(self, name):
            return getattr(self._ledger, name)

        def record(self, entry, on_durable):
            if not self.renewed:
                raise LedgerDamaged("malformed")
            self._ledger.record(entry, on_durable)

        def renew(self):
            self.renewed += 1
            return True

    ledger = Malformed(desk.ledger)
    keeper = desk.make(ledger)
    desk.jobs.put(flag())
    keeper.step()
    keeper.step()
    assert ledger.renewed == 1
    assert len(desk.ledger.unfinished_cases()) == 1
    assert [type(one) for one in desk.events if isinstance(one, LedgerFault | LedgerRecovered)] == [
        LedgerFault,
        LedgerRecovered,
    ]
