"""What one row of a list shows."""

from dataclasses import dataclass

from station.core.events import CasePictured
from station.core.screening import Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """What one row shows."""

    key: object
    """What a touch is about."""
    title: str
    """The large words."""
    detail: str
    """The quiet line below."""
    outcome: Outcome | None = None
    """Whose sign stands in front, if any."""
    action: str = ""
    """What a touch does, if the row does not say it."""
    is_selected: bool = False
    """Whether it is the one the operator is at."""
    is_enabled: bool = True
    """Whether it can be touched."""
    is_warm: bool = False
    """Whether the sign carries the mark of somebody warm against the crowd."""
    picture: CasePictured | None = None
    """The traveller, as long as the picture may be shown."""
