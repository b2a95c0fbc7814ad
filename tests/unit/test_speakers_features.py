"""Log mel energies against their definition, frame by frame and in double precision."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from offair.engines.speakers.features import BANDS, frame_count, log_mel


def defined(frame: NDArray[np.float64]) -> list[float]:
    """One frame by Kaldi's definition, written out."""
    frame = frame - frame.mean()
    emphasised = [frame[0] - 0.97 * frame[0]]
    emphasised += [frame[i] - 0.97 * frame[i - 1] for i in range(1, 400)]
    window = [(0.5 - 0.5 * np.cos(2 * np.pi * i / 399)) ** 0.85 for i in range(400)]
    power = np.abs(np.fft.fft(np.array(emphasised) * window, 512)) ** 2

    def mel(hertz: float) -> float:
        return float(1127 * np.log(1 + hertz / 700))

    low, high = mel(20), mel(8000)
    width = (high - low) / 81
    bands = []
    for band in range(80):
        left, middle, right = (low + (band + step) * width for step in range(3))
        total = 0.0
        for line in range(256):
            at = mel(line * 16_000 / 512)
            if left < at < right:
                slope = (at - left) / width if at <= middle else (right - at) / width
                total += slope * power[line]
        bands.append(float(np.log(max(total, np.finfo(np.float32).eps))))
    return bands


def noise(samples: int, seed: int = 1) -> NDArray[np.float32]:
    return (0.1 * np.random.default_rng(seed).standard_normal(samples)).astype(np.float32)


def test_frames_are_as_defined() -> None:
    sound = noise(1_200) + np.float32(0.2)
    energies = log_mel(sound)
    assert energies.shape == (6, BANDS)
    for frame in range(6):
        wanted = defined(sound[160 * frame : 160 * frame + 400].astype(np.float64))
        np.testing.assert_allclose(energies[frame], wanted, atol=2e-3)


def test_silence_is_the_floor() -> None:
    energies = log_mel(np.zeros(16_000, dtype=np.float32))
    np.testing.assert_allclose(energies, np.log(np.finfo(np.float32).eps), rtol=1e-6)


@given(st.integers(0, 5_000))
def test_as_many_frames_as_fit(samples: int) -> None:
    count = frame_count(samples)
    assert len(log_mel(noise(samples))) == count
    assert count == len(range(0, samples - 399, 160))


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 2_000))
def test_a_frame_knows_only_its_own_samples(skipped: int, more: int) -> None:
    sound = noise(9_000 + more)
    part = log_mel(sound[160 * skipped :])
    np.testing.assert_allclose(part, log_mel(sound)[skipped:], atol=1e-4)


@pytest.mark.parametrize("gain", [0.25, 2.0])
def test_loudness_moves_every_band_alike(gain: float) -> None:
    louder = log_mel(noise(8_000) * np.float32(gain)) - log_mel(noise(8_000))
    np.testing.assert_allclose(louder, 2 * np.log(gain), atol=1e-3)
