"""Builds valid entries; also run by the subprocesses of the crash tests."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from station.core.cases import BodyReading, ReadingMode, open_case
from station.core.clock_quality import ClockQuality
from station.core.extraction import RejectReason, Site
from station.core.passages import Passage
from station.core.ports import Ledger, LedgerEntry, OutboxItem
from station.core.reference import ReferenceState
from station.core.report import Channel, Encoded, ReportKind, build_report
from station.core.screening import Measurement, Outcome, Screening
from station.core.status import StationStatus
from station.reporting.composing import encode_report, encode_status
from station.reporting.messages.status import StationState
from station.reporting.topics import StationIdentity

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, UTC)
IDENTITY = StationIdentity("000000", "hub", "station-1")
ABOVE = Screening(
    Outcome.ABOVE, Measurement(37.25, 0.2, Site.INNER_CANTHUS, 9, 0.9, False), (), "policy"
)
BELOW = Screening(
    Outcome.BELOW, Measurement(36.05, 0.2, Site.INNER_CANTHUS, 9, 0.9, False), (), "policy"
)
DOUBT = Screening(
    Outcome.NOT_MEASURED, None, (RejectReason.COVERED_EYES, RejectReason.TOO_FAR), "policy"
)


def passage(screening: Screening = ABOVE) -> Passage:
    return Passage(
        passage_id=uuid4(),
        lane="lane 1",
        camera_id="camera-1",
        traveller=7,
        first_at=NOON,
        last_at=NOON + timedelta(seconds=2),
        first_sequence=100,
        last_sequence=118,
        screening=screening,
        reference=ReferenceState.HEALTHY,
        facing_frames=9,
    )


def reading(body_c: float = 38.1) -> BodyReading:
    return BodyReading(uuid4(), NOON + timedelta(seconds=30), body_c, ReadingMode.BODY, "thermo-1")


def flagged(
    ledger: Ledger,
    *,
    identity: StationIdentity = IDENTITY,
    report_id: UUID | None = None,
    is_drill: bool = False,
) -> LedgerEntry:
    walked = passage()
    case, step = open_case(
        case_id=uuid4(),
        number=ledger.next_case_number(),
        opened_at=NOON,
        lane="lane 1",
        traveller=7,
        passage_id=walked.passage_id,
        screening=walked.screening,
        point=(30.5, 41.0),
    )
    report = build_report(report_id or uuid4(), ReportKind.FLAGGED, case, at=NOON)
    sequence = ledger.next_sequence()
    item = OutboxItem(
        report_id=report.report_id,
        case_id=case.case_id,
        kind=report.kind.value,
        epoch=ledger.epoch,
        sequence=sequence,
        channel=Channel.ALERT.for_drill(is_drill),
        payload=encode_report(
            report,
            identity,
            ledger.epoch,
            sequence,
            is_drill=is_drill,
            clock=ClockQuality.SYNCHRONISED,
        ),
        created_at=NOON,
    )
    return LedgerEntry(passage=walked, case=case, steps=(step,), outbox=(item,))


def status(state: StationState | None, told: StationStatus) -> Encoded:
    payload = encode_status(
        state,
        told,
        IDENTITY,
        event_id=uuid4(),
        at=NOON,
        is_drill=False,
        clock=ClockQuality.SYNCHRONISED,
    )
    return Encoded(Channel.STATUS, payload)
