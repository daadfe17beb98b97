"""Statements that are compiled once: SQLAlchemy's way to SQLite takes longer than SQLite's own."""

import sqlite3
from collections.abc import Callable, Collection, Mapping
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import Boolean, Connection, Insert, LargeBinary, Uuid
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.types import TypeEngine

from station.ledger.types import UtcDateTime, stored_time

_SQLITE = dialect()
_Converter = Callable[[Any], Any]


class Written(NamedTuple):
    """A new row as it is stored."""

    key: int
    """SQLite's number of the row: its integer key, if it has one."""
    values: dict[str, Any]
    """The columns that were given."""


class Prepared:
    """An INSERT, run by SQLite's driver with the values that the table's types make.

    Args:
        statement: the statement.
        left_out: columns that are not given for a row and keep their defaults.
    """

    def __init__(self, statement: Insert, left_out: Collection[str] = ()) -> None:
        given = [one.name for one in statement.table.columns if one.name not in left_out]
        compiled = statement.compile(dialect=_SQLITE, column_keys=given)
        self._names = names = tuple(compiled.positiontup or ())
        self._sql = str(compiled)
        self._pick = itemgetter(*names)
        converters = [(at, _converter(compiled.binds[name].type)) for at, name in enumerate(names)]
        self._converters = [(at, convert) for at, convert in converters if convert is not None]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it for one row inside the caller's transaction; return how many rows it touched.

        Raises:
            sqlite3.Error: what SQLite says against it.
        """
        return driver(connection).execute(self._sql, self._stored(values)).rowcount

    def add(self, connection: Connection, values: Mapping[str, Any]) -> Written:
        """Do the same for a row that is new, and return it.

        Raises:
            sqlite3.Error: what SQLite says against it.
        """
        row = self._stored(values)
        key = driver(connection).execute(self._sql, row).lastrowid
        assert key is not None  # noqa: S101 - it is, after an INSERT
        return Written(key, dict(zip(self._names, row, strict=True)))

    def _stored(self, values: Mapping[str, Any]) -> list[Any]:
        row = list(self._pick(values))
        for at, convert in self._converters:
            if row[at] is not None:
                row[at] = convert(row[at])
        return row


def _converter(kind: TypeEngine[Any]) -> _Converter | None:
    """Return what makes SQLite's value of one that is there; None if SQLite takes it as it is."""
    match kind:
        case UtcDateTime():
            return stored_time
        case Uuid():
            return attrgetter("hex")
        case Boolean() | LargeBinary():
            return None
        case _:
            return kind.dialect_impl(_SQLITE).bind_processor(_SQLITE)


def driver(connection: Connection) -> sqlite3.Connection:
    """Return SQLite's own connection."""
    return cast(sqlite3.Connection, connection.connection.driver_connection)
