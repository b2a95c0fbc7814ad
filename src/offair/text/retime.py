"""The words of a turn after an edit: what was left alone keeps its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import regex

from offair.model.time import Ms, Span
from offair.model.words import TimeSource, Word, Words
from offair.text.normalise import fold

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD_RE = regex.compile(rf"[{_UNSPACED}]\p{{M}}*[^\s\w]*|[^\s{_UNSPACED}]+")
_GRAPHEME_RE = regex.compile(r"\X")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word of the new text. old: the word it was before, or None where it is new."""

    start: int
    end: int
    old: Word | None = None


def word_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """Where the words of a text stand: what is between white space; in scripts written without
    spaces, letter by letter. Punctuation belongs to the word before it."""
    return tuple((match.start(), match.end()) for match in _WORD_RE.finditer(text))


def spread(text: str, start: int, end: int, span: Span | None) -> list[Word]:
    """The words in `text[start:end]`, their times spread over `span` by length; none without it."""
    return _timed(
        text,
        [_Placed(start + first, start + last) for first, last in word_ranges(text[start:end])],
        None if span is None else (span.start, span.end),
    )


def retime(
    old_text: str,
    old: Words,
    new_text: str,
    span: Span | None = None,
    unspoken: Sequence[tuple[int, int]] = (),
) -> Words:
    """The words of `new_text`, which takes the place of `old_text`.

    A word that both texts have (the same letters in the same order of words, by the longest
    matching runs) keeps its time, probability and flags: also where only its punctuation or case
    changed. It keeps its time source where it stands at the same character; where it moved, the
    time is carried (`TimeSource.CARRIED`). New words that stand for others share the time of those
    by length (`TimeSource.INTERPOLATED`, no probability, no flags). Words that stand for none
    share the pause they were put into, up to the edge of `span` (of the turn; by default that of
    the old words); where there is no pause they have no time. Starts never run backwards where the
    old ones did not, and new words lie inside the span.
    unspoken: ranges of the new text that nobody said (an editor's insertion): what is new in them
    is no word.
    """
    whole = span or old.span
    placed, gone = _placed(old_text, list(old), new_text)
    placed = [one for one in placed if one.old is not None or not _touch(one, unspoken)]
    result: list[Word] = []
    index = 0
    while index < len(placed):
        kept = placed[index].old
        if kept is not None:
            result.append(_kept(placed[index], kept))
            index += 1
            continue
        last = index
        while last < len(placed) and placed[last].old is None:
            last += 1
        time = _replaced(placed, index, last, gone, whole) or _pause(placed, index, last, whole)
        result += _timed(new_text, placed[index:last], time)
        index = last
    return Words.of(result)


def _touch(one: _Placed, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(one.start < end and start < one.end for start, end in ranges)


def _kept(place: _Placed, old: Word) -> Word:
    moved = old.char_start != place.start and old.source is not TimeSource.NONE
    source = TimeSource.CARRIED if moved else old.source
    return old._replace(char_start=place.start, char_end=place.end, source=source)


def _placed(
    old_text: str, old: Sequence[Word], new_text: str
) -> tuple[list[_Placed], Sequence[Word]]:
    """The words of the new text, each with the old word it is, and the old words that are gone.

    The untouched start and end keep the old division into words; only between them is the text
    divided anew.
    """
    head = _common(old_text, new_text)
    first = 0
    while first < len(old) and _ends_inside(old_text, new_text, old[first].char_end, head):
        first += 1
    begin = old[first - 1].char_end if first else 0
    shift = len(new_text) - len(old_text)
    tail = _common(old_text[begin:][::-1], new_text[begin:][::-1])
    last = len(old)
    while last > first and _starts_inside(
        old_text, new_text, old[last - 1].char_start, len(old_text) - tail, shift
    ):
        last -= 1
    end = old[last].char_start + shift if last < len(old) else len(new_text)
    middle = [_Placed(begin + a, begin + b) for a, b in word_ranges(new_text[begin:end])]
    matched = _matched(old_text, old[first:last], new_text, middle)
    found = {one.old for one in matched}
    return [
        *(_Placed(one.char_start, one.char_end, one) for one in old[:first]),
        *matched,
        *(_Placed(one.char_start + shift, one.char_end + shift, one) for one in old[last:]),
    ], [one for one in old[first:last] if one not in found]


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common from their start."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _ends_inside(old_text: str, new_text: str, end: int, head: int) -> bool:
    """Whether a word that ends here is untouched: what follows it is no longer part of it."""
    return end <= head and _breaks(old_text, end) == _breaks(new_text, end)


def _starts_inside(old_text: str, new_text: str, start: int, tail: int, shift: int) -> bool:
    return start >= tail and _breaks(old_text, start) == _breaks(new_text, start + shift)


def _breaks(text: str, at: int) -> bool:
    """Whether no word goes on across this place."""
    return at <= 0 or at >= len(text) or text[at - 1].isspace() or text[at].isspace()


def _matched(
    old_text: str, old: Sequence[Word], new_text: str, middle: list[_Placed]
) -> list[_Placed]:
    were = [fold(old_text[one.char_start : one.char_end]) for one in old]
    are = [fold(new_text[one.start : one.end]) for one in middle]
    for block in SequenceMatcher(None, were, are, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            one = middle[block.b + step]
            middle[block.b + step] = _Placed(one.start, one.end, old[block.a + step])
    return middle


def _replaced(
    placed: Sequence[_Placed],
    first: int,
    last: int,
    gone: Sequence[Word],
    whole: Span | None,
) -> tuple[Ms, Ms] | None:
    """The time of the old words in whose place new words stand; None where there were none."""
    before = placed[first - 1].old if first else None
    after = placed[last].old if last < len(placed) else None
    theirs = [
        one
        for one in gone
        if one.start is not None
        and (before is None or one.char_start > before.char_start)
        and (after is None or one.char_start < after.char_start)
    ]
    if not theirs:
        return None
    start = theirs[0].start or 0
    end = max(start, *(one.end or 0 for one in theirs))
    following = next(
        (one.old.start for one in placed[last:] if one.old and one.old.start is not None), None
    )
    if following is not None:
        # Where the old words overlapped the next one, starts must not run past its own.
        end = max(start, min(end, following))
    if whole is not None:
        start, end = (min(max(one, whole.start), whole.end) for one in (start, end))
    return start, end


def _pause(
    placed: Sequence[_Placed], first: int, last: int, whole: Span | None
) -> tuple[Ms, Ms] | None:
    """The pause that new words were put into: from the timed word before to the timed word after;
    None where there is none."""
    before = next(
        (one.old.end for one in reversed(placed[:first]) if one.old and one.old.end is not None),
        whole.start if whole else None,
    )
    after = next(
        (one.old.start for one in placed[last:] if one.old and one.old.start is not None),
        whole.end if whole else None,
    )
    if before is None or after is None:
        return None
    if whole is not None:
        before, after = (min(max(one, whole.start), whole.end) for one in (before, after))
    return (before, after) if before < after else None


def _timed(text: str, places: Sequence[_Placed], time: tuple[Ms, Ms] | None) -> list[Word]:
    if time is None:
        return [Word(one.start, one.end) for one in places]
    lengths = [len(_GRAPHEME_RE.findall(text[one.start : one.end])) for one in places]
    total, done = max(1, sum(lengths)), 0
    start, end = time
    words = []
    for one, length in zip(places, lengths, strict=True):
        begin = start + (end - start) * done // total
        done += length
        until = start + (end - start) * done // total
        words.append(Word(one.start, one.end, begin, until, TimeSource.INTERPOLATED))
    return words
