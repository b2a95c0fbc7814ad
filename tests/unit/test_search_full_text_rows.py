"""Rows of a shard in its full text: found by segment, and only where they stand as written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import tantivy

from offair.search.full_text_rows import Rows


def opened(folder: Path, segments: Sequence[Sequence[int]]) -> Rows:
    """An index whose segments hold these rows; a row's `twice` is twice its number."""
    build = tantivy.SchemaBuilder()
    for name in ("row", "twice"):
        build.add_unsigned_field(name, indexed=True, fast=True)
    index = tantivy.Index(build.build(), path=str(folder))
    for rows in segments:
        writer = index.writer(num_threads=1)
        for row in rows:
            document = tantivy.Document()
            document.add_unsigned("row", row)
            document.add_unsigned("twice", 2 * row)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    index.reload()
    return Rows(index, index.searcher())


@pytest.mark.parametrize("cut", [1, 4, 9])
def test_rows_are_found_in_every_segment(tmp_path: Path, cut: int) -> None:
    rows = opened(tmp_path, [range(cut), range(cut, 10)])
    assert rows.in_order
    wanted = [0, 3, 4, 8, 9, 3]
    assert rows.column("twice", rows.addresses(wanted)) == [2 * one for one in wanted]


@pytest.mark.parametrize(
    "segments", [[], [[1, 2]], [[0, 2], [1, 3]], [[0, 1, 5], [2, 3]], [[0, 1], [3, 4]]]
)
def test_rows_that_stand_otherwise_are_not_taken_for_granted(
    tmp_path: Path, segments: Sequence[Sequence[int]]
) -> None:
    assert not opened(tmp_path, segments).in_order
