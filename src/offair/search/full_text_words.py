"""The rows of the sentences that hold certain words, from the quotation index.

A word's places stand together there, so that its sentences are known without going through a list
of postings field by field; where several words have to stand in a sentence, the sentences of the
rarest are read. What is asked otherwise, and what stands in too large a part of all sentences, is
left to tantivy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from offair.kernels.counting import interval
from offair.kernels.sentence_rows import BLOCK_BITS, keep_rows, note_blocks, rows_of_places
from offair.kernels.suffixes import DEPTH
from offair.model.query import And, Not, Or, Phrase, Query, Term
from offair.search.quotation_columns import Columns
from offair.text.word_ids import form_hash

Rows = NDArray[np.int64]

_MOST_PLACES = 400_000
"""More places of a word are not put in order: tantivy's lists of postings are in order already."""
_MOST_READ = 1_000
"""More sentences are not read for a second word: two lists of postings are faster."""


class WordRows:
    """The sentences of a shard by their words; may be shared by threads."""

    def __init__(self, columns: Columns) -> None:
        """columns: of the shard's quotation index."""
        self._columns = columns
        self._blocks: NDArray[np.uint32] | None = None

    def find(self, query: Query) -> Rows | None:
        """The rows of what a tree finds, sorted, each once; superseded layers are not left out.
        None where it asks for more than words and rows of words, or for too many sentences."""
        if isinstance(query, Term | Phrase):
            run = self._run(query.forms)
            return None if self._most(run) > _MOST_PLACES else self._holding(query, run)
        if isinstance(query, Or):
            found = [self.find(part) for part in query.parts]
            known = [one for one in found if one is not None]
            return _each_once(np.concatenate(known)) if len(known) == len(found) else None
        return self._all(query) if isinstance(query, And) else None

    def _all(self, query: And) -> Rows | None:
        """The sentences of the rarest part, without those that lack another."""
        needed: list[tuple[int, Term | Phrase]] = []
        others: list[tuple[Query, bool]] = []
        for part in query.parts:
            if isinstance(part, Term | Phrase):
                needed.append((self._most(self._run(part.forms)), part))
            elif isinstance(part, Not):
                others.append((part.part, False))
            else:
                others.append((part, True))
        if not needed or not all(isinstance(part, Term | Phrase) for part, _ in others):
            return None
        needed.sort(key=lambda one: one[0])
        if needed[0][0] > _MOST_READ:
            return None
        rows = self.find(needed[0][1])
        asked = [(part, True) for _, part in needed[1:]]
        for part, wanted in [*asked, *others]:
            if rows is None or not len(rows):
                break
            if isinstance(part, Term | Phrase):
                rows = self._kept(rows, part, wanted)
        return rows

    def _kept(self, rows: Rows, part: Term | Phrase, wanted: bool) -> Rows:
        run = self._run(part.forms)
        if not len(run):
            return rows[:0] if wanted else rows
        columns = self._columns
        kept = np.empty(len(rows), np.int64)
        inside = isinstance(part, Term)
        end = keep_rows(rows, columns.sentences, columns.words, run, inside, wanted, kept)
        return kept[:end]

    def _run(self, forms: Sequence[str]) -> Rows:
        """The words by their ids; none where one of them stands nowhere."""
        hashes = np.array([form_hash(form) for form in forms], np.uint64)
        known = self._columns.hashes
        at = np.minimum(np.searchsorted(known, hashes), max(0, len(known) - 1))
        if not len(known) or not (known[at] == hashes).all():
            return np.zeros(0, np.int64)
        run: Rows = at.astype(np.int64) + 1
        return run

    def _most(self, run: Rows) -> int:
        """How many places have a run at most: those of its first words."""
        if not len(run):
            return 0
        columns = self._columns
        low, high = interval(columns.words, columns.suffixes, columns.offsets, run)
        return int(high - low)

    def _holding(self, part: Term | Phrase, run: Rows) -> Rows:
        columns = self._columns
        if not len(run):
            return np.zeros(0, np.int64)
        low, high = interval(columns.words, columns.suffixes, columns.offsets, run)
        places = np.sort(columns.suffixes[low:high])
        for step in range(DEPTH, len(run)):
            # A row of words ends with a separator, so a place that agreed so far has a next word.
            places = places[columns.words[places + np.uint32(step)] == run[step]]
        rows = np.empty(len(places), np.int64)
        found = rows_of_places(
            places, len(run), columns.sentences, self._noted(), len(columns.words),
            isinstance(part, Term), rows,
        )  # fmt: skip
        return rows[:found]

    def _noted(self) -> NDArray[np.uint32]:
        """The sentence of each block of words: made when it is first needed."""
        if self._blocks is None:
            blocks = np.zeros((len(self._columns.words) >> BLOCK_BITS) + 1, np.uint32)
            note_blocks(self._columns.sentences, blocks)
            self._blocks = blocks
        return self._blocks


def _each_once(rows: Rows) -> Rows:
    rows = np.sort(rows)
    if not len(rows):
        return rows
    return rows[np.concatenate(([True], rows[1:] != rows[:-1]))]
