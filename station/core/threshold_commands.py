"""Commands about the skin threshold, and the event that answers them."""

from dataclasses import dataclass
from uuid import UUID

from station.core.threshold_change import Outlook, ThresholdStanding


@dataclass(frozen=True, slots=True)
class AskThreshold:
    """Command: tell which threshold holds, and what another one would mean."""

    command_id: UUID
    """Answered by ThresholdTold."""
    skin_threshold_c: float | None
    """The other one, °C; None to ask only for what holds."""


@dataclass(frozen=True, slots=True)
class ProposeThreshold:
    """Command: propose another threshold; a proposal before it is over."""

    command_id: UUID
    """Answered by ThresholdTold or CommandRefused."""
    skin_threshold_c: float
    """The threshold, °C."""


@dataclass(frozen=True, slots=True)
class ConfirmThreshold:
    """Command: put into force what somebody else has proposed."""

    command_id: UUID
    """Answered by ThresholdTold or CommandRefused."""
    proposal_id: UUID
    """The proposal that the person has read."""


@dataclass(frozen=True, slots=True)
class WithdrawThreshold:
    """Command: take a proposal back."""

    command_id: UUID
    """Answered by ThresholdTold or CommandRefused."""
    proposal_id: UUID
    """The proposal."""


@dataclass(frozen=True, slots=True)
class ThresholdTold:
    """Which threshold holds; told to all after a change, and to who asks."""

    standing: ThresholdStanding | None
    """What holds; None while no order is in force."""
    command_id: UUID | None = None
    """The command that it answers, if any."""
    outlook: Outlook | None = None
    """What the threshold that was asked about would mean."""


ThresholdCommand = AskThreshold | ProposeThreshold | ConfirmThreshold | WithdrawThreshold
"""What may be asked about the threshold."""
