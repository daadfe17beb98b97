"""Settings of what happens to flagged travellers: second check, registration, hand-over."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

FieldName = Literal["number", "car", "seat", "seat_actual", "symptoms", "medicine", "exposure"]
IdentityName = Literal["name", "document", "telephone"]


@dataclass(frozen=True, slots=True)
class SecondCheckSettings:
    """When a second check may end."""

    max_difference_c: float
    """Two second readings further apart disagree: an ear or contact thermometer must decide."""
    strong_flag_c: float
    """A flag so far above the skin threshold is not cleared by forehead readings alone."""
    rest_s: float
    """How long everybody who was flagged rests before the second reading."""
    picture_s: float
    """How long the small picture of a waiting traveller is kept."""


@dataclass(frozen=True, slots=True)
class DeadlineSettings:
    """Minutes after which a case that waits for something is told to staff; 0 for never."""

    reading: float
    """For a second reading."""
    contact: float
    """For the reading of an ear or contact thermometer."""
    verdict: float
    """For the verdict."""
    registration: float
    """For the registration."""
    isolation: float
    """For the way to the isolation room."""
    request: float
    """For the call to the emergency service."""
    acceptance: float
    """For its word that it comes."""
    departure: float
    """For its departure."""
    arrival: float
    """For its arrival at the clinic."""
    outcome: float
    """For what the clinic found."""


@dataclass(frozen=True, slots=True)
class RegistrationSettings:
    """What is asked after a confirmed fever."""

    hub: Literal["train", "coach", "flight", "road"]
    """What kind of hub this is."""
    train: tuple[FieldName, ...]
    """What is asked of a train's passengers."""
    coach: tuple[FieldName, ...]
    """What is asked of a coach's passengers."""
    flight: tuple[FieldName, ...]
    """What is asked of a flight's passengers."""
    road: tuple[FieldName, ...]
    """What is asked of people in cars."""
    services: tuple[str, ...]
    """Numbers of trains, coaches or flights that arrive here, to choose from."""
    medicine_hours: int
    """Medicines are asked for within so many hours."""
    identity: tuple[IdentityName, ...]
    """Who they are, asked after a confirmed fever; an empty list asks nobody."""
    identity_days: int
    """How long that is kept."""
    share_with_cdc: bool
    """Whether the CDC is told, sealed with its key, who has a confirmed fever."""


@dataclass(frozen=True, slots=True)
class CollectionOrderSettings:
    """A dated order to take identities of flagged travellers without a confirmed fever."""

    order_id: str
    """Its name; a changed order needs another one."""
    legal_basis: str
    """What it stands on."""
    signed_by: str
    """The office."""
    valid_from: date
    """First day in force."""
    valid_until: date
    """Last day in force."""
    fields: tuple[IdentityName, ...]
    """What may be taken."""
    keep_days: int
    """How long it may be kept."""
    share_with_cdc: bool = False
    """Whether the order lets the CDC be told, sealed with its key."""


@dataclass(frozen=True, slots=True)
class ClinicSettings:
    """A fever clinic near the hub."""

    name_zh: str
    """Its name in Chinese."""
    name_en: str
    """Its name in English."""
    address_zh: str
    """Where it is, in Chinese."""
    address_en: str
    """Where it is, in English."""
    telephone: str
    """Its number."""


@dataclass(frozen=True, slots=True)
class HandOverSettings:
    """Whom staff call."""

    emergency: str
    """The emergency service."""
    duty_desk: str
    """Telephone number of the CDC's duty desk; empty if none is known."""
    receipt_alarm_s: float
    """Alerts without the CDC's receipt for so long are told to the duty desk by telephone."""
    site_name: str
    """The hub's name on printed pages; empty takes `station.site`."""
