from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.cohort import Cohort, CrowdLimits, CrowdState
from station.core.robust import Crowd
from station.core.screening import Outcome
from tests.support import NOON

LIMITS = CrowdLimits(
    window_people=50,
    newest_people=25,
    max_age_s=7200.0,
    max_gap_s=1800.0,
    warn_c=0.7,
    warn_spreads=2.5,
    shift_c=0.3,
    shift_sigmas=4.5,
)
# One traveller every eight seconds: between four and twenty a minute.
EVERY_S = 8.0


class Shift:
    """A crowd that walks by; its spread is that of healthy people, 0.35 °C."""

    def __init__(self, limits=LIMITS, seed=1):
        self.cohort = Cohort(limits)
        self.random = np.random.default_rng(seed)
        self.now = NOON

    def walk(self, count, *, middle_c=35.4, outcome=Outcome.BELOW, febrile=0.0):
        """Let people pass; return how often each state was seen and how many were warned."""
        states, warned = [], 0
        for _ in range(count):
            self.now += timedelta(seconds=EVERY_S)
            skin_c = self.random.normal(middle_c, 0.35)
            skin_c += 1.4 if self.random.random() < febrile else 0.0
            warned += self.warning(skin_c) is not None
            said = Outcome.ABOVE if skin_c >= 36.2 else outcome
            self.cohort.take(skin_c, said, self.now)
            states.append(self.state)
        return states, warned

    def warning(self, skin_c):
        return self.cohort.warning(skin_c, self.now)

    @property
    def status(self):
        return self.cohort.status(self.now)

    @property
    def state(self):
        return self.status.state


def test_until_it_knows_fifty_people_it_says_nothing_about_anybody():
    shift = Shift()
    while shift.status.people < 49:
        shift.walk(1)
        assert shift.state is CrowdState.LEARNING
        assert shift.warning(41.0) is None
    assert (shift.status.needed, shift.status.median_c) == (50, None)
    while shift.state is CrowdState.LEARNING:
        shift.walk(1)
    assert shift.status.people == 50
    assert shift.warning(41.0) is not None


def test_a_window_of_a_handful_is_refused():
    with pytest.raises(ValueError, match="at least 50"):
        Cohort(replace(LIMITS, window_people=10))


def test_unusually_warm_needs_both_degrees_and_spreads():
    shift = Shift()
    shift.walk(120)
    crowd = shift.status
    limit_c = max(0.7, Crowd(crowd.median_c, crowd.spread_c, 50).far_c(2.5))
    assert shift.warning(crowd.median_c + limit_c - 0.01) is None
    warning = shift.warning(crowd.median_c + limit_c + 0.01)
    assert warning.excess_c == pytest.approx(limit_c + 0.01)
    assert (warning.median_c, warning.people) == (crowd.median_c, 50)


def test_a_larger_crowd_is_the_same_from_fifty_people_on_and_then_knows_itself_better():
    shift = Shift(replace(LIMITS, window_people=150))
    shift.walk(49)
    assert shift.state is CrowdState.LEARNING
    shift.walk(10)
    assert (shift.state, shift.status.needed) == (CrowdState.WATCHING, 50)
    shift.walk(400)
    assert shift.status.people == 150
    assert shift.warning(41.0).people == 150


def test_a_crowd_of_equal_people_needs_the_degrees():
    cohort = Cohort(LIMITS)
    for i in range(60):
        cohort.take(35.0, Outcome.BELOW, NOON + timedelta(seconds=i))
    at = NOON + timedelta(seconds=60)
    assert cohort.warning(35.69, at) is None
    assert cohort.warning(35.71, at) is not None


def test_flagged_people_never_become_the_norm():
    shift, same = Shift(), Shift()
    shift.walk(60)
    same.walk(60)
    for _ in range(3):
        shift.cohort.take(37.5, Outcome.ABOVE, shift.now)
    assert shift.status == same.status


def test_people_not_measured_tell_nothing():
    cohort = Cohort(LIMITS)
    cohort.take(35.0, Outcome.NOT_MEASURED, NOON)
    cohort.take(float("nan"), Outcome.BELOW, NOON)
    assert cohort.status(NOON).people == 0
    assert cohort.warning(float("nan"), NOON) is None


def test_a_crowd_that_becomes_warm_freezes_the_norm_instead_of_moving_it():
    shift = Shift()
    shift.walk(150)
    before = shift.status
    states, warned = shift.walk(60, middle_c=35.95)
    assert CrowdState.FROZEN in states[:40]
    frozen = shift.status
    assert frozen.state is CrowdState.FROZEN
    assert abs(frozen.median_c - before.median_c) < 0.15
    assert frozen.shift_c == pytest.approx(0.55, abs=0.2)
    assert NOON < frozen.frozen_since <= shift.now
    assert warned >= 3, "the warm group is still measured against the people before it"


def test_a_crowd_of_whom_many_are_flagged_has_shifted_too():
    shift = Shift()
    shift.walk(100)
    states, _ = shift.walk(40, middle_c=36.6)
    assert CrowdState.FROZEN in states


def test_a_crowd_that_becomes_cold_freezes_the_norm():
    shift = Shift()
    shift.walk(150)
    states, _ = shift.walk(40, middle_c=34.8)
    assert CrowdState.FROZEN in states
    assert shift.status.shift_c < -0.3


def test_it_opens_again_when_the_crowd_is_back():
    shift = Shift()
    shift.walk(150)
    shift.walk(40, middle_c=36.0)
    assert shift.state is CrowdState.FROZEN
    states, _ = shift.walk(60)
    assert states[-1] is CrowdState.WATCHING
    assert shift.status.frozen_since is None


def test_a_crowd_that_has_not_come_back_as_far_as_half_the_shift_stays_frozen():
    shift = Shift()
    shift.walk(150)
    shift.walk(40, middle_c=36.0)
    states, _ = shift.walk(60, middle_c=35.4 + 0.28)
    assert set(states[-30:]) == {CrowdState.FROZEN}


def test_if_the_crowd_never_comes_back_it_learns_the_new_one_when_the_old_people_expire():
    shift = Shift(seed=3)
    shift.walk(150)
    shift.walk(40, middle_c=34.6)
    assert shift.state is CrowdState.FROZEN
    frozen_at = shift.now
    states, _ = shift.walk(1000, middle_c=34.6)
    thawed = states.index(CrowdState.LEARNING)
    assert timedelta(seconds=thawed * EVERY_S) < timedelta(seconds=LIMITS.max_age_s)
    assert shift.now - frozen_at > timedelta(seconds=LIMITS.max_age_s)
    assert shift.state is CrowdState.WATCHING
    assert shift.status.median_c == pytest.approx(34.6, abs=0.2)


def test_a_shift_while_it_learns_makes_it_learn_anew():
    shift = Shift()
    shift.walk(45)
    states, _ = shift.walk(30, middle_c=36.4 - 1.6)
    assert CrowdState.FROZEN not in states
    assert CrowdState.LEARNING in states[10:]
    assert shift.status.people < 50
    shift.walk(50, middle_c=34.8)
    assert shift.state is CrowdState.WATCHING
    assert shift.status.median_c == pytest.approx(34.8, abs=0.2)


def test_a_steady_crowd_hardly_ever_freezes_it_and_seldom_brings_a_warning():
    """Stated: at most 1 freeze in 2,000 people, and 1 % of them warned (seeded)."""
    shift = Shift(seed=11)
    states, warned = shift.walk(4000, febrile=0.005)
    begun = sum(
        now is CrowdState.FROZEN and was is not CrowdState.FROZEN for was, now in pairwise(states)
    )
    assert begun <= 2
    assert states.count(CrowdState.FROZEN) <= 0.02 * len(states)
    assert warned <= 0.015 * len(states)


def test_old_people_expire_and_a_break_begins_a_new_shift():
    shift = Shift()
    shift.walk(60)
    shift.now += timedelta(hours=2, seconds=1)
    assert shift.status.people == 0
    assert shift.warning(41.0) is None

    shift = Shift()
    shift.walk(60)
    shift.now += timedelta(minutes=31)
    shift.walk(1)
    assert shift.status.people == 1


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_jumps_makes_it_learn_anew(hours):
    shift = Shift()
    shift.walk(60)
    shift.now += timedelta(hours=hours)
    assert shift.state is CrowdState.LEARNING
    shift.walk(2)
    assert shift.status.people == 2


def test_a_restart_forgets_everybody():
    shift = Shift()
    shift.walk(60)
    shift.cohort.restart()
    assert shift.status.people == 0


steps = st.tuples(
    st.floats(30.0, 42.0) | st.just(float("nan")),
    st.sampled_from(list(Outcome)),
    st.floats(-4000.0, 4000.0),
)


@given(st.lists(steps, max_size=160), st.integers(0, 3))
def test_no_history_breaks_it_or_makes_it_speak_of_too_few(history, repeats):
    cohort, now = Cohort(LIMITS), NOON
    for _ in range(repeats):
        for i in range(30):
            cohort.take(35.0 + i / 100, Outcome.BELOW, now)
    for skin_c, outcome, later_s in history:
        now += timedelta(seconds=later_s)
        cohort.take(skin_c, outcome, now)
        status, warning = cohort.status(now), cohort.warning(41.9, now)
        is_learning = status.state is CrowdState.LEARNING
        assert is_learning == (status.people < 50) == (status.median_c is None)
        assert (status.state is CrowdState.FROZEN) == (status.frozen_since is not None)
        if is_learning:
            assert warning is None
