"""The samples are what their scripts say: sizes, streams, captions, and times to within 20 ms."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
INTERVIEW = "harbour-interview"
ITEM = "padaria-pt"
FRAME_MS = 5
AUDIBLE = 0.01
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d{3})")


def truth(name: str) -> dict[str, Any]:
    """The script of a sample, with its times."""
    told: dict[str, Any] = json.loads((SAMPLES / f"{name}.script.json").read_text(encoding="utf-8"))
    return told


def sentences(told: dict[str, Any]) -> list[dict[str, Any]]:
    """All sentences of a script in the order of its turns."""
    return [line for turn in told["turns"] for line in turn["sentences"]]


def levels(name: str) -> NDArray[np.float32]:
    """Root mean square of each 5 ms of the decoded sound, from media time 0."""
    with av.open(str(SAMPLES / truth(name)["media"])) as container:
        frames = list(container.decode(container.streams.audio[0]))
    assert frames[0].pts == 0, "the encoder's priming must be hidden by the edit list"
    sound = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    step = frames[0].sample_rate * FRAME_MS // 1000
    blocks = sound[: len(sound) // step * step].reshape(-1, step)
    level: NDArray[np.float32] = np.sqrt(np.mean(blocks**2, axis=1))
    return level


@pytest.mark.parametrize(
    ("name", "most_bytes", "shortest_ms", "longest_ms"),
    [(INTERVIEW, 1_500_000, 60_000, 120_000), (ITEM, 400_000, 25_000, 40_000)],
)
def test_size_and_duration(name: str, most_bytes: int, shortest_ms: int, longest_ms: int) -> None:
    told = truth(name)
    path = SAMPLES / told["media"]
    assert path.stat().st_size <= most_bytes
    assert shortest_ms <= told["duration_ms"] <= longest_ms
    with av.open(str(path)) as container:
        assert container.start_time == 0
        assert container.duration == told["duration_ms"] * 1000


def test_the_interview_has_picture_sound_and_captions() -> None:
    with av.open(str(SAMPLES / f"{INTERVIEW}.mp4")) as container:
        found = [(stream.type, stream.codec_context.name) for stream in container.streams]
        sound = container.streams.audio[0]
        assert (sound.rate, sound.codec_context.layout.name) == (48_000, "mono")
        assert sound.metadata["language"] == "eng"
    assert found == [("video", "h264"), ("audio", "aac"), ("subtitle", "mov_text")]


def test_the_radio_item_has_sound_only() -> None:
    with av.open(str(SAMPLES / f"{ITEM}.m4a")) as container:
        assert [stream.codec_context.name for stream in container.streams] == ["aac"]
        assert container.streams.audio[0].layout.name == "mono"
        assert container.streams.audio[0].metadata["language"] == "por"


@pytest.mark.parametrize("name", [INTERVIEW, ITEM])
def test_a_browser_can_seek(name: str) -> None:
    data = (SAMPLES / truth(name)["media"]).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_keyframe_stands_at_least_every_two_seconds() -> None:
    with av.open(str(SAMPLES / f"{INTERVIEW}.mp4")) as container:
        stream = container.streams.video[0]
        keys = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(stream)
            if packet.is_keyframe and packet.pts is not None
        ]
    assert keys[0] == 0
    assert max(later - sooner for sooner, later in itertools.pairwise(keys)) <= 2


def test_the_picture_is_a_test_card_with_a_running_clock() -> None:
    with av.open(str(SAMPLES / f"{INTERVIEW}.mp4")) as container:
        shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    first, last = shown[0].astype(int), shown[-1].astype(int)
    bars = [tuple(first[20, 34 + 68 * i] > 96) for i in range(7)]
    assert len(set(bars)) == 7, "seven bars of seven colours"
    assert np.abs(first[:215] - last[:215]).mean() < 2, "the card itself stands still"
    assert np.abs(first[225:260, 330:470] - last[225:260, 330:470]).max() > 128, "the clock runs"


def test_captions_name_the_speaker_at_every_change() -> None:
    told = truth(INTERVIEW)
    named = [cue["text"] for cue in told["captions"] if cue["text"].startswith(">> ")]
    assert [text[3:].split(":")[0] for text in named] == [
        turn["name"].upper() for turn in told["turns"]
    ]


def test_captions_in_the_file_are_those_of_the_script() -> None:
    told = truth(INTERVIEW)
    found = []
    with av.open(str(SAMPLES / f"{INTERVIEW}.mp4")) as container:
        for packet in container.demux(container.streams.subtitles[0]):
            size = int.from_bytes(bytes(packet)[:2], "big")
            if size:
                text = bytes(packet)[2 : 2 + size].decode()
                found.append(
                    {
                        "start_ms": packet.pts,
                        "end_ms": packet.pts + packet.duration,
                        "text": text.replace("\r\n", "\n"),
                    }
                )
    assert found == told["captions"]


def test_captions_lag_the_speech_by_about_two_seconds() -> None:
    told = truth(INTERVIEW)
    named = [cue for cue in told["captions"] if cue["text"].startswith(">> ")]
    lags = [
        cue["start_ms"] - turn["start_ms"] for cue, turn in zip(named, told["turns"], strict=True)
    ]
    assert min(lags) >= 2000
    assert max(lags) <= 2600
    spans = [(cue["start_ms"], cue["end_ms"]) for cue in told["captions"]]
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    assert spans[-1][1] <= told["duration_ms"]


@pytest.mark.parametrize("name", [INTERVIEW, ITEM])
def test_times_are_sorted_and_inside(name: str) -> None:
    told = truth(name)
    starts = [turn["start_ms"] for turn in told["turns"]]
    assert starts == sorted(set(starts))
    for turn in told["turns"]:
        lines = turn["sentences"]
        assert turn["text"] == " ".join(line["text"] for line in lines)
        assert (turn["start_ms"], turn["end_ms"]) == (lines[0]["start_ms"], lines[-1]["end_ms"])
        assert all(a["end_ms"] <= b["start_ms"] for a, b in itertools.pairwise(lines))
        for line in lines:
            words = line["words"]
            assert line["text"] == " ".join(word["text"] for word in words)
            assert words[0]["start_ms"] == line["start_ms"]
            assert words[-1]["end_ms"] == line["end_ms"]
            assert all(word["start_ms"] < word["end_ms"] for word in words)
            assert all(a["end_ms"] <= b["start_ms"] for a, b in itertools.pairwise(words))
    assert told["turns"][-1]["end_ms"] < told["duration_ms"]


@pytest.mark.parametrize("name", [INTERVIEW, ITEM])
def test_the_first_and_last_sound_are_where_the_script_says(name: str) -> None:
    told = truth(name)
    audible = np.flatnonzero(levels(name) > AUDIBLE)
    assert abs(int(audible[0]) * FRAME_MS - told["turns"][0]["start_ms"]) <= 20
    assert abs(int(audible[-1] + 1) * FRAME_MS - told["turns"][-1]["end_ms"]) <= 20


@pytest.mark.parametrize("name", [INTERVIEW, ITEM])
def test_every_sentence_after_a_pause_begins_where_the_script_says(name: str) -> None:
    level = levels(name)
    lines = sentences(truth(name))
    checked = 0
    for before, line in itertools.pairwise(lines):
        if line["start_ms"] - before["end_ms"] < 200:
            continue
        first = (line["start_ms"] - 100) // FRAME_MS
        onset = (first + int(np.argmax(level[first:] > AUDIBLE))) * FRAME_MS
        assert abs(onset - line["start_ms"]) <= 20, line["text"]
        checked += 1
    assert checked >= len(lines) - 2


def test_the_guest_is_broken_off_while_the_presenter_already_speaks() -> None:
    told = truth(INTERVIEW)
    cuts = [turn for turn in told["turns"] if turn["sentences"][-1].get("broke_off")]
    assert len(cuts) == 1
    (broken,) = cuts
    (over,) = [turn for turn in told["turns"] if turn.get("interrupts") == broken["id"]]
    assert (broken["role"], over["role"]) == ("guest", "presenter")
    assert 300 <= broken["end_ms"] - over["start_ms"] <= 1000
    assert broken["sentences"][-1]["unsaid"] not in broken["text"]


def test_the_interview_has_a_quotation_taken_up_a_number_and_a_negation() -> None:
    lines = sentences(truth(INTERVIEW))
    (quoting,) = [line for line in lines if "quotes" in line]
    quoted = quoting["text"].split("“")[1].rstrip(".”")
    assert any(quoted in line["text"] and line is not quoting for line in lines)
    assert any(re.search(r"\b\d+\b", line["text"]) for line in lines)
    assert any(re.search(r"\bnot\b", line["text"]) for line in lines)


def test_the_portuguese_item_is_translated_sentence_by_sentence() -> None:
    told = truth(ITEM)
    assert (told["language"], told["translation_language"]) == ("pt-BR", "en")
    for line in sentences(told):
        assert line["translation"].strip()
        assert line["translation"] != line["text"]


def arabic_cues() -> list[tuple[int, int, str, str]]:
    """Start, end (ms), speaker and text of each cue of the Arabic transcript."""
    blocks = (SAMPLES / "souq-ar.vtt").read_text(encoding="utf-8").strip().split("\n\n")
    assert blocks[0] == "WEBVTT"
    cues = []
    for block in blocks[1:]:
        if block.startswith("NOTE"):
            continue
        _, times, text = block.split("\n")
        start_ms, end_ms = (
            ((int(h) * 60 + int(m)) * 60 + int(s)) * 1000 + int(ms)
            for h, m, s, ms in _TIME.findall(times)
        )
        voice = re.fullmatch(r"<v ([^>]+)>(.+)", text)
        assert voice, text
        cues.append((start_ms, end_ms, voice[1], voice[2]))
    return cues


def test_the_arabic_transcript_is_timed_and_right_to_left() -> None:
    cues = arabic_cues()
    assert 8 <= len(cues) <= 12
    assert len({speaker for _, _, speaker, _ in cues}) == 2
    assert all(start < end for start, end, _, _ in cues)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(cues))
    for _, _, speaker, text in cues:
        directions = [unicodedata.bidirectional(c) for c in speaker + text]
        assert directions.count("AL") > directions.count("L")


def test_the_arabic_transcript_mixes_digits_quotation_and_latin_letters() -> None:
    text = " ".join(cue[3] for cue in arabic_cues())
    assert "٣٥" in text
    assert "«" in text
    assert "Café Lumina" in text


def test_the_arabic_transcript_is_translated_cue_by_cue() -> None:
    told = json.loads((SAMPLES / "souq-ar.en.json").read_text(encoding="utf-8"))
    english = {speaker["name"]: speaker["name_en"] for speaker in told["speakers"]}
    cues = arabic_cues()
    assert [cue["cue"] for cue in told["cues"]] == list(range(1, len(cues) + 1))
    assert [cue["speaker"] for cue in told["cues"]] == [english[cue[2]] for cue in cues]
    assert all(cue["text"].strip() for cue in told["cues"])
