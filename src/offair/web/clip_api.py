"""Operations of clips before they are published: drafts, edits, states, queries, proofs, stops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from offair.desk import Desk
from offair.desk.change_clip_state import (
    change_clip_state,
    give_clip,
    set_hold,
    set_not_before,
)
from offair.desk.clip import clip
from offair.desk.clip_queries import answer, ask, read_queries
from offair.desk.clip_stops import clip_stops
from offair.desk.edit_clip import StaleClip, edit_clip
from offair.desk.find_overlaps import find_overlaps, overlaps_of
from offair.desk.list_clips import list_clips, show_clip
from offair.desk.preview_clip import preview_clip
from offair.desk.prove import ClauseAt, confirm_proof, pass_clause, propose_proofs, read_proofs
from offair.desk.words_to_spans import words_to_spans
from offair.model.clip_work import ClipState
from offair.model.errors import BadInput
from offair.model.people import Role
from offair.model.time import Span
from offair.web.api import Operation
from offair.web.clip_models import (
    Answer,
    Asked,
    ClauseOf,
    ClipFacts,
    ClipList,
    Confirmation,
    Cutting,
    Edit,
    Edited,
    Hold,
    ListedFacts,
    NewClip,
    NewState,
    NotBefore,
    OverlapFacts,
    Owner,
    Passing,
    ProofFacts,
    ProofList,
    QueryFacts,
    Question,
    ReportedFacts,
    ShownRecord,
    SpanFacts,
    StopFacts,
    WholeClip,
    WordRanges,
    WorkFacts,
)
from offair.web.language import _
from offair.web.view import desk_of, number_asked, problem
from offair.web.who import actor_of

_PAGE = 50


def now_utc() -> str:
    """This moment in UTC, ISO 8601 with `Z`."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _id(request: Request) -> int:
    found: int = request.path_params["id"]
    return found


def _state(text: str | None) -> ClipState | None:
    if not text:
        return None
    try:
        return ClipState(text)
    except ValueError as error:
        known = ", ".join(one.value for one in ClipState)
        raise BadInput(f"{text[:40]!r} is no state of a clip; it is one of: {known}") from error


def _spans(given: Sequence[SpanFacts]) -> list[Span]:
    """Spans as the desk takes them. Raises `BadInput` where one runs backwards."""
    for one in given:
        if one.end_ms < one.start_ms:
            raise BadInput(f"the span from {one.start_ms} to {one.end_ms} ms runs backwards")
    return [Span(one.start_ms, one.end_ms) for one in given]


def _list(request: Request, _actor: str, _body: None) -> ClipList:
    found = list_clips(
        desk_of(request),
        state=_state(request.query_params.get("state")),
        owner=request.query_params.get("owner") or None,
        limit=_PAGE,
        before_id=number_asked(request, "before"),
    )
    return ClipList(
        clips=[ListedFacts.of(one) for one in found],
        before=found[-1].clip.id if len(found) == _PAGE else None,
    )


def _read(request: Request, _actor: str, _body: None) -> WholeClip:
    return whole_clip(desk_of(request), _id(request))


def whole_clip(desk: Desk, clip_id: int) -> WholeClip:
    """A clip with all that is known of it. Raises `NotFound`."""
    shown = show_clip(desk, clip_id)
    proofs = read_proofs(desk, clip_id)
    required = desk.second_reader_required
    stops = clip_stops(desk, clip_id, now_utc=now_utc(), second_reader_required=required)
    return WholeClip(
        clip=ClipFacts.of(shown.clip),
        work=WorkFacts.of(shown.work),
        title=shown.recording.title,
        queries=[QueryFacts.of(one) for one in read_queries(desk, clip_id)],
        proofs=[ProofFacts.of(one) for one in proofs.proofs],
        reported=[ReportedFacts.of(one) for one in proofs.reported],
        stops=[StopFacts.of(one) for one in stops],
        overlaps=[OverlapFacts.of(one) for one in find_overlaps(desk, clip_id)],
    )


def _preview(request: Request, actor: str, _body: None) -> ShownRecord:
    shown = preview_clip(desk_of(request), _id(request), actor=actor, now_utc=now_utc())
    return ShownRecord(text=shown.text, html=shown.html)


def _cut(request: Request, _actor: str, body: WordRanges) -> Cutting:
    desk, recording = desk_of(request), _id(request)
    spans = words_to_spans(desk, recording, body.layer, [one.selection for one in body.words])
    found = overlaps_of(desk, recording, spans=spans, layer_id=body.layer)
    return Cutting(
        spans=[SpanFacts.of(one) for one in spans], overlaps=[OverlapFacts.of(one) for one in found]
    )


def _draft(request: Request, actor: str, body: NewClip) -> ClipFacts:
    desk, recording = desk_of(request), _id(request)
    spans: Sequence[Span] = _spans(body.spans)
    if body.words:
        if body.spans or body.turns or body.layer is None:
            raise BadInput("words are selected in a layer; name it, and give no spans or turns")
        spans = words_to_spans(desk, recording, body.layer, [one.selection for one in body.words])
    made = clip(
        desk, recording, spans=spans, turn_ids=body.turns, layer_id=body.layer,
        headline=body.headline, summary=body.summary, actor=actor,
    )  # fmt: skip
    return ClipFacts.of(made)


def _edit(request: Request, actor: str, body: Edit) -> Edited | Response:
    if body.spans is not None:
        _spans(body.spans)
    try:
        made = edit_clip(
            desk_of(request), _id(request), body.change, version=body.version, actor=actor
        )
    except StaleClip as stale:
        return problem(
            request,
            409,
            _("Somebody was here before you"),
            f"{str(stale)[:1].upper()}{str(stale)[1:]}.",
            clip=ClipFacts.of(stale.clip).model_dump(mode="json"),
            work=WorkFacts.of(stale.work).model_dump(mode="json"),
            yours=body.model_dump(mode="json"),
        )
    return Edited(
        clip=ClipFacts.of(made.clip),
        work=WorkFacts.of(made.work),
        proofs=[ProofFacts.of(one) for one in made.proofs],
        notes=list(made.notes),
    )


def _set_state(request: Request, actor: str, body: NewState) -> WorkFacts:
    if body.state is ClipState.READY:
        actor_of(request, Role.PUBLISHER)
        if body.version is None:
            raise BadInput("say which version of the clip you read (`version`)")
    work = change_clip_state(
        desk_of(request), _id(request), body.state, actor=actor, version=body.version,
        second_reader_required=desk_of(request).second_reader_required,
    )  # fmt: skip
    return WorkFacts.of(work)


def _give(request: Request, actor: str, body: Owner) -> WorkFacts:
    return WorkFacts.of(give_clip(desk_of(request), _id(request), body.owner, actor=actor))


def _not_before(request: Request, actor: str, body: NotBefore) -> WorkFacts:
    if body.not_before is None:
        actor_of(request, Role.PUBLISHER)
    return WorkFacts.of(
        set_not_before(desk_of(request), _id(request), body.not_before, actor=actor)
    )


def _hold(request: Request, actor: str, body: Hold) -> WorkFacts:
    if body.hold is None:
        actor_of(request, Role.PUBLISHER)
    return WorkFacts.of(set_hold(desk_of(request), _id(request), body.hold, actor=actor))


def _ask(request: Request, actor: str, body: Question) -> Asked:
    query, work = ask(
        desk_of(request), _id(request), body.text, turn_id=body.turn, char_start=body.start,
        char_end=body.end, actor=actor,
    )  # fmt: skip
    return Asked(query=QueryFacts.of(query), work=WorkFacts.of(work))


def _answer(request: Request, actor: str, body: Answer) -> Asked:
    query, work = answer(
        desk_of(request), _id(request), request.path_params["query"], body.text, actor=actor
    )
    return Asked(query=QueryFacts.of(query), work=WorkFacts.of(work))


def _propose(request: Request, actor: str, _body: None) -> ProofList:
    found = propose_proofs(desk_of(request), _id(request), actor=actor)
    return ProofList(proofs=[ProofFacts.of(one) for one in found])


def _clause(body: ClauseOf) -> ClauseAt:
    return ClauseAt(body.part, body.start, body.clause)


def _confirm(request: Request, actor: str, body: Confirmation) -> ProofFacts:
    links = None if body.links is None else [one.link for one in body.links]
    proof = confirm_proof(
        desk_of(request), _id(request), _clause(body), actor=actor, now_utc=now_utc(),
        kind=body.kind, links=links, field=body.field, own_words=body.own_words,
    )  # fmt: skip
    return ProofFacts.of(proof)


def _pass(request: Request, actor: str, body: Passing) -> ProofFacts:
    proof = pass_clause(
        desk_of(request), _id(request), _clause(body), body.why, actor=actor, now_utc=now_utc()
    )
    return ProofFacts.of(proof)


_CHANGED = {409: "Somebody changed it meanwhile, or it cannot be done as the clip stands."}
_STALE = {409: "Somebody changed the clip meanwhile; `clip` and `work` are theirs, `yours` yours."}

API = (
    Operation(
        "GET", "/clips", "Clips with how they are worked on, the newest first.", Role.EDITOR, _list,
        answer=ClipList, query={"state": "Only those in this state.", "owner": "Only hers or his.",
                                "before": "Those older than the clip of this number."},
    ),
    Operation(
        "GET", "/clips/{id:int}", "A clip with its work, queries, proofs, stops and overlaps.",
        Role.EDITOR, _read, answer=WholeClip,
    ),
    Operation(
        "PATCH", "/clips/{id:int}", "Change headline, summary, spans or layer of a clip.",
        Role.EDITOR, _edit, body=Edit, answer=Edited, raises=_STALE,
    ),
    Operation(
        "GET", "/clips/{id:int}/preview", "The record of a clip as it would be printed now.",
        Role.EDITOR, _preview, answer=ShownRecord,
    ),
    Operation(
        "PUT", "/clips/{id:int}/state", "Put a clip into another state; `ready` is a publisher's.",
        Role.EDITOR, _set_state, body=NewState, answer=WorkFacts, raises=_CHANGED,
    ),
    Operation(
        "PUT", "/clips/{id:int}/owner", "Give a clip to somebody, or to nobody.",
        Role.EDITOR, _give, body=Owner, answer=WorkFacts, raises=_CHANGED,
    ),
    Operation(
        "PUT", "/clips/{id:int}/not-before", "Set, or as a publisher lift, an embargo.",
        Role.EDITOR, _not_before, body=NotBefore, answer=WorkFacts, raises=_CHANGED,
    ),
    Operation(
        "PUT", "/clips/{id:int}/hold", "Hold a clip back, or as a publisher let it go.",
        Role.EDITOR, _hold, body=Hold, answer=WorkFacts, raises=_CHANGED,
    ),
    Operation(
        "POST", "/clips/{id:int}/queries", "Ask something of words of a clip.",
        Role.EDITOR, _ask, body=Question, answer=Asked, status=201,
    ),
    Operation(
        "POST", "/clips/{id:int}/queries/{query:int}/answer", "Answer a query.",
        Role.EDITOR, _answer, body=Answer, answer=Asked, raises=_CHANGED,
    ),
    Operation(
        "POST", "/clips/{id:int}/proofs", "Keep what is proposed for each clause now.",
        Role.EDITOR, _propose, answer=ProofList,
    ),
    Operation(
        "POST", "/clips/{id:int}/proofs/confirm", "Confirm, or say, what a clause rests on.",
        Role.EDITOR, _confirm, body=Confirmation, answer=ProofFacts, raises=_CHANGED,
    ),
    Operation(
        "POST", "/clips/{id:int}/proofs/pass", "Let an unsupported clause stand, with a reason.",
        Role.EDITOR, _pass, body=Passing, answer=ProofFacts, raises=_CHANGED,
    ),
    Operation(
        "POST", "/recordings/{id:int}/spans", "Selected words as spans of media time.",
        Role.EDITOR, _cut, body=WordRanges, answer=Cutting,
    ),
    Operation(
        "POST", "/recordings/{id:int}/clips", "Draft a clip.",
        Role.EDITOR, _draft, body=NewClip, answer=ClipFacts, status=201,
    ),
)  # fmt: skip
