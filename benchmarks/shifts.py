"""Whether two ways of hearing differ by more than the place where a sound begins.

A recogniser hears a sound otherwise when a few milliseconds of silence stand before it: nothing was
said that is new, and yet on a clip of ten seconds a handful of words changes. On a set of a hundred
words one such word is a point, so errors counted once say little about which of two ways is better.
Here every item is heard several times, each time with more silence before it, and the mean counts.

The best of several ways is partly the luckiest. Chosen by the very errors it is then judged by, it
looks better than it is; chosen for each shift by the errors of the other shifts it cannot have been
lucky there, though it may be another than the truly best. What is true lies between the two.

How far the mean may be off is told by the bootstrap. Drawn are n − 1 of n, which makes up for the
spread of a small sample being too small by just that factor (J. N. K. Rao and C. F. J. Wu,
Resampling inference with complex survey data, 1988).
"""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
STEP_MS = 37
"""Shares no divisor with the 10 ms of Whisper's frames and the 32 ms of Silero's windows, so that
the first ten shifts meet ten places in a frame, the first thirty-two as many in a window."""
_SEED, _DRAWS = 8914, 4000


def offsets_ms(count: int) -> list[int]:
    """How much silence stands before the sound, each time it is heard; none the first time."""
    return [index * STEP_MS for index in range(count)]


def write_shifted(samples: NDArray[np.int16], offset_ms: int, out: Path) -> None:
    """Write a WAV file: silence, then the sound. samples: mono, shape (samples,), 16 000 Hz."""
    silence = np.zeros(offset_ms * RATE_HZ // 1000, dtype="<i2")
    with wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(silence.tobytes() + samples.astype("<i2").tobytes())


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more is wrong in one way than in another, in points of the words said.

    mean: over all shifts. shifts: between what the mean lies in 19 of 20 draws of the shifts, these
    items given. items: the same where items are drawn too; None where there is only one.
    """

    mean: float
    shifts: tuple[float, float]
    items: tuple[float, float] | None

    def verdict(self, most: float) -> str:
        """Whether the mean is at most `most` points, and if not, whether that may be chance."""
        if self.mean <= most:
            return "within"
        return "MISSED" if self.shifts[0] > most else "over, but not beyond chance"


def best_elsewhere(ways: NDArray[np.int64]) -> NDArray[np.int64]:
    """The errors, at each shift, of the way that has the fewest in all other shifts.

    ways: errors, shape (ways, items, shifts), two shifts at least. Returns shape (items, shifts).
    """
    by_shift = ways.sum(axis=1)
    elsewhere = by_shift.sum(axis=1, keepdims=True) - by_shift
    chosen = elsewhere.argmin(axis=0)
    return np.stack([ways[way, :, shift] for shift, way in enumerate(chosen)], axis=1)


def difference(
    ours: NDArray[np.int64], theirs: NDArray[np.int64], words: NDArray[np.int64]
) -> Difference:
    """Compare two ways on the same items and shifts.

    ours, theirs: errors, shape (items, shifts), two shifts at least. words: said in each item,
    shape (items,). Raises `ValueError` for other shapes.
    """
    items, shifts = ours.shape
    if theirs.shape != ours.shape or words.shape != (items,) or shifts < 2:
        raise ValueError(f"errors of shape {ours.shape} and {theirs.shape}, words {words.shape}")
    more = (ours - theirs).astype(np.float64)
    random = np.random.default_rng(_SEED)

    def between(draws: NDArray[np.int64]) -> tuple[float, float]:
        """draws: which items, shape (draws, items drawn)."""
        chosen = random.integers(0, shifts, (*draws.shape, shifts - 1))
        wrong = more[draws[:, :, None], chosen].mean(axis=2).sum(axis=1)
        low, high = np.percentile(
            100 * wrong / np.maximum(1, words[draws].sum(axis=1)), (2.5, 97.5)
        )
        return float(low), float(high)

    every = np.broadcast_to(np.arange(items), (_DRAWS, items))
    drawn = random.integers(0, items, (_DRAWS, items - 1))
    return Difference(
        float(100 * more.mean(axis=1).sum() / max(1, words.sum())),
        between(every),
        between(drawn) if items > 1 else None,
    )
