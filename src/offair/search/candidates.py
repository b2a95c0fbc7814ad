"""Stretches of an archive in which words of quotations stand together: seeds, chains, alignments.

A quotation is looked for in blocks of words. Every step runs on all shards before the next begins,
so that what counts as rare is the same however the archive is cut into shards.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from offair.kernels.places import chains, choose_chains, choose_seeds, runs
from offair.kernels.suffixes import DEPTH
from offair.kernels.windows import align_chains
from offair.model.errors import BadInput
from offair.search import Scope
from offair.search.quotation_files import QuotationShard, View
from offair.text.word_ids import form_hash

MOST_WORDS = 10_000
"""A longer quotation is refused: nobody prints one, and every block of it costs a query."""

BLOCK = 128
"""A longer quotation is looked for in blocks of this many words."""

_PLACES = 64
_PLACES_THOROUGH = 512
"""A seed has no more places than this, in a quotation of at most 64 words."""

_OFTEN = 4
"""A run of so many words is a seed however often it stands: some of its places are taken."""

_POOR = 0.5
"""Where nothing holds this part of the bits there are to be found, `_MORE_PLACES` times as many
places are looked at: it finds again most quotations of which only frequent words are left."""

_MORE_PLACES = 8

_ALIGNED = 24
"""So many chains of a quotation are aligned, and `_FOR_A_WORD` for each word the best one lacks."""

_FOR_A_WORD = 3

_CUT_OUT = 1_000_000
"""Scopes of fewer words are sorted anew: a second for the most, milliseconds for a recording."""

_FORMS_KEPT = 1 << 16

hash_of = lru_cache(maxsize=_FORMS_KEPT)(form_hash)
"""`form_hash`; what was asked for is kept: quotations are made of the same frequent words."""

_T = TypeVar("_T")
_Ids = NDArray[np.int64]
_Floats = NDArray[np.float64]


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """Threads for the shards of one query: the kernels let go of the interpreter. Each process has
    its own: a forked one has none of its parent's."""
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="quotations")


def each(function: Callable[[_T], object], things: Sequence[_T]) -> None:
    """Call a function with each thing, in threads where there are several."""
    if len(things) < 2:
        for thing in things:
            function(thing)
    else:
        list(_threads(os.getpid()).map(function, things))


@dataclass(slots=True)
class Batch:
    """All quotations' words in a row. firsts: where each quotation begins, one more at the end;
    lengths: its words. starts: where each block begins, one more; of: its quotation; at: where it
    begins in that."""

    hashes: NDArray[np.uint64]
    firsts: _Ids
    starts: _Ids
    of: list[int]
    at: list[int]
    lengths: list[int]


@dataclass(slots=True)
class Asked:
    """A batch as one shard has it. ids: 0 for unknown words. lows, highs: as in `places.runs`."""

    shard: QuotationShard
    view: View
    ids: _Ids
    lows: _Ids
    highs: _Ids
    made: _Floats


@dataclass(slots=True)
class Found:
    """An aligned stretch of one block. words: of the quotation; matched: those that stand there."""

    asked: Asked
    layer: int
    score: float
    first_word: int
    end_word: int
    first: int
    end: int
    matched: NDArray[np.bool_]
    aired: bytes

    def overlaps(self, other: Found) -> bool:
        """Whether both, of one layer, use the same words of the archive, or most of them."""
        shared = min(self.end, other.end) - max(self.first, other.first)
        return 2 * shared > min(self.end - self.first, other.end - other.first)


def blocks_of(quotations: Sequence[Sequence[str]]) -> Batch:
    """The quotations as a batch. Raises `BadInput` for more than `MOST_WORDS` in one."""
    hashes: list[int] = []
    starts, of, at = [0], [], []
    for place, words in enumerate(quotations):
        if len(words) > MOST_WORDS:
            raise BadInput(
                f"A quotation of {len(words):,} words is longer than is looked for "
                f"({MOST_WORDS:,}): check it in parts."
            )
        for first in range(0, len(words), BLOCK):
            block = words[first : first + BLOCK]
            hashes.extend(map(hash_of, block))
            starts.append(len(hashes))
            of.append(place)
            at.append(first)
    lengths = [len(words) for words in quotations]
    firsts = np.array([0, *accumulate(lengths)], np.int64)
    return Batch(np.array(hashes, np.uint64), firsts, np.array(starts, np.int64), of, at, lengths)


def opened(views: list[tuple[QuotationShard, View]], batch: Batch) -> list[Asked]:
    """The shards that hold words of the scope; where these are few, cut out of the rest."""
    asked = []
    left = _CUT_OUT
    for shard, view in sorted(views, key=lambda one: one[1].words):
        if not view.words:
            continue
        if view.words <= left and 8 * view.words <= shard.words:
            left -= view.words
            shard = shard.cut_out(view)
            view = shard.view(Scope())
        ids = shard.ids(batch.hashes)
        none = np.zeros((0, 0), np.int64)
        asked.append(Asked(shard, view, ids, none, none, np.zeros((0, 7))))
    return asked


def sums_of_bits(counts: _Ids, searched: int) -> _Floats:
    """What the words are worth, log2 of words for one of theirs, summed up from 0."""
    worth = np.log2((searched + 1) / np.maximum(counts, 1))
    bits = np.zeros(len(counts) + 1)
    # In 1,024ths sums are exact, so that a quotation scores the same whatever else is asked.
    np.cumsum(np.round(worth * 1024) / 1024, out=bits[1:])
    return bits


def candidates(
    asked: list[Asked],
    batch: Batch,
    counts: _Ids,
    bits: _Floats,
    *,
    limit: int,
    thorough: bool,
) -> list[list[Found]]:
    """The aligned stretches of every block, in no order. counts: of the words in scope; limit: how
    many of a quotation are wanted."""
    each(lambda one: _find_runs(one, batch.firsts), asked)
    held = sum(one.shard.words for one in asked)
    searched = sum(one.view.words for one in asked)
    rarer = min(64, max(1, held // max(1, searched)))
    places = max(_PLACES_THOROUGH if thorough else _PLACES, 4 * limit)
    _chain(asked, batch, bits, places * rarer, np.ones(len(batch.of), np.bool_))
    found = _aligned(asked, batch, bits, limit)
    poor = _poor(batch, found, counts, bits)
    if poor.any():
        _chain(asked, batch, bits, places * rarer * _MORE_PLACES, poor)
        for block, better in enumerate(_aligned(asked, batch, bits, limit)):
            found[block] = better if poor[block] else found[block]
    return found


def _find_runs(one: Asked, firsts: _Ids) -> None:
    columns = one.shard.columns
    one.lows = np.zeros((len(one.ids), DEPTH), np.int64)
    one.highs = np.zeros((len(one.ids), DEPTH), np.int64)
    runs(columns.words, columns.suffixes, columns.offsets, one.ids, firsts, one.lows, one.highs)


def _poor(batch: Batch, found: list[list[Found]], counts: _Ids, bits: _Floats) -> NDArray[np.bool_]:
    """The blocks for which nothing was found that holds half of what could be."""
    worth = (bits[1:] - bits[:-1]) * (counts > 0)
    sums = np.add.reduceat(worth, batch.starts[:-1]) if len(worth) else bits[:0]
    best = [max((one.score for one in block), default=0.0) for block in found]
    return np.array(best, np.float64) < _POOR * sums


def _chain(
    asked: list[Asked],
    batch: Batch,
    bits: _Floats,
    places: int,
    blocks: NDArray[np.bool_],
) -> None:
    """Find each shard's chains for these blocks. places: the most of a seed."""
    totals = np.zeros((len(batch.hashes), DEPTH), np.int64)
    for one in asked:
        totals += one.highs - one.lows
    starts = batch.starts.tolist()
    # The longer a quotation, the fewer places of each word are enough to find it.
    most = np.array(
        [min(max(places * 64 // max(1, end - at), 4), places) for at, end in pairwise(starts)],
        np.int64,
    )
    lengths = choose_seeds(totals, batch.starts, most, _OFTEN)
    for left_out in np.flatnonzero(~blocks).tolist():
        lengths[starts[left_out] : starts[left_out + 1]] = 0

    def chain(one: Asked) -> None:
        columns = one.shard.columns
        one.made = chains(
            columns.words, columns.suffixes, one.ids, batch.starts, one.lows, one.highs, lengths,
            bits, columns.layer_firsts, one.view.live, most,
        )  # fmt: skip

    each(chain, asked)


def _aligned(asked: list[Asked], batch: Batch, bits: _Floats, limit: int) -> list[list[Found]]:
    """Align the best chains of each block; gives what was found, block by block."""
    found: list[list[Found]] = [[] for _ in batch.of]
    if not asked:
        return found
    made = np.concatenate([one.made for one in asked])
    order = np.lexsort((-made[:, 1], made[:, 0]))
    best = max(_ALIGNED, 2 * limit)
    chosen = choose_chains(made, order, batch.starts, best, _FOR_A_WORD, 96 + best)
    at = 0
    work = []
    for one in asked:
        rows = one.made[chosen[at : at + len(one.made)]]
        at += len(one.made)
        if len(rows):
            work.append((one, rows))
    results: list[list[tuple[int, Found]]] = [[] for _ in work]

    def run(place: int) -> None:
        results[place] = _align_rows(*work[place], batch, bits)

    each(run, range(len(work)))
    for result in results:
        for block, one_found in result:
            found[block].append(one_found)
    return found


def _align_rows(one: Asked, rows: _Floats, batch: Batch, bits: _Floats) -> list[tuple[int, Found]]:
    columns = one.shard.columns
    results, matched = align_chains(
        columns.words, one.ids, batch.starts, bits, rows, columns.layer_firsts
    )
    found = []
    aired = columns.layers["aired"]
    for result, equal in zip(results.tolist(), matched, strict=True):
        block, layer, score = int(result[0]), int(result[1]), result[2]
        if score > 0:
            at, length = batch.at[block], batch.lengths[batch.of[block]]
            here = equal
            if length > BLOCK:
                here = np.zeros(length, np.bool_)
                here[at : at + len(equal)] = equal[: length - at]
            first_word, end_word, low, high = map(int, result[3:])
            made = Found(
                one, layer, score, first_word + at, end_word + at, low, high, here[:length],
                aired[layer],
            )  # fmt: skip
            found.append((block, made))
    return found
