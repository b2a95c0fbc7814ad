"""Turns to the cues of a caption track, from word times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from offair.model.errors import BadInput
from offair.model.time import Ms, Span
from offair.model.transcript import Cue, Turn
from offair.text.sentences import sentences

_SHORTEST_MS: Ms = 800
_PAUSE_MS: Ms = 1_500
_BREATH_MS: Ms = 250
_PHRASE_RE = regex.compile(r"""[,;:،؛、，；：–—-]["'”’»)\]]*\s*$""")
_UNIT_RE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
    r"[^\s\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]*|\S+"
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word of a turn: where its text starts and ends, the next one's start, and its time."""

    first: int
    last: int
    upto: int
    start: Ms
    end: Ms


def cue_lines(
    turns: Sequence[Turn],
    *,
    longest_chars: int = 84,
    longest_ms: Ms = 7_000,
    language: str | None = None,
) -> tuple[Cue, ...]:
    """Caption cues that hold all the text of `turns`, in order, none across two turns.

    A cue has at most `longest_chars` characters and `longest_ms` (but never less than a word), no
    pause of 1.5 s inside, and ends at the last sentence end that fits, else at a phrase mark, else
    at the longest breath, else where it is full. Words without time share the time between their
    neighbours by length. A cue shorter than 0.8 s stays on while the next one has not begun.
    `language` (BCP 47) chooses the sentence rules. Text is not wrapped into lines.

    Raises `BadInput` where a turn has text and no time at all: it cannot be a caption.
    """
    cues: list[Cue] = []
    for turn in turns:
        units = _units(turn)
        if not units:
            continue
        ends = {end for _, end in sentences(turn.text, language)}
        first = 0
        while first < len(units):
            last = _cue_end(turn.text, units, first, ends, longest_chars, longest_ms)
            text = turn.text[units[first].first : units[last - 1].upto].strip()
            start = units[first].start
            end = max(start, *(unit.end for unit in units[first:last]))
            cues.append(Cue(Span(start, end), text, turn.label))
            first = last
    return tuple(_stay(cue, after) for cue, after in pairwise([*cues, None]) if cue is not None)


def _units(turn: Turn) -> list[_Unit]:
    spaced = [(word.char_start, word.char_end) for word in turn.words]
    times: list[tuple[Ms, Ms] | None] = [
        None if word.start is None or word.end is None else (word.start, word.end)
        for word in turn.words
    ]
    if not spaced:
        spaced = [match.span() for match in _UNIT_RE.finditer(turn.text)]
        times = [None] * len(spaced)
    if not spaced:
        return []
    if turn.span is None and not any(times):
        raise BadInput(
            f"turn {turn.ordinal + 1} ({turn.text[:40]!r}) has no times, so it cannot be a caption;"
            " export this text as a record, Markdown or JSON instead"
        )
    filled = _fill(turn, spaced, times)
    edges = [0, *(start for start, _ in spaced[1:]), len(turn.text)]
    return [
        _Unit(first, last, upto, start, end)
        for first, last, upto, (start, end) in zip(
            edges[:-1], (last for _, last in spaced), edges[1:], filled, strict=True
        )
    ]


def _fill(
    turn: Turn, ranges: Sequence[tuple[int, int]], times: Sequence[tuple[Ms, Ms] | None]
) -> list[tuple[Ms, Ms]]:
    """Times for every word: a run without any shares the time between its neighbours by length."""
    filled: list[tuple[Ms, Ms]] = []
    index = 0
    while index < len(ranges):
        known = times[index]
        if known is not None:
            filled.append(known)
            index += 1
            continue
        run_end = index
        while run_end < len(ranges) and times[run_end] is None:
            run_end += 1
        following = times[run_end] if run_end < len(ranges) else None
        low = filled[-1][1] if filled else (turn.span.start if turn.span else 0)
        high = following[0] if following else (turn.span.end if turn.span else low)
        if not filled and following and low > high:
            low = high
        length = ranges[run_end - 1][1] - ranges[index][0]
        room = max(0, high - low)
        for start, end in ranges[index:run_end]:
            shift = ranges[index][0]
            filled.append(
                (low + room * (start - shift) // length, low + room * (end - shift) // length)
            )
        index = run_end
    return filled


def _cue_end(
    text: str,
    units: Sequence[_Unit],
    first: int,
    ends: set[int],
    longest_chars: int,
    longest_ms: Ms,
) -> int:
    """The index after the last word of the cue that starts with `first`."""
    full = first + 1
    while full < len(units):
        unit, before = units[full], units[full - 1]
        if (
            len(text[units[first].first : unit.upto].rstrip()) > longest_chars
            or unit.end - units[first].start > longest_ms
            or unit.start - before.end >= _PAUSE_MS
        ):
            break
        full += 1
    if full == len(units) or units[full].start - units[full - 1].end >= _PAUSE_MS:
        return full
    closing = [
        index
        for index in range(first + 1, full + 1)
        if len(text[: units[index - 1].upto].rstrip()) in ends
    ]
    if closing:
        return closing[-1]
    enough = units[first].first + (units[full - 1].upto - units[first].first) // 3
    late = [index for index in range(first + 1, full + 1) if units[index - 1].upto >= enough]
    phrases = [
        index
        for index in late
        if _PHRASE_RE.search(text, units[index - 1].first, units[index - 1].upto)
    ]
    if phrases:
        return phrases[-1]
    breaths = [(units[index].start - units[index - 1].end, index) for index in late]
    longest, index = max(breaths, default=(0, full))
    return index if longest >= _BREATH_MS else full


def _stay(cue: Cue, after: Cue | None) -> Cue:
    start, end = cue.span.start, cue.span.end
    if end - start >= _SHORTEST_MS:
        return cue
    wanted = start + _SHORTEST_MS
    if after is not None and after.span.start > start:
        wanted = min(wanted, after.span.start)
    return Cue(Span(start, max(end, wanted, start + 1)), cue.text, cue.speaker)
