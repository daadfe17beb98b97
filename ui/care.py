"""What the kiosk does for coming back: keeps the operator's place and tells who watches over it."""

from PySide6.QtCore import QObject, QTimer

from station.service.notify import Notifier
from ui.desk import Desk
from ui.keeping import PlaceFile, TokenFile
from ui.viewmodels.notices import lane_notice

# Often enough for a status within a tenth of a second, rare enough to cost nothing.
_LOOK_MS = 100
_ALIVE_EVERY = 10


def standing(desk: Desk) -> str:
    """Return in one line what is on show: the lane's banner and the chosen case's number."""
    model = desk.model
    frame = desk.frames.get(model.lane) if model.lane else None
    age_s = desk.clock.monotonic_s() - frame.captured_s if frame else None
    notice = lane_notice(model, model.lane, age_s)
    case = model.selected_case()
    return f"{notice.text} [{model.lane or '-'}] case {case.number if case else '-'}"


class Care(QObject):
    """Looks after the kiosk from the window's thread: one that hangs is no longer told alive.

    Args:
        desk: what the kiosk knows; the operator is brought back to the kept place.
        file: keeps the place.
        token_file: keeps what takes the session up again.
        notifier: tells the service manager.
    """

    def __init__(
        self, desk: Desk, file: PlaceFile, token_file: TokenFile, notifier: Notifier
    ) -> None:
        super().__init__()
        self._desk = desk
        self._file = file
        self._token_file = token_file
        self._notifier = notifier
        self._looks = 0
        desk.model.go_back(file.read())
        desk.token = token_file.read()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Say that the window is on show, and go on looking; called once events are handled."""
        self._notifier.ready()
        self._timer.start(_LOOK_MS)

    def look(self) -> None:
        """Keep and tell what is new."""
        self._file.keep(self._desk.model.place())
        self._token_file.keep(self._desk.token)
        self._notifier.status(standing(self._desk))
        if self._looks % _ALIVE_EVERY == 0:
            self._notifier.alive()
        self._looks += 1

    def end(self) -> None:
        """Say that the kiosk ends in order."""
        self._timer.stop()
        self._notifier.stopping()
