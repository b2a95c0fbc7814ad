"""One text of a recording beside another at the same time: captions beside the speech."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.evidence import chosen_layer
from offair.model.errors import BadInput, NotFound
from offair.model.time import Ms, Span
from offair.model.transcript import Layer, Turn
from offair.model.words import NO_TIME

_FOREVER: Ms = 1 << 52


@dataclass(frozen=True, slots=True)
class Beside:
    """Another text, cut at moments of media time. parts: one for each moment, empty where nothing
    was said until the next one."""

    layer: Layer
    parts: tuple[str, ...]


def show_beside(
    desk: Desk, recording_id: int, layer_id: int, moments: Sequence[Ms], end: Ms | None
) -> Beside:
    """The words of a layer from each moment to the next, by its own word times.

    moments: not falling. end: where the last part ends, None for the end of the text. What was
    said before the first moment is left out. A turn whose words have no times goes whole where it
    begins. Raises `NotFound` where the layer is another recording's.
    """
    with desk.catalogue.snapshot() as tx:
        tx.recording(recording_id)
        try:
            layer = chosen_layer(tx, recording_id, layer_id)
        except BadInput as error:
            raise NotFound(f"{error}; choose one of recording {recording_id}") from error
        limit = _FOREVER if end is None else end
        parts: list[list[str]] = [[] for _ in moments]
        if not moments or limit <= moments[0]:
            return Beside(layer, tuple("" for _ in moments))
        for turn in tx.turns(layer.id, span=Span(moments[0], limit)):
            for start, text in _pieces(turn):
                if moments[0] <= start < limit:
                    parts[bisect_right(moments, start) - 1].append(text)
    return Beside(layer, tuple(" ".join("".join(one).split()) for one in parts))


def _pieces(turn: Turn) -> list[tuple[Ms, str]]:
    """A turn's text in pieces, one a word with what follows it, each with when it begins."""
    text, first, starts = turn.text, turn.words.char_start, turn.words.start_ms
    begun = turn.span.start if turn.span is not None else 0
    if all(start == NO_TIME for start in starts):
        return [(begun, f"{text} ")] if turn.span is not None else []
    pieces = []
    for index, start in enumerate(starts):
        begun = begun if start == NO_TIME else start
        from_char = first[index] if index else 0
        to_char = first[index + 1] if index + 1 < len(first) else len(text)
        pieces.append((begun, text[from_char:to_char] + ("" if to_char < len(text) else " ")))
    return pieces
