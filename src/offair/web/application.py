"""The Starlette application of the desk: addresses, errors, assets."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from offair.desk import Desk
from offair.model.errors import (
    BadInput,
    Conflict,
    Corrupt,
    Gone,
    NotFound,
    NotLoggedIn,
    OffairError,
    Refused,
    TooLarge,
    TooMany,
    Unavailable,
)
from offair.web import (
    BUILT,
    api,
    channels,
    check,
    clip_api,
    clip_page,
    edit,
    edit_api,
    edit_history,
    edit_word,
    embed,
    feeds,
    find,
    flags,
    hear,
    login,
    media,
    names,
    pages,
    people,
    publish_api,
    record_acts,
    recording_api,
    records,
    reports,
    style_sheet,
    today,
)
from offair.web.api import Operation
from offair.web.guard import LOOPBACK, SECURE, Guard
from offair.web.language import Spoken, _, marked
from offair.web.limits import Limits
from offair.web.session import Sessions
from offair.web.view import SMALLER, STYLE, lasting, page_style, problem

_log = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[OffairError], int, str], ...] = (
    (Gone, 410, marked("No longer here")),
    (NotFound, 404, marked("Not here")),
    (TooLarge, 413, marked("Too large")),
    (BadInput, 400, marked("That cannot be used")),
    (NotLoggedIn, 401, marked("Log in")),
    (TooMany, 429, marked("Too often")),
    (Conflict, 409, marked("Somebody was here before you")),
    (Refused, 403, marked("Not shown")),
    (Unavailable, 503, marked("Not right now")),
    (Corrupt, 500, marked("Something stored is damaged")),
    (OffairError, 500, marked("The desk could not do this")),
)
_SENTENCES = {
    404: marked("There is no page at this address. The lists of recordings and records are above."),
    405: marked("This page can only be read."),
}


def app(desk: Desk, *, hosts: Sequence[str] = LOOPBACK, public: bool = True) -> Starlette:
    """The pages over one desk. hosts: the host names it answers to, without ports. public: whether
    everybody may read published records once the desk has accounts."""
    application = Starlette(
        routes=[*ROUTES, *api.routes(OPERATIONS)],
        middleware=[
            Middleware(Guard, hosts=tuple(hosts)),
            Middleware(Spoken),
            Middleware(Sessions, desk=desk, public=public),
        ],
        exception_handlers={
            OffairError: _refusal,
            HTTPException: _http_problem,
            Exception: _failure,
        },
    )
    application.state.desk = desk
    application.state.limited = Limits()
    application.router.redirect_slashes = False
    return application


def _style(request: Request) -> Response:
    return FileResponse(STYLE, media_type="text/css", headers=lasting(request))


def _page_style(request: Request) -> Response:
    path = page_style(request.path_params["name"])
    return FileResponse(path, media_type="text/css", headers=lasting(request))


class _Built(StaticFiles):
    """The built elements; an address that carries their digest lasts."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(lasting(Request(scope)))
        return response


ROUTES = (
    *login.ROUTES,
    *people.ROUTES,
    *today.ROUTES,
    *channels.ROUTES,
    *names.ROUTES,
    *find.ROUTES,
    *check.ROUTES,
    *hear.ROUTES,
    *reports.ROUTES,
    *style_sheet.ROUTES,
    *pages.ROUTES,
    *flags.ROUTES,
    *clip_page.ROUTES,
    *edit.ROUTES,
    *edit_history.ROUTES,
    *edit_word.ROUTES,
    *recording_api.ROUTES,
    *feeds.ROUTES,
    *embed.ROUTES,
    *record_acts.ROUTES,
    *records.ROUTES,
    *media.ROUTES,
    Route("/desk.css", _style, middleware=SMALLER),
    Route("/styles/{name:str}", _page_style, middleware=SMALLER),
    Mount("/built", _Built(directory=BUILT, check_dir=False), name="built", middleware=SMALLER),
)
OPERATIONS: tuple[Operation, ...] = (
    *people.API,
    *channels.API,
    *clip_api.API,
    *publish_api.API,
    *record_acts.API,
    *recording_api.API,
    *edit_api.API,
    *style_sheet.API,
    *check.API,
    *hear.API,
    *reports.API,
)


def _refusal(request: Request, error: Exception) -> Response:
    status, title = next((s, t) for kind, s, t in _STATUS if isinstance(error, kind))
    message = str(error)
    answer = problem(
        request, status, _(title), f"{message[:1].upper()}{message[1:]}.".replace("..", ".")
    )
    if isinstance(error, TooMany):
        answer.headers["retry-after"] = str(error.wait_s)
    return answer


def _http_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentence = _(_SENTENCES.get(status, marked("The desk could not answer this request.")))
    response = problem(request, status, HTTPStatus(status).phrase, sentence)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _failure(request: Request, error: Exception) -> Response:
    # The framework calls this for whatever nothing else caught, and logs the error afterwards.
    _log.error("no answer for %s: %r", request.url.path, error)
    sentence = _("Something went wrong inside the desk. What happened stands in its log.")
    response = problem(request, 500, _("The desk failed"), sentence)
    for name, value in SECURE.items():
        response.headers[name] = value
    return response
