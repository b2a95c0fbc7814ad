"""Channels: what is held of each, and what of it may be shown."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from offair.desk.change_terms import change_terms, list_channels, show_terms
from offair.model.desk_lists import ChannelTerms
from offair.model.errors import BadInput
from offair.model.finding import ChannelCoverage
from offair.model.people import Role
from offair.model.recording import Channel
from offair.web.api import Model, Operation
from offair.web.forms import read_form
from offair.web.view import desk_of, page
from offair.web.who import actor_of, may

_MINUTE_MS = 60_000
_YES_OR_NO = ("text", "media", "download", "embed")


def channels(request: Request) -> Response:
    """`/channels`: every channel, with what is held and the terms."""
    rows = list_channels(desk_of(request))
    if request.url.path.endswith(".json"):
        return JSONResponse({"channels": [_facts(*row) for row in rows]})
    return page(
        request, "channels.html", styles=("channels.css",), rows=rows, twin="/channels.json"
    )


def channel(request: Request) -> Response:
    """`/channels/{id}`: one channel; who may change its terms sees a form."""
    found, terms = show_terms(desk_of(request), request.path_params["id"])
    if request.url.path.endswith(".json"):
        return JSONResponse(_facts(found, terms, None))
    return page(
        request,
        "channel.html",
        styles=("channels.css",),
        channel=found,
        terms=terms,
        minutes=None if terms.longest_ms is None else terms.longest_ms / _MINUTE_MS,
        may_change=may(request, Role.PUBLISHER),
        twin=f"/channels/{found.id}.json",
    )


async def save(request: Request) -> Response:
    """The form of a channel's terms, for a browser without scripts as well."""
    actor = actor_of(request, Role.PUBLISHER)
    form = await read_form(request)
    fields: dict[str, bool | int | str | None] = {name: name in form for name in _YES_OR_NO}
    fields["longest_ms"] = _number(form.get("longest", ""), _MINUTE_MS)
    fields["expires_days"] = _number(form.get("expires", ""), 1)
    fields["ground"] = " ".join(form.get("ground", "").split()) or None
    channel_id = request.path_params["id"]
    change_terms(desk_of(request), channel_id, actor=actor, **fields)
    return RedirectResponse(f"/channels/{channel_id}", 303)


def _number(text: str, times: int) -> int | None:
    if not text.strip():
        return None
    try:
        return round(float(text) * times)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{text[:20]!r} is no number; write 10, or leave it empty") from error


def _facts(channel: Channel, terms: ChannelTerms, held: ChannelCoverage | None) -> dict[str, Any]:
    return {
        "id": channel.id,
        "name": channel.name,
        "country": channel.country,
        "zone": channel.zone,
        "languages": list(channel.languages),
        "rights": channel.rights,
        "terms": Terms.of(terms).model_dump(),
        "held_hours": held.held_hours if held else None,
        "recordings": held.recordings if held else None,
        "first": held.first if held else None,
        "last": held.last if held else None,
        "gaps": held.gaps if held else None,
    }


class Terms(Model):
    """What of a channel's material may be shown."""

    text: bool = Field(description="Its text is public.")
    media: bool = Field(description="Its media is public.")
    longest_ms: int | None = Field(ge=1, le=2**40, description="Of a clip, in milliseconds.")
    download: bool = Field(description="Its media may be downloaded.")
    embed: bool = Field(description="Its clips may stand in other sites' pages.")
    expires_days: int | None = Field(ge=1, le=36_500, description="Media is kept so many days.")
    ground: str | None = Field(max_length=2_000, description="Of all this, in words.")

    @classmethod
    def of(cls, terms: ChannelTerms) -> Terms:
        """The same as an answer."""
        return cls(**{name: getattr(terms, name) for name in cls.model_fields})


def _read(request: Request, _actor: str, _body: None) -> Terms:
    return Terms.of(show_terms(desk_of(request), request.path_params["id"])[1])


def _write(request: Request, actor: str, body: Terms) -> Terms:
    desk, channel_id = desk_of(request), request.path_params["id"]
    return Terms.of(change_terms(desk, channel_id, actor=actor, **body.model_dump()))


ROUTES = (
    Route("/channels", channels),
    Route("/channels.json", channels),
    Route("/channels/{id:int}.json", channel),
    Route("/channels/{id:int}", channel, methods=["GET"]),
    Route("/channels/{id:int}", save, methods=["POST"]),
)
API = (
    Operation(
        "GET", "/channels/{id:int}/terms", "What of a channel's material may be shown.",
        Role.READER, _read, answer=Terms,
    ),
    Operation(
        "PUT", "/channels/{id:int}/terms", "Change what of a channel's material may be shown.",
        Role.PUBLISHER, _write, body=Terms, answer=Terms,
    ),
)  # fmt: skip
