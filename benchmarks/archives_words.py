"""The archives of `archives.py` as layers of word ids, for benchmarks of the index alone.

The same real text once, the rest by the same word model; but words are normal forms, as the index
has them, not printed ones, so that a billion of them are streamed into shards without any text.
Layers and turns of what the model made are cut at fixed lengths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from archives import SEED, generate, pairs, real_documents
from numpy.typing import NDArray

from offair.model.transcript import LayerKind, LayerOrigin
from offair.search import IndexedLayer, IndexedTurn
from offair.search.shard import TokenisedLayer

__all__ = ["SEED", "Model", "columnar", "real_layers"]

LAYER_WORDS = 5_000
TURN_WORDS = 50
SENTENCE_WORDS = 15
_AT_ONCE = 200
"""Layers that are made in one go."""
_SENTENCE_END = re.compile(r"[.!?]+[\"”’)]*\s+")


def real_layers() -> Iterator[IndexedLayer]:
    """The real text as the index takes it in, a document as a layer."""
    for number, document in enumerate(real_documents(), start=1):
        turns = tuple(
            _turn(number * 100_000 + place, text, speaker)
            for place, (speaker, text) in enumerate(document.turns)
            if text.strip()
        )
        yield IndexedLayer(
            number, number, number, LayerKind.SPEECH, LayerOrigin.IMPORT, "en", document.channel,
            document.aired, turns,
        )  # fmt: skip


def _turn(turn_id: int, text: str, speaker: str) -> IndexedTurn:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    starts = [0, *ends[:-1]]
    spans = enumerate(zip(starts, ends, strict=True))
    ranges = tuple((turn_id * 1000 + at, *span) for at, span in spans)
    return IndexedTurn(turn_id, text, ranges, speaker)


class Model:
    """The word model of tokenised layers."""

    def __init__(self, layers: Sequence[TokenisedLayer]) -> None:
        """layers: the real text."""
        self._real = np.concatenate([one.ids for one in layers]).astype(np.uint32)
        self._pairs = pairs(self._real)

    def layers(self, words: int, first_id: int) -> Iterator[TokenisedLayer]:
        """At least so many words in layers of `LAYER_WORDS`; layers, recordings and turns get ids
        from `first_id` on."""
        state = np.array([SEED + first_id, 2], np.uint64)
        made = np.empty(_AT_ONCE * LAYER_WORDS, np.uint32)
        for number in range(-(-words // LAYER_WORDS)):
            place = number % _AT_ONCE
            if place == 0:
                generate(self._real, *self._pairs, made, state)
            ids = made[place * LAYER_WORDS : (place + 1) * LAYER_WORDS].copy()
            yield columnar(first_id + number, ids)


def columnar(number: int, ids: NDArray[np.uint32]) -> TokenisedLayer:
    """A layer of these words, cut into turns and sentences of the usual lengths."""
    starts = np.arange(0, len(ids), TURN_WORDS)
    turns = tuple(IndexedTurn(number * 1000 + at, "", ()) for at in range(len(starts)))
    day = f"{1970 + number % 55}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    layer = IndexedLayer(
        number, number, 1, LayerKind.SPEECH, LayerOrigin.ENGINE, "en", "one", day, turns
    )
    return TokenisedLayer(layer, ids, np.arange(0, len(ids), SENTENCE_WORDS), starts)
