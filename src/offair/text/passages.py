"""How much of a passage stands in another text: the best run of words that both have in order.

For finding a broadcast again, not for judging a quotation: words are equal or they are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WINDOW_WORDS = 32
"""A long passage is looked for piece by piece; half of each piece is in the next, so that of any
excerpt of it three quarters of a piece's words or the whole excerpt lie in one piece."""
FEWEST_WORDS = 12
"""So many words in a row are no formula. A shorter passage must stand there as it is."""
DENSITY = 0.7
"""Of the words between the first and the last in common, on either side, so many are in common:
two hearings of one sound, each with a seventh of its words wrong."""


@dataclass(frozen=True, slots=True)
class Common:
    """Words in common. first, last: range in the passage, half-open; spoken_first, spoken_last: in
    the other text. words: how many are in common."""

    first: int
    last: int
    spoken_first: int
    spoken_last: int
    words: int


def windows(words: int) -> Iterator[tuple[int, int]]:
    """The pieces of a passage of so many words, as half-open ranges that overlap by half."""
    if words <= WINDOW_WORDS:
        yield 0, words
        return
    step = WINDOW_WORDS // 2
    starts = [*range(0, words - WINDOW_WORDS, step), words - WINDOW_WORDS]
    yield from ((start, start + WINDOW_WORDS) for start in starts)


def common(passage: Sequence[str], spoken: Sequence[str]) -> Common | None:
    """The best run of words that both have in order, or None where it is no more than chance.

    A passage of fewer than `FEWEST_WORDS` words counts only where it stands as it is. Costs time
    in proportion to the product of the lengths at worst: give a piece and a few turns.
    """
    if not passage or len(passage) > len(spoken) + len(passage) // 2:
        return None
    matcher = SequenceMatcher(None, spoken, passage, autojunk=False)
    best: Common | None = None
    best_score = current_score = 0.0
    current: Common | None = None
    for place, start, size in matcher.get_matching_blocks():
        if not size:
            continue
        block = Common(start, start + size, place, place + size, size)
        gap = 0 if current is None else max(start - current.last, place - current.spoken_last)
        if current is None or current_score - gap <= 0:
            current, current_score = block, float(size)
        else:
            current_score += size - gap
            current = Common(
                current.first, block.last, current.spoken_first, block.spoken_last,
                current.words + size,
            )  # fmt: skip
        if current_score > best_score:
            best, best_score = current, current_score
    return best if best is not None and _enough(best, len(passage)) else None


def _enough(found: Common, words: int) -> bool:
    if words < FEWEST_WORDS:
        return found.words == words == found.spoken_last - found.spoken_first
    longest = max(found.last - found.first, found.spoken_last - found.spoken_first)
    return found.words >= FEWEST_WORDS and found.words >= DENSITY * longest
