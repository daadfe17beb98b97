import pytest

from station.evaluation.loop_figures import growth_exponent, loop_figures, per_face_ms


def figures(shape, cost_ms, *, faces, floor_ms=0.05):
    costs = [cost_ms / 1e3] * 99 + [10 * cost_ms / 1e3]
    return loop_figures(shape, costs, [floor_ms / 1e3] * 100, faces=faces, readings=faces)


def test_costs_are_told_in_floors():
    case = figures((480, 640), 2.0, faces=10)
    assert case.median_ratio == pytest.approx(40)
    assert case.mean_ratio == pytest.approx(40 * 1.09)
    assert case.p99_ratio > case.mean_ratio


def test_a_further_face_costs_the_difference_by_the_number_of_faces():
    few, many = figures((480, 640), 2.0, faces=1), figures((480, 640), 3.45, faces=30)
    assert per_face_ms(few, many) == pytest.approx(0.05)


def test_a_cost_that_doubles_with_the_pixels_grows_linearly():
    small, large = figures((480, 640), 2.0, faces=10), figures((960, 640), 4.0, faces=10)
    assert growth_exponent(small, large) == pytest.approx(1.0)


def test_nothing_timed_is_no_figure():
    with pytest.raises(ValueError, match="nothing"):
        loop_figures((1, 1), [], [], faces=0, readings=0)
