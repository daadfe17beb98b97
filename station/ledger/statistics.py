"""Counting for the statistics page, from the counts by the hour and the cases themselves."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, Connection, Integer, case, cast, func, select

from station.core.cases import VERDICTS, CaseState, ClearCause
from station.core.screening import Outcome
from station.core.statistics import SecondChecks, SkinCount, Statistics, TimeCount
from station.ledger.searching import verdict_of_case
from station.ledger.tables import case as flagged
from station.ledger.tables import passage_count, skin_count

_HOUR_S = 3600
_DAY_H = 24
# Up to two days and the hour that a change of clocks may add.
_HOURLY_UP_TO_H = 49


@dataclass
class _Counts:
    """What one look over the counts of passages brings together."""

    lanes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The cameras of each lane; one, unless they were changed."""
    times: dict[int, Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    reasons: Counter[str] = field(default_factory=Counter)


def count_all(
    connection: Connection,
    since: datetime | None,
    until: datetime,
    camera_id: str | None,
    zone: tzinfo,
    *,
    is_drill: bool,
) -> Statistics:
    """Count from one moment to another, both widened to whole hours.

    Args:
        connection: a transaction, so that all figures are of one moment.
        since: None begins with the ledger's first passage.
        until: the end.
        camera_id: one camera, or None for all.
        zone: whose days and hours; where they do not begin with an hour of UTC, half an hour or
            less is counted with the hour before.
        is_drill: whether exercises are counted, and nothing else.
    """
    end = -int(-until.timestamp() // _HOUR_S)
    begin = _first_hour(connection, end, is_drill) if since is None else _hour(since)
    clock = _LocalHours(begin, end, zone)
    is_hourly = end - begin <= _HOURLY_UP_TO_H
    counts = _passages(connection, clock, camera_id, is_hourly, is_drill)
    checks, causes = _checks(connection, clock, camera_id, counts.lanes, is_drill)
    return Statistics(
        since=_moment(begin),
        until=_moment(end),
        camera_id=camera_id,
        cameras=tuple(sorted(set().union(*counts.lanes.values()))),
        is_hourly=is_hourly,
        times=tuple(
            TimeCount(_moment(hour), dict(counts.times.get(bucket, {})))
            for bucket, hour in clock.buckets(is_hourly=is_hourly).items()
        ),
        skin=_skin(connection, begin, end, camera_id, is_drill),
        reasons=dict(counts.reasons.most_common()),
        checks=checks,
        causes=dict(causes.most_common()),
    )


class _LocalHours:
    """The hours of UTC between two, and which local hour each of them is."""

    def __init__(self, begin: int, end: int, zone: tzinfo) -> None:
        self.begin, self.end = begin, end
        # (from this hour on, so many hours before UTC)
        self._offsets: list[tuple[int, int]] = []
        for hour in range(begin, end):
            offset = _moment(hour).astimezone(zone).utcoffset() or timedelta()
            hours = int(offset.total_seconds() // _HOUR_S)
            if not self._offsets or self._offsets[-1][1] != hours:
                self._offsets.append((hour, hours))

    def sql(self, hour: ColumnElement[int]) -> ColumnElement[int]:
        """Return the SQL of an hour's local number."""
        if len(self._offsets) < 2:  # noqa: PLR2004 - clocks never change in between
            return hour + (self._offsets[0][1] if self._offsets else 0)
        from_the_end = self._offsets[::-1]
        return hour + case(*((hour >= start, hours) for start, hours in from_the_end), else_=0)

    def buckets(self, *, is_hourly: bool) -> dict[int, int]:
        """Return the local hours, or days, and the first hour of UTC in each."""
        first: dict[int, int] = {}
        starts = [*(start for start, _ in self._offsets[1:]), self.end]
        for (start, offset), stop in zip(self._offsets, starts, strict=True):
            for hour in range(start, stop):
                local = hour + offset
                first.setdefault(local if is_hourly else local // _DAY_H, hour)
        return first


def _passages(
    connection: Connection,
    clock: _LocalHours,
    camera_id: str | None,
    is_hourly: bool,
    is_drill: bool,
) -> _Counts:
    table = passage_count.c
    local = clock.sql(table.hour)
    bucket = (local if is_hourly else local // _DAY_H).label("bucket")
    query = (
        select(
            table.camera_id,
            table.lane,
            bucket,
            table.outcome,
            table.reason,
            func.sum(table.number),
        )
        .where(table.is_drill == is_drill, table.hour >= clock.begin, table.hour < clock.end)
        .group_by(table.camera_id, table.lane, bucket, table.outcome, table.reason)
    )
    counts = _Counts()
    for camera, lane, when, outcome, reason, number in connection.execute(query):
        counts.lanes[lane].add(camera)
        if number and camera_id in {None, camera}:
            counts.times[when][Outcome(outcome)] += number
            if reason:
                counts.reasons[reason] += number
    return counts


def _skin(
    connection: Connection, begin: int, end: int, camera_id: str | None, is_drill: bool
) -> tuple[SkinCount, ...]:
    table = skin_count.c
    query = (
        select(table.tenths, func.sum(table.number))
        .where(table.is_drill == is_drill, table.hour >= begin, table.hour < end)
        .group_by(table.tenths)
        .order_by(table.tenths)
    )
    if camera_id is not None:
        query = query.where(table.camera_id == camera_id)
    found = connection.execute(query)
    return tuple(SkinCount(tenths / 10, number) for tenths, number in found if number)


def _checks(
    connection: Connection,
    clock: _LocalHours,
    camera_id: str | None,
    lanes: Mapping[str, Set[str]],
    is_drill: bool,
) -> tuple[tuple[SecondChecks, ...], Counter[ClearCause]]:
    """Count the cases and why some were cleared; a case knows its lane, the lane its camera."""
    hour = cast(func.strftime("%s", flagged.c.opened_at), Integer) // _HOUR_S
    hour_of_day = (clock.sql(hour) % _DAY_H).label("hour_of_day")
    verdict = verdict_column()
    query = (
        select(
            flagged.c.lane, hour_of_day, flagged.c.outcome, verdict, flagged.c.cause, func.count()
        )
        .where(
            flagged.c.is_drill == is_drill,
            flagged.c.opened_at >= _moment(clock.begin),
            flagged.c.opened_at < _moment(clock.end),
        )
        .group_by(flagged.c.lane, hour_of_day, flagged.c.outcome, verdict, flagged.c.cause)
    )
    if camera_id is not None:
        query = query.where(
            flagged.c.lane.in_([lane for lane, names in lanes.items() if camera_id in names])
        )
    found: dict[tuple[str, int, str], Counter[CaseState]] = defaultdict(Counter)
    causes: Counter[ClearCause] = Counter()
    for lane, of_day, outcome, how, cause, number in connection.execute(query):
        # A case opened by hand may stand in a stretch in which its lane has no passage.
        camera = " / ".join(sorted(lanes.get(lane, ()))) or lane
        state = CaseState(how) if how else CaseState.OPEN
        found[camera, of_day, outcome][state] += number
        if cause and state is CaseState.CLEARED:
            causes[ClearCause(cause)] += number
    checks = tuple(
        SecondChecks(camera, of_day, Outcome(outcome), dict(verdicts))
        for (camera, of_day, outcome), verdicts in sorted(found.items())
    )
    return checks, causes


def verdict_column() -> ColumnElement[str | None]:
    """Return how a case's second check ended; only what is closed has to be looked up."""
    is_known = flagged.c.state.in_([verdict.value for verdict in VERDICTS])
    is_closed = flagged.c.state == CaseState.CLOSED.value
    return case((is_known, flagged.c.state), (is_closed, verdict_of_case())).label("verdict")


def _first_hour(connection: Connection, end: int, is_drill: bool) -> int:
    query = select(func.min(passage_count.c.hour)).where(passage_count.c.is_drill == is_drill)
    first: int | None = connection.scalar(query)
    return end - 1 if first is None else min(first, end - 1)


def _hour(moment: datetime) -> int:
    return int(moment.timestamp() // _HOUR_S)


def _moment(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * _HOUR_S, UTC)
