"""Archives of word ids for benchmarks: real text once, the rest made from it, seed fixed.

The rest comes from an order-3 word model (each word as it follows the two before it somewhere in
the real text); 3 % of it are stretches of earlier words said again with one word in twenty changed.
Words are streamed layer by layer, so that an archive of any size can be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from offair.kernels.suffixes import sort_suffixes
from offair.model.transcript import LayerKind, LayerOrigin
from offair.search import IndexedLayer, IndexedTurn
from offair.search.shard import TokenisedLayer

SEED = 8914
SHARED = Path(__file__).resolve().parents[2] / "shared"
TEXTS = (
    (SHARED / "quotes" / "white-house" / "archive", "*.md"),
    (SHARED / "bulk" / "un-general-debate", "*.txt"),
)
LAYER_WORDS = 5_000
TURN_WORDS = 50
SENTENCE_WORDS = 15
REPEATED = 0.03
CHANGED = 0.05

_SENTENCE_END = re.compile(r"[.!?]+[\"”’)]*\s+")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)


def real_layers() -> Iterator[IndexedLayer]:
    """The shared speeches and briefings, a file as a layer, a paragraph as a turn."""
    files = [file for folder, pattern in TEXTS for file in sorted(folder.rglob(pattern))]
    for number, file in enumerate(files, start=1):
        text = _FRONT_MATTER.sub("", file.read_text(encoding="utf-8", errors="replace"))
        paragraphs = [" ".join(one.split()) for one in re.split(r"\n\s*\n", text) if one.strip()]
        turns = tuple(
            _turn(number * 100_000 + place, paragraph) for place, paragraph in enumerate(paragraphs)
        )
        day = f"{1970 + number % 55}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        yield IndexedLayer(
            number, number, number, LayerKind.SPEECH, LayerOrigin.ENGINE, "en", "one", day, turns
        )


def _turn(turn_id: int, text: str) -> IndexedTurn:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    starts = [0, *ends[:-1]]
    spans = enumerate(zip(starts, ends, strict=True))
    return IndexedTurn(turn_id, text, tuple((turn_id * 1000 + at, *span) for at, span in spans))


@njit(cache=True, nogil=True)
def _pairs(words, suffixes, first, end):  # type: ignore[no-untyped-def]
    """For every position the suffixes that begin with the same two words."""
    rank = 0
    while rank < len(suffixes):
        here = np.int64(suffixes[rank])
        after = rank + 1
        while after < len(suffixes):
            other = np.int64(suffixes[after])
            if words[other] != words[here] or words[other + 1] != words[here + 1]:
                break
            after += 1
        for at in range(rank, after):
            first[suffixes[at]], end[suffixes[at]] = rank, after
        rank = after


@njit(cache=True, nogil=True)
def _make(words, suffixes, first, end, made, seed):  # type: ignore[no-untyped-def]
    """Fill `made` from the model; stretches made before come again, slightly changed."""
    np.random.seed(seed)
    at = np.int64(suffixes[np.random.randint(len(suffixes))])
    filled = 0
    while filled < len(made):
        if filled > 1000 and np.random.random() < REPEATED / 100:
            length = min(np.random.randint(20, 180), len(made) - filled)
            origin = np.random.randint(0, filled - length) if filled > length else 0
            for step in range(length):
                word = made[origin + step]
                if np.random.random() < CHANGED:
                    word = words[suffixes[np.random.randint(len(suffixes))]]
                made[filled + step] = word
            filled += length
            continue
        chosen = np.int64(suffixes[np.random.randint(first[at], end[at])])
        if words[chosen + 1] == 0 or words[chosen + 2] == 0:
            at = np.int64(suffixes[np.random.randint(len(suffixes))])
            made[filled] = words[at]
        else:
            at = chosen + 1
            made[filled] = words[at + 1] if words[at + 1] else words[at]
        filled += 1


class Model:
    """An order-3 word model of tokenised layers."""

    def __init__(self, layers: list[TokenisedLayer]) -> None:
        separator = np.zeros(2, np.uint32)
        parts = [part for one in layers for part in (one.ids + np.uint32(1), separator)]
        self._words = np.concatenate(parts)
        self._suffixes, _ = sort_suffixes(self._words, int(self._words.max()))
        self._first = np.zeros(len(self._words), np.uint32)
        self._end = np.zeros(len(self._words), np.uint32)
        _pairs(self._words, self._suffixes, self._first, self._end)

    def layers(self, words: int, first_id: int) -> Iterator[TokenisedLayer]:
        """So many words in layers of `LAYER_WORDS`; layers, recordings and turns get ids."""
        for number in range(first_id, first_id + -(-words // LAYER_WORDS)):
            if (number - first_id) % 200 == 0:
                made = np.empty(200 * LAYER_WORDS, np.uint32)
                _make(self._words, self._suffixes, self._first, self._end, made, SEED + number)
            place = (number - first_id) % 200
            ids = made[place * LAYER_WORDS : (place + 1) * LAYER_WORDS] - np.uint32(1)
            yield columnar(number, ids)


def columnar(number: int, ids: NDArray[np.uint32]) -> TokenisedLayer:
    """A layer of these words, cut into turns and sentences of the usual lengths."""
    starts = np.arange(0, len(ids), TURN_WORDS)
    turns = tuple(IndexedTurn(number * 1000 + at, "", ()) for at in range(len(starts)))
    day = f"{1970 + number % 55}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    layer = IndexedLayer(
        number, number, 1, LayerKind.SPEECH, LayerOrigin.ENGINE, "en", "one", day, turns
    )
    return TokenisedLayer(layer, ids, np.arange(0, len(ids), SENTENCE_WORDS), starts)
