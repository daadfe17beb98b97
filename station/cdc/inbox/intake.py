"""Whether alerts can come in at all: what receivers say of themselves, and their silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.cdc.alive import SIGN_EVERY_S, Receiving, Sign

SILENT_AFTER_S = 3 * SIGN_EVERY_S
"""A receiver that wrote nothing for so long is gone."""
PATIENCE_S = 5.0
"""So long no receiver may be ready before it is told: one that is started anew is no trouble."""


class Intake(StrEnum):
    """Whether alerts can come in."""

    OPEN = "open"
    """A receiver is ready."""
    TROUBLED = "troubled"
    """A receiver runs, and cannot take alerts."""
    CLOSED = "closed"
    """No receiver runs."""


@dataclass(frozen=True, slots=True)
class IntakeState:
    """What the page tells of it."""

    intake: Intake = Intake.OPEN
    """In one word."""
    last_at: datetime | None = None
    """When a receiver that is gone wrote last, by its clock, aware; None if none ever has."""
    trouble: str = ""
    """What keeps a receiver that runs from taking alerts."""


class IntakeWatch:
    """Judges receivers by whether their signs go on, so that no two clocks need agree."""

    def __init__(self) -> None:
        self.state = IntakeState()
        self._signs: dict[str, tuple[Sign, float]] = {}
        self._open_at_s: float | None = None

    def look(self, signs: Mapping[str, Sign], at_s: float) -> None:
        """Take what was read.

        Args:
            signs: the last word of each receiver.
            at_s: when it was read, by a clock that nobody sets.
        """
        kept = self._signs
        self._signs = {
            name: kept[name] if name in kept and kept[name][0] == sign else (sign, at_s)
            for name, sign in signs.items()
        }
        fresh = [sign for sign, since_s in self._signs.values() if at_s - since_s < SILENT_AFTER_S]
        is_open = any(sign.state is Receiving.READY for sign in fresh)
        if is_open or self._open_at_s is None:
            self._open_at_s = at_s
        if at_s - self._open_at_s < PATIENCE_S:
            self.state = IntakeState()
            return
        troubled = [sign.trouble for sign in fresh if sign.state is Receiving.TROUBLED]
        last_at = max((sign.at for sign in signs.values()), default=None)
        self.state = (
            IntakeState(Intake.TROUBLED, trouble=max(troubled))
            if troubled
            else IntakeState(Intake.CLOSED, last_at)
        )
