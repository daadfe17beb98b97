"""Who must be told that nobody has acknowledged an alert: pure functions of times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DEFAULT_AFTER = (timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10))
"""Chosen: no source gives a time between an alert and a duty officer's answer."""

_CLOCK_TOLERANCE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Step:
    """One level that an alert has reached without an acknowledgement."""

    level: int
    """1 for the first."""
    due_at: datetime
    """When it was reached, aware."""


def steps(
    alert_at: datetime,
    now: datetime,
    acknowledged_at: datetime | None,
    after: Sequence[timedelta] = DEFAULT_AFTER,
) -> tuple[Step, ...]:
    """Return the levels that an alert has reached, lowest first.

    An acknowledgement ends the climb; what was reached before it stays reached.

    Args:
        alert_at: when the alert was stored, by the CDC's clock, aware.
        now: by the same clock, aware.
        acknowledged_at: when somebody acknowledged it, aware; None if nobody did.
        after: how long nobody may answer, for each level, rising.
    """
    until = now if acknowledged_at is None else min(now, acknowledged_at)
    if acknowledged_at is None and now < alert_at - _CLOCK_TOLERANCE:
        # The clock was set back: how long it waits is not known, so somebody must look.
        return (Step(1, now),) if after else ()
    return tuple(
        Step(level, alert_at + wait)
        for level, wait in enumerate(after, start=1)
        if alert_at + wait <= until
    )


def level(
    alert_at: datetime,
    now: datetime,
    acknowledged_at: datetime | None,
    after: Sequence[timedelta] = DEFAULT_AFTER,
) -> int:
    """Return how loudly an alert must be shown: 0 while it is new, or once acknowledged."""
    if acknowledged_at is not None:
        return 0
    reached = steps(alert_at, now, None, after)
    return reached[-1].level if reached else 0


def next_step_at(
    alert_at: datetime, now: datetime, after: Sequence[timedelta] = DEFAULT_AFTER
) -> datetime | None:
    """Return when the next level is reached; None after the last."""
    return next((alert_at + wait for wait in after if alert_at + wait > now), None)


def contact_for(contacts: Sequence[str], level: int) -> str:
    """Return whom to call at a level: the next on the list each time, the last one from then on.

    Args:
        contacts: in the order in which they are called.
        level: 0 for a new alert.

    Returns:
        One of `contacts`; empty if there are none, or the alert is new.
    """
    if not contacts or level < 1:
        return ""
    return contacts[min(level, len(contacts)) - 1]
