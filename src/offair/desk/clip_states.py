"""The states of a clip: which follows which, and what an edit or a query does to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from offair.model.clip_work import ClipState, ClipWork, Stop, StopKind
from offair.model.errors import Refused
from offair.store import Transaction

_S = ClipState
NEXT: Mapping[ClipState, tuple[ClipState, ...]] = {
    _S.TO_DO: (_S.IN_HAND,),
    _S.IN_HAND: (_S.TO_SECOND_READER, _S.READY, _S.TO_DO),
    _S.TO_SECOND_READER: (_S.READY, _S.QUERIED, _S.IN_HAND),
    _S.QUERIED: (_S.IN_HAND, _S.TO_SECOND_READER, _S.READY),
    _S.READY: (_S.IN_HAND, _S.QUERIED),
    _S.PUBLISHED: (_S.IN_HAND,),
    _S.WITHDRAWN: (),
    _S.REMOVED: (),
}
"""Where a clip can go by hand from each state. Publishing and the acts after it set the rest."""
ENDED = (_S.WITHDRAWN, _S.REMOVED)
SET_STATE = "change_clip_state"
"""The verb under which the log keeps changes of state."""


def refuse_ended(work: ClipWork) -> None:
    """Raises `Refused` where nothing of a clip may be changed any more."""
    if work.state in ENDED:
        raise Refused(
            f"clip {work.clip_id} is {work.state.value}; nothing of it can be changed any more"
        )


def after_edit(work: ClipWork, actor: str) -> tuple[ClipWork, tuple[str, ...]]:
    """How a clip is worked on after somebody edited it, its version one further; and what that did,
    as sentences. Nobody has read it for a second time any more."""
    refuse_ended(work)
    notes = []
    changed = replace(work, version=work.version + 1, owner=work.owner or actor)
    if work.read_by is not None:
        notes.append(f"{work.read_by} read it before this edit, so it needs a second reader again")
        changed = replace(changed, read_by=None)
    if work.state in (_S.READY, _S.PUBLISHED):
        notes.append(f"it was {work.state.value}, and is in hand again")
        changed = replace(changed, state=_S.IN_HAND)
    elif work.state is _S.TO_DO:
        changed = replace(changed, state=_S.IN_HAND)
    return changed, tuple(notes)


def set_state(
    tx: Transaction, work: ClipWork, state: ClipState, *, actor: str, **detail: str | int | None
) -> ClipWork:
    """Write another state, and a line of the log. detail: what the line says besides. Raises
    `NotFound`, `Conflict`."""
    saved = tx.save_clip_work(replace(work, state=state), version=work.version, actor=actor)
    tx.note_act(
        actor, SET_STATE, "clip", work.clip_id, before=work.state.value, after=state.value, **detail
    )
    return saved


def set_published(
    tx: Transaction, clip_id: int, *, actor: str, passed: Sequence[Stop] = ()
) -> ClipWork:
    """What publishing an edition does to how a clip is worked on, in the same transaction, whose
    line in the log says that it is published. passed: a hold or an embargo that was passed is over.
    Raises `NotFound`."""
    work = tx.clip_work(clip_id)
    published = replace(work, state=_S.PUBLISHED)
    kinds = {one.kind for one in passed}
    if StopKind.HOLD in kinds:
        published = replace(published, hold=None, hold_by=None)
    if StopKind.NOT_BEFORE in kinds:
        published = replace(published, not_before=None)
    return tx.save_clip_work(published, version=work.version, actor=actor)


def second_reader_of(
    work: ClipWork, made_by: str, translators: Sequence[str], actor: str
) -> str | None:
    """Why somebody may not be the second reader of a clip, as a sentence; None where he or she
    may. made_by: who drafted it."""
    owner = work.owner or made_by
    if _same(actor, owner):
        return f"{actor} has clip {work.clip_id} in hand; the second reader is somebody else"
    if any(_same(actor, one) for one in translators):
        return f"{actor} translated words of clip {work.clip_id}; the second reader did not"
    return None


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
