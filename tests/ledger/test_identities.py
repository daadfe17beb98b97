"""Who somebody is: no row without the rule that allows it, and no byte after its time."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest

from station.core.cases import CaseState
from station.core.errors import KnownError
from station.core.identity import CollectionOrder, Identity, IdentityField, IdentityRules, admit
from station.core.ports import LedgerEntry
from station.ledger.store import SqlLedger

NAME = "ZHANG-SAN-OF-THE-TEST"
ORDER = CollectionOrder(
    order_id="wh-1",
    legal_basis="law",
    signed_by="commission",
    valid_from=date(2026, 11, 1),
    valid_until=date(2026, 11, 30),
    fields=(IdentityField.NAME,),
    keep_days=3,
)
CONFIRMED_ONLY = IdentityRules(fields=(IdentityField.NAME,), keep_days=14)


@pytest.fixture
def ledger(path):
    with SqlLedger(path) as ledger:
        yield ledger


def record_case(ledger, making, state, rules=None):
    """Record a case in this state, with an identity if rules are given; return the case."""
    entry = making.flagged(ledger)
    ledger.record(entry)
    case = replace(entry.case, state=state)
    identity = None
    if rules is not None:
        identity = admit(case, Identity(name=NAME), rules, at=making.NOON)
        case = replace(case, progress=replace(case.progress, has_identity=True))
    ledger.record(LedgerEntry(case=case, steps=entry.steps, identity=identity))
    return case


def insert(path, case, **changes):
    """Write an identity past our program, as somebody with SQL could."""
    row = {
        "case_id": case.case_id.hex,
        "name": NAME,
        "document": "",
        "telephone": "",
        "rule": "confirmed",
        "order_id": "",
        "recorded_at": "2026-11-24T12:00:00.000000Z",
        "delete_at": "2026-11-26T12:00:00.000000Z",
        **changes,
    }
    names = ", ".join(row)
    marks = ", ".join("?" for _ in row)
    with closing(sqlite3.connect(path)) as connection, connection:
        stored = connection.execute("SELECT case_id FROM case_ LIMIT 1").fetchone()[0]
        row["case_id"] = str(case.case_id) if "-" in stored else case.case_id.hex
        connection.execute(f"INSERT INTO identity ({names}) VALUES ({marks})", [*row.values()])


def on_disk(path, text):
    return any(text.encode() in file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (CaseState.OPEN, {}),
        (CaseState.REFERRED, {}),
        (CaseState.CLEARED, {}),
        (CaseState.UNRESOLVED, {}),
        (CaseState.CONFIRMED, {"rule": "order", "order_id": "nobody-s"}),
        (CaseState.CONFIRMED, {"rule": "because", "order_id": ""}),
        (CaseState.CLEARED, {"rule": "order", "order_id": "wh-1"}),
        (CaseState.OPEN, {"rule": "order", "order_id": "wh-1", "is_shared": 1}),
        (CaseState.OPEN, {"rule": "order", "order_id": "wh-1", "telephone": "139"}),
        (
            CaseState.OPEN,
            {
                "rule": "order",
                "order_id": "wh-1",
                "recorded_at": "2026-12-01T12:00:00.000000Z",
                "delete_at": "2026-12-02T12:00:00.000000Z",
            },
        ),
        (
            CaseState.OPEN,
            {"rule": "order", "order_id": "wh-1", "delete_at": "2026-11-30T12:00:00.000000Z"},
        ),
    ],
)
def test_the_file_itself_takes_no_identity_without_its_rule(ledger, path, making, state, changes):
    ledger.load_orders((ORDER,))
    case = record_case(ledger, making, state)
    with pytest.raises(sqlite3.IntegrityError):
        insert(path, case, **changes)


def test_the_file_takes_what_a_rule_allows(ledger, path, making):
    ledger.load_orders((ORDER,))
    insert(path, record_case(ledger, making, CaseState.CONFIRMED))
    insert(path, record_case(ledger, making, CaseState.OPEN), rule="order", order_id="wh-1")


def test_an_identity_past_its_time_leaves_no_byte_on_the_disk(ledger, path, making):
    case = record_case(ledger, making, CaseState.CONFIRMED, CONFIRMED_ONLY)
    assert ledger.identity(case.case_id).identity.name == NAME
    assert on_disk(path, NAME)
    end = making.NOON + timedelta(days=14)
    assert ledger.delete_expired(end - timedelta(seconds=1)) == 0
    assert ledger.delete_expired(end) == 1
    assert ledger.identity(case.case_id) is None
    assert not ledger.case(case.case_id).progress.has_identity
    assert not on_disk(path, NAME)


def test_an_identity_goes_with_the_step_that_is_taken_back(ledger, path, making):
    case = record_case(ledger, making, CaseState.CONFIRMED, CONFIRMED_ONLY)
    back = replace(case, progress=replace(case.progress, has_identity=False))
    ledger.record(LedgerEntry(case=back))
    assert ledger.identity(case.case_id) is None
    assert not on_disk(path, NAME)


def test_no_identity_is_in_an_alert_or_in_the_trail(ledger, path, making):
    record_case(ledger, making, CaseState.CONFIRMED, CONFIRMED_ONLY)
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            if table != "identity":
                rows = connection.execute(f"SELECT * FROM {table}").fetchall()
                assert NAME not in repr(rows), table


def test_a_changed_order_needs_another_name(ledger):
    ledger.load_orders((ORDER,))
    ledger.load_orders((ORDER,))
    with pytest.raises(KnownError, match="another order_id"):
        ledger.load_orders((replace(ORDER, keep_days=400),))
