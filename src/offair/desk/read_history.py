"""Who changed what in a text, and when; two versions of it word by word. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.model.errors import BadInput
from offair.model.revising import Revision
from offair.model.transcript import Layer, Turn
from offair.text.word_changes import Change, word_changes

MOST = 200
"""Revisions on a page."""


@dataclass(frozen=True, slots=True)
class History:
    """A page of what was done, newest first. before: id to ask for older ones with, None where
    there are none."""

    layer: Layer
    revisions: tuple[Revision, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of the same turns. older, newer: the revisions whose words are compared; None
    for what stood before the first."""

    older: Revision | None
    newer: Revision
    changes: tuple[Change, ...]


def read_history(
    desk: Desk,
    layer_id: int | None = None,
    *,
    turn_id: int | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> History:
    """What was done to a layer, or to what stands in the place of a turn, through splits and
    merges. Raises `NotFound`, `BadInput` (neither is named, or the limit is none)."""
    if not 1 <= limit <= MOST:
        raise BadInput(f"a page of history has 1 to {MOST} entries, not {limit}")
    with desk.catalogue.snapshot() as tx:
        if layer_id is not None:
            layer = tx.layer(layer_id)
        elif turn_id is not None:
            layer = tx.turn_layer(turn_id)
        else:
            raise BadInput("name the layer or the turn whose history is asked for")
        found = tx.revisions(layer.id, turn_id=turn_id, before_id=before_id, limit=limit + 1)
    return History(layer, tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def compare_revisions(desk: Desk, revision_id: int, other_id: int | None = None) -> Comparison:
    """The words that came of a revision beside those that came of another one of the same turns;
    without another, beside those it replaced. Raises `NotFound`, `BadInput` (other turns)."""
    with desk.catalogue.snapshot() as tx:
        one = tx.revision(revision_id)
        if other_id is None or other_id == revision_id:
            return Comparison(None, one, word_changes(_text(one.before), _text(one.after)))
        other = tx.revision(other_id)
        older, newer = sorted((one, other), key=lambda each: each.id)
        chain = (
            tx.revisions(newer.layer_id, turn_id=newer.after[0].id, limit=100_000)
            if older.layer_id == newer.layer_id
            else ()
        )
    if older.id not in {each.id for each in chain}:
        raise BadInput(
            f"revisions {older.id} and {newer.id} are of other turns; compare two of one turn"
        )
    return Comparison(older, newer, word_changes(_text(older.after), _text(newer.after)))


def _text(turns: Sequence[Turn]) -> str:
    return "\n".join(one.text for one in turns)
