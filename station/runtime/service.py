"""What the station does for technicians: the site file's versions, its log, bundle and backup."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from config.device_settings import CameraSettings
from config.editing import with_masks, with_regions, with_swept_place
from config.loader import ConfigError
from config.reading import read_text
from config.settings import Settings
from config.versions import SiteVersions, VersionError, VersionWhy
from station.core.about import CameraAbout, StationDescribed
from station.core.audit import AuditEntry
from station.core.copying import Copied, CopyDeed, copied_by, copy_entry
from station.core.errors import KnownError
from station.core.events import CommandRefused, Event
from station.core.masks import hidden
from station.core.people import KIOSK, Person
from station.core.ports import Clock
from station.core.questions import WorkProgress, WorkState
from station.core.scrubbing import HIDDEN, is_secret_name, scrub
from station.core.service_commands import (
    CertificateList,
    ListCertificates,
    ListVersions,
    LogPage,
    LongWork,
    MakeBackup,
    MakeBundle,
    NoteBackup,
    ReadLog,
    ServiceCommand,
    SetMasks,
    SetRegions,
    SetSweptPlace,
    SiteVersion,
    TakeVersion,
    VersionList,
)
from station.runtime.queries import AnswerSink
from station.runtime.queues import ReadingQueue
from station.service.backup import BackupJob, write_backup
from station.service.bundle import people_of, secrets_of, write_bundle
from station.service.certificates import latest_certificates
from station.service.logfile import log_files, station_log
from station.service.states import instrument_states

logger = logging.getLogger(__name__)

_WAIT_S = 0.25
_TOLD_VERSIONS, _TOLD_CHANGES, _MOST_LINES = 30, 60, 400
_TROUBLES = (" WARNING ", " ERROR ", " CRITICAL ")
_LARGEST_LINE = 400
_Places = SetRegions | SetSweptPlace | SetMasks


@dataclass(frozen=True, slots=True)
class SiteFile:
    """The site file of a running station, and how it starts again with another one."""

    path: Path
    """The file."""
    versions: SiteVersions
    """Its versions."""
    restart: Callable[[], None]
    """Stops the station in order and starts it again; returns at once."""


class ServiceDesk:
    """Answers a technician's commands; `step` runs in a thread of its own and does what is long.

    Args:
        settings: the station's.
        site: its site file; None if it was not started from one.
        note: keeps a step of the audit trail, or raises KnownError.
        snapshot: what a new kiosk is told, for the bundle.
        clock: the machine's clocks.
        answers: brings answers to who asked.
    """

    def __init__(
        self,
        settings: Settings,
        site: SiteFile | None,
        *,
        note: Callable[[AuditEntry], None],
        snapshot: Callable[[], Sequence[Event]],
        clock: Clock,
        answers: AnswerSink,
    ) -> None:
        self._settings = settings
        self._site = site
        self._note = note
        self._snapshot = snapshot
        self._clock = clock
        self._answers = answers
        self._works: ReadingQueue[tuple[LongWork, Person]] = ReadingQueue()

    def answer(self, command: ServiceCommand, person: Person) -> Event | None:
        """Carry out a command and return its answer, or None if it takes its time.

        Raises:
            KnownError: if it cannot be carried out.
        """
        answer: Event | None = None
        try:
            match command:
                case NoteBackup():
                    answer = self._note_backup(command, person)
                case ListVersions():
                    answer = self._list(command.command_id, is_restarting=False)
                case TakeVersion():
                    answer = self._take(command, person)
                case SetRegions() | SetSweptPlace() | SetMasks():
                    answer = self._set_places(command, person)
                case ReadLog():
                    answer = self._read_log(command)
                case ListCertificates():
                    answer = self._list_certificates(command)
                case _:
                    self._keep(command, person, CopyDeed.BEGUN)
                    self._works.put((command, person))
        except (ConfigError, VersionError) as error:
            raise KnownError(str(error)) from error
        return answer

    def step(self) -> None:
        """Do the next long work."""
        taken = self._works.get(_WAIT_S)
        if taken is None:
            return
        work, person = taken
        try:
            self._answers.answer(WorkProgress(work.command_id, WorkState.RUNNING, 0, 0))
            name = self._bundle() if isinstance(work, MakeBundle) else self._backup(work)
            self._keep(work, person, CopyDeed.MADE)
            self._answers.answer(WorkProgress(work.command_id, WorkState.DONE, 1, 1, name))
        except KnownError as error:
            self._keep(work, person, CopyDeed.FAILED)
            self._answers.answer(CommandRefused(work.command_id, str(error)))

    def _note_backup(self, command: NoteBackup, person: Person) -> WorkProgress:
        now, rows = self._clock.now(), command.rows
        self._note(copy_entry(now, person, Copied.BACKUP, CopyDeed.MADE, rows=rows))
        return WorkProgress(command.command_id, WorkState.DONE, rows, rows)

    def _keep(self, work: LongWork, person: Person, did: CopyDeed) -> None:
        """Keep a step; a ledger that takes none must not cost its backup or the bundle for help."""
        what = copied_by(work)
        assert what is not None  # noqa: S101 - each long work copies something
        try:
            self._note(copy_entry(self._clock.now(), person, what, did))
        except KnownError as error:
            logger.warning("%s %s: the audit trail does not take it: %s", what, did, error)

    def _need_site(self) -> SiteFile:
        if self._site is None:
            raise KnownError("This station was not started from a site file: nothing to change.")
        return self._site

    def _list(self, command_id: object, *, is_restarting: bool) -> VersionList:
        versions = self._need_site().versions
        versions.note_file(self._clock.now())
        current = versions.current()
        told = tuple(
            SiteVersion(
                one.number,
                datetime.fromisoformat(one.at).astimezone(UTC),
                one.actor,
                one.why,
                one.number == current,
                tuple(_without_secrets(versions.changes(one.number)[:_TOLD_CHANGES])),
            )
            for one in versions.versions()[:_TOLD_VERSIONS]
        )
        return VersionList(command_id, told, is_restarting)  # type: ignore[arg-type]

    def _take(self, command: TakeVersion, person: Person) -> VersionList:
        site = self._need_site()
        site.versions.take(command.number, person.name, self._clock.now())
        answer = self._list(command.command_id, is_restarting=True)
        site.restart()
        return answer

    def _set_places(self, command: _Places, person: Person) -> VersionList:
        site, now = self._need_site(), self._clock.now()
        self._refuse_hiding(command)
        site.versions.note_file(now)
        try:
            text = self._with_places(read_text(site.path), command)
        except ValueError as error:
            raise KnownError(f"{site.path.name}: {error}.") from error
        number = site.versions.add(text, person.name, VersionWhy.REGIONS, now)
        return self._take(TakeVersion(command.command_id, number), person)

    def _with_places(self, text: str, command: _Places) -> str:
        match command:
            case SetRegions():
                return with_regions(text, command.regions, command.radius_fraction)
            case SetSweptPlace():
                return with_swept_place(text, command.region, command.radius_fraction)
            case SetMasks():
                lanes = [camera.lane for camera in self._settings.cameras]
                if command.lane not in lanes:
                    raise KnownError(f"There is no lane {command.lane}: look at the cameras.")
                return with_masks(text, lanes.index(command.lane), command.masks)

    def _refuse_hiding(self, command: _Places) -> None:
        """Refuse what would hide the reference source."""
        regions = self._settings.reference.regions
        match command:
            case SetRegions():
                for camera in self._settings.cameras:
                    if hidden(command.regions, camera.masks):
                        raise KnownError(
                            f"A masked area of lane {camera.lane} hides the reference source "
                            "there: remove that area first."
                        )
            case SetSweptPlace() if hidden(regions, (command.region,)):
                raise KnownError(
                    "The source of certifying would stand before the reference source: move it "
                    "aside."
                )
            case SetMasks() if hidden(regions, command.masks):
                raise KnownError(
                    "A masked area would hide the reference source: draw the area beside it."
                )

    def _read_log(self, command: ReadLog) -> LogPage:
        ledger = self._settings.station.ledger_path
        count = min(max(command.count, 1), _MOST_LINES)
        lines: list[str] = []
        for file in log_files(station_log(ledger)):
            found = file.read_text("utf-8", "replace").splitlines()
            if command.only_troubles:
                found = [line for line in found if any(word in line for word in _TROUBLES)]
            lines = [*found, *lines][-count:]
            if len(lines) == count:
                break
        hidden = self._hidden()
        return LogPage(
            command.command_id, tuple(scrub(line[:_LARGEST_LINE], hidden) for line in lines)
        )

    def _list_certificates(self, command: ListCertificates) -> CertificateList:
        found = latest_certificates(
            self._settings.station.export_folder, self._settings.service.certificate_valid_days
        )
        return CertificateList(command.command_id, found)

    def _hidden(self) -> set[str]:
        station = self._settings.station
        own = {KIOSK.name, "station", station.station_id}
        return {*secrets_of(self._settings), *people_of(station.ledger_path)} - own

    def _bundle(self) -> str:
        out = self._new_file("support", "zip")
        own = (KIOSK.name, "station", self._settings.station.station_id)
        write_bundle(out, self._settings, instrument_states(self._snapshot()), own_words=own)
        return out.name

    def _backup(self, work: MakeBackup) -> str:
        key = self._settings.service.backup_key_file
        if key is None:
            raise KnownError(
                "No key seals backups here: name backup_key_file in [service] of the site file "
                "(fever-station backup --new-key)."
            )
        station = self._settings.station
        job = BackupJob(
            station.station_id,
            station.ledger_path,
            self._need_site().path,
            key,
            self._new_file("ledger", "backup"),
        )

        def tell(done: int, total: int) -> None:
            running = WorkProgress(work.command_id, WorkState.RUNNING, done, total)
            self._answers.answer(running)

        write_backup(job, self._clock.now(), tell)
        return job.out.name

    def _new_file(self, what: str, ending: str) -> Path:
        station = self._settings.station
        try:
            station.export_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise KnownError(
                f"The folder {station.export_folder} cannot be made ({error.strerror}): name "
                "another export_folder in [station]."
            ) from error
        now = self._clock.now()
        return station.export_folder / f"{station.station_id}-{what}-{now:%Y%m%d-%H%M%S}.{ending}"


def _about(camera: CameraSettings) -> CameraAbout:
    return CameraAbout(camera.camera_id, camera.lane, camera.noise_c, camera.masks)


def describe(settings: Settings, *, is_drill: bool) -> StationDescribed:
    """Return what a station consists of."""
    return StationDescribed(
        settings.station.station_id,
        version("fever-station"),
        tuple(_about(one) for one in settings.cameras),
        tuple(one.device_id for one in settings.thermometers),
        tuple(one.device_id for one in settings.sources),
        settings.reference.set_point_c,
        settings.reference.band_c,
        settings.health.drift_warn_c,
        settings.reference.regions,
        settings.reference.radius_fraction,
        settings.swept_source.region,
        str(settings.station.export_folder.absolute()),
        is_drill=is_drill,
        is_simulated=settings.simulators is not None,
    )


def _without_secrets(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        name, equals, _ = line[1:].partition("=")
        is_secret = is_secret_name(name.strip()) and not name.strip().endswith("_file")
        yield f"{line[0]}{name}= {HIDDEN}" if equals and is_secret else line[:_LARGEST_LINE]
