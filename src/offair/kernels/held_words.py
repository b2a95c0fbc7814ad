"""Which sentences hold most of some words, each in any of its forms.

Words, suffixes and sentences are as `suffixes` and the columns of a quotation index have them. In a
table it is noted which of the rarest words stand in each block of the archive, so that most places
of a rare word are passed over without reading what stands around them.
"""

from __future__ import annotations

import numpy as np

from offair.kernels.compiled import compiled, inlined
from offair.kernels.places import layer_of

BLOCK_BITS = 6
"""Words are noted by blocks of 64; what is looked at around a word is its block and both beside."""
NOTED = 16
"""So many words are noted at most: each has a bit."""
_AROUND = 64
_FILTER = 1024


@compiled
def note_word(suffixes, low, high, bit, noted):  # type: ignore[no-untyped-def]
    """Set a word's bit (u16) in every block in which one of its forms stands, by the suffixes of
    that form. noted: u16, one for each block."""
    for rank in range(low, high):
        block = np.int64(suffixes[rank]) >> BLOCK_BITS
        if block < len(noted):
            noted[block] |= bit


@compiled
def keep_places(places, count, noted, light, heavy, needed):  # type: ignore[no-untyped-def]
    """Keep those of the first `count` places (u32) around which words of so much weight are noted;
    how many they are, and in `places` which.

    light, heavy: f64 (256,), the weight of the words whose bits are set in the low and the high
    half of what is noted.
    """
    kept = 0
    for at in range(count):
        block = np.int64(places[at]) >> BLOCK_BITS
        if block >= len(noted):
            continue
        around = noted[block]
        if block > 0:
            around |= noted[block - 1]
        if block + 1 < len(noted):
            around |= noted[block + 1]
        if light[around & 255] + heavy[around >> 8] >= needed:
            places[kept] = places[at]
            kept += 1
    return kept


@inlined
def _row_of(sentences, place):  # type: ignore[no-untyped-def]
    """The last sentence that begins at or before a place."""
    low, high = np.int64(0), np.int64(len(sentences))
    while high - low > 1:
        middle = (low + high) >> 1
        if np.int64(sentences[middle]) <= place:
            low = middle
        else:
            high = middle
    return low


@inlined
def _word_of(ids, of, word):  # type: ignore[no-untyped-def]
    """The number of the word that an id is a form of, or -1. ids: sorted."""
    low, high = 0, len(ids)
    while low < high:
        middle = (low + high) >> 1
        if ids[middle] < word:
            low = middle + 1
        else:
            high = middle
    return of[low] if low < len(ids) and ids[low] == word else -1


@inlined
def _held(words, first, end, likely, ids, of, weights, held):  # type: ignore[no-untyped-def]
    """The weight of the words that stand in a range, each counted once, and how many they are.
    held: bool, one for each word; written over."""
    held[:] = False
    weight, count = 0.0, 0
    for place in range(first, end):
        word = np.int64(words[place])
        if likely[word & (_FILTER - 1)]:
            known = _word_of(ids, of, word)
            if known >= 0 and not held[known]:
                held[known] = True
                weight += weights[known]
                count += 1
    return weight, count


@compiled
def best_sentences(  # type: ignore[no-untyped-def]
    words, places, ids, of, weights, wanted, least, sentences, layer_firsts, live, rows, worth
):
    """Of the sentences in which these places are, those of live layers that hold words of at least
    `wanted` weight, `least` of them: how many, and in `rows` (i64) and `worth` (f64) the best: the
    greatest weight first, of equal ones the first in the archive.

    places: u32, sorted. ids: i64, all forms, sorted; of: i64, the number of the word each is a form
    of; weights: f64, of the words. layer_firsts, live: as everywhere.
    """
    most = len(rows)
    total, end_of_all = np.int64(len(sentences)), np.int64(len(words))
    held = np.zeros(len(weights), np.bool_)
    likely = np.zeros(_FILTER, np.bool_)
    for at in range(len(ids)):
        likely[ids[at] & (_FILTER - 1)] = True
    found, last = 0, np.int64(-1)
    for at_place in places:
        place = np.int64(at_place)
        # Which sentence it is costs more to find out than what stands around.
        low, high = max(place - _AROUND, 0), min(place + _AROUND, end_of_all)
        weight, count = _held(words, low, high, likely, ids, of, weights, held)
        if weight < wanted or count < least:
            continue
        row = _row_of(sentences, place)
        if row == last:
            continue
        last = row
        end = np.int64(sentences[row + 1]) if row + 1 < total else end_of_all
        low, high = np.int64(sentences[row]), min(end, end_of_all)
        weight, count = _held(words, low, high, likely, ids, of, weights, held)
        if weight < wanted or count < least or not live[layer_of(layer_firsts, place)]:
            continue
        at = found
        while at > 0 and worth[at - 1] < weight:
            at -= 1
        if at == most:
            continue
        found = min(found + 1, most)
        for one in range(found - 1, at, -1):
            rows[one], worth[one] = rows[one - 1], worth[one - 1]
        rows[at], worth[at] = row, weight
    return found
