"""What the forms of a clip's page do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from starlette.requests import Request

from offair.desk import Desk
from offair.desk.change_clip_state import (
    change_clip_state,
    give_clip,
    set_hold,
    set_not_before,
)
from offair.desk.clip_queries import answer, ask
from offair.desk.clip_states import NEXT
from offair.desk.edit_clip import ClipChange, edit_clip
from offair.desk.prove import ClauseAt, confirm_proof, pass_clause
from offair.desk.publishing import Publishing
from offair.model.clip_work import ClauseKind, ClipState, EditionAct
from offair.model.errors import BadInput
from offair.model.people import Role
from offair.model.time import Span
from offair.web.clip_api import now_utc
from offair.web.language import marked
from offair.web.publish_api import order
from offair.web.view import desk_of
from offair.web.who import actor_of
from offair.web.wording import read_time

Form = Mapping[str, str]
KINDS = (
    marked("said"),
    marked("record fact"),
    marked("background"),
    marked("unsupported"),
    marked("to do"),
    marked("in hand"),
    marked("to second reader"),
    marked("queried"),
    marked("ready"),
    marked("published"),
    marked("withdrawn"),
    marked("removed"),
    marked("reports"),
    marked("adopts"),
    marked("disputes"),
)
"""Words of the model that the page shows; a test holds them together."""
_BETWEEN_RE = re.compile(r"\s*[-–—]\s*|\s+")
_BREAK_RE = re.compile(r"\n\s*\n")


def next_states(state: ClipState) -> tuple[str, ...]:
    """Where a clip can go by hand from here."""
    return tuple(one.value for one in NEXT[state])


def act(request: Request, clip_id: int, form: Form, actor: str) -> None:
    """Do what a form asks for. Raises what the verbs raise, `BadInput` where it asks for nothing
    known."""
    done = _ACTS.get(form.get("act", ""))
    if done is None:
        raise BadInput("the form does not say what to do; load the page again")
    done(request, clip_id, form, actor)


def _number(form: Form, name: str) -> int:
    text = form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadInput(f"the form does not say which {name} is meant; load the page again")
    return int(text)


def _save(request: Request, clip_id: int, form: Form, actor: str) -> None:
    """Headline, summary (paragraphs apart by an empty line), and spans where they were changed."""
    spans = read_spans(form["spans"]) if cut_anew(form) else None
    summary = [one for one in _BREAK_RE.split(form.get("summary", "").replace("\r", "")) if one]
    change = ClipChange(
        headline=form.get("headline", ""), summary=[" ".join(one.split()) for one in summary],
        spans=spans,
    )  # fmt: skip
    edit_clip(desk_of(request), clip_id, change, version=_number(form, "version"), actor=actor)


def cut_anew(form: Form) -> bool:
    """Whether the form has other spans than it came with: those that nobody touched may be somebody
    else's by now."""
    given, had = form.get("spans"), form.get("had_spans")
    return given is not None and (had is None or given.split() != had.split())


def read_spans(text: str) -> list[Span]:
    """Spans as a form gives them, one a line: `1:02.5 – 1:20`. Raises `BadInput`."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        parts = [one for one in _BETWEEN_RE.split(line.strip()) if one]
        if len(parts) != 2:
            raise BadInput(f"{line.strip()[:60]!r} is no span; write one a line, as 1:02.5 – 1:20")
        start, end = read_time(parts[0]), read_time(parts[1])
        if end <= start:
            raise BadInput(f"the span {line.strip()[:60]!r} ends before it begins")
        found.append(Span(start, end))
    return found


def _at(form: Form) -> ClauseAt:
    return ClauseAt(_number(form, "part"), _number(form, "start"), form.get("clause", ""))


def _confirm(request: Request, clip_id: int, form: Form, actor: str) -> None:
    kind = form.get("kind")
    if kind is not None and kind not in {one.value for one in ClauseKind}:
        raise BadInput("a clause is said, a fact of the record, background or unsupported")
    confirm_proof(
        desk_of(request), clip_id, _at(form), actor=actor, now_utc=now_utc(),
        kind=ClauseKind(kind) if kind else None, field=form.get("field") or None,
    )  # fmt: skip


def _pass(request: Request, clip_id: int, form: Form, actor: str) -> None:
    pass_clause(
        desk_of(request), clip_id, _at(form), form.get("why", ""), actor=actor, now_utc=now_utc()
    )


def _state(request: Request, clip_id: int, form: Form, actor: str) -> None:
    wanted = form.get("state", "")
    if wanted not in {one.value for one in ClipState}:
        raise BadInput("choose the state that the clip is to have")
    state, desk = ClipState(wanted), desk_of(request)
    change_clip_state(
        desk, clip_id, state, actor=actor, version=_number(form, "version"),
        second_reader_required=desk.second_reader_required,
    )  # fmt: skip


def _owner(request: Request, clip_id: int, form: Form, actor: str) -> None:
    give_clip(desk_of(request), clip_id, form.get("owner", "").strip() or None, actor=actor)


def _hold(request: Request, clip_id: int, form: Form, actor: str) -> None:
    why = form.get("hold", "").strip()
    if not why:
        actor_of(request, Role.PUBLISHER)
    set_hold(desk_of(request), clip_id, why or None, actor=actor)


def _not_before(request: Request, clip_id: int, form: Form, actor: str) -> None:
    when = form.get("not_before", "").strip()
    if not when:
        actor_of(request, Role.PUBLISHER)
    set_not_before(desk_of(request), clip_id, when or None, actor=actor)


def _ask(request: Request, clip_id: int, form: Form, actor: str) -> None:
    desk: Desk = desk_of(request)
    words = form.get("words", "").strip()
    turn, start, end = None, 0, 0
    if words:
        turn, start, end = _words_at(desk, clip_id, words)
    ask(
        desk, clip_id, form.get("text", ""), turn_id=turn, char_start=start, char_end=end,
        actor=actor,
    )  # fmt: skip


def _words_at(desk: Desk, clip_id: int, words: str) -> tuple[int, int, int]:
    """Where words stand that a query is pinned to. Raises `BadInput` where they stand nowhere in
    the clip, or in two places."""
    with desk.catalogue.snapshot() as tx:
        clip = tx.clip(clip_id)
        turns = (
            [one for span in clip.spans for one in tx.turns(clip.layer_id or 0, span=span)]
            if clip.spans
            else tx.turns_by_id(clip.turn_ids)
        )
    found = [
        (one.id, at, at + len(words))
        for one in turns
        for at in range(len(one.text))
        if one.text.startswith(words, at)
    ]
    if not found:
        raise BadInput(f"“{words[:80]}” does not stand in the clip; copy the words as they stand")
    if len(found) > 1:
        raise BadInput(f"“{words[:80]}” stands there {len(found)} times; copy more of the words")
    return found[0]


def _answer(request: Request, clip_id: int, form: Form, actor: str) -> None:
    answer(desk_of(request), clip_id, _number(form, "query"), form.get("text", ""), actor=actor)


def _publish(request: Request, clip_id: int, form: Form, actor: str) -> None:
    actor_of(request, Role.PUBLISHER)
    kind = form.get("kind", "")
    if kind not in ("", "publish", "tidy", "correct"):
        raise BadInput("a record is published, tidied or corrected")
    how = Publishing(
        EditionAct(kind) if kind else None, form.get("note") or None, form.get("said") or None,
        form.get("says") or None, form.get("override") or None, _number(form, "version"),
    )  # fmt: skip
    order(request, clip_id, how, actor)


_ACTS: Mapping[str, Callable[[Request, int, Form, str], None]] = {
    "save": _save,
    "confirm": _confirm,
    "pass": _pass,
    "state": _state,
    "owner": _owner,
    "hold": _hold,
    "not before": _not_before,
    "ask": _ask,
    "answer": _answer,
    "publish": _publish,
}
