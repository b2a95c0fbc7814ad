"""Every place of a text within so many edits of a row of words: exact, word by word, no index.

Myers' bit-parallel edit distance (1999) in Hyyrö's form (2003), over word ids instead of letters:
a column of the table of distances is two numbers of 64 bits for 64 words. A place is counted once:
of ends that lie less than the row's length apart the best is kept, of equals the first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from offair.kernels.compiled import compiled, inlined
from offair.kernels.suffixes import SEPARATOR

MOST_WORDS = 1024
"""The longest row of words that is scanned for."""

_BLOCK = 64


def patterns_of(
    run: NDArray[np.int64], distinct: int
) -> tuple[NDArray[np.uint16], NDArray[np.uint64]]:
    """What `scan` needs to know of a row of 1…1,024 word ids, 0 where a word is unknown.

    Gives u16 (distinct + 1,), a number for each id, 0 for those that do not occur in the row, and
    u64 (numbers, blocks), the bits of the places where each stands.
    """
    numbers = np.zeros(distinct + 1, np.uint16)
    ids = np.unique(run[run != SEPARATOR])
    numbers[ids] = np.arange(1, len(ids) + 1)
    bits = np.zeros((len(ids) + 1, -(-len(run) // _BLOCK)), np.uint64)
    for at, word in enumerate(run.tolist()):
        if word:
            bits[numbers[word], at // _BLOCK] |= np.uint64(1 << (at % _BLOCK))
    return numbers, bits


@inlined
def _keep(found, counts, edits, end, layer):  # type: ignore[no-untyped-def]
    if counts[edits] < found.shape[1]:
        found[edits, counts[edits], 0] = end
        found[edits, counts[edits], 1] = layer
    counts[edits] += 1


@compiled
def scan(words, layer_firsts, order, numbers, bits, length, edits, found, counts):  # type: ignore[no-untyped-def]
    """Scan the layers of `order` for a row of at most 64 words (`bits` has one column).

    found: i64 (edits + 1, kept, 2), for each number of edits the first places in that order: end
    position and layer. counts: i64 (edits + 1,), how many places there are.
    """
    top = np.uint64(1) << np.uint64(length - 1)
    one, none, every = np.uint64(1), np.uint64(0), ~np.uint64(0)
    known = len(numbers)
    for layer in order:
        plus, minus = every, none
        distance = np.int64(length)
        best, best_end = np.int64(edits + 1), np.int64(0)
        for at in range(layer_firsts[layer], layer_firsts[layer + 1] - 1):
            word = words[at]
            equal = bits[numbers[word], 0] if word < known else none
            vertical = equal | minus
            horizontal = (((equal & plus) + plus) ^ plus) | equal
            up = minus | ~(horizontal | plus)
            down = plus & horizontal
            distance += np.int64((up & top) != none) - np.int64((down & top) != none)
            up <<= one
            down <<= one
            plus = down | ~(vertical | up)
            minus = up & vertical
            if distance <= edits:
                if best <= edits and at + 1 - best_end >= length:
                    _keep(found, counts, best, best_end, layer)
                    best = np.int64(edits + 1)
                if distance < best:
                    best, best_end = distance, np.int64(at + 1)
        if best <= edits:
            _keep(found, counts, best, best_end, layer)


@compiled
def scan_blocks(words, layer_firsts, order, numbers, bits, length, edits, found, counts):  # type: ignore[no-untyped-def]
    """The same for a row of any length, block by block of 64 words."""
    blocks = bits.shape[1]
    one, none = np.uint64(1), np.uint64(0)
    tops = np.empty(blocks, np.uint64)
    for block in range(blocks):
        tops[block] = one << np.uint64(_BLOCK - 1)
    tops[blocks - 1] = one << np.uint64((length - 1) % _BLOCK)
    plus, minus = np.empty(blocks, np.uint64), np.empty(blocks, np.uint64)
    known = len(numbers)
    for layer in order:
        for block in range(blocks):
            plus[block], minus[block] = ~none, none
        distance = np.int64(length)
        best, best_end = np.int64(edits + 1), np.int64(0)
        for at in range(layer_firsts[layer], layer_firsts[layer + 1] - 1):
            word = words[at]
            number = np.int64(numbers[word]) if word < known else np.int64(0)
            carried = np.int64(0)
            for block in range(blocks):
                equal = bits[number, block]
                vertical = equal | minus[block]
                if carried < 0:
                    equal |= one
                horizontal = (((equal & plus[block]) + plus[block]) ^ plus[block]) | equal
                up = minus[block] | ~(horizontal | plus[block])
                down = plus[block] & horizontal
                carry = np.int64((up & tops[block]) != none) - np.int64(
                    (down & tops[block]) != none
                )
                up <<= one
                down <<= one
                if carried < 0:
                    down |= one
                elif carried > 0:
                    up |= one
                plus[block] = down | ~(vertical | up)
                minus[block] = up & vertical
                carried = carry
            distance += carried
            if distance <= edits:
                if best <= edits and at + 1 - best_end >= length:
                    _keep(found, counts, best, best_end, layer)
                    best = np.int64(edits + 1)
                if distance < best:
                    best, best_end = distance, np.int64(at + 1)
        if best <= edits:
            _keep(found, counts, best, best_end, layer)


@compiled
def begin_of(words, low, end, run, edits):  # type: ignore[no-untyped-def]
    """Where the best alignment of a row of words that ends before `end` begins, not before `low`.

    run: i64, 0 where a word is unknown. Of several beginnings the one whose length is nearest to
    the row's, and of two such the later.
    """
    length = len(run)
    reach = min(end - low, length + edits)
    above, here = np.arange(length + 1), np.empty(length + 1, np.int64)
    best, best_length = above[length], 0
    for back in range(1, reach + 1):
        word = words[end - back]
        here[0] = back
        for at in range(1, length + 1):
            other = run[length - at]
            changed = above[at - 1] + (0 if word == other and other != 0 else 1)
            here[at] = min(changed, above[at] + 1, here[at - 1] + 1)
        nearer = abs(back - length) < abs(best_length - length)
        if here[length] < best or (here[length] == best and nearer):
            best, best_length = here[length], back
        above, here = here, above
    return end - best_length


def scan_plainly(words: Sequence[int], run: Sequence[int], edits: int) -> list[tuple[int, int]]:
    """The places in a row of words without separators, by the whole table of distances: (end
    position, edits) in order; what the scans are tested against."""
    column = list(range(len(run) + 1))
    places: list[tuple[int, int]] = []
    for end, word in enumerate(words, start=1):
        fresh = [0]
        for at, other in enumerate(run, start=1):
            same = word == other and other != SEPARATOR
            fresh.append(min(column[at - 1] + (not same), column[at] + 1, fresh[at - 1] + 1))
        column = fresh
        if column[-1] > edits:
            continue
        if places and end - places[-1][0] < len(run):
            if column[-1] < places[-1][1]:
                places[-1] = (end, column[-1])
        else:
            places.append((end, column[-1]))
    return places
