"""Reading the ledger beside its writer: a connection of its own that never makes anybody wait."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.exc import OperationalError

from station.core.closing import Closable
from station.core.errors import KnownError
from station.core.search import FoundPassage, PagePlace, PassageFilter
from station.core.statistics import Statistics
from station.ledger.database import known_errors, open_engine, which_file
from station.ledger.migrate import MIGRATIONS
from station.ledger.searching import count_about, find
from station.ledger.statistics import count_all
from station.ledger.tables import meta

# Steps of SQLite's machine between two looks at whether to go on: a few milliseconds.
_STEPS_BETWEEN_LOOKS = 100_000
# Holds the counts of a million passages; SQLite's own 2 MiB made the figures three times as slow.
_CACHE_KIB = 32_768


class Cancelled(Exception):
    """Somebody ended the work."""


class LedgerReader(Closable):
    """Searches and counts; one thread uses it, the connection is opened at the first use.

    Args:
        path: the file.
        is_drill: whether exercises are looked at, and nothing else.
        is_cancelled: looked at again and again while a question runs.

    Raises:
        KnownError: from every method, when the file cannot be used or is not of this program's
            version.
        Cancelled: from every method, when `is_cancelled` says so.
    """

    def __init__(
        self,
        path: Path,
        *,
        is_drill: bool = False,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._path = path
        self._is_drill = is_drill
        self._engine = open_engine(path, read_only=True)
        self._is_cancelled = is_cancelled
        self._is_checked = False
        self._opened = which_file(path)

        @event.listens_for(self._engine, "connect")
        def _watch(connection: sqlite3.Connection, record: object) -> None:
            connection.set_progress_handler(is_cancelled, _STEPS_BETWEEN_LOOKS)
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")

    def page(
        self, wanted: PassageFilter, rows: int, after: PagePlace | None = None
    ) -> tuple[tuple[FoundPassage, ...], PagePlace | None]:
        """Return the next page, newest first, and where the one after it begins, if any does."""
        with self._snapshot() as connection:
            # One more than asked for tells whether there is more.
            found = find(connection, wanted, rows + 1, after, is_drill=self._is_drill)
        shown = tuple(found[:rows])
        if len(found) <= rows:
            return shown, None
        last = shown[-1].passage
        return shown, PagePlace(last.last_at, last.passage_id)

    def count_about(self, wanted: PassageFilter) -> int:
        """Return how many there are, counted by whole hours and tenths of a degree."""
        with self._snapshot() as connection:
            return count_about(connection, wanted, is_drill=self._is_drill)

    def statistics(
        self, since: datetime | None, until: datetime, camera_id: str | None, zone: tzinfo
    ) -> Statistics:
        """Return the figures from one moment to another, in the days and hours of a zone."""
        with self._snapshot() as connection:
            return count_all(connection, since, until, camera_id, zone, is_drill=self._is_drill)

    def close(self) -> None:
        """Close the connection; closing twice is safe."""
        self._engine.dispose()

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        """Read in one short transaction: a long one would keep the write-ahead log growing."""
        if (found := which_file(self._path)) != self._opened:
            # Another ledger has the place of a damaged one.
            self._engine.dispose()
            self._opened, self._is_checked = found, False
        try:
            with known_errors(self._path), self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                try:
                    self._check(connection)
                    yield connection
                finally:
                    connection.exec_driver_sql("ROLLBACK")
        except OperationalError as error:
            if self._is_cancelled():
                raise Cancelled from error
            raise

    def _check(self, connection: Connection) -> None:
        if self._is_checked:
            return
        if not inspect(connection).has_table(meta.name):
            raise KnownError(f"{self._path} is not a ledger: name another file.")
        version = connection.scalar(select(meta.c.schema_version))
        if version != len(MIGRATIONS):
            raise KnownError(
                f"The ledger {self._path} has schema {version}, this program reads "
                f"{len(MIGRATIONS)}: start a station of this program's version on it once."
            )
        self._is_checked = True
