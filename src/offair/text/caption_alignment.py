"""Which words of a caption track are which words of the speech: matched pairs, in order.

Captions lag what is said and leave words out, so pairs are looked for in a window of time only.
Among all pairs of equal words the heaviest chain that runs forwards in both texts is taken (the
longest common subsequence by matches, Hunt & Szymanski 1977, with weights: a pair whose neighbours
match too weighs more). Time grows with the number of pairs, not with the product of the lengths.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from offair.model.time import Ms
from offair.model.transcript import Turn
from offair.text.tokenise import TokenKind, tokens

EARLIEST_MS: Ms = -3_000
"""How far a caption may run ahead of its word (captions made before the broadcast do)."""
LATEST_MS: Ms = 20_000
"""How far it may lag behind it."""
PAIRS_OF_A_WORD = 24
"""Of more words that might be the one captioned, those nearest to the usual lag are weighed."""
_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class TimedToken:
    """A token of a text with the time of its word.

    turn: index of its turn in what was given. word: index of its word in that turn.
    """

    form: str
    start: Ms
    end: Ms
    turn: int
    word: int


def timed_tokens(turns: Sequence[Turn], language: str | None = None) -> tuple[TimedToken, ...]:
    """The tokens of turns in order, without sounds of hesitation and words without time."""
    found: list[TimedToken] = []
    for number, turn in enumerate(turns):
        place = 0
        for token in tokens(turn.text, language):
            while place < len(turn.words) and turn.words.char_end[place] <= token.char_start:
                place += 1
            if place == len(turn.words) or token.kind is TokenKind.FILLER:
                continue
            word = turn.words[place]
            if word.char_start < token.char_end and word.start is not None:
                end = word.start if word.end is None else word.end
                found.append(TimedToken(token.form, word.start, end, number, place))
    return tuple(found)


def matched_pairs(
    speech: Sequence[TimedToken],
    captions: Sequence[TimedToken],
    *,
    earliest_ms: Ms = EARLIEST_MS,
    latest_ms: Ms = LATEST_MS,
) -> tuple[tuple[int, int], ...]:
    """Pairs (index in `speech`, index in `captions`) of equal tokens, rising in both.

    A pair's caption begins between `earliest_ms` and `latest_ms` after its spoken word does.
    """
    places: dict[str, list[tuple[Ms, int]]] = {}
    for index, token in enumerate(speech):
        places.setdefault(token.form, []).append((token.start, index))
    for same in places.values():
        same.sort()
    lag = usual_lag(speech, captions, earliest_ms=earliest_ms, latest_ms=latest_ms)
    chain = _Chain(len(speech))
    for index, caption in enumerate(captions):
        same = places.get(caption.form, [])
        first = bisect_left(same, (caption.start - latest_ms, -1))
        last = bisect_right(same, (caption.start - earliest_ms, len(speech)))
        near = _nearest(same, first, last, caption.start - lag)
        # From the last word to the first: one caption word is never paired twice.
        for place in sorted((place for _, place in near), reverse=True):
            chain.add(place, index, 1 + _context(speech, captions, place, index))
    return chain.best()


def usual_lag(
    speech: Sequence[TimedToken],
    captions: Sequence[TimedToken],
    *,
    earliest_ms: Ms = EARLIEST_MS,
    latest_ms: Ms = LATEST_MS,
) -> Ms:
    """How far the captions lag, as the median over three words that each text has only once.

    0 where no three words are the same in both.
    """
    ours, theirs = _only_once(speech), _only_once(captions)
    lags = sorted(
        captions[theirs[words]].start - speech[place].start
        for words, place in ours.items()
        if words in theirs
    )
    lags = [lag for lag in lags if earliest_ms <= lag <= latest_ms]
    return lags[len(lags) // 2] if lags else 0


def _only_once(words: Sequence[TimedToken]) -> dict[tuple[str, str, str], int]:
    forms = [word.form for word in words]
    threes = list(zip(forms, forms[1:], forms[2:], strict=False))
    counts = Counter(threes)
    return {three: place for place, three in enumerate(threes) if counts[three] == 1}


def _nearest(
    same: Sequence[tuple[Ms, int]], first: int, last: int, wanted: Ms
) -> Sequence[tuple[Ms, int]]:
    """The entries of `same[first:last]`, or of more than enough those nearest to a time."""
    if last - first <= PAIRS_OF_A_WORD:
        return same[first:last]
    middle = bisect_left(same, (wanted, -1), first, last)
    begin = min(max(first, middle - PAIRS_OF_A_WORD // 2), last - PAIRS_OF_A_WORD)
    return same[begin : begin + PAIRS_OF_A_WORD]


def _context(
    speech: Sequence[TimedToken], captions: Sequence[TimedToken], one: int, other: int
) -> int:
    """How many of the words around are equal too."""
    count = 0
    for step in (*range(-_CONTEXT, 0), *range(1, _CONTEXT + 1)):
        ours, theirs = one + step, other + step
        if 0 <= ours < len(speech) and 0 <= theirs < len(captions):
            count += speech[ours].form == captions[theirs].form
    return count


class _Chain:
    """The heaviest chain of pairs so far, for every last spoken word (a tree of prefix maxima)."""

    def __init__(self, length: int) -> None:
        self._tree: list[tuple[int, int]] = [(0, -1)] * (length + 1)
        self._pairs: list[tuple[int, int, int]] = []

    def add(self, one: int, other: int, weight: int) -> None:
        """A pair; of one `other`, pairs come with falling `one`."""
        total, before = 0, -1
        index = one
        while index > 0:
            if self._tree[index][0] > total:
                total, before = self._tree[index]
            index -= index & -index
        self._pairs.append((one, other, before))
        entry = (total + weight, len(self._pairs) - 1)
        index = one + 1
        while index < len(self._tree):
            if self._tree[index][0] < entry[0]:
                self._tree[index] = entry
            index += index & -index

    def best(self) -> tuple[tuple[int, int], ...]:
        """The pairs of the heaviest chain, in order; of equal chains the one found first."""
        total, place = 0, -1
        index = len(self._tree) - 1
        while index > 0:
            if self._tree[index][0] > total:
                total, place = self._tree[index]
            index -= index & -index
        chain = []
        while place >= 0:
            one, other, place = self._pairs[place]
            chain.append((one, other))
        return tuple(reversed(chain))
