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
from station.core.events import FlowAnnounced
from station.core.lane_events import LaneFault
from station.core.pairing import load_solver
from station.core.room import Room
from station.core.screening import ThresholdPolicy
from station.core.status import StationStatus, starting
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger
from station.reporting.link import ReportLink
from station.reporting.mqtt import MqttSink
from station.reporting.outbox import OutboxLimits, OutboxPolicy
from station.reporting.topics import StationIdentity
from station.runtime.bias import BiasKeeper
from station.runtime.board import Board
from station.runtime.case_pictures import CasePictures
from station.runtime.case_settings import build_flow
from station.runtime.case_watch import CaseWatch
from station.runtime.clock import SystemClock
from station.runtime.clock_watch import ClockWatch
from station.runtime.daily import DailyAlarm, DailyReporter, DailyTimes
from station.runtime.desks import StaffDesks
from station.runtime.device_workers import DeviceWorkers
from station.runtime.encoding import StationEncoder
from station.runtime.lanes import build_bias, build_room
from station.runtime.ledger_jobs import Delivered, Job, Rejected
from station.runtime.link_files import cdc_keys, sealing_key, signing_key, tls_files
from station.runtime.queues import ReadingQueue
from station.runtime.records import LedgerKeeper
from station.runtime.room import RoomKeeper
from station.runtime.salvage import SalvageWatch
from station.runtime.salvage_news import SalvageNews
from station.runtime.screening import LaneScreener
from station.runtime.service import SiteFile, describe
from station.runtime.settings_trail import newest_entry_at, note_settings
from station.runtime.status import StatusKeeper
from station.runtime.watchdog import Watchdog
from station.runtime.worker import Worker

logger = logging.getLogger(__name__)

_LINK_WAIT_S = 1.0
_ORDERS_EVERY_S = 1.0
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
        on_starting: told while the start takes long, with the seconds that the next word may take.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        is_drill: bool = False,
        on_well: Callable[[], None] = lambda: None,
        site: SiteFile | None = None,
        on_starting: Callable[[float], None] = lambda patience_s: None,
    ) -> None:
        self._settings = settings
        self._on_well = on_well
        # Simulated people must never reach the CDC as real ones, whatever the command line says.
        self._is_drill = is_drill or settings.simulators is not None
        self._clock = SystemClock()
        self._jobs: ReadingQueue[Job] = ReadingQueue()
        self._wake_link = threading.Event()
        self._stopping = threading.Event()
        self._screeners: dict[str, LaneScreener] = {}
        self._flow = build_flow(settings)
        self._daily_times = DailyTimes(
            ZoneInfo(settings.station.time_zone), settings.report.daily_at
        )
        self._identity = StationIdentity(
            settings.station.region, settings.station.site, settings.station.station_id
        )
        self._encoder = self._build_encoder()
        self.board = Board()
        self.board.emit(describe(settings, is_drill=self._is_drill))
        self._news = SalvageNews(
            settings.kiosk.socket_path,
            self.board,
            self._clock,
            on_starting=on_starting,
            on_working=self._bear_ledger,
        )
        self._ledger = self._open_ledger()
        self._ledger.load_orders(self._flow.identity.orders)
        self._salvages = SalvageWatch(
            self._ledger, events=self.board, put=self._jobs.put, wait=self._stopping.wait
        )
        self._outbox = SqlOutboxReader(settings.station.ledger_path)
        self._clock.begin(newest_entry_at(self._ledger))
        taken_by = site.versions.taken_by() if site else ""
        note_settings(self._ledger, settings, self._clock.now(), taken_by=taken_by)
        self._room = self._build_room()
        self._link = self._build_link()
        self._keeper = self._build_keeper()
        self._desks = self._build_desks(site)
        self._watch = CaseWatch(
            self._flow_now, clock=self._clock, put=self._jobs.put, wait=self._stopping.wait
        )
        self._pictures = self._build_pictures()
        self._listen_to_board()
        self._devices = self._build_devices()
        self._timers = self._build_timers()
        self._ledger_worker = self._worker("ledger", self._keeper.step)
        self._link_worker = self._worker(
            "report", lambda: self._link.run_once(self._wake_link, _LINK_WAIT_S)
        )
        self._watchdog = self._build_watchdog()

    def start(self) -> None:
        """Start every thread: first those that keep, then those that bring."""
        self._room.start()
        self._desks.start()
        self._keeper.recall()
        self._salvages.tell()
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
        self._desks.close()
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
            *self._desks.workers,
            self._ledger_worker,
            self._link_worker,
        ]

    def _send_last(self) -> None:
        """Give alerts that were just written one short chance to leave."""
        deadline_s = self._clock.monotonic_s() + _LAST_SEND_S
        while self._outbox.summary().waiting and self._clock.monotonic_s() < deadline_s:
            self._link.run_once(self._wake_link, 0.1)
            self._keeper.drain()

    def _bear_ledger(self, patience_s: float) -> None:
        self._ledger_worker.bear(patience_s)

    def _open_ledger(self) -> SqlLedger:
        station = self._settings.station
        try:
            return SqlLedger(
                station.ledger_path,
                is_drill=self._is_drill,
                salvages=True,
                on_pages=self._news.tell,
            )
        finally:
            self._news.opened()

    def _apply_policies(self, policies: Sequence[ThresholdPolicy]) -> None:
        for screener in self._screeners.values():
            screener.set_policies(policies)
        self._flow = replace(self._flow, policies=tuple(policies))
        self.board.emit(FlowAnnounced(self._flow))

    def _flow_now(self) -> CaseFlow:
        return self._flow

    def _build_encoder(self) -> StationEncoder:
        return StationEncoder(
            self._identity,
            self._settings.station.time_zone,
            is_drill=self._is_drill,
            clock=self._clock,
            sealing=sealing_key(self._settings.link),
        )

    def _build_desks(self, site: SiteFile | None) -> StaffDesks:
        return StaffDesks(
            self._settings,
            site,
            self._ledger,
            is_drill=self._is_drill,
            board=self.board,
            clock=self._clock,
            room=self._room,
            flow=self._flow_now,
            apply=self._apply_policies,
            order=self._jobs.put,
            is_ending=self._stopping.is_set,
        )

    def _build_pictures(self) -> CasePictures:
        return CasePictures(
            self._settings.second_check.picture_s,
            clock=self._clock,
            events=self.board,
            wait=self._stopping.wait,
        )

    def _listen_to_board(self) -> None:
        """Let those listen who act on what happens."""
        bias = BiasWatch(build_bias(self._settings.bias))
        lanes = starting(camera.lane for camera in self._settings.cameras)
        for sink in (
            BiasKeeper(bias, clock=self._clock, events=self.board),
            self._watch,
            self._pictures,
            StatusKeeper(lanes, self._tell_status),
        ):
            self.board.add_sink(sink)

    def _build_devices(self) -> DeviceWorkers:
        return DeviceWorkers(
            self._settings,
            self._screeners,
            room=self._room,
            pictures=self._desks.bridge.emit_picture,
            on_face=self._pictures.take,
            put=self._jobs.put,
            clock=self._clock,
            events=self.board,
            wait=self._stopping.wait,
            on_crash=self._tell_fault,
        )

    def _build_timers(self) -> list[Worker]:
        alarm = DailyAlarm(self._daily_times, self._clock, self._jobs.put, self._stopping.wait)
        return [
            self._worker("daily", alarm.step),
            self._worker("case-watch", self._watch.step),
            self._worker("order-watch", self._look_at_orders),
            self._worker("case-pictures", self._pictures.step),
            self._worker("clock", ClockWatch(self._clock, self.board, self._stopping.wait).step),
            self._worker("salvage", self._salvages.step),
        ]

    def _look_at_orders(self) -> None:
        self._desks.look()
        self._stopping.wait(_ORDERS_EVERY_S)

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
            on_renewed=self._on_renewed,
        )

    def _on_renewed(self) -> None:
        self._news.opened()
        self._link.renewed()
        self._ledger.load_orders(self._flow.identity.orders)
        self._salvages.tell()

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
        watched = [one for one in self._in_stopping_order() if one not in self._desks.workers]
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
