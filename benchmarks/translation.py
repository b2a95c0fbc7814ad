"""Translation of the Portuguese sample: chrF, numbers and names kept, words a CPU second.

`python benchmarks/translation.py [--engine fxtranslate] [--model FOLDER] [--seconds 10] [--json]`

The sample is `samples/padaria-pt` as it was written, against the English written with it; beside it
the Portuguese FLEURS clips of the folder `shared`, where it is there, against English of our own
(`translation.toml`). chrF is sacreBLEU's with its default settings; its signature is printed. Words
are counted in the original, between white space; the processor's time is the engine's, its model
loaded and warm. What must be kept is listed by hand; each miss is printed, and whether our checks
flagged it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import resource
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sacrebleu

from offair.engines.translation import ENGINES, Translator
from offair.text.normalise import fold
from offair.text.tokenise import tokens
from offair.text.translation_checks import doubts

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
NAMES: dict[str, Sequence[str]] = {"Tiago Prado": (), "Dona Celeste": (), "Moinho Azul": ()}
"""What the desk of the sample's station would know: its presenter, its guest, itself."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence with its reference and what a translation must keep."""

    portuguese: str
    english: str
    keeps: tuple[tuple[str, ...], ...]


def sample() -> list[Pair]:
    """The sentences of `padaria-pt`."""
    script = json.loads((ROOT / "samples" / "padaria-pt.script.json").read_text("utf-8"))
    listed = _listed()["sample"]
    keeps = {one["place"]: tuple(map(tuple, one["keeps"])) for one in listed}
    sentences = [one for turn in script["turns"] for one in turn["sentences"]]
    return [
        Pair(one["text"], one["translation"], keeps.get(place, ()))
        for place, one in enumerate(sentences)
    ]


def clips() -> list[Pair]:
    """The Portuguese FLEURS clips; none where the shared folder is not here."""
    if not SHARED.is_dir():
        return []
    return [
        Pair(
            (SHARED / one["text"]).read_text("utf-8").strip(),
            one["english"],
            tuple(map(tuple, one["keeps"])),
        )
        for one in _listed()["clip"]
    ]


def _listed() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _has(text: str, wanted: str) -> bool:
    """Whether a text has these words, in any case, alone or at the start of a word (`3rd`)."""
    words = f" {' '.join(token.form for token in tokens(text, 'en'))}"
    return f" {' '.join(fold(one) for one in wanted.split())}" in words


def judged(pairs: Sequence[Pair], translated: Sequence[str | None]) -> dict[str, Any]:
    """chrF and what was not kept, of one set."""
    answers = [one or "" for one in translated]
    metric = sacrebleu.CHRF()
    score = metric.corpus_score(answers, [[one.english for one in pairs]])
    missed = []
    flagged = 0
    for pair, answer in zip(pairs, answers, strict=True):
        flags = doubts(pair.portuguese, answer, source="pt", target="en", names=NAMES)
        flagged += len(flags)
        for spellings in pair.keeps:
            if not any(_has(answer, one) for one in spellings):
                missed.append(
                    {"wanted": spellings[0], "translation": answer, "flagged": bool(flags)}
                )
    return {
        "sentences": len(pairs),
        "chrF": round(score.score, 1),
        "signature": str(metric.get_signature()),
        "to keep": sum(len(one.keeps) for one in pairs),
        "not kept": missed,
        "flags": flagged,
    }


def words_a_second(engine: Translator, sentences: Sequence[str], seconds: float) -> float:
    """Words of the original translated in one second of the processor's time."""
    count = sum(len(one.split()) for one in sentences)
    engine.translate(sentences)
    done, begun, until = 0, time.process_time(), time.monotonic() + seconds
    while time.monotonic() < until:
        engine.translate(sentences)
        done += count
    return done / (time.process_time() - begun)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", default="fxtranslate", choices=sorted(ENGINES))
    parser.add_argument("--model", help="a folder; by default the packaged model")
    parser.add_argument("--seconds", type=float, default=10.0, help="of the speed run")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    module, _, name = ENGINES[args.engine].partition(":")
    engine: Translator = getattr(importlib.import_module(module), name)(
        "pt", "en", **({"model": args.model} if args.model else {})
    )
    sets = {"padaria-pt": sample(), "FLEURS pt": clips()}
    found = {
        label: judged(pairs, engine.translate([one.portuguese for one in pairs]))
        for label, pairs in sets.items()
        if pairs
    }
    speed = words_a_second(engine, [one.portuguese for one in sample()], args.seconds)
    facts = {
        "engine": engine.engine.name,
        "model": engine.engine.model,
        "settings": dict(engine.engine.settings),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "sets": found,
        "words a CPU second": round(speed),
        "to reach": 800,
        "peak memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    print(f"{facts['engine']} {facts['model']}, {facts['machine']}")
    for label, one in found.items():
        kept = one["to keep"] - len(one["not kept"])
        print(
            f"{label}: {one['sentences']} sentences, chrF {one['chrF']} ({one['signature']}), "
            f"{kept} of {one['to keep']} numbers and names kept, {one['flags']} flags"
        )
        for miss in one["not kept"]:
            said = "flagged" if miss["flagged"] else "NOT flagged"
            print(f"  lost {miss['wanted']!r} ({said}): {miss['translation']}")
    print(f"{round(speed)} words a CPU second (to reach: 800)")


if __name__ == "__main__":
    main()
