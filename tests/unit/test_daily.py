from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from station.core.cases import CaseRefused, CaseState
from station.core.clock_quality import ClockQuality
from station.core.daily import (
    ASKED_KIND,
    DAILY_KIND,
    DailyFigures,
    DayCounts,
    days_due,
    latest_slot,
    local_day,
)
from station.core.ports import LedgerEntry
from station.core.report import Channel, Encoded
from station.core.screening import Outcome
from station.ledger.store import SqlLedger
from station.reporting.composing import encode_figures
from station.reporting.payload import PayloadError, decode_event
from station.reporting.topics import StationIdentity
from station.runtime.daily import DailyAlarm, DailyDue, DailyReporter, DailyTimes

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
HALF_PAST_TWO = time(14, 30)
TUESDAY = date(2026, 11, 24)
WHO = StationIdentity("000000", "hub", "station-1")


def shanghai(text):
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def due(last_sent, now):
    last = None if last_sent is None else shanghai(last_sent)
    return [day.day for day in days_due(last, shanghai(now), SHANGHAI, HALF_PAST_TWO)]


@pytest.mark.parametrize(
    ("last_sent", "now", "days"),
    [
        (None, "2026-11-24T08:00", []),
        (None, "2026-11-24T14:30", [24]),
        ("2026-11-23T14:30", "2026-11-24T14:29", []),
        ("2026-11-23T14:30", "2026-11-24T14:30", [23, 24]),
        ("2026-11-24T14:30", "2026-11-24T23:59", []),
        ("2026-11-23T14:30", "2026-11-24T19:00", [23, 24]),
        ("2026-11-23T14:30", "2026-11-25T07:00", [23, 24]),
        ("2026-11-25T07:00", "2026-11-25T14:30", [25]),
        ("2026-11-20T14:30", "2026-11-24T14:30", [20, 21, 22, 23, 24]),
    ],
    ids=[
        "a new station waits for its first slot",
        "its first day",
        "not yet",
        "yesterday as a whole and today so far",
        "once a day",
        "late is better than never",
        "missed yesterday, told in the morning",
        "and the day goes on",
        "days without a station are days, too",
    ],
)
def test_the_days_that_are_due(last_sent, now, days):
    assert due(last_sent, now) == days


def test_a_station_that_slept_for_a_year_reports_a_month():
    assert len(due("2025-11-24T14:30", "2026-11-24T14:30")) == 32


def test_a_slot_is_a_local_time_also_where_clocks_change():
    before = latest_slot(datetime(2026, 10, 24, 20, tzinfo=UTC), BERLIN, HALF_PAST_TWO)
    after = latest_slot(datetime(2026, 10, 25, 20, tzinfo=UTC), BERLIN, HALF_PAST_TWO)
    assert (before.hour, after.hour) == (12, 13)


def test_days_follow_each_other_without_gap_or_overlap_where_clocks_change():
    later = datetime(2027, 1, 1, tzinfo=UTC)
    days = [local_day(date(2026, 10, 24) + timedelta(days=n), BERLIN, later) for n in range(3)]
    assert [(day.until - day.since).total_seconds() / 3600 for day in days] == [24, 25, 24]
    assert days[0].until == days[1].since
    assert days[1].until == days[2].since


def test_a_day_that_is_not_over_is_cut_at_now_and_one_that_has_not_begun_is_none():
    now = shanghai("2026-11-24T14:30")
    day = local_day(TUESDAY, SHANGHAI, now)
    assert (day.since, day.until) == (shanghai("2026-11-24T00:00"), now)
    assert not day.is_complete
    with pytest.raises(ValueError, match="has not begun"):
        local_day(date(2026, 11, 25), SHANGHAI, now)


def test_counts_that_do_not_reconcile_are_refused():
    with pytest.raises(ValueError, match="add up"):
        DayCounts({Outcome.NOT_MEASURED: 2}, {"glasses": 1}, {})


class Desk:
    """A reporter on a real ledger, at a time of the test's own."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.time = shanghai("2026-11-24T14:30")
        self.numbers = count(1)
        self.reporter = DailyReporter(
            ledger,
            DailyTimes(SHANGHAI, HALF_PAST_TWO),
            encode=self._encode,
            clock=self,
            new_id=lambda: UUID(int=next(self.numbers)),
        )

    def now(self):
        return self.time

    def _encode(self, figures, event_id, at, epoch, sequence):
        payload = encode_figures(
            figures,
            "Asia/Shanghai",
            WHO,
            epoch,
            sequence,
            event_id=event_id,
            at=at,
            is_drill=False,
            clock=ClockQuality.SYNCHRONISED,
        )
        return Encoded(Channel.REPORT, payload)

    def send(self):
        _, items = self.reporter.due()
        self.ledger.record(LedgerEntry(outbox=items))
        return [decode_event(item.payload, item.channel).data for item in items]


@pytest.fixture
def desk(tmp_path):
    with closing(SqlLedger(tmp_path / "ledger.sqlite")) as ledger:
        yield Desk(ledger)


def test_a_day_without_anybody_is_reported_as_zero(desk):
    [data] = desk.send()
    assert (data.day, data.screened, data.cases.opened) == (TUESDAY, 0, 0)
    assert (data.since, data.until) == (shanghai("2026-11-24T00:00"), desk.time)


def test_a_report_is_sent_once_a_day_and_completes_the_day_before(desk):
    desk.send()
    assert desk.send() == []
    desk.time += timedelta(days=1)
    whole, so_far = desk.send()
    assert (whole.day, whole.is_complete, so_far.day.day) == (TUESDAY, True, 25)
    assert (whole.sequence, so_far.sequence) == (2, 3)


def test_a_report_that_somebody_asked_for_does_not_replace_the_daily_one(desk):
    _, [item] = desk.reporter.asked(TUESDAY)
    desk.ledger.record(LedgerEntry(outbox=(item,)))
    assert (item.kind, item.case_id) == (ASKED_KIND, None)
    assert len(desk.send()) == 1
    assert desk.ledger.latest_of_kind(DAILY_KIND, desk.time) == desk.time


def test_figures_sent_by_a_clock_that_was_a_year_ahead_do_not_silence_the_station(desk):
    desk.time += timedelta(days=365)
    desk.send()
    desk.time -= timedelta(days=365)
    [data] = desk.send()
    assert data.day == TUESDAY
    assert desk.send() == []
    desk.time += timedelta(days=1)
    assert len(desk.send()) == 2


def test_a_day_to_come_cannot_be_asked_for(desk):
    with pytest.raises(CaseRefused, match="has not begun"):
        desk.reporter.asked(date(2026, 11, 25))


def test_the_alarm_rings_at_the_start_and_at_each_slot():
    rung = []

    class Clock:
        time = shanghai("2026-11-24T08:00")

        def now(self):
            return self.time

    clock = Clock()
    times = DailyTimes(SHANGHAI, HALF_PAST_TWO)
    alarm = DailyAlarm(times, clock, rung.append, lambda seconds: False)
    for hours in (0, 0, 6, 0.5, 0, 23, 1):
        clock.time += timedelta(hours=hours)
        alarm.step()
    assert rung == [DailyDue()] * 3


def encoded(counts, *, is_drill=False):
    day = local_day(TUESDAY, SHANGHAI, shanghai("2026-11-25T00:00"))
    return encode_figures(
        DailyFigures(day, counts),
        "Asia/Shanghai",
        WHO,
        uuid4(),
        7,
        event_id=uuid4(),
        at=day.until,
        is_drill=is_drill,
        clock=ClockQuality.NOT_KNOWN,
    )


@pytest.mark.parametrize("is_drill", [False, True])
def test_every_figure_arrives(is_drill):
    outcomes = {Outcome.BELOW: 90, Outcome.ABOVE: 3, Outcome.REPEAT: 2, Outcome.NOT_MEASURED: 5}
    cases = {CaseState.CONFIRMED: 1, CaseState.CLEARED: 3, CaseState.OPEN: 1}
    raw = encoded(DayCounts(outcomes, {"glasses": 4, "too_far": 1}, cases), is_drill=is_drill)
    data = decode_event(raw, Channel.REPORT.for_drill(is_drill)).data
    assert (data.screened, data.below, data.above) == (100, 90, 3)
    assert (data.repeat, data.not_measured, data.is_complete) == (2, 5, True)
    assert {one.reason: one.count for one in data.not_measured_reasons} == {
        "glasses": 4,
        "too_far": 1,
    }
    assert (data.cases.opened, data.cases.confirmed, data.cases.closed) == (5, 1, 0)
    with pytest.raises(PayloadError, match="came by the topic"):
        decode_event(raw, Channel.REPORT.for_drill(not is_drill))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"screened":1', b'"screened":2'),
        (b'"not_measured":1', b'"not_measured":0'),
        (b'"opened":1', b'"opened":3'),
        (b'"count":1', b'"count":9'),
    ],
)
def test_sums_that_do_not_reconcile_are_refused_on_arrival(old, new):
    counts = DayCounts({Outcome.NOT_MEASURED: 1}, {"glasses": 1}, {CaseState.OPEN: 1})
    raw = encoded(counts)
    assert old in raw
    with pytest.raises(PayloadError):
        decode_event(raw.replace(old, new), Channel.REPORT)
