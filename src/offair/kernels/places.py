"""Where the words of a quotation stand together: runs, seeds and chains over one suffix array.

Rows of words are as `suffixes` has them. Quotations of a batch stand in one row, too: `asked` holds
their words' ids, 0 where a word is unknown, `starts` where each begins (one more than quotations).
A run is narrowed word by word; a seed is the shortest run from a word on that is rare enough; its
places are drawn out as far as the words agree and then chained as in minimap2 (Li 2018): a chain is
paid the bits of its words and pays for what lies between its parts.
"""

from __future__ import annotations

import numpy as np

from offair.kernels.compiled import compiled, inlined
from offair.kernels.suffixes import DEPTH, sort_pairs

LOOKED_BACK = 64
"""So many parts before a part are tried as the one it follows."""

_PRICE_BETWEEN = 3.0
_MOST_FOR_A_SKIP = 12.0


@compiled
def narrowed(words, suffixes, low, high, depth, word):  # type: ignore[no-untyped-def]
    """The part of `suffixes[low:high]`, which agree in `depth` words, where `word` comes next."""
    total = np.int64(len(words))
    # One search until the word is met; the ends of its part lie on both sides of that.
    middle = low
    while low < high:
        middle = (low + high) >> 1
        at = np.int64(suffixes[middle]) + depth
        if at >= total or words[at] > word:
            high = middle
        elif words[at] < word:
            low = middle + 1
        else:
            break
    first, end = low, middle
    while first < end:
        half = (first + end) >> 1
        at = np.int64(suffixes[half]) + depth
        if at < total and words[at] < word:
            first = half + 1
        else:
            end = half
    last, end = middle, high
    while last < end:
        half = (last + end) >> 1
        at = np.int64(suffixes[half]) + depth
        if at < total and words[at] <= word:
            last = half + 1
        else:
            end = half
    return first, max(first, last)


@compiled
def runs(words, suffixes, offsets, asked, starts, lows, highs):  # type: ignore[no-untyped-def]
    """For every asked word and every length the part of the suffixes that begin with that run.

    lows, highs: i64 (asked words, DEPTH), zeros, written; `[i, d]` is for d + 1 words from i on.
    """
    total = np.int64(len(suffixes))
    for quotation in range(len(starts) - 1):
        end = starts[quotation + 1]
        for first in range(starts[quotation], end):
            word = np.int64(asked[first])
            if word == 0:
                continue
            low, high = np.int64(offsets[word]), min(np.int64(offsets[word + 1]), total)
            depth = 0
            while low < high:
                lows[first, depth], highs[first, depth] = low, high
                depth += 1
                if depth == DEPTH or first + depth == end or asked[first + depth] == 0:
                    break
                low, high = narrowed(words, suffixes, low, high, depth, asked[first + depth])


@compiled
def choose_seeds(totals, starts, most, often):  # type: ignore[no-untyped-def]
    """How many words the seed at every asked word has; 0 where it has none.

    totals: i64 (asked words, DEPTH), how often each run stands anywhere. most: i64, by quotation:
    the shortest run with no more places is the seed. A run that stays more frequent is one only
    where it cannot be made longer to the left either and has `often` words, or is all there is.
    """
    lengths = np.zeros(len(totals), np.int64)
    for quotation in range(len(starts) - 1):
        first, end = starts[quotation], starts[quotation + 1]
        before = 0
        for at in range(first, end):
            longest = 0
            while longest < DEPTH and totals[at, longest] > 0:
                longest += 1
            for depth in range(longest):
                if totals[at, depth] <= most[quotation]:
                    lengths[at] = depth + 1
                    break
            if lengths[at] == 0 and longest >= before and longest > 0:
                whole = at == first and longest == end - first
                if longest >= often or whole:
                    lengths[at] = longest
            before = longest
    return lengths


@inlined
def layer_of(layer_firsts, position):  # type: ignore[no-untyped-def]
    """The layer a position lies in. layer_firsts: u32, sorted, one more than layers."""
    low, high = 0, len(layer_firsts) - 1
    while high - low > 1:
        middle = (low + high) >> 1
        if layer_firsts[middle] <= position:
            low = middle
        else:
            high = middle
    return low


@compiled
def _gather(suffixes, lows, highs, lengths, first, end, layer_firsts, live, kept, looked, total):  # type: ignore[no-untyped-def]
    """Places of one quotation's seeds in live layers: (word, position, layer) each."""
    size = 0
    for at in range(first, end):
        if lengths[at]:
            depth = lengths[at] - 1
            size += min(highs[at, depth] - lows[at, depth], kept)
    found = np.empty((size, 3), np.int64)
    count = 0
    for at in range(first, end):
        if lengths[at] == 0:
            continue
        low, high = lows[at, lengths[at] - 1], highs[at, lengths[at] - 1]
        step = max(1, (high - low) // looked)
        taken, rank = 0, low
        while rank < high and taken < kept:
            position = np.int64(suffixes[rank])
            rank += step
            if position >= total:
                continue
            layer = layer_of(layer_firsts, position)
            if live[layer]:
                found[count, 0], found[count, 1], found[count, 2] = at, position, layer
                count += 1
                taken += 1
    return found[:count]


@compiled
def _drawn_out(words, asked, first, end, found):  # type: ignore[no-untyped-def]
    """Seeds made as long as the words agree, each once: (word, end word, position, layer)."""
    size = len(found)
    keys, order = np.empty(size, np.uint64), np.empty(size, np.uint32)
    for at in range(size):
        diagonal = np.uint64(found[at, 1] - found[at, 0] + np.int64(1 << 32))
        keys[at] = (diagonal << np.uint64(24)) | np.uint64(found[at, 0] - first)
        order[at] = at
    sort_pairs(keys, order, 0, size)
    parts = np.empty((size, 4), np.int64)
    count = 0
    for rank in range(size):
        word, position, layer = found[order[rank], 0], found[order[rank], 1], found[order[rank], 2]
        if count:
            same = parts[count - 1, 2] - parts[count - 1, 0] == position - word
            if same and word < parts[count - 1, 1]:
                continue
        left = word
        while (
            left > first
            and asked[left - 1]
            and (
                position - (word - left) > 0
                and words[position - (word - left) - 1] == asked[left - 1]
            )
        ):
            left -= 1
        right = word
        while right < end and asked[right] and words[position + right - word] == asked[right]:
            right += 1
        parts[count, 0], parts[count, 1] = left, right
        parts[count, 2], parts[count, 3] = position - (word - left), layer
        count += 1
    keys, order = np.empty(count, np.uint64), np.empty(count, np.uint32)
    for at in range(count):
        keys[at] = (np.uint64(parts[at, 2]) << np.uint64(24)) | np.uint64(parts[at, 0] - first)
        order[at] = at
    sort_pairs(keys, order, 0, count)
    in_order = np.empty((count, 4), np.int64)
    for rank in range(count):
        for column in range(4):
            in_order[rank, column] = parts[order[rank], column]
    return in_order


@compiled
def _chained(parts, bits, span):  # type: ignore[no-untyped-def]
    """Score of the best chain that ends with each part, and the part before it (-1: none).

    parts: by position. bits: f64, sums up to each asked word, one more than words.
    """
    size = len(parts)
    scores, before = np.empty(size), np.empty(size, np.int64)
    for at in range(size):
        before[at] = -1
        word, word_end = parts[at, 0], parts[at, 1]
        position, layer = parts[at, 2], parts[at, 3]
        best = bits[word_end] - bits[word]
        for back in range(at - 1, max(-1, at - 1 - LOOKED_BACK), -1):
            if position - parts[back, 2] > span + parts[back, 1] - parts[back, 0]:
                break
            other_word_end = parts[back, 1]
            other_end = parts[back, 2] + other_word_end - parts[back, 0]
            shared = max(0, other_word_end - word, other_end - position)
            if shared >= word_end - word or parts[back, 3] != layer:
                continue
            if parts[back, 0] >= word or parts[back, 2] >= position:
                continue
            printed = word + shared - other_word_end
            spoken = position + shared - other_end
            price = _PRICE_BETWEEN * min(printed, spoken)
            price += min(_PRICE_BETWEEN * abs(printed - spoken), _MOST_FOR_A_SKIP)
            score = scores[back] + bits[word_end] - bits[word + shared] - price
            if score > best:
                best, before[at] = score, back
        scores[at] = best
    return scores, before


@compiled
def _best_first(scores):  # type: ignore[no-untyped-def]
    """Places of the scores (above 0, by the thousandth), the greatest first."""
    keys, order = np.empty(len(scores), np.uint64), np.empty(len(scores), np.uint32)
    for at in range(len(scores)):
        keys[at] = np.uint64(1 << 48) - np.uint64(max(scores[at], 0.0) * 1000)
        order[at] = at
    sort_pairs(keys, order, 0, len(scores))
    return order


@compiled
def chains(words, suffixes, asked, starts, lows, highs, lengths, bits, layer_firsts, live, kept):  # type: ignore[no-untyped-def]
    """Chains of seeds in live layers, every seed in one: f64 (chains, 7), quotation by quotation.

    Columns: quotation, score in bits, first word, end word (of `asked`), first position, end
    position, layer. bits: as in `_chained`. kept: i64, by quotation, the places taken of one seed;
    eight times as many are looked at for live ones.
    """
    total = np.int64(len(words))
    size = 0
    for quotation in range(len(starts) - 1):
        for at in range(starts[quotation], starts[quotation + 1]):
            if lengths[at]:
                depth = lengths[at] - 1
                size += min(highs[at, depth] - lows[at, depth], kept[quotation])
    made = np.empty((size, 7))
    count = 0
    for quotation in range(len(starts) - 1):
        first, end = starts[quotation], starts[quotation + 1]
        most = kept[quotation]
        found = _gather(
            suffixes, lows, highs, lengths, first, end, layer_firsts, live, most, 8 * most, total
        )
        parts = _drawn_out(words, asked, first, end, found)
        span = 2 * (end - first) + 40
        scores, before = _chained(parts, bits, span)
        used = np.zeros(len(parts), np.bool_)
        for at in _best_first(scores):
            if used[at]:
                continue
            score, begin = scores[at], at
            used[at] = True
            while before[begin] >= 0 and not used[before[begin]]:
                begin = before[begin]
                used[begin] = True
            if before[begin] >= 0:
                # What comes before belongs to a better chain: this one is paid its own parts only.
                score -= scores[before[begin]]
            made[count, 0], made[count, 1] = quotation, score
            made[count, 2], made[count, 3] = parts[begin, 0], parts[at, 1]
            made[count, 4] = parts[begin, 2]
            made[count, 5] = parts[at, 2] + parts[at, 1] - parts[at, 0]
            made[count, 6] = parts[at, 3]
            count += 1
    return made[:count]


@compiled
def choose_chains(made, order, starts, best, a_word, most):  # type: ignore[no-untyped-def]
    """Which chains are worth aligning: bool (chains,).

    made: as `chains` gives them, of all shards. order: of all chains, quotation by quotation, the
    best first. best: so many of each quotation; and of those that hold a word which its best chain
    does not hold, `a_word` for each such word; never more than `most`.
    """
    chosen = np.zeros(len(made), np.bool_)
    at = 0
    while at < len(order):
        quotation = np.int64(made[order[at], 0])
        first = starts[quotation]
        wanted = np.empty(starts[quotation + 1] - first, np.int64)
        for word in range(len(wanted)):
            wanted[word] = a_word
        taken = rank = 0
        while at < len(order) and np.int64(made[order[at], 0]) == quotation:
            chain = order[at]
            low, high = np.int64(made[chain, 2]) - first, np.int64(made[chain, 3]) - first
            take = rank < best
            for word in range(low, high):
                if wanted[word] > 0:
                    take = True
            if rank == 0:
                for word in range(low, high):
                    wanted[word] = 0
            if take and taken < most:
                chosen[chain] = True
                taken += 1
                for word in range(low, high):
                    wanted[word] -= 1
            rank += 1
            at += 1
    return chosen


@compiled
def touch(column):  # type: ignore[no-untyped-def]
    """Read one number of every page of a column, so that its file lies in memory afterwards."""
    step = max(1, 4096 // column.itemsize)
    total = np.uint64(0)
    for at in range(0, len(column), step):
        total += np.uint64(column[at])
    return total
