"""Where the rows of a shard stand in its full text, for hits that are known by their rows already.

tantivy numbers documents by segment. A segment holds the rows it was given, in order, so that the
first row of each tells where all others stand; whether that is so is looked up, not taken for
granted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tantivy


class Rows:
    """The fast fields of documents, by row."""

    def __init__(self, index: tantivy.Index, searcher: tantivy.Searcher) -> None:
        """index, searcher: of the shard. Raises what tantivy raises over damaged files."""
        self._searcher = searcher
        beginnings = sorted(
            (self.column("row", [tantivy.DocAddress(segment, 0)])[0], segment)
            for segment in range(searcher.num_segments)
        )
        firsts = [first for first, _ in beginnings]
        self._firsts = np.array(firsts, np.int64)
        self._segments = [segment for _, segment in beginnings]
        self.in_order = firsts[:1] == [0] and all(
            _stands(index, searcher, end - 1, segment, end - 1 - first)
            for (first, segment), end in zip(
                beginnings, [*firsts[1:], searcher.num_docs], strict=True
            )
        )

    def addresses(self, rows: Sequence[int]) -> list[tantivy.DocAddress]:
        """Where these rows stand, in the same order, where the shard is `in_order`. rows: below
        the number of documents."""
        given = np.asarray(rows, np.int64)
        places = np.searchsorted(self._firsts, given, side="right") - 1
        inside = given - self._firsts[places]
        return [
            tantivy.DocAddress(self._segments[place], document)
            for place, document in zip(places.tolist(), inside.tolist(), strict=True)
        ]

    def column(self, name: str, addresses: Sequence[tantivy.DocAddress]) -> list[int]:
        """What a fast field says at these addresses."""
        values: list[Any] = self._searcher.fast_field_values(name, list(addresses))
        return [int(one) for one in values]


def _stands(
    index: tantivy.Index, searcher: tantivy.Searcher, row: int, segment: int, document: int
) -> bool:
    """Whether a row is this document of this segment."""
    hits = searcher.search(tantivy.Query.term_query(index.schema, "row", row), 1).hits
    return [(one.segment_ord, one.doc) for _, one in hits] == [(segment, document)]
