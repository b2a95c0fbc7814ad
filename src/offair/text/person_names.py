"""Is a printed speaker a person by a full name, or a body, a group, a role (`the White House`)?

Asked before anybody is called somebody else: bodies and groups speak through persons, so no name of
theirs is ever told apart from a person's. English, and the commonest bodies of other languages.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from offair.text.normalise import fold, word_set
from offair.text.speech_verbs import BODIES, OFFICIALS, ROLES


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


_COLLECTIVES = _folded(
    "department departments association council councils union party parties administration "
    "congress senate court courts university institute committee committees government "
    "governments ministry ministries bank company companies corporation inc ltd gmbh foundation "
    "alliance coalition league society organization organisation organizations organisations "
    "agency agencies office bureau commission commissions authority authorities nations network "
    "campaign team police parliament cabinet embassy consulate mission delegation army navy "
    "military militia militias forces command brigade brigades battalion pentagon kremlin palace "
    "headquarters academy hospital vatican statement communique website spokespeople officials "
    "sources source official aides advisers advisors experts analysts critics leaders members "
    "residents families lawmakers diplomats lawyers prosecutors investigators researchers "
    "scientists doctors reporters journalists protesters republicans democrats conservatives "
    "officers soldiers troops witnesses supporters opponents activists workers voters people "
    "everyone crowd audience anonymous unnamed states kingdom republic amnesty watch "
    "international taliban hamas hezbollah houthis gouvernement ministère assemblée sénat parti "
    "élysée maison regierung ministerium bundesregierung bundestag partei auswärtiges amt "
    "gobierno ministerio partido congreso moncloa governo ministério ministero partito congresso "
    "palazzo quirinale правительство министерство парламент партия дума суд полиция пресс кремль "
    "дом совет мид уряд міністерство рада партія поліція будинок البيت وزارة حكومة الحكومة "
    "الوزارة مجلس حزب جيش الجيش شرطة الشرطة مسؤول مسؤولون مصدر مصادر متحدث الخارجية"
)
"""Words in a name that is of no person; none of them is a usual surname."""
_ROLES = frozenset(map(fold, ROLES))
_PHRASE_RE = regex.compile(
    r"\b(?:white house|casa (?:blanca|bianca|branca|rosada)|downing street|wall street"
    r"|capitol hill|red cross|hong kong|tel aviv|goldman sachs|islamic jihad|boko haram|al jazeera"
    r"|(?:north|south|saudi|new|united) (?:korea|africa|sudan|arabia|york|zealand|delhi|nations))\b"
)
_WORD_RE = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}’'.-]*+")
_PARTICLES = word_set(
    "al el ul bin ibn abu abd van von der den ter ten de da do dos das del della di du la le bint"
)
_ARTICLES = word_set("the a an our its el los las les der die das")
_SUFFIXES = word_set("jr sr ii iii iv phd md esq")


@lru_cache(maxsize=4096)
def is_no_person(name: str) -> bool:
    """Whether a name is plainly of a body, a group or somebody unnamed, by its words.

    Words before the last title of a name are of no account (`White House Press Secretary Ann Roe`
    is a person), nor is what stands behind a comma.
    """
    own = _own_words(name)
    plain = " ".join(own)
    return any(one in _COLLECTIVES for one in own) or _PHRASE_RE.search(plain) is not None


@lru_cache(maxsize=4096)
def is_full_name(name: str) -> bool:
    """Whether it is a person's full name for certain: two words of a name or more, each with its
    capital, none that bodies, groups, places or offices have. False in scripts without capitals."""
    if is_no_person(name):
        return False
    words = _WORD_RE.findall(name.split(",")[0])
    own = _own_words(name)
    printed = words[len(words) - len(own) :]
    if not own or fold(words[0]) in _ARTICLES:
        return False
    named = 0
    for word, shown in zip(own, printed, strict=True):
        if (
            word in BODIES
            or word in OFFICIALS
            or word in _ROLES
            or word.removesuffix("s") in _ROLES
        ):
            return False
        if word in _PARTICLES or word in _SUFFIXES:
            continue
        if not shown[0].isupper() and "-" not in shown:
            return False
        named += len(word.strip(".")) > 1
    return named >= 2


def _own_words(name: str) -> list[str]:
    """The words of a name behind its last title, folded; all of them where none follow it."""
    words = [fold(one).strip(".") for one in _WORD_RE.findall(name.split(",")[0])]
    last = max((at for at, word in enumerate(words) if word in _ROLES), default=-1)
    own = words[last + 1 :]
    if own and own[0] == "of":
        return words
    return own or words
