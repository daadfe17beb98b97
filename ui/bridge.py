"""The kiosk's end of the bridge as a QObject: events in as signals, commands out."""

import logging
import threading
import time

from PySide6.QtCore import QObject, Signal

from station.core.events import Command, Event, LaneUpdate
from station.runtime.bridge import BridgeClient, BridgeClosed
from station.runtime.bridge_frames import Picture

logger = logging.getLogger(__name__)

_RETRY_S = 0.5


class StationBridge(QObject):
    """Reads the station in a thread of its own and reconnects for ever.

    Pictures and lane updates are kept, only the latest of each lane, for the views to fetch at
    their own rate; everything else comes as a signal, in order.

    Args:
        client: the connection, not open yet.
    """

    event_came = Signal(object)
    """One event other than a lane update."""
    connected = Signal()
    """The station answers; a snapshot follows."""
    lost = Signal()
    """The station does not answer; it is tried again."""

    def __init__(self, client: BridgeClient) -> None:
        super().__init__()
        self._client = client
        self._lock = threading.Lock()
        self._pictures: dict[str, Picture] = {}
        self._updates: dict[str, LaneUpdate] = {}
        self._fresh: dict[str, tuple[Picture, LaneUpdate]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bridge", daemon=True)

    def start(self) -> None:
        """Start reading."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reading; safe to call twice."""
        self._stop.set()
        self._client.close()
        if self._thread.is_alive():
            self._thread.join(2.0)

    def send(self, command: Command) -> bool:
        """Send a command and return whether it left."""
        try:
            self._client.send(command)
        except BridgeClosed as error:
            logger.warning("a command was not sent: %s", error)
            return False
        return True

    def take_fresh(self) -> list[tuple[Picture, LaneUpdate]]:
        """Return the latest picture of each lane with its update, each pair once."""
        with self._lock:
            pairs = list(self._fresh.values())
            self._fresh.clear()
            return pairs

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._client.connect()
                self.connected.emit()
                while not self._stop.is_set():
                    self._take(self._client.read())
            except BridgeClosed as error:
                if not self._stop.is_set():
                    logger.info("%s", error)
                    self.lost.emit()
                    time.sleep(_RETRY_S)

    def _take(self, message: Event | Picture) -> None:
        match message:
            case Picture():
                with self._lock:
                    self._pictures[message.lane] = message
                    self._pair(message.lane)
            case LaneUpdate():
                with self._lock:
                    self._updates[message.lane] = message
                    self._pair(message.lane)
            case _:
                self.event_came.emit(message)

    def _pair(self, lane: str) -> None:
        """Keep picture and update of one frame together; they come one after the other."""
        picture, update = self._pictures.get(lane), self._updates.get(lane)
        if picture and update and picture.sequence == update.sequence:
            self._fresh[lane] = picture, update
