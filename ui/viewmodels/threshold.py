"""What the threshold's screen shows, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from station.core.people import Person
from station.core.statistics import Share
from station.core.threshold_change import (
    LEAST_AFEBRILE,
    LEAST_FEBRILE,
    Forecast,
    Outlook,
    ThresholdStanding,
    is_allowed,
)
from station.core.threshold_commands import ConfirmThreshold, ProposeThreshold
from ui.entering.signing import closed_reason
from ui.texts import translate

STEP_C = 0.1
"""A touch moves the threshold so far."""


@dataclass(frozen=True, slots=True)
class ThresholdView:
    """Everything in words, and what can be touched."""

    holds: str
    """What is in force, and by whom."""
    chosen: str
    """The threshold that is looked at."""
    outlook: str
    """What it would mean."""
    proposal: str
    """What waits for a second person."""
    reason: str
    """Why something is closed; empty if nothing is."""
    can_lower: bool
    """Whether the settings allow a lower one."""
    can_raise: bool
    """Whether they allow a higher one."""
    can_propose: bool
    """Whether it may be proposed."""
    can_confirm: bool
    """Whether the waiting proposal may be confirmed."""
    can_withdraw: bool
    """Whether it may be taken back."""


def moved(standing: ThresholdStanding, chosen_c: float, step_c: float) -> float:
    """Return the threshold one step further, within what the settings allow."""
    wanted_c = round(chosen_c + step_c, 2)
    return wanted_c if is_allowed(standing, wanted_c) else chosen_c


def threshold_view(
    standing: ThresholdStanding,
    chosen_c: float,
    told: Outlook | None,
    person: Person | None,
    now: datetime,
) -> ThresholdView:
    """Return what is shown.

    Args:
        standing: what holds.
        chosen_c: the threshold that is looked at, °C.
        told: what it would mean; None while the station counts.
        person: who is signed in.
        now: aware.
    """
    proposal = standing.proposal
    closed = closed_reason(person, ProposeThreshold)
    is_own = proposal is not None and person is not None and proposal.by == person.name
    reason = closed or (_own_reason() if is_own else "")
    is_new = abs(chosen_c - standing.in_force_c) > STEP_C / 10
    return ThresholdView(
        holds=_holds(standing),
        chosen=f"{chosen_c:.1f} °C",
        outlook=_outlook(told, is_new=is_new),
        proposal=_proposal(standing, now),
        reason=reason,
        can_lower=moved(standing, chosen_c, -STEP_C) != chosen_c,
        can_raise=moved(standing, chosen_c, STEP_C) != chosen_c,
        can_propose=not closed and is_new and told is not None and proposal is None,
        can_confirm=not closed_reason(person, ConfirmThreshold)
        and proposal is not None
        and not is_own,
        can_withdraw=not closed and proposal is not None,
    )


def _own_reason() -> str:
    return translate("threshold", "Your own proposal: somebody else signs in and confirms it")


def _holds(standing: ThresholdStanding) -> str:
    lines = [
        translate("threshold", "In force: skin {0} °C").format(f"{standing.in_force_c:.1f}"),
        translate("threshold", "Order {0}: {1} °C").format(
            standing.policy_id, f"{standing.order_c:.1f}"
        ),
        translate("threshold", "The settings allow {0} to {1} °C").format(
            f"{standing.lowest_c:.1f}", f"{standing.highest_c:.1f}"
        ),
    ]
    if standing.changed_at is not None:
        changed = translate("threshold", "Changed by {0} and {1}, {2}")
        lines.append(changed.format(*standing.changed_by, _moment(standing.changed_at)))
    return "\n".join(lines)


def _proposal(standing: ThresholdStanding, now: datetime) -> str:
    proposal = standing.proposal
    if proposal is None:
        return translate("threshold", "No proposal waits.")
    words = translate("threshold", "{0} proposes {1} °C, {2}: a second person confirms it")
    return words.format(proposal.by, f"{proposal.skin_threshold_c:.1f}", _moment(proposal.at))


def _outlook(told: Outlook | None, *, is_new: bool) -> str:
    if told is None:
        return translate("threshold", "Counting…")
    since = translate("threshold", "Second checks since {0}:").format(_moment(told.since))
    lines = [since, _false_alarms(told.now, told.then), _misses(told.now, told.then)]
    if is_new and told.then.threshold_c < told.now.threshold_c:
        more = translate(
            "threshold", "{0} more would have been stopped; nobody checked whether with fever"
        )
        lines.append(more.format(told.more_stopped))
    return "\n".join(lines)


def _false_alarms(now: Forecast, then: Forecast) -> str:
    if not now.tells_false_alarms:
        words = translate(
            "threshold", "False alarms: too few checks without fever to tell ({0} of {1})"
        )
        return words.format(now.false_alarms.whole, LEAST_AFEBRILE)
    words = translate("threshold", "False alarms: {0} now, {1} then, of {2} without fever")
    return words.format(
        now.false_alarms.part, _with_interval(then.false_alarms), now.false_alarms.whole
    )


def _misses(now: Forecast, then: Forecast) -> str:
    if not now.tells_misses:
        words = translate("threshold", "Misses: too few checks with fever to tell ({0} of {1})")
        return words.format(now.misses.whole, LEAST_FEBRILE)
    words = translate("threshold", "Misses: {0} now, {1} then, of {2} with fever")
    return words.format(now.misses.part, _with_interval(then.misses), now.misses.whole)


def _with_interval(share: Share) -> str:
    if share.interval is None:
        return str(share.part)
    low, high = share.interval
    return f"{share.part} ({100 * low:.0f}–{100 * high:.0f} %)"


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%m-%d %H:%M}"
