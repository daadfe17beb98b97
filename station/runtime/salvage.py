"""Watches over a ledger that turns out damaged, and tells staff how far its salvage is."""

import logging
from collections.abc import Callable

from station.core.audit import AuditKind
from station.core.events import LedgerSalvaged
from station.core.ports import EventSink
from station.core.salvage import SalvageTold
from station.ledger.damage import is_noted
from station.ledger.salvage_entry import read_salvage
from station.ledger.store import SqlLedger
from station.ledger.trail_rows import entries_of
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
        """Tell of the file that was set aside last, of those that are still there."""
        with self._ledger.reading_rows() as connection:
            found = [read_salvage(one) for one in entries_of(connection, AuditKind.SALVAGE)]
        # What was told last of a file holds: more of it may have been added since.
        latest = {told.kept_as: told for told in found}
        left = [one for one in latest.values() if self._is_there(one)]
        if left:
            self._events.emit(LedgerSalvaged(max(left, key=lambda told: told.at)))

    def _is_there(self, told: SalvageTold) -> bool:
        return (self._ledger.path.parent / told.kept_as).exists()

    def step(self) -> None:
        """Look once whether somebody has found damage."""
        is_noted_now = is_noted(self._ledger.path)
        if is_noted_now and not self._is_asked:
            self._put(Renew())
        self._is_asked = is_noted_now
        self._wait(_LOOK_S)
