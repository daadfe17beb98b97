"""What became of a damaged ledger: what the new one has of it, and what it has not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SalvageExtent(StrEnum):
    """How much was carried over; stored values are stable."""

    ALL = "all"
    """Everything that could be read."""
    VITAL = "vital"
    """The disk had no room for more: messages that wait, cases in which something is left to do,
    accounts and the audit trail."""
    NOTHING = "nothing"
    """The disk had no room for that either."""


@dataclass(frozen=True, slots=True)
class SalvageTold:
    """What staff are told of it; the CDC sees which numbers never come."""

    at: datetime
    """When the damaged ledger was set aside, aware, UTC."""
    kept_as: str
    """Name of the damaged file, which is unchanged, beside the ledger."""
    extent: SalvageExtent
    """How much was carried over."""
    carried: Mapping[str, int]
    """Rows of each table that the new ledger has."""
    gone: Mapping[str, int]
    """Rows of each table that it has not, as far as they can be counted."""
    waiting: int
    """Messages that the new ledger has and that still wait for the CDC."""
    unfinished: int
    """Cases that it has and in which something is left to do."""
    whole_until: datetime | None
    """Up to when nothing is missing, aware, UTC; None if that is not known."""
    messages_until: datetime | None
    """Up to when no message to the CDC is missing, aware, UTC; None if that is not known."""
    lost_cases: tuple[int, ...] = ()
    """Short numbers of cases without a verdict of which only the messages are left."""
