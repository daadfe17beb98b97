"""The skin threshold, changed by two people within what the settings allow."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from station.core.audit import AuditEntry, Detail
from station.core.cases import CaseRefused, Refusal
from station.core.people import Person
from station.core.screening import ThresholdPolicy
from station.core.statistics import Share

LEAST_AFEBRILE = 30
"""Fewer second checks without fever tell nothing of false alarms; chosen."""
LEAST_FEBRILE = 10
"""Fewer with fever tell nothing of misses: none missed of 10 may still be 28 % (95 %); chosen."""
LOOKS_BACK = timedelta(days=30)
"""Second checks of so long are looked at; chosen."""
PROPOSAL_HOLDS = timedelta(hours=12)
"""An older proposal cannot be confirmed: what it was made for is over; chosen."""

_DIGITS = 2
_TOLERANCE_C = 1e-6


@dataclass(frozen=True, slots=True)
class SecondCheck:
    """What thermograph and thermometer said of one traveller."""

    skin_c: float
    """The thermograph's skin temperature, °C."""
    is_febrile: bool
    """Whether the second check found fever."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a threshold would have meant for the second checks of the past."""

    threshold_c: float
    """The threshold, °C."""
    false_alarms: Share
    """Those stopped, of those whom the second check found without fever."""
    misses: Share
    """Those not stopped, of those whom the second check found with fever."""

    @property
    def tells_false_alarms(self) -> bool:
        """Whether there were enough without fever to tell."""
        return self.false_alarms.whole >= LEAST_AFEBRILE

    @property
    def tells_misses(self) -> bool:
        """Whether there were enough with fever to tell."""
        return self.misses.whole >= LEAST_FEBRILE


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a change would mean, as far as the station's own second checks can tell."""

    now: Forecast
    """The threshold in force."""
    then: Forecast
    """The other one."""
    more_stopped: int
    """Travellers whom the lower threshold would have stopped besides, whom nobody has checked."""
    since: datetime
    """From when on second checks were looked at, aware, UTC."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that waits for a second person."""

    proposal_id: UUID
    """Its key."""
    skin_threshold_c: float
    """The threshold that is proposed, °C."""
    by: str
    """Whose proposal."""
    at: datetime
    """When, aware, UTC."""


@dataclass(frozen=True, slots=True)
class ThresholdStanding:
    """Which threshold holds, and why."""

    policy_id: str
    """The order; empty while none is in force."""
    order_c: float
    """The order's own threshold, °C."""
    in_force_c: float
    """What the lanes compare with, °C."""
    lowest_c: float
    """The lowest that the settings allow, °C."""
    highest_c: float
    """The highest that they allow, °C."""
    changed_by: tuple[str, ...] = ()
    """Who proposed and who confirmed; empty while the order itself holds."""
    changed_at: datetime | None = None
    """When, aware, UTC."""
    proposal: Proposal | None = None
    """What waits for a second person."""


def forecast(checks: Iterable[SecondCheck], threshold_c: float, guard_band_c: float) -> Forecast:
    """Count what a threshold would have meant.

    Whoever reaches the guard band below it is stopped, too.

    Args:
        checks: second checks with their outcomes.
        threshold_c: the threshold, °C.
        guard_band_c: readings so far below it are to be repeated, °C.
    """
    stopped, passed = [0, 0], [0, 0]
    for check in checks:
        is_stopped = check.skin_c >= threshold_c - guard_band_c - _TOLERANCE_C
        (stopped if is_stopped else passed)[check.is_febrile] += 1
    return Forecast(
        threshold_c,
        Share(stopped[False], stopped[False] + passed[False]),
        Share(passed[True], stopped[True] + passed[True]),
    )


def outlook(
    checks: Sequence[SecondCheck],
    policy: ThresholdPolicy,
    other_c: float,
    *,
    more_stopped: int,
    since: datetime,
) -> Outlook:
    """Hold another threshold against the one in force.

    Args:
        checks: the station's second checks.
        policy: the order with the threshold in force.
        other_c: the other threshold, °C.
        more_stopped: unchecked passages between both.
        since: from when on was looked, aware.
    """
    return Outlook(
        forecast(checks, policy.skin_threshold_c, policy.guard_band_c),
        forecast(checks, other_c, policy.guard_band_c),
        more_stopped,
        since,
    )


def details_of(told: Outlook) -> dict[str, Detail]:
    """Return what the audit trail keeps of an outlook."""
    found: dict[str, Detail] = {"more_stopped": told.more_stopped}
    for name, one in (("now", told.now), ("then", told.then)):
        found[f"{name}_false_alarms"] = one.false_alarms.part
        found[f"{name}_misses"] = one.misses.part
    found["afebrile"], found["febrile"] = told.now.false_alarms.whole, told.now.misses.whole
    return found


def standing(
    policy: ThresholdPolicy, adjust_c: float, entries: Iterable[AuditEntry], now: datetime
) -> ThresholdStanding:
    """Return what holds after all steps of the audit trail about an order's threshold.

    A step that was made under another threshold of the order, or that the settings allow no
    longer, holds no longer.

    Args:
        policy: the order as in the settings.
        adjust_c: so far the settings let people move its threshold, °C.
        entries: the trail's steps about this order, oldest first.
        now: aware.
    """
    order_c = policy.skin_threshold_c
    held = ThresholdStanding(
        policy.policy_id,
        order_c,
        order_c,
        round(order_c - adjust_c, _DIGITS),
        round(order_c + adjust_c, _DIGITS),
    )
    for entry in entries:
        details = json.loads(entry.details)
        to_c = details.get("to_c", order_c)
        if details.get("order_c") == order_c and is_allowed(held, to_c):
            held = _after(held, entry, details, to_c)
    proposal = held.proposal
    if proposal is not None and now - proposal.at > PROPOSAL_HOLDS:
        held = replace(held, proposal=None)
    return held


def _after(
    held: ThresholdStanding, entry: AuditEntry, details: dict[str, str], to_c: float
) -> ThresholdStanding:
    match details["did"]:
        case "propose":
            made = Proposal(UUID(details["id"]), to_c, entry.actor, entry.at)
            return replace(held, proposal=made)
        case "confirm":
            return replace(
                held,
                in_force_c=to_c,
                changed_by=(details["proposed_by"], entry.actor),
                changed_at=entry.at,
                proposal=None,
            )
        case _:
            return replace(held, proposal=None)


def is_allowed(held: ThresholdStanding, threshold_c: float) -> bool:
    """Whether the settings allow a threshold."""
    return held.lowest_c - _TOLERANCE_C <= threshold_c <= held.highest_c + _TOLERANCE_C


def check_proposal(held: ThresholdStanding, threshold_c: float) -> None:
    """Refuse what cannot be proposed.

    Raises:
        CaseRefused: if it is beyond what the settings allow, or nothing new.
    """
    if not is_allowed(held, threshold_c):
        raise CaseRefused(
            Refusal.THRESHOLD_RANGE,
            f"The settings allow {held.lowest_c:.2f} to {held.highest_c:.2f} °C "
            f"({held.order_c:.2f} °C by the order {held.policy_id}).",
        )
    if abs(threshold_c - held.in_force_c) < _TOLERANCE_C:
        raise CaseRefused(Refusal.NOT_NEEDED, f"{threshold_c:.2f} °C are in force already.")


def check_confirmation(held: ThresholdStanding, proposal_id: UUID, person: Person) -> Proposal:
    """Return the proposal that a person may confirm.

    Raises:
        CaseRefused: if it does not wait any more, or it is their own.
    """
    proposal = held.proposal
    if proposal is None or proposal.proposal_id != proposal_id:
        raise CaseRefused(
            Refusal.NO_PROPOSAL, "This proposal does not wait any more: look at what holds now."
        )
    if proposal.by == person.name:
        raise CaseRefused(
            Refusal.SAME_PERSON,
            f"{person.name} proposed this, and somebody else has to confirm it.",
        )
    return proposal
