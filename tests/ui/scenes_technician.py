"""What the technician's screens are looked at in."""

from dataclasses import replace
from datetime import timedelta

from station.core.cases import Refusal
from station.core.events import (
    CommandRefused,
    DeviceState,
    HandheldRead,
    LedgerFault,
    LedgerSalvaged,
)
from station.core.faces import Box
from station.core.lane_events import LaneFault, LaneState
from station.core.linearity import Verdict
from station.core.link_events import LinkChanged, LinkState
from station.core.questions import WorkProgress, WorkState
from station.core.salvage import SalvageExtent, SalvageTold
from station.core.service_commands import (
    CameraCertificate,
    CertificateList,
    ListCertificates,
    ListVersions,
)
from station.core.simulator_commands import LookAtSimulators
from tests.ui.making import (
    DISK_FULL,
    NOON,
    REFERENCE_BOX,
    SHAPE,
    device,
    face,
    picture,
    update,
)
from tests.ui.making_devices import (
    CERTIFICATE_EXPIRED,
    NO_CAMERA,
    about,
    certificates,
    log_page,
    simulators_told,
    source_reading,
    version_list,
    well_kept_station,
)
from tests.ui.making_devices import simulated as simulated_about
from tests.ui.screens import Stage
from ui.viewmodels.devices import LINK, STATION
from ui.viewmodels.regions import Subject

NO_FOLDER = (
    "/etc/fever-station/site.toml cannot be written (Read-only file system): give the station's "
    "user that folder."
)
NO_KEY = (
    "No key seals backups here: name backup_key_file in [service] of the site file (fever-station "
    "backup --new-key)."
)


def trends(stage: Stage) -> None:
    """A camera with twenty minutes of curves, a source that drifts, a thermometer that passed."""
    stage.tell(*well_kept_station())
    stage.show_faces(is_busy=False, state=LaneState.READY)


def another_device(stage: Stage) -> None:
    """The technician looks at the reference source."""
    trends(stage)
    stage.window.screens["devices"].devices.chosen.emit("source-1")
    stage.settle()


def device_lost(stage: Stage) -> None:
    """A thermometer is unplugged."""
    trends(stage)
    stage.window.screens["devices"].devices.chosen.emit("gun-2")
    stage.settle()


def camera_lost(stage: Stage) -> None:
    """The camera that the technician looks at is gone."""
    trends(stage)
    stage.tell(device("camera-1", DeviceState.LOST, NO_CAMERA))


def link_refused(stage: Stage) -> None:
    """The broker refuses the station."""
    trends(stage)
    stage.tell(LinkChanged(LinkState.REFUSED, 3, NOON, 0, CERTIFICATE_EXPIRED))
    stage.window.screens["devices"].devices.chosen.emit(LINK)
    stage.settle()


def station_fault(stage: Stage) -> None:
    """The disk is full, and a part of the station hangs."""
    trends(stage)
    stage.tell(
        LedgerFault(NOON, DISK_FULL),
        LaneFault("2", NOON, "extract-2 has not moved for 31 s: restart the station."),
    )
    stage.window.screens["devices"].devices.chosen.emit(STATION)
    stage.settle()


def ledger_damaged(stage: Stage) -> None:
    """The ledger was damaged in the night; the station went on with a new one."""
    trends(stage)
    gone = {"outbox": 4, "case_": 2, "passage": 31, "audit": 9}
    told = SalvageTold(
        at=NOON,
        kept_as="ledger.sqlite.damaged-20261124-120000",
        extent=SalvageExtent.ALL,
        carried={"passage": 48_231},
        gone=gone,
        waiting=12,
        unfinished=3,
        whole_until=NOON - timedelta(hours=9),
        messages_until=NOON,
        lost_cases=(31, 32),
    )
    stage.tell(LedgerSalvaged(told))
    stage.window.screens["devices"].devices.chosen.emit(STATION)
    stage.settle()


def certified(stage: Stage) -> None:
    """The camera passed its linearity check this year."""
    trends(stage)
    tell_certificates(stage, certificates())


def certificate_expired(stage: Stage) -> None:
    trends(stage)
    tell_certificates(stage, certificates(days_ago=400))


def camera_refused(stage: Stage) -> None:
    """The camera bends towards 37 °C."""
    trends(stage)
    tell_certificates(stage, certificates(Verdict.NORMALISING, slope=0.42))


def not_certified(stage: Stage) -> None:
    """Nobody has certified the camera."""
    trends(stage)
    tell_certificates(stage, ())


def tell_certificates(stage: Stage, told: tuple[CameraCertificate, ...]) -> None:
    asked = next(one for one in stage.bridge.sent[::-1] if isinstance(one, ListCertificates))
    stage.tell(CertificateList(asked.command_id, told))


def sheet(stage: Stage) -> None:
    """A camera that passes."""
    trends(stage)


def thermometer(stage: Stage) -> None:
    """A thermometer that failed."""
    trends(stage)
    stage.window.screens["daily"].devices.chosen.emit("gun-2")
    stage.settle()


def second_reading(stage: Stage) -> None:
    """The check of a thermometer, after its first reading."""
    trends(stage)
    screen = stage.window.screens["daily"]
    screen.devices.chosen.emit("gun-1")
    stage.settle()
    screen.begin.click()
    stage.tell(HandheldRead(source_reading(1, 37.1)))


def check_refused(stage: Stage) -> None:
    """Its readings were no check."""
    second_reading(stage)
    for number, body_c in ((2, 36.9), (3, 37.2)):
        stage.tell(HandheldRead(source_reading(number, body_c)))
    asked: object = stage.bridge.sent[-1]
    stage.tell(CommandRefused(asked.command_id, "Switch it.", Refusal.NO_CHECK))


def in_use(stage: Stage) -> None:
    """The regions that the station uses."""
    trends(stage)


def drawing(stage: Stage) -> None:
    """One region is drawn, and a corner of the second one."""
    trends(stage)
    screen = stage.window.screens["regions"]
    screen.anew.click()
    for corner in ((0.05, 0.78), (0.3, 0.98), (0.6, 0.1)):
        screen.picture.tapped.emit(corner)
    stage.settle()


def pointed_at(stage: Stage) -> None:
    """The disc was pointed at: the station proposes region and size, and tells what it reads."""
    trends(stage)
    screen = stage.window.screens["regions"]
    screen.point.click()
    screen.picture.tapped.emit(place_of_disc())
    stage.settle()


def pointed_beside(stage: Stage) -> None:
    """Where somebody pointed there is no disc."""
    trends(stage)
    screen = stage.window.screens["regions"]
    screen.point.click()
    screen.picture.tapped.emit((0.6, 0.2))
    stage.settle()


def pointed_at_another(stage: Stage) -> None:
    """The disc that was pointed at is far from the set point."""
    trends(stage)
    stage.tell(replace(about(), set_point_c=42.0))
    screen = stage.window.screens["regions"]
    screen.point.click()
    screen.picture.tapped.emit(place_of_disc())
    stage.settle()


def pointed_at_swept(stage: Stage) -> None:
    """The source that cameras are certified with was pointed at."""
    trends(stage)
    screen = stage.window.screens["regions"]
    screen.source.click()
    stage.settle()
    screen.point.click()
    screen.picture.tapped.emit(place_of_disc())
    stage.settle()


def masking(stage: Stage) -> None:
    """Two areas of a lane are drawn in which nobody shall be looked for."""
    trends(stage)
    screen = stage.window.screens["regions"]
    while screen.work.subject is not Subject.MASKS:
        screen.source.click()
        stage.settle()
    screen.anew.click()
    for corner in ((0.5, 0.05), (0.9, 0.3), (0.55, 0.6), (0.8, 0.85)):
        screen.picture.tapped.emit(corner)
    stage.settle()


def masking_a_way(stage: Stage) -> None:
    """People walked where an area is drawn."""
    trends(stage)
    for traveller, row in ((1, 200.0), (2, 210.0)):
        for sequence, left in enumerate((20.0, 60.0, 100.0, 160.0, 220.0)):
            walker = face(traveller, Box(row, left, row + 40, left + 30), None)
            stage.bridge.keep(picture(sequence, (walker,)))
            stage.bridge.keep(update(sequence, (walker,), captured_at=stage.clock.now()))
            stage.window.refresh()
    masking(stage)


def hiding(stage: Stage) -> None:
    """An area is drawn over the reference source."""
    masking(stage)
    for corner in ((0.0, 0.7), (0.4, 1.0)):
        stage.window.screens["regions"].picture.tapped.emit(corner)
    stage.settle()


def place_of_disc() -> tuple[float, float]:
    """Return where the reference source is in the stage's pictures, as fractions."""
    row, column = REFERENCE_BOX.center
    return row / SHAPE[0], column / SHAPE[1]


def regions_refused(stage: Stage) -> None:
    """The site file cannot be written."""
    drawing(stage)
    stage.window.screens["regions"].use.click()
    asked: object = stage.bridge.sent[-1]
    stage.tell(CommandRefused(asked.command_id, NO_FOLDER))


def regions_taken(stage: Stage) -> None:
    """The station is about to start again."""
    drawing(stage)
    stage.window.screens["regions"].use.click()
    stage.tell(version_list(stage.bridge.sent[-1], is_restarting=True))


def versions(stage: Stage) -> None:
    """What an older version would change."""
    trends(stage)
    screen = stage.window.screens["service"]
    asked = [one for one in stage.bridge.sent if isinstance(one, ListVersions)]
    stage.tell(version_list(asked[-1]))
    screen.versions.chosen.emit(2)
    stage.settle()


def log(stage: Stage) -> None:
    """The log's troubles."""
    versions(stage)
    stage.window.screens["service"].log.click()
    stage.tell(log_page(stage.bridge.sent[-1]))


def backing_up(stage: Stage) -> None:
    """A backup is half done."""
    versions(stage)
    stage.window.screens["service"].backup.click()
    asked: object = stage.bridge.sent[-1]
    stage.tell(WorkProgress(asked.command_id, WorkState.RUNNING, 430, 1000))


def backup_refused(stage: Stage) -> None:
    """No key seals backups here."""
    versions(stage)
    stage.window.screens["service"].backup.click()
    asked: object = stage.bridge.sent[-1]
    stage.tell(CommandRefused(asked.command_id, NO_KEY))


def backed_up(stage: Stage) -> None:
    """A backup is written."""
    backing_up(stage)
    asked: object = stage.bridge.sent[-1]
    name = "beijing-west-03-ledger-20261124-040000.backup"
    stage.tell(WorkProgress(asked.command_id, WorkState.DONE, 1, 1, name))


def simulated(stage: Stage) -> None:
    """A simulated camera with two faults."""
    tell_simulators(stage, "bit_flip", "control_unplugged")
    stage.window.screens["simulators"].devices.chosen.emit("camera-1")
    stage.settle()


def simulated_gun(stage: Stage) -> None:
    """A simulated thermometer can be told whom it measures."""
    simulated(stage)
    stage.window.screens["simulators"].devices.chosen.emit("gun-1")
    stage.settle()


def simulated_source(stage: Stage) -> None:
    """A simulated reference source, on a bench where nobody walks by."""
    tell_simulators(stage, has_people=False)
    stage.window.screens["simulators"].devices.chosen.emit("source-1")
    stage.settle()


def simulators_refuse(stage: Stage) -> None:
    """The simulators would not do it."""
    simulated(stage)
    screen = stage.window.screens["simulators"]
    screen.faults.grid.button(("camera-1", "bit_flip")).click()
    asked: object = stage.bridge.sent[-1]
    stage.tell(CommandRefused(asked.command_id, NO_FOLDER))


def simulators_gone(stage: Stage) -> None:
    """The simulators have ended."""
    asked = rehearse(stage)
    stage.tell(CommandRefused(asked.command_id, NO_FOLDER))


def tell_simulators(stage: Stage, *on: str, has_people: bool = True) -> None:
    stage.tell(simulators_told(rehearse(stage), *on, has_people=has_people))


def rehearse(stage: Stage) -> LookAtSimulators:
    """Tell of a station of simulated devices, and return how the kiosk asks for them."""
    stage.tell(*(simulated_about() if one == about() else one for one in well_kept_station()))
    stage.show_faces(is_busy=False, state=LaneState.READY)
    asked = [one for one in stage.bridge.sent if isinstance(one, LookAtSimulators)]
    return asked[-1]


SCENES = {
    "devices": (
        trends,
        another_device,
        device_lost,
        camera_lost,
        link_refused,
        station_fault,
        ledger_damaged,
        certified,
        certificate_expired,
        camera_refused,
        not_certified,
    ),
    "daily": (sheet, thermometer, second_reading, check_refused),
    "regions": (
        in_use,
        drawing,
        pointed_at,
        pointed_beside,
        pointed_at_another,
        pointed_at_swept,
        regions_refused,
        regions_taken,
        # Last: whoever plays them all on one kiosk leaves it with these areas.
        masking_a_way,
        masking,
        hiding,
    ),
    "simulators": (
        simulated,
        simulated_gun,
        simulated_source,
        simulators_refuse,
        simulators_gone,
    ),
    "service": (versions, log, backing_up, backed_up, backup_refused),
}
"""By the key of the screen."""
