"""A query whose names are asked for in all their spellings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from offair.model.query import And, Near, Not, Or, Phrase, Prefix, Query, Term

Spellings: TypeAlias = Mapping[tuple[str, ...], Collection[tuple[str, ...]]]
"""For a row of normal forms, other rows that stand for the same name."""

MOST_SPELLINGS = 32
"""A phrase with names in it is asked for in so many spellings at most, the shortest rows first."""


def with_spellings(query: Query, spellings: Spellings) -> Query:
    """The tree that also asks for the other spellings of the names in it.

    A name may be a word, stand inside a phrase, or be several words side by side (`joe biden`,
    without quotation marks: all of them anywhere in the sentence, or another spelling in a row).
    """
    if not spellings:
        return query
    if isinstance(query, Or):
        return replace(query, parts=tuple(with_spellings(one, spellings) for one in query.parts))
    if isinstance(query, Not):
        return replace(query, part=with_spellings(query.part, spellings))
    if isinstance(query, And):
        return replace(query, parts=tuple(_beside(query.parts, spellings)))
    if isinstance(query, Near):
        nears = [
            Near(left, right, query.distance, query.at)
            for left in _sides(query.left, spellings)
            for right in _sides(query.right, spellings)
        ]
        return nears[0] if len(nears) == 1 else Or(tuple(nears[:MOST_SPELLINGS]), query.at)
    if isinstance(query, Term | Phrase):
        sides = _sides(query, spellings)
        return sides[0] if len(sides) == 1 else Or(tuple(sides), query.at)
    return query


def _beside(parts: Sequence[Query], spellings: Spellings) -> list[Query]:
    """The parts of an AND; words side by side that make a name become one part."""
    longest = max(map(len, spellings))
    result: list[Query] = []
    at = 0
    while at < len(parts):
        end = _name_end(parts, at, spellings, longest)
        if end - at < 2:
            result.append(with_spellings(parts[at], spellings))
            at += 1
            continue
        place = (parts[at].at[0], parts[end - 1].at[1])
        row = tuple(form for one in parts[at:end] if isinstance(one, Term) for form in one.forms)
        others = _shortest(spellings[row])
        own = tuple(with_spellings(one, spellings) for one in parts[at:end])
        spread: list[Query] = [And(own, place)]
        spread.extend(Phrase(other, place) for other in others)
        result.append(Or(tuple(spread), place))
        at = end
    return result


def _name_end(parts: Sequence[Query], at: int, spellings: Spellings, longest: int) -> int:
    """Where the longest name of words side by side ends that begins with this part, else `at`."""
    row: tuple[str, ...] = ()
    end = at
    for place in range(at, len(parts)):
        part = parts[place]
        if not isinstance(part, Term) or len(row) >= longest:
            break
        row += part.forms
        if row in spellings:
            end = place + 1
    return end


def _sides(node: Term | Prefix | Phrase, spellings: Spellings) -> list[Term | Prefix | Phrase]:
    """The node itself, then one phrase for each other spelling of what it asks for."""
    if isinstance(node, Prefix):
        return [node]
    rows = [row for row in _rows(node.forms, spellings) if row != node.forms]
    return [node, *(Phrase(row, node.at) for row in rows)]


def _rows(forms: tuple[str, ...], spellings: Spellings) -> list[tuple[str, ...]]:
    """All rows that say the same with names spelt otherwise, longest names first."""
    longest = max(map(len, spellings))
    rows: list[tuple[str, ...]] = [()]
    at = 0
    while at < len(forms):
        length = next(
            (
                size
                for size in range(min(longest, len(forms) - at), 0, -1)
                if forms[at : at + size] in spellings
            ),
            0,
        )
        own = forms[at : at + max(1, length)]
        choices = [own, *_shortest(spellings[own])] if length else [own]
        rows = [row + choice for choice in choices for row in rows][:MOST_SPELLINGS]
        at += len(own)
    return rows


def _shortest(rows: Collection[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return sorted(rows, key=lambda row: (len(row), row))[:MOST_SPELLINGS]
