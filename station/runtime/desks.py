"""Those in the station who answer staff, and the bridge at which staff ask."""

import logging
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from config.settings import Settings
from station.core.case_flow import CaseFlow
from station.core.commands import Command, SetRoom
from station.core.copying import CopyDeed, copied_by, copy_entry
from station.core.events import CommandRefused, Event
from station.core.people import Person
from station.core.people_commands import PeopleCommand
from station.core.ports import Clock
from station.core.questions import Answer, CancelWork, Question
from station.core.screening import ThresholdPolicy
from station.core.service_commands import ServiceCommand
from station.core.shift_commands import ShiftCommand
from station.core.simulator_commands import SimulatorCommand
from station.core.threshold_commands import ThresholdCommand
from station.ledger.store import SqlLedger
from station.runtime.board import Board
from station.runtime.bridge import BridgeServer
from station.runtime.ledger_jobs import Order
from station.runtime.people import PeopleDesk
from station.runtime.queries import QueryPlaces, QueryWorker
from station.runtime.room import RoomKeeper
from station.runtime.service import ServiceDesk, SiteFile
from station.runtime.shifts import ShiftKeeper
from station.runtime.simulators import SimulatorDesk
from station.runtime.thresholds import ThresholdKeeper
from station.runtime.worker import Worker

logger = logging.getLogger(__name__)


class StaffDesks:
    """Each command goes to the one whom it concerns; what changes a case goes to the ledger.

    Args:
        settings: the station's.
        site: the file that they come from; None if there is none.
        ledger: where accounts, trail and thresholds are kept.
        is_drill: whether everything here is an exercise.
        board: what the station knows; every kiosk listens to it.
        clock: the machine's clocks.
        room: takes what was measured of the air.
        flow: returns how this site handles its cases now.
        apply: is told the threshold policies whenever they change.
        order: takes a command that changes a case.
        is_ending: whether the station stops.

    Raises:
        KnownError: if the kiosk's socket cannot be made, or the ledger cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        site: SiteFile | None,
        ledger: SqlLedger,
        *,
        is_drill: bool,
        board: Board,
        clock: Clock,
        room: RoomKeeper,
        flow: Callable[[], CaseFlow],
        apply: Callable[[Sequence[ThresholdPolicy]], None],
        order: Callable[[Order], None],
        is_ending: Callable[[], bool],
    ) -> None:
        self._clock = clock
        self._room = room
        self._order = order
        self._people = PeopleDesk(ledger, settings.accounts, clock)
        self._thresholds = ThresholdKeeper(
            ledger, settings, is_drill=is_drill, clock=clock, events=board, apply=apply
        )
        self._shifts = ShiftKeeper(
            ledger, flow, board.snapshot, is_shared=settings.accounts.required, clock=clock
        )
        self._simulators = SimulatorDesk(settings.simulators, self._people.note, clock)
        self._service = ServiceDesk(
            settings,
            site,
            note=self._people.note,
            snapshot=board.snapshot,
            clock=clock,
            answers=self,
        )
        station = settings.station
        places = QueryPlaces(
            station.ledger_path, station.export_folder, ZoneInfo(station.time_zone), is_drill
        )
        self._queries = QueryWorker(places, clock=clock, answers=self, is_ending=is_ending)
        # Their faults are no lane's: they are logged, and whoever asked is told.
        self.workers = (
            Worker("query", self._queries.step, on_crash=logger.error, on_stop=self._queries.stop),
            Worker("service", self._service.step, on_crash=logger.error),
        )
        """Do what takes long; whoever has them starts them."""
        # The last: from here on commands come.
        self.bridge = BridgeServer(
            settings.kiosk.socket_path, self._obey, board.snapshot, self._people.admit
        )
        """Where kiosks connect."""
        board.add_sink(self.bridge)

    def start(self) -> None:
        """Tell which thresholds hold."""
        self._thresholds.start()

    def look(self) -> None:
        """Tell which threshold holds once the day brings another one."""
        self._thresholds.look()

    def answer(self, answer: Answer | CommandRefused) -> None:
        """Bring an answer to the kiosk that asked; called from any thread, returns at once."""
        self.bridge.answer(answer)

    def close(self) -> None:
        """Disconnect every kiosk; closing twice is safe."""
        self.bridge.close()

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
            self._order(Order(command, person))
        return None
