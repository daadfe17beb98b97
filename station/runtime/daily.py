"""Daily figures: when they are due, and how they become messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from station.core.cases import CaseRefused, Refusal
from station.core.daily import (
    ASKED_KIND,
    DAILY_KIND,
    DailyFigures,
    days_due,
    latest_slot,
    local_day,
)
from station.core.ports import Clock, Ledger, OutboxItem
from station.core.report import Encoded

_LOOK_EVERY_S = 5.0

FiguresEncoder = Callable[[DailyFigures, UUID, datetime, UUID, int], Encoded]
"""Makes the bytes from (figures, the message's id, its time, epoch, sequence)."""


@dataclass(frozen=True, slots=True)
class DailyDue:
    """A job: the time of the daily report has come; whether it was sent, the ledger knows."""


@dataclass(frozen=True, slots=True)
class DailyTimes:
    """When a station reports."""

    zone: ZoneInfo
    """The station's time zone."""
    daily_at: time
    """Local time of the daily report."""


class DailyReporter:
    """Counts days and makes their messages; the ledger's thread uses it."""

    def __init__(
        self,
        ledger: Ledger,
        times: DailyTimes,
        *,
        encode: FiguresEncoder,
        clock: Clock,
        new_id: Callable[[], UUID],
    ) -> None:
        self._ledger = ledger
        self._times = times
        self._encode = encode
        self._clock = clock
        self._new_id = new_id

    def due(self) -> tuple[tuple[DailyFigures, ...], tuple[OutboxItem, ...]]:
        """Return the figures that are due now and their messages, to be recorded together."""
        now = self._clock.now()
        sent = self._ledger.latest_of_kind(DAILY_KIND, now)
        days = days_due(sent, now, self._times.zone, self._times.daily_at)
        return self._made(days, DAILY_KIND)

    def asked(self, day: date) -> tuple[tuple[DailyFigures, ...], tuple[OutboxItem, ...]]:
        """Return one day's figures and their message.

        Raises:
            CaseRefused: if the day has not begun.
        """
        if self._clock.now().astimezone(self._times.zone).date() < day:
            raise CaseRefused(Refusal.OTHER, f"{day} has not begun: name today or an earlier day.")
        return self._made([day], ASKED_KIND)

    def today(self) -> tuple[tuple[DailyFigures, ...], tuple[OutboxItem, ...]]:
        """Return today's figures until now and their message."""
        return self.asked(self._clock.now().astimezone(self._times.zone).date())

    def _made(
        self, days: Sequence[date], kind: str
    ) -> tuple[tuple[DailyFigures, ...], tuple[OutboxItem, ...]]:
        now, first = self._clock.now(), self._ledger.next_sequence()
        all_figures, items = [], []
        for sequence, day in enumerate(days, first):
            span = local_day(day, self._times.zone, now)
            figures = DailyFigures(span, self._ledger.day_counts(span.since, span.until))
            report_id, epoch = self._new_id(), self._ledger.epoch
            encoded = self._encode(figures, report_id, now, epoch, sequence)
            item = OutboxItem(
                report_id, None, kind, encoded.channel, epoch, sequence, encoded.payload, now
            )
            all_figures.append(figures)
            items.append(item)
        return tuple(all_figures), tuple(items)


class DailyAlarm:
    """Puts the job once at the start and once each day."""

    def __init__(
        self,
        times: DailyTimes,
        clock: Clock,
        put: Callable[[DailyDue], object],
        wait: Callable[[float], bool],
    ) -> None:
        self._times = times
        self._clock = clock
        self._put = put
        self._wait = wait
        self._slot: datetime | None = None

    def step(self) -> None:
        """Put the job if a new slot has begun, then wait a moment."""
        slot = latest_slot(self._clock.now(), self._times.zone, self._times.daily_at)
        if slot != self._slot:
            self._slot = slot
            self._put(DailyDue())
        self._wait(_LOOK_EVERY_S)
