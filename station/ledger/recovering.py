"""What a damaged ledger still holds: sound rows, each known by its shape as one of a table's.

No page tells which table it belongs to, and what would tell it may be damaged itself. The tables'
columns differ so much in kind that a row fits one of them alone; a test holds that against rows of
every table.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, Column, Float, Integer, LargeBinary, Table, Uuid
from sqlalchemy.types import TypeEngine

from station.core.audit import AuditKind
from station.core.people import Role
from station.ledger import rows
from station.ledger.intake import read_entry
from station.ledger.pages import PageFile, Place, Record, Value
from station.ledger.people_tables import account, audit, card_salt
from station.ledger.tables import (
    case,
    case_step,
    collection_order,
    device_check,
    flag_intake,
    handover,
    identity,
    meta,
    outbox,
    passage,
    reading,
)
from station.ledger.types import UtcDateTime, Words, stored_time

_UUID_DIGITS = 32
_Fits = Callable[[Value], Any]
OnPages = Callable[[int, int], None]
"""Is told how many pages are done, of how many."""
_BAD = (ValueError, TypeError, KeyError, AttributeError, OverflowError)


def quiet(done: int, total: int) -> None:
    """Tell nobody."""


class Shape:
    """What a row of a table looks like.

    Args:
        table: the table.
        read: makes of a row what the ledger makes of it; what it refuses is no row.
    """

    def __init__(self, table: Table, read: Callable[[Any], object] = lambda row: None) -> None:
        self.table = table
        self.names = tuple(column.name for column in table.columns)
        self.key = next((c.name for c in table.columns if _is_rowid(c)), None)
        """The column that is SQLite's own number of a row, if one is."""
        self._read = read
        self._columns = [(column, _fit_of(column.type)) for column in table.columns]
        self._fewest = sum(not _may_be_missing(column) for column in table.columns)

    def fits(self, record: Record) -> bool:
        """Whether this is a row of the table that the ledger could read."""
        if not self._fewest <= len(record.values) <= len(self._columns):
            return False
        told = dict.fromkeys(self.names)
        try:
            for (column, fit), value in zip(self._columns, record.values, strict=False):
                if column.name == self.key:
                    told[column.name] = record.rowid
                    if value is not None:
                        return False
                elif value is not None:
                    told[column.name] = fit(value)
                elif not column.nullable:
                    return False
            for column, _ in self._columns[len(record.values) :]:
                told[column.name] = _default(column)
            self._read(SimpleNamespace(**told))
        except _BAD:
            return False
        return True

    def given(self, record: Record) -> dict[str, Value]:
        """Return what to write into the columns that the record has."""
        values = dict(zip(self.names, record.values, strict=False))
        return {**values, (self.key or "rowid"): record.rowid}


class Sighting(NamedTuple):
    """A version of a page that holds rows of a table."""

    page: int
    """Its number."""
    place: Place
    """Where it lies."""


class FoundPages:
    """Looks through all pages of a damaged ledger once, and gives the rows table by table.

    Args:
        pages: the file.
        on_pages: told how many pages are done, of how many; each is looked at and later read.
    """

    def __init__(self, pages: PageFile, on_pages: OnPages = quiet) -> None:
        self._pages = pages
        self._on_pages = on_pages
        self._done = 0
        self._sightings: Mapping[str, list[Sighting]] = self._look()

    def rows(self, shape: Shape) -> Iterator[Record]:
        """Yield a table's sound rows; of a row with several versions the newest comes first."""
        for page, place in self._sightings.get(shape.table.name, []):
            self._tell_page()
            for record in self._pages.records(page, self._pages.read(place)):
                if shape.fits(record):
                    yield record

    def _look(self) -> dict[str, list[Sighting]]:
        newest: dict[str, list[Sighting]] = defaultdict(list)
        older: dict[str, list[Sighting]] = defaultdict(list)
        last: Shape | None = None
        for number in range(1, self._pages.page_count + 1):
            self._tell_page()
            for depth, place in enumerate(self._pages.places(number)):
                shape = self._shape_of(number, place, last)
                if shape is not None:
                    (older if depth else newest)[shape.table.name].append(Sighting(number, place))
                    last = shape
        # A row may have moved to another page meanwhile: what is older comes last, of all pages.
        return {name: newest[name] + older[name] for name in newest.keys() | older.keys()}

    def _tell_page(self) -> None:
        self._done += 1
        total = 2 * self._pages.page_count
        self._on_pages(min(self._done, total), total)

    def _shape_of(self, number: int, place: Place, guess: Shape | None) -> Shape | None:
        """Return whose rows a page holds: of the first that is sound."""
        for record in self._pages.records(number, self._pages.read(place)):
            # Neighbours usually belong together.
            if guess is not None and guess.fits(record):
                return guess
            fitting = [shape for shape in SHAPES if shape.fits(record)]
            if len(fitting) == 1:
                return fitting[0]
        return None


def _is_rowid(column: Column[Any]) -> bool:
    return (
        column.primary_key
        and isinstance(column.type, Integer)
        and len(column.table.primary_key.columns) == 1
    )


def _may_be_missing(column: Column[Any]) -> bool:
    """Whether a row from before a later step may end before this column."""
    return not column.primary_key and (column.nullable or column.server_default is not None)


def _default(column: Column[Any]) -> object:
    """Return what a column has that was added after its row."""
    if column.server_default is None:
        return None
    text = str(getattr(column.server_default, "arg", "")).strip("'")
    return bool(int(text)) if isinstance(column.type, Boolean) else text


def _fit_of(kind: TypeEngine[Any]) -> _Fits:
    """Return what makes the ledger's value of a stored one, or raises ValueError."""
    for known, fit in _FITS:
        if isinstance(kind, known):
            return fit
    return _text


def _only(*kinds: type) -> _Fits:
    def fit(value: Value) -> Value:
        if not isinstance(value, kinds):
            raise ValueError("another kind")
        return value

    return fit


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def _uuid(value: Value) -> UUID:
    text = _text(value)
    found = UUID(text)
    if len(text) != _UUID_DIGITS or found.hex != text:
        raise ValueError("not as stored")
    return found


def _time(value: Value) -> datetime:
    text = _text(value)
    found = datetime.fromisoformat(text)
    with suppress(ValueError):
        if stored_time(found) == text:
            return found
    raise ValueError("not as stored")


def _boolean(value: Value) -> bool:
    if value not in (0, 1) or isinstance(value, float):
        raise ValueError("neither yes nor no")
    return bool(value)


_FITS: tuple[tuple[type[TypeEngine[Any]], _Fits], ...] = (
    (Uuid, _uuid),
    (UtcDateTime, _time),
    (Boolean, _boolean),
    (Integer, _only(int)),
    (Float, _only(int, float)),
    (LargeBinary, _only(bytes)),
    (Words, lambda value: tuple(_text(value).split())),
)


def _read_message(row: Any) -> None:
    """A message must be the one that its row says: the CDC would refuse it otherwise."""
    told = json.loads(row.payload)
    if UUID(told["id"]) != row.report_id or told["data"]["sequence"] != row.sequence:
        raise ValueError("another message")


def _read_step(row: Any) -> None:
    if AuditKind(row.kind) and not isinstance(json.loads(row.details), dict):
        raise ValueError("no details")


SHAPES = tuple(
    Shape(table, read)
    for table, read in (
        (meta, lambda row: None),
        (card_salt, lambda row: bytes.fromhex(row.salt)),
        (account, lambda row: Role(row.role)),
        (collection_order, lambda row: datetime.fromisoformat(row.valid_from)),
        (passage, rows.read_passage),
        (case, lambda row: rows.read_case(row, (), ())),
        (case_step, lambda row: None),
        (handover, rows.read_handover),
        (reading, rows.read_reading),
        (identity, rows.read_identity),
        (device_check, rows.read_check),
        (outbox, _read_message),
        (flag_intake, lambda row: read_entry(row.entry)),
        (audit, _read_step),
    )
)
"""Every table that is carried over; what is counted from passages is counted anew."""
