"""Windows cover a sound once however it is divided; classes become voices, voices stretches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from offair.engines.speakers.segmentation import (
    CLASSES,
    FRAMES,
    GRID_SAMPLES,
    HOP_SAMPLES,
    STEP_SAMPLES,
    VOICES,
    WINDOW_SAMPLES,
    Window,
    active,
    edge_sample,
    runs,
    stretches,
    windows,
)


def cut(sound: NDArray[np.float32], sizes: list[int]) -> list[Window]:
    """The windows of a sound that comes in pieces of these sizes, over and over."""
    pieces, at, turn = [], 0, 0
    while at < len(sound):
        pieces.append(sound[at : at + sizes[turn % len(sizes)]])
        at, turn = at + sizes[turn % len(sizes)], turn + 1
    return list(windows(pieces))


def ramp(samples: int) -> NDArray[np.float32]:
    """Samples that differ, so that a window shows where it was cut."""
    return np.linspace(-1, 1, samples, dtype=np.float32) if samples else np.zeros(0, np.float32)


LENGTHS = st.one_of(
    st.integers(0, 600_000),
    st.sampled_from([0, 1, WINDOW_SAMPLES, WINDOW_SAMPLES + HOP_SAMPLES, WINDOW_SAMPLES + 1]),
)


@settings(deadline=None, max_examples=60)
@given(
    LENGTHS,
    st.lists(st.integers(0, 300_000), min_size=1, max_size=4).filter(lambda s: max(s) > 9_000),
)
def test_windows_do_not_depend_on_the_division(samples: int, sizes: list[int]) -> None:
    sound = ramp(samples)
    whole, pieces = cut(sound, [max(1, samples)]), cut(sound, sizes)
    assert len(whole) == len(pieces)
    for one, other in zip(whole, pieces, strict=True):
        assert (one.start, one.length, one.answers) == (other.start, other.length, other.answers)
        np.testing.assert_array_equal(one.samples, other.samples)


@settings(deadline=None, max_examples=60)
@given(LENGTHS)
def test_every_frame_has_one_window_that_answers_for_it(samples: int) -> None:
    sound = ramp(samples)
    found = cut(sound, [max(1, samples)])
    assert (not found) == (samples == 0)
    following = 0
    for number, one in enumerate(found):
        assert one.start % GRID_SAMPLES == 0
        assert one.samples.shape == (WINDOW_SAMPLES,)
        np.testing.assert_array_equal(
            one.samples[: one.length], sound[one.start : one.start + one.length]
        )
        assert not one.samples[one.length :].any()
        assert (one.length == WINDOW_SAMPLES) or number == len(found) - 1
        assert one.first_frame + one.answers[0] == following
        assert 0 <= one.answers[0] < one.answers[1] <= FRAMES
        following = one.first_frame + one.answers[1]
    if found:
        assert found[-1].start + found[-1].length == samples
        assert following * STEP_SAMPLES >= samples - 991


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_silence(bad: float) -> None:
    (one,) = cut(np.array([0.5, bad, 3.0, -3.0], dtype=np.float32), [4])
    assert one.samples[:5].tolist() == [0.5, 0.0, 1.0, -1.0, 0.0]


def test_classes_are_sets_of_voices() -> None:
    wanted = [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2)]
    scores = np.full((FRAMES, CLASSES), -20.0, dtype=np.float32)
    for frame in range(CLASSES):
        scores[frame, frame] = 0.0
    speaking = active(scores, WINDOW_SAMPLES)
    assert speaking.shape == (FRAMES, VOICES)
    assert [tuple(np.flatnonzero(row)) for row in speaking[:CLASSES]] == wanted


def test_a_voice_split_over_classes_is_heard() -> None:
    scores = np.full((FRAMES, CLASSES), -20.0, dtype=np.float32)
    scores[:, [0, 1, 4]] = np.log([0.4, 0.3, 0.3])
    speaking = active(scores, WINDOW_SAMPLES)
    assert speaking[:, 0].all()
    assert not speaking[:, 1:].any()


def test_nobody_speaks_in_added_silence_nor_in_numbers_that_are_none() -> None:
    scores = np.full((FRAMES, CLASSES), -20.0, dtype=np.float32)
    scores[:, 1] = 0.0
    assert runs(active(scores, 16_000)[:, 0]) == [(0, 58)]
    assert not active(np.full((FRAMES, CLASSES), np.nan, dtype=np.float32), WINDOW_SAMPLES).any()


def said(*turns: tuple[int, int, int]) -> NDArray[np.bool_]:
    """(voice, first frame, end frame)."""
    speaking = np.zeros((FRAMES, VOICES), dtype=bool)
    for voice, first, end in turns:
        speaking[first:end, voice] = True
    return speaking


def test_pauses_within_a_voice_are_closed_unless_somebody_speaks_in_them() -> None:
    alone = stretches(said((0, 10, 50), (0, 60, 100)), (0, FRAMES))
    assert [(one.voice, one.frames) for one in alone] == [(0, (10, 100))]
    other = stretches(said((0, 10, 50), (1, 52, 58), (0, 60, 100)), (0, FRAMES))
    assert [(one.voice, one.frames) for one in other] == [
        (0, (10, 50)), (0, (60, 100)), (1, (52, 58)),
    ]  # fmt: skip
    long = stretches(said((0, 10, 50), (0, 80, 100)), (0, FRAMES))
    assert [one.run for one in long] == [0, 1]


def test_a_stretch_knows_where_its_voice_is_alone() -> None:
    first, second = stretches(said((0, 0, 60), (2, 40, 90)), (0, FRAMES))
    assert first.alone.tolist() == [True] * 40 + [False] * 20
    assert second.alone.tolist() == [False] * 20 + [True] * 30


SPOKEN = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, FRAMES - 1), st.integers(1, FRAMES)), max_size=6
)


@given(SPOKEN, st.integers(0, FRAMES - 1), st.integers(1, FRAMES))
def test_stretches_answer_for_all_that_is_said(
    turns: list[tuple[int, int, int]], first: int, length: int
) -> None:
    answers = (first, min(FRAMES, first + length))
    speaking = said(*turns)
    heard = np.zeros_like(speaking)
    for one in stretches(speaking, answers):
        begin, end = one.answers
        assert answers[0] <= begin < end <= answers[1]
        assert one.frames[0] <= begin < end <= one.frames[1]
        assert one.frames[1] - one.frames[0] <= 178
        assert len(one.alone) == one.frames[1] - one.frames[0]
        assert not heard[begin:end, one.voice].any()
        heard[begin:end, one.voice] = True
    inside = np.zeros(FRAMES, dtype=bool)
    inside[answers[0] : answers[1]] = True
    assert not (speaking & inside[:, None] & ~heard).any()
    assert not heard[~inside].any()


def test_edges_lie_between_the_middles_of_frames() -> None:
    assert edge_sample(0) == 495 - 135
    assert edge_sample(1) - edge_sample(0) == STEP_SAMPLES
