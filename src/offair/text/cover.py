"""The fewest stretches of the archive that cover a printed quotation.

All proposed places are aligned at once: their words stand in one row with barriers between. Where
no single place has the whole quotation, one more pass lets the alignment jump, for a price, from
any spoken word to any other between two printed words (after the jumping alignments of Spang,
Rehmsmeier and Stoye 2002), which gives the cheapest cover with pieces from different places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from offair.model.errors import BadInput
from offair.model.finding import CRITICAL, EditClass, EditKind
from offair.text.align import (
    CELLS_MAX,
    Alignment,
    Edit,
    Move,
    WordClasses,
    aligned,
    fill,
    matches,
    next_row,
    ramp,
    trace,
    without_loose_ends,
)
from offair.text.align_arcs import Arc, SpelledName
from offair.text.costs import BETWEEN, StepCosts, step_costs
from offair.text.printed import PrintedWords
from offair.text.tokenise import Token

JUMP = 2500
"""What it costs to go on elsewhere between two printed words: more than two words changed."""
JUMP_AT_GAP = 500
"""The same where something may have been left out: an ellipsis is printed, or a new sentence."""

_Table = npt.NDArray[np.int32]
_Step = tuple[Move, int]


class Names(Protocol):
    """Finds the names of the names list in a row of words."""

    def spans(self, found: Sequence[Token], /) -> Sequence[SpelledName]:
        """Names in the words, by first word."""
        ...


@dataclass(frozen=True, slots=True)
class Chain:
    """Printed words `printed[0]:printed[1]` against one place. edits count the printed words of
    the whole quotation, and the place's own."""

    place: int
    printed: tuple[int, int]
    alignment: Alignment


class Cover:
    """Printed words held against several places at once."""

    def __init__(
        self,
        printed: PrintedWords,
        places: Sequence[Sequence[Token]],
        *,
        language: str | None = None,
        names: Names | None = None,
        asides: Sequence[Collection[int]] = (),
    ) -> None:
        """asides: for each place, the words that are no part of what the speaker says.

        Raises `BadInput` where there are too many words to hold against each other at once.
        """
        self._printed = printed
        self._places = places
        row: list[Token] = []
        self._starts: list[int] = []
        aside: set[int] = set()
        for number, place in enumerate(places):
            if number:
                row.append(BETWEEN)
            if asides:
                aside.update(len(row) + one for one in asides[number])
            self._starts.append(len(row))
            row.extend(place)
        m, n = len(printed.tokens), len(row)
        if m * n > CELLS_MAX:
            raise BadInput(
                f"{m} printed words against {n} spoken ones are too many to hold against each "
                "other at once; check a shorter quotation"
            )
        spans = (names.spans(printed.tokens), names.spans(row)) if names is not None else ((), ())
        self._gaps = frozenset(gap for gap in printed.gaps if 0 < gap < m)
        self._steps: StepCosts = step_costs(
            printed.tokens, row, language, gaps=self._gaps, bracketed=printed.bracketed,
            asides=aside, spellings=spans,
        )  # fmt: skip
        self._classes = WordClasses(printed.tokens, row, self._steps, language, ())
        self._table: _Table | None = None
        self._length = n

    def each(self) -> tuple[Alignment, ...]:
        """The best alignment of the whole quotation with each place alone."""
        m = len(self._printed.tokens)
        if self._table is None:
            self._table = fill(self._steps, m, self._length, whole=False)
        found = []
        for number, start in enumerate(self._starts):
            stop = start + len(self._places[number])
            end = start + int(np.argmin(self._table[-1, start : stop + 1]))
            moves = trace(self._steps, self._table, end, whole=False)
            cost = int(self._table[-1, end])
            found.append(self._shifted(moves, end, cost, start))
        return tuple(found)

    def _shifted(self, moves: Sequence[Move], end: int, cost: int, start: int) -> Alignment:
        """An alignment in the words of its place."""
        moves, end = without_loose_ends(list(moves), end, self._steps, self._printed.bracketed)
        if not any(matches(self._steps, move) for move in moves):
            rows = range(moves[0][0], moves[-1][1]) if moves else range(0)
            moves = [(i, i + 1, start, start, None) for i in rows]
            end, cost = start, int(self._steps.added[rows.start : rows.stop].sum())
        made = aligned(
            moves, end, cost, self._classes, self._steps,
            self._printed.bracketed, self._printed.lettered,
        )  # fmt: skip
        if not start:
            return made
        edits = tuple(_moved(edit, start) for edit in made.edits)
        return replace(made, edits=edits, window=(made.window[0] - start, made.window[1] - start))

    def across(self, jump: int = JUMP, jump_at_gap: int = JUMP_AT_GAP) -> tuple[Chain, ...]:
        """The cheapest cover that may go from one place to another, in printed order."""
        m = len(self._printed.tokens)
        if m == 0:
            return ()
        table, before, jumps = self._fill_with_jumps(m, jump, jump_at_gap)
        end = int(np.argmin(table[-1]))
        chains: list[list[_Step]] = [[]]
        for step in self._trace_with_jumps(table, before, jumps, end):
            if step is None:
                chains.append([])
            else:
                chains[-1].append(step)
        return tuple(self._chain(steps) for steps in chains if steps)

    def joined(self, chains: Sequence[Chain], most: int) -> tuple[Chain, ...]:
        """The chains, those made one that follow one another in one place: with at most so many
        words left out between them, or where something may be left out."""
        made: list[Chain] = []
        for chain in chains:
            held = made[-1] if made else None
            if held is not None and held.place == chain.place and self._near(held, chain, most):
                made[-1] = self._made_one(held, chain)
            else:
                made.append(chain)
        return tuple(made)

    def _near(self, one: Chain, other: Chain, most: int) -> bool:
        between = other.alignment.window[0] - one.alignment.window[1]
        return between >= 0 and (between <= most or other.printed[0] in self._gaps)

    def _made_one(self, one: Chain, other: Chain) -> Chain:
        start, at = self._starts[one.place], other.printed[0]
        kind = EditKind.ELIDED if at in self._gaps else EditKind.LEFT_OUT
        between = []
        for word in range(one.alignment.window[1], other.alignment.window[0]):
            classes = self._classes.spoken(start + word)
            if start + word in self._steps.asides:
                classes = frozenset({EditClass.INTERJECTION})
            critical = bool(classes & CRITICAL)
            between.append(Edit(kind, (at, at), (word, word + 1), classes, critical))
        alignment = Alignment(
            (*one.alignment.edits, *between, *other.alignment.edits),
            (one.alignment.window[0], other.alignment.window[1]),
            one.alignment.cost + len(between) + other.alignment.cost,
            one.alignment.equal + other.alignment.equal,
        )
        return Chain(one.place, (one.printed[0], other.printed[1]), alignment)

    def _chain(self, steps: list[_Step]) -> Chain:
        moves = [move for move, _ in steps]
        start = max(one for one in self._starts if one <= moves[0][2])
        printed = (moves[0][0], moves[-1][1])
        made = self._shifted(moves, moves[-1][3], sum(cost for _, cost in steps), start)
        return Chain(self._starts.index(start), printed, made)

    def _fill_with_jumps(
        self, m: int, jump: int, jump_at_gap: int
    ) -> tuple[_Table, _Table, list[int]]:
        """The table after and before the jump at each printed word, and from where it is taken."""
        steps, n = self._steps, self._length
        by_end: dict[int, list[Arc]] = defaultdict(list)
        for arc in steps.arcs:
            by_end[arc.p1].append(arc)
        table = np.zeros((m + 1, n + 1), np.int32)
        before = np.zeros((m + 1, n + 1), np.int32)
        jumps = [0] * (m + 1)
        plain = ramp(steps.skipped)
        for i in range(1, m + 1):
            table[i] = before[i] = next_row(steps, table, i, by_end.get(i, ()), plain)
            if i < m:
                jumps[i] = int(np.argmin(before[i]))
                price = jump_at_gap if i in steps.gaps else jump
                np.minimum(table[i], before[i, jumps[i]] + price, out=table[i])
        return table, before, jumps

    def _trace_with_jumps(
        self, table: _Table, before: _Table, jumps: Sequence[int], end: int
    ) -> list[_Step | None]:
        """The moves of the best cover in order, each with its cost, None where it goes on
        elsewhere."""
        steps = self._steps
        arcs: dict[tuple[int, int], list[Arc]] = defaultdict(list)
        for arc in steps.arcs:
            arcs[arc.p1, arc.s1].append(arc)
        moves: list[_Step | None] = []
        i, j = table.shape[0] - 1, end
        landed = False
        while i > 0:
            here = int(before[i, j])
            if not landed and int(table[i, j]) < here:
                moves.append(None)
                j, landed = jumps[i], True
                continue
            paired = here - int(table[i - 1, j - 1]) if j else -1
            taken = next(
                (
                    one
                    for one in arcs.get((i, j), ())
                    if here == int(table[one.p0, one.s0]) + one.cost
                ),
                None,
            )
            if j and paired == int(steps.row(i - 1)[j - 1]):
                moves.append(((i - 1, i, j - 1, j, None), paired))
                i, j, landed = i - 1, j - 1, False
            elif taken is not None and taken.kind is EditClass.NEGATION:
                moves.extend(((i, i, at, at + 1, None), 0) for at in range(j - 1, taken.s0, -1))
                moves.append(((i - 1, i, taken.s0, taken.s0 + 1, None), taken.cost))
                i, j, landed = taken.p0, taken.s0, False
            elif taken is not None:
                moves.append(((taken.p0, i, taken.s0, j, taken), taken.cost))
                i, j, landed = taken.p0, taken.s0, False
            elif here == int(table[i - 1, j]) + int(steps.added[i - 1]):
                moves.append(((i - 1, i, j, j, None), int(steps.added[i - 1])))
                i, landed = i - 1, False
            else:
                moves.append(((i, i, j - 1, j, None), int(steps.skips(i)[j - 1])))
                j, landed = j - 1, True  # what was skipped here came before the jump was open
        return moves[::-1]


def _moved(edit: Edit, start: int) -> Edit:
    return replace(edit, spoken=(edit.spoken[0] - start, edit.spoken[1] - start))
