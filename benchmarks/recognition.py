"""Recognition against plain sequential faster-whisper: wall time and word errors, as ratios.

`python benchmarks/recognition.py [--model base] [--seconds 600] [--rounds 2]`

A: `WhisperModel(model, device="cpu", cpu_threads=2).transcribe(file)`, everything else its own
default (beam 5, default compute type, conditioned on the text before, no voice activity, no word
times). B: what the desk does: activity, chunks cut at pauses, a pool of two processes, word times,
the beam of our default (printed). A and B take turns in one process; models are loaded before the
clock starts. Word errors by jiwer after the normaliser that is named in the output.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import tempfile
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import english_clips
import jiwer
from faster_whisper import WhisperModel, decode_audio
from platformdirs import user_cache_path

from offair.engines.activity.chunks import ChunkCutter
from offair.engines.activity.silero import Silero
from offair.engines.speech import ENGINES, RecogniserPool, open_pool
from offair.engines.whisper_models import find_model
from offair.model.transcript import Activity, Heard

CORES = 2


@dataclass(frozen=True, slots=True)
class Run:
    """One run over the file: text, wall and processor seconds, and how many chunks were heard."""

    text: str
    wall_s: float
    cpu_s: float
    chunks: int


def sequential(model: WhisperModel, sound: Path) -> tuple[str, int]:
    """A: text and number of segments."""
    segments, _ = model.transcribe(str(sound))
    pieces = [segment.text for segment in segments]
    return " ".join(pieces), len(pieces)


def chunked(pool: RecogniserPool, activity: Silero, sound: Path) -> tuple[str, int]:
    """B: text and number of chunks heard. Sound is fed in pieces of a second, as it streams."""
    samples = decode_audio(str(sound), sampling_rate=16_000)
    cutter = ChunkCutter(activity)
    futures: deque[Future[Heard]] = deque()
    for at in range(0, len(samples) + 16_000, 16_000):
        piece = samples[at : at + 16_000]
        for chunk in cutter.feed(at // 16, piece) if len(piece) else cutter.finish():
            if chunk.planned.activity is Activity.SPEECH:
                futures.append(pool.submit(chunk.samples))
    return " ".join(future.result().text for future in futures), len(futures)


def timed(work: Callable[[], tuple[str, int]], pids: tuple[int, ...] = ()) -> Run:
    """Run once; processor seconds are this process's and those of `pids`."""
    cpu, start = _cpu(pids), time.perf_counter()
    text, chunks = work()
    return Run(text, time.perf_counter() - start, _cpu(pids) - cpu, chunks)


def _cpu(pids: tuple[int, ...]) -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    seconds = own.ru_utime + own.ru_stime
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def errors(reference: str, heard: str) -> tuple[float, int, int, int]:
    """Word error rate; substitutions, deletions, insertions."""
    result = jiwer.process_words(english_clips.normalise(reference), english_clips.normalise(heard))
    return result.wer, result.substitutions, result.deletions, result.insertions


def machine() -> str:
    """The processor, for whoever reads absolute times."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    name = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
    return f"{name or platform.processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def main() -> None:
    """Run both in turns and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default="base")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    cache = user_cache_path("offair") / "models"
    found = find_model(given.model, cache)
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "english.wav"
        reference = english_clips.build(sound, given.seconds)
        length = (sound.stat().st_size - 44) / 2 / english_clips.RATE_HZ
        once = sum(len(english_clips.decode(path)) for path, _ in english_clips.clips())
        print(f"sound: {length:.0f} s of English clips, the list of {once / 16_000:.0f} s repeated")
        print(f"machine: {machine()}")
        print(f"words: {english_clips.NORMALISER}")
        plain = WhisperModel(str(found.folder), device="cpu", cpu_threads=CORES)
        activity = Silero()
        settings = {"model": given.model, "cache": str(cache)}
        with open_pool(ENGINES["faster-whisper"], settings, CORES) as pool:
            print(f"A compute type {plain.model.compute_type}; B {dict(pool.engine.settings)}")
            pids = tuple(getattr(pool, "process_ids", ()))
            runs: dict[str, list[Run]] = {"A": [], "B": []}
            for number in range(given.rounds):
                for name in ("A", "B"):
                    if name == "A":
                        run = timed(lambda: sequential(plain, sound))
                    else:
                        run = timed(lambda: chunked(pool, activity, sound), pids)
                    runs[name].append(run)
                    rate, wrong, lost, more = errors(reference, run.text)
                    print(
                        f"{name}{number + 1}: wall {run.wall_s:.1f} s, processor {run.cpu_s:.1f} s,"
                        f" {run.chunks} pieces, WER {rate:.2%} "
                        f" (sub {wrong}, del {lost}, ins {more})",
                        flush=True,
                    )
    walls = [b.wall_s / a.wall_s for a, b in zip(runs["A"], runs["B"], strict=True)]
    cpus = [b.cpu_s / a.cpu_s for a, b in zip(runs["A"], runs["B"], strict=True)]
    gap = median(errors(reference, run.text)[0] for run in runs["B"]) - median(
        errors(reference, run.text)[0] for run in runs["A"]
    )
    print(f"wall B/A: {median(walls):.2f} (each {', '.join(f'{one:.2f}' for one in walls)})")
    print(f"processor B/A: {median(cpus):.2f}")
    print(f"WER B − A: {gap:+.2%}")


if __name__ == "__main__":
    main()
