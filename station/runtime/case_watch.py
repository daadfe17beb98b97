"""Looks at the cases' deadlines, and at what must be deleted by now; only tells the ledger."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from station.core.case_flow import CaseFlow
from station.core.cases import Case
from station.core.events import CaseChanged, CaseOverdue, Event
from station.core.ports import Clock

_LOOK_EVERY_S = 1.0
_DELETE_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Overdue:
    """A job: a case waits too long, which becomes a step of it."""

    event: CaseOverdue
    """Which, and how long."""


@dataclass(frozen=True, slots=True)
class DeleteExpired:
    """A job: delete what may not be kept any longer."""

    now: datetime
    """The time, aware, UTC."""


class CaseWatch:
    """Keeps the unfinished cases in mind and says once when each has escalated one level further.

    Args:
        flow: returns the limits in force.
        clock: the machine's clocks.
        put: takes jobs for the ledger.
        wait: waits for a time, or less if the station ends.
    """

    def __init__(
        self,
        flow: Callable[[], CaseFlow],
        *,
        clock: Clock,
        put: Callable[[Overdue | DeleteExpired], None],
        wait: Callable[[float], bool],
    ) -> None:
        self._flow = flow
        self._clock = clock
        self._put = put
        self._wait = wait
        self._lock = threading.Lock()
        self._cases: dict[UUID, Case] = {}
        self._told: dict[UUID, tuple[datetime, int]] = {}
        # When each stage was first seen, on the clock that never jumps.
        self._seen: dict[UUID, tuple[datetime, float]] = {}
        self._deleted_s: float | None = None

    def emit(self, event: Event) -> None:
        """Take one event of the station; called from any thread."""
        if not isinstance(event, CaseChanged):
            return
        case = event.case
        with self._lock:
            if case.is_finished:
                self._cases.pop(case.case_id, None)
                self._told.pop(case.case_id, None)
                self._seen.pop(case.case_id, None)
            else:
                self._cases[case.case_id] = case

    def step(self) -> None:
        """Look once, then wait a moment."""
        now, now_s = self._clock.now(), self._clock.monotonic_s()
        for event in self._due(now, now_s):
            self._put(Overdue(event))
        if self._deleted_s is None or now_s - self._deleted_s >= _DELETE_EVERY_S:
            self._deleted_s = now_s
            self._put(DeleteExpired(now))
        self._wait(_LOOK_EVERY_S)

    def _due(self, now: datetime, now_s: float) -> list[CaseOverdue]:
        found = []
        with self._lock:
            for case in self._cases.values():
                deadline = self._flow().deadline(case, now)
                if deadline is None:
                    continue
                level = deadline.level(self._at_least(case.case_id, deadline.since, now, now_s))
                since, told = self._told.get(case.case_id, (deadline.since, 0))
                if since != deadline.since:
                    told = 0
                if level > told:
                    self._told[case.case_id] = deadline.since, level
                    found.append(
                        CaseOverdue(
                            case.case_id, case.number, deadline.stage, level, deadline.since, now
                        )
                    )
        return found

    def _at_least(self, case_id: UUID, since: datetime, now: datetime, now_s: float) -> datetime:
        """Return the time, or what it would be if nobody had set the clock back meanwhile."""
        began, seen_s = self._seen.get(case_id, (None, now_s))
        if began != since:
            seen_s = now_s
            self._seen[case_id] = since, now_s
        return max(now, since + timedelta(seconds=now_s - seen_s))
