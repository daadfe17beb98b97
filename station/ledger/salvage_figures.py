"""What a salvage counts: rows by table, numbers that no row has, when all was still there."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from station.core.cases import VERDICTS
from station.ledger.carrying import COUNTED
from station.ledger.missing import Span, without
from station.ledger.people_tables import audit
from station.ledger.salvage_entry import missing_before
from station.ledger.tables import (
    case,
    case_step,
    device_check,
    outbox,
    passage,
    reading,
)
from station.ledger.trail import CHAINED

TIMES = {
    passage.name: "last_at",
    case.name: "opened_at",
    case_step.name: "at",
    reading.name: "taken_at",
    device_check.name: "at",
    outbox.name: "created_at",
    audit.name: "at",
}
"""What tells when a row was written."""
_OF_LOST_CASES = """
    SELECT json_extract(told, '$.number'), json_extract(told, '$.state'), max(position) FROM (
        SELECT position, json_extract(CAST(payload AS TEXT), '$.data.case') AS told
        FROM outbox WHERE case_id IS NULL)
    WHERE told IS NOT NULL GROUP BY json_extract(told, '$.case_id')
"""


def missing_rows(connection: sqlite3.Connection, ends: Mapping[str, int]) -> dict[str, list[Span]]:
    """Return the numbers of each counted table that no row has and no earlier salvage has told.

    Args:
        connection: with a ledger whose rows have the numbers that they had in the damaged one.
        ends: the highest number of each table that is known from elsewhere.
    """
    before = missing_before(connection).told
    found = {}
    for table in COUNTED:
        end = max(ends.get(table.name, 0), highest_told(connection, table.name))
        found[table.name] = without(_gaps(connection, table.name, end), before.get(table.name, ()))
    return found


def highest_told(connection: sqlite3.Connection, name: str) -> int:
    """Return the highest number of a record of a table that the audit trail tells of."""
    if name not in CHAINED:
        return 0
    kind, _ = CHAINED[name]
    query = f"SELECT max(json_extract(details, '$.id')) FROM audit WHERE kind = '{kind.value}'"  # noqa: S608
    return first_number(connection, query)


def _gaps(connection: sqlite3.Connection, name: str, end: int) -> list[Span]:
    """Return the numbers up to `end` that no row has."""
    query = (
        "SELECT before + 1, number - 1 FROM (SELECT rowid AS number, "  # noqa: S608 - our names
        f"lag(rowid, 1, 0) OVER (ORDER BY rowid) AS before FROM {name}) "
        "WHERE number > before + 1"
    )
    found: list[Span] = connection.execute(query).fetchall()
    highest = first_number(connection, f"SELECT max(rowid) FROM {name}")  # noqa: S608
    return [*found, (highest + 1, end)] if end > highest else found


def whole_until(
    connection: sqlite3.Connection, missing: Mapping[str, list[Span]], names: Iterable[str]
) -> datetime | None:
    """Return the time of the last row before the first that is missing, of some tables."""
    ends: list[str] = []
    newest: list[str] = []
    for name in names:
        query = f"SELECT max({TIMES[name]}) FROM {name}"  # noqa: S608 - our names
        newest += filter(None, connection.execute(query).fetchone())
        if missing[name]:
            first = min(begin for begin, _ in missing[name])
            before = connection.execute(f"{query} WHERE rowid < ?", (first,)).fetchone()[0]
            if before is None:
                return None
            ends.append(before)
    stored = min(ends, default=max(newest, default=None))
    return None if stored is None else datetime.fromisoformat(stored).astimezone(UTC)


def lost_cases(connection: sqlite3.Connection) -> tuple[int, ...]:
    """Return the numbers of cases without a verdict that are known from their messages alone.

    A message does not tell all that a case is made of, so that no case is made of it; but staff can
    look for whom it was about.
    """
    found = connection.execute(_OF_LOST_CASES).fetchall()
    return tuple(sorted(number for number, state, _ in found if state not in VERDICTS))


def row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each counted table has."""
    return {
        table.name: first_number(connection, f"SELECT count(*) FROM {table.name}")  # noqa: S608
        for table in COUNTED
    }


def waiting_messages(connection: sqlite3.Connection) -> int:
    """Return how many messages have not left yet."""
    return first_number(connection, "SELECT count(*) FROM outbox WHERE state = 'waiting'")


def unfinished_cases(connection: sqlite3.Connection) -> int:
    """Return how many cases still need somebody."""
    return first_number(connection, "SELECT count(*) FROM case_ WHERE closed_at IS NULL")


def first_number(connection: sqlite3.Connection, query: str) -> int:
    """Return the number that a query finds; 0 if it finds none."""
    return connection.execute(query).fetchone()[0] or 0
