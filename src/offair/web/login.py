"""Log in and out, and one's own password."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from offair.desk.accounts import set_password
from offair.desk.log_in import WINDOW, anybody, log_in, log_out
from offair.desk.passwords import SHORTEST
from offair.model.errors import BadInput, NotLoggedIn, Refused, TooMany
from offair.model.people import Role
from offair.web.forms import read_form
from offair.web.language import _
from offair.web.session import drop_cookie, same_site, session_asked, set_cookie
from offair.web.view import desk_of, page
from offair.web.who import actor_of

_ELSEWHERE = "/"
_AT_ONCE = CapacityLimiter(4)
"""Passwords that are tried at once: each takes 64 MiB and a tenth of a second, and a flood of them
must leave memory and threads to those who read."""


def login_page(request: Request) -> Response:
    """`/login`: the form; without an account, how to make the first."""
    return _page(request, local_path(request.query_params.get("next")))


async def enter(request: Request) -> Response:
    """The form of name and password."""
    named = {"origin", "sec-fetch-site"} & set(request.headers.keys())
    if named and not same_site(request):
        # Otherwise somebody could log a browser in as themselves, and read what is then written.
        raise Refused(
            "this form came from another site; open this desk's own page and log in there"
        )
    form = await read_form(request, guarded=False)
    back, name = local_path(form.get("next")), form.get("name", "")
    address = request.client.host if request.client else ""
    agent = request.headers.get("user-agent", "")
    try:
        secret, _session = await to_thread.run_sync(
            partial(
                log_in, desk_of(request), name, form.get("password", ""), address=address,
                agent=agent,
            ),
            limiter=_AT_ONCE,
        )  # fmt: skip
    except NotLoggedIn:
        told = _("Name and password do not fit.")
        return _page(request, back, status=401, trouble=told, name=name)
    except TooMany:
        told = _("This was tried too often. Wait a quarter of an hour.")
        answer = _page(request, back, status=429, trouble=told)
        answer.headers["retry-after"] = str(WINDOW.seconds)
        return answer
    response = RedirectResponse(back, 303)
    set_cookie(request, response, secret)
    return response


async def leave(request: Request) -> Response:
    """Log out."""
    await read_form(request)
    session = session_asked(request)
    if session is not None:
        await run_in_threadpool(log_out, desk_of(request), session)
    response = RedirectResponse("/login", 303)
    drop_cookie(request, response)
    return response


def own_page(request: Request) -> Response:
    """`/account`: one's own account."""
    actor_of(request, Role.READER)
    return page(request, "account.html", styles=("login.css",), shortest=SHORTEST, done=False)


async def change(request: Request) -> Response:
    """The form of one's own password."""
    name = actor_of(request, Role.READER)
    form = await read_form(request)
    session = session_asked(request)
    if session is None:
        raise BadInput("a password is changed in a browser that is logged in, not by a program")
    if form.get("password", "") != form.get("again", ""):
        raise BadInput("the new password was not the same both times; write it again")
    desk = desk_of(request)
    try:
        _secret, proof = await to_thread.run_sync(
            partial(log_in, desk, name, form.get("old", ""), address="own page", agent=""),
            limiter=_AT_ONCE,
        )
    except NotLoggedIn as error:
        raise BadInput("the old password does not fit; write it again") from error
    await run_in_threadpool(log_out, desk, proof)
    await run_in_threadpool(
        set_password, desk, name, form.get("password", ""), keep_session=session.id, actor=name
    )
    return page(request, "account.html", styles=("login.css",), shortest=SHORTEST, done=True)


def local_path(given: str | None) -> str:
    """Where to go after logging in: a path of this site, whatever was asked for."""
    text = given or _ELSEWHERE
    parts = urlsplit(text)
    plain = text.startswith("/") and not text.startswith(("//", "/\\"))
    if parts.scheme or parts.netloc or not plain or any(ord(char) < 33 for char in text):
        return _ELSEWHERE
    return text


def _page(
    request: Request, back: str, *, status: int = 200, trouble: str | None = None, name: str = ""
) -> Response:
    return page(
        request,
        "login.html",
        status=status,
        styles=("login.css",),
        back=back,
        trouble=trouble,
        name=name,
        anybody=anybody(desk_of(request)),
    )


ROUTES = (
    Route("/login", login_page, methods=["GET"]),
    Route("/login", enter, methods=["POST"]),
    Route("/logout", leave, methods=["POST"]),
    Route("/account", own_page, methods=["GET"]),
    Route("/account", change, methods=["POST"]),
)
