"""Rows to values and back."""

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from station.core.cases import (
    BodyReading,
    BodySite,
    Case,
    CaseOutcome,
    CaseState,
    CaseStep,
    Handover,
    HandoverStep,
    Progress,
    ReadingMode,
    TrustClass,
)
from station.core.cohort import CrowdWarning
from station.core.estimation import OralEstimate
from station.core.extraction import RejectReason, Site
from station.core.handhelds import CheckVerdict, DeviceCheck
from station.core.identity import CollectionOrder, Identity, IdentityEntry, IdentityRule
from station.core.passages import Passage
from station.core.ports import OutboxItem
from station.core.reference import ReferenceState
from station.core.registration import Registration
from station.core.screening import Measurement, Outcome, Screening

_REGISTRATION = TypeAdapter(Registration)

Values = dict[str, Any]
"""Column names and what to write there."""


def passage_values(passage: Passage) -> Values:
    """Return the columns of a passage."""
    return {
        "passage_id": passage.passage_id,
        "lane": passage.lane,
        "camera_id": passage.camera_id,
        "traveller": passage.traveller,
        "first_at": passage.first_at,
        "last_at": passage.last_at,
        "first_sequence": passage.first_sequence,
        "last_sequence": passage.last_sequence,
        "reference": passage.reference.value,
        "facing_frames": passage.facing_frames,
        "rest_until": passage.rest_until,
        **_warning_values(passage.warning),
        **_screening_values(passage.screening),
    }


def case_values(case: Case) -> Values:
    """Return the columns of a case, without its readings."""
    return {
        "case_id": case.case_id,
        "number": case.number,
        "opened_at": case.opened_at,
        "lane": case.lane,
        "traveller": case.traveller,
        "passage_id": case.passage_id,
        "point_row": case.point[0] if case.point else None,
        "point_column": case.point[1] if case.point else None,
        "state": case.state.value,
        **_screening_values(case.screening),
        **progress_values(case.progress),
    }


def progress_values(progress: Progress) -> Values:
    """Return the columns that tell how far a case has come."""
    registration, outcome = progress.registration, progress.outcome
    return {
        "rest_until": progress.rest_until,
        "verdict_at": progress.verdict_at,
        "cause": progress.cause,
        "registration": _REGISTRATION.dump_json(registration).decode() if registration else None,
        "registered_at": progress.registered_at,
        "has_identity": progress.has_identity,
        "isolated_at": progress.isolated_at,
        "outcome_found": outcome.value if outcome else None,
        "closed_at": progress.closed_at,
    }


def identity_values(entry: IdentityEntry) -> Values:
    """Return the columns of an identity."""
    return {
        "case_id": entry.case_id,
        "name": entry.identity.name,
        "document": entry.identity.document,
        "telephone": entry.identity.telephone,
        "rule": entry.rule.value,
        "order_id": entry.order_id,
        "recorded_at": entry.recorded_at,
        "delete_at": entry.delete_at,
        "is_shared": entry.is_shared,
    }


def order_values(order: CollectionOrder) -> Values:
    """Return the columns of an order."""
    return {
        "order_id": order.order_id,
        "legal_basis": order.legal_basis,
        "signed_by": order.signed_by,
        "valid_from": order.valid_from.isoformat(),
        "valid_until": order.valid_until.isoformat(),
        "fields": tuple(field.value for field in order.fields),
        "keep_days": order.keep_days,
        "share_with_cdc": order.share_with_cdc,
    }


def step_values(step: CaseStep) -> Values:
    """Return the columns of a step."""
    return {
        "case_id": step.case_id,
        "at": step.at,
        "actor": step.actor,
        "state": step.state.value,
        "note": step.note,
    }


def reading_values(reading: BodyReading) -> Values:
    """Return the columns of a reading that is not attached."""
    return {
        "reading_id": reading.reading_id,
        "taken_at": reading.taken_at,
        "body_c": reading.body_c,
        "mode": reading.mode.value,
        "device_id": reading.device_id,
        "is_plausible": reading.is_plausible,
        "trust": reading.trust.value,
        "body_site": reading.site.value if reading.site else None,
    }


def handover_values(step: Handover) -> Values:
    """Return the columns of a step of a hand-over, without its place."""
    return {"step": step.step.value, "at": step.at, "destination": step.to}


def check_values(check: DeviceCheck) -> Values:
    """Return the columns of a daily check."""
    return {
        "check_id": check.check_id,
        "device_id": check.device_id,
        "at": check.at,
        "actor": check.actor,
        "reference_c": check.reference_c,
        "shown_c": tuple(repr(shown) for shown in check.shown_c),
        "limit_c": check.limit_c,
        "verdict": check.verdict.value,
    }


def outbox_values(item: OutboxItem) -> Values:
    """Return the columns of a message that waits."""
    return {
        "report_id": item.report_id,
        "case_id": item.case_id,
        "kind": item.kind,
        "channel": item.channel.value,
        "epoch": item.epoch,
        "sequence": item.sequence,
        "created_at": item.created_at,
        "state": "waiting",
        "payload": item.payload,
    }


def read_passage(row: Row[Any]) -> Passage:
    """Return the passage of a row."""
    return Passage(
        passage_id=row.passage_id,
        lane=row.lane,
        camera_id=row.camera_id,
        traveller=row.traveller,
        first_at=row.first_at,
        last_at=row.last_at,
        first_sequence=row.first_sequence,
        last_sequence=row.last_sequence,
        screening=_read_screening(row),
        reference=ReferenceState(row.reference),
        facing_frames=row.facing_frames,
        warning=_read_warning(row),
        rest_until=row.rest_until,
    )


def read_case(
    row: Row[Any], readings: tuple[BodyReading, ...], handover: tuple[Handover, ...]
) -> Case:
    """Return the case of a row."""
    has_point = row.point_row is not None and row.point_column is not None
    return Case(
        case_id=row.case_id,
        number=row.number,
        opened_at=row.opened_at,
        lane=row.lane,
        traveller=row.traveller,
        passage_id=row.passage_id,
        screening=_read_screening(row),
        point=(row.point_row, row.point_column) if has_point else None,
        state=CaseState(row.state),
        readings=readings,
        handover=handover,
        progress=_read_progress(row),
    )


def _read_progress(row: Row[Any]) -> Progress:
    return Progress(
        rest_until=row.rest_until,
        verdict_at=row.verdict_at,
        cause=row.cause,
        registration=_REGISTRATION.validate_json(row.registration) if row.registration else None,
        registered_at=row.registered_at,
        has_identity=row.has_identity,
        isolated_at=row.isolated_at,
        outcome=CaseOutcome(row.outcome_found) if row.outcome_found else None,
        closed_at=row.closed_at,
    )


def read_identity(row: Row[Any]) -> IdentityEntry:
    """Return the identity of a row."""
    return IdentityEntry(
        case_id=row.case_id,
        identity=Identity(row.name, row.document, row.telephone),
        rule=IdentityRule(row.rule),
        order_id=row.order_id,
        recorded_at=row.recorded_at,
        delete_at=row.delete_at,
        is_shared=row.is_shared,
    )


def read_handover(row: Row[Any]) -> Handover:
    """Return one step of a hand-over."""
    return Handover(HandoverStep(row.step), row.at, row.destination)


def read_reading(row: Row[Any]) -> BodyReading:
    """Return the reading of a row."""
    return BodyReading(
        reading_id=row.reading_id,
        taken_at=row.taken_at,
        body_c=row.body_c,
        mode=ReadingMode(row.mode),
        device_id=row.device_id,
        is_plausible=row.is_plausible,
        trust=TrustClass(row.trust),
        site=BodySite(row.body_site) if row.body_site else None,
    )


def read_check(row: Row[Any]) -> DeviceCheck:
    """Return the daily check of a row."""
    return DeviceCheck(
        check_id=row.check_id,
        device_id=row.device_id,
        at=row.at,
        actor=row.actor,
        reference_c=row.reference_c,
        shown_c=tuple(float(shown) for shown in row.shown_c),
        limit_c=row.limit_c,
        verdict=CheckVerdict(row.verdict),
    )


def _warning_values(warning: CrowdWarning | None) -> Values:
    return {
        "crowd_excess_c": warning.excess_c if warning else None,
        "crowd_median_c": warning.median_c if warning else None,
        "crowd_spread_c": warning.spread_c if warning else None,
        "crowd_people": warning.people if warning else None,
    }


def _read_warning(row: Row[Any]) -> CrowdWarning | None:
    if row.crowd_excess_c is None:
        return None
    return CrowdWarning(
        excess_c=row.crowd_excess_c,
        median_c=row.crowd_median_c,
        spread_c=row.crowd_spread_c,
        people=row.crowd_people,
    )


def _screening_values(screening: Screening) -> Values:
    measured = screening.measurement
    return {
        "outcome": screening.outcome.value,
        "skin_c": measured.skin_c if measured else None,
        "u_c": measured.u_c if measured else None,
        "site": measured.site.value if measured else None,
        "frame_count": measured.frame_count if measured else None,
        "mm_per_px": measured.mm_per_px if measured else None,
        "is_pre_screen": measured.is_pre_screen if measured else None,
        "reasons": tuple(reason.value for reason in screening.reasons),
        "policy_id": screening.policy_id,
        **_estimate_values(measured.oral if measured else None),
    }


def _estimate_values(oral: OralEstimate | None) -> Values:
    return {
        "oral_c": oral.oral_c if oral else None,
        "oral_u_c": oral.u_c if oral else None,
        "oral_is_above": oral.is_above if oral else None,
        "oral_frames": oral.frame_count if oral else None,
        "oral_inferred": oral.inferred if oral else None,
        "oral_model": oral.model if oral else None,
    }


def _read_estimate(row: Row[Any]) -> OralEstimate | None:
    if row.oral_c is None:
        return None
    return OralEstimate(
        oral_c=row.oral_c,
        u_c=row.oral_u_c,
        is_above=row.oral_is_above,
        frame_count=row.oral_frames,
        inferred=row.oral_inferred,
        model=row.oral_model,
    )


def _read_screening(row: Row[Any]) -> Screening:
    measured = (
        None
        if row.skin_c is None
        else Measurement(
            skin_c=row.skin_c,
            u_c=row.u_c,
            site=Site(row.site),
            frame_count=row.frame_count,
            mm_per_px=row.mm_per_px,
            is_pre_screen=row.is_pre_screen,
            oral=_read_estimate(row),
        )
    )
    reasons = tuple(RejectReason(reason) for reason in row.reasons)
    return Screening(Outcome(row.outcome), measured, reasons, row.policy_id)
