"""The report worker's own look at the outbox."""

import sqlite3
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from station.core.ports import OutboxItem, OutboxSummary
from station.core.report import Channel
from station.ledger.database import known_errors, open_connection, which_file

_ITEM = (
    "SELECT position, report_id, case_id, kind, channel, epoch, sequence, payload, created_at "
    "FROM outbox "
)
_WAITING = f"{_ITEM} WHERE state = 'waiting' AND position > ? ORDER BY position LIMIT ?"
_NUMBERED = f"{_ITEM} WHERE epoch = ? AND sequence BETWEEN ? AND ? ORDER BY sequence LIMIT ?"
_SUMMARY = (
    "SELECT (SELECT count(*) FROM outbox WHERE state = 'waiting'), "
    "(SELECT created_at FROM outbox WHERE state = 'waiting' ORDER BY position LIMIT 1), "
    "(SELECT count(*) FROM outbox WHERE state = 'rejected')"
)


class SqlOutboxReader:
    """A read-only connection of its own, opened at the first use.

    It asks SQLite itself: a backlog leaves by thousands in a second, and SQLAlchemy takes longer
    to make its rows than the broker to take them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None

    def waiting(self, limit: int, after: int = 0) -> tuple[OutboxItem, ...]:
        """Return up to `limit` undelivered items behind this position, oldest first."""
        return tuple(_item(row) for row in self._rows(_WAITING, after, limit))

    def numbered(self, epoch: UUID, first: int, last: int, limit: int) -> tuple[OutboxItem, ...]:
        """Return up to `limit` items of these numbers in any state, the lowest first."""
        return tuple(_item(row) for row in self._rows(_NUMBERED, epoch.hex, first, last, limit))

    def summary(self) -> OutboxSummary:
        """Return how much waits."""
        [(waiting, oldest, set_aside)] = self._rows(_SUMMARY)
        return OutboxSummary(waiting, _time(oldest) if oldest else None, set_aside)

    def close(self) -> None:
        """Close the connection; closing twice is safe."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with known_errors(self._path):
            found = which_file(self._path)
            if found != self._opened:
                # Another ledger has the place of a damaged one.
                self.close()
            if self._connection is None:
                self._opened = found
                self._connection = open_connection(self._path, read_only=True)
            return self._connection.execute(query, values).fetchall()


def _item(row: tuple[Any, ...]) -> OutboxItem:
    position, report_id, case_id, kind, channel, epoch, sequence, payload, created_at = row
    return OutboxItem(
        report_id=UUID(report_id),
        case_id=None if case_id is None else UUID(case_id),
        kind=kind,
        channel=Channel(channel),
        epoch=_epoch(epoch),
        sequence=sequence,
        payload=payload,
        created_at=_time(created_at),
        position=position,
    )


@lru_cache(maxsize=16)
def _epoch(stored: str) -> UUID:
    return UUID(stored)


def _time(stored: str) -> datetime:
    return datetime.fromisoformat(stored).astimezone(UTC)
