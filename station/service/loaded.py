"""`python -m station.service.loaded LOADS LATER PROGRAM ...`: load a program once, run it as asked.

What takes longest in a start is done once: each run is a fork of this process, so that whoever
dies is back after what is left of a start. The standard input is a socket. Each byte from it asks
for one run, and there is one at a time; told are its process when it begins and its exit code when
it has ended, a line each. Nothing more is asked once the socket is closed.
"""

import gc
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module

MODULE = "station.service.loaded"
"""This program's name."""

# What the first run needs only later is loaded for the other runs when the first is surely up.
_LATER_S = 5.0
_LOOK_S = 0.02
_LARGEST_WORD = 64


class LoadedProgram:
    """Whoever asks for the runs: starts the process that loads, and hears of its runs.

    Args:
        command: this program's command line.
        environment: of the program and all its runs.

    Raises:
        OSError: if the process cannot be started.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.pid: int | None = None
        """The process of the run, from when it has begun until it has ended."""
        self.is_gone = False
        """Whether the process that loads has died: there will be no other run."""
        self._told = b""
        self._line, others = socket.socketpair()
        with others:
            try:
                # A group of its own: Ctrl+C reaches the supervisor alone, which keeps the order.
                self._process = subprocess.Popen(  # noqa: S603 - our own modules
                    command, env=environment, stdin=others.fileno(), process_group=0
                )
            except OSError:
                self._line.close()
                raise

    def begin(self) -> None:
        """Ask for a run; it begins as soon as the program is loaded."""
        # If the process is gone, the next poll tells.
        with suppress(OSError):
            self._line.send(b"\n")

    def poll(self, timeout_s: float = 0.0) -> int | None:
        """Hear of the run: its exit code if it has ended, negative for a signal; None until then.

        Args:
            timeout_s: seconds to wait for something to hear.
        """
        while select.select([self._line], [], [], timeout_s)[0]:
            said = self._said()
            if not said:
                return self._lost()
            self._told += said
            while b"\n" in self._told:
                word, _, self._told = self._told.partition(b"\n")
                if self.pid is not None:
                    self.pid = None
                    return int(word)
                self.pid = int(word)
            timeout_s = 0.0
        return None

    def kill(self) -> None:
        """Kill the run, or whatever loads for it."""
        if self.pid is None:
            self._process.kill()
        else:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def end(self, within_s: float) -> int | None:
        """Ask the run to end, insist after a time, and load no longer.

        Returns:
            The run's exit code; None if it had to be killed, or has not begun.
        """
        code = self.poll()
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
            code = self.poll(within_s)
        self.pid = None
        self._lost()
        return code

    def _said(self) -> bytes:
        try:
            return self._line.recv(_LARGEST_WORD)
        except OSError:
            return b""

    def _lost(self) -> int:
        """End the process that loads, and a run that nobody would hear of any more."""
        self._line.close()
        self.is_gone, self.pid = True, None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()


def main() -> int:
    """Load, and run the program each time it is asked for."""
    _, loads, later, program, *arguments = sys.argv
    with socket.socket(fileno=sys.stdin.fileno()) as line:
        _load(loads)
        while line.recv(1):
            # Nothing of what is loaded is looked through again, and so no page of it copied.
            gc.freeze()
            pid = os.fork()
            if pid == 0:
                _leave(line)
                sys.argv = [program, *arguments]
                code: int = import_module(f"{program}.__main__").main()
                return code
            line.send(b"%d\n" % pid)
            status = _ended(pid, _LATER_S)
            if status is None:
                _load(later)
                later = ""
                _, status = os.waitpid(pid, 0)
            line.send(b"%d\n" % os.waitstatus_to_exitcode(status))
    return 0


def _load(names: str) -> None:
    for name in filter(None, names.split(",")):
        # What is missing is told by the program, if it needs it.
        with suppress(ImportError):
            import_module(name)


def _ended(pid: int, within_s: float) -> int | None:
    """Return how a run ended, or None if it goes on after so many seconds."""
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status
        time.sleep(_LOOK_S)
    return None


def _leave(line: socket.socket) -> None:
    """Let a run have nothing to do with whoever asked for it."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, line.detach())
    os.close(nothing)


if __name__ == "__main__":
    sys.exit(main())
