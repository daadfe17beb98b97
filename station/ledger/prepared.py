"""Statements that are compiled once: SQLAlchemy's way to SQLite takes longer than SQLite's own."""

import sqlite3
from collections.abc import Callable, Collection, Mapping
from operator import attrgetter, itemgetter
from typing import Any, cast

from sqlalchemy import Boolean, Connection, Insert, LargeBinary, Uuid
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.types import TypeEngine

from station.ledger.types import UtcDateTime, stored_time

_SQLITE = dialect()
_Converter = Callable[[Any], Any]


class Prepared:
    """An INSERT, run by SQLite's driver with the values that the table's types make.

    Args:
        statement: the statement.
        left_out: columns that are not given for a row and keep their defaults.
    """

    def __init__(self, statement: Insert, left_out: Collection[str] = ()) -> None:
        given = [one.name for one in statement.table.columns if one.name not in left_out]
        compiled = statement.compile(dialect=_SQLITE, column_keys=given)
        names = compiled.positiontup or ()
        self._sql = str(compiled)
        self._pick = itemgetter(*names)
        converters = [(at, _converter(compiled.binds[name].type)) for at, name in enumerate(names)]
        self._converters = [(at, convert) for at, convert in converters if convert is not None]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it for one row inside the caller's transaction; return how many rows it touched.

        Raises:
            sqlite3.Error: what SQLite says against it.
        """
        row = list(self._pick(values))
        for at, convert in self._converters:
            if row[at] is not None:
                row[at] = convert(row[at])
        return driver(connection).execute(self._sql, row).rowcount


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
