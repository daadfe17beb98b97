"""How far the station's wall clock is to be believed; every message to the CDC says it."""

from datetime import datetime
from enum import StrEnum

_MAX_JUMP_S = 2.0
# Chosen: longer than most cases, whose times before and after a jump do not fit each other.
_JUMP_HOLDS_S = 3600.0


class ClockQuality(StrEnum):
    """What is known of the clock; stored values are stable."""

    SYNCHRONISED = "synchronised"
    """The system keeps it by a time server or a receiver, and says so."""
    NOT_KNOWN = "not_known"
    """Nobody says that it is right."""
    JUMPED = "jumped"
    """It was set within the last hour: times from before do not fit those after."""


class JumpWatch:
    """Compares the wall clock with one that never jumps."""

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._jumped_at_s: float | None = None

    def begin(self, now: datetime, monotonic_s: float, newest: datetime | None) -> None:
        """Note how the clocks stand at the start.

        Args:
            now: the wall clock, aware.
            monotonic_s: the clock that never jumps, read at the same moment.
            newest: the time of what was kept last, if there is any: if it is still to come, the
                clock was set back while nobody looked.
        """
        self._offset_s = now.timestamp() - monotonic_s
        if newest is not None and (newest - now).total_seconds() > _MAX_JUMP_S:
            self._jumped_at_s = monotonic_s

    def judge(
        self, now: datetime, monotonic_s: float, is_synchronised: bool | None
    ) -> ClockQuality:
        """Return the clock's quality now.

        Args:
            now: the wall clock, aware.
            monotonic_s: the clock that never jumps, read at the same moment.
            is_synchronised: what the system says; None if it does not tell.
        """
        offset_s = now.timestamp() - monotonic_s
        if self._offset_s is not None and abs(offset_s - self._offset_s) > _MAX_JUMP_S:
            self._jumped_at_s = monotonic_s
        self._offset_s = offset_s
        if self._jumped_at_s is not None and monotonic_s - self._jumped_at_s < _JUMP_HOLDS_S:
            return ClockQuality.JUMPED
        return ClockQuality.SYNCHRONISED if is_synchronised else ClockQuality.NOT_KNOWN
