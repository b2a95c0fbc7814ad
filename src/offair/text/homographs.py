"""Words with one normal form that are written apart and mean different things.

Folding takes the marks off (`would` and `were` are `wurde` in German, `we're` and `were` one form
in English), which is right for finding a passage and wrong for calling it verbatim. Here the two
are compared as they are written.
"""

from __future__ import annotations

import unicodedata

import regex

from offair.model.finding import EditClass
from offair.text.normalise import APOSTROPHES, word_set
from offair.text.tokenise import Token, TokenKind, base_language

_CLIPPED = word_set("were well ill shell hell wed shed id")
"""English words that another word is with an apostrophe in it (we're, we'll, I'd)."""
_BODIES = word_set("us who")
"""English words that another word is in capitals (US, WHO)."""
_ABBREVIATED = word_set("us uk un eu")
"""English words that stand for two names of a body where they are in capitals."""
_MODALS = word_set(
    "wurde wurdest wurden wurdet hatte hattest hatten hattet konnte konntest konnten konntet "
    "musste musstest mussten musstet durfte durftest durften durftet mochte mochtest mochten "
    "mochtet"
)
"""German: what was, and with an umlaut what would be."""
_UMLAUTS = word_set(
    "schon fordern fordert forderte forderten gefordert forderung drucken druckt druckte gedruckt "
    "zahlen zahlt zahlte gezahlt losen lost loste gelost lagen stande"
)
"""German words that are other ones with an umlaut: already and beautiful, demand and promote."""
_SHORT = {"es": word_set("si"), "pt": word_set("e"), "it": word_set("e"), "fr": word_set("ou")}
"""Words of two letters and less that are other ones with an accent: if and yes, and and is."""
_LAST_VOWEL = frozenset({"es", "pt", "it", "fr", "ca", "gl"})
"""Languages whose verbs tell person and tense by an accent on the last syllable."""
_LAST_VOWEL_RE = regex.compile(r"[aeiou][\u0300-\u0302]?(?:[sn]|nt)?$")
_LETTERS = frozenset(
    str.split("pl cs sk hu tr az ro hr bs lt lv et fi sv da no nb nn is sq vi yo lg eu")
)
"""Languages in which a letter with a mark, or a barred one, is another letter (`sąd`, `sad`)."""
_GREEK_STRESSED = {"ποτε": EditClass.NEGATION, "πως": EditClass.CONTENT, "που": EditClass.CONTENT}
"""Greek: never and when, how and that, where and who, told apart by the stress alone."""
_SIGN_RE = regex.compile(
    r"(?:(?<=[\p{L},;:] |[(\[$€£¥])[-–]|(?<![\p{L}\p{M}\p{N}])−"
    r"|(?<!\p{L})(?i:minus|moins|menos|meno|минус|мінус)\s)[$€£¥]?$"
)
_POINT_RE = regex.compile(r"(?<![\p{L}\p{M}\p{N}.…])\.$")
_NEAR = 10
"""Characters before a number in which its sign or its point stands."""

MINUS = word_set("minus moins menos meno минус мінус")
"""What a minus before a number is called; normal forms."""

_Classes = frozenset[EditClass]


def unlike(
    printed_text: str, printed: Token, spoken_text: str, spoken: Token, language: str | None
) -> _Classes:
    """In what two words of one normal form differ as they are written; empty where in nothing that
    another word or another number is made by.

    The texts are those that the tokens' character ranges are in. Numbers: a minus, and a decimal
    point with nothing before it, in every language; words: English, German, Spanish, Portuguese,
    Italian, French, Catalan, Galician, Greek and languages whose marked letters are others.
    """
    if printed.kind is TokenKind.NUMBER or spoken.kind is TokenKind.NUMBER:
        same = _amount(printed_text, printed) == _amount(spoken_text, spoken)
        return frozenset() if same else frozenset({EditClass.NUMBER})
    one = printed_text[printed.char_start : printed.char_end]
    two = spoken_text[spoken.char_start : spoken.char_end]
    if one == two:
        return frozenset()
    base = base_language(language) or "en"
    form = printed.form
    if base == "en":
        return _english(form, one, two, spoken_text)
    if base == "de":
        if form in _MODALS and _marked(one) != _marked(two):
            return frozenset({EditClass.MODALITY})
        other = form in _UMLAUTS and _marked(one) != _marked(two)
        return frozenset({EditClass.CONTENT}) if other else frozenset()
    if base in _LETTERS and _other_letters(printed, one, two, printed_text, spoken_text):
        return frozenset({EditClass.CONTENT})
    if base == "el" and form in _GREEK_STRESSED and _stressed(one) != _stressed(two):
        return frozenset({_GREEK_STRESSED[form]})
    if base in _LAST_VOWEL and _accented(form, one, two, base, printed_text):
        condition = base == "es" and form == "si"
        return frozenset({EditClass.CONDITION if condition else EditClass.INFLECTION})
    return frozenset()


def is_clipped(text: str, token: Token, language: str | None) -> bool:
    """Whether a word that stands for two (`were`) is written without the apostrophe that says so,
    and is a word of its own."""
    raw = text[token.char_start : token.char_end]
    if base_language(language) not in {None, "en"}:
        return False
    if token.form in _ABBREVIATED:
        return not _shouted(raw)
    return token.form in _CLIPPED and not _has_apostrophe(raw)


def same_amount(printed_text: str, printed: Token, spoken_text: str, spoken: Token) -> bool:
    """Whether two numbers in digits are one, where a point stands with nothing before it: `.5` and
    `0.5`."""
    return _amount(printed_text, printed) == _amount(spoken_text, spoken)


def has_minus(text: str, token: Token) -> bool:
    """Whether a minus, as a sign or as a word, stands before the first token of a number."""
    return _amount(text, token).startswith("-")


def _english(form: str, one: str, two: str, spoken_text: str) -> _Classes:
    if form in _CLIPPED and _has_apostrophe(one) != _has_apostrophe(two):
        return frozenset({EditClass.CONTENT})
    if form in _BODIES and _shouted(one) != _shouted(two):
        cased = any(char.islower() for char in spoken_text)
        return frozenset({EditClass.NAME}) if cased else frozenset()
    return frozenset()


def _has_apostrophe(raw: str) -> bool:
    return any(char in APOSTROPHES for char in raw)


def _shouted(raw: str) -> bool:
    return raw.isupper()


def _marked(raw: str) -> bool:
    """Whether a German word has an umlaut, or the e that stands for one."""
    return "\u0308" in unicodedata.normalize("NFD", raw)


def _other_letters(printed: Token, one: str, two: str, printed_text: str, spoken_text: str) -> bool:
    """Whether two words differ in a marked letter, in texts that are written with such letters; a
    name may be spelled as another language spells it."""
    if printed.capital or one.isupper() or two.isupper():
        return False
    if unicodedata.normalize("NFC", one.casefold()) == unicodedata.normalize("NFC", two.casefold()):
        return False
    bare = [char for char in one + two if char.isalpha()]
    written = _has_accents(printed_text) and _has_accents(spoken_text)
    return written and any(not char.isascii() for char in bare)


def _stressed(raw: str) -> tuple[int, bool]:
    """Where the accent of a Greek word stands; capitals and bare words have none."""
    opened = unicodedata.normalize("NFD", raw)
    at = opened.find("\u0301")
    return at, at >= 0 and not raw.isupper()


def _accented(form: str, one: str, two: str, base: str, printed_text: str) -> bool:
    """Whether the last vowel of one of two words has an accent and the other's has none."""
    if len(form) <= 2 and form not in _SHORT.get(base, frozenset()):
        return False
    if one.isupper() or two.isupper() or not _has_accents(printed_text):
        return False  # capitals, and texts typed without accents, leave them out
    return _last_vowel(one) != _last_vowel(two)


def _has_accents(text: str) -> bool:
    return any(char.isalpha() and not char.isascii() for char in text)


def _last_vowel(raw: str) -> str:
    opened = unicodedata.normalize("NFD", raw.casefold())
    found = _LAST_VOWEL_RE.search(opened)
    return found.group() if found else ""


def _amount(text: str, token: Token) -> str:
    """A number with the sign (`-5`, `minus 5`), and the point, that stand before it."""
    before = text[max(0, token.char_start - _NEAR) : token.char_start]
    form = token.form
    if _POINT_RE.search(before) and form.isdecimal():
        before, form = before[:-1], f"0.{form}"
    return f"-{form}" if _SIGN_RE.search(before) else form
