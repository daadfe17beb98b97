"""What a file that was set aside still holds is added to the ledger in use, and nothing twice.

Its rows are first carried into a ledger of their own, as at a salvage; what the ledger in use has
not by then is added in one transaction. What it has stays as it is.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import Connection

from station.core.audit import AuditKind
from station.core.errors import KnownError
from station.core.people import Person
from station.core.ports import LedgerEntry
from station.core.salvage import SalvageExtent, SalvageTold
from station.ledger.carrying import Carrier, new_ledger
from station.ledger.database import known_errors
from station.ledger.intake import FlagIntake
from station.ledger.joining import Joined, Joiner
from station.ledger.migrate import MIGRATIONS
from station.ledger.missing import Missing, count, is_within, spans_of
from station.ledger.pages import PageFile
from station.ledger.prepared import driver
from station.ledger.recovering import SHAPES, FoundPages, OnPages, quiet
from station.ledger.salvage_entry import read_salvage, salvage_entry, unchained_records
from station.ledger.salvage_figures import (
    TIMES,
    lost_cases,
    missing_rows,
    row_counts,
    unfinished_cases,
    waiting_messages,
    whole_until,
)
from station.ledger.store import SqlLedger
from station.ledger.tables import meta, outbox
from station.ledger.trail import CHAINED
from station.ledger.trail_rows import latest_entry
from station.ledger.writing import write_entry


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file that was added."""

    joined: Joined
    """What the ledger in use has got of it, and what not."""
    told: SalvageTold
    """How things stand now."""


class _Asked(NamedTuple):
    name: str
    person: Person
    at: datetime


def add_from(
    kept: Path, path: Path, person: Person, at: datetime, on_pages: OnPages = quiet
) -> Added:
    """Add to a ledger what a file has and it has not; the file is never changed.

    Args:
        kept: a ledger that was set aside; its log lies beside it.
        path: the ledger in use; no station runs on it.
        person: who asks for it.
        at: now, aware, UTC.
        on_pages: told how many of the file's pages are done, of how many.

    Raises:
        KnownError: if either is not what it should be, a station runs, or the disk is full; nothing
            is added then.
    """
    _refuse_names(kept, path)
    with SqlLedger(path) as ledger:
        prefix = f".{path.name}.salvage-"
        # It may hold names: what a killed run has left goes now.
        for left in path.parent.glob(f"{prefix}*"):
            rmtree(left, ignore_errors=True)
        try:
            with (
                TemporaryDirectory(prefix=prefix, dir=path.parent) as folder,
                known_errors(path, notes_damage=False),
            ):
                copy = Path(folder) / path.name
                ends = _carry(kept, copy, at, on_pages)
                return _add(ledger, _Asked(kept.name, person, at), copy, ends)
        except OSError as error:
            raise KnownError(
                f"{kept} cannot be added to {path} ({error.strerror}): nothing is changed."
            ) from error


def _refuse_names(kept: Path, path: Path) -> None:
    if not path.is_file():
        raise KnownError(f"There is no ledger {path}: start the station once, or name another.")
    if kept.name.endswith(("-wal", "-shm")):
        raise KnownError(f"{kept} lies beside the file that is meant: name that one.")
    if not (kept.is_file() or Path(f"{kept}-wal").is_file()):
        raise KnownError(f"{kept}: there is no such file: check the name.")
    if kept.exists() and kept.samefile(path):
        raise KnownError(f"{kept} is the ledger in use: name a file that was set aside.")


def _carry(kept: Path, copy: Path, now: datetime, on_pages: OnPages) -> dict[str, int]:
    """Make a sound ledger of what can be read; return the highest numbers that were seen."""
    with PageFile(kept) as pages, new_ledger(copy) as session:
        found = FoundPages(pages, on_pages)
        _refuse_newer(kept, found)
        carrier = Carrier(
            found,
            driver(session),
            is_ordered=pages.is_log_whole,
            extent=SalvageExtent.ALL,
            now=now,
        )
        carrier.carry()
        intake = FlagIntake()
        intake.find_left(session)
        intake.file(session, _write_flag)
    if not carrier.done.seen:
        raise KnownError(f"{kept} holds no row of a ledger: name a file that was set aside.")
    return carrier.done.seen


def _write_flag(connection: Connection, entry: LedgerEntry, is_drill: bool) -> None:
    write_entry(connection, entry, is_drill=is_drill, is_new=True)


def _refuse_newer(kept: Path, found: FoundPages) -> None:
    [shape] = [one for one in SHAPES if one.table is meta]
    for record in found.rows(shape):
        schema = shape.given(record)["schema_version"]
        if isinstance(schema, int) and schema > len(MIGRATIONS):
            raise KnownError(
                f"{kept} has schema {schema}, this program knows up to {len(MIGRATIONS)}: install "
                "the newer program that wrote it."
            )


@contextmanager
def _attached(ledger: SqlLedger, copy: Path) -> Iterator[None]:
    with ledger.reading_rows() as session:
        driver(session).execute("ATTACH DATABASE ? AS old", (str(copy),))
    try:
        yield
    finally:
        with ledger.reading_rows() as session:
            driver(session).execute("DETACH DATABASE old")


def _add(ledger: SqlLedger, asked: _Asked, copy: Path, ends: dict[str, int]) -> Added:
    name, person, at = asked
    with ledger.reading_rows() as session:
        entry = latest_entry(session, AuditKind.SALVAGE, name)
        before = None if entry is None else read_salvage(entry)
    with closing(sqlite3.connect(copy)) as carried:
        missing = missing_rows(carried, ends)
        until = whole_until(carried, missing, TIMES)
        messages_until = whole_until(carried, missing, (outbox.name,))
        lost = lost_cases(carried)
    with _attached(ledger, copy), ledger.changing() as session:
        connection = driver(session)
        held = _numbers(connection)
        joiner = Joiner(connection)
        joiner.refuse_strangers(name, is_known=before is not None)
        joined = joiner.join()
        if before is not None:
            gone = {table: number - joined.added[table] for table, number in before.gone.items()}
        else:
            gone = {table: count(spans) for table, spans in missing.items()}
        told = SalvageTold(
            at=before.at if before else at,
            kept_as=name,
            extent=SalvageExtent.ALL,
            carried=row_counts(connection),
            gone={table: number for table, number in gone.items() if number > 0},
            waiting=waiting_messages(connection),
            unfinished=unfinished_cases(connection),
            whole_until=until,
            messages_until=messages_until,
            lost_cases=lost,
        )
        if joined.is_anything:
            added = {table: now - held[table] for table, now in _numbers(connection).items()}
            unchained = {
                table: spans_of(n for n in added[table] if is_within(n, spans))
                for table, spans in unchained_records(connection).items()
            }
            rows = Missing({}, unchained, joined.found)
            ledger.note(session, salvage_entry(told, rows, person, at))
    return Added(joined, told)


def _numbers(connection: sqlite3.Connection) -> dict[str, set[int]]:
    """Return the numbers of the records that are chained."""
    return {
        name: {n for (n,) in connection.execute(f"SELECT {key} FROM {name}")}  # noqa: S608 - ours
        for name, (_, key) in CHAINED.items()
    }
