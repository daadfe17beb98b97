"""The supervisor with small processes that die, hang and end in order."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from station.service import loaded
from station.service.supervisor import Part, Supervisor

pytestmark = pytest.mark.system

_SAY = """
import os, socket, sys, time
def say(word):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.sendto(word.encode(), os.environ["NOTIFY_SOCKET"])
"""
_LIVES = "say('READY=1')\n    while True:\n        say('WATCHDOG=1')\n        time.sleep(0.05)\n"
LIVES = _SAY + "def main():\n    " + _LIVES
LOADS = _SAY + "say('STATUS=loaded')\ndef main():\n    " + _LIVES
HANGS = _SAY + "def main():\n    say('READY=1')\n    time.sleep(60)\n"
DIES = "def main():\n    return 3\n"
COMES_UP_AND_DIES = _SAY + "def main():\n    say('READY=1')\n    return 3\n"
DEAF = _SAY + "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + LIVES
STARTS_LONG = (
    _SAY
    + "def main():\n    say('EXTEND_TIMEOUT_USEC=60000000')\n    time.sleep(0.8)\n    "
    + _LIVES
)
BREAKS = "import os\nos._exit(4)\n"


@pytest.fixture
def keep(tmp_path, monkeypatch):
    """Run a supervisor over programs in a thread; `end` stops it as SIGTERM does."""
    stop, threads = threading.Event(), []
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))

    def part(name, code, watchdog_s):
        folder = tmp_path / f"{name}_program"
        folder.mkdir()
        folder.joinpath("__main__.py").write_text(code)
        loads = f"{folder.name}.__main__,no_such_module"
        command = [sys.executable, "-S", "-m", loaded.MODULE, loads, "", folder.name]
        return Part(name, command, watchdog_s)

    def run(watchdog_s=60.0, **programs):
        events = []
        parts = [part(name, code, watchdog_s) for name, code in programs.items()]
        supervisor = Supervisor(parts, tmp_path, lambda event: events.append((event, now())))
        threads.append(threading.Thread(target=supervisor.run, args=(stop,)))
        threads[-1].start()
        return events

    def end():
        stop.set()
        for thread in threads:
            thread.join(60)

    run.end = end
    yield run
    end()


def now():
    return time.monotonic()


def of(events, part, what):
    return [(event, at_s) for event, at_s in events if (event.part, event.what) == (part, what)]


def test_a_killed_part_is_started_again_at_once_and_the_other_goes_on(keep, until, monkeypatch):
    monkeypatch.setattr("station.service.supervisor._HELD_S", 0.0)
    # Whoever waits at all waits too long for this test.
    monkeypatch.setattr("station.service.supervisor._FIRST_WAIT_S", 600.0)
    events = keep(station=LIVES, kiosk=LIVES)
    until(lambda: of(events, "station", "ready") and of(events, "kiosk", "ready"), "not ready")
    os.kill(of(events, "station", "ready")[0][0].pid, signal.SIGKILL)
    until(lambda: len(of(events, "station", "started")) == 2, "not started again")
    (ended, ended_s), *_ = of(events, "station", "ended")
    assert ended.text == "killed by signal 9"
    # The promise is five seconds with the start itself; on a slow machine, too.
    assert of(events, "station", "started")[1][1] - ended_s < 2.0
    assert not of(events, "kiosk", "ended")


def test_a_program_is_loaded_once_however_often_its_part_is_killed(keep, until):
    events = keep(station=LOADS)
    for number in (1, 2, 3):
        until(lambda: len(of(events, "station", "ready")) == number, "not up again")  # noqa: B023
        os.kill(of(events, "station", "ready")[-1][0].pid, signal.SIGKILL)
    until(lambda: len(of(events, "station", "ended")) == 3, "the last one has not ended")
    assert len({event.pid for event, _ in of(events, "station", "ready")}) == 3
    assert len(of(events, "station", "status")) == 1


def test_a_part_whose_program_can_be_asked_no_more_ends_with_it_and_is_loaded_again(keep, until):
    events = keep(station=LOADS)
    until(lambda: of(events, "station", "ready"), "not ready")
    pid = of(events, "station", "ready")[0][0].pid
    loader = os.getpgid(pid)
    assert loader != pid
    os.kill(loader, signal.SIGKILL)
    until(lambda: len(of(events, "station", "ready")) == 2, "not up again")
    assert len(of(events, "station", "status")) == 2
    until(lambda: not is_running(pid), "the first one still runs beside the second")


def test_a_program_that_cannot_be_loaded_is_tried_again_and_again(keep, until):
    events = keep(station=BREAKS)
    until(lambda: len(of(events, "station", "ended")) == 2, "not tried again")
    assert of(events, "station", "ended")[0][0].text == "exit code 4"


def test_a_part_without_a_sign_of_life_is_killed_and_started_again(keep, until):
    events = keep(0.6, kiosk=HANGS)
    until(lambda: len(of(events, "kiosk", "started")) == 2, "not started again")
    assert of(events, "kiosk", "hung")


def test_a_part_whose_start_takes_long_and_says_so_is_not_killed(keep, until, monkeypatch):
    monkeypatch.setattr("station.service.supervisor._START_S", 0.4)
    events = keep(one=STARTS_LONG)
    until(lambda: of(events, "one", "ready"), "killed again and again")


@pytest.mark.parametrize("program", [DIES, COMES_UP_AND_DIES])
def test_a_part_that_ends_by_itself_at_once_waits_longer_each_time_and_says_so(
    keep, until, program
):
    events = keep(station=program)
    until(lambda: len(of(events, "station", "started")) == 4, "not started four times")
    ended = [at for _, at in of(events, "station", "ended")]
    begun = [at for _, at in of(events, "station", "started")]
    for ended_s, begun_s, least_s in zip(ended, begun[1:], (0.0, 0.2, 0.4), strict=False):
        assert begun_s - ended_s >= least_s
    (told, _), *_ = of(events, "station", "waits")
    assert told.text == "ended 3 times in a row: next start in 0.4 s"


def test_a_part_that_comes_up_waits_no_longer_the_more_often_it_is_killed(keep, until, monkeypatch):
    # Never up for long, and what would grow grows beyond the patience of this test.
    monkeypatch.setattr("station.service.supervisor._HELD_S", 600.0)
    monkeypatch.setattr("station.service.supervisor._LONGEST_WAIT_S", 600.0)
    events = keep(station=LIVES)
    for number in range(1, 13):
        until(lambda: len(of(events, "station", "ready")) == number, "not up again")  # noqa: B023
        os.kill(of(events, "station", "ready")[-1][0].pid, signal.SIGKILL)


def test_parts_end_in_the_opposite_order_of_their_start(keep, until):
    events = keep(station=LIVES, kiosk=LIVES)
    until(lambda: of(events, "station", "ready") and of(events, "kiosk", "ready"), "not ready")
    keep.end()
    ended = [event.part for event, _ in events if event.what == "ended"]
    assert ended == ["kiosk", "station"]


def test_a_part_that_does_not_end_is_killed_with_the_supervisor(keep, until, monkeypatch):
    monkeypatch.setattr("station.service.supervisor._END_S", 0.1)
    events = keep(station=DEAF)
    until(lambda: of(events, "station", "ready"), "not ready")
    keep.end()
    (ended, _), *_ = of(events, "station", "ended")
    assert ended.text == "killed by signal 9"


def is_running(pid):
    try:
        # One that has died and was not waited for has none.
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False
