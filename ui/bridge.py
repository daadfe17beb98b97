"""The kiosk's end of the bridge as a QObject: events in as signals, commands out."""

import logging
import queue
import threading
import time
from collections import deque
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from station.core.commands import Command
from station.core.errors import KnownError
from station.core.events import Event
from station.core.lane_events import LaneUpdate
from station.core.people_commands import SessionCommand
from station.runtime.bridge_client import BridgeClosed
from station.runtime.bridge_frames import Picture
from ui.model import Loss

logger = logging.getLogger(__name__)

# A killed station is back within seconds, and its kiosk with it.
_RETRY_S = {Loss.NO_ANSWER: 0.1, Loss.AGAIN: 0.1, Loss.OTHER_VERSION: 4.0}
# One that was lost so often within so many seconds does not mend itself.
_OFTEN, _OFTEN_S = 3, 120.0
_JOIN_TIMEOUT_S = 2.0


class Connection(Protocol):
    """What the kiosk needs of a BridgeClient."""

    def connect(self) -> None:
        """Connect, or raise BridgeClosed or another KnownError."""
        ...

    def read(self) -> Event | Picture:
        """Wait for the next message, or raise BridgeClosed."""
        ...

    def send(self, command: Command | SessionCommand) -> None:
        """Send one command, or raise BridgeClosed."""
        ...

    def close(self) -> None:
        """Disconnect; wakes a thread that reads."""
        ...


class StationBridge(QObject):
    """Reads the station in a thread of its own and reconnects for ever; another one sends.

    Pictures and lane updates are kept, only the latest of each lane, for the views to fetch at
    their own rate; everything else comes as a signal, in order.

    Args:
        client: the connection, not open yet.
    """

    event_came = Signal(object)
    """One event other than a lane update."""
    connected = Signal()
    """The station answers; a snapshot follows."""
    lost = Signal(object)
    """The station is not there (Loss); it is tried again."""
    fresh = Signal()
    """A picture of a lane waits to be fetched; told once until somebody fetches."""
    unsent = Signal(object)
    """This command may not have arrived."""

    def __init__(self, client: Connection) -> None:
        super().__init__()
        self._client = client
        self._lock = threading.Lock()
        self._pictures: dict[str, Picture] = {}
        self._updates: dict[str, LaneUpdate] = {}
        self._fresh: dict[str, tuple[Picture, LaneUpdate]] = {}
        self._is_told = False
        self._commands: queue.SimpleQueue[Command | SessionCommand | None] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._ends_s: deque[float] = deque(maxlen=_OFTEN)
        self._threads = (
            threading.Thread(target=self._read, name="bridge-read", daemon=True),
            threading.Thread(target=self._write, name="bridge-write", daemon=True),
        )

    def start(self) -> None:
        """Start reading and sending."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop both threads; safe to call twice."""
        self._stop.set()
        self._commands.put(None)
        self._client.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_JOIN_TIMEOUT_S)

    def send(self, command: Command | SessionCommand) -> None:
        """Hand over a command and return at once; `unsent` tells if it did not leave."""
        self._commands.put(command)

    def take_fresh(self) -> list[tuple[Picture, LaneUpdate]]:
        """Return the latest picture of each lane with its update, each pair once."""
        with self._lock:
            pairs = list(self._fresh.values())
            self._fresh.clear()
            self._is_told = False
            return pairs

    def keep(self, message: Event | Picture) -> None:
        """Take one message of the station; called from the reading thread."""
        match message:
            case Picture():
                with self._lock:
                    self._pictures[message.lane] = message
                    is_news = self._pair(message.lane)
            case LaneUpdate():
                with self._lock:
                    self._updates[message.lane] = message
                    is_news = self._pair(message.lane)
            case _:
                is_news = False
                self.event_came.emit(message)
        if is_news:
            self.fresh.emit()

    def _pair(self, lane: str) -> bool:
        """Keep picture and update of one frame together; they come one after the other.

        Returns:
            Whether to tell that pictures wait.
        """
        picture, update = self._pictures.get(lane), self._updates.get(lane)
        if picture and update and picture.sequence == update.sequence:
            self._fresh[lane] = picture, update
            was_told, self._is_told = self._is_told, True
            return not was_told
        return False

    def _read(self) -> None:
        while not self._stop.is_set():
            loss, is_open = Loss.NO_ANSWER, False
            try:
                self._client.connect()
                is_open = True
                self.connected.emit()
                while not self._stop.is_set():
                    self.keep(self._client.read())
            except BridgeClosed as error:
                logger.info("%s", error)
                loss = self._without_answer(time.monotonic(), has_ended=is_open)
            except KnownError as error:
                # The greeting did not fit; an update of either side may mend it at any time.
                logger.warning("%s", error)
                loss = Loss.OTHER_VERSION
            if not self._stop.is_set():
                self.lost.emit(loss)
            self._stop.wait(_RETRY_S[loss])

    def _without_answer(self, now_s: float, *, has_ended: bool) -> Loss:
        """Return how to call that the station does not answer: again, if it was there and ended."""
        if has_ended:
            self._ends_s.append(now_s)
        is_often = len(self._ends_s) == _OFTEN and now_s - self._ends_s[0] < _OFTEN_S
        return Loss.AGAIN if is_often else Loss.NO_ANSWER

    def _write(self) -> None:
        while (command := self._commands.get()) is not None:
            try:
                self._client.send(command)
            except BridgeClosed as error:
                logger.warning("a command was not sent: %s", error)
                self.unsent.emit(command)
