"""Words that come again and again, as a recogniser that runs in circles writes them.

People repeat themselves too ("never, never, never", "yes we can, yes we can"). What speech does not
have is the same few words many times without anything between, or a text of half a minute that
packs to less than half: ordinary speech packs to between 0.45 and 0.85 of its characters.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from offair.text.tokenise import Token, TokenKind

PACKED_MAX = 2.4
"""Characters for each packed byte from which a text is a circle (Radford et al. 2022, 4.5)."""
LONGEST_UNIT = 40
"""Tokens of the longest stretch looked for."""
_UNSPACED_RE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
)
_IN_WORD_RE = regex.compile(r"((?:\p{L}\p{M}*){1,4}?)\1{7,}")


@dataclass(frozen=True, slots=True)
class Repeat:
    """Tokens `first:last` are the stretch of `size` tokens `times` times in a row.

    size 0: letters repeated inside one word.
    """

    first: int
    last: int
    size: int
    times: int


def repeats(row: Sequence[Token], text: str) -> tuple[Repeat, ...]:
    """Stretches said more often in a row than people do, in order, not overlapping.

    A single word needs 8 times, two words 5, up to four words 4, up to nine words 3, a longer
    stretch 2; two characters of a script without spaces count as a word, as do four Thai letters.
    """
    forms = [token.form for token in row]
    weights = [_weight(token, text) for token in row]
    found: list[Repeat] = []
    start = 0
    while start < len(row):
        best = _at(forms, weights, start)
        if best is None and _IN_WORD_RE.search(forms[start]) and _worded(row[start]):
            best = Repeat(start, start + 1, 0, 8)
        if best is None:
            start += 1
        else:
            found.append(best)
            start = best.last
    return tuple(found)


def _worded(token: Token) -> bool:
    return token.kind is not TokenKind.NUMBER


def _weight(token: Token, text: str) -> float:
    first = text[token.char_start]
    if not _UNSPACED_RE.match(first):
        return 1.0
    return 0.5 if first >= "\u2e80" else 0.25


def _at(forms: Sequence[str], weights: Sequence[float], start: int) -> Repeat | None:
    """The repeat with the most tokens that begins at `start`, of the shortest stretch."""
    best: Repeat | None = None
    for size in range(1, min(LONGEST_UNIT, (len(forms) - start) // 2) + 1):
        if forms[start] != forms[start + size]:
            continue
        last = start + size
        while last < len(forms) and forms[last] == forms[last - size]:
            last += 1
        times = (last - start) // size
        if times < needed(sum(weights[start : start + size])):
            continue
        if best is None or start + times * size > best.last:
            best = Repeat(start, start + times * size, size, times)
    return best


def needed(weight: float) -> int:
    """How often in a row a stretch of `weight` words has to come to be doubted."""
    steps = ((0.5, 12), (1, 8), (2, 5), (4, 4), (9.5, 3))
    return next((times for most, times in steps if weight <= most), 2)


def packed(text: str) -> float:
    """Characters for each byte that a text packs to; each character counts as one byte, so that
    scripts can be compared. Near 0 for a short text."""
    known: dict[str, int] = {}
    plain = bytes(known.setdefault(char, len(known)) % 256 for char in text)
    return len(plain) / len(zlib.compress(plain, 9)) if plain else 0.0
