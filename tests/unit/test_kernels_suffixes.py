"""Suffix arrays and runs in them, against plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.kernels.counting import interval
from offair.kernels.places import choose_seeds, runs
from offair.kernels.suffixes import DEPTH, sort_suffixes, sort_suffixes_plainly

rows = st.lists(st.integers(0, 4), max_size=120).map(lambda row: [*row, 0])
repeated = st.tuples(rows, st.integers(1, 4)).map(lambda pair: pair[0][:-1] * pair[1] + [0])


@settings(max_examples=80)
@given(rows | repeated, st.sampled_from([4, 70_000, 1 << 22]))
def test_suffixes_stand_in_the_order_of_their_words(row: list[int], greatest: int) -> None:
    words = np.array([word and greatest - 4 + word for word in row], np.uint32)
    suffixes, offsets = sort_suffixes(words, greatest)
    assert suffixes.tolist() == sort_suffixes_plainly(words.tolist())
    for word in {one for one in words.tolist() if one}:
        begins = suffixes[offsets[word] : offsets[word + 1]]
        assert sorted(begins.tolist()) == np.flatnonzero(words == word).tolist()


def test_threads_and_tasks_change_nothing() -> None:
    chance = np.random.default_rng(3)
    words = np.minimum(chance.zipf(1.2, 700_000), 5_000).astype(np.uint32)
    words[::900] = 0
    words[-1] = 0
    one, _ = sort_suffixes(words, 5_000, threads=1)
    three, _ = sort_suffixes(words, 5_000, threads=3)
    assert np.array_equal(one, three)
    pairs = words[one[:-1]].astype(np.int64) * 10_000 + words[one[:-1].astype(np.int64) + 1]
    assert np.all(np.diff(pairs) >= 0)


def test_one_word_said_over_and_over_is_sorted_too() -> None:
    words = np.append(np.ones(100_000, np.uint32), np.uint32(0))
    suffixes, _ = sort_suffixes(words, 1)
    assert suffixes[:DEPTH].tolist() == [*range(99_999, 99_999 - DEPTH + 1, -1), 0]


@pytest.mark.parametrize("row", [[], [1, 2], [1, 9, 0]])
def test_a_row_that_is_none_is_refused(row: list[int]) -> None:
    with pytest.raises(ValueError, match=r"separator|greatest"):
        sort_suffixes(np.array(row, np.uint32), 5)


def _count(row: list[int], run: list[int]) -> int:
    return sum(row[at : at + len(run)] == run for at in range(len(row)))


@settings(max_examples=60)
@given(rows | repeated, st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_every_run_of_a_quotation_is_counted(row: list[int], quotation: list[int]) -> None:
    words = np.array(row, np.uint32)
    suffixes, offsets = sort_suffixes(words, 4)
    offsets = offsets.astype(np.uint32)
    for column in (words, suffixes, offsets):
        column.setflags(write=False)  # as mapped files are: nothing is compiled twice
    asked = np.array(quotation, np.int64)
    lows, highs = np.zeros((2, len(asked), DEPTH), np.int64)
    runs(words, suffixes, offsets, asked, np.array([0, len(asked)]), lows, highs)
    for first in range(len(asked)):
        for length in range(1, DEPTH + 1):
            run = quotation[first : first + length]
            there = len(run) == length and 0 not in run
            expected = _count(row, run) if there else 0
            assert highs[first, length - 1] - lows[first, length - 1] == expected
            if there and expected:
                low, high = interval(words, suffixes, offsets, np.array(run, np.int64))
                assert (low, high) == (lows[first, length - 1], highs[first, length - 1])


def test_a_seed_is_the_shortest_run_that_is_rare_enough() -> None:
    totals = np.zeros((4, DEPTH), np.int64)
    totals[0, :4] = 900, 70, 64, 1
    totals[1, :2] = 900, 800  # stays more frequent, and is a part of what stands before it
    totals[2, :1] = 3
    lengths = choose_seeds(totals, np.array([0, 4]), np.array([64]), 4)
    assert lengths.tolist() == [3, 0, 1, 0]


def test_a_run_that_stays_frequent_is_a_seed_where_it_is_long_or_all_there_is() -> None:
    totals = np.zeros((5, DEPTH), np.int64)
    for at in range(5):
        totals[at, : 5 - at] = 500
    assert choose_seeds(totals, np.array([0, 5]), np.array([64]), 4).tolist() == [5, 0, 0, 0, 0]
    assert choose_seeds(totals[3:], np.array([0, 2]), np.array([64]), 4).tolist() == [2, 0]
    totals[2, 2] = totals[1, 3] = totals[0, 2] = totals[0, 3] = totals[0, 4] = 0
    assert choose_seeds(totals, np.array([0, 5]), np.array([64]), 4).tolist() == [0, 0, 0, 0, 0]
