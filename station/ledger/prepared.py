"""Statements that are compiled once: SQLAlchemy's way to SQLite takes longer than SQLite's own."""

import sqlite3
from collections.abc import Collection, Mapping
from typing import Any, cast

from sqlalchemy import Connection, Insert
from sqlalchemy.dialects.sqlite import dialect

_SQLITE = dialect()


class Prepared:
    """An INSERT, run by SQLite's driver with the values that the table's types make.

    Args:
        statement: the statement.
        left_out: columns that are not given for a row and keep their defaults.
    """

    def __init__(self, statement: Insert, left_out: Collection[str] = ()) -> None:
        given = [one.name for one in statement.table.columns if one.name not in left_out]
        compiled = statement.compile(dialect=_SQLITE, column_keys=given)
        self._sql = str(compiled)
        self._places = tuple(
            (name, compiled.binds[name].type.dialect_impl(_SQLITE).bind_processor(_SQLITE))
            for name in compiled.positiontup or ()
        )

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it for one row inside the caller's transaction; return how many rows it touched.

        Raises:
            sqlite3.Error: what SQLite says against it.
        """
        return driver(connection).execute(self._sql, self._row(values)).rowcount

    def _row(self, values: Mapping[str, Any]) -> list[Any]:
        return [
            values[name] if convert is None else convert(values[name])
            for name, convert in self._places
        ]


def driver(connection: Connection) -> sqlite3.Connection:
    """Return SQLite's own connection."""
    return cast(sqlite3.Connection, connection.connection.driver_connection)
