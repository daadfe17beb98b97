from dataclasses import replace
from datetime import UTC, datetime

import pytest

from station.core.audit import (
    AuditHead,
    AuditKind,
    ChainFault,
    canonical,
    digest_of,
    first_fault,
    made_entry,
    next_row,
)
from station.core.people import Person, Role

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LI = Person("李娜", Role.SHIFT_LEAD)


def chain(length=6):
    rows, head = [], None
    for number in range(length):
        entry = made_entry(NOON, LI, AuditKind.ACCOUNT, f"a{number}", did="add", role=None)
        rows.append(next_row(head, entry))
        head = AuditHead(rows[-1].number, rows[-1].digest)
    return rows


def recomputed(rows):
    """Write a chain anew from the first row that does not fit, as somebody who knows how would."""
    result, previous = [], rows[0].previous
    for row in rows:
        digest = digest_of(row.number, row.entry, previous)
        result.append(replace(row, previous=previous, digest=digest))
        previous = digest
    return result


def head_of(rows):
    return AuditHead(rows[-1].number, rows[-1].digest)


def test_a_whole_chain_has_no_fault():
    rows = chain()
    assert first_fault(rows, [head_of(rows), head_of(rows[:3])]) is None
    assert first_fault([]) is None


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOON.replace(hour=13)},
        {"actor": "Wang"},
        {"role": "operator"},
        {"kind": AuditKind.CASE},
        {"subject": "a9"},
        {"details": canonical({"did": "block"})},
    ],
)
def test_an_altered_row_is_named(change):
    rows = chain()
    rows[3] = replace(rows[3], entry=replace(rows[3].entry, **change))
    found = first_fault(rows)
    assert (found.fault, found.number) == (ChainFault.ALTERED, 4)


def test_a_deleted_row_is_named():
    rows = chain()
    del rows[2]
    found = first_fault(rows)
    assert (found.fault, found.number) == (ChainFault.MISSING, 3)


def test_a_row_altered_with_its_own_digest_does_not_fit_the_next():
    rows = chain()
    entry = replace(rows[2].entry, actor="Wang")
    rows[2] = replace(rows[2], entry=entry, digest=digest_of(3, entry, rows[2].previous))
    found = first_fault(rows)
    assert (found.fault, found.number) == (ChainFault.EXCHANGED, 4)


def test_an_inserted_row_breaks_what_follows():
    rows = chain()
    extra = next_row(head_of(rows[:3]), replace(rows[0].entry, subject="inserted"))
    later = [replace(row, number=row.number + 1) for row in rows[3:]]
    found = first_fault([*rows[:3], extra, *later])
    assert (found.fault, found.number) == (ChainFault.ALTERED, 5)


def test_rows_cut_off_at_the_end_are_found_by_a_witness_alone():
    rows = chain()
    assert first_fault(rows[:4]) is None
    found = first_fault(rows[:4], [head_of(rows)])
    assert (found.fault, found.number) == (ChainFault.CUT_OFF, 5)


def test_a_chain_written_anew_is_found_by_a_witness_alone():
    rows = chain()
    forged = [*rows]
    forged[1] = replace(rows[1], entry=replace(rows[1].entry, actor="Wang"))
    forged = recomputed(forged)
    assert first_fault(forged) is None
    found = first_fault(forged, [head_of(rows[:4])])
    assert (found.fault, found.number) == (ChainFault.REWRITTEN, 4)


def test_every_field_is_in_the_digest_and_texts_cannot_be_shifted_between_them():
    entry = made_entry(NOON, LI, AuditKind.ACCOUNT, "ab", did="c")
    moved = replace(entry, actor=entry.actor + "a", subject="b")
    assert digest_of(1, entry, "") != digest_of(1, moved, "")
    assert digest_of(1, entry, "") != digest_of(2, entry, "")
    assert digest_of(1, entry, "") != digest_of(1, entry, "0")
