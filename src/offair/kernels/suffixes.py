"""Suffix arrays of word ids: every place of a text in the order of the words that begin there.

A text is a row of word ids (u32); id 0 separates what must not be read on from one to the next, and
stands at the end of the row too. Suffixes are told apart by their first `DEPTH` words, at most up
to the next separator; those that do not differ so far stand in the order of the text. Sorting is a
counting sort by the first word, then, group by group, a three-way quicksort of keys that pack as
many of the next words as 64 bits hold (the caching of Ng and Kakehi's multikey quicksort, 2007).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from offair.kernels.compiled import compiled, inlined

DEPTH = 24
"""Words by which suffixes are told apart."""

SEPARATOR = 0
"""The id that no word has."""

_SMALL = 20
"""A range this small is sorted by insertion."""

_WORDS_A_TASK = 1 << 19
"""Suffixes that one task of a thread sorts, roughly: its keys fit the processor's cache nearly."""

U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]


@compiled
def place_by_first_word(words, free, suffixes, first_id, end_id):  # type: ignore[no-untyped-def]
    """Put the positions of every word with `first_id <= id < end_id` at `free[id]` and on.

    words: u32 (n,). free: i64, by id, moved on. suffixes: u32, written.
    """
    for position in range(len(words)):
        word = words[position]
        if first_id <= word < end_id:
            suffixes[free[word]] = position
            free[word] += 1


@inlined
def _packed(words, position, depth, packed_words, bits):  # type: ignore[no-untyped-def]
    """The words from `position + depth` on in one number; nothing after a separator or `DEPTH`."""
    key = np.uint64(0)
    at = position + depth
    left = min(packed_words, DEPTH - depth)
    taken = 0
    while taken < left:
        word = words[at + taken]
        if word == SEPARATOR:
            break
        key = (key << np.uint64(bits)) | np.uint64(word)
        taken += 1
    return key << np.uint64(bits * (packed_words - taken))


@compiled
def sort_pairs(keys, values, low, high):  # type: ignore[no-untyped-def]
    """Sort keys[low:high] (u64), `values` (u32) with them: quicksort in three parts."""
    stack = np.empty((128, 2), np.int64)
    stack[0, 0], stack[0, 1] = low, high
    depth = 1
    while depth:
        depth -= 1
        first, end = stack[depth, 0], stack[depth, 1]
        while end - first > _SMALL:
            a, b, c = keys[first], keys[(first + end) >> 1], keys[end - 1]
            pivot = max(min(a, b), min(max(a, b), c))
            less, at, more = first, first, end
            while at < more:
                key = keys[at]
                if key < pivot:
                    keys[at], keys[less] = keys[less], key
                    values[at], values[less] = values[less], values[at]
                    less += 1
                    at += 1
                elif key > pivot:
                    more -= 1
                    keys[at], keys[more] = keys[more], key
                    values[at], values[more] = values[more], values[at]
                else:
                    at += 1
            # The greater part waits, so that the stack stays as low as the logarithm.
            if less - first < end - more:
                stack[depth, 0], stack[depth, 1] = more, end
                depth += 1
                end = less
            else:
                stack[depth, 0], stack[depth, 1] = first, less
                depth += 1
                first = more
        for at in range(first + 1, end):
            key, value = keys[at], values[at]
            to = at
            while to > first and keys[to - 1] > key:
                keys[to], values[to] = keys[to - 1], values[to - 1]
                to -= 1
            keys[to], values[to] = key, value


@compiled
def sort_groups(words, offsets, suffixes, first_id, end_id, bits):  # type: ignore[no-untyped-def]
    """Sort the suffixes that begin with a word from `first_id` up to `end_id`.

    offsets: i64, where each id's suffixes begin. bits: that the greatest id needs.
    """
    base, end = offsets[first_id], offsets[end_id]
    size = end - base
    packed_words = 64 // bits
    keys = np.empty(size, np.uint64)
    ranks = suffixes[base:end]
    heads = np.zeros(size + 1, np.bool_)
    for word in range(first_id, end_id + 1):
        heads[offsets[word] - base] = True
    depth = 1
    open_groups = True
    while open_groups:
        open_groups = False
        first = 0
        while first < size:
            after = first + 1
            while not heads[after]:
                after += 1
            if after - first > 1:
                finished = depth >= DEPTH
                if depth > 1 and not finished:
                    back = ranks[first] + depth
                    for step in range(1, packed_words + 1):
                        if words[back - step] == SEPARATOR:
                            finished = True
                for at in range(first, after):
                    if finished:
                        keys[at] = ranks[at]
                    else:
                        keys[at] = _packed(words, np.int64(ranks[at]), depth, packed_words, bits)
                sort_pairs(keys, ranks, first, after)
                for at in range(first + 1, after):
                    if finished or keys[at] != keys[at - 1]:
                        heads[at] = True
                    else:
                        open_groups = True
            first = after
        depth += packed_words


def first_places(words: U32, distinct: int) -> I64:
    """Where each id's suffixes begin: i64 (distinct + 2,), by id; the separator has none.

    Raises `ValueError` for an id beyond `distinct` or a text without a separator at its end.
    """
    if len(words) == 0 or words[-1] != SEPARATOR:
        raise ValueError("the row of words must end with a separator")
    counts = _counted(words, distinct)
    counts[SEPARATOR] = 0
    offsets = np.zeros(distinct + 2, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def _counted(words: U32, distinct: int) -> I64:
    counts = np.zeros(distinct + 1, np.int64)
    for first in range(0, len(words), 1 << 22):
        part = np.bincount(words[first : first + (1 << 22)], minlength=distinct + 1)
        if len(part) > distinct + 1:
            raise ValueError(f"a word has the id {len(part) - 1}, the greatest is {distinct}")
        counts += part
    return counts


def sort_suffixes(words: U32, distinct: int, *, threads: int | None = None) -> tuple[U32, I64]:
    """The suffix array (u32, separators left out) of a row of ids 1…distinct, and `first_places`.

    Uses 9 bytes for each suffix of the words sorted at one time besides what it returns.
    """
    offsets = first_places(words, distinct)
    suffixes = np.empty(int(offsets[-1]), np.uint32)
    threads = threads or os.cpu_count() or 1
    if len(words) < _WORDS_A_TASK:
        threads = 1
    bits = max(1, int(distinct).bit_length())
    free = offsets[:-1].copy()

    def place(ids: tuple[int, int]) -> None:
        place_by_first_word(words, free, suffixes, ids[0], ids[1])

    def sort(ids: tuple[int, int]) -> None:
        sort_groups(words, offsets, suffixes, ids[0], ids[1], bits)

    tasks = _shares(offsets, _WORDS_A_TASK)
    # The longest first, so that no thread waits for another at the end.
    tasks.sort(key=lambda ids: offsets[ids[0]] - offsets[ids[1]])
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(place, _shares(offsets, len(suffixes) // threads + 1)))
        list(pool.map(sort, tasks))
    return suffixes, offsets


def _shares(offsets: I64, size: int) -> list[tuple[int, int]]:
    """Ranges of ids with about so many suffixes each, or one id with more."""
    shares: list[tuple[int, int]] = []
    first, end = 1, len(offsets) - 1
    while first < end:
        after = int(np.searchsorted(offsets, offsets[first] + size, side="right")) - 1
        after = min(max(after, first + 1), end)
        shares.append((first, after))
        first = after
    return shares


def sort_suffixes_plainly(words: Sequence[int] | Iterable[int]) -> list[int]:
    """The same order by Python's own sort: what `sort_suffixes` is tested against."""
    row = list(words)

    def key(position: int) -> tuple[list[int], int]:
        begins = row[position : position + DEPTH]
        if SEPARATOR in begins:
            begins = begins[: begins.index(SEPARATOR)]
        return begins, position

    return sorted((at for at, word in enumerate(row) if word != SEPARATOR), key=key)
