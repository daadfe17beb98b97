"""The CDC's receipt: its answer to a station's messages."""

from typing import ClassVar, Literal
from uuid import UUID

from station.core.report import Channel
from station.reporting.messages.envelope import PLAIN_VERSION, Event, Part, SchemaVersion, Text


class RejectedReport(Part):
    """One message that the CDC refuses."""

    id: UUID
    """Which."""
    reason: Text
    """One sentence."""


class Receipt(Part):
    """The CDC's answer: what is on its disk, and what it refuses."""

    schema_version: SchemaVersion = PLAIN_VERSION
    """Version of this schema."""
    stored: tuple[UUID, ...] = ()
    """Stored now."""
    duplicate: tuple[UUID, ...] = ()
    """Stored earlier, and come again."""
    rejected: tuple[RejectedReport, ...] = ()
    """Never to be stored."""

    @property
    def kept(self) -> tuple[UUID, ...]:
        """All that is on the CDC's disk."""
        return self.stored + self.duplicate


class ReceiptEvent(Event):
    """The CDC's answer to a station's messages, real or drill."""

    channel: ClassVar[Channel] = Channel.RECEIPT

    source: Literal["/fs/cdc"]
    """The CDC."""
    type: Literal["org.fever-station.receipt.v1"]
    data: Receipt
    """What it says."""
