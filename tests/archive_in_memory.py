"""An index of a small archive in memory: exact and slow, the referee of what the real one answers.

It reads the layers anew whenever it is opened. Words are compared by plain quadratic recurrences.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from offair.desk.evidence import layers_to_search
from offair.desk.feed import indexed_layer
from offair.model.query import Query
from offair.model.transcript import LayerKind
from offair.search import (
    Ask,
    Fragment,
    Hit,
    Hits,
    IndexedLayer,
    IndexWriter,
    Occurrence,
    Proposal,
    Scope,
    Shard,
    Stretch,
)
from offair.store import Catalogue
from offair.text.tokenise import TokenKind, tokens

_T = TypeVar("_T")


@dataclass(frozen=True)
class _Row:
    """A layer's words without fillers, and the turn of each with its place there."""

    layer: IndexedLayer
    forms: list[str]
    turn: list[int]
    place: list[int]


class MemoryShards:
    """Fulfils `offair.search.Shards` for what a catalogue held when it was opened."""

    damaged: tuple[str, ...] = ()

    def __init__(self, layers: Sequence[IndexedLayer], applied: int) -> None:
        self.applied = applied
        self._rows = [_row(one) for one in layers]

    @property
    def words(self) -> Mapping[LayerKind, int]:
        return {
            kind: sum(len(row.forms) for row in self._rows if row.layer.kind is kind)
            for kind in LayerKind
        }

    def map(self, function: Callable[[Shard], _T]) -> list[_T]:
        return []

    def close(self) -> None:
        return None

    def _in(self, scope: Scope) -> Iterator[_Row]:
        for row in self._rows:
            layer = row.layer
            if scope.kinds is not None and layer.kind not in scope.kinds:
                continue
            if scope.recordings is not None and layer.recording_id not in scope.recordings:
                continue
            if layer.recording_id in scope.without_recordings:
                continue
            day = layer.aired[:10]
            if (scope.first_day or scope.last_day) and not day:
                continue
            if (
                scope.first_day is not None
                and (day + "-12-31"[len(day) - 4 :])[:10] < scope.first_day
            ):
                continue
            if (
                scope.last_day is not None
                and (day + "-01-01"[len(day) - 4 :])[:10] > scope.last_day
            ):
                continue
            yield row

    def find(self, query: Query, ask: Ask) -> Hits:
        raise AssertionError("the referee is never asked for full text")

    def sentences_holding(
        self,
        words: Sequence[Collection[str]],
        weights: Sequence[float],
        scope: Scope,
        *,
        share: float,
        least: int,
        limit: int = 20,
    ) -> Sequence[Hit]:
        found: list[Hit] = []
        for row in self._in(scope):
            layer = row.layer
            for turn in layer.turns:
                for sentence_id, start, end in turn.sentences:
                    forms = {t.form for t in tokens(turn.text[start:end], layer.language)}
                    held = [at for at, of in enumerate(words) if forms & set(of)]
                    score = sum(weights[at] for at in held) / sum(weights)
                    if score >= share and len(held) >= least:
                        found.append(
                            Hit(
                                layer.recording_id, layer.layer_id, turn.turn_id, sentence_id,
                                layer.kind, layer.language, layer.channel, turn.speaker,
                                layer.aired, score,
                            )
                        )  # fmt: skip
        return sorted(found, key=lambda one: -one.score)[:limit]

    def propose(
        self,
        quotations: Sequence[Sequence[str]],
        scope: Scope,
        *,
        limit: int = 8,
        thorough: bool = False,
    ) -> Sequence[Proposal]:
        rows = list(self._in(scope))
        total = sum(len(row.forms) for row in rows)
        counts = Counter(form for row in rows for form in row.forms)
        return [self._proposal(list(words), rows, counts, total, limit) for words in quotations]

    def _proposal(
        self, words: list[str], rows: list[_Row], counts: Counter[str], total: int, limit: int
    ) -> Proposal:
        bits = [math.log2((total + 1) / max(counts[word], 1)) for word in words]
        stretches = [found for row in rows for found in _stretches(words, bits, row)]
        stretches.sort(key=lambda one: (-one.score, not one.aired, one.aired))
        chosen = stretches[:1]
        lacking = set(range(len(words))) - set(chosen[0].matched if chosen else ())
        for one in stretches[1:]:
            if len(chosen) < limit and (lacking & set(one.matched) or len(chosen) < limit // 2):
                chosen.append(one)
                lacking -= set(one.matched)
        return Proposal(
            tuple(chosen), tuple(counts[word] for word in words), total, _longest(words, rows)
        )

    def occurrences(
        self, forms: Sequence[str], scope: Scope, *, limit: int = 100
    ) -> tuple[int, Sequence[Occurrence]]:
        return self.scan(forms, 0, scope, limit=limit)

    def scan(
        self, forms: Sequence[str], edits: int, scope: Scope, *, limit: int = 100
    ) -> tuple[int, Sequence[Occurrence]]:
        found = [
            _occurrence(row, first, last, cost)
            for row in self._in(scope)
            for first, last, cost in _within(list(forms), edits, row.forms)
        ]
        found.sort(key=lambda one: (one.edits, not one.aired, one.aired))
        return len(found), found[:limit]


class MemoryIndex:
    """Fulfils `offair.search.Index` over a catalogue."""

    folder = Path("nowhere")

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def open(self) -> MemoryShards:
        with self._catalogue.snapshot() as tx:
            layers = []
            for recording in tx.recordings(limit=10_000):
                for layer in layers_to_search(tx, recording.id):
                    layers.append(indexed_layer(tx, layer, recording, tx.last_change()))
            return MemoryShards(layers, tx.last_change())

    def writer(self) -> AbstractContextManager[IndexWriter]:
        raise AssertionError("the referee is never written")

    def close(self) -> None:
        return None


def _row(layer: IndexedLayer) -> _Row:
    row = _Row(layer, [], [], [])
    for number, turn in enumerate(layer.turns):
        place = 0
        for _, start, end in turn.sentences:
            for one in tokens(turn.text[start:end], layer.language):
                if one.kind is not TokenKind.FILLER:
                    row.forms.append(one.form)
                    row.turn.append(number)
                    row.place.append(place)
                    place += 1
    return row


def _stretches(words: list[str], bits: list[float], row: _Row) -> list[Stretch]:
    """The best local alignment with a layer, then the best in what is left on both sides."""
    found = []
    todo = [(0, len(row.forms))]
    while todo and len(found) < 12:
        low, high = todo.pop()
        best = _local(words, bits, row.forms[low:high])
        if best is None:
            continue
        score, first, last, matched, p0, p1 = best
        first, last = first + low, last + low
        found.append(_stretch(row, words, score, first, last, matched, (p0, p1)))
        todo += [(low, first), (last, high)]
    return found


def _local(
    words: list[str], bits: list[float], forms: list[str]
) -> tuple[float, int, int, list[int], int, int] | None:
    table = [[0.0] * (len(words) + 1) for _ in range(len(forms) + 1)]
    best = (0.0, 0, 0)
    for i, form in enumerate(forms, 1):
        for j, word in enumerate(words, 1):
            pair = table[i - 1][j - 1] + (bits[j - 1] if form == word else -10.0)
            table[i][j] = max(0.0, pair, table[i - 1][j] - 10.0, table[i][j - 1] - 10.0)
            best = max(best, (table[i][j], i, j))
    score, i, j = best
    if score <= 0:
        return None
    last, p1, matched = i, j, []
    while i and j and table[i][j] > 0:
        same = forms[i - 1] == words[j - 1]
        if table[i][j] == table[i - 1][j - 1] + (bits[j - 1] if same else -10.0):
            if same:
                matched.append(j - 1)
            i, j = i - 1, j - 1
        elif table[i][j] == table[i - 1][j] - 10.0:
            i -= 1
        else:
            j -= 1
    return score, i, last, matched[::-1], j, p1


def _stretch(
    row: _Row,
    words: list[str],
    score: float,
    first: int,
    last: int,
    matched: list[int],
    printed: tuple[int, int],
) -> Stretch:
    layer = row.layer
    margin = len(words) + 12
    low = row.turn[max(0, first - margin)]
    high = row.turn[min(len(row.forms) - 1, last + margin)]
    begins = row.turn.index(low)
    return Stretch(
        layer.recording_id, layer.layer_id, layer.kind, layer.aired,
        tuple(turn.turn_id for turn in layer.turns[low : high + 1]), score, printed,
        tuple(matched), (first - begins, last - begins),
    )  # fmt: skip


def _longest(words: list[str], rows: list[_Row]) -> Fragment:
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            run = words[first : first + length]
            count = sum(
                row.forms[at : at + length] == run
                for row in rows
                for at in range(len(row.forms) - length + 1)
            )
            if count:
                return Fragment(first, first + length, count)
    return Fragment(0, 0, 0)


def _within(words: list[str], edits: int, forms: list[str]) -> list[tuple[int, int, int]]:
    """Places within so many edits, overlapping ones once: the best of each."""
    ends: list[tuple[int, int, int]] = []
    column = [(i, 0) for i in range(len(words) + 1)]
    for at, form in enumerate(forms):
        fresh = [(0, at + 1)]
        for i, word in enumerate(words, 1):
            fresh.append(
                min(
                    (column[i - 1][0] + (form != word), column[i - 1][1] if i > 1 else at),
                    (column[i][0] + 1, column[i][1]),
                    (fresh[i - 1][0] + 1, fresh[i - 1][1]),
                )
            )
        column = fresh
        if column[-1][0] <= edits:
            ends.append((column[-1][1], at + 1, column[-1][0]))
    kept: list[tuple[int, int, int]] = []
    for one in sorted(ends, key=lambda end: (end[2], end[0])):
        if all(one[1] <= other[0] or other[1] <= one[0] for other in kept):
            kept.append(one)
    return sorted(kept)


def _occurrence(row: _Row, first: int, last: int, cost: int) -> Occurrence:
    layer = row.layer
    place = row.place[first]
    return Occurrence(
        layer.recording_id, layer.layer_id, layer.kind, layer.aired,
        layer.turns[row.turn[first]].turn_id, place, place + last - first, cost,
    )  # fmt: skip
