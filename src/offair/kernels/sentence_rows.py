"""Which sentences hold a row of words, and who said them when, by the numbers of the sentences.

Words, suffixes and sentences are as `suffixes` and the columns of a quotation index have them: a
sentence is a row, its number; it ends where the next begins, the last with the words.
"""

from __future__ import annotations

import numpy as np

from offair.kernels.compiled import compiled

BLOCK_BITS = 6
"""The sentence of every 64th word is noted: about three sentences are looked at from there on."""
_AT_ONCE = 8


@compiled
def note_blocks(sentences, blocks):  # type: ignore[no-untyped-def]
    """Write the last sentence that begins at or before each block of words. blocks: u32, one for
    each 64 words and one more."""
    row = np.int64(0)
    total = np.int64(len(sentences))
    for block in range(len(blocks)):
        first = np.int64(block) << BLOCK_BITS
        while row + 1 < total and np.int64(sentences[row + 1]) <= first:
            row += 1
        blocks[block] = row


@compiled
def rows_of_places(places, length, sentences, blocks, words, inside, rows):  # type: ignore[no-untyped-def]
    """The sentences in which a run begins, each once: how many, and in `rows` (i64) which.

    places: u32, sorted, where the run begins. length: its words. words: how many there are.
    inside: whether it has to end in the same sentence.
    """
    total = np.int64(len(sentences))
    count = 0
    # Loads that wait for none before them: the numbers lie all over the memory.
    for at in range(len(places)):
        place = np.int64(places[at])
        if place >= words:
            break
        rows[at] = blocks[place >> BLOCK_BITS]
        count += 1
    found, last = 0, np.int64(-1)
    for at in range(count):
        place = np.int64(places[at])
        row = rows[at]
        if row + _AT_ONCE < total:
            first, ahead = row, np.int64(0)
            for step in range(1, _AT_ONCE + 1):
                ahead += np.int64(sentences[first + step]) <= place
            row += ahead
        while row + 1 < total and np.int64(sentences[row + 1]) <= place:
            row += 1
        end = np.int64(sentences[row + 1]) if row + 1 < total else np.int64(words)
        if row != last and (not inside or place + length <= end):
            rows[found] = row
            last = row
            found += 1
    return found


@compiled
def keep_rows(rows, sentences, words, run, inside, wanted, kept):  # type: ignore[no-untyped-def]
    """Those of the sentences in which a run begins, or where it is not `wanted`, those in which it
    does not: how many, and in `kept` (i64) which. run: i64, no 0. inside: as above."""
    total = np.int64(len(sentences))
    count = np.int64(len(words))
    length = np.int64(len(run))
    found = 0
    for at in range(len(rows)):
        row = rows[at]
        end = min(count, np.int64(sentences[row + 1])) if row + 1 < total else count
        last = (end if inside else min(count, end + length - 1)) - length
        there = False
        for place in range(np.int64(sentences[row]), last + 1):
            if words[place] != run[0]:
                continue
            there = True
            for step in range(1, length):
                if words[place + step] != run[step]:
                    there = False
                    break
            if there:
                break
        if there == wanted:
            kept[found] = row
            found += 1
    return found


@compiled
def count_rows(rows, spoken, firsts, speakers, layers):  # type: ignore[no-untyped-def]
    """Add how many of the sentences each speaker and each layer has.

    rows: i64, sorted. spoken: u32, the speaker of every sentence. firsts: i64, the first sentence
    of each layer. speakers, layers: i64, one for each.
    """
    total = np.int64(len(firsts))
    layer = np.int64(0)
    for at in range(len(rows)):
        row = rows[at]
        while layer + 1 < total and firsts[layer + 1] <= row:
            layer += 1
        layers[layer] += 1
        speaker = np.int64(spoken[row]) if row < len(spoken) else np.int64(len(speakers))
        if speaker < len(speakers):
            speakers[speaker] += 1
