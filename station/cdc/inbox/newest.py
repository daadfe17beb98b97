"""How far the inbox has come: what a page shows is drawn anew when this changes."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from station.cdc.tables import (
    acknowledgement,
    alert,
    daily_report,
    escalation,
    expected_mark,
    newer,
    poison,
)


class Places(NamedTuple):
    """The place of the newest row of each table that a page shows; 0 where there is none.

    Places become visible in their order, so what is the same has no new row.
    """

    alert: int
    daily_report: int
    acknowledgement: int
    escalation: int
    newer: int
    poison: int
    expected_mark: int


def newest_places(connection: Connection) -> Places:
    """Return how far each table has come."""
    tables = (alert, daily_report, acknowledgement, escalation, newer, poison, expected_mark)
    highest = (select(func.max(table.c.position)).scalar_subquery() for table in tables)
    return Places(*(place or 0 for place in connection.execute(select(*highest)).one()))
