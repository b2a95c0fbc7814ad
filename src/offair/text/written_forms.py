"""Numbers that print and speech write so differently that only a whole phrase tells they are one.

`May 5`, `5 May` and `the fifth of May`; `two thirds` and `2/3`; `$2m` and `2 million dollars`;
`6.40` and `6:40`; `9/11` and `nine eleven`. English; the letters for millions in every language.
They stand beside the spans of `numbers`, for holding a quotation against speech, and nowhere else:
a subtitle or a report keeps the form it was written in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from offair.model.time import MONTHS
from offair.text.numbers import NumberSpan, money_of, shifted
from offair.text.tokenise import Token, TokenKind, base_language

_MONTHS = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | {
    name[:3].lower(): number for number, name in enumerate(MONTHS, 1) if name != "May"
} | {"sept": 9}  # fmt: skip
_DAYS = 31
_LETTERS = {
    "m": 10**6, "mn": 10**6, "mln": 10**6, "mio": 10**6, "k": 10**3, "b": 10**9, "bn": 10**9,
    "mrd": 10**9, "tn": 10**12, "trn": 10**12,
}  # fmt: skip
"""Letters in one with the digits before them: `2m` is two million, `2 m` two metres."""
_NUMERATORS = {
    word: number
    for number, word in enumerate(str.split("one two three four five six seven eight nine"), 1)
} | {"a": 1, "an": 1}
_DENOMINATORS = {
    "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_UNDER = frozenset(_DENOMINATORS) | {f"{word}s" for word in _DENOMINATORS}
_CLOCK_RE = regex.compile(r"((?:[01]?[0-9])|2[0-3])\.([0-5][0-9])")
_READ_RE = regex.compile(r"([0-9]{1,2}):([0-9]{1,2})")


def written_forms(
    tokens: Sequence[Token], numbers: Sequence[NumberSpan], language: str | None
) -> tuple[NumberSpan, ...]:
    """More spans with values that `numbers`, the spans of the same tokens, cannot have."""
    found = list(_lettered(tokens))
    if base_language(language) in {None, "en"}:
        found += _dates(tokens, numbers)
        found += _fractions(tokens)
        found += _clocks(tokens, numbers)
    return tuple(dict.fromkeys(found))


def fraction_tokens(tokens: Sequence[Token], language: str | None) -> frozenset[int]:
    """The tokens that belong to a fraction in English words (`two thirds`), articles aside."""
    if base_language(language) not in {None, "en"}:
        return frozenset()
    return frozenset(
        at
        for span in _fractions(tokens)
        for at in range(span.first, span.last)
        if tokens[at].form not in {"a", "an"}
    )


def is_month(form: str) -> bool:
    """Whether a word is an English month or the short form of one, behind which a full stop is no
    end of a sentence (`Sept. 11`)."""
    return form in _MONTHS


def _lettered(tokens: Sequence[Token]) -> Iterator[NumberSpan]:
    """`2m`, `$1.5bn`, `£20k`."""
    for at in range(len(tokens) - 1):
        token, after = tokens[at], tokens[at + 1]
        scale = _LETTERS.get(after.form)
        if scale is None or token.kind is not TokenKind.NUMBER:
            continue
        plain = token.form.replace(".", "", 1)
        if token.char_end != after.char_start or not plain.isdecimal():
            continue
        value = shifted(token.form, scale)
        yield NumberSpan(at, at + 2, value)
        sign = tokens[at - 1].form if at else ""
        if sign and sign in "$€£¥₹":
            yield NumberSpan(at - 1, at + 2, value, sign)
        elif at + 2 < len(tokens) and (unit := money_of(tokens[at + 2].form)):
            yield NumberSpan(at, at + 3, value, unit)


def _dates(tokens: Sequence[Token], numbers: Sequence[NumberSpan]) -> Iterator[NumberSpan]:
    """A day beside its month, in every order that English has."""
    count = len(tokens)
    for span in numbers:
        day = span.value.removesuffix("º")
        if span.unit or not day.isdecimal() or not 1 <= int(day) <= _DAYS:
            continue
        first, last = span.first, span.last
        article = first > 0 and tokens[first - 1].form == "the"
        head = first - 1 if article else first
        if head > 0 and (month := _month(tokens, head - 1)):
            yield NumberSpan(head - 1, last, f"{month}-{day}", "d")
        middle = last + 1 if last < count and tokens[last].form == "of" else last
        if middle < count and (month := _month(tokens, middle)):
            yield NumberSpan(head, middle + 1, f"{month}-{day}", "d")


def _month(tokens: Sequence[Token], at: int) -> int | None:
    token = tokens[at]
    if token.form == "may" and at and not token.capital:
        return None
    return _MONTHS.get(token.form)


def _fractions(tokens: Sequence[Token]) -> Iterator[NumberSpan]:
    """`two thirds`, `a quarter`; not `the third`."""
    if _UNDER.isdisjoint(token.form for token in tokens):
        return
    for at in range(len(tokens) - 1):
        over = _NUMERATORS.get(tokens[at].form)
        if over is None:
            continue
        word = tokens[at + 1].form
        under = _DENOMINATORS.get(word if over == 1 else word.removesuffix("s"))
        if under is not None and (over == 1 or word.endswith("s")):
            yield NumberSpan(at, at + 2, f"{over}/{under}")


def _clocks(tokens: Sequence[Token], numbers: Sequence[NumberSpan]) -> Iterator[NumberSpan]:
    """A time with a point in it, and two numbers read one after the other (`nine eleven`)."""
    for at, token in enumerate(tokens):
        if token.kind is not TokenKind.NUMBER:
            continue
        clock = _CLOCK_RE.fullmatch(token.form)
        if clock is not None:
            yield NumberSpan(at, at + 1, f"{clock[1]}:{clock[2]}")
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if after is not None and after.kind is TokenKind.NUMBER:
            near = after.char_start - token.char_end == 1
            if near and token.form.isdecimal() and after.form.isdecimal():
                yield NumberSpan(at, at + 2, f"{token.form}/{after.form}")
    for span in numbers:
        read = _READ_RE.fullmatch(span.value)
        if read is not None and tokens[span.first].kind is TokenKind.WORD:
            yield NumberSpan(span.first, span.last, f"{read[1]}/{read[2]}")
