from itertools import count

import numpy as np
import pytest

from station.core.health import DriftLimits, DriftWatch, StuckWatch

LIMITS = DriftLimits(stretch_s=600.0, warn_c=0.25, block_c=1.0)


def test_a_value_that_moves_is_never_stuck():
    watch = StuckWatch(10.0, 5)
    assert not any(watch.take(float(t), 20.0 + 0.01 * (t % 2)) for t in range(100))


def test_a_value_that_stands_is_stuck_after_its_time_and_no_earlier():
    watch = StuckWatch(10.0, 5)
    told = [watch.take(float(t), 36.98) for t in range(13)]
    assert told.index(True) == 11
    assert not watch.take(13.0, 36.99)


def test_few_readings_of_a_slow_device_say_nothing_yet():
    watch = StuckWatch(10.0, 5)
    assert [watch.take(60.0 * i, 20.0) for i in range(5)] == [False] * 4 + [True]


def test_one_of_several_values_that_moves_is_enough():
    watch = StuckWatch(10.0, 5)
    assert not any(watch.take(float(t), 21.5, 40.0 + t % 2) for t in range(60))
    assert [watch.take(100.0 + t, 21.5, None) for t in range(12)][-1]


def test_what_was_before_a_loss_does_not_count():
    watch = StuckWatch(10.0, 2)
    watch.take(0.0, 1.0)
    watch.forget()
    assert not watch.take(100.0, 1.0)


def follow(watch, rate_c_per_s, seconds, *, from_s=0.0, noise_c=0.03, step_s=0.25):
    """Return at which second each change was told."""
    rng, changed = np.random.default_rng(1), []
    for i in range(int(seconds / step_s)):
        now_s = from_s + i * step_s
        if watch.take(now_s, 0.6 + rate_c_per_s * i * step_s + rng.normal(0, noise_c)):
            changed.append(now_s)
    return changed


def test_a_camera_that_creeps_by_0_3_degrees_in_ten_minutes_is_noticed_within_them():
    watch = DriftWatch(LIMITS)
    (noticed_s,) = follow(watch, 0.3 / 600, 720)
    assert noticed_s <= 660
    assert watch.is_warning and not watch.is_blocking
    assert watch.trend_c == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("rate_c_per_s", [0.0, 0.1 / 600, -0.17 / 600])
def test_noise_and_the_usual_creep_of_a_camera_are_no_news(rate_c_per_s):
    watch = DriftWatch(LIMITS)
    assert follow(watch, rate_c_per_s, 3600) == []


def test_a_source_that_cools_is_blocked_within_three_minutes():
    watch = DriftWatch(LIMITS)
    changes = follow(watch, -1.0 / 100, 240)
    assert watch.is_blocking
    assert changes[-1] <= 180


def test_the_warning_ends_when_the_trend_does():
    watch = DriftWatch(LIMITS)
    follow(watch, 0.4 / 600, 720)
    follow(watch, 0.0, 1400, from_s=720.0)
    assert not watch.is_warning
    assert abs(watch.trend_c) < 0.05


def test_a_warning_ends_only_where_the_trend_is_half_of_what_began_it():
    watch = DriftWatch(LIMITS)
    follow(watch, 0.3 / 600, 720, noise_c=0.0)
    assert watch.is_warning
    level_c, trends = 0.6 + 0.36, []
    for i in range(600):
        watch.take(720.0 + i, level_c)
        trends.append((abs(watch.trend_c), watch.is_warning))
    assert all(is_warning for trend_c, is_warning in trends if trend_c > 0.125)
    assert any(trend_c < 0.24 for trend_c, is_warning in trends if is_warning)
    assert not watch.is_warning


def test_nothing_is_compared_across_a_gap():
    watch = DriftWatch(LIMITS)
    seconds = count()
    for _ in range(300):
        watch.take(float(next(seconds)), 0.0)
    changed = [watch.take(1000.0 + i, 3.0) for i in range(300)]
    assert not any(changed)
    assert not watch.is_warning
