"""The page's figures are what a plain count of every row gives, in the days of the station."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from station.core.cases import CaseState, ClearCause, Progress
from station.core.ports import LedgerEntry
from station.core.screening import Outcome
from station.core.search import PassageFilter
from station.core.statistics import Share
from station.ledger.reader import LedgerReader
from station.ledger.store import SqlLedger
from tests.benchmarks.big_ledger import LAST_DAY, build

BEIJING, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
END = LAST_DAY + timedelta(hours=16)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("built") / "station.sqlite"
    # 17 busy hours of 300 make a day: two days and a few hours.
    build(path, 11_000)
    return path


def counted(path, since, camera_id=None, *, until=END, zone=BEIJING, is_drill=False):
    with LedgerReader(path, is_drill=is_drill) as reader:
        return reader.statistics(since, until, camera_id, zone)


def rows(path, since, camera_id=None):
    found, after = [], None
    with LedgerReader(path) as reader:
        while True:
            page, after = reader.page(
                PassageFilter(since=since, until=END, camera_id=camera_id), 200, after
            )
            found += page
            if after is None:
                return found


@pytest.mark.parametrize("camera_id", [None, "camera-4"])
@pytest.mark.parametrize("since", [None, END - timedelta(days=1), END - timedelta(days=2)])
def test_the_figures_are_those_of_a_plain_count(built, since, camera_id):
    made, every = counted(built, since, camera_id), rows(built, since, camera_id)
    outcomes = Counter(one.passage.screening.outcome for one in every)
    assert made.outcomes() == {outcome: outcomes[outcome] for outcome in Outcome}
    reasons = Counter(one.passage.screening.reasons[0].value for one in every if is_doubt(one))
    assert made.reasons == reasons
    assert list(made.reasons.values()) == sorted(reasons.values(), reverse=True)
    bars = Counter(int(skin(one) * 10) for one in every if not is_doubt(one))
    assert {round(bar.lowest_c * 10): bar.number for bar in made.skin} == bars
    verdicts = Counter(one.case.verdict or CaseState.OPEN for one in every if one.case)
    assert made.verdicts() == verdicts
    flags = [one.case.verdict for one in every if one.case and is_above(one)]
    cleared, confirmed = flags.count(CaseState.CLEARED), flags.count(CaseState.CONFIRMED)
    assert made.false_alarms() == Share(cleared, cleared + confirmed)
    assert made.cameras == tuple(f"camera-{i}" for i in range(1, 5))


def test_false_alarms_are_told_by_camera_and_by_local_hour(built):
    made = counted(built, None)
    by_camera = [made.false_alarms(camera_id=name) for name in made.cameras]
    assert sum(share.whole for share in by_camera) == made.false_alarms().whole
    by_hour = {hour: made.false_alarms(hour=hour) for hour in range(24)}
    expected = Counter(
        one.passage.last_at.astimezone(BEIJING).hour
        for one in rows(built, None)
        if one.case and is_above(one) and one.case.verdict is CaseState.CLEARED
    )
    assert {hour: share.part for hour, share in by_hour.items() if share.part} == expected


def test_two_days_are_counted_by_hours_and_more_by_days(built):
    hourly = counted(built, END - timedelta(days=2))
    assert (hourly.is_hourly, len(hourly.times)) == (True, 48)
    daily = counted(built, END - timedelta(days=3))
    assert (daily.is_hourly, len(daily.times)) == (False, 3)
    assert [time.since.astimezone(BEIJING).hour for time in daily.times] == [0, 0, 0]
    last_day = sum(time.screened for time in hourly.times[24:])
    assert daily.times[-1].screened == last_day


def test_days_without_anybody_are_zeros(path, making):
    with SqlLedger(path) as ledger:
        ledger.record(LedgerEntry(passage=making.passage(making.DOUBT)))
    since = datetime(2026, 11, 20, 16, tzinfo=UTC)
    made = counted(path, since, until=datetime(2026, 11, 25, 16, tzinfo=UTC))
    assert [time.screened for time in made.times] == [0, 0, 0, 1, 0]


def test_a_ledger_without_anybody_has_figures_too(path):
    SqlLedger(path).close()
    made = counted(path, None)
    assert (made.outcomes(), made.skin, made.checks) == (dict.fromkeys(Outcome, 0), (), ())
    assert made.false_alarms().value is None


def test_the_day_on_which_clocks_change_has_its_own_length(path, making):
    """In Berlin the 25th of October 2026 has 25 hours; 23:30 belongs to it, 00:30 does not."""
    late = datetime(2026, 10, 25, 22, 30, tzinfo=UTC)
    with SqlLedger(path) as ledger:
        for at in (late, late + timedelta(hours=1)):
            walked = replace(making.passage(making.DOUBT), first_at=at, last_at=at)
            ledger.record(LedgerEntry(passage=walked))
    since, until = datetime(2026, 10, 23, 22, tzinfo=UTC), datetime(2026, 10, 26, 23, tzinfo=UTC)
    made = counted(path, since, until=until, zone=BERLIN)
    assert [time.screened for time in made.times] == [0, 1, 1]
    assert [time.since.astimezone(BERLIN).day for time in made.times] == [24, 25, 26]


def test_an_exercise_is_counted_by_itself(path, making):
    with SqlLedger(path, is_drill=True) as ledger:
        ledger.record(making.flagged(ledger, is_drill=True))
    assert sum(counted(path, None).outcomes().values()) == 0
    assert sum(counted(path, None, is_drill=True).outcomes().values()) == 1


def test_a_case_of_a_lane_without_passages_in_the_stretch_is_told_by_its_lane(path, making):
    with SqlLedger(path) as ledger:
        entry = making.flagged(ledger)
        late = replace(entry.case, opened_at=making.NOON + timedelta(hours=3))
        ledger.record(replace(entry, case=late))
    made = counted(path, making.NOON + timedelta(hours=2))
    assert [one.camera_id for one in made.checks] == ["lane 1"]
    assert made.verdicts() == {CaseState.OPEN: 1}


def test_open_and_unclear_cases_are_neither_false_alarms_nor_true_ones(path, making):
    with SqlLedger(path) as ledger:
        for state in (CaseState.CLEARED, CaseState.UNRESOLVED, CaseState.OPEN, CaseState.CONFIRMED):
            entry = making.flagged(ledger, report_id=uuid4())
            ledger.record(entry)
            case = replace(entry.case, state=state)
            ledger.record(LedgerEntry(case=case, steps=(replace(entry.steps[0], state=state),)))
    assert counted(path, None).false_alarms() == Share(1, 2)


def test_causes_are_counted_of_the_cleared_alone(path, making):
    ended = (
        (CaseState.CLEARED, ClearCause.EXERTION),
        (CaseState.CLEARED, ClearCause.HOT_DRINK),
        (CaseState.CLEARED, ClearCause.HOT_DRINK),
        (CaseState.CONFIRMED, ""),
    )
    with SqlLedger(path) as ledger:
        for state, cause in ended:
            record_ended(ledger, making, state, cause)
    made = counted(path, None)
    assert list(made.causes.items()) == [(ClearCause.HOT_DRINK, 2), (ClearCause.EXERTION, 1)]
    assert made.false_alarms() == Share(3, 4)


def test_a_closed_case_keeps_its_verdict_and_one_taken_back_waits_again(path, making):
    with SqlLedger(path) as ledger:
        record_ended(ledger, making, CaseState.CLEARED, ClearCause.CAMERA, closed_at=making.NOON)
        taken_back = record_ended(ledger, making, CaseState.CLEARED, ClearCause.CAMERA)
        again = replace(taken_back, state=CaseState.OPEN, progress=Progress())
        entry = LedgerEntry(case=again)
        ledger.record(entry)
    made = counted(path, None)
    assert made.verdicts() == {CaseState.CLEARED: 1, CaseState.OPEN: 1}
    assert made.causes == {ClearCause.CAMERA: 1}


def record_ended(ledger, making, state, cause, *, closed_at=None):
    entry = making.flagged(ledger, report_id=uuid4())
    ledger.record(entry)
    progress = Progress(verdict_at=making.NOON, cause=cause, closed_at=closed_at)
    case = replace(entry.case, state=state, progress=progress)
    ledger.record(LedgerEntry(case=case, steps=(replace(entry.steps[0], state=state),)))
    return case


def is_doubt(one):
    return one.passage.screening.outcome is Outcome.NOT_MEASURED


def is_above(one):
    return one.passage.screening.outcome is Outcome.ABOVE


def skin(one):
    return one.passage.screening.measurement.skin_c
