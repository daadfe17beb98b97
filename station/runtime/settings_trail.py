"""Keeps in the audit trail with which settings a station starts."""

import json
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from config.settings import Settings
from station.core.audit import AuditEntry, AuditKind, canonical, made_entry
from station.ledger.store import SqlLedger
from station.ledger.trail_rows import latest_entry, read_page

_DIGITS = 16
_SECRET = "password"  # noqa: S105 - part of an option's name


def newest_entry_at(ledger: SqlLedger) -> datetime | None:
    """Return when the trail was written last, by the clock of then; None if it is empty."""
    with ledger.reading_rows() as connection:
        newest = read_page(connection, before=None, count=1)
    return newest[0].entry.at if newest else None


def note_settings(
    ledger: SqlLedger, settings: Settings, now: datetime, *, taken_by: str = ""
) -> AuditEntry | None:
    """Add a step to the trail if the settings differ from those of the last start.

    It names the sections that differ and keeps a digest of each; passwords are left out.

    Returns:
        The step, or None if nothing differs.
    """
    sections = {name: _digest(value) for name, value in asdict(settings).items()}
    with ledger.reading_rows() as connection:
        latest = latest_entry(connection, AuditKind.SETTINGS)
    before: dict[str, str] = json.loads(latest.details)["sections"] if latest else {}
    if before == sections:
        return None
    changed = sorted(name for name in sections if before.get(name) != sections[name])
    details: dict[str, Any] = {"sections": sections, "changed": changed if before else ["all"]}
    if taken_by:
        details["taken_over_by"] = taken_by
    told = made_entry(now, None, AuditKind.SETTINGS, "")
    entry = AuditEntry(told.at, told.actor, told.role, told.kind, "", canonical(details))
    with ledger.changing(entry):
        pass
    return entry


def _digest(section: object) -> str:
    return sha256(canonical(_plain(section)).encode()).hexdigest()[:_DIGITS]


def _plain(value: object) -> Any:
    """Return a value as JSON knows it, without secrets."""
    if isinstance(value, dict):
        return {key: _plain(kept) for key, kept in value.items() if _SECRET not in str(key)}
    if isinstance(value, list | tuple):
        return [_plain(kept) for kept in value]
    if isinstance(value, bool | int | float | None):
        return value
    return str(value)
