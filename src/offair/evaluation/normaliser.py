"""The words that count when two texts are compared, and where each of them stands in its text.

Both sides go through the desk's own tokeniser, whose rules stand in docs/reference. So the figures
speak of what the desk searches and compares, and are not those of a published leader board.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from offair.text.normalise import word_set
from offair.text.numbers import is_article, number_spans
from offair.text.tokenise import TOKENISER_VERSION, Token, TokenKind, base_language, tokens

NORMALISER = (
    f"offair tokens {TOKENISER_VERSION}: case, punctuation and accents of Latin and Greek folded, "
    "numbers as digits where the language's number words are known (en, de, es, fr, pt), "
    "hesitations left out"
)
"""What the reports call the normaliser."""

_UNSPACED = word_set("zh cmn yue wuu nan ja th lo km my shn bo")


@dataclass(frozen=True, slots=True)
class NormalWord:
    """One word that counts: its form, and the characters of the text it was made from."""

    form: str
    char_start: int
    char_end: int


def unspaced(language: str) -> bool:
    """Whether a language (BCP 47) is written without spaces, so that words cannot be counted."""
    return base_language(language) in _UNSPACED


def normal_words(text: str, language: str) -> tuple[NormalWord, ...]:
    """The words of a text that count, in order; ranges do not overlap.

    A number written as words is one word, its digits. An article that is also a number word
    (`un`, `ein`) stays a word where it stands alone. In a language without spaces each character
    is one word.
    """
    tag = None if language == "und" else language
    found = tokens(text, tag)
    longest: dict[int, tuple[int, str]] = {}
    for span in number_spans(found, tag):
        if span.last - span.first == 1 and is_article(found[span.first].form):
            continue
        if span.last > longest.get(span.first, (0, ""))[0]:
            longest[span.first] = (span.last, span.value + span.unit)
    return tuple(_words(found, longest))


def forms(text: str, language: str) -> tuple[str, ...]:
    """The forms of `normal_words`."""
    return tuple(one.form for one in normal_words(text, language))


def _words(found: tuple[Token, ...], numbers: dict[int, tuple[int, str]]) -> Iterable[NormalWord]:
    at = 0
    while at < len(found):
        last, form = numbers.get(at, (at + 1, found[at].form))
        if found[at].kind is not TokenKind.FILLER:
            # A form is one word to every scorer: none splits at a space.
            yield NormalWord(
                "".join(form.split()) or form, found[at].char_start, found[last - 1].char_end
            )
        at = last
