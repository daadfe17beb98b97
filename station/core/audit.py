"""The audit trail: a chain in which each row carries the digest of the one before it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from station.core.people import Person

_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)

FIRST_PREVIOUS = "0" * 64
"""What the first row carries instead of a digest."""

Detail = str | int | float | bool | None
"""What a detail of a row may be."""


class AuditKind(StrEnum):
    """What a row of the trail is about; stored values are stable."""

    CHAIN_BEGUN = "chain_begun"
    """The chain began; what was recorded before is not covered."""
    CASE = "case"
    """A step of a case."""
    DEVICE_CHECK = "device_check"
    """A thermometer's daily check."""
    ACCOUNT = "account"
    """An account was made or changed."""
    SIGN_IN = "sign_in"
    """Somebody signed in or out, or was refused."""
    THRESHOLD = "threshold"
    """A change of the threshold was proposed, confirmed or withdrawn."""
    SHIFT = "shift"
    """A shift was handed over or accepted."""
    ROOM = "room"
    """Somebody measured the room."""
    REPORT = "report"
    """Somebody sent a day's figures."""
    SETTINGS = "settings"
    """The station started with other settings than before."""
    DEVICE = "device"
    """A device's set point or calibration was changed."""
    SALVAGE = "salvage"
    """A damaged ledger was set aside; rows that could not be read are missing before this one."""
    SIMULATION = "simulation"
    """Somebody put a fault into simulated devices, sent people, or set what else is made up."""
    COPY = "copy"
    """Somebody took a backup, a support bundle or a table out of the station, or restored one."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One step for the trail."""

    at: datetime
    """When, aware, UTC."""
    actor: str
    """Who: an account's name, `cli:` and the machine's user, `kiosk`, or `station`."""
    role: str
    """Their role's stored value; empty for the station itself."""
    kind: AuditKind
    """What it is about."""
    subject: str
    """Whom or what it is about: a case's number, an account's name."""
    details: str
    """What was done, as canonical JSON."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the chain."""

    number: int
    """Counts from 1 without gaps."""
    entry: AuditEntry
    """The step."""
    previous: str
    """Digest of the row before, in hexadecimal digits."""
    digest: str
    """This row's."""


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The newest row of a chain, kept elsewhere as a witness."""

    number: int
    """Its number."""
    digest: str
    """Its digest."""


class ChainFault(StrEnum):
    """What is wrong with a chain."""

    MISSING = "missing"
    """The row is not there."""
    ALTERED = "altered"
    """The row does not fit its digest."""
    EXCHANGED = "exchanged"
    """The row fits its own digest, and not the row before it."""
    CUT_OFF = "cut_off"
    """A witness knows this row, and the chain ends before it."""
    REWRITTEN = "rewritten"
    """A witness knows another digest of this row: it, or any row before it, was written anew."""
    DAMAGED = "damaged"
    """The row could not be read any more when a damaged ledger was salvaged: the chain says so."""
    UNCHAINED = "unchained"
    """A record that the row tells of was changed, added or deleted beside the chain."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The first fault of a chain."""

    fault: ChainFault
    """What is wrong."""
    number: int
    """At which row."""
    text: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which rows of the trail."""

    kind: AuditKind | None = None
    """Only about this."""
    text: str = ""
    """Only with this in who did it, the subject or the details; in letters of either case."""


EVERY_ROW = TrailFilter()
"""Leaves no row out."""


@dataclass(frozen=True, slots=True)
class TrailVerdict:
    """Whether the trail is whole."""

    head: AuditHead | None
    """Its newest row."""
    finding: Finding | None
    """The first fault; None if it is whole."""


def made_entry(
    at: datetime, person: Person | None, kind: AuditKind, subject: str, **details: Detail
) -> AuditEntry:
    """Return a step of the trail.

    Args:
        at: aware, UTC.
        person: who did it; None for the station itself.
        kind: what it is about.
        subject: whom or what.
        details: what was done.
    """
    actor, role = (person.name, person.role.value) if person else ("station", "")
    return AuditEntry(at, actor, role, kind, subject, canonical(details))


def canonical(details: object) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces."""
    return _CANONICAL.encode(details)


def digest_of(number: int, entry: AuditEntry, previous: str) -> str:
    """Return a row's digest: SHA-256 over the previous digest and the row's canonical bytes."""
    told = {
        "number": number,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "role": entry.role,
        "kind": entry.kind.value,
        "subject": entry.subject,
        "details": entry.details,
    }
    return sha256(f"{previous}\n{canonical(told)}".encode()).hexdigest()


def next_row(head: AuditHead | None, entry: AuditEntry) -> AuditRow:
    """Return the row that follows the head of a chain."""
    number = head.number + 1 if head else 1
    previous = head.digest if head else FIRST_PREVIOUS
    return AuditRow(number, entry, previous, digest_of(number, entry, previous))


def first_fault(
    rows: Iterable[AuditRow],
    witnesses: Iterable[AuditHead] = (),
    gone: Sequence[tuple[int, int]] = (),
) -> Finding | None:
    """Return the first fault of a chain, or None if it is whole.

    Args:
        rows: the chain by its numbers.
        witnesses: heads that were kept elsewhere.
        gone: first and last numbers of rows of which the chain itself tells that they could not be
            read; that they are missing is only a fault if there is no other.
    """
    known = {head.number: head.digest for head in witnesses}
    return next(_faults(rows, known, gone), None) or _damaged(gone)


def _damaged(gone: Sequence[tuple[int, int]]) -> Finding | None:
    if not gone:
        return None
    ordered = sorted(gone)
    told = ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ordered)
    return Finding(
        ChainFault.DAMAGED,
        ordered[0][0],
        f"The audit trail is broken where a damaged ledger could not be read: rows {told} are "
        "missing; all the others are whole.",
    )


def _faults(
    rows: Iterable[AuditRow], witnessed: dict[int, str], gone: Sequence[tuple[int, int]]
) -> Iterator[Finding]:
    head = AuditHead(0, FIRST_PREVIOUS)
    for row in rows:
        head = _behind(head, row, witnessed, gone)
        expected = head.number + 1
        if row.number != expected:
            text = f"Row {expected} of the audit trail is missing."
            yield Finding(ChainFault.MISSING, expected, text)
        if row.digest != digest_of(row.number, row.entry, row.previous):
            text = f"Row {row.number} of the audit trail was altered: it does not fit its digest."
            yield Finding(ChainFault.ALTERED, row.number, text)
        if row.previous != head.digest:
            text = (
                f"Row {row.number} of the audit trail was exchanged, or the row before it: "
                "they do not fit together."
            )
            yield Finding(ChainFault.EXCHANGED, row.number, text)
        if witnessed.get(row.number, row.digest) != row.digest:
            text = (
                f"The audit trail was written anew: a witness of row {row.number} knows another "
                "digest, so that this row or any before it is not what it was."
            )
            yield Finding(ChainFault.REWRITTEN, row.number, text)
        head = AuditHead(row.number, row.digest)
    for number in sorted(witnessed):
        if number > head.number:
            text = (
                f"The audit trail was cut off after row {head.number}: "
                f"a witness knows row {number}."
            )
            yield Finding(ChainFault.CUT_OFF, head.number + 1, text)


def _behind(
    head: AuditHead, row: AuditRow, witnessed: dict[int, str], gone: Sequence[tuple[int, int]]
) -> AuditHead:
    """Return the head before a row: behind rows that could not be read, the one that it names."""
    number = head.number + 1
    while number < row.number:
        last = next((last for first, last in gone if first <= number <= last), None)
        if last is None:
            return head
        number = min(last, row.number - 1) + 1
    if number == head.number + 1:
        return head
    return AuditHead(row.number - 1, witnessed.get(row.number - 1, row.previous))
