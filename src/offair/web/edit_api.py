"""Operations on the turns of a text: read, save, split, merge, mark, speaker, heard, history.

Places are characters (Unicode code points) of the turn's text, half-open. Every write names the
turn as it was read; one that was changed meanwhile is answered 409 with both versions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from offair.desk.attributed import How
from offair.desk.hear_span import hear_span, span_to_hear
from offair.desk.mark_text import mark_text, unmark_text
from offair.desk.merge_turns import merge_turns
from offair.desk.name_speaker import (
    SpeakerName,
    Target,
    confirm_speaker,
    forget_speaker,
    kind_of_name,
    name_speaker,
)
from offair.desk.open_turns import (
    OpenTurns,
    open_standing,
    open_turns,
    open_turns_by_id,
    suggested_speakers,
)
from offair.desk.read_history import compare_revisions, read_history
from offair.desk.revert_revision import revert_revision, undo
from offair.desk.revise_turn import revise_turn
from offair.desk.split_turn import split_turn
from offair.desk.turn_edit import EditedTurns, StaleTurn
from offair.model.errors import BadInput, Conflict
from offair.model.people import Role
from offair.model.transcript import MarkKind
from offair.web.api import Model, Operation
from offair.web.edit_models import (
    ChangeFacts,
    ComparisonFacts,
    Hearing,
    HistoryPage,
    Marking,
    Merging,
    RevisionFacts,
    Saved,
    Saving,
    SpeakerChange,
    SpeakerFacts,
    Splitting,
    SuggestedName,
    SuggestedNames,
    Taking,
    TurnFacts,
    TurnList,
    Undoing,
)
from offair.web.explained import explained_plainly
from offair.web.language import _
from offair.web.view import desk_of, number_asked, problem

_STALE = {409: "Somebody changed the turn meanwhile: `base`, `now` and `by` hold both versions."}
_LARGEST_ID = 2**53


def _id(request: Request) -> int:
    found: int = request.path_params["id"]
    if found > _LARGEST_ID:
        raise BadInput(f"{found} is not a number this desk knows")
    return found


def _list(request: Request, _actor: str, _body: None) -> TurnList:
    found = open_turns(
        desk_of(request),
        _id(request),
        offset=number_asked(request, "from") or 0,
        limit=number_asked(request, "limit") or 50,
    )
    return TurnList(
        layer=found.layer.id,
        recording=found.layer.recording_id,
        count=found.count,
        turns=_facts(found),
    )


def _read(request: Request, _actor: str, _body: None) -> TurnFacts:
    return _facts(open_turns_by_id(desk_of(request), [_id(request)]))[0]


def _facts(found: OpenTurns) -> list[TurnFacts]:
    return [TurnFacts.of(one, found.layer) for one in found.turns]


def _write(request: Request, act: Callable[[], EditedTurns]) -> Model | Response:
    """What stands after an act; both versions where it came too late."""
    desk = desk_of(request)
    try:
        done = act()
    except StaleTurn as stale:
        return _both(request, stale)
    return Saved(
        changed=done.revision is not None,
        revision=None if done.revision is None else done.revision.id,
        turns=_facts(open_turns_by_id(desk, [one.id for one in done.turns])),
        before=[] if done.revision is None else [one.id for one in done.revision.before],
    )


def _both(request: Request, stale: StaleTurn) -> Response:
    """The turn as it was read, and as it stands now."""
    desk = desk_of(request)
    base = open_turns_by_id(desk, [stale.base.id])
    now = open_turns_by_id(desk, [one.id for one in stale.now])
    return problem(
        request, 409, _("Somebody was here before you"), _sentence(stale),
        base=_facts(base)[0].model_dump(mode="json"),
        now=[one.model_dump(mode="json") for one in _facts(now)],
        by={"revision": stale.by.id, "who": stale.by.made_by, "when_utc": stale.by.made_utc},
    )  # fmt: skip


def _sentence(error: Conflict) -> str:
    message = str(error)
    return f"{message[:1].upper()}{message[1:]}."


def _save(request: Request, actor: str, body: Saving) -> Model | Response:
    marks = None if body.marks is None else [one.mark() for one in body.marks]
    return _write(
        request,
        lambda: revise_turn(
            desk_of(request), _id(request), body.text, actor=actor, marks=marks, reason=body.reason
        ),
    )


def _split(request: Request, actor: str, body: Splitting) -> Model | Response:
    return _write(
        request,
        lambda: split_turn(
            desk_of(request), _id(request), body.at, actor=actor, reason=body.reason
        ),
    )


def _merge(request: Request, actor: str, body: Merging) -> Model | Response:
    return _write(
        request,
        lambda: merge_turns(
            desk_of(request), _id(request), body.next, actor=actor, reason=body.reason
        ),
    )


def _mark(request: Request, actor: str, body: Marking) -> Model | Response:
    return _write(
        request,
        lambda: mark_text(
            desk_of(request), _id(request), MarkKind(body.kind), body.char_start, body.char_end,
            body.printed, actor=actor,
        ),
    )  # fmt: skip


def _unmark(request: Request, actor: str, _body: None) -> Model | Response:
    keep = request.query_params.get("keep_words") in ("1", "true")
    place: int = request.path_params["place"]
    return _write(
        request,
        lambda: unmark_text(desk_of(request), _id(request), place, actor=actor, keep_words=keep),
    )


def _suggest(request: Request, _actor: str, _body: None) -> SuggestedNames:
    return SuggestedNames(
        names=[
            SuggestedName(
                name=one.name,
                kind=one.kind.value,
                reasons=[explained_plainly(each) for each in one.reasons],
                known=one.known,
                share=one.share,
            )
            for one in suggested_speakers(desk_of(request), _id(request))
        ]
    )


def _speaker(request: Request, actor: str, body: SpeakerChange) -> Model | Response:
    desk = desk_of(request)
    try:
        found = open_standing(desk, _id(request))
    except StaleTurn as stale:
        return _both(request, stale)
    turn, recording = found.turns[0].turn, found.layer.recording_id
    if body.whole_voice and turn.label is None:
        raise BadInput(f"turn {turn.id} belongs to no voice that was told apart; name it alone")
    target = Target(
        label=turn.label if body.whole_voice else None,
        turn_id=None if body.whole_voice else turn.id,
        layer_id=found.layer.id,
    )
    if body.act == "confirm":
        done = confirm_speaker(desk, recording, target, actor=actor, heard=body.heard)
    elif body.act == "forget":
        done = forget_speaker(desk, recording, target, actor=actor)
    else:
        name = SpeakerName(
            body.name,
            kind_of_name(body.name or ""),
            body.author,
            how=None if body.how is None else How(body.how),
        )
        done = name_speaker(desk, recording, target, name, actor=actor, heard=body.heard)
    now = open_turns_by_id(desk, [turn.id]).turns[0].spoken_by
    return SpeakerFacts(
        speaker=now.name,
        named=now.named,
        confirmed_by=now.confirmed_by,
        turns=list(done.turn_ids),
        kept=list(done.kept),
        reasons=list(done.reasons),
    )


def _heard(request: Request, actor: str, body: Hearing) -> Model | Response:
    desk = desk_of(request)
    try:
        found = open_standing(desk, _id(request))
    except StaleTurn as stale:
        return _both(request, stale)
    shown = span_to_hear(
        desk, found.layer.recording_id, turn_ids=[_id(request)], layer_id=found.layer.id
    )
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    hear_span(desk, shown, actor=actor, now_utc=now, speaker=body.speaker, as_shown=body.as_shown)
    return _facts(open_turns_by_id(desk, [_id(request)]))[0]


def _history_of_layer(request: Request, _actor: str, _body: None) -> HistoryPage:
    return _page(request, layer_id=_id(request), turn_id=None)


def _history_of_turn(request: Request, _actor: str, _body: None) -> HistoryPage:
    return _page(request, layer_id=None, turn_id=_id(request))


def _page(request: Request, *, layer_id: int | None, turn_id: int | None) -> HistoryPage:
    found = read_history(
        desk_of(request), layer_id, turn_id=turn_id, before_id=number_asked(request, "before")
    )
    return HistoryPage(
        layer=found.layer.id,
        revisions=[RevisionFacts.of(one) for one in found.revisions],
        before=found.before,
    )


def _compare(request: Request, _actor: str, _body: None) -> ComparisonFacts:
    found = compare_revisions(desk_of(request), _id(request), number_asked(request, "with"))
    return ComparisonFacts(
        older=None if found.older is None else found.older.id,
        newer=found.newer.id,
        changes=[ChangeFacts(old=one.old, new=one.new, same=one.same) for one in found.changes],
    )


def _revert(request: Request, actor: str, body: Taking) -> Model | Response:
    return _write(
        request,
        lambda: revert_revision(desk_of(request), _id(request), actor=actor, reason=body.reason),
    )


def _undo(request: Request, actor: str, body: Undoing) -> Model | Response:
    return _write(
        request, lambda: undo(desk_of(request), _id(request), actor=actor, turn_id=body.turn)
    )


_E = Role.EDITOR
_BLOCKED = {409: "What came of it was changed since; the detail says by whom."}
API: tuple[Operation, ...] = (
    Operation(
        "GET", "/layers/{id:int}/turns", "Turns of a text, to edit.", _E, _list, answer=TurnList,
        query={"from": "Place of the first, from 0.", "limit": "At most so many, up to 200."},
    ),
    Operation("GET", "/turns/{id:int}", "One turn, to edit.", _E, _read, answer=TurnFacts),
    Operation(
        "PUT", "/turns/{id:int}", "Save a turn; the id is of the turn that was read.", _E, _save,
        body=Saving, answer=Saved, raises=_STALE,
    ),
    Operation(
        "POST", "/turns/{id:int}/split", "Divide a turn in two.", _E, _split,
        body=Splitting, answer=Saved, raises=_STALE,
    ),
    Operation(
        "POST", "/turns/{id:int}/merge", "Join a turn with the next one.", _E, _merge,
        body=Merging, answer=Saved, raises=_STALE,
    ),
    Operation(
        "POST", "/turns/{id:int}/marks", "Set a mark over words or at a caret.", _E, _mark,
        body=Marking, answer=Saved, raises=_STALE,
    ),
    Operation(
        "DELETE", "/turns/{id:int}/marks/{place:int}", "Take a mark away.", _E, _unmark,
        answer=Saved, raises=_STALE,
        query={"keep_words": "1: of words in brackets take only the brackets."},
    ),
    Operation(
        "GET", "/turns/{id:int}/speakers", "Who might speak here, and why.", _E, _suggest,
        answer=SuggestedNames,
    ),
    Operation(
        "POST", "/turns/{id:int}/speaker", "Name, confirm or forget who speaks.", _E, _speaker,
        body=SpeakerChange, answer=SpeakerFacts, raises=_STALE,
    ),
    Operation(
        "POST", "/turns/{id:int}/heard", "I listened: the words are as they stand.", _E, _heard,
        body=Hearing, answer=TurnFacts, raises=_STALE,
    ),
    Operation(
        "GET", "/layers/{id:int}/history", "What was done to a text, newest first.", _E,
        _history_of_layer, answer=HistoryPage, query={"before": "Only older revisions than this."},
    ),
    Operation(
        "GET", "/turns/{id:int}/history", "What led to a turn, newest first.", _E,
        _history_of_turn, answer=HistoryPage, query={"before": "Only older revisions than this."},
    ),
    Operation(
        "GET", "/revisions/{id:int}/comparison", "Two versions word by word.", _E, _compare,
        answer=ComparisonFacts, query={"with": "Another revision; else what stood before."},
    ),
    Operation(
        "POST", "/revisions/{id:int}/revert", "Take a revision back.", _E, _revert,
        body=Taking, answer=Saved, raises=_BLOCKED,
    ),
    Operation(
        "POST", "/layers/{id:int}/undo", "Take back your own newest change.", _E, _undo,
        body=Undoing, answer=Saved,
    ),
)  # fmt: skip
