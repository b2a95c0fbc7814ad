"""Numbers that tokens spell, as alternative spans: `twenty-six` and `26` have the same value.

English, Spanish, Portuguese, French, German, Italian, Dutch, Russian, Arabic, Persian, Turkish,
Polish, Ukrainian, Hebrew and Hindi cardinals up to 10**15 − 1 (compounds in one word up to
999,999), English ordinals to 99, decimals, years and times read in pairs, percent and currencies;
Chinese and Japanese numerals (`ideograph_numbers`). In other languages digits only. Spans never
change the count of tokens and may overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import regex

from offair.text.ideograph_numbers import ideograph_numbers
from offair.text.normalise import fold, word_set
from offair.text.numeral_words import Numerals, Phrase, numerals_of
from offair.text.tokenise import Token, TokenKind, base_language


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """Tokens `first` to `last` (not included) that together spell a number.

    value: digits with `.` before decimals (`26`, `2.5`), a time (`6:40`), a fraction (`1/2`), an
    ordinal (`21º`), a decade (`1980s`). unit: `%`, `‰` or a currency sign, empty where none.
    """

    first: int
    last: int
    value: str
    unit: str = ""


_ARTICLES = word_set("un una uno um uma une ein eine einen een a 一 एक אחד אחת")
_PERCENT: tuple[Phrase, ...] = (
    ("%",),
    ("percent",),
    ("per", "cent"),
    ("por", "ciento"),
    ("por", "cento"),
    ("pour", "cent"),
    ("prozent",),
    ("procent",),
    ("percento",),
    ("per", "cento"),
    ("процент",),
    ("процента",),
    ("процентов",),
    ("pct",),
    ("procenta",),
    ("відсоток",),
    ("відсотка",),
    ("відсотки",),
    ("відсотків",),
    ("درصد",),
    ("بالميه",),
    ("بالمايه",),
    ("في", "الميه"),
    ("في", "المايه"),
    tuple("パーセント"),
    ("אחוז",),
    ("אחוזים",),
    ("אחוזי",),
    (fold("प्रतिशत"),),
    (fold("फ़ीसदी"),),
    (fold("फीसदी"),),
)
_MONEY = {
    **dict.fromkeys(("dollar", "dollars", "dolares", "dolar", "dollari", "usd"), "$"),
    **dict.fromkeys(("доллар", "доллара", "долларов"), "$"),
    **dict.fromkeys(("euro", "euros", "eur", "евро"), "€"),
    **dict.fromkeys(("pound", "pounds", "gbp", "sterling"), "£"),
    **dict.fromkeys(("دولار", "دولارا", "دولارات"), "$"),
    **dict.fromkeys(("דולר", "דולרים", fold("डॉलर")), "$"),
    **dict.fromkeys((fold("יורו"), fold("यूरो")), "€"),
    **dict.fromkeys(("שקל", "שקלים"), "₪"),
    **dict.fromkeys(map(fold, ("रुपये", "रुपए", "रुपया", "रूपये")), "₹"),
    **dict.fromkeys(("yen", "jpy", "円"), "¥"),
}
_ORDINAL_RE = regex.compile(r"([0-9]+)(?:st|nd|rd|th|er|re|e|eme|o|a)")
_DIGITS_MAX = 30
_Value = TypeVar("_Value", int, str)
_FRACTIONS = {"1/2": "5", "1/4": "25", "3/4": "75"}


def number_spans(tokens: Sequence[Token], language: str | None = None) -> tuple[NumberSpan, ...]:
    """The numbers in `tokens`, by first token, then longest first; alternatives overlap.

    `nineteen eighty-four` gives 19, 84 and, for the whole, 1984 and 19:84; `26 percent` gives 26
    and 26 with unit `%`. Without a language English is read. A single article that is also a
    number word (`um`, `une`, `ein`) gives a span with the value 1.
    """
    if base_language(language) in {"zh", "ja", "yue"}:
        return _ideographs(tokens)
    words = numerals_of(language)
    forms = [token.form for token in tokens]
    found: dict[NumberSpan, None] = {}
    index = 0
    base = base_language(language)
    while index < len(tokens):
        if tokens[index].kind is not TokenKind.NUMBER and not _may_begin(forms[index], base):
            index += 1
            continue
        spans = list(_at(forms, tokens, index, words, base))
        for span in spans:
            found[span] = None
            unit = _with_unit(forms, span)
            if unit is not None:
                found[unit] = None
        index = spans[0].last if spans else index + 1
    return tuple(sorted(found, key=lambda span: (span.first, -span.last, span.value, span.unit)))


@lru_cache(maxsize=1 << 16)
def _may_begin(form: str, base: str | None) -> bool:
    """Whether a number word may begin with this form: most words are told apart by this alone."""
    words = numerals_of(base)
    if words is None:
        return False
    if form == "a" or form in words.bare or any(one in form for one in words.glued):
        return True
    return form in _firsts(base)


@lru_cache(maxsize=32)
def _firsts(base: str | None) -> frozenset[str]:
    words = numerals_of(base)
    if words is None:
        return frozenset()
    tables = (words.phrases, words.ordinals, words.fractions)
    return frozenset(phrase[0] for table in tables for phrase in table)


def _ideographs(tokens: Sequence[Token]) -> tuple[NumberSpan, ...]:
    """Ideographic numerals and numbers in digits, each with a percent or currency sign too."""
    forms = [token.form for token in tokens]
    found = {NumberSpan(*one) for one in ideograph_numbers(forms)}
    inside = {at for one in found for at in range(one.first, one.last)}
    found |= {
        NumberSpan(at, at + 1, _digits(token.form))
        for at, token in enumerate(tokens)
        if token.kind is TokenKind.NUMBER and at not in inside
    }
    found |= {unit for one in found if not one.unit and (unit := _with_unit(forms, one))}
    return tuple(sorted(found, key=lambda span: (span.first, -span.last, span.value, span.unit)))


def is_article(form: str) -> bool:
    """Whether a number word is more often an article (`um`, `une`, `ein`, `一`)."""
    return form in _ARTICLES


def money_of(form: str) -> str | None:
    """The sign of the currency that a word names."""
    return _MONEY.get(form)


def _at(
    forms: Sequence[str],
    tokens: Sequence[Token],
    start: int,
    words: Numerals | None,
    base: str | None,
) -> Iterator[NumberSpan]:
    """The readings of a number that starts at a token; the first tells where to go on."""
    if tokens[start].kind is TokenKind.NUMBER:
        value = _digits(forms[start])
        mixed = _with_fraction(tokens, start)
        if mixed is not None:
            last, scaled = _scaled(forms, start + 2, mixed, words) if words else (start + 2, mixed)
            yield NumberSpan(start, last, scaled)
            if last > start + 2:
                yield NumberSpan(start, start + 2, mixed)
        if words is not None and value.replace(".", "", 1).isdigit() and len(value) < _DIGITS_MAX:
            last, scaled = _scaled(forms, start + 1, value, words)
            if last > start + 1:
                yield NumberSpan(start, last, scaled)
        yield NumberSpan(start, start + 1, value)
        if base == "de" and _opens_ordinal(tokens, start):
            yield NumberSpan(start, start + 1, f"{value}º")
        return
    if words is None:
        return
    ordinal = _longest(forms, start, words.ordinals, words.longest)
    cardinal = _cardinal(forms, start, words)
    if ordinal is not None and (cardinal is None or ordinal[0] >= cardinal[0]):
        yield NumberSpan(start, ordinal[0], f"{ordinal[1]}º")
        return
    if cardinal is None:
        return
    yield NumberSpan(start, *cardinal)
    yield from _pairs(forms, start, words)


def _with_fraction(tokens: Sequence[Token], start: int) -> str | None:
    """The value of a whole number with a fraction behind it (`2½`, `2 1/2`), or None."""
    if start + 1 >= len(tokens) or not tokens[start].form.isdecimal():
        return None
    decimals = _FRACTIONS.get(tokens[start + 1].form)
    near = tokens[start + 1].char_start - tokens[start].char_end <= 1
    return f"{_digits(tokens[start].form)}.{decimals}" if decimals and near else None


def _opens_ordinal(tokens: Sequence[Token], start: int) -> bool:
    """Whether a mark and a space stand behind a number of one or two digits (German `5. Mai`)."""
    token = tokens[start]
    if len(token.form) > 2 or not token.form.isdecimal() or start + 1 >= len(tokens):
        return False
    return tokens[start + 1].char_start - token.char_end == len(". ")


def _digits(form: str) -> str:
    """The value of a number token's form."""
    ordinal = _ORDINAL_RE.fullmatch(form)
    if ordinal is not None:
        return (ordinal[1].lstrip("0") or "0") + "º"
    whole, dot, decimals = form.partition(".")
    if dot and not decimals.isdigit():
        return form
    whole = whole.lstrip("0")
    if not whole[:1].isdigit():
        whole = "0" + whole
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def _longest(
    forms: Sequence[str], start: int, table: Mapping[Phrase, _Value], longest: int
) -> tuple[int, _Value] | None:
    for length in range(min(longest, len(forms) - start), 0, -1):
        value = table.get(tuple(forms[start : start + length]))
        if value is not None:
            return start + length, value
    return None


def _group(forms: Sequence[str], start: int, words: Numerals) -> tuple[int, int] | None:
    """A number below 1000, a German compound below a million, or `a` before a scale word."""
    if start >= len(forms):
        return None
    found = _longest(forms, start, words.phrases, words.longest)
    if found is not None:
        return found
    for thousand in words.glued:
        head, found_here, rest = forms[start].partition(thousand)
        if not found_here or not (head or rest):
            continue
        thousands = words.phrases.get((head,), 1 if not head else None)
        less = _below_thousand(rest, words)
        if thousands is not None and less is not None:
            return start + 1, thousands * 1000 + less
    following = forms[start + 1] if start + 1 < len(forms) else ""
    if forms[start] == "a" and following in words.scales and "hundred" not in words.scales:
        return start + 1, 1
    return (start, 1) if forms[start] in words.bare else None


def _below_thousand(rest: str, words: Numerals) -> int | None:
    """What stands in one word behind a thousand; 0 for nothing."""
    if not rest:
        return 0
    for joint in ("", "und", "en"):
        less = words.phrases.get((rest.removeprefix(joint),)) if rest.startswith(joint) else None
        if less is not None:
            return less
    return None


def _cardinal(forms: Sequence[str], start: int, words: Numerals) -> tuple[int, str] | None:
    """The longest cardinal at `start`: (token after it, value)."""
    group = _group(forms, start, words)
    part = _longest(forms, start, words.fractions, 3) if words.fractions else None
    if part is not None and (group is None or part[0] > group[0]):
        return _scaled(forms, part[0], part[1], words)
    if group is None:
        return None
    last, number = group
    last, value = _decimals(forms, last, str(number), words)
    last, value = _scaled(forms, last, value, words)
    return last, value


def _decimals(forms: Sequence[str], start: int, value: str, words: Numerals) -> tuple[int, str]:
    if start + 1 >= len(forms) or forms[start] not in words.point:
        return start, value
    digits, index = "", start + 1
    while index < len(forms):
        found = _longest(forms, index, words.phrases, words.longest)
        if found is None or len(digits) > 12:
            break
        index, part = found
        digits += str(part)
    return (index, f"{value}.{digits}") if digits else (start, value)


def _scaled(forms: Sequence[str], start: int, value: str, words: Numerals) -> tuple[int, str]:
    """Scale words after a number, and the smaller groups after them (`two thousand and four`)."""
    total, last = 0, start
    pending: int | None = None
    size = len(forms)
    half = tuple(forms[start : start + 3]) == ("and", "a", "half")
    if half and "." not in value and "and" in words.joins:
        value, last = value + ".5", start + 3
    if "." in value:
        if last < size and forms[last] in words.scales:
            return last + 1, shifted(value, words.scales[forms[last]])
        return last, value
    pending, least = int(value), 10**18
    while True:
        if last < size and pending is not None and forms[last] in words.scales:
            scale = words.scales[forms[last]]
            if scale >= least:
                break
            total, least, pending, last = total + pending * scale, scale, None, last + 1
            if last < size and words.scales.get(forms[last], 0) > scale:
                least = words.scales[forms[last]]  # mil millones: a thousand millions
                total, last = total * least, last + 1
            continue
        if pending is not None:
            break
        index = last + 1 if last < size and forms[last] in words.joins else last
        group = _group(forms, index, words)
        if group is None or group[0] == index:
            break
        after, number = group
        scaled = after < size and words.scales.get(forms[after], least) < least
        if not (scaled or number < least):
            break
        if forms[index] in _ARTICLES and not scaled:
            break
        pending, last = number, after
        if not scaled:
            return last, str(total + pending)
    return last, str(total + (pending or 0))


def shifted(value: str, scale: int) -> str:
    """A value times a power of ten."""
    whole, _, decimals = value.partition(".")
    zeros = len(str(scale)) - 1
    padded = decimals.ljust(zeros, "0")
    return _digits(f"{whole}{padded[:zeros]}.{padded[zeros:] or '0'}")


def _pairs(forms: Sequence[str], start: int, words: Numerals) -> Iterator[NumberSpan]:
    """Years, times and single digits read one after the other."""
    first = _longest(forms, start, words.phrases, words.longest)
    if first is None or first[0] >= len(forms):
        return
    middle, high = first
    second = _longest(forms, middle, words.phrases, words.longest)
    if second is not None and 10 <= second[1] <= 99 and 1 <= high <= 99:
        yield NumberSpan(start, second[0], f"{high}{second[1]}")
        if high <= 24 and second[1] <= 59:
            yield NumberSpan(start, second[0], f"{high}:{second[1]}")
    if forms[middle] in {"oh", "o"} and middle + 1 < len(forms):
        third = _longest(forms, middle + 1, words.phrases, words.longest)
        if third is not None and 1 <= third[1] <= 9 and 1 <= high <= 99:
            yield NumberSpan(start, third[0], f"{high}0{third[1]}")
            yield NumberSpan(start, third[0], f"{high}:0{third[1]}")
    digits, index = "", start
    while index < len(forms) and len(digits) < _DIGITS_MAX:
        digit = words.phrases.get((forms[index],), 10)
        if digit > 9:
            break
        digits, index = digits + str(digit), index + 1
    if len(digits) > 1:
        yield NumberSpan(start, index, digits.lstrip("0") or "0")


def _with_unit(forms: Sequence[str], span: NumberSpan) -> NumberSpan | None:
    """The same number with the percent or currency sign before or after it."""
    for phrase in _PERCENT:
        if tuple(forms[span.last : span.last + len(phrase)]) == phrase:
            return NumberSpan(span.first, span.last + len(phrase), span.value, "%")
    if span.first > 0 and forms[span.first - 1] in "$€£¥₹₪":
        return NumberSpan(span.first - 1, span.last, span.value, forms[span.first - 1])
    after = forms[span.last] if span.last < len(forms) else ""
    sign = after if after and after in "$€£¥₹₪‰" else _MONEY.get(after)
    return NumberSpan(span.first, span.last + 1, span.value, sign) if sign else None
