"""Words that an editor selects, as spans of media time: what a clip is cut by."""

from __future__ import annotations

from collections.abc import Sequence

from offair.desk import Desk
from offair.model.errors import BadInput
from offair.model.time import Span
from offair.store import Transaction
from offair.text.word_spans import Selection, in_order, span_of

_BESIDE = 2
"""Turns on each side that are looked at, so that no word of theirs is cut into."""


def words_to_spans(
    desk: Desk, recording_id: int, layer_id: int, selections: Sequence[Selection]
) -> tuple[Span, ...]:
    """The spans of these selections in order, those that touch joined.

    A margin of silence is kept on both sides where there is some; no neighbouring word is cut into.
    Raises `NotFound`, `BadInput` where a selection is empty, runs backwards, is of another layer,
    or none of its words has a time.
    """
    if not selections:
        raise BadInput("no words were selected; select those that the clip is to have")
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        if tx.layer(layer_id).recording_id != recording_id:
            raise BadInput(f"layer {layer_id} is no text of recording {recording_id}")
        duration = recording.media.duration_ms if recording.media is not None else None
        spans = [_span(tx, layer_id, one) for one in selections]
    if duration is not None:
        spans = [Span(min(one.start, duration), min(one.end, duration)) for one in spans]
    if any(one.length == 0 for one in spans):
        raise BadInput("the selected words lie after the end of the recording; hear it again")
    return in_order(spans)


def _span(tx: Transaction, layer_id: int, selection: Selection) -> Span:
    first = tx.turns_around(selection.first, before=_BESIDE, after=0)
    last = tx.turns_around(selection.last, before=0, after=_BESIDE)
    standing = {turn.id: turn for turn in (*first, *last)}
    if selection.first not in standing or selection.last not in standing:
        raise BadInput("a turn of the selection was revised meanwhile; select its words again")
    begin, end = standing[selection.first], standing[selection.last]
    backwards = begin.ordinal > end.ordinal or (
        begin.id == end.id and selection.char_start >= selection.char_end
    )
    if backwards or selection.char_start < 0 or selection.char_end > len(end.text):
        raise BadInput(
            f"characters {selection.char_start} to {selection.char_end} of turns {begin.id} and "
            f"{end.id} are no words; select from the first word to the last"
        )
    between = tx.turns(
        layer_id, offset=first[0].ordinal, limit=last[-1].ordinal - first[0].ordinal + 1
    )
    ids = [turn.id for turn in between]
    if begin.id not in ids or end.id not in ids:
        raise BadInput(f"the selected words are of another text than layer {layer_id}")
    span = span_of(between, selection)
    if span is None:
        raise BadInput(
            "none of the selected words has a time; give the clip's span by time instead"
        )
    return span
