"""The one place where everything meets: settings in, a running station out."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

from config.settings import Settings
from station.core.camera_bias import BiasWatch
from station.core.case_flow import CaseFlow
from station.core.commands import Command, SetRoom
from station.core.copying import CopyDeed, copied_by, copy_entry
from station.core.events import Event, FlowAnnounced
from station.core.lane_events import LaneFault
from station.core.pairing import load_solver
from station.core.people import Person
from station.core.people_commands import PeopleCommand
from station.core.questions import CancelWork, Question
from station.core.room import Room
from station.core.screening import ThresholdPolicy
from station.core.service_commands import ServiceCommand
from station.core.shift_commands import ShiftCommand
from station.core.simulator_commands import SimulatorCommand
from station.core.status import StationStatus, starting
from station.core.threshold_commands import ThresholdCommand
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger
from station.reporting.link import ReportLink
from station.reporting.mqtt import MqttSink
from station.reporting.outbox import OutboxLimits, OutboxPolicy
from station.reporting.topics import StationIdentity
from station.runtime.bias import BiasKeeper
from station.runtime.board import Board
from station.runtime.bridge import BridgeServer
from station.runtime.case_pictures import CasePictures
from station.runtime.case_settings import build_flow
from station.runtime.case_watch import CaseWatch
from station.runtime.clock import SystemClock
from station.runtime.daily import DailyAlarm, DailyReporter, DailyTimes
from station.runtime.device_workers import DeviceWorkers
from station.runtime.encoding import StationEncoder
from station.runtime.lanes import build_bias, build_room
from station.runtime.link_files import cdc_keys, sealing_key, signing_key, tls_files
from station.runtime.people import PeopleDesk
from station.runtime.queries import QueryPlaces, QueryWorker
from station.runtime.queues import ReadingQueue
from station.runtime.records import Delivered, Job, LedgerKeeper, Order, Rejected
from station.runtime.room import RoomKeeper
from station.runtime.screening import LaneScreener
from station.runtime.service import ServiceDesk, SiteFile, describe
from station.runtime.settings_trail import note_settings
from station.runtime.shifts import ShiftKeeper
from station.runtime.simulators import SimulatorDesk
from station.runtime.status import StatusKeeper
from station.runtime.thresholds import ThresholdKeeper
from station.runtime.watchdog import Watchdog
from station.runtime.worker import Worker

logger = logging.getLogger(__name__)

_LINK_WAIT_S = 1.0
_STOP_DEVICE_S = 5.0
_STOP_LANE_S = 3.0
_LAST_SEND_S = 2.0
_LOAD_LATER_S = 2.0


class Station:
    """A running station. Start it once; stop it in the order that loses nothing.

    Args:
        settings: everything about it.
        is_drill: whether every alert is marked as an exercise.
        on_well: told about once a second while no part that matters hangs.
        site: the file that the settings come from, for whoever changes it at the kiosk.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        is_drill: bool = False,
        on_well: Callable[[], None] = lambda: None,
        site: SiteFile | None = None,
    ) -> None:
        self._on_well = on_well
        self._settings = settings
        self._clock = SystemClock()
        self.board = Board()
        # Simulated people must never reach the CDC as real ones, whatever the command line says.
        is_drill = is_drill or settings.simulators is not None
        self.board.emit(describe(settings, is_drill=is_drill))
        self._jobs: ReadingQueue[Job] = ReadingQueue()
        self._wake_link = threading.Event()
        self._stopping = threading.Event()
        self._identity = StationIdentity(
            settings.station.region, settings.station.site, settings.station.station_id
        )
        self._is_drill = is_drill
        self._daily_times = DailyTimes(
            ZoneInfo(settings.station.time_zone), settings.report.daily_at
        )
        self._encoder = StationEncoder(
            self._identity,
            settings.station.time_zone,
            is_drill=is_drill,
            clock=self._clock,
            sealing=sealing_key(settings.link),
        )
        self._flow = build_flow(settings)
        self._ledger = SqlLedger(settings.station.ledger_path, is_drill=is_drill)
        self._ledger.load_orders(self._flow.identity.orders)
        self._outbox = SqlOutboxReader(settings.station.ledger_path)
        self._screeners: dict[str, LaneScreener] = {}
        self._room = self._build_room()
        taken_by = site.versions.taken_by() if site else ""
        note_settings(self._ledger, settings, self._clock.now(), taken_by=taken_by)
        self._people = PeopleDesk(self._ledger, settings.accounts, self._clock)
        self._thresholds = ThresholdKeeper(
            self._ledger,
            settings,
            is_drill=is_drill,
            clock=self._clock,
            events=self.board,
            apply=self._apply_policies,
        )
        self._shifts = ShiftKeeper(
            self._ledger,
            self._flow_now,
            self.board.snapshot,
            is_shared=settings.accounts.required,
            clock=self._clock,
        )
        self._bridge = BridgeServer(
            settings.kiosk.socket_path, self._obey, self.board.snapshot, self._people.admit
        )
        self.board.add_sink(self._bridge)
        self._queries = self._build_queries()
        self._service = ServiceDesk(
            settings,
            site,
            note=self._people.note,
            snapshot=self.board.snapshot,
            clock=self._clock,
            answers=self._bridge,
        )
        self._simulators = SimulatorDesk(settings.simulators, self._people.note, self._clock)
        bias = BiasWatch(build_bias(settings.bias))
        self.board.add_sink(BiasKeeper(bias, clock=self._clock, events=self.board))
        self._link = self._build_link()
        self._keeper = self._build_keeper()
        self._watch = CaseWatch(
            self._flow_now, clock=self._clock, put=self._jobs.put, wait=self._stopping.wait
        )
        self._pictures = CasePictures(
            settings.second_check.picture_s,
            clock=self._clock,
            events=self.board,
            wait=self._stopping.wait,
        )
        self.board.add_sink(self._watch)
        self.board.add_sink(self._pictures)
        lanes = starting(camera.lane for camera in settings.cameras)
        self.board.add_sink(StatusKeeper(lanes, self._tell_status))
        self._devices = DeviceWorkers(
            settings,
            self._screeners,
            room=self._room,
            pictures=self._bridge.emit_picture,
            on_face=self._pictures.take,
            put=self._jobs.put,
            clock=self._clock,
            events=self.board,
            wait=self._stopping.wait,
            on_crash=self._tell_fault,
        )
        alarm = DailyAlarm(self._daily_times, self._clock, self._jobs.put, self._stopping.wait)
        self._timers = [
            self._worker("daily", alarm.step),
            self._worker("case-watch", self._watch.step),
            self._worker("case-pictures", self._pictures.step),
        ]
        self._ledger_worker = self._worker("ledger", self._keeper.step)
        # Its faults are no lane's: they are logged, and whoever asked is told.
        self._query_worker = Worker(
            "query", self._queries.step, on_crash=logger.error, on_stop=self._queries.stop
        )
        self._service_worker = Worker("service", self._service.step, on_crash=logger.error)
        self._link_worker = self._worker(
            "report", lambda: self._link.run_once(self._wake_link, _LINK_WAIT_S)
        )
        self._watchdog = self._build_watchdog()

    def start(self) -> None:
        """Start every thread: first those that keep, then those that bring."""
        self._room.start()
        self._thresholds.start()
        self._keeper.recall()
        for worker in self._in_stopping_order()[::-1]:
            worker.start()
        self._watchdog.start()
        threading.Thread(target=self._load_later, name="load-later", daemon=True).start()

    def stop(self) -> None:
        """Stop: devices, lanes, ledger, one last try to send, bridge."""
        self._stopping.set()
        self._watchdog.stop(_STOP_LANE_S)
        for worker in self._in_stopping_order():
            self._wake_link.set()
            if not worker.stop(_STOP_DEVICE_S):
                logger.error("the thread %s does not stop", worker.name)
        unwritten = self._keeper.drain()
        if unwritten:
            logger.error("%d records could not be written before the end", unwritten)
        self._send_last()
        self._link.close()
        self._bridge.close()
        self._outbox.close()
        self._ledger.close()

    def _load_later(self) -> None:
        """Load what only crowds need, when the lanes are back and before a crowd comes."""
        if not self._stopping.wait(_LOAD_LATER_S):
            load_solver()

    def _in_stopping_order(self) -> list[Worker]:
        return [
            *self._devices.in_stopping_order,
            *self._timers,
            self._query_worker,
            self._service_worker,
            self._ledger_worker,
            self._link_worker,
        ]

    def _send_last(self) -> None:
        """Give alerts that were just written one short chance to leave."""
        deadline_s = self._clock.monotonic_s() + _LAST_SEND_S
        while self._outbox.summary().waiting and self._clock.monotonic_s() < deadline_s:
            self._link.run_once(self._wake_link, 0.1)
            self._keeper.drain()

    def _obey(self, command: Command, person: Person) -> Event | None:
        """Hand a command to whom it concerns, or answer it; called from the bridge's threads."""
        if isinstance(command, PeopleCommand):
            return self._people.answer(command, person)
        if isinstance(command, ThresholdCommand):
            return self._thresholds.answer(command, person)
        if isinstance(command, ShiftCommand):
            return self._shifts.answer(command, person)
        if isinstance(command, ServiceCommand):
            return self._service.answer(command, person)
        if isinstance(command, SimulatorCommand):
            return self._simulators.answer(command, person)
        if isinstance(command, SetRoom):
            self._room.set(command)
            self._people.note_room(command, person)
        elif isinstance(command, Question | CancelWork):
            if (copied := copied_by(command)) is not None:
                now = self._clock.now()
                self._people.note(copy_entry(now, person, copied, CopyDeed.BEGUN))
            self._queries.ask(command)
        else:
            self._jobs.put(Order(command, person))
        return None

    def _apply_policies(self, policies: Sequence[ThresholdPolicy]) -> None:
        for screener in self._screeners.values():
            screener.set_policies(policies)
        self._flow = replace(self._flow, policies=tuple(policies))
        self.board.emit(FlowAnnounced(self._flow))

    def _flow_now(self) -> CaseFlow:
        return self._flow

    def _build_queries(self) -> QueryWorker:
        station = self._settings.station
        places = QueryPlaces(
            station.ledger_path, station.export_folder, self._daily_times.zone, self._is_drill
        )
        return QueryWorker(
            places, clock=self._clock, answers=self._bridge, is_ending=self._stopping.is_set
        )

    def _build_room(self) -> RoomKeeper:
        def apply(room: Room) -> None:
            for screener in self._screeners.values():
                screener.set_room(room)

        return RoomKeeper(
            build_room(self._settings.room),
            measured_u_c=self._settings.room.measured_u_c,
            apply=apply,
            clock=self._clock,
            events=self.board,
        )

    def _build_keeper(self) -> LedgerKeeper:
        return LedgerKeeper(
            self._ledger,
            self._jobs,
            flow=self._flow_now,
            encode=self._encoder.report,
            daily=DailyReporter(
                self._ledger,
                self._daily_times,
                encode=self._encoder.figures,
                clock=self._clock,
                new_id=uuid4,
            ),
            clock=self._clock,
            events=self.board,
            new_id=uuid4,
            wake_link=self._wake_link,
            offer=self._link.offer,
            wait=self._stopping.wait,
        )

    def _build_link(self) -> ReportLink:
        s = self._settings.link
        random = Random()  # noqa: S311 - jitter, no secret
        limits = OutboxLimits(s.window, s.publish_timeout_s, s.receipt_timeout_s)
        known = cdc_keys(s)
        return ReportLink(
            reader=self._outbox,
            sink=MqttSink(
                self._identity,
                s.host,
                s.port,
                tls=tls_files(s),
                signing_key=signing_key(s),
            ),
            policy=OutboxPolicy(limits, random),
            clock=self._clock,
            random=random,
            reconnect_s=(s.reconnect_min_s, s.reconnect_max_s),
            on_delivered=lambda ids, at: self._jobs.put(Delivered(tuple(ids), at)),
            on_rejected=lambda which, why, at: self._jobs.put(Rejected(which, why, at)),
            on_progress=self.board.emit,
            on_link=self.board.emit,
            encode_status=self._encoder.status,
            check_answer=known.check if known else None,
        )

    def _tell_status(self, status: StationStatus) -> None:
        self._link.set_status(status)
        self._wake_link.set()

    def _build_watchdog(self) -> Worker:
        # What staff ask for may take long.
        unhurried = (self._query_worker, self._service_worker)
        watched = [one for one in self._in_stopping_order() if one not in unhurried]
        dog = Watchdog(
            watched,
            vital=[*self._devices.vital, self._ledger_worker, self._link_worker],
            on_hung=self._on_hung,
            on_well=self._on_well,
            wait=self._stopping.wait,
        )
        return self._worker("watchdog", dog.step)

    def _worker(self, name: str, step: Callable[[], None]) -> Worker:
        return Worker(name, step, on_crash=self._tell_fault)

    def _on_hung(self, name: str, seconds: float) -> None:
        self._tell_fault(f"{name} has not moved for {seconds:.0f} s: restart the station.")

    def _tell_fault(self, text: str) -> None:
        for camera in self._settings.cameras:
            self.board.emit(LaneFault(camera.lane, self._clock.now(), text))
