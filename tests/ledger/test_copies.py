"""Copies of a ledger: sound, made beside a writer, put in place without losing the old one."""

import errno
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from station.core.errors import KnownError
from station.core.ports import LostNumbers
from station.ledger.copies import check_copy, copy_ledger, put_in_place
from station.ledger.migrate import MIGRATIONS
from station.ledger.store import SqlLedger

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


def change(path, statement, *values):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement, values)


def test_a_copy_is_made_while_the_station_writes(path, tmp_path, making):
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
        facts = copy_ledger(path, tmp_path / "copy")
        assert (facts.schema, facts.epoch) == (len(MIGRATIONS), ledger.epoch)
        assert facts.rows["case_"] == facts.rows["outbox"] == 1
        ledger.record(making.flagged(ledger))
    assert check_copy(tmp_path / "copy").rows["case_"] == 1


def test_a_copy_is_for_this_user_alone(path, tmp_path):
    SqlLedger(path).close()
    copy_ledger(path, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600


def test_a_restored_ledger_begins_a_new_epoch_and_the_old_one_is_kept(path, tmp_path, making):
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
        before = ledger.epoch
        copy_ledger(path, tmp_path / "copy")
        ledger.record(making.flagged(ledger))
    kept = put_in_place(tmp_path / "copy", path, NOW)
    assert check_copy(kept).rows["case_"] == 2
    with SqlLedger(path) as ledger:
        assert len(ledger.unfinished_cases()) == 1
        assert ledger.losses == (LostNumbers(before, 2, 2),)
        ledger.record(making.flagged(ledger))
        assert ledger.epoch != before
        assert ledger.next_sequence() == 1


def test_a_ledger_restored_on_another_disk_begins_a_new_epoch_at_once(path, tmp_path, making):
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
        before = ledger.epoch
        copy_ledger(path, tmp_path / "copy")
    elsewhere = tmp_path / "new.sqlite"
    put_in_place(tmp_path / "copy", elsewhere, NOW)
    with SqlLedger(elsewhere) as ledger:
        assert (ledger.losses, ledger.next_sequence()) == ((), 1)
        assert ledger.epoch != before


def test_a_ledger_that_was_killed_is_kept_with_what_its_log_held(path, tmp_path, making):
    ledger = SqlLedger(path)
    ledger.record(making.flagged(ledger))
    copy_ledger(path, tmp_path / "copy")
    ledger.record(making.flagged(ledger))
    # As kill -9 leaves it: the log is not in the file yet, and the lock is free.
    ledger._file.close()
    kept = put_in_place(tmp_path / "copy", path, NOW)
    assert check_copy(kept).rows["case_"] == 2


def test_nothing_is_put_under_a_running_station(path, tmp_path):
    with SqlLedger(path):
        copy_ledger(path, tmp_path / "copy")
        with pytest.raises(KnownError):
            put_in_place(tmp_path / "copy", path, NOW)


def test_a_newer_schema_is_refused(path, tmp_path):
    SqlLedger(path).close()
    copy_ledger(path, tmp_path / "copy")
    change(tmp_path / "copy", "UPDATE meta SET schema_version = ?", len(MIGRATIONS) + 1)
    with pytest.raises(KnownError, match="install the newer program"):
        check_copy(tmp_path / "copy")


def test_a_damaged_copy_is_refused(path, tmp_path, making):
    with SqlLedger(path) as ledger:
        for _ in range(30):
            ledger.record(making.flagged(ledger))
        copy_ledger(path, tmp_path / "copy")
    data = bytearray((tmp_path / "copy").read_bytes())
    data[len(data) // 2 : len(data) // 2 + 3000] = bytes(3000)
    (tmp_path / "copy").write_bytes(data)
    with pytest.raises(KnownError, match="damaged"):
        check_copy(tmp_path / "copy")


def test_a_copy_whose_rows_miss_each_other_is_refused(path, tmp_path, making):
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
        copy_ledger(path, tmp_path / "copy")
    change(tmp_path / "copy", "DELETE FROM passage")
    with pytest.raises(KnownError, match="rows miss each other"):
        check_copy(tmp_path / "copy")


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_what_is_no_ledger_is_refused(tmp_path, content):
    (tmp_path / "copy").write_bytes(content)
    with pytest.raises(KnownError):
        check_copy(tmp_path / "copy")


def test_a_ledger_that_is_not_there_is_told(path, tmp_path):
    with pytest.raises(KnownError, match="There is no ledger"):
        copy_ledger(path, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_copy_that_cannot_take_a_damaged_ledgers_place_leaves_the_station_able_to_start(
    path, tmp_path, making, monkeypatch
):
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
        copy_ledger(path, tmp_path / "copy")
    with path.open("r+b") as file:
        file.write(bytes(512))

    replace = os.replace

    def refuse(source, target):
        if source == tmp_path / "copy":
            raise OSError(errno.EIO, "Input/output error")
        replace(source, target)

    with monkeypatch.context() as patch, pytest.raises(KnownError, match="is still there"):
        patch.setattr("station.ledger.copies.os.replace", refuse)
        put_in_place(tmp_path / "copy", path, NOW)
    assert not path.exists()
    with SqlLedger(path, salvages=True) as ledger:
        assert len(ledger.unfinished_cases()) == 1
