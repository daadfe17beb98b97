"""What the station knows, as messages: reports, daily figures, status."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from station.core.cases import CaseState
from station.core.clock_quality import ClockQuality
from station.core.daily import DailyFigures
from station.core.registration import Registration
from station.core.report import PERSON_FIELD, BodyFinding, Report, SkinFinding
from station.core.screening import Outcome
from station.core.status import StationStatus
from station.reporting.messages.alert import (
    BodyData,
    CaseData,
    DrillAlert,
    DrillAlertData,
    HandoverData,
    RealAlert,
    RealAlertData,
    RegistrationData,
    SealedPerson,
    SkinData,
)
from station.reporting.messages.daily_report import (
    CaseCounts,
    DrillDailyReport,
    DrillDailyReportData,
    RealDailyReport,
    RealDailyReportData,
    ReasonCount,
)
from station.reporting.messages.envelope import PLAIN_VERSION, SCHEMA_VERSION
from station.reporting.messages.status import (
    DrillStatus,
    DrillStatusData,
    LaneData,
    RealStatus,
    RealStatusData,
    StationState,
)
from station.reporting.payload import encode_event, sendable
from station.reporting.topics import StationIdentity


def encode_report(
    report: Report,
    identity: StationIdentity,
    epoch: UUID,
    sequence: int,
    *,
    is_drill: bool,
    clock: ClockQuality,
    person: SealedPerson | None = None,
) -> bytes:
    """Return the bytes that the outbox keeps and sends, every time the same.

    Args:
        report: what is told.
        identity: the station.
        epoch: the ledger's epoch.
        sequence: the message's number in it.
        is_drill: whether this is an exercise.
        clock: how far the times are to be believed.
        person: who the traveller is, sealed; never in an exercise.

    Raises:
        PayloadError: if a value of the report is outside what the message allows.
    """
    inside = DrillAlertData if is_drill else RealAlertData
    told: dict[str, Any] = {} if person is None else {PERSON_FIELD: person}
    with sendable(report.report_id):
        data = inside(
            **_version(is_drill, SCHEMA_VERSION if person else PLAIN_VERSION),
            **told,
            clock=clock,
            epoch=epoch,
            sequence=sequence,
            kind=report.kind,
            case=CaseData(
                case_id=report.case_id,
                number=report.case_number,
                state=report.case_state,
                lane=report.lane,
                flagged_at=report.flagged_at,
            ),
            skin=_skin_data(report.skin),
            body=tuple(_body_data(finding) for finding in report.body),
            handover=tuple(
                HandoverData(step=step.step, at=step.at, to=step.to) for step in report.handover
            ),
            registration=_registration_data(report.registration),
            outcome=report.outcome,
        )
        model = DrillAlert if is_drill else RealAlert
        return encode_event(
            model, identity, event_id=report.report_id, at=report.reported_at, data=data
        )


def encode_figures(
    figures: DailyFigures,
    time_zone: str,
    identity: StationIdentity,
    epoch: UUID,
    sequence: int,
    *,
    event_id: UUID,
    at: datetime,
    is_drill: bool,
    clock: ClockQuality,
) -> bytes:
    """Return the bytes of a daily report.

    Raises:
        PayloadError: if a value is outside what the message allows, or a sum does not reconcile.
    """
    day, counts = figures.day, figures.counts
    inside = DrillDailyReportData if is_drill else RealDailyReportData
    with sendable(event_id):
        data = inside(
            **_version(is_drill),
            clock=clock,
            epoch=epoch,
            sequence=sequence,
            day=day.day,
            time_zone=time_zone,
            since=day.since,
            until=day.until,
            is_complete=day.is_complete,
            screened=counts.screened,
            below=counts.outcomes.get(Outcome.BELOW, 0),
            above=counts.outcomes.get(Outcome.ABOVE, 0),
            repeat=counts.outcomes.get(Outcome.REPEAT, 0),
            not_measured=counts.outcomes.get(Outcome.NOT_MEASURED, 0),
            not_measured_reasons=tuple(
                ReasonCount(reason=reason, count=count) for reason, count in counts.reasons.items()
            ),
            cases=CaseCounts(
                opened=sum(counts.cases.values()),
                **{state.value: counts.cases.get(state, 0) for state in CaseState},
            ),
        )
        model = DrillDailyReport if is_drill else RealDailyReport
        return encode_event(model, identity, event_id=event_id, at=at, data=data)


def encode_status(
    state: StationState | None,
    status: StationStatus,
    identity: StationIdentity,
    *,
    event_id: UUID,
    at: datetime,
    is_drill: bool,
    clock: ClockQuality,
) -> bytes:
    """Return the bytes of a station's status.

    Args:
        state: OFFLINE or LOST, which say nothing of lanes; None while the station is there.
        status: its lanes and its ledger.
        identity: the station.
        event_id: the message's key.
        at: when it is made, aware.
        is_drill: whether this is an exercise.
        clock: how far `at` is to be believed.

    Raises:
        PayloadError: if a lane's name is outside what the message allows.
    """
    there = StationState.ATTENTION if status.needs_attention else StationState.ONLINE
    lanes = status.lanes if state is None else ()
    inside = DrillStatusData if is_drill else RealStatusData
    with sendable(event_id):
        data = inside(
            **_version(is_drill),
            clock=clock,
            state=state or there,
            lanes=tuple(
                LaneData(lane=one.lane, is_measuring=one.is_measuring, reason=one.reason)
                for one in lanes
            ),
            is_ledger_writing=status.is_ledger_writing,
        )
        model = DrillStatus if is_drill else RealStatus
        return encode_event(model, identity, event_id=event_id, at=at, data=data)


def _version(is_drill: bool, version: str = PLAIN_VERSION) -> dict[str, Any]:
    """Return the first two fields of every message's data."""
    return {"schema_version": version, "is_drill": is_drill}


def _skin_data(skin: SkinFinding) -> SkinData:
    return SkinData(
        skin_surface_temperature_c=skin.skin_c,
        standard_uncertainty_c=skin.u_c,
        site=skin.site,
        outcome=Outcome(skin.outcome),
        reasons=skin.reasons,
        policy_id=skin.policy_id,
    )


def _body_data(finding: BodyFinding) -> BodyData:
    return BodyData(
        body_temperature_c=finding.body_c,
        taken_at=finding.taken_at,
        device_id=finding.device_id,
        trust=finding.trust,
        body_site=finding.site,
    )


def _registration_data(registration: Registration | None) -> RegistrationData | None:
    return None if registration is None else RegistrationData(**asdict(registration))
