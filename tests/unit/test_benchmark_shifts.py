"""How the listening benchmark tells a difference from chance."""

from __future__ import annotations

import importlib.util
import sys
import wave
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "shifts.py"


def load() -> ModuleType:
    """The benchmark's module; benchmarks are no package."""
    spec = importlib.util.spec_from_file_location("benchmark_shifts", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


shifts = load()


def test_the_first_hearing_is_of_the_sound_as_it_is_and_each_meets_another_place() -> None:
    offsets = shifts.offsets_ms(32)
    assert offsets[0] == 0
    assert len({one % 10 for one in offsets[:10]}) == 10
    assert len({one % 32 for one in offsets}) == 32


def test_silence_is_put_before_the_sound_and_nothing_else_changes(tmp_path: Path) -> None:
    samples = np.array([1, -32_768, 32_767, 5], dtype=np.int16)
    out = tmp_path / "moved.wav"
    shifts.write_shifted(samples, 37, out)
    with wave.open(str(out)) as file:
        assert (file.getframerate(), file.getnchannels()) == (16_000, 1)
        heard = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    assert heard.tolist() == [0] * 592 + samples.tolist()


def test_one_error_more_each_time_is_a_difference_without_chance() -> None:
    theirs = np.array([[2, 4, 3], [0, 1, 0]])
    found = shifts.difference(theirs + 1, theirs, np.array([50, 50]))
    assert found.mean == pytest.approx(2)
    assert found.shifts == (pytest.approx(2), pytest.approx(2))
    assert found.items == (pytest.approx(2), pytest.approx(2))
    assert found.verdict(0.3) == "MISSED"
    assert found.verdict(2.0) == "within"


def test_errors_that_come_and_go_are_not_told_from_chance() -> None:
    ours, theirs = np.array([[6, 0, 5, 1]]), np.array([[0, 5, 1, 4]])
    found = shifts.difference(ours, theirs, np.array([100]))
    assert found.mean == pytest.approx(0.5)
    assert found.shifts[0] < 0 < found.shifts[1]
    assert found.items is None
    assert found.verdict(0.3) == "over, but not beyond chance"


def test_the_spread_is_that_of_the_mean() -> None:
    random = np.random.default_rng(1)
    more = random.integers(-3, 4, (12, 6))
    found = shifts.difference(more + 10, np.full((12, 6), 10), np.full(12, 100))
    expected = np.sqrt((more.var(axis=1, ddof=1) / 6).sum()) / 12
    assert (found.shifts[1] - found.shifts[0]) / 3.92 == pytest.approx(expected, rel=0.1)
    assert found.items is not None
    assert found.items[1] - found.items[0] > found.shifts[1] - found.shifts[0]


@settings(max_examples=25)
@given(st.integers(1, 5), st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_changing_sides_changes_the_sign(items: int, times: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    ours, theirs = random.integers(0, 9, (2, items, times))
    words = random.integers(1, 60, items)
    there, back = shifts.difference(ours, theirs, words), shifts.difference(theirs, ours, words)
    assert there.mean == pytest.approx(-back.mean)
    assert there.shifts == pytest.approx((-back.shifts[1], -back.shifts[0]))
    assert there.shifts[0] - 1e-9 <= there.shifts[1]


def test_the_best_way_is_chosen_by_the_other_shifts() -> None:
    lucky_at_first = [[0, 9, 9]]
    steady = [[4, 4, 3]]
    chosen = shifts.best_elsewhere(np.array([lucky_at_first, steady]))
    assert chosen.tolist() == steady
    alike = shifts.best_elsewhere(np.array([[[0, 4]], [[3, 2]]]))
    assert alike.tolist() == [[3, 4]]


def test_one_hearing_tells_nothing_of_chance() -> None:
    with pytest.raises(ValueError, match="shape"):
        shifts.difference(np.array([[1], [2]]), np.array([[1], [1]]), np.array([9, 9]))
