"""Writing an entry's rows, and reading a case's back."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from station.core.cases import BodyReading, Case, CaseRefused, CaseStep, Progress, Refusal
from station.core.ports import LedgerEntry
from station.ledger import rows
from station.ledger.identities import write_identity
from station.ledger.prepared import Prepared
from station.ledger.tables import (
    case,
    case_step,
    device_check,
    handover,
    outbox,
    passage,
    reading,
)
from station.ledger.trail import Record

_PASSAGE = Prepared(insert(passage))
_READING = Prepared(insert(reading), left_out=("case_id", "position"))
_CHECK = Prepared(insert(device_check))
_STEP = Prepared(insert(case_step), left_out=("step_id",))
_MESSAGE = Prepared(insert(outbox), left_out=("position", "settled_at", "reason"))
_PROGRESS = ("state", *rows.progress_values(Progress()))
_PLACE = ("case_id", "position", "body_site")
_HANDED = ("step", "at", "destination")
_changed = insert_or_update(case)
_CASE = Prepared(
    _changed.on_conflict_do_update(
        [case.c.case_id], set_={name: _changed.excluded[name] for name in _PROGRESS}
    )
)
# A reading that comes attached at once, without having been received first, is added.
_attached = insert_or_update(reading)
_ATTACHED = Prepared(
    _attached.on_conflict_do_update(
        [reading.c.reading_id],
        set_={name: _attached.excluded[name] for name in _PLACE},
        where=reading.c.case_id.is_(None) | (reading.c.case_id == _attached.excluded.case_id),
    )
)
_handed = insert_or_update(handover)
_HANDOVER = Prepared(
    _handed.on_conflict_do_update(
        [handover.c.case_id, handover.c.position],
        set_={name: _handed.excluded[name] for name in _HANDED},
    )
)
# Built once: SQLAlchemy takes longer to build and to recognise a statement than SQLite to run it.
_FREE_READINGS = (
    update(reading)
    .where(reading.c.case_id == bindparam("of_case"), reading.c.position >= bindparam("count"))
    .values(case_id=None, position=None, body_site=None)
)
_TAKEN_BACK = delete(handover).where(
    handover.c.case_id == bindparam("of_case"), handover.c.position >= bindparam("count")
)


class Entered(NamedTuple):
    """What was written that has consequences."""

    is_erased: bool
    """Whether an identity was deleted."""
    records: list[Record]
    """What the audit trail takes by itself."""


def write_entry(
    connection: Connection, entry: LedgerEntry, *, is_drill: bool, is_new: bool
) -> Entered:
    """Write all of an entry, inside the caller's transaction.

    Args:
        connection: in a transaction.
        entry: what to write.
        is_drill: whether this is an exercise.
        is_new: whether its case cannot be in the ledger yet: there is nothing to take back then.

    Raises:
        CaseRefused: if a reading belongs to another case already.
    """
    is_erased, records = False, []
    if entry.passage is not None:
        values = rows.passage_values(entry.passage)
        _PASSAGE.run(connection, {**values, "is_drill": is_drill})
    if entry.reading is not None:
        _READING.run(connection, rows.reading_values(entry.reading))
    if entry.check is not None:
        row = _CHECK.add(connection, rows.check_values(entry.check))
        records.append(Record(device_check.name, row, entry.check.device_id))
    if entry.case is not None:
        _CASE.run(connection, {**rows.case_values(entry.case), "is_drill": is_drill})
        if not is_new:
            _take_back(connection, entry.case)
        _write_readings(connection, entry.case)
        _write_handover(connection, entry.case)
        if not is_new or entry.identity is not None:
            is_erased = write_identity(connection, entry.case, entry.identity)
    for step in entry.steps:
        row = _STEP.add(connection, rows.step_values(step))
        records.append(Record(case_step.name, row, str(_number(connection, entry.case, step))))
    for item in entry.outbox:
        _MESSAGE.run(connection, rows.outbox_values(item))
    return Entered(is_erased, records)


def _number(connection: Connection, changed: Case | None, step: CaseStep) -> int:
    """Return the short number of a step's case."""
    if changed is not None and changed.case_id == step.case_id:
        return changed.number
    query = select(case.c.number).where(case.c.case_id == step.case_id)
    number: int = connection.execute(query).scalar_one()
    return number


def _take_back(connection: Connection, changed: Case) -> None:
    """Let go of readings and steps that were taken back.

    The readings wait for their case again; that a step was done stays in the trail.
    """
    case_id = changed.case_id
    connection.execute(_FREE_READINGS, {"of_case": case_id, "count": len(changed.readings)})
    connection.execute(_TAKEN_BACK, {"of_case": case_id, "count": len(changed.handover)})


def _write_readings(connection: Connection, changed: Case) -> None:
    for position, attached in enumerate(changed.readings):
        site = attached.site.value if attached.site else None
        place = {"case_id": changed.case_id, "position": position, "body_site": site}
        if _ATTACHED.run(connection, {**rows.reading_values(attached), **place}) == 0:
            raise CaseRefused(
                Refusal.ATTACHED_ALREADY,
                f"The reading {attached.body_c:.1f} °C belongs to another case: measure again.",
            )


def _write_handover(connection: Connection, changed: Case) -> None:
    for position, step in enumerate(changed.handover):
        place = {"case_id": changed.case_id, "position": position}
        _HANDOVER.run(connection, {**rows.handover_values(step), **place})


def read_case(connection: Connection, row: Row[Any]) -> Case:
    """Return the case of a row with its readings and its hand-over."""
    query = select(handover).where(handover.c.case_id == row.case_id).order_by(handover.c.position)
    steps = tuple(rows.read_handover(step) for step in connection.execute(query))
    return rows.read_case(row, _readings_of(connection, row.case_id), steps)


def _readings_of(connection: Connection, case_id: UUID) -> tuple[BodyReading, ...]:
    query = select(reading).where(reading.c.case_id == case_id).order_by(reading.c.position)
    return tuple(rows.read_reading(row) for row in connection.execute(query))
