"""What each page shows beside the words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from station.cdc.inbox import board, station_map
from station.cdc.inbox.board import StationLine
from station.cdc.inbox.cases import CdcCase
from station.cdc.inbox.queries import CaseFilter, find_cases, log_lines
from station.cdc.inbox.station_map import LARGE, SMALL, Area, MarkState
from station.cdc.inbox.unread import UnreadMessages, unread_messages
from station.cdc.inbox.visit import Visit
from station.core.cases import CaseState
from station.reporting.topics import StationIdentity

WAITING = "waiting"
"""Asks in the place of a state for what waits for an answer."""

_SHOWN_CASES = 60
_LOG_LINES = 300
_LONGEST_NUMBER = 12


@dataclass(frozen=True, slots=True)
class _Seen:
    """What every page with alerts is made of."""

    waiting: tuple[CdcCase, ...]
    found: tuple[CdcCase, ...]
    unread: UnreadMessages
    lines: tuple[StationLine, ...]
    overdue: frozenset[StationIdentity]
    now: datetime


def board_context(visit: Visit) -> dict[str, Any]:
    """Return what the board shows for this query.

    Raises:
        KnownError: if the database cannot be used.
    """
    live = visit.live
    wanted, faults = parse_filter(visit.request.query_params, live.settings.zone)
    is_search = wanted != CaseFilter(with_drills=wanted.with_drills, zone=wanted.zone)
    seen = _see(visit, None if faults else wanted)
    waiting = tuple(c for c in seen.waiting if wanted.with_drills or not c.latest.is_drill)
    after = live.settings.escalate_after
    return {
        **_above(visit, seen, waiting),
        **_stations(visit, seen.lines, first=wanted.station),
        "map": station_map.draw(seen.lines, live.outline, None, SMALL),
        "cards": board.cards(
            () if is_search else waiting, seen.found[:_SHOWN_CASES], seen.now, after
        ),
        "has_more": len(seen.found) > _SHOWN_CASES,
        "is_search": is_search,
        "faults": faults,
        "wanted": wanted,
        "states": list(CaseState),
        "station_names": sorted({line.identity.station for line in seen.lines}),
    }


def map_context(visit: Visit) -> dict[str, Any]:
    """Return what the map's page shows: all stations, or those in the area asked for.

    Raises:
        KnownError: if the database cannot be used.
    """
    seen = _see(visit, None)
    area = Area.parse(visit.request.query_params.get("area", "")[:200])
    lines = seen.lines
    if area is not None:
        lines = tuple(one for one in lines if one.checkpoint.at and area.holds(one.checkpoint.at))
    return {
        **_above(visit, seen, seen.waiting),
        **_stations(visit, lines),
        "map": station_map.draw(seen.lines, visit.live.outline, area, LARGE),
        "area": area,
        "unplaced": sum(line.checkpoint.at is None for line in seen.lines),
        "faults": [],
    }


def log_context(visit: Visit) -> dict[str, Any]:
    """Return what the event log's page shows; who waits stands above it as everywhere.

    Raises:
        KnownError: if the database cannot be used.
    """
    seen = _see(visit, None)
    with visit.live.database.reading() as connection:
        lines = log_lines(connection, _LOG_LINES)
    return {**_above(visit, seen, seen.waiting), "lines": lines, "faults": []}


def _see(visit: Visit, wanted: CaseFilter | None) -> _Seen:
    live, now = visit.live, visit.live.now()
    with live.database.reading() as connection:
        waiting = live.waiting(connection)
        found: tuple[CdcCase, ...] = ()
        if wanted is not None:
            named = live.book.checkpoints.named
            found = find_cases(connection, wanted, _SHOWN_CASES + 1, waiting, named)
        unread = unread_messages(connection, now)
    presence = live.watch.known() if live.watch else None
    counted = live.counted
    overdue = counted.overdue(presence)
    lines = board.station_lines(
        counted.heard,
        presence,
        board.Doubts(counted.missing, counted.went_back, overdue),
        waiting,
        live.book.checkpoints,
    )
    return _Seen(waiting, found, unread, lines, overdue, now)


def _above(visit: Visit, seen: _Seen, waiting: tuple[CdcCase, ...]) -> dict[str, Any]:
    """Return what stands above everything: who waits, and what cannot be shown."""
    settings = visit.live.settings
    after = settings.escalate_after
    return {
        "banner": board.banner(waiting, seen.now, after, settings.called),
        "levels": len(after),
        "intake": visit.live.intake,
        "unwritable": visit.live.unwritable,
        "has_contacts": bool(settings.contacts),
        "overdue": sorted(seen.overdue, key=astuple)[: board.MOST_STATIONS],
        "overdue_count": len(seen.overdue),
        "due": visit.live.counted.due,
        "checkpoint": visit.live.book.checkpoints.of,
        "unread": seen.unread,
        "now": seen.now,
    }


def _stations(visit: Visit, lines: tuple[StationLine, ...], first: str = "") -> dict[str, Any]:
    """Return the list of stations and how to read the map beside it."""
    live = visit.live
    is_watched = live.watch is not None and live.watch.known() is not None
    return {
        "stations": sorted(lines, key=lambda line: line.identity.station != first)[
            : board.MOST_STATIONS
        ],
        "all_stations": len(lines),
        "troubled": sum(line.is_troubled for line in lines),
        "watched": "" if is_watched else "no_broker" if live.watch else "no_watch",
        "book_trouble": live.book.trouble,
        "has_book": not live.book.checkpoints.is_empty,
        "mark_states": list(MarkState),
        "state_counts": Counter(station_map.state_of(line) for line in lines),
        "state_of": station_map.state_of,
        "label_name": station_map.label_name,
    }


def parse_filter(query: Mapping[str, str], zone: tzinfo) -> tuple[CaseFilter, list[str]]:
    """Return what an officer looks for, and the words for each field that makes no sense."""
    faults: list[str] = []
    number, day, state = query.get("case", ""), query.get("day", ""), query.get("state", "")
    if number and not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER):
        faults.append("bad_number")
        number = ""
    is_waiting = state == WAITING
    if is_waiting:
        state = ""
    if state and state not in list(CaseState):
        faults.append("bad_state")
        state = ""
    try:
        parsed_day = date.fromisoformat(day) if day else None
    except ValueError:
        faults.append("bad_day")
        parsed_day = None
    wanted = CaseFilter(
        station=_printable(query.get("station", "")),
        number=int(number) if number else None,
        day=parsed_day,
        zone=zone,
        state=CaseState(state) if state else None,
        text=_printable(query.get("text", "")).strip(),
        with_drills=query.get("drills") != "hide",
        is_waiting=is_waiting,
    )
    return wanted, faults


def _printable(text: str) -> str:
    # A database takes no NUL, and nobody types one.
    return "".join(sign for sign in text if sign.isprintable())
