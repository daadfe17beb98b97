"""Other parts of the product as processes of their own, and the control port of a simulated hub."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Self

from station.core.errors import KnownError
from station.runtime.control_line import ControlLine, SimulatorsEnded

_STOP_S = 5.0
# A hub answers at once, unless its machine is overloaded or its process stopped.
_ANSWER_WITHIN_S = 10.0


@contextmanager
def process(
    command: list[str], stderr: IO[bytes] | None = None
) -> "Iterator[subprocess.Popen[str]]":
    """Run a process; at the end ask it to stop, and insist after five seconds."""
    started = subprocess.Popen(  # noqa: S603 - our own modules
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True
    )
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
        for stream in (started.stdin, started.stdout):
            if stream is not None:
                stream.close()


def first_line(part: "subprocess.Popen[str]", name: str) -> dict[str, Any]:
    """Return the JSON line that a part prints when it is ready.

    Raises:
        KnownError: if it ends before.
    """
    line = part.stdout.readline() if part.stdout else ""
    if not line:
        raise KnownError(f"{name} did not start: the reason stands above.")
    ready: dict[str, Any] = json.loads(line)
    return ready


class HubProcess:
    """`python -m simulators hub` as a process, and the commands that reach into it.

    Args:
        hub: a hub file, or the name of a shipped one.
        folder: where serial ports appear.
        settings: single values of the file to change: `speed=5`.
    """

    def __init__(self, hub: str, folder: Path, settings: tuple[str, ...] = ()) -> None:
        self._command = [sys.executable, "-m", "simulators", "hub", hub, "--folder", str(folder)]
        for setting in settings:
            self._command += ["--set", setting]
        self._parts = ExitStack()
        self._line: ControlLine | None = None
        self._said: IO[bytes] | None = None
        self.addresses: dict[str, dict[str, Any]] = {}
        """The driver options that lead to each device, by the device's name."""
        self.control: tuple[str, int] = ("", 0)
        """Host and port of the control port."""

    def __enter__(self) -> Self:
        with ExitStack() as parts:
            self._said = parts.enter_context(TemporaryFile())
            hub = parts.enter_context(process(self._command, self._said))
            line = hub.stdout.readline() if hub.stdout else ""
            if not line:
                raise KnownError(self._last_words() or "The simulators did not start.")
            ready = json.loads(line)
            self.addresses = ready["devices"]
            self.control = tuple(ready["control"])
            self._line = parts.enter_context(ControlLine(*self.control, _ANSWER_WITHIN_S))
            self._parts = parts.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._parts.close()

    def fileno(self) -> int:
        """Return what becomes readable when the hub ends, for `select`.

        Raises:
            ValueError: if it was not started.
        """
        if self._line is None:
            raise ValueError("the hub was not started")
        return self._line.fileno()

    def ask(self, **message: Any) -> dict[str, Any]:
        """Send one command and return the answer, which may hold `error`.

        Raises:
            KnownError: if the hub has ended or does not answer.
        """
        if self._line is None:
            raise ValueError("the hub was not started")
        try:
            return self._line.ask(**message)
        except SimulatorsEnded as error:
            words = self._last_words()
            if not words:
                raise
            raise KnownError(f"The simulators have ended ({words}): start again.") from error

    def _last_words(self) -> str:
        """Return the last line that the hub wrote to its standard error."""
        if self._said is None:
            return ""
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1].removeprefix("simulators: ") if lines else ""
