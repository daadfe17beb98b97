"""Opening the inbox's database for many threads, and the page's own small migration."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, insert, inspect, select
from sqlalchemy.exc import DatabaseError

from station.cdc.inbox.tables import SCHEMA_VERSION, inbox_schema, metadata
from station.core.errors import KnownError

_PRIMARY_CODE = 0xFF
_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk of {name} is full: free space.",
    sqlite3.SQLITE_IOERR: "The disk of {name} cannot be used: free space, or replace it.",
    sqlite3.SQLITE_BUSY: "Another program holds {name}: close it.",
    sqlite3.SQLITE_LOCKED: "Another program holds {name}: close it.",
    sqlite3.SQLITE_CANTOPEN: "{name} cannot be opened: check that it exists and that this user "
    "may use it.",
    sqlite3.SQLITE_READONLY: "{name} is read-only: give this user write permission.",
    sqlite3.SQLITE_NOTADB: "{name} is no database of the CDC's receiver: name another file.",
    sqlite3.SQLITE_CORRUPT: "{name} is damaged: restore it from the backup.",
}


class InboxDatabase:
    """The receiver's database with the page's tables in it; any thread may use it.

    Raises:
        KnownError: from every method, when the database cannot be used; nothing is written then.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        """For people."""
        self.path = path
        """Where it is."""
        uri = f"{path.absolute().as_uri()}?mode=rw"

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(
                uri, uri=True, timeout=5.0, isolation_level=None, check_same_thread=False
            )

        # The file's name tells SQLAlchemy that connections are not to be shared between threads.
        self._engine = create_engine(f"sqlite:///{path}", creator=connect)

        @event.listens_for(self._engine, "connect")
        def _prepare(connection: sqlite3.Connection, record: object) -> None:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")

        try:
            with self.writing() as connection:
                _migrate(connection, self.name)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for queries; all of them see the same moment."""
        with self._known_errors(), self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection for one transaction, with no other writer beside it."""
        with self._known_errors(), self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    def close(self) -> None:
        """Close all connections; closing twice is safe."""
        self._engine.dispose()

    @contextmanager
    def _known_errors(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY_CODE
            if code not in _SENTENCES:
                raise
            raise KnownError(_SENTENCES[code].format(name=self.name)) from error


def to_text(at: datetime) -> str:
    """Return a moment as the tables keep it, so that text order is time order.

    Args:
        at: aware.
    """
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def from_text(text: str) -> datetime:
    """Return a moment that the tables keep, aware, UTC."""
    return datetime.fromisoformat(text)


def _migrate(connection: Connection, name: str) -> None:
    tables = inspect(connection).get_table_names()
    if "alert" not in tables:
        # Making it here would take the receiver's own migration out of its hands.
        raise KnownError(f"{name} is no inbox yet: run `fever-station cdc serve` on it once.")
    if inbox_schema.name not in tables:
        metadata.create_all(connection)
        connection.execute(insert(inbox_schema).values(version=SCHEMA_VERSION))
        return
    version = connection.scalar(select(inbox_schema.c.version))
    if version != SCHEMA_VERSION:
        raise KnownError(
            f"{name} has version {version} of the page's tables, this program knows "
            f"{SCHEMA_VERSION}: install the newer program that wrote it."
        )
