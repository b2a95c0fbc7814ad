"""The sentences of words, beside the same told by reading every sentence."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from offair.kernels.sentence_rows import (
    BLOCK_BITS,
    count_rows,
    keep_rows,
    note_blocks,
    rows_of_places,
)

_LAYERS = st.lists(
    st.lists(st.lists(st.integers(1, 3), max_size=40), min_size=1, max_size=14),
    min_size=1,
    max_size=3,
)
"""Layers of sentences of words, some without a word."""


def columns(
    layers: list[list[list[int]]],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], list[tuple[int, int]]]:
    """The words with a separator around each layer, where the sentences begin, and their words."""
    words, starts, ranges = [0], [], []
    for layer in layers:
        for sentence in layer:
            starts.append(len(words))
            words += sentence
            ranges.append((starts[-1], len(words)))
        words.append(0)
    return np.array(words, np.uint32), np.array(starts, np.uint32), ranges


@settings(max_examples=60)
@given(_LAYERS, st.lists(st.integers(1, 3), min_size=1, max_size=3), st.booleans())
def test_sentences_of_a_run_are_those_found_by_reading(
    layers: list[list[list[int]]], asked: list[int], inside: bool
) -> None:
    words, starts, ranges = columns(layers)
    run = np.array(asked, np.int64)
    every = words.tolist()
    places = [at for at in range(len(every)) if every[at : at + len(run)] == asked]
    want = [
        row
        for row, (first, end) in enumerate(ranges)
        if any(first <= at < end and (not inside or at + len(run) <= end) for at in places)
    ]
    blocks = np.zeros((len(words) >> BLOCK_BITS) + 1, np.uint32)
    note_blocks(starts, blocks)
    rows = np.zeros(len(places), np.int64)
    found = rows_of_places(
        np.array(places, np.uint32), len(run), starts, blocks, len(words), inside, rows
    )
    assert rows[:found].tolist() == want
    for wanted in (True, False):
        all_rows, kept = np.arange(len(ranges)), np.zeros(len(ranges), np.int64)
        end = keep_rows(all_rows, starts, words, run, inside, wanted, kept)
        assert kept[:end].tolist() == [row for row in range(len(ranges)) if (row in want) is wanted]


def test_speakers_and_layers_are_counted() -> None:
    speakers, layers = np.zeros(2, np.int64), np.zeros(4, np.int64)
    spoken, firsts = np.array([0, 1, 0, 0, 7], np.uint32), np.array([0, 2, 2, 3], np.int64)
    count_rows(np.array([0, 1, 3, 4, 9]), spoken, firsts, speakers, layers)
    # A number of no speaker, and a sentence beyond the last, as damaged files have them.
    assert speakers.tolist() == [2, 1]
    assert layers.tolist() == [2, 0, 0, 3]
