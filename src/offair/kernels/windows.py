"""The best alignment of a quotation's words with a short stretch of a text, by word ids alone.

Local alignment (Smith and Waterman 1981) that is paid a word's bits where the ids are equal and
pays for each word changed, added or left out; words of the text may also be skipped in any number
at one price, as an ellipsis does. It ranks stretches; what is shown to anybody is aligned anew.
"""

from __future__ import annotations

import numpy as np

from offair.kernels.compiled import compiled

PRICE = 5.0
"""Bits that an edit costs. A finding pays more; but a stretch with many small changes must not be
lost behind the formulae of another: of 1,000 quotations of 20 words, 15 % substituted and 15 %
dropped, 1.9 % were lost at 10 and a skip of 20, 1.2 % at 4 and a skip of 15."""

SKIP_PRICE = 15.0
"""Bits that leaving out a stretch of the text costs, however long."""

_END, _PAIR, _TEXT, _ASKED, _SKIP = 0, 1, 2, 3, 4


@compiled
def _fill(words, low, high, asked, first, end, bits, moves, skips):  # type: ignore[no-untyped-def]
    """Fill the table of moves; gives the best score and where it ends (row, column)."""
    width = end - first
    above, skipping = np.zeros(width + 1), np.zeros(width + 1) - np.inf
    here = np.zeros(width + 1)
    best, best_row, best_column = 0.0, 0, 0
    for row in range(1, high - low + 1):
        word = words[low + row - 1]
        for column in range(1, width + 1):
            other = asked[first + column - 1]
            pair = above[column - 1]
            if word == other and other != 0:
                pair += bits[first + column] - bits[first + column - 1]
            else:
                pair -= PRICE
            score, move = 0.0, _END
            if pair > score:
                score, move = pair, _PAIR
            if above[column] - PRICE > score:
                score, move = above[column] - PRICE, _TEXT
            if here[column - 1] - PRICE > score:
                score, move = here[column - 1] - PRICE, _ASKED
            begun = above[column] - SKIP_PRICE
            skips[row, column] = begun >= skipping[column]
            if begun >= skipping[column]:
                skipping[column] = begun
            if skipping[column] > score:
                score, move = skipping[column], _SKIP
            here[column] = score
            moves[row, column] = move
            if score > best:
                best, best_row, best_column = score, row, column
        above, here = here, above
        here[0] = 0.0
    return best, best_row, best_column


@compiled
def align_chains(words, asked, starts, bits, chains, layer_firsts):  # type: ignore[no-untyped-def]
    """Align quotations where chains (as `places.chains` has them) say that they may stand.

    Each is looked for around its chain, as far as the words before and after it reach, and some
    more; never beyond its layer. Gives f64 (chains, 7): quotation, layer, and the five columns of
    `align`; and bool (chains, longest quotation), as `align` does.
    """
    size = len(chains)
    quotations = np.empty(size, np.int64)
    lows, highs = np.empty(size, np.int64), np.empty(size, np.int64)
    made = np.empty((size, 7))
    for at in range(size):
        quotation, layer = np.int64(chains[at, 0]), np.int64(chains[at, 6])
        first, end = starts[quotation], starts[quotation + 1]
        length = end - first
        margin = 8 + length // 4
        low = np.int64(chains[at, 4]) - (np.int64(chains[at, 2]) - first) - margin
        high = np.int64(chains[at, 5]) + (end - np.int64(chains[at, 3])) + margin
        low = max(low, np.int64(layer_firsts[layer]))
        high = min(high, np.int64(layer_firsts[layer + 1]) - 1, low + 8 * length + 256)
        quotations[at], lows[at], highs[at] = quotation, low, high
        made[at, 0], made[at, 1] = quotation, layer
    results, matched = align(words, asked, starts, bits, quotations, lows, highs)
    made[:, 2:] = results
    return made, matched


@compiled
def choose_stretches(matched, bits, most, least):  # type: ignore[no-untyped-def]
    """The first stretch, and up to `most` in all that have words which those chosen have not.

    matched: bool (stretches, words), the best first. bits: f64, sums up to each word, one more than
    words. least: bits of such words that are worth a stretch. Gives i64, in the order chosen.
    """
    chosen = np.zeros(max(most, 1), np.int64)
    count = 1
    missing = np.empty(matched.shape[1])
    for word in range(matched.shape[1]):
        missing[word] = 0.0 if matched[0, word] else bits[word + 1] - bits[word]
    while count < most:
        best, most_gained = 0, -1.0
        for at in range(len(matched)):
            gained = 0.0
            for word in range(matched.shape[1]):
                if matched[at, word]:
                    gained += missing[word]
            if gained > most_gained:
                best, most_gained = at, gained
        if most_gained < least:
            break
        chosen[count] = best
        count += 1
        for word in range(matched.shape[1]):
            if matched[best, word]:
                missing[word] = 0.0
    return chosen[:count]


@compiled
def align(words, asked, starts, bits, quotations, lows, highs):  # type: ignore[no-untyped-def]
    """Align each quotation with its window `words[low:high]`; quotations as in `places`.

    Gives f64 (windows, 5): score, first word and end word of the quotation (counted from its own
    start), first position and end position (0, 0, low, low where nothing agrees); and bool
    (windows, longest quotation): the words that stand there as they are.
    """
    longest = widest = 0
    for at in range(len(quotations)):
        longest = max(longest, starts[quotations[at] + 1] - starts[quotations[at]])
        widest = max(widest, highs[at] - lows[at])
    moves = np.zeros((widest + 1, longest + 1), np.uint8)
    skips = np.zeros((widest + 1, longest + 1), np.bool_)
    results = np.zeros((len(quotations), 5))
    matched = np.zeros((len(quotations), longest), np.bool_)
    for at in range(len(quotations)):
        first, end = starts[quotations[at]], starts[quotations[at] + 1]
        low = lows[at]
        score, row, column = _fill(words, low, highs[at], asked, first, end, bits, moves, skips)
        results[at, 0], results[at, 2], results[at, 4] = score, column, low + row
        while row > 0 and column > 0:
            move = moves[row, column]
            if move == _END:
                break
            if move == _PAIR:
                row -= 1
                column -= 1
                matched[at, column] = words[low + row] == asked[first + column]
            elif move == _TEXT:
                row -= 1
            elif move == _ASKED:
                column -= 1
            else:
                while not skips[row, column]:
                    row -= 1
                row -= 1
        results[at, 1], results[at, 3] = column, low + row
    return results, matched
