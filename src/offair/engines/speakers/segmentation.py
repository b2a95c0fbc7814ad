"""Decodes what a segmentation network says of windows of sound: up to three voices in each.

The network (pyannote segmentation-3.0, https://huggingface.co/pyannote/segmentation-3.0) looks at
10 s and gives, every 270 samples, the log probabilities of seven classes: nobody, each of three
voices, each pair of them ("powerset" encoding, Plaquet and Bredin, Interspeech 2023). Which voice
is which differs from window to window; `clustering` finds the same person again.

Windows overlap by half and each answers for its middle, where the network knows what comes before
and after: every moment of the sound has one window that answers for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

WINDOW_SAMPLES = 160_000
STEP_SAMPLES = 270
"""From one frame to the next, 16.875 ms."""
FRAME_SAMPLES = 991
"""What a frame sees; its middle stands for it."""
FRAMES = 589
"""Frames of a window."""
VOICES = 3
"""Voices of a window."""
_SETS = [(), *combinations(range(VOICES), 1), *combinations(range(VOICES), 2)]
CLASSES = len(_SETS)
GRID_SAMPLES = 4_320
"""Windows begin at multiples of this: a whole number of frames here and of 10 ms."""
HOP_SAMPLES = 18 * GRID_SAMPLES
"""From one window to the next, 4.86 s. Tried at 3.24 s, `benchmarks/speakers.py` showed the same
counts for a fifth more processor time."""
_MEMBERS = np.array([[voice in one for voice in range(VOICES)] for one in _SETS], dtype=np.float32)
_MIDDLE_END = (FRAMES + HOP_SAMPLES // STEP_SAMPLES) // 2
_ON = 0.5
_PAUSE_FRAMES = 14
_BEYOND_FRAMES = 29
_LONGEST_FRAMES = 178


@dataclass(frozen=True, slots=True)
class Window:
    """A window of sound, `WINDOW_SAMPLES` long from sample `start`, silence after `length`.

    answers: the frames, counted from the window's beginning, that it answers for.
    """

    start: int
    samples: NDArray[np.float32]
    length: int
    answers: tuple[int, int]

    @property
    def first_frame(self) -> int:
        """Number of its first frame, counted from the beginning of the sound."""
        return self.start // STEP_SAMPLES


@dataclass(frozen=True, slots=True)
class Stretch:
    """At most 3 s in which one voice of a window speaks; frames counted from the window's start.

    voice: which of the window's voices; run: which of that voice's runs without a break. frames:
    what is heard of it, up to half a second of it beyond what the window answers for. answers: the
    part it answers for. alone: for each of `frames`, whether nobody else speaks.
    """

    voice: int
    run: int
    frames: tuple[int, int]
    answers: tuple[int, int]
    alone: NDArray[np.bool_]


def windows(blocks: Iterable[NDArray[np.float32]]) -> Iterator[Window]:
    """Cut a sound into overlapping windows, holding two windows of it at a time.

    The last ends with the sound: it begins on the grid, less than `GRID_SAMPLES` of silence is
    added; a sound shorter than a window is one window. Samples that are no number count as
    silence, samples beyond ±1 as ±1.
    """
    held, start = np.zeros(0, dtype=np.float32), 0
    following, answered = 0, 0
    waiting: Window | None = None
    for block in _pieces(blocks):
        held = np.concatenate([held, block])
        while start + len(held) >= following + WINDOW_SAMPLES:
            if waiting is not None:
                yield waiting
                answered = waiting.first_frame + waiting.answers[1]
            cut = held[following - start :][:WINDOW_SAMPLES]
            first = following // STEP_SAMPLES
            answers = (answered - first, _MIDDLE_END)
            waiting = Window(following, cut, WINDOW_SAMPLES, answers)
            # The last window begins where this one does or later, wherever the sound ends.
            held, start = held[following - start :], following
            following += HOP_SAMPLES
    end = start + len(held)
    if waiting is not None and end > waiting.start + WINDOW_SAMPLES:
        yield waiting
        answered = waiting.first_frame + waiting.answers[1]
        waiting = None
    if waiting is not None:
        first = waiting.answers[0]
        yield Window(waiting.start, waiting.samples, WINDOW_SAMPLES, (first, FRAMES))
    elif end:
        yield _last(held, start, answered)


def _last(held: NDArray[np.float32], start: int, answered: int) -> Window:
    begins = max(0, -(-(start + len(held) - WINDOW_SAMPLES) // GRID_SAMPLES) * GRID_SAMPLES)
    samples = np.zeros(WINDOW_SAMPLES, dtype=np.float32)
    cut = held[begins - start :]
    samples[: len(cut)] = cut
    return Window(begins, samples, len(cut), (answered - begins // STEP_SAMPLES, FRAMES))


def _pieces(blocks: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    for block in blocks:
        for at in range(0, len(block), WINDOW_SAMPLES):
            piece = np.asarray(block[at : at + WINDOW_SAMPLES], dtype=np.float32)
            yield np.clip(np.nan_to_num(piece, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)


def active(log_probabilities: NDArray[np.float32], length: int) -> NDArray[np.bool_]:
    """Which voices of a window speak, shape (frames, voices).

    log_probabilities: shape (frames, classes). length: samples of the window that are no added
    silence; nobody speaks after them.
    """
    likely = np.exp(log_probabilities - log_probabilities.max(axis=1, keepdims=True))
    speaking = np.asarray((likely / likely.sum(axis=1, keepdims=True)) @ _MEMBERS > _ON)
    speaking[max(0, -(-(length - FRAME_SAMPLES // 2) // STEP_SAMPLES)) :] = False
    return speaking


def stretches(speaking: NDArray[np.bool_], answers: tuple[int, int]) -> list[Stretch]:
    """The stretches of a window, voice by voice, each by start.

    speaking: as `active` gives it. A voice's pauses of up to a quarter of a second in which nobody
    speaks do not end a run; a run is cut evenly into stretches of at most 3 s, so that a change of
    speaker which the network missed shows itself by the sound of the voice.
    """
    count = speaking.sum(axis=1)
    nobody = [
        (start, end)
        for start, end in runs(count == 0)
        if start > 0 and end < len(count) and end - start <= _PAUSE_FRAMES
    ]
    found = []
    for voice in range(speaking.shape[1]):
        closed = speaking[:, voice].copy()
        for start, end in nobody:
            if closed[start - 1] and closed[end]:
                closed[start:end] = True
        for run, (start, end) in enumerate(runs(closed)):
            if end <= answers[0] or start >= answers[1]:
                continue
            first = max(start, answers[0] - _BEYOND_FRAMES)
            last = min(end, answers[1] + _BEYOND_FRAMES)
            parts = max(1, -(-(last - first) // _LONGEST_FRAMES))
            cuts = [first + (last - first) * part // parts for part in range(parts + 1)]
            for begin, stop in pairwise(cuts):
                own = (max(begin, answers[0]), min(stop, answers[1]))
                if own[0] < own[1]:
                    alone = count[begin:stop] <= 1
                    found.append(Stretch(voice, run, (begin, stop), own, alone))
    return found


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open ranges in which a mask is true, by start."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def edge_sample(frame: int) -> int:
    """The sample at which a frame begins to stand for the sound, halfway to the one before it."""
    return frame * STEP_SAMPLES + (FRAME_SAMPLES - STEP_SAMPLES) // 2
