"""The quotation index of one shard: written once, then read through mapped files."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from offair.kernels.counting import (
    count_ids,
    count_layers,
    count_places,
    find_run,
    interval,
    known_ids,
    live_places,
    turn_rows,
)
from offair.kernels.places import touch
from offair.kernels.scan import begin_of, patterns_of, scan, scan_blocks
from offair.kernels.suffixes import DEPTH
from offair.model.transcript import LayerKind
from offair.search import UNDATED, Occurrence, Scope
from offair.search.quotation_columns import KINDS, Columns, cut_out, read_columns, write_columns

if TYPE_CHECKING:
    from offair.search.shard import TokenisedLayer
    from offair.text.word_ids import WordTable

KIND_OF: Mapping[bytes, LayerKind] = {kind.value.encode(): kind for kind in KINDS}
"""The kind of layer that a column's word means."""

_VIEWS_KEPT = 8
_LOOKED_UP = 200_000
"""A run with more places is counted by reading the words instead: as fast, and in their order."""
_FEW = 4_096
"""The places of a run with no more are read one by one, whatever the number of layers."""

_ONE_BLOCK = 64

_READ_AHEAD = 1_000_000
"""Shards with more words are read once in the background when they are opened: a first query that
waits for the disk takes seconds."""


def write_quotation_index(
    folder: Path, layers: Iterable[TokenisedLayer], table: WordTable
) -> Mapping[str, int]:
    """Write a quotation index into a folder; gives the counts of its columns and `bytes`.

    Sentences are numbered in the order they come, from 0. Raises `BadInput` for too many words.
    """
    return write_columns(folder, layers, table)


class Place(NamedTuple):
    """A place in a shard: half-open positions of words in it, and the edits."""

    layer: int
    first: int
    end: int
    edits: int = 0


@dataclass(slots=True)
class View:
    """A shard as a scope sees it. live: bool (layers,), those that count. words: live ones."""

    columns: Columns
    live: NDArray[np.bool_]
    everything: bool
    words: int
    alone: QuotationShard | None = None
    """The live layers as a shard of their own, once they were cut out."""

    _parts: list[tuple[int, int, NDArray[np.uint32] | None]] | None = field(default=None)

    def counts(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """How often each word stands in live layers, exactly. ids: 0 counts nothing."""
        if self.everything:
            found: NDArray[np.int64] = count_ids(self.columns.offsets, ids)
            return found
        if self._parts is None:
            self._parts = self._counted()
        row_length = len(self.columns.hashes) + 1
        total = np.zeros(len(ids), np.int64)
        for row, sign, dense in self._parts:
            if row >= 0:
                total += self.columns.kind_counts[row * row_length + ids]
            if dense is not None:
                total += sign * dense[ids].astype(np.int64)
        total[ids == 0] = 0
        return total

    def _counted(self) -> list[tuple[int, int, NDArray[np.uint32] | None]]:
        """What the counts are summed from: (row of the table or -1, sign, counts by id)."""
        columns = self.columns
        lengths = np.diff(columns.layer_firsts.astype(np.int64)) - 1
        parts: list[tuple[int, int, NDArray[np.uint32] | None]] = []
        for row, kind in enumerate(columns.kinds()):
            of_kind = columns.layers["kind"] == KINDS[kind].value.encode()
            inside, outside = of_kind & self.live, of_kind & ~self.live
            words_in, words_out = int(lengths[inside].sum()), int(lengths[outside].sum())
            if words_in == 0:
                continue
            # Whichever is less to read: what is in, or what must be taken off the whole kind.
            read, sign = (outside, -1) if words_out <= words_in else (inside, 1)
            dense = None
            if words_out:
                dense = np.zeros(len(columns.hashes) + 1, np.uint32)
                count_layers(columns.words, columns.layer_firsts, read, dense)
            parts.append((row if sign < 0 else -1, sign, dense))
        return parts

    def in_order(self) -> NDArray[np.int64]:
        """The live layers by airing date, those without one last."""
        layers = np.flatnonzero(self.live)
        aired = self.columns.layers["aired"][layers]
        by_date = np.lexsort((layers, aired, aired == b""))
        return layers[by_date].astype(np.int64)


class QuotationShard:
    """One shard's quotation index, for reading; safe in threads."""

    def __init__(self, folder: Path, *, live: NDArray[np.bool_] | None = None) -> None:
        """Map the files. live: bool (layers,), False for superseded versions; by default all count.

        Raises `Corrupt` where a file is missing or not as long as it must be.
        """
        self._take(read_columns(folder), live)
        if self.words > _READ_AHEAD:
            threading.Thread(target=self.warm, name=f"read {folder.name}", daemon=True).start()

    @classmethod
    def of(cls, columns: Columns, live: NDArray[np.bool_] | None = None) -> QuotationShard:
        """A shard of columns in memory."""
        shard = cls.__new__(cls)
        shard._take(columns, live)
        return shard

    def _take(self, columns: Columns, live: NDArray[np.bool_] | None) -> None:
        self.columns = columns
        self._live = np.ones(len(columns.layers), np.bool_) if live is None else live
        self._views: OrderedDict[object, View] = OrderedDict()
        self._lock = threading.Lock()
        firsts = columns.layer_firsts.astype(np.int64)
        self._lengths = firsts[1:] - firsts[:-1] - 1

    def only(self, live: NDArray[np.bool_]) -> QuotationShard:
        """The same files with other layers live."""
        return QuotationShard.of(self.columns, live)

    def warm(self) -> None:
        """Read the files once, so that no query waits for the disk; for a thread of its own."""
        for column in (self.columns.hashes, self.columns.offsets, self.columns.layer_firsts):
            touch(column)
        touch(self.columns.suffixes)
        touch(self.columns.words)

    @property
    def layer_ids(self) -> NDArray[np.int64]:
        """The layer of each row of the table of layers."""
        return np.ascontiguousarray(self.columns.layers["layer_id"])

    @property
    def changes(self) -> NDArray[np.int64]:
        """The change that each of these layers stands at."""
        return np.ascontiguousarray(self.columns.layers["change"])

    @property
    def words(self) -> int:
        """Words in it, superseded ones too."""
        return self.columns.spoken

    @property
    def days(self) -> tuple[str, str]:
        """First and last airing date in it, `UNDATED` both where none is known."""
        aired = sorted(one.decode() for one in self.columns.layers["aired"] if one)
        return (aired[0], aired[-1]) if aired else (UNDATED, UNDATED)

    def live_words(self) -> dict[LayerKind, int]:
        """Live words by kind of layer."""
        kinds = self.columns.layers["kind"]
        return {
            kind: int(self._lengths[self._live & (kinds == kind.value.encode())].sum())
            for kind in KINDS
        }

    def ids(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The ids of forms by their hashes, 0 for a word that does not occur."""
        ids: NDArray[np.int64] = known_ids(self.columns.hashes, hashes)
        return ids

    def view(self, scope: Scope) -> View:
        """The shard as the scope sees it; those asked last are kept."""
        key = (
            None if scope.kinds is None else frozenset(scope.kinds),
            None if scope.recordings is None else frozenset(scope.recordings),
            scope.first_day,
            scope.last_day,
            frozenset(scope.without_recordings),
        )
        with self._lock:
            view = self._views.pop(key, None)
            if view is None:
                live = self._in_scope(scope)
                everything = bool(live.all())
                view = View(self.columns, live, everything, int(self._lengths[live].sum()))
            self._views[key] = view
            while len(self._views) > _VIEWS_KEPT:
                self._views.popitem(last=False)
            return view

    def _in_scope(self, scope: Scope) -> NDArray[np.bool_]:
        layers = self.columns.layers
        live = self._live.copy()
        if scope.kinds is not None:
            live &= np.isin(layers["kind"], [kind.value.encode() for kind in scope.kinds])
        if scope.recordings is not None:
            live &= _among(layers["recording_id"], scope.recordings)
        if scope.without_recordings:
            live &= ~_among(layers["recording_id"], scope.without_recordings)
        if scope.first_day is not None:
            live &= layers["last_day"] >= int(scope.first_day.replace("-", ""))
        if scope.last_day is not None:
            last = int(scope.last_day.replace("-", ""))
            live &= (layers["first_day"] <= last) & (layers["first_day"] > 0)
        return live

    def cut_out(self, view: View) -> QuotationShard:
        """The live layers of a view as a shard of its own, in memory; kept with the view."""
        if view.alone is None:
            view.alone = QuotationShard.of(cut_out(self.columns, view.live))
        return view.alone

    def count(self, run: NDArray[np.int64], view: View) -> int:
        """How often a row of known words stands in live layers, exactly."""
        columns = self.columns
        low, high = interval(columns.words, columns.suffixes, columns.offsets, run)
        if view.everything and len(run) <= DEPTH:
            return int(high - low)
        if len(run) == 1:
            return int(view.counts(run)[0])
        if high - low <= _FEW:
            return len(self._standing(run, view, low, high))
        if high - low > _LOOKED_UP:
            return sum(count for _, count, _ in self._read(run, view, 0))
        return int(self._by_layer(run, view, low, high).sum())

    def _by_layer(
        self, run: NDArray[np.int64], view: View, low: int, high: int
    ) -> NDArray[np.int64]:
        columns = self.columns
        counts = np.zeros(len(columns.layers), np.int64)
        count_places(
            columns.words, columns.suffixes, low, high, columns.layer_firsts, view.live, run, counts
        )
        return counts

    def _read(
        self,
        run: NDArray[np.int64],
        view: View,
        limit: int,
        layers: NDArray[np.int64] | None = None,
    ) -> Iterable[tuple[int, int, list[int]]]:
        """Read live layers by date for a run: (layer, how often, first places), where it stands."""
        columns = self.columns
        places = np.empty(limit, np.int64)
        for layer in (view.in_order() if layers is None else layers).tolist():
            first = int(columns.layer_firsts[layer])
            end = int(columns.layer_firsts[layer + 1]) - 1
            count = find_run(columns.words, first, end, run, places)
            if count:
                yield layer, count, places[: min(count, limit)].tolist()

    def stands(self, run: NDArray[np.int64], view: View, limit: int) -> tuple[int, list[Place]]:
        """How often a row of known words stands, and its first places; each as asked alone."""
        columns = self.columns
        low, high = interval(columns.words, columns.suffixes, columns.offsets, run)
        if high - low > _FEW:
            count = self.count(run, view)
            return count, self.places(run, view, limit) if count else []
        standing = self._standing(run, view, low, high)
        return len(standing), self._dated(standing, len(run), limit)

    def _dated(self, standing: list[tuple[int, int]], length: int, limit: int) -> list[Place]:
        """Of places (layer, where) the first by airing date."""
        if limit <= 0 or not standing:
            return []
        aired = self.columns.layers["aired"]
        dated = [(aired[layer], layer, at) for layer, at in standing]
        dated.sort(key=lambda one: (not one[0], *one))
        return [Place(layer, at, at + length) for _, layer, at in dated[:limit]]

    def places(self, run: NDArray[np.int64], view: View, limit: int) -> list[Place]:
        """The first places of a row of known words by airing date."""
        columns = self.columns
        low, high = interval(columns.words, columns.suffixes, columns.offsets, run)
        if limit <= 0 or high <= low:
            return []
        if high - low <= _FEW:
            return self._dated(self._standing(run, view, low, high), len(run), limit)
        layers = view.in_order()
        if high - low <= _LOOKED_UP:
            layers = layers[self._by_layer(run, view, low, high)[layers] > 0]
        found: list[Place] = []
        for layer, _, places in self._read(run, view, limit, layers):
            found.extend(Place(layer, place, place + len(run)) for place in places)
            if len(found) >= limit:
                break
        return found[:limit]

    def _standing(
        self, run: NDArray[np.int64], view: View, low: int, high: int
    ) -> list[tuple[int, int]]:
        """(layer, where) a run stands in live layers, by its interval, in no order."""
        columns = self.columns
        found = live_places(
            columns.words, columns.suffixes, low, high, columns.layer_firsts, view.live, run
        )
        return [(layer, at) for layer, at in found.tolist()]

    def sentence_rows(self, forms: Sequence[int], *, crossing: bool = False) -> NDArray[np.int64]:
        """The rows of the sentences in which a row of words begins, sorted, each once.

        forms: `form_hash` of each word. Superseded layers are not left out. crossing: only those
        in which it stands nowhere as a whole, but goes on in the next.
        """
        run = self.ids(np.array(forms, np.uint64))
        columns = self.columns
        if not len(run) or not run.all():
            return np.zeros(0, np.int64)
        low, high = interval(columns.words, columns.suffixes, columns.offsets, run)
        # A column is searched in its own type: any other makes a copy of all of it.
        places = np.sort(columns.suffixes[low:high])
        for step in range(DEPTH, len(run)):
            # A row of words ends with a separator, so a place that agreed so far has a next word.
            places = places[columns.words[places + np.uint32(step)] == run[step]]
        rows = np.searchsorted(columns.sentences, places, side="right") - 1
        if not crossing:
            return np.unique(rows)
        # The last sentence ends with the words, so nothing goes on behind it.
        following = columns.sentences[np.minimum(rows + 1, len(columns.sentences) - 1)]
        beyond = (following > places) & (places + np.uint32(len(run)) > following)
        across: NDArray[np.int64] = np.unique(rows[beyond])
        whole = rows[~beyond]
        if not len(across) or not len(whole):
            return across
        at = np.minimum(np.searchsorted(whole, across), len(whole) - 1)
        crossed: NDArray[np.int64] = across[whole[at] != across]
        return crossed

    def scan(
        self, run: NDArray[np.int64], edits: int, view: View, limit: int
    ) -> tuple[int, list[Place]]:
        """Every place of live layers within so many edits of a row of words: count, and the best.

        run: i64, 0 where a word is unknown, at most 1,024; more words than edits. The best have
        the fewest edits, and of those come the first by airing date.
        """
        columns = self.columns
        numbers, bits = patterns_of(run, len(columns.hashes))
        found = np.zeros((edits + 1, max(limit, 0), 2), np.int64)
        counts = np.zeros(edits + 1, np.int64)
        read = scan if len(run) <= _ONE_BLOCK else scan_blocks
        read(
            columns.words, columns.layer_firsts, view.in_order(), numbers, bits,
            len(run), edits, found, counts,
        )  # fmt: skip
        places: list[Place] = []
        for cost in range(edits + 1):
            for end, layer in found[cost, : min(int(counts[cost]), limit)].tolist():
                if len(places) < limit:
                    low = int(columns.layer_firsts[layer])
                    first = int(begin_of(columns.words, low, end, run, edits))
                    places.append(Place(layer, first, end, cost))
        return int(counts.sum()), places

    def occurrence(self, place: Place) -> Occurrence:
        """A place as everybody else knows it: turn and words in it."""
        columns = self.columns
        layer_id, recording_id, _, first_turn_id, *_, kind, aired = columns.layers[
            place.layer
        ].item()
        turn = self.turn_of(place.first)
        begins = int(columns.turns[turn])
        return Occurrence(
            recording_id=recording_id,
            layer_id=layer_id,
            kind=KIND_OF[kind],
            aired=aired.decode(),
            turn_id=first_turn_id + int(columns.turn_ids[turn]),
            word_start=place.first - begins,
            word_end=place.end - begins,
            edits=place.edits,
        )

    def turn_of(self, position: int) -> int:
        """The row of the turn that holds the word at a position."""
        return self.turns_of(position, position)[0]

    def turns_of(self, first: int, last: int) -> tuple[int, int]:
        """The rows of the turns that hold the words at two positions."""
        rows: tuple[int, int] = turn_rows(self.columns.turns, first, last)
        return rows


def _among(column: NDArray[np.int64], values: Collection[int]) -> NDArray[np.bool_]:
    return np.isin(column, np.fromiter(values, np.int64, len(values)))
