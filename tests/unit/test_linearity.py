"""What a sweep of a source proves about a camera."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core.linearity import MissedStep, Step, Verdict, find_bend, judge

TARGETS = np.arange(34.0, 41.01, 0.25)


def sweep(respond, *, targets=TARGETS, noise_c=0.0, seed=1):
    """Steps of a camera that answers a true temperature with `respond`."""
    noise = np.random.default_rng(seed).normal(0, noise_c, len(targets)) if noise_c else 0 * targets
    return [
        Step(float(t), float(t), float(respond(t) + n), 20, 0.004, 0.18)
        for t, n in zip(targets, noise, strict=True)
    ]


def flat(low_c, high_c, slope, *, rejoin_c=None):
    """Follows the source, but with this slope between two temperatures; may rejoin the truth."""
    middle_c = (low_c + high_c) / 2
    inner = (middle_c + slope * (low_c - middle_c), middle_c + slope * (high_c - middle_c))
    if rejoin_c is None:
        before, after = low_c - inner[0], inner[1] - high_c
        return lambda t: (
            t - before
            if t < low_c
            else t + after
            if t > high_c
            else middle_c + slope * (t - middle_c)
        )
    at = (0.0, low_c - rejoin_c, low_c, high_c, high_c + rejoin_c, 100.0)
    shown = (0.0, low_c - rejoin_c, *inner, high_c + rejoin_c, 100.0)
    return lambda t: np.interp(t, at, shown)


def verdict(respond, **options):
    return judge(sweep(respond, **options)).verdict


def test_a_camera_that_follows_the_source_passes_with_its_figures():
    found = judge(sweep(lambda t: 1.005 * (t - 37) + 37.01, noise_c=0.005))
    assert found.verdict is Verdict.PASS
    assert found.reasons == ()
    assert found.slope == pytest.approx(1.005, abs=0.002)
    assert found.residual_sd_c == pytest.approx(0.005, abs=0.002)
    assert abs(found.max_deviation_c) < 0.1
    assert found.bend is None


def test_the_figures_are_those_of_least_squares():
    steps = sweep(lambda t: 0.99 * t + 0.3, noise_c=0.02)
    found = judge(steps)
    x, y = ([getattr(s, name) for s in steps] for name in ("true_c", "shown_c"))
    slope, intercept_c = np.polyfit(x, y, 1)
    assert (found.slope, found.intercept_c) == pytest.approx((slope, intercept_c))
    residuals = np.array(y) - slope * np.array(x) - intercept_c
    assert found.residual_sd_c == pytest.approx(np.sqrt((residuals**2).sum() / (len(x) - 2)))
    worst = max(steps, key=lambda s: abs(s.deviation_c))
    assert (found.max_deviation_c, found.max_deviation_at_c) == (worst.deviation_c, worst.true_c)


@pytest.mark.parametrize("slope", [0.0, 0.15, 0.5, 0.9, 0.97])
def test_readings_squeezed_around_37_are_normalising(slope):
    found = judge(sweep(lambda t: 37 + slope * (t - 37)))
    assert found.verdict is Verdict.NORMALISING
    assert "rise by only" in found.reasons[0]
    assert not any(reason.startswith("The slope is") for reason in found.reasons), "told twice"


def test_readings_pulled_to_37_between_35_and_40_that_rejoin_the_truth_are_normalising():
    assert verdict(flat(35, 40, 0.1, rejoin_c=1.0)) is Verdict.NORMALISING


@pytest.mark.parametrize("slope", [0.0, 0.3, 0.6, 0.85])
@pytest.mark.parametrize("rejoin_c", [None, 0.5, 1.5])
def test_a_camera_that_only_flattens_between_36_5_and_38_5_is_caught(slope, rejoin_c):
    found = judge(sweep(flat(36.5, 38.5, slope, rejoin_c=rejoin_c), noise_c=0.01))
    assert found.verdict is Verdict.NORMALISING
    assert found.bend.from_c < 38.0
    assert found.bend.to_c > 37.0
    assert any("readings flatten" in reason for reason in found.reasons)


def test_a_bend_within_slope_and_deviation_limits_is_caught_all_the_same():
    bent = flat(36.25, 38.0, 0.9, rejoin_c=1.5)
    found = judge(sweep(bent, noise_c=0.003))
    assert 0.98 <= found.slope <= 1.02
    assert abs(found.max_deviation_c) <= 0.1
    assert found.verdict is Verdict.NORMALISING


def test_an_s_shape_around_37_is_normalising():
    found = judge(sweep(lambda t: t - 0.4 * np.sin(np.pi * (t - 37) / 2.5)))
    assert found.verdict is Verdict.NORMALISING
    assert found.bend.slope < 0.8


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("off_c", [-1.5, -0.3, 0.3, 1.5])
def test_a_single_wrong_step_is_not_linear_but_no_normalising(target, off_c):
    found = judge(sweep(lambda t: t + (off_c if t == target else 0), noise_c=0.003))
    assert found.verdict is Verdict.NOT_LINEAR
    assert found.max_deviation_at_c == target


def test_a_steep_camera_is_not_linear():
    found = judge(sweep(lambda t: 37 + 1.03 * (t - 37)))
    assert found.verdict is Verdict.NOT_LINEAR
    assert "slope is 1.030" in found.reasons[0]


def test_an_offset_alone_is_not_linear_and_says_where_to_look():
    found = judge(sweep(lambda t: t + 0.2))
    assert found.verdict is Verdict.NOT_LINEAR
    assert "check set point and emissivity of both sources" in found.reasons[0]


@pytest.mark.parametrize(("offset_c", "is_pass"), [(0.1, True), (-0.1, True), (0.101, False)])
def test_the_limit_of_the_deviation_itself_passes(offset_c, is_pass):
    assert (verdict(lambda t: t + offset_c) is Verdict.PASS) is is_pass


@pytest.mark.parametrize(
    ("slope", "expected"),
    [
        (0.9795, Verdict.NORMALISING),
        (0.981, Verdict.PASS),
        (1.019, Verdict.PASS),
        (1.0205, Verdict.NOT_LINEAR),
    ],
)
def test_the_limits_of_the_slope(slope, expected):
    # Around the middle of the sweep, so that the deviations stay within their limit.
    assert verdict(lambda t: 37.5 + slope * (t - 37.5)) is expected


def test_missing_steps_are_incomplete_and_named_by_their_reason():
    missed = [MissedStep(t, "the reference source is lost") for t in TARGETS[-6:]]
    missed.append(MissedStep(34.0, "the source has not settled"))
    found = judge(sweep(lambda t: t, targets=TARGETS[1:-6]), missed)
    assert found.verdict is Verdict.INCOMPLETE
    assert "6 steps from 39.75 to 41.00 °C: the reference source is lost" in found.reasons[0]
    assert "34.00 °C: the source has not settled" in found.reasons[1]


def test_what_was_measured_refuses_a_camera_even_if_steps_are_missing():
    missed = [MissedStep(41.0, "the camera is lost")]
    bent = sweep(flat(36.5, 38.5, 0.2), targets=TARGETS[:-1])
    found = judge(bent, missed)
    assert found.verdict is Verdict.NORMALISING
    assert any("41.00 °C: the camera is lost" in reason for reason in found.reasons)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_sweep_of_almost_nothing_is_incomplete(count):
    found = judge(sweep(lambda t: t, targets=TARGETS[:count]))
    assert found.verdict is Verdict.INCOMPLETE
    assert found.slope is None
    assert found.reasons


def test_a_sweep_too_short_for_a_slope_passes_nobody():
    found = judge(sweep(lambda t: 36 + 0.9 * (t - 36), targets=np.arange(35.5, 36.6, 0.25)))
    assert found.verdict is Verdict.INCOMPLETE
    assert "sweep at least 5 over 2 °C" in found.reasons[0]


def test_a_few_near_steps_do_not_make_a_slope_that_refuses():
    missed = [MissedStep(float(t), "the camera is lost") for t in TARGETS[4:]]
    found = judge(sweep(lambda t: 34 + 0.9 * (t - 34), targets=TARGETS[:4]), missed)
    assert found.verdict is Verdict.INCOMPLETE


def test_a_coarse_sweep_still_shows_a_plateau():
    targets = np.arange(34.0, 41.1, 0.5)
    assert verdict(flat(36.0, 38.5, 0.1, rejoin_c=1.0), targets=targets) is Verdict.NORMALISING
    assert verdict(lambda t: t, targets=targets) is Verdict.PASS


def test_the_order_of_the_steps_does_not_matter():
    steps = sweep(flat(36.5, 38.5, 0.5), noise_c=0.01)
    assert judge(steps[::-1]) == judge(steps)


@settings(derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    slope=st.floats(0.99, 1.01),
    offset_c=st.floats(-0.03, 0.03),
    noise_c=st.floats(0.0, 0.01),
)
def test_no_noise_of_a_good_camera_refuses_it(seed, slope, offset_c, noise_c):
    steps = sweep(lambda t: 37 + slope * (t - 37) + offset_c, noise_c=noise_c, seed=seed)
    assert judge(steps).verdict is Verdict.PASS


# Little noise cannot lose the tenth of a degree that a bend needs.
@pytest.mark.parametrize(("noise_c", "sweeps"), [(0.003, 40), (0.03, 400), (0.1, 400)])
def test_noise_alone_is_no_bend(noise_c, sweeps):
    for seed in range(sweeps):
        steps = sweep(lambda t: t, noise_c=noise_c, seed=seed)
        x, y = (np.array([getattr(s, name) for s in steps]) for name in ("true_c", "shown_c"))
        assert find_bend(x, y) is None, seed


@settings(derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    low_c=st.floats(35.0, 37.5),
    width_c=st.floats(1.5, 2.5),
    slope=st.floats(0.0, 0.7),
    noise_c=st.floats(0.0, 0.015),
    rejoin_c=st.sampled_from([None, 0.5, 1.0, 2.0]),
)
def test_every_plateau_between_35_and_40_is_normalising(  # noqa: PLR0917
    seed, low_c, width_c, slope, noise_c, rejoin_c
):
    bent = flat(low_c, low_c + width_c, slope, rejoin_c=rejoin_c)
    assert verdict(bent, noise_c=noise_c, seed=seed) is Verdict.NORMALISING


@given(
    st.lists(st.tuples(st.floats(30, 45), st.floats(20, 50)), max_size=12),
    st.lists(st.floats(30, 45), max_size=3),
)
def test_any_figures_give_a_verdict_and_only_a_pass_has_no_reason(pairs, lost):
    steps = [Step(t, t, shown, 5, 0.0, 0.1) for t, shown in pairs]
    found = judge(steps, [MissedStep(t, "lost") for t in lost])
    assert (found.verdict is Verdict.PASS) == (not found.reasons)
    if lost:
        assert found.verdict is not Verdict.PASS
