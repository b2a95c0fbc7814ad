"""How well the language of each stretch of speech is told, what it costs, and with which window.

`python benchmarks/languages.py [--model base] [--seeds 3] [--windows]`

The shared FLEURS clips of five languages are put one after the other in a shuffled order with
pauses of 0.4–1.5 s, and cut as the desk cuts. A stretch of speech is right where the chunk it lies
in was given the language of its clip. Cost is processor time of the language engine alone, per
second of speech. `--windows` estimates pieces of 3, 5 and 8 s followed by more or less silence:
Whisper was trained on 30 s padded with it, and pays for every second.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import english_clips
import numpy as np
from numpy.typing import NDArray

from offair.engines.activity.chunks import ChunkCutter, LanguageTeller, SoundChunk
from offair.engines.activity.silero import Silero
from offair.engines.languages.whisper import Whisper
from offair.model.time import Span

AUDIO = english_clips.SHARED / "audio"
RATE_HZ = 16_000
FIVE = ("de", "en", "es", "fr", "pt")
OTHERS = {
    "leopard/audio_samples/test_it.wav": "it",
    "leopard/audio_samples/test_ja.wav": "ja",
    "leopard/audio_samples/test_ko.wav": "ko",
    "watson/ar-AR_Broadband_sample1.wav": "ar",
    "watson/dutch_duo_sample_2-mono-BB.wav": "nl",
    "common-voice-ru/ru.wav": "ru",
    "speech-sdk/zhcn_continuous_mode_sample.wav": "zh",
}
"""Clips of one language beside the FLEURS clips."""

Sound = NDArray[np.float32]


@dataclass(slots=True)
class Meter:
    """An estimator that counts what it is asked, and the processor seconds that takes."""

    estimate: Callable[[Sound], Mapping[str, float]]
    calls: int = 0
    cpu_s: float = 0.0
    lengths_s: list[float] = field(default_factory=list)

    def __call__(self, samples: Sound) -> Mapping[str, float]:
        """Ask, and count."""
        began = time.process_time()
        told = self.estimate(samples)
        self.cpu_s += time.process_time() - began
        self.calls += 1
        self.lengths_s.append(len(samples) / RATE_HZ)
        return told


@dataclass(frozen=True, slots=True)
class Stitched:
    """Clips one after the other: the sound, and where each language is spoken."""

    samples: Sound
    spoken: tuple[tuple[Span, str], ...]


def decode(path: Path) -> Sound:
    """A clip as mono float32 at 16 kHz."""
    return english_clips.decode(path).astype(np.float32) / 32768


def five_languages() -> list[tuple[str, str, Sound]]:
    """(name, language, sound) of the FLEURS clips."""
    paths = sorted((AUDIO / "fleurs").glob("fleurs-*.ogg"))
    return [(path.stem, path.stem.split("-")[1], decode(path)) for path in paths]


def stitch(clips: Sequence[tuple[str, str, Sound]], seed: int) -> Stitched:
    """Shuffle the clips and join them with pauses of 0.4–1.5 s."""
    chance = random.Random(seed)
    shuffled = chance.sample(list(clips), len(clips))
    pieces: list[Sound] = []
    spoken: list[tuple[Span, str]] = []
    at = 0
    for _, language, sound in shuffled:
        pause = np.zeros(round(chance.uniform(0.4, 1.5) * RATE_HZ), dtype=np.float32)
        pieces += [sound, pause]
        spoken.append((Span(at * 1000 // RATE_HZ, (at + len(sound)) * 1000 // RATE_HZ), language))
        at += len(sound) + len(pause)
    return Stitched(np.concatenate(pieces), tuple(spoken))


def cut(sound: Sound, activity: Silero, teller: LanguageTeller | None) -> list[SoundChunk]:
    """Cut a whole sound, fed a second at a time."""
    cutter = ChunkCutter(activity, languages=teller)
    chunks: list[SoundChunk] = []
    for at in range(0, len(sound), RATE_HZ):
        chunks += cutter.feed(at * 1000 // RATE_HZ, sound[at : at + RATE_HZ])
    return chunks + cutter.finish()


def judge(
    chunks: Sequence[SoundChunk], stitched: Stitched
) -> tuple[int, list[tuple[Span, str, str | None]]]:
    """How many stretches of speech there are, and those told wrong: (stretch, true, told)."""
    count, wrong = 0, []
    for chunk in chunks:
        for stretch in chunk.planned.speech:
            middle = (stretch.start + stretch.end) // 2
            true = next((tag for span, tag in stitched.spoken if middle < span.end), None)
            if true is None:
                continue
            count += 1
            if chunk.planned.language != true:
                wrong.append((stretch, true, chunk.planned.language))
    return count, wrong


def stitched_table(engine: Whisper, seeds: int) -> None:
    """Right stretches with several priors."""
    activity = Silero()
    clips = five_languages()
    priors: dict[str, tuple[str, ...]] = {
        "any": (), "the five": FIVE, "without es": tuple(one for one in FIVE if one != "es"),
        "without de": tuple(one for one in FIVE if one != "de"),
    }  # fmt: skip
    print("| order | prior | stretches | right | chunks | estimates | CPU s per s of speech |")
    print("|---|---|---|---|---|---|---|")
    for seed in range(seeds):
        stitched = stitch(clips, seed)
        for name, allowed in priors.items():
            meter = Meter(engine.estimate)
            chunks = cut(stitched.samples, activity, LanguageTeller(meter, allowed))
            count, wrong = judge(chunks, stitched)
            speech = sum(one.length for chunk in chunks for one in chunk.planned.speech) / 1000
            heard = sum(1 for chunk in chunks if chunk.planned.speech)
            print(
                f"| {seed} | {name} | {count} | {count - len(wrong)} | {heard} | {meter.calls} |"
                f" {meter.cpu_s / speech:.4f} |",
                flush=True,
            )
            for span, true, told in wrong:
                print(f"  {span.start}..{span.end} ms is {true}, told {told}")


def files_table(engine: Whisper) -> None:
    """What is told of whole files of one language."""
    activity = Silero()
    print("\n| file | language | told (seconds of speech) |")
    print("|---|---|---|")
    for name, language in OTHERS.items():
        told: dict[str | None, float] = {}
        for chunk in cut(decode(AUDIO / name), activity, LanguageTeller(engine.estimate)):
            for stretch in chunk.planned.speech:
                tag = chunk.planned.language
                told[tag] = told.get(tag, 0.0) + stretch.length / 1000
        said = ", ".join(f"{tag} {length:.1f}" for tag, length in told.items())
        print(f"| {name} | {language} | {said} |", flush=True)


def windows_table(model: str) -> None:
    """Right pieces and cost by how much silence follows the piece."""
    pieces = [
        (language, seconds, sound[at : at + seconds * RATE_HZ])
        for language, sound in [
            *((language, sound) for _, language, sound in five_languages()),
            *(
                (language, decode(AUDIO / name)[: 90 * RATE_HZ])
                for name, language in OTHERS.items()
            ),
        ]
        for seconds in (3, 5, 8)
        for at in range(0, min(len(sound), 3 * seconds * RATE_HZ), seconds * RATE_HZ)
        if at + seconds * RATE_HZ <= len(sound)
    ]
    engines = {
        "alone": Whisper(model, margin_ms=0),
        "and 0.5 s": Whisper(model, margin_ms=500),
        "and 3 s": Whisper(model, margin_ms=3_000),
        "and 22 s": Whisper(model, margin_ms=22_000),
    }
    print("\n| window | right of 3 s | of 5 s | of 8 s | CPU s per s of speech |")
    print("|---|---|---|---|---|")
    for name, engine in engines.items():
        right: dict[int, list[bool]] = {3: [], 5: [], 8: []}
        began = time.process_time()
        for language, seconds, sound in pieces:
            told = engine.estimate(sound)
            right[seconds].append(next(iter(told)) == language)
        cpu = (time.process_time() - began) / sum(seconds for _, seconds, _ in pieces)
        cells = " | ".join(f"{sum(one)}/{len(one)}" for one in right.values())
        print(f"| {name} | {cells} | {cpu:.4f} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default="base")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--windows", action="store_true", help="also compare window lengths")
    given = parser.parse_args()
    engine = Whisper(given.model)
    print(f"engine: {engine.engine.name} {engine.engine.model} {dict(engine.engine.settings)}")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    stitched_table(engine, given.seeds)
    files_table(engine)
    if given.windows:
        windows_table(given.model)


if __name__ == "__main__":
    main()
