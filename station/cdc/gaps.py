"""What is missing: numbers that a station has given to messages that the inbox does not hold."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Select, Table, and_, func, select, tuple_, union_all

from station.cdc.tables import NUMBERED, expected_mark, station_mark
from station.reporting.topics import StationIdentity

MOST_GAPS = 1000
"""So many are told at once."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages of one epoch of one station that are known to exist and are not in the inbox."""

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
    for part in _known_numbers():
        place = tuple_(*list(part.selected_columns)[:3])
        parts.append(part if stations is None else part.where(place.in_(places)))
    known = union_all(*parts).subquery()
    columns = (known.c.region, known.c.site, known.c.station, known.c.epoch)
    before = func.lag(known.c.sequence, 1, 0).over(partition_by=columns, order_by=known.c.sequence)
    found = select(*columns, known.c.sequence, before.label("before")).subquery()
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


def _known_numbers() -> Iterator[Select[str, str, str, str, int]]:
    """Yield station, epoch and number of all that is stored, and of what ends the last gap."""
    for table in NUMBERED:
        yield select(*_count(table), table.c.sequence)
    same = zip(_count(expected_mark), _count(station_mark), strict=True)
    yield (
        select(*_count(expected_mark), func.max(expected_mark.c.highest) + 1)
        .outerjoin(station_mark, and_(*(own == other for own, other in same)))
        .where(func.coalesce(station_mark.c.highest, 0) < expected_mark.c.highest)
        .group_by(*_count(expected_mark))
    )


def _count(table: Table) -> Iterator[Column[Any]]:
    return (table.c[name] for name in ("region", "site", "station", "epoch"))
