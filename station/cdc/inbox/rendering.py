"""Filling the templates: everything that is shown is escaped."""

from collections.abc import Mapping
from dataclasses import astuple
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from station.cdc.inbox import board
from station.cdc.inbox.queries import CaseFilter, find_cases
from station.cdc.inbox.reasons import say_reason
from station.cdc.inbox.unread import unread_messages
from station.cdc.inbox.visit import Visit, language_of
from station.cdc.inbox.words import Language, say, say_stored
from station.core.cases import BodySite, CaseOutcome, CaseState, HandoverStep, TrustClass
from station.core.extraction import RejectReason, Site
from station.core.lane_events import LaneFaultKind, LaneState
from station.core.registration import UNKNOWN, Exposure, HubKind, Medicine, Symptom
from station.core.report import ReportKind
from station.core.screening import Outcome
from station.reporting.messages.status import StationState

WAITING = "waiting"
"""Asks in the place of a state for what waits for an answer."""

_SHOWN_CASES = 60
_LONGEST_NUMBER = 12
_KINDS: Mapping[str, tuple[type[StrEnum], ...]] = {
    "kind": (ReportKind,),
    "state": (CaseState,),
    "outcome": (Outcome,),
    "reason": (RejectReason,),
    "site": (Site,),
    "trust": (TrustClass,),
    "handover": (HandoverStep,),
    "presence": (StationState,),
    "body_site": (BodySite,),
    "hub": (HubKind,),
    "symptom": (Symptom,),
    "medicine": (Medicine,),
    "exposure": (Exposure,),
    "finding": (CaseOutcome,),
    "lane": (RejectReason, LaneState, LaneFaultKind),
}

_environment = Environment(
    loader=PackageLoader("station.cdc.inbox", "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(
    visit: Visit, template: str, context: Mapping[str, Any], *, status: int = 200
) -> Response:
    """Return a page.

    Args:
        visit: whose it is.
        template: its file.
        context: what it shows beside the words.
        status: HTTP status.
    """
    about = {
        "account": visit.account,
        "form_token": visit.form_token,
        "path": visit.request.url.path,
        "query": visit.request.url.query,
        **_times(visit.live.settings.zone, visit.live.now()),
    }
    return _page(template, status, _words(visit.language), about, context)


def render_error(request: Request, word: str, detail: str, *, status: int) -> Response:
    """Return a page for somebody who could not be looked up, or may not see more.

    Args:
        request: as it came.
        word: a key of the page's words.
        detail: one sentence; empty if the word says it.
        status: HTTP status.
    """
    about = {"account": None, "form_token": "", "path": request.url.path, "query": ""}
    fault = {"word": word, "detail": detail}
    return _page("error.html", status, _words(language_of(request)), about, fault)


def _page(template: str, status: int, *parts: Mapping[str, Any]) -> Response:
    context = {name: value for part in parts for name, value in part.items()}
    return HTMLResponse(_environment.get_template(template).render(context), status)


def board_context(visit: Visit) -> dict[str, Any]:
    """Return what the board shows for this query.

    Raises:
        KnownError: if the database cannot be used.
    """
    live, now = visit.live, visit.live.now()
    wanted, faults = parse_filter(visit.request.query_params, live.settings.zone)
    is_search = wanted != CaseFilter(with_drills=wanted.with_drills, zone=wanted.zone)
    after = live.settings.escalate_after
    with live.database.reading() as connection:
        waiting = live.waiting(connection)
        found = () if faults else find_cases(connection, wanted, _SHOWN_CASES + 1, waiting)
        unread = unread_messages(connection, now)
    shown_waiting = [c for c in waiting if wanted.with_drills or not c.latest.is_drill]
    presence = live.watch.known() if live.watch else None
    counted = live.counted
    overdue = counted.overdue(presence)
    lines = board.station_lines(
        counted.heard,
        presence,
        board.Doubts(counted.missing, counted.went_back, overdue),
        waiting,
    )
    return {
        "banner": board.banner(shown_waiting, now, after, live.settings.called),
        "cards": board.cards(() if is_search else shown_waiting, found[:_SHOWN_CASES], now, after),
        "has_more": len(found) > _SHOWN_CASES,
        "is_search": is_search,
        "faults": faults,
        "wanted": wanted,
        "states": list(CaseState),
        "stations": sorted(lines, key=lambda line: line.identity.station != wanted.station)[
            : board.MOST_STATIONS
        ],
        "station_names": sorted({line.identity.station for line in lines}),
        "all_stations": len(lines),
        "troubled": sum(line.is_troubled for line in lines),
        "overdue": sorted(overdue, key=astuple)[: board.MOST_STATIONS],
        "overdue_count": len(overdue),
        "due": counted.due,
        "watched": "" if presence is not None else "no_broker" if live.watch else "no_watch",
        "unread": unread,
        "now": now,
        "levels": len(after),
        "has_contacts": bool(live.settings.contacts),
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


def _words(language: Language) -> dict[str, Any]:
    def stored(kind: str, value: str) -> str:
        return say_stored(language, _KINDS[kind], value)

    return {
        "language": language,
        "t": lambda key: say(language, key),
        "stored": stored,
        "reason": lambda sentence: say_reason(language, sentence),
        "told": lambda text: say(language, "not_known") if text == UNKNOWN else text,
    }


def _times(zone: tzinfo, now: datetime) -> dict[str, Any]:
    today = now.astimezone(zone).date()

    def clock(at: datetime) -> str:
        """Return the local time of day, with the day where that is not today."""
        local = at.astimezone(zone)
        return f"{local:%H:%M:%S}" if local.date() == today else f"{local:%m-%d %H:%M:%S}"

    return {
        "clock": clock,
        "moment": lambda at: f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        "zone": str(zone),
    }
