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
from offair.model.errors import BadInput, Corrupt, NotFound, OffairError, Refused, Unavailable
from offair.web import BUILT, flags, media, pages, records
from offair.web.guard import LOOPBACK, SECURE, Guard
from offair.web.view import STYLE, lasting, problem

_log = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[OffairError], int, str], ...] = (
    (NotFound, 404, "Not here"),
    (BadInput, 400, "That address cannot be read"),
    (Refused, 403, "Not shown"),
    (Unavailable, 503, "Not right now"),
    (Corrupt, 500, "Something stored is damaged"),
    (OffairError, 500, "The desk could not do this"),
)
_SENTENCES = {
    404: "There is no page at this address. The lists of recordings and records are above.",
    405: "This page can only be read.",
}


def app(desk: Desk, *, hosts: Sequence[str] = LOOPBACK) -> Starlette:
    """The pages over one desk. hosts: the host names it answers to, without ports."""
    application = Starlette(
        routes=list(ROUTES),
        middleware=[Middleware(Guard, hosts=tuple(hosts))],
        exception_handlers={
            OffairError: _refusal,
            HTTPException: _http_problem,
            Exception: _failure,
        },
    )
    application.state.desk = desk
    application.router.redirect_slashes = False
    return application


def _style(request: Request) -> Response:
    return FileResponse(STYLE, media_type="text/css", headers=lasting(request))


class _Built(StaticFiles):
    """The built elements; an address that carries their digest lasts."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(lasting(Request(scope)))
        return response


ROUTES = (
    Route("/", pages.recordings),
    Route("/recordings", pages.recordings),
    Route("/recordings.json", pages.recordings),
    Route("/recordings/{id:int}", pages.recording),
    Route("/recordings/{id:int}.json", pages.recording),
    Route("/recordings/{id:int}/turns", pages.turns),
    Route("/recordings/{id:int}/captions.vtt", pages.captions),
    Route("/recordings/{id:int}/flags", flags.flags),
    Route("/recordings/{id:int}/flags.json", flags.flags),
    Route("/records", records.records),
    Route("/records.json", records.records),
    Route("/records/{address:path}", records.record),
    Route("/media/{sha256:str}", media.media),
    Route("/desk.css", _style),
    Route("/record.css", records.record_style),
    Mount("/built", _Built(directory=BUILT, check_dir=False), name="built"),
)


def _refusal(request: Request, error: Exception) -> Response:
    status, title = next((s, t) for kind, s, t in _STATUS if isinstance(error, kind))
    message = str(error)
    return problem(
        request, status, title, f"{message[:1].upper()}{message[1:]}.".replace("..", ".")
    )


def _http_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentence = _SENTENCES.get(status, "The desk could not answer this request.")
    response = problem(request, status, HTTPStatus(status).phrase, sentence)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _failure(request: Request, error: Exception) -> Response:
    # The framework calls this for whatever nothing else caught, and logs the error afterwards.
    _log.error("no answer for %s: %r", request.url.path, error)
    sentence = "Something went wrong inside the desk. What happened stands in its log."
    response = problem(request, 500, "The desk failed", sentence)
    for name, value in SECURE.items():
        response.headers[name] = value
    return response
