"""A passage: one traveller's walk through a lane, recorded without identity."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from station.core.cohort import CrowdWarning
from station.core.reference import ReferenceState
from station.core.screening import Outcome, Screening


@dataclass(frozen=True, slots=True)
class Passage:
    """One ledger row for each traveller seen, whatever the answer."""

    passage_id: UUID
    """Its key."""
    lane: str
    """The lane's name."""
    camera_id: str
    """The camera's name in the settings."""
    traveller: int
    """The traveller's number in the lane's pictures."""
    first_at: datetime
    """When first seen, aware, UTC."""
    last_at: datetime
    """When last seen, or when flagged; aware, UTC."""
    first_sequence: int
    """Frame number at first sight."""
    last_sequence: int
    """Frame number at last sight, or at the flag."""
    screening: Screening
    """The answer."""
    reference: ReferenceState
    """The reference source's state at the last sight."""
    facing_frames: int
    """Frames in which the face was near enough to be measured and turned to the camera."""
    warning: CrowdWarning | None = None
    """Unusually warm against the crowd: a hint beside the answer, which it does not change."""
    rest_until: datetime | None = None
    """When a chilled traveller has rested enough to be measured again, aware, UTC; else None."""

    @property
    def needs_hand(self) -> bool:
        """Whether staff should measure, although no case was opened: in doubt, or with a hint."""
        if self.screening.outcome is Outcome.NOT_MEASURED:
            return True
        return self.screening.outcome is Outcome.BELOW and self.warning is not None
