"""The other index for quotations: postings by hashed trigrams of words, to measure ours against.

Every position stands in the list of its trigram's hash; a quotation's trigrams vote for diagonals
(position less place in the quotation), and the windows with most votes are aligned as ours are.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from offair.kernels.suffixes import sort_pairs
from offair.kernels.windows import align

LONGEST_LIST = 4096
"""Longer lists are not read: they are of trigrams that everybody says."""

WINDOWS = 24
_BAND = 8


@njit(cache=True, nogil=True, inline="always")
def _hash(a, b, c, bits):  # type: ignore[no-untyped-def]
    mixed = np.uint64(a) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(b) * np.uint64(
        0xC2B2AE3D27D4EB4F
    )
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(c)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0x94D049BB133111EB)
    return np.int64(mixed >> np.uint64(64 - bits))


@njit(cache=True, nogil=True)
def _build(words, bits, offsets, postings):  # type: ignore[no-untyped-def]
    for at in range(len(words) - 2):
        if words[at] and words[at + 1] and words[at + 2]:
            offsets[_hash(words[at], words[at + 1], words[at + 2], bits) + 1] += 1
    for at in range(1, len(offsets)):
        offsets[at] += offsets[at - 1]
    free = offsets[:-1].copy()
    for at in range(len(words) - 2):
        if words[at] and words[at + 1] and words[at + 2]:
            bucket = _hash(words[at], words[at + 1], words[at + 2], bits)
            postings[free[bucket]] = at
            free[bucket] += 1


@njit(cache=True, nogil=True)
def _windows(words, bits, offsets, postings, asked, longest):  # type: ignore[no-untyped-def]
    """The positions at which most trigrams, nearly on one diagonal, begin: (windows, 2)."""
    size = 0
    for first in range(len(asked) - 2):
        bucket = _hash(asked[first], asked[first + 1], asked[first + 2], bits)
        count = offsets[bucket + 1] - offsets[bucket]
        if count <= longest:
            size += count
    keys, order = np.empty(size, np.uint64), np.empty(size, np.uint32)
    count = 0
    for first in range(len(asked) - 2):
        bucket = _hash(asked[first], asked[first + 1], asked[first + 2], bits)
        if offsets[bucket + 1] - offsets[bucket] > longest:
            continue
        for rank in range(offsets[bucket], offsets[bucket + 1]):
            at = np.int64(postings[rank])
            same = words[at] == asked[first] and words[at + 1] == asked[first + 1]
            if same and words[at + 2] == asked[first + 2]:
                keys[count] = np.uint64(at - first + (1 << 32))
                order[count] = first
                count += 1
    sort_pairs(keys, order, 0, count)
    best = np.zeros((WINDOWS, 2), np.int64)
    at = np.int64(0)
    while at < count:
        end = at
        while end < count and keys[end] - keys[at] <= np.uint64(_BAND):
            end += 1
        lowest = np.int64(0)
        for place in range(WINDOWS):
            if best[place, 0] < best[lowest, 0]:
                lowest = np.int64(place)
        if end - at > best[lowest, 0]:
            best[lowest, 0] = end - at
            best[lowest, 1] = np.int64(keys[at]) - (1 << 32)
        at = end
    return best


class TrigramPostings:
    """Postings of all trigrams of a row of words (separator 0)."""

    def __init__(self, words: NDArray[np.uint32]) -> None:
        self.words = words
        self._bits = max(16, len(words).bit_length() - 2)
        self._offsets = np.zeros((1 << self._bits) + 1, np.uint32)
        self._postings = np.empty(len(words), np.uint32)
        _build(words, self._bits, self._offsets, self._postings)

    @property
    def bytes(self) -> int:
        """Words, postings and the table of lists."""
        return self.words.nbytes + self._offsets.nbytes + int(self._offsets[-1]) * 4

    def propose(
        self, asked: NDArray[np.int64], bits: NDArray[np.float64]
    ) -> list[tuple[float, int]]:
        """(score, first position) of the aligned windows, best first. bits: sums, from 0."""
        if len(asked) < 3:
            return []
        found = _windows(self.words, self._bits, self._offsets, self._postings, asked, LONGEST_LIST)
        begins = found[found[:, 0] > 0, 1]
        if not len(begins):
            return []
        margin = 8 + len(asked) // 4
        lows = np.maximum(begins - margin, 0)
        highs = np.minimum(begins + len(asked) + margin + _BAND, len(self.words))
        starts = np.array([0, len(asked)], np.int64)
        quotations = np.zeros(len(begins), np.int64)
        results, _ = align(self.words, asked, starts, bits, quotations, lows, highs)
        order = np.argsort(-results[:, 0], kind="stable")
        return [(float(results[at, 0]), int(results[at, 3])) for at in order]
