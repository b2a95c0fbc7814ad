"""Every activity engine of the table keeps what its Protocol promises."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from offair.engines.activity import ENGINES, SAMPLE_RATE_HZ, WINDOW_MS, ActivityEngine
from offair.engines.activity.chunks import ChunkCutter

WINDOW = WINDOW_MS * SAMPLE_RATE_HZ // 1000


@pytest.fixture(scope="module", params=sorted(ENGINES))
def made(request: pytest.FixtureRequest) -> ActivityEngine:
    """Each engine of the table, made once."""
    module, _, name = ENGINES[request.param].partition(":")
    engine: ActivityEngine = getattr(importlib.import_module(module), name)()
    return engine


def murmur(seconds: float) -> NDArray[np.float32]:
    """A sound with voiced and silent stretches, the same every time."""
    time = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    buzz = sum(np.sin(2 * np.pi * 120 * n * time) / n for n in range(1, 25))
    beat = (np.sin(2 * np.pi * 3.1 * time) > 0) * (np.sin(2 * np.pi * 0.31 * time) > -0.2)
    noise = np.random.default_rng(8914).standard_normal(len(time))
    return (0.1 * buzz * beat + 0.003 * noise).astype(np.float32)


def probabilities(
    engine: ActivityEngine, sound: NDArray[np.float32], sizes: list[int]
) -> list[tuple[int, float]]:
    """Heard in pieces of these sizes, over and over."""
    listener = engine.listener()
    heard, at, turn = [], 0, 0
    while at < len(sound):
        size = sizes[turn % len(sizes)]
        heard += listener.feed(sound[at : at + size])
        at, turn = at + size, turn + 1
    return heard + listener.flush()


def test_it_says_who_it_is(made: ActivityEngine) -> None:
    assert made.engine.name in ENGINES
    assert made.engine.model
    assert made.engine.revision
    assert made.engine == type(made)().engine


def test_one_probability_for_each_window_begun(made: ActivityEngine) -> None:
    sound = murmur(3.21)
    heard = probabilities(made, sound, [7_000])
    assert [start for start, _ in heard] == list(range(0, 3_210, WINDOW_MS))
    assert all(0.0 <= probability <= 1.0 for _, probability in heard)
    assert len(heard) == -(-len(sound) // WINDOW)


SIZES = st.lists(st.integers(1, 30_000), min_size=1, max_size=4).filter(lambda s: sum(s) > 500)


@settings(max_examples=25, deadline=None)
@given(sizes=SIZES)
def test_how_the_sound_is_divided_changes_nothing(made: ActivityEngine, sizes: list[int]) -> None:
    sound = murmur(4.0)
    whole = probabilities(made, sound, [len(sound)])
    pieces = probabilities(made, sound, sizes)
    assert [start for start, _ in pieces] == [start for start, _ in whole]
    np.testing.assert_allclose([p for _, p in pieces], [p for _, p in whole], atol=2e-5)


def test_listeners_do_not_disturb_each_other(made: ActivityEngine) -> None:
    sound = murmur(3.0)
    alone = probabilities(made, sound, [WINDOW])
    first, second = made.listener(), made.listener()
    together = []
    for at in range(0, len(sound), WINDOW):
        together += first.feed(sound[at : at + WINDOW])
        second.feed(-sound[at : at + WINDOW] * 0.5)
    together += first.flush()
    np.testing.assert_allclose([p for _, p in together], [p for _, p in alone], atol=2e-5)


def test_silence_is_no_speech(made: ActivityEngine) -> None:
    heard = probabilities(made, np.zeros(10 * SAMPLE_RATE_HZ, dtype=np.float32), [50_000])
    assert max(probability for _, probability in heard) < 0.3


def test_nothing_fed_gives_nothing(made: ActivityEngine) -> None:
    listener = made.listener()
    assert listener.feed(np.zeros(0, dtype=np.float32)) == []
    assert listener.flush() == []
    with pytest.raises(ValueError, match="listener"):
        listener.feed(np.zeros(1, dtype=np.float32))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_impossible_samples_do_not_stay(made: ActivityEngine, bad: float) -> None:
    listener = made.listener()
    heard = listener.feed(np.full(10 * WINDOW, bad, dtype=np.float32))
    heard += listener.feed(np.zeros(200 * WINDOW, dtype=np.float32))
    assert all(0.0 <= probability <= 1.0 for _, probability in heard)
    assert heard[-1][1] < 0.3


def test_the_cutter_decides_alike_however_it_is_fed(made: ActivityEngine) -> None:
    sound = murmur(50.0)
    plans = []
    for size in (1_600, 16_000, 33_008, len(sound)):
        cutter = ChunkCutter(made)
        chunks = []
        for at in range(0, len(sound), size):
            chunks += cutter.feed(at // 16, sound[at : at + size])
        plans.append([chunk.planned for chunk in chunks + cutter.finish()])
    assert plans[0]
    assert all(plan == plans[0] for plan in plans)
