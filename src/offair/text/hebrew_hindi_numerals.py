"""The number words of Hebrew and Hindi, 0…999 as token forms, and their halves and quarters.

Hebrew has two genders, a form before a counted noun, and `ve` (and) written in one with the last
word; any number may go on from a larger one, so each phrase stands with it too. Hindi has a word
of its own for every number below a hundred, many of them in several spellings.
"""

from __future__ import annotations

from offair.text.normalise import fold

Phrases = dict[tuple[str, ...], int]
Fractions = dict[tuple[str, ...], str]

_VE = "ו"
_UNITS = (
    "אחת אחד", "שתיים שתים שתי שניים שני", "שלוש שלש שלושה שלשה שלושת", "ארבע ארבעה ארבעת",
    "חמש חמישה חמשה חמשת", "שש שישה ששה ששת", "שבע שבעה שבעת", "שמונה שמונת", "תשע תשעה תשעת",
)  # fmt: skip
_TEENS = (
    "אחת_עשרה אחד_עשר", "שתים_עשרה שתיים_עשרה שנים_עשר שניים_עשר", "שלוש_עשרה שלושה_עשר",
    "ארבע_עשרה ארבעה_עשר", "חמש_עשרה חמישה_עשר חמשה_עשר", "שש_עשרה שישה_עשר ששה_עשר",
    "שבע_עשרה שבעה_עשר", "שמונה_עשרה שמונה_עשר", "תשע_עשרה תשעה_עשר",
)  # fmt: skip
_TENS = ("עשרים", "שלושים", "ארבעים", "חמישים", "שישים ששים", "שבעים", "שמונים", "תשעים")
_HUNDREDS = (
    "מאה", "מאתיים מאתים", "שלוש_מאות", "ארבע_מאות", "חמש_מאות", "שש_מאות", "שבע_מאות",
    "שמונה_מאות", "תשע_מאות",
)  # fmt: skip
_HEBREW_PARTS = {"חצי": "5", "רבע": "25"}
_HEBREW_SCALES = {"אלף": 10**3, "מיליון": 10**6, "מיליארד": 10**9}


def _spelt(words: str) -> list[tuple[str, ...]]:
    return [tuple(map(fold, one.split("_"))) for one in words.split()]


def hebrew_phrases() -> Phrases:
    """The numbers below 1000, and `and two thousand`, which is one word."""
    units: Phrases = {one: at for at, words in enumerate(_UNITS, 1) for one in _spelt(words)}
    below = dict(units) | dict.fromkeys(_spelt("עשר עשרה עשרת"), 10)
    for at, words in enumerate(_TEENS, 11):
        below |= dict.fromkeys(_spelt(words), at)
    for at, words in enumerate(_TENS, 2):
        for ten in _spelt(words):
            below[ten] = 10 * at
            below |= {(*ten, _VE + one[0]): 10 * at + unit for one, unit in units.items()}
    joined = {(_VE + one[0], *one[1:]): value for one, value in below.items()}
    phrases = dict(below)
    for at, words in enumerate(_HUNDREDS, 1):
        for hundred in _spelt(words):
            phrases[hundred] = 100 * at
            for rest, less in (*below.items(), *joined.items()):
                phrases[(*hundred, *rest)] = 100 * at + less
    phrases |= {(_VE + one[0], *one[1:]): value for one, value in phrases.items()}
    phrases |= dict.fromkeys(_spelt("ואלפיים"), 2000)
    return phrases | {(fold("אפס"),): 0}


def hebrew_fractions() -> Fractions:
    """A number with a half or a quarter behind it (`שלושה וחצי`), and half a million."""
    found: Fractions = {}
    for word, decimals in _HEBREW_PARTS.items():
        for at, words in enumerate(_UNITS, 1):
            found |= {(*one, _VE + fold(word)): f"{at}.{decimals}" for one in _spelt(words)}
        for scale, value in _HEBREW_SCALES.items():
            part = value * int(decimals) // 10 ** len(decimals)
            found[fold(word), fold(scale)] = str(part)
            found[fold(scale), _VE + fold(word)] = str(value + part)
    return found


_HINDI = (
    "एक", "दो", "तीन", "चार", "पाँच पांच", "छह छः छ छे", "सात", "आठ", "नौ", "दस", "ग्यारह", "बारह",
    "तेरह", "चौदह", "पंद्रह पन्द्रह", "सोलह", "सत्रह सतरह", "अठारह अट्ठारह", "उन्नीस", "बीस",
    "इक्कीस", "बाईस बाइस", "तेईस तेइस", "चौबीस", "पच्चीस", "छब्बीस", "सत्ताईस सत्ताइस",
    "अट्ठाईस अट्ठाइस अठ्ठाईस अठाईस", "उनतीस उन्तीस", "तीस", "इकतीस इकत्तीस", "बत्तीस",
    "तैंतीस तेंतीस तेतीस", "चौंतीस चौतीस", "पैंतीस", "छत्तीस", "सैंतीस", "अड़तीस", "उनतालीस उन्तालीस",
    "चालीस", "इकतालीस", "बयालीस बियालीस", "तैंतालीस तेंतालीस", "चौवालीस चवालीस", "पैंतालीस",
    "छियालीस", "सैंतालीस", "अड़तालीस", "उनचास उन्चास", "पचास", "इक्यावन", "बावन", "तिरपन तिरेपन",
    "चौवन", "पचपन", "छप्पन", "सत्तावन", "अट्ठावन अठावन", "उनसठ", "साठ", "इकसठ", "बासठ",
    "तिरसठ तिरेसठ", "चौंसठ चौसठ", "पैंसठ", "छियासठ", "सड़सठ सरसठ", "अड़सठ", "उनहत्तर", "सत्तर",
    "इकहत्तर", "बहत्तर", "तिहत्तर", "चौहत्तर", "पचहत्तर", "छिहत्तर", "सतहत्तर", "अठहत्तर",
    "उन्यासी उनासी", "अस्सी", "इक्यासी", "बयासी", "तिरासी", "चौरासी", "पचासी", "छियासी",
    "सत्तासी सतासी", "अट्ठासी अठासी", "नवासी", "नब्बे", "इक्यानवे इक्यानबे", "बानवे बानबे",
    "तिरानवे तिरानबे", "चौरानवे चौरानबे", "पंचानवे पंचानबे पचानवे", "छियानवे छियानबे",
    "सत्तानवे सत्तानबे", "अट्ठानवे अट्ठानबे अठानवे", "निन्यानवे निन्यानबे",
)  # fmt: skip
"""1…99."""
_HUNDRED = "सौ"


def hindi_phrases() -> Phrases:
    """The numbers below 1000, years said in hundreds (`उन्नीस सौ सैंतालीस`), and hundreds with a half
    (`डेढ़ सौ`)."""
    below: Phrases = {(fold(one),): at for at, row in enumerate(_HINDI, 1) for one in row.split()}
    hundred = fold(_HUNDRED)
    phrases = dict(below) | {(hundred,): 100, (fold("शून्य"),): 0}
    for one, count in below.items():
        head = (*one, hundred)
        phrases[head] = 100 * count
        if count % 10:
            phrases |= {(*head, *rest): 100 * count + less for rest, less in below.items()}
    for words, value in hindi_fractions().items():
        phrases[(*words, hundred)] = int(float(value) * 100)
    return phrases


def hindi_fractions() -> Fractions:
    """One and a half, two and a half, and half, a quarter more or less than another number."""
    found: Fractions = {
        (fold("डेढ़"),): "1.5", (fold("ढाई"),): "2.5", (fold("सवा"),): "1.25",
    }  # fmt: skip
    for at, row in enumerate(_HINDI[:20], 1):
        for word in row.split():
            found[fold("साढ़े"), fold(word)] = f"{at}.5"
            found[fold("सवा"), fold(word)] = f"{at}.25"
            if at > 1:
                found[fold("पौने"), fold(word)] = f"{at - 1}.75"
    return found
