from dataclasses import replace
from datetime import date

import pytest

from station.core.extraction import RejectReason, Site
from station.core.screening import (
    Comparison,
    Measurement,
    Outcome,
    decide,
    not_measured,
    policy_on,
)
from tests.support import POLICY


def outcome(skin_c, policy=POLICY):
    return decide(Measurement(skin_c, 0.2, Site.INNER_CANTHUS, 9, 0.9, False), policy).outcome


@pytest.mark.parametrize(
    ("skin_c", "expected"),
    [
        (36.21, Outcome.ABOVE),
        (36.2, Outcome.ABOVE),
        (36.19, Outcome.REPEAT),
        (36.01, Outcome.REPEAT),
        (35.99, Outcome.BELOW),
        (34.0, Outcome.BELOW),
        (41.0, Outcome.ABOVE),
    ],
)
def test_a_reading_is_placed_against_threshold_and_guard_band(skin_c, expected):
    assert outcome(skin_c) is expected


def test_whether_the_threshold_itself_is_flagged_is_the_policys_word():
    above_only = replace(POLICY, skin_comparison=Comparison.ABOVE)
    assert outcome(36.2, above_only) is Outcome.REPEAT
    assert outcome(36.2) is Outcome.ABOVE


def test_without_a_policy_nothing_is_below():
    answer = decide(Measurement(35.0, 0.2, Site.INNER_CANTHUS, 9, 0.9, False), None)
    assert answer.outcome is Outcome.NOT_MEASURED
    assert answer.reasons == (RejectReason.NO_POLICY,)


def test_a_policy_holds_from_its_first_to_its_last_day():
    assert policy_on([POLICY], date(2026, 1, 1)) is POLICY
    assert policy_on([POLICY], date(2026, 12, 31)) is POLICY
    assert policy_on([POLICY], date(2025, 12, 31)) is None
    assert policy_on([POLICY], date(2027, 1, 1)) is None


def test_the_latest_policy_in_force_replaces_the_older_one():
    newer = replace(POLICY, policy_id="order-8", valid_from=date(2026, 6, 1))
    assert policy_on([newer, POLICY], date(2026, 7, 1)) is newer
    assert policy_on([newer, POLICY], date(2026, 5, 1)) is POLICY


def test_doubt_always_has_a_reason():
    with pytest.raises(ValueError, match="reason"):
        not_measured((), POLICY)
