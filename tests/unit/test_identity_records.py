"""Who a traveller is: taken under a rule, kept by the ledger alone, gone when the time is over."""

from contextlib import closing
from datetime import timedelta
from uuid import UUID

import pytest

from station.core.cases import CaseState, Refusal
from station.core.commands import RegisterCase, ResolveCase, TakeBack
from station.core.events import CaseChanged
from station.core.identity import Identity, IdentityRule
from station.runtime.case_watch import DeleteExpired
from tests.support import NOON
from tests.unit.records_making import JOURNEY, Desk, confirmed, flag, refusal, registered, steps_of


@pytest.fixture
def desk(tmp_path):
    with closing(Desk(tmp_path / "ledger.sqlite")) as desk:
        yield desk


def test_an_identity_is_kept_by_the_ledger_alone_and_under_the_rule_that_allows_it(desk):
    case_id = confirmed(desk)
    registered(desk, case_id, Identity(name="Zhang San", document="110101"))
    kept = desk.ledger.identity(case_id)
    assert (kept.identity.name, kept.rule) == ("Zhang San", IdentityRule.CONFIRMED)
    assert desk.of(CaseChanged)[0].case.progress.has_identity
    assert "Zhang" not in repr(desk.events)
    assert all(b"Zhang" not in item.payload for item in desk.outbox.waiting(20))
    assert all("Zhang" not in note for _, note in steps_of(desk.path))


def test_what_no_rule_allows_is_not_taken(desk):
    case_id = confirmed(desk)
    command = RegisterCase(UUID(int=20), case_id, JOURNEY, Identity(telephone="139"))
    assert refusal(desk, command) is Refusal.NO_RULE
    assert desk.ledger.identity(case_id) is None


def test_an_order_allows_what_it_names_while_it_is_in_force(desk):
    desk.do(flag())
    case_id = desk.of(CaseChanged)[0].case.case_id
    desk.do(ResolveCase(UUID(int=2), case_id, CaseState.UNRESOLVED, ""))
    registered(desk, case_id, Identity(telephone="139"))
    kept = desk.ledger.identity(case_id)
    assert (kept.rule, kept.order_id) == (IdentityRule.ORDER, "order-9")
    desk.time = NOON + timedelta(days=1)
    later = RegisterCase(UUID(int=21), case_id, JOURNEY, Identity(telephone="139"))
    assert refusal(desk, later) is Refusal.NO_RULE


def test_an_identity_whose_verdict_is_taken_back_is_deleted_with_its_rule(desk):
    case_id = confirmed(desk)
    registered(desk, case_id, Identity(name="Zhang San"))
    desk.do(TakeBack(UUID(int=5), case_id))
    assert desk.ledger.identity(case_id) is None
    assert b"Zhang" not in bytes_of(desk.path)


def bytes_of(path):
    return b"".join(one.read_bytes() for one in path.parent.iterdir() if one.is_file())


def test_an_identity_is_gone_from_the_disk_when_its_time_is_over(desk):
    case_id = confirmed(desk)
    registered(desk, case_id, Identity(name="Zhang San"))
    assert b"Zhang" in bytes_of(desk.path)
    desk.do(DeleteExpired(NOON + timedelta(days=13)))
    assert desk.ledger.identity(case_id) is not None
    desk.do(DeleteExpired(NOON + timedelta(days=14)))
    assert desk.ledger.identity(case_id) is None
    assert not desk.ledger.case(case_id).progress.has_identity
    assert b"Zhang" not in bytes_of(desk.path)
