"""The CDC's inbox in SQLite or PostgreSQL: what came, what is missing, what could not be read."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Table, delete, func, select

from station.cdc.aside import (
    AsideReason,
    Unread,
    poison_by_reason,
    unread_after,
    write_newer,
    write_poison,
)
from station.cdc.database import Use, Where, insert_new, rows_with
from station.cdc.gaps import MOST_GAPS, Gap, read_gaps
from station.cdc.marks import (
    Mark,
    Numbered,
    StationAlarm,
    expect_marks,
    expected_marks,
    raise_marks,
    read_alarms,
    read_marks,
)
from station.cdc.opening import open_inbox
from station.cdc.persons import delete_expired, keep_sealed
from station.cdc.tables import alert, daily_report, newer, poison
from station.cdc.times import from_text, to_text
from station.core.report import without_person
from station.reporting.messages.alert import Alert
from station.reporting.messages.daily_report import DailyReport
from station.reporting.topics import StationIdentity

_ROWS_AT_ONCE = 500
_CHECKPOINT_AFTER = 100
"""Messages; SQLite's log has grown to some megabytes then."""

_Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Taken:
    """One message as it came, read or not."""

    topic: str
    """Where it came from."""
    raw: bytes
    """Its bytes."""
    received_at: datetime
    """When, aware, UTC."""
    event: Alert | DailyReport | None = None
    """What it says, if it can be read."""
    report_id: UUID | None = None
    """Its id, if that can be read."""
    reason: str | None = None
    """Why it is set aside; None if it is not."""
    signature: str | None = None
    """The signature that came with a message of a newer version, to be checked when it is read."""


class Added(NamedTuple):
    """What a batch brought that was not there before."""

    events: list[Alert | DailyReport]
    alarms: list[StationAlarm]


@dataclass(frozen=True, slots=True)
class Stored:
    """One alert as it is kept."""

    alert: Alert
    """What it says."""
    received_at: datetime
    """When it came, aware, UTC."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """How much has come."""

    alerts: int
    """Alerts stored."""
    stations: int
    """Stations they came from."""
    newer: int
    """Messages of a newer version, kept unread."""
    poison: int
    """Messages that cannot be stored, kept aside."""
    reports: int
    """Daily reports stored."""


class InboxStore:
    """The receiver's database; one thread uses it.

    Raises:
        KnownError: from every method, when the database cannot be used; nothing is written then.
    """

    def __init__(self, where: Where, *, read_only: bool = False) -> None:
        self._database = open_inbox(where, Use.READ if read_only else Use.RECEIVE)
        self._in_log = 0

    def add(self, batch: Sequence[Taken], *, instead_of: Sequence[int] = ()) -> Added:
        """Write a batch in one transaction; return what was not there before.

        Args:
            batch: what has come.
            instead_of: positions of the messages of a newer version that these are, read at last.
        """
        # By id, so that a batch that brings one twice tells it once; the first one counts.
        readable: dict[str, Taken] = {}
        for one in batch:
            if one.event and not one.reason:
                readable.setdefault(str(one.event.id), one)
        alerts, reports = _rows(readable)
        aside = [_poison_values(t) for t in batch if t.reason is not None]
        unread = [_newer_values(t) for t in batch if t.reason is None and t.event is None]
        with self._database.writing() as connection:
            rows = _insert_new(connection, alert, alerts)
            rows += _insert_new(connection, daily_report, reports)
            numbered = [_numbered(row, readable[row["report_id"]]) for row in rows]
            alarms = raise_marks(connection, numbered)
            fresh = {row["report_id"] for row in rows}
            is_deleted = keep_sealed(connection, _fresh_alerts(readable, fresh))
            # What is in the inbox already, and was receipted, is never dropped for want of room.
            write_poison(connection, aside, is_bounded=not instead_of)
            write_newer(connection, unread)
            if instead_of:
                connection.execute(delete(newer).where(newer.c.position.in_(instead_of)))
        self._in_log += len(batch)
        if is_deleted:
            self._database.empty_log()
        events = [t.event for key, t in readable.items() if t.event and key in fresh]
        return Added(events, alarms)

    def settle(self) -> None:
        """Do what need not be done before the receipts are out."""
        if self._in_log >= _CHECKPOINT_AFTER:
            self._in_log = 0
            self._database.checkpoint()

    def delete_expired(self, now: datetime) -> int:
        """Delete the sealed identities whose time is over; return how many."""
        with self._database.writing() as connection:
            count = delete_expired(connection, now)
        if count:
            self._database.empty_log()
        return count

    def inbox(self) -> Inbox:
        """Return how much has come."""
        stations = select(alert.c.region, alert.c.site, alert.c.station).distinct().subquery()
        tables = (alert, stations, newer, poison, daily_report)
        counts = (select(func.count()).select_from(table).scalar_subquery() for table in tables)
        with self._database.reading() as connection:
            return Inbox(*connection.execute(select(*counts)).one())

    def gaps(
        self, stations: Collection[StationIdentity] | None = None, limit: int = MOST_GAPS
    ) -> list[Gap]:
        """Return what is missing, station by station.

        Args:
            stations: of these alone; None takes all.
            limit: most gaps to return.
        """
        with self._database.reading() as connection:
            return read_gaps(connection, stations, limit)

    def aside(self, limit: int) -> list[AsideReason]:
        """Return why messages were set aside, the reason of the most first."""
        with self._database.reading() as connection:
            return poison_by_reason(connection, limit)

    def unread_after(self, position: int, limit: int) -> list[Unread]:
        """Return the next messages of a newer version, the oldest first."""
        with self._database.reading() as connection:
            return unread_after(connection, position, limit)

    def marks(self) -> list[Mark]:
        """Return how far each station has counted in each epoch."""
        with self._database.reading() as connection:
            return list(read_marks(connection))

    def expect(self, reached: Collection[Mark]) -> None:
        """Take that stations have counted so far: what the inbox lacks of it is missing."""
        with self._database.reading() as connection:
            new = set(reached).difference(expected_marks(connection))
        if new:
            with self._database.writing() as connection:
                expect_marks(connection, new)

    def alarms(self, limit: int) -> list[StationAlarm]:
        """Return the latest alarms about stations that went back, oldest first."""
        with self._database.reading() as connection:
            return read_alarms(connection, limit)

    def alerts(self, limit: int) -> list[Alert]:
        """Return the latest stored alerts, oldest first."""
        query = select(alert.c.raw).order_by(alert.c.position.desc()).limit(limit)
        with self._database.reading() as connection:
            found = list(connection.scalars(query))
        return [_parsed(raw) for raw in reversed(found)]

    def received_since(self, since: datetime | None) -> Iterator[Stored]:
        """Yield the alerts that came at this moment or later, in the order in which they came."""
        query = select(alert.c.raw, alert.c.received_at).order_by(alert.c.position)
        if since is not None:
            query = query.where(alert.c.received_at >= to_text(since))
        with self._database.reading() as connection:
            for row in connection.execute(query).yield_per(_ROWS_AT_ONCE):
                yield Stored(_parsed(row.raw), from_text(row.received_at))

    def close(self) -> None:
        """Close the database; closing twice is safe."""
        self._database.close()


def _parsed(raw: bytes) -> Alert:
    return Alert.model_validate_json(raw, extra="ignore")


def _rows(readable: dict[str, Taken]) -> tuple[_Rows, _Rows]:
    """Return the rows of alerts and of daily reports, by id."""
    alerts, reports = {}, {}
    for key, taken in readable.items():
        match taken.event:
            case Alert() as message:
                alerts[key] = _alert_values(taken, message)
            case DailyReport() as message:
                reports[key] = _daily_values(taken, message)
    return alerts, reports


def _fresh_alerts(
    readable: dict[str, Taken], fresh: Collection[str]
) -> Iterator[tuple[Alert, datetime]]:
    for key, taken in readable.items():
        if key in fresh and isinstance(taken.event, Alert):
            yield taken.event, taken.received_at


def _insert_new(connection: Connection, table: Table, rows: _Rows) -> list[dict[str, Any]]:
    """Write and return what is not stored already; nobody else writes meanwhile."""
    if not rows:
        return []
    column = table.c.report_id
    known = {key for (key,) in rows_with(connection, (column,), column, rows)}
    new = [row for key, row in rows.items() if key not in known]
    if new:
        insert_new(connection, table, new)
    return new


def _numbered(row: dict[str, Any], taken: Taken) -> Numbered:
    assert taken.event is not None  # noqa: S101 - only what is readable has a row
    return Numbered(
        taken.event.identity,
        row["epoch"],
        row["sequence"],
        row["report_id"],
        row["reported_at"],
        row["received_at"],
    )


def _common_values(taken: Taken, message: Alert | DailyReport) -> dict[str, Any]:
    identity, data = message.identity, message.data
    return {
        "report_id": str(message.id),
        "region": identity.region,
        "site": identity.site,
        "station": identity.station,
        "epoch": str(data.epoch),
        "sequence": data.sequence,
        "is_drill": data.is_drill,
        "reported_at": to_text(message.time),
        "received_at": to_text(taken.received_at),
        # What is sealed is kept apart, and goes when its time is over.
        "raw": without_person(taken.raw),
    }


def _daily_values(taken: Taken, message: DailyReport) -> dict[str, Any]:
    return {**_common_values(taken, message), "day": message.data.day.isoformat()}


def _alert_values(taken: Taken, message: Alert) -> dict[str, Any]:
    data = message.data
    return {
        **_common_values(taken, message),
        "kind": data.kind.value,
        "case_id": str(data.case.case_id),
        "case_number": data.case.number,
        "case_state": data.case.state.value,
        "lane": data.case.lane,
        "outcome": data.skin.outcome.value,
        "skin_surface_temperature_c": data.skin.skin_surface_temperature_c,
        "body_temperature_c": data.body[-1].body_temperature_c if data.body else None,
        "flagged_at": to_text(data.case.flagged_at),
    }


def _poison_values(taken: Taken) -> dict[str, Any]:
    return {
        "report_id": str(taken.report_id) if taken.report_id else None,
        "topic": _storable(taken.topic),
        "reason": taken.reason,
        "received_at": to_text(taken.received_at),
        "raw": _bare(taken.raw),
    }


def _bare(raw: bytes) -> bytes:
    """Return a refused message without a sealed identity, as far as it can be read."""
    try:
        return without_person(raw)
    except (ValueError, RecursionError):
        return raw


def _newer_values(taken: Taken) -> dict[str, Any]:
    return {
        "report_id": str(taken.report_id),
        "topic": _storable(taken.topic),
        "received_at": to_text(taken.received_at),
        "raw": taken.raw,
        "signature": None if taken.signature is None else _storable(taken.signature),
    }


def _storable(text: str) -> str:
    # PostgreSQL takes neither NUL nor half of a surrogate pair in a text.
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
