"""Doubts: the page that lists them, the list beside a text, what a turn's words are doubted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from offair.desk import Desk
from offair.desk.browse import TurnPage
from offair.desk.list_flags import FlagList, ShownFlag, list_flags
from offair.desk.settle_flag import settle_flag
from offair.desk.show_peaks import Strip, strip_of
from offair.model.people import Role
from offair.model.time import Ms, Span
from offair.web.doubts import Doubt
from offair.web.forms import read_form
from offair.web.recording_api import flag_of_form
from offair.web.view import desk_of, fragment, number_asked, page, recording_asked
from offair.web.who import actor_of, may

LISTED_BESIDE = 50
"""Doubts in the list beside a text; its last line leads to all of them."""
AT_ONCE = 100
"""Doubts on a page of their own."""
_FOREVER: Ms = 1 << 52


def flags(request: Request) -> Response:
    """`/recordings/{id}/flags`: the open doubts of a text, paged by `?from=`; `?all` for all."""
    recording_id, offset = recording_asked(request), number_asked(request, "from") or 0
    every = "all" in request.query_params
    found = list_flags(
        desk_of(request), recording_id, number_asked(request, "layer"),
        settled=every, offset=offset, limit=AT_ONCE + 1,
    )  # fmt: skip
    shown = found.flags[:AT_ONCE]
    more = offset + AT_ONCE if len(found.flags) > AT_ONCE else None
    if request.url.path.endswith(".json"):
        following = None
        if more is not None:
            following = f"/recordings/{recording_id}/flags.json?layer={found.layer.id}&from={more}"
            following += "&all" if every else ""
        return JSONResponse(
            {
                "recording": recording_id,
                "layer": found.layer.id,
                "open": found.open,
                "settled": found.settled,
                "flags": [flag_data(one) for one in shown],
                "next": following,
            }
        )
    query = f"?{request.url.query}" if request.url.query else ""
    return page(
        request, "flags.html", styles=("recording.css",), found=found, shown=shown, every=every,
        offset=offset, more=more, may_edit=may(request, Role.EDITOR),
        twin=f"/recordings/{recording_id}/flags.json{query}",
    )  # fmt: skip


async def settled(request: Request) -> Response:
    """A form on that page: somebody looked at the doubt `flag` and found `note`."""
    actor = actor_of(request, Role.EDITOR)
    form = await read_form(request)
    number = flag_of_form(form.get("flag", ""))
    await run_in_threadpool(
        settle_flag, desk_of(request), number, actor=actor, note=form.get("note")
    )
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/recordings/{recording_asked(request)}/flags{query}", 303)


def listed(request: Request) -> Response:
    """`/recordings/{id}/flags/list?layer=`: the list beside a text, for the element that steps
    through it."""
    recording_id = recording_asked(request)
    found = list_flags(
        desk_of(request), recording_id, number_asked(request, "layer"), limit=LISTED_BESIDE
    )
    strip = strip_of(desk_of(request), recording_id, found.layer.id)
    return fragment(
        "doubts.html", listed=found, recording_id=recording_id, times=times(strip.doubts)
    )


def times(spans: Sequence[Span]) -> str:
    """Spans as the waveform reads them: `start,end start,end …`, ms."""
    return " ".join(f"{one.start},{one.end}" for one in spans)


def strip_beside(request: Request, layer_id: int | None) -> dict[str, Any]:
    """What the waveform of a recording's page marks."""
    strip: Strip = strip_of(desk_of(request), recording_asked(request), layer_id)
    return {"strip": strip, "gaps": times(strip.gaps), "times": times(strip.doubts)}


def listed_beside(desk: Desk, recording_id: int, layer_id: int) -> FlagList:
    """The first open doubts of a text, for the list beside it."""
    return list_flags(desk, recording_id, layer_id, limit=LISTED_BESIDE)


def on_page(desk: Desk, recording_id: int, turns: TurnPage) -> FlagList:
    """The open doubts in the time of a run of turns."""
    end = _FOREVER if turns.end is None else max(turns.begin, turns.end)
    return list_flags(desk, recording_id, turns.layer.id, within=Span(turns.begin, end))


def by_turn(found: FlagList) -> Mapping[int, tuple[Doubt, ...]]:
    """What is doubted in each turn, by turn id, in order."""
    result: dict[int, list[Doubt]] = {}
    for one in found.flags:
        for place in one.places:
            doubt = Doubt(place.char_start, place.char_end, one.flag.reason)
            result.setdefault(place.turn_id, []).append(doubt)
    return {
        turn_id: tuple(sorted(doubts, key=lambda one: (one.char_start, one.char_end)))
        for turn_id, doubts in result.items()
    }


def flag_data(one: ShownFlag) -> dict[str, Any]:
    """A doubt as data."""
    flag = one.flag
    return {
        "id": flag.id,
        "kind": flag.kind.value,
        "reason": flag.reason,
        "start_ms": flag.span.start if flag.span else None,
        "end_ms": flag.span.end if flag.span else None,
        "places": [
            {"turn": place.turn_id, "char_start": place.char_start, "char_end": place.char_end}
            for place in one.places
        ],
        "before": one.before,
        "words": one.words,
        "after": one.after,
        "speaker": one.speaker,
        "other_hearing": one.other,
        "captions": one.captions,
        "settled_by": flag.settled_by,
        "settled_note": flag.settled_note,
    }


ROUTES = (
    Route("/recordings/{id:int}/flags", flags, methods=["GET"]),
    Route("/recordings/{id:int}/flags", settled, methods=["POST"]),
    Route("/recordings/{id:int}/flags/list", listed),
    Route("/recordings/{id:int}/flags.json", flags),
)
