"""When a source that tells no stability counts as settled."""

_NEAR_C = 0.1
_FOR_S = 60.0
# Who was not looked at for so long may have been anywhere (chosen: thirty polls of the slowest).
_LONGEST_GAP_S = 30.0


class Settling:
    """Takes a source's temperatures; it has settled when they have been near for a minute.

    Source: protocol page 17: "|read-set| < 0.1 for 60 s".
    """

    def __init__(self) -> None:
        self._near_since_s: float | None = None
        self._last_s = 0.0

    def take(self, now_s: float, temperature_c: float, set_point_c: float) -> bool:
        """Return whether it has settled.

        Args:
            now_s: monotonic time.
            temperature_c: what it measures, °C.
            set_point_c: what it is set to, °C.
        """
        is_gap = now_s - self._last_s > _LONGEST_GAP_S
        self._last_s = now_s
        if abs(temperature_c - set_point_c) >= _NEAR_C:
            self._near_since_s = None
            return False
        if self._near_since_s is None or is_gap:
            self._near_since_s = now_s
        return now_s - self._near_since_s >= _FOR_S
