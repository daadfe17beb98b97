"""Passes the station's status on whenever it changes."""

import threading
from collections.abc import Callable

from station.core.events import Event
from station.core.status import StationStatus


class StatusKeeper:
    """Listens to the board; `on_change` is called from the threads that emit."""

    def __init__(self, status: StationStatus, on_change: Callable[[StationStatus], None]) -> None:
        self._status = status
        self._on_change = on_change
        self._lock = threading.Lock()
        on_change(status)

    def emit(self, event: Event) -> None:
        """Take one event."""
        with self._lock:
            status = self._status.after(event)
            if status != self._status:
                self._status = status
                self._on_change(status)
