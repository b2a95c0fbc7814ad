"""Numbers that tokens spell, as alternative spans: `twenty-six` and `26` have the same value.

English, Spanish, Portuguese, French and German cardinals up to 10**15 − 1 (German compounds up to
999,999), English ordinals to 99, decimals, years and times read in pairs, percent and currencies.
In other languages digits only. Spans never change the count of tokens and may overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from offair.text.normalise import word_set
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


_Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Numerals:
    """One language's number words. phrases: 0…999 as token forms; scales: words for 10**3 on."""

    phrases: dict[_Phrase, int]
    scales: dict[str, int]
    bare: frozenset[str]
    """Scale words that may stand without a number before them."""
    joins: frozenset[str]
    point: frozenset[str]
    ordinals: dict[_Phrase, int]
    longest: int


def _list(words: str) -> list[str]:
    return words.split()


def _english() -> _Numerals:
    small = _list(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen"
    )
    tens = _list("twenty thirty forty fifty sixty seventy eighty ninety")
    below: dict[int, _Phrase] = {number: (word,) for number, word in enumerate(small)}
    for index, ten in enumerate(tens):
        below[20 + 10 * index] = (ten,)
        for unit in range(1, 10):
            below[20 + 10 * index + unit] = (ten, small[unit])
    phrases = {phrase: number for number, phrase in below.items()}
    for hundred in range(1, 10):
        for head in [(small[hundred],)] + [("a",)] * (hundred == 1):
            phrases[(*head, "hundred")] = hundred * 100
            for number in range(1, 100):
                phrases[(*head, "hundred", *below[number])] = hundred * 100 + number
                phrases[(*head, "hundred", "and", *below[number])] = hundred * 100 + number
    firsts = _list(
        "_ first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
    )
    ordinals: dict[_Phrase, int] = {(word,): number for number, word in enumerate(firsts) if number}
    for index, ten in enumerate(tens):
        ordinals[(ten[:-1] + "ieth",)] = 20 + 10 * index
        for unit in range(1, 10):
            ordinals[(ten, firsts[unit])] = 20 + 10 * index + unit
    scales = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
    scales |= {"mn": 10**6, "bn": 10**9, "tn": 10**12}
    return _numerals(phrases, scales, "", "and", "point", ordinals)


def _spanish() -> _Numerals:
    small = _list(
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
        "dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres "
        "veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
    )
    tens = _list("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
    hundreds = _list(
        "_ ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos "
        "ochocientos novecientos"
    )
    phrases: dict[_Phrase, int] = {(word,): number for number, word in enumerate(small)}
    phrases |= {("un",): 1, ("una",): 1, ("veintiun",): 21, ("veintiuna",): 21}
    for index, ten in enumerate(tens):
        phrases[(ten,)] = 30 + 10 * index
        for phrase, unit in list(phrases.items()):
            if 1 <= unit <= 9 and len(phrase) == 1:
                phrases[(ten, "y", *phrase)] = 30 + 10 * index + unit
    below = dict(phrases)
    phrases[("cien",)] = 100
    for index, hundred in enumerate(hundreds[1:], 1):
        for form in {hundred, hundred[:-2] + "as" if index > 1 else hundred}:
            phrases[(form,)] = 100 * index
            phrases |= {(form, *rest): 100 * index + less for rest, less in below.items() if less}
    scales = {"mil": 10**3, "millon": 10**6, "millones": 10**6, "billon": 10**12}
    return _numerals(phrases, scales | {"billones": 10**12}, "mil", "", "coma punto", {})


def _portuguese() -> _Numerals:
    small = _list(
        "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze catorze quinze "
        "dezesseis dezessete dezoito dezenove"
    )
    tens = _list("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
    hundreds = _list(
        "_ cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos "
        "novecentos"
    )
    phrases: dict[_Phrase, int] = {(word,): number for number, word in enumerate(small)}
    phrases |= {("uma",): 1, ("duas",): 2, ("quatorze",): 14}
    phrases |= {("dezasseis",): 16, ("dezassete",): 17, ("dezanove",): 19}
    units = {phrase: unit for phrase, unit in phrases.items() if 1 <= unit <= 9}
    for index, ten in enumerate(tens, 2):
        phrases[(ten,)] = 10 * index
        phrases |= {(ten, "e", *phrase): 10 * index + unit for phrase, unit in units.items()}
    below = dict(phrases)
    phrases[("cem",)] = 100
    for index, hundred in enumerate(hundreds[1:], 1):
        for form in {hundred, hundred[:-1] + "s" if index == 1 else hundred[:-2] + "as"}:
            phrases[(form,)] = 100 * index
            phrases |= {
                (form, "e", *rest): 100 * index + less for rest, less in below.items() if less
            }
    scales = {"mil": 10**3, "milhao": 10**6, "milhoes": 10**6, "bilhao": 10**9, "bilhoes": 10**9}
    scales |= {"biliao": 10**12, "bilioes": 10**12, "trilhao": 10**12, "trilhoes": 10**12}
    return _numerals(phrases, scales, "mil", "e", "virgula ponto", {})


def _french() -> _Numerals:
    small = _list(
        "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
        "seize"
    )
    below: dict[_Phrase, int] = {(word,): number for number, word in enumerate(small)}
    below |= {("dix", small[unit]): 10 + unit for unit in (7, 8, 9)} | {("une",): 1}
    teens = {phrase: number for phrase, number in below.items() if 1 <= number <= 19}
    tens = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
    tens |= {"septante": 70, "huitante": 80, "octante": 80, "nonante": 90}
    for word, ten in tens.items():
        below[(word,)] = ten
        upto = 19 if ten == 60 else 9
        for phrase, number in teens.items():
            if number <= upto:
                below[(word, *phrase)] = ten + number
                if number in (1, 11):
                    below[(word, "et", *phrase)] = ten + number
    below |= {("quatre", "vingt"): 80, ("quatre", "vingts"): 80}
    below |= {("quatre", "vingt", *phrase): 80 + number for phrase, number in teens.items()}
    phrases = dict(below)
    for hundred in range(1, 10):
        head = () if hundred == 1 else (small[hundred],)
        for word in ("cent", "cents"):
            phrases[(*head, word)] = 100 * hundred
        phrases |= {
            (*head, "cent", *rest): 100 * hundred + less for rest, less in below.items() if less
        }
    scales = {"mille": 10**3, "million": 10**6, "millions": 10**6}
    scales |= {"milliard": 10**9, "milliards": 10**9}
    return _numerals(phrases, scales, "mille", "", "virgule point", {})


def _german() -> _Numerals:
    small = _list(
        "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn "
        "funfzehn sechzehn siebzehn achtzehn neunzehn"
    )
    tens = _list("zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig")
    below = {word: number for number, word in enumerate(small)}
    for index, ten in enumerate(tens, 2):
        below[ten] = 10 * index
        for unit in range(1, 10):
            below[("ein" if unit == 1 else small[unit]) + "und" + ten] = 10 * index + unit
    words = dict(below) | {"ein": 1, "eine": 1, "einen": 1, "zwo": 2}
    for hundred in range(1, 10):
        for head in ("ein", "") if hundred == 1 else (small[hundred],):
            words[head + "hundert"] = 100 * hundred
            for rest, less in below.items():
                if less:
                    words[head + "hundert" + rest] = 100 * hundred + less
                    words[head + "hundertund" + rest] = 100 * hundred + less
    scales = {"tausend": 10**3, "million": 10**6, "millionen": 10**6}
    scales |= {"milliarde": 10**9, "milliarden": 10**9, "billion": 10**12, "billionen": 10**12}
    phrases: dict[_Phrase, int] = {(word,): number for word, number in words.items()}
    return _numerals(phrases, scales, "tausend", "", "komma", {})


def _numerals(
    phrases: dict[_Phrase, int],
    scales: dict[str, int],
    bare: str,
    joins: str,
    point: str,
    ordinals: dict[_Phrase, int],
) -> _Numerals:
    longest = max(map(len, phrases))
    return _Numerals(
        phrases, scales, word_set(bare), word_set(joins), word_set(point), ordinals, longest
    )


_LANGUAGES: dict[str, Callable[[], _Numerals]] = {
    "en": _english,
    "es": _spanish,
    "pt": _portuguese,
    "fr": _french,
    "de": _german,
}
_ARTICLES = word_set("un una um uma une ein eine einen a")
_PERCENT: tuple[_Phrase, ...] = (
    ("%",),
    ("percent",),
    ("per", "cent"),
    ("por", "ciento"),
    ("por", "cento"),
    ("pour", "cent"),
    ("prozent",),
    ("pct",),
)
_MONEY = {
    **dict.fromkeys(("dollar", "dollars", "dolares", "dolar", "usd"), "$"),
    **dict.fromkeys(("euro", "euros", "eur"), "€"),
    **dict.fromkeys(("pound", "pounds", "gbp", "sterling"), "£"),
    **dict.fromkeys(("yen", "jpy"), "¥"),
}
_ORDINAL_RE = regex.compile(r"([0-9]+)(?:st|nd|rd|th|er|re|e|eme|o|a)")
_DIGITS_MAX = 30


@lru_cache(maxsize=8)
def _numerals_of(base: str | None) -> _Numerals | None:
    make = _LANGUAGES.get(base or "en")
    return make() if make is not None else None


def number_spans(tokens: Sequence[Token], language: str | None = None) -> tuple[NumberSpan, ...]:
    """The numbers in `tokens`, by first token, then longest first; alternatives overlap.

    `nineteen eighty-four` gives 19, 84 and, for the whole, 1984 and 19:84; `26 percent` gives 26
    and 26 with unit `%`. Without a language English is read. A single article that is also a
    number word (`um`, `une`, `ein`) gives a span with the value 1.
    """
    words = _numerals_of(base_language(language))
    forms = [token.form for token in tokens]
    found: dict[NumberSpan, None] = {}
    index = 0
    while index < len(tokens):
        spans = list(_at(forms, tokens, index, words))
        for span in spans:
            found[span] = None
            unit = _with_unit(forms, span)
            if unit is not None:
                found[unit] = None
        index = spans[0].last if spans else index + 1
    return tuple(sorted(found, key=lambda span: (span.first, -span.last, span.value, span.unit)))


def is_article(form: str) -> bool:
    """Whether a number word is more often an article (`um`, `une`, `ein`)."""
    return form in _ARTICLES


def _at(
    forms: Sequence[str], tokens: Sequence[Token], start: int, words: _Numerals | None
) -> Iterator[NumberSpan]:
    """The readings of a number that starts at a token; the first tells where to go on."""
    if tokens[start].kind is TokenKind.NUMBER:
        value = _digits(forms[start])
        if words is not None and value.replace(".", "", 1).isdigit() and len(value) < _DIGITS_MAX:
            last, scaled = _scaled(forms, start + 1, value, words)
            if last > start + 1:
                yield NumberSpan(start, last, scaled)
        yield NumberSpan(start, start + 1, value)
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
    forms: Sequence[str], start: int, table: dict[_Phrase, int], longest: int
) -> tuple[int, int] | None:
    for length in range(min(longest, len(forms) - start), 0, -1):
        value = table.get(tuple(forms[start : start + length]))
        if value is not None:
            return start + length, value
    return None


def _group(forms: Sequence[str], start: int, words: _Numerals) -> tuple[int, int] | None:
    """A number below 1000, a German compound below a million, or `a` before a scale word."""
    if start >= len(forms):
        return None
    found = _longest(forms, start, words.phrases, words.longest)
    if found is not None:
        return found
    if "tausend" in words.scales and "tausend" in forms[start]:
        head, _, rest = forms[start].partition("tausend")
        thousands = words.phrases.get((head,), 1 if not head else None)
        less = words.phrases.get((rest.removeprefix("und"),), 0 if not rest else None)
        if thousands is not None and less is not None and (head or rest):
            return start + 1, thousands * 1000 + less
    following = forms[start + 1] if start + 1 < len(forms) else ""
    if forms[start] == "a" and following in words.scales and "hundred" not in words.scales:
        return start + 1, 1
    return (start, 1) if forms[start] in words.bare else None


def _cardinal(forms: Sequence[str], start: int, words: _Numerals) -> tuple[int, str] | None:
    """The longest cardinal at `start`: (token after it, value)."""
    group = _group(forms, start, words)
    if group is None:
        return None
    last, number = group
    last, value = _decimals(forms, last, str(number), words)
    last, value = _scaled(forms, last, value, words)
    return last, value


def _decimals(forms: Sequence[str], start: int, value: str, words: _Numerals) -> tuple[int, str]:
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


def _scaled(forms: Sequence[str], start: int, value: str, words: _Numerals) -> tuple[int, str]:
    """Scale words after a number, and the smaller groups after them (`two thousand and four`)."""
    total, last = 0, start
    pending: int | None = None
    size = len(forms)
    half = tuple(forms[start : start + 3]) == ("and", "a", "half")
    if half and "." not in value and "and" in words.joins:
        value, last = value + ".5", start + 3
    if "." in value:
        if last < size and forms[last] in words.scales:
            return last + 1, _shift(value, words.scales[forms[last]])
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


def _shift(value: str, scale: int) -> str:
    whole, _, decimals = value.partition(".")
    zeros = len(str(scale)) - 1
    padded = decimals.ljust(zeros, "0")
    return _digits(f"{whole}{padded[:zeros]}.{padded[zeros:] or '0'}")


def _pairs(forms: Sequence[str], start: int, words: _Numerals) -> Iterator[NumberSpan]:
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
    if span.first > 0 and forms[span.first - 1] in "$€£¥₹":
        return NumberSpan(span.first - 1, span.last, span.value, forms[span.first - 1])
    after = forms[span.last] if span.last < len(forms) else ""
    sign = after if after and after in "$€£¥₹‰" else _MONEY.get(after)
    return NumberSpan(span.first, span.last + 1, span.value, sign) if sign else None
