"""What the station tells of the way to the CDC, and of what is on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from station.core.daily import DailyFigures


class LinkState(StrEnum):
    """The way to the CDC."""

    OFFLINE = "offline"
    """No broker; alerts wait in the outbox."""
    CONNECTED = "connected"
    """The broker answers; whether the CDC does, only receipts tell."""
    REFUSED = "refused"
    """The broker or the CDC refuses alerts: a technician is needed."""


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The link's state or the number of waiting alerts changed."""

    state: LinkState
    """The way to the CDC."""
    waiting: int
    """Alerts without the CDC's receipt."""
    oldest_waiting_at: datetime | None
    """Since when the oldest of them waits, aware, UTC."""
    set_aside: int
    """Alerts that the CDC rejected and a technician must look at."""
    text: str
    """One sentence for staff; empty when all is well."""


class DeliveryStage(StrEnum):
    """How far an alert has come."""

    DURABLE = "durable"
    """On the station's disk."""
    PUBLISHED = "published"
    """The broker acknowledged it."""
    DELIVERED = "delivered"
    """The CDC stored it and sent its receipt."""
    REJECTED = "rejected"
    """The CDC refused it; it is set aside."""


@dataclass(frozen=True, slots=True)
class DeliveryProgress:
    """One alert came one stage further."""

    report_id: UUID
    """The alert."""
    case_id: UUID | None
    """Its case; None for what is not about one."""
    kind: str
    """The report kind's stored value, or `daily_report`."""
    stage: DeliveryStage
    """How far."""
    at: datetime
    """When, aware, UTC."""


@dataclass(frozen=True, slots=True)
class ReportMade:
    """A day's figures are durable and wait for the CDC."""

    figures: DailyFigures
    """What they say."""
    command_id: UUID | None = None
    """The command that it answers, if any."""
