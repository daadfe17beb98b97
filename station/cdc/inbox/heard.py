"""What the messages tell about stations: which there are, and when they were last heard of."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Table, select

from station.cdc.tables import alert, daily_report, station_mark
from station.cdc.times import from_text
from station.reporting.topics import StationIdentity


@dataclass(frozen=True, slots=True)
class Heard:
    """What the messages tell about a station."""

    identity: StationIdentity
    """Which."""
    first_at: datetime
    """The earliest time that a message of it names, aware."""
    last_at: datetime | None
    """When its newest alert came, aware; None if none has."""
    last_earnest_at: datetime | None
    """When it last sent an alert or figures that were no exercise, aware; None if never."""
    counts: int
    """How many counts it has begun; more than one tells that messages may be missing."""


def heard_stations(connection: Connection) -> tuple[Heard, ...]:
    """Return every station that has ever sent an alert or its figures, by name."""
    # The highest number of each count leads to one row; nothing else of a year of them is read.
    query = select(
        station_mark.c.region,
        station_mark.c.site,
        station_mark.c.station,
        station_mark.c.since,
        _last_of_count(alert, "received_at").label("alert_at"),
        _last_of_count(alert, "is_drill").label("is_drill_alert"),
        _last_of_count(daily_report, "received_at").label("figures_at"),
        _last_of_count(daily_report, "is_drill").label("is_drill_figures"),
    )
    counts: dict[StationIdentity, list[Any]] = {}
    for row in connection.execute(query):
        counts.setdefault(StationIdentity(*row[:3]), []).append(row)
    return tuple(_heard(identity, counts[identity]) for identity in sorted(counts, key=astuple))


def _last_of_count(table: Table, column: str) -> ScalarSelect[Any]:
    names = ("region", "site", "station", "epoch")
    return (
        select(table.c[column])
        .where(*(table.c[name] == station_mark.c[name] for name in names))
        .order_by(table.c.sequence.desc())
        .limit(1)
        .correlate(station_mark)
        .scalar_subquery()
    )


def _heard(identity: StationIdentity, rows: Sequence[Any]) -> Heard:
    alerts = [row.alert_at for row in rows if row.alert_at]
    earnest = [row.alert_at for row in rows if row.alert_at and not row.is_drill_alert]
    earnest += [row.figures_at for row in rows if row.figures_at and not row.is_drill_figures]
    return Heard(
        identity,
        first_at=from_text(min(row.since for row in rows)),
        last_at=from_text(max(alerts)) if alerts else None,
        last_earnest_at=from_text(max(earnest)) if earnest else None,
        counts=len(rows),
    )
