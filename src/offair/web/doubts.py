"""Doubted words in a turn's text: marked where they stand, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from offair.web.explained import explained_plainly
from offair.web.language import _

_WORDS = Markup('<span class="doubt" title="{}">{}</span>')
_MISSING = Markup('<span class="doubt missing" title="{}"></span>')


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why characters of one turn are doubted: half-open, empty where words may be missing."""

    char_start: int
    char_end: int
    reason: str


def doubted_text(
    text: str, first: int, end: int, doubts: Sequence[Doubt], *, last: bool = False
) -> Markup:
    """The characters `first:end` of a text, escaped, doubted words in elements.

    Where words may be missing stands an empty element, which the style shows: the characters keep
    their places. last: whether what stands at `end` itself belongs to this part.
    """
    if not doubts:
        return escape(text[first:end])
    missing: dict[int, list[str]] = {}
    for one in doubts:
        at = min(one.char_start, len(text))
        if one.char_start >= one.char_end and (first <= at < end or (last and at == end)):
            missing.setdefault(at, []).append(explained_plainly(one.reason))
    edges = {first, end, *missing}
    edges |= {at for one in doubts for at in (one.char_start, one.char_end) if first < at < end}
    pieces: list[Markup] = []
    for begin, finish in pairwise([*sorted(edges), end]):
        if begin in missing:
            pieces.append(_MISSING.format(_("; ").join(missing[begin])))
        if finish <= begin:
            continue
        reasons = [
            explained_plainly(one.reason)
            for one in doubts
            if one.char_start <= begin and finish <= one.char_end
        ]
        piece = escape(text[begin:finish])
        pieces.append(
            _WORDS.format(_("; ").join(dict.fromkeys(reasons)), piece) if reasons else piece
        )
    return Markup("").join(pieces)
