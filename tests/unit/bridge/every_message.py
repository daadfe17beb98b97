"""One of every event and of every command."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

from station.core.about import CameraAbout, StationDescribed
from station.core.accounts import Account
from station.core.audit import AuditKind, TrailFilter, TrailVerdict, made_entry, next_row
from station.core.camera_bias import CameraBias
from station.core.case_flow import CaseFlow, Clinic
from station.core.cases import (
    BodyReading,
    Case,
    CaseOutcome,
    CaseState,
    ClearCause,
    HandoverStep,
    Progress,
    ReadingMode,
    TrustClass,
)
from station.core.cohort import CrowdState, CrowdStatus, CrowdWarning
from station.core.commands import (
    AttachReading,
    CheckByHand,
    CloseCase,
    HandOver,
    IsolateCase,
    RecordCheck,
    RegisterCase,
    ResolveCase,
    RestTraveller,
    SendReport,
    SetRoom,
    TakeBack,
    TypeReading,
)
from station.core.daily import DailyFigures, Day, DayCounts
from station.core.events import (
    BiasChanged,
    CaseChanged,
    CaseOverdue,
    CasePictured,
    CasePictureGone,
    CommandRefused,
    DeviceChanged,
    DeviceChecked,
    DeviceState,
    FlowAnnounced,
    HandheldRead,
    LedgerFault,
    LedgerRecovered,
    LedgerSalvaged,
    PassageRecorded,
    RecordsLost,
    RoomChanged,
    RoomSource,
    SourceChanged,
    TrendChanged,
)
from station.core.extraction import RejectReason, Site
from station.core.faces import Box
from station.core.handhelds import CheckVerdict, DeviceCheck
from station.core.health import DeviceDoubt
from station.core.identity import CollectionOrder, Identity, IdentityField, IdentityRules
from station.core.lane_events import FaceView, LaneFault, LaneState, LaneUpdate
from station.core.linearity import Verdict
from station.core.link_events import (
    DeliveryProgress,
    DeliveryStage,
    LinkChanged,
    LinkState,
    ReportMade,
)
from station.core.passages import Passage
from station.core.people import KIOSK, Person, Role
from station.core.people_commands import (
    AddAccount,
    BlockAccount,
    ListAccounts,
    ReadAudit,
    SetCard,
    SetPin,
)
from station.core.people_events import AccountList, AuditPage, SessionChanged
from station.core.questions import (
    AskStatistics,
    AuditVerified,
    CancelWork,
    ExportAudit,
    ExportPassages,
    SearchPage,
    SearchPassages,
    StatisticsCounted,
    TableFormat,
    VerifyAudit,
    WorkProgress,
    WorkState,
)
from station.core.reference import ReferenceState
from station.core.registration import Field, HubKind, Registration, Symptom
from station.core.room import Room
from station.core.salvage import SalvageExtent, SalvageTold
from station.core.screening import Comparison, Measurement, Outcome, Screening, ThresholdPolicy
from station.core.search import CaseBrief, FoundPassage, PagePlace, PassageFilter
from station.core.service_commands import (
    CameraCertificate,
    CertificateList,
    ListCertificates,
    ListVersions,
    LogPage,
    MakeBackup,
    MakeBundle,
    NoteBackup,
    ReadLog,
    SetMasks,
    SetRegions,
    SetSweptPlace,
    SiteVersion,
    TakeVersion,
    VersionList,
)
from station.core.shift import OpenCase, ShiftHandover, ShiftMatters, ShiftOffer, ShiftStanding
from station.core.shift_commands import AskShift, OfferShift, ShiftTold, TakeShift, WithdrawShift
from station.core.simulator_commands import (
    ClearFaults,
    LookAtSimulators,
    SendPeople,
    SetSceneSpeed,
    SimulatedInstrument,
    SimulatedPeople,
    SimulatorsTold,
    SwitchFault,
    TellSimulator,
)
from station.core.stages import CaseStage
from station.core.statistics import SecondChecks, SkinCount, Statistics, TimeCount
from station.core.threshold_change import ThresholdStanding
from station.core.threshold_commands import (
    AskThreshold,
    ConfirmThreshold,
    ProposeThreshold,
    ThresholdTold,
    WithdrawThreshold,
)
from station.core.trends import CameraTrend, TrendPoint

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ABOVE = Screening(
    Outcome.ABOVE, Measurement(37.1, 0.2, Site.INNER_CANTHUS, 9, 0.9, False), (), "policy"
)
DOUBT = Screening(Outcome.NOT_MEASURED, None, (RejectReason.TOO_FAR,), "policy")
READING = BodyReading(uuid4(), NOON, 38.1, ReadingMode.BODY, "thermo-1")
PASSAGE = Passage(
    uuid4(), "lane 1", "camera-1", 7, NOON, NOON, 1, 9, DOUBT, ReferenceState.HEALTHY, 9
)
CASE = Case(
    uuid4(), 3, NOON, "lane 1", 7, PASSAGE.passage_id, ABOVE, (1.5, 2.5), readings=(READING,)
)
FACE = FaceView(7, Box(1, 2, 30, 40), None, 36.5, 0.2, "too_far", (10.0, 20.0))
UPDATE = LaneUpdate(
    lane="国际到达 1",
    sequence=0,
    captured_at=NOON,
    shape=(120, 160),
    state=LaneState.TRACKING,
    blocked=None,
    reference=ReferenceState.HEALTHY,
    reference_box=Box(1, 1, 5, 5),
    reference_apparent_c=36.9,
    faces=(FACE, replace(FACE, point=None, outcome=Outcome.ABOVE)),
    frames_per_s=8.7,
    dropped_frames=2,
    crowd=CrowdStatus(CrowdState.FROZEN, 50, 50, 35.1, 0.3, NOON, NOON, 0.4),
)
REFUSED = CommandRefused(uuid4(), "No.")
PROGRESS = DeliveryProgress(uuid4(), CASE.case_id, "flagged", DeliveryStage.PUBLISHED, NOON)
CHECK = DeviceCheck(
    uuid4(), "gun-1", NOON, "Wang", 37.0, (37.0, 37.1, 36.9), 0.3, CheckVerdict.PASSED
)
JOURNEY = Registration(HubKind.FLIGHT, "CA1", "", "12F", "12F", (Symptom.COUGH,), None, 0, ())
DONE = Progress(NOON, NOON, "", JOURNEY, NOON, True, NOON, CaseOutcome.OTHER, NOON)
POLICY = ThresholdPolicy(
    "order-7", date(2026, 1, 1), None, "CDC", 36.2, Comparison.ABOVE, 0.2, 37.3, Comparison.ABOVE
)
ORDER = CollectionOrder(
    "o", "law", "CDC", NOON.date(), NOON.date(), (IdentityField.NAME,), keep_days=3
)
FLOW = CaseFlow(
    (POLICY,),
    asked=(Field.NUMBER,),
    identity=IdentityRules(orders=(ORDER,)),
    clinics=(Clinic("医院", "Clinic", "路1号", "1 Road", "010"),),
    services=("G1",),
)
PAGE = SearchPage(
    uuid4(),
    (FoundPassage(PASSAGE, CaseBrief(3, CaseState.CLOSED, CaseState.CLEARED, (READING,))),),
    PagePlace(NOON, PASSAGE.passage_id),
    41,
)
EVERY_EVENT = [
    UPDATE,
    LaneFault("lane 1", NOON, "The camera is unplugged."),
    ThresholdTold(
        ThresholdStanding("order-7", 36.2, 36.0, 35.9, 36.5, ("Chen Yu", "Li Na"), NOON), uuid4()
    ),
    ShiftTold(
        ShiftStanding(
            ShiftMatters((OpenCase(3, CaseStage.READING, NOON),), 2, NOON),
            ShiftOffer(uuid4(), "Li", NOON, "看 7 号"),
            ShiftHandover(NOON, "Wang", "Li", "", 1, 0, 0, 0, 0),
        ),
        uuid4(),
    ),
    DeviceChecked(CHECK, uuid4()),
    PassageRecorded(PASSAGE),
    PassageRecorded(replace(PASSAGE, warning=CrowdWarning(0.9, 35.1, 0.3, 50), rest_until=NOON)),
    BiasChanged(NOON, (CameraBias("b", "a", 0.31, 0.05, (90, 88), None, NOON),)),
    RoomChanged(NOON, Room(22.5, 0.5, None, -3.0), RoomSource.MEASURED, uuid4()),
    CaseChanged(CASE),
    CaseChanged(replace(CASE, progress=DONE), uuid4()),
    FlowAnnounced(FLOW),
    CaseOverdue(CASE.case_id, 3, CaseStage.READING, 2, NOON, NOON),
    CasePictured(CASE.case_id, (1, 2), "AP8=", NOON),
    CasePictureGone(CASE.case_id),
    HandheldRead(READING),
    DeviceChanged("thermo-1", NOON, DeviceState.LOST, "Plug it in."),
    DeviceChanged("air-1", NOON, DeviceState.DOUBTFUL, "Renew it.", DeviceDoubt.STUCK),
    StationDescribed(
        "s-1",
        "0.1",
        (CameraAbout("camera-1", "1", 0.05),),
        ("gun-1",),
        ("source-1",),
        37.0,
        1.0,
        0.25,
        ((0.0, 0.5, 0.25, 1.0),),
        (0.02, 0.06),
        (0.3, 0.3, 0.8, 0.7),
        "/tmp/files",
    ),
    VersionList(uuid4(), (SiteVersion(3, NOON, "Wu", "regions", True, ("-a", "+b")),), False),
    LogPage(uuid4(), ("a line",)),
    SimulatorsTold(
        uuid4(), True, 12, 1.0, (SimulatedInstrument("gun-1", "fefd", ("slow",), (), ("trigger",)),)
    ),
    CertificateList(
        uuid4(),
        (CameraCertificate("camera-1", NOON, NOON, Verdict.NOT_LINEAR, True, 0.9, None),),
    ),
    TrendChanged(
        CameraTrend(
            "camera-1",
            "1",
            ReferenceState.HEALTHY,
            (TrendPoint(NOON, 0.1, 0.02, 0.03, 9.0, 1, 45), TrendPoint(NOON, *(None,) * 4, 0, 0)),
            (NOON,),
        )
    ),
    SourceChanged("source-1", NOON, 36.4, 37.0, False, True, "", DeviceDoubt.UNSETTLED),
    LinkChanged(LinkState.OFFLINE, 3, NOON, 1, "No broker."),
    PROGRESS,
    LedgerFault(NOON, "The disk is full."),
    LedgerRecovered(NOON),
    RecordsLost(NOON, 3),
    LedgerSalvaged(
        SalvageTold(NOON, "l.damaged-1", SalvageExtent.ALL, {"outbox": 9}, {}, 3, 1, NOON, None)
    ),
    SessionChanged(Person("Li", Role.OPERATOR), uuid4(), True, ("Li", "李娜"), 300.0, "token"),
    AccountList((Account("Li", Role.AUDITOR, True, True),), uuid4()),
    AuditPage((next_row(None, made_entry(NOON, KIOSK, AuditKind.CASE, "7", x=1)),), uuid4(), True),
    AuditVerified(uuid4(), TrailVerdict(None, None)),
    ReportMade(
        DailyFigures(
            Day(date(2026, 11, 24), NOON, NOON, False),
            DayCounts({Outcome.NOT_MEASURED: 1}, {"glasses": 1}, {CaseState.OPEN: 1}),
        ),
        uuid4(),
    ),
    REFUSED,
    PAGE,
    StatisticsCounted(
        uuid4(),
        Statistics(
            since=NOON,
            until=NOON,
            camera_id=None,
            cameras=("camera-1",),
            is_hourly=True,
            times=(TimeCount(NOON, {Outcome.ABOVE: 3}),),
            skin=(SkinCount(36.3, 7),),
            reasons={"glasses": 1},
            checks=(SecondChecks("camera-1", 8, Outcome.ABOVE, {CaseState.CLEARED: 2}),),
            causes={ClearCause.HOT_DRINK: 2},
        ),
    ),
    WorkProgress(uuid4(), WorkState.RUNNING, 2000, 5000),
]
EVERY_COMMAND = [
    ListVersions(uuid4()),
    ListCertificates(uuid4()),
    TakeVersion(uuid4(), 3),
    SetRegions(uuid4(), ((0.0, 0.5, 0.25, 1.0),)),
    SetMasks(uuid4(), "1", ((0.0, 0.5, 0.25, 1.0),)),
    SetSweptPlace(uuid4(), (0.3, 0.3, 0.8, 0.7), (0.02, 0.2)),
    LookAtSimulators(uuid4()),
    SwitchFault(uuid4(), "camera-1", "silent", True),
    ClearFaults(uuid4(), None),
    SendPeople(uuid4(), SimulatedPeople.QUEUE),
    SetSceneSpeed(uuid4(), 10.0),
    TellSimulator(uuid4(), "gun-1", "trigger", 38.6),
    ReadLog(uuid4(), 100, True),
    MakeBundle(uuid4()),
    MakeBackup(uuid4()),
    NoteBackup(uuid4(), 1203),
    AttachReading(uuid4(), CASE.case_id, READING.reading_id),
    ResolveCase(uuid4(), CASE.case_id, CaseState.CLEARED, "hot drink"),
    CheckByHand(uuid4(), PASSAGE.passage_id),
    HandOver(uuid4(), 7, HandoverStep.REQUESTED, "120"),
    SetRoom(uuid4(), 22.5, 41.0, None),
    SendReport(uuid4(), date(2026, 11, 24)),
    TypeReading(uuid4(), 38.4, 38.4, TrustClass.CONTACT),
    RecordCheck(uuid4(), 37.0, (uuid4(), uuid4(), uuid4())),
    RestTraveller(uuid4(), CASE.case_id, 5),
    RegisterCase(uuid4(), CASE.case_id, JOURNEY, Identity("Li", "", "139"), True),
    IsolateCase(uuid4(), CASE.case_id),
    CloseCase(uuid4(), CASE.case_id, CaseOutcome.UNKNOWN),
    TakeBack(uuid4(), CASE.case_id),
    ListAccounts(uuid4()),
    AddAccount(uuid4(), "李娜", Role.SHIFT_LEAD, "135791"),
    SetPin(uuid4(), "Li", "135791"),
    SetCard(uuid4(), "Li", "0012345678"),
    BlockAccount(uuid4(), "Li", True),
    ReadAudit(uuid4(), None, 20),
    SearchPassages(uuid4(), PassageFilter(NOON, None, "camera-1", lowest_c=37.5), 20),
    AskStatistics(uuid4(), NOON, None, "camera-1"),
    VerifyAudit(uuid4()),
    ExportAudit(uuid4(), TrailFilter()),
    ExportPassages(uuid4(), PassageFilter(reason=RejectReason.GLASSES), TableFormat.XLSX),
    CancelWork(uuid4(), uuid4()),
    AskThreshold(uuid4(), 36.5),
    ProposeThreshold(uuid4(), 36.5),
    ConfirmThreshold(uuid4(), uuid4()),
    WithdrawThreshold(uuid4(), uuid4()),
    AskShift(uuid4()),
    OfferShift(uuid4(), "看 7 号"),
    TakeShift(uuid4(), uuid4()),
    WithdrawShift(uuid4(), uuid4()),
]
