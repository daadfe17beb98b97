"""What is asked after a confirmed fever: the journey, symptoms, medicines, exposure.

None of it says who somebody is; `station.core.identity` does, under rules of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class HubKind(StrEnum):
    """What kind of hub a station stands in; stored values are stable."""

    TRAIN = "train"
    """A railway station."""
    COACH = "coach"
    """A coach station."""
    FLIGHT = "flight"
    """An airport."""
    ROAD = "road"
    """A toll gate or a port for cars."""


class Field(StrEnum):
    """One thing that is asked; stored values are stable."""

    NUMBER = "number"
    """The train's, coach's or flight's number; on the road the plate."""
    CAR = "car"
    """The carriage."""
    SEAT = "seat"
    """The seat on the ticket."""
    SEAT_ACTUAL = "seat_actual"
    """Where the traveller really sat."""
    SYMPTOMS = "symptoms"
    """What ails them beside the fever."""
    MEDICINE = "medicine"
    """Whether they took something against fever within the last hours."""
    EXPOSURE = "exposure"
    """What they may have met."""


class Symptom(StrEnum):
    """A sign of illness beside the fever; stored values are stable."""

    COUGH = "cough"
    """Cough."""
    SORE_THROAT = "sore_throat"
    """Sore throat."""
    BREATHLESS = "breathless"
    """Short of breath."""
    ACHES = "aches"
    """Head or muscles ache."""
    DIARRHOEA = "diarrhoea"
    """Diarrhoea or vomiting."""
    RASH = "rash"
    """Rash."""


class Medicine(StrEnum):
    """Whether a medicine may hide the fever; stored values are stable."""

    NONE = "none"
    """Nothing taken."""
    TAKEN = "taken"
    """Something against fever was taken within the hours asked for."""
    UNKNOWN = "unknown"
    """The traveller does not know."""


class Exposure(StrEnum):
    """What a traveller may have met within two weeks; stored values are stable."""

    CASE = "case"
    """Somebody with a confirmed infection."""
    SICK_NEARBY = "sick_nearby"
    """Others with fever at home or on the way."""
    AREA = "area"
    """A place with an outbreak."""
    ANIMALS = "animals"
    """A market or farm with live animals."""


UNKNOWN = "?"
"""The answer of a traveller who does not know."""

_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Registration:
    """The answers. None, or an empty text, stands for a question that was not answered."""

    hub: HubKind
    """What kind of journey."""
    number: str = ""
    """Train, coach or flight number; on the road the plate."""
    car: str = ""
    """Carriage."""
    seat: str = ""
    """The seat on the ticket."""
    seat_actual: str = ""
    """Where the traveller really sat."""
    symptoms: tuple[Symptom, ...] | None = None
    """Signs beside the fever; empty if there are none."""
    medicine: Medicine | None = None
    """Whether a medicine may hide the fever."""
    medicine_hours: int = 0
    """The hours that `medicine` was asked for; 0 if it was not."""
    exposure: tuple[Exposure, ...] | None = None
    """What they may have met; empty if nothing."""

    def is_answered(self, field: Field) -> bool:
        """Whether a question has its answer."""
        answer = getattr(self, field.value)
        return answer is not None and answer != ""


def missing(registration: Registration, asked: Iterable[Field]) -> tuple[Field, ...]:
    """Return what was asked and not answered, in order."""
    return tuple(field for field in asked if not registration.is_answered(field))


def is_sound(registration: Registration) -> bool:
    """Whether the texts are short enough to be numbers of trains, cars and seats."""
    r = registration
    texts = (r.number, r.car, r.seat, r.seat_actual)
    return all(len(text) <= _LONGEST and text.isprintable() for text in texts)
