"""Builders of the kiosk's tests: made-up lanes, faces, cases, readings, and a time that stands."""

import base64
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from station.core.camera_bias import CameraBias
from station.core.case_flow import CaseFlow, Clinic
from station.core.cases import (
    BodyReading,
    Case,
    CaseState,
    Handover,
    HandoverStep,
    Progress,
    ReadingMode,
    TrustClass,
)
from station.core.cohort import CrowdState, CrowdStatus, CrowdWarning
from station.core.estimation import OralEstimate
from station.core.events import (
    BiasChanged,
    CasePictured,
    DeviceChanged,
    DeviceState,
    RoomChanged,
    RoomSource,
)
from station.core.extraction import RejectReason, Site
from station.core.faces import Box
from station.core.identity import IdentityField, IdentityRules
from station.core.lane_events import FaceView, LaneState, LaneUpdate
from station.core.link_events import LinkChanged, LinkState
from station.core.passages import Passage
from station.core.reference import ReferenceState
from station.core.registration import Field, HubKind, Medicine, Registration, Symptom
from station.core.room import Room
from station.core.screening import Comparison, Measurement, Outcome, Screening, ThresholdPolicy
from station.runtime.bridge_frames import Picture, decode_picture, encode_picture

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SHAPE = (288, 384)
REFERENCE_BOX = Box(24, 336, 40, 352)
CROWD = CrowdStatus(
    CrowdState.WATCHING, 50, 50, 34.9, 0.31, oldest_at=NOON - timedelta(minutes=11, seconds=40)
)
FROZEN = replace(
    CROWD, state=CrowdState.FROZEN, frozen_since=NOON - timedelta(minutes=7), shift_c=0.5
)
LEARNING = CrowdStatus(CrowdState.LEARNING, 12, 50)
WARNING = CrowdWarning(1.0, 34.9, 0.31, 50)

POLICY = ThresholdPolicy(
    "order-7",
    date(2026, 1, 1),
    None,
    "CDC",
    36.2,
    Comparison.ABOVE,
    0.2,
    37.3,
    Comparison.AT_OR_ABOVE,
)
CLINICS = (
    Clinic("市第一医院", "First Hospital", "建设路1号", "1 Jianshe Road", "010-5550101"),
    Clinic("大学附属医院", "University Hospital", "学院路9号", "9 Xueyuan Road", "010-5550102"),
)
FLOW = CaseFlow(
    policies=(POLICY,),
    asked=tuple(Field),
    identity=IdentityRules(fields=tuple(IdentityField)),
    clinics=CLINICS,
    services=("G1", "G107", "D312", "K51", "C2201", "G88", "T9"),
    duty_desk="010-5550199",
    site_name="北京西",
)
"""How the made-up site handles its cases."""
NO_PROGRESS = Progress()
JOURNEY = Registration(
    HubKind.TRAIN, "G107", "5", "12F", "12F", (Symptom.COUGH,), Medicine.NONE, 12, ()
)


@dataclass
class FakeClock:
    """A clock that moves only when told."""

    passed_s: float = 0.0
    jumped_s: float = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed_s + self.jumped_s)

    def monotonic_s(self) -> float:
        return 1000.0 + self.passed_s

    def advance(self, seconds: float) -> None:
        self.passed_s += seconds


@dataclass
class Ids:
    """Counts ids up, so that every run makes the same ones."""

    last: int = field(default=0)

    def next(self) -> UUID:
        self.last += 1
        return UUID(int=self.last)


def face(
    traveller: int | None,
    box: Box,
    outcome: Outcome | None,
    skin_c: float | None = None,
    reason: RejectReason | None = None,
    *,
    is_warm: bool = False,
) -> FaceView:
    row, column = box.center
    return FaceView(
        traveller=traveller,
        box=box,
        outcome=outcome,
        skin_c=skin_c,
        u_c=None if skin_c is None else 0.21,
        reason=reason.value if reason else None,
        point=None if skin_c is None else (row - 4, column),
        is_warm=is_warm,
    )


FACES = (
    face(31, Box(92, 30, 152, 76), Outcome.BELOW, 35.9, is_warm=True),
    face(32, Box(70, 112, 150, 172), Outcome.ABOVE, 37.2),
    face(33, Box(110, 196, 166, 238), Outcome.REPEAT, 36.1),
    face(34, Box(100, 262, 156, 304), Outcome.NOT_MEASURED, None, RejectReason.GLASSES),
    face(35, Box(70, 318, 106, 344), None, None, RejectReason.TOO_FAR),
    face(None, Box(58, 214, 98, 244), None, None, RejectReason.FACES_TOO_NEAR),
)


def update(
    sequence: int = 1,
    faces: tuple[FaceView, ...] = (),
    *,
    lane: str = "1",
    state: LaneState = LaneState.MEASURED,
    reference: ReferenceState = ReferenceState.HEALTHY,
    captured_at: datetime = NOON,
    crowd: CrowdStatus | None = CROWD,
    blocked: str | None = None,
) -> LaneUpdate:
    return LaneUpdate(
        lane=lane,
        sequence=sequence,
        captured_at=captured_at,
        shape=SHAPE,
        state=state,
        blocked=blocked,
        reference=reference,
        reference_box=REFERENCE_BOX,
        reference_apparent_c=36.6,
        faces=faces,
        frames_per_s=8.9,
        dropped_frames=0,
        crowd=crowd,
    )


def picture(sequence: int = 1, faces: tuple[FaceView, ...] = (), *, lane: str = "1") -> Picture:
    return decode_picture(encode_picture(lane, sequence, thermal(faces))[5:])


def thermal(faces: tuple[FaceView, ...]) -> NDArray[np.float32]:
    """Paint a cool hall with a person under each face; apparent °C."""
    rows, columns = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(np.float32)
    field_c = 21.5 + 1.2 * np.sin(columns / 60) + 0.8 * rows / SHAPE[0]
    field_c = field_c + np.random.default_rng(7).normal(0, 0.06, SHAPE)
    for shown in sorted(faces, key=lambda one: one.box.width):
        middle_row, middle = shown.box.center
        height, width = shown.box.height / 2, shown.box.width / 2
        shoulders = np.abs((columns - middle) / (2.1 * width)) ** 3 + np.exp(
            -(rows - middle_row - 1.6 * height) / (0.25 * height)
        )
        field_c = np.where((shoulders < 1) & (rows > middle_row), 26.5 + 0.4 * shoulders, field_c)
        far = ((rows - middle_row) / height) ** 2 + ((columns - middle) / (0.86 * width)) ** 2
        skin_c = (shown.skin_c or 35.2) - 0.4 - 1.6 * np.clip(far, 0, 1.2)
        field_c = np.where(far < 1.1, skin_c, field_c)
    box = REFERENCE_BOX
    row, column = box.center
    disc = (rows - row) ** 2 + (columns - column) ** 2 < (box.width / 2) ** 2
    return np.where(disc, 36.6, field_c).astype(np.float32)


def screening(outcome: Outcome, skin_c: float | None, *reasons: RejectReason) -> Screening:
    measured = None
    if skin_c is not None:
        oral = OralEstimate(skin_c + 1.2, 0.24, outcome is Outcome.ABOVE, 9, (), "oral 1")
        measured = Measurement(skin_c, 0.21, Site.INNER_CANTHUS, 9, 0.9, False, oral)
    return Screening(outcome, measured, reasons, "order-7")


def case(
    number: int,
    *,
    seconds_ago: float = 60,
    outcome: Outcome = Outcome.ABOVE,
    skin_c: float | None = 37.2,
    state: CaseState = CaseState.OPEN,
    readings: tuple[BodyReading, ...] = (),
    handover: tuple[Handover, ...] = (),
    progress: Progress = NO_PROGRESS,
) -> Case:
    reasons = (RejectReason.GLASSES,) if skin_c is None else ()
    return Case(
        case_id=UUID(int=10_000 + number),
        number=number,
        opened_at=NOON - timedelta(seconds=seconds_ago),
        lane="1",
        traveller=number,
        passage_id=UUID(int=20_000 + number),
        screening=screening(outcome, skin_c, *reasons),
        point=None,
        state=state,
        readings=readings,
        handover=handover,
        progress=progress,
    )


def confirmed(number: int, *steps: HandoverStep, **told: object) -> Case:
    """A case with fever, so far along; every step was a minute after the one before."""
    start = NOON - timedelta(minutes=20)
    handover = tuple(
        Handover(step, start + timedelta(minutes=5 + i), "120") for i, step in enumerate(steps)
    )
    progress = Progress(verdict_at=start, **told)
    readings = (reading(number, 38.4), reading(number + 100, 38.5))
    return case(
        number,
        seconds_ago=1500,
        state=CaseState.CONFIRMED,
        readings=readings,
        handover=handover,
        progress=progress,
    )


def cases_that_go_on() -> list[Case]:
    """One case at each stage after the second check, and one that waits for it."""
    at = NOON - timedelta(minutes=3)
    asked = {"registration": JOURNEY, "registered_at": at}
    there = {**asked, "isolated_at": at}
    step = HandoverStep
    return [
        case(61, seconds_ago=95),
        confirmed(62),
        confirmed(63, **asked),
        confirmed(64, **there),
        confirmed(65, step.REQUESTED, **there),
        confirmed(66, step.REQUESTED, step.ACCEPTED, **there),
        confirmed(67, step.REQUESTED, step.ACCEPTED, step.DEPARTED, **there),
        confirmed(68, step.REQUESTED, step.ACCEPTED, step.DEPARTED, step.ARRIVED, **there),
    ]


def pictured(one: Case, *, keep_s: float = 1800) -> CasePictured:
    """A picture of a case's traveller, that may be shown so long after the flag."""
    side = 24
    rows, columns = np.mgrid[0:side, 0:side]
    far = np.hypot(rows - side / 2, columns - side / 2)
    pixels = np.clip(255 - 16 * far, 0, 255).astype(np.uint8)
    expires_at = one.opened_at + timedelta(seconds=keep_s)
    return CasePictured(
        one.case_id, (side, side), base64.b64encode(pixels.tobytes()).decode(), expires_at
    )


def reading(
    number: int,
    body_c: float = 38.1,
    *,
    seconds_ago: float = 12,
    mode: ReadingMode = ReadingMode.BODY,
    is_plausible: bool = True,
    trust: TrustClass = TrustClass.FOREHEAD,
) -> BodyReading:
    taken_at = NOON - timedelta(seconds=seconds_ago)
    device = f"gun-{1 + number % 2}"
    reading_id = UUID(int=30_000 + number)
    return BodyReading(reading_id, taken_at, body_c, mode, device, is_plausible, trust)


def passage(
    number: int, *reasons: RejectReason, outcome: Outcome = Outcome.NOT_MEASURED
) -> Passage:
    return Passage(
        passage_id=UUID(int=20_000 + number),
        lane="1",
        camera_id="camera-1",
        traveller=number,
        first_at=NOON - timedelta(seconds=40),
        last_at=NOON - timedelta(seconds=30 - number % 10),
        first_sequence=1,
        last_sequence=9,
        screening=screening(outcome, None, *(reasons or (RejectReason.GLASSES,))),
        reference=ReferenceState.HEALTHY,
        facing_frames=9,
    )


def link(
    state: LinkState = LinkState.CONNECTED, *, waiting: int = 0, seconds: float = 0
) -> LinkChanged:
    since = NOON - timedelta(seconds=seconds) if waiting else None
    return LinkChanged(state, waiting, since, 0, "")


DISK_FULL = (
    "The disk of /var/lib/fever-station/ledger.sqlite is full: free space; nothing is lost so far."
)
"""What the station says when it cannot write."""


def device(name: str, state: DeviceState = DeviceState.READY, sentence: str = "") -> DeviceChanged:
    return DeviceChanged(name, NOON, state, sentence)


def warm_passage(number: int) -> Passage:
    """A traveller below the threshold who is unusually warm against the crowd."""
    walked = passage(number)
    return replace(walked, screening=screening(Outcome.BELOW, 35.9), warning=WARNING)


def chilled_passage(number: int, *, rest_s: float) -> Passage:
    """A traveller who should rest so much longer."""
    until = NOON + timedelta(seconds=rest_s)
    return replace(passage(number, RejectReason.COLD_ARRIVAL), rest_until=until)


def bias(stands_out: str | None = "camera-2") -> BiasChanged:
    """Three cameras of which one reads higher, or two of which nobody knows which is wrong."""
    others = ("camera-1", "camera-3") if stands_out else ("camera-1",)
    found = tuple(
        CameraBias("camera-2", other, 0.31, 0.04, (140, 151), stands_out, NOON) for other in others
    )
    return BiasChanged(NOON, found)


def room(source: RoomSource = RoomSource.MEASURED) -> RoomChanged:
    if source is RoomSource.ASSUMED:
        return RoomChanged(NOON, Room(22.0, 2.0), source)
    return RoomChanged(NOON, Room(21.5, 0.5, 38.0, -12.0), source)
