"""A shift handed over from one lead to the next: what is open, and who gave and who took it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from station.core.audit import AuditEntry, AuditKind, Detail, made_entry
from station.core.cases import CaseRefused, Refusal
from station.core.people import Person
from station.core.stages import CaseStage
from station.core.threshold_change import ThresholdStanding

LONGEST_NOTE = 120
"""Characters of a note; chosen: a sentence or two, no record of a traveller."""
OFFER_HOLDS = timedelta(hours=1)
"""A shift that nobody has taken over for so long has to be handed over anew; chosen."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case in which something is left to do."""

    number: int
    """Its short number."""
    stage: CaseStage
    """What is due."""
    late_since: datetime | None
    """By when that had to be done, aware, UTC; None while it is in time."""


@dataclass(frozen=True, slots=True)
class DeviceTrouble:
    """A device that staff cannot rely on."""

    device_id: str
    """Its name."""
    is_lost: bool
    """Whether it is lost; what it says is doubted otherwise."""


@dataclass(frozen=True, slots=True)
class ShiftMatters:
    """What the station knows to be open."""

    cases: tuple[OpenCase, ...] = ()
    """The late ones first, then by number."""
    waiting: int = 0
    """Alerts without the CDC's receipt."""
    oldest_waiting_at: datetime | None = None
    """Since when the oldest of them waits, aware, UTC."""
    set_aside: int = 0
    """Alerts that the CDC rejected."""
    devices: tuple[DeviceTrouble, ...] = ()
    """Devices in doubt or lost."""
    unchecked: tuple[str, ...] = ()
    """Thermometers without a daily check that passed and still holds."""
    threshold: ThresholdStanding | None = None
    """The skin threshold, if people have changed it."""

    @property
    def late(self) -> int:
        """How many cases are late."""
        return sum(case.late_since is not None for case in self.cases)


@dataclass(frozen=True, slots=True)
class ShiftOffer:
    """A shift that waits for the lead who comes."""

    offer_id: UUID
    """Its key."""
    by: str
    """Who leaves."""
    at: datetime
    """Since when, aware, UTC."""
    note: str
    """What they say; may be empty."""


@dataclass(frozen=True, slots=True)
class ShiftHandover:
    """A shift that was handed over, as the audit trail keeps it."""

    at: datetime
    """When, aware, UTC."""
    handed_by: str
    """Who left."""
    taken_by: str
    """Who came; empty where nobody signs in."""
    note: str
    """What was said; may be empty."""
    open_cases: int
    """Cases that were open."""
    late_cases: int
    """Those of them that were late."""
    waiting: int
    """Alerts that had no receipt."""
    devices: int
    """Devices in doubt or lost."""
    unchecked: int
    """Thermometers that were not checked."""


@dataclass(frozen=True, slots=True)
class ShiftStanding:
    """Everything that a hand-over is about."""

    matters: ShiftMatters
    """What is open."""
    offer: ShiftOffer | None = None
    """What waits for the lead who comes."""
    latest: ShiftHandover | None = None
    """The latest hand-over."""


def sound_note(note: str) -> str:
    """Return a note as it is kept.

    Raises:
        CaseRefused: if it is too long, or has characters that nobody can read.
    """
    kept = note.strip()
    if len(kept) > LONGEST_NOTE or not kept.isprintable():
        raise CaseRefused(
            Refusal.OTHER, f"Write the note in one line of up to {LONGEST_NOTE} characters."
        )
    return kept


def check_taking(
    offer: ShiftOffer | None, offer_id: UUID, person: Person, now: datetime
) -> ShiftOffer:
    """Return the offer by which a person may take the shift over.

    Raises:
        CaseRefused: if it does not wait any more, or it is their own.
    """
    offer = still_good(offer, now)
    if offer is None or offer.offer_id != offer_id:
        raise CaseRefused(
            Refusal.NO_OFFER, "This hand-over does not wait any more: hand the shift over anew."
        )
    if offer.by == person.name:
        raise CaseRefused(
            Refusal.SAME_PERSON,
            f"{person.name} hands this shift over, and somebody else has to take it.",
        )
    return offer


def still_good(offer: ShiftOffer | None, now: datetime) -> ShiftOffer | None:
    """Return an offer while it can be taken."""
    return offer if offer is not None and now - offer.at <= OFFER_HOLDS else None


def entry_of(
    offer: ShiftOffer, taker: Person, matters: ShiftMatters, at: datetime, *, is_shared: bool
) -> AuditEntry:
    """Return the one step of the audit trail that tells of a hand-over.

    Args:
        offer: who leaves, and what they say.
        taker: who takes the shift over; where nobody signs in, whoever wrote the note.
        matters: what is open, by the station's own figures.
        at: aware, UTC.
        is_shared: whether two people did it.
    """
    told: dict[str, Detail] = {
        "did": "hand_over",
        "handed_by": offer.by,
        "taken_by": taker.name if is_shared else "",
        "offered_at": offer.at.isoformat(),
        "note": offer.note,
        "open_cases": len(matters.cases),
        "late_cases": matters.late,
        "waiting": matters.waiting,
        "set_aside": matters.set_aside,
        "devices": len(matters.devices),
        "unchecked": len(matters.unchecked),
    }
    if matters.oldest_waiting_at is not None:
        told["oldest_waiting_at"] = matters.oldest_waiting_at.isoformat()
    if matters.threshold is not None:
        told["threshold_c"] = matters.threshold.in_force_c
    return made_entry(at, taker, AuditKind.SHIFT, offer.by, **told)


def handover_of(entry: AuditEntry) -> ShiftHandover:
    """Return the hand-over that a step of the audit trail tells of."""
    told = json.loads(entry.details)
    return ShiftHandover(
        at=entry.at,
        handed_by=told["handed_by"],
        taken_by=told["taken_by"],
        note=told["note"],
        open_cases=told["open_cases"],
        late_cases=told["late_cases"],
        waiting=told["waiting"],
        devices=told["devices"],
        unchecked=told["unchecked"],
    )
