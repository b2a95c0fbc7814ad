"""Where two hearings of the same sound may be joined, so that no word is lost or stands twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.model.time import Ms
from offair.text.attribute import HeardChunk

NEAR_MS: Ms = 500
"""Two hearings date the same word this far apart at most."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word at its midpoint in media time; `form` without case and marks."""

    middle: Ms
    form: str


@dataclass(frozen=True, slots=True)
class Seam:
    """Where the words of one hearing end and those of the other begin; `sure` where both agree."""

    at: Ms
    sure: bool


def placed_words(heard: Sequence[HeardChunk]) -> list[PlacedWord]:
    """The timed words of some chunks, by time."""
    placed = []
    for chunk in heard:
        for word in chunk.heard.words:
            if word.start is None or word.end is None:
                continue
            text = chunk.heard.text[word.char_start : word.char_end].casefold()
            middle = chunk.span.start + (word.start + word.end) // 2
            placed.append(PlacedWord(middle, "".join(one for one in text if one.isalnum())))
    return sorted(placed, key=lambda one: one.middle)


def seam(
    edge: Ms, before: Sequence[PlacedWord], after: Sequence[PlacedWord], *, within: Ms
) -> Seam:
    """The place nearest to `edge`, at most `within` ms off, where the words of `before` that stand
    to its left and those of `after` to its right make up what was said, each word once.

    Such a place lies behind a word that both hearings have, or where neither has a word near.
    Where there is none, `edge` itself, not `sure`.
    """
    if not any(abs(one.middle - edge) <= NEAR_MS for one in (*before, *after)):
        return Seam(edge, sure=True)
    best: Ms | None = None
    for index, one in enumerate(before):
        if abs(one.middle - edge) > within + NEAR_MS:
            continue
        for other_index, other in enumerate(after):
            if not one.form or one.form != other.form or abs(one.middle - other.middle) > NEAR_MS:
                continue
            low = max(one.middle, other.middle) + 1
            high = min(_next(before, index), _next(after, other_index))
            place = min(max(edge, low), high)
            if low <= high and abs(place - edge) <= within:
                best = place if best is None or abs(place - edge) < abs(best - edge) else best
    return Seam(edge, sure=False) if best is None else Seam(best, sure=True)


def _next(words: Sequence[PlacedWord], index: int) -> Ms:
    """The midpoint of the next word: the last place a seam before it can have."""
    return words[index + 1].middle if index + 1 < len(words) else 1 << 52
