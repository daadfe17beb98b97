"""Watches over a ledger that turns out damaged, and tells staff what became of one."""

import logging
from collections.abc import Callable

from station.core.audit import AuditKind
from station.core.events import LedgerSalvaged
from station.core.ports import EventSink
from station.ledger.damage import is_noted
from station.ledger.salvage_entry import read_salvage
from station.ledger.store import SqlLedger
from station.ledger.trail_rows import latest_entry
from station.runtime.ledger_jobs import Renew

logger = logging.getLogger(__name__)

_LOOK_S = 1.0


class SalvageWatch:
    """Has the ledger renewed as soon as anybody has found it damaged.

    The alarm stands as long as the damaged file lies beside the ledger: a technician who has seen
    to it takes it away.

    Args:
        ledger: the ledger.
        events: told of a salvage.
        put: hands a job to the thread that owns the ledger.
        wait: sleeps, and returns early when the station stops.
    """

    def __init__(
        self,
        ledger: SqlLedger,
        *,
        events: EventSink,
        put: Callable[[Renew], None],
        wait: Callable[[float], bool],
    ) -> None:
        self._ledger = ledger
        self._events = events
        self._put = put
        self._wait = wait
        self._is_asked = False

    def tell(self) -> None:
        """Tell of the last salvage, if its file is still there."""
        with self._ledger.reading_rows() as connection:
            found = latest_entry(connection, AuditKind.SALVAGE)
        if found is not None:
            told = read_salvage(found)
            if (self._ledger.path.parent / told.kept_as).exists():
                self._events.emit(LedgerSalvaged(told))

    def step(self) -> None:
        """Look once whether somebody has found damage."""
        is_noted_now = is_noted(self._ledger.path)
        if is_noted_now and not self._is_asked:
            self._put(Renew())
        self._is_asked = is_noted_now
        self._wait(_LOOK_S)
