"""Finding passages, newest first, without reading the hours in which there is nothing to find."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    false,
    func,
    literal_column,
    or_,
    select,
)

from station.core.cases import VERDICTS, BodyReading, CaseState
from station.core.search import CaseBrief, FoundPassage, PagePlace, PassageFilter
from station.ledger import rows
from station.ledger.summary import FIRST_REASON, tenths
from station.ledger.tables import case, case_step, passage, passage_count, reading, skin_count

_HOUR_S = 3600
_HOURS_AT_ONCE = 64
_IDS_AT_ONCE = 500


def find(
    connection: Connection,
    wanted: PassageFilter,
    limit: int,
    after: PagePlace | None,
    *,
    is_drill: bool,
) -> list[FoundPassage]:
    """Return up to `limit` passages, newest first, from the end of the page before."""
    fits = _conditions(wanted, is_drill=is_drill)
    if after is not None:
        is_later_id = and_(
            passage.c.last_at == after.last_at, passage.c.passage_id < after.passage_id
        )
        fits.append(or_(passage.c.last_at < after.last_at, is_later_id))
    newest_first = select(passage).order_by(passage.c.last_at.desc(), passage.c.passage_id.desc())
    found: list[Row[Any]] = []
    if wanted.case_number is not None:
        is_of_case = passage.c.passage_id.in_(
            select(case.c.passage_id).where(case.c.number == wanted.case_number)
        )
        found.extend(connection.execute(newest_first.where(is_of_case, *fits).limit(limit)))
    else:
        for hour in _hours_to_look_at(connection, wanted, after, is_drill=is_drill):
            within = passage.c.last_at >= hour, passage.c.last_at < hour + timedelta(hours=1)
            query = newest_first.where(*within, *fits).limit(limit - len(found))
            found.extend(connection.execute(query))
            if len(found) == limit:
                break
    return _with_cases(connection, found)


def count_about(connection: Connection, wanted: PassageFilter, *, is_drill: bool) -> int:
    """Return how many there are, counted by whole hours and tenths of a degree."""
    if wanted.case_number is not None:
        query = select(func.count()).where(case.c.number == wanted.case_number)
        return connection.scalar(query.where(case.c.is_drill == is_drill)) or 0
    table, fits = _counted(wanted, is_drill=is_drill)
    if wanted.below_c is not None and wanted.below_c * 10 == tenths(wanted.below_c):
        # Nothing of the bar that begins at the limit itself.
        fits.append(table.c.tenths < tenths(wanted.below_c))
    return connection.scalar(select(func.sum(table.c.number)).where(*fits)) or 0


def _conditions(wanted: PassageFilter, *, is_drill: bool) -> list[ColumnElement[bool]]:
    """Return what a passage must keep."""
    fits: list[ColumnElement[bool]] = [passage.c.is_drill == is_drill]
    for name in ("camera_id", "lane", "outcome"):
        if (value := getattr(wanted, name)) is not None:
            fits.append(passage.c[name] == value)
    if wanted.since is not None:
        fits.append(passage.c.last_at >= wanted.since)
    if wanted.until is not None:
        fits.append(passage.c.last_at < wanted.until)
    if wanted.reason is not None:
        fits.append(_first_reason() == wanted.reason.value)
    if wanted.lowest_c is not None:
        fits.append(passage.c.skin_c >= wanted.lowest_c)
    if wanted.below_c is not None:
        fits.append(passage.c.skin_c < wanted.below_c)
    return fits


def _first_reason() -> ColumnElement[str]:
    return literal_column(FIRST_REASON.format(row="passage."))


def _counted(wanted: PassageFilter, *, is_drill: bool) -> tuple[Table, list[ColumnElement[bool]]]:
    """Return the table of counts that knows most about a filter, and what its rows must keep."""
    table = skin_count if wanted.asks_for_skin else passage_count
    fits: list[ColumnElement[bool]] = [table.c.is_drill == is_drill, table.c.number > 0]
    if wanted.since is not None:
        fits.append(table.c.hour >= _hour(wanted.since))
    if wanted.until is not None:
        fits.append(table.c.hour <= _hour(wanted.until))
    for name in ("camera_id", "lane", "outcome"):
        if (value := getattr(wanted, name)) is not None:
            fits.append(table.c[name] == value)
    if wanted.reason is not None:
        # Who was measured has no reason.
        is_reason = table is passage_count
        fits.append(table.c.reason == wanted.reason.value if is_reason else false())
    if wanted.lowest_c is not None:
        fits.append(table.c.tenths >= tenths(wanted.lowest_c))
    if wanted.below_c is not None:
        fits.append(table.c.tenths <= ceil(wanted.below_c * 10))
    return table, fits


def _hours_to_look_at(
    connection: Connection, wanted: PassageFilter, after: PagePlace | None, *, is_drill: bool
) -> Iterator[datetime]:
    """Yield the hours that hold something that may fit, newest first."""
    table, fits = _counted(wanted, is_drill=is_drill)
    before = None if after is None else _hour(after.last_at) + 1
    while True:
        query: Select[int] = select(table.c.hour).where(*fits).distinct()
        if before is not None:
            query = query.where(table.c.hour < before)
        hours = connection.scalars(query.order_by(table.c.hour.desc()).limit(_HOURS_AT_ONCE)).all()
        for hour in hours:
            yield datetime.fromtimestamp(hour * _HOUR_S, UTC)
        if len(hours) < _HOURS_AT_ONCE:
            return
        before = hours[-1]


def _hour(moment: datetime) -> int:
    return int(moment.timestamp() // _HOUR_S)


def _with_cases(connection: Connection, found: Sequence[Row[Any]]) -> list[FoundPassage]:
    briefs: dict[UUID, CaseBrief] = {}
    ids = [row.passage_id for row in found]
    for start in range(0, len(ids), _IDS_AT_ONCE):
        briefs.update(_briefs(connection, ids[start : start + _IDS_AT_ONCE]))
    return [FoundPassage(rows.read_passage(row), briefs.get(row.passage_id)) for row in found]


def _briefs(connection: Connection, passage_ids: Sequence[UUID]) -> dict[UUID, CaseBrief]:
    """Return the latest case of each of these passages that has one."""
    columns = case.c.case_id, case.c.passage_id, case.c.number, case.c.state, verdict_of_case()
    query = select(*columns).where(case.c.passage_id.in_(passage_ids)).order_by(case.c.number)
    cases = connection.execute(query).all()
    readings: dict[UUID, list[BodyReading]] = {one.case_id: [] for one in cases}
    if cases:
        taken = select(reading).where(reading.c.case_id.in_(readings))
        for row in connection.execute(taken.order_by(reading.c.case_id, reading.c.position)):
            readings[row.case_id].append(rows.read_reading(row))
    return {
        one.passage_id: CaseBrief(
            one.number,
            CaseState(one.state),
            _verdict(CaseState(one.state), one.verdict),
            tuple(readings[one.case_id]),
        )
        for one in cases
    }


def _verdict(state: CaseState, last: str | None) -> CaseState | None:
    """Return how a second check ended: one that was taken back has not."""
    if state in VERDICTS:
        return state
    return CaseState(last) if last and state is CaseState.CLOSED else None


def verdict_of_case() -> ColumnElement[str | None]:
    """Return the SQL of how a case's second check ended, also after it was closed."""
    verdicts = [verdict.value for verdict in VERDICTS]
    return (
        select(case_step.c.state)
        .where(case_step.c.case_id == case.c.case_id, case_step.c.state.in_(verdicts))
        .order_by(case_step.c.step_id.desc())
        .limit(1)
        .scalar_subquery()
        .label("verdict")
    )
