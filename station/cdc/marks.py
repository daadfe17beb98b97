"""How far each station has counted: its high-water marks, and whether it went back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Insert, Table, and_, case, exists, func, select, union_all

from station.cdc.database import (
    insert_for,
    insert_into,
    insert_new,
    is_one_of,
    rows_with,
    write_rows,
)
from station.cdc.tables import NUMBERED, expected_mark, station_alarm, station_mark
from station.reporting.topics import StationIdentity


class Numbered(NamedTuple):
    """What counts of a stored message."""

    station: StationIdentity
    epoch: str
    sequence: int
    report_id: str
    reported_at: str
    """As stored: its text order is time order."""
    received_at: str


class Mark(NamedTuple):
    """How far a station has counted in one epoch."""

    station: StationIdentity
    epoch: UUID
    highest: int


class AlarmKind(StrEnum):
    """What shows that a station went back."""

    NUMBER_TWICE = "number_twice"
    """Two different messages carry one number."""
    OLD_EPOCH = "old_epoch"
    """A message was made in an epoch after a later one had begun."""


class BackCause(StrEnum):
    """Why a station went back, as far as its later messages tell."""

    UNKNOWN = "unknown"
    """They do not tell, or have not come yet."""
    NOTICED = "noticed"
    """It began a new epoch at once: it knows that it has lost messages."""
    UNNOTICED = "unnoticed"
    """It goes on in the old epoch: it does not know."""


_SIGNS = {
    AlarmKind.NUMBER_TWICE: "another message has come with number {sequence} (epoch {epoch})",
    AlarmKind.OLD_EPOCH: "it made number {sequence} of the epoch {epoch}, which it had left",
}
_CAUSES = {
    BackCause.UNKNOWN: "Its disk has lost what was written last, its ledger was restored from an "
    "old copy, or two stations run on one",
    BackCause.NOTICED: "It noticed this and counts anew: its disk has lost what was written last, "
    "or a backup was put back",
    BackCause.UNNOTICED: "It goes on as if nothing had happened: it was restored from an old copy "
    "as a whole, or two stations run on one",
}
# A station that lost something twice in a row makes one more message in the old epoch.
_GOING_ON = 2


@dataclass(frozen=True, slots=True)
class StationAlarm:
    """A station that went back, with the first message that shows it."""

    station: StationIdentity
    """Which."""
    epoch: UUID
    """In which count."""
    kind: AlarmKind
    """What shows it."""
    sequence: int
    """The number of the message."""
    cause: BackCause = BackCause.UNKNOWN
    """Why, as far as that is known."""

    def __str__(self) -> str:
        sign = _SIGNS[self.kind].format(sequence=self.sequence, epoch=self.epoch)
        return (
            f"{self.station.station} went back: {sign}. {_CAUSES[self.cause]}: call its "
            "technician; every message that came is stored."
        )


_PLACE = (station_mark.c.region, station_mark.c.site, station_mark.c.station)
_COUNT = ("region", "site", "station", "epoch")
_NUMBER = (*_COUNT, "sequence")


def raise_marks(connection: Connection, stored: Sequence[Numbered]) -> list[StationAlarm]:
    """Take what has just been stored, in the same transaction; return the alarms that are new."""
    if not stored:
        return []
    known = _known(connection, {one.station for one in stored})
    went_back = [(one, AlarmKind.OLD_EPOCH) for one in stored if _is_left(one, known[one.station])]
    went_back += [(one, AlarmKind.NUMBER_TWICE) for one in _used_twice(connection, stored, known)]
    _write(connection, stored)
    return [
        StationAlarm(one.station, UUID(one.epoch), kind, one.sequence)
        for one, kind in went_back
        if _is_new(connection, one, kind)
    ]


def read_marks(connection: Connection) -> Iterable[Mark]:
    """Yield the marks of all stations."""
    return _read(connection, station_mark)


def expect_marks(connection: Connection, reached: Iterable[Mark]) -> None:
    """Take that stations, at least one, have counted so far, whatever the inbox holds."""
    rows = [
        {**_columns(mark.station), "epoch": str(mark.epoch), "highest": mark.highest}
        for mark in reached
    ]
    insert_new(connection, expected_mark, rows)


def expected_marks(connection: Connection) -> Iterable[Mark]:
    """Yield what `expect_marks` took, of all stations."""
    return _read(connection, expected_mark)


def _read(connection: Connection, table: Table) -> Iterator[Mark]:
    query = select(*(table.c[name] for name in _COUNT), table.c.highest)
    for row in connection.execute(query):
        yield Mark(StationIdentity(row[0], row[1], row[2]), UUID(row.epoch), row.highest)


def read_alarms(connection: Connection, limit: int) -> list[StationAlarm]:
    """Return the latest alarms with what is known of their causes, oldest first."""
    query = select(station_alarm).order_by(station_alarm.c.number.desc()).limit(limit)
    return [
        StationAlarm(
            StationIdentity(row.region, row.site, row.station),
            UUID(row.epoch),
            AlarmKind(row.kind),
            row.sequence,
            _cause(connection, row),
        )
        for row in reversed(connection.execute(query).all())
    ]


def _cause(connection: Connection, row: Any) -> BackCause:
    """Judge by what the station made after the message that showed it."""
    made = [
        select(table.c.sequence, table.c.reported_at).where(
            *(table.c[name] == getattr(row, name) for name in _COUNT)
        )
        for table in NUMBERED
    ]
    count = union_all(*made).subquery()
    shown_at = connection.scalar(
        select(func.max(count.c.reported_at)).where(count.c.sequence == row.sequence)
    )
    went_on = connection.scalar(
        select(func.count()).select_from(count).where(count.c.reported_at > shown_at)
    )
    if went_on:
        return BackCause.UNNOTICED if went_on >= _GOING_ON else BackCause.UNKNOWN
    began_anew = exists().where(
        *(station_mark.c[name] == getattr(row, name) for name in _COUNT[:-1]),
        station_mark.c.epoch != row.epoch,
        station_mark.c.since >= shown_at,
    )
    return BackCause.NOTICED if connection.scalar(select(began_anew)) else BackCause.UNKNOWN


class _Epoch(NamedTuple):
    epoch: str
    number: int
    highest: int
    since: str


_KNOWN_COLUMNS = (*_PLACE, *(station_mark.c[name] for name in _Epoch._fields))
_Known = defaultdict[StationIdentity, dict[str, _Epoch]]


def _known(connection: Connection, stations: set[StationIdentity]) -> _Known:
    known: _Known = defaultdict(dict)
    names = {one.station for one in stations}
    found = rows_with(connection, _KNOWN_COLUMNS, station_mark.c.station, names)
    for region, site, station, *epoch in found:
        one = _Epoch(*epoch)
        known[StationIdentity(region, site, station)][one.epoch] = one
    return known


def _is_left(one: Numbered, epochs: dict[str, _Epoch]) -> bool:
    """Whether the message was made in an epoch after a later one had begun.

    Late messages of an earlier epoch are usual. The later epoch must also have come later: after
    a start with a wrong clock, times alone say nothing.
    """
    own = epochs.get(one.epoch)
    return own is not None and any(
        other.number > own.number and own.since < other.since < one.reported_at
        for other in epochs.values()
    )


def _used_twice(
    connection: Connection, stored: Sequence[Numbered], known: _Known
) -> Iterator[Numbered]:
    """Yield the messages whose number another message has, stored before or with it."""
    highest = {
        (station, one.epoch): one.highest
        for station, epochs in known.items()
        for one in epochs.values()
    }
    suspects = {}
    for one in stored:
        count = one.station, one.epoch
        # What counts on is no suspect: the query would find nothing.
        if one.sequence <= highest.get(count, 0):
            suspects[one.report_id] = one
        highest[count] = max(one.sequence, highest.get(count, 0))
    if not suspects:
        return
    for own, other in product(NUMBERED, [table.alias() for table in NUMBERED]):
        same = [own.c[name] == other.c[name] for name in _NUMBER]
        query = (
            select(own.c.report_id)
            .join(other, and_(*same, own.c.report_id != other.c.report_id))
            .where(is_one_of(connection, own.c.report_id, suspects))
            .distinct()
        )
        for report_id in connection.scalars(query):
            yield suspects[report_id]


def _write(connection: Connection, stored: Sequence[Numbered]) -> None:
    by_epoch: dict[tuple[StationIdentity, str], list[Numbered]] = defaultdict(list)
    for one in sorted(stored, key=lambda one: one.reported_at):
        by_epoch[(one.station, one.epoch)].append(one)
    rows = [
        {
            **_columns(station),
            "epoch": epoch,
            "highest": max(one.sequence for one in ones),
            "since": ones[0].reported_at,
        }
        for (station, epoch), ones in by_epoch.items()
    ]
    write_rows(connection, _raising(connection.dialect.name), rows)


@lru_cache
def _raising(dialect_name: str) -> Insert:
    """Return the statement; to build it for each message takes longer than to run it."""
    insert = insert_for(dialect_name, station_mark)
    now, new = station_mark.c, insert.excluded
    raising = insert.on_conflict_do_update(
        index_elements=[*_PLACE, now.epoch],
        set_={
            "highest": case((new.highest > now.highest, new.highest), else_=now.highest),
            "since": case((new.since < now.since, new.since), else_=now.since),
        },
    )
    return raising.inline()


def _is_new(connection: Connection, one: Numbered, kind: AlarmKind) -> bool:
    values = {
        **_columns(one.station),
        "epoch": one.epoch,
        "kind": kind.value,
        "sequence": one.sequence,
        "received_at": one.received_at,
    }
    insert = insert_into(connection, station_alarm).values(values).on_conflict_do_nothing()
    return connection.execute(insert.returning(station_alarm.c.number)).first() is not None


def _columns(station: StationIdentity) -> dict[str, object]:
    return {"region": station.region, "site": station.site, "station": station.station}
