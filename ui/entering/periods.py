"""Stretches of time that staff ask about, in this machine's days."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from ui.texts import QT_TRANSLATE_NOOP


class Period(StrEnum):
    """How far back."""

    TODAY = "today"
    """Since midnight."""
    WEEK = "week"
    """Today and the six days before."""
    MONTH = "month"
    """Today and the 29 days before."""
    ALL = "all"
    """Everything."""


PERIODS: Mapping[Period, str] = {
    Period.TODAY: QT_TRANSLATE_NOOP("texts", "Today"),
    Period.WEEK: QT_TRANSLATE_NOOP("texts", "7 days"),
    Period.MONTH: QT_TRANSLATE_NOOP("texts", "30 days"),
    Period.ALL: QT_TRANSLATE_NOOP("texts", "Everything"),
}
"""Their words."""

_DAYS = {Period.TODAY: 1, Period.WEEK: 7, Period.MONTH: 30}


def since(period: Period, now: datetime) -> datetime | None:
    """Return a period's local midnight, aware, UTC; None for everything."""
    days = _DAYS.get(period)
    if days is None:
        return None
    first = now.astimezone().date() - timedelta(days=days - 1)
    return datetime.combine(first, time()).astimezone(UTC)
