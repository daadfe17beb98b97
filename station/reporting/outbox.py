"""Which alerts to send now, and which to wait for: pure bookkeeping, without clock or socket.

The outbox on disk is the only memory that counts. What is kept here says which of its messages are
under way; it may be forgotten at any time, and the CDC then drops what comes twice. An alert
leaves the outbox by the CDC's receipt or rejection alone, so it is never given up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from heapq import heapify, heappop, heappush
from random import Random
from uuid import UUID

_TAKEN = 0x00
_NO_MATCHING_SUBSCRIBERS = 0x10
_FIRST_FAILURE = 0x80
_NOT_AUTHORIZED = 0x87
_MOST_DOUBLINGS = 3
_FEW = 1000


@dataclass(frozen=True, slots=True)
class OutboxLimits:
    """How much may be under way, and how long to wait."""

    window: int
    """Most messages without the broker's acknowledgement; its Receive Maximum lowers this."""
    publish_timeout_s: float
    """Seconds to wait for the broker's acknowledgement."""
    receipt_timeout_s: float
    """Seconds to wait for the CDC's receipt, before jitter and back-off."""
    unreceipted: int = 500
    """Most messages without receipt: a broker keeps about 1,000 for an absent receiver."""


class Acknowledgement(Enum):
    """What the broker's acknowledgement of one message amounts to."""

    TAKEN = "taken"
    """The broker has it and a receiver is known; not yet a delivery."""
    NO_RECEIVER = "no_receiver"
    """The broker threw it away because nobody subscribes."""
    REFUSED = "refused"
    """The broker refuses it."""


class _Dues:
    """When something is due for each message; to find the earliest takes no look at all of them."""

    def __init__(self) -> None:
        self._due_s: dict[UUID, float] = {}
        # What was taken back or put off stays in the heap until it comes to its top.
        self._heap: list[tuple[float, UUID]] = []

    def __contains__(self, report_id: UUID) -> bool:
        return report_id in self._due_s

    def __len__(self) -> int:
        return len(self._due_s)

    def items(self) -> list[tuple[UUID, float]]:
        return list(self._due_s.items())

    def put(self, report_id: UUID, due_s: float) -> None:
        self._due_s[report_id] = due_s
        heappush(self._heap, (due_s, report_id))
        if len(self._heap) > _FEW + 2 * len(self._due_s):
            self._heap = [(due_s, report_id) for report_id, due_s in self._due_s.items()]
            heapify(self._heap)

    def drop(self, report_id: UUID) -> None:
        self._due_s.pop(report_id, None)

    def clear(self) -> None:
        self._due_s.clear()
        self._heap.clear()

    def earliest_s(self) -> float | None:
        heap = self._heap
        while heap and self._due_s.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
        return heap[0][0] if heap else None

    def expire(self, now_s: float) -> bool:
        """Drop all that are due, and return whether there were any."""
        has_any = False
        while (earliest_s := self.earliest_s()) is not None and earliest_s <= now_s:
            del self._due_s[heappop(self._heap)[1]]
            has_any = True
        return has_any


class OutboxPolicy:
    """Knows what is under way. Times are seconds of one clock that never jumps."""

    def __init__(self, limits: OutboxLimits, random: Random) -> None:
        self._limits = limits
        self._random = random
        self._window = limits.window
        self._unacknowledged: dict[int, tuple[UUID, float]] = {}
        self._receipt_due = _Dues()
        self._resting = _Dues()
        self._settled = _Dues()
        self._attempts: dict[UUID, int] = {}
        self._refusals = 0
        self._paused_until_s: float | None = None
        self._is_silent = False

    @property
    def is_silent(self) -> bool:
        """Whether a receipt is overdue and none has come since."""
        return self._is_silent

    def connected(self, receive_maximum: int | None) -> None:
        """Take the broker's Receive Maximum for this connection."""
        self._window = min(self._limits.window, receive_maximum or self._limits.window)

    def disconnected(self) -> None:
        """Forget what was under way; the outbox still has it. Refused messages go on resting."""
        self._unacknowledged.clear()
        self._receipt_due.clear()

    def room(self, now_s: float) -> int:
        """Return how many messages may be sent now."""
        if self._paused_until_s is not None and now_s < self._paused_until_s:
            return 0
        window = 1 if self._refusals else self._window
        free = window - len(self._unacknowledged)
        return max(0, min(free, self._limits.unreceipted - len(self._receipt_due)))

    def is_free(self, report_id: UUID) -> bool:
        """Whether this message may be sent now."""
        return not (
            report_id in self._receipt_due
            or report_id in self._resting
            or report_id in self._settled
        )

    def sent(self, report_id: UUID, mid: int, now_s: float) -> None:
        """Note that a message was handed to the client under the packet number `mid`."""
        attempt = self._attempts.get(report_id, 0) + 1
        self._attempts[report_id] = attempt
        self._unacknowledged[mid] = (report_id, now_s + self._limits.publish_timeout_s)
        self._receipt_due.put(report_id, now_s + self._wait_s(attempt))

    def acknowledged(
        self, mid: int, reason_code: int, now_s: float
    ) -> tuple[UUID, Acknowledgement] | None:
        """Take the broker's acknowledgement; None for a packet that nobody waits for."""
        entry = self._unacknowledged.pop(mid, None)
        if entry is None:
            return None
        report_id, _ = entry
        if reason_code < _FIRST_FAILURE:
            self._refusals = 0
            is_lost = reason_code == _NO_MATCHING_SUBSCRIBERS
            return report_id, Acknowledgement.NO_RECEIVER if is_lost else Acknowledgement.TAKEN
        self._receipt_due.drop(report_id)
        # Resting outlives the connection: mosquitto 2.0.11 closes it after each refusal, and the
        # oldest message would come back at once, for ever.
        self._refusals += 1
        pause_s = self._wait_s(self._refusals)
        self._resting.put(report_id, now_s + pause_s)
        if reason_code == _NOT_AUTHORIZED:
            self._paused_until_s = now_s + pause_s
        return report_id, Acknowledgement.REFUSED

    def settled(self, report_ids: Iterable[UUID], now_s: float) -> None:
        """Take the CDC's word on these messages: stored, or rejected."""
        for report_id in report_ids:
            self._receipt_due.drop(report_id)
            self._resting.drop(report_id)
            self._attempts.pop(report_id, None)
            # The ledger marks it a moment later; should that fail, it is sent again.
            self._settled.put(report_id, now_s + self._limits.receipt_timeout_s)
        if self._is_silent:
            self._is_silent = False
            self._hurry(now_s)

    def expire(self, now_s: float) -> bool:
        """Free the messages whose receipt is overdue, or whose rest is over.

        Returns:
            Whether there were any: the outbox has to be read from its beginning for them.
        """
        is_overdue = self._receipt_due.expire(now_s)
        self._is_silent = self._is_silent or is_overdue
        if self._paused_until_s is not None and self._paused_until_s <= now_s:
            self._paused_until_s = None
        is_rested, is_unmarked = self._resting.expire(now_s), self._settled.expire(now_s)
        return is_overdue or is_rested or is_unmarked

    def is_stalled(self, now_s: float) -> bool:
        """Whether the broker owes an acknowledgement for too long: the connection is dead."""
        due_s = self._acknowledgement_due_s()
        return due_s is not None and due_s <= now_s

    def next_due_s(self) -> float | None:
        """Return when expire(), is_stalled() or room() will next say something new."""
        dues = (
            self._acknowledgement_due_s(),
            self._receipt_due.earliest_s(),
            self._resting.earliest_s(),
            self._paused_until_s,
        )
        return min((due_s for due_s in dues if due_s is not None), default=None)

    def _acknowledgement_due_s(self) -> float | None:
        # All wait equally long, and a dict keeps the order in which they were sent.
        return next((due_s for _, due_s in self._unacknowledged.values()), None)

    def _wait_s(self, attempt: int) -> float:
        back_off = 1 << min(attempt - 1, _MOST_DOUBLINGS)
        return self._limits.receipt_timeout_s * back_off * self._random.uniform(1, 2)

    def _hurry(self, now_s: float) -> None:
        # The CDC answers again: do not sit out long back-offs, but do not storm it either.
        for report_id, due_s in self._receipt_due.items():
            if self._attempts.get(report_id, 0) > 1:
                soon_s = now_s + self._limits.receipt_timeout_s * self._random.uniform(0, 1)
                self._receipt_due.put(report_id, min(due_s, soon_s))
