"""The one tokeniser: it serves display, search, quote check and standing queries.

What becomes one token
    * a run of letters and marks of a script written with spaces (Hangul included), with
      apostrophes inside (`don't` → `dont`), Hebrew gershayim and the Catalan middle dot; Latin
      letters take digits in (`G20`, `CO₂`), no other script's do (`الـ20` → `ال`, `20`), and a
      word ends where Latin meets another script;
    * an elided word and its host apart (`l'État` → `l`, `etat`), in every language, by a list, and
      before digits and initials (`l'11`, `l'U.E.`);
    * single letters with full stops between (`U.S.` → `us`, `a.m.` → `am`), `Ph.D.`;
    * a number with its separators (`12,000` → `12000`, `1,00,000`, `6:40`, `1/2`), an ordinal
      (`21st`) or a plural (`1980s`) with its Latin letters; a unit glued to a number is a token of
      its own (`5kg`, `9a.m.`); `21h30` is `21:30`;
    * one character of Han, Kana and Bopomofo; one letter with its marks (sara am included) of
      Thai, Lao, Khmer, Myanmar and the Tai scripts: no dictionary, so no version of one;
    * `%`, `‰` and currency signs, which change what a number means.
Everything else separates: hyphens, spaces (the zero-width space too), other punctuation, symbols.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

import regex

from offair.text.normalise import APOSTROPHES, ascii_digits, fold, word_set

TOKENISER_VERSION: int = 2
"""Changes with every change of the tokens of any text; stands in every index shard."""


class TokenKind(Enum):
    """What a token is. A filler is a sound of hesitation, by the language's list."""

    WORD = "word"
    NUMBER = "number"
    FILLER = "filler"
    SYMBOL = "symbol"


class Token(NamedTuple):
    """One token: its character range in the original text, its normal form and kind.

    A tuple, because a check of a quotation makes a hundred of them, and a frozen dataclass takes
    nearly three times as long to make.

    capital: the original starts with a capital letter and does not open a sentence, a line or a
    quotation; False in text that is mostly capitals (headlines) and in scripts without case.
    """

    char_start: int
    char_end: int
    form: str
    kind: TokenKind = TokenKind.WORD
    capital: bool = False


UNSPACED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tai_Le}\p{New_Tai_Lue}\p{Tai_Tham}\p{Tai_Viet}"
IDEOGRAPH = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\u30fc\uff70\uff9e\uff9f"
"""Scripts without spaces and ideographs, for a set of the module regex."""
_TAIL = r"[\p{M}\p{Cf}--[\u200b]]"
_LETTER = rf"[[\p{{L}}\p{{Nl}}]--[{UNSPACED}{IDEOGRAPH}]]"
_COMMON = rf"[{_LETTER}&&[\p{{Common}}\p{{Inherited}}]]"
_OTHER = rf"[{_LETTER}--[\p{{Latin}}\p{{Common}}\p{{Inherited}}]]"
_LATIN = rf"[{_LETTER}--{_OTHER}]"
_IN_WORD = rf"[[\p{{L}}\p{{Nl}}\p{{Nd}}\p{{M}}\p{{Cf}}]--[{UNSPACED}{IDEOGRAPH}\u200b]]"
_IN_OTHER = rf"[{_IN_WORD}--[\p{{Nd}}[\p{{Latin}}--\p{{M}}]]]"
_IN_LATIN = rf"[[{_IN_WORD}\u2080-\u2089]--{_OTHER}]"
_QUOTE = f"[{APOSTROPHES}]"
_DIGIT = rf"(?:\p{{Nd}}{_TAIL}*+)"
_GERSHAYIM = rf"(?:[\"״”“]|{_QUOTE}{{2}})"
_JOINT = (
    rf"(?:(?<=\p{{Hebrew}}{_TAIL}{{0,3}}){_GERSHAYIM}(?=\p{{Hebrew}})|{_QUOTE}"
    r"|(?<=[lL])[·‧](?=[lL]))"
)
_INITIALS = (
    rf"(?:{_LETTER}{_TAIL}*+(?:\.{_LETTER}{_TAIL}*+)+|[Pp]h\.[Dd])(?:\.?{_QUOTE}[sS])?+"
    rf"(?!{_IN_WORD}|{_JOINT}{_LETTER})"
)
_SQUARE = rf"[kcmdKCMD]?[mM][²³](?!{_IN_WORD})"
_WORD = (
    rf"(?:(?:{_COMMON}{_TAIL}*+)*+{_OTHER}{_IN_OTHER}*+(?:{_JOINT}{_IN_OTHER}++)*+"
    rf"|{_LATIN}{_IN_LATIN}*+(?:{_JOINT}(?!\p{{Nd}}|{_INITIALS}){_IN_LATIN}++)*+)"
)
_SARA_AM = r"(?:[\u0e33\u0eb3]|(?<=\u0e4d[\u0e48-\u0e4b]?)\u0e32|(?<=\u0ecd[\u0ec8-\u0ecb]?)\u0eb2)"
_GROUP = r"[\u00a0\u202f\u2009'’]"
_NUMBER = (
    rf"(?:(?!0){_DIGIT}{{1,3}}(?:%s{_DIGIT}{{3}}(?!\p{{Nd}}))+(?:[.,]{_DIGIT}++)?"
    rf"|{_DIGIT}++(?:[.,:/⁄∕٫٬]{_DIGIT}++)*+)"
)


# Compiled when first asked for: 14 ms of processor time each, of the start of every command.
@lru_cache(maxsize=2)
def _pattern(groups: str) -> regex.Pattern[str]:
    """What reads any text between plain words. groups: what may stand between groups of digits."""
    return regex.compile(
        rf"""
        (?P<initials>{_INITIALS})
        |(?P<square>{_SQUARE})
        |(?P<word>{_WORD})
        |(?P<clock>{_DIGIT}{{1,2}}[hH]{_DIGIT}{{2}}(?!{_IN_WORD}))
        |(?P<number>{_NUMBER % groups})
         (?P<suffix>(?:
            \.?[ºª](?!{_IN_WORD})
            |[aApP]\.[mM](?!{_IN_WORD}|{_JOINT}{_LETTER})
            |{_SQUARE}
            |{_QUOTE}?+{_LATIN}{_IN_LATIN}*+
         )?)
        |(?P<ideograph>[{IDEOGRAPH}](?:{_TAIL}|[\uff9e\uff9f])*+)
        |(?P<cluster>[[{UNSPACED}]&&\p{{L}}]{_TAIL}*+{_SARA_AM}?{_TAIL}*+)
        |(?P<other>\p{{N}}{_TAIL}*+)
        |(?P<unit>[\u3380-\u33df℃℉])
        |(?P<symbol>[%％﹪٪‰\p{{Sc}}])
        """,
        regex.VERSION1 | regex.VERBOSE,
    )


_TIGHT = _GROUP
_SPACED = rf"(?:{_GROUP}|\x20)"
_EDGE = r"\s,;:!?()\[\]\"“”…—–\-"
"""Characters that are part of no token beside a Latin letter, for a set."""
_MARKS = ',;:!?()[]"“”…—–-.'
_PLAIN_RE = re.compile(rf"(?<![^{_EDGE}])[A-Za-z]++(?=[{_EDGE}]|\.(?:\s|\Z)|\Z)")
"""Nine of ten words of a Western text: one token each, whatever stands beside them."""
_BARE_RE = re.compile(rf"[{_EDGE}.]*+\Z")
_CLUSTERS_RE = regex.compile(r"[\p{L}--[\u0e33\u0eb3]]", regex.VERSION1)
_QUOTE_RE = regex.compile(_QUOTE)
_ELIDED = word_set(
    "l d j m n s t c qu jusqu lorsqu puisqu quoiqu presqu quelqu "
    "dell all nell sull dall coll degl agl negl dagl sugl un nessun ciascun qualcun quest quell "
    "bell sant anch neanch cos gl gliel v ch dov com quand grand tutt nient mezz senz vent trent "
    "quarant cinquant sessant settant ottant novant cent"
)
_HOST_RE = regex.compile(r"(?!(?:am|em|is|it|ye|you)$)[aeiouyh]")
_ORDINAL_RE = regex.compile(r"st|nd|rd|th|o|a|os|as|e|er|re|eme|ere|nd|nde|s|es|ste|ten|de|i|j")
_UNIT_RE = regex.compile(
    r"kg|km|km2|m|m2|m3|cm|mm|g|mg|l|ml|w|kw|mw|gw|kwh|mwh|gwh|h|hrs?|mins?|secs?|ms|mph|kph|kmh|"
    r"bn|mn|tn|k|am|pm|kb|mb|gb|tb|hz|khz|mhz|ghz|ha|ft|lbs?|oz|c|f|usd|eur|gbp|p|pc|pct|db|v|kv"
)
_COMMA_DECIMAL = word_set(
    "fr de es it pt nl ca gl ru uk be bg pl cs sk sl hr sr bs mk ro hu fi et lv lt sv nb nn no da "
    "is tr az kk ky uz id vi el sq hy ka eu af"
)
_SPACE_GROUPS = _COMMA_DECIMAL - {"de", "nl", "it", "tr", "id", "el"}
_FILLER_EVERYWHERE = r"u+h+|u+h+m+|u{2,}m+|um{2,}|e+r+m+|h+m{2,}|e+uh+|e+hm+|a+e?hm+|m{3,}"
_FILLERS = {
    None: regex.compile(_FILLER_EVERYWHERE),
    "en": regex.compile(rf"{_FILLER_EVERYWHERE}|um|er|erm|hm|mm|eh"),
    "fr": regex.compile(rf"{_FILLER_EVERYWHERE}|heu+|hum|hm|euh"),
    "de": regex.compile(rf"{_FILLER_EVERYWHERE}|ah+m?|oh+m|hm|mh|aeh"),
    "es": regex.compile(rf"{_FILLER_EVERYWHERE}|eh+|em|mm|hm"),
    "pt": regex.compile(rf"{_FILLER_EVERYWHERE}|hum|ahn+|hm|eh"),
    "it": regex.compile(rf"{_FILLER_EVERYWHERE}|eh|mh|hm|uhm"),
    "nl": regex.compile(rf"{_FILLER_EVERYWHERE}|eh|uh|hm"),
    "ar": regex.compile(rf"{_FILLER_EVERYWHERE}|ا{{2,}}ه*|ا+ه+م+|م{{3,}}"),
    "ru": regex.compile(rf"{_FILLER_EVERYWHERE}|э+|э+м+|м{{2,}}|гм+|хм+"),
    "ja": regex.compile(rf"{_FILLER_EVERYWHERE}"),
}
_OPENERS = frozenset('.!?…:;।。！？؟\n\r\u2028\u2029"“„«‹「『([—–•')
_TITLES = word_set("mr mrs ms dr st gen col sen gov prof rev sgt lt capt rep pres sr sra no")
_THREE_RE = regex.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")
_GROUPED_RE = regex.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3}(?:\1[0-9]{3})*)(?!\1)[.,][0-9]+")
_PIECE_RE = regex.compile(r"[^,]+")
_GLUED_RE = regex.compile(rf"{_LATIN}{_IN_LATIN}*+", regex.VERSION1)
_LAKHS_RE = regex.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")


@lru_cache(maxsize=256)
def base_language(language: str | None) -> str | None:
    """The first subtag of a BCP 47 tag in lower case, or None where no language is named."""
    head = (language or "").strip().lower().replace("_", "-").split("-", 1)[0]
    return None if head in {"", "und", "mul", "mis", "zxx"} else head


def reading(language: str | None) -> tuple[str | None, bool, bool, bool]:
    """What of a language decides its tokens: two languages with the same value have the same
    tokens and fillers for any text. (Its list of fillers; whether one is named, has a decimal
    comma, groups digits with plain spaces.)"""
    base = base_language(language)
    listed = base if base in _FILLERS else None
    spaced = base is None or base in _SPACE_GROUPS
    return listed, base is None, base in _COMMA_DECIMAL, spaced


def tokens(text: str, language: str | None = None) -> tuple[Token, ...]:
    """The tokens of `text`, sorted, not overlapping; never raises, for any string.

    Every letter and digit of the text stands inside exactly one token's character range.
    `language` (BCP 47) decides only what a filler is, whether a comma is a decimal sign, and
    whether a plain space may group digits; without it only sounds that are words in no major
    language are fillers, `12,000` is twelve thousand, `12,5` a decimal and `1 000` one number.
    Normal forms use English digits, `.` before decimals, no grouping: tokenising a normal form
    without a language gives one token with that form.
    """
    base = base_language(language)
    spaced = base is None or base in _SPACE_GROUPS
    pattern = _pattern(_SPACED if spaced else _TIGHT)
    fillers = _FILLERS.get(base, _FILLERS[None])
    result: list[Token] = []
    done = 0
    for match in _PLAIN_RE.finditer(text):
        start, end = match.span()
        if text[done:start] != " " and not _BARE_RE.match(text[done:start]):
            _read(pattern, text, done, start, base, fillers, result)
        form = match.group().lower()
        kind = TokenKind.FILLER if _is_filler(fillers, form) else TokenKind.WORD
        result.append(Token(start, end, form, kind))
        done = end
    _read(pattern, text, done, len(text), base, fillers, result)
    return _with_capitals(text, result)


@lru_cache(maxsize=1 << 16)
def count_words(text: str, language: str | None = None) -> int:
    """How many tokens of a short text are no fillers; what was counted is kept."""
    bare = text.strip(_MARKS)
    if bare.isascii() and bare.isalpha():
        return (
            0
            if _FILLERS.get(base_language(language), _FILLERS[None]).fullmatch(bare.lower())
            else 1
        )
    return sum(one.kind is not TokenKind.FILLER for one in tokens(text, language))


@lru_cache(maxsize=1 << 16)
def _is_filler(fillers: regex.Pattern[str], form: str) -> bool:
    return fillers.fullmatch(form) is not None


def _read(
    pattern: regex.Pattern[str],
    text: str,
    first: int,
    last: int,
    base: str | None,
    fillers: regex.Pattern[str],
    result: list[Token],
) -> None:
    """Any part of a text between plain words."""
    for match in pattern.finditer(text, first, last):
        group = match.lastgroup
        if group == "suffix" or group == "number":
            _number(match, base, result)
        elif group == "word":
            _word(text, match.start(), match.end(), fillers, result)
        elif group == "clock":
            form = ascii_digits(match.group()).replace("h", ":").replace("H", ":")
            result.append(Token(match.start(), match.end(), form, TokenKind.NUMBER))
        elif group == "other":
            form = _numeral(match.group())
            result.append(Token(match.start(), match.end(), form, TokenKind.NUMBER))
        elif group == "symbol":
            form, kind = _sign(match.group())
            result.append(Token(match.start(), match.end(), form, kind))
        else:
            form = (_one if group == "initials" else fold)(match.group())
            if len(_CLUSTERS_RE.findall(form)) > 1 and group in {"ideograph", "cluster"}:
                form = match.group()  # ゟ, ໜ and their like would come apart into two tokens
            result.append(Token(match.start(), match.end(), form))


def _word(
    text: str, start: int, end: int, fillers: regex.Pattern[str], result: list[Token]
) -> None:
    """A run of letters: its elided words apart, the rest one token."""
    while True:
        quote = _QUOTE_RE.search(text, start + 1, end)
        if quote is None or quote.start() - start > 8:
            break
        head, host = text[start : quote.start()], text[quote.end() : min(end, quote.end() + 8)]
        if fold(head) not in _ELIDED or not host or not _HOST_RE.match(fold(host)):
            break
        result.append(Token(start, quote.end(), fold(head)))
        start = quote.end()
    form = _one(text[start:end])
    kind = TokenKind.FILLER if fillers.fullmatch(form) else TokenKind.WORD
    result.append(Token(start, end, form, kind))


@lru_cache(maxsize=1)
def _stable() -> regex.Pattern[str]:
    """A form that is one token again."""
    return regex.compile(rf"[0-9]+(?:st|nd|rd|th|s)?|{_WORD}", regex.VERSION1)


def _one(raw: str) -> str:
    """The normal form, or `raw` where folding uncovered letters that would come apart again."""
    form = fold(raw)
    return form if (form.isalpha() and form.isascii()) or _stable().fullmatch(form) else raw


def _number(match: regex.Match[str], base: str | None, result: list[Token]) -> None:
    """A number with its separators, and the letters glued to it."""
    start, raw, suffix = match.start(), match["number"], match["suffix"]
    pieces = list(_canonical(raw, base))
    tail = fold(suffix) if suffix else ""
    for first, last, form in pieces[:-1]:
        result.append(Token(start + first, start + last, form, TokenKind.NUMBER))
    first, last, form = pieces[-1]
    if not tail:
        result.append(Token(start + first, start + last, form, TokenKind.NUMBER))
    elif _UNIT_RE.fullmatch(tail) or not _GLUED_RE.fullmatch(tail):
        result.append(Token(start + first, start + last, form, TokenKind.NUMBER))
        shift = len(suffix) - len(suffix.lstrip("'’‘‛`´′＇"))
        apart = tail if _UNIT_RE.fullmatch(tail) else _one(suffix[shift:])
        result.append(Token(match.start("suffix") + shift, match.end(), apart))
    else:
        kind = TokenKind.NUMBER if _ORDINAL_RE.fullmatch(tail) else TokenKind.WORD
        result.append(Token(start + first, match.end(), form + tail, kind))


def _canonical(raw: str, base: str | None) -> Iterator[tuple[int, int, str]]:
    """The numbers in a run of digits and separators: offsets in `raw`, and the form of each."""
    plain = ascii_digits(raw)
    if any(char in "\u00a0\u202f\u2009'’ " for char in plain):
        kept = "".join(char for char in plain if char in "0123456789.,")
        yield 0, len(raw), kept.replace(",", ".")
        return
    if "٫" in plain or "٬" in plain:
        plain = plain.replace("٬", "").replace(",", "").replace("٫", ".")
    plain = plain.replace("⁄", "/").replace("∕", "/")
    whole = _one_number(plain, base)
    if whole is not None:
        yield 0, len(raw), whole
        return
    for piece in _PIECE_RE.finditer(raw):
        form = ascii_digits(piece.group()).replace("⁄", "/").replace("∕", "/")
        yield piece.start(), piece.end(), _one_number(form, None) or form


def _one_number(plain: str, base: str | None) -> str | None:
    """The form of one number, or None where commas list several."""
    commas, dots = plain.count(","), plain.count(".")
    if base not in _COMMA_DECIMAL and _LAKHS_RE.fullmatch(plain):
        return plain.replace(",", "")
    if not commas and (not dots or ":" in plain or "/" in plain):
        return plain
    if ":" in plain or "/" in plain:
        return None
    if commas and dots:
        if not _GROUPED_RE.fullmatch(plain):
            return None
        mark = "." if plain.rfind(".") > plain.rfind(",") else ","
        return plain.replace("," if mark == "." else ".", "").replace(mark, ".")
    grouped = _THREE_RE.fullmatch(plain) is not None
    if commas + dots > 1:
        if grouped:
            return plain.replace(",", "").replace(".", "")
        return None if commas else plain
    comma_decimal = base in _COMMA_DECIMAL
    if dots:
        return plain.replace(".", "") if grouped and comma_decimal else plain
    if comma_decimal or (base is None and not grouped):
        return plain.replace(",", ".")
    return plain.replace(",", "") if grouped else None


def _numeral(raw: str) -> str:
    """The form of a fraction, circled or superscript numeral: `½` is `1/2`, `②` is `2`."""
    plain = unicodedata.normalize("NFKC", raw).replace("⁄", "/")
    kept = "".join(char for char in plain if char == "/" or char.isalnum()).strip("/")
    return ascii_digits(kept) or raw


def _sign(raw: str) -> tuple[str, TokenKind]:
    """The form of a percent or currency sign; signs that stand for letters are words."""
    if raw == "٪":
        return "%", TokenKind.SYMBOL
    plain = unicodedata.normalize("NFKC", raw)
    if plain in "%‰" or unicodedata.category(plain[0]) == "Sc":
        return plain, TokenKind.SYMBOL
    return fold(plain), TokenKind.WORD


def _with_capitals(text: str, found: list[Token]) -> tuple[Token, ...]:
    """Mark the tokens that start with a capital inside a sentence, unless most of the text does."""
    firsts = [text[one.char_start] for one in found]
    upper = [index for index, first in enumerate(firsts) if first.isupper()]
    cased = sum(map(str.islower, firsts)) + len(upper)
    if cased >= 12 and len(upper) * 10 > cased * 7:
        return tuple(found)
    for index in upper:
        before = found[index - 1] if index else None
        between = text[before.char_end if before else 0 : found[index].char_start]
        if before is None:
            continue
        raw = text[before.char_start : before.char_end]
        abbreviated = before.form in _TITLES or len(raw) == 1 or (len(raw) < 6 and "." in raw)
        titled = between.strip() == "." and abbreviated
        if titled or not _OPENERS.intersection(between):
            found[index] = found[index]._replace(capital=True)
    return tuple(found)
