"""What is durable before it is in its tables."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from station.core.cohort import CrowdWarning
from station.core.errors import KnownError
from station.core.estimation import OralEstimate
from station.core.ports import LedgerEntry
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger
from station.ledger.trail_proof import verify


@pytest.fixture
def ledger(path):
    with SqlLedger(path) as opened:
        yield opened


class Killed(BaseException):
    """The station ends here."""


def take_in(ledger, entry):
    """Record a flag and end before it is filed, as kill -9 would."""

    def die():
        raise Killed

    with pytest.raises(Killed):
        ledger.record(entry, die)
    ledger._close()


def change(path, statement, *values):
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def test_a_flag_is_durable_first_and_seen_by_everybody_when_record_returns(ledger, making, path):
    with closing(SqlOutboxReader(path)) as reader:
        seen = []
        entry = making.flagged(ledger)
        ledger.record(entry, lambda: seen.append(reader.waiting(9)))
        assert seen == [()]
        assert reader.waiting(9) == entry.outbox
        assert change(path, "SELECT * FROM flag_intake") == []


def test_all_that_a_flag_holds_is_the_same_after_a_kill(path, making):
    ledger = SqlLedger(path)
    entry = making.flagged(ledger)
    measured = replace(
        entry.passage.screening.measurement,
        oral=OralEstimate(38.2, 0.21, is_above=True, frame_count=9, inferred=(), model="m"),
    )
    screening = replace(entry.passage.screening, measurement=measured)
    passage = replace(
        entry.passage,
        screening=screening,
        warning=CrowdWarning(0.9, 35.1, 0.31, 120),
        rest_until=making.NOON + timedelta(minutes=15),
    )
    entry = replace(entry, passage=passage, case=replace(entry.case, screening=screening))
    take_in(ledger, entry)
    with SqlLedger(path) as ledger:
        assert ledger.passage(passage.passage_id) == passage
        assert ledger.case(entry.case.case_id) == entry.case


def test_an_exercise_stays_one_whatever_the_next_start_is(path, making):
    ledger = SqlLedger(path, is_drill=True)
    take_in(ledger, making.flagged(ledger, is_drill=True))
    with SqlLedger(path) as ledger:
        assert ledger.unfinished_cases() == ()
    with SqlLedger(path, is_drill=True) as ledger:
        assert len(ledger.unfinished_cases()) == 1


def test_a_disk_that_fills_up_in_between_delays_a_flag_and_loses_nothing(
    ledger, making, path, monkeypatch
):
    monkeypatch.setattr(ledger._file, "committed", full)
    first, told = making.flagged(ledger), []
    ledger.record(first, lambda: told.append("durable"))
    with pytest.raises(KnownError, match="free space"):
        ledger.case(first.case.case_id)
    with pytest.raises(KnownError, match="free space"):
        ledger.record(LedgerEntry(passage=making.passage(making.BELOW)))
    second = making.flagged(ledger)
    ledger.record(second)
    monkeypatch.undo()
    assert ledger.case(first.case.case_id) == first.case
    with closing(SqlOutboxReader(path)) as reader:
        assert reader.waiting(9) == (*first.outbox, *second.outbox)
    assert (told, verify(path)) == (["durable"], None)


def full():
    error = sqlite3.OperationalError("full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise error


def test_a_flag_that_cannot_be_filed_is_kept_and_keeps_no_other_one_back(path, making, caplog):
    caplog.set_level("CRITICAL")
    ledger = SqlLedger(path)
    unreadable = making.flagged(ledger)
    take_in(ledger, unreadable)
    change(path, "UPDATE flag_intake SET entry = '{}' || entry")
    ledger = SqlLedger(path)
    lost = ledger.losses
    assert [(one.first, one.last) for one in lost] == [(1, 1)], "both ends are told of the gap"
    entry = making.flagged(ledger)
    ledger.record(entry)
    twice = replace(making.flagged(ledger), passage=entry.passage)
    twice = replace(twice, case=replace(twice.case, passage_id=entry.passage.passage_id))
    ledger.record(twice)
    after = making.flagged(ledger)
    ledger.record(after)
    with closing(SqlOutboxReader(path)) as reader:
        assert reader.waiting(9) == (*entry.outbox, *after.outbox)
    ledger.close()
    reasons = change(path, "SELECT reason FROM flag_intake ORDER BY position")
    assert ["Invalid JSON" in reasons[0][0], "UNIQUE" in reasons[1][0]] == [True, True]
    assert verify(path) is None
