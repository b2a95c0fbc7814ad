"""Gathers a streamed sound for the engines that cannot hear it piece by piece."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


def whole_sound(blocks: Iterable[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The blocks as one row, 230 MB for an hour. Samples that are no number are silence, samples
    beyond ±1 are ±1."""
    pieces = [np.asarray(block, dtype=np.float32) for block in blocks]
    sound = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)
    return np.clip(np.nan_to_num(sound, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
