"""Number words by language: what 0 to 999 are called, and the words for thousands and more.

English, Spanish, Portuguese, French, German, Italian, Dutch and Russian (nominative and genitive);
Arabic, Persian, Turkish, Polish, Ukrainian, Hebrew and Hindi, whose words stand in modules of their
own. Of Greek only the words for thousands and more that stand behind digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from offair.text.hebrew_hindi_numerals import (
    hebrew_fractions,
    hebrew_phrases,
    hindi_fractions,
    hindi_phrases,
)
from offair.text.more_numerals import arabic_phrases, decimal_phrases
from offair.text.normalise import fold, word_set
from offair.text.tokenise import base_language

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numerals:
    """One language's number words. phrases: 0…999 as token forms; scales: words for 10**3 on."""

    phrases: dict[Phrase, int]
    scales: dict[str, int]
    bare: frozenset[str]
    """Scale words that may stand without a number before them."""
    joins: frozenset[str]
    """Words between a number and a smaller one (`and`)."""
    point: frozenset[str]
    """Words before decimals."""
    ordinals: dict[Phrase, int]
    longest: int
    """Tokens of the longest phrase."""
    glued: tuple[str, ...] = ()
    """Words for 1000 that are written in one word with the numbers around them."""
    fractions: dict[Phrase, str] = field(default_factory=dict)
    """Phrases for numbers with a half or a quarter: digits with `.`."""


def _list(words: str) -> list[str]:
    return words.split()


def _english() -> Numerals:
    small = _list(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen"
    )
    tens = _list("twenty thirty forty fifty sixty seventy eighty ninety")
    below: dict[int, Phrase] = {number: (word,) for number, word in enumerate(small)}
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
    ordinals: dict[Phrase, int] = {(word,): number for number, word in enumerate(firsts) if number}
    for index, ten in enumerate(tens):
        ordinals[(ten[:-1] + "ieth",)] = 20 + 10 * index
        for unit in range(1, 10):
            ordinals[(ten, firsts[unit])] = 20 + 10 * index + unit
    scales = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
    scales |= {"mn": 10**6, "bn": 10**9, "tn": 10**12}
    scales |= {"lakh": 10**5, "lakhs": 10**5, "crore": 10**7, "crores": 10**7}
    for number in range(11, 100):  # fifteen hundred, twenty-five hundred
        if number % 10:
            phrases[(*below[number], "hundred")] = number * 100
    return _numerals(phrases, scales, "", "and", "point", ordinals)


def _spanish() -> Numerals:
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
    phrases: dict[Phrase, int] = {(word,): number for number, word in enumerate(small)}
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
    return _numerals(
        phrases, scales | {"billones": 10**12}, "mil", "", "coma punto", _ordinals("es")
    )


def _portuguese() -> Numerals:
    small = _list(
        "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze catorze quinze "
        "dezesseis dezessete dezoito dezenove"
    )
    tens = _list("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
    hundreds = _list(
        "_ cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos "
        "novecentos"
    )
    phrases: dict[Phrase, int] = {(word,): number for number, word in enumerate(small)}
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
    return _numerals(phrases, scales, "mil", "e", "virgula ponto", _ordinals("pt"))


def _french() -> Numerals:
    small = _list(
        "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
        "seize"
    )
    below: dict[Phrase, int] = {(word,): number for number, word in enumerate(small)}
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
    return _numerals(phrases, scales, "mille", "", "virgule point", _ordinals("fr"))


def _german() -> Numerals:
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
    scales |= {"mio": 10**6, "mrd": 10**9, "bio": 10**12}
    scales |= {"milliarde": 10**9, "milliarden": 10**9, "billion": 10**12, "billionen": 10**12}
    phrases: dict[Phrase, int] = {(word,): number for word, number in words.items()}
    return _numerals(phrases, scales, "tausend", "", "komma", _ordinals("de"), ("tausend",))


def _italian() -> Numerals:
    small = _list(
        "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici "
        "quattordici quindici sedici diciassette diciotto diciannove"
    )
    tens = _list("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
    below = {word: number for number, word in enumerate(small)}
    for index, ten in enumerate(tens, 2):
        below[ten] = 10 * index
        for unit in range(1, 10):
            stem = ten[:-1] if unit in (1, 8) else ten
            below[stem + small[unit]] = 10 * index + unit
        below[ten[:-1] + "un"] = 10 * index + 1
    words = dict(below) | {"un": 1, "una": 1}
    for hundred in range(1, 10):
        head = "cento" if hundred == 1 else small[hundred] + "cento"
        words[head] = 100 * hundred
        for rest, less in below.items():
            if less:
                words[head + rest] = 100 * hundred + less
                if rest[0] == "o":
                    words[head[:-1] + rest] = 100 * hundred + less
    scales = {"mila": 10**3, "mille": 10**3, "milione": 10**6, "milioni": 10**6}
    scales |= {"miliardo": 10**9, "miliardi": 10**9}
    phrases: dict[Phrase, int] = {(word,): number for word, number in words.items()}
    return _numerals(phrases, scales, "mille", "e", "virgola", _ordinals("it"), ("mila", "mille"))


def _dutch() -> Numerals:
    small = _list(
        "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
        "vijftien zestien zeventien achttien negentien"
    )
    tens = _list("twintig dertig veertig vijftig zestig zeventig tachtig negentig")
    below = {word: number for number, word in enumerate(small)}
    for index, ten in enumerate(tens, 2):
        below[ten] = 10 * index
        for unit in range(1, 10):
            below[small[unit] + "en" + ten] = 10 * index + unit
    words = dict(below)
    for hundred in range(1, 10):
        head = "honderd" if hundred == 1 else small[hundred] + "honderd"
        words[head] = 100 * hundred
        for rest, less in below.items():
            if less:
                words[head + rest] = words[head + "en" + rest] = 100 * hundred + less
    scales = {"duizend": 10**3, "miljoen": 10**6, "miljard": 10**9, "biljoen": 10**12}
    phrases: dict[Phrase, int] = {(word,): number for word, number in words.items()}
    return _numerals(phrases, scales, "duizend", "", "komma", _ordinals("nl"), ("duizend",))


_ORDINALS = {
    "fr": [
        "premier premiere", "deuxieme second seconde", "troisieme", "quatrieme", "cinquieme",
        "sixieme", "septieme", "huitieme", "neuvieme", "dixieme", "onzieme", "douzieme",
    ],
    "es": [
        "primero primera primer", "segundo segunda", "tercero tercera tercer", "cuarto cuarta",
        "quinto quinta", "sexto sexta", "septimo septima", "octavo octava", "noveno novena",
        "decimo decima",
    ],
    "pt": [
        "primeiro primeira", "segundo segunda", "terceiro terceira", "quarto quarta",
        "quinto quinta", "sexto sexta", "setimo setima", "oitavo oitava", "nono nona",
        "decimo decima",
    ],
    "it": [
        "primo prima", "secondo seconda", "terzo terza", "quarto quarta", "quinto quinta",
        "sesto sesta", "settimo settima", "ottavo ottava", "nono nona", "decimo decima",
    ],
    "nl": [
        "eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende",
        "tiende",
    ],
}  # fmt: skip
"""Ordinals from first on, in their forms."""
_GERMAN_ORDINALS = (
    "erst zweit dritt viert funft sechst siebt acht neunt zehnt elft zwolft dreizehnt vierzehnt "
    "funfzehnt sechzehnt siebzehnt achtzehnt neunzehnt zwanzigst"
)
_RUSSIAN_ORDINALS = "перв втор трет четверт пят шест седьм восьм девят десят"
_RUSSIAN_ENDINGS = "ый ой ий ая ое ого ому ую ым ом ые ых ья ье ьего ьему ью ьем ьи ьих"


def _ordinals(base: str) -> dict[Phrase, int]:
    if base == "de":
        listed = [
            " ".join(stem + ending for ending in ("e", "en", "er", "es", "em"))
            for stem in _list(_GERMAN_ORDINALS)
        ]
    elif base == "ru":
        listed = [
            " ".join(fold(stem + ending) for ending in _list(_RUSSIAN_ENDINGS))
            for stem in _list(_RUSSIAN_ORDINALS)
        ]
    else:
        listed = _ORDINALS[base]
    return {(word,): at for at, words in enumerate(listed, 1) for word in _list(words)}


_RUSSIAN_CASES = (
    (
        "один два три четыре пять шесть семь восемь девять",
        "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать "
        "семнадцать восемнадцать девятнадцать",
        "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
        "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот",
    ),
    (
        "одного двух трех четырех пяти шести семи восьми девяти",
        "десяти одиннадцати двенадцати тринадцати четырнадцати пятнадцати шестнадцати "
        "семнадцати восемнадцати девятнадцати",
        "двадцати тридцати сорока пятидесяти шестидесяти семидесяти восьмидесяти девяноста",
        "ста двухсот трехсот четырехсот пятисот шестисот семисот восьмисот девятисот",
    ),
)


def _russian() -> Numerals:
    phrases: dict[Phrase, int] = {("ноль",): 0, ("нуль",): 0}
    for units, teens, tens, hundreds in _RUSSIAN_CASES:
        below: dict[Phrase, int] = {}
        ones: dict[Phrase, int] = {(fold(one),): at for at, one in enumerate(_list(units), 1)}
        if ("один",) in ones:
            ones |= {("одна",): 1, ("одно",): 1, ("две",): 2}
        else:
            ones |= {("одной",): 1}
        below |= ones
        below |= {(fold(one),): at for at, one in enumerate(_list(teens), 10)}
        for at, ten in enumerate(_list(tens), 2):
            below[(fold(ten),)] = 10 * at
            below |= {(fold(ten), *one): 10 * at + less for one, less in ones.items()}
        phrases |= below
        for at, hundred in enumerate(_list(hundreds), 1):
            phrases[(fold(hundred),)] = 100 * at
            phrases |= {(fold(hundred), *rest): 100 * at + less for rest, less in below.items()}
    scales = dict.fromkeys(_list("тысяча тысячи тысяч тысячу тыс"), 10**3)
    scales |= dict.fromkeys(_list("миллион миллиона миллионов млн"), 10**6)
    scales |= dict.fromkeys(_list("миллиард миллиарда миллиардов млрд"), 10**9)
    scales |= dict.fromkeys(_list("триллион триллиона триллионов трлн"), 10**12)
    return _numerals(phrases, scales, "тысяча тысячу", "", "", _ordinals("ru"))


_SCALES = {
    "hi": {3: "हज़ार हजार", 5: "लाख", 7: "करोड़", 9: "अरब", 11: "खरब"},
    "ar": {3: "الف الاف", 6: "مليون ملايين", 9: "مليار مليارات", 12: "تريليون"},
    "fa": {3: "هزار", 6: "میلیون", 9: "میلیارد", 12: "تریلیون"},
    "he": {
        3: "אלף אלפים אלפי", 6: "מיליון מיליוני", 9: "מיליארד מיליארדי", 12: "טריליון טריליוני",
    },
    "el": {
        3: "χιλιάδες χιλιάδων", 6: "εκατομμύριο εκατομμύρια εκατομμυρίων",
        9: "δισεκατομμύριο δισεκατομμύρια δισεκατομμυρίων δις",
    },
    "uk": {
        3: "тисяча тисячі тисяч тис", 6: "мільйон мільйона мільйони мільйонів млн",
        9: "мільярд мільярда мільярди мільярдів млрд",
    },
    "pl": {
        3: "tysiąc tysiące tysięcy tys", 6: "milion miliony milionów mln",
        9: "miliard miliardy miliardów mld",
    },
    "tr": {3: "bin", 6: "milyon", 9: "milyar", 12: "trilyon"},
}  # fmt: skip
"""Words behind numbers (`5 लाख`) by how many tens each is."""


def _scales_alone(base: str) -> Numerals:
    scales = {
        fold(word): 10**tens for tens, words in _SCALES[base].items() for word in _list(words)
    }
    return Numerals({}, scales, frozenset(), frozenset(), frozenset(), {}, 0)


def _with_scales(base: str) -> Numerals:
    scales = _scales_alone(base).scales
    if base == "ar":
        return _numerals(arabic_phrases(), scales, "الف مليون مليار", "", "فاصله", {})
    if base == "he":
        scales["אלפיים"] = 2000  # one word, from which a number goes on as from a thousand
        bare = "אלף אלפיים מיליון מיליארד"
        hebrew = _numerals(hebrew_phrases(), scales, bare, "", "נקודה", {})
        return replace(hebrew, fractions=hebrew_fractions())
    if base == "hi":
        hindi = _numerals(hindi_phrases(), scales, "हज़ार हजार", "", "दशमलव", {})
        return replace(hindi, fractions=hindi_fractions())
    bare = {"fa": "هزار", "tr": "bin", "pl": "tysiac", "uk": "тисяча тисячу"}[base]
    joins = "و" if base == "fa" else ""
    return _numerals(decimal_phrases(base), scales, bare, joins, "", {})


def _numerals(
    phrases: dict[Phrase, int],
    scales: dict[str, int],
    bare: str,
    joins: str,
    point: str,
    ordinals: dict[Phrase, int],
    glued: tuple[str, ...] = (),
) -> Numerals:
    longest = max(map(len, phrases))
    return Numerals(
        phrases, scales, word_set(bare), word_set(joins), word_set(point), ordinals, longest, glued
    )


_LANGUAGES: dict[str, Callable[[], Numerals]] = {
    "en": _english,
    "es": _spanish,
    "pt": _portuguese,
    "fr": _french,
    "de": _german,
    "it": _italian,
    "nl": _dutch,
    "ru": _russian,
    **{base: partial(_scales_alone, base) for base in _SCALES},
    **{base: partial(_with_scales, base) for base in ("ar", "fa", "he", "hi", "pl", "tr", "uk")},
    "iw": partial(_with_scales, "he"),
}


@lru_cache(maxsize=32)
def numerals_of(language: str | None) -> Numerals | None:
    """The number words of a language (BCP 47; None: English), or None where none are known."""
    make = _LANGUAGES.get(base_language(language) or "en")
    return make() if make is not None else None
