"""Words invented where nobody speaks: an hour of synthesised sound, heard by the whole pipeline.

`python benchmarks/inventions.py [--models tiny.en,base] [--minutes 60] [--bare-minutes 60]`

The sounds of `wordless.py` have equal shares of the time. Each is taken in and processed in a
scratch desk as `offair work` would; counted are the words of the layer, those that a flag covers,
and those that none does: these are the figure, and it should be 0. Beside it the bare engine with
the same model hears the same sound: as it is, and with its own `vad_filter` (beam 5, not
conditioned on previous text). It flags nothing. `--bare-minutes` shortens what the bare engine
hears, from the beginning of each sound; its figures are by the hour.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wordless
from desk_runs import machine
from faster_whisper import WhisperModel
from platformdirs import user_cache_path

from offair.config import Settings, with_section
from offair.engines.whisper_models import find_model
from offair.evaluation.hear import HeardItem, hear, scratch_desk
from offair.evaluation.material import Item, Kind


@dataclass(frozen=True, slots=True)
class Counted:
    """What one way of hearing made of one sound."""

    words: int
    flagged: int
    heard_s: float
    text: str


def write(path: Path, samples: wordless.Sound) -> None:
    """A mono WAV file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(wordless.RATE_HZ)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _counted(found: HeardItem) -> Counted:
    words = found.text.words
    plain = [found.text.text[one.char_start : one.char_end] for one in words if not one.doubted]
    unheard = sum(one.length for one in found.unheard)
    return Counted(
        len(words),
        sum(one.doubted for one in words),
        (found.duration_ms - unheard) / 1000,
        " ".join(plain),
    )


def _bare(model: WhisperModel, samples: wordless.Sound, *, vad: bool, language: str) -> Counted:
    segments, _ = model.transcribe(
        samples, language=language, beam_size=5, condition_on_previous_text=False, vad_filter=vad
    )
    text = " ".join(one.text.strip() for one in segments)
    return Counted(len(text.split()), 0, len(samples) / wordless.RATE_HZ, text)


def desk_hears(name: str, sounds: dict[str, Path]) -> None:
    """Hear every sound with the whole pipeline and print what it made of it."""
    settings = with_section(Settings(), "listening", {"model": name})
    began, totals = time.perf_counter(), [0, 0, 0.0, 0.0]
    with scratch_desk(settings, notice=print) as desk:
        for title, path in sounds.items():
            found = hear(desk, Item(path.name, path, Kind.NOISE))
            one = _counted(found)
            totals[0] += one.words
            totals[1] += one.flagged
            totals[2] += one.heard_s
            totals[3] += found.duration_ms / 1000
            said = f"  unflagged: {one.text[:200]!r}" if one.text else ""
            print(
                f"  {title:<20} taken for speech {one.heard_s:6.1f} s, words {one.words},"
                f" flagged {one.flagged}{said}",
                flush=True,
            )
    words, flagged, heard_s, length_s = totals
    print(
        f" offair, {name}: {words} words invented in {length_s / 60:.1f} min, {flagged} flagged,"
        f" {words - flagged:.0f} unflagged; {heard_s:.1f} s taken for speech;"
        f" {time.perf_counter() - began:.0f} s",
        flush=True,
    )


def bare_hears(name: str, sounds: dict[str, wordless.Sound]) -> None:
    """Hear the same with the bare engine, as it is and with its own activity filter."""
    folder = find_model(name, user_cache_path("offair") / "models").folder
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)
    for vad in (True, False):
        words, length_s = 0, 0.0
        worst: dict[str, int] = {}
        for title, samples in sounds.items():
            one = _bare(model, samples, vad=vad, language="en")
            words, length_s = words + one.words, length_s + one.heard_s
            worst[title] = one.words
        named = ", ".join(f"{title} {count}" for title, count in worst.items() if count)
        print(
            f" bare faster-whisper, {name}, vad_filter {vad}: {words} words in"
            f" {length_s / 60:.1f} min, {words * 3600 / length_s:.0f} an hour ({named or 'none'})",
            flush=True,
        )


def main() -> None:
    """Make the sounds, hear them in both ways, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", default="tiny.en,base", help="names, commas between")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--bare-minutes", type=float, help="by default as many; 0 leaves it out")
    given = parser.parse_args()
    print(f"machine: {machine()}")
    share_s = given.minutes * 60 / len(wordless.KINDS)
    bare = given.minutes if given.bare_minutes is None else given.bare_minutes
    bare_count = round(bare * 60 / len(wordless.KINDS) * wordless.RATE_HZ)
    sounds = {name: wordless.make(name, share_s) for name in wordless.KINDS}
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{name}.wav" for name in sounds}
        for name, samples in sounds.items():
            write(files[name], samples)
        for model in given.models.split(","):
            desk_hears(model, files)
            if bare_count:
                bare_hears(model, {name: one[:bare_count] for name, one in sounds.items()})


if __name__ == "__main__":
    main()
