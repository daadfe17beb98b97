"""A receiver's own note, beside the inbox, of how far it had stored: a restored inbox shows."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from uuid import UUID

from station.cdc.marks import Mark
from station.core.errors import KnownError
from station.reporting.topics import StationIdentity

_SCHEMA = """
CREATE TABLE IF NOT EXISTS mark (
    region TEXT NOT NULL, site TEXT NOT NULL, station TEXT NOT NULL, epoch TEXT NOT NULL,
    highest INTEGER NOT NULL, PRIMARY KEY (region, site, station, epoch)
)
"""
_RAISE = """
INSERT INTO mark VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET highest = max(highest, excluded.highest)
"""


class MarkFile:
    """Written after each commit of the inbox, never before: it can only be behind.

    It is kept out of the inbox's backups: restored together, both would look right.

    Raises:
        KnownError: from every method, when the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._known(error) from error
        try:
            # A mark lost in a power cut shows a restored inbox a little less, never wrongly.
            self._file.execute("PRAGMA journal_mode = WAL").close()
            self._file.execute("PRAGMA synchronous = OFF").close()
            self._file.execute(_SCHEMA).close()
        except sqlite3.Error as error:
            self.close()
            raise self._known(error) from error

    def note(self, marks: Iterable[Mark]) -> None:
        """Raise the marks of what the inbox holds now."""
        rows = [(*_key(mark), mark.highest) for mark in marks]
        try:
            self._file.execute("BEGIN IMMEDIATE").close()
            try:
                self._file.executemany(_RAISE, rows).close()
            finally:
                if self._file.in_transaction:
                    self._file.execute("COMMIT").close()
        except sqlite3.Error as error:
            raise self._known(error) from error

    def catch_up(self, held: Iterable[Mark]) -> None:
        """Raise those marks that are behind the inbox's."""
        try:
            with closing(self._file.execute("SELECT * FROM mark")) as rows:
                noted = {row[:4]: row[4] for row in rows}
        except sqlite3.Error as error:
            raise self._known(error) from error
        behind = [mark for mark in held if mark.highest > noted.get(_key(mark), 0)]
        if behind:
            self.note(behind)

    def lacking(self, held: Iterable[Mark]) -> list[tuple[Mark, int]]:
        """Return what this receiver had stored and the inbox does not hold any more.

        Args:
            held: the inbox's marks.

        Returns:
            The mark that had been reached, and the first number beyond what is held.
        """
        known = {_key(mark): mark.highest for mark in held}
        try:
            with closing(self._file.execute("SELECT * FROM mark")) as rows:
                return [
                    (
                        Mark(StationIdentity(*row[:3]), UUID(row[3]), row[4]),
                        known.get(row[:4], 0) + 1,
                    )
                    for row in rows
                    if row[4] > known.get(row[:4], 0)
                ]
        except sqlite3.Error as error:
            raise self._known(error) from error

    def close(self) -> None:
        """Close the file; closing twice is safe."""
        self._file.close()

    def _known(self, error: sqlite3.Error) -> KnownError:
        return KnownError(
            f"The receiver's marks {self._path} cannot be used ({error}): check the disk and the "
            "permission, or remove the file; alerts are stored without it."
        )


def _key(mark: Mark) -> tuple[str, str, str, str]:
    station = mark.station
    return station.region, station.site, station.station, str(mark.epoch)
