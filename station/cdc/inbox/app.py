"""The web application: which page answers what."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from station.cdc.database import Database
from station.cdc.inbox import accounts
from station.cdc.inbox.accounts import Role
from station.cdc.inbox.answers import acknowledge
from station.cdc.inbox.cases import CaseKey
from station.cdc.inbox.checkpoints import CheckpointBook, load
from station.cdc.inbox.contexts import board_context, log_context, map_context
from station.cdc.inbox.live import LiveInbox
from station.cdc.inbox.outline import Outline, read_outline
from station.cdc.inbox.presence import PresenceWatch
from station.cdc.inbox.queries import case_of, parse_case_id
from station.cdc.inbox.rendering import render, render_error
from station.cdc.inbox.settings import InboxSettings
from station.cdc.inbox.visit import (
    COOKIE,
    LANGUAGE_COOKIE,
    SafeHeaders,
    Visit,
    endpoint,
    own_place,
    set_cookie,
    stream_to,
    visit_of,
)
from station.cdc.inbox.words import Language, say
from station.core.errors import KnownError

_SEE_OTHER = 303

_EVERYBODY = frozenset(Role)
_ANSWERING = frozenset(role for role in Role if role.may_acknowledge)
_ADMINS = frozenset({Role.ADMIN})


def create_app(
    database: Database,
    settings: InboxSettings,
    watch: PresenceWatch | None = None,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Starlette:
    """Return the application.

    Args:
        database: the inbox; the caller closes it.
        settings: levels and contacts.
        watch: listens to stations; the caller closes it.
        now: the CDC's clock, aware.

    Raises:
        KnownError: if a file that the settings name cannot be used.
    """
    book = CheckpointBook(settings.checkpoints_file)
    outline = load(settings.outline_file, read_outline) if settings.outline_file else Outline()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        live = LiveInbox(database, settings, watch, now=now, book=book, outline=outline)
        app.state.live = live
        looking = asyncio.create_task(live.run())
        try:
            yield
        finally:
            await live.close()
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking

    static = str(files("station.cdc.inbox") / "static")
    return Starlette(
        routes=[
            Route("/", endpoint(_board, roles=_EVERYBODY)),
            Route("/board", endpoint(_board_part, roles=_EVERYBODY)),
            Route("/map", endpoint(_map, roles=_EVERYBODY)),
            Route("/map/part", endpoint(_map_part, roles=_EVERYBODY)),
            Route("/events", _events),
            Route("/acknowledge", endpoint(_acknowledge, roles=_ANSWERING), methods=["POST"]),
            Route("/log", endpoint(_log, roles=_EVERYBODY)),
            Route("/log/part", endpoint(_log_part, roles=_EVERYBODY)),
            Route("/accounts", endpoint(_accounts, roles=_ADMINS), methods=["GET", "POST"]),
            Route("/sign-in", endpoint(_sign_in, roles=None), methods=["GET", "POST"]),
            Route("/sign-out", endpoint(_sign_out, roles=None), methods=["POST"]),
            Route("/language", endpoint(_language, roles=None), methods=["POST"]),
            Mount("/static", StaticFiles(directory=static)),
        ],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={HTTPException: _refused, KnownError: _troubled},
        lifespan=lifespan,
    )


def _board(visit: Visit) -> Response:
    return render(visit, "board.html", board_context(visit))


def _board_part(visit: Visit) -> Response:
    return render(visit, "_board.html", board_context(visit))


def _map(visit: Visit) -> Response:
    return render(visit, "map.html", map_context(visit))


def _map_part(visit: Visit) -> Response:
    return render(visit, "_map_page.html", map_context(visit))


async def _events(request: Request) -> Response:
    visit = await run_in_threadpool(visit_of, request)
    if visit.account is None:
        # Not a redirection: the page's script then goes to the sign-in itself.
        raise HTTPException(401, "not_allowed")
    # A proxy that collects answers before it passes them on would make alerts late.
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(stream_to(request), media_type="text/event-stream", headers=headers)


def _acknowledge(visit: Visit) -> Response:
    form = visit.form
    case_id = parse_case_id(form.get("case_id", ""))
    seen = form.get("seen_position", "")
    if case_id is None or not (seen.isascii() and seen.isdigit()) or visit.account is None:
        raise HTTPException(400, "stale_form")
    key = CaseKey(form.get("region", ""), form.get("site", ""), form.get("station", ""), case_id)
    name, at = visit.account.name, visit.live.now()
    with visit.live.database.writing() as connection:
        acknowledge(connection, key, name=name, at=at, seen_position=int(seen[:18]))
        case = case_of(connection, key)
    if not visit.is_script:
        return RedirectResponse(f"/?{form.get('back', '')}", _SEE_OTHER)
    if case is None:
        raise HTTPException(400, "stale_form")
    by = case.answered_by(name, at)
    word = "answered" if by == name else "answered_before"
    told = say(visit.language, word).format(case.key.station, case.latest.number, by)
    return PlainTextResponse(told)


def _log(visit: Visit) -> Response:
    return render(visit, "log.html", log_context(visit))


def _log_part(visit: Visit) -> Response:
    return render(visit, "_log.html", log_context(visit))


def _accounts(visit: Visit) -> Response:
    trouble = ""
    if visit.request.method == "POST":
        name, is_blocked = visit.form.get("name", ""), visit.form.get("blocked") == "yes"
        try:
            with visit.live.database.writing() as connection:
                accounts.set_blocked(connection, name, is_blocked=is_blocked)
        except KnownError as error:
            trouble = str(error)
        else:
            return RedirectResponse("/accounts", _SEE_OTHER)
    with visit.live.database.reading() as connection:
        found = accounts.accounts(connection)
    return render(visit, "accounts.html", {"accounts": found, "trouble": trouble})


def _sign_in(visit: Visit) -> Response:
    database, now = visit.live.database, visit.live.now()
    asked = visit.request.query_params
    about = {"next": own_place(visit.form.get("next", asked.get("next", ""))), "is_over": False}
    if visit.request.method == "GET":
        with database.reading() as connection:
            fault = "" if accounts.has_accounts(connection) else "no_accounts"
        about["is_over"] = visit.account is None and "over" in asked
        return render(visit, "sign_in.html", {"fault": fault, "name": "", **about})
    name = visit.form.get("name", "")
    with database.reading() as connection:
        failures = accounts.recent_failures(connection, name, visit.client, now)
        stored = accounts.password_hash(connection, name)
    if accounts.must_wait(*failures, now):
        shown = {"fault": "too_many", "name": name, **about}
        return render(visit, "sign_in.html", shown, status=429)
    is_right = accounts.is_right(stored, visit.form.get("password", ""))
    with database.writing() as connection:
        if not is_right:
            accounts.note_failure(connection, name, visit.client, now)
        else:
            token = accounts.begin_session(connection, name, now)
    if not is_right:
        shown = {"fault": "wrong", "name": name, **about}
        return render(visit, "sign_in.html", shown, status=403)
    response = RedirectResponse(str(about["next"]), _SEE_OTHER)
    # A new token: one that somebody planted before is worth nothing.
    set_cookie(response, visit.request, COOKIE, token)
    return response


def _sign_out(visit: Visit) -> Response:
    with visit.live.database.writing() as connection:
        accounts.end_session(connection, visit.token)
    response = RedirectResponse("/sign-in", _SEE_OTHER)
    response.delete_cookie(COOKIE)
    return response


def _language(visit: Visit) -> Response:
    wanted = visit.form.get("language", "")
    if wanted not in list(Language):
        raise HTTPException(400, "stale_form")
    response = RedirectResponse(own_place(visit.form.get("next", "")), _SEE_OTHER)
    set_cookie(response, visit.request, LANGUAGE_COOKIE, wanted)
    return response


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    word = error.detail if isinstance(error, HTTPException) else ""
    if word not in ("stale_form", "not_allowed"):
        word = "not_found"
    return render_error(request, word, "", status=status)


async def _troubled(request: Request, error: Exception) -> Response:
    return render_error(request, "trouble", str(error), status=503)
