"""What leaves next: what waits in the outbox, what is durable just now, what the CDC asks for."""

from collections import deque
from collections.abc import Callable, Iterable
from uuid import UUID

from station.core.ports import OutboxItem, OutboxReader
from station.reporting.asked import Asked

_READ_AHEAD = 2_000


class Upcoming:
    """Chooses; it sends nothing and remembers nothing that is under way.

    Args:
        reader: the outbox.
        is_free: whether a message is not under way.
    """

    def __init__(self, reader: OutboxReader, is_free: Callable[[UUID], bool]) -> None:
        self._reader = reader
        self._is_free = is_free
        self._ahead: deque[OutboxItem] = deque()
        self._read_to = 0
        self._is_all_read = False
        self._is_renewed = False
        self._offered: deque[OutboxItem] = deque()
        self._asked = Asked(reader)

    def offer(self, items: Iterable[OutboxItem]) -> None:
        """Take items that became durable just now; any thread may call."""
        self._offered.extend(items)

    def renewed(self) -> None:
        """Take that another ledger counts from its own beginning; any thread may call."""
        self._is_renewed = True

    def forget_offered(self) -> None:
        """Whatever there was no room or no connection for lies in the outbox by the next look."""
        self._offered.clear()

    def take_question(self, payload: bytes) -> bool:
        """Take a message of the receipt topic; return whether it asks for messages again."""
        return self._asked.take(payload)

    def read_anew(self) -> None:
        """Read the outbox from its beginning: some of it has to be sent again."""
        self._read_to = 0
        self._is_all_read = False

    def begin_anew(self) -> None:
        """Read the outbox from its beginning, as after the start."""
        self._ahead.clear()
        self.read_anew()

    def fresh(self, most: int) -> list[OutboxItem]:
        """Return what has just become durable, without a look at the outbox.

        There is none while something older may wait there.
        """
        batch: list[OutboxItem] = []
        while self._is_all_read and self._offered and len(batch) < most:
            item = self._offered.popleft()
            if self._is_free(item.report_id):
                batch.append(item)
        return batch

    def waiting(self, most: int) -> list[OutboxItem]:
        """Return what waits in the outbox, the oldest first.

        Raises:
            KnownError: if the outbox cannot be read.
        """
        if self._is_renewed:
            self._is_renewed = False
            self.begin_anew()
        batch: list[OutboxItem] = []
        while len(batch) < most:
            if not self._ahead:
                # What lies before was sent, or waits until it may be sent again.
                self._ahead.extend(self._reader.waiting(_READ_AHEAD, self._read_to))
                self._is_all_read = not self._ahead
                if self._is_all_read:
                    break
                self._read_to = self._ahead[-1].position
            item = self._ahead.popleft()
            if self._is_free(item.report_id):
                batch.append(item)
        return batch

    def asked(self, most: int) -> list[OutboxItem]:
        """Return what the CDC asks for again.

        Raises:
            KnownError: if the outbox cannot be read.
        """
        batch: dict[UUID, OutboxItem] = {}

        def is_free(report_id: UUID) -> bool:
            return report_id not in batch and self._is_free(report_id)

        while len(batch) < most and (item := self._asked.next_item(is_free)) is not None:
            batch[item.report_id] = item
        return list(batch.values())
