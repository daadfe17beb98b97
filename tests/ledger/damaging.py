"""Damages ledgers' files, and reads what is left of them."""

import os
import random
import sqlite3
from contextlib import closing
from datetime import datetime
from uuid import UUID

from station.core.audit import AuditEntry, AuditKind
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.pages import PageFile
from station.ledger.recovering import FoundPages
from station.ledger.salvage_entry import read_salvage
from station.ledger.store import SqlLedger

FLAGS, BELOW = 40, 120
PAGE = 4096


def pages_of(path, table):
    with PageFile(path) as pages:
        return sorted({one.page for one in FoundPages(pages)._sightings.get(table, [])})


def overwrite(path, at, data):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def spoil(path, number, data=bytes(PAGE)):
    overwrite(path, (number - 1) * PAGE, data)


def opened(path):
    """Open the ledger as the station does."""
    return SqlLedger(path, salvages=True)


def told(path):
    """Return what the audit trail tells of the last salvage."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT * FROM audit WHERE kind = 'salvage' ORDER BY number DESC LIMIT 1"
        _, at, actor, role, kind, subject, details, *_ = connection.execute(query).fetchone()
    at = datetime.fromisoformat(at)
    return read_salvage(AuditEntry(at, actor, role, AuditKind(kind), subject, details))


def waiting(path):
    with closing(SqlOutboxReader(path)) as reader:
        return [item.report_id for item in reader.waiting(1_000)]


def rows(path, query):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


DAMAGES = {
    "a zeroed page of messages": lambda path: spoil(path, pages_of(path, "outbox")[3]),
    "noise in a page of cases": lambda path: spoil(
        path, pages_of(path, "case_")[0], random.Random(1).randbytes(PAGE)
    ),
    "the first page zeroed": lambda path: spoil(path, 1),
    "a torn header": lambda path: overwrite(path, 0, random.Random(2).randbytes(512)),
    "cut off in the middle": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut off in a page": lambda path: os.truncate(path, path.stat().st_size - PAGE // 2),
    "no database at all": lambda path: path.write_bytes(b"these are not a database's bytes" * 999),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
}


def add_the_rest(path):
    """Put a row into each table that the images leave empty."""
    at, later = "2026-11-24T12:00:00.000000Z", "2026-11-25T12:00:00.000000Z"
    with closing(sqlite3.connect(path)) as connection, connection:
        case_id = connection.execute("SELECT case_id FROM case_").fetchone()[0]
        for table, values in (
            ("account", ("li", "operator", "hash", None, 0, 0, None, at)),
            ("collection_order", ("o1", "law", "zhang", at[:10], later[:10], "name", 7, 0)),
            ("handover", (case_id, 0, "requested", at, "120")),
            ("identity", (case_id, "", "", "", "order", "o1", at, later, 0)),
            ("flag_intake", (None, 0, b"{}", "kept")),
            ("device_check", (UUID(int=5).hex, "gun-1", at, "li", 37, "37.0 37.1", 0.3, "passed")),
        ):
            places = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {table} VALUES ({places})", values)
