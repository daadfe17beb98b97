"""An identity as an alert carries it: sealed for the CDC, and bound to that one alert."""

from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from station.core.errors import KnownError
from station.core.identity import Identity, IdentityEntry, IdentityRule
from station.reporting.messages.alert import SealedPerson
from station.reporting.messages.envelope import Text
from station.reporting.sealing import Opening, Sealing


class Place(NamedTuple):
    """The alert that a sealed identity belongs to, and no other."""

    source: str
    """Its station, as the alert's `source`."""
    alert: UUID
    """Its id."""
    case: UUID
    """Its case."""


class _Inside(BaseModel):
    """What is sealed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: Text
    alert: UUID
    case: UUID
    rule: IdentityRule
    order_id: Text
    name: Text
    document: Text
    telephone: Text


class Opened(NamedTuple):
    """What was sealed."""

    identity: Identity
    """Who."""
    rule: IdentityRule
    """What allowed it to be taken and told."""
    order_id: str
    """The order's name; empty for a confirmed fever."""


def seal_person(key: Sealing, entry: IdentityEntry, place: Place) -> SealedPerson:
    """Return the part of an alert that only the CDC can open."""
    inside = _Inside(
        **place._asdict(),
        rule=entry.rule,
        order_id=entry.order_id,
        name=entry.identity.name,
        document=entry.identity.document,
        telephone=entry.identity.telephone,
    )
    return SealedPerson(jwe=key.seal(inside.model_dump_json()), delete_at=entry.delete_at)


def open_person(key: Opening, jwe: str, place: Place) -> Opened:
    """Return who is sealed there.

    Args:
        key: the CDC's private key or keys.
        jwe: what the alert carried.
        place: the alert that carried it.

    Raises:
        KnownError: if it was sealed for another key, altered, or moved from another alert.
    """
    try:
        inside = _Inside.model_validate_json(key.open(jwe))
    except ValidationError:
        # Never with its cause: that one shows what was sealed.
        raise KnownError("The sealed field holds no identity.") from None
    if Place(inside.source, inside.alert, inside.case) != place:
        raise KnownError(
            "The sealed identity belongs to another alert: somebody has moved it, so it is not "
            "shown. Tell whoever looks after the inbox."
        )
    identity = Identity(inside.name, inside.document, inside.telephone)
    return Opened(identity, inside.rule, inside.order_id)
