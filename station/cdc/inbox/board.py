"""What the page shows, from cases, stations and the time: pure functions."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from station.cdc.inbox import escalation
from station.cdc.inbox.cases import CdcCase
from station.cdc.inbox.checkpoints import NO_CHECKPOINTS, NOT_IN_BOOK, Checkpoint, Checkpoints
from station.cdc.inbox.heard import Heard
from station.cdc.inbox.presence import LanePresence, Presence
from station.cdc.marks import BackCause
from station.reporting.messages.status import StationState
from station.reporting.topics import StationIdentity

MOST_URGENT = 40
"""So many waiting cases stand first; chosen: some screens full."""

MOST_STATIONS = 150
"""So many stations are listed, what needs a look first; others are found by name."""


@dataclass(frozen=True, slots=True)
class Card:
    """One case on the board."""

    case: CdcCase
    """The case."""
    level: int
    """How loudly it is shown; 0 for a new or answered one."""
    next_at: datetime | None
    """When it grows louder, aware; None if it does not."""


@dataclass(frozen=True, slots=True)
class Cards:
    """What the board shows."""

    first: tuple[Card, ...]
    """The most urgent cases that wait."""
    rest: tuple[Card, ...]
    """Others, in their order."""
    unseen: int
    """How many wait and are not shown."""


@dataclass(frozen=True, slots=True)
class Banner:
    """What everybody must see at once."""

    waiting: int
    """Real cases that wait for an answer."""
    drills: int
    """Cases of drills that wait."""
    level: int
    """The loudest real one's, or the loudest drill's if only drills wait."""
    contact: str
    """Whom to call now; empty if nobody, or nobody is set."""
    newest: int
    """Place of the newest message that waits; 0 if none does."""


@dataclass(frozen=True, slots=True)
class StationLine:
    """One station on the board."""

    identity: StationIdentity
    """Which."""
    presence: Presence | None
    """Whether it is there; None if that is not known."""
    last_at: datetime | None
    """When its newest alert came, aware; None if none has."""
    missing: int
    """Messages that are known to exist and have not come."""
    counts: int
    """How many counts it has begun."""
    went_back: BackCause | None
    """Why it went back to an older count; None if it did not."""
    is_overdue: bool
    """Whether its daily figures were due and have not come."""
    waiting: int
    """Its real cases that wait for an answer."""
    waiting_drills: int = 0
    """Its cases of drills that wait."""
    checkpoint: Checkpoint = NOT_IN_BOOK
    """What the office's book says of it."""

    @property
    def blocked_lanes(self) -> tuple[LanePresence, ...]:
        """Its lanes that do not measure."""
        lanes = self.presence.lanes if self.presence else ()
        return tuple(lane for lane in lanes if not lane.is_measuring)

    @property
    def is_troubled(self) -> bool:
        """Whether somebody should look."""
        presence = self.presence
        is_away = presence is not None and presence.state is not StationState.ONLINE
        is_blocked = presence is not None and not presence.is_ledger_writing
        is_doubtful = self.missing or self.went_back or self.is_overdue
        return bool(is_away or is_blocked or self.blocked_lanes or is_doubtful)


def card(case: CdcCase, now: datetime, after: Sequence[timedelta]) -> Card:
    """Return how a case is shown now."""
    waiting = case.waiting
    if waiting is None:
        return Card(case, 0, None)
    at = waiting.received_at
    return Card(
        case,
        escalation.level(at, now, None, after),
        escalation.next_step_at(at, now, after),
    )


def cards(
    waiting: Iterable[CdcCase], others: Iterable[CdcCase], now: datetime, after: Sequence[timedelta]
) -> Cards:
    """Return what waits, the longest waiting and real ones first, and then the rest.

    Of very many that wait only the most urgent stand first: a page of hundreds is read by nobody,
    and too slow to be news. The newest ones then stand in their place among the rest.

    Args:
        waiting: cases that wait for an answer.
        others: any cases in the order in which to show them; what stands first is left out.
        now: by the CDC's clock, aware.
        after: the levels.
    """
    every = sorted(waiting, key=_urgency)
    first = every[:MOST_URGENT]
    keys = {case.key for case in first}
    rest = [case for case in others if case.key not in keys]
    shown = keys | {case.key for case in rest}
    return Cards(
        first=tuple(card(case, now, after) for case in first),
        rest=tuple(card(case, now, after) for case in rest),
        unseen=sum(case.key not in shown for case in every),
    )


def banner(
    waiting: Iterable[CdcCase],
    now: datetime,
    after: Sequence[timedelta],
    contacts: Sequence[str],
) -> Banner:
    """Return what stands above everything.

    Args:
        waiting: cases that wait for an answer.
        now: by the CDC's clock, aware.
        after: the levels.
        contacts: whom to call, in order.
    """
    shown = [card(case, now, after) for case in waiting]
    real = [one for one in shown if not one.case.latest.is_drill]
    # A drill never makes a real alert look louder than it is.
    level = max((one.level for one in real or shown), default=0)
    contact = escalation.contact_for(contacts, level)
    newest = max((update.position for one in shown for update in one.case.unanswered), default=0)
    return Banner(len(real), len(shown) - len(real), level, contact, newest)


@dataclass(frozen=True, slots=True)
class Doubts:
    """What stations have not sent."""

    missing: Mapping[StationIdentity, int]
    """How many messages have not come."""
    went_back: Mapping[StationIdentity, BackCause]
    """Which went back, and why."""
    overdue: Collection[StationIdentity]
    """Whose daily figures have not come."""


def station_lines(
    heard: Iterable[Heard],
    presence: Mapping[StationIdentity, Presence] | None,
    doubts: Doubts,
    waiting: Iterable[CdcCase],
    checkpoints: Checkpoints = NO_CHECKPOINTS,
) -> tuple[StationLine, ...]:
    """Return every station that was heard of or is in the office's book, the troubled ones first.

    Args:
        heard: what messages tell.
        presence: what stations say of themselves; None if nobody listens.
        doubts: what has not come.
        waiting: cases that wait.
        checkpoints: the office's book.
    """
    known = presence or {}
    told = {one.identity: one for one in heard}
    counts: Counter[tuple[StationIdentity, bool]] = Counter(
        (StationIdentity(*case.key[:3]), case.latest.is_drill) for case in waiting
    )
    lines = [
        StationLine(
            identity=identity,
            presence=known.get(identity),
            last_at=told[identity].last_at if identity in told else None,
            missing=doubts.missing.get(identity, 0),
            counts=told[identity].counts if identity in told else 0,
            went_back=doubts.went_back.get(identity),
            is_overdue=identity in doubts.overdue,
            waiting=counts[identity, False],
            waiting_drills=counts[identity, True],
            checkpoint=checkpoints.of(identity),
        )
        for identity in {
            *told,
            *known,
            *checkpoints.stations,
            *doubts.missing,
            *(one for one, _ in counts),
        }
    ]
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                not line.is_troubled,
                line.identity.region,
                line.identity.site,
                line.identity.station,
            ),
        )
    )


def _urgency(case: CdcCase) -> tuple[bool, datetime]:
    waiting = case.waiting
    at = waiting.received_at if waiting else case.latest.received_at
    return case.latest.is_drill, at
