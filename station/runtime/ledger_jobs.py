"""What the ledger's thread is asked to do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from station.core.cases import BodyReading
from station.core.commands import CaseCommand, SendReport, ThermometerCommand
from station.core.lane_steps import EndedPassage, Flag
from station.core.people import Person
from station.core.ports import LostNumbers
from station.runtime.case_watch import DeleteExpired, Overdue
from station.runtime.daily import DailyDue


@dataclass(frozen=True, slots=True)
class Delivered:
    """The CDC's receipt came for these reports."""

    report_ids: tuple[UUID, ...]
    """Which."""
    at: datetime
    """When, aware, UTC."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The CDC refuses this report."""

    report_id: UUID
    """Which."""
    reason: str
    """Its words."""
    at: datetime
    """When, aware, UTC."""


@dataclass(frozen=True, slots=True)
class Renew:
    """Somebody has found the ledger damaged."""


LedgerCommand = CaseCommand | ThermometerCommand | SendReport
"""What people may ask of the ledger."""


@dataclass(frozen=True, slots=True)
class Order:
    """A person's command."""

    command: LedgerCommand
    """What."""
    person: Person
    """Who gave it, and may."""


Job = (
    Flag
    | EndedPassage
    | BodyReading
    | Order
    | DailyDue
    | LostNumbers
    | Overdue
    | DeleteExpired
    | Delivered
    | Rejected
    | Renew
)
"""All that may change the ledger."""
