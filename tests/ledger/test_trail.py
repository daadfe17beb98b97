"""The audit trail in a real file: whatever raw SQL does to it is found."""

import sqlite3
from contextlib import closing

import pytest

from station.core.audit import AuditHead, AuditKind, ChainFault, made_entry
from station.core.errors import KnownError
from station.core.handhelds import CheckVerdict, DeviceCheck
from station.core.people import Person, Role
from station.core.ports import LedgerEntry
from station.core.second_check import attach_reading
from station.ledger.migrate import MIGRATIONS, migrate
from station.ledger.store import SqlLedger
from station.ledger.trail import read_witness, witness_path
from station.ledger.trail_proof import verify
from station.ledger.trail_rows import entries_of, latest_entry, read_page

LI = Person("Li", Role.SHIFT_LEAD)


@pytest.fixture
def filled(path, making):
    """A ledger that was closed after two cases, a check and three steps about people."""
    with SqlLedger(path) as ledger:
        for number in range(3):
            entry = made_entry(making.NOON, LI, AuditKind.ACCOUNT, f"a{number}", did="add")
            ledger.record(LedgerEntry(audit=(entry,)))
            if number < 2:
                record_case(ledger, making)
        check = DeviceCheck(
            making.uuid4(), "gun-1", making.NOON, "Li", 37.0, (37.0,), 0.3, CheckVerdict.PASSED
        )
        ledger.record(LedgerEntry(check=check))
    return path


def record_case(ledger, making):
    opened = making.flagged(ledger)
    ledger.record(opened)
    case, step = attach_reading(opened.case, making.reading(), actor="Li", at=making.NOON)
    ledger.record(LedgerEntry(case=case, steps=(step,)))


def change(path, *statements):
    """Change the file as somebody would who knows SQL and our triggers."""
    with closing(sqlite3.connect(path)) as connection, connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_what_happens_is_chained_and_whole(filled):
    with SqlLedger(filled) as ledger, ledger.reading_rows() as connection:
        rows = read_page(connection, None, 100)
    assert [row.number for row in rows] == list(range(9, 0, -1))
    kinds = [row.entry.kind for row in reversed(rows)]
    assert kinds[:4] == [AuditKind.CHAIN_BEGUN, AuditKind.ACCOUNT, AuditKind.CASE, AuditKind.CASE]
    assert kinds[-2:] == [AuditKind.ACCOUNT, AuditKind.DEVICE_CHECK]
    assert (rows[0].entry.actor, rows[0].entry.subject) == ("Li", "gun-1")
    assert verify(filled) is None


def test_the_trail_is_asked_for_the_newest_step_of_a_kind_and_for_all_about_one(filled):
    with SqlLedger(filled) as ledger, ledger.reading_rows() as connection:
        assert latest_entry(connection, AuditKind.ACCOUNT).subject == "a2"
        assert latest_entry(connection, AuditKind.SHIFT) is None
        everybody = entries_of(connection, AuditKind.ACCOUNT)
        assert [entry.subject for entry in everybody] == ["a0", "a1", "a2"]
        assert entries_of(connection, AuditKind.ACCOUNT, "a1") == [everybody[1]]


def test_the_file_refuses_changes_of_rows_by_itself(filled):
    with closing(sqlite3.connect(filled)) as connection:
        for statement in ("UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "fault", "number"),
    [
        ("UPDATE audit SET actor = 'Wang' WHERE number = 5", ChainFault.ALTERED, 5),
        ("UPDATE audit SET at = replace(at, '12:', '13:') WHERE number = 2", ChainFault.ALTERED, 2),
        ("UPDATE audit SET details = '{}' WHERE number = 1", ChainFault.ALTERED, 1),
        ("DELETE FROM audit WHERE number = 4", ChainFault.MISSING, 4),
        ("DELETE FROM audit WHERE number = 1", ChainFault.MISSING, 1),
        ("DELETE FROM audit WHERE number > 6", ChainFault.CUT_OFF, 7),
        ("DELETE FROM audit", ChainFault.CUT_OFF, 1),
        (
            "INSERT INTO audit SELECT number + 1, at, 'Wang', role, kind, subject, details, digest,"
            " digest FROM audit WHERE number = 9",
            ChainFault.ALTERED,
            10,
        ),
        ("UPDATE case_step SET actor = 'Wang' WHERE step_id = 2", ChainFault.UNCHAINED, 4),
        ("UPDATE case_step SET note = '' WHERE step_id = 3", ChainFault.UNCHAINED, 6),
        ("DELETE FROM case_step WHERE step_id = 2", ChainFault.UNCHAINED, 4),
        (
            "INSERT INTO case_step (case_id, at, actor, state, note)"
            " SELECT case_id, at, actor, 'cleared', 'x' FROM case_step WHERE step_id = 1",
            ChainFault.UNCHAINED,
            0,
        ),
        ("UPDATE device_check SET verdict = 'failed'", ChainFault.UNCHAINED, 9),
    ],
)
def test_each_change_by_raw_sql_is_found_and_named(filled, statement, fault, number):
    change(filled, statement)
    found = verify(filled)
    assert (found.fault, found.number) == (fault, number)
    assert found.text.endswith(".")


def test_what_is_written_after_a_cut_does_not_hide_it(filled, making):
    change(filled, "DELETE FROM audit WHERE number > 6", "DELETE FROM case_step WHERE step_id > 3")
    with SqlLedger(filled) as ledger:
        for _ in range(4):
            record_case(ledger, making)
    found = verify(filled)
    assert found.fault is ChainFault.REWRITTEN
    assert read_witness(witness_path(filled)).number > 9


def test_a_witness_that_was_taken_away_is_told(filled):
    witness_path(filled).unlink()
    assert "is missing" in verify(filled).text
    kept = AuditHead(9, "0" * 64)
    assert verify(filled, [kept]).fault is ChainFault.REWRITTEN


def test_a_head_that_was_noted_elsewhere_is_heard(filled):
    head = read_witness(witness_path(filled))
    assert verify(filled, [head]) is None
    assert verify(filled, [AuditHead(head.number + 1, head.digest)]).fault is ChainFault.CUT_OFF


def test_a_running_ledger_can_be_verified(filled, making):
    with SqlLedger(filled) as ledger:
        record_case(ledger, making)
        assert verify(filled) is None


def test_an_entry_that_is_not_written_leaves_no_step(path, making):
    with SqlLedger(path) as ledger:
        entry = making.flagged(ledger)
        ledger.record(entry)
        with pytest.raises(Exception, match="UNIQUE"):
            ledger.record(LedgerEntry(passage=entry.passage, audit=(lone(making),)))
        ledger.record(LedgerEntry(audit=(lone(making),)))
    assert verify(path) is None


def lone(making):
    return made_entry(making.NOON, None, AuditKind.DEVICE, "source-1", set_point_c=35.0)


def test_the_chain_begins_at_the_migration_and_says_what_it_does_not_cover(
    path, making, monkeypatch
):
    older = next(i for i, step in enumerate(MIGRATIONS) if step.__name__ == "add_people")
    with SqlLedger(path) as ledger:
        record_case(ledger, making)
    # What a ledger of before looks like: the same records, and no table of people.
    dropped = [f"DROP TABLE {name}" for name in ("audit", "account", "card_salt")]
    change(path, *dropped, f"UPDATE meta SET schema_version = {older}")
    monkeypatch.setattr(migrate, "__defaults__", (MIGRATIONS[: older + 1],))
    witness_path(path).unlink()
    with SqlLedger(path) as ledger:
        record_case(ledger, making)
        with ledger.reading_rows() as connection:
            rows = read_page(connection, None, 10)
    assert rows[-1].entry.details == '{"not covered":{"case_step":2,"device_check":0}}'
    assert len(rows) == 3
    assert verify(path) is None
    change(path, "UPDATE case_step SET actor = 'Wang' WHERE step_id = 2")
    assert verify(path) is None
    change(path, "UPDATE case_step SET actor = 'Wang' WHERE step_id = 3")
    assert verify(path).fault is ChainFault.UNCHAINED


def test_a_file_that_is_no_ledger_is_a_known_error(path):
    path.write_bytes(b"no ledger" * 100)
    with pytest.raises(KnownError):
        verify(path)
