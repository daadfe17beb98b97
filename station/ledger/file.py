"""One writer's hold on a ledger's file: its lock, its connection, its transactions, its log."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from station.core.errors import KnownError
from station.ledger.database import (
    NO_PATIENCE,
    PATIENCE,
    SYNCED,
    UNSYNCED,
    known_errors,
    open_engine,
)
from station.ledger.prepared import driver


class LedgerFile:
    """The file, opened for writing; one thread at a time.

    Args:
        path: the file; it is made if it is missing.

    Raises:
        KnownError: if another program writes it, or the disk refuses.
    """

    def __init__(self, path: Path) -> None:
        self._writer_lock = lock_for_writing(path)
        self._engine = open_engine(path, read_only=False)
        try:
            with known_errors(path):
                self._connection = self._engine.connect()
                self.driver = driver(self._connection)
                """SQLite's own connection; each statement beside `committed` is a transaction."""
        except BaseException:
            self._let_go()
            raise

    @property
    def is_closed(self) -> bool:
        """Whether close() was called."""
        return self._connection.closed

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Give the connection for looking something up."""
        with self._connection.begin():
            yield self._connection

    @contextmanager
    def committed(self) -> Iterator[Connection]:
        """Give the connection in a transaction that is on the disk at the end, or has not been."""
        # SQLite's driver begins and ends it: SQLAlchemy's way there takes as long as a statement.
        connection = self.driver
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            connection.execute("COMMIT")
        except BaseException:
            # Some errors have made SQLite take everything back already.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            # What SQLAlchemy takes for its own transaction is over.
            if self._connection.in_transaction():
                self._connection.rollback()

    @contextmanager
    def unsynced(self) -> Iterator[None]:
        """Let transactions end before they are on the disk: a power cut may take them."""
        self.driver.execute(UNSYNCED)
        try:
            yield
        finally:
            self.driver.execute(SYNCED)

    def empty_log(self, *, is_patient: bool = True) -> None:
        """Move the log into the file and cut it off.

        A log that stayed, and of which the disk then damages a part, would put pages back that are
        older than those in the file, and so damage the file.

        Args:
            is_patient: whether to wait for whoever reads just now.
        """
        # Best effort: a reader in the middle of a read only delays it.
        with suppress(DatabaseError), self._connection.begin():
            if not is_patient:
                self._connection.exec_driver_sql(NO_PATIENCE).close()
            try:
                self._connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                self._connection.exec_driver_sql(PATIENCE).close()

    def close(self) -> None:
        """Close the connection and let another writer in."""
        self._connection.close()
        self._let_go()

    def _let_go(self) -> None:
        self._engine.dispose()
        os.close(self._writer_lock)


def lock_for_writing(path: Path) -> int:
    """Hold `<path>.lock` until the returned descriptor is closed; the system frees it at a crash.

    Two writers would give out the same numbers.
    """
    try:
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise KnownError(
            f"The ledger {path} cannot be opened ({error.strerror}): check that its folder exists "
            "and that this user may write there."
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise KnownError(
            f"Another station uses the ledger {path}: stop it, or name another ledger_path."
        ) from error
    return descriptor


@contextmanager
def writing_alone(path: Path) -> Iterator[None]:
    """Keep every writer away meanwhile.

    Raises:
        KnownError: if there is one.
    """
    descriptor = lock_for_writing(path)
    try:
        yield
    finally:
        os.close(descriptor)
