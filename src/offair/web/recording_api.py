"""A recording's waveform, and the operations of its page: the doubts of a text, settling one."""

from __future__ import annotations

import re

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from offair.desk.list_flags import list_flags
from offair.desk.settle_flag import settle_flag
from offair.desk.show_peaks import PeaksMaking, show_peaks
from offair.model.errors import BadInput, NotFound
from offair.model.people import Role
from offair.model.time import Ms
from offair.model.transcript import Flag
from offair.web.api import Model, Operation
from offair.web.conditional import with_validators
from offair.web.language import _
from offair.web.view import desk_of, number_asked, recording_asked

_LONGEST_NOTE = 4_000
_LARGEST_ID = 2**53
_MOST_AT_ONCE = 500
_WIDTH = 1_000
_AGAIN_S = 2


class FlagFacts(Model):
    """A doubt. start_ms, end_ms: media time or null. settled_by: null while it is open."""

    id: int
    layer: int | None
    kind: str
    reason: str
    start_ms: int | None
    end_ms: int | None
    settled_by: str | None
    settled_note: str | None

    @classmethod
    def of(cls, flag: Flag, layer: int | None = None) -> FlagFacts:
        """A flag as data."""
        return cls(
            id=flag.id, layer=layer, kind=flag.kind.value, reason=flag.reason,
            start_ms=flag.span.start if flag.span else None,
            end_ms=flag.span.end if flag.span else None,
            settled_by=flag.settled_by, settled_note=flag.settled_note,
        )  # fmt: skip


class FlagPage(Model):
    """Doubts of a text, by time. open, settled: of the whole text. next: `from` of those after."""

    layer: int
    open: int
    settled: int
    flags: list[FlagFacts]
    next: int | None


class Settling(Model):
    """What a person found who looked at a doubt."""

    note: str | None = Field(None, max_length=_LONGEST_NOTE)


def peaks(request: Request) -> Response:
    """`/recordings/{id}/peaks?from=&to=&width=`: lowest and highest sample of each column, signed
    bytes in turn, −127…127; lowest above highest where there is no sound.

    from, to: media time in ms, all of the recording where they are left out. 202 with the share
    done while the desk makes them, or with the reason why there will be none.
    """
    found = show_peaks(desk_of(request), recording_asked(request))
    if isinstance(found, PeaksMaking):
        told = {"share": found.share, "trouble": found.trouble}
        headers = {} if found.trouble else {"retry-after": str(_AGAIN_S)}
        return JSONResponse(told, 202, headers={**headers, "cache-control": "no-store"})
    start: Ms = number_asked(request, "from") or 0
    end = number_asked(request, "to")
    width = number_asked(request, "width") or _WIDTH
    drawn = found.columns(start, max(1, found.duration_ms) if end is None else end, width)
    # What is asked for never changes: the media of a recording is for good.
    headers = {"cache-control": "private, max-age=604800"}
    return with_validators(
        request, Response(drawn, media_type="application/octet-stream", headers=headers)
    )


def _list(request: Request, _actor: str, _body: None) -> FlagPage:
    offset = number_asked(request, "from") or 0
    limit = min(number_asked(request, "limit") or 100, _MOST_AT_ONCE)
    found = list_flags(
        desk_of(request), recording_asked(request), number_asked(request, "layer"),
        settled="all" in request.query_params, offset=offset, limit=limit + 1,
    )  # fmt: skip
    shown = found.flags[:limit]
    return FlagPage(
        layer=found.layer.id, open=found.open, settled=found.settled,
        flags=[FlagFacts.of(one.flag, found.layer.id) for one in shown],
        next=offset + limit if len(found.flags) > limit else None,
    )  # fmt: skip


def _settle(request: Request, actor: str, body: Settling) -> FlagFacts:
    number: int = request.path_params["id"]
    if number > _LARGEST_ID:
        raise NotFound(_("There is no flag of this number."))
    return FlagFacts.of(settle_flag(desk_of(request), number, actor=actor, note=body.note))


_NUMBER_RE = re.compile(r"\d{1,16}", re.ASCII)


def flag_of_form(text: str) -> int:
    """The number of a doubt as a form sends it. Raises `BadInput`."""
    if not _NUMBER_RE.fullmatch(text):
        raise BadInput("the form does not say which doubt was looked at; load the page again")
    return int(text)


ROUTES = (Route("/recordings/{id:int}/peaks", peaks),)
API = (
    Operation(
        "GET", "/recordings/{id:int}/flags", "The doubts of a text of a recording, by time.",
        Role.READER, _list, answer=FlagPage,
        query={"layer": "Which text; else the best.", "all": "Settled ones too.",
               "from": "How many to pass over.", "limit": f"At most {_MOST_AT_ONCE}; else 100."},
    ),
    Operation(
        "POST", "/flags/{id:int}/settle", "Say that a person has looked at a doubt.",
        Role.EDITOR, _settle, body=Settling, answer=FlagFacts,
    ),
)  # fmt: skip
