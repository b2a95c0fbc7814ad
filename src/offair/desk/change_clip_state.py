"""Move a clip through its states: owner, second reader, not before, hold. Every step is logged."""

from __future__ import annotations

from dataclasses import replace

from offair.desk import Desk
from offair.desk.clip_ground import clip_text, revised_by
from offair.desk.clip_states import NEXT, SET_STATE, refuse_ended, second_reader_of, set_state
from offair.desk.publication_stops import instant
from offair.model.clip_work import ClipState, ClipWork
from offair.model.errors import BadInput, Conflict, Refused
from offair.store import Transaction

LONGEST_REASON = 2_000


def change_clip_state(
    desk: Desk,
    clip_id: int,
    state: ClipState,
    *,
    actor: str,
    version: int | None = None,
    second_reader_required: bool = False,
) -> ClipWork:
    """Put a clip into another state.

    Who takes a clip nobody has in hand is its owner. Who says that it is ready, and neither has it
    in hand nor translated words of it, is its second reader; where one is required nobody else may
    say so. version: of the draft that was read, to be given with `ready`. Raises `NotFound`,
    `Conflict` (it cannot go there from where it stands; another version), `Refused` (withdrawn or
    removed; an open query; not the second reader).
    """
    with desk.catalogue.transaction() as tx:
        work = tx.clip_work(clip_id)
        refuse_ended(work)
        if state not in NEXT[work.state]:
            allowed = " or ".join(one.value for one in NEXT[work.state])
            raise Conflict(
                f"clip {clip_id} is {work.state.value}, and cannot become {state.value}; it can "
                f"become {allowed}"
            )
        if version is not None and version != work.version:
            raise Conflict(
                f"clip {clip_id} was changed by {work.changed_by} since you read it; read it again"
            )
        if state is ClipState.READY:
            return _ready(tx, work, actor, required=second_reader_required)
        if state is ClipState.IN_HAND and work.owner is None:
            work = replace(work, owner=actor)
        if state is ClipState.TO_DO:
            work = replace(work, owner=None)
        return set_state(tx, work, state, actor=actor, owner=work.owner)


def _ready(tx: Transaction, work: ClipWork, actor: str, *, required: bool) -> ClipWork:
    if tx.open_clip_queries([work.clip_id]):
        raise Refused(
            f"clip {work.clip_id} has queries that nobody has answered; answer them first"
        )
    text = clip_text(tx, work.clip_id)
    why = second_reader_of(work, text.clip.made_by, revised_by(text), actor)
    if why is not None and required:
        raise Refused(why)
    read = replace(work, read_by=actor if why is None else None)
    return set_state(
        tx, read, ClipState.READY, actor=actor, read_by=read.read_by, version=work.version,
        fingerprint=text.fingerprint,
    )  # fmt: skip


def give_clip(desk: Desk, clip_id: int, owner: str | None, *, actor: str) -> ClipWork:
    """Give a clip to somebody, or to nobody (None). Raises `NotFound`, `Refused`."""
    name = (owner or "").strip() or None
    return _kept(desk, clip_id, actor, "owner", owner=name)


def set_not_before(desk: Desk, clip_id: int, when: str | None, *, actor: str) -> ClipWork:
    """Keep a clip from being published before a moment (ISO 8601; without a zone it is UTC), or
    lift that (None). Raises `NotFound`, `BadInput`, `Refused`."""
    if when is None or not when.strip():
        return _kept(desk, clip_id, actor, "not before", not_before=None)
    try:
        moment = instant(when.strip())
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"{when[:40]!r} is no moment; write it as 2026-05-14T18:00 or 2026-05-14T18:00Z"
        ) from error
    text = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return _kept(desk, clip_id, actor, "not before", not_before=text)


def set_hold(desk: Desk, clip_id: int, why: str | None, *, actor: str) -> ClipWork:
    """Hold a clip back, with a reason, or let it go (None). Raises `NotFound`, `BadInput`,
    `Refused`."""
    if why is None:
        return _kept(desk, clip_id, actor, "hold", hold=None, hold_by=None)
    reason = " ".join(why.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise BadInput(f"say in 1 to {LONGEST_REASON:,} characters why it is held")
    return _kept(desk, clip_id, actor, "hold", hold=reason, hold_by=actor)


def _kept(desk: Desk, clip_id: int, actor: str, what: str, **fields: str | None) -> ClipWork:
    with desk.catalogue.transaction() as tx:
        work = tx.clip_work(clip_id)
        refuse_ended(work)
        changed = ClipWork(
            clip_id=clip_id,
            state=work.state,
            owner=fields.get("owner", work.owner),
            version=work.version,
            not_before=fields.get("not_before", work.not_before),
            hold=fields.get("hold", work.hold),
            hold_by=fields.get("hold_by", work.hold_by),
            read_by=work.read_by,
        )
        saved = tx.save_clip_work(changed, version=work.version, actor=actor)
        tx.note_act(actor, SET_STATE, "clip", clip_id, what=what, **fields)
    return saved
