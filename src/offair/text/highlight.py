"""Which characters of a text a query asked for."""

from __future__ import annotations

from collections.abc import Iterator

from offair.model.query import And, Near, Or, Phrase, Prefix, Query, Term
from offair.text.query_evaluator import Range, near_pairs, places
from offair.text.tokenise import TokenKind, tokens


def highlights(query: Query, text: str, language: str | None) -> tuple[Range, ...]:
    """Character ranges of `text`, sorted, not overlapping: every word, beginning and phrase that
    the query asks for, and of a NEAR those that stand near enough.

    A phrase is one range from its first word to its last. What stands behind NOT is not marked.
    """
    found = [one for one in tokens(text, language) if one.kind is not TokenKind.FILLER]
    forms = [one.form for one in found]
    ranges: list[Range] = []
    for first, last in sorted(set(_asked(query, forms))):
        start, end = found[first].char_start, found[last - 1].char_end
        if ranges and start < ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return tuple(ranges)


def _asked(query: Query, forms: list[str]) -> Iterator[Range]:
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from _asked(part, forms)
    elif isinstance(query, Near):
        for pair in near_pairs(query, forms):
            yield from pair
    elif isinstance(query, Term | Prefix | Phrase):
        yield from places(query, forms)
