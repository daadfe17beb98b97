"""The kiosk measures itself whether its window answers."""

import logging

import pytest

from ui.pulse import BLOCKED_S, Pulse


class Clock:
    now_s = 0.0
    used_s = 0.0


def beat(pulse: Pulse, clock: Clock, waited_s: float, used_s: float = 0.001) -> None:
    clock.now_s += waited_s
    clock.used_s += used_s
    pulse.beat()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pulse(clock: Clock) -> Pulse:
    return Pulse(lambda: clock.now_s, lambda: clock.used_s)


def test_a_window_that_answers_is_told_as_such(pulse: Pulse, clock: Clock) -> None:
    for _ in range(100):
        beat(pulse, clock, 0.012)
    assert (pulse.beats, pulse.blocked) == (100, [])
    assert pulse.longest_s == pytest.approx(0.012)


def test_a_wait_is_counted_with_its_own_work(
    pulse: Pulse, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    beat(pulse, clock, 0.01)
    with caplog.at_level(logging.WARNING):
        beat(pulse, clock, 0.09, 0.07)
        beat(pulse, clock, 0.06, 0.002)
    assert [round(wait_s, 3) for wait_s, _ in pulse.blocked] == [0.09, 0.06]
    assert [used_s > BLOCKED_S for _, used_s in pulse.blocked] == [True, False]
    assert len(caplog.records) == 1
    assert "90 ms" in caplog.text


def test_it_begins_anew_when_told(pulse: Pulse, clock: Clock) -> None:
    beat(pulse, clock, 0.01)
    beat(pulse, clock, 1.0)
    pulse.forget()
    beat(pulse, clock, 5.0)
    beat(pulse, clock, 0.01)
    assert (pulse.beats, pulse.blocked) == (2, [])
