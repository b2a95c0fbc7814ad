"""Quotation marks that a layout puts around speech, told from those that are part of it.

The first mark of a paragraph is layout where it is closed at the very end (`"…"`, `"…"?`) or
never; where it closes early and words follow (`"What about fuel?" I asked.`) it is speech.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from offair.formats.record_lines import WHITE

PAIRS = {"“": "”", "«": "»", "「": "」", "『": "』"}
"""Opening marks that differ from their closing ones."""
CONTEXT_MARKS = '"„‟”»＂'
"""Marks that open or close by what stands beside them (straight, German, Swedish, reversed)."""
OPENERS = CONTEXT_MARKS + "".join(PAIRS)
"""Every character that may open a paragraph of speech."""
_CLOSERS = '"“”»«」』＂'
# Marks that careless pages pair with one another (`“Pears."`).
_ALIKE = '"“”„'
_TAIL = "?!.,;:…-–—؟،۔。！？"
_OPEN_BEFORE = "([{—–-/"


class Shape(StrEnum):
    """How a paragraph uses its first quotation mark."""

    NONE = "none"
    WRAPPED = "wrapped"
    OPEN = "open"
    EARLY = "early"


@dataclass(frozen=True, slots=True)
class Unquoted:
    """Where the speech of a paragraph lies in its printed text.

    start, end: the speech with everything up to its end. inside: layout characters within it, as
    (place in the printed text, length). shape: of the first mark. still_open: no mark closed it.
    """

    start: int
    end: int
    shape: Shape
    inside: tuple[int, int] | None = None
    still_open: bool = False

    def speech(self, text: str) -> str:
        """The words without the layout's marks."""
        if self.inside is None:
            return text[self.start : self.end]
        place, length = self.inside
        return text[self.start : place] + text[place + length : self.end]


def shape(text: str) -> Shape:
    """How the paragraph uses its first quotation mark, judged on its own."""
    if not text or text[0] not in OPENERS:
        return Shape.NONE
    close = _first_close(text, 0)
    if close is None:
        return Shape.OPEN
    return Shape.WRAPPED if _is_tail(text, close + 1) else Shape.EARLY


def unquote(text: str, *, quoted: bool, turn_open: bool) -> Unquoted:
    """Find the speech in a paragraph whose edges hold no white space.

    quoted: the record (or the turn) puts its speech in quotation marks. turn_open: a mark opened
    in an earlier paragraph of the turn is not closed yet.
    """
    found = shape(text)
    if found is Shape.NONE:
        if turn_open and quoted:
            close = _first_close(text, 1)
            if close is not None and _is_tail(text, close + 1):
                return _cut(text, 0, close, found)
        return Unquoted(0, len(text), found, still_open=turn_open)
    if not quoted:
        return Unquoted(0, len(text), found, still_open=turn_open)
    if found is Shape.WRAPPED:
        close = _first_close(text, 0)
        return _cut(text, 1, close if close is not None else len(text), found)
    if found is Shape.OPEN:
        close = _sloppy_close(text)
        if close is not None:
            return _cut(text, 1, close, Shape.WRAPPED)
        return Unquoted(_skip(text, 1, len(text)), len(text), found, still_open=True)
    if _balanced(text):
        return Unquoted(0, len(text), found, still_open=turn_open)
    close = _last_close(text)
    if close is None:
        return Unquoted(_skip(text, 1, len(text)), len(text), found, still_open=True)
    return _cut(text, 1, close, found)


def _cut(text: str, start: int, close: int, found: Shape) -> Unquoted:
    """Speech from `start` with the mark at `close` taken out: at the end, or within a tail."""
    inner_end = close
    while inner_end > start and text[inner_end - 1] in WHITE:
        inner_end -= 1
    start = _skip(text, start, inner_end)
    if close + 1 == len(text):
        return Unquoted(start, inner_end, found)
    return Unquoted(start, len(text), found, inside=(inner_end, close + 1 - inner_end))


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in WHITE:
        start += 1
    return start


def _steps(text: str, depth: int) -> Iterator[tuple[int, int]]:
    """(place, +1 or -1) for each mark of the paragraph's own kind of quotation mark."""
    first = text[0] if not depth and text else ""
    if first in PAIRS:
        close = PAIRS[first]
        for place, letter in enumerate(text):
            if letter == first:
                yield place, 1
            elif letter == close:
                yield place, -1
        return
    if first == '"':
        kinds = '"'
    elif first == "„":
        kinds = "„“”"
    elif first:
        kinds = first
    else:
        kinds = _CLOSERS
    last_open = -2
    for place, letter in enumerate(text):
        if letter not in kinds:
            continue
        if (first and place == 0) or _opens(text, place, last_open):
            last_open = place
            yield place, 1
        else:
            yield place, -1


def _opens(text: str, place: int, last_open: int) -> bool:
    if text[place] in "„«" and place + 1 < len(text):
        return True
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if after in WHITE or after in _TAIL:
        return False
    if before in WHITE or before in _OPEN_BEFORE or last_open == place - 1:
        return True
    return before in "'‘" and after.isalnum() and (place < 2 or text[place - 2] in WHITE)


def _first_close(text: str, depth: int) -> int | None:
    """Where the paragraph's opening mark is closed. depth: marks open before its first letter."""
    level = depth
    for place, step in _steps(text, depth):
        level += step
        if level <= 0:
            return place
    return None


def _balanced(text: str) -> bool:
    level = 0
    for _, step in _steps(text, 0):
        level += step
        if level < 0:
            return False
    return level == 0


def _last_close(text: str) -> int | None:
    """The last closing mark with nothing but punctuation behind it."""
    last = max((text.rfind(mark) for mark in _CLOSERS), default=-1)
    return last if last > 0 and _is_tail(text, last + 1) else None


def _sloppy_close(text: str) -> int | None:
    """A closing mark of another kind than the opening one, without an opening one of its own."""
    last = _last_close(text)
    if last is None or text[0] not in _ALIKE or text[last] not in _ALIKE:
        return None
    if text[last] == text[0] or PAIRS.get(text[0]) == text[last]:
        return None
    same = text.count(text[last], 1)
    if text[last] == '"':
        return last if same % 2 else None
    return last if text.count("“", 1) < same else None


def _is_tail(text: str, place: int) -> bool:
    """Whether only punctuation and bracketed marks stand from `place` on."""
    while place < len(text):
        letter = text[place]
        if letter in "[(":
            close = text.find("]" if letter == "[" else ")", place)
            if close < 0:
                return False
            place = close + 1
        elif letter in _TAIL or letter in WHITE:
            place += 1
        else:
            return False
    return True
