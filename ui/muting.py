"""Silence for a while: it ends by itself, so that nobody forgets it."""

MUTED_S = 120.0
"""How long one touch silences the kiosk."""


class Mute:
    """Whether sounds are heard, on a monotonic clock."""

    def __init__(self) -> None:
        self._until_s = float("-inf")

    def toggle(self, now_s: float) -> None:
        """Silence everything for a while, or end the silence."""
        self._until_s = float("-inf") if self.left_s(now_s) else now_s + MUTED_S

    def left_s(self, now_s: float) -> float:
        """Return how long the silence still lasts, s; 0 when sounds are heard."""
        return max(0.0, self._until_s - now_s)
