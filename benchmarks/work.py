"""The whole of `offair work` against plain sequential faster-whisper, on the same ten minutes.

    script/bench work [--seconds 600] [--model base] [--pairs 2]

A: `offair work` (decode, activity, chunks, recognition in one process per core, catalogue), all of
it, start-up and model loading included. B: a process that loads the model with two threads and
transcribes the file with faster-whisper's own defaults. A and B in turn; the ratio is of wall
times, pair by pair. C: `offair work` once more on the same bytes of another channel, where every
claim is found: everything but recognition, start-up and model loading still included. D: `offair
work` on one clip whose claim is found: start-up and model loading alone, so that C less D is
decoding, activity, words and catalogue.
"""

from __future__ import annotations

import argparse
import compileall
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import jiwer
from desk_runs import BenchDesk, machine
from english_clips import NORMALISER, build, normalise

import offair
from offair.engines.whisper_models import find_model

SEQUENTIAL = """
import sys
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[1], device="cpu", cpu_threads=2)
segments, _ = model.transcribe(sys.argv[2])
print(" ".join(segment.text.strip() for segment in segments))
"""


def _offair(folder: Path, sound: Path, model: str) -> tuple[float, float, float, str]:
    """Wall seconds with everything to hear, with every claim known, of start-up and loading; the
    words heard."""
    desk = BenchDesk(folder, model, 2)
    desk.facts("add", sound, "--channel", "Bench", "--language", "en", "--aired", "2026-01-01")
    began = time.perf_counter()
    lines = desk.facts("work")
    whole = time.perf_counter() - began
    last = [line for line in lines if line["event"] == "progress"][-1]
    if last["reused"]:
        print(f"note: {last['reused']} chunk(s) of {last['heard']} had been heard before")
    desk.facts("add", sound, "--channel", "Other", "--language", "en", "--aired", "2026-01-01")
    began = time.perf_counter()
    again = [line for line in desk.facts("work") if line["event"] == "progress"][-1]
    known = time.perf_counter() - began
    if again["heard"]:
        raise SystemExit("the second run heard something: it does not measure the rest alone")
    short = folder / "short.wav"
    build(short, 2)
    for channel in ("Bench", "Other"):
        desk.facts("add", short, "--channel", channel, "--language", "en")
        began = time.perf_counter()
        desk.facts("work")
        loading = time.perf_counter() - began
    process = desk.start("show", "--recording", "1")
    shown, _ = process.communicate()
    turns = [line.split(": ", 1)[1] for line in shown.splitlines() if "  turn " in line]
    return whole, known, loading, " ".join(turns)


def _sequential(model: Path, sound: Path) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", SEQUENTIAL, str(model), str(sound)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return time.perf_counter() - began, done.stdout


def main() -> None:
    """Run the pairs and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--model", default="base")
    parser.add_argument("--pairs", type=int, default=2)
    args = parser.parse_args()
    # An installed program has its bytecode; a checkout run where none is written has not.
    compileall.compile_dir(str(Path(offair.__file__).parent), quiet=1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        sound = folder / "english.wav"
        reference = normalise(build(sound, args.seconds))
        model = find_model(args.model, folder / "models").folder
        ratios, shares, rests = [], [], []
        print(f"machine: {machine()}")
        print(
            f"sound: {args.seconds:.0f} s of the clips in english_clips.toml; words: {NORMALISER}"
        )
        for pair in range(args.pairs):
            whole, known, loading, heard = _offair(folder / f"desk-{pair}", sound, args.model)
            plain, said = _sequential(model, sound)
            ratios.append(whole / plain)
            shares.append(known / (whole - known))
            rests.append((known - loading) / (whole - known))
            ours, theirs = (100 * jiwer.wer(reference, normalise(text)) for text in (heard, said))
            print(
                f"pair {pair + 1}: offair work {whole:.1f} s (of that not recognition "
                f"{known:.1f} s, start and loading {loading:.1f} s of these), "
                f"sequential {plain:.1f} s, ratio {ratios[-1]:.2f}; "
                f"WER {ours:.2f} % against {theirs:.2f} %"
            )
        print(
            f"{args.model}: ratio {statistics.median(ratios):.2f}; everything but recognition "
            f"{100 * statistics.median(rests):.1f} % of recognition, with start-up and loading "
            f"{100 * statistics.median(shares):.1f} %"
        )


if __name__ == "__main__":
    main()
