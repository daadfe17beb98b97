"""Identities that stations sealed for the CDC: kept unopened, opened by name, deleted in time.

The receiver and the page have no key. What is sealed is kept beside its alert, not in it, so that
no list, no export and no copy of the alert's message has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from station.cdc.database import insert_new, sqlite_driver
from station.cdc.tables import alert, person_opening, sealed_person
from station.cdc.times import from_text, to_text
from station.core.report import ReportKind
from station.reporting.messages.alert import Alert
from station.reporting.sealing import key_name
from station.reporting.topics import StationIdentity

_LONGEST_KEPT = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class SealedRow:
    """One sealed identity as it is kept."""

    report_id: UUID
    """The alert that brought it."""
    station: StationIdentity
    """Whose alert."""
    case_id: UUID
    """Its case."""
    case_number: int
    """The short number that the station's staff call out."""
    jwe: str
    """What is sealed."""
    delete_at: datetime
    """When it is deleted, aware, UTC."""


def keep_sealed(connection: Connection, fresh: Iterable[tuple[Alert, datetime]]) -> bool:
    """Keep what new alerts bring sealed, and delete what they replace or take back.

    Args:
        connection: in the transaction that stores the alerts.
        fresh: alerts that were not there before, and when they came.

    Returns:
        Whether something was deleted.
    """
    is_deleted = False
    for message, received_at in fresh:
        data = message.data
        is_taken_back = data.kind is ReportKind.CORRECTED and data.registration is None
        if data.person_sealed is None and not is_taken_back:
            continue
        is_deleted |= bool(_delete(connection, _is_before(message)))
        if data.person_sealed is not None and _time_left(message, received_at) > timedelta():
            insert_new(connection, sealed_person, [_values(message, received_at)])
    return is_deleted


def delete_expired(connection: Connection, now: datetime) -> int:
    """Delete every sealed identity whose time is over; return how many."""
    return _delete(connection, sealed_person.c.delete_at <= to_text(now))


def sealed_of(
    connection: Connection, case: UUID | int, station: str | None, now: datetime
) -> list[SealedRow]:
    """Return what is sealed of a case, the newest first.

    Args:
        connection: inside one transaction.
        case: its id, or the short number that its station calls out.
        station: narrows to one station; None takes all.
        now: what should be deleted by now is left out; aware.
    """
    which = alert.c.case_id == str(case) if isinstance(case, UUID) else alert.c.case_number == case
    query = (
        select(sealed_person, alert.c.case_number)
        .join(alert, alert.c.report_id == sealed_person.c.report_id)
        .where(which, sealed_person.c.delete_at > to_text(now))
        .order_by(sealed_person.c.reported_at.desc())
    )
    if station is not None:
        query = query.where(sealed_person.c.station == station)
    return [
        SealedRow(
            UUID(row.report_id),
            StationIdentity(row.region, row.site, row.station),
            UUID(row.case_id),
            row.case_number,
            row.jwe,
            from_text(row.delete_at),
        )
        for row in connection.execute(query)
    ]


class KeyUse(NamedTuple):
    """What is still sealed for one key."""

    kid: str
    """The key's id."""
    sealed: int
    """How many identities."""
    last_delete_at: datetime
    """When the last of them is deleted, aware, UTC."""
    lately: tuple[tuple[StationIdentity, datetime], ...]
    """Whose newest identity is sealed for it, and when that came about: by the station's clock."""


def key_uses(connection: Connection) -> list[KeyUse]:
    """Return what is sealed for each key, the key that was used last first."""
    rows = connection.execute(select(sealed_person).order_by(sealed_person.c.reported_at.desc()))
    ends: dict[str, list[str]] = {}
    newest: dict[StationIdentity, tuple[str, datetime]] = {}
    for row in rows:
        kid = key_name(row.jwe)
        ends.setdefault(kid, []).append(row.delete_at)
        station = StationIdentity(row.region, row.site, row.station)
        newest.setdefault(station, (kid, from_text(row.reported_at)))
    return [
        KeyUse(
            kid,
            len(found),
            from_text(max(found)),
            tuple((who, at) for who, (used, at) in newest.items() if used == kid),
        )
        for kid, found in ends.items()
    ]


def note_opening(connection: Connection, sealed: SealedRow, *, name: str, at: datetime) -> None:
    """Write into the event log who opened an identity."""
    values = {
        "report_id": str(sealed.report_id),
        **_place(sealed.station),
        "case_id": str(sealed.case_id),
        "name": name,
        "at": to_text(at),
    }
    connection.execute(insert(person_opening).values(values))


def _values(message: Alert, received_at: datetime) -> dict[str, Any]:
    assert message.data.person_sealed is not None  # noqa: S101 - the caller looked
    return {
        "report_id": str(message.id),
        **_place(message.identity),
        "case_id": str(message.data.case.case_id),
        "reported_at": to_text(message.time),
        "delete_at": to_text(received_at + _time_left(message, received_at)),
        "jwe": message.data.person_sealed.jwe,
    }


def _time_left(message: Alert, received_at: datetime) -> timedelta:
    """Return how long it may still be kept, whichever of the two clocks is wrong.

    No longer than the station's rule says from now on, and not past the moment that it names.
    """
    person = message.data.person_sealed
    assert person is not None  # noqa: S101 - the caller looked
    return min(person.delete_at - message.time, person.delete_at - received_at, _LONGEST_KEPT)


def _is_before(message: Alert) -> Any:
    """Whether a row is of the same case and not newer than this message."""
    place = {**_place(message.identity), "case_id": str(message.data.case.case_id)}
    condition = sealed_person.c.reported_at <= to_text(message.time)
    for name, value in place.items():
        condition &= sealed_person.c[name] == value
    return condition


def _place(station: StationIdentity) -> dict[str, str]:
    return {"region": station.region, "site": station.site, "station": station.station}


def _delete(connection: Connection, condition: Any) -> int:
    driver = sqlite_driver(connection)
    if driver is not None:
        # SQLite leaves deleted bytes in the file until they are needed for others.
        driver.execute("PRAGMA secure_delete = ON").close()
    count: int = connection.execute(delete(sealed_person).where(condition)).rowcount
    if driver is not None:
        driver.execute("PRAGMA secure_delete = OFF").close()
    return count
