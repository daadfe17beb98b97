"""The hand-over of a shift at a running station: offered, taken over, and kept in the trail."""

from collections.abc import Callable, Sequence
from threading import Lock
from uuid import uuid4

from station.core.audit import AuditKind
from station.core.case_flow import CaseFlow
from station.core.cases import CaseRefused, Refusal
from station.core.events import Event
from station.core.people import Person
from station.core.ports import Clock
from station.core.shift import (
    ShiftHandover,
    ShiftMatters,
    ShiftOffer,
    ShiftStanding,
    check_taking,
    entry_of,
    handover_of,
    sound_note,
    still_good,
)
from station.core.shift_commands import (
    OfferShift,
    ShiftCommand,
    ShiftTold,
    TakeShift,
    WithdrawShift,
)
from station.core.shift_matters import matters_of
from station.ledger.store import SqlLedger
from station.ledger.trail_rows import latest_entry


class ShiftKeeper:
    """Carries out what is asked about the hand-over of a shift; called from any thread.

    An offer is kept in memory alone: a station that was started again knows none, and the shift is
    handed over anew.

    Args:
        ledger: the ledger with the trail.
        flow: returns how this site handles its cases now.
        snapshot: what the station knows right now.
        is_shared: whether people sign in here, so that it takes two of them.
        clock: the machine's clocks.
    """

    def __init__(
        self,
        ledger: SqlLedger,
        flow: Callable[[], CaseFlow],
        snapshot: Callable[[], Sequence[Event]],
        *,
        is_shared: bool,
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._flow = flow
        self._snapshot = snapshot
        self._is_shared = is_shared
        self._clock = clock
        self._lock = Lock()
        self._offer: ShiftOffer | None = None
        self._latest = self._kept()

    def answer(self, command: ShiftCommand, person: Person) -> ShiftTold:
        """Carry out a command and return its answer.

        Raises:
            CaseRefused: if it cannot be carried out.
            KnownError: if the ledger cannot be used.
        """
        with self._lock:
            now = self._clock.now()
            match command:
                case OfferShift(note=note):
                    offer = ShiftOffer(uuid4(), person.name, now, sound_note(note))
                    if self._is_shared:
                        self._offer = offer
                    else:
                        self._record(offer, person)
                case TakeShift(offer_id=key):
                    self._record(check_taking(self._offer, key, person, now), person)
                case WithdrawShift(offer_id=key):
                    if self._offer is None or self._offer.offer_id != key:
                        raise CaseRefused(Refusal.NO_OFFER, "This hand-over waits no more.")
                    self._offer = None
                case _:
                    pass
            offer_left = still_good(self._offer, now)
            standing = ShiftStanding(self._matters(), offer_left, self._latest)
            return ShiftTold(standing, command.command_id)

    def _record(self, offer: ShiftOffer, taker: Person) -> None:
        now = self._clock.now()
        entry = entry_of(offer, taker, self._matters(), now, is_shared=self._is_shared)
        with self._ledger.changing(entry):
            pass
        self._offer, self._latest = None, handover_of(entry)

    def _matters(self) -> ShiftMatters:
        return matters_of(self._snapshot(), self._flow(), self._clock.now())

    def _kept(self) -> ShiftHandover | None:
        with self._ledger.reading_rows() as connection:
            latest = latest_entry(connection, AuditKind.SHIFT)
        return None if latest is None else handover_of(latest)
