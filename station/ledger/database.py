"""Opening the ledger's file, and saying in one sentence what keeps it from being used."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from station.core.errors import KnownError
from station.ledger.damage import note_damage

_BUSY_TIMEOUT_S = 5.0
PATIENCE = f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_S * 1000:.0f}"
"""Waits for another program that reads or writes, as every connection does from its start."""
NO_PATIENCE = "PRAGMA busy_timeout = 0"
"""Waits for nobody."""
SYNCED = "PRAGMA synchronous = FULL"
"""Every commit waits for the disk."""
UNSYNCED = "PRAGMA synchronous = NORMAL"
"""No commit does, as measured: for what can be made again after a power cut, never for an alert."""

_SENTENCES: dict[int, str] = {
    sqlite3.SQLITE_FULL: "The disk of {path} is full: free space; nothing is lost so far.",
    sqlite3.SQLITE_IOERR: "The disk of {path} cannot be read or written (full, over its quota, or "
    "failing): free space, or replace the disk.",
    sqlite3.SQLITE_BUSY: "Another program holds the ledger {path}: close it.",
    sqlite3.SQLITE_LOCKED: "Another program holds the ledger {path}: close it.",
    sqlite3.SQLITE_CANTOPEN: "The ledger {path} cannot be opened: check that its folder exists and "
    "that this user may write there.",
    sqlite3.SQLITE_READONLY: "The ledger {path} is read-only: give this user write permission to "
    "the file, to those beside it (-wal, -shm) and to their folder.",
    sqlite3.SQLITE_PERM: "This user may not use the ledger {path}: give it permission.",
    sqlite3.SQLITE_NOTADB: "{path} is not a ledger: name another file as ledger_path.",
    sqlite3.SQLITE_CORRUPT: "The ledger {path} is damaged: the station sets it aside and goes on "
    "with a new one.",
}
_PRIMARY_CODE = 0xFF
# A disk that does not give what was written is told apart from one that does not take more.
_UNREADABLE = (
    sqlite3.SQLITE_IOERR_READ,
    sqlite3.SQLITE_IOERR_SHORT_READ,
    sqlite3.SQLITE_IOERR_CORRUPTFS,
)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class LedgerDamaged(KnownError):
    """The file cannot be used any more, now or later; the station sets it aside.

    Examples: a page is garbled or zeros, the file is cut off, its header is torn, the disk has a
    bad sector.
    """


def open_connection(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Return a connection that any thread may use, one at a time; its pragmas are set."""
    # as_uri() escapes what a path may hold: `?`, `#` and spaces.
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=_BUSY_TIMEOUT_S,
        # Transactions are begun by hand: the module would begin them too late to be IMMEDIATE.
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(SYNCED)
            # What is deleted is overwritten: an identity must not stay in a free page.
            connection.execute("PRAGMA secure_delete = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def which_file(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of its name; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def open_engine(path: Path, *, read_only: bool) -> Engine:
    """Return an engine with one connection, opened at the first use."""

    def connect() -> sqlite3.Connection:
        return open_connection(path, read_only=read_only)

    return create_engine("sqlite://", creator=connect, poolclass=StaticPool)


@contextmanager
def known_errors(path: Path, *, notes_damage: bool = True) -> Iterator[None]:
    """Turn what the environment does to the file into a KnownError; let our bugs through.

    Args:
        path: the file.
        notes_damage: whether its damage is noted beside it, so that a ledger's writer learns of it
            from any reader.
    """
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        code = getattr(cause, "sqlite_errorcode", None)
        sentence = None if code is None else _SENTENCES.get(code & _PRIMARY_CODE)
        if sentence is None:
            raise
        if code is not None and (code in _UNREADABLE or code & _PRIMARY_CODE in _DAMAGED):
            if notes_damage:
                note_damage(path, str(cause))
            raise LedgerDamaged(sentence.format(path=path)) from error
        raise KnownError(sentence.format(path=path)) from error
