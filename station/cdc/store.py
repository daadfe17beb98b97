"""The CDC's inbox in SQLite or PostgreSQL: what came, what is missing, what could not be read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, tuple_

from station.cdc.aside import AsideReason, Unread, poison_by_reason, unread_after, write_poison
from station.cdc.database import Database, Where, insert_into, is_one_of
from station.cdc.marks import Mark, Numbered, StationAlarm, raise_marks, read_alarms, read_marks
from station.cdc.migrate import check, migrate
from station.cdc.tables import alert, newer, poison
from station.reporting.payload import Alert
from station.reporting.topics import StationIdentity

_MOST_GAPS = 1000


@dataclass(frozen=True, slots=True)
class Taken:
    """One message as it came, read or not."""

    topic: str
    """Where it came from."""
    raw: bytes
    """Its bytes."""
    received_at: datetime
    """When, aware, UTC."""
    alert: Alert | None = None
    """What it says, if it can be read."""
    report_id: UUID | None = None
    """Its id, if that can be read."""
    reason: str | None = None
    """Why it is set aside; None if it is not."""


class Added(NamedTuple):
    """What a batch brought that was not there before."""

    alerts: list[Alert]
    alarms: list[StationAlarm]


class Placed(NamedTuple):
    """A stored alert and its place in the inbox."""

    position: int
    alert: Alert


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
    """Messages that are no alerts, kept aside."""


class InboxStore:
    """The receiver's database; one thread uses it.

    Raises:
        KnownError: from every method, when the database cannot be used; nothing is written then.
    """

    def __init__(self, where: Where, *, read_only: bool = False) -> None:
        self._database = Database(where, read_only=read_only)
        try:
            if read_only:
                with self._database.reading() as connection:
                    check(connection, self._database.name)
            else:
                with self._database.writing() as connection:
                    migrate(connection, self._database.name)
        except BaseException:
            self._database.close()
            raise

    def add(self, batch: Sequence[Taken], *, instead_of: Sequence[int] = ()) -> Added:
        """Write a batch in one transaction; return what was not there before.

        Args:
            batch: what has come.
            instead_of: positions of the messages of a newer version that these are, read at last.
        """
        # By id, so that a batch that brings one twice tells it once; the first one counts.
        readable: dict[str, Taken] = {}
        for one in batch:
            if one.alert and not one.reason:
                readable.setdefault(str(one.alert.id), one)
        alerts = {key: _alert_values(t) for key, t in readable.items()}
        aside = [_poison_values(t) for t in batch if t.reason is not None]
        unread = [_newer_values(t) for t in batch if t.reason is None and t.alert is None]
        with self._database.writing() as connection:
            for known in _known_ids(connection, alerts):
                del alerts[known]
            _insert(connection, alert, [*alerts.values()])
            alarms = raise_marks(connection, [_numbered(row) for row in alerts.values()])
            write_poison(connection, aside)
            _insert(connection, newer, unread)
            if instead_of:
                connection.execute(delete(newer).where(newer.c.position.in_(instead_of)))
        fresh = (readable[key].alert for key in alerts)
        return Added([message for message in fresh if message], alarms)

    def inbox(self) -> Inbox:
        """Return how much has come."""
        stations = select(alert.c.region, alert.c.site, alert.c.station).distinct().subquery()
        tables = (alert, stations, newer, poison)
        counts = (select(func.count()).select_from(table).scalar_subquery() for table in tables)
        with self._database.reading() as connection:
            return Inbox(*connection.execute(select(*counts)).one())

    def gaps(
        self, stations: Collection[StationIdentity] | None = None, limit: int = _MOST_GAPS
    ) -> list[Gap]:
        """Return what is missing, station by station.

        Args:
            stations: of these alone; None takes all.
            limit: most gaps to return.
        """
        columns = (alert.c.region, alert.c.site, alert.c.station, alert.c.epoch)
        before = func.lag(alert.c.sequence, 1, 0).over(
            partition_by=columns, order_by=alert.c.sequence
        )
        steps = select(*columns, alert.c.sequence, before.label("before"))
        if stations is not None:
            places = [(one.region, one.site, one.station) for one in stations]
            steps = steps.where(tuple_(*columns[:3]).in_(places))
        found = steps.subquery()
        query = (
            select(found)
            .where(found.c.sequence > found.c.before + 1)
            .order_by(found.c.region, found.c.site, found.c.station, found.c.epoch, found.c.before)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [
                Gap(
                    StationIdentity(row.region, row.site, row.station),
                    UUID(row.epoch),
                    row.before + 1,
                    row.sequence - 1,
                )
                for row in connection.execute(query)
            ]

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

    def alerts_after(self, position: int, limit: int) -> list[Placed]:
        """Return the next stored alerts in the order in which they became visible.

        Whoever goes on from the last position seen misses none, however many receivers write.

        Args:
            position: of the last alert seen; 0 before the first.
            limit: most alerts to return.
        """
        query = (
            select(alert.c.position, alert.c.raw)
            .where(alert.c.position > position)
            .order_by(alert.c.position)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [Placed(at, _parsed(raw)) for at, raw in connection.execute(query)]

    def close(self) -> None:
        """Close the database; closing twice is safe."""
        self._database.close()


def _parsed(raw: bytes) -> Alert:
    return Alert.model_validate_json(raw, extra="ignore")


def _known_ids(connection: Connection, ids: Collection[str]) -> list[str]:
    """Return which of these are stored already; nobody else writes meanwhile."""
    column = alert.c.report_id
    return list(connection.scalars(select(column).where(is_one_of(connection, column, ids))))


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert_into(connection, table).on_conflict_do_nothing(), rows)


def _numbered(row: dict[str, Any]) -> Numbered:
    return Numbered(
        StationIdentity(row["region"], row["site"], row["station"]),
        row["epoch"],
        row["sequence"],
        row["report_id"],
        row["reported_at"],
        row["received_at"],
    )


def _alert_values(taken: Taken) -> dict[str, Any]:
    message = taken.alert
    assert message is not None  # noqa: S101 - the caller chose those with one
    identity, data = message.identity, message.data
    return {
        "report_id": str(message.id),
        "region": identity.region,
        "site": identity.site,
        "station": identity.station,
        "epoch": str(data.epoch),
        "sequence": data.sequence,
        "is_drill": data.is_drill,
        "kind": data.kind.value,
        "case_id": str(data.case.case_id),
        "case_number": data.case.number,
        "case_state": data.case.state.value,
        "lane": data.case.lane,
        "outcome": data.skin.outcome.value,
        "skin_surface_temperature_c": data.skin.skin_surface_temperature_c,
        "body_temperature_c": data.body[-1].body_temperature_c if data.body else None,
        "flagged_at": _text(data.case.flagged_at),
        "reported_at": _text(message.time),
        "received_at": _text(taken.received_at),
        "raw": taken.raw,
    }


def _poison_values(taken: Taken) -> dict[str, Any]:
    return {
        "report_id": str(taken.report_id) if taken.report_id else None,
        "topic": _topic(taken),
        "reason": taken.reason,
        "received_at": _text(taken.received_at),
        "raw": taken.raw,
    }


def _newer_values(taken: Taken) -> dict[str, Any]:
    return {
        "report_id": str(taken.report_id),
        "topic": _topic(taken),
        "received_at": _text(taken.received_at),
        "raw": taken.raw,
    }


def _topic(taken: Taken) -> str:
    # PostgreSQL takes neither NUL nor half of a surrogate pair in a text.
    return taken.topic.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def _text(at: datetime) -> str:
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"
