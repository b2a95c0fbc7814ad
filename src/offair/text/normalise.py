"""The normal form of a word: what two spellings of the same word have in common.

Compatibility forms, case, Latin and Greek diacritics, Arabic letter variants and vowel signs,
Hebrew points, Cyrillic stress marks, Hindi nasals, apostrophes and invisible characters are folded
away; the order of the steps is fixed and their result is stable (folding a folded word changes
nothing).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

APOSTROPHES = "'’‘‛`´′＇\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\ua78b\ua78c\u05f3"
"""Marks that stand for an apostrophe inside a word; the modifier letters among them are letters."""

_PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ё": "е",
        "ک": "ك",
        "ڪ": "ك",
        "ی": "ي",
        "ى": "ي",
        "ۍ": "ي",
        "ې": "ي",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ة": "ه",
        "ۃ": "ه",
        "ٱ": "ا",
        "ـ": None,
        **dict.fromkeys(APOSTROPHES),
    }
)
_BARE_RE = regex.compile(r"([\p{Latin}\p{Greek}\p{Arabic}\p{Hebrew}\p{Syriac}])\p{M}+")
_STRESS_RE = regex.compile(r"(\p{Cyrillic})[\u0300\u0301]+")
_STOPS = ("कखगघ", "चछजझ", "टठडढ", "तथदध", "पफबभ")
_NASAL_RE = regex.compile(
    "|".join(f"{nasal}\u094d(?=[{stops}])" for nasal, stops in zip("ङञणनम", _STOPS, strict=True))
    + "|\u0901"
)
_NUKTA_RE = regex.compile(r"([कखगजफ])\u093c")
_SARA_AM_RE = regex.compile(r"\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_LAO_AM_RE = regex.compile(r"\u0ecd([\u0ec8-\u0ecb]?)\u0eb2")
_INVISIBLE_RE = regex.compile(r"[\p{Cf}\p{Variation_Selector}\u034f\u115f\u1160\u17b4\u17b5\u3164]")
_NOT_WORD_RE = regex.compile(r"[^\p{L}\p{M}\p{N}]")
_CACHED_CHARS = 48
_LEADING_MARKS_RE = regex.compile(r"^\p{M}+")


def word_set(words: str) -> frozenset[str]:
    """The words of a list written with spaces between; how the tables of this room are written."""
    return frozenset(words.split())


def fold(raw: str) -> str:
    """The normal form of one raw word; `raw` itself where nothing would be left of it.

    Steps, until nothing changes: invisible characters out; NFKC and full case folding; letters that
    Unicode does not decompose (ø, ł, æ, ı …) and Arabic variants (alef, hamza seats, teh
    marbuta to heh, alef maksura and Farsi yeh to yeh, Farsi and Urdu kaf and heh, tatweel) mapped;
    marks taken off Latin, Greek, Arabic and Hebrew letters and stress off Cyrillic ones (й stays,
    ё becomes е; vowel signs and tones of Indic and Thai scripts stay); apostrophes out; decimal
    digits of every script as ASCII; in Devanagari a nasal before a stop of its row and the
    candrabindu as anusvara, no nukta on क ख ग ज फ (after Larkey, Connell and Abduljaleel, "Hindi
    CLIR in thirty days", 2003); Thai and Lao sara am as one letter; NFC.
    """
    if raw.isascii() and raw.isalnum():
        return raw.lower()
    return _folded(raw) if len(raw) <= _CACHED_CHARS else _fold_fully(raw)


@lru_cache(maxsize=1 << 16)
def _folded(raw: str) -> str:
    return _fold_fully(raw)


def _fold_fully(raw: str) -> str:
    form, last = raw, ""
    while form != last:
        last = form
        form = _fold_once(form)
    return form or raw


def _fold_once(form: str) -> str:
    form = _INVISIBLE_RE.sub("", form)
    form = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", form).casefold())
    form = unicodedata.normalize("NFC", form.translate(_PLAIN))
    opened = unicodedata.normalize("NFD", form)
    opened = _STRESS_RE.sub(r"\1", _BARE_RE.sub(r"\1", opened)).translate(_PLAIN)
    form = unicodedata.normalize("NFC", opened).translate(_PLAIN)
    if not form.isascii():
        form = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in form)
        form = _NUKTA_RE.sub(r"\1", _NASAL_RE.sub("\u0902", form))
        form = _LAO_AM_RE.sub("\\1\u0eb3", _SARA_AM_RE.sub("\\1\u0e33", form))
    return _LEADING_MARKS_RE.sub("", _NOT_WORD_RE.sub("", form))


def ascii_digits(raw: str) -> str:
    """Decimal digits of every script as ASCII digits, invisible characters and marks out."""
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char
        for char in raw
        if char.isascii() or unicodedata.category(char) not in {"Cf", "Mn", "Mc", "Me"}
    )
