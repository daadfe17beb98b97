"""Messages that the page cannot show: of a newer version, or set aside lately."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from station.cdc.tables import newer, poison
from station.cdc.times import from_text, to_text
from station.reporting.topics import StationIdentity

LATELY = timedelta(hours=24)
"""How long a message that was set aside is told; `fever-station cdc list` tells all."""

_MOST_LINES = 20
_LONGEST_TOPIC = 100


class UnreadLine(NamedTuple):
    """Messages from one place, for one reason."""

    place: str
    """The station, or the topic if it is none of a station."""
    messages: int
    """How many different ones."""
    last_at: datetime
    """When the last one came, aware."""
    reason: str = ""
    """Why they were set aside; empty for a newer version."""
    station: StationIdentity | None = None
    """The station, if the place is one's."""


class UnreadMessages(NamedTuple):
    """What came and cannot be shown."""

    newer: int
    """Messages of a newer version: they may be alerts."""
    newer_lines: tuple[UnreadLine, ...]
    """From where, the last first; not all if there are many."""
    aside: int
    """Messages set aside lately: damaged, or not believed."""
    aside_lines: tuple[UnreadLine, ...]
    """From where and why, the last first; not all if there are many."""


def unread_messages(connection: Connection, now: datetime) -> UnreadMessages:
    """Return what the page cannot show.

    Args:
        connection: inside one transaction.
        now: aware.
    """
    count, last = func.count(), func.max(newer.c.received_at).label("last")
    newer_rows = connection.execute(
        select(newer.c.topic, count, last)
        .group_by(newer.c.topic)
        .order_by(last.desc())
        .limit(_MOST_LINES)
    )
    is_late = poison.c.last_at >= to_text(now - LATELY)
    last = func.max(poison.c.last_at).label("last")
    aside_rows = connection.execute(
        select(poison.c.topic, count, last, poison.c.reason)
        .where(is_late)
        .group_by(poison.c.topic, poison.c.reason)
        .order_by(last.desc())
        .limit(_MOST_LINES)
    )
    return UnreadMessages(
        connection.scalar(select(count).select_from(newer)) or 0,
        tuple(_line(row[0], row[1], row[2]) for row in newer_rows),
        connection.scalar(select(count).select_from(poison).where(is_late)) or 0,
        tuple(_line(*row) for row in aside_rows),
    )


def _line(topic: str, messages: int, last_at: str, reason: str = "") -> UnreadLine:
    station = StationIdentity.from_topic(topic)
    if station is None:
        return UnreadLine(topic[:_LONGEST_TOPIC], messages, from_text(last_at), reason)
    place = f"{station.station} · {station.site} · {station.region}"
    return UnreadLine(place, messages, from_text(last_at), reason, station)
