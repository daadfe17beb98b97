"""The audit trail of a salvaged ledger: what could not be read is told and is no forgery."""

import sqlite3
from contextlib import closing

from station.core.audit import ChainFault
from station.ledger.trail_proof import verify
from tests.ledger.damaging import FLAGS, pages_of, rows, spoil


def test_where_the_trail_is_broken_is_told_and_that_is_no_forgery(salvaged):
    def damage(path):
        spoil(path, pages_of(path, "audit")[1])

    found = salvaged(damage)
    finding = verify(found.path)
    assert finding.fault is ChainFault.DAMAGED
    gone = {number for (number,) in rows(found.path, "SELECT number FROM audit")}
    missing = sorted(set(range(1, max(gone))) - gone)
    assert finding.number == missing[0]
    assert f"rows {missing[0]}-{missing[-1]} are missing" in finding.text


def test_rows_of_the_trail_that_were_last_are_known_by_its_witness(salvaged):
    def damage(path):
        for page in pages_of(path, "audit")[1:]:
            spoil(path, page)

    found = salvaged(damage)
    assert verify(found.path).fault is ChainFault.DAMAGED
    assert found.told.gone["audit"] == FLAGS + 1 - found.told.carried["audit"]


def test_a_row_taken_out_of_a_salvaged_trail_is_still_found(salvaged):
    found = salvaged(lambda path: spoil(path, pages_of(path, "audit")[1]))
    with closing(sqlite3.connect(found.path)) as connection, connection:
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute("DELETE FROM audit WHERE number = 2")
    assert verify(found.path).fault is ChainFault.MISSING


def test_a_number_that_a_lost_step_had_and_a_new_one_has_is_no_forgery(salvaged):
    found = salvaged(lambda path: spoil(path, pages_of(path, "case_step")[-1]))
    assert found.told.gone["case_step"] > 0
    told_twice = (
        "SELECT count(*) - count(DISTINCT json_extract(details, '$.id')) FROM audit "
        "WHERE kind = 'case'"
    )
    assert rows(found.path, told_twice) == [(1,)]
    assert verify(found.path) is None
