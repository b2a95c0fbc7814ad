"""The page on which an editor corrects a transcript, one turn at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from offair.desk import Desk, browse
from offair.desk.browse import ShownTurn, TurnPage
from offair.desk.check_translation import stale_on_page
from offair.desk.open_turns import OpenTurn, OpenTurns, open_turns_by_id
from offair.desk.show_beside import Beside, show_beside
from offair.desk.turn_edit import StaleTurn
from offair.model.errors import BadInput, NotFound
from offair.model.people import Role
from offair.model.time import Span
from offair.model.transcript import Layer, Turn
from offair.model.words import NO_PROBABILITY, PROBABILITY_UNIT
from offair.text.word_changes import Change, word_changes
from offair.web import edit_forms, flags, wording
from offair.web.doubts import Doubt
from offair.web.edit_models import TurnFacts
from offair.web.forms import read_form
from offair.web.language import _
from offair.web.view import desk_of, fragment, number_asked, page, recording_asked, recording_facts
from offair.web.who import account_of, actor_of

UNSURE = 0.4
"""Words that the engine gave less are marked with what it gave them: it was wrong more often than
right there."""
_MOST_ASKED = 200


@dataclass(frozen=True, slots=True)
class EditPage:
    """A run of turns to edit. facts: what an editor has to know of each, by turn id."""

    turns: TurnPage
    facts: Mapping[int, OpenTurn]
    doubts: Mapping[int, tuple[Doubt, ...]]
    stale: int
    stale_turns: frozenset[int]
    beside: Beside | None


def edit(request: Request) -> Response:
    """`/recordings/{id}/edit`: player, turns, doubts. `?layer=` chooses the text, `?beside=`
    another beside it, `?t=` or `?from=` the place, `?turn=` opens one turn's form, `?review` begins
    with the first doubt."""
    actor_of(request, Role.EDITOR)
    if request.url.path.endswith(".json"):
        return JSONResponse(_data(request))
    return _page(request)


def turns(request: Request) -> Response:
    """`/recordings/{id}/edit/turns`: a run of turns, or with `?only=` the turns of these numbers,
    for the element that puts them in their places."""
    actor_of(request, Role.EDITOR)
    only = request.query_params.get("only")
    found = _run(request, number_asked(request, "layer")) if only is None else _only(request, only)
    if found is None:
        raise NotFound("there is no text of this recording yet")
    name = "edit_turns.html" if only is None else "edit_only.html"
    return fragment(name, recording_id=recording_asked(request), **_values(found))


async def written(request: Request) -> Response:
    """The forms of that page, for a browser without scripts: `act` says which."""
    actor = actor_of(request, Role.EDITOR)
    form = await read_form(request)
    return await run_in_threadpool(_written, request, actor, form)


def _written(request: Request, actor: str, form: Mapping[str, str]) -> Response:
    desk, recording_id = desk_of(request), recording_asked(request)
    turn_id = edit_forms.number_of(form.get("turn"))
    layer = open_turns_by_id(desk, [turn_id]).layer
    if layer.recording_id != recording_id:
        raise NotFound(f"turn {turn_id} is not one of recording {recording_id}")
    try:
        done = edit_forms.act(desk, layer, turn_id, form, actor)
    except StaleTurn as stale:
        return _conflict(request, layer, stale, form.get("text"))
    place = f"/recordings/{recording_id}/edit?layer={layer.id}"
    return RedirectResponse(f"{place}&turn={done}#turn-{done}", 303)


def _conflict(request: Request, layer: Layer, stale: StaleTurn, mine: str | None) -> Response:
    """Both versions, and a form in which they can be made one."""
    theirs = "\n".join(one.text for one in stale.now)
    mine = None if mine is None else mine.replace("\r\n", "\n")
    return page(
        request, "edit_conflict.html", status=409, styles=("edit.css",), stale=stale, layer=layer,
        mine=mine, theirs=theirs, base=stale.base.text,
        by_me=_changes(stale.base.text, mine), by_them=_changes(stale.base.text, theirs),
        back=f"/recordings/{layer.recording_id}/edit?layer={layer.id}",
    )  # fmt: skip


def _changes(old: str, new: str | None) -> Sequence[Change]:
    return () if new is None else word_changes(old, new)


def _page(request: Request) -> Response:
    desk, recording_id = desk_of(request), recording_asked(request)
    opened = browse.open_recording(desk, recording_id, number_asked(request, "layer"))
    if opened.layer is None:
        raise NotFound(f"there is no text of recording {recording_id} yet that could be edited")
    chosen = number_asked(request, "turn")
    found = _run(request, opened.layer.id, turn_id=chosen)
    at = request.query_params.get("t")
    account = account_of(request)
    return page(
        request, "edit.html", styles=("recording.css", "edit.css"), scripts=("edit",),
        opened=opened, recording_id=recording_id, chosen=chosen,
        review="review" in request.query_params,
        editor=account.name if account else "",
        at=wording.read_time(at) if at else None,
        listed=flags.listed_beside(desk, recording_id, opened.layer.id),
        **flags.strip_beside(request, opened.layer.id),
        **_values(found),
        twin=f"/recordings/{recording_id}/edit.json{_query(request)}",
    )  # fmt: skip


def _values(found: EditPage) -> dict[str, Any]:
    """What the templates of turns show."""
    return {
        "page": found.turns, "facts": found.facts, "doubts": found.doubts, "stale": found.stale,
        "stale_turns": found.stale_turns, "beside": found.beside,
    }  # fmt: skip


def _run(request: Request, layer_id: int | None, *, turn_id: int | None = None) -> EditPage:
    desk, recording_id = desk_of(request), recording_asked(request)
    at = request.query_params.get("t")
    offset = number_asked(request, "from") or 0
    if turn_id is not None:
        offset = _ordinal(desk, layer_id, turn_id)
    found = browse.turn_page(
        desk, recording_id, layer_id, offset=offset,
        at=wording.read_time(at) if at and turn_id is None else None,
    )  # fmt: skip
    return _with_facts(request, found, _beside(request, found))


def _ordinal(desk: Desk, layer_id: int | None, turn_id: int) -> int:
    """Where a turn stands in its layer. Raises `NotFound` where it is another text's."""
    found = open_turns_by_id(desk, [turn_id])
    if layer_id is not None and found.layer.id != layer_id:
        raise NotFound(f"turn {turn_id} is not one of layer {layer_id}")
    return found.turns[0].turn.ordinal


def _only(request: Request, only: str) -> EditPage:
    """Turns by their numbers, in order, as they stand now."""
    asked = [one for one in only.split(",") if one]
    if not 0 < len(asked) <= _MOST_ASKED or not all(
        one.isascii() and one.isdigit() and len(one) < 16 for one in asked
    ):
        raise BadInput(f"only= are 1 to {_MOST_ASKED} numbers of turns with commas between")
    found = open_turns_by_id(desk_of(request), [int(one) for one in asked])
    recording_id = recording_asked(request)
    if found.layer.recording_id != recording_id:
        raise NotFound(f"these turns are not of recording {recording_id}")
    run = _as_page(found)
    return _with_facts(request, run, _beside(request, run))


def _as_page(found: OpenTurns) -> TurnPage:
    order = sorted((one.turn for one in found.turns), key=lambda one: one.ordinal)
    spans = [one.span for one in order if one.span is not None]
    begin = min((one.start for one in spans), default=0)
    end = max((one.end for one in spans), default=None)
    who = {one.turn.id: one.spoken_by for one in found.turns}
    shown = tuple(
        ShownTurn(one, who[one.id].name, who[one.id].certain, who[one.id].named) for one in order
    )
    return TurnPage(found.layer, order[0].ordinal, found.count, shown, (), begin, end)


def _with_facts(request: Request, found: TurnPage, beside: Beside | None) -> EditPage:
    desk = desk_of(request)
    ids = [one.turn.id for one in found.turns]
    facts = {one.turn.id: one for one in open_turns_by_id(desk, ids).turns} if ids else {}
    listed = flags.by_turn(flags.on_page(desk, recording_asked(request), found))
    stale, places = stale_on_page(desk, found.layer, [one.turn for one in found.turns])
    doubts: dict[int, tuple[Doubt, ...]] = {}
    for shown in found.turns:
        turn = shown.turn
        old = (Doubt(one.char_start, one.char_end, one.reason) for one in places.get(turn.id, ()))
        every = (*listed.get(turn.id, ()), *old, *_unsure(turn))
        doubts[turn.id] = tuple(sorted(every, key=lambda one: (one.char_start, one.char_end)))
    return EditPage(found, facts, doubts, stale, frozenset(places), beside)


def _unsure(turn: Turn) -> list[Doubt]:
    """The words that the engine itself gave little for."""
    words, found = turn.words, []
    for start, end, given in zip(words.char_start, words.char_end, words.probability, strict=True):
        if given != NO_PROBABILITY and given < UNSURE * PROBABILITY_UNIT:
            told = _("the engine's confidence in this word is %(share)s %%")
            share = wording.number(round(100 * given / PROBABILITY_UNIT))
            found.append(Doubt(start, end, told % {"share": share}))
    return found


def _beside(request: Request, found: TurnPage) -> Beside | None:
    """The text that `?beside=` names, cut where the turns of a page begin."""
    layer_id = number_asked(request, "beside")
    if layer_id is None or not found.turns:
        return None
    spans = [one.turn.span for one in found.turns]
    moments, last = [], found.begin
    for place, span in enumerate(spans):
        last = max(last, span.start) if span and place else last
        moments.append(last)
    end = found.end
    if "only" in request.query_params and end is not None:
        end = Span(moments[-1], max(moments[-1], end)).end
    return show_beside(
        desk_of(request), recording_asked(request), layer_id, moments, end,
        shown_layer=found.layer, turns=[one.turn for one in found.turns],
    )  # fmt: skip


def _data(request: Request) -> dict[str, Any]:
    desk, recording_id = desk_of(request), recording_asked(request)
    opened = browse.open_recording(desk, recording_id, number_asked(request, "layer"))
    if opened.layer is None:
        raise NotFound(f"there is no text of recording {recording_id} yet that could be edited")
    layer = opened.layer
    found = _run(request, layer.id, turn_id=number_asked(request, "turn"))
    following = None
    if found.turns.next_offset is not None:
        following = f"/recordings/{recording_id}/edit.json?layer={layer.id}"
        following += f"&from={found.turns.next_offset}"
    doubts = flags.on_page(desk, recording_id, found.turns)
    ordered = [found.facts[one.turn.id] for one in found.turns.turns]
    return {
        **recording_facts(opened.recording),
        "layer": layer.id,
        "language": layer.language,
        "turns_total": found.turns.total,
        "turns": [TurnFacts.of(one, layer).model_dump(mode="json") for one in ordered],
        "stale_turns": sorted(found.stale_turns),
        "flags_open": doubts.open,
        "flags": [flags.flag_data(one) for one in doubts.flags],
        "next": following,
    }


def _query(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


ROUTES = (
    Route("/recordings/{id:int}/edit", edit, methods=["GET"]),
    Route("/recordings/{id:int}/edit", written, methods=["POST"]),
    Route("/recordings/{id:int}/edit.json", edit),
    Route("/recordings/{id:int}/edit/turns", turns),
)
