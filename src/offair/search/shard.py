"""Layers as word ids: what both indexes of a shard are written from, in one stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from offair.search import IndexedLayer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from offair.text.word_ids import WordTable

_BATCH_CHARACTERS = 1 << 20
"""So much text goes to the tokeniser in one call: enough that its start costs nothing."""


@dataclass(frozen=True, slots=True)
class TokenisedLayer:
    """A layer with its words as ids of one `WordTable`, fillers left out.

    ids: uint32, every word of the layer in order. sentence_starts: int64, one for each sentence,
    in order over all turns: where its words begin in `ids`; it ends where the next begins, the
    last at `len(ids)`. turn_starts: int64, one for each turn, in the same way. A sentence or turn
    without a word has the start of the next.
    """

    layer: IndexedLayer
    ids: NDArray[np.uint32]
    sentence_starts: NDArray[np.int64]
    turn_starts: NDArray[np.int64]


def tokenised(
    layers: Iterable[IndexedLayer], table: WordTable, *, most: int | None = None
) -> Iterator[TokenisedLayer]:
    """The layers with their words, in the order given; `table` learns the words it did not know.

    Sentences are tokenised each for itself, many layers in one call. most: when so many words were
    given, no further layer is taken from `layers`, which may be an iterator to go on with.
    """
    batch: list[IndexedLayer] = []
    characters = words = 0
    limit = _BATCH_CHARACTERS if most is None else max(1, min(_BATCH_CHARACTERS, most))
    for layer in layers:
        batch.append(layer)
        characters += sum(len(turn.text) for turn in layer.turns)
        if characters < limit:
            continue
        for done in _tokenised(batch, table):
            words += len(done.ids)
            yield done
        batch, characters = [], 0
        if most is not None and words >= most:
            return
    yield from _tokenised(batch, table)


def _tokenised(batch: list[IndexedLayer], table: WordTable) -> Iterator[TokenisedLayer]:
    """A batch of layers, one call of the tokeniser for each language in it."""
    done: dict[int, TokenisedLayer] = {}
    by_language: dict[str, list[int]] = {}
    for place, layer in enumerate(batch):
        by_language.setdefault(layer.language, []).append(place)
    for language, places in by_language.items():
        texts = [
            turn.text[start:end]
            for place in places
            for turn in batch[place].turns
            for _, start, end in turn.sentences
        ]
        found = table.tokenise(texts, language)
        row = 0
        for place in places:
            layer = batch[place]
            per_turn = np.array([len(turn.sentences) for turn in layer.turns], dtype=np.int64)
            last = row + int(per_turn.sum())
            first_word, end_word = int(found.starts[row]), int(found.starts[last])
            starts = found.starts[row : last + 1] - first_word
            first_rows = np.cumsum(per_turn) - per_turn
            done[place] = TokenisedLayer(
                layer=layer,
                ids=found.ids[first_word:end_word],
                sentence_starts=starts[:-1],
                turn_starts=starts[first_rows],
            )
            row = last
    for place in range(len(batch)):
        yield done[place]
