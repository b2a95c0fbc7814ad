"""The loops of one quotation's search give what the plain way of counting gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from offair.kernels.counting import count_ids, interval, known_ids, live_places, turn_rows
from offair.kernels.windows import choose_stretches

ROW = st.lists(st.integers(1, 4), min_size=1, max_size=40)


def _column(values: Sequence[int], kind: type[np.generic] = np.uint32) -> NDArray[np.generic]:
    """A column as mapped files have it: the loops are compiled for such alone."""
    column = np.array(values, kind)
    column.setflags(write=False)
    return column


@settings(max_examples=80)
@given(ROW, st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_a_run_is_found_wherever_it_stands(row: list[int], run: list[int]) -> None:
    words = [0, *row, 0]
    ends = sorted(range(1, len(words) - 1), key=lambda at: words[at:])
    offsets = [0, *(sum(word < each for word in row) for each in range(1, 8))]
    low, high = interval(_column(words), _column(ends), _column(offsets), np.array(run, np.int64))
    held = [at for at in ends if words[at : at + len(run)] == run]
    assert ends[low:high] == held


@settings(max_examples=40)
@given(st.sets(st.integers(0, 2**64 - 1), max_size=20), st.lists(st.integers(0, 2**64 - 1)))
def test_a_word_has_the_place_of_its_hash(known: set[int], asked: list[int]) -> None:
    column = sorted(known)
    every = [*asked, *column]
    found = known_ids(_column(column, np.uint64), np.array(every, np.uint64)).tolist()
    assert found == [column.index(one) + 1 if one in known else 0 for one in every]


def test_a_word_is_counted_by_where_its_suffixes_begin() -> None:
    offsets = _column([0, 0, 3, 3, 10])
    assert count_ids(offsets, np.array([0, 1, 2, 3], np.int64)).tolist() == [0, 3, 0, 7]


def test_a_run_stands_in_live_layers_alone_and_to_its_end() -> None:
    words, suffixes = _column([0, 1, 2, 1, 2, 0, 1, 2, 0]), _column([1, 3, 6])
    firsts = _column([1, 6, 9])
    run = np.array([1, 2], np.int64)
    for live, expected in (
        ([True, True], [[0, 1], [0, 3], [1, 6]]),
        ([False, True], [[1, 6]]),
        ([False, False], []),
    ):
        found = live_places(words, suffixes, 0, 3, firsts, np.array(live), run)
        assert found.tolist() == expected


def test_the_turn_of_a_word_is_the_last_that_begins_before_it() -> None:
    turns = _column([1, 4, 4, 9])
    assert [turn_rows(turns, at, at)[0] for at in (1, 3, 4, 8)] == [0, 0, 2, 2]
    assert turn_rows(turns, 2, 5) == (0, 2)


@settings(max_examples=60)
@given(st.data(), st.integers(1, 6), st.integers(1, 8), st.integers(0, 5))
def test_stretches_with_words_the_others_lack_are_chosen(
    data: st.DataObject, stretches: int, length: int, most: int
) -> None:
    row = st.lists(st.booleans(), min_size=length, max_size=length)
    matched = np.array(data.draw(st.lists(row, min_size=stretches, max_size=stretches)), np.bool_)
    worth = data.draw(st.lists(st.integers(0, 20), min_size=length, max_size=length))
    bits = np.concatenate([[0.0], np.cumsum(worth)])
    chosen, missing = [0], np.array(worth) * ~matched[0]
    while len(chosen) < most:
        gains = matched @ missing
        best = int(gains.argmax())
        if gains[best] < 8:
            break
        chosen.append(best)
        missing[matched[best]] = 0
    assert choose_stretches(matched, bits, most, 8.0).tolist() == chosen
