"""The scripts that languages are written in, and how long speaking a text takes at least.

Scripts by their ISO 15924 codes. The table names the usual ones of a language; a language that is
not in it is not judged.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from offair.text.normalise import word_set
from offair.text.tokenise import base_language

_SCRIPTS = {
    "Latn": "en fr de es pt it nl pl cs sk sl hr hu ro sv nb nn no da fi is et lv lt sq ca gl eu cy"
    " ga gd br lb mt tr vi id ms tl fil jv su sw ha yo ig zu xh af so ht la mi sn ln mg oc fo haw"
    " uz tk az ku bs sr sh st tn rw",
    "Cyrl": "ru uk be bg mk kk ky tg mn tt ba sr bs sh uz tk az cv ce os sah",
    "Arab": "ar acm apc arb ary arz acw aeb afb ajp apd ars fa pes prs ps ur sd ug ckb ku az ks"
    " kk ky pa uz ha ms",
    "Hebr": "he iw yi",
    "Grek": "el",
    "Armn": "hy",
    "Geor": "ka",
    "Deva": "hi mr ne sa mai kok ks sd bho",
    "Beng": "bn as",
    "Guru": "pa",
    "Gujr": "gu",
    "Orya": "or",
    "Taml": "ta",
    "Telu": "te",
    "Knda": "kn",
    "Mlym": "ml",
    "Sinh": "si",
    "Thai": "th",
    "Laoo": "lo",
    "Khmr": "km",
    "Mymr": "my shn",
    "Tibt": "bo dz",
    "Ethi": "am ti",
    "Hang": "ko",
    "Hira": "ja",
    "Kana": "ja",
    "Hani": "zh cmn yue ja ko nan wuu vi",
    "Bopo": "zh cmn",
    "Thaa": "dv",
    "Syrc": "syr",
    "Mong": "mn",
}
_BY_LANGUAGE: dict[str, frozenset[str]] = {}
for _script, _languages in _SCRIPTS.items():
    for _language in word_set(_languages):
        _BY_LANGUAGE[_language] = _BY_LANGUAGE.get(_language, frozenset()) | {_script}
_NAMES = {
    "Latn": "Latin",
    "Cyrl": "Cyrillic",
    "Arab": "Arabic",
    "Hebr": "Hebrew",
    "Grek": "Greek",
    "Armn": "Armenian",
    "Geor": "Georgian",
    "Deva": "Devanagari",
    "Beng": "Bengali",
    "Guru": "Gurmukhi",
    "Gujr": "Gujarati",
    "Orya": "Odia",
    "Taml": "Tamil",
    "Telu": "Telugu",
    "Knda": "Kannada",
    "Mlym": "Malayalam",
    "Sinh": "Sinhala",
    "Laoo": "Lao",
    "Khmr": "Khmer",
    "Mymr": "Burmese",
    "Tibt": "Tibetan",
    "Ethi": "Ethiopic",
    "Hang": "Hangul",
    "Hira": "Hiragana",
    "Kana": "Katakana",
    "Hani": "Chinese",
    "Bopo": "Bopomofo",
    "Thaa": "Thaana",
    "Syrc": "Syriac",
    "Mong": "Mongolian",
}
_TESTS = tuple((code, regex.compile(rf"\p{{Script={code}}}")) for code in _SCRIPTS)
_LETTER_RE = regex.compile(r"\p{L}")
_UNIT_RE = regex.compile(r"[\p{L}\p{Nd}]\p{M}*")
_UNITS_A_SECOND = {"Hani": 11, "Hira": 16, "Kana": 16, "Hang": 13, "Ethi": 14, "Bopo": 16}
"""Syllables a second that nobody exceeds for long: the fastest read aloud about 8 (Mandarin,
one to a character) and 10 (Japanese, one kana each), those who race for a record about half more
(Pellegrino, Coupé & Marsico 2011 give 5.2 to 7.8 on average)."""
_ALPHABET_A_SECOND = 32
"""Letters of an alphabet: 13 to 16 a second is usual, an auctioneer reaches 25."""
_CONSONANTS_A_SECOND = 24
"""Letters of a script that leaves out short vowels, or writes a syllable as letter and sign."""
_CONSONANTAL = word_set("Arab Hebr Syrc Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Tibt")
_WORDS_A_SECOND = 7
"""Words with spaces between: 2 to 4 a second is usual, 5.5 is fast news; nobody keeps up 7."""


@lru_cache(maxsize=1 << 13)
def script_of(letter: str) -> str | None:
    """The script of a letter, one of the table's, `Zzzz` for another; None for what is no letter
    or belongs to all scripts."""
    if not _LETTER_RE.match(letter):
        return None
    found = next((code for code, test in _TESTS if test.match(letter)), None)
    if found is None and regex.match(r"\p{Script=Zyyy}|\p{Script=Zinh}", letter):
        return None
    return found or "Zzzz"


def scripts_of(language: str | None) -> frozenset[str]:
    """Scripts a language (BCP 47) is written in; its own subtag decides where it has one.

    Empty where the table does not know the language.
    """
    parts = (language or "").replace("_", "-").split("-")
    named = [one.title() for one in parts[1:] if len(one) == 4 and one.isascii() and one.isalpha()]
    base = base_language(language)
    known = _BY_LANGUAGE.get(base or "", frozenset())
    return known & {named[0]} if named and named[0] in known else known


def script_name(code: str) -> str:
    """What a script is called in a sentence."""
    return _NAMES.get(code, "another") if code != "Thai" else "Thai"


def shortest_ms(text: str, words: int) -> int:
    """How long saying `text` takes at least, in ms. words: how many with spaces between them.

    Counted by the letters or syllables of each script, and by words; the longer counts. Digits
    count as letters, so a number in figures is under-estimated.
    """
    total = 0.0
    for match in _UNIT_RE.finditer(text):
        script = script_of(match.group()[0]) or "Latn"
        rate = _UNITS_A_SECOND.get(script)
        if rate is None:
            rate = _CONSONANTS_A_SECOND if script in _CONSONANTAL else _ALPHABET_A_SECOND
        total += 1000 / rate
    return round(max(total, words * 1000 / _WORDS_A_SECOND))


def spaced_words(text: str) -> int:
    """How many words stand between white space."""
    return len(text.split())


def quoted(text: str, longest: int = 60) -> str:
    """A text as a sentence quotes it: on one line, a middle left out where it is long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) > longest:
        head, tail = line[: longest // 2], line[-(longest // 2) :]
        # Whole words, where there are spaces.
        head = head.rpartition(" ")[0] or head
        tail = tail.partition(" ")[2] or tail
        line = f"{head} … {tail}"
    return f"‘{line}’"
