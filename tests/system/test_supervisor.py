"""The supervisor with small processes that die, hang and end in order."""

import os
import signal
import sys
import threading
import time
from itertools import pairwise

import pytest

from station.service.supervisor import Part, Supervisor, _Running

pytestmark = pytest.mark.system

_SAY = """
import os, socket, sys, time
def say(word):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.sendto(word.encode(), os.environ["NOTIFY_SOCKET"])
"""
LIVES = _SAY + "say('READY=1')\nwhile True:\n    say('WATCHDOG=1')\n    time.sleep(0.05)\n"
HANGS = _SAY + "say('READY=1')\ntime.sleep(60)\n"
WAITS = (
    _SAY
    + "say('STATUS=loaded')\nif sys.stdin.readline():\n    "
    + ("say('READY=1')\n    while True:\n        say('WATCHDOG=1')\n        time.sleep(0.05)\n")
)
DIES = "import sys; sys.exit(3)\n"


@pytest.fixture
def keep(tmp_path):
    """Run a supervisor over programs in a thread; `end` stops it as SIGTERM does."""
    stop, threads = threading.Event(), []

    def run(watchdog_s=60.0, **programs):
        events = []
        parts = [
            Part(name, [sys.executable, "-S", "-c", code], watchdog_s, waits=code is WAITS)
            for name, code in programs.items()
        ]
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


def test_a_part_that_waits_has_a_spare_which_is_loaded_before_it_is_needed(
    keep, until, monkeypatch
):
    monkeypatch.setattr("station.service.supervisor._SPARE_AFTER_S", 0.0)
    events = keep(station=WAITS)
    until(lambda: len(of(events, "station", "status")) == 2, "no spare is loaded")
    assert len(of(events, "station", "started")) == 1
    os.kill(of(events, "station", "ready")[0][0].pid, signal.SIGKILL)
    until(lambda: len(of(events, "station", "ready")) == 2, "not started again")
    until(lambda: len(of(events, "station", "status")) == 3, "no other spare is loaded")
    (_, ended_s), *_ = of(events, "station", "ended")
    (_, first_s), (_, again_s) = of(events, "station", "ready")
    _, spare_s = of(events, "station", "status")[1]
    assert first_s <= spare_s < ended_s <= again_s
    keep.end()
    assert len(of(events, "station", "ended")) == 2


def test_a_part_without_a_sign_of_life_is_killed_and_started_again(keep, until):
    events = keep(0.6, kiosk=HANGS)
    until(lambda: len(of(events, "kiosk", "started")) == 2, "not started again")
    assert of(events, "kiosk", "hung")


def test_a_part_that_dies_at_once_waits_longer_each_time(keep, until):
    events = keep(station=DIES)
    until(lambda: len(of(events, "station", "started")) == 4, "not started four times")
    at_s = [at for _, at in of(events, "station", "started")]
    waits_s = [later - earlier for earlier, later in pairwise(at_s)]
    for wait_s, least_s in zip(waits_s, (0.0, 0.2, 0.4), strict=True):
        assert wait_s >= least_s


def test_a_part_that_dies_at_once_never_waits_longer_than_eight_seconds(
    tmp_path,
):
    part = _Running(Part("station", [sys.executable, "-S", "-c", DIES], 60.0), tmp_path, print)
    now_s, waits_s = 0.0, []
    for _ in range(9):
        part.look(now_s)
        part._process.wait(60)
        part.look(now_s)
        waits_s.append(part._due_s - now_s)
        now_s = part._due_s
    part.close()
    assert waits_s[:4] == pytest.approx([0.0, 0.2, 0.4, 0.8])
    assert waits_s[-2:] == pytest.approx([8.0, 8.0])


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
