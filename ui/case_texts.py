"""The words of the case flow, as staff say them; the source language is English."""

from collections.abc import Mapping

from station.core.cases import BodySite, CaseOutcome, ClearCause, HandoverStep
from station.core.registration import Exposure, Field, HubKind, Medicine, Symptom
from station.core.stages import CaseStage
from ui.texts import QT_TRANSLATE_NOOP

STAGES: Mapping[CaseStage, str] = {
    CaseStage.RESTING: QT_TRANSLATE_NOOP("texts", "Rests"),
    CaseStage.READING: QT_TRANSLATE_NOOP("texts", "Reading due"),
    CaseStage.CONTACT: QT_TRANSLATE_NOOP("texts", "Contact reading due"),
    CaseStage.VERDICT: QT_TRANSLATE_NOOP("texts", "Verdict due"),
    CaseStage.REGISTRATION: QT_TRANSLATE_NOOP("texts", "Registration due"),
    CaseStage.ISOLATION: QT_TRANSLATE_NOOP("texts", "To isolation"),
    CaseStage.REQUEST: QT_TRANSLATE_NOOP("texts", "Call ambulance"),
    CaseStage.ACCEPTANCE: QT_TRANSLATE_NOOP("texts", "Ambulance called"),
    CaseStage.DEPARTURE: QT_TRANSLATE_NOOP("texts", "Ambulance coming"),
    CaseStage.ARRIVAL: QT_TRANSLATE_NOOP("texts", "On the way"),
    CaseStage.OUTCOME: QT_TRANSLATE_NOOP("texts", "Clinic's finding due"),
    CaseStage.CLEARED: QT_TRANSLATE_NOOP("texts", "Cleared"),
    CaseStage.LEFT: QT_TRANSLATE_NOOP("texts", "Left"),
    CaseStage.CLOSED: QT_TRANSLATE_NOOP("texts", "Closed"),
}

CAUSES: Mapping[ClearCause, str] = {
    ClearCause.EXERTION: QT_TRANSLATE_NOOP("texts", "Ran or\ncarried much"),
    ClearCause.WARM_PLACE: QT_TRANSLATE_NOOP("texts", "Sun, heater,\nwarm clothes"),
    ClearCause.HOT_DRINK: QT_TRANSLATE_NOOP("texts", "Hot drink,\nmeal, alcohol"),
    ClearCause.COOLED_DOWN: QT_TRANSLATE_NOOP("texts", "Rested,\nit is gone"),
    ClearCause.CAMERA: QT_TRANSLATE_NOOP("texts", "Camera saw\nsomething else"),
    ClearCause.NOT_FOUND: QT_TRANSLATE_NOOP("texts", "No cause\nfound"),
}

SITES: Mapping[BodySite, str] = {
    BodySite.FOREHEAD: QT_TRANSLATE_NOOP("texts", "forehead"),
    BodySite.EAR: QT_TRANSLATE_NOOP("texts", "ear"),
    BodySite.MOUTH: QT_TRANSLATE_NOOP("texts", "mouth"),
    BodySite.ARMPIT: QT_TRANSLATE_NOOP("texts", "armpit"),
}

FOUND: Mapping[CaseOutcome, str] = {
    CaseOutcome.POSITIVE: QT_TRANSLATE_NOOP("texts", "The infection\nlooked for"),
    CaseOutcome.NEGATIVE: QT_TRANSLATE_NOOP("texts", "Not that\ninfection"),
    CaseOutcome.OTHER: QT_TRANSLATE_NOOP("texts", "Another\nillness"),
    CaseOutcome.UNKNOWN: QT_TRANSLATE_NOOP("texts", "Clinic does\nnot tell"),
}

HANDOVERS: Mapping[HandoverStep, str] = {
    HandoverStep.REQUESTED: QT_TRANSLATE_NOOP("texts", "called {0}"),
    HandoverStep.ACCEPTED: QT_TRANSLATE_NOOP("texts", "accepted {0}"),
    HandoverStep.DEPARTED: QT_TRANSLATE_NOOP("texts", "departed {0}"),
    HandoverStep.ARRIVED: QT_TRANSLATE_NOOP("texts", "arrived {0}"),
    HandoverStep.LEFT_WITHOUT: QT_TRANSLATE_NOOP("texts", "left {0}"),
}

NUMBERS: Mapping[HubKind, str] = {
    HubKind.TRAIN: QT_TRANSLATE_NOOP("texts", "Train"),
    HubKind.COACH: QT_TRANSLATE_NOOP("texts", "Coach"),
    HubKind.FLIGHT: QT_TRANSLATE_NOOP("texts", "Flight"),
    HubKind.ROAD: QT_TRANSLATE_NOOP("texts", "Plate"),
}
"""What the number of a journey is called."""

FIELDS: Mapping[Field, str] = {
    Field.NUMBER: QT_TRANSLATE_NOOP("texts", "Number"),
    Field.CAR: QT_TRANSLATE_NOOP("texts", "Carriage"),
    Field.SEAT: QT_TRANSLATE_NOOP("texts", "Ticket seat"),
    Field.SEAT_ACTUAL: QT_TRANSLATE_NOOP("texts", "Seat taken"),
    Field.SYMPTOMS: QT_TRANSLATE_NOOP("texts", "Symptoms"),
    Field.MEDICINE: QT_TRANSLATE_NOOP("texts", "Fever medicine within {0} hours"),
    Field.EXPOSURE: QT_TRANSLATE_NOOP("texts", "Met within two weeks"),
}

SYMPTOMS: Mapping[Symptom, str] = {
    Symptom.COUGH: QT_TRANSLATE_NOOP("texts", "Cough"),
    Symptom.SORE_THROAT: QT_TRANSLATE_NOOP("texts", "Sore\nthroat"),
    Symptom.BREATHLESS: QT_TRANSLATE_NOOP("texts", "Short of\nbreath"),
    Symptom.ACHES: QT_TRANSLATE_NOOP("texts", "Aches"),
    Symptom.DIARRHOEA: QT_TRANSLATE_NOOP("texts", "Diarrhoea,\nvomiting"),
    Symptom.RASH: QT_TRANSLATE_NOOP("texts", "Rash"),
}

MEDICINES: Mapping[Medicine, str] = {
    Medicine.NONE: QT_TRANSLATE_NOOP("texts", "None taken"),
    Medicine.TAKEN: QT_TRANSLATE_NOOP("texts", "Taken"),
    Medicine.UNKNOWN: QT_TRANSLATE_NOOP("texts", "Does not know"),
}

EXPOSURES: Mapping[Exposure, str] = {
    Exposure.CASE: QT_TRANSLATE_NOOP("texts", "A confirmed\ncase"),
    Exposure.SICK_NEARBY: QT_TRANSLATE_NOOP("texts", "Others with\nfever"),
    Exposure.AREA: QT_TRANSLATE_NOOP("texts", "A place with\nan outbreak"),
    Exposure.ANIMALS: QT_TRANSLATE_NOOP("texts", "Live\nanimals"),
}
