"""Sessions in a browser and tokens of programs: puts the account into a request's state.

A session's cookie is sent by this site's own pages only (SameSite=Lax); besides, what changes
something must come from this site by `Origin` or `Sec-Fetch-Site`, and bring the session's token,
which `check_csrf` asks for where a body is read. A program's token comes in a header, which no
other site can make a browser send, and needs neither.
"""

from __future__ import annotations

import hashlib
import hmac
from http.cookies import SimpleCookie
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from offair.desk import Desk
from offair.desk.log_in import ABSOLUTE, anybody, session_of, token_of
from offair.model.errors import NotLoggedIn
from offair.model.people import Session
from offair.web.language import _
from offair.web.view import problem

COOKIE, SECURE_COOKIE = "offair-session", "__Host-offair"
"""The cookie's name over http on this machine, and over https."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = (
    "/login", "/desk.css", "/record.css", "/styles/", "/built/", "/api/v1/openapi.json",
)  # fmt: skip
"""What everybody may read, always; an address that ends with a slash stands for all below it."""
PUBLIC = (
    "/records",
    "/records.json",
    "/records.atom",
    "/records/",
    "/media/",
    "/embed/",
    "/reports/",
)
"""What everybody may read of a desk that is public. Media is asked for one by one (`media`)."""


class Sessions:
    """Tells who asks, and turns away who may not read."""

    def __init__(self, app: ASGIApp, desk: Desk, *, public: bool = True) -> None:
        """public: whether published records can be read by everybody."""
        self.app, self.desk, self.public = app, desk, public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        state = scope.setdefault("state", {})
        answer = await run_in_threadpool(self._asked, request)
        if answer is not None:
            await answer(scope, receive, send)
            return

        async def private(message: Message) -> None:
            if message["type"] == "http.response.start" and state.get("account") is not None:
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Cookie, Authorization")
                if headers.get("cache-control", "no-cache") == "no-cache":
                    headers["cache-control"] = "private, no-cache"
            await send(message)

        await self.app(scope, receive, private)

    def _asked(self, request: Request) -> Response | None:
        """Recognise who asks, and turn away who may not; in one thread, for each waits its turn."""
        if "account" not in request.scope["state"]:
            self._recognise(request)
        return self._refusal(request)

    def _recognise(self, request: Request) -> None:
        scheme, _sep, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and given:
            token = token_of(self.desk, given.strip())
            if token is not None:
                least = min(token.role, token.account.role, key=_rank)
                request.state.account, request.state.role = token.account, least
            return
        secret = request.cookies.get(cookie_name(request))
        session = session_of(self.desk, secret) if secret else None
        if session is not None and secret:
            request.state.session = session
            request.state.account, request.state.role = session.account, session.account.role
            request.state.csrf = csrf_of(secret)

    def _refusal(self, request: Request) -> Response | None:
        path = request.url.path
        known = getattr(request.state, "account", None) is not None
        changes = request.method not in _SAFE and getattr(request.state, "csrf", None) is not None
        if changes and not same_site(request):
            sentence = _("This came from another site's page, and was not done.")
            return problem(request, 403, _("Not from here"), sentence)
        if known or _among(path, OPEN):
            return None
        if self.public and _among(path, PUBLIC):
            return None
        if not anybody(self.desk):
            return None
        if request.method in _SAFE and not path.startswith("/api/") and not _is_data(path):
            back = path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(back, safe='')}", 303)
        raise_for = NotLoggedIn("log in first: this is for people who work at the desk")
        answer = problem(request, 401, _("Log in"), f"{str(raise_for).capitalize()}.")
        answer.headers["www-authenticate"] = 'Bearer realm="offair"'
        return answer


def _rank(role: object) -> int:
    from_least = ("reader", "editor", "publisher", "administrator")
    return from_least.index(str(role))


def _among(path: str, known: tuple[str, ...]) -> bool:
    return any(path == one or (one.endswith("/") and path.startswith(one)) for one in known)


def _is_data(path: str) -> bool:
    return path.endswith((".json", ".csv", ".vtt", ".atom", ".docx"))


def same_site(request: Request) -> bool:
    """Whether a request that changes something came from this site's own pages."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None and fetched not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return fetched is not None
    return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def cookie_name(request: Request) -> str:
    """The name of the session's cookie for this request."""
    return SECURE_COOKIE if request.url.scheme == "https" else COOKIE


def csrf_of(secret: str) -> str:
    """What proves that a form was made for this session."""
    return hmac.new(secret.encode(), b"a form of this session", hashlib.sha256).hexdigest()


def set_cookie(request: Request, response: Response, secret: str) -> None:
    """Give the browser its session."""
    _put(request, response, secret, int(ABSOLUTE.total_seconds()))


def drop_cookie(request: Request, response: Response) -> None:
    """Take it away."""
    _put(request, response, "", 0)


def _put(request: Request, response: Response, value: str, age_s: int) -> None:
    cookie: SimpleCookie = SimpleCookie()
    name = cookie_name(request)
    cookie[name] = value
    morsel = cookie[name]
    morsel["path"], morsel["samesite"], morsel["max-age"] = "/", "Lax", age_s
    morsel["httponly"] = True
    if name == SECURE_COOKIE:
        morsel["secure"] = True
    response.headers.append("set-cookie", morsel.OutputString())


def session_asked(request: Request) -> Session | None:
    """The session of the browser that asks; None for a program and for nobody."""
    found = getattr(request.state, "session", None)
    return found if isinstance(found, Session) else None
