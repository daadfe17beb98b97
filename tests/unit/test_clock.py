import ctypes
import sys
from datetime import UTC, datetime, timedelta

import pytest

from station.core.clock_quality import ClockQuality, JumpWatch
from station.core.events import DeviceState
from station.core.health import DeviceDoubt
from station.runtime import clock
from station.runtime.clock import SystemClock, is_synchronised
from station.runtime.clock_watch import ClockWatch

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def judge(watch, wall_s, monotonic_s, says=True):
    return watch.judge(NOON + timedelta(seconds=wall_s), monotonic_s, says)


@pytest.mark.parametrize(
    ("says", "quality"),
    [
        (True, ClockQuality.SYNCHRONISED),
        (False, ClockQuality.NOT_KNOWN),
        (None, ClockQuality.NOT_KNOWN),
    ],
)
def test_only_a_system_that_says_so_has_a_synchronised_clock(says, quality):
    assert judge(JumpWatch(), 0, 100, says) is quality


@pytest.mark.parametrize("jump_s", [-3600, 3, 86_400])
def test_a_clock_that_was_set_is_told_for_an_hour_even_when_it_is_right_again(jump_s):
    watch = JumpWatch()
    judge(watch, 0, 100)
    assert judge(watch, 10 + jump_s, 110) is ClockQuality.JUMPED
    assert judge(watch, 3600 + jump_s, 3700) is ClockQuality.JUMPED
    assert judge(watch, 3611 + jump_s, 3711) is ClockQuality.SYNCHRONISED


@pytest.mark.parametrize(
    ("newest_s", "quality"),
    [
        (-60, ClockQuality.SYNCHRONISED),
        (60, ClockQuality.JUMPED),
        (None, ClockQuality.SYNCHRONISED),
    ],
)
def test_a_clock_that_starts_before_what_was_kept_last_was_set_back(newest_s, quality):
    watch = JumpWatch()
    newest = None if newest_s is None else NOON + timedelta(seconds=newest_s)
    watch.begin(NOON, 100, newest)
    assert judge(watch, 1, 101) is quality


def test_a_jump_before_anybody_asked_is_noticed():
    watch = JumpWatch()
    watch.begin(NOON, 100, None)
    assert judge(watch, 3600, 110) is ClockQuality.JUMPED


def test_staff_are_told_that_the_clock_was_set_and_when_that_is_over():
    qualities = [ClockQuality.NOT_KNOWN, ClockQuality.JUMPED, ClockQuality.JUMPED]
    qualities.append(ClockQuality.NOT_KNOWN)
    told = []

    class Clock(SystemClock):
        def quality(self):
            return qualities.pop(0)

    sink = type("Sink", (), {"emit": staticmethod(told.append)})
    watch = ClockWatch(Clock(), sink, lambda _: False)
    for _ in range(4):
        watch.step()
    assert [(one.device_id, one.state, one.doubt) for one in told] == [
        ("clock", DeviceState.DOUBTFUL, DeviceDoubt.CLOCK_SET),
        ("clock", DeviceState.READY, None),
    ]


def test_a_clock_that_is_steered_slowly_has_not_jumped():
    watch = JumpWatch()
    for minute in range(100):
        assert judge(watch, minute * 60.03, minute * 60) is ClockQuality.SYNCHRONISED


def answering(monkeypatch, state, status=0):
    class Library:
        @staticmethod
        def adjtimex(pointer):
            pointer._obj.status = status
            return state

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Library)


@pytest.mark.skipif(sys.platform != "linux", reason="adjtimex is Linux's")
@pytest.mark.parametrize(
    ("state", "status", "said"),
    [(0, 0, True), (0, 0x2001, True), (5, 0, False), (0, 0x40, False), (-1, 0, None)],
)
def test_the_kernels_flags_say_whether_the_clock_is_kept(monkeypatch, state, status, said):
    answering(monkeypatch, state, status)
    assert is_synchronised() is said


def test_the_systems_own_clock_is_asked_without_a_fault():
    assert is_synchronised() in {True, False, None}
    assert SystemClock().quality() in set(ClockQuality)


def test_a_system_without_the_call_tells_nothing(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert is_synchronised() is None
    monkeypatch.setattr(clock.sys, "platform", "win32")
    assert is_synchronised() is None
    assert SystemClock().quality() is ClockQuality.NOT_KNOWN
