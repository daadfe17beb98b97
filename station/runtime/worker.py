"""A named thread with an owner: it stops when told, says that it lives, and never dies silently."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

_RESTART_WAIT_S = 1.0


class Worker:
    """Runs `step` again and again in a thread of its own.

    An exception that escapes `step` is our bug: it is logged with its traceback, told through
    `on_crash`, and the worker goes on after a second, so that one bad frame never ends screening.

    Args:
        name: the thread's name.
        step: does one piece of work; may wait.
        on_crash: is told of an exception in words.
        on_stop: called by the thread at its end.
        niceness: by how much it yields to others in the queue for a core, 0 to 19.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], None],
        *,
        on_crash: Callable[[str], None],
        on_stop: Callable[[], None] | None = None,
        niceness: int = 0,
    ) -> None:
        self._step = step
        self._niceness = niceness
        self._on_crash = on_crash
        self._on_stop = on_stop
        self._stop = threading.Event()
        self._heartbeat_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def name(self) -> str:
        """The thread's name."""
        return self._thread.name

    @property
    def heartbeat_age_s(self) -> float:
        """Seconds since the worker last began a step; below 0 while a long one is borne with."""
        return time.monotonic() - self._heartbeat_s

    def bear(self, patience_s: float) -> None:
        """Let the step of just now take so much longer; called again and again by a long one."""
        self._heartbeat_s = time.monotonic() + patience_s

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, deadline_s: float) -> bool:
        """Ask the worker to finish its step and return whether it did within `deadline_s`."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Sleep inside a step; returns True at once when the worker is told to stop."""
        return self._stop.wait(seconds)

    def _run(self) -> None:
        if self._niceness and sys.platform == "linux":
            # Linux has a priority for each thread; elsewhere it would hold for the whole process.
            thread = threading.get_native_id()
            own = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, own + self._niceness)
        while not self._stop.is_set():
            self._heartbeat_s = time.monotonic()
            try:
                self._step()
            except Exception as error:  # the one broad except of the project (STYLE: errors)
                logger.exception("worker %s crashed and goes on", self.name)
                self._on_crash(f"{self.name}: internal error ({error!r}): tell a technician.")
                self._stop.wait(_RESTART_WAIT_S)
        if self._on_stop is not None:
            self._on_stop()
