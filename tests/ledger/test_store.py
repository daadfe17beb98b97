import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest

from station.core.cases import CaseRefused, CaseState, TrustClass, open_case
from station.core.daily import DAILY_KIND
from station.core.errors import KnownError
from station.core.estimation import OralEstimate
from station.core.handhelds import CheckVerdict, DeviceCheck
from station.core.ports import Ledger, LedgerEntry, OutboxReader
from station.core.report import Channel
from station.core.screening import Outcome
from station.core.second_check import attach_reading
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger

# What the ledger waits for another program, seconds.
PATIENCE_S = 5.0


@pytest.fixture
def ledger(path):
    with SqlLedger(path) as opened:
        yield opened


@pytest.fixture
def reader(path, ledger):
    opened = SqlOutboxReader(path)
    yield opened
    opened.close()


def test_the_stores_fit_the_ports(ledger, reader):
    as_ledger: Ledger = ledger
    as_reader: OutboxReader = reader
    assert as_ledger.next_sequence() == 1
    assert as_reader.summary().waiting == 0


def test_what_is_recorded_comes_back_equal(ledger, making):
    entry = making.flagged(ledger)
    ledger.record(entry)
    assert ledger.passage(entry.passage.passage_id) == entry.passage
    assert ledger.case(entry.case.case_id) == entry.case
    assert ledger.unfinished_cases() == (entry.case,)


def test_doubt_comes_back_with_its_reasons_in_order(ledger, making):
    walked = making.passage(making.DOUBT)
    ledger.record(LedgerEntry(passage=walked))
    assert ledger.passage(walked.passage_id) == walked


def test_a_time_comes_back_aware_and_to_the_microsecond(ledger, making):
    walked = making.passage()
    ledger.record(LedgerEntry(passage=walked))
    again = ledger.passage(walked.passage_id)
    assert again.first_at == making.NOON
    assert again.first_at.tzinfo is UTC


@pytest.mark.parametrize(
    "at",
    [datetime(2026, 11, 24), datetime(2026, 11, 24, tzinfo=timezone(timedelta(hours=8)))],
    ids=["naive", "not UTC"],
)
def test_a_time_that_is_not_utc_is_refused(ledger, making, at):
    walked = replace(making.passage(), first_at=at)
    with pytest.raises(Exception, match="not an aware UTC time"):
        ledger.record(LedgerEntry(passage=walked))
    assert ledger.passage(walked.passage_id) is None


def test_a_reading_is_stored_when_received_and_attached_later(ledger, making):
    entry, reading = making.flagged(ledger), making.reading()
    ledger.record(entry)
    ledger.record(LedgerEntry(reading=reading))
    assert ledger.unattached_readings(making.NOON) == (reading,)
    case, step = attach_reading(entry.case, reading, actor="operator", at=making.NOON)
    ledger.record(LedgerEntry(case=case, steps=(step,)))
    assert ledger.unattached_readings(making.NOON) == ()
    assert ledger.case(case.case_id) == case
    assert ledger.reading(reading.reading_id) == case.readings[0]


def test_readings_older_than_asked_for_are_left_out(ledger, making):
    ledger.record(LedgerEntry(reading=making.reading()))
    assert ledger.unattached_readings(making.NOON + timedelta(hours=1)) == ()


def test_a_reading_of_one_case_cannot_go_to_another(ledger, making):
    first, second, reading = making.flagged(ledger), None, making.reading()
    ledger.record(first)
    second = making.flagged(ledger)
    ledger.record(second)
    ledger.record(LedgerEntry(reading=reading))
    case, step = attach_reading(first.case, reading, actor="operator", at=making.NOON)
    ledger.record(LedgerEntry(case=case, steps=(step,)))
    other, step = attach_reading(second.case, reading, actor="operator", at=making.NOON)
    with pytest.raises(CaseRefused, match="belongs to another case"):
        ledger.record(LedgerEntry(case=other, steps=(step,)))
    assert ledger.case(other.case_id).state is CaseState.OPEN


def test_sequence_and_case_numbers_have_no_gap_after_a_failed_write(ledger, making):
    entry = making.flagged(ledger)
    with pytest.raises(sqlite3.IntegrityError):
        # The passage that the case refers to is missing: foreign keys are on.
        ledger.record(replace(entry, passage=None))
    assert (ledger.next_sequence(), ledger.next_case_number()) == (1, 1)
    assert ledger.case(entry.case.case_id) is None
    ledger.record(entry)
    assert (ledger.next_sequence(), ledger.next_case_number()) == (2, 2)


def test_an_item_with_a_wrong_number_is_refused(ledger, making):
    entry = making.flagged(ledger)
    wrong = replace(entry.outbox[0], sequence=5)
    with pytest.raises(ValueError, match="next numbers"):
        ledger.record(replace(entry, outbox=(wrong,)))


def test_the_outbox_gives_the_oldest_first_and_those_behind_a_position(ledger, reader, making):
    items = []
    for _ in range(4):
        entry = making.flagged(ledger)
        ledger.record(entry)
        items += entry.outbox
    assert reader.waiting(2) == tuple(items[:2])
    first, second = reader.waiting(2)
    assert reader.waiting(9, first.position) == tuple(items[1:])
    ledger.mark_delivered([items[2].report_id], making.NOON)
    assert reader.waiting(9, second.position) == (items[3],)
    summary = reader.summary()
    assert (summary.waiting, summary.oldest_waiting_at) == (3, making.NOON)


def test_a_receipt_or_rejection_takes_a_message_out_of_the_outbox(ledger, reader, making):
    items = []
    for _ in range(3):
        entry = making.flagged(ledger)
        ledger.record(entry)
        items += entry.outbox
    ledger.mark_delivered([items[0].report_id, uuid4()], making.NOON)
    ledger.mark_delivered([items[0].report_id], making.NOON)
    ledger.mark_rejected(items[1].report_id, "faulty", making.NOON)
    ledger.mark_rejected(items[0].report_id, "too late", making.NOON)
    assert reader.waiting(9) == (items[2],)
    summary = reader.summary()
    assert (summary.waiting, summary.set_aside) == (1, 1)


def test_the_log_is_emptied_with_a_receipt_and_not_in_the_middle_of_a_flag(
    ledger, making, path, tmp_path
):
    for _ in range(26):
        entry = making.flagged(ledger)
        ledger.record(entry)

    def cases_in_the_file_alone():
        copy = tmp_path / "copy.sqlite"
        copy.write_bytes(path.read_bytes())
        with closing(sqlite3.connect(copy)) as opened:
            return opened.execute("SELECT count(*) FROM case_").fetchone()[0]

    assert cases_in_the_file_alone() == 0
    ledger.mark_delivered([entry.outbox[0].report_id], making.NOON)
    assert cases_in_the_file_alone() == 26
    # What stayed of it, and were damaged, would put older pages back into the file.
    assert path.with_name(f"{path.name}-wal").stat().st_size == 0


def test_a_log_that_somebody_reads_is_emptied_later_and_nobody_waits_for_it(
    ledger, reader, making, path
):
    for _ in range(26):
        ledger.record(making.flagged(ledger))
    wal = path.with_name(f"{path.name}-wal")
    items = reader.waiting(30)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM case_").fetchone()[0] == 26
        ledger.record(making.flagged(ledger))
        began_s = time.monotonic()
        ledger.mark_delivered([items[0].report_id], making.NOON)
        assert time.monotonic() - began_s < PATIENCE_S, "it must not wait for the reader"
        assert wal.stat().st_size > 0
    for _ in range(25):
        ledger.record(making.flagged(ledger))
    ledger.mark_delivered([items[1].report_id], making.NOON)
    assert wal.stat().st_size == 0


def test_the_audit_trail_cannot_be_changed(ledger, making, path):
    ledger.record(making.flagged(ledger))
    other = sqlite3.connect(path)
    for change in ("UPDATE case_step SET actor = 'nobody'", "DELETE FROM case_step"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            other.execute(change)
    other.close()


def test_an_outcome_that_nobody_knows_cannot_be_stored(ledger, path):
    other = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="outcome_is_known"):
        other.execute(
            "INSERT INTO passage VALUES ('1', 'l', 'c', 1, 't', 't', 1, 1, 'healthy', 9, "
            "'pass', 1, 1, 's', 1, 1, 0, '', ''" + ", NULL" * 11 + ", 0)"
        )
    other.close()


def test_a_second_station_on_the_same_ledger_is_refused(ledger, path):
    with pytest.raises(KnownError, match="Another station uses the ledger"):
        SqlLedger(path)


def test_the_outbox_finds_items_by_number_whatever_became_of_them(ledger, reader, making):
    items = []
    for _ in range(5):
        entry = making.flagged(ledger)
        ledger.record(entry)
        items += entry.outbox
    ledger.mark_delivered([items[1].report_id], making.NOON)
    ledger.mark_rejected(items[2].report_id, "faulty", making.NOON)
    assert reader.numbered(ledger.epoch, 2, 4, 9) == tuple(items[1:4])
    assert reader.numbered(ledger.epoch, 2, 4, 2) == tuple(items[1:3])
    assert reader.numbered(uuid4(), 1, 9, 9) == ()


def test_the_reader_cannot_write(ledger, reader):
    with pytest.raises(Exception, match=r"readonly|read-only|query_only"):
        reader._rows("DELETE FROM outbox")


def test_an_oral_estimate_comes_back_with_passage_and_case(ledger, making):
    oral = OralEstimate(37.94, 0.24, True, 9, ("forehead_ext_max_c", "distance_m"), "oral 1")
    measured = replace(making.ABOVE.measurement, oral=oral)
    screening = replace(making.ABOVE, measurement=measured)
    passage = making.passage(screening)
    case, _ = open_case(
        case_id=uuid4(),
        number=1,
        opened_at=making.NOON,
        lane=passage.lane,
        traveller=passage.traveller,
        passage_id=passage.passage_id,
        screening=screening,
        point=None,
    )
    ledger.record(LedgerEntry(passage=passage, case=case))
    assert ledger.passage(passage.passage_id).screening == screening
    assert ledger.case(case.case_id).screening == screening


def test_a_reading_comes_back_with_its_kind_of_thermometer(ledger, making):
    taken = replace(making.reading(), trust=TrustClass.TYMPANIC)
    ledger.record(LedgerEntry(reading=taken))
    assert ledger.reading(taken.reading_id) == taken


def test_each_thermometers_latest_daily_check_is_found(ledger, making):
    def check(device_id, minutes, shown_c):
        at = making.NOON + timedelta(minutes=minutes)
        verdict = CheckVerdict.PASSED if shown_c < 37.4 else CheckVerdict.FAILED
        return DeviceCheck(uuid4(), device_id, at, "li", 37.0, (37.0, shown_c), 0.3, verdict)

    early, late = check("gun-1", 0, 37.1), check("gun-1", 5, 37.5)
    other, old = check("gun-2", 2, 37.2), check("gun-3", -60, 37.0)
    for one in (late, early, other, old):
        ledger.record(LedgerEntry(check=one))
    assert set(ledger.latest_checks(making.NOON)) == {late, other}


def test_a_day_is_counted_from_its_first_moment_to_the_one_before_its_end(path, making):
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
        for screening in (making.BELOW, making.DOUBT, making.DOUBT):
            ledger.record(LedgerEntry(passage=making.passage(screening)))
        walked_at, opened_at = making.NOON + timedelta(seconds=2), making.NOON
        moment = timedelta(microseconds=1)
        whole = ledger.day_counts(opened_at, walked_at + moment)
        assert whole.outcomes == {
            Outcome.BELOW: 1,
            Outcome.ABOVE: 1,
            Outcome.REPEAT: 0,
            Outcome.NOT_MEASURED: 2,
        }
        assert whole.reasons == {"covered_eyes": 2}
        assert {state: n for state, n in whole.cases.items() if n} == {CaseState.OPEN: 1}
        assert ledger.day_counts(walked_at + moment, walked_at + 2 * moment).screened == 0
        assert ledger.day_counts(opened_at, walked_at).screened == 0
        assert sum(ledger.day_counts(opened_at + moment, walked_at).cases.values()) == 0


def test_what_an_exercise_left_is_seen_by_exercises_alone(path, making):
    with SqlLedger(path, is_drill=True) as ledger:
        entry = making.flagged(ledger, is_drill=True)
        report = replace(entry.outbox[0], report_id=uuid4(), sequence=2, case_id=None)
        report = replace(report, channel=Channel.DRILL_REPORT, kind=DAILY_KIND)
        ledger.record(replace(entry, outbox=(*entry.outbox, report)))
        ledger.record(LedgerEntry(passage=making.passage(making.DOUBT)))
    seen = {}
    for is_drill in (True, False):
        with SqlLedger(path, is_drill=is_drill) as ledger:
            seen[is_drill] = (
                len(ledger.unfinished_cases()),
                ledger.case(entry.case.case_id) is not None,
                ledger.case_numbered(1) is not None,
                ledger.passage(entry.passage.passage_id) is not None,
                len(ledger.passages_by_hand(making.NOON)),
                ledger.day_counts(making.NOON, making.NOON + timedelta(days=1)).screened,
                sum(ledger.day_counts(making.NOON, making.NOON + timedelta(days=1)).cases.values()),
                ledger.latest_of_kind(DAILY_KIND, making.NOON + timedelta(days=1)) is not None,
            )
            assert ledger.next_case_number() == 2, "numbers are not given twice"
    assert seen[True] == (1, True, True, True, 1, 2, 1, True)
    assert seen[False] == (0, False, False, False, 0, 0, 0, False)
