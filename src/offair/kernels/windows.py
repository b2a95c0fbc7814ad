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
