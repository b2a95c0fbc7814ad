"""Where words of a text stand after it was changed, split or merged: what is pinned goes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import regex

_WORD_RE = regex.compile(r"\S+")
_LONGEST_DIFF = 4_000
"""Words between what two texts have in common at their ends that are held against each other; of a
longer stretch the ends alone count."""


@dataclass(frozen=True, slots=True)
class CarriedPlace:
    """Where words stand now. text: which of the new texts, from 0. unchanged: every one of them is
    as it was, and nothing stands between them that did not."""

    text: int
    char_start: int
    char_end: int
    unchanged: bool


@dataclass(frozen=True, slots=True)
class _Word:
    text: int
    start: int
    end: int
    form: str


def carried_place(
    before: Sequence[str], after: Sequence[str], text: int, char_start: int, char_end: int
) -> CarriedPlace | None:
    """Where a range of one of the texts in `before` stands in those that took their place; None
    where its words are gone. Words that were replaced are where their replacement stands; of a
    range that was split, the part in the first text.

    text: which of `before`, from 0. char_start, char_end: in it, half-open; an empty range, or one
    without a word, stays before the word that follows it.
    """
    old, new = _words(before), _words(after)
    first, last = _touched(old, text, char_start, char_end)
    pairs = _pairs([one.form for one in old], [one.form for one in new])
    if first == last:
        return _before_word(new, pairs.get(first), after)
    mapped = [pairs[at] for at in range(first, last) if at in pairs]
    low, high = _between(pairs, first, last, len(old), len(new))
    if not mapped or first not in pairs:
        mapped = [*range(low, mapped[0] if mapped else high), *mapped]
    if mapped and last - 1 not in pairs:
        mapped = [*mapped, *range(mapped[-1] + 1, high)]
    if not mapped:
        return None
    there = new[mapped[0]].text
    kept = [at for at in mapped if new[at].text == there]
    begin, end = new[kept[0]], new[kept[-1]]
    whole = len(kept) == last - first == kept[-1] - kept[0] + 1
    if not whole or first not in pairs or last - 1 not in pairs:
        return CarriedPlace(there, begin.start, end.end, False)
    # Inside a first or last word that stands as it did, the range begins and ends where it did.
    head = max(0, char_start - old[first].start)
    tail = max(0, old[last - 1].end - char_end)
    return CarriedPlace(there, begin.start + head, end.end - tail, True)


def _words(texts: Sequence[str]) -> list[_Word]:
    return [
        _Word(number, *match.span(), match.group())
        for number, text in enumerate(texts)
        for match in _WORD_RE.finditer(text)
    ]


def _touched(words: Sequence[_Word], text: int, start: int, end: int) -> tuple[int, int]:
    """The words that a range touches; where none, the place of the one behind it, twice."""
    inside = [
        at
        for at, one in enumerate(words)
        if one.text == text and one.start < end and start < one.end
    ]
    if inside and start < end:
        return inside[0], inside[-1] + 1
    behind = next(
        (at for at, one in enumerate(words) if (one.text, one.end) > (text, start)), len(words)
    )
    return behind, behind


def _pairs(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which old word is which new one."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    pairs = {at: at for at in range(head)}
    pairs |= {len(old) - back: len(new) - back for back in range(1, tail + 1)}
    middle, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(middle), len(other)) <= _LONGEST_DIFF:
        matcher = SequenceMatcher(None, middle, other, autojunk=False)
        for here, there, size in matcher.get_matching_blocks():
            pairs |= {head + here + step: head + there + step for step in range(size)}
    return pairs


def _between(pairs: dict[int, int], first: int, last: int, old: int, new: int) -> tuple[int, int]:
    """The new words between those that stand on both sides of a stretch of old ones."""
    low = max((pairs[at] for at in range(first) if at in pairs), default=-1)
    high = min((pairs[at] for at in range(last, old) if at in pairs), default=new)
    return low + 1, high


def _before_word(new: Sequence[_Word], at: int | None, after: Sequence[str]) -> CarriedPlace | None:
    if at is not None:
        return CarriedPlace(new[at].text, new[at].start, new[at].start, True)
    if not after:
        return None
    return CarriedPlace(len(after) - 1, len(after[-1]), len(after[-1]), True)
