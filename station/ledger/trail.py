"""The audit trail in the ledger's file, and its witness: a small file beside it."""

import json
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import (
    URL,
    Connection,
    NullPool,
    create_engine,
    insert,
    inspect,
    select,
)

from station.core.audit import (
    AuditEntry,
    AuditHead,
    AuditKind,
    canonical,
    next_row,
)
from station.ledger.database import known_errors
from station.ledger.people_tables import audit
from station.ledger.prepared import Prepared, Written

logger = logging.getLogger(__name__)

# Records that are chained in the transaction that writes them.
CHAINED: Mapping[str, tuple[AuditKind, str]] = {
    "case_step": (AuditKind.CASE, "step_id"),
    "device_check": (AuditKind.DEVICE_CHECK, "rowid"),
}
"""Kind of row and integer key of each table."""
_ROW = Prepared(insert(audit))
# Both fields at their longest.
_WITNESS_BYTES = 128


class Record(NamedTuple):
    """A record that is chained."""

    table: str
    """One of the tables above."""
    row: Written
    """As it is stored."""
    subject: str
    """Whom or what it is about."""


class Trail:
    """Adds rows to the chain; the ledger's writer calls it inside its transactions.

    The head of the chain is written to `<ledger>.audit-head` after each transaction: rows that are
    cut off at the end are found by it, which the chain alone cannot tell.

    Args:
        path: the ledger's file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._head: AuditHead | None = None
        self._witness = _WitnessFile(witness_path(path))
        self._settled: AuditHead | None = None

    def begin(self, connection: Connection) -> None:
        """Find the head, or begin the chain; inside the caller's transaction."""
        self._head = head_of(connection)
        if self._head is None:
            before = {name: _last_key(connection, name) for name in CHAINED}
            began = AuditEntry(
                datetime.now(UTC),
                "station",
                "",
                AuditKind.CHAIN_BEGUN,
                "",
                canonical({"not covered": before}),
            )
            self.append(connection, [began])

    def append(self, connection: Connection, entries: Sequence[AuditEntry]) -> None:
        """Add steps to the chain, inside the caller's transaction."""
        for entry in entries:
            self._head = write_row(connection, self._head, entry)

    def append_records(self, connection: Connection, records: Iterable[Record]) -> None:
        """Add a row for each record that this transaction has written."""
        for table, row, subject in records:
            kind, _ = CHAINED[table]
            told = {**row.values, "id": row.key, "record": table}
            at, actor = datetime.fromisoformat(told.pop("at")), told.pop("actor")
            entry = AuditEntry(at.astimezone(UTC), actor, "", kind, subject, canonical(told))
            self.append(connection, [entry])

    def settle(self) -> None:
        """Keep what was committed, and write the witness; a disk that refuses costs no alert."""
        self._settled = self._head
        if self._head is None:
            return
        try:
            self._witness.keep(self._head)
        except OSError as error:
            logger.warning("the audit trail's witness cannot be written: %s", error)

    def forget(self) -> None:
        """Take back what a transaction that failed has added."""
        self._head = self._settled

    def close(self) -> None:
        """Close the witness; closing twice is safe."""
        self._witness.close()

    def compare(self, connection: Connection) -> None:
        """Hold the chain against its witness, in a transaction, before anything new is added.

        A witness that does not fit is evidence: it is put aside and never written over.
        """
        path = witness_path(self._path)
        witness = read_witness(path)
        if witness is None:
            return
        query = select(audit.c.digest).where(audit.c.number == witness.number)
        if connection.scalar(query) != witness.digest:
            aside = path.with_name(f"{path.name}.{witness.number}")
            os.replace(path, aside)
            logger.error("the audit trail does not fit its witness, which is kept as %s", aside)


class _WitnessFile:
    """A writer's file of the head, written in place: a disk syncs what is renamed over a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: AuditHead | None = None
        self._file: int | None = None

    def keep(self, head: AuditHead) -> None:
        """Write the head, unless it is the one written last."""
        if head == self._kept:
            return
        told = canonical({"number": head.number, "digest": head.digest})
        line = told.ljust(_WITNESS_BYTES - 1).encode() + b"\n"
        if self._file is None:
            self._file = self._begin(line)
        else:
            os.pwrite(self._file, line, 0)
        self._kept = head

    def _begin(self, line: bytes) -> int:
        # Whole or not at all, whatever lies there.
        fresh = self._path.with_name(f"{self._path.name}.new")
        file = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(file, line)
            os.replace(fresh, self._path)
        except BaseException:
            os.close(file)
            raise
        return file

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def witness_path(path: Path) -> Path:
    """Return where the head of a ledger's chain is kept."""
    return path.with_name(f"{path.name}.audit-head")


def read_witness(path: Path) -> AuditHead | None:
    """Return the head that a file keeps, or None if it keeps none."""
    try:
        told = json.loads(_read_settled(path))
        return AuditHead(int(told["number"]), str(told["digest"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read_settled(path: Path) -> bytes:
    """Return what a file holds, read twice alike: a station that runs may be writing it."""
    held = path.read_bytes()
    while (again := path.read_bytes()) != held:
        held = again
    return held


def add_to_copy(copy: Path, entry: AuditEntry) -> None:
    """Add a step to the chain of a ledger that is not in use; one from before the trail has none.

    Raises:
        KnownError: if the file cannot be written.
    """
    engine = create_engine(URL.create("sqlite", database=str(copy)), poolclass=NullPool)
    with known_errors(copy), engine.begin() as connection:
        if inspect(connection).has_table(audit.name):
            write_row(connection, head_of(connection), entry)


def write_row(connection: Connection, head: AuditHead | None, entry: AuditEntry) -> AuditHead:
    """Write a step behind a head of the chain, and return the new head."""
    row = next_row(head, entry)
    values = {
        "number": row.number,
        "at": entry.at,
        "actor": entry.actor,
        "role": entry.role,
        "kind": entry.kind.value,
        "subject": entry.subject,
        "details": entry.details,
        "previous": row.previous,
        "digest": row.digest,
    }
    _ROW.run(connection, values)
    return AuditHead(row.number, row.digest)


def head_of(connection: Connection) -> AuditHead | None:
    """Return the newest row of the chain."""
    query = select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else AuditHead(row.number, row.digest)


def _last_key(connection: Connection, name: str) -> int:
    _, key = CHAINED[name]
    return connection.exec_driver_sql(f"SELECT max({key}) FROM {name}").scalar() or 0  # noqa: S608
