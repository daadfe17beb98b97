"""What the audit trail tells of a salvage: which rows are missing, and why that is no forgery."""

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from station.core.audit import (
    AuditEntry,
    AuditHead,
    AuditKind,
    canonical,
)
from station.core.people import Person
from station.core.salvage import SalvageExtent, SalvageTold
from station.ledger.missing import Missing, Span, read_missing, spans_of
from station.ledger.trail import CHAINED, head_of, write_row
from station.ledger.types import stored_time

# More would make a row of the trail long; how many rows are gone is told all the same.
_MOST_SPANS = 200
_NEVER_CUT = frozenset({"audit", *CHAINED})


def append_entry(
    session: Connection, told: SalvageTold, missing: Missing, witness: AuditHead | None
) -> None:
    """Add the row that tells of a salvage, behind everything that the trail is known to have had.

    Args:
        session: with the new ledger, in a transaction.
        told: what became of the old one.
        missing: which rows.
        witness: the trail's last head that is known from beside the ledger.
    """
    head = head_of(session)
    if witness is not None and (head is None or witness.number > head.number):
        head = witness
    entries = [salvage_entry(told, missing)]
    if head is None:
        covers = dict.fromkeys(CHAINED, 0)
        begun = canonical({"not covered": covers})
        entries.insert(0, AuditEntry(told.at, "station", "", AuditKind.CHAIN_BEGUN, "", begun))
    for entry in entries:
        head = write_row(session, head, entry)


def read_salvage(entry: AuditEntry) -> SalvageTold:
    """Return what a row of the trail tells of a salvage.

    Raises:
        ValueError: if it does not tell that.
    """
    try:
        told: dict[str, Any] = json.loads(entry.details)
        return SalvageTold(
            at=_time(told.get("set_aside_at")) or entry.at,
            kept_as=entry.subject,
            extent=SalvageExtent(told["extent"]),
            carried=told["carried"],
            gone=told["gone"],
            waiting=told["waiting"],
            unfinished=told["unfinished"],
            whole_until=_time(told["whole_until"]),
            messages_until=_time(told["messages_until"]),
            lost_cases=tuple(told.get("lost_cases", ())),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no salvage: {entry.details}") from error


def missing_before(connection: sqlite3.Connection) -> Missing:
    """Return what earlier salvages have told as missing."""
    query = "SELECT details FROM audit WHERE kind = ? ORDER BY number"
    found = connection.execute(query, (AuditKind.SALVAGE.value,))
    return read_missing(details for (details,) in found)


def unchained_records(connection: sqlite3.Connection) -> dict[str, list[Span]]:
    """Return the records whose rows of the trail are not there."""
    covered: dict[str, int] = {}
    query = "SELECT details FROM audit WHERE kind = ? ORDER BY number LIMIT 1"
    for (details,) in connection.execute(query, (AuditKind.CHAIN_BEGUN.value,)):
        covered = json.loads(details)["not covered"]
    found = {}
    for name, (kind, key) in CHAINED.items():
        rows = connection.execute("SELECT details FROM audit WHERE kind = ?", (kind.value,))
        told = {json.loads(details).get("id") for (details,) in rows}
        after = covered.get(name, 0)
        query = f"SELECT {key} FROM {name} WHERE {key} > ?"  # noqa: S608 - our names
        stored = {number for (number,) in connection.execute(query, (after,))}
        if spans := spans_of(stored - told):
            found[name] = spans
    return found


def salvage_entry(
    told: SalvageTold, missing: Missing, person: Person | None = None, at: datetime | None = None
) -> AuditEntry:
    """Return the row that tells of a salvage.

    Args:
        told: what became of the damaged ledger.
        missing: which rows.
        person: who did it; None for the station itself.
        at: when, if not when the damaged ledger was set aside.
    """
    spans = {
        name: each if name in _NEVER_CUT else each[:_MOST_SPANS]
        for name, each in missing.told.items()
        if each
    }
    details = {
        "extent": told.extent.value,
        "carried": dict(told.carried),
        "gone": dict(told.gone),
        "waiting": told.waiting,
        "unfinished": told.unfinished,
        "whole_until": told.whole_until and stored_time(told.whole_until),
        "messages_until": told.messages_until and stored_time(told.messages_until),
        "missing": spans,
        "unchained": dict(missing.unchained),
        "lost_cases": told.lost_cases,
    }
    if missing.found:
        details["found_again"] = dict(missing.found)
    if at is not None:
        details["set_aside_at"] = stored_time(told.at)
    actor, role = (person.name, person.role.value) if person else ("station", "")
    words = canonical(details)
    return AuditEntry(at or told.at, actor, role, AuditKind.SALVAGE, told.kept_as, words)


def _time(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored).astimezone(UTC)
