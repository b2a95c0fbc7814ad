"""Hold printed words against what was heard in one recording, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.evidence import chosen_layer
from offair.model.errors import BadInput
from offair.model.recording import Recording
from offair.model.time import Ms
from offair.model.transcript import Layer, Turn
from offair.text.difference import Difference, difference

LONGEST_QUOTATION = 20_000
"""Characters; longer printed text is an article, and is checked piece by piece."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Equal and differing words of a quotation, and where its best match stands.

    spoken: the text compared with, the turns' texts joined by line ends. at, until: media time of
    the first and last word matched, None where the words have no times. turn_ids: turns touched.
    """

    recording: Recording
    layer: Layer
    printed: str
    spoken: str
    difference: Difference
    at: Ms | None
    until: Ms | None
    turn_ids: tuple[int, ...]


def check_quote(
    desk: Desk, printed: str, recording_id: int, *, layer_id: int | None = None
) -> Comparison:
    """Align the printed words with the best place in one recording. No verdict.

    Raises `BadInput` where there is no word to compare, `NotFound` where the recording has no
    text yet.
    """
    if not printed.strip():
        raise BadInput("the quotation is empty; give the printed words in quotation marks")
    if len(printed) > LONGEST_QUOTATION:
        raise BadInput(
            f"the quotation has {len(printed)} characters; "
            f"check at most {LONGEST_QUOTATION} at once"
        )
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        layer = chosen_layer(tx, recording_id, layer_id)
        turns = tx.turns(layer.id)
    spoken = "\n".join(turn.text for turn in turns)
    found = difference(printed, spoken, language=layer.language)
    at, until, touched = _place(turns, found.window_chars)
    return Comparison(recording, layer, printed, spoken, found, at, until, touched)


def _place(
    turns: Sequence[Turn], window: tuple[int, int] | None
) -> tuple[Ms | None, Ms | None, tuple[int, ...]]:
    """Media time of the first and last word of a stretch of the joined text, and its turns."""
    if window is None:
        return None, None, ()
    starts: list[Ms] = []
    ends: list[Ms] = []
    touched, offset = [], 0
    for turn in turns:
        for word in turn.words:
            inside = word.char_start + offset < window[1] and word.char_end + offset > window[0]
            if inside and word.start is not None and word.end is not None:
                starts.append(word.start)
                ends.append(word.end)
        if offset < window[1] and offset + len(turn.text) > window[0]:
            touched.append(turn.id)
        offset += len(turn.text) + 1
    return min(starts, default=None), max(ends, default=None), tuple(touched)
