"""Templates and answers: a page, its data twin, and an error in the form the address asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from offair.desk import Desk
from offair.formats import FORMATS
from offair.model.errors import BadInput, NotFound
from offair.model.recording import Recording
from offair.web import BUILT, wording
from offair.web.explained import explained, explained_fields
from offair.web.language import _, _n, languages, spoken, words_of
from offair.web.script_words import script_words
from offair.web.who import account_of, role_of
from offair.web.word_times import pack

HERE = Path(__file__).parent
STYLE = HERE / "desk.css"
LASTING = {"cache-control": "public, max-age=31536000, immutable"}
_LARGEST_ID = 2**53
WORD = FORMATS["docx"].media_type
"""What a Word document is sent as."""

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_templates.install_gettext_callables(_, _n, newstyle=True)  # type: ignore[attr-defined]
_templates.globals.update(
    wording=wording, pack=pack, explained=explained, explained_fields=explained_fields
)


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    **values: Any,
) -> Response:
    """A whole page. `twin` among the values is the address of its data; None where it has none.

    styles: names of files in `styles/` besides the desk's own; scripts: names of entries of
    `web-elements/src/` besides `main`.
    """
    values.setdefault("twin", None)
    text = _templates.get_template(template).render(
        desk_name=desk_of(request).name,
        style=style_address(),
        styles=[f"/styles/{one}?v={_digest(page_style(one))}" for one in styles],
        scripts=[one for one in (script_address(), *map(script_address, scripts)) if one],
        account=account_of(request),
        role=role_of(request),
        csrf=getattr(request.state, "csrf", None),
        spoken=spoken(),
        words=script_words(),
        languages=[(words_of(one), _spoken_in(request, one)) for one in languages()],
        **values,
    )
    return HTMLResponse(text, status)


def _spoken_in(request: Request, tag: str) -> str:
    """The address of the same page in another language."""
    asked = [pair for pair in request.query_params.multi_items() if pair[0] != "lang"]
    path = quote(request.url.path) if request.method in {"GET", "HEAD"} else "/"
    return f"{path}?{urlencode([*asked, ('lang', tag)])}"


def fragment(template: str, **values: Any) -> Response:
    """A part of a page, for an element to put in its place."""
    return HTMLResponse(template_part(template, **values))


def template_part(template: str, **values: Any) -> Markup:
    """A piece of a page that another room writes."""
    return Markup(_templates.get_template(template).render(spoken=spoken(), **values))


def problem(request: Request, status: int, title: str, message: str, **more: Any) -> Response:
    """An error as a page, as JSON where the address ends in `.json`, and for an operation as a
    problem (RFC 9457), with what else it tells."""
    if request.url.path.startswith("/api/"):
        return JSONResponse(
            {"status": status, "title": title, "detail": message, **more},
            status,
            media_type="application/problem+json",
        )
    if request.url.path.endswith(".json"):
        return JSONResponse(
            {"error": {"status": status, "title": title, "message": message}}, status
        )
    return page(request, "error.html", status=status, title=title, message=message, code=status)


def desk_of(request: Request) -> Desk:
    """The desk that this application shows."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)  # noqa: S101 - narrows starlette's untyped state
    return desk


def number_asked(request: Request, name: str) -> int | None:
    """A whole number from the query, or None where it is not given. Raises `BadInput`."""
    raw = request.query_params.get(name)
    if raw is None or raw == "":
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 16) or int(raw) > _LARGEST_ID:
        raise BadInput(f"{name}={raw[:40]} is not a number this page knows; leave it out")
    return int(raw)


def recording_asked(request: Request) -> int:
    """The recording's number in the path. Raises `NotFound` where no catalogue could have it."""
    number: int = request.path_params["id"]
    if number > _LARGEST_ID:
        raise NotFound("there is no recording with a number like this; / lists those there are")
    return number


def style_address() -> str:
    """The address of the style sheet, which changes when its bytes do."""
    return f"/desk.css?v={_digest(STYLE)}"


def recording_facts(recording: Recording) -> dict[str, Any]:
    """A recording as data."""
    media = recording.media
    return {
        "id": recording.id,
        "address": f"/recordings/{recording.id}",
        "channel": recording.channel.name,
        "country": recording.channel.country,
        "aired": str(recording.aired) if recording.aired else None,
        "title": recording.title,
        "held": recording.held.value,
        "sha256": recording.object.sha256 if recording.object else None,
        "duration_ms": media.duration_ms if media else None,
        "container": media.container if media else None,
        "notes": list(media.notes) if media else [],
        "added_utc": recording.added_utc,
        "quarantine": recording.quarantine,
        "gaps": [
            {"start_ms": gap.span.start, "end_ms": gap.span.end, "reason": gap.reason}
            for gap in recording.gaps
        ],
    }


def page_style(name: str) -> Path:
    """The style sheet of some pages. Raises `NotFound`."""
    known = {path.name: path for path in (HERE / "styles").glob("*.css")}
    if name not in known:
        raise NotFound("there is no style sheet of that name")
    return known[name]


def script_address(name: str = "elements") -> str | None:
    """The address of a built script, or None where it is not built."""
    path = BUILT / f"{name}.js"
    return f"/built/{name}.js?v={_digest(path)}" if path.is_file() else None


class SmallerForStrangers:
    """Compresses what nobody in particular is sent. A page for somebody holds the token of the
    session, and what is compressed together with a secret tells its length (BREACH)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.smaller = GZipMiddleware(
            app, minimum_size=1_000, compresslevel=6,
            exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, WORD),
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, after the session behind it was found."""
        stranger = scope["type"] == "http" and account_of(Request(scope)) is None
        await (self.smaller if stranger else self.app)(scope, receive, send)


SMALLER = (Middleware(GZipMiddleware, minimum_size=500),)
"""For the routes of scripts and styles, which are the same for everybody."""
PUBLIC = (Middleware(SmallerForStrangers),)
"""For the routes of what is published."""


def lasting(request: Request) -> dict[str, str]:
    """Headers that keep an asset for good, where its address carries the digest of its bytes."""
    return dict(LASTING) if "v" in request.query_params else {}


def text_digest(text: str) -> str:
    """The part of an asset's address that changes with its bytes."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def _digest(path: Path) -> str:
    return text_digest(path.read_text("utf-8"))
