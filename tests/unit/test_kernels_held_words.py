"""Sentences that hold words, by notes and places, beside the same told by reading all of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from offair.kernels.held_words import BLOCK_BITS, best_sentences, keep_places, note_word

WORDS = 6
_SENTENCE = st.lists(st.integers(1, WORDS), max_size=30)
_LAYERS = st.lists(st.lists(_SENTENCE, min_size=1, max_size=20), min_size=1, max_size=3)


def columns(layers: list[list[list[int]]]) -> tuple[NDArray[np.uint32], list[int], list[int]]:
    """The words with a separator around each layer; where sentences, and where layers begin."""
    words, starts, firsts = [0], [], []
    for layer in layers:
        firsts.append(len(words))
        for sentence in layer:
            starts.append(len(words))
            words += sentence
        words.append(0)
    return np.array(words, np.uint32), starts, [*firsts, len(words)]


@settings(max_examples=60)
@given(
    _LAYERS,
    st.lists(st.sampled_from([1.0, 2.0, 4.0]), min_size=WORDS, max_size=WORDS),
    st.floats(0.3, 1.0),
    st.integers(1, 3),
    st.integers(1, 4),
    st.randoms(use_true_random=False),
)
def test_the_best_sentences_are_those_found_by_reading(
    layers: list[list[list[int]]],
    weights: list[float],
    share: float,
    least: int,
    limit: int,
    chance: object,
) -> None:
    words, starts, firsts = columns(layers)
    live = [chance.random() < 0.7 for _ in layers]  # type: ignore[attr-defined]
    wanted = share * sum(weights)
    want = []
    row = 0
    for layer, is_live in zip(layers, live, strict=True):
        for sentence in layer:
            held = set(sentence)
            weight = sum(weights[one - 1] for one in held)
            if held and is_live and weight >= wanted and len(held) >= least:
                want.append((-weight, row))
            row += 1
    every = np.array([at for at, word in enumerate(words.tolist()) if word], np.uint32)
    rows, worth = np.zeros(limit, np.int64), np.zeros(limit, np.float64)
    ids = np.arange(1, WORDS + 1)
    count = best_sentences(
        words, every, ids, ids - 1, np.array(weights), wanted, least, np.array(starts, np.uint32),
        np.array(firsts, np.uint32), np.array(live), rows, worth,
    )  # fmt: skip
    found = list(zip((-worth[:count]).tolist(), rows[:count].tolist(), strict=True))
    assert found == sorted(want)[:limit]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 400), max_size=12), st.lists(st.integers(0, 400), max_size=12))
def test_a_place_is_kept_where_so_much_is_noted_near_it(one: list[int], other: list[int]) -> None:
    suffixes = np.array([*one, *other], np.uint32)
    noted = np.zeros((400 >> BLOCK_BITS) + 1, np.uint16)
    note_word(suffixes, 0, len(one), np.uint16(1), noted)
    note_word(suffixes, len(one), len(suffixes), np.uint16(1 << 9), noted)
    light = np.array([float(number & 1) for number in range(256)])
    heavy = np.array([2.0 * (number >> 1 & 1) for number in range(256)])
    places = np.array(one, np.uint32)
    kept = keep_places(places, len(places), noted, light, heavy, 3.0)
    blocks = {at >> BLOCK_BITS for at in other}
    want = [at for at in one if blocks & {(at >> BLOCK_BITS) + step for step in (-1, 0, 1)}]
    assert places[:kept].tolist() == want


def test_places_beyond_the_archive_are_passed_over() -> None:
    noted = np.zeros(2, np.uint16)
    note_word(np.array([500, 3], np.uint32), 0, 2, np.uint16(1), noted)
    assert noted.tolist() == [1, 0]
    places = np.array([500, 3], np.uint32)
    table = np.arange(256, dtype=np.float64)
    assert keep_places(places, 2, noted, table, table, 1.0) == 1
    assert places[0] == 3
