"""Stored alerts as a FHIR R4 bundle.

What is the same in several alerts of a case (its skin reading, its second readings, its hand-over,
its answers) is one resource, as the latest alert says it; each alert is a Communication of its own.
A camera never gives a body temperature: the skin reading has a code of our own, and no LOINC code.
Source: HL7 FHIR R4 (4.0.1); checked with the R4B models, which these resources share with R4.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid5

from station.cdc.fhir_answers import CODES, Resource, answers, finding, journey
from station.cdc.store import Stored
from station.core.cases import HandoverStep, TrustClass
from station.core.errors import KnownError
from station.core.report import ReportKind
from station.reporting.messages.alert import Alert, BodyData, HandoverData

SKIN_CODE: Final = "skin-surface-temperature"
"""What a screening thermograph measures."""
DRILL_TAG: Final = {
    "system": "urn:org.fever-station:tags",
    "code": "drill",
    "display": "DRILL: an exercise, nobody has a fever",
}
"""Marks every resource of an exercise."""

_LOINC: Final = "http://loinc.org"
_BODY: Final = {"system": _LOINC, "code": "8310-5", "display": "Body temperature"}
# Beside the general code, never instead of it. Source: HL7 Finland, PHR body temperature profile.
_EAR: Final = {"system": _LOINC, "code": "76011-6", "display": "Ear temperature"}
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_TASKS: Final = {
    HandoverStep.REQUESTED: ("requested", "active"),
    HandoverStep.ACCEPTED: ("accepted", "active"),
    HandoverStep.DEPARTED: ("in-progress", "active"),
    HandoverStep.ARRIVED: ("completed", "completed"),
    HandoverStep.LEFT_WITHOUT: ("cancelled", "revoked"),
}


def bundle(stored: Iterable[Stored]) -> str:
    """Return a bundle of type `collection` as JSON text, checked against the specification.

    Raises:
        KnownError: if the package that checks it is not installed.
    """
    try:
        from fhir.resources.R4B.bundle import Bundle  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise KnownError(
            "FHIR needs the package fhir.resources: pip install 'fever-station[fhir]'."
        ) from error
    resources: dict[str, Resource] = {}
    for one in _in_order(stored):
        for resource in _resources(one):
            # The latest alert of a case says what is true of it now.
            resources[resource["id"]] = resource
    entries = [{"fullUrl": f"urn:uuid:{key}", "resource": r} for key, r in resources.items()]
    document = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    text: str = Bundle.model_validate(document).model_dump_json()
    return text


def _in_order(stored: Iterable[Stored]) -> list[Stored]:
    """Return the alerts as they were made: one that was sent again comes after later ones."""
    epochs: dict[UUID, int] = {}
    kept = [(epochs.setdefault(one.alert.data.epoch, len(epochs)), one) for one in stored]
    kept.sort(key=lambda pair: (pair[0], pair[1].alert.data.sequence))
    return [one for _, one in kept]


def _resources(stored: Stored) -> list[Resource]:
    alert = stored.alert
    place, skin = _location(alert), _skin(alert)
    body = [_body(alert, position, reading) for position, reading in enumerate(alert.data.body)]
    handover = _handover(alert, place)
    asked = [*_asked(alert), *_found(alert)]
    told = _communication(stored, place, [skin, *body, *handover, *asked])
    made = [place, skin, *body, *handover, *asked, told]
    if alert.data.is_drill:
        for resource in made:
            resource["meta"] = {"tag": [DRILL_TAG]}
    return made


def _location(alert: Alert) -> Resource:
    who, lane = alert.identity, alert.data.case.lane
    return {
        "resourceType": "Location",
        # A drill has places of its own: a real one must not get its tag.
        "id": str(uuid5(UUID(int=0), f"{who.source} {lane} {alert.data.is_drill}")),
        "identifier": [{"system": "urn:org.fever-station:source", "value": who.source}],
        "name": f"{who.region} {who.site} {who.station}, lane {lane}",
    }


def _skin(alert: Alert) -> Resource:
    skin = alert.data.skin
    observation: Resource = {
        "resourceType": "Observation",
        "id": _id(alert, "skin"),
        "status": "final",
        "category": [_concept(_CATEGORY, "exam")],
        "code": {
            "coding": [{"system": CODES, "code": SKIN_CODE}],
            "text": _marked(alert, "Skin surface temperature by a screening thermograph"),
        },
        "subject": _subject(alert),
        "effectiveDateTime": alert.data.case.flagged_at.isoformat(),
        "interpretation": [_concept(CODES, skin.outcome.value.replace("_", "-"))],
        "note": [{"text": f"Threshold policy: {skin.policy_id}"}],
    }
    if skin.skin_surface_temperature_c is None:
        reason = _concept(
            "http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-performed"
        )
        return {
            **observation,
            "dataAbsentReason": {**reason, "text": ", ".join(skin.reasons) or "not measured"},
        }
    observation["valueQuantity"] = _celsius(skin.skin_surface_temperature_c)
    if skin.site is not None:
        observation["bodySite"] = _concept(CODES, skin.site.replace("_", "-"))
    if skin.standard_uncertainty_c is not None:
        observation["extension"] = [
            {
                "url": "urn:org.fever-station:standard-uncertainty",
                "valueQuantity": _celsius(skin.standard_uncertainty_c),
            }
        ]
    return observation


def _body(alert: Alert, position: int, reading: BodyData) -> Resource:
    coding = [_BODY, _EAR] if reading.trust is TrustClass.TYMPANIC else [_BODY]
    return {
        "resourceType": "Observation",
        "id": _id(alert, f"body {position}"),
        "status": "final",
        "category": [_concept(_CATEGORY, "vital-signs")],
        "code": {"coding": coding, "text": _marked(alert, "Body temperature, second reading")},
        "subject": _subject(alert),
        "effectiveDateTime": reading.taken_at.isoformat(),
        "valueQuantity": _celsius(reading.body_temperature_c),
        "method": _concept(CODES, f"thermometer-{reading.trust.value}"),
        "device": {
            "identifier": {
                "system": f"urn:org.fever-station:devices{alert.source}",
                "value": reading.device_id,
            }
        },
    }


def _asked(alert: Alert) -> list[Resource]:
    asked, said = alert.data.registration, []
    if asked is None:
        return []
    said.append(_observed(alert, "journey", journey(asked)))
    if items := answers(asked):
        said.append(
            {
                "resourceType": "QuestionnaireResponse",
                "id": _id(alert, "answers"),
                "status": "completed",
                "subject": _subject(alert),
                "authored": alert.time.isoformat(),
                "item": items,
            }
        )
    return said


def _found(alert: Alert) -> list[Resource]:
    outcome = alert.data.outcome
    return [] if outcome is None else [_observed(alert, "finding", finding(outcome))]


def _observed(alert: Alert, part: str, says: Resource) -> Resource:
    text = _marked(alert, says["code"]["text"])
    return {
        **says,
        "resourceType": "Observation",
        "id": _id(alert, part),
        "status": "final",
        "code": {**says["code"], "text": text},
        "subject": _subject(alert),
        "effectiveDateTime": alert.time.isoformat(),
    }


def _handover(alert: Alert, place: Resource) -> list[Resource]:
    """Return a ServiceRequest and its Task for each request, in order."""
    rounds: list[list[HandoverData]] = []
    for step in alert.data.handover:
        if step.step is HandoverStep.REQUESTED:
            rounds.append([])
        # Whoever left before anybody was called leaves no request behind.
        if rounds:
            rounds[-1].append(step)
    made = []
    for number, steps in enumerate(rounds):
        is_last = number == len(rounds) - 1
        last = steps[-1].step if is_last else HandoverStep.LEFT_WITHOUT
        made += _one_handover(alert, place, number, steps, _TASKS[last])
    return made


def _one_handover(
    alert: Alert,
    place: Resource,
    number: int,
    steps: list[HandoverData],
    status: tuple[str, str],
) -> list[Resource]:
    task_status, request_status = status
    request_id = _id(alert, f"request {number}")
    what = {
        "coding": [{"system": CODES, "code": "hand-over"}],
        "text": _marked(alert, "Transport of a traveller to a fever clinic"),
    }
    to = {"display": steps[0].to} if steps[0].to else None
    request: Resource = {
        "resourceType": "ServiceRequest",
        "id": request_id,
        "status": request_status,
        "intent": "order",
        "priority": "stat",
        "code": what,
        "subject": _subject(alert),
        "authoredOn": steps[0].at.isoformat(),
        "locationReference": [_reference(place)],
    }
    task: Resource = {
        "resourceType": "Task",
        "id": _id(alert, f"task {number}"),
        "status": task_status,
        "businessStatus": _concept(CODES, steps[-1].step.value.replace("_", "-")),
        "intent": "order",
        "code": what,
        "focus": {"reference": f"urn:uuid:{request_id}"},
        "for": _subject(alert),
        "authoredOn": steps[0].at.isoformat(),
        "lastModified": steps[-1].at.isoformat(),
        "location": _reference(place),
        "note": [{"time": s.at.isoformat(), "text": s.step.value} for s in steps],
    }
    if to is not None:
        request["performer"], task["owner"] = [to], to
    return [request, task]


def _communication(stored: Stored, place: Resource, about: list[Resource]) -> Resource:
    alert, data = stored.alert, stored.alert.data
    step = data.handover[-1].step.value if data.kind is ReportKind.HANDOVER else ""
    text = f"Case {data.case.number}, lane {data.case.lane}: {data.kind.value} {step}".rstrip()
    return {
        "resourceType": "Communication",
        "id": str(alert.id),
        "identifier": [
            {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{alert.id}"},
            {"system": f"urn:org.fever-station:epoch:{data.epoch}", "value": str(data.sequence)},
        ],
        "status": "completed",
        "priority": "routine" if data.is_drill else "urgent",
        "topic": _concept(CODES, data.kind.value.replace("_", "-")),
        "subject": _subject(alert),
        "about": [_reference(place), *(_reference(resource) for resource in about)],
        "sent": alert.time.isoformat(),
        "received": stored.received_at.isoformat(),
        "sender": {"identifier": {"system": "urn:org.fever-station:source", "value": alert.source}},
        "payload": [{"contentString": _marked(alert, f"{text} ({data.case.state.value})")}],
        "extension": [
            {"url": "urn:org.fever-station:clock-quality", "valueCode": data.clock.value}
        ],
    }


def _subject(alert: Alert) -> Resource:
    """Return the traveller as a pseudonym: the message knows no more, and neither do we."""
    case = alert.data.case
    return {
        "type": "Patient",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{case.case_id}"},
        "display": _marked(alert, f"Traveller of case {case.number}"),
    }


def _id(alert: Alert, part: str) -> str:
    return str(uuid5(alert.data.case.case_id, f"{alert.type} {alert.source} {part}"))


def _reference(resource: Resource) -> Resource:
    return {"reference": f"urn:uuid:{resource['id']}"}


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _celsius(value_c: float) -> Resource:
    return {
        "value": value_c,
        "unit": "°C",
        "system": "http://unitsofmeasure.org",
        "code": "Cel",
    }


def _marked(alert: Alert, text: str) -> str:
    return f"DRILL: {text}" if alert.data.is_drill else text
