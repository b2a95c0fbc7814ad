"""Words that an editor selects, as a span of media time that cuts into no other word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.model.time import Ms, Span
from offair.model.transcript import Turn

MARGIN_MS = 120
"""Kept before the first and after the last word: a recogniser's times are that rough, and a stop
begins in silence."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Selected words. first, last: the turns with the first and the last of them. char_start: in
    the first turn's text; char_end: in the last one's, half-open."""

    first: int
    last: int
    char_start: int
    char_end: int


def span_of(turns: Sequence[Turn], selection: Selection) -> Span | None:
    """The span of media time of the selected words; None where none of them has a time.

    turns: neighbours of one layer, in order, those beside the selection too. The margin on either
    side takes at most half of the silence there is, so that no neighbouring word is cut into; where
    words overlap in time there is none, and the span ends with the words themselves.
    """
    every: list[tuple[Ms, Ms, bool]] = []
    inside = False
    for turn in turns:
        inside = inside or turn.id == selection.first
        for word in turn.words:
            if word.start is None or word.end is None:
                continue
            after_start = turn.id != selection.first or word.char_end > selection.char_start
            before_end = turn.id != selection.last or word.char_start < selection.char_end
            every.append((word.start, word.end, inside and after_start and before_end))
        if turn.id == selection.last:
            inside = False
    chosen = [at for at, one in enumerate(every) if one[2]]
    if not chosen:
        return None
    start = min(every[at][0] for at in chosen)
    end = max(every[at][1] for at in chosen)
    before = max((one[1] for one in every[: chosen[0]] if not one[2]), default=None)
    after = min((one[0] for one in every[chosen[-1] + 1 :] if not one[2]), default=None)
    low = start - MARGIN_MS if before is None else max(start - MARGIN_MS, (before + start + 1) // 2)
    high = end + MARGIN_MS if after is None else min(end + MARGIN_MS, (after + end) // 2)
    return Span(max(0, min(low, start)), max(high, end))


def in_order(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans by start, those that touch or overlap joined."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return tuple(result)
