"""Recordings: the list, one with its text, a run of turns, its captions; each with its twin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from offair.desk import browse
from offair.desk.browse import Aside, OpenRecording, ShownTurn, TurnPage
from offair.desk.check_translation import StalePlace, stale_on_page
from offair.desk.list_flags import FlagList
from offair.desk.show_beside import Beside, show_beside
from offair.formats import record_webvtt
from offair.model.people import Role
from offair.model.transcript import Layer
from offair.model.words import WordFlag
from offair.web import flags, wording
from offair.web.doubts import Doubt
from offair.web.view import desk_of, fragment, number_asked, page, recording_asked, recording_facts
from offair.web.who import may


def recordings(request: Request) -> Response:
    """`/recordings`: recordings, newest first, paged by `?before=`."""
    rows, older = browse.list_recordings(desk_of(request), before=number_asked(request, "before"))
    if request.url.path.endswith(".json"):
        data = [
            {
                **recording_facts(row.recording),
                "hearing": row.hearing.state.value,
                "hearing_part": row.hearing.part,
                "hearing_end": row.hearing.end,
                "reason": row.hearing.reason,
                "layers": [_layer_facts(layer) for layer in row.layers],
            }
            for row in rows
        ]
        following = f"/recordings.json?before={older}" if older else None
        return JSONResponse({"recordings": data, "next": following})
    return page(request, "recordings.html", rows=rows, older=older, twin=_twin(request))


def recording(request: Request) -> Response:
    """`/recordings/{id}`: player and text. `?layer=` chooses the text, `?t=` a time in it,
    `?beside=` another text to show beside it."""
    desk, recording_id = desk_of(request), recording_asked(request)
    opened = browse.open_recording(desk, recording_id, number_asked(request, "layer"))
    turns = _turns(request, opened.layer.id) if opened.layer else None
    if request.url.path.endswith(".json"):
        doubts = flags.on_page(desk, recording_id, turns) if turns else None
        facts = _recording_data(opened, turns, doubts, _beside(request, turns))
        return JSONResponse(facts | _stale_data(*_stale(request, turns)))
    at = request.query_params.get("t")
    return page(
        request,
        "recording.html",
        styles=("recording.css",),
        scripts=("recording",),
        opened=opened,
        may_edit=may(request, Role.EDITOR),
        source_line=wording.source_line(opened.recording),
        **flags.strip_beside(request, opened.layer.id if opened.layer else None),
        **_text_values(request, turns),
        listed=flags.listed_beside(desk, recording_id, turns.layer.id) if turns else None,
        at=wording.read_time(at) if at else None,
        twin=_twin(request),
    )


def turns(request: Request) -> Response:
    """`/recordings/{id}/turns`: one run of turns, for the element that loads them."""
    found = _turns(request, number_asked(request, "layer"))
    return fragment("turns.html", **_text_values(request, found))


def captions(request: Request) -> Response:
    """`/recordings/{id}/captions.vtt`: a layer as WebVTT, for the player's track."""
    shown, cues = browse.caption_lines(
        desk_of(request), recording_asked(request), number_asked(request, "layer")
    )
    text = record_webvtt.write(shown, cues=cues)
    return Response(text, media_type="text/vtt; charset=utf-8")


def _turns(request: Request, layer_id: int | None) -> TurnPage:
    at = request.query_params.get("t")
    return browse.turn_page(
        desk_of(request),
        recording_asked(request),
        layer_id,
        offset=number_asked(request, "from") or 0,
        at=wording.read_time(at) if at else None,
    )


def _text_values(request: Request, found: TurnPage | None) -> dict[str, Any]:
    """What `turns.html` shows: the turns, the doubts about them, and what stands beside."""
    recording_id = recording_asked(request)
    doubts = flags.on_page(desk_of(request), recording_id, found) if found else None
    marked = dict(flags.by_turn(doubts)) if doubts else {}
    stale = _stale(request, found)
    for turn_id, places in stale[1].items():
        old = (Doubt(one.char_start, one.char_end, one.reason) for one in places)
        both = (*marked.get(turn_id, ()), *old)
        marked[turn_id] = tuple(sorted(both, key=lambda one: (one.char_start, one.char_end)))
    return {
        "page": found,
        "recording_id": recording_id,
        "doubts": marked,
        "stale": stale[0],
        "beside": _beside(request, found),
    }


def _stale(
    request: Request, found: TurnPage | None
) -> tuple[int, Mapping[int, tuple[StalePlace, ...]]]:
    """Sentences of a translation that no longer fit their original: how many, and on this page."""
    if found is None:
        return 0, {}
    return stale_on_page(desk_of(request), found.layer, [one.turn for one in found.turns])


def _beside(request: Request, found: TurnPage | None) -> Beside | None:
    """The text that `?beside=` names, cut where the turns and asides of a page begin."""
    layer_id = number_asked(request, "beside")
    if layer_id is None or found is None:
        return None
    moments = wording.moments(found)
    turns = [None if isinstance(one, Aside) else one.turn for one in wording.in_order(found)]
    return show_beside(
        desk_of(request), recording_asked(request), layer_id, moments, found.end,
        shown_layer=found.layer, turns=turns,
    )  # fmt: skip


def _twin(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}.json{query}"


def _layer_facts(layer: Layer) -> dict[str, Any]:
    return {
        "id": layer.id,
        "kind": layer.kind.value,
        "origin": layer.origin.value,
        "language": layer.language,
        "maker": layer.maker,
        "run": layer.run,
        "source_layer": layer.source_layer_id,
        "note": layer.note,
        "label": f"{wording.layer_title(layer)} — {layer.maker}{wording.layer_standing(layer)}",
    }


def _recording_data(
    opened: OpenRecording, turns: TurnPage | None, doubts: FlagList | None, beside: Beside | None
) -> dict[str, Any]:
    playback, layer = opened.playback, opened.layer
    following = None
    if turns is not None and turns.next_offset is not None and layer is not None:
        address = f"/recordings/{opened.recording.id}.json"
        following = f"{address}?layer={layer.id}&from={turns.next_offset}"
        following += f"&beside={beside.layer.id}" if beside else ""
    return {
        **recording_facts(opened.recording),
        "hearing": opened.hearing.state.value,
        "hearing_part": opened.hearing.part,
        "hearing_end": opened.hearing.end,
        "reason": opened.hearing.reason,
        "media": f"/media/{playback.object.sha256}" if playback.object else None,
        "media_trouble": playback.trouble,
        "layers": [_layer_facts(one) for one in opened.layers],
        "layer": layer.id if layer else None,
        "turns_total": turns.total if turns else 0,
        "turns": [_turn_data(one) for one in turns.turns] if turns else [],
        "without_words": [_aside_data(one) for one in turns.asides] if turns else [],
        "flags_open": doubts.open if doubts else 0,
        "flags": [flags.flag_data(one) for one in doubts.flags] if doubts else [],
        "beside": _beside_data(turns, beside) if turns and beside else None,
        "next": following,
    }


def _turn_data(shown: ShownTurn) -> dict[str, Any]:
    turn = shown.turn
    return {
        "id": turn.id,
        "ordinal": turn.ordinal,
        "speaker": shown.speaker,
        "speaker_named": shown.named,
        "speaker_confirmed": shown.certain,
        "start_ms": turn.span.start if turn.span else None,
        "end_ms": turn.span.end if turn.span else None,
        "text": turn.text,
        "words": [
            {
                "char_start": word.char_start,
                "char_end": word.char_end,
                "start_ms": word.start,
                "end_ms": word.end,
                "time_source": word.source.name.lower(),
                "probability": word.probability,
                "overlapped": bool(word.flags & WordFlag.OVERLAP),
                "doubted": bool(word.flags & WordFlag.DOUBTED),
            }
            for word in turn.words
        ],
        "marks": [
            {
                "kind": mark.kind.value,
                "char_start": mark.char_start,
                "char_end": mark.char_end,
                "text": mark.text,
                "sense": mark.sense,
                "confirmed": mark.confirmed,
            }
            for mark in turn.marks
        ],
    }


def _beside_data(turns: TurnPage, beside: Beside) -> dict[str, Any]:
    moments = wording.moments(turns)
    return {
        "layer": beside.layer.id,
        "lag_ms": beside.lag_ms,
        "stale_sentences": beside.stale,
        "parts": [
            {"from_ms": moment, "text": text}
            for moment, text in zip(moments, beside.parts, strict=True)
        ],
    }


def _stale_data(count: int, places: Mapping[int, tuple[StalePlace, ...]]) -> dict[str, Any]:
    return {
        "stale_sentences": count,
        "stale": [
            {"turn": turn_id, "char_start": one.char_start, "char_end": one.char_end,
             "reason": one.reason}
            for turn_id, some in places.items() for one in some
        ],
    }  # fmt: skip


def _aside_data(aside: Aside) -> dict[str, Any]:
    return {
        "start_ms": aside.span.start,
        "end_ms": aside.span.end,
        "reason": aside.reason,
        "score": aside.score,
        "missing": aside.missing,
    }


ROUTES = (
    Route("/recordings", recordings),
    Route("/recordings.json", recordings),
    Route("/recordings/{id:int}", recording),
    Route("/recordings/{id:int}.json", recording),
    Route("/recordings/{id:int}/turns", turns),
    Route("/recordings/{id:int}/captions.vtt", captions),
)
