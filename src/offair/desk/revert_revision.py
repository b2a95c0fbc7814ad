"""Take a change of turns back: one's own newest, or an older one that still stands."""

from __future__ import annotations

from offair.desk import Desk
from offair.desk.turn_edit import EditedTurns, note
from offair.model.errors import Conflict, NotFound
from offair.model.revising import Revision
from offair.store import Transaction


def revert_revision(
    desk: Desk, revision_id: int, *, actor: str, reason: str | None = None
) -> EditedTurns:
    """The turns of a revision as they were before it, to the byte. A revert can be reverted.

    Raises `NotFound`; `Conflict` where what came of it was changed since: the message says by
    which revision, which has to be taken back first.
    """
    with desk.catalogue.transaction() as tx:
        return _revert(tx, tx.revision(revision_id), actor, reason)


def undo(desk: Desk, layer_id: int, *, actor: str, turn_id: int | None = None) -> EditedTurns:
    """Take back the newest change that the actor made in a layer, or to one turn, and that still
    stands. Raises `NotFound` where there is none."""
    with desk.catalogue.transaction() as tx:
        layer = tx.layer(layer_id)
        newest = tx.newest_of(layer.id, actor, turn_id)
        if newest is None:
            where = f"layer {layer_id}" if turn_id is None else f"turn {turn_id}"
            raise NotFound(f"{actor} has changed nothing in {where} that could be taken back")
        return _revert(tx, newest, actor, None)


def _revert(tx: Transaction, revision: Revision, actor: str, reason: str | None) -> EditedTurns:
    layer = tx.layer(revision.layer_id)
    if not revision.standing:
        raise Conflict(_why_not(tx, revision))
    made = tx.revert_revision(revision.id, actor=actor, reason=reason)
    note(tx, "revert_revision", layer, made)
    return EditedTurns(layer, made.after, made)


def _why_not(tx: Transaction, revision: Revision) -> str:
    """What stands in the way, as a sentence."""
    later = [
        one
        for turn in revision.after
        for one in tx.revisions(revision.layer_id, turn_id=turn.id, limit=100_000)
        if one.id > revision.id
    ]
    if not later:
        return (
            f"revision {revision.id} was made by an earlier release, which did not note how to "
            "take it back; write the old words again"
        )
    newest = max(later, key=lambda one: one.id)
    if newest.undoes == revision.id:
        return f"revision {revision.id} was taken back already, by {newest.made_by}"
    return (
        f"revision {revision.id} cannot be taken back: {newest.made_by} changed its turns since "
        f"(revision {newest.id}, {newest.made_utc}); take that back first"
    )
