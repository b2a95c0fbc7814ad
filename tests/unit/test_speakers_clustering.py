"""Stretches of like direction are one person, whatever their order, number and length."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.engines.speakers import clustering
from offair.engines.speakers.clustering import Heard, label

AXES = np.eye(12, dtype=np.float32)


def stretch(
    person: int, frames: int = 250, *, at: int = 0, voice: int = 0, noise: int = 0
) -> Heard:
    """Something a person says: their axis, a little off."""
    off = 0.05 * np.random.default_rng(noise).standard_normal(12).astype(np.float32)
    return Heard(AXES[person] + off, frames, at, voice, 0)


def partition(labels: list[int]) -> list[list[int]]:
    """Which stretches are together, whatever the numbers."""
    return sorted([i for i, one in enumerate(labels) if one == name] for name in set(labels))


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
def test_each_person_is_one_label(people: list[int]) -> None:
    heard = [stretch(one, at=at, noise=at) for at, one in enumerate(people)]
    assert partition(label(heard, threshold=0.5, speakers=None)) == partition(people)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=120), st.integers(2, 15))
def test_parts_of_a_long_recording_are_joined(people: list[int], at_once: int) -> None:
    heard = [stretch(one, at=at, noise=at) for at, one in enumerate(people)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "MOST_AT_ONCE", at_once)
        assert partition(label(heard, threshold=0.5, speakers=None)) == partition(people)


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(1, 8))
def test_a_given_number_is_had_where_there_are_as_many(people: list[int], wanted: int) -> None:
    heard = [stretch(one, at=at, noise=at) for at, one in enumerate(people)]
    labels = label(heard, threshold=0.5, speakers=wanted)
    assert len(set(labels)) == min(wanted, len(people))


def test_a_given_number_leaves_strays_to_others() -> None:
    heard = [stretch(one, at=at, noise=at) for at, one in enumerate([0, 1, 0, 1])]
    stray = [stretch(7, 60, at=9)]
    assert partition(label(heard + stray, threshold=0.5, speakers=2))[:2] != [[0, 1, 2, 3]]
    assert len(set(label(heard + stray, threshold=0.5, speakers=2)[:4])) == 2


def test_a_short_stretch_joins_the_nearest() -> None:
    heard = [stretch(0, at=0), stretch(1, at=1), stretch(1, 20, at=2, noise=5)]
    assert partition(label(heard, threshold=0.5, speakers=None)) == [[0], [1, 2]]


def test_somebody_heard_for_less_than_a_second_in_all_is_no_person() -> None:
    heard = [stretch(0, at=0), stretch(0, at=1), Heard(AXES[0] + 0.9 * AXES[4], 90, 2, 0, 0)]
    assert label(heard, threshold=0.3, speakers=None) == [0, 0, 0]


def test_without_an_embedding_the_voice_of_the_window_decides() -> None:
    heard = [
        stretch(0, at=0, voice=0), stretch(1, at=0, voice=1), Heard(None, 0, 0, 0, 3),
        Heard(None, 0, 0, 1, 4),
    ]  # fmt: skip
    assert partition(label(heard, threshold=0.5, speakers=None)) == [[0, 2], [1, 3]]


def test_what_has_no_voice_known_is_its_neighbour() -> None:
    heard = [
        Heard(None, 0, 0, 0, 0), stretch(0, at=1), Heard(None, 0, 2, 0, 0), stretch(1, at=3),
        Heard(None, 0, 4, 0, 0),
    ]  # fmt: skip
    assert partition(label(heard, threshold=0.5, speakers=None)) == [[0, 1, 2], [3, 4]]


@pytest.mark.parametrize("bad", [None, np.zeros(12), np.full(12, np.nan), np.full(12, np.inf)])
def test_nothing_known_of_anybody_is_one_person(bad: np.ndarray | None) -> None:
    heard = [Heard(bad, 50, at, 0, 0) for at in range(3)]
    assert label(heard, threshold=0.5, speakers=None) == [0, 0, 0]
    assert label([], threshold=0.5, speakers=None) == []


def test_many_who_hardly_repeat_themselves_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "MOST_AT_ONCE", 4)
    random = np.random.default_rng(3)
    heard = [Heard(random.standard_normal(64), 200, at, 0, 0) for at in range(50)]
    assert len(set(label(heard, threshold=0.05, speakers=None))) == 50


def test_groups_are_joined_by_the_mean_over_all_pairs() -> None:
    # A chain of five, each 0.9 like the next: the nearest pairs are alike, the two ends are not.
    turns = [0.0, 0.45, 0.9, 1.35, 1.8]
    units = np.array([[np.cos(turn), np.sin(turn)] for turn in turns], dtype=np.float32)
    heard = [Heard(one, 200, at, 0, 0) for at, one in enumerate(units)]
    means = {
        pair: np.mean([units[i] @ units[j] for i in (0, 1) for j in pair])
        for pair in ((2, 3), (3, 4))
    }
    assert means[(2, 3)] == pytest.approx(0.61, abs=0.02)
    assert partition(label(heard, threshold=0.5, speakers=None)) == [[0, 1], [2, 3, 4]]
    assert partition(label(heard, threshold=0.08, speakers=None)) == [[0], [1], [2], [3], [4]]
    assert partition(label(heard, threshold=0.9, speakers=None)) == [[0, 1, 2, 3, 4]]
