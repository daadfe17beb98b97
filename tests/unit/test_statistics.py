import pytest

from station.core.statistics import Share


def test_a_share_says_how_sure_it_is():
    # Wilson's interval of 12 of 30, as in textbooks: 24.6 % to 57.7 %.
    assert Share(12, 30).value == pytest.approx(0.4)
    assert Share(12, 30).interval == pytest.approx((0.246, 0.577), abs=0.001)


def test_nobody_of_nobody_has_no_share():
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None


def test_a_share_of_nobody_or_of_all_ends_at_zero_or_one():
    assert Share(0, 8).interval[0] == 0.0
    assert Share(8, 8).interval[1] == 1.0
    assert 0 < Share(0, 8).interval[1] < 0.5


def test_more_than_all_is_refused():
    with pytest.raises(ValueError, match="9 of 8"):
        Share(9, 8)
