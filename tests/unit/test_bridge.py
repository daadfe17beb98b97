import logging
import os
import pwd
import socket
import stat
import struct
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import get_args
from uuid import uuid4

import numpy as np
import pytest

from station.core.about import CameraAbout, StationDescribed
from station.core.accounts import Account, SignInRefused
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
    Refusal,
    TrustClass,
)
from station.core.cohort import CrowdState, CrowdStatus, CrowdWarning
from station.core.commands import (
    AttachReading,
    CheckByHand,
    CloseCase,
    Command,
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
from station.core.errors import KnownError
from station.core.events import (
    BiasChanged,
    CaseChanged,
    CaseOverdue,
    CasePictured,
    CasePictureGone,
    CommandRefused,
    DeliveryProgress,
    DeliveryStage,
    DeviceChanged,
    DeviceChecked,
    DeviceState,
    Event,
    FaceView,
    FlowAnnounced,
    HandheldRead,
    LaneFault,
    LaneState,
    LaneUpdate,
    LedgerFault,
    LedgerRecovered,
    LinkChanged,
    LinkState,
    PassageRecorded,
    RecordsLost,
    ReportMade,
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
from station.core.linearity import Verdict
from station.core.passages import Passage
from station.core.people import KIOSK, Person, Role
from station.core.people_commands import (
    AddAccount,
    BlockAccount,
    ListAccounts,
    ReadAudit,
    SessionCommand,
    SetCard,
    SetPin,
    SignIn,
)
from station.core.people_events import AccountList, AuditPage, SessionChanged
from station.core.questions import (
    MOST_ROWS,
    AskStatistics,
    AuditVerified,
    CancelWork,
    ExportAudit,
    ExportPassages,
    Question,
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
from station.core.screening import (
    Comparison,
    Measurement,
    Outcome,
    Screening,
    ThresholdPolicy,
)
from station.core.search import CaseBrief, FoundPassage, PagePlace, PassageFilter
from station.core.service_commands import (
    CameraCertificate,
    CertificateList,
    ListCertificates,
    ListVersions,
    LogPage,
    MakeBackup,
    MakeBundle,
    ReadLog,
    SetRegions,
    SetSweptPlace,
    SiteVersion,
    TakeVersion,
    VersionList,
)
from station.core.shift import (
    OpenCase,
    ShiftHandover,
    ShiftMatters,
    ShiftOffer,
    ShiftStanding,
)
from station.core.shift_commands import (
    AskShift,
    OfferShift,
    ShiftTold,
    TakeShift,
    WithdrawShift,
)
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
from station.runtime.bridge import BridgeServer
from station.runtime.bridge_client import BridgeClient, BridgeClosed
from station.runtime.bridge_frames import (
    COMMANDS,
    MAX_FRAME_BYTES,
    PROTOCOL,
    FrameError,
    Picture,
    encode_hello,
    encode_message,
)
from station.runtime.sessions import Session

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


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bridge.sock"


@pytest.fixture
def start(path):
    servers = []

    def begin(on_command=lambda command, person: None, snapshot=tuple, admit=Session):
        servers.append(BridgeServer(path, on_command, snapshot, admit))
        return servers[-1]

    yield begin
    for server in servers:
        server.close()


@pytest.fixture
def connect(path):
    clients = []

    def begin(server=None, *, as_user=False):
        client = BridgeClient(path, as_user=as_user)
        client.connect()
        clients.append(client)
        if server is not None:
            wait(lambda: len(server._clients) == len(clients))
        return client

    yield begin
    for client in clients:
        client.close()


def wait(is_true):
    deadline = time.monotonic() + 5
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_every_kind_of_event_and_command_is_tried():
    assert {type(event) for event in EVERY_EVENT} == set(get_args(Event))
    assert {type(command) for command in EVERY_COMMAND} == set(get_args(Command))
    every = {*get_args(Command), *get_args(SessionCommand)}
    assert set(COMMANDS) == {kind.__name__ for kind in every}


def test_every_event_arrives_equal_and_in_order(start, connect):
    server = start()
    client = connect(server)
    for event in EVERY_EVENT:
        server.emit(event)
    assert [client.read() for _ in EVERY_EVENT] == EVERY_EVENT


def test_every_command_arrives_equal(start, connect):
    taken = []
    client = connect(start(lambda command, person: taken.append(command)))
    for command in EVERY_COMMAND:
        client.send(command)
    wait(lambda: len(taken) == len(EVERY_COMMAND))
    assert taken == EVERY_COMMAND


def test_a_command_that_the_station_refuses_is_answered(start, connect):
    def refuse(command, person):
        raise KnownError("Take a second reading first.")

    client = connect(start(refuse))
    client.send(EVERY_COMMAND[0])
    expected = CommandRefused(EVERY_COMMAND[0].command_id, "Take a second reading first.")
    assert client.read() == expected


def test_commands_come_with_who_gave_them(start, connect):
    people = []
    start(lambda command, person: people.append(person))
    kiosk, command_line = connect(), connect(as_user=True)
    user = Person(f"cli:{pwd.getpwuid(os.getuid()).pw_name}", Role.TECHNICIAN)
    for client, person in ((kiosk, KIOSK), (command_line, user), (kiosk, KIOSK)):
        client.send(EVERY_COMMAND[0])
        wait(lambda: people)
        assert people.pop() == person
    assert command_line.read().person == user


def test_what_a_command_returns_is_told_to_who_asked_alone(start, connect):
    answer = AccountList((), uuid4())
    server = start(lambda command, person: answer)
    asking, other = connect(), connect(server)
    asking.send(ListAccounts(uuid4()))
    assert asking.read() == answer
    server.emit(REFUSED)
    assert other.read() == REFUSED


def test_a_session_greets_answers_refuses_and_ends_with_its_connection(start, connect):
    ended = threading.Event()
    greeting = SessionChanged(None, is_required=True, names=("Li",))

    class Guarded(Session):
        def begin(self):
            self.tell(greeting)

        def obey(self, command):
            if command.pin != "135791":
                raise SignInRefused(Refusal.WAIT, "Wait.", NOON)
            return super().obey(command)

        def end(self):
            ended.set()

    start(admit=Guarded)
    client = connect()
    assert client.read() == greeting
    right, wrong = SignIn(uuid4(), "Li", "135791"), SignIn(uuid4(), "Li", "1")
    client.send(wrong)
    assert client.read() == CommandRefused(wrong.command_id, "Wait.", Refusal.WAIT, NOON)
    client.send(right)
    assert client.read().command_id == right.command_id
    client.close()
    assert ended.wait(60)


def known(user, tell, person):
    session = Session(user, tell)
    session.person = person
    return session


@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        (None, Refusal.NOT_SIGNED_IN),
        (Person("Sun", Role.AUDITOR), Refusal.NOT_ALLOWED),
    ],
)
def test_what_the_person_may_not_do_never_reaches_the_station(start, connect, person, refusal):
    taken = []
    start(
        lambda command, person: taken.append(command),
        admit=lambda user, tell: known(user, tell, person),
    )
    client = connect()
    looks = ReadAudit | AskThreshold | AskShift | Question | CancelWork
    changing = [c for c in EVERY_COMMAND if person is None or not isinstance(c, looks)]
    for command in changing:
        client.send(command)
        told = client.read()
        assert (told.command_id, told.refusal) == (command.command_id, refusal)
    assert taken == []


def test_an_answer_goes_to_the_one_who_asked_and_to_nobody_else(start, connect):
    asked = []
    server = start(lambda command, person: asked.append(command))
    asker, other = connect(), connect()
    wait(lambda: len(server._clients) == 2)
    question = SearchPassages(uuid4(), PassageFilter(), 20)
    asker.send(question)
    wait(lambda: asked)
    page = replace(PAGE, command_id=question.command_id)
    server.answer(page)
    server.emit(REFUSED)
    assert [asker.read(), asker.read()] == [page, REFUSED]
    assert other.read() == REFUSED


def test_a_work_is_told_until_its_end_and_then_forgotten(start, connect):
    asked = []
    server = start(lambda command, person: asked.append(command))
    client = connect(server)
    question = ExportPassages(uuid4(), PassageFilter(), TableFormat.CSV)
    client.send(question)
    wait(lambda: asked)
    running = WorkProgress(question.command_id, WorkState.RUNNING, 0, 9)
    end = replace(running, state=WorkState.DONE, done=9)
    for progress in (running, running, end, running):
        server.answer(progress)
    server.emit(REFUSED)
    assert [client.read() for _ in range(4)] == [running, running, end, REFUSED]
    assert not server._askers


def test_an_answer_for_somebody_who_has_gone_is_dropped(start, connect):
    asked = []
    server = start(lambda command, person: asked.append(command))
    client = connect(server)
    client.send(SearchPassages(PAGE.command_id, PassageFilter(), 20))
    wait(lambda: asked)
    client.close()
    wait(lambda: not server._clients)
    assert not server._askers
    server.answer(PAGE)


def test_a_question_that_is_refused_at_once_is_forgotten(start, connect):
    def refuse(command, person):
        raise KnownError("Wait a moment.")

    server = start(refuse)
    client = connect(server)
    client.send(SearchPassages(PAGE.command_id, PassageFilter(), 20))
    assert client.read() == CommandRefused(PAGE.command_id, "Wait a moment.")
    assert not server._askers


def test_the_largest_page_fits_a_frame():
    reasons = tuple(RejectReason)
    doubtful = replace(PASSAGE, screening=replace(DOUBT, reasons=reasons))
    row = replace(PAGE.rows[0], passage=doubtful)
    page = replace(PAGE, rows=(row,) * MOST_ROWS)
    assert len(encode_message(page)) < MAX_FRAME_BYTES / 2


@pytest.mark.parametrize("rows", [0, MOST_ROWS + 1])
def test_a_page_of_no_or_too_many_rows_is_refused(rows):
    with pytest.raises(ValueError, match="a page has 1 to"):
        SearchPassages(uuid4(), PassageFilter(), rows)


def test_a_new_kiosk_gets_the_snapshot_first(start, connect):
    server = start(snapshot=lambda: [CaseChanged(CASE), LedgerRecovered(NOON)])
    for _ in range(2):
        client = connect()
        assert [client.read(), client.read()] == [CaseChanged(CASE), LedgerRecovered(NOON)]
    server.emit(REFUSED)
    assert client.read() == REFUSED


def test_what_happens_during_the_snapshot_is_not_lost(start, connect):
    def snapshot():
        server.emit(REFUSED)
        return [CaseChanged(CASE)]

    server = start(snapshot=snapshot)
    client = connect()
    assert [client.read(), client.read()] == [CaseChanged(CASE), REFUSED]


def test_a_picture_arrives_to_a_hundredth_of_a_degree(start, connect):
    server = start()
    client = connect(server)
    scene = np.linspace(-40, 380, 120 * 160, dtype=np.float32).reshape(120, 160)
    scene[3, 4] = np.nan
    server.emit_picture("国际到达 1", 2**40, scene)
    picture = client.read()
    assert isinstance(picture, Picture)
    assert (picture.lane, picture.sequence) == ("国际到达 1", 2**40)
    assert picture.temperature_c.dtype == np.float32
    # Half a step of 0.01 °C, and what float32 leaves at 380 °C.
    np.testing.assert_allclose(picture.temperature_c, scene, atol=0.0051, equal_nan=True)


def test_a_slow_kiosk_loses_old_pictures_but_nothing_else(start, connect):
    server = start()
    client = connect(server)
    scene = np.zeros((480, 640), np.float32)
    for sequence in range(200):
        server.emit(replace(UPDATE, sequence=sequence))
        server.emit_picture("lane 1", sequence, scene)
        server.emit(replace(PROGRESS, at=NOON.replace(microsecond=sequence)))
    steps, passed, newest = [], 0, 0
    while len(steps) < 200 or newest < 199:
        event = client.read()
        if isinstance(event, DeliveryProgress):
            steps.append(event.at.microsecond)
        else:
            passed += 1
            assert event.sequence >= newest, "pictures stay in order"
            newest = event.sequence
    assert steps == list(range(200))
    assert passed < 100, "old pictures were dropped"


def test_emitting_never_waits_for_a_kiosk_that_does_not_read(start, connect):
    server = start()
    connect(server)
    scene = np.zeros((480, 640), np.float32)
    began = time.monotonic()
    for sequence in range(100):
        server.emit_picture("lane 1", sequence, scene)
    # Both cores may be busy with other work.
    assert time.monotonic() - began < 20


def test_a_kiosk_that_cannot_keep_up_is_disconnected_and_may_come_back(
    start, connect, monkeypatch, caplog
):
    monkeypatch.setattr("station.runtime.bridge._MAX_LASTING", 20)
    server = start(snapshot=lambda: [LedgerRecovered(NOON)])
    slow = connect(server)
    long_text = LedgerFault(NOON, "x" * 100_000)
    with caplog.at_level(logging.WARNING):
        for _ in range(60):
            server.emit(long_text)
    assert "does not keep up" in caplog.text
    with pytest.raises(BridgeClosed):
        for _ in range(100):
            slow.read()
    wait(lambda: not server._clients)
    again = BridgeClient(server._path)
    again.connect()
    assert again.read() == LedgerRecovered(NOON)
    again.close()


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">I", 2**31),
        struct.pack(">I", 0),
        struct.pack(">I", 5) + b"Hx",
        encode_hello() + struct.pack(">I", 4) + b"M\x02{}",
        encode_hello() + struct.pack(">I", 3) + b"P\x00\x00",
        encode_hello() + struct.pack(">I", 70_000) + b"M",
        encode_hello() + encode_message(UPDATE),
    ],
)
def test_malformed_bytes_close_that_kiosk_alone(start, connect, path, garbage, caplog):
    server = start()
    good = connect(server)
    with caplog.at_level(logging.INFO), socket.socket(socket.AF_UNIX) as bad:
        bad.connect(str(path))
        bad.sendall(garbage)
        bad.shutdown(socket.SHUT_WR)
        bad.settimeout(60)
        with suppress(ConnectionResetError):
            while bad.recv(4096):
                pass
        wait(lambda: "kiosk disconnected" in caplog.text)
    server.emit(REFUSED)
    assert good.read() == REFUSED


def test_another_version_is_refused_in_one_sentence(path):
    def answer():
        with fake.accept()[0] as peer:
            peer.sendall(encode_hello(PROTOCOL + 1))
            peer.recv(100)

    with socket.socket(socket.AF_UNIX) as fake:
        fake.bind(str(path))
        fake.listen()
        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(FrameError, match="install the same version of both"):
            BridgeClient(path).connect()
        thread.join(60)


def test_an_event_that_the_kiosk_cannot_read_is_skipped(start, connect, caplog):
    server = start()
    client = connect(server)
    for peer in server._listening():
        peer.put(struct.pack(">I", 8) + b"M\x04Newe{}", is_passing=False)
    server.emit(REFUSED)
    assert client.read() == REFUSED
    assert "skipped a message" in caplog.text


def test_the_socket_belongs_to_this_user_alone(start, path):
    start()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_second_station_on_the_same_socket_is_refused(start, connect):
    server = start()
    with pytest.raises(KnownError, match="Another station answers"):
        start()
    client = connect(server)
    server.emit(REFUSED)
    assert client.read() == REFUSED


def test_a_socket_left_by_a_crash_is_replaced(start, path, connect):
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    server = start()
    client = connect(server)
    server.emit(REFUSED)
    assert client.read() == REFUSED


def test_a_file_that_is_no_socket_is_left_alone(start, path):
    path.write_text("somebody's notes")
    with pytest.raises(KnownError, match="is no socket"):
        start()
    assert path.read_text() == "somebody's notes"


@pytest.mark.parametrize("name", ["x" * 120, "x" * 300])
def test_a_path_that_is_too_long_gives_one_sentence(tmp_path, name):
    with pytest.raises(KnownError, match="name a shorter socket_path"):
        BridgeServer(tmp_path / name, lambda command, person: None, tuple)
    with pytest.raises(KnownError, match="socket_path"):
        BridgeClient(tmp_path / name).connect()


def test_a_missing_folder_gives_one_sentence(tmp_path):
    with pytest.raises(KnownError, match="check socket_path"):
        BridgeServer(tmp_path / "nowhere" / "s", lambda command, person: None, tuple)


def test_without_a_station_the_kiosk_gets_one_sentence(path):
    with pytest.raises(BridgeClosed, match="No station answers"):
        BridgeClient(path).connect()


def test_the_kiosk_hears_that_the_station_ends_and_the_file_is_gone(start, connect, path):
    server = start()
    client = connect(server)
    server.close()
    server.close()
    with pytest.raises(BridgeClosed):
        client.read()
    assert not path.exists()


def test_closing_the_client_frees_a_reading_thread(start, connect):
    client = connect(start())
    ended = []

    def read():
        with pytest.raises(BridgeClosed):
            client.read()
        ended.append(True)

    thread = threading.Thread(target=read)
    thread.start()
    time.sleep(0.05)
    client.close()
    thread.join(60)
    assert ended == [True]
    with pytest.raises(BridgeClosed):
        client.send(EVERY_COMMAND[0])
