"""Words that are spelled or inflected alike, and what one costs for the other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

import regex

from offair.model.finding import EditClass
from offair.text.lexicon import is_function_word, is_negation, weight
from offair.text.tokenise import base_language

UNIT = 1000
"""What one word changed costs."""
SUBSTITUTED = UNIT
VARIANT_SPELLING = 200
VARIANT_INFLECTION = 300
VARIANT_FILLER = 20
NEAR_SPELLING = 600
"""Words of five letters or more, one letter apart: perhaps another spelling, perhaps not."""
_LONGEST = 40


@lru_cache(maxsize=1 << 16)
def variant_cost(one: str, other: str, language: str | None) -> int:
    """The cost of one word for another that is spelled or inflected alike, else `SUBSTITUTED`.

    Negations and words with digits are never variants of one another; function words and words
    of a critical class are never near spellings (`these` and `those` are two words).
    """
    if any(char.isdigit() for char in one + other):
        return SUBSTITUTED
    if is_negation(one, language) or is_negation(other, language):
        return SUBSTITUTED
    if base_language(language) in {None, "en"}:
        if spelling_key(one) == spelling_key(other):
            return VARIANT_SPELLING
        if stem(one) == stem(other):
            return VARIANT_INFLECTION
    if any(is_function_word(form, language) or weight(form, language) for form in (one, other)):
        return SUBSTITUTED
    if len(one) >= 5 and len(other) >= 5 and one_letter_apart(one, other):
        return NEAR_SPELLING
    return SUBSTITUTED


def variant_class(cost: int) -> EditClass:
    """In what two words differ that cost this much."""
    return {VARIANT_INFLECTION: EditClass.INFLECTION, VARIANT_FILLER: EditClass.FILLER}.get(
        cost, EditClass.SPELLING
    )


_KEYS = (
    # Of two syllables and more: `filled` and `filed` are two words.
    (regex.compile(r"(?<=[aeiouy][a-z]*[aeiou]l)l(?=ed$|ing$|er$|ers$|or$|ors$)"), ""),
    (regex.compile(r"(?<=[a-z]{2})is(?=e$|es$|ed$|ing$|ation$|ations$|er$|ers$)"), "iz"),
    (regex.compile(r"(?<=[a-z]{2}ly)s(?=e$|es$|ed$|ing$)"), "z"),
    (regex.compile(r"(?<=[a-z]{2})our(?!$|s$|ed$)"), "or"),
    (regex.compile(r"(?<=(?:col|hon|lab|fav|neighb|harb|hum|rum|vap|vig|behavi|endeav))our"), "or"),
    (regex.compile(r"(?<=(?:cent|theat|met|lit|fib|calib|spect|lust|somb|meag))re(?=$|s$)"), "er"),
    (regex.compile(r"(?<=[a-z])(?:ae|(?<!^p)oe)(?=[a-z]{2})"), "e"),
    (regex.compile(r"(?<=(?:def|off|pret|lic))ence$"), "ense"),
    (regex.compile(r"ogue$"), "og"),
    (regex.compile(r"(?<=program)me$"), ""),
    (regex.compile(r"^grey"), "gray"),
)
_KEYED_RE = re.compile(
    r"l(?:ed|ing|ers?|ors?)\Z|is(?:e|ing|ation)|lys|our|res?\Z|[ao]e|ence\Z|ogue\Z|mme\Z|\Agrey"
)
"""What a word has in it that one of these changes; most have nothing."""


@lru_cache(maxsize=1 << 16)
def spelling_key(form: str) -> str:
    """One key for the British and the American spelling of an English word, by regular rules."""
    if len(form) < 5 or not _KEYED_RE.search(form):
        return form
    for pattern, by in _KEYS:
        form = pattern.sub(by, form)
    return form


_ENDINGS = (
    ("ies", 5, "y"),
    ("ied", 5, "y"),
    ("sses", 6, "ss"),
    ("xes", 5, "x"),
    ("ches", 6, "ch"),
    ("shes", 6, "sh"),
    ("ing", 6, ""),
    ("ed", 5, ""),
    ("s", 4, ""),
)
"""Endings, the length a word with one has at least, and what stands for it in the stem."""


@lru_cache(maxsize=1 << 16)
def stem(form: str) -> str:
    """An English word without its regular ending of number, person, tense or participle."""
    for ending, least, by in _ENDINGS:
        if form.endswith(ending) and len(form) >= least and form[-2:] not in {"ss", "us", "is"}:
            form = form[: len(form) - len(ending)] + by
            break
    if len(form) > 3 and form[-1] == form[-2] and form[-1] not in "sleo":
        form = form[:-1]
    return form[:-1] if len(form) > 3 and form.endswith("e") else form


@lru_cache(maxsize=1 << 12)
def inflections(of: str) -> tuple[str, ...]:
    """All forms with this stem, those that nobody says too, sorted."""
    found = {of}
    for bare in (of, of + "e"):
        for whole in (bare, bare + bare[-1:]):
            found.add(whole)
            for ending, _, by in _ENDINGS:
                if whole.endswith(by):
                    found.add(whole[: len(whole) - len(by)] + ending)
    return tuple(sorted(one for one in found if stem(one) == of))


def one_letter_apart(one: str, other: str) -> bool:
    """Whether two different words differ by one letter changed, put in, left out, or by two
    neighbours that changed places."""
    if not -1 <= len(one) - len(other) <= 1 or one == other:
        return False
    shorter = min(len(one), len(other))
    first = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    last = next((at for at in range(shorter - first) if one[~at] != other[~at]), shorter - first)
    here, there = one[first : len(one) - last], other[first : len(other) - last]
    return max(len(here), len(there)) == 1 or (len(here) == 2 and here == there[::-1])


class Near:
    """Which of some words are spelled or inflected like a given one."""

    def __init__(self, forms: Iterable[str], language: str | None) -> None:
        self._language = base_language(language)
        self._by: dict[str, list[str]] = defaultdict(list)
        for form in dict.fromkeys(forms):
            for key in _near_keys(form):
                self._by[key].append(form)
        self._keys = frozenset(self._by)

    def of(self, form: str) -> list[tuple[str, int]]:
        """The words near to this one, each with its cost, which is less than a substitution's."""
        keys = _near_keys(form)
        if self._keys.isdisjoint(keys):
            return []
        found: dict[str, int] = {}
        for key in keys:
            for other in self._by.get(key, ()):
                if other in found or other == form:
                    continue
                if key[0] in "=~" or one_letter_apart(form, other):
                    found[other] = variant_cost(other, form, self._language)
        return [(other, cost) for other, cost in found.items() if cost < SUBSTITUTED]


@lru_cache(maxsize=1 << 16)
def _near_keys(form: str) -> tuple[str, ...]:
    """Words near one another share one of these: key of spelling, stem, or, since one letter cannot
    touch both ends of five, the first two letters or the last two."""
    keys = ("=" + spelling_key(form), "~" + stem(form))
    return (*keys, "<" + form[:2], ">" + form[-2:]) if 5 <= len(form) <= _LONGEST else keys
