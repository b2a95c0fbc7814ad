"""Log mel energies of a sound, as Kaldi's `compute-fbank-feats` makes them without dither.

The embedding networks of speaker recognition were trained on them: 25 ms frames every 10 ms,
mean removed, pre-emphasis 0.97, Povey window, 80 triangular bands from 20 Hz to 8 kHz on the mel
scale (Kaldi, `feat/feature-fbank.cc`, `feat/mel-computations.cc`). Samples stay on the scale
−1…1, as CAM++ was trained, and not on that of 16-bit integers, as Kaldi reads files.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
FRAME_SAMPLES = 400
HOP_SAMPLES = 160
BANDS = 80
_FFT = 512
_EMPHASIS = np.float32(0.97)
_LOW_HZ = 20.0
_FLOOR = np.float32(np.finfo(np.float32).eps)


def _window() -> NDArray[np.float32]:
    """Povey's window: a Hann window to the power 0.85, which is zero at both ends."""
    turn = 2 * np.pi * np.arange(FRAME_SAMPLES) / (FRAME_SAMPLES - 1)
    return ((0.5 - 0.5 * np.cos(turn)) ** 0.85).astype(np.float32)


def _mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log(1.0 + np.asarray(hertz, dtype=np.float64) / 700.0))


def _bands() -> NDArray[np.float32]:
    """Weights, shape (bins, bands): triangles in mel, the last bin of the transform left out."""
    low, high = _mel(_LOW_HZ), _mel(SAMPLE_RATE_HZ / 2)
    step = (high - low) / (BANDS + 1)
    left = low + np.arange(BANDS) * step
    at = _mel(np.arange(_FFT // 2 + 1) * SAMPLE_RATE_HZ / _FFT)[:, None]
    rising, falling = (at - left) / step, (left + 2 * step - at) / step
    weights = np.maximum(0.0, np.minimum(rising, falling))
    weights[-1] = 0.0
    return weights.astype(np.float32)


_WINDOW = _window()
_WEIGHTS = _bands()


def frame_count(samples: int) -> int:
    """How many whole frames so many samples have."""
    return max(0, 1 + (samples - FRAME_SAMPLES) // HOP_SAMPLES)


def frame_from(sample: int) -> int:
    """The first frame whose middle is not before a sample."""
    return max(0, -(-(sample - FRAME_SAMPLES // 2) // HOP_SAMPLES))


def log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log mel energies, shape (frames, 80), of mono float32 samples (−1…1, 16 000 Hz).

    Frame i covers samples 160 i … 160 i + 400; what is left at the end has no frame.
    """
    count = frame_count(len(samples))
    if not count:
        return np.zeros((0, BANDS), dtype=np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME_SAMPLES)[::HOP_SAMPLES][:count]
    centred = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([centred[:, :1], centred[:, :-1]], axis=1)
    spectrum = np.fft.rfft((centred - _EMPHASIS * before) * _WINDOW, _FFT, axis=1)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    energies = power.astype(np.float32, copy=False) @ _WEIGHTS
    return np.asarray(np.log(np.maximum(energies, _FLOOR)), dtype=np.float32)
