"""Readings that are typed in, and the daily check of a thermometer."""

from datetime import timedelta
from uuid import UUID

import pytest

from station.core.cases import BodyReading, CaseRefused, ReadingMode, Refusal, TrustClass
from station.core.handhelds import (
    TYPED,
    CheckVerdict,
    check_device,
    is_checked,
    typed_reading,
)
from tests.support import NOON

ID = UUID(int=7)


def shown(*values_c, trust=TrustClass.FOREHEAD, mode=ReadingMode.SURFACE, device="gun-1"):
    return [
        BodyReading(UUID(int=i), NOON, value_c, mode, device, True, trust)
        for i, value_c in enumerate(values_c)
    ]


def check(readings, reference_c=37.0):
    return check_device(ID, reference_c, readings, actor="li", at=NOON)


def test_a_reading_typed_twice_alike_is_a_second_reading_with_its_kind_of_thermometer():
    reading = typed_reading(ID, 38.4, 38.4, TrustClass.TYMPANIC, at=NOON)
    assert (reading.device_id, reading.body_c, reading.trust) == (TYPED, 38.4, TrustClass.TYMPANIC)
    assert reading.may_decide


@pytest.mark.parametrize(
    ("first_c", "second_c", "trust", "refusal"),
    [
        (38.4, 34.8, TrustClass.CONTACT, Refusal.TYPED_APART),
        (99.1, 99.1, TrustClass.CONTACT, Refusal.TYPED_IMPLAUSIBLE),
        (3.7, 3.7, TrustClass.CONTACT, Refusal.TYPED_IMPLAUSIBLE),
        (float("nan"), float("nan"), TrustClass.CONTACT, Refusal.TYPED_APART),
        (37.0, 37.0, TrustClass.SURFACE, Refusal.NO_BODY_TEMPERATURE),
    ],
)
def test_what_is_typed_wrong_is_no_reading(first_c, second_c, trust, refusal):
    with pytest.raises(CaseRefused) as refused:
        typed_reading(ID, first_c, second_c, trust, at=NOON)
    assert refused.value.refusal is refusal


def test_a_surface_instrument_never_decides_whatever_mode_it_claims():
    (reading,) = shown(38.0, trust=TrustClass.SURFACE, mode=ReadingMode.BODY)
    assert not reading.may_decide


@pytest.mark.parametrize(
    ("trust", "off_c", "verdict"),
    [
        (TrustClass.FOREHEAD, 0.3, CheckVerdict.PASSED),
        (TrustClass.FOREHEAD, 0.4, CheckVerdict.FAILED),
        (TrustClass.TYMPANIC, 0.2, CheckVerdict.PASSED),
        (TrustClass.TYMPANIC, -0.3, CheckVerdict.FAILED),
        (TrustClass.CONTACT, 0.2, CheckVerdict.PASSED),
        (TrustClass.SURFACE, -0.4, CheckVerdict.PASSED),
    ],
)
def test_a_thermometer_passes_within_the_limit_of_its_kind(trust, off_c, verdict):
    found = check(shown(37.0, round(37.0 + off_c, 1), 37.1, trust=trust))
    assert found.verdict is verdict
    assert found.worst_c == pytest.approx(off_c)


@pytest.mark.parametrize(
    ("readings", "reference_c"),
    [
        (shown(37.0, 37.0), 37.0),
        (shown(37.0, 37.0) + shown(37.0, device="gun-2"), 37.0),
        (shown(37.0, 37.0, 37.0), 21.0),
        (shown(37.0, 37.0, 37.0), float("nan")),
        (shown(37.0, 37.0, 37.0, mode=ReadingMode.BODY), 37.0),
        ([], 37.0),
    ],
)
def test_readings_that_prove_nothing_are_no_check(readings, reference_c):
    with pytest.raises(CaseRefused) as refused:
        check(readings, reference_c)
    assert refused.value.refusal is Refusal.NO_CHECK


def test_a_passed_check_holds_for_a_day_and_a_failed_one_never():
    passed, failed = check(shown(37.0, 37.0, 37.0)), check(shown(37.0, 37.0, 38.0))
    assert is_checked(passed, NOON + timedelta(hours=23))
    assert not is_checked(passed, NOON + timedelta(hours=25))
    assert not is_checked(passed, NOON - timedelta(hours=1))
    assert not is_checked(failed, NOON)
    assert not is_checked(None, NOON)
