"""Steps of an alignment that take several words at once: numbers, names, contractions."""

from __future__ import annotations

import itertools
import operator
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from offair.model.finding import EditClass
from offair.text.lexicon import expansions, is_negation
from offair.text.numbers import NumberSpan
from offair.text.tokenise import Token, TokenKind, base_language
from offair.text.word_variants import VARIANT_SPELLING

VARIANT_CONTRACTION = 200
VARIANT_NUMBER = 200
SAME_NAME = 0
NEGATION_LEFT_OUT = 900
"""Up to three spoken words with a negation left out between two printed ones (`I [do not] think`):
one edit, less than one word changed, else a quotation would be found to start after them."""
_BEGINNINGS = frozenset({"a", "in", "im", "un", "non"})
"""Beginnings of English words that are words too, and make another word with the next one."""
_WRITTEN_APART = frozenset(
    {"alot", "awhile", "into", "inside", "instead", "indeed", "insofar", "inasmuch"}
)


@dataclass(frozen=True, slots=True, order=True)
class Arc:
    """Printed words `p0:p1` and spoken words `s0:s1` taken as one step.

    They say the same in another form; or, of the kind `negation`, the first of the spoken words
    is the printed one and the others, a negation among them, are left out.
    """

    p0: int
    p1: int
    s0: int
    s1: int
    cost: int
    kind: EditClass


class SpelledName(Protocol):
    """A name found in a row of words: from word `first` to `last`, not included."""

    @property
    def first(self) -> int:
        """Its first word."""
        ...

    @property
    def last(self) -> int:
        """The word after its last."""
        ...

    @property
    def name_id(self) -> int:
        """The same for every spelling of one name."""
        ...


def name_arcs(
    printed: Sequence[SpelledName],
    spoken: Sequence[SpelledName],
    *,
    read: Sequence[str],
    said: Sequence[str],
) -> list[Arc]:
    """One name in two spellings: costs nothing."""
    by_name: dict[int, list[SpelledName]] = defaultdict(list)
    for span in spoken:
        by_name[span.name_id].append(span)
    return [
        Arc(one.first, one.last, two.first, two.last, SAME_NAME, EditClass.SPELLING)
        for one in printed
        for two in by_name.get(one.name_id, ())
        if read[one.first : one.last] != said[two.first : two.last]
    ]


def number_arcs(
    printed: Sequence[NumberSpan],
    spoken: Sequence[NumberSpan],
    *,
    said: Sequence[str],
    read: Sequence[str],
) -> list[Arc]:
    """One number written in two ways: twenty-six and 26, two million and 2,000,000."""
    by_value: dict[tuple[str, str], list[NumberSpan]] = defaultdict(list)
    for span in spoken:
        by_value[span.value, span.unit].append(span)
    return [
        Arc(one.first, one.last, two.first, two.last, VARIANT_NUMBER, EditClass.NUMBER_FORM)
        for one in printed
        for two in by_value.get((one.value, one.unit), ())
        if read[one.first : one.last] != said[two.first : two.last]
    ]


def negation_arcs(
    printed: Sequence[Token], spoken: Sequence[Token], language: str | None
) -> list[Arc]:
    """Places where a short run of spoken words with a negation stands between two printed ones."""
    pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index in range(len(printed) - 1):
        pairs[printed[index].form, printed[index + 1].form].append(index)
    arcs = set()
    negations = {form for form in {one.form for one in spoken} if is_negation(form, language)}
    for at, token in enumerate(spoken):
        if token.form not in negations:
            continue
        for before in range(max(0, at - 3), at):
            for after in range(at + 1, min(len(spoken), before + 5)):
                for index in pairs.get((spoken[before].form, spoken[after].form), ()):
                    cost = NEGATION_LEFT_OUT
                    arcs.add(Arc(index, index + 1, before, after, cost, EditClass.NEGATION))
    return sorted(arcs)


def written_arcs(
    printed: Sequence[Token], spoken: Sequence[Token], language: str | None
) -> list[Arc]:
    """Contractions against what they stand for, and words written together against apart."""
    one_way = _one_way(printed, spoken, language)
    other_way = _one_way(spoken, printed, language)
    arcs = [Arc(*pair[0], *pair[1], cost, kind) for *pair, cost, kind in one_way]
    arcs += [Arc(*pair[1], *pair[0], cost, kind) for *pair, cost, kind in other_way]
    if base_language(language) in {None, "en"}:
        ours, theirs = _numeros(printed), _numeros(spoken)
        arcs += [
            Arc(one, one + 1, two, two + 1, VARIANT_CONTRACTION, EditClass.CONTRACTION)
            for one in ours
            for two in theirs
            if printed[one].form != spoken[two].form
        ]
    return arcs


def _numeros(words: Sequence[Token]) -> list[int]:
    """Where `No.` or `number` stands before a number in digits, or `number` before any word."""
    return [
        at
        for at, (word, after) in enumerate(itertools.pairwise(words))
        if word.form == "number"
        or (
            word.form == "no"
            and after.kind is TokenKind.NUMBER
            and (word.capital or after.char_start - word.char_end == len(". "))
        )
    ]


_Range = tuple[int, int]


def _one_in_two(joined: str, parts: Sequence[str], language: str | None) -> bool:
    """Whether a word written in two is still the same: not `notable`, `nowhere`, `indirect`."""
    negates = is_negation(joined, language)
    if negates != any(is_negation(part, language) for part in parts):
        return False
    return parts[0] not in _BEGINNINGS or joined in _WRITTEN_APART


def _one_way(
    short: Sequence[Token], long: Sequence[Token], language: str | None
) -> list[tuple[_Range, _Range, int, EditClass]]:
    """Single words of `short` against one to three of `long`."""
    where: dict[str, list[int]] = defaultdict(list)
    pairs: dict[str, list[int]] = defaultdict(list)
    wanted = {token.form for token in short}
    stood_for = {form: every for form in wanted if (every := expansions(form, language))}
    first_words = {full[0] for fulls in stood_for.values() for full in fulls}
    forms = [token.form for token in long]
    for index, form in enumerate(forms):
        if form in first_words:
            where[form].append(index)
    for index, joined in enumerate(map(operator.add, forms, forms[1:])):
        if joined in wanted and _one_in_two(joined, forms[index : index + 2], language):
            pairs[joined].append(index)
    found: list[tuple[_Range, _Range, int, EditClass]] = []
    if not pairs and not where:
        return found
    for index, token in enumerate(short):
        here = (index, index + 1)
        for start in pairs.get(token.form, ()):
            if token.kind is TokenKind.WORD:
                found.append((here, (start, start + 2), VARIANT_SPELLING, EditClass.SPELLING))
        for full in stood_for.get(token.form, ()):
            for start in where.get(full[0], ()):
                end = start + len(full)
                if tuple(forms[start:end]) == full:
                    found.append((here, (start, end), VARIANT_CONTRACTION, EditClass.CONTRACTION))
    return found
