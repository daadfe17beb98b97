"""Inboxes of every age come to the same tables."""

import sqlite3
from contextlib import closing
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from station.cdc.database import parse_where
from station.cdc.store import InboxStore, _alert_values
from station.cdc.tables import REVISION_TABLE, account, metadata
from station.core.errors import KnownError

# As the program of schema 1 made it, with one row of each.
SCHEMA_1 = """
CREATE TABLE alert (position INTEGER NOT NULL, report_id VARCHAR(36) NOT NULL,
    region VARCHAR NOT NULL, site VARCHAR NOT NULL, station VARCHAR NOT NULL,
    epoch VARCHAR(36) NOT NULL, sequence INTEGER NOT NULL, is_drill BOOLEAN NOT NULL,
    kind VARCHAR NOT NULL, case_id VARCHAR(36) NOT NULL, case_number INTEGER NOT NULL,
    case_state VARCHAR NOT NULL, lane VARCHAR NOT NULL, outcome VARCHAR NOT NULL,
    skin_surface_temperature_c FLOAT, body_temperature_c FLOAT, flagged_at VARCHAR NOT NULL,
    reported_at VARCHAR NOT NULL, received_at VARCHAR NOT NULL, raw BLOB NOT NULL,
    PRIMARY KEY (position), UNIQUE (report_id));
CREATE INDEX ix_alert_case_id ON alert (case_id);
CREATE INDEX alert_order ON alert (region, site, station, epoch, sequence);
CREATE TABLE newer (position INTEGER NOT NULL, report_id VARCHAR(36) NOT NULL,
    topic VARCHAR NOT NULL, received_at VARCHAR NOT NULL, raw BLOB NOT NULL,
    PRIMARY KEY (position), UNIQUE (topic, report_id));
CREATE TABLE poison (position INTEGER NOT NULL, digest VARCHAR(64) NOT NULL,
    report_id VARCHAR(36), topic VARCHAR NOT NULL, reason VARCHAR NOT NULL,
    received_at VARCHAR NOT NULL, raw BLOB NOT NULL,
    PRIMARY KEY (position), UNIQUE (digest));
INSERT INTO newer VALUES (1, 'id', 'topic', '2026-11-24T12:00:00.000000Z', x'7b7d');
INSERT INTO poison VALUES (1, 'digest', NULL, 'topic', 'bad', '2026-11-24T12:00:00.000000Z', x'');
PRAGMA user_version = 1;
"""


# What schema 2 adds; its row counts on where the alerts of the tests stop.
SCHEMA_2 = """
CREATE TABLE daily_report (position INTEGER NOT NULL, report_id VARCHAR(36) NOT NULL,
    region VARCHAR NOT NULL, site VARCHAR NOT NULL, station VARCHAR NOT NULL,
    epoch VARCHAR(36) NOT NULL, sequence INTEGER NOT NULL, is_drill BOOLEAN NOT NULL,
    day VARCHAR(10) NOT NULL, reported_at VARCHAR NOT NULL, received_at VARCHAR NOT NULL,
    raw BLOB NOT NULL, PRIMARY KEY (position), UNIQUE (report_id));
CREATE INDEX daily_report_order ON daily_report (region, site, station, epoch, sequence);
INSERT INTO daily_report VALUES (1, 'id', '000000', 'hub', 'station-1',
    '00000000-0000-0000-0000-000000000001', 5, 0, '2026-11-24', '2026-11-24T12:00:00.000000Z',
    '2026-11-24T12:00:00.000000Z', x'7b7d');
PRAGMA user_version = 2;
"""


def differences(store):
    with store._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": REVISION_TABLE})
        return compare_metadata(context, metadata)


def make_schema_1(path, *alerts):
    with closing(sqlite3.connect(path)) as file:
        file.executescript(SCHEMA_1)
        for taken in alerts:
            values = _alert_values(taken, taken.event)
            marks = ", ".join("?" * len(values))
            file.execute(
                f"INSERT INTO alert ({', '.join(values)}) VALUES ({marks})", [*values.values()]
            )
        file.commit()


def test_the_steps_make_exactly_the_tables_that_the_program_uses(store):
    assert differences(store) == []


def test_an_inbox_of_schema_1_is_taken_over_with_all_that_it_holds(tmp_path, say):
    path, old, new = tmp_path / "cdc.sqlite", say(1), say(2)
    make_schema_1(path, old)
    with closing(InboxStore(path)) as store:
        assert differences(store) == []
        counts = store.inbox()
        assert (counts.alerts, counts.newer, counts.poison) == (1, 1, 1)
        assert store.aside(9) == [("bad", 1, 1, "2026-11-24T12:00:00.000000Z")]
        assert [mark.highest for mark in store.marks()] == [1]
        assert [a.id for a in store.add([old, new]).events] == [new.report_id]
    with closing(InboxStore(path)) as store:
        assert [a.id for a in store.alerts(5)] == [old.report_id, new.report_id]


def test_an_inbox_of_schema_2_is_taken_over_with_its_daily_reports(tmp_path, say):
    path = tmp_path / "cdc.sqlite"
    make_schema_1(path, say(3))
    with closing(sqlite3.connect(path)) as file:
        file.executescript(SCHEMA_2)
    with closing(InboxStore(path)) as store:
        assert differences(store) == []
        assert store.inbox().reports == 1
        assert [mark.highest for mark in store.marks()] == [5]
        assert [(gap.first, gap.last) for gap in store.gaps()] == [(1, 2), (4, 4)]


def test_a_page_from_before_the_numbered_steps_keeps_its_accounts_and_its_log(tmp_path):
    path = tmp_path / "cdc.sqlite"
    InboxStore(path).close()
    with closing(sqlite3.connect(path)) as file:
        # What step 6 makes is what the page of version 1 had made by itself.
        file.executescript(
            f"UPDATE {REVISION_TABLE} SET version_num = '0005';"
            "DROP INDEX daily_report_day;"
            "DROP TABLE expected_mark;"
            "DROP TABLE receiver_sign;"
            "DROP TABLE sealed_person;"
            "DROP TABLE person_opening;"
            "CREATE TABLE inbox_schema (version INTEGER NOT NULL);"
            "INSERT INTO inbox_schema VALUES (1);"
            "INSERT INTO inbox_account VALUES ('Chen Yu', 'officer', 'hash', 0, 'then');"
        )
    with closing(InboxStore(path)) as store:
        assert differences(store) == []
        with store._database.reading() as connection:
            assert connection.scalars(select(account.c.name)).all() == ["Chen Yu"]


def test_an_inbox_that_was_brought_up_to_date_is_refused_by_the_program_before(tmp_path):
    path = tmp_path / "cdc.sqlite"
    InboxStore(path).close()
    with closing(sqlite3.connect(path)) as file:
        [[version]] = file.execute("PRAGMA user_version")
    assert version > 2, "it would write into tables that it does not know"


def test_an_older_inbox_is_not_changed_by_one_who_only_reads(tmp_path):
    path = tmp_path / "cdc.sqlite"
    make_schema_1(path)
    with pytest.raises(KnownError, match="cdc serve"):
        InboxStore(path, read_only=True)


def test_an_inbox_of_a_newer_program_is_refused(opened):
    with opened() as store, store._database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {REVISION_TABLE} SET version_num = '9999'")
    for options in ({}, {"read_only": True}):
        with pytest.raises(KnownError, match="install the newer program"), opened(**options):
            pass


def test_two_receivers_that_start_at_once_make_one_inbox(where, say):
    failures = []

    def start(sequence):
        try:
            with closing(InboxStore(where)) as store:
                store.add([say(sequence)])
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=start, args=(n,)) for n in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with closing(InboxStore(where, read_only=True)) as store:
        assert store.inbox().alerts == 3


def test_a_database_with_tables_of_others_is_shared(postgres):
    url = postgres.fresh_database()
    postgres.sql(url.database, "CREATE TABLE recipe (title TEXT)")
    with closing(InboxStore(url)) as store:
        assert store.inbox().alerts == 0


def test_a_database_with_an_alert_table_of_somebody_else_is_refused(postgres):
    url = postgres.fresh_database()
    postgres.sql(url.database, "CREATE TABLE alert (title TEXT)")
    with pytest.raises(KnownError, match="another program"):
        InboxStore(url)


@pytest.mark.parametrize(
    "text", ["mysql://x/y", "sqlite:///x", "http://x", "postgresql+asyncpg://x"]
)
def test_other_databases_are_refused_with_what_to_write(text):
    with pytest.raises(KnownError, match=r"postgresql\+psycopg"):
        parse_where(text)


def test_the_short_name_of_postgresql_is_taken_as_well():
    assert parse_where("postgresql://u@h/d").drivername == "postgresql+psycopg"
    assert str(parse_where("a/b.sqlite")) == "a/b.sqlite"
