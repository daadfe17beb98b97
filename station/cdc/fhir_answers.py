"""The traveller's journey and answers, and what the clinic found, as FHIR R4 resources.

The journey has the codes of HL7's profile "US Public Health Transportation Details" (Public Health
Profiles Library 1.0.0, for R4). For kinds of vehicle, carriages and seats no codes were found that
could be verified: these are our own. Where the journey began and ends is not asked at a station, so
it is not told.
"""

from typing import Any, Final

from station.core.cases import CaseOutcome
from station.core.registration import UNKNOWN, Medicine
from station.reporting.messages.alert import RegistrationData

Resource = dict[str, Any]
"""A resource, or a part of one, as JSON."""

CODES: Final = "urn:org.fever-station:codes"
"""Our own code system."""

_ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_INTERPRETATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_TRANSPORT: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActClass",
    "code": "TRNS",
    "display": "transportation",
}
_DETAILS: Final = {
    "system": "http://snomed.info/sct",
    "code": "424483007",
    "display": "Transportation details (observable entity)",
}
_INTERPRETED: Final = {CaseOutcome.POSITIVE: "POS", CaseOutcome.NEGATIVE: "NEG"}
_PARTS: Final = {
    "number": "Train, coach or flight number",
    "car": "Carriage",
    "seat": "Seat on the ticket",
    "seat_actual": "Seat where the traveller sat",
}


def journey(asked: RegistrationData) -> Resource:
    """Return what an Observation says of the journey."""
    told = ((name, text, getattr(asked, name)) for name, text in _PARTS.items())
    return {
        "category": [{"coding": [_TRANSPORT]}],
        "code": {"coding": [_DETAILS], "text": "Journey"},
        "valueCodeableConcept": own_concept(f"journey-{asked.hub.value}"),
        "component": [_component(name, text, value) for name, text, value in told if value] or None,
    }


def answers(asked: RegistrationData) -> list[Resource]:
    """Return the items of a QuestionnaireResponse; what was not asked is no item."""
    items = []
    if asked.symptoms is not None:
        items.append(_item("symptoms", "Symptoms beside the fever", asked.symptoms))
    if asked.medicine is not None:
        text = f"Medicine against fever within {asked.medicine_hours} hours"
        chosen = () if asked.medicine is Medicine.NONE else (asked.medicine,)
        items.append(_item("medicine", text, chosen))
    if asked.exposure is not None:
        items.append(_item("exposure", "May have met within two weeks", asked.exposure))
    return items


def finding(outcome: CaseOutcome) -> Resource:
    """Return what an Observation says of the clinic's finding."""
    told: Resource = {
        "code": {**own_concept("clinic-finding"), "text": "What the clinic found"},
    }
    if outcome is CaseOutcome.UNKNOWN:
        return {**told, "dataAbsentReason": _concept(_ABSENT, "asked-unknown")}
    told["valueCodeableConcept"] = own_concept(f"clinic-{outcome.value}")
    if outcome in _INTERPRETED:
        told["interpretation"] = [_concept(_INTERPRETATION, _INTERPRETED[outcome])]
    return told


def own_concept(code: str) -> Resource:
    """Return a concept of our own code system."""
    return _concept(CODES, code)


def _component(name: str, text: str, value: str) -> Resource:
    part: Resource = {"code": {**own_concept(f"journey-{name.replace('_', '-')}"), "text": text}}
    if value == UNKNOWN:
        return {**part, "dataAbsentReason": _concept(_ABSENT, "asked-unknown")}
    return {**part, "valueString": value}


def _item(name: str, text: str, chosen: tuple[Any, ...]) -> Resource:
    # Nothing of it is an answer, too.
    words = [f"{name}-{one.value.replace('_', '-')}" for one in chosen] or [f"{name}-none"]
    return {
        "linkId": name,
        "text": text,
        "answer": [{"valueCoding": {"system": CODES, "code": word}} for word in words],
    }


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}
