"""Holds the audit trail of a ledger against its witnesses, and the records against the trail."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from station.core.audit import AuditHead, AuditKind, ChainFault, Finding, first_fault
from station.ledger.database import known_errors, open_engine
from station.ledger.missing import Missing, is_within, read_missing
from station.ledger.people_tables import audit
from station.ledger.prepared import driver
from station.ledger.trail import CHAINED, read_witness, witness_path
from station.ledger.trail_rows import read_rows


def verify(path: Path, more: Sequence[AuditHead] = ()) -> Finding | None:
    """Return the first fault of a ledger's trail, or None if it is whole; a station may run.

    Args:
        path: the ledger's file; the witnesses beside it are heard.
        more: heads that somebody else has kept.

    Raises:
        KnownError: if the file cannot be read.
    """
    # Before the rows: a station that runs writes its witness after them.
    witnesses = [*more]
    for found in sorted(path.parent.glob(f"{witness_path(path).name}*")):
        witness = read_witness(found)
        if witness is not None:
            witnesses.append(witness)
    engine = open_engine(path, read_only=True)
    try:
        with known_errors(path), engine.connect() as connection:
            connection.exec_driver_sql("BEGIN").close()
            salvages = select(audit.c.details).where(audit.c.kind == AuditKind.SALVAGE.value)
            missing = read_missing(connection.scalars(salvages.order_by(audit.c.number)))
            gone = missing.told.get(audit.name, ())
            fault = first_fault(read_rows(connection), witnesses, gone)
            if fault is not None and fault.fault is not ChainFault.DAMAGED:
                return fault
            return _no_witness(path, witnesses) or _first_unchained(connection, missing) or fault
    finally:
        engine.dispose()


def _no_witness(path: Path, witnesses: Sequence[AuditHead]) -> Finding | None:
    if not witnesses:
        return Finding(
            ChainFault.CUT_OFF,
            0,
            f"The witness {witness_path(path)} is missing: whether rows were cut off at the end "
            "of the audit trail cannot be told.",
        )
    return None


def _records(connection: Connection, name: str, key: str, after: int) -> list[dict[str, Any]]:
    """Return the raw values of the records after a key, as they are stored."""
    query = f"SELECT {key} AS id, * FROM {name} WHERE {key} > ? ORDER BY {key}"  # noqa: S608
    found = driver(connection).execute(query, (after,))
    rows = found.fetchall()
    fields = [column[0] for column in found.description] if rows else []
    return [{**dict(zip(fields, row, strict=True)), "record": name} for row in rows]


def _first_unchained(connection: Connection, missing: Missing) -> Finding | None:
    """Hold the records against the rows that tell of them, where neither could not be read."""
    begun = connection.scalar(
        select(audit.c.details)
        .where(audit.c.kind == AuditKind.CHAIN_BEGUN.value)
        .order_by(audit.c.number)
        .limit(1)
    )
    first = json.loads(begun)["not covered"] if begun else {}
    for name, (kind, key) in CHAINED.items():
        stored = {r["id"]: r for r in _records(connection, name, key, first.get(name, 0))}
        # The newest first: the number of a record that a salvage misses was given again.
        query = select(audit).where(audit.c.kind == kind.value).order_by(audit.c.number.desc())
        for row in connection.execute(query):
            told = {**json.loads(row.details), "actor": row.actor}
            record = stored.pop(told["id"], None)
            if record is None and is_within(told["id"], missing.told.get(name, ())):
                continue
            if record is None or any(record[field] != told[field] for field in told):
                what = "was deleted" if record is None else "differs"
                return _unchained(name, told["id"], row.number, what)
        for record_id in stored:
            if is_within(record_id, missing.unchained.get(name, ())):
                continue
            return _unchained(name, record_id, 0, "is not in the audit trail")
    return None


def _unchained(name: str, record_id: int, number: int, what: str) -> Finding:
    where = f" (row {number} of the audit trail tells of it)" if number else ""
    return Finding(ChainFault.UNCHAINED, number, f"The record {record_id} of {name} {what}{where}.")
