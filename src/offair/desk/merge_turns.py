"""Join a turn with the next one: the same voice went on."""

from __future__ import annotations

from dataclasses import replace

from offair.desk import Desk
from offair.desk.attributed import newest_attributions
from offair.desk.turn_edit import (
    EditedTurns,
    check_side_by_side,
    keep_clips,
    note,
    turn_to_edit,
)
from offair.model.revising import RevisionKind
from offair.model.transcript import Attribution
from offair.text.divided import merge, separator


def merge_turns(
    desk: Desk, first_id: int, second_id: int, *, actor: str, reason: str | None = None
) -> EditedTurns:
    """One turn in the place of two neighbours, with the first one's speaker; with the second's
    where nobody is known for the first.

    A speaker who was confirmed for one of them only, or another for each, is to be confirmed anew.
    All sentences keep their ids. Clips print what they printed. Raises `NotFound` (no neighbours),
    `StaleTurn`, `BadInput` (said at the same time, only one of them with times, a clip that would
    print other words).
    """
    with desk.catalogue.transaction() as tx:
        layer, first = turn_to_edit(tx, first_id)
        other, second = turn_to_edit(tx, second_id)
        if other.id == layer.id:
            check_side_by_side(first, second)
        made = merge(first, second)
        keep_clips(tx, layer, [first, second], [made])
        moved = len(first.text) + len(separator(first.text, second.text))
        ranges = [
            (one.char_start + shift, one.char_end + shift)
            for turn, shift in ((first, 0), (second, moved))
            for one in tx.sentences([turn.id])
        ]
        known = newest_attributions(tx, layer, [first, second])
        speaks = first if first.id in known or first.label is not None else second
        revision = tx.replace_turns(
            [first.id, second.id], [made], [ranges], kind=RevisionKind.MERGE, actor=actor,
            reason=reason, speakers=[speaks.id],
        )  # fmt: skip
        if _unsure(known.get(first.id), known.get(second.id)):
            (made_id,) = (one.id for one in revision.after)
            given = known[first.id]
            tx.add_attributions([replace(given, turn_id=made_id, confirmed_by=None, heard=False)])
        note(tx, "merge_turns", layer, revision)
    return EditedTurns(layer, revision.after, revision)


def _unsure(first: Attribution | None, second: Attribution | None) -> bool:
    """Whether the first one's speaker was confirmed, and not as that of the second."""
    if first is None or first.confirmed_by is None:
        return False
    if second is None or second.confirmed_by is None:
        return True
    return (first.voice, first.author) != (second.voice, second.author)
