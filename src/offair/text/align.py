"""Printed words held against spoken words, word by word: the edits that lead from one to the other.

Dynamic programming over all pairs (Needleman & Wunsch 1970; free ends in the spoken words after
Sellers 1980), one numpy row per printed word. Costs are integers (`costs`), so the minimum is
exact and equal on every machine.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from offair.model.errors import BadInput
from offair.model.finding import CRITICAL, EditClass, EditKind
from offair.text import costs as price
from offair.text.align_arcs import Arc
from offair.text.costs import StepCosts, step_costs
from offair.text.critical_words import obligations
from offair.text.lexicon import word_classes
from offair.text.normalise import fold
from offair.text.tokenise import Token, TokenKind, base_language
from offair.text.word_variants import NEAR_SPELLING, SUBSTITUTED, UNIT, variant_class

CELLS_MAX = 40_000_000
"""The most printed × spoken words one alignment may take (4 bytes each)."""
LOOSE_END = 3
"""So many printed words at an end, none of which stands there: no changed words but added ones."""

Costs = np.typing.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of one kind: printed and spoken token ranges, half-open, either may be empty.

    classes: what the words are that it touches, or in what a variant differs; empty for `equal`.
    critical: it changes, adds or leaves out a word of a critical class (never for a variant).
    """

    kind: EditKind
    printed: tuple[int, int]
    spoken: tuple[int, int]
    classes: frozenset[EditClass] = frozenset()
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cheapest way from spoken to printed words.

    edits: in order; they cover every printed word, and the spoken words of `window`, once.
    window: token range of the spoken words used. cost: in words (1.0 is one word changed).
    equal: how many printed words stand as they were said.
    """

    edits: tuple[Edit, ...]
    window: tuple[int, int]
    cost: float
    equal: int

    @property
    def verbatim(self) -> bool:
        """Whether every printed word was said so, with nothing between them left out."""
        return all(edit.kind is EditKind.EQUAL for edit in self.edits)

    @property
    def critical(self) -> tuple[Edit, ...]:
        """The edits that touch a negation, number, unit, name, modality and the like."""
        return tuple(edit for edit in self.edits if edit.critical)


def align(
    printed: Sequence[Token],
    spoken: Sequence[Token],
    *,
    whole: bool = False,
    language: str | None = None,
    names: Collection[str] = (),
    gaps: Collection[int] = (),
    bracketed: Collection[int] = (),
) -> Alignment:
    """Align all printed words with the best stretch of the spoken words, or with all (`whole`).

    gaps: after how many printed words an ellipsis stands: spoken words are skipped there for
    next to nothing. bracketed: indices of editor's words in brackets. names: words to be treated
    as names beside those written with a capital inside a sentence of either text.

    Of several alignments of equal cost: the one whose window ends first; then, from its end
    backwards, equal words and variants before substitutions before added before left-out words;
    so the later of two equal words is taken, and the window is as short as that allows. Where no
    printed word matches at all, all are `added` and the window is empty: without `whole` words
    are never paired with words of a place that nothing points to.

    Raises `BadInput` where printed × spoken words exceed `CELLS_MAX`.
    """
    if len(printed) * len(spoken) > CELLS_MAX:
        raise BadInput(
            f"{len(printed)} printed words against {len(spoken)} spoken ones are too many to hold"
            " against each other at once; check the quotation alone, or a shorter recording"
        )
    kept = frozenset(gap for gap in gaps if whole or 0 < gap < len(printed))
    steps = step_costs(printed, spoken, language, gaps=kept, bracketed=frozenset(bracketed))
    table = fill(steps, len(printed), len(spoken), whole=whole)
    end = len(spoken) if whole else int(np.argmin(table[-1]))
    moves = trace(steps, table, end, whole=whole)
    cost = int(table[-1][end])
    if not whole:
        moves, end = without_loose_ends(moves, end, steps, frozenset(bracketed))
    if not whole and not any(matches(steps, move) for move in moves):
        moves, end = [(i, i + 1, 0, 0, None) for i in range(len(printed))], 0
        cost = int(table[-1][0])
    classes = WordClasses(printed, spoken, steps, language, names)
    return aligned(moves, end, cost, classes, steps, frozenset(bracketed))


def aligned(
    moves: Sequence[Move],
    end: int,
    cost: int,
    classes: WordClasses,
    steps: StepCosts,
    bracketed: frozenset[int],
    lettered: frozenset[int] = frozenset(),
) -> Alignment:
    """The alignment that these moves make, ending at spoken word `end`; cost as `fill` has it."""
    edits = _group(moves, classes, steps, bracketed, lettered)
    start = moves[0][2] if moves else end
    equal = sum(edit.printed[1] - edit.printed[0] for edit in edits if edit.kind is EditKind.EQUAL)
    return Alignment(edits, (start, end), cost / UNIT, equal)


def fill(steps: StepCosts, m: int, n: int, *, whole: bool) -> np.typing.NDArray[np.int32]:
    """The cost of the best alignment of the first i printed words that ends at spoken word j."""
    table = np.zeros((m + 1, n + 1), np.int32)
    by_end: dict[int, list[Arc]] = defaultdict(list)
    for arc in steps.arcs:
        by_end[arc.p1].append(arc)
    if whole:
        np.cumsum(steps.skips(0), out=table[0, 1:])
    plain = ramp(steps.skipped)
    for i in range(1, m + 1):
        table[i] = next_row(steps, table, i, by_end.get(i, ()), plain)
    return table


def next_row(steps: StepCosts, table: Costs, i: int, arcs: Sequence[Arc], plain: Costs) -> Costs:
    """The row of printed word i, from those before it. arcs: that end at it. plain: the ramp of
    what skipping costs where nothing is special."""
    best: Costs = table[i - 1] + steps.added[i - 1]
    np.minimum(best[1:], table[i - 1, :-1] + steps.row(i - 1), out=best[1:])
    for arc in arcs:
        best[arc.s1] = min(best[arc.s1], table[arc.p0, arc.s0] + arc.cost)
    special = i in steps.gaps or i in steps.beside
    skips = ramp(steps.skips(i)) if special else plain
    np.minimum.accumulate(best - skips, out=best)  # the best word to start skipping from
    best += skips
    return best


def ramp(skips: np.typing.NDArray[np.int32]) -> np.typing.NDArray[np.int32]:
    """What it costs to skip all spoken words up to each, shape (n + 1,)."""
    sums = np.zeros(len(skips) + 1, np.int32)
    np.cumsum(skips, out=sums[1:])
    return sums


Move = tuple[int, int, int, int, Arc | None]


def without_loose_ends(
    moves: list[Move], end: int, steps: StepCosts, bracketed: frozenset[int]
) -> tuple[list[Move], int]:
    """The moves, and where they end, without spoken words that nothing ties to the printed ones.

    `LOOSE_END` printed words and more before the first match, or after the last, were not said
    there: the words that happen to stand in their place were not changed into them.
    """
    matched = [number for number, move in enumerate(moves) if matches(steps, move)]
    if not matched:
        return moves, end
    first, last = matched[0], matched[-1] + 1
    head, tail = moves[:first], moves[last:]
    if _loose(head, bracketed):
        at = moves[first][2]
        head = [(move[0], move[1], at, at, None) for move in head if move[0] < move[1]]
    if _loose(tail, bracketed):
        end = moves[last - 1][3]
        tail = [(move[0], move[1], end, end, None) for move in tail if move[0] < move[1]]
    return [*head, *moves[first:last], *tail], end


def _loose(moves: Sequence[Move], bracketed: frozenset[int]) -> bool:
    printed = [move[0] for move in moves if move[0] < move[1]]
    return len(printed) >= LOOSE_END and bracketed.isdisjoint(printed)


def trace(
    steps: StepCosts, table: np.typing.NDArray[np.int32], end: int, *, whole: bool
) -> list[Move]:
    """The moves of the best alignment in order: printed range, spoken range, arc taken."""
    arcs: dict[tuple[int, int], list[Arc]] = defaultdict(list)
    for arc in steps.arcs:
        arcs[arc.p1, arc.s1].append(arc)
    moves: list[Move] = []
    i, j = table.shape[0] - 1, end
    while i > 0 or (whole and j > 0):
        here = int(table[i, j])
        step = int(steps.row(i - 1)[j - 1]) if i and j else price.IMPOSSIBLE
        diagonal = bool(i and j) and here == int(table[i - 1, j - 1]) + step
        taken = next(
            (arc for arc in arcs.get((i, j), ()) if here == int(table[arc.p0, arc.s0]) + arc.cost),
            None,
        )
        if taken is not None and taken.kind is EditClass.NEGATION:
            moves += [(i, i, at, at + 1, None) for at in range(j - 1, taken.s0, -1)]
            moves.append((i - 1, i, taken.s0, taken.s0 + 1, None))
            i, j = taken.p0, taken.s0
        elif taken is not None and not (diagonal and step < SUBSTITUTED):
            moves.append((taken.p0, i, taken.s0, j, taken))
            i, j = taken.p0, taken.s0
        elif diagonal:
            moves.append((i - 1, i, j - 1, j, None))
            i, j = i - 1, j - 1
        elif i and here == int(table[i - 1, j]) + int(steps.added[i - 1]):
            moves.append((i - 1, i, j, j, None))
            i -= 1
        else:
            moves.append((i, i, j - 1, j, None))
            j -= 1
    return moves[::-1]


def matches(steps: StepCosts, move: Move) -> bool:
    """Whether a move puts a printed word against the same word, or a variant of it."""
    p0, p1, s0, s1, arc = move
    paired = p0 < p1 and s0 < s1
    return arc is not None or (paired and int(steps.row(p0)[s0]) < SUBSTITUTED)


class WordClasses:
    """The classes of single words, by what is known from both texts."""

    def __init__(
        self,
        printed: Sequence[Token],
        spoken: Sequence[Token],
        steps: StepCosts,
        language: str | None,
        names: Collection[str],
    ) -> None:
        self._printed, self._spoken = printed, spoken
        self._steps, self._language = steps, language
        self._obliging = tuple(obligations(row, language) for row in (printed, spoken))
        self._names = {fold(part) for name in names for part in name.split()}
        if base_language(language) != "de":  # German writes every noun with a capital
            self._names |= {token.form for token in (*printed, *spoken) if token.capital}

    def printed(self, index: int) -> frozenset[EditClass]:
        """The classes of a printed word."""
        found = self._of(self._printed[index], index in self._steps.printed_numbers)
        return self._obliged(found) if index in self._obliging[0] else found

    def spoken(self, index: int) -> frozenset[EditClass]:
        """The classes of a spoken word."""
        found = self._of(self._spoken[index], index in self._steps.spoken_numbers)
        return self._obliged(found) if index in self._obliging[1] else found

    def is_filler(self, index: int) -> bool:
        """Whether a spoken word is a sound of hesitation."""
        return self._spoken[index].kind is TokenKind.FILLER

    def _obliged(self, classes: frozenset[EditClass]) -> frozenset[EditClass]:
        return classes - {EditClass.FUNCTION_WORD, EditClass.CONTENT} | {EditClass.MODALITY}

    def _of(self, token: Token, number: bool) -> frozenset[EditClass]:
        name = token.form in self._names
        return word_classes(token, self._language, number=number, name=name)


def _group(
    moves: Sequence[Move],
    classes: WordClasses,
    steps: StepCosts,
    bracketed: frozenset[int],
    lettered: frozenset[int],
) -> tuple[Edit, ...]:
    """Moves as edits; neighbours of one kind and the same classes are one edit."""
    edits: list[Edit] = []
    for equal, group in itertools.groupby(moves, lambda move: _is_equal(move, steps)):
        if equal:
            run = list(group)
            first, last = run[0], run[-1]
            edits.append(Edit(EditKind.EQUAL, (first[0], last[1]), (first[2], last[3])))
        else:
            _add_unequal(edits, group, classes, steps, bracketed, lettered)
    return tuple(edits)


def _is_equal(move: Move, steps: StepCosts) -> bool:
    """Whether a move puts a printed word against the same word."""
    p0, p1, s0, s1, arc = move
    return arc is None and p0 < p1 and s0 < s1 and not steps.row(p0)[s0]


def _add_unequal(
    edits: list[Edit],
    moves: Iterable[Move],
    classes: WordClasses,
    steps: StepCosts,
    bracketed: frozenset[int],
    lettered: frozenset[int],
) -> None:
    """Add moves none of which is of equal words."""
    for move in moves:
        edit = _edit(move, classes, steps, bracketed)
        if lettered and edit.kind in _CHANGED and lettered.issuperset(range(*edit.printed)):
            edit = replace(edit, kind=EditKind.BRACKETED)
        last = edits[-1] if edits else None
        if last is not None and _joins(last, edit):
            edits[-1] = Edit(
                last.kind,
                (last.printed[0], edit.printed[1]),
                (last.spoken[0], edit.spoken[1]),
                last.classes | edit.classes,
                last.critical or edit.critical,
            )
        else:
            edits.append(edit)


_CHANGED = frozenset({EditKind.VARIANT, EditKind.SUBSTITUTED})


def _joins(last: Edit, edit: Edit) -> bool:
    if last.kind is not edit.kind or last.kind is EditKind.VARIANT:
        return False
    if last.kind in {EditKind.BRACKETED, EditKind.ELIDED}:
        return True
    return last.classes == edit.classes


def _edit(move: Move, classes: WordClasses, steps: StepCosts, bracketed: frozenset[int]) -> Edit:
    p0, p1, s0, s1, arc = move
    if arc is not None:
        return Edit(EditKind.VARIANT, (p0, p1), (s0, s1), frozenset({arc.kind}))
    if p0 < p1 and s0 < s1:
        cost = int(steps.row(p0)[s0])
        if cost < NEAR_SPELLING:
            kind = variant_class(cost)
            return Edit(EditKind.VARIANT, (p0, p1), (s0, s1), frozenset({kind}))
        touched = classes.printed(p0) | classes.spoken(s0)
        critical = bool(touched & CRITICAL)
        if cost == NEAR_SPELLING:
            touched |= {EditClass.SPELLING}
        return Edit(EditKind.SUBSTITUTED, (p0, p1), (s0, s1), touched, critical)
    if p0 < p1:
        touched = classes.printed(p0)
        kind_of = EditKind.BRACKETED if p0 in bracketed else EditKind.ADDED
        return Edit(kind_of, (p0, p1), (s0, s1), touched, bool(touched & CRITICAL))
    touched = classes.spoken(s0)
    kind_of = EditKind.LEFT_OUT
    if s0 in steps.asides:
        return Edit(kind_of, (p0, p1), (s0, s1), frozenset({EditClass.INTERJECTION}))
    if p0 in steps.gaps:
        kind_of = EditKind.ELIDED
    elif p0 in steps.beside and not classes.is_filler(s0):
        kind_of = EditKind.BRACKETED
    elif steps.repeats[s0] and not classes.is_filler(s0):
        touched = frozenset({EditClass.REPETITION})
    return Edit(kind_of, (p0, p1), (s0, s1), touched, bool(touched & CRITICAL))
