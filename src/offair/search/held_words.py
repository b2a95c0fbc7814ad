"""The sentences that hold most of what some words weigh, over all shards: exact, by reading.

A sentence may lack words of so much weight and no more, so that it has one of the few rarest. Of
the places of those some are left after each of the next rarer words, of which it is noted in which
parts of the archive they stand; the sentences of the last few are read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offair.kernels.held_words import BLOCK_BITS, NOTED, best_sentences, keep_places, note_word
from offair.model.errors import BadInput
from offair.search import Hit, Scope
from offair.search.candidates import each
from offair.search.open_shard import OpenShard
from offair.search.quotation_columns import Columns
from offair.text.word_ids import form_hash

MOST_WORDS = 64
_READ = 64
"""To read a sentence takes as long as to note so many places of a word."""
_SLACK = 1e-9
"""Of the whole weight: sums in another order differ by less."""

_Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Words by falling weight. of: the number of the word each form belongs to. first: how many
    words there are of which every sentence wanted has one. lacking: the weight it lacks at most;
    wanted: what it has at least."""

    hashes: NDArray[np.uint64]
    of: _Ids
    weights: NDArray[np.float64]
    first: int
    lacking: float
    wanted: float
    least: int


def sentences_holding(
    shards: Sequence[OpenShard],
    words: Sequence[Collection[str]],
    weights: Sequence[float],
    scope: Scope,
    *,
    share: float,
    least: int,
    limit: int,
) -> list[Hit]:
    """The best sentences of the scope; see `Shards.sentences_holding`.

    Raises `BadInput` for more than `MOST_WORDS` words, and a share that is none.
    """
    if len(words) > MOST_WORDS:
        raise BadInput(
            f"{len(words):,} words cannot be looked for in one sentence: give at most {MOST_WORDS}."
        )
    if not 0.0 < share <= 1.0:
        raise BadInput(f"a share of words lies above 0 and is 1 at most, so it cannot be {share}")
    if len(words) < max(least, 1) or limit < 1:
        return []
    asked = _asked(words, weights, share, least)
    found: list[list[tuple[float, int, int]]] = [[] for _ in shards]

    def look(at: int) -> None:
        best = _best(shards[at], asked, scope, limit)
        found[at] = [(-worth, at, row) for row, worth in best]

    each(look, range(len(shards)))
    first = sorted(one for part in found for one in part)[:limit]
    total = float(asked.weights.sum())
    hits: dict[tuple[int, int], Hit] = {}
    for at, shard in enumerate(shards):
        rows = [row for _, of, row in first if of == at]
        of_shard = zip(rows, shard.full_text.hits_of(rows), strict=True)
        hits.update(((at, row), hit) for row, hit in of_shard)
    return [replace(hits[at, row], score=-worth / total) for worth, at, row in first]


def _asked(
    words: Sequence[Collection[str]], weights: Sequence[float], share: float, least: int
) -> _Wanted:
    order = sorted(range(len(words)), key=lambda at: -weights[at])
    sizes = [float(weights[at]) for at in order]
    total = sum(sizes)
    wanted = (share - _SLACK) * total
    # So few words may be lacking that they cannot weigh more than the heaviest of them.
    lacking = min(total - wanted, sum(sizes[: len(sizes) - least]) + _SLACK * total)
    sums = accumulate(sizes)
    first = next((at for at, weight in enumerate(sums, 1) if weight > lacking), len(sizes))
    forms = [(form, at) for at, of in enumerate(order) for form in sorted(words[of])]
    return _Wanted(
        hashes=np.array([form_hash(form) for form, _ in forms], np.uint64),
        of=np.array([at for _, at in forms], np.int64),
        weights=np.array(sizes, np.float64),
        first=first,
        lacking=lacking,
        wanted=wanted,
        least=least,
    )


def _best(shard: OpenShard, asked: _Wanted, scope: Scope, limit: int) -> list[tuple[int, float]]:
    """(row, weight) of a shard's best sentences, best first."""
    quotation = shard.quotation
    view, columns = quotation.view(scope), quotation.columns
    ids = quotation.ids(asked.hashes)
    known = ids > 0
    if not view.words or len(np.unique(asked.of[known])) < asked.least:
        return []
    ids, of = ids[known], asked.of[known]
    order = np.argsort(ids)
    rows, worth = np.zeros(limit, np.int64), np.zeros(limit, np.float64)
    count = best_sentences(
        columns.words, _places(columns, asked, ids, of), ids[order], of[order], asked.weights,
        asked.wanted, asked.least, columns.sentences, columns.layer_firsts, view.live, rows, worth,
    )  # fmt: skip
    return list(zip(rows[:count].tolist(), worth[:count].tolist(), strict=True))


def _places(columns: Columns, asked: _Wanted, ids: _Ids, of: _Ids) -> NDArray[np.uint32]:
    """Places, sorted, in each sentence wanted one, and few besides. ids: forms; of: their words."""
    lows = columns.offsets[ids].tolist()
    highs = np.minimum(columns.offsets[ids + 1], len(columns.suffixes)).tolist()
    runs: list[list[tuple[int, int]]] = [[] for _ in asked.weights]
    for word, low, high in zip(of.tolist(), lows, highs, strict=True):
        runs[word].append((low, high))
    through = [columns.suffixes[low:high] for run in runs[: asked.first] for low, high in run]
    places = np.concatenate([*through, np.zeros(0, np.uint32)])
    blocks = np.zeros((len(columns.words) >> BLOCK_BITS) + 1, np.uint16)
    for word, run in enumerate(runs[:NOTED]):
        if word > asked.first and len(places) * _READ < sum(high - low for low, high in run):
            break
        for low, high in run:
            note_word(columns.suffixes, low, high, np.uint16(1 << word), blocks)
        noted = asked.weights[: word + 1]
        needed = float(noted.sum()) - asked.lacking
        if word >= asked.first and needed > 0:
            light, heavy = _by_bits(noted[:8]), _by_bits(noted[8:])
            kept = keep_places(places, len(places), blocks, light, heavy, needed)
            places = places[:kept]
    return np.sort(places)


def _by_bits(weights: NDArray[Any]) -> NDArray[np.float64]:
    """The weight of the words whose bits are set in each number of eight bits."""
    numbers = np.arange(256)[:, None] >> np.arange(len(weights)) & 1
    summed: NDArray[np.float64] = (numbers * weights).sum(axis=1)
    return summed
