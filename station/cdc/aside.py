"""What could not be stored as an alert: poison, kept once, and messages of a newer version."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from station.cdc.database import insert_into, is_one_of
from station.cdc.tables import newer, poison

MOST_SET_ASIDE = 10_000
"""So many refused messages are kept, at most 64 KiB each; later ones are only logged."""


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
    signature: str | None


def write_poison(
    connection: Connection, rows: Iterable[dict[str, Any]], *, is_bounded: bool = True
) -> None:
    """Keep each message once, and count how often it came.

    Args:
        connection: within a transaction.
        rows: `topic`, `raw`, `report_id`, `reason` and `received_at` of each.
        is_bounded: whether only as many are kept as there is room for.
    """
    by_digest: dict[str, dict[str, Any]] = {}
    for row in rows:
        digest = sha256(row["topic"].encode() + b"\0" + row["raw"]).hexdigest()
        values = {**row, "digest": digest, "times": 1, "last_at": row["received_at"]}
        if digest in by_digest:
            by_digest[digest]["times"] += 1
        else:
            by_digest[digest] = values
    if is_bounded:
        by_digest = _with_room(connection, by_digest)
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


def write_newer(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Keep messages of a newer version, each once; a signed one replaces its unsigned copy.

    A station that was given its key meanwhile sends the same message again, signed. The copy
    without a signature will not be believed when it is read: the signed one must not yield to it.
    """
    if not rows:
        return
    insert = insert_into(connection, newer)
    is_better = newer.c.signature.is_(None) & insert.excluded.signature.is_not(None)
    signed = insert.on_conflict_do_update(
        index_elements=[newer.c.topic, newer.c.report_id],
        set_={"raw": insert.excluded.raw, "signature": insert.excluded.signature},
        where=is_better,
    )
    connection.execute(signed, rows)


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
    columns = (newer.c.position, newer.c.topic, newer.c.raw, newer.c.received_at)
    query = (
        select(*columns, newer.c.signature)
        .where(newer.c.position > position)
        .order_by(newer.c.position)
        .limit(limit)
    )
    return [
        Unread(at, topic, raw, datetime.fromisoformat(received_at), signature)
        for at, topic, raw, received_at, signature in connection.execute(query)
    ]


def _with_room(
    connection: Connection, by_digest: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return those that there is room for: a flood of forged messages must not fill the disk."""
    if not by_digest:
        return {}
    column = poison.c.digest
    known = set(connection.scalars(select(column).where(is_one_of(connection, column, by_digest))))
    count = connection.scalar(select(func.count()).select_from(poison)) or 0
    new = [digest for digest in by_digest if digest not in known]
    full = set(new[max(0, MOST_SET_ASIDE - count) :])
    return {digest: row for digest, row in by_digest.items() if digest not in full}
