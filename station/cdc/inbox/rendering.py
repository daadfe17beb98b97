"""Filling the templates: everything that is shown is escaped."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from station.cdc.inbox.reasons import say_reason
from station.cdc.inbox.station_map import MarkState
from station.cdc.inbox.visit import Visit, language_of
from station.cdc.inbox.words import Language, say, say_count, say_stored
from station.core.cases import BodySite, CaseOutcome, CaseState, HandoverStep, TrustClass
from station.core.extraction import RejectReason, Site
from station.core.lane_events import LaneFaultKind, LaneState
from station.core.registration import UNKNOWN, Exposure, HubKind, Medicine, Symptom
from station.core.report import ReportKind
from station.core.screening import Outcome
from station.reporting.messages.status import StationState

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
    "mark": (MarkState,),
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
        "here": _here(visit.request),
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
    about["here"] = ""
    fault = {"word": word, "detail": detail}
    return _page("error.html", status, _words(language_of(request)), about, fault)


def _here(request: Request) -> str:
    url = request.url
    return f"{url.path}?{url.query}" if url.query else url.path


def _page(template: str, status: int, *parts: Mapping[str, Any]) -> Response:
    context = {name: value for part in parts for name, value in part.items()}
    return HTMLResponse(_environment.get_template(template).render(context), status)


def _words(language: Language) -> dict[str, Any]:
    def stored(kind: str, value: str) -> str:
        return say_stored(language, _KINDS[kind], value)

    return {
        "language": language,
        "t": lambda key: say(language, key),
        "n": lambda key, count, *others: say_count(language, key, count, *others),
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
