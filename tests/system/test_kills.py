"""A short kill campaign, and that its laws are noticed when they are broken."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from station.cdc.store import InboxStore
from station.core.cases import CaseState
from station.ledger.store import SqlLedger
from tests.kills import judge
from tests.kills.run import campaign

pytestmark = pytest.mark.system


@pytest.mark.timeout(240)
def test_nothing_is_lost_and_the_kiosk_is_at_the_same_case_after_kills():
    outcome = campaign(4, seed=12)
    # How long a return takes depends on what else the machine does: `python -m tests.kills` judges.
    assert [text for text in outcome.failures if " late: " not in text] == []
    assert set(outcome.figures["kills"]) == {"station", "kiosk"}
    assert outcome.figures["told"]["passages"] > 0
    assert outcome.figures["told"]["readings"] > 0


@pytest.fixture
def ledger_path(tmp_path, making):
    path = tmp_path / "ledger.sqlite"
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
    return path


def heard(**told):
    return SimpleNamespace(passages=set(), readings={}, told=[], **told)


def test_a_row_that_was_told_and_is_missing_is_noticed(ledger_path):
    witness = heard()
    witness.passages.add(uuid4())
    witness.readings[uuid4()] = object()
    witness.told.append((uuid4(), CaseState.OPEN, frozenset()))
    assert len(list(judge.lost_rows(ledger_path, witness))) == 3


def test_a_verdict_that_was_told_and_is_not_in_the_trail_is_noticed(ledger_path):
    with SqlLedger(ledger_path) as ledger:
        (case,) = ledger.unfinished_cases()
    witness = heard()
    witness.told += [(case.case_id, state, frozenset()) for state in (CaseState.OPEN,)]
    assert list(judge.lost_rows(ledger_path, witness)) == []
    witness.told.append((case.case_id, CaseState.CONFIRMED, frozenset()))
    assert len(list(judge.lost_rows(ledger_path, witness))) == 1


def test_a_trigger_counts_only_while_the_gun_is_ready(ledger_path):
    ready = heard(gun=[(0.0, True)])
    away = heard(gun=[(0.0, True), (10.5, False), (14.0, True)])
    assert len(list(judge.lost_triggers(ledger_path, [(10.0, 38.6)], ready))) == 1
    assert list(judge.lost_triggers(ledger_path, [(10.0, 38.6)], away)) == []


def test_an_alert_that_is_not_at_the_cdc_is_noticed(ledger_path, tmp_path):
    InboxStore(tmp_path / "cdc.sqlite").close()
    assert len(list(judge.undelivered(ledger_path, tmp_path / "cdc.sqlite"))) == 1
