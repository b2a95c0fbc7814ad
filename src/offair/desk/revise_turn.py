"""Put a person's text in the place of one turn's: words that stay keep their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from offair.desk import Desk
from offair.desk.turn_edit import EditedTurns, StaleTurn, clean_text, put_text, turn_to_edit
from offair.model.errors import BadInput
from offair.model.revising import RevisionKind
from offair.model.transcript import Mark, Turn
from offair.text.marked import LONGEST_PRINTED, shifted, unspoken
from offair.text.retime import retime


def revise_turn(
    desk: Desk,
    turn_id: int,
    text: str,
    *,
    actor: str,
    marks: Sequence[Mark] | None = None,
    reason: str | None = None,
) -> EditedTurns:
    """Save a turn as it was edited. turn_id: as it was read; marks: those of the new text, by
    default the old ones where they stand now.

    Sentences, marks and heard words that did not change stay what they are; translations of a
    changed sentence are stale from then on. Clips print the new words. Saving what stands there
    already changes nothing, also where it was saved by the same person just before. Raises
    `NotFound`, `BadInput` (control characters, too long, a mark outside the text), `StaleTurn`.
    """
    with desk.catalogue.transaction() as tx:
        new = text if text == tx.turns_by_id([turn_id])[0].text else clean_text(text)
        try:
            layer, turn = turn_to_edit(tx, turn_id)
        except StaleTurn as stale:
            if _saved_before(stale, new, marks, actor):
                return EditedTurns(tx.turn_layer(turn_id), stale.now, None)
            raise
        kept = shifted(turn.marks, turn.text, new) if marks is None else _given(marks, new, turn)
        if (new, kept) == (turn.text, turn.marks):
            return EditedTurns(layer, (turn,), None)
        words = retime(turn.text, turn.words, new, turn.span, unspoken(new, kept))
        return put_text(
            tx, layer, turn, text=new, words=words, marks=kept, kind=RevisionKind.EDIT,
            verb="revise_turn", actor=actor, reason=reason,
        )  # fmt: skip


def _saved_before(stale: StaleTurn, text: str, marks: Sequence[Mark] | None, actor: str) -> bool:
    """Whether this very save was made already: its answer was lost on the way."""
    if len(stale.now) != 1 or stale.by.made_by != actor or stale.now[0].text != text:
        return False
    return marks is None or tuple(marks) == stale.now[0].marks


def _given(marks: Sequence[Mark], text: str, turn: Turn) -> tuple[Mark, ...]:
    """The marks that came with a text. A new one says what it prints, and nothing else."""
    known = {(one.kind, one.text) for one in turn.marks}
    found = []
    for one in marks:
        if not 0 <= one.char_start <= one.char_end <= len(text):
            raise BadInput(
                f"a mark stands at characters {one.char_start} to {one.char_end} of a text of "
                f"{len(text)}; set it again"
            )
        fresh = (one.kind, one.text) not in known
        if fresh and one.char_start < one.char_end:
            found.append(replace(one, text=text[one.char_start : one.char_end]))
            continue
        if fresh and (len(one.text) > LONGEST_PRINTED or not one.text.isprintable()):
            raise BadInput(
                f"a mark prints plain text of at most {LONGEST_PRINTED} characters; write it anew"
            )
        found.append(one)
    return tuple(found)
