"""From a written script to a timed one: what is said when, by whom, and what captions show.

Times are milliseconds of media time, from the earliest presentation timestamp of the file, and
spans are half-open.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from voices import OUTPUT_RATE_HZ, HibariVoice, KokoroVoice, Sound, Utterance, Voice

_PER_MS = OUTPUT_RATE_HZ // 1000
_PEAK = 0.7
_CUE_LINES = 2
_CUE_COLUMNS = 37
_CUE_LONGEST_MS = 6000
_CUE_SHORTEST_MS = 700


@dataclass(frozen=True)
class Cue:
    """A caption: span in ms and its lines, joined by a newline."""

    start_ms: int
    end_ms: int
    text: str


@dataclass
class Timeline:
    """Sound being put together: pieces, each with its first sample, and the timed turns."""

    pieces: list[tuple[int, Sound]] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    cursor_ms: int = 0

    def place(self, utterance: Utterance, start_ms: int) -> None:
        """Put a sentence so that its first audible sample is at `start_ms`; moves the cursor."""
        self.pieces.append((start_ms * _PER_MS - utterance.onset, utterance.sound))
        self.cursor_ms = start_ms + -(-(utterance.end - utterance.onset) // _PER_MS)

    def mix(self, duration_ms: int) -> Sound:
        """The whole sound, mono float32 at 48 000 Hz, its peak at 0.7."""
        whole = np.zeros(duration_ms * _PER_MS, np.float32)
        for start, piece in self.pieces:
            first = max(0, -start)
            part = piece[first : first + len(whole) - max(0, start)]
            whole[max(0, start) : max(0, start) + len(part)] += part
        return whole * (_PEAK / float(np.abs(whole).max()))


def read_script(path: Path) -> dict[str, Any]:
    """A script as written; raises `ValueError` where a turn names nobody of the speakers."""
    with path.open("rb") as file:
        script = tomllib.load(file)
    known = {speaker["id"] for speaker in script["speakers"]}
    for turn in script["turns"]:
        if turn["speaker"] not in known:
            raise ValueError(f"{path.name}: nobody is called {turn['speaker']!r}.")
    return script


def _voice(speaker: dict[str, Any], seed: int) -> Voice:
    """The synthesiser that a speaker of the script asks for."""
    if speaker["synthesiser"] == "hibari":
        return HibariVoice(speaker["voice"], speaker["speed"], speaker["resample"], seed)
    return KokoroVoice(speaker["voice"], speaker["speed"], speaker["espeak"], seed)


def _sentence(written: dict[str, Any], voice: Voice) -> tuple[Utterance, dict[str, Any]]:
    """Say one sentence; broken off where the script has words that were never said."""
    text: str = written["text"]
    entry: dict[str, Any] = {"text": text}
    if "unsaid" in written:
        said = voice.say(f"{text} {written['unsaid']}").cut_after(len(text.split()))
        entry |= {"broke_off": True, "unsaid": written["unsaid"]}
    else:
        said = voice.say(text)
    for key in ("quotes", "translation"):
        if key in written:
            entry[key] = written[key]
    return said, entry


def _timed_words(utterance: Utterance, start_ms: int, end_ms: int) -> list[dict[str, Any]]:
    """Words with media times; rounded to ms, never outside their sentence and never empty."""
    words = []
    for word in utterance.words:
        first = start_ms + round((word.start - utterance.onset) / _PER_MS)
        last = start_ms + round((word.end - utterance.onset) / _PER_MS)
        first = min(first, end_ms - 1)
        words.append(
            {"text": word.text, "start_ms": first, "end_ms": min(max(last, first + 1), end_ms)}
        )
    return words


def speak(script: dict[str, Any]) -> Timeline:
    """Say the whole script; turns in the order of their starts."""
    recording = script["recording"]
    speakers = {
        speaker["id"]: (speaker, _voice(speaker, seed))
        for seed, speaker in enumerate(script["speakers"], start=1)
    }
    timeline = Timeline(cursor_ms=recording["lead_ms"])
    for number, written in enumerate(script["turns"], start=1):
        speaker, voice = speakers[written["speaker"]]
        pause_ms = recording["turn_pause_ms"] if timeline.turns else 0
        start_ms = timeline.cursor_ms + written.get("pause_ms", pause_ms)
        if "overlap_ms" in written:
            start_ms = timeline.cursor_ms - written["overlap_ms"]
        sentences = []
        for line in written["sentences"]:
            if sentences:
                start_ms = timeline.cursor_ms + recording["sentence_pause_ms"]
            utterance, entry = _sentence(line, voice)
            timeline.place(utterance, start_ms)
            entry |= {"start_ms": start_ms, "end_ms": timeline.cursor_ms}
            entry["words"] = _timed_words(utterance, start_ms, timeline.cursor_ms)
            sentences.append(entry)
        turn: dict[str, Any] = {
            "id": f"t{number}",
            "speaker": speaker["id"],
            "name": speaker["name"],
            "role": speaker["role"],
            "text": " ".join(line["text"] for line in sentences),
            "start_ms": sentences[0]["start_ms"],
            "end_ms": sentences[-1]["end_ms"],
        }
        if written.get("interrupts"):
            turn["interrupts"] = f"t{number - 1}"
        timeline.turns.append(turn | {"sentences": sentences})
    return timeline


def _caption_pieces(turn: dict[str, Any]) -> list[tuple[int, str]]:
    """A turn cut into cue texts of at most two lines, each with the start of its first word."""
    pieces: list[tuple[int, str]] = []
    lines = [f">> {turn['name'].upper()}:"]
    start_ms: int = turn["start_ms"]
    for sentence in turn["sentences"]:
        for position, word in enumerate(sentence["words"]):
            text = word["text"]
            if sentence.get("broke_off") and position == len(sentence["words"]) - 1:
                text += "--"
            if not lines:
                lines, start_ms = [text], word["start_ms"]
            elif len(lines[-1]) + 1 + len(text) <= _CUE_COLUMNS:
                lines[-1] += f" {text}"
            elif len(lines) < _CUE_LINES:
                lines.append(text)
            else:
                pieces.append((start_ms, "\n".join(lines)))
                lines, start_ms = [text], word["start_ms"]
        if lines and len(lines) == _CUE_LINES:
            pieces.append((start_ms, "\n".join(lines)))
            lines = []
    if lines:
        pieces.append((start_ms, "\n".join(lines)))
    return pieces


def caption(turns: list[dict[str, Any]], lag_ms: int, duration_ms: int) -> list[Cue]:
    """Captions as a live captioner makes them: late, two lines, the name at a new speaker.

    A cue appears `lag_ms` after its first word began and stays until the next one, at most six
    seconds; never two at once.
    """
    pieces = [piece for turn in turns for piece in _caption_pieces(turn)]
    starts: list[int] = []
    for start_ms, _ in pieces:
        earliest = starts[-1] + _CUE_SHORTEST_MS if starts else 0
        starts.append(max(start_ms + lag_ms, earliest))
    ends = [*starts[1:], duration_ms]
    return [
        Cue(start_ms, min(end_ms, start_ms + _CUE_LONGEST_MS), text)
        for start_ms, end_ms, (_, text) in zip(starts, ends, pieces, strict=True)
    ]
