"""Talks whose speakers are known: the shared clips of one voice each, cut into turns and mixed.

The list is `stitched_voices.toml`. A clip is cut into turns of 2.5–7 s at its quietest moments; the
turns of several voices alternate, most after a pause of 0.1–0.9 s, one in seven before the other
has ended (0.2–0.8 s at once). What is called speech is where a clip is within 30 dB of its louder
parts, pauses under 0.3 s closed. The same every time.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from english_clips import RATE_HZ, SHARED, decode
from numpy.typing import NDArray

_SEED = 8914
_LONGEST_S = 40.0
_FRAME = 160


@dataclass(frozen=True, slots=True)
class Talk:
    """A sound (mono float32, 16 000 Hz) and who speaks when: (start s, end s, name)."""

    name: str
    samples: NDArray[np.float32]
    speech: tuple[tuple[float, float, str], ...]

    @property
    def voices(self) -> int:
        """How many people speak."""
        return len({name for _, _, name in self.speech})


def talks(kind: str) -> list[Talk]:
    """The talks of a part of the list, `tuning` or `held_out`."""
    listed = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[kind]
    made = []
    for number, chosen in enumerate(listed["talks"]):
        clips = [listed["voices"][index] for index in chosen]
        made.append(_talk(f"{kind} {number + 1}", clips, random.Random(f"{_SEED} {kind} {number}")))
    return made


def _talk(name: str, clips: list[str], dice: random.Random) -> Talk:
    waiting = {clip: list(_turns(clip)) for clip in clips}
    length = sum(len(turn) for turns in waiting.values() for turn in turns) + RATE_HZ * 200
    mixed = np.zeros(length, dtype=np.float32)
    speech: list[tuple[float, float, str]] = []
    end, last = RATE_HZ // 2, ""
    while any(waiting.values()):
        others = [clip for clip, turns in waiting.items() if turns and clip != last]
        last = dice.choice(others or [last])
        turn = waiting[last].pop(0) * np.float32(10 ** (dice.uniform(-3, 3) / 20))
        together = dice.random() < 1 / 7
        gap = -dice.uniform(0.2, 0.8) if together else dice.uniform(0.1, 0.9)
        begins = max(0, end + round(gap * RATE_HZ))
        mixed[begins : begins + len(turn)] += turn
        speech += [
            (begins / RATE_HZ + start, begins / RATE_HZ + stop, Path(last).name)
            for start, stop in _speech(turn)
        ]
        end = max(end, begins + len(turn))
    return Talk(name, np.clip(mixed[: end + RATE_HZ // 2], -1, 1), tuple(sorted(speech)))


@cache
def _turns(clip: str) -> list[NDArray[np.float32]]:
    """A clip in turns, silence at both ends left off, at a loudness alike for all clips."""
    samples = decode(SHARED / clip).astype(np.float32) / 32_768
    loud = np.flatnonzero(_loud(samples))
    samples = samples[loud[0] * _FRAME : (loud[-1] + 1) * _FRAME][: round(_LONGEST_S * RATE_HZ)]
    active = samples[np.repeat(_loud(samples), _FRAME)[: len(samples)]]
    samples = samples * np.float32(0.06 / np.sqrt(np.mean(np.square(active))))
    energy = np.convolve(_energy(samples), np.ones(20) / 20, mode="same")
    turns, at = [], 0
    while len(samples) - at > 5 * RATE_HZ:
        first, last = at + round(2.5 * RATE_HZ), min(at + 7 * RATE_HZ, len(samples) - RATE_HZ * 2)
        cut = (first // _FRAME + int(np.argmin(energy[first // _FRAME : last // _FRAME]))) * _FRAME
        turns.append(samples[at:cut])
        at = cut
    return [*turns, samples[at:]]


def _energy(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    whole = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    return np.asarray(10 * np.log10(np.mean(np.square(whole, dtype=np.float64), axis=1) + 1e-10))


def _loud(samples: NDArray[np.float32]) -> NDArray[np.bool_]:
    energy = _energy(samples)
    return np.asarray(energy > np.percentile(energy, 95) - 30)


def _speech(turn: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Stretches of speech in seconds, pauses under 0.3 s closed."""
    frames = np.flatnonzero(_loud(turn))
    breaks = np.flatnonzero(np.diff(frames) > 30)
    starts = [frames[0], *frames[breaks + 1]]
    ends = [*(frames[breaks] + 1), frames[-1] + 1]
    return [
        (float(a) * _FRAME / RATE_HZ, float(b) * _FRAME / RATE_HZ)
        for a, b in zip(starts, ends, strict=True)
    ]
