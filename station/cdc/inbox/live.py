"""Watching the inbox: what is new, what grows louder, what is missing."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from station.cdc.alive import read_signs
from station.cdc.database import Database
from station.cdc.gaps import read_gaps
from station.cdc.inbox.answers import note_steps, unnoted_steps
from station.cdc.inbox.cases import CaseKey, CdcCase
from station.cdc.inbox.checkpoints import CheckpointBook
from station.cdc.inbox.figures import Due, last_due, overdue, reported
from station.cdc.inbox.heard import Heard, heard_stations
from station.cdc.inbox.intake import IntakeState, IntakeWatch
from station.cdc.inbox.newest import Places, newest_places
from station.cdc.inbox.outline import Outline
from station.cdc.inbox.presence import Presence, PresenceWatch
from station.cdc.inbox.queries import cases_changed_since, cases_of, waiting_cases
from station.cdc.inbox.settings import InboxSettings
from station.cdc.marks import BackCause, read_alarms
from station.core.errors import KnownError
from station.reporting.topics import StationIdentity

_log = logging.getLogger(__name__)

_POLL_S = 0.2
_ESCALATE_EVERY_S = 1.0
# Counting reads the whole index: it may take this part of the time.
_COUNTING_SHARE = 0.05
_COUNT_EVERY_S = 1.0
_ALIVE_EVERY_S = 5.0
_MOST_ALARMS = 200


@dataclass(frozen=True, slots=True)
class Counted:
    """What all alerts together tell of the stations."""

    heard: tuple[Heard, ...]
    """Every station that ever sent an alert."""
    missing: Mapping[StationIdentity, int]
    """Messages that have not come."""
    went_back: Mapping[StationIdentity, BackCause]
    """Stations that went back, and why, as far as that is known."""
    due: Due | None
    """Which daily figures were due last; None before anything was counted."""
    reported: frozenset[StationIdentity]
    """Whose of these have come."""

    def overdue(
        self, presence: Mapping[StationIdentity, Presence] | None
    ) -> frozenset[StationIdentity]:
        """Return whose figures have not come, of those and of the stations at the broker."""
        if self.due is None:
            return frozenset()
        return overdue(self.heard, presence, self.reported, self.due)


@dataclass(frozen=True, slots=True)
class _Waiting:
    seen: Places
    cases: dict[CaseKey, CdcCase]

    def has_seen(self, places: Places) -> bool:
        """Whether no message and no answer has come since then."""
        seen = self.seen
        return (seen.alert, seen.acknowledgement) == (places.alert, places.acknowledgement)

    @property
    def unsettled(self) -> set[CaseKey]:
        """Cases of several counts, whose order a late message of another case may change."""
        return {
            key
            for key, case in self.cases.items()
            if len({update.epoch for update in case.updates}) > 1
        }


class LiveInbox:
    """Looks several times a second, and tells all open pages when there is news.

    Several processes may do so on one database: each sees what is committed, and a level that is
    reached is noted once.

    Args:
        database: the inbox.
        settings: levels and contacts.
        watch: listens to stations; None if nobody does.
        now: the CDC's clock, aware.
        book: the office's checkpoints; None knows of none.
        outline: of the region, under the map.
    """

    def __init__(
        self,
        database: Database,
        settings: InboxSettings,
        watch: PresenceWatch | None,
        *,
        now: Callable[[], datetime],
        book: CheckpointBook | None = None,
        outline: Outline | None = None,
    ) -> None:
        self.database = database
        self.settings = settings
        self.watch = watch
        self.now = now
        self.book = book or CheckpointBook(None)
        self.outline = outline or Outline()
        self.trouble = ""
        """Why the inbox cannot be read; empty if it can."""
        self.unwritable = ""
        """Why levels that were reached cannot be noted; empty if they can."""
        self.counted = Counted((), {}, {}, None, frozenset())
        """As counted last."""
        self._intake = IntakeWatch()
        self._waiting: _Waiting | None = None
        self._counted_of: tuple[object, ...] = ()
        self._count_again_at_s = float("-inf")
        self._escalated_at_s = float("-inf")
        self._mark: tuple[object, ...] = ()
        self._news = 0
        self._changed = asyncio.Condition()
        self._is_over = False

    def waiting(self, connection: Connection) -> tuple[CdcCase, ...]:
        """Return the cases that wait for an answer.

        Only what changed is read again: hundreds that wait would make each new one late.
        """
        places = newest_places(connection)
        kept = self._waiting
        if kept is None:
            cases = {case.key: case for case in waiting_cases(connection)}
        elif kept.has_seen(places):
            return tuple(kept.cases.values())
        else:
            changed = cases_changed_since(connection, kept.seen) | kept.unsettled
            again = {case.key: case for case in cases_of(connection, sorted(changed))}
            cases = {key: case for key, case in kept.cases.items() if key not in changed}
            cases |= {key: case for key, case in again.items() if case.waiting}
        self._waiting = _Waiting(places, cases)
        return tuple(cases.values())

    async def run(self) -> None:
        """Look until cancelled; trouble with the database is told, and looking goes on."""
        while True:
            mark = await asyncio.to_thread(self._look, asyncio.get_running_loop().time())
            if mark != self._mark:
                self._mark = mark
                async with self._changed:
                    self._news += 1
                    self._changed.notify_all()
            await asyncio.sleep(_POLL_S)

    async def close(self) -> None:
        """End all streams."""
        async with self._changed:
            self._is_over = True
            self._changed.notify_all()

    async def stream(self) -> AsyncIterator[str]:
        """Yield server-sent events: `changed` for news, `alive` when there was none for a while."""
        seen = -1
        while not self._is_over:
            name = "changed" if seen != self._news else "alive"
            seen = self._news
            yield f"event: {name}\ndata: {self.now().timestamp():.3f}\n\n"
            await self._wait_for_news(seen)

    async def _wait_for_news(self, seen: int) -> None:
        async with self._changed:
            try:
                await asyncio.wait_for(
                    self._changed.wait_for(lambda: self._is_over or self._news != seen),
                    _ALIVE_EVERY_S,
                )
            except TimeoutError:
                return

    def _look(self, at_s: float) -> tuple[object, ...]:
        try:
            with self.database.reading() as connection:
                places = newest_places(connection)
            if at_s - self._escalated_at_s >= _ESCALATE_EVERY_S:
                self._escalated_at_s = at_s
                with self.database.reading() as connection:
                    self._intake.look(read_signs(connection), at_s)
                try:
                    self.escalate()
                except KnownError as error:
                    # It can be read all the same: alerts are shown, answers are not taken.
                    self.unwritable = str(error)
                else:
                    self.unwritable = ""
            due = last_due(self.now(), self.settings.zone, self.settings.figures_due_at)
            counted_of = (places.alert, places.daily_report, places.expected_mark, due)
            if counted_of != self._counted_of and at_s >= self._count_again_at_s:
                begun_s = time.monotonic()
                self.counted = self._count(due)
                took_s = time.monotonic() - begun_s
                self._counted_of = counted_of
                self._count_again_at_s = at_s + max(_COUNT_EVERY_S, took_s / _COUNTING_SHARE)
        except KnownError as error:
            if str(error) != self.trouble:
                _log.warning("%s", error)
            self.trouble = str(error)
            return (self.trouble,)
        self.trouble = ""
        self.book.look()
        heard = self.watch.changes if self.watch else 0
        today = self.now().astimezone(self.settings.zone).date()
        return (
            *places,
            heard,
            self.counted,
            self.book.changes,
            self.intake,
            self.unwritable,
            today,
        )

    @property
    def intake(self) -> IntakeState:
        """Whether alerts can come in."""
        return self._intake.state

    def escalate(self) -> int:
        """Note the levels that were reached; return how many were new.

        Raises:
            KnownError: if the database cannot be used.
        """
        now, after = self.now(), self.settings.escalate_after
        contacts: Sequence[str] = self.settings.called
        with self.database.reading() as connection:
            waiting = self.waiting(connection)
            if not unnoted_steps(connection, waiting, now=now, after=after, contacts=contacts):
                return 0
        with self.database.writing() as connection:
            # Again inside the transaction: another process, or an officer, may have been faster.
            waiting = self.waiting(connection)
            return note_steps(connection, waiting, now=now, after=after, contacts=contacts)

    def _count(self, due: Due) -> Counted:
        missing: Counter[StationIdentity] = Counter()
        with self.database.reading() as connection:
            for gap in read_gaps(connection):
                missing[gap.station] += gap.last - gap.first + 1
            alarms = read_alarms(connection, _MOST_ALARMS)
            return Counted(
                heard_stations(connection),
                missing,
                {one.station: one.cause for one in alarms},
                due,
                reported(connection, due.day),
            )
