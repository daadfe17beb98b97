"""What leaves the building: only the fields named here, and none that tells who somebody is.

Who somebody is goes beside a report, sealed for the CDC, and only where a rule of the site says so.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from station.core.cases import (
    BodyReading,
    BodySite,
    Case,
    CaseOutcome,
    CaseState,
    Handover,
    TrustClass,
)
from station.core.registration import HubKind, Registration
from station.core.screening import Outcome


class Channel(StrEnum):
    """The last part of a topic: what is sent there. A drill never uses a real one."""

    ALERT = "alert"
    """Cases."""
    REPORT = "report"
    """Daily figures."""
    STATUS = "status"
    """Whether the station is there and measures; retained."""
    DRILL_ALERT = "drill/alert"
    """Cases of an exercise or a demonstration."""
    DRILL_REPORT = "drill/report"
    """Daily figures of an exercise."""
    DRILL_STATUS = "drill/status"
    """Status during an exercise; retained."""
    RECEIPT = "receipt"
    """The CDC's answers."""

    @property
    def is_drill(self) -> bool:
        """Whether what is sent here is an exercise."""
        return self.value.startswith("drill/")

    def for_drill(self, is_drill: bool) -> "Channel":
        """Return the channel of an exercise instead of this real one, if it is one."""
        return Channel(f"drill/{self.value}") if is_drill else self


@dataclass(frozen=True, slots=True)
class Encoded:
    """A message as the outbox keeps it."""

    channel: Channel
    """Where it goes; fixed with the bytes, however the station is started later."""
    payload: bytes
    """The exact bytes to publish, every time the same until a sealed person in them is deleted."""


class ReportKind(StrEnum):
    """What a report tells the CDC."""

    FLAGGED = "flagged"
    """The thermograph flagged a traveller."""
    SECOND_READING = "second_reading"
    """A second reading was attached to the case."""
    VERDICT = "verdict"
    """The second check confirmed, cleared or left the case unresolved."""
    HANDOVER = "handover"
    """The hand-over to the emergency service came one step further."""
    REGISTERED = "registered"
    """The traveller was asked about journey, symptoms, medicines and exposure."""
    OUTCOME = "outcome"
    """The clinic said what it found; the case is closed."""
    LEFT = "left"
    """The traveller left without being handed over: somebody must look for them."""
    CORRECTED = "corrected"
    """A step was taken back: what holds now is in this message."""


@dataclass(frozen=True, slots=True)
class SkinFinding:
    """The thermograph's part of a report."""

    skin_c: float | None
    """Skin temperature, °C; None when not measured."""
    u_c: float | None
    """Standard uncertainty (k=1), °C."""
    site: str | None
    """Measuring site."""
    outcome: str
    """The outcome's stored value."""
    reasons: tuple[str, ...]
    """Why not measured."""
    policy_id: str
    """The threshold policy applied."""


@dataclass(frozen=True, slots=True)
class BodyFinding:
    """One second reading in a report."""

    body_c: float
    """Body temperature, °C."""
    taken_at: datetime
    """When, aware, UTC."""
    device_id: str
    """Which thermometer."""
    trust: TrustClass
    """What kind of thermometer: how far the reading may decide."""
    site: BodySite | None = None
    """Where on the body."""


@dataclass(frozen=True, slots=True)
class Report:
    """One message about one case."""

    report_id: UUID
    """The receiver's de-duplication key."""
    kind: ReportKind
    """What it tells."""
    case_id: UUID
    """The case."""
    case_number: int
    """The short number that staff call out."""
    case_state: CaseState
    """The case's state when the report was made."""
    lane: str
    """Where."""
    flagged_at: datetime
    """When the flag was raised, aware, UTC."""
    reported_at: datetime
    """When the report was made, aware, UTC."""
    skin: SkinFinding
    """What the thermograph said."""
    body: tuple[BodyFinding, ...]
    """Second readings so far."""
    handover: tuple[Handover, ...] = ()
    """Steps of the hand-over so far, oldest first."""
    registration: Registration | None = None
    """What the traveller was asked; a plate tells whose car it is and stays in the building."""
    outcome: CaseOutcome | None = None
    """What the clinic found."""


_ON_THE_WAY = frozenset({ReportKind.FLAGGED, ReportKind.SECOND_READING})


def is_due(kind: ReportKind, case: Case, before: Case | None = None) -> bool:
    """Whether a step of a case is told to the CDC.

    A flag is told at once and so is everything after it. A case opened to repeat a doubtful
    measurement is told only from the verdict that confirms it, or when its traveller leaves.

    Args:
        kind: what the step tells.
        case: the case after it.
        before: the case before it, for a step that was taken back.
    """
    if case.screening.outcome is Outcome.ABOVE or kind is ReportKind.LEFT:
        return True
    if kind is ReportKind.CORRECTED and before is not None:
        return before.state is CaseState.CONFIRMED or before.has_left
    return kind not in _ON_THE_WAY and case.state is CaseState.CONFIRMED


def build_report(report_id: UUID, kind: ReportKind, case: Case, *, at: datetime) -> Report:
    """Build a report from a case; the fields above are the allow-list."""
    measured = case.screening.measurement
    skin = SkinFinding(
        skin_c=measured.skin_c if measured else None,
        u_c=measured.u_c if measured else None,
        site=measured.site.value if measured else None,
        outcome=case.screening.outcome.value,
        reasons=tuple(reason.value for reason in case.screening.reasons),
        policy_id=case.screening.policy_id,
    )
    return Report(
        report_id=report_id,
        kind=kind,
        case_id=case.case_id,
        case_number=case.number,
        case_state=case.state,
        lane=case.lane,
        flagged_at=case.opened_at,
        reported_at=at,
        skin=skin,
        body=tuple(_body_finding(reading) for reading in case.readings),
        handover=case.handover,
        registration=_tellable(case.progress.registration),
        outcome=case.progress.outcome,
    )


PERSON_FIELD = "person_sealed"
"""The field of an alert that holds the sealed identity."""


def without_person(payload: bytes) -> bytes:
    """Return a message's bytes without the sealed identity; the same bytes if there is none.

    Raises:
        ValueError: if they are no JSON object with `data`.
    """
    if PERSON_FIELD.encode() not in payload:
        return payload
    message = json.loads(payload)
    data = message.get("data") if isinstance(message, dict) else None
    if not isinstance(data, dict):
        raise ValueError("no message with data")
    if PERSON_FIELD not in data:
        return payload
    del data[PERSON_FIELD]
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _tellable(registration: Registration | None) -> Registration | None:
    if registration is None or registration.hub is not HubKind.ROAD:
        return registration
    return replace(registration, number="")


def _body_finding(reading: BodyReading) -> BodyFinding:
    return BodyFinding(
        reading.body_c, reading.taken_at, reading.device_id, reading.trust, reading.site
    )
