import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import create_engine

from station.core.cohort import CrowdWarning
from station.core.errors import KnownError
from station.core.ports import LedgerEntry
from station.core.report import Channel
from station.ledger.migrate import MIGRATIONS, migrate
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger
from station.ledger.tables import metadata

OLD = UUID(int=77)


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
    assert (done, version) == ([2, 3], len(MIGRATIONS) + 2)


def write_first_schema(path):
    """Leave a ledger as the first release wrote it, with one passage in it."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrate(connection, str(path), MIGRATIONS[:1])
        connection.exec_driver_sql(
            f"INSERT INTO passage VALUES ('{OLD.hex}', 'lane 1', 'camera-1', 7, "
            "'2026-11-24T12:00:00.000000Z', '2026-11-24T12:00:02.000000Z', 1, 9, 'healthy', 9, "
            "'below', 35.25, 0.2, 'inner_canthus', 9, 0.9, 0, '', 'policy')"
        )
    engine.dispose()


def test_a_ledger_of_the_first_release_opens_with_all_its_rows_and_takes_hints(path, making):
    write_first_schema(path)
    warned = replace(
        making.passage(making.BELOW),
        warning=CrowdWarning(0.95, 35.1, 0.3, 50),
        rest_until=making.NOON,
    )
    with SqlLedger(path) as ledger:
        old = ledger.passage(OLD)
        assert old.screening.measurement.skin_c == 35.25
        assert (old.warning, old.rest_until) == (None, None)
        ledger.record(LedgerEntry(passage=warned))
        ledger.record(making.flagged(ledger))
    with SqlLedger(path) as ledger:
        assert ledger.passage(warned.passage_id) == warned


def test_a_migrated_ledger_has_the_same_columns_rules_and_indexes_as_the_tables_say(path, tmp_path):
    write_first_schema(path)
    SqlLedger(path).close()
    declared = tmp_path / "declared.sqlite"
    engine = create_engine(f"sqlite:///{declared}")
    metadata.create_all(engine)
    engine.dispose()
    assert shape_of(path) == shape_of(declared)


def shape_of(path):
    """Return each table's columns, and how many checks and which indexes there are."""
    with closing(sqlite3.connect(path)) as raw:
        found = raw.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        tables = {name: sql for kind, name, sql in found if kind == "table"}
        columns = {
            name: [row[1:] for row in raw.execute(f"PRAGMA table_info({name})")] for name in tables
        }
    checks = {name: sql.count("CHECK") for name, sql in tables.items()}
    return columns, checks, sorted(name for kind, name, _ in found if kind == "index")


def test_messages_that_waited_before_the_fifth_step_still_go_by_the_topic_of_their_time(path):
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrate(connection, str(path), MIGRATIONS[:4])
        measured = "'above', 37.25, 0.2, 'inner_canthus', 9, 0.9, 0, '', 'policy'"
        columns = "outcome, skin_c, u_c, site, frame_count, mm_per_px, is_pre_screen, reasons"
        at = "'2026-11-24T12:00:00.000000Z'"
        connection.exec_driver_sql(
            "INSERT INTO passage (passage_id, lane, camera_id, traveller, first_at, last_at, "
            f"first_sequence, last_sequence, reference, facing_frames, {columns}, policy_id) "
            f"VALUES ('{OLD.hex}', '1', 'c', 7, {at}, {at}, 1, 9, 'healthy', 9, {measured})"
        )
        connection.exec_driver_sql(
            "INSERT INTO case_ (case_id, number, opened_at, lane, traveller, passage_id, state, "
            f"{columns}, policy_id) VALUES ('{OLD.hex}', 1, {at}, '1', 7, '{OLD.hex}', 'open', "
            f"{measured})"
        )
        connection.exec_driver_sql(
            "INSERT INTO outbox VALUES (7, ?, ?, 'flagged', ?, 3, '2026-11-24T12:00:00.000000Z', "
            "'waiting', NULL, NULL, x'ff00')",
            (OLD.hex, OLD.hex, OLD.hex),
        )
    engine.dispose()
    SqlLedger(path).close()
    with closing(SqlOutboxReader(path)) as reader:
        [item] = reader.waiting(10)
    assert (item.report_id, item.sequence, item.payload) == (OLD, 3, b"\xff\x00")
    assert (item.channel, item.case_id) == (Channel.ALERT, OLD)


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
