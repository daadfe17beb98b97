"""Rows of the audit trail, read inside somebody's transaction."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from station.core.audit import AuditEntry, AuditKind, AuditRow
from station.ledger.people_tables import audit


def latest_entry(
    connection: Connection, kind: AuditKind, subject: str | None = None
) -> AuditEntry | None:
    """Return the newest step of a kind, or of it about one subject; None if there is none."""
    query = _steps(kind, subject).order_by(audit.c.number.desc()).limit(1)
    found = read_some(connection, query)
    return found[0].entry if found else None


def entries_of(
    connection: Connection, kind: AuditKind, subject: str | None = None
) -> list[AuditEntry]:
    """Return every step of a kind, or those of it about one subject, the oldest first."""
    query = _steps(kind, subject).order_by(audit.c.number)
    return [row.entry for row in read_some(connection, query)]


def read_rows(connection: Connection) -> Iterator[AuditRow]:
    """Return the whole chain by its numbers."""
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        yield _read(row)


def read_page(connection: Connection, before: int | None, count: int) -> tuple[AuditRow, ...]:
    """Return up to `count` rows before a number, the newest first."""
    query = select(audit).order_by(audit.c.number.desc()).limit(count)
    if before is not None:
        query = query.where(audit.c.number < before)
    return tuple(_read(row) for row in connection.execute(query))


def read_some(connection: Connection, query: Select[Any]) -> tuple[AuditRow, ...]:
    """Return the rows that a query of the trail finds, in its order."""
    return tuple(_read(row) for row in connection.execute(query))


def _steps(kind: AuditKind, subject: str | None) -> Select[Any]:
    query = select(audit).where(audit.c.kind == kind.value)
    return query if subject is None else query.where(audit.c.subject == subject)


def _read(row: Row[Any]) -> AuditRow:
    entry = AuditEntry(row.at, row.actor, row.role, AuditKind(row.kind), row.subject, row.details)
    return AuditRow(row.number, entry, row.previous, row.digest)
