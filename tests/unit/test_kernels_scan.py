"""The exhaustive scan, and the alignment of windows, against the whole table of distances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from offair.kernels.scan import begin_of, patterns_of, scan, scan_blocks, scan_plainly
from offair.kernels.windows import PRICE, SKIP_PRICE, align

few = st.integers(1, 4)
layers = st.lists(st.lists(few, max_size=60), min_size=1, max_size=4)
KEPT = 500


def _column(numbers: list[int]) -> NDArray[np.uint32]:
    """Read-only, as mapped files are: nothing is compiled twice."""
    column = np.array(numbers, np.uint32)
    column.setflags(write=False)
    return column


def _scanned(
    parts: list[list[int]], run: list[int], edits: int, *, blocks: bool
) -> list[tuple[int, int, int]]:
    words = [0]
    firsts = []
    for part in parts:
        firsts.append(len(words))
        words += [*part, 0]
    firsts.append(len(words))
    numbers, bits = patterns_of(np.array(run, np.int64), 9)
    found = np.zeros((edits + 1, KEPT, 2), np.int64)
    counts = np.zeros(edits + 1, np.int64)
    (scan_blocks if blocks else scan)(
        _column(words), _column(firsts), np.arange(len(parts)),
        numbers, bits, len(run), edits, found, counts,
    )  # fmt: skip
    return sorted(
        (int(layer), int(end) - firsts[layer], cost)
        for cost in range(edits + 1)
        for end, layer in found[cost, : counts[cost]]
    )


def _plain(parts: list[list[int]], run: list[int], edits: int) -> list[tuple[int, int, int]]:
    return [
        (layer, end, cost)
        for layer, part in enumerate(parts)
        for end, cost in scan_plainly(part, run, edits)
    ]


@settings(max_examples=80)
@given(layers, st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(0, 5))
def test_the_scan_finds_every_place_and_no_other(
    parts: list[list[int]], run: list[int], edits: int
) -> None:
    edits = min(edits, len(run) - 1)
    expected = _plain(parts, run, edits)
    assert _scanned(parts, run, edits, blocks=False) == expected
    assert _scanned(parts, run, edits, blocks=True) == expected


@pytest.mark.parametrize("length", [63, 64, 65, 128, 200])
@pytest.mark.parametrize("edits", [0, 9])
def test_long_rows_are_scanned_in_blocks(length: int, edits: int) -> None:
    chance = np.random.default_rng(length)
    run = chance.integers(1, 9, length).tolist()
    near = list(run)
    for at in chance.integers(0, length, 4).tolist():
        near[at : at + 1] = chance.integers(1, 9, int(chance.integers(0, 3))).tolist()
    other = chance.integers(1, 9, 150).tolist()
    parts = [other + near + other[:40] + run, run[: length // 2], run + run]
    expected = _plain(parts, run, edits)
    assert len(expected) >= 3
    assert _scanned(parts, run, edits, blocks=True) == expected
    if length <= 64:
        assert _scanned(parts, run, edits, blocks=False) == expected


def _distance(left: list[int], right: list[int]) -> int:
    above = list(range(len(right) + 1))
    for at, one in enumerate(left, start=1):
        here = [at]
        for to, other in enumerate(right, start=1):
            here.append(min(above[to - 1] + (one != other), above[to] + 1, here[to - 1] + 1))
        above = here
    return above[-1]


@settings(max_examples=60)
@given(st.lists(few, min_size=1, max_size=30), st.lists(few, min_size=2, max_size=8))
def test_a_place_begins_where_it_costs_least(part: list[int], run: list[int]) -> None:
    edits = len(run) - 1
    words = _column(part)
    for end, cost in scan_plainly(part, run, edits):
        first = begin_of(words, 0, end, np.array(run, np.int64), edits)
        assert 0 <= first <= end
        assert _distance(part[first:end], run) == cost


def _best_score(text: list[int], asked: list[int], bits: list[float]) -> float:
    """Local alignment by the whole table, a stretch of the text left out as one step."""
    scores = {(0, 0): 0.0}
    best = 0.0
    for row in range(len(text) + 1):
        for column in range(len(asked) + 1):
            options = [0.0]
            if row and column:
                same = text[row - 1] == asked[column - 1] != 0
                options.append(scores[row - 1, column - 1] + (bits[column - 1] if same else -PRICE))
            if row:
                options.append(scores[row - 1, column] - PRICE)
            if column:
                options.append(scores[row, column - 1] - PRICE)
            options += [scores[back, column] - SKIP_PRICE for back in range(row)]
            scores[row, column] = max(options)
            best = max(best, scores[row, column])
    return best


@settings(max_examples=60)
@given(
    st.lists(few, min_size=1, max_size=20),
    st.lists(st.integers(0, 4), min_size=1, max_size=10),
    st.lists(st.floats(0.5, 20), min_size=10, max_size=10),
)
def test_a_window_is_aligned_as_the_whole_table_says(
    text: list[int], asked: list[int], bits: list[float]
) -> None:
    words = _column([0, *text, 0])
    sums = np.append(0.0, np.cumsum(bits[: len(asked)]))
    results, matched = align(
        words, np.array(asked, np.int64), np.array([0, len(asked)]), sums,
        np.array([0]), np.array([1]), np.array([1 + len(text)]),
    )  # fmt: skip
    score, first_word, end_word, first, end = results[0].tolist()
    assert score == pytest.approx(_best_score(text, asked, bits))
    held = np.flatnonzero(matched[0]).tolist()
    assert all(first_word <= at < end_word for at in held)
    assert 1 <= first <= end <= 1 + len(text)
    assert all(asked[at] in text for at in held)
