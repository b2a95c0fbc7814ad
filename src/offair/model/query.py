"""A query as a tree of values: one tree for search, highlighting and standing queries.

`text.query_parser` makes it of what somebody typed, `text.query_evaluator` answers it for a
sentence in memory, the room `search` answers it for the archive; all three agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class QueryField(StrEnum):
    """What a filter can ask of: the name before the colon."""

    SPEAKER = "speaker"
    CHANNEL = "channel"
    LANGUAGE = "language"
    LAYER = "layer"
    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Term:
    """A word as typed. `forms`: its tokens' normal forms, one or more; several stand in a row.

    at: character range in what was typed, as in every node.
    """

    forms: tuple[str, ...]
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word whose normal form begins with `stem` (two characters or more)."""

    stem: str
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row, across the ends of sentences and turns of one layer too."""

    forms: tuple[str, ...]
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Near:
    """Two words, prefixes or phrases in one sentence, either first, with at most `distance` words
    between them."""

    left: Term | Prefix | Phrase
    right: Term | Prefix | Phrase
    distance: int
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Filter:
    """A field and the value asked.

    speaker, channel: a name; every word of it stands in the name, in any order. language: BCP 47,
    `pt` asks for `pt-BR` too. layer: `speech`, `captions` or `translation`. after, before: a
    date as far as it was given (`2023`, `2023-05`, `2023-05-13`); `after` from its first day on,
    `before` up to the day before it.
    """

    field: QueryField
    value: str
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class And:
    """All of these, in one sentence."""

    parts: tuple[Query, ...]
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Or:
    """One of these at least."""

    parts: tuple[Query, ...]
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this. Never alone: always a part of an `And` that asks for something."""

    part: Query
    at: tuple[int, int]


Query = Term | Prefix | Phrase | Near | Filter | And | Or | Not
"""A node of the tree. A query asks for one word or one filter at least."""
