"""Tells how far the salvage of a damaged ledger is: a large one takes minutes."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from station.core.commands import Command
from station.core.errors import KnownError
from station.core.events import Event, LedgerFault, LedgerRecovered
from station.core.people import Person
from station.core.ports import Clock
from station.runtime.board import Board
from station.runtime.bridge import BridgeServer

PATIENCE_S = 120.0
"""After each word; far longer than the disk takes for the whole of a new ledger at the end."""
_EVERY_S = 1.0
_STARTING = (
    "The ledger was damaged: {} of what can be read is carried over. Screening begins when that "
    "is done."
)
_WORKING = (
    "The ledger was damaged: {} of what can be read is carried over. What is measured meanwhile "
    "is kept."
)


class SalvageNews:
    """Tells staff and whoever would take this process for hung, about once a second.

    At the start the kiosk's bridge is not there yet: one that only tells stands in for it.

    Args:
        socket_path: where kiosks connect.
        board: what the station knows.
        clock: the machine's clocks.
        on_starting: told before the station runs, with the seconds that the next word may take.
        on_working: told the same once it runs.
    """

    def __init__(
        self,
        socket_path: Path,
        board: Board,
        clock: Clock,
        *,
        on_starting: Callable[[float], None],
        on_working: Callable[[float], None],
    ) -> None:
        self._socket_path = socket_path
        self._board = board
        self._clock = clock
        self._on_starting = on_starting
        self._on_working = on_working
        self._is_starting = True
        self._bridge: BridgeServer | None = None
        self._told_s: float | None = None

    def tell(self, done: int, total: int) -> None:
        """Take how many pages of the damaged ledger are done, of how many."""
        now_s = self._clock.monotonic_s()
        if self._told_s is not None and now_s - self._told_s < _EVERY_S:
            return
        self._told_s = now_s
        percent = 100 * done // max(total, 1)
        text = (_STARTING if self._is_starting else _WORKING).format(f"{percent} %")
        (self._on_starting if self._is_starting else self._on_working)(PATIENCE_S)
        self._board.emit(LedgerFault(self._clock.now(), text, percent))
        if self._is_starting and self._bridge is None:
            # What keeps it from being made is told by the station's own bridge.
            with suppress(KnownError):
                self._bridge = BridgeServer(self._socket_path, _refuse, self._board.snapshot)
                self._board.add_sink(self._bridge)

    def opened(self) -> None:
        """The ledger is open: the station's own bridge comes, or works again."""
        self._is_starting = False
        if self._bridge is not None:
            self._board.remove_sink(self._bridge)
            self._bridge.close()
            self._bridge = None
        if self._told_s is not None:
            self._told_s = None
            self._board.emit(LedgerRecovered(self._clock.now()))


def _refuse(command: Command, person: Person) -> Event | None:
    raise KnownError("The station starts as soon as the damaged ledger is carried over: wait.")
