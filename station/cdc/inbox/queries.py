"""Reading the receiver's alerts: the one place that knows its tables and its message."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    Subquery,
    Table,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
    union_all,
)

from station.cdc.database import is_one_of
from station.cdc.inbox.cases import (
    UNDEMANDING_KINDS,
    Body,
    CaseKey,
    CdcCase,
    HandoverStage,
    Skin,
    Update,
    grouped,
)
from station.cdc.inbox.newest import Places
from station.cdc.tables import (
    acknowledgement,
    alert,
    escalation,
    person_opening,
    sealed_person,
)
from station.cdc.times import from_text, to_text
from station.core.cases import CaseState
from station.core.clock_quality import ClockQuality
from station.core.report import ReportKind
from station.reporting.messages.alert import Alert

_KEY = (alert.c.region, alert.c.site, alert.c.station, alert.c.case_id)
_LONGEST_TEXT = 100
_MOST_PLACES = 100
_MESSAGES_OF_CASE = 20


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the officer looks for; what is None or empty does not narrow."""

    station: str = ""
    """Name of the station."""
    number: int | None = None
    """Short number of the case."""
    day: date | None = None
    """Local day on which a message of the case came."""
    zone: tzinfo | None = None
    """Where that day is counted; None takes the machine's zone."""
    state: CaseState | None = None
    """State that the case is in."""
    text: str = ""
    """Found in station, site, lane, case id, or what people call the checkpoint."""
    with_drills: bool = True
    """Whether exercises are shown."""
    is_waiting: bool = False
    """Whether only cases are shown that wait for an answer."""


NamedPlaces = Callable[[str], Iterable[tuple[str, str, str]]]
"""Returns region, site and station ("" for all of the site) of what is called so."""


def find_cases(
    connection: Connection,
    wanted: CaseFilter,
    limit: int,
    waiting: Iterable[CdcCase] = (),
    named: NamedPlaces = lambda word: (),
) -> tuple[CdcCase, ...]:
    """Return cases that fit, with all their messages; the one with the newest message first.

    Args:
        connection: inside one transaction.
        wanted: what is looked for.
        limit: most cases to return.
        waiting: the cases that wait for an answer.
        named: finds checkpoints by what people call them.
    """
    conditions = _conditions(wanted, named)
    if wanted.is_waiting:
        ids = [case.key.case_id for case in waiting]
        conditions.append(is_one_of(connection, alert.c.case_id, ids))
    # Only the newest messages are grouped, not a year of them; a case has few.
    newest = (
        select(*_KEY, alert.c.position)
        .where(*conditions)
        .order_by(alert.c.position.desc())
        .limit(limit * _MESSAGES_OF_CASE)
        .subquery()
    )
    key = [newest.c[column.name] for column in _KEY]
    found = select(*key).group_by(*key).order_by(func.max(newest.c.position).desc())
    return _cases(connection, found.limit(limit))


def waiting_cases(connection: Connection) -> tuple[CdcCase, ...]:
    """Return the cases that wait for an answer, with all their messages."""
    cleared, corrected = alert.alias("cleared"), alert.alias("corrected")
    is_answered = exists().where(acknowledgement.c.report_id == alert.c.report_id)
    # Messages may come in another order than they were made: in doubt somebody must answer.
    is_later = (corrected.c.position > cleared.c.position) | (
        (corrected.c.epoch == cleared.c.epoch) & (corrected.c.sequence > cleared.c.sequence)
    )
    is_corrected = exists().where(
        *_is_same_case(corrected),
        corrected.c.kind == ReportKind.CORRECTED.value,
        corrected.c.case_state != CaseState.CLEARED.value,
        is_later,
    )
    is_cleared = exists().where(
        *_is_same_case(cleared),
        cleared.c.case_state == CaseState.CLEARED.value,
        ~is_corrected,
    )
    found = (
        select(*_KEY)
        .where(
            alert.c.kind.not_in([kind.value for kind in UNDEMANDING_KINDS]),
            ~is_answered,
            ~is_cleared,
        )
        .distinct()
    )
    return tuple(case for case in _cases(connection, found) if case.waiting)


def case_of(connection: Connection, key: CaseKey) -> CdcCase | None:
    """Return one case with all its messages, or None if there is none."""
    return next(iter(cases_of(connection, [key])), None)


def cases_of(connection: Connection, keys: Sequence[CaseKey]) -> tuple[CdcCase, ...]:
    """Return these cases with all their messages; the one with the newest message first."""
    found: list[Update] = []
    # SQLite takes some thousands of values in one query.
    for start in range(0, len(keys), 200):
        found.extend(_updates(connection, [tuple(key) for key in keys[start : start + 200]]))
    return grouped(found)


def cases_changed_since(connection: Connection, seen: Places) -> set[CaseKey]:
    """Return the cases of which a message, or an answer, has come since then."""
    messages = select(*_KEY).where(alert.c.position > seen.alert)
    answers = select(*(acknowledgement.c[column.name] for column in _KEY)).where(
        acknowledgement.c.position > seen.acknowledgement
    )
    return {CaseKey(*row) for row in connection.execute(union(messages, answers))}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the event log."""

    at: datetime
    """When it was written, aware."""
    key: CaseKey
    """Whose case."""
    number: int
    """The case's short number."""
    is_drill: bool
    """Whether it was an exercise."""
    level: int
    """The level that was reached; 0 for an acknowledgement or an opening."""
    name: str
    """Who acknowledged or opened, or whom to call; may be empty."""
    is_opening: bool = False
    """Whether somebody opened the case's sealed identity."""


def log_lines(connection: Connection, limit: int) -> list[LogLine]:
    """Return the newest lines of the event log, newest first; one answer is one line."""
    answered, other = literal(0).label("level"), literal(0).label("opened")
    given = _newest(acknowledgement, limit, answered, other, acknowledgement.c.name.label("name"))
    reached = _newest(
        escalation, limit, escalation.c.level, other, escalation.c.contact.label("name")
    )
    is_opened = literal(1).label("opened")
    opened = _newest(person_opening, limit, answered, is_opened, person_opening.c.name)
    every = union_all(select(given), select(reached), select(opened)).subquery()
    told = (every.c.at, every.c.level, every.c.opened, every.c.name)
    query = (
        select(*_KEY, alert.c.case_number, alert.c.is_drill, *told)
        .join(every, every.c.report_id == alert.c.report_id)
        .distinct()
        .order_by(every.c.at.desc(), every.c.level.desc())
        .limit(limit)
    )
    return [
        LogLine(
            from_text(row.at),
            CaseKey(row.region, row.site, row.station, row.case_id),
            row.case_number,
            row.is_drill,
            row.level,
            row.name,
            bool(row.opened),
        )
        for row in connection.execute(query)
    ]


def _newest(table: Table, lines: int, *columns: ColumnElement[Any]) -> Subquery:
    return (
        select(table.c.report_id, table.c.at, *columns)
        .order_by(table.c.position.desc())
        .limit(lines * _MESSAGES_OF_CASE)
        .subquery()
    )


def _conditions(wanted: CaseFilter, named: NamedPlaces) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.station:
        conditions.append(alert.c.station == wanted.station)
    if wanted.number is not None:
        conditions.append(alert.c.case_number == wanted.number)
    if wanted.day is not None:
        start, end = (
            datetime.combine(day, datetime.min.time(), wanted.zone)
            for day in (wanted.day, wanted.day + timedelta(days=1))
        )
        conditions.append(alert.c.received_at >= to_text(start))
        conditions.append(alert.c.received_at < to_text(end))
    if wanted.state is not None:
        conditions.append(_is_now(wanted.state))
    if not wanted.with_drills:
        conditions.append(alert.c.is_drill.is_(False))
    for word in wanted.text[:_LONGEST_TEXT].split():
        if (case_id := parse_case_id(word)) is not None:
            # An index leads to it; no other text is looked into.
            conditions.append(alert.c.case_id == case_id)
            continue
        columns = (*_KEY, alert.c.lane, cast(alert.c.case_number, String))
        # More places than this are no name that somebody looks for.
        places = [_is_at(*place) for place in islice(named(word), _MOST_PLACES)]
        written = [column.icontains(word, autoescape=True) for column in columns]
        conditions.append(or_(*written, *places))
    return conditions


def _is_at(region: str, site: str, station: str) -> ColumnElement[bool]:
    is_site = and_(alert.c.region == region, alert.c.site == site)
    return and_(is_site, alert.c.station == station) if station else is_site


def _is_same_case(other: FromClause) -> list[ColumnElement[bool]]:
    # A case id has few rows, a station has many: what is joined with nothing uses no index, so
    # that SQLite, which keeps no statistics, looks for the case id.
    names = ("region", "site", "station")
    same_station = [other.c[name].op("||")("") == alert.c[name] for name in names]
    return [other.c.case_id == alert.c.case_id, *same_station]


def _is_now(state: CaseState) -> ColumnElement[bool]:
    """Whether no message follows in the station's order, and this one tells the state."""
    later = alert.alias("later")
    follows = exists().where(
        *_is_same_case(later),
        or_(
            and_(later.c.epoch == alert.c.epoch, later.c.sequence > alert.c.sequence),
            and_(later.c.epoch != alert.c.epoch, later.c.position > alert.c.position),
        ),
    )
    return and_(alert.c.case_state == state.value, ~follows)


def _cases(connection: Connection, keys: Select[Any]) -> tuple[CdcCase, ...]:
    return cases_of(connection, [CaseKey(*row[:4]) for row in connection.execute(keys)])


def _updates(connection: Connection, keys: Sequence[Any]) -> Iterable[Update]:
    same = alert.alias("same")
    # The lowest number, because an index leads to it; it is as good as any early one.
    epoch_position = (
        select(same.c.position)
        .where(
            same.c.region == alert.c.region,
            same.c.site == alert.c.site,
            same.c.station == alert.c.station,
            same.c.epoch == alert.c.epoch,
        )
        .order_by(same.c.sequence)
        .limit(1)
        .scalar_subquery()
    )
    # By case first, where an index is; a case has few messages.
    query = (
        select(
            alert,
            acknowledgement.c.name,
            acknowledgement.c.at,
            sealed_person.c.delete_at,
            epoch_position.label("began"),
        )
        .outerjoin(acknowledgement, acknowledgement.c.report_id == alert.c.report_id)
        .outerjoin(sealed_person, sealed_person.c.report_id == alert.c.report_id)
        .where(alert.c.case_id.in_([key[3] for key in keys]), tuple_(*_KEY).in_(keys))
    )
    return [_update(row) for row in connection.execute(query)]


def _update(row: Any) -> Update:
    message = Alert.model_validate_json(row.raw, extra="ignore")
    skin, case = message.data.skin, message.data.case
    return Update(
        position=row.position,
        report_id=row.report_id,
        key=CaseKey(row.region, row.site, row.station, row.case_id),
        epoch=row.epoch,
        sequence=row.sequence,
        epoch_position=row.began,
        kind=row.kind,
        state=row.case_state,
        number=row.case_number,
        lane=row.lane,
        is_drill=row.is_drill,
        flagged_at=case.flagged_at,
        reported_at=message.time,
        received_at=from_text(row.received_at),
        skin=Skin(
            surface_c=skin.skin_surface_temperature_c,
            standard_uncertainty_c=skin.standard_uncertainty_c,
            site=skin.site or "",
            outcome=skin.outcome.value,
            reasons=skin.reasons,
        ),
        body=tuple(
            Body(
                body_c=one.body_temperature_c,
                taken_at=one.taken_at,
                device_id=one.device_id,
                trust=one.trust.value,
                site=one.body_site.value if one.body_site else "",
            )
            for one in message.data.body
        ),
        handover=tuple(
            HandoverStage(one.step.value, one.at, one.to) for one in message.data.handover
        ),
        registration=message.data.registration,
        outcome=message.data.outcome.value if message.data.outcome else "",
        is_clock_jumped=message.data.clock is ClockQuality.JUMPED,
        sealed_until=from_text(row.delete_at) if row.delete_at else None,
        acknowledged_by=row.name or "",
        acknowledged_at=from_text(row.at) if row.at else None,
    )


def parse_case_id(text: str) -> str | None:
    """Return a case's id as it is stored, or None if this is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return None
