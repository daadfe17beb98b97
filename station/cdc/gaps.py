"""What is missing: numbers that a station must have given to messages that have not come."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, func, select, tuple_, union_all

from station.cdc.tables import NUMBERED
from station.reporting.topics import StationIdentity

MOST_GAPS = 1000
"""So many are told at once."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages of one epoch of one station that are known to exist and have not come."""

    station: StationIdentity
    """Whose."""
    epoch: UUID
    """Which count."""
    first: int
    """First missing number."""
    last: int
    """Last missing number."""


def read_gaps(
    connection: Connection,
    stations: Collection[StationIdentity] | None = None,
    limit: int = MOST_GAPS,
) -> list[Gap]:
    """Return what is missing, station by station.

    Args:
        connection: for queries.
        stations: of these alone; None takes all.
        limit: most gaps to return.
    """
    places = [(one.region, one.site, one.station) for one in stations or ()]
    parts = []
    for table in NUMBERED:
        place = (table.c.region, table.c.site, table.c.station)
        part = select(*place, table.c.epoch, table.c.sequence)
        parts.append(part if stations is None else part.where(tuple_(*place).in_(places)))
    come = union_all(*parts).subquery()
    columns = (come.c.region, come.c.site, come.c.station, come.c.epoch)
    before = func.lag(come.c.sequence, 1, 0).over(partition_by=columns, order_by=come.c.sequence)
    found = select(*columns, come.c.sequence, before.label("before")).subquery()
    query = (
        select(found)
        .where(found.c.sequence > found.c.before + 1)
        .order_by(found.c.region, found.c.site, found.c.station, found.c.epoch, found.c.before)
        .limit(limit)
    )
    return [
        Gap(
            StationIdentity(row.region, row.site, row.station),
            UUID(row.epoch),
            row.before + 1,
            row.sequence - 1,
        )
        for row in connection.execute(query)
    ]
