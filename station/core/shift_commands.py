"""Commands about the hand-over of a shift, and the event that answers them."""

from dataclasses import dataclass
from uuid import UUID

from station.core.shift import ShiftStanding


@dataclass(frozen=True, slots=True)
class AskShift:
    """Command: tell what is open, what waits to be taken over, and the latest hand-over."""

    command_id: UUID
    """Answered by ShiftTold."""


@dataclass(frozen=True, slots=True)
class OfferShift:
    """Command: hand the shift over to whoever takes it; an offer before it is over.

    Where nobody signs in, it is recorded at once as one person's note.
    """

    command_id: UUID
    """Answered by ShiftTold or CommandRefused."""
    note: str
    """A short note for the lead who comes, no place for names of travellers; may be empty."""


@dataclass(frozen=True, slots=True)
class TakeShift:
    """Command: take over the shift that somebody else hands over."""

    command_id: UUID
    """Answered by ShiftTold or CommandRefused."""
    offer_id: UUID
    """The offer that the person has read."""


@dataclass(frozen=True, slots=True)
class WithdrawShift:
    """Command: the shift is not handed over after all."""

    command_id: UUID
    """Answered by ShiftTold or CommandRefused."""
    offer_id: UUID
    """The offer."""


@dataclass(frozen=True, slots=True)
class ShiftTold:
    """What a hand-over is about; told to who asks."""

    standing: ShiftStanding
    """All of it."""
    command_id: UUID
    """The command that it answers."""


ShiftCommand = AskShift | OfferShift | TakeShift | WithdrawShift
"""What may be asked about the hand-over of a shift."""
