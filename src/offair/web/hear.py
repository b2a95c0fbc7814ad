"""Listen and confirm: a stretch of a recording, played, and confirmed as it stands."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from offair.desk.browse import open_recording
from offair.desk.hear_span import HeardSpan, SpanToHear, hear_span, span_to_hear
from offair.model.errors import BadInput, Conflict
from offair.model.people import Role
from offair.model.time import Span
from offair.web.api import Model, Operation
from offair.web.forms import read_form
from offair.web.view import desk_of, fragment, page
from offair.web.who import actor_of, may

_MOST_TURNS = 200


class Stretch(Model):
    """Where: by media time, or by turns, or by the words as they stand in a row."""

    recording: int = Field(ge=0, le=2**53)
    layer: int | None = Field(None, ge=0, le=2**53, description="Which text; else the best.")
    from_ms: int | None = Field(None, ge=0, le=2**45)
    until_ms: int | None = Field(None, ge=0, le=2**45)
    turns: list[int] = Field(default_factory=list, max_length=_MOST_TURNS)
    words: str | None = Field(None, max_length=20_000)


class Heard(Stretch):
    """A stretch that somebody heard, as it was shown."""

    seen: str = Field(max_length=64, description="As `GET /heard` gave it.")
    speaker: str | None = Field(None, max_length=120, description="Who speaks all of it.")
    as_shown: bool = Field(False, description="The speakers are those that were shown.")


class PieceShown(Model):
    """Words of one turn. speaker: as shown, null where nobody is named."""

    turn: int
    text: str
    speaker: str | None
    confirmed: bool
    at_ms: int | None
    until_ms: int | None


class StretchShown(Model):
    """What is to be confirmed. seen: to be sent back with it."""

    recording: int
    layer: int
    words: int
    pieces: list[PieceShown]
    seen: str


class Confirmed(Model):
    """What was confirmed. speakers: empty where only the words were."""

    layer: int
    words: int
    turns: list[int]
    speakers: list[str]


def hear_page(request: Request) -> Response:
    """`/hear`: the words, the sound, and the form. `?part` answers with what a page puts in."""
    return _answer(request, _asked(request))


async def heard(request: Request) -> Response:
    """The form: `as` says what was heard."""
    actor = actor_of(request, Role.EDITOR)
    form = await read_form(request)
    how = form.get("as", "")
    if how not in ("words", "shown", "named"):
        raise BadInput("say what was heard: the words alone, or who speaks them too")
    name = " ".join(form.get("speaker", "").split())
    if how == "named" and not name:
        raise BadInput("write the name of whoever speaks, or confirm the words alone")
    stretch = _asked(request)
    done = await run_in_threadpool(
        _confirm, request, actor, stretch, form.get("seen", ""),
        speaker=name if how == "named" else None, as_shown=how == "shown",
    )  # fmt: skip
    return await run_in_threadpool(_answer, request, stretch, done)


def _answer(request: Request, stretch: Stretch, done: HeardSpan | None = None) -> Response:
    desk = desk_of(request)
    shown = _shown(request, stretch)
    at = shown.pieces[0].at
    ends = [one.until for one in shown.pieces if one.until is not None]
    values: dict[str, Any] = {
        "shown": shown,
        "opened": open_recording(desk, stretch.recording),
        "at": at,
        "until": max(ends, default=None),
        "seen": _seen(shown),
        "named": all(one.spoken_by.named for one in shown.pieces),
        "claimed": request.query_params.get("speaker", "")[:120],
        "action": f"/hear?{request.url.query}",
        "done": done,
        "may_hear": may(request, Role.EDITOR),
    }
    if "part" in request.query_params:
        return fragment("check_hear.html", csrf=getattr(request.state, "csrf", None), **values)
    return page(
        request, "check_hear_page.html", styles=("find.css", "check.css"), scripts=("check",),
        **values,
    )  # fmt: skip


def _asked(request: Request) -> Stretch:
    """The stretch of an address. Raises `BadInput`."""
    params = request.query_params

    def number(name: str) -> int | None:
        raw = params.get(name, "")
        if raw and not (raw.isascii() and raw.isdigit() and len(raw) < 14):
            raise BadInput(f"{name}={raw[:20]} is not a number this page knows")
        return int(raw) if raw else None

    turns = [one for one in params.get("turns", "").split(",") if one]
    if len(turns) > _MOST_TURNS or not all(
        one.isascii() and one.isdigit() and len(one) < 14 for one in turns
    ):
        raise BadInput(f"turns= are at most {_MOST_TURNS} numbers with commas between")
    recording = number("recording")
    if recording is None:
        raise BadInput("which recording was heard? The address names none")
    words = params.get("words") or None
    if words is not None and len(words) > 20_000:
        raise BadInput("the words are too many for an address; name turns instead")
    return Stretch(
        recording=recording, layer=number("layer"), from_ms=number("from"),
        until_ms=number("until"), turns=[int(one) for one in turns], words=words,
    )  # fmt: skip


def _shown(request: Request, stretch: Stretch) -> SpanToHear:
    start, end = stretch.from_ms, stretch.until_ms
    span = None
    if start is not None or end is not None:
        if start is None or end is None or end <= start:
            raise BadInput("a stretch by time needs a beginning and a later end")
        span = Span(start, end)
    return span_to_hear(
        desk_of(request), stretch.recording, span=span, turn_ids=stretch.turns,
        quotation=stretch.words, layer_id=stretch.layer,
    )  # fmt: skip


def _seen(shown: SpanToHear) -> str:
    """What changes where the words or the speakers shown do."""
    told = [
        (one.turn.id, one.char_start, one.char_end, one.text, one.spoken_by.name or "",
         one.spoken_by.certain)
        for one in shown.pieces
    ]  # fmt: skip
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def _confirm(
    request: Request, actor: str, stretch: Stretch, seen: str, *, speaker: str | None,
    as_shown: bool,
) -> HeardSpan:  # fmt: skip
    shown = _shown(request, stretch)
    if _seen(shown) != seen:
        raise Conflict(
            "these words or their speaker were changed since they were shown; look at them again"
        )
    now_utc = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return hear_span(
        desk_of(request), shown, actor=actor, now_utc=now_utc, speaker=speaker, as_shown=as_shown
    )


def _show(request: Request, _actor: str, _body: None) -> StretchShown:
    shown = _shown(request, _asked(request))
    return StretchShown(
        recording=shown.recording.id, layer=shown.layer.id, words=shown.words, seen=_seen(shown),
        pieces=[
            PieceShown(
                turn=one.turn.id, text=one.text,
                speaker=one.spoken_by.name if one.spoken_by.named else None,
                confirmed=one.spoken_by.certain, at_ms=one.at, until_ms=one.until,
            )
            for one in shown.pieces
        ],
    )  # fmt: skip


def _write(request: Request, actor: str, body: Heard) -> Confirmed:
    done = _confirm(
        request, actor, body, body.seen, speaker=body.speaker or None, as_shown=body.as_shown
    )
    return Confirmed(
        layer=done.layer.id, words=done.words, turns=list(done.turn_ids),
        speakers=list(done.speakers),
    )  # fmt: skip


_QUERY = {
    "recording": "The recording's number.", "layer": "Which text; else the best.",
    "from": "Media time, milliseconds.", "until": "Media time, milliseconds.",
    "turns": "Numbers of turns, commas between.", "words": "The words as they stand in a row.",
}  # fmt: skip
ROUTES = (
    Route("/hear", hear_page, methods=["GET"]),
    Route("/hear", heard, methods=["POST"]),
)
API = (
    Operation(
        "GET", "/heard", "The words of a stretch, to be listened to and confirmed.", Role.EDITOR,
        _show, answer=StretchShown, query=_QUERY,
    ),
    Operation(
        "POST", "/heard", "Confirm that a person heard a stretch, and found it as it was shown.",
        Role.EDITOR, _write, body=Heard, answer=Confirmed, status=201,
        raises={404: "There is no such recording or word.", 409: "It was changed meanwhile."},
    ),
)  # fmt: skip
