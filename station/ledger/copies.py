"""Copies of the ledger's file: made while the station runs, checked, and put in its place."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from station.core.audit import AuditEntry
from station.core.errors import KnownError
from station.ledger.damage import (
    flush,
    forget_damage,
    is_noted,
    is_sound,
    set_aside,
    was_begun,
)
from station.ledger.database import known_errors
from station.ledger.file import writing_alone
from station.ledger.migrate import MIGRATIONS
from station.ledger.trail import add_to_copy

_PAGES_AT_ONCE = 2_000
_PAUSE_S = 0.01


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """What a copy of a ledger says about itself."""

    schema: int
    """Number of its last migration step."""
    epoch: UUID
    """The station's epoch when it was made."""
    rows: dict[str, int]
    """How many rows each table holds."""


def copy_ledger(
    path: Path, target: Path, on_pages: Callable[[int, int], None] = lambda done, total: None
) -> CopyFacts:
    """Copy a ledger, also under a running station, and check the copy.

    Args:
        path: the ledger.
        target: a new file, readable by this user alone.
        on_pages: told how many pages are copied, of how many.

    Raises:
        KnownError: if there is no ledger, a disk does not take it, or the copy is not sound.
    """
    if not path.exists():
        raise KnownError(f"There is no ledger {path}: check ledger_path in [station].")
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    with known_errors(path), closing(source), closing(sqlite3.connect(target)) as copy:
        # In small steps: the station writes between them, and what it wrote is copied too.
        source.backup(
            copy,
            pages=_PAGES_AT_ONCE,
            progress=lambda _, left, total: on_pages(total - left, total),
            sleep=_PAUSE_S,
        )
        copy.execute("PRAGMA journal_mode = DELETE")
    return check_copy(target)


def check_copy(path: Path) -> CopyFacts:
    """Check a copy from its first page to its last and return what it says about itself.

    Raises:
        KnownError: if it is damaged, no ledger, or of a newer program.
    """
    with known_errors(path, notes_damage=False), closing(sqlite3.connect(path)) as copy:
        found = copy.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            raise KnownError(f"The copy {path} is damaged ({found[0][0]}): make another one.")
        if copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise KnownError(f"The copy {path} is damaged (rows miss each other): make another.")
        tables = [
            name
            for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        if "meta" not in tables:
            raise KnownError(f"The copy {path} is no ledger: name another file.")
        schema, epoch = copy.execute("SELECT schema_version, epoch FROM meta").fetchone()
        # Names of tables cannot be parameters; these come from the file's own list.
        rows = {
            name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in sorted(tables)
        }
    if schema > len(MIGRATIONS):
        raise KnownError(
            f"The copy has schema {schema}, this program knows up to {len(MIGRATIONS)}: install "
            "the newer program that wrote it."
        )
    return CopyFacts(schema, UUID(epoch), rows)


def put_in_place(
    copy: Path, path: Path, at: datetime, entry: AuditEntry | None = None
) -> Path | None:
    """Make a checked copy the ledger; the old one is kept beside it.

    The copy gets an epoch of its own, so that no number is given twice. What came after it counts
    as lost where the numbers noted beside the ledger tell of it, and the CDC sees the gap.

    Args:
        copy: a checked copy in the ledger's own folder; it is moved.
        path: the ledger.
        at: now, for the old one's new name.
        entry: what its audit trail shall tell of it.

    Returns:
        Where the old ledger is kept, or None if there was none.

    A damaged ledger is set aside unchanged, as the station does it.

    Raises:
        KnownError: if a station holds the ledger, or a disk does not take it.
    """
    with writing_alone(path):
        with (
            known_errors(copy, notes_damage=False),
            closing(sqlite3.connect(copy)) as connection,
            connection,
        ):
            connection.execute("UPDATE meta SET epoch = ?, is_clean = 0", (uuid4().hex,))
        if entry is not None:
            add_to_copy(copy, entry)
        is_damaged = was_begun(path) or (path.exists() and not is_sound(path))
        kept = None
        try:
            flush(copy)
            if is_damaged:
                kept = set_aside(path, at)
            elif path.exists():
                kept = _keep(path, at)
            os.replace(copy, path)
            flush(path.parent)
            if is_damaged or is_noted(path):
                forget_damage(path)
        except OSError as error:
            raise KnownError(
                f"The copy cannot take the place of {path} ({error.strerror}): the ledger before "
                "is still there, under its own name or another."
            ) from error
    return kept


def _keep(path: Path, at: datetime) -> Path:
    """Give the old ledger a second name; its own one is overwritten in one step later."""
    kept = path.with_name(f"{path.name}.before-{at:%Y%m%d-%H%M%S}")
    with known_errors(path), closing(sqlite3.connect(path)) as old:
        # Everything into the one file: a write-ahead log must not meet the new ledger.
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        old.execute("PRAGMA journal_mode = DELETE")
    if path.with_name(f"{path.name}-wal").exists():
        raise KnownError(f"Another program reads {path}: close it and restore again.")
    try:
        os.link(path, kept)
    except OSError as error:
        raise KnownError(f"The old ledger cannot be kept as {kept}: {error.strerror}.") from error
    return kept
