"""The number words of Arabic, Persian, Turkish, Polish and Ukrainian, 0…999 as token forms.

Arabic and Persian join tens and hundreds with `wa` and `o`; Arabic writes it in one with the word
after it, and in any number that goes on from a larger one, so each phrase stands with it too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from offair.text.normalise import fold

Phrases = dict[tuple[str, ...], int]

_CASES: Mapping[str, Sequence[tuple[str, str, str, str]]] = {
    "fa": [(
        "یک دو سه چهار پنج شش هفت هشت نه",
        "ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده",
        "بیست سی چهل پنجاه شصت هفتاد هشتاد نود",
        "صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد",
    )],
    "tr": [(
        "bir iki üç dört beş altı yedi sekiz dokuz",
        "on",
        "yirmi otuz kırk elli altmış yetmiş seksen doksan",
        "yüz",
    )],
    "pl": [
        (
            "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
            "dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście "
            "siedemnaście osiemnaście dziewiętnaście",
            "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt "
            "osiemdziesiąt dziewięćdziesiąt",
            "sto dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset",
        ),
        (
            "jednego dwóch trzech czterech pięciu sześciu siedmiu ośmiu dziewięciu",
            "dziesięciu jedenastu dwunastu trzynastu czternastu piętnastu szesnastu siedemnastu "
            "osiemnastu dziewiętnastu",
            "dwudziestu trzydziestu czterdziestu pięćdziesięciu sześćdziesięciu siedemdziesięciu "
            "osiemdziesięciu dziewięćdziesięciu",
            "stu dwustu trzystu czterystu pięciuset sześciuset siedmiuset ośmiuset dziewięciuset",
        ),
    ],
    "uk": [
        (
            "один два три чотири п'ять шість сім вісім дев'ять",
            "десять одинадцять дванадцять тринадцять чотирнадцять п'ятнадцять шістнадцять "
            "сімнадцять вісімнадцять дев'ятнадцять",
            "двадцять тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто",
            "сто двісті триста чотириста п'ятсот шістсот сімсот вісімсот дев'ятсот",
        ),
        (
            "одного двох трьох чотирьох п'яти шести семи восьми дев'яти",
            "десяти одинадцяти дванадцяти тринадцяти чотирнадцяти п'ятнадцяти шістнадцяти "
            "сімнадцяти вісімнадцяти дев'ятнадцяти",
            "двадцяти тридцяти сорока п'ятдесяти шістдесяти сімдесяти вісімдесяти дев'яноста",
            "ста двохсот трьохсот чотирьохсот п'ятисот шестисот семисот восьмисот дев'ятисот",
        ),
    ],
}  # fmt: skip
"""Of each case: 1…9, 10 and on, 20…90, 100 and on, each word a hundred or ten more."""
_MORE = {
    "fa": "صفر=0",
    "tr": "sıfır=0",
    "pl": "zero=0 jedna=1 jedno=1 dwie=2 dwaj=2 trzej=3 czterej=4",
    "uk": "нуль=0 одна=1 одне=1 дві=2",
}
_JOINT = {"fa": ("و",)}


def decimal_phrases(base: str) -> Phrases:
    """The numbers below 1000 of a language of this module but Arabic."""
    phrases: Phrases = {}
    joint = _JOINT.get(base, ())
    more: Phrases = {}
    for pair in _MORE[base].split():
        word, _, value = pair.partition("=")
        more[fold(word),] = int(value)
    for ones, teens, tens, hundreds in _CASES[base]:
        units: Phrases = {(fold(one),): at for at, one in enumerate(ones.split(), 1)}
        units |= {key: value for key, value in more.items() if value}
        below = units | {(fold(one),): at for at, one in enumerate(teens.split(), 10)}
        if len(teens.split()) == 1:
            below |= {(fold(teens), *one): 10 + less for one, less in units.items()}
        for at, ten in enumerate(tens.split(), 2):
            below[fold(ten),] = 10 * at
            below |= {(fold(ten), *joint, *one): 10 * at + less for one, less in units.items()}
        phrases |= below
        for at, hundred in enumerate(hundreds.split(), 1):
            phrases |= _hundred((fold(hundred),), at, below, joint)
        if len(hundreds.split()) == 1:
            for one, count in units.items():
                phrases |= _hundred((*one, fold(hundreds)), count, below, joint)
    return phrases | more


def _hundred(head: tuple[str, ...], count: int, below: Phrases, joint: tuple[str, ...]) -> Phrases:
    rest = {(*head, *joint, *one): 100 * count + less for one, less in below.items()}
    return {head: 100 * count, **rest}


_ARABIC_UNITS = (
    "واحد واحدة", "اثنان اثنين اثنتان اثنتين", "ثلاث ثلاثة", "أربع أربعة", "خمس خمسة", "ست ستة",
    "سبع سبعة", "ثمان ثماني ثمانية", "تسع تسعة",
)  # fmt: skip
_ARABIC_TENS = (
    "عشرون عشرين", "ثلاثون ثلاثين", "أربعون أربعين", "خمسون خمسين", "ستون ستين", "سبعون سبعين",
    "ثمانون ثمانين", "تسعون تسعين",
)  # fmt: skip
_ARABIC_TEENS = {
    11: "أحد_عشر إحدى_عشرة",
    12: "اثنا_عشر اثني_عشر اثنتا_عشرة اثنتي_عشرة",
}
_ARABIC_HUNDREDS = {1: "مئة مائة", 2: "مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي"}
_WA = "و"


def arabic_phrases() -> Phrases:
    """The numbers below 1000, and two thousand, two million and two thousand million, which are
    one word each."""
    units: Phrases = {
        (fold(word),): at for at, words in enumerate(_ARABIC_UNITS, 1) for word in words.split()
    }
    below = units | {(fold("عشر"),): 10, (fold("عشرة"),): 10}
    for value, words in _ARABIC_TEENS.items():
        below |= {tuple(map(fold, pair.split("_"))): value for pair in words.split()}
    for one, unit in units.items():
        if unit >= 3:
            below |= {(*one, fold(ten)): 10 + unit for ten in ("عشر", "عشرة")}
    for at, words in enumerate(_ARABIC_TENS, 2):
        for ten in map(fold, words.split()):
            below[ten,] = 10 * at
            below |= {(*one, _WA + ten): 10 * at + unit for one, unit in units.items()}
    phrases = dict(below)
    joined = {(_WA + phrase[0], *phrase[1:]): value for phrase, value in below.items()}
    for hundred in range(1, 10):
        for head in _arabic_hundreds(hundred):
            phrases[head] = 100 * hundred
            phrases |= {(*head, *rest): 100 * hundred + less for rest, less in joined.items()}
    phrases |= {(_WA + phrase[0], *phrase[1:]): value for phrase, value in phrases.items()}
    for words, value in (("ألفان ألفين", 2000), ("مليونان مليونين مليوني", 2 * 10**6),
                         ("ملياران مليارين ملياري", 2 * 10**9)):  # fmt: skip
        phrases |= {(fold(word),): value for word in words.split()}
    return phrases | {(fold("صفر"),): 0}


def _arabic_hundreds(hundred: int) -> list[tuple[str, ...]]:
    if hundred in _ARABIC_HUNDREDS:
        return [(fold(word),) for word in _ARABIC_HUNDREDS[hundred].split()]
    heads: list[tuple[str, ...]] = []
    for unit in _ARABIC_UNITS[hundred - 1].split()[:2]:
        for word in ("مئة", "مائة"):
            heads += [(fold(unit + word),), (fold(unit), fold(word))]
    return heads
