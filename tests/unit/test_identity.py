"""Whether somebody may be asked who they are: never without a rule, never more than it says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from station.core.cases import CaseRefused, CaseState, Progress, Refusal
from station.core.identity import (
    CollectionOrder,
    Identity,
    IdentityField,
    IdentityRule,
    IdentityRules,
    admit,
    permit_for,
)
from tests.support import NOON, case

NAME = Identity(name="Li Na")
BOTH = Identity(name="Li Na", telephone="139")
ORDER = CollectionOrder(
    "wh-1", "law", "office", date(2026, 1, 1), date(2099, 1, 1), (IdentityField.NAME,), 3
)
OVER = replace(ORDER, valid_until=date(2026, 1, 2))
AFTER_FEVER = IdentityRules(fields=(IdentityField.NAME,), keep_days=14)
BY_ORDER = IdentityRules(orders=(OVER, ORDER))


def admitted(state, identity, rules, **about):
    return admit(case(state=state, **about), identity, rules, at=NOON)


@pytest.mark.parametrize(
    ("state", "identity", "rules"),
    [
        (CaseState.OPEN, NAME, AFTER_FEVER),
        (CaseState.REFERRED, NAME, AFTER_FEVER),
        (CaseState.UNRESOLVED, NAME, AFTER_FEVER),
        (CaseState.CONFIRMED, NAME, IdentityRules()),
        (CaseState.CONFIRMED, BOTH, AFTER_FEVER),
        (CaseState.CONFIRMED, Identity(document="1"), AFTER_FEVER),
        (CaseState.OPEN, BOTH, BY_ORDER),
        (CaseState.OPEN, NAME, IdentityRules(orders=(OVER,))),
        (CaseState.CLEARED, NAME, BY_ORDER),
    ],
)
def test_what_no_rule_allows_is_refused(state, identity, rules):
    with pytest.raises(CaseRefused) as refused:
        admitted(state, identity, rules)
    assert refused.value.refusal is Refusal.NO_RULE


@pytest.mark.parametrize(
    ("state", "rules", "rule", "days"),
    [
        (CaseState.CONFIRMED, AFTER_FEVER, IdentityRule.CONFIRMED, 14),
        (CaseState.OPEN, BY_ORDER, IdentityRule.ORDER, 3),
    ],
)
def test_what_a_rule_allows_is_kept_as_long_as_it_says(state, rules, rule, days):
    entry = admitted(state, NAME, rules)
    assert (entry.identity, entry.rule) == (NAME, rule)
    assert entry.delete_at == NOON + timedelta(days=days)


def test_nobody_is_asked_in_a_case_that_is_closed():
    with pytest.raises(CaseRefused):
        admitted(CaseState.CONFIRMED, NAME, AFTER_FEVER, progress=Progress(closed_at=NOON))


def test_nothing_asked_needs_no_rule():
    assert admitted(CaseState.OPEN, Identity(), IdentityRules()) is None


def test_an_order_holds_no_longer_than_the_sites_last_day():
    order = replace(ORDER, valid_from=date(2026, 11, 20), valid_until=date(2026, 11, 24))
    rules, zone = IdentityRules(orders=(order,)), ZoneInfo("Asia/Shanghai")
    evening = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)
    assert permit_for(case(), evening, rules, zone) is not None
    assert permit_for(case(), evening + timedelta(minutes=1), rules, zone) is None


def test_an_order_begins_when_its_first_day_has_begun_at_the_site_and_in_the_ledger():
    order = replace(ORDER, valid_from=date(2026, 11, 20))
    rules = IdentityRules(orders=(order,))
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    for zone in (ZoneInfo("Asia/Shanghai"), UTC):
        assert permit_for(case(), midnight, rules, zone) is not None
        assert permit_for(case(), midnight - timedelta(minutes=1), rules, zone) is None
    assert permit_for(case(), midnight, rules, ZoneInfo("America/New_York")) is None
