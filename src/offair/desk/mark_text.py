"""Set an editorial mark in a turn by hand, or take one away."""

from __future__ import annotations

from offair.desk import Desk
from offair.desk.turn_edit import EditedTurns, put_text, turn_to_edit
from offair.model.revising import RevisionKind
from offair.model.transcript import Layer, MarkKind, Turn
from offair.store import Transaction
from offair.text.marked import Marked, add_mark, remove_mark, unspoken, without_words
from offair.text.retime import retime


def mark_text(
    desk: Desk,
    turn_id: int,
    kind: MarkKind,
    start: int,
    end: int,
    printed: str = "",
    *,
    actor: str,
    reason: str | None = None,
) -> EditedTurns:
    """Set a mark over the characters `start:end` of a turn, or at a caret.

    See `offair.text.marked.add_mark` for what each kind does to the text. What an editor prints is
    no spoken word: it has no time, and is not held against the
    sound. Raises `NotFound`, `StaleTurn`, `BadInput`.
    """
    with desk.catalogue.transaction() as tx:
        layer, turn = turn_to_edit(tx, turn_id)
        made = add_mark(turn.text, turn.marks, kind, start, end, printed)
        return _put(tx, layer, turn, made, actor, reason)


def unmark_text(
    desk: Desk,
    turn_id: int,
    place: int,
    *,
    actor: str,
    keep_words: bool = False,
    reason: str | None = None,
) -> EditedTurns:
    """Take away the mark with this place among the turn's, from 0, with what it printed; of words
    put into brackets the brackets alone with `keep_words`. Raises as `mark_text`."""
    with desk.catalogue.transaction() as tx:
        layer, turn = turn_to_edit(tx, turn_id)
        made = remove_mark(turn.text, turn.marks, place, keep_words=keep_words)
        return _put(tx, layer, turn, made, actor, reason)


def _put(
    tx: Transaction, layer: Layer, turn: Turn, made: Marked, actor: str, reason: str | None
) -> EditedTurns:
    ranges = unspoken(made.text, made.marks)
    words = retime(turn.text, turn.words, made.text, turn.span, ranges)
    fresh = [one for one in made.marks if one not in turn.marks]
    words = without_words(words, unspoken(made.text, fresh))
    return put_text(
        tx, layer, turn, text=made.text, words=words, marks=made.marks, kind=RevisionKind.MARK,
        verb="mark_text", actor=actor, reason=reason,
    )  # fmt: skip
