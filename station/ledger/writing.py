"""Writing an entry's rows, and reading a case's back."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from station.core.cases import BodyReading, Case, CaseRefused, Refusal
from station.core.ports import LedgerEntry
from station.ledger import rows
from station.ledger.identities import write_identity
from station.ledger.tables import (
    case,
    case_step,
    device_check,
    handover,
    outbox,
    passage,
    reading,
)


def write_entry(connection: Connection, entry: LedgerEntry, is_drill: bool) -> bool:
    """Write all of an entry, inside the caller's transaction.

    Returns:
        Whether an identity was deleted with it.

    Raises:
        CaseRefused: if a reading belongs to another case already.
    """
    is_erased = False
    if entry.passage is not None:
        values = rows.passage_values(entry.passage)
        connection.execute(insert(passage).values(**values, is_drill=is_drill))
    if entry.reading is not None:
        connection.execute(insert(reading).values(rows.reading_values(entry.reading)))
    if entry.check is not None:
        connection.execute(insert(device_check).values(rows.check_values(entry.check)))
    if entry.case is not None:
        _write_case(connection, entry.case, is_drill)
        _write_handover(connection, entry.case)
        is_erased = write_identity(connection, entry.case, entry.identity)
    if entry.steps:
        connection.execute(insert(case_step), [rows.step_values(step) for step in entry.steps])
    if entry.outbox:
        connection.execute(insert(outbox), [rows.outbox_values(item) for item in entry.outbox])
    return is_erased


def _write_case(connection: Connection, changed: Case, is_drill: bool) -> None:
    """Write a case and its readings."""
    values = rows.case_values(changed)
    row = insert_or_update(case).values(**values, is_drill=is_drill)
    changes = {"state": values["state"], **rows.progress_values(changed.progress)}
    connection.execute(row.on_conflict_do_update([case.c.case_id], set_=changes))
    _free_readings(connection, changed)
    for position, attached in enumerate(changed.readings):
        site = attached.site.value if attached.site else None
        place = {"case_id": changed.case_id, "position": position, "body_site": site}
        # A reading that comes attached at once, without having been received first, is added.
        row = insert_or_update(reading).values({**rows.reading_values(attached), **place})
        is_free = reading.c.case_id.is_(None) | (reading.c.case_id == changed.case_id)
        done = connection.execute(
            row.on_conflict_do_update([reading.c.reading_id], set_=place, where=is_free)
        )
        if done.rowcount == 0:
            raise CaseRefused(
                Refusal.ATTACHED_ALREADY,
                f"The reading {attached.body_c:.1f} °C belongs to another case: measure again.",
            )


def _free_readings(connection: Connection, changed: Case) -> None:
    """Let go of readings that were taken back: they wait for their case again."""
    connection.execute(
        update(reading)
        .where(reading.c.case_id == changed.case_id, reading.c.position >= len(changed.readings))
        .values(case_id=None, position=None, body_site=None)
    )


def _write_handover(connection: Connection, changed: Case) -> None:
    # A step that was taken back leaves the hand-over; that it was done stays in the trail.
    connection.execute(
        delete(handover).where(
            handover.c.case_id == changed.case_id, handover.c.position >= len(changed.handover)
        )
    )
    for position, step in enumerate(changed.handover):
        place = {"case_id": changed.case_id, "position": position}
        row = insert_or_update(handover).values({**rows.handover_values(step), **place})
        connection.execute(
            row.on_conflict_do_update(
                [handover.c.case_id, handover.c.position], set_=rows.handover_values(step)
            )
        )


def read_case(connection: Connection, row: Row[Any]) -> Case:
    """Return the case of a row with its readings and its hand-over."""
    query = select(handover).where(handover.c.case_id == row.case_id).order_by(handover.c.position)
    steps = tuple(rows.read_handover(step) for step in connection.execute(query))
    return rows.read_case(row, _readings_of(connection, row.case_id), steps)


def _readings_of(connection: Connection, case_id: UUID) -> tuple[BodyReading, ...]:
    query = select(reading).where(reading.c.case_id == case_id).order_by(reading.c.position)
    return tuple(rows.read_reading(row) for row in connection.execute(query))
