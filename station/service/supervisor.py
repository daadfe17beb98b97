"""Starts the parts of a station, restarts whichever dies or hangs, and ends them in order."""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event as ThreadEvent

from station.core.errors import KnownError
from station.service.loaded import LoadedProgram
from station.service.notify import VARIABLE

logger = logging.getLogger(__name__)

_LOOK_S = 0.02
# A part that dies is started again at once. One that was up for less time than this waits a little
# from the second time on; one that ends by itself, or does not come up at all, waits ever longer.
_HELD_S = 2.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.2, 8.0
_START_S = 60.0
_END_S = 30.0
_LARGEST_WORD = 4096


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the station."""

    name: str
    """As it is told."""
    command: Sequence[str]
    """The command line of what loads it: see `station.service.loaded`."""
    watchdog_s: float
    """Seconds without a sign of life after which it is killed and started again."""


@dataclass(frozen=True, slots=True)
class PartEvent:
    """Something happened to a part."""

    part: str
    """Its name."""
    what: str
    """started, ready, status, hung, ended, waits or refused."""
    pid: int
    """The process."""
    text: str = ""
    """What the part said, or how it ended."""


class _Running:
    """One part, its process and the socket on which it tells how it is."""

    def __init__(self, part: Part, folder: Path, tell: Callable[[PartEvent], None]) -> None:
        self.part = part
        self._tell_all = tell
        self._path = folder / f"{part.name}.notify"
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        try:
            self._socket.bind(str(self._path))
        except OSError as error:
            self._socket.close()
            raise KnownError(f"{self._path} cannot be made: {error.strerror or error}.") from error
        self._program: LoadedProgram | None = None
        self._is_asked = False
        self._told_pid: int | None = None
        self._started_s = self._heard_s = 0.0
        self._ready_s: float | None = None
        self._patient_until_s = 0.0
        self._due_s = self._wait_s = 0.0
        self._deaths = 0

    def look(self, now_s: float) -> None:
        """Hear the part, and start it or start it again when that is due."""
        program = self._program
        if program is None or not self._is_asked:
            if now_s >= self._due_s:
                self._start(now_s)
            return
        code = program.poll()
        if program.pid not in (None, self._told_pid):
            self._told_pid = program.pid
            self._tell("started")
        self._hear(now_s)
        if code is not None:
            self._ended(code, now_s)
        elif self._is_hung(now_s):
            self._tell("hung", "no sign of life: killed")
            program.kill()

    def end(self, within_s: float) -> None:
        """Ask the part to end, and insist after a time."""
        program, self._program = self._program, None
        if program is not None:
            pid = program.pid
            code = program.end(within_s)
            if pid is not None:
                if code is None:
                    logger.error("%s does not end: killed", self.part.name)
                self._tell("ended", _how(-signal.SIGKILL if code is None else code))

    def close(self) -> None:
        """Forget the part's socket."""
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _start(self, now_s: float) -> None:
        try:
            program = self._program or self._load()
        except OSError as error:
            self._tell("refused", str(error))
            self._due_s = now_s + _LONGEST_WAIT_S
            return
        program.begin()
        self._program, self._is_asked = program, True
        self._started_s = self._heard_s = now_s
        self._ready_s = None
        self._patient_until_s = 0.0

    def _load(self) -> LoadedProgram:
        return LoadedProgram(self.part.command, os.environ | {VARIABLE: str(self._path)})

    def _ended(self, code: int, now_s: float) -> None:
        self._tell("ended", _how(code))
        self._told_pid, self._is_asked = None, False
        if self._program is not None and self._program.is_gone:
            self._program = None
        was_killed = code in (-signal.SIGKILL, -signal.SIGTERM)
        if self._is_up(now_s, _HELD_S):
            self._wait_s, self._deaths = 0.0, 0
        elif self._ready_s is not None and was_killed:
            self._wait_s = min(self._wait_s, _FIRST_WAIT_S)
        self._deaths += 1
        self._due_s = now_s + self._wait_s
        if self._wait_s > _FIRST_WAIT_S:
            text = f"ended {self._deaths} times in a row: next start in {self._wait_s:.1f} s"
            self._tell("waits", text)
        self._wait_s = min(max(2 * self._wait_s, _FIRST_WAIT_S), _LONGEST_WAIT_S)

    def _is_up(self, now_s: float, least_s: float) -> bool:
        return self._ready_s is not None and now_s - self._ready_s >= least_s

    def _is_hung(self, now_s: float) -> bool:
        if self._ready_s is None:
            return now_s > max(self._started_s + _START_S, self._patient_until_s)
        return now_s - self._heard_s > self.part.watchdog_s

    def _hear(self, now_s: float) -> None:
        while True:
            try:
                word = self._socket.recv(_LARGEST_WORD).decode("utf-8", "replace")
            except BlockingIOError:
                return
            self._heard_s = now_s
            key, _, value = word.partition("=")
            if key == "READY" and self._ready_s is None:
                self._ready_s = now_s
                self._tell("ready")
            elif key == "EXTEND_TIMEOUT_USEC" and value.isdigit():
                self._patient_until_s = now_s + int(value) / 1e6
            elif key == "STATUS":
                self._tell("status", value)

    def _tell(self, what: str, text: str = "") -> None:
        self._tell_all(PartEvent(self.part.name, what, self._told_pid or 0, text))


class Supervisor:
    """Keeps parts running until it is told to stop; what one part does never stops another.

    Args:
        parts: in the order of starting; they end in the opposite one.
        folder: where their sockets are made; short, and this user's alone.
        tell: hears what happens to them.

    Raises:
        KnownError: if the sockets cannot be made.
    """

    def __init__(
        self, parts: Sequence[Part], folder: Path, tell: Callable[[PartEvent], None]
    ) -> None:
        self._parts = [_Running(part, folder, tell) for part in parts]

    def run(self, stop: ThreadEvent) -> None:
        """Keep the parts running until `stop` is set, then end them in order."""
        try:
            while not stop.wait(_LOOK_S):
                for part in self._parts:
                    part.look(time.monotonic())
        finally:
            for part in reversed(self._parts):
                part.end(_END_S)
                part.close()


def _how(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
