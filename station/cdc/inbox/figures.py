"""Which stations' daily figures are overdue: every day that was due, zero included."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import Connection, select

from station.cdc.inbox.heard import Heard
from station.cdc.inbox.presence import Presence
from station.cdc.tables import daily_report
from station.core.daily import latest_slot
from station.reporting.topics import StationIdentity

FORGOTTEN_AFTER = timedelta(days=31)
"""A station that sent nothing for so long, and is not at the broker, is no longer waited for."""


@dataclass(frozen=True, slots=True)
class Due:
    """The figures that were due last."""

    at: datetime
    """When, aware."""
    day: date
    """The local day that they tell."""


def last_due(now: datetime, zone: tzinfo, due_at: time) -> Due:
    """Return which figures were due last.

    Args:
        now: by the CDC's clock, aware.
        zone: where the days are counted.
        due_at: local time at which the day's figures must have come.
    """
    at = latest_slot(now, zone, due_at)
    return Due(at, at.astimezone(zone).date())


def reported(connection: Connection, day: date) -> frozenset[StationIdentity]:
    """Return the stations whose figures of this day, or of a later one, have come in earnest."""
    place = (daily_report.c.region, daily_report.c.site, daily_report.c.station)
    query = select(*place).where(
        daily_report.c.day >= day.isoformat(), daily_report.c.is_drill.is_(False)
    )
    return frozenset(StationIdentity(*row) for row in connection.execute(query.distinct()))


def overdue(
    heard: Iterable[Heard],
    presence: Mapping[StationIdentity, Presence] | None,
    come: frozenset[StationIdentity],
    due: Due,
) -> frozenset[StationIdentity]:
    """Return the stations whose figures were due and have not come.

    Exercises owe nothing, and neither does a station that was first heard of after that hour: it
    sends its first figures at its own next one.

    Args:
        heard: what messages tell.
        presence: what stations say of themselves; None if nobody listens.
        come: whose figures have come.
        due: which were due.
    """
    known = tuple(heard)
    since = {one.identity: one.first_at for one in known}
    owing = {
        one.identity
        for one in known
        if one.last_earnest_at is not None and one.last_earnest_at > due.at - FORGOTTEN_AFTER
    }
    for identity, one in (presence or {}).items():
        if not one.is_drill:
            owing.add(identity)
            if one.since is not None:
                since.setdefault(identity, one.since)
    return frozenset(
        identity for identity in owing - come if identity not in since or since[identity] <= due.at
    )
