"""Looking through the audit trail beside its writer: pages, a verdict, and a table of it all."""

import csv
import os
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, or_, select

from station.core.audit import AuditRow, TrailFilter, TrailVerdict
from station.core.errors import KnownError
from station.core.spreadsheets import cell_text
from station.ledger.database import known_errors, open_engine
from station.ledger.people_tables import audit
from station.ledger.trail import head_of
from station.ledger.trail_proof import verify
from station.ledger.trail_rows import read_some

COLUMNS = ("number", "at", "actor", "role", "kind", "subject", "details", "digest")
"""The table's columns."""

_ROWS_AT_ONCE = 1_000


def find_page(
    path: Path, wanted: TrailFilter, before: int | None, count: int
) -> tuple[AuditRow, ...]:
    """Return up to `count` rows before a number, the newest first.

    Raises:
        KnownError: if the ledger cannot be read.
    """
    engine = open_engine(path, read_only=True)
    try:
        with known_errors(path), engine.connect() as connection:
            return _some(connection, wanted, before, count)
    finally:
        engine.dispose()


def judge_trail(path: Path) -> TrailVerdict:
    """Recompute the whole chain.

    Raises:
        KnownError: if the ledger cannot be read.
    """
    finding = verify(path)
    engine = open_engine(path, read_only=True)
    try:
        with known_errors(path), engine.connect() as connection:
            return TrailVerdict(head_of(connection), finding)
    finally:
        engine.dispose()


def export_trail(path: Path, wanted: TrailFilter, target: Path, time_zone: str) -> int:
    """Write the rows into a CSV file, the newest first, and return how many; whole or not at all.

    Raises:
        KnownError: if the ledger cannot be read or the file not be written.
    """
    zone, half, before, done = ZoneInfo(time_zone), target.with_name(f".{target.name}"), None, 0
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            while rows := find_page(path, wanted, before, _ROWS_AT_ONCE):
                table.writerows(_cells(row, zone) for row in rows)
                before, done = rows[-1].number, done + len(rows)
        half.replace(target)
    except OSError as error:
        raise KnownError(f"The file {target} cannot be written ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            half.unlink()
    return done


def _cells(row: AuditRow, zone: ZoneInfo) -> list[str | int]:
    entry = row.entry
    at = entry.at.astimezone(zone).isoformat(sep=" ", timespec="milliseconds")
    words = (entry.actor, entry.role, entry.kind.value, entry.subject, entry.details, row.digest)
    return [row.number, at, *(cell_text(word) for word in words)]


def _some(
    connection: Connection, wanted: TrailFilter, before: int | None, count: int
) -> tuple[AuditRow, ...]:
    query: Select[tuple[object, ...]] = select(audit).order_by(audit.c.number.desc()).limit(count)
    if before is not None:
        query = query.where(audit.c.number < before)
    if wanted.kind is not None:
        query = query.where(audit.c.kind == wanted.kind.value)
    if wanted.text:
        places = (audit.c.actor, audit.c.subject, audit.c.details)
        query = query.where(or_(*(c.icontains(wanted.text, autoescape=True) for c in places)))
    return read_some(connection, query)
