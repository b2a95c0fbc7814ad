"""Doubts: the page that lists them, the list beside a text, what a turn's words are doubted for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from offair.desk import Desk
from offair.desk.browse import TurnPage
from offair.desk.list_flags import FlagList, ShownFlag, list_flags
from offair.model.time import Ms, Span
from offair.web.doubts import Doubt
from offair.web.view import desk_of, number_asked, page, recording_asked

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
        request, "flags.html", found=found, shown=shown, every=every, offset=offset, more=more,
        twin=f"/recordings/{recording_id}/flags.json{query}",
    )  # fmt: skip


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
    Route("/recordings/{id:int}/flags", flags),
    Route("/recordings/{id:int}/flags.json", flags),
)
