"""What could not be stored as an alert: poison, kept once, and messages of a newer version."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from station.cdc.database import insert_into
from station.cdc.tables import newer, poison


class AsideReason(NamedTuple):
    """Why messages were set aside, and how many."""

    reason: str
    messages: int
    """Different ones."""
    times: int
    """How often they came."""
    last_at: str
    """When last, as stored."""


class Unread(NamedTuple):
    """A message of a newer version, as it came."""

    position: int
    topic: str
    raw: bytes
    received_at: datetime


def write_poison(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Keep each message once, and count how often it came.

    Args:
        connection: within a transaction.
        rows: `topic`, `raw`, `report_id`, `reason` and `received_at` of each.
    """
    by_digest: dict[str, dict[str, Any]] = {}
    for row in rows:
        digest = sha256(row["topic"].encode() + b"\0" + row["raw"]).hexdigest()
        values = {**row, "digest": digest, "times": 1, "last_at": row["received_at"]}
        if digest in by_digest:
            by_digest[digest]["times"] += 1
        else:
            by_digest[digest] = values
    if not by_digest:
        return
    insert = insert_into(connection, poison)
    counted = insert.on_conflict_do_update(
        index_elements=[poison.c.digest],
        set_={
            "times": poison.c.times + insert.excluded.times,
            "last_at": insert.excluded.last_at,
            # The program may say it better by now.
            "reason": insert.excluded.reason,
        },
    )
    connection.execute(counted, list(by_digest.values()))


def poison_by_reason(connection: Connection, limit: int) -> list[AsideReason]:
    """Return the reasons, the one with the most messages first."""
    messages = func.count().label("messages")
    query = (
        select(poison.c.reason, messages, func.sum(poison.c.times), func.max(poison.c.last_at))
        .group_by(poison.c.reason)
        .order_by(messages.desc(), poison.c.reason)
        .limit(limit)
    )
    return [AsideReason(row[0], row[1], int(row[2]), row[3]) for row in connection.execute(query)]


def unread_after(connection: Connection, position: int, limit: int) -> list[Unread]:
    """Return the next messages of a newer version, the oldest first."""
    query = (
        select(newer.c.position, newer.c.topic, newer.c.raw, newer.c.received_at)
        .where(newer.c.position > position)
        .order_by(newer.c.position)
        .limit(limit)
    )
    return [
        Unread(at, topic, raw, datetime.fromisoformat(received_at))
        for at, topic, raw, received_at in connection.execute(query)
    ]
