"""Who a traveller is: taken only after a flag and under a rule, kept only as long as it says."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

from station.core.cases import Case, CaseRefused, CaseState, Refusal

LONGEST_IDENTITY = 64
"""Characters of each field; more is no name."""


class IdentityField(StrEnum):
    """One thing that tells who somebody is; stored values are stable."""

    NAME = "name"
    """The name."""
    DOCUMENT = "document"
    """Number of the identity card or passport."""
    TELEPHONE = "telephone"
    """A number under which they can be reached."""


class IdentityRule(StrEnum):
    """What allows an identity to be taken; stored values are stable."""

    CONFIRMED = "confirmed"
    """The second check confirmed the fever."""
    ORDER = "order"
    """A dated order of the health authority, loaded into the station."""


@dataclass(frozen=True, slots=True)
class CollectionOrder:
    """An order to take identities of flagged travellers also without a confirmed fever."""

    order_id: str
    """Its name, stored with every identity taken under it."""
    legal_basis: str
    """What it stands on."""
    signed_by: str
    """The office."""
    valid_from: date
    """First day in force."""
    valid_until: date
    """Last day in force."""
    fields: tuple[IdentityField, ...]
    """What may be taken."""
    keep_days: int
    """How long it may be kept."""
    share_with_cdc: bool = False
    """Whether the CDC is told, sealed."""

    def is_in_force(self, day: date) -> bool:
        """Whether the order covers `day`."""
        return self.valid_from <= day <= self.valid_until


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as far as it was asked; empty texts were not."""

    name: str = ""
    """The name."""
    document: str = ""
    """Number of the identity card or passport."""
    telephone: str = ""
    """Telephone."""

    def given(self) -> frozenset[IdentityField]:
        """Return what was asked."""
        return frozenset(IdentityField(f.name) for f in fields(self) if getattr(self, f.name))


@dataclass(frozen=True, slots=True)
class IdentityPermit:
    """The rule that allows an identity, and how far."""

    rule: IdentityRule
    """Which kind."""
    order_id: str
    """The order's name; empty for a confirmed fever."""
    fields: tuple[IdentityField, ...]
    """What may be taken."""
    keep_days: int
    """How long it may be kept."""
    share_with_cdc: bool = False
    """Whether the CDC is told, sealed."""


@dataclass(frozen=True, slots=True)
class IdentityEntry:
    """An identity as the ledger keeps it, with the rule that allows it."""

    case_id: UUID
    """Whose case."""
    identity: Identity
    """Who."""
    rule: IdentityRule
    """What allows it."""
    order_id: str
    """The order's name; empty for a confirmed fever."""
    recorded_at: datetime
    """When, aware, UTC."""
    delete_at: datetime
    """When it is deleted, aware, UTC."""
    is_shared: bool = False
    """Whether its rule lets the CDC be told, sealed."""


@dataclass(frozen=True, slots=True)
class IdentityRules:
    """What a station may take."""

    fields: tuple[IdentityField, ...] = ()
    """What is taken of travellers with a confirmed fever; none takes no identity."""
    keep_days: int = 14
    """How long that is kept."""
    orders: tuple[CollectionOrder, ...] = ()
    """Loaded orders, in force or not."""
    share_with_cdc: bool = False
    """Whether the CDC is told, sealed, who has a confirmed fever; each order says it for itself."""


def permit_for(
    case: Case, at: datetime, rules: IdentityRules, zone: tzinfo = UTC
) -> IdentityPermit | None:
    """Return the rule that allows this case's identity at a moment, or None.

    A case is open only after a flag or a check by hand; somebody who was cleared is nobody's
    business any more, order or not. The ledger's own rule counts days in UTC: an order holds while
    the site's day and the ledger's both lie within it, so never longer than it says.

    Args:
        case: whose identity.
        at: when it is taken, aware.
        rules: what the station may take.
        zone: the site's time zone.
    """
    if case.is_finished or case.state is CaseState.CLEARED:
        return None
    if case.state is CaseState.CONFIRMED and rules.fields:
        return IdentityPermit(
            IdentityRule.CONFIRMED, "", rules.fields, rules.keep_days, rules.share_with_cdc
        )
    days = (at.astimezone(zone).date(), at.astimezone(UTC).date())
    for order in rules.orders:
        if all(order.is_in_force(day) for day in days) and order.fields:
            return IdentityPermit(
                IdentityRule.ORDER,
                order.order_id,
                order.fields,
                order.keep_days,
                order.share_with_cdc,
            )
    return None


def admit(
    case: Case, identity: Identity, rules: IdentityRules, *, at: datetime, zone: tzinfo = UTC
) -> IdentityEntry | None:
    """Return what the ledger keeps, or None if nothing was asked.

    Args:
        case: whose identity.
        identity: what was asked.
        rules: what the station may take.
        at: when, aware.
        zone: the site's time zone.

    Raises:
        CaseRefused: if no rule allows what was taken.
    """
    given = identity.given()
    if not given:
        return None
    permit = permit_for(case, at, rules, zone)
    if permit is None or not given <= set(permit.fields):
        raise CaseRefused(
            Refusal.NO_RULE,
            f"No rule allows this identity for case {case.number}: leave it empty, or load an "
            "order that does.",
        )
    if not _is_sound(identity.name, identity.document, identity.telephone):
        raise CaseRefused(
            Refusal.OTHER, f"Up to {LONGEST_IDENTITY} printable characters in each field."
        )
    delete_at = at + timedelta(days=permit.keep_days)
    return IdentityEntry(
        case.case_id,
        identity,
        permit.rule,
        permit.order_id,
        at,
        delete_at,
        permit.share_with_cdc,
    )


def _is_sound(*texts: str) -> bool:
    return all(len(text) <= LONGEST_IDENTITY and (not text or text.isprintable()) for text in texts)
