"""The two queues of the station: frames may be dropped, readings never."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class LatestQueue(Generic[_Item]):
    """A short queue that drops the oldest item when full, and counts it."""

    def __init__(self, capacity: int = 2) -> None:
        self._items: deque[_Item] = deque()
        self._capacity = capacity
        self._dropped = 0
        self._changed = threading.Condition()

    def put(self, item: _Item) -> None:
        """Add an item; the oldest goes if there is no room."""
        with self._changed:
            if len(self._items) >= self._capacity:
                self._items.popleft()
                self._dropped += 1
            self._items.append(item)
            self._changed.notify()

    def get(self, timeout_s: float) -> _Item | None:
        """Return the oldest item, or None after `timeout_s` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._items, timeout_s):
                return None
            return self._items.popleft()

    @property
    def dropped(self) -> int:
        """Items dropped since the start."""
        return self._dropped


class ReadingQueue(Generic[_Item]):
    """A queue that never drops: `put` waits for room.

    A wait of more than `patience_s` seconds is a visible fault, told once through `on_blocked`;
    the item still goes in as soon as there is room.
    """

    def __init__(self, capacity: int = 1000, patience_s: float = 1.0) -> None:
        self._items: deque[_Item] = deque()
        self._capacity = capacity
        self._patience_s = patience_s
        self._changed = threading.Condition()
        self._blocked = threading.Event()

    @property
    def is_blocked(self) -> bool:
        """Whether somebody has been waiting for room longer than the patience."""
        return self._blocked.is_set()

    def put(self, item: _Item) -> None:
        """Add an item, waiting for room as long as it takes."""
        with self._changed:
            while not self._changed.wait_for(
                lambda: len(self._items) < self._capacity, self._patience_s
            ):
                self._blocked.set()
            self._items.append(item)
            self._changed.notify_all()

    def get(self, timeout_s: float) -> _Item | None:
        """Return the oldest item, or None after `timeout_s` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._items, timeout_s):
                return None
            item = self._items.popleft()
            self._blocked.clear()
            self._changed.notify_all()
            return item

    def get_while(self, is_wanted: Callable[[_Item], bool]) -> list[_Item]:
        """Return the oldest items up to the first that is not wanted, without waiting."""
        taken: list[_Item] = []
        with self._changed:
            while self._items and is_wanted(self._items[0]):
                taken.append(self._items.popleft())
            if taken:
                self._changed.notify_all()
        return taken

    def __len__(self) -> int:
        with self._changed:
            return len(self._items)
