"""Editorial marks in a text that changes: put in and taken out by hand, and carried by edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import takewhile

import regex

from offair.model.errors import BadInput
from offair.model.transcript import Mark, MarkKind
from offair.model.words import Words

BY_HAND = (
    MarkKind.INSERTION,
    MarkKind.REPLACEMENT,
    MarkKind.GLOSS,
    MarkKind.CUT,
    MarkKind.STAGE,
    MarkKind.UNCLEAR,
    MarkKind.SIC,
)
"""The kinds an editor sets; the others come with imported texts."""
LONGEST_PRINTED = 500
"""Characters that a mark puts into a text."""
_UNSPOKEN = frozenset(BY_HAND) - {MarkKind.UNCLEAR, MarkKind.SIC}
_ALONE = {MarkKind.CUT: "...", MarkKind.UNCLEAR: "unclear", MarkKind.SIC: "sic"}
"""What is printed at a caret where nothing is written."""
_PIECE_RE = regex.compile(r"\w+|\s+|[^\w\s]")
_GRAPHEME_RE = regex.compile(r"\X")
_LONGEST_CLUSTER = 64
_LARGEST_COMPARED = 4_000
"""Pieces of a change that are held against each other; a longer one counts as all changed."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its marks, by `char_start`."""

    text: str
    marks: tuple[Mark, ...]


def unspoken(text: str, marks: Sequence[Mark]) -> tuple[tuple[int, int], ...]:
    """The character ranges that an editor printed and nobody said; sorted.

    Words that are only hard to hear, or wrong as they were said, are spoken; a bracket that stands
    for them (`[unclear]`) is not.
    """
    return tuple(
        sorted(
            (one.char_start, one.char_end)
            for one in marks
            if one.char_start < one.char_end
            and (one.kind in _UNSPOKEN or text[one.char_start] in "[(")
        )
    )


def without_words(words: Words, ranges: Sequence[tuple[int, int]]) -> Words:
    """The words that touch none of these ranges, as they are."""
    return Words.of(
        one
        for one in words
        if not any(one.char_start < end and start < one.char_end for start, end in ranges)
    )


def shifted(marks: Sequence[Mark], old: str, new: str) -> tuple[Mark, ...]:
    """The marks of a text where they stand after it was changed.

    A mark goes with its characters; one over words keeps to what took their place. A mark whose
    characters are all gone, or whose bracket is, is gone. Deterministic; nothing moves where the
    texts are equal.
    """
    if old == new or not marks:
        return tuple(marks)
    runs = _runs(old, new)
    found = []
    for mark in marks:
        start, end = _moved(runs, mark.char_start, first=True), _moved(runs, mark.char_end)
        if mark.char_start == mark.char_end:
            found.append(replace(mark, char_start=start, char_end=start))
            continue
        while start < end and new[start].isspace():
            start += 1
        while start < end and new[end - 1].isspace():
            end -= 1
        bracket = old[mark.char_start]
        if start >= end or (bracket in "[(" and new[start] != bracket):
            continue
        was = old[mark.char_start : mark.char_end]
        text = new[start:end] if mark.text == was else mark.text
        found.append(replace(mark, char_start=start, char_end=end, text=text))
    return _sorted(found)


def add_mark(
    text: str,
    marks: Sequence[Mark],
    kind: MarkKind,
    start: int,
    end: int,
    printed: str = "",
) -> Marked:
    """Set a mark over `text[start:end]`, or at the caret where both are the same.

    Over a selection `unclear`, `sic` and `stage` mark the words as they stand; `insertion` and
    `gloss` put them into brackets; `replacement` prints `printed` in brackets in their place, `cut`
    an omission. At a caret the mark prints `printed` in brackets, or what its kind prints alone.
    White space at the edges of a selection is left out. Raises `BadInput`: a range outside the
    text, inside a character or across another mark; nothing to print; a kind that is not set by
    hand.
    """
    start, end = _selection(text, start, end)
    said = _printed(printed)
    _check(text, marks, kind, start, end, said)
    if start < end and kind in (MarkKind.UNCLEAR, MarkKind.SIC, MarkKind.STAGE):
        made = Mark(kind, start, end, text[start:end])
        return Marked(text, _sorted([*marks, made]))
    if start < end and kind in (MarkKind.INSERTION, MarkKind.GLOSS):
        said = text[start:end]
    put = f"[{said or _ALONE[kind]}]"
    lead = " " if start == end and start and not text[start - 1].isspace() else ""
    follow = " " if start == end and end < len(text) and text[end].isalnum() else ""
    new = text[:start] + lead + put + follow + text[end:]
    more = len(new) - len(text)
    kept = [
        one
        if one.char_end <= start
        else replace(one, char_start=one.char_start + more, char_end=one.char_end + more)
        for one in marks
    ]
    at = start + len(lead)
    return Marked(new, _sorted([*kept, Mark(kind, at, at + len(put), put)]))


def remove_mark(
    text: str, marks: Sequence[Mark], place: int, *, keep_words: bool = False
) -> Marked:
    """Take a mark away: what it printed goes too, brackets alone with `keep_words`; words that it
    only marked stay. place: among `marks`, from 0. Raises `BadInput` where there is none."""
    if not 0 <= place < len(marks):
        raise BadInput(f"the turn has {len(marks)} marks, counted from 0, and no mark {place}")
    mark = marks[place]
    others = [one for at, one in enumerate(marks) if at != place]
    start, end = mark.char_start, mark.char_end
    if start == end or text[start] not in "[(":
        return Marked(text, tuple(others))
    inside = text[start + 1 : end - 1] if keep_words and text[end - 1] in "])" else ""
    if (
        not inside
        and start
        and text[start - 1] == " "
        and (end == len(text) or text[end] in " ,.;")
    ):
        start -= 1
    new = text[:start] + inside + text[end:]
    more = len(new) - len(text)
    kept = [
        one
        if one.char_end <= start
        else replace(
            one,
            char_start=max(start, one.char_start + more),
            char_end=max(start, one.char_end + more),
        )
        for one in others
    ]
    return Marked(new, _sorted(kept))


def _selection(text: str, start: int, end: int) -> tuple[int, int]:
    if not 0 <= start <= end <= len(text):
        raise BadInput(
            f"characters {start} to {end} are no place in a turn of {len(text)}; read it again"
        )
    if start == end:
        return start, end
    piece = text[start:end]
    inner = piece.strip()
    if not inner:
        raise BadInput("only white space is selected; select words, or set the caret")
    first = start + len(piece) - len(piece.lstrip())
    return first, first + len(inner)


def _printed(printed: str) -> str:
    line = " ".join(printed.split()).strip("[]() ")
    if len(line) > LONGEST_PRINTED:
        raise BadInput(f"a mark prints at most {LONGEST_PRINTED} characters, not {len(line)}")
    if not line.isprintable():
        raise BadInput("a mark prints plain text, without control characters")
    return line


def _check(
    text: str, marks: Sequence[Mark], kind: MarkKind, start: int, end: int, said: str
) -> None:
    if kind not in BY_HAND:
        listed = ", ".join(one.value for one in BY_HAND)
        raise BadInput(f"a mark of the kind {kind.value!r} is not set by hand; those are: {listed}")
    if kind is MarkKind.REPLACEMENT and start == end:
        raise BadInput("select the words that the replacement stands for")
    selects = start < end and kind is not MarkKind.REPLACEMENT
    if not said and not selects and kind not in _ALONE:
        raise BadInput(f"write what the {kind.value} prints")
    if not (splits_no_character(text, start) and splits_no_character(text, end)):
        raise BadInput("the selection begins or ends inside a character; select the whole of it")
    for one in marks:
        crosses = one.char_start < end and start < one.char_end
        if crosses or (start == end and one.char_start < start < one.char_end):
            raise BadInput(f"a mark ({one.kind.value}) stands there already; take it away first")


def splits_no_character(text: str, at: int) -> bool:
    """Whether a place lies between two characters as readers count them (grapheme clusters)."""
    if not 0 < at < len(text):
        return True
    # No cluster of any writing is longer than this; a longer row of marks may be cut.
    first = max(0, at - _LONGEST_CLUSTER)
    found = _GRAPHEME_RE.finditer(text[first : at + 1])
    return any(match.start() == at - first for match in found)


def _sorted(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda one: (one.char_start, one.char_end)))


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters `start:end` of the old text that became `begin:until` of the new. same: they are
    what they were."""

    start: int
    end: int
    begin: int
    until: int
    same: bool


def _runs(old: str, new: str) -> list[_Run]:
    """What became of the characters, in order, all of both texts."""
    head = _equal(old, new)
    tail = min(_equal(old[::-1], new[::-1]), min(len(old), len(new)) - head)
    here, there = old[head : len(old) - tail], new[head : len(new) - tail]
    one = [match.group() for match in _PIECE_RE.finditer(here)]
    two = [match.group() for match in _PIECE_RE.finditer(there)]
    runs = [_Run(0, head, 0, head, True)]
    if max(len(one), len(two)) <= _LARGEST_COMPARED:
        ends, far = _ends(one, head), _ends(two, head)
        matcher = SequenceMatcher(None, one, two, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            runs.append(_Run(ends[a], ends[b], far[c], far[d], tag == "equal"))
    else:
        runs.append(_Run(head, len(old) - tail, head, len(new) - tail, False))
    runs.append(_Run(len(old) - tail, len(old), len(new) - tail, len(new), True))
    return runs


def _ends(pieces: Sequence[str], at: int) -> list[int]:
    found = [at]
    for one in pieces:
        found.append(found[-1] + len(one))
    return found


def _equal(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _moved(runs: Sequence[_Run], at: int, *, first: bool = False) -> int:
    """Where a place stands now. first: of a beginning, which stays behind what was put before it;
    an end stays before what was put behind it."""
    for one in runs:
        if one.start <= at < one.end if first else one.start < at <= one.end:
            if one.same:
                return one.begin + at - one.start
            return one.begin if first else one.until
    return runs[-1].until if at else 0
