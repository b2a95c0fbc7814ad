"""Divide a turn in two, at a character: another voice begins there, or a new thought."""

from __future__ import annotations

from offair.desk import Desk
from offair.desk.turn_edit import EditedTurns, keep_clips, note, turn_to_edit
from offair.model.revising import RevisionKind
from offair.text.divided import cut_ranges, split


def split_turn(
    desk: Desk, turn_id: int, at: int, *, actor: str, reason: str | None = None
) -> EditedTurns:
    """Two turns in the place of one, cut before character `at`; both have its speaker.

    A sentence that the cut does not go through keeps its id. Clips print what they printed. Raises
    `NotFound`, `StaleTurn`, `BadInput` (no words on one side, inside a word or a mark, a clip that
    would print other words).
    """
    with desk.catalogue.transaction() as tx:
        layer, turn = turn_to_edit(tx, turn_id)
        parts = split(turn, at)
        keep_clips(tx, layer, [turn], parts)
        old = [(one.char_start, one.char_end) for one in tx.sentences([turn.id])]
        revision = tx.replace_turns(
            [turn.id], parts, cut_ranges(old, turn.text, at), kind=RevisionKind.SPLIT,
            actor=actor, reason=reason,
        )  # fmt: skip
        note(tx, "split_turn", layer, revision)
    return EditedTurns(layer, revision.after, revision)
