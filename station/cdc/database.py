"""The inbox's database, and one sentence for whatever keeps it from being used."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from enum import Enum
from functools import lru_cache
from importlib.util import find_spec
from operator import itemgetter
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    URL,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Insert,
    String,
    Table,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    literal,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool, StaticPool

from station.core.errors import KnownError

Where = Path | URL
"""An SQLite file, or a PostgreSQL database."""
DB_HELP = "the inbox: an SQLite file, or postgresql+psycopg://user@host/database"
"""Help on `--db`."""

_PRIMARY_CODE = 0xFF
_SQLITE_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk of {name} is full: free space; stations keep their alerts.",
    sqlite3.SQLITE_IOERR: "The disk of {name} cannot be written (full, over its quota, or "
    "failing): free space, or replace it; stations keep their alerts.",
    sqlite3.SQLITE_BUSY: "Another program holds {name}: close it.",
    sqlite3.SQLITE_LOCKED: "Another program holds {name}: close it.",
    sqlite3.SQLITE_CANTOPEN: "{name} cannot be opened: check that it exists, its folder too, and "
    "that this user may use it.",
    sqlite3.SQLITE_READONLY: "{name} is read-only: give this user write permission.",
    sqlite3.SQLITE_NOTADB: "{name} is no database of the CDC's receiver: name another file.",
    sqlite3.SQLITE_CORRUPT: "{name} is damaged: restore it from the backup.",
}
_WAITS = "check that PostgreSQL runs and --db is right; stations keep their alerts."
# By SQLSTATE, or its class. Source: PostgreSQL 15 manual, appendix A.
_POSTGRES_SENTENCES = {
    "08": "{name} cannot be reached: " + _WAITS,
    "28": "{name} does not let this user in: correct the user or password in --db.",
    "3D": "{name} does not exist: create it with `createdb`.",
    "3F": "{name} has no schema to write into: give this user one.",
    "25006": "{name} takes no writing (a standby, or set read-only): name the primary in --db.",
    "40": "{name} broke off a transaction because of another one; it is tried again.",
    "42501": "This user may not use the tables of {name}: give it the right to.",
    "53100": "The disk of {name} is full: free space; stations keep their alerts.",
    "53": "{name} has no room for another connection, or no memory: " + _WAITS,
    "55P03": "Another program holds {name}: close it.",
    "57": "{name} is shutting down, starting, or broke off a statement: " + _WAITS,
    "58": "The disk of {name} fails: free space, or replace it; stations keep their alerts.",
    "XX001": "{name} is damaged: restore it from the backup.",
    "XX002": "An index of {name} is damaged: rebuild it with `reindexdb`.",
}
_CONNECT_TIMEOUT_S = 5
# As many pages are made at once; a page takes some hundredths of a second.
_PAGE_CONNECTIONS = 8
_ROOM_TIMEOUT_S = 10
# A receiver that hangs in a transaction must not hold up the others for ever.
_POSTGRES_OPTIONS = (
    "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=30s"
)
# "fever cdc": held by whoever writes, so that positions become visible in their order.
_WRITERS_LOCK = 0x6665_7665_7263_6463
_LISTED = "listed"


def parse_where(text: str) -> Where:
    """Return what `--db` names: a file, or `postgresql+psycopg://user@host/database`.

    Raises:
        KnownError: if it names another kind of database, or the PostgreSQL client is missing.
    """
    if "://" not in text:
        return Path(text)
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise KnownError(
            "The URL in --db cannot be read: write postgresql+psycopg://user@host/database."
        ) from error
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise KnownError(
            f"--db cannot be of the kind '{url.drivername}': give the path of an SQLite file, or "
            "postgresql+psycopg://user@host/database."
        )
    if find_spec("psycopg") is None:
        raise KnownError(
            "The client of PostgreSQL is missing: install it with "
            "`pip install 'fever-station[postgres]'`."
        )
    return url.set(drivername="postgresql+psycopg")


class Use(Enum):
    """What a program does with the inbox."""

    READ = "read"
    """One thread looks."""
    ANSWER = "answer"
    """Many threads look and write; the inbox is there already."""
    RECEIVE = "receive"
    """One thread writes; the inbox is made if it is missing."""


class Database:
    """An SQLite file or a PostgreSQL database."""

    def __init__(self, where: Where, use: Use) -> None:
        if isinstance(where, Path):
            self._engine = _open_sqlite(where, use)
            self._begin_reading, self._begin_writing = "BEGIN", "BEGIN IMMEDIATE"
        else:
            self._engine = _open_postgres(where, use)
            self._begin_reading = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            self._begin_writing = f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})"
        # One thread and one file: to lend the connection and take it back takes as long as a query.
        self._is_kept = isinstance(where, Path) and use is Use.RECEIVE
        self._kept: Connection | None = None
        self.name = str(where) if isinstance(where, Path) else where.render_as_string()
        """For people; without the password."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for queries; all of them see the same moment.

        Raises:
            KnownError: if the database cannot be used.
        """
        with self._transaction(self._begin_reading) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection for one transaction, with no other writer beside it.

        Writers one after the other: the numbers that the database gives out become visible in
        their order, so a reader that goes on from the last one it saw skips none.

        Raises:
            KnownError: if the database cannot be used; nothing is written then.
        """
        with self._transaction(self._begin_writing) as connection:
            yield connection

    def checkpoint(self) -> None:
        """Move what SQLite's log holds into the file, as far as nobody reads it just now."""
        self._checkpoint("PASSIVE")

    def empty_log(self) -> None:
        """Move what was written into an SQLite file itself, so that its log keeps no copy."""
        self._checkpoint("TRUNCATE")

    def _checkpoint(self, how: str) -> None:
        with suppress(DatabaseError, sqlite3.DatabaseError), self._connection() as connection:
            # Best effort: a reader in the middle of a read only delays it.
            if (driver := sqlite_driver(connection)) is not None:
                driver.execute(f"PRAGMA wal_checkpoint({how})").close()

    def close(self) -> None:
        """Close all connections; closing twice is safe."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        self._engine.dispose()

    def _connection(self) -> AbstractContextManager[Connection]:
        if not self._is_kept:
            return self._engine.connect()
        if self._kept is None:
            self._kept = self._engine.connect()
        return nullcontext(self._kept)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        try:
            with self._connection() as connection, connection.begin():
                if (driver := sqlite_driver(connection)) is not None:
                    driver.execute(begin)
                else:
                    connection.exec_driver_sql(begin)
                yield connection
        except PoolTimeout as error:
            raise KnownError(f"{self.name} has more to do than it can: try again.") from error
        except (DatabaseError, sqlite3.DatabaseError) as error:
            sentence = _sentence(error)
            if sentence is None:
                raise
            raise KnownError(sentence.format(name=self.name)) from error


def sqlite_driver(connection: Connection) -> sqlite3.Connection | None:
    """Return SQLite's own connection, or None if the database is another.

    What runs for each batch runs there: SQLAlchemy's way to SQLite takes longer than SQLite's work.
    """
    if connection.dialect.name != "sqlite":
        return None
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def insert_into(connection: Connection, table: Any) -> "sqlite.Insert | postgresql.Insert":
    """Return an INSERT that knows ON CONFLICT, which both databases write alike."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect_name: str, table: Any) -> "sqlite.Insert | postgresql.Insert":
    """Return the same for a database by its dialect's name."""
    return sqlite.insert(table) if dialect_name == "sqlite" else postgresql.insert(table)


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Write rows that all name the same columns; one that is there already is left out."""
    write_rows(connection, _new(connection.dialect.name, table), rows)


def write_rows(connection: Connection, statement: Insert, rows: list[dict[str, Any]]) -> None:
    """Run a kept INSERT for rows that all name the same columns.

    The values go to the database's client as they are: text, numbers, bytes and truth values need
    no translation, and SQLAlchemy's took longer than SQLite's own work.

    Args:
        connection: within a transaction.
        statement: the same object each time, so that it is compiled once.
        rows: at least one.
    """
    text, names = _compiled_insert(connection.dialect, statement, tuple(rows[0]))
    if (driver := sqlite_driver(connection)) is not None and names is not None:
        driver.executemany(text, map(itemgetter(*names), rows)).close()
    else:
        connection.exec_driver_sql(text, rows).close()


@lru_cache(maxsize=64)
def _new(dialect_name: str, table: Table) -> Insert:
    # An inline statement asks for no number in return, so that many rows go as one.
    return insert_for(dialect_name, table).on_conflict_do_nothing().inline()


@lru_cache(maxsize=64)
def _compiled_insert(
    dialect: Dialect, statement: Insert, names: tuple[str, ...]
) -> tuple[str, Sequence[str] | None]:
    """Return the text and the order of its values; to make it takes longer than to run it."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    return str(compiled), compiled.positiontup


def rows_with(
    connection: Connection,
    columns: tuple[Column[Any], ...],
    column: Column[Any],
    values: Collection[str],
) -> Sequence[Sequence[Any]]:
    """Return these columns of the rows in which a text is among `values`, as they are stored.

    For what is asked for each batch: the text is made once, and one value holds the whole list.
    """
    text = _compiled_query(connection.dialect, columns, column)
    if (driver := sqlite_driver(connection)) is not None:
        return driver.execute(text, (json.dumps(list(values)),)).fetchall()
    return connection.exec_driver_sql(text, {_LISTED: list(values)}).fetchall()


@lru_cache(maxsize=64)
def _compiled_query(dialect: Dialect, columns: tuple[Column[Any], ...], column: Column[Any]) -> str:
    if dialect.name == "sqlite":
        listed = select(func.json_each(bindparam(_LISTED)).table_valued("value").c.value)
        return str(select(*columns).where(column.in_(listed)).compile(dialect=dialect))
    listed_array = bindparam(_LISTED, type_=postgresql.ARRAY(String))
    return str(select(*columns).where(column == any_(listed_array)).compile(dialect=dialect))


def is_one_of(
    connection: Connection, column: Column[str], values: Collection[str]
) -> ColumnElement[bool]:
    """Return the condition that a text is among these.

    psycopg takes longer to read hundreds of placeholders than PostgreSQL to answer: one array.
    """
    if connection.dialect.name == "sqlite":
        return column.in_(values)
    return column == any_(literal(list(values), postgresql.ARRAY(String)))


def _sentence(error: DatabaseError | sqlite3.DatabaseError) -> str | None:
    cause = error.orig if isinstance(error, DatabaseError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE_SENTENCES.get(code & _PRIMARY_CODE)
    if not isinstance(error, DatabaseError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return _POSTGRES_SENTENCES.get(state) or _POSTGRES_SENTENCES.get(state[:2])
    # While connecting, libpq gives no SQLSTATE, but a line that says it: no such user, no server.
    why = str(error.orig).strip().splitlines()[-1:] or ["no reason given"]
    braced = why[0].replace("{", "{{").replace("}", "}}")
    is_ours = not isinstance(error, OperationalError)
    return None if is_ours else f"{{name}} cannot be used ({braced}): {_WAITS}"


def _open_sqlite(path: Path, use: Use) -> Engine:
    mode = {Use.READ: "ro", Use.ANSWER: "rw", Use.RECEIVE: "rwc"}[use]
    uri = f"{path.absolute().as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri, uri=True, timeout=5.0, isolation_level=None, check_same_thread=False
        )

    if use is Use.ANSWER:
        engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, **_room(use))
    else:
        engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, record: object) -> None:
        if use is not Use.READ:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
        if use is Use.RECEIVE:
            connection.execute("PRAGMA journal_mode = WAL")
            # A receipt does not wait for it: the receiver calls checkpoint() when it is out.
            connection.execute("PRAGMA wal_autocheckpoint = 0")

    return engine


def _open_postgres(url: URL, use: Use) -> Engine:
    is_reader = use is Use.READ
    options = _POSTGRES_OPTIONS + (" -c default_transaction_read_only=on" if is_reader else "")
    engine = create_engine(
        url,
        connect_args={"connect_timeout": _CONNECT_TIMEOUT_S, "options": options},
        **_room(use),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: object) -> None:
        # A receipt says "on the disk": a server set to acknowledge earlier is overruled.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off'"
        )
        connection.commit()

    return engine


def _room(use: Use) -> dict[str, Any]:
    is_page = use is Use.ANSWER
    return {
        "pool_size": _PAGE_CONNECTIONS if is_page else 1,
        "max_overflow": 0,
        "pool_timeout": _ROOM_TIMEOUT_S,
        # An officer's answer must not be what finds out that the server was started anew; a
        # receiver tries again by itself.
        "pool_pre_ping": is_page,
    }
