"""A new ledger from what a damaged one still holds."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from station.core.report import ReportKind, without_person
from station.core.salvage import SalvageExtent
from station.ledger.intake import read_entry
from station.ledger.migrate import migrate
from station.ledger.pages import Record, Value
from station.ledger.people_tables import account, audit, card_salt
from station.ledger.recovering import SHAPES, FoundPages, Shape
from station.ledger.tables import (
    OutboxState,
    case,
    case_step,
    device_check,
    flag_intake,
    handover,
    identity,
    meta,
    outbox,
    passage,
    reading,
)
from station.ledger.types import stored_time

# In the order in which rows lean on each other. The new ledger has a meta row of its own.
_ORDER = tuple(shape for shape in SHAPES if shape.table is not meta)
# Rows of these are never deleted and counted without gaps: what is missing shows.
COUNTED = (passage, case, case_step, reading, device_check, outbox, audit, account)
"""Tables of which a missing row shows."""
_CHANGING = {case.name, reading.name, outbox.name, account.name, handover.name}
_OF_A_CASE = {case_step.name, handover.name, reading.name, identity.name}
_SCREENED = (
    "outcome, skin_c, u_c, site, frame_count, mm_per_px, is_pre_screen, reasons, policy_id, "
    "oral_c, oral_u_c, oral_is_above, oral_frames, oral_inferred, oral_model, is_drill"
)
# Of a passage that is gone its case still knows when, where and what was measured.
_STAND_IN = (
    f"INSERT INTO passage (passage_id, lane, camera_id, traveller, first_at, last_at, "  # noqa: S608
    f"first_sequence, last_sequence, reference, facing_frames, {_SCREENED}) "
    "VALUES (:passage_id, :lane, '', :traveller, :opened_at, :opened_at, 0, 0, 'searching', 0, "
    + ", ".join(f":{name}" for name in _SCREENED.split(", "))
    + ")"
)


@dataclass(slots=True)
class Carried:
    """What was carried over, and what was seen."""

    seen: dict[str, int] = field(default_factory=dict)
    """The highest number of a row of each table that was found."""
    refused: dict[str, int] = field(default_factory=dict)
    """Rows that were found and that the new ledger cannot hold."""
    stand_ins: int = 0
    """Passages that are known from their cases alone."""


@contextmanager
def new_ledger(path: Path) -> Iterator[Connection]:
    """Make an empty ledger of the newest schema and keep what is written inside, or nothing.

    Raises:
        sqlite3.Error: if the disk does not take it.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        path.chmod(0o600)
        # Nobody else sees the file before it is whole, and it is synced as a whole.
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
        with engine.connect() as session:
            connection.execute("BEGIN")
            migrate(session, str(path))
            connection.execute("UPDATE meta SET is_clean = 1")
            yield session
            connection.execute("COMMIT")
    finally:
        connection.close()


class Carrier:
    """Writes the rows of a damaged ledger into a new one, table by table.

    Args:
        found: the damaged one's rows.
        target: the new one.
        is_ordered: whether of two versions of a row the first is the newer one; else the one that
            says more is taken for it.
        extent: how much is carried over.
        now: identities whose time is over stay behind.
    """

    def __init__(
        self,
        found: FoundPages,
        target: sqlite3.Connection,
        *,
        is_ordered: bool,
        extent: SalvageExtent,
        now: datetime,
    ) -> None:
        self._found = found
        self._target = target
        self._is_ordered = is_ordered
        self._extent = extent
        self._now = stored_time(now.astimezone(UTC))
        self._statements: dict[tuple[str, int, bool], str] = {}
        self._wanted_passages: set[Value] = set()
        self.done = Carried()

    def carry(self) -> None:
        """Carry over what the extent asks for, and count the rest."""
        if self._extent is SalvageExtent.VITAL:
            self._choose_cases()
        if self._extent is not SalvageExtent.NOTHING:
            self._make_room()
        for shape in _ORDER:
            name = shape.table.name
            for record in self._found.rows(shape):
                self.done.seen[name] = max(record.rowid, self.done.seen.get(name, 0))
                if self._extent is SalvageExtent.NOTHING:
                    continue
                values = shape.given(record)
                if self._is_wanted(name, values) and not self._write(shape, record, values):
                    self.done.refused[name] = self.done.refused.get(name, 0) + 1
        if self._extent is not SalvageExtent.NOTHING:
            forget_identities(self._target)

    def _make_room(self) -> None:
        """The new ledger's own salt gives way to the one by which cards find their accounts."""
        if any(self._found.rows(_shape(card_salt.name))):
            self._target.execute("DELETE FROM card_salt")

    def _choose_cases(self) -> None:
        """Note which passages the unfinished cases need; and the last case, for its number."""
        numbers: dict[Value, dict[str, Value]] = {}
        for record in self._found.rows(_shape(case.name)):
            values = _shape(case.name).given(record)
            numbers.setdefault(values["number"], values)
        last = max((n for n in numbers if isinstance(n, int)), default=None)
        for number, values in numbers.items():
            if values.get("closed_at") is None or number == last:
                self._wanted_passages.add(values["passage_id"])

    def _is_wanted(self, name: str, values: Mapping[str, Value]) -> bool:
        if name == identity.name and str(values["delete_at"]) <= self._now:
            return False
        if name == flag_intake.name:
            return self._is_unfiled(values)
        return self._extent is SalvageExtent.ALL or self._is_vital(name, values)

    def _is_vital(self, name: str, values: Mapping[str, Value]) -> bool:
        if name == outbox.name:
            return values["state"] != OutboxState.DELIVERED.value
        if name in {passage.name, case.name}:
            return values["passage_id"] in self._wanted_passages
        if name in _OF_A_CASE and values["case_id"] is not None:
            query = "SELECT 1 FROM case_ WHERE case_id = ?"
            return self._target.execute(query, (values["case_id"],)).fetchone() is not None
        return True

    def _is_unfiled(self, values: Mapping[str, Value]) -> bool:
        """Whether a flag on its way into the tables is in none of them yet."""
        stored = values["entry"]
        assert isinstance(stored, bytes)  # noqa: S101 - its shape says so
        entry = read_entry(stored)
        ids = [(item.report_id.hex,) for item in entry.outbox]
        queries: list[tuple[str, tuple[str, ...]]] = [
            ("SELECT 1 FROM outbox WHERE report_id = ?", one) for one in ids
        ]
        if entry.case is not None:
            queries.append(("SELECT 1 FROM case_ WHERE case_id = ?", (entry.case.case_id.hex,)))
        return not any(self._target.execute(*query).fetchone() for query in queries)

    def _write(self, shape: Shape, record: Record, values: dict[str, Value]) -> bool:
        """Write a row; return whether the new ledger has it now."""
        try:
            self._target.execute(self._statement(shape, record, values), values)
        except sqlite3.IntegrityError as error:
            match error.sqlite_errorcode:
                case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
                    return self._write_alone(shape, record, values)
                case (
                    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
                    | sqlite3.SQLITE_CONSTRAINT_ROWID
                    | sqlite3.SQLITE_CONSTRAINT_UNIQUE
                ):
                    return self._settle(shape, record, values)
                case _:
                    return False
        return True

    def _write_alone(self, shape: Shape, record: Record, values: dict[str, Value]) -> bool:
        """Write a row whose case or passage is gone, if it makes sense without."""
        match shape.table.name:
            case case.name:
                told = {**dict.fromkeys(shape.names), "is_drill": 0, **values}
                self._target.execute(_STAND_IN, told)
                self.done.stand_ins += 1
            case outbox.name:
                values = {**values, "case_id": None}
            case reading.name:
                values = {**values, "case_id": None, "position": None}
            case _:
                return False
        return self._write(shape, record, values)

    def _settle(self, shape: Shape, record: Record, values: dict[str, Value]) -> bool:
        """Decide between two versions of a row."""
        key = shape.key or "rowid"
        query = f"SELECT * FROM {shape.table.name} WHERE {key} = ?"  # noqa: S608 - our names
        held = self._target.execute(query, (record.rowid,)).fetchone()
        if held is None:
            # Another row has what must be unique.
            return False
        if self._is_ordered or shape.table.name not in _CHANGING:
            return True
        if _told(values.values()) > _told(held) + (shape.key is None):
            self._target.execute(self._statement(shape, record, values, is_newer=True), values)
        return True

    def _statement(
        self, shape: Shape, record: Record, values: Mapping[str, Value], *, is_newer: bool = False
    ) -> str:
        """Return the statement that writes a row with so many columns, or writes it anew."""
        name, own = shape.table.name, shape.key or "rowid"
        kind = name, len(record.values), is_newer
        if kind not in self._statements:
            if is_newer:
                sets = ", ".join(f"{n} = :{n}" for n in values if n != own)
                made = f"UPDATE {name} SET {sets} WHERE {own} = :{own}"  # noqa: S608 - our names
            else:
                places = ", ".join(f":{n}" for n in values)
                made = f"INSERT INTO {name} ({', '.join(values)}) VALUES ({places})"  # noqa: S608
            self._statements[kind] = made
        return self._statements[kind]


def forget_identities(connection: sqlite3.Connection) -> None:
    """A case knows no identity that is not there, and no message tells of one."""
    connection.execute(
        "UPDATE case_ SET has_identity = 0 "
        "WHERE has_identity AND case_id NOT IN (SELECT case_id FROM identity)"
    )
    query = (
        "SELECT position, payload FROM outbox WHERE kind = ? "
        "AND (case_id IS NULL OR case_id NOT IN (SELECT case_id FROM identity))"
    )
    for position, payload in connection.execute(query, (ReportKind.REGISTERED.value,)).fetchall():
        if (bare := without_person(payload)) != payload:
            change = "UPDATE outbox SET payload = ? WHERE position = ?"
            connection.execute(change, (bare, position))


def _shape(name: str) -> Shape:
    return next(shape for shape in SHAPES if shape.table.name == name)


def _told(values: Iterable[object]) -> int:
    return sum(value is not None for value in values)
