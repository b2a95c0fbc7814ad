"""Counting in a row of words whose layers lie one after another (`suffixes` says how)."""

from __future__ import annotations

import numpy as np

from offair.kernels.compiled import compiled, inlined
from offair.kernels.places import layer_of, narrowed
from offair.kernels.suffixes import DEPTH


@compiled
def count_layers(words, layer_firsts, chosen, counts):  # type: ignore[no-untyped-def]
    """Add how often each word stands in the chosen layers.

    layer_firsts: u32 (layers + 1,). chosen: bool (layers,). counts: u32 by id, added to; ids beyond
    it are left out.
    """
    most = len(counts)
    for layer in range(len(chosen)):
        if chosen[layer]:
            for at in range(layer_firsts[layer], layer_firsts[layer + 1] - 1):
                if words[at] < most:
                    counts[words[at]] += 1


@compiled
def known_ids(hashes, asked):  # type: ignore[no-untyped-def]
    """The ids of words by the hashes of their forms: i64, 0 for a word that does not occur.

    hashes: u64, sorted; a word's id is 1 + its place. asked: u64.
    """
    ids = np.zeros(len(asked), np.int64)
    for at in range(len(asked)):
        low, high = 0, len(hashes)
        while low < high:
            middle = (low + high) >> 1
            if hashes[middle] < asked[at]:
                low = middle + 1
            else:
                high = middle
        if low < len(hashes) and hashes[low] == asked[at]:
            ids[at] = low + 1
    return ids


@compiled
def count_ids(offsets, ids):  # type: ignore[no-untyped-def]
    """How often each word stands anywhere: i64. ids: 0 counts nothing."""
    counts = np.zeros(len(ids), np.int64)
    for at in range(len(ids)):
        counts[at] = np.int64(offsets[ids[at] + 1]) - np.int64(offsets[ids[at]])
    return counts


@inlined
def _stands(words, position, run, known):  # type: ignore[no-untyped-def]
    """Whether the run stands at a position where its first `known` words are known to."""
    for step in range(known, len(run)):
        if position + step >= len(words) or words[position + step] != run[step]:
            return False
    return True


@compiled
def interval(words, suffixes, offsets, run):  # type: ignore[no-untyped-def]
    """The suffixes that begin with the first `DEPTH` words of a run (u32 or i64, none 0)."""
    low = np.int64(offsets[run[0]])
    high = min(np.int64(offsets[run[0] + 1]), np.int64(len(suffixes)))
    for depth in range(1, min(len(run), DEPTH)):
        if low >= high:
            break
        low, high = narrowed(words, suffixes, low, high, depth, run[depth])
    return low, max(low, high)


@compiled
def count_places(words, suffixes, low, high, layer_firsts, live, run, counts):  # type: ignore[no-untyped-def]
    """Add how often a run stands in each live layer, by its interval. counts: i64 (layers,)."""
    for rank in range(low, high):
        position = np.int64(suffixes[rank])
        if position < len(words) and _stands(words, position, run, DEPTH):
            layer = layer_of(layer_firsts, position)
            if live[layer]:
                counts[layer] += 1


@compiled
def live_places(words, suffixes, low, high, layer_firsts, live, run):  # type: ignore[no-untyped-def]
    """Where a run stands in live layers, by its interval: i64 (places, 2), layer and position."""
    found = np.empty((max(high - low, 0), 2), np.int64)
    count = 0
    for rank in range(low, high):
        position = np.int64(suffixes[rank])
        if position + len(run) <= len(words) and _stands(words, position, run, DEPTH):
            layer = layer_of(layer_firsts, position)
            if live[layer]:
                found[count, 0], found[count, 1] = layer, position
                count += 1
    return found[:count]


@compiled
def turn_rows(turns, first, last):  # type: ignore[no-untyped-def]
    """The rows of the turns that hold the words at two positions. turns: u32, first words."""
    return layer_of(turns, first), layer_of(turns, last)


@compiled
def find_run(words, first, end, run, places):  # type: ignore[no-untyped-def]
    """Where a run stands in `words[first:end]`: how often, and in `places` (i64) the first."""
    count = 0
    for at in range(first, end - len(run) + 1):
        if words[at] == run[0] and _stands(words, at, run, 1):
            if count < len(places):
                places[count] = at
            count += 1
    return count


@compiled
def longest_live(  # type: ignore[no-untyped-def]
    words, suffixes, asked, starts, lows, highs, layer_firsts, live, everything, looked
):
    """For every quotation the longest run that stands in a live layer: i64 (quotations, 2).

    Columns: words, and where it begins in `asked`, the first of several. everything: all layers are
    live. looked: so many places of one run are looked at; where none of so many is live the run
    counts as not there. Runs beyond `DEPTH` words are followed in the text.
    """
    found = np.zeros((len(starts) - 1, 2), np.int64)
    for quotation in range(len(starts) - 1):
        end = starts[quotation + 1]
        best, best_at = 0, starts[quotation]
        for at in range(starts[quotation], end):
            longest = 0
            while longest < DEPTH and highs[at, longest] > lows[at, longest]:
                longest += 1
            for length in range(longest, 0, -1):
                if length < DEPTH and length <= best:
                    break
                reached = 0
                last = min(highs[at, length - 1], lows[at, length - 1] + looked)
                for rank in range(lows[at, length - 1], last):
                    position = np.int64(suffixes[rank])
                    if position >= len(words):
                        continue
                    if not everything and not live[layer_of(layer_firsts, position)]:
                        continue
                    reach = length
                    if length == DEPTH:
                        while (
                            at + reach < end
                            and asked[at + reach]
                            and (words[position + reach] == asked[at + reach])
                        ):
                            reach += 1
                    reached = max(reached, reach)
                    if length < DEPTH:
                        break
                if reached > best:
                    best, best_at = reached, at
                if reached:
                    break
        found[quotation, 0], found[quotation, 1] = best, best_at
    return found
