"""Builders of the technician's tests: curves, sources and checks."""

from dataclasses import replace
from datetime import timedelta
from math import sin
from uuid import UUID

from station.core.about import CameraAbout, StationDescribed
from station.core.cases import BodyReading, ReadingMode
from station.core.events import (
    DeviceChecked,
    DeviceState,
    Event,
    SourceChanged,
    TrendChanged,
)
from station.core.handhelds import CheckVerdict, DeviceCheck
from station.core.health import DeviceDoubt
from station.core.linearity import Verdict
from station.core.reference import ReferenceState
from station.core.service_commands import CameraCertificate, LogPage, SiteVersion, VersionList
from station.core.simulator_commands import SimulatedInstrument, SimulatorsTold
from station.core.trends import POINT_S, POINTS, CameraTrend, TrendPoint
from tests.ui.making import NOON, device, link, reading, room
from ui.viewmodels.simulators import FAULTS

PORT_GONE = "The port /dev/ttyUSB1 is gone ([Errno 5] Input/output error): plug it in again."
NOT_STEADY = (
    "The reference source is at 36.42 °C and not steady at its set point: wait, and keep drafts "
    "away."
)
NO_CAMERA = (
    "The camera at 192.168.8.64 cannot be reached (No route to host): check its power, cable and "
    "address."
)
CERTIFICATE_EXPIRED = (
    "The broker at 10.20.30.40:8883 refuses our certificate: it has expired, or its revocation "
    "list has: renew it (fever-station pki renew). Alerts wait on this station's disk."
)


def trend(camera_id: str = "camera-1", lane: str = "1", count: int = POINTS) -> CameraTrend:
    """Return curves in which the source was hidden for a minute and a few frames were late."""
    points = []
    for i in range(count):
        is_hidden = 100 <= i < 112
        error_c = None if is_hidden else 0.12 + 0.08 * sin(i / 17)
        points.append(
            TrendPoint(
                NOON - timedelta(seconds=POINT_S * (count - 1 - i)),
                error_c,
                None if is_hidden else 0.02,
                0.041 + 0.006 * sin(i / 5),
                8.9,
                2 if i % 40 == 7 else 0,
                44,
            )
        )
    shutters = tuple(NOON - timedelta(seconds=s) for s in (1020, 840, 660, 480, 300, 120))
    return CameraTrend(camera_id, lane, ReferenceState.HEALTHY, tuple(points), shutters)


def check(device_id: str = "gun-1", *shown_c: float) -> DeviceCheck:
    shown_c = shown_c or (37.1, 36.9, 37.2)
    is_good = all(abs(value - 37.0) <= 0.3 for value in shown_c)
    verdict = CheckVerdict.PASSED if is_good else CheckVerdict.FAILED
    at = NOON - timedelta(minutes=42)
    return DeviceCheck(UUID(int=7), device_id, at, "Wu Min", 37.0, shown_c, 0.3, verdict)


def well_kept_station() -> list[Event]:
    """Return what a station with every kind of device tells a new kiosk."""
    doubt = DeviceDoubt.UNSETTLED
    return [
        about(),
        device("camera-1"),
        device("camera-2"),
        device("gun-1", DeviceState.UNHEARD),
        device("gun-2", DeviceState.LOST, PORT_GONE),
        device("source-1", DeviceState.DOUBTFUL, NOT_STEADY),
        device("room-1"),
        TrendChanged(trend()),
        SourceChanged("source-1", NOON, 36.42, 37.0, False, True, "", doubt),
        DeviceChecked(check()),
        DeviceChecked(check("gun-2", 37.1, 37.6, 36.9)),
        link(),
        room(),
    ]


def about() -> StationDescribed:
    cameras = tuple(CameraAbout(f"camera-{i}", f"{i}", 0.05) for i in (1, 2))
    guns = ("gun-1", "gun-2", "gun-3")
    region = (0.02, 0.75, 0.35, 1.0)
    files = "/var/lib/fever-station/exports"
    return StationDescribed(
        "beijing-west-03",
        "0.1.0",
        cameras,
        guns,
        ("source-1",),
        37.0,
        1.0,
        0.25,
        (region,),
        (0.02, 0.06),
        (0.3, 0.3, 0.8, 0.7),
        files,
    )


def simulated() -> StationDescribed:
    """Return a station whose devices are simulated."""
    return replace(about(), is_drill=True, is_simulated=True)


def simulators_told(command: object, *on: str, has_people: bool = True) -> SimulatorsTold:
    """Return devices that know every fault between them; of the first, those in `on` are on."""
    names = sorted(FAULTS)
    third = -(-len(names) // 3)
    devices = tuple(
        SimulatedInstrument(
            name,
            model,
            tuple(names[i * third : (i + 1) * third]),
            on if i == 0 else (),
            commands,
        )
        for i, (name, model, commands) in enumerate(
            (
                ("camera-1", "hikvision-isapi", ("correct", "power_cycle", "restart")),
                ("gun-1", "fefd-ble", ("trigger",)),
                ("source-1", "fluke-418x", ("panel",)),
            )
        )
    )
    more = tuple(
        SimulatedInstrument(f"gun-{i}", "health-thermometer", ("silent",), (), ("trigger",))
        for i in range(2, 8)
    )
    command_id: UUID = command.command_id  # type: ignore[attr-defined]
    return SimulatorsTold(command_id, has_people, 12, 1.0, (*devices, *more))


def source_reading(number: int, body_c: float) -> BodyReading:
    """Return a reading of the reference source, taken after the check began."""
    taken = reading(number, body_c, seconds_ago=-60, mode=ReadingMode.SURFACE)
    return replace(taken, device_id="gun-1")


def version_list(command: object, *, is_restarting: bool = False) -> VersionList:
    """Return three versions, of which the second newest is in use."""
    told = (
        SiteVersion(
            4,
            NOON - timedelta(minutes=3),
            "staff-7",
            "added",
            False,
            ("-set_point_c = 37.0", "+set_point_c = 36.5"),
        ),
        SiteVersion(3, NOON - timedelta(hours=2), "staff-7", "regions", True, ()),
        SiteVersion(
            2,
            NOON - timedelta(days=3),
            "",
            "found",
            False,
            ("-regions = [[0.020, 0.750, 0.350, 1.000]]", "-", "-password = ***"),
        ),
    )
    return VersionList(command.command_id, told, is_restarting)  # type: ignore[attr-defined]


def certificates(
    verdict: Verdict = Verdict.PASS,
    *,
    slope: float = 0.9987,
    days_ago: float = 40,
    is_whole: bool = True,
) -> tuple[CameraCertificate, ...]:
    """Return the latest certificate of the first camera, valid for a year."""
    at = NOON - timedelta(days=days_ago)
    expires_at = at + timedelta(days=365)
    return (CameraCertificate("camera-1", at, expires_at, verdict, is_whole, slope, 0.041),)


def log_page(command: object) -> LogPage:
    lines = tuple(
        f"2026-11-24 11:{i:02d}:07,412 WARNING station.runtime.devices: camera-2: no answer"
        for i in range(40)
    )
    return LogPage(command.command_id, lines)  # type: ignore[attr-defined]
