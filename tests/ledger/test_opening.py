import os
import sqlite3

import pytest
from sqlalchemy import create_engine

from station.core.errors import KnownError
from station.ledger.migrate import MIGRATIONS, migrate
from station.ledger.store import SqlLedger, SqlOutboxReader


def test_numbers_and_epoch_go_on_after_a_clean_end(path, making):
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
        epoch = ledger.epoch
    with SqlLedger(path) as ledger:
        assert ledger.epoch == epoch
        assert (ledger.next_sequence(), ledger.next_case_number()) == (2, 2)


def test_closing_twice_is_safe(path):
    ledger = SqlLedger(path)
    ledger.close()
    ledger.close()


def test_a_newer_schema_is_refused_and_left_alone(path):
    SqlLedger(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE meta SET schema_version = 99")
    raw.close()
    with pytest.raises(KnownError, match=r"schema 99.*install the newer program"):
        SqlLedger(path)
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT schema_version, is_clean FROM meta").fetchone() == (99, 1)
    raw.close()


def test_an_older_schema_is_brought_up_to_date_step_by_step(path):
    SqlLedger(path).close()
    done = []
    later = (lambda connection: done.append(2), lambda connection: done.append(3))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrate(connection, str(path), (*MIGRATIONS, *later))
        version = connection.exec_driver_sql("SELECT schema_version FROM meta").scalar_one()
    engine.dispose()
    assert (done, version) == ([2, 3], 3)


def test_another_programs_database_is_refused(path):
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE contacts (name TEXT)")
    raw.close()
    with pytest.raises(KnownError, match="another program"):
        SqlLedger(path)


def test_a_file_that_is_no_database_is_refused(path):
    path.write_bytes(b"these are not the bytes of a database" * 100)
    with pytest.raises(KnownError, match="not a ledger"):
        SqlLedger(path)


def test_a_missing_folder_gives_one_sentence(tmp_path):
    with pytest.raises(KnownError, match=r"nowhere.*check that its folder exists"):
        SqlLedger(tmp_path / "nowhere" / "station.sqlite")


def test_a_reader_without_a_ledger_gives_one_sentence(path):
    with pytest.raises(KnownError, match="cannot be opened"):
        SqlOutboxReader(path).summary()


def test_a_folder_with_odd_characters_works(tmp_path):
    folder = tmp_path / "站 #1?a=b%20"
    folder.mkdir()
    with SqlLedger(folder / "station.sqlite"):
        assert sorted(os.listdir(folder))[0].startswith("station.sqlite")


def test_a_locked_ledger_gives_one_sentence(path, making, monkeypatch):
    monkeypatch.setattr("station.ledger.database._BUSY_TIMEOUT_S", 0.05)
    with SqlLedger(path) as ledger:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(KnownError, match="Another program holds the ledger"):
            ledger.record(making.flagged(ledger))
        other.execute("ROLLBACK")
        other.close()
        ledger.record(making.flagged(ledger))
        assert ledger.next_sequence() == 2
