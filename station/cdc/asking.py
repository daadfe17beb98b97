"""Asking stations for what the inbox lacks: gaps that stay, and what a restored inbox had held."""

from contextlib import suppress
from random import Random

from station.cdc.gaps import Gap
from station.cdc.markfile import MarkFile
from station.cdc.store import InboxStore
from station.core.errors import KnownError
from station.reporting.asked import Ask, encode_ask
from station.reporting.topics import StationIdentity

_MOST_AT_ONCE = 200
_MOST_DOUBLINGS = 6


class Asker:
    """Knows what to ask for and when; it has no clock and no connection of its own.

    A gap must be there at two looks in a row: messages overtake each other. What a station does
    not send, because it has lost it, is asked for more and more rarely.

    Args:
        store: the inbox.
        marks: this receiver's own note; None if it keeps none.
        look_every_s: seconds between two looks.
        random: jitter, so that several receivers do not ask at once.
    """

    def __init__(
        self, store: InboxStore, marks: MarkFile | None, look_every_s: float, random: Random
    ) -> None:
        self._store = store
        self._marks = marks
        self._look_every_s = look_every_s
        self._random = random
        self._look_at_s = float("-inf")
        self._due_s: dict[Gap, tuple[float, int]] = {}
        # None looks at all stations: at the start nobody knows where something is missing.
        self._touched: set[StationIdentity] | None = None
        self.restored: frozenset[StationIdentity] = frozenset()
        """From which stations the restored inbox lacks messages that it had held."""

    def stored(self, stations: set[StationIdentity]) -> None:
        """Note from which stations something new has been stored."""
        if self._touched is not None:
            self._touched |= stations

    def questions(self, now_s: float) -> list[tuple[str, bytes]]:
        """Return topic and payload of each question that is due.

        Raises:
            KnownError: if the inbox or the marks cannot be used.
        """
        if now_s < self._look_at_s:
            return []
        self._look_at_s = now_s + self._look_every_s * self._random.uniform(1.0, 1.3)
        lacking = self._restored()
        at_once = set(lacking)
        touched = self._touched
        looked_at = None if touched is None else touched | {gap.station for gap in self._due_s}
        lacking += self._store.gaps(looked_at, limit=10 * _MOST_AT_ONCE)
        self._touched = set()
        before = self._due_s
        self._due_s = {
            gap: before.get(gap, (now_s if gap in at_once else now_s + self._look_every_s, 0))
            for gap in lacking
        }
        return [self._question(gap, now_s) for gap in self._due(now_s)]

    def _restored(self) -> list[Gap]:
        if self._marks is None:
            return []
        held = self._store.marks()
        found = self._marks.lacking(held)
        # A full disk may have kept it from being noted when it was stored, and may still do so.
        with suppress(KnownError):
            self._marks.catch_up(held)
        self.restored = frozenset(mark.station for mark, _ in found)
        if found:
            # A station that has lost them too never sends them: the officers must see it.
            self._store.expect([mark for mark, _ in found])
        return [Gap(mark.station, mark.epoch, first, mark.highest) for mark, first in found]

    def _due(self, now_s: float) -> list[Gap]:
        return [gap for gap, (at_s, _) in self._due_s.items() if at_s <= now_s][:_MOST_AT_ONCE]

    def _question(self, gap: Gap, now_s: float) -> tuple[str, bytes]:
        _, times = self._due_s[gap]
        wait_s = self._look_every_s * 2 ** min(times + 1, _MOST_DOUBLINGS)
        self._due_s[gap] = (now_s + wait_s * self._random.uniform(0.8, 1.2), times + 1)
        ask = Ask(epoch=gap.epoch, first=gap.first, last=gap.last)
        return gap.station.receipt_topic, encode_ask(ask)
