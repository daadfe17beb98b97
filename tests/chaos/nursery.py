"""Starts the campaign's processes quickly: one process has loaded the product and forks.

A station takes two seconds of a processor to load and is killed a hundred times in a campaign.
What is started is a process of its own like any other; only one with an environment of its own
(a clock that is wrong, say) is loaded anew.
"""

import json
import os
import select
import signal
import subprocess
import sys
import traceback
from pathlib import Path

from station.__main__ import main as product
from tests.chaos import naive, station

ROOT = Path(__file__).parents[2]
WAYS = {
    "station": lambda arguments: station.main(*arguments),
    "naive": lambda arguments: naive.main(*arguments),
    "product": lambda arguments: sys.exit(product(arguments)),
}
"""What can be started, by name."""


class Child:
    """A process that was started here.

    Args:
        pid: its number.
        say: file descriptor of its standard input.
    """

    def __init__(self, pid, say):
        self.pid = pid
        self._say = say
        self._handle = os.pidfd_open(pid)

    @property
    def is_alive(self):
        return not select.select([self._handle], [], [], 0)[0]

    def say(self, line):
        """Write a line to its standard input; nothing if it has just died."""
        try:
            os.write(self._say, f"{line}\n".encode())
        except (BrokenPipeError, BlockingIOError):
            return

    def kill(self, number=signal.SIGKILL):
        """Send a signal and wait until the process has ended."""
        if self.is_alive:
            signal.pidfd_send_signal(self._handle, number)
        select.select([self._handle], [], [], 20)

    def close(self):
        self.kill()
        os.close(self._handle)
        os.close(self._say)


class Nursery:
    """The process that forks, and what it started."""

    def __enter__(self):
        self._folder = Path(os.environ.get("TMPDIR", "/tmp"))
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n", "the nursery did not start"
        return self

    def start(self, way, arguments, inlet, out, environment=None):
        """Start a process.

        Args:
            way: one of `WAYS`.
            arguments: its arguments.
            inlet: path of a named pipe, its standard input.
            out: path of the file to which it and its errors are appended.
            environment: what its environment has in addition; it is loaded anew then.
        """
        inlet.unlink(missing_ok=True)
        os.mkfifo(inlet)
        say = os.open(inlet, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        order = {"way": way, "arguments": arguments, "inlet": str(inlet), "out": str(out)}
        if environment:
            pid = self._load(order, environment)
        else:
            self._process.stdin.write(f"{json.dumps(order)}\n")
            self._process.stdin.flush()
            pid = int(self._process.stdout.readline())
        return Child(pid, say)

    def _load(self, order, environment):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery", json.dumps(order)],
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment},
            cwd=ROOT,
        )
        # It is waited for by its handle; the reaper needs it to be remembered.
        self._loaded = [*getattr(self, "_loaded", []), process]
        return process.pid

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        for process in getattr(self, "_loaded", []):
            process.wait(10)


def _become(order):
    """Be the process that is wanted; does not return."""
    inlet = os.open(order["inlet"], os.O_RDONLY)
    out = os.open(order["out"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for number, target in ((inlet, 0), (out, 1), (out, 2)):
        os.dup2(number, target)
    sys.stdin = open(0, closefd=False)
    sys.stdout = open(1, "w", closefd=False)
    sys.stderr = open(2, "w", buffering=1, closefd=False)
    code = 0
    try:
        WAYS[order["way"]](order["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    os._exit(code)


def _say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _serve():
    # Nobody waits for the children: the campaign holds handles of its own.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _say("ready")
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _become(json.loads(line))
        _say(pid)


if __name__ == "__main__":
    if sys.argv[1:]:
        _become(json.loads(sys.argv[1]))
    _serve()
