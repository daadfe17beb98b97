"""The skin threshold of a running station: proposed, confirmed, applied, and kept in the trail."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock
from uuid import uuid4
from zoneinfo import ZoneInfo

from config.settings import Settings
from station.core.audit import AuditKind, Detail, made_entry
from station.core.cases import CaseRefused, Refusal
from station.core.people import Person
from station.core.ports import Clock, EventSink
from station.core.screening import ThresholdPolicy, policy_on
from station.core.search import PassageFilter
from station.core.threshold_change import (
    LOOKS_BACK,
    Outlook,
    ThresholdStanding,
    check_confirmation,
    check_proposal,
    details_of,
    outlook,
    standing,
)
from station.core.threshold_commands import (
    AskThreshold,
    ConfirmThreshold,
    ProposeThreshold,
    ThresholdCommand,
    ThresholdTold,
    WithdrawThreshold,
)
from station.ledger.searching import count_about
from station.ledger.second_checks import second_checks
from station.ledger.store import SqlLedger
from station.ledger.trail_rows import entries_of
from station.runtime.lanes import build_policies


class ThresholdKeeper:
    """Carries out what is asked about the threshold; called from any thread.

    What holds is read from the audit trail, so that it outlives the station, and nothing changes
    the threshold that the trail does not tell of.

    Args:
        ledger: the ledger with the trail.
        settings: the orders, and how far people may move their thresholds.
        is_drill: whether the second checks of exercises are looked at.
        clock: the machine's clocks.
        events: told what holds after each change.
        apply: takes the orders with the thresholds in force.
    """

    def __init__(
        self,
        ledger: SqlLedger,
        settings: Settings,
        *,
        is_drill: bool,
        clock: Clock,
        events: EventSink,
        apply: Callable[[Sequence[ThresholdPolicy]], None],
    ) -> None:
        self._ledger = ledger
        self._orders = build_policies(settings)
        self._zone = ZoneInfo(settings.station.time_zone)
        self._adjust_c = {p.policy_id: p.skin_adjust_c for p in settings.policies}
        self._is_drill = is_drill
        self._clock = clock
        self._events = events
        self._apply = apply
        self._lock = Lock()
        self._told_id: str | None = None

    def start(self) -> None:
        """Apply what was confirmed before this start."""
        with self._lock:
            self._tell()

    def look(self) -> None:
        """Tell everybody once another order is in force; called every moment."""
        order = self._order_at(self._clock.now())
        if (order.policy_id if order else None) != self._told_id:
            with self._lock:
                self._tell()

    def answer(self, command: ThresholdCommand, person: Person) -> ThresholdTold:
        """Carry out a command and return its answer.

        Raises:
            CaseRefused: if it cannot be carried out.
            KnownError: if the ledger cannot be used.
        """
        with self._lock:
            now = self._clock.now()
            order = self._order_at(now)
            if order is None:
                if isinstance(command, AskThreshold):
                    return ThresholdTold(None, command.command_id)
                raise CaseRefused(Refusal.NO_POLICY, "No threshold policy is in force today.")
            held = self._standing(order, now)
            match command:
                case AskThreshold(skin_threshold_c=other_c):
                    told = None if other_c is None else self._outlook(order, held, other_c)
                    return ThresholdTold(held, command.command_id, told)
                case ProposeThreshold():
                    self._propose(command, person, order, held)
                case ConfirmThreshold():
                    self._confirm(command, person, order, held)
                case WithdrawThreshold(proposal_id=key):
                    if held.proposal is None or held.proposal.proposal_id != key:
                        raise CaseRefused(Refusal.NO_PROPOSAL, "This proposal waits no more.")
                    self._keep(person, held, did="withdraw", id=str(key))
            self._tell()
            return ThresholdTold(self._standing(order, now), command.command_id)

    def _propose(
        self,
        command: ProposeThreshold,
        person: Person,
        order: ThresholdPolicy,
        held: ThresholdStanding,
    ) -> None:
        to_c = round(command.skin_threshold_c, 2)
        check_proposal(held, to_c)
        told = details_of(self._outlook(order, held, to_c))
        self._keep(person, held, did="propose", id=str(uuid4()), to_c=to_c, **told)

    def _confirm(
        self,
        command: ConfirmThreshold,
        person: Person,
        order: ThresholdPolicy,
        held: ThresholdStanding,
    ) -> None:
        proposal = check_confirmation(held, command.proposal_id, person)
        told = details_of(self._outlook(order, held, proposal.skin_threshold_c))
        self._keep(
            person,
            held,
            did="confirm",
            id=str(proposal.proposal_id),
            from_c=held.in_force_c,
            to_c=proposal.skin_threshold_c,
            proposed_by=proposal.by,
            **told,
        )

    def _keep(self, person: Person, held: ThresholdStanding, **details: Detail) -> None:
        entry = made_entry(
            self._clock.now(),
            person,
            AuditKind.THRESHOLD,
            held.policy_id,
            order_c=held.order_c,
            **details,
        )
        with self._ledger.changing(entry):
            pass

    def _tell(self) -> None:
        """Apply what holds now, and tell everybody."""
        now = self._clock.now()
        held = {order.policy_id: self._standing(order, now) for order in self._orders}
        self._apply(
            [replace(o, skin_threshold_c=held[o.policy_id].in_force_c) for o in self._orders]
        )
        today = self._order_at(now)
        self._told_id = today.policy_id if today else None
        self._events.emit(ThresholdTold(held[today.policy_id] if today else None))

    def _order_at(self, now: datetime) -> ThresholdPolicy | None:
        return policy_on(self._orders, now.astimezone(self._zone).date())

    def _standing(self, order: ThresholdPolicy, now: datetime) -> ThresholdStanding:
        with self._ledger.reading_rows() as connection:
            entries = entries_of(connection, AuditKind.THRESHOLD, order.policy_id)
        return standing(order, self._adjust_c[order.policy_id], entries, now)

    def _outlook(self, order: ThresholdPolicy, held: ThresholdStanding, other_c: float) -> Outlook:
        since = self._clock.now() - LOOKS_BACK
        in_force = replace(order, skin_threshold_c=held.in_force_c)
        from_c, until_c = (c - order.guard_band_c for c in (other_c, held.in_force_c))
        with self._ledger.reading_rows() as connection:
            checks = second_checks(connection, since, is_drill=self._is_drill)
            more = 0
            if from_c < until_c:
                between = PassageFilter(
                    since=since, lowest_c=round(from_c, 2), below_c=round(until_c, 2)
                )
                more = count_about(connection, between, is_drill=self._is_drill)
        return outlook(checks, in_force, other_c, more_stopped=more, since=since)
