"""What the audit trail keeps of copies: who took data out of the station or put it back."""

from datetime import datetime
from enum import StrEnum

from station.core.audit import AuditEntry, AuditKind, Detail, made_entry
from station.core.commands import Command
from station.core.people import Person
from station.core.questions import ExportAudit, ExportPassages
from station.core.service_commands import MakeBackup, MakeBundle


class Copied(StrEnum):
    """What was copied; stored values are stable."""

    BACKUP = "backup"
    """The ledger and the site file, sealed."""
    SUPPORT_BUNDLE = "support_bundle"
    """How the devices stand and the log, without personal data."""
    PASSAGES = "passages"
    """Passages as a table."""
    AUDIT_TRAIL = "audit_trail"
    """The audit trail as a table."""


class CopyDeed(StrEnum):
    """What was done with a copy; stored values are stable."""

    BEGUN = "begun"
    """Somebody asked for it; it is written from now on."""
    MADE = "made"
    """It is whole."""
    FAILED = "failed"
    """It could not be written."""
    RESTORED = "restored"
    """It is the ledger from now on."""


def copied_by(command: Command) -> Copied | None:
    """Return what a command copies out of the station, if it does."""
    match command:
        case MakeBackup():
            return Copied.BACKUP
        case MakeBundle():
            return Copied.SUPPORT_BUNDLE
        case ExportPassages():
            return Copied.PASSAGES
        case ExportAudit():
            return Copied.AUDIT_TRAIL
        case _:
            return None


def copy_entry(
    at: datetime, person: Person, what: Copied, did: CopyDeed, **more: Detail
) -> AuditEntry:
    """Return the step of the trail; it never says in which folder a copy lies.

    Args:
        at: aware, UTC.
        person: who did it.
        what: what was copied.
        did: what was done with it.
        more: what else the trail should know, as the number of rows.
    """
    return made_entry(at, person, AuditKind.COPY, what.value, did=did.value, **more)
