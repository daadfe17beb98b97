"""What the kiosk does for coming back: keeps the operator's place and tells who watches over it."""

from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from station.service.notify import Notifier
from ui.keeping import PlaceFile
from ui.model import Place

# Often enough for a status within a tenth of a second, rare enough to cost nothing.
_LOOK_MS = 100
_ALIVE_EVERY = 10


class Kiosk(Protocol):
    """What is kept and told of the operator's window."""

    def place(self) -> Place:
        """Return where the operator is."""
        ...

    def go_back(self, place: Place) -> None:
        """Bring the operator back."""
        ...

    def standing(self) -> str:
        """Return in one line what is on show."""
        ...


class Care(QObject):
    """Looks after the window from its own thread: a window that hangs is no longer told alive.

    Args:
        kiosk: the operator's window; it is brought back to the kept place at once.
        file: keeps the place.
        notifier: tells the service manager.
    """

    def __init__(self, kiosk: Kiosk, file: PlaceFile, notifier: Notifier) -> None:
        super().__init__()
        self._kiosk = kiosk
        self._file = file
        self._notifier = notifier
        self._looks = 0
        kiosk.go_back(file.read())
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Say that the window is on show, and go on looking; called once events are handled."""
        self._notifier.ready()
        self._timer.start(_LOOK_MS)

    def look(self) -> None:
        """Keep and tell what is new."""
        self._file.keep(self._kiosk.place())
        self._notifier.status(self._kiosk.standing())
        if self._looks % _ALIVE_EVERY == 0:
            self._notifier.alive()
        self._looks += 1

    def end(self) -> None:
        """Say that the kiosk ends in order."""
        self._timer.stop()
        self._notifier.stopping()
