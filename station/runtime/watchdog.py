"""Notices workers that hang: a thread that crashes goes on by itself, one that hangs cannot."""

from collections.abc import Callable, Iterable

from station.runtime.worker import Worker

# Longer than any step may take: a camera read waits 1 s, a reopening 4 s.
_HUNG_S = 15.0
_LOOK_EVERY_S = 1.0


class Watchdog:
    """Looks at the heartbeats of all workers once a second.

    Args:
        workers: whom to watch.
        vital: those without whom nobody is screened or nothing is kept.
        on_hung: told once for each worker that hangs, with its name and the seconds.
        on_well: told at each look unless a vital worker hangs; whoever misses it starts the station
            anew. A driver of a handheld that hangs is no reason for that.
        wait: sleeps, and returns early when the station stops.
    """

    def __init__(
        self,
        workers: Iterable[Worker],
        *,
        vital: Iterable[Worker],
        on_hung: Callable[[str, float], None],
        on_well: Callable[[], None],
        wait: Callable[[float], bool],
    ) -> None:
        self._workers = tuple(workers)
        self._vital = {worker.name for worker in vital}
        self._on_hung = on_hung
        self._on_well = on_well
        self._wait = wait
        self._told: set[str] = set()

    def step(self) -> None:
        """Look once."""
        for worker in self._workers:
            age_s = worker.heartbeat_age_s
            if age_s <= _HUNG_S:
                self._told.discard(worker.name)
            elif worker.name not in self._told:
                self._told.add(worker.name)
                self._on_hung(worker.name, age_s)
        if not self._told & self._vital:
            self._on_well()
        self._wait(_LOOK_EVERY_S)
