"""What each step of a word-by-word alignment costs, as integers: 1000 is one word changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import regex

from offair.model.errors import BadInput
from offair.text.lexicon import EditClass, expansions, is_function_word, is_negation, weight
from offair.text.numbers import NumberSpan, is_article, number_spans
from offair.text.tokenise import Token, TokenKind, base_language

UNIT = 1000
SUBSTITUTED = UNIT
ADDED = UNIT + 1
"""One more than a substitution, so that a pair of words is preferred where the sum is equal."""
LEFT_OUT = UNIT
UNLIKE = 2
"""On top of a substitution of words of different sorts (a number by a word, a modal by a noun)."""
VARIANT_SPELLING = 200
VARIANT_CONTRACTION = 200
VARIANT_NUMBER = 200
VARIANT_INFLECTION = 300
VARIANT_FILLER = 20
NEAR_SPELLING = 600
"""Words of five letters or more, one letter apart: perhaps another spelling, perhaps not."""
FILLER_LEFT_OUT = 20
FILLER_FOR_WORD = 1100
"""More than leaving out the filler and adding the word: no word is printed for a hesitation."""
REPEAT_LEFT_OUT = 100
ELIDED = 1
"""A spoken word skipped at a printed ellipsis: about nothing, but the nearer place wins."""
REPLACED = 300
"""A spoken word skipped beside a printed bracket: the bracket may stand for it."""
BRACKETED = 50
NEGATION_LEFT_OUT = 900
"""Up to three spoken words with a negation left out between two printed ones (`I [do not] think`):
one edit, less than one word changed, else a quotation would be found to start after them."""
IMPOSSIBLE = 1_000_000

ARCS_MAX = 500_000
"""The most places where several words may be taken as one step; real speech has a few thousand."""

Ints = npt.NDArray[np.int32]


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


@dataclass(frozen=True, slots=True)
class StepCosts:
    """All costs of one alignment of m printed with n spoken words.

    rows: per distinct printed form (and whether it is bracketed), the cost of putting it against
    each spoken word, shape (n,). added: of each printed word unmatched, shape (m,). skipped: of
    each spoken word unmatched, shape (n,), between ordinary words. gaps, beside: after how many
    printed words stands an ellipsis, or a bracket. arcs: sorted. repeats: spoken words that only
    repeat what follows.
    """

    rows: Mapping[tuple[str, bool], Ints]
    keys: Sequence[tuple[str, bool]]
    added: Ints
    skipped: Ints
    gaps: frozenset[int]
    beside: frozenset[int]
    arcs: Sequence[Arc]
    repeats: npt.NDArray[np.bool_]
    printed_numbers: frozenset[int]
    spoken_numbers: frozenset[int]

    def row(self, printed: int) -> Ints:
        """The cost of printed word `printed` against each spoken word."""
        return self.rows[self.keys[printed]]

    def skips(self, after: int) -> Ints:
        """The cost of skipping each spoken word when `after` printed words are done."""
        if after in self.gaps:
            return np.full_like(self.skipped, ELIDED)
        if after in self.beside:
            return np.minimum(self.skipped, REPLACED)
        return self.skipped


def step_costs(
    printed: Sequence[Token],
    spoken: Sequence[Token],
    language: str | None = None,
    *,
    gaps: frozenset[int] = frozenset(),
    bracketed: frozenset[int] = frozenset(),
) -> StepCosts:
    """The costs by quote-check.md, step 5, for these words.

    Raises `BadInput` where the texts repeat the same few words beyond all measure.
    """
    forms = [token.form for token in spoken]
    vocabulary = {form: index for index, form in enumerate(dict.fromkeys(forms))}
    ids = np.fromiter((vocabulary[form] for form in forms), np.int64, len(forms))
    printed_spans = number_spans(printed, language)
    spoken_spans = number_spans(spoken, language)
    printed_numbers = numbered(printed, printed_spans)
    spoken_numbers = numbered(spoken, spoken_spans)
    kinds = {token.form: token.kind for token in spoken}
    sorts = {form: _sort(form, kinds[form], language) for form in vocabulary}
    near = _Near(vocabulary)
    rows: dict[tuple[str, bool], Ints] = {}
    keys = [(token.form, index in bracketed) for index, token in enumerate(printed)]
    for token, key in zip(printed, keys, strict=True):
        if key not in rows:
            costs = _against(token, vocabulary, kinds, sorts, near, language, key[1])
            rows[key] = costs[ids] if len(ids) else np.zeros(0, np.int32)
    repeats = _repeats(spoken, spoken_numbers, language)
    skipped = np.full(len(spoken), LEFT_OUT, np.int32)
    skipped[repeats] = REPEAT_LEFT_OUT
    fillers = [index for index, token in enumerate(spoken) if token.kind is TokenKind.FILLER]
    skipped[fillers] = FILLER_LEFT_OUT
    added = np.full(len(printed), ADDED, np.int32)
    added[sorted(bracketed)] = BRACKETED
    read = [token.form for token in printed]
    arcs = _number_arcs(printed_spans, spoken_spans, said=forms, read=read)
    arcs += _written_arcs(printed, spoken, language)
    arcs += _negation_arcs(printed, spoken, language)
    if len(arcs) > ARCS_MAX:
        raise BadInput(
            f"the two texts repeat the same words so often ({len(arcs)} possible pairs) that they"
            " cannot be held against each other; check a shorter quotation"
        )
    kept = {
        arc
        for arc in arcs
        if bracketed.isdisjoint(range(arc.p0, arc.p1))
        and gaps.isdisjoint(range(arc.p0 + 1, arc.p1))
    }
    beside = frozenset(one for index in bracketed for one in (index, index + 1))
    return StepCosts(
        rows, keys, added, skipped, gaps, beside, sorted(kept), repeats,
        printed_numbers, spoken_numbers,
    )  # fmt: skip


def numbered(tokens: Sequence[Token], spans: Sequence[NumberSpan]) -> frozenset[int]:
    """The tokens that belong to a number; a single article (`um`, `ein`) is not one."""
    return frozenset(
        index
        for span in spans
        if span.last - span.first > 1 or not is_article(tokens[span.first].form)
        for index in range(span.first, span.last)
    )


def _sort(form: str, kind: TokenKind, language: str | None) -> int:
    if kind is TokenKind.NUMBER:
        return 1
    if is_function_word(form, language):
        return 2
    return 3 + weight(form, language)


def _against(
    token: Token,
    vocabulary: Mapping[str, int],
    kinds: Mapping[str, TokenKind],
    sorts: Mapping[str, int],
    near: _Near,
    language: str | None,
    bracketed: bool,
) -> Ints:
    """The cost of one printed word against each word of the spoken vocabulary."""
    form = token.form
    if bracketed:
        costs = np.full(len(vocabulary), IMPOSSIBLE, np.int32)
    else:
        sort = _sort(form, token.kind, language)
        costs = np.fromiter(
            (SUBSTITUTED if sorts[other] == sort else SUBSTITUTED + UNLIKE for other in vocabulary),
            np.int32,
            len(vocabulary),
        )
        for other in near.of(form, language):
            costs[vocabulary[other]] = variant_cost(form, other, language)
        alike = VARIANT_FILLER if token.kind is TokenKind.FILLER else FILLER_FOR_WORD
        for other, index in vocabulary.items():
            if kinds[other] is TokenKind.FILLER:
                costs[index] = alike
    if form in vocabulary:
        costs[vocabulary[form]] = 0
    return costs


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
    if len(one) >= 5 and len(other) >= 5 and not _shorter(one).isdisjoint(_shorter(other)):
        return NEAR_SPELLING
    return SUBSTITUTED


def variant_class(cost: int) -> EditClass:
    """In what two words differ that cost this much."""
    return {VARIANT_INFLECTION: EditClass.INFLECTION, VARIANT_FILLER: EditClass.FILLER}.get(
        cost, EditClass.SPELLING
    )


_KEYS = (
    (regex.compile(r"(?<=[a-z]{2}l)l(?=ed$|ing$|er$|ers$|or$|ors$)"), ""),
    (regex.compile(r"(?<=[a-z]{2})is(?=e$|es$|ed$|ing$|ation$|ations$|er$|ers$)"), "iz"),
    (regex.compile(r"(?<=[a-z]{2}ly)s(?=e$|es$|ed$|ing$)"), "z"),
    (regex.compile(r"(?<=[a-z]{2})our(?!$|s$|ed$)"), "or"),
    (regex.compile(r"(?<=(?:col|hon|lab|fav|neighb|harb|hum|rum|vap|vig|behavi|endeav))our"), "or"),
    (regex.compile(r"(?<=(?:cent|theat|met|lit|fib|calib|spect|lust|somb|meag))re(?=$|s$)"), "er"),
    (regex.compile(r"(?<=[a-z])(?:ae|oe)(?=[a-z]{2})"), "e"),
    (regex.compile(r"(?<=(?:def|off|pret|lic))ence$"), "ense"),
    (regex.compile(r"ogue$"), "og"),
    (regex.compile(r"(?<=program)me$"), ""),
    (regex.compile(r"^grey"), "gray"),
)


@lru_cache(maxsize=1 << 16)
def spelling_key(form: str) -> str:
    """One key for the British and the American spelling of an English word, by regular rules."""
    if len(form) < 5:
        return form
    for pattern, by in _KEYS:
        form = pattern.sub(by, form)
    return form


@lru_cache(maxsize=1 << 16)
def stem(form: str) -> str:
    """An English word without its regular ending of number, person, tense or participle."""
    for ending, least, by in (
        ("ies", 5, "y"),
        ("ied", 5, "y"),
        ("sses", 6, "ss"),
        ("xes", 5, "x"),
        ("ches", 6, "ch"),
        ("shes", 6, "sh"),
        ("ing", 6, ""),
        ("ed", 5, ""),
        ("s", 4, ""),
    ):
        if form.endswith(ending) and len(form) >= least and form[-2:] not in {"ss", "us", "is"}:
            form = form[: len(form) - len(ending)] + by
            break
    if len(form) > 3 and form[-1] == form[-2] and form[-1] not in "sleo":
        form = form[:-1]
    return form[:-1] if len(form) > 3 and form.endswith("e") else form


@lru_cache(maxsize=1 << 16)
def _shorter(form: str) -> frozenset[str]:
    """The word and every way to leave one letter out: two words one letter apart share one."""
    return frozenset([form, *(form[:i] + form[i + 1 :] for i in range(len(form)))])


class _Near:
    """The words of a vocabulary that are spelled or inflected like a given word."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._by: dict[str, set[str]] = defaultdict(set)
        for form in vocabulary:
            for key in self._keys(form):
                self._by[key].add(form)

    def of(self, form: str, language: str | None) -> list[str]:
        """The candidates, sorted, that cost less than a substitution."""
        found = {other for key in self._keys(form) for other in self._by.get(key, ())}
        return sorted(other for other in found if variant_cost(form, other, language) < SUBSTITUTED)

    @staticmethod
    def _keys(form: str) -> set[str]:
        keys = {"=" + spelling_key(form), "~" + stem(form)}
        if 5 <= len(form) <= 40:
            keys |= _shorter(form)
        return keys


def _repeats(
    spoken: Sequence[Token], numbers: frozenset[int], language: str | None
) -> npt.NDArray[np.bool_]:
    """Which spoken words are said again at once (`I I think`, `we are we are`).

    A repeated number or negation is no false start; fillers between do not count as words.
    """
    said = [index for index, token in enumerate(spoken) if token.kind is not TokenKind.FILLER]
    result = np.zeros(len(spoken), np.bool_)
    for length in (1, 2, 3):
        for at in range(len(said) - 2 * length + 1):
            first, second = said[at : at + length], said[at + length : at + 2 * length]
            if all(
                spoken[one].form == spoken[two].form
                and one not in numbers
                and not is_negation(spoken[one].form, language)
                for one, two in zip(first, second, strict=True)
            ):
                result[first] = True
    return result


def _number_arcs(
    printed: Sequence[NumberSpan],
    spoken: Sequence[NumberSpan],
    *,
    said: Sequence[str],
    read: Sequence[str],
) -> list[Arc]:
    by_value: dict[tuple[str, str], list[NumberSpan]] = defaultdict(list)
    for span in spoken:
        by_value[span.value, span.unit].append(span)
    return [
        Arc(one.first, one.last, two.first, two.last, VARIANT_NUMBER, EditClass.NUMBER_FORM)
        for one in printed
        for two in by_value.get((one.value, one.unit), ())
        if read[one.first : one.last] != said[two.first : two.last]
    ]


def _negation_arcs(
    printed: Sequence[Token], spoken: Sequence[Token], language: str | None
) -> list[Arc]:
    """Places where a short run of spoken words with a negation stands between two printed ones."""
    pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index in range(len(printed) - 1):
        pairs[printed[index].form, printed[index + 1].form].append(index)
    arcs = set()
    for at, token in enumerate(spoken):
        if not is_negation(token.form, language):
            continue
        for before in range(max(0, at - 3), at):
            for after in range(at + 1, min(len(spoken), before + 5)):
                for index in pairs.get((spoken[before].form, spoken[after].form), ()):
                    cost = NEGATION_LEFT_OUT
                    arcs.add(Arc(index, index + 1, before, after, cost, EditClass.NEGATION))
    return sorted(arcs)


def _written_arcs(
    printed: Sequence[Token], spoken: Sequence[Token], language: str | None
) -> list[Arc]:
    """Contractions against what they stand for, and words written together against apart."""
    one_way = _one_way(printed, spoken, language)
    other_way = _one_way(spoken, printed, language)
    arcs = [Arc(*pair[0], *pair[1], cost, kind) for *pair, cost, kind in one_way]
    return arcs + [Arc(*pair[1], *pair[0], cost, kind) for *pair, cost, kind in other_way]


_Range = tuple[int, int]


def _one_way(
    short: Sequence[Token], long: Sequence[Token], language: str | None
) -> list[tuple[_Range, _Range, int, EditClass]]:
    """Single words of `short` against one to three of `long`."""
    where: dict[str, list[int]] = defaultdict(list)
    pairs: dict[str, list[int]] = defaultdict(list)
    wanted = {token.form for token in short}
    for index, token in enumerate(long):
        where[token.form].append(index)
        if index + 1 < len(long):
            joined = token.form + long[index + 1].form
            if joined in wanted:
                pairs[joined].append(index)
    found: list[tuple[_Range, _Range, int, EditClass]] = []
    for index, token in enumerate(short):
        here = (index, index + 1)
        for start in pairs.get(token.form, ()):
            if token.kind is TokenKind.WORD:
                found.append((here, (start, start + 2), VARIANT_SPELLING, EditClass.SPELLING))
        for full in expansions(token.form, language):
            for start in where.get(full[0], ()):
                end = start + len(full)
                if tuple(one.form for one in long[start:end]) == full:
                    found.append((here, (start, end), VARIANT_CONTRACTION, EditClass.CONTRACTION))
    return found
