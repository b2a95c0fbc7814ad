"""Cuts a sentence that is too long for a model into pieces, where it hurts least."""

from __future__ import annotations

from collections.abc import Callable

import regex

_BREAKS = (
    regex.compile(r"""[.!?…;:؛؟。！？；：]["'”’»)\]]*(?:\s+|(?<=[。！？；：]))"""),
    regex.compile(r"[,،、，—–](?:\s+|(?<=[、，]))"),
    regex.compile(r"\s+"),
)
"""Where a piece may end, best first."""
_GRAPHEME = regex.compile(r"\X")
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "yue"})


def one_line(sentence: str) -> str:
    """The sentence with each run of white space as one space: models take a line break for an
    end."""
    return " ".join(sentence.split())


def pieces(sentence: str, fits: Callable[[str], bool]) -> list[str]:
    """The sentence in pieces that each fit, in order; together they hold all of its text.

    fits: whether a text is short enough for the model; what fits must still fit when cut shorter.
    A piece ends after a mark that ends a sentence or part of one, else after a comma, else after a
    word, in its second half; inside a word only where there is no space at all. A grapheme that
    does not fit stands alone.
    """
    rest = one_line(sentence)
    result = []
    while rest and not fits(rest):
        cut = _cut(rest, _longest(rest, fits))
        result.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*result, rest] if rest else result


def joined(translated: list[str], language: str) -> str:
    """Translated pieces as one text, with spaces where the language (BCP 47) writes them."""
    between = "" if language.split("-")[0].lower() in _UNSPACED else " "
    return between.join(one for one in (piece.strip() for piece in translated) if one)


def _longest(text: str, fits: Callable[[str], bool]) -> int:
    """How many characters from the start fit; 0 where not even one does."""
    low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle)
    return low


def _cut(text: str, longest: int) -> int:
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text, 0, longest + 1)]
        if ends and ends[-1] * 2 > longest:
            return ends[-1]
    last = 0
    for match in _GRAPHEME.finditer(text):
        if match.end() > longest and last:
            break
        last = match.end()
    return last
