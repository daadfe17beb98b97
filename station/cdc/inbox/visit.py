"""One request: whose it is, what it may do, and that its form came from our own page."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_urlsafe
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from station.cdc.inbox.accounts import Role, SignedIn, form_token, is_own_form, signed_in
from station.cdc.inbox.live import LiveInbox
from station.cdc.inbox.words import Language
from station.core.errors import KnownError

COOKIE = "fever_inbox"
"""Names the browser; after signing in, the session."""
LANGUAGE_COOKIE = "fever_inbox_language"

_PLACES = ("/", "/map", "/log", "/accounts", "/sign-in")
_LONGEST_FORM = 8_192
_MOST_FIELDS = 20
_LONGEST_TOKEN = 100

_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        b"img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request with what is known about it."""

    request: Request
    """As it came."""
    live: LiveInbox
    """The inbox."""
    token: str
    """What the browser's cookie holds, or will hold."""
    account: SignedIn | None
    """Who it is, if signed in."""
    language: Language
    """What the page speaks."""
    form: dict[str, str]
    """Fields sent by POST."""

    @property
    def form_token(self) -> str:
        """What our own forms send back."""
        return form_token(self.token)

    @property
    def client(self) -> str:
        """The address that the request came from."""
        return self.request.client.host if self.request.client else "unknown"

    @property
    def is_script(self) -> bool:
        """Whether the page's own script asks, which stays on its page."""
        return "x-script" in self.request.headers


Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(handler: Handler, *, roles: frozenset[Role] | None) -> Endpoint:
    """Return an endpoint that lets only these roles in.

    The handler runs on a thread of the pool, where it may wait for the database.

    Args:
        handler: makes the answer.
        roles: who may; None lets everybody in, signed in or not.
    """

    async def answer(request: Request) -> Response:
        form = await _form(request) if request.method == "POST" else {}
        return await run_in_threadpool(_answer, handler, roles, request, form)

    return answer


def own_place(text: str) -> str:
    """Return a page of ours with its query, or the first page if this names none."""
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or parts.path not in _PLACES:
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def set_cookie(response: Response, request: Request, name: str, value: str) -> None:
    """Give the browser a cookie that scripts and other sites never see."""
    is_secure = request.url.scheme == "https"
    response.set_cookie(name, value, httponly=True, samesite="strict", secure=is_secure)


class SafeHeaders:
    """Adds the headers that forbid foreign and inline code, framing and keeping of pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _answer(
    handler: Handler, roles: frozenset[Role] | None, request: Request, form: dict[str, str]
) -> Response:
    visit = visit_of(request, form)
    if request.method == "POST" and not is_own_form(visit.token, form.get("form_token", "")):
        raise HTTPException(403, "stale_form")
    if roles is not None and visit.account is None:
        return RedirectResponse("/sign-in", 303)
    if roles is not None and visit.account is not None and visit.account.role not in roles:
        raise HTTPException(403, "not_allowed")
    response = handler(visit)
    if COOKIE not in request.cookies and not _sets_cookie(response):
        set_cookie(response, request, COOKIE, visit.token)
    return response


def visit_of(request: Request, form: dict[str, str] | None = None) -> Visit:
    """Return what is known about a request.

    Raises:
        KnownError: if the database cannot be used.
    """
    live: LiveInbox = request.app.state.live
    token = request.cookies.get(COOKIE, "")[:_LONGEST_TOKEN]
    account = None
    if token:
        with live.database.reading() as connection:
            account = signed_in(connection, token, live.now())
    return Visit(
        request=request,
        live=live,
        token=token or token_urlsafe(32),
        account=account,
        language=language_of(request),
        form=form or {},
    )


async def stream_to(request: Request) -> AsyncIterator[str]:
    """Yield what is new until the session is over: then no page must look alive any more."""
    live: LiveInbox = request.app.state.live
    async for event in live.stream():
        yield event
        # While the inbox cannot be read the page says so by itself.
        with suppress(KnownError):
            if (await run_in_threadpool(visit_of, request)).account is None:
                return


def language_of(request: Request) -> Language:
    """Return the language that the browser chose here, or else the one that it asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in list(Language):
        return Language(chosen)
    asked = request.headers.get("accept-language", "")
    return Language.ZH if asked.lower().startswith("zh") else Language.EN


def _sets_cookie(response: Response) -> bool:
    return any(
        name == b"set-cookie" and value.startswith(f"{COOKIE}=".encode())
        for name, value in response.raw_headers
    )


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            raise HTTPException(413, "stale_form")
    try:
        fields = parse_qsl(body.decode("ascii"), max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise HTTPException(400, "stale_form") from error
    if any("\0" in part for field in fields for part in field):
        # PostgreSQL takes none, and no form of ours sends one.
        raise HTTPException(400, "stale_form")
    return dict(fields)
