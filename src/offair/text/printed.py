"""The editorial grammar of a printed quotation, as far as alignment needs it.

Ellipses split; words in square brackets are the editor's; brackets inside a word (`[t]hey`,
`say[s]`) change letters, not words. Quotation marks and attributions are not read yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from offair.text.tokenise import Token, tokens

_DOTS = r"(?:…+|⋯+|\.(?:[ \u00a0\u202f]?\.){2,})"
_ELLIPSIS_RE = regex.compile(rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS}")
_BRACKET_RE = regex.compile(r"\[([^\[\]]*)\]|［([^［］]*)］")
_LETTER_RE = regex.compile(r"\p{L}")
_INVISIBLE = "\u2060"


@dataclass(frozen=True, slots=True)
class PrintedPiece:
    """What is printed between two ellipses: characters, tokens, and which of them are bracketed.

    bracketed: indices into `tokens` of the editor's words.
    """

    char_start: int
    char_end: int
    tokens: tuple[Token, ...]
    bracketed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PrintedWords:
    """The words of all pieces in a row, as `align` takes them."""

    tokens: tuple[Token, ...]
    gaps: frozenset[int]
    bracketed: frozenset[int]


def parse_printed(text: str, language: str | None = None) -> tuple[PrintedPiece, ...]:
    """The pieces of a printed quotation, split at `…`, `...`, `[…]`, `(…)`; at least one.

    Pieces keep the text's character positions. A bracket that is never closed is not read.
    """
    masked = list(text)
    editors: list[tuple[int, int]] = []
    splits = [match.span() for match in _ELLIPSIS_RE.finditer(text)]
    for match in _BRACKET_RE.finditer(text):
        start, end = match.span()
        if any(start < last and first < end for first, last in splits):
            continue
        before = start > 0 and _LETTER_RE.match(text[start - 1]) is not None
        after = end < len(text) and _LETTER_RE.match(text[end]) is not None
        if before or after:
            masked[start] = masked[end - 1] = _INVISIBLE
        else:
            editors.append((start, end))
    found = tokens("".join(masked), language)
    edges = [0, *(edge for split in splits for edge in split), len(text)]
    pieces = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        inside = tuple(one for one in found if start <= one.char_start and one.char_end <= end)
        bracketed = frozenset(
            index
            for index, one in enumerate(inside)
            if any(first < one.char_start and one.char_end < last for first, last in editors)
        )
        pieces.append(PrintedPiece(start, end, inside, bracketed))
    return tuple(pieces)


def printed_words(pieces: tuple[PrintedPiece, ...]) -> PrintedWords:
    """The pieces' words in a row, with the places of ellipses and of the editor's words."""
    row: list[Token] = []
    gaps: set[int] = set()
    bracketed: set[int] = set()
    for index, piece in enumerate(pieces):
        if index:
            gaps.add(len(row))
        bracketed |= {len(row) + one for one in piece.bracketed}
        row += piece.tokens
    return PrintedWords(tuple(row), frozenset(gaps), frozenset(bracketed))
