"""One text of a recording beside another at the same time: captions or a translation beside it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.evidence import chosen_layer
from offair.desk.translations import read_sentences, stale_sentences
from offair.model.errors import BadInput, NotFound
from offair.model.time import Ms, Span
from offair.model.transcript import Layer, LayerKind, Turn
from offair.model.words import NO_TIME
from offair.store import Transaction
from offair.text.caption_agreement import disagreements

_FOREVER: Ms = 1 << 52
_TOGETHER_MS: Ms = 500
_LATEST_MS: Ms = 15_000
"""Captions come at most so much after the words, or before them."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Another text, cut at moments of media time. parts: one for each moment, empty where nothing
    was said until the next one. stale: how many of its sentences translate what was changed since.
    lag_ms: of captions beside speech, or speech beside captions: by how much the captions come
    after the words here (below 0: before), None where it cannot be told.
    """

    layer: Layer
    parts: tuple[str, ...]
    stale: int = 0
    lag_ms: Ms | None = None

    @property
    def lag(self) -> str | None:
        """How late the captions are, in words for a reader, or None where it cannot be told."""
        if self.lag_ms is None:
            return None
        if abs(self.lag_ms) < _TOGETHER_MS:
            return "captions run together with the words"
        where = "behind" if self.lag_ms > 0 else "ahead of"
        return f"captions run about {abs(self.lag_ms) / 1000:.1f} s {where} the words"


def show_beside(
    desk: Desk,
    recording_id: int,
    layer_id: int,
    moments: Sequence[Ms],
    end: Ms | None,
    *,
    shown_layer: Layer | None = None,
    turns: Sequence[Turn | None] = (),
) -> Beside:
    """The words of a layer from each moment to the next, by its own word times.

    moments: not falling. end: where the last part ends, None for the end of the text. What was
    said before the first moment is left out. A turn whose words have no times goes whole where it
    begins. shown_layer, turns: the text it stands beside, and the turn shown at each moment, None
    for what is none; where one of the two texts has no times, each sentence of a translation stands
    beside the turn it belongs to. Raises `NotFound` where the layer is another recording's.
    """
    with desk.catalogue.snapshot() as tx:
        tx.recording(recording_id)
        try:
            layer = chosen_layer(tx, recording_id, layer_id)
        except BadInput as error:
            raise NotFound(f"{error}; choose one of recording {recording_id}") from error
        translation = layer.kind is LayerKind.TRANSLATION
        stale = len(stale_sentences(tx, layer)) if translation else 0
        if shown_layer is not None and _without_times(tx, layer, turns):
            return Beside(layer, _by_sentences(tx, layer, shown_layer, turns), stale)
        limit = _FOREVER if end is None else end
        parts: list[list[str]] = [[] for _ in moments]
        if not moments or limit <= moments[0]:
            return Beside(layer, tuple("" for _ in moments), stale)
        for turn in tx.turns(layer.id, span=Span(moments[0], limit)):
            for start, text in _pieces(turn):
                if moments[0] <= start < limit:
                    parts[bisect_right(moments, start) - 1].append(text)
        lag = None if shown_layer is None else _lag(tx, layer, shown_layer, turns)
    said = tuple(" ".join("".join(one).split()) for one in parts)
    return Beside(layer, said, stale, lag)


def _lag(
    tx: Transaction, layer: Layer, shown_layer: Layer, turns: Sequence[Turn | None]
) -> Ms | None:
    """By how much the captions of the two come after the words heard in the other."""
    if {layer.kind, shown_layer.kind} != {LayerKind.CAPTIONS, LayerKind.SPEECH}:
        return None
    shown = [one for one in turns if one is not None and one.span is not None]
    spans = [one.span for one in shown if one.span is not None]
    if not spans:
        return None
    first = max(0, min(one.start for one in spans) - _LATEST_MS)
    around = Span(first, max(one.end for one in spans) + _LATEST_MS)
    beside = tx.turns(layer.id, span=around)
    captions, speech = (beside, shown) if layer.kind is LayerKind.CAPTIONS else (shown, beside)
    return disagreements(speech, captions, language=shown_layer.language).lag_ms


def _without_times(tx: Transaction, layer: Layer, turns: Sequence[Turn | None]) -> bool:
    """Whether times cannot bring these turns and the layer together."""
    shown = [one for one in turns if one is not None]
    first = tx.turns(layer.id, limit=1)
    return bool(shown and first) and (shown[0].span is None or first[0].span is None)


def _by_sentences(
    tx: Transaction, layer: Layer, shown_layer: Layer, turns: Sequence[Turn | None]
) -> tuple[str, ...]:
    """The sentences of a layer beside the turns that they translate, or that translate them.

    One whose partner is gone goes to the next turn where nothing else belongs to that, else it
    stays with the sentence before it.
    """
    place = {turn.id: at for at, turn in enumerate(turns) if turn is not None}
    shown = {
        one.sentence.id: place.get(one.turn.id) for one in read_sentences(tx, shown_layer.id)[1]
    }
    others = read_sentences(tx, layer.id)[1]
    partners = _partners(tx, shown, [one.sentence.id for one in others])
    parts: list[list[str]] = [[] for _ in turns]
    free = set(place.values()) - {partners.get(one.sentence.id) for one in others}
    begins = next(one.ordinal for one in turns if one is not None) == 0
    at: int | None = -1 if begins else None
    for one in others:
        if one.sentence.id in partners:
            at = partners[one.sentence.id]
        elif at is not None:
            following = min((key for key in place.values() if key > at), default=at)
            at = following if following in free or at < 0 else at
        if at is not None:
            parts[at].append(one.text)
    return tuple(" ".join(" ".join(one).split()) for one in parts)


def _partners(
    tx: Transaction, shown: Mapping[int, int | None], others: Sequence[int]
) -> Mapping[int, int | None]:
    """At which place the other text's sentences stand; None for those that belong to another page.

    shown: the place of each sentence of the text they stand beside, None on another page.
    """
    found: dict[int, int | None] = {}
    for key, given in tx.sentence_sources(others).items():
        standing = [one.sentence_id for one in given if one.sentence_id in shown]
        if standing:
            found[key] = shown[standing[0]]
    for key, given in tx.sentence_sources(sorted(shown)).items():
        for one in given:
            found.setdefault(one.sentence_id, shown[key])
    return found


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
