"""What each step of a word-by-word alignment costs, as integers: 1000 is one word changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from offair.model.errors import BadInput
from offair.text.align_arcs import (
    Arc,
    SpelledName,
    name_arcs,
    negation_arcs,
    number_arcs,
    written_arcs,
)
from offair.text.lexicon import is_function_word, is_negation, weight
from offair.text.numbers import NumberSpan, is_article, number_spans
from offair.text.tokenise import Token, TokenKind
from offair.text.word_variants import SUBSTITUTED, UNIT, VARIANT_FILLER, Near
from offair.text.written_forms import fraction_tokens, written_forms

ADDED = UNIT + 1
"""One more than a substitution, so that a pair of words is preferred where the sum is equal."""
LEFT_OUT = UNIT - 1
"""One less than a substitution: of two ways, the one that keeps one more word as it was said."""
UNLIKE = 2
"""On top of a substitution of words of different sorts (a number by a word, a modal by a noun)."""
FILLER_LEFT_OUT = 20
FILLER_FOR_WORD = 1100
"""More than leaving out the filler and adding the word: no word is printed for a hesitation."""
REPEAT_LEFT_OUT = 100
ELIDED = 1
"""A spoken word skipped at a printed ellipsis: about nothing, but the nearer place wins."""
REPLACED = 300
"""A spoken word skipped beside a printed bracket: the bracket may stand for it."""
BRACKETED = 50
BARRIER = 1_000_000
"""Skipping the barrier between two rows of spoken words: never worth it."""
IMPOSSIBLE = BARRIER

ARCS_MAX = 500_000
"""The most places where several words may be taken as one step; real speech has a few thousand."""

BETWEEN = Token(0, 0, "\x00", TokenKind.SYMBOL)
"""Stands between two rows of spoken words that are aligned together; matches nothing."""

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class StepCosts:
    """All costs of one alignment of m printed with n spoken words.

    rows: per distinct printed form (and whether it is bracketed), the cost of putting it against
    each spoken word, shape (n,). added: of each printed word unmatched, shape (m,). skipped: of
    each spoken word unmatched, shape (n,), between ordinary words. gaps, beside: after how many
    printed words stands an ellipsis, or a bracket. arcs: sorted. repeats: spoken words that only
    repeat what follows. asides: spoken words that are no part of what the speaker says.
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
    asides: frozenset[int] = frozenset()

    def row(self, printed: int) -> Ints:
        """The cost of printed word `printed` against each spoken word."""
        return self.rows[self.keys[printed]]

    def skips(self, after: int) -> Ints:
        """The cost of skipping each spoken word when `after` printed words are done."""
        if after in self.gaps:
            return np.where(self.skipped < BARRIER, ELIDED, BARRIER).astype(np.int32)
        if after in self.beside:
            return np.where(
                self.skipped < BARRIER, np.minimum(self.skipped, REPLACED), BARRIER
            ).astype(np.int32)
        return self.skipped


def step_costs(
    printed: Sequence[Token],
    spoken: Sequence[Token],
    language: str | None = None,
    *,
    gaps: frozenset[int] = frozenset(),
    bracketed: frozenset[int] = frozenset(),
    asides: Collection[int] = (),
    spellings: tuple[Sequence[SpelledName], Sequence[SpelledName]] = ((), ()),
) -> StepCosts:
    """The costs by quote-check.md, step 5, for these words.

    asides: spoken words that are no part of what the speaker says (somebody's interjection, a stage
    note). spellings: the names in the printed and in the spoken words.

    Raises `BadInput` where the texts repeat the same few words beyond all measure.
    """
    forms = [token.form for token in spoken]
    vocabulary: dict[str, int] = {}
    ids = np.fromiter(
        (vocabulary.setdefault(form, len(vocabulary)) for form in forms), np.int64, len(forms)
    )
    printed_spans = number_spans(printed, language)
    spoken_spans = number_spans(spoken, language)
    printed_numbers = numbered(printed, printed_spans) | fraction_tokens(printed, language)
    spoken_numbers = numbered(spoken, spoken_spans) | fraction_tokens(spoken, language)
    printed_spans += written_forms(printed, printed_spans, language)
    if printed_spans:
        spoken_spans += written_forms(spoken, spoken_spans, language)
    keys = [(token.form, index in bracketed) for index, token in enumerate(printed)]
    rows = _rows(printed, keys, spoken, vocabulary, ids, language)
    repeats = _repeats(spoken, ids, spoken_numbers, language)
    skipped = np.full(len(spoken), LEFT_OUT, np.int32)
    skipped[repeats] = REPEAT_LEFT_OUT
    fillers = [index for index, token in enumerate(spoken) if token.kind is TokenKind.FILLER]
    skipped[fillers] = FILLER_LEFT_OUT
    skipped[sorted(asides)] = FILLER_LEFT_OUT
    if BETWEEN.form in vocabulary:
        skipped[ids == vocabulary[BETWEEN.form]] = BARRIER
    added = np.full(len(printed), ADDED, np.int32)
    added[sorted(bracketed)] = BRACKETED
    read = [token.form for token in printed]
    arcs = number_arcs(printed_spans, spoken_spans, said=forms, read=read)
    arcs += written_arcs(printed, spoken, language)
    arcs += negation_arcs(printed, spoken, language)
    arcs += name_arcs(*spellings, read=read, said=forms)
    if len(arcs) > ARCS_MAX:
        raise BadInput(
            f"the two texts repeat the same words so often ({len(arcs)} possible pairs) that they"
            " cannot be held against each other; check a shorter quotation"
        )
    if BETWEEN.form in vocabulary:
        barriers = np.concatenate([[0], np.cumsum(ids == vocabulary[BETWEEN.form])])
        arcs = [arc for arc in arcs if barriers[arc.s0] == barriers[arc.s1]]
    kept = {
        arc
        for arc in arcs
        if bracketed.isdisjoint(range(arc.p0, arc.p1))
        and gaps.isdisjoint(range(arc.p0 + 1, arc.p1))
    }
    beside = frozenset(one for index in bracketed for one in (index, index + 1))
    return StepCosts(
        rows, keys, added, skipped, gaps, beside, sorted(kept), repeats,
        printed_numbers, spoken_numbers, frozenset(asides),
    )  # fmt: skip


def numbered(tokens: Sequence[Token], spans: Sequence[NumberSpan]) -> frozenset[int]:
    """The tokens that belong to a number; a single article (`um`, `ein`) is not one."""
    return frozenset(
        index
        for span in spans
        if span.last - span.first > 1 or not is_article(tokens[span.first].form)
        for index in range(span.first, span.last)
    )


@lru_cache(maxsize=1 << 16)
def _sort(form: str, number: bool, language: str | None) -> int:
    if number:
        return 1
    if is_function_word(form, language):
        return 2
    return 3 + weight(form, language)


def _rows(
    printed: Sequence[Token],
    keys: Sequence[tuple[str, bool]],
    spoken: Sequence[Token],
    vocabulary: Mapping[str, int],
    ids: npt.NDArray[np.int64],
    language: str | None,
) -> dict[tuple[str, bool], Ints]:
    """The cost of each printed word against each spoken one."""
    kinds = {token.form: token.kind for token in spoken}
    sorts = np.array(
        [_sort(form, kinds[form] is TokenKind.NUMBER, language) for form in vocabulary], np.int32
    )
    fillers = [at for at, form in enumerate(vocabulary) if kinds[form] is TokenKind.FILLER]
    numbers = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    asked = {key: token for token, key in zip(printed, keys, strict=True)}
    own = np.array(
        [_sort(one.form, one.kind is TokenKind.NUMBER, language) for one in asked.values()],
        np.int32,
    )
    costs = np.full((len(numbers), len(vocabulary)), SUBSTITUTED + UNLIKE, np.int32)
    costs[own[:, None] == sorts] = SUBSTITUTED
    near = Near((form for form, bracketed in numbers if not bracketed), language)
    for at, other in enumerate(vocabulary):
        for form, cost in near.of(other):
            costs[numbers[form, False], at] = cost
    for key, number in numbers.items():
        form, bracketed = key
        if bracketed:
            costs[number] = IMPOSSIBLE
        elif fillers:
            filler = asked[key].kind is TokenKind.FILLER
            costs[number, fillers] = VARIANT_FILLER if filler else FILLER_FOR_WORD
        if form in vocabulary:
            costs[number, vocabulary[form]] = 0
    if BETWEEN.form in vocabulary:
        costs[:, vocabulary[BETWEEN.form]] = BARRIER
    rows = costs[:, ids]
    return {key: rows[number] for key, number in numbers.items()}


def _repeats(
    spoken: Sequence[Token],
    ids: npt.NDArray[np.int64],
    numbers: frozenset[int],
    language: str | None,
) -> npt.NDArray[np.bool_]:
    """Which spoken words are said again at once (`I I think`, `we are we are`).

    A repeated number or negation is no false start; fillers between do not count as words.
    """
    result = np.zeros(len(spoken), np.bool_)
    kept = np.fromiter(
        (token.kind is not TokenKind.FILLER for token in spoken), np.bool_, len(spoken)
    )
    said = np.flatnonzero(kept)
    row = ids[said]
    for length in (1, 2, 3):
        if len(row) < 2 * length:
            continue
        same = row[:-length] == row[length:]
        runs = same.copy()
        for step in range(1, length):
            runs[: len(same) - step] &= same[step:]
        for at in np.flatnonzero(runs[: len(row) - 2 * length + 1]).tolist():
            first = said[at : at + length]
            if not any(
                int(one) in numbers or is_negation(spoken[one].form, language) for one in first
            ):
                result[first] = True
    return result
