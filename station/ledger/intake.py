"""New flags on their way into the ledger's tables.

A flag touches some twenty pages of the file. What the disk is waited for is one row that holds all
of it; it is filed in its tables right afterwards, which needs no sync of its own: after a power
cut the row is there again, and the next start files it.
"""

import logging
import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from station.core.cases import CaseRefused
from station.core.ports import LedgerEntry
from station.ledger.prepared import driver

logger = logging.getLogger(__name__)

_ENTRY: TypeAdapter[LedgerEntry] = TypeAdapter(LedgerEntry)
_ADD = "INSERT INTO flag_intake (is_drill, entry) VALUES (?, ?)"
_LEFT = "SELECT position, is_drill, entry FROM flag_intake WHERE reason IS NULL ORDER BY position"
_DONE = "DELETE FROM flag_intake WHERE position = ?"
_SET_ASIDE = "UPDATE flag_intake SET reason = ? WHERE position = ?"

Filing = Callable[[Connection, LedgerEntry, bool], None]
"""Writes an entry into the tables, given whether it is an exercise's."""


class _Flag(NamedTuple):
    position: int
    is_drill: bool
    entry: LedgerEntry


def is_new_flag(entry: LedgerEntry, highest_case: int) -> bool:
    """Return whether nothing in the ledger can be in the way of an entry: all of it is new.

    Args:
        entry: what to write.
        highest_case: the highest short number in the ledger.
    """
    case = entry.case
    return (
        case is not None
        and entry.passage is not None
        and case.number > highest_case
        and case.passage_id == entry.passage.passage_id
        and all(step.case_id == case.case_id for step in entry.steps)
        and not (case.readings or case.handover or entry.reading or entry.check or entry.identity)
    )


class FlagIntake:
    """The flags of one writer that are durable and not yet in the tables."""

    def __init__(self) -> None:
        self._waiting: list[_Flag] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def add(self, connection: sqlite3.Connection, entry: LedgerEntry, *, is_drill: bool) -> None:
        """Write an entry's row, outside any transaction: one statement is one of its own.

        Raises:
            sqlite3.Error: what SQLite says against it; the entry is not durable then.
        """
        position = connection.execute(_ADD, (is_drill, _ENTRY.dump_json(entry))).lastrowid
        assert position is not None  # noqa: S101 - it is, after an INSERT
        self._waiting.append(_Flag(position, is_drill, entry))

    def find_left(self, connection: Connection) -> None:
        """Take over what an unclean end has left; what cannot be read is set aside."""
        for position, is_drill, stored in driver(connection).execute(_LEFT).fetchall():
            try:
                entry = read_entry(stored)
            except ValidationError as error:
                _set_aside(connection, position, error)
            else:
                self._waiting.append(_Flag(position, bool(is_drill), entry))

    def file(self, connection: Connection, write: Filing) -> None:
        """Write all that waits into the tables; once that is committed, call `clear`.

        What the tables refuse, which only a fault of this program can cause, is set aside: the CDC
        sees the gap in the numbers, and the row stays for a technician.
        """
        for position, is_drill, entry in self._waiting:
            driver(connection).execute("SAVEPOINT flag")
            try:
                write(connection, entry, is_drill)
            except (sqlite3.IntegrityError, CaseRefused) as error:
                driver(connection).execute("ROLLBACK TO flag")
                _set_aside(connection, position, error)
            else:
                driver(connection).execute(_DONE, (position,))
            driver(connection).execute("RELEASE flag")

    def clear(self) -> None:
        """Forget what is in the tables now."""
        self._waiting.clear()


def read_entry(stored: bytes) -> LedgerEntry:
    """Return the entry that a row holds.

    Raises:
        ValidationError: if it holds none.
    """
    return _ENTRY.validate_json(stored)


def _set_aside(connection: Connection, position: int, error: Exception) -> None:
    logger.error("flag %d cannot be filed and is kept in flag_intake", position, exc_info=error)
    driver(connection).execute(_SET_ASIDE, (str(error), position))


def add_flag_intake(connection: Connection) -> None:
    """Before this step every flag was written into the tables at once."""
    connection.exec_driver_sql(
        """
        CREATE TABLE flag_intake (
            position INTEGER NOT NULL,
            is_drill BOOLEAN NOT NULL,
            entry BLOB NOT NULL,
            reason VARCHAR,
            PRIMARY KEY (position)
        )
        """
    )
