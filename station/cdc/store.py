"""The CDC's inbox in one SQLite file: what came, what is missing, what could not be read."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event, func, select, union_all
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from station.cdc.tables import SCHEMA_VERSION, alert, daily_report, metadata, newer, poison
from station.core.errors import KnownError
from station.reporting.messages import Alert, DailyReport
from station.reporting.topics import StationIdentity

MOST_SET_ASIDE = 10_000
"""So many refused messages are kept, at most 64 KiB each; later ones are only logged."""

_PRIMARY_CODE = 0xFF
_ROWS_AT_ONCE = 500
_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk of {path} is full: free space; stations keep their alerts.",
    sqlite3.SQLITE_IOERR: "The disk of {path} cannot be written (full, over its quota, or "
    "failing): free space, or replace it; stations keep their alerts.",
    sqlite3.SQLITE_BUSY: "Another program holds {path}: close it.",
    sqlite3.SQLITE_LOCKED: "Another program holds {path}: close it.",
    sqlite3.SQLITE_CANTOPEN: "{path} cannot be opened: check that it exists, its folder too, and "
    "that this user may use it.",
    sqlite3.SQLITE_READONLY: "{path} is read-only: give this user write permission.",
    sqlite3.SQLITE_NOTADB: "{path} is no database of the CDC's receiver: name another file.",
    sqlite3.SQLITE_CORRUPT: "{path} is damaged: restore it from the backup.",
}


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


@dataclass(frozen=True, slots=True)
class Stored:
    """One alert as it is kept."""

    alert: Alert
    """What it says."""
    received_at: datetime
    """When it came, aware, UTC."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages of one epoch of one station that are known to exist and have not come."""

    station: StationIdentity
    """Whose."""
    epoch: UUID
    """Which count."""
    first: int
    """First missing number."""
    last: int
    """Last missing number."""


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
        KnownError: from every method, when the file cannot be used; nothing is written then.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._engine = _open_engine(path, read_only=read_only)
        with self._known_errors(), self._engine.connect() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if version > SCHEMA_VERSION:
                raise KnownError(
                    f"{path} has schema {version}, this program knows up to {SCHEMA_VERSION}: "
                    "install the newer program that wrote it."
                )
            if read_only and version < SCHEMA_VERSION:
                raise KnownError(
                    f"{path} has the older schema {version}: start `cdc serve` on it once."
                )
            if not read_only:
                metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
                connection.commit()

    def add(self, batch: Sequence[Taken]) -> list[Alert | DailyReport]:
        """Write a batch in one transaction; return the messages that were not there before."""
        readable = {str(t.event.id): t for t in reversed(batch) if t.event and not t.reason}
        aside = [t for t in batch if t.reason is not None]
        unread = [t for t in batch if t.reason is None and t.event is None]
        with self._known_errors(), self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            known = {
                report_id
                for table in (alert, daily_report)
                for report_id in connection.scalars(
                    select(table.c.report_id).where(table.c.report_id.in_(readable))
                )
            }
            fresh = [t for key, t in reversed(readable.items()) if key not in known]
            events = [(t, t.event) for t in fresh]
            alerts = (_alert_values(t, e) for t, e in events if isinstance(e, Alert))
            _insert(connection, alert, alerts)
            reports = (_daily_values(t, e) for t, e in events if isinstance(e, DailyReport))
            _insert(connection, daily_report, reports)
            _insert(connection, poison, (_poison_values(t) for t in _kept(connection, aside)))
            _insert(connection, newer, (_newer_values(t) for t in unread))
        return [t.event for t in fresh if t.event is not None]

    def inbox(self) -> Inbox:
        """Return how much has come."""
        stations = select(alert.c.region, alert.c.site, alert.c.station).distinct().subquery()
        tables = (alert, stations, newer, poison, daily_report)
        counts = (select(func.count()).select_from(table).scalar_subquery() for table in tables)
        with self._known_errors(), self._engine.connect() as connection:
            return Inbox(*connection.execute(select(*counts)).one())

    def gaps(self) -> list[Gap]:
        """Return what is missing, station by station."""
        come = union_all(
            *(
                select(t.c.region, t.c.site, t.c.station, t.c.epoch, t.c.sequence)
                for t in (alert, daily_report)
            )
        ).subquery()
        columns = (come.c.region, come.c.site, come.c.station, come.c.epoch)
        before = func.lag(come.c.sequence, 1, 0).over(
            partition_by=columns, order_by=come.c.sequence
        )
        steps = select(*columns, come.c.sequence, before.label("before")).subquery()
        query = (
            select(steps)
            .where(steps.c.sequence > steps.c.before + 1)
            .order_by(steps.c.region, steps.c.site, steps.c.station, steps.c.epoch, steps.c.before)
        )
        with self._known_errors(), self._engine.connect() as connection:
            return [
                Gap(
                    StationIdentity(row.region, row.site, row.station),
                    UUID(row.epoch),
                    row.before + 1,
                    row.sequence - 1,
                )
                for row in connection.execute(query)
            ]

    def alerts(self, limit: int) -> list[Alert]:
        """Return the latest stored alerts, oldest first."""
        query = select(alert.c.raw).order_by(alert.c.position.desc()).limit(limit)
        with self._known_errors(), self._engine.connect() as connection:
            found = list(connection.scalars(query))
        return [Alert.model_validate_json(raw, extra="ignore") for raw in reversed(found)]

    def received_since(self, since: datetime | None) -> Iterator[Stored]:
        """Yield the alerts that came at this moment or later, in the order in which they came."""
        query = select(alert.c.raw, alert.c.received_at).order_by(alert.c.position)
        if since is not None:
            query = query.where(alert.c.received_at >= _text(since))
        with self._known_errors(), self._engine.connect() as connection:
            for row in connection.execute(query).yield_per(_ROWS_AT_ONCE):
                message = Alert.model_validate_json(row.raw, extra="ignore")
                yield Stored(message, datetime.fromisoformat(row.received_at))

    def daily_reports(self, limit: int) -> list[DailyReport]:
        """Return the latest stored daily reports, oldest first."""
        query = select(daily_report.c.raw).order_by(daily_report.c.position.desc()).limit(limit)
        with self._known_errors(), self._engine.connect() as connection:
            found = list(connection.scalars(query))
        return [DailyReport.model_validate_json(raw, extra="ignore") for raw in reversed(found)]

    def close(self) -> None:
        """Close the file; closing twice is safe."""
        self._engine.dispose()

    @contextmanager
    def _known_errors(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY_CODE
            if code not in _SENTENCES:
                raise
            raise KnownError(_SENTENCES[code].format(path=self._path)) from error


def _open_engine(path: Path, *, read_only: bool) -> Engine:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri, uri=True, timeout=5.0, isolation_level=None, check_same_thread=False
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, record: object) -> None:
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")

    return engine


def _insert(connection: Connection, table: Any, values: Iterable[dict[str, Any]]) -> None:
    if rows := list(values):
        connection.execute(insert(table).on_conflict_do_nothing(), rows)


def _kept(connection: Connection, aside: list[Taken]) -> list[Taken]:
    """Return those that there is room for: a flood of forged messages must not fill the disk."""
    count = connection.scalar(select(func.count()).select_from(poison)) or 0
    return aside[: max(0, MOST_SET_ASIDE - count)]


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
        "reported_at": _text(message.time),
        "received_at": _text(taken.received_at),
        "raw": taken.raw,
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
        "flagged_at": _text(data.case.flagged_at),
    }


def _poison_values(taken: Taken) -> dict[str, Any]:
    return {
        "digest": sha256(taken.topic.encode("utf-8", "replace") + b"\0" + taken.raw).hexdigest(),
        "report_id": str(taken.report_id) if taken.report_id else None,
        "topic": taken.topic,
        "reason": taken.reason,
        "received_at": _text(taken.received_at),
        "raw": taken.raw,
    }


def _newer_values(taken: Taken) -> dict[str, Any]:
    return {
        "report_id": str(taken.report_id),
        "topic": taken.topic,
        "received_at": _text(taken.received_at),
        "raw": taken.raw,
    }


def _text(at: datetime) -> str:
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
