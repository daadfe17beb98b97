import numpy as np
import pytest

from station.core.robust import crowd_of, difference


def people(seed, count, middle_c=35.4, spread_c=0.35):
    return np.random.default_rng(seed).normal(middle_c, spread_c, count)


def test_a_few_people_with_fever_do_not_move_the_crowd():
    calm = crowd_of(people(1, 50))
    feverish = crowd_of(np.concatenate([people(1, 50), [38.5] * 4]))
    assert abs(feverish.median_c - calm.median_c) < 0.06
    assert feverish.spread_c < 1.25 * calm.spread_c


def test_the_spread_of_a_normal_crowd_is_its_standard_deviation():
    assert crowd_of(people(2, 1000)).spread_c == pytest.approx(0.35, rel=0.05)


@pytest.mark.parametrize("count", [50, 150])
def test_as_few_healthy_people_as_stated_lie_far_out_however_small_the_crowd_is(count):
    """2.5 spreads: 0.62 % of a normal crowd, whose median and spread nobody knows for certain."""
    random = np.random.default_rng(3)
    out = []
    for _ in range(500):
        crowd = crowd_of(random.normal(35.4, 0.35, count))
        out.append(np.mean(random.normal(35.4, 0.35, 200) > crowd.median_c + crowd.far_c(2.5)))
    assert np.mean(out) == pytest.approx(0.0062, abs=0.0015)


def test_a_crowd_that_agrees_perfectly_still_has_the_noise_of_a_pixel():
    assert crowd_of(np.full(60, 35.0)).spread_c > 0


def test_the_stated_uncertainty_of_a_difference_is_the_scatter_of_repetitions():
    found = [difference([(people(i, 60, 35.6), people(10_000 + i, 40))]) for i in range(400)]
    values = np.array([one.value_c for one in found])
    assert values.mean() == pytest.approx(0.2, abs=0.015)
    assert np.mean([one.u_c for one in found]) == pytest.approx(values.std(), rel=0.12)


def test_small_groups_do_not_make_a_difference_look_surer_than_it_is():
    random = np.random.default_rng(8)
    found = [
        difference([(random.normal(35, 0.35, 5), random.normal(35, 0.35, 5)) for _ in range(8)])
        for _ in range(400)
    ]
    scatter = np.std([one.value_c for one in found])
    assert np.mean([one.u_c for one in found]) == pytest.approx(scatter, rel=0.1)


def test_what_both_groups_of_a_stratum_have_in_common_does_not_count():
    cold, warm = people(1, 200, 34.4), people(2, 20, 34.4)
    later_cold, later_warm = people(3, 20, 36.0), people(4, 200, 36.0)
    apart = difference([(cold, warm), (later_cold, later_warm)])
    assert abs(apart.value_c) < 3 * apart.u_c
    mixed = difference([(np.concatenate([cold, later_cold]), np.concatenate([warm, later_warm]))])
    assert abs(mixed.value_c) > 0.5


def test_nobody_cannot_be_compared():
    with pytest.raises(ValueError, match="people in both groups"):
        difference([(people(1, 5), people(2, 0))])
