"""`fever-station simulate` as a technician runs it: on a pipe, and on a terminal."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest

from config.loader import load_settings
from drivers.registry import DeviceKind, create

pytestmark = pytest.mark.system
COMMAND = [sys.executable, "-m", "station", "simulate"]


@pytest.fixture
def start():
    processes = []

    def run(*arguments):
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)], stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as found:
        return [int(child) for child in found.read().split()]


def say(process, line, until):
    process.stdin.write(line + "\n")
    process.stdin.flush()
    for said in process.stdout:
        if until in said:
            return said
    raise AssertionError(f"it ended without {until!r}")


def test_lines_on_a_pipe_make_a_device_fail_that_the_written_site_file_leads_to(start, tmp_path):
    path = tmp_path / "site.toml"
    process = start("demo", "--site", path, "--folder", tmp_path)
    say(process, "fault gun wrong_device off", "wrong_device is off")
    (thermometer,) = load_settings(path).thermometers
    with create(DeviceKind.THERMOMETER, thermometer.driver, **thermometer.options) as gun:
        say(process, "trigger gun 38.4", "was triggered")
        assert gun.read(5.0).temperature_c == pytest.approx(38.4, abs=0.5)
        say(process, "fault gun silent on", "silent is on")
        say(process, "trigger gun 38.4", "was triggered")
        assert gun.read(0.5) is None
    assert "no device 'oven'" in say(process, "fault oven silent on", "error:")
    process.stdin.close()
    # A line was refused.
    assert process.wait(60) == 1
    assert process.stderr.read() == ""


def test_a_hub_file_that_is_not_there_is_told_in_one_sentence(start):
    process = start("nothing.toml")
    assert process.wait(60) == 2
    told = process.stderr.read()
    assert told.count("\n") == 1
    assert "one of bench, checkpoint, demo" in told


def test_when_the_hub_dies_it_ends_at_once_and_says_so(start):
    process = start("demo")
    say(process, "pause", "paused")
    (hub,) = children(process.pid)
    os.kill(hub, signal.SIGKILL)
    assert process.wait(60) == 2
    assert "The simulators have ended" in process.stderr.read()


class Terminal:
    """The program on a pseudo-terminal."""

    def __init__(self):
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execv(sys.executable, [*COMMAND, "demo"])
        self.shown = b""

    def wait_for(self, text, seconds=120):
        ends_s = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < ends_s, self.shown[-2000:]
            if select.select([self._fd], [], [], 0.1)[0]:
                self.shown += os.read(self._fd, 65536)

    def type(self, keys):
        self.shown = b""
        os.write(self._fd, keys)

    def exit_code(self):
        """Read on until it has ended; a full terminal would block it."""
        ends_s = time.monotonic() + 60
        while time.monotonic() < ends_s:
            try:
                if select.select([self._fd], [], [], 0.05)[0]:
                    self.shown += os.read(self._fd, 65536)
            except OSError:
                # The terminal is closed: only the end itself is still to come.
                time.sleep(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("it does not end")

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)


# Python warns of any fork beside threads; this child only executes another program.
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("keys", [b"quit\r", b"\x03"])
def test_on_a_terminal_keys_switch_faults_and_it_ends_without_a_trace(keys):
    with closing(Terminal()) as terminal:
        terminal.wait_for(b"Space pause")
        (hub,) = children(terminal.pid)
        terminal.type(b"\x1b[B\r")
        terminal.wait_for(b"gun: bit_flip is on")
        terminal.type(keys)
        assert terminal.exit_code() == 0
        assert not os.path.exists(f"/proc/{hub}")
        # Back from the screen of its own, cursor shown.
        assert terminal.shown.endswith(b"\x1b[?25h\x1b[?1049l")
