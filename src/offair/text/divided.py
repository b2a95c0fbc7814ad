"""One turn made two, two made one, and the sentences of a text that was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from offair.model.errors import BadInput
from offair.model.time import Span
from offair.model.transcript import Mark, Turn
from offair.model.words import Words
from offair.text.marked import splits_no_character
from offair.text.sentences import sentences

_UNSPACED_RE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u3000-\u303f\uff01-\uff60]"
)


def split(turn: Turn, at: int) -> tuple[Turn, Turn]:
    """The two turns that a turn gives where it is cut before character `at`.

    White space at the cut goes. Words keep their times and marks their characters; the first ends
    with its last word, the second begins with its first. A part without timed words has the time
    of the nearest word, or of the whole turn where it has no timed words, so that no part is told
    to be where nobody heard it. Ids and ordinals are the turn's own.
    Raises `BadInput` where a part would have no text, or the cut goes through a word, a character
    or a mark.
    """
    text = turn.text
    if not 0 < at < len(text) or not text[:at].strip() or not text[at:].strip():
        raise BadInput(
            f"turn {turn.id} cannot be split at character {at}: there must be words on both sides"
        )
    words = list(turn.words)
    if any(one.char_start < at < one.char_end for one in words) or not splits_no_character(
        text, at
    ):
        raise BadInput(f"character {at} of turn {turn.id} is inside a word; split between words")
    if any(one.char_start < at < one.char_end for one in turn.marks):
        raise BadInput(f"character {at} of turn {turn.id} is inside a mark; split beside it")
    end = len(text[:at].rstrip())
    start = at + len(text[at:]) - len(text[at:].lstrip())
    left = Words.of(one for one in words if one.char_end <= at)
    right = Words.of(
        one._replace(char_start=one.char_start - start, char_end=one.char_end - start)
        for one in words
        if one.char_start >= at
    )
    before, after = _spans(turn, left, right)
    first = tuple(_inside(one, 0, end) for one in turn.marks if one.char_start < at)
    second = tuple(_inside(one, start, len(text)) for one in turn.marks if one.char_start >= at)
    return (
        replace(turn, text=text[:end], words=left, span=before, marks=first),
        replace(turn, text=text[start:], words=right, span=after, marks=second),
    )


def _inside(mark: Mark, start: int, end: int) -> Mark:
    first = min(max(mark.char_start, start), end)
    return replace(
        mark, char_start=first - start, char_end=max(first, min(mark.char_end, end)) - start
    )


def _spans(turn: Turn, left: Words, right: Words) -> tuple[Span | None, Span | None]:
    whole = turn.span
    if whole is None:
        return None, None
    one, two = left.span, right.span
    if one is None and two is None:
        return whole, whole
    if one is None:
        near = next(word for word in right if word.start is not None)
        return _within(whole, near.start or 0, near.end or 0), whole
    if two is None:
        near = [word for word in left if word.start is not None][-1]
        return whole, _within(whole, near.start or 0, near.end or 0)
    return _within(whole, whole.start, one.end), _within(whole, two.start, whole.end)


def _within(whole: Span, start: int, end: int) -> Span:
    first = min(max(start, whole.start), whole.end)
    return Span(first, max(first, min(end, whole.end)))


def separator(one: str, two: str) -> str:
    """What stands between two texts that are joined: nothing in scripts without spaces."""
    unspaced = _UNSPACED_RE.match(one[-1:]) and _UNSPACED_RE.match(two[:1])
    return "" if unspaced or not one or not two else " "


def merge(one: Turn, two: Turn) -> Turn:
    """The turn that two neighbours give: words keep their times, marks their characters, and the
    label is the first one's. The id is 0, the ordinal the first one's.

    Raises `BadInput` where only one of them has a time, or the second begins before words of the
    first: then they were said at the same time, and no order of the words would be true.
    """
    if (one.span is None) != (two.span is None):
        raise BadInput(f"turns {one.id} and {two.id} cannot be merged: only one of them has a time")
    last = max((word.start for word in one.words if word.start is not None), default=None)
    begins = next((word.start for word in two.words if word.start is not None), None)
    if last is not None and begins is not None and begins < last:
        raise BadInput(
            f"turns {one.id} and {two.id} cannot be merged: the second begins before the first "
            "has ended, they were said at the same time"
        )
    shift = len(one.text) + len(separator(one.text, two.text))
    words = Words.of(
        [
            *one.words,
            *(
                word._replace(char_start=word.char_start + shift, char_end=word.char_end + shift)
                for word in two.words
            ),
        ]
    )
    moved = tuple(
        replace(mark, char_start=mark.char_start + shift, char_end=mark.char_end + shift)
        for mark in two.marks
    )
    span = one.span
    if one.span is not None and two.span is not None:
        start, end = min(one.span.start, two.span.start), max(one.span.end, two.span.end)
        span = Span(start, end)
    text = one.text + separator(one.text, two.text) + two.text
    return replace(
        one, id=0, text=text, words=words, span=span, marks=(*one.marks, *moved),
        label=one.label if one.label is not None else two.label,
    )  # fmt: skip


def cut_ranges(
    ranges: Sequence[tuple[int, int]], text: str, at: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The sentences of both parts of a text that is cut before `at` (see `split`): those the cut
    does not touch stay, one that it goes through becomes two."""
    end = len(text[:at].rstrip())
    start = at + len(text[at:]) - len(text[at:].lstrip())
    left = [(a, min(b, end)) for a, b in ranges if a < end]
    right = [(max(a, start) - start, b - start) for a, b in ranges if b > start]
    return left, right


def recut(
    old: str,
    ranges: Sequence[tuple[int, int]],
    new: str,
    language: str | None,
    *,
    whole: bool = False,
) -> tuple[tuple[tuple[int, int], ...], tuple[int, int]]:
    """The sentences of a text that was changed, and which of the old ones (first, last; half-open)
    are no longer as they were.

    Sentences that the change does not touch keep their ranges; what lies between them is cut anew.
    whole: a change inside one sentence leaves it one, as in a translation, where each stands for
    what it translates.
    """
    if old == new:
        return tuple(ranges), (len(ranges), len(ranges))
    head, tail = _common(old, new), _common(old[::-1], new[::-1])
    tail = min(tail, min(len(old), len(new)) - head)
    shift = len(new) - len(old)
    first = 0
    while first < len(ranges) and _untouched_end(ranges[first][1], head, new):
        first += 1
    last = len(ranges)
    while last > first and _untouched_start(ranges[last - 1][0], len(old) - tail, shift, new):
        last -= 1
    begin = ranges[first - 1][1] if first else 0
    end = ranges[last][0] + shift if last < len(ranges) else len(new)
    piece = new[begin:end]
    made = sentences(piece, language)
    if whole and last - first == 1 and made:
        made = ((made[0][0], made[-1][1]),)
    return (
        *ranges[:first],
        *((begin + a, begin + b) for a, b in made),
        *((a + shift, b + shift) for a, b in ranges[last:]),
    ), (first, last)


def _common(one: str, other: str) -> int:
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _untouched_end(end: int, head: int, new: str) -> bool:
    """Whether a sentence that ends here is as it was: what follows it is no part of it."""
    if end < head:
        return True
    return end == head and (end == len(new) or new[end].isspace())


def _untouched_start(start: int, tail: int, shift: int, new: str) -> bool:
    at = start + shift
    return start > tail or (start == tail and (at == 0 or new[at - 1].isspace()))
