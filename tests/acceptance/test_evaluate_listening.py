"""`offair evaluate listening`: a small set is heard, scored, and its figures written down."""

from __future__ import annotations

import json
import os
import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from installation import Installation

from offair.evaluation.processor import processor_seconds

for _scorer in ("jiwer", "meeteval", "pyannote.metrics"):
    pytest.importorskip(_scorer, reason=f"the extra `evaluation` is not installed ({_scorer})")

RATE_HZ = 16_000


def _wav(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _interview(samples: Path, seconds: float) -> np.ndarray:
    """The beginning of the sample interview."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
    pieces = []
    with av.open(str(samples / "harbour-interview.mp4")) as container:
        for frame in container.decode(audio=0):
            pieces += [one.to_ndarray().reshape(-1) for one in resampler.resample(frame)]
    return np.concatenate(pieces)[: round(seconds * RATE_HZ)]


@pytest.fixture
def small_set(tmp_path: Path, samples: Path) -> Path:
    """A clip with its words and their times, a noise, a broken file and one without words."""
    folder = tmp_path / "set"
    folder.mkdir()
    script = json.loads((samples / "harbour-interview.script.json").read_text(encoding="utf-8"))
    words = [
        {"word": word["text"], "start_ms": word["start_ms"], "end_ms": word["end_ms"],
         "speaker": turn["speaker"]}
        for turn in script["turns"]
        for sentence in turn["sentences"]
        for word in sentence["words"]
        if word["end_ms"] < 20_000
    ]  # fmt: skip
    (folder / "clip.words.json").write_text(json.dumps(words), encoding="utf-8")
    _wav(folder / "clip.wav", _interview(samples, 20.0))
    noise = 0.1 * np.random.default_rng(8914).standard_normal(5 * RATE_HZ)
    _wav(folder / "noise.wav", noise)
    (folder / "broken.wav").write_bytes(b"RIFF and no more")
    (folder / "broken.txt").write_text("nobody will hear this", encoding="utf-8")
    _wav(folder / "unknown.wav", noise)
    (folder / "set.toml").write_text(
        'language = "en"\nchannel_languages = ["en"]\n[item."noise.wav"]\nkind = "noise"\n',
        encoding="utf-8",
    )
    return folder


def test_a_small_set(installation: Installation, small_set: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    done = installation.run(
        "evaluate", "listening", "--set", small_set, "--json", out, code=1
    )  # 1: the broken file could not be heard
    report = json.loads(out.read_text(encoding="utf-8"))
    assert report["document"] == "offair evaluation of listening"
    assert report["version"] == "1.0"
    assert [one["model"] for one in report["engines"]] == ["tiny.en"]
    assert len(report["engines"][0]["revision"]) == 64
    assert set(report["scorers"]) == {"jiwer", "meeteval", "pyannote.metrics"}
    assert report["normaliser"].startswith("offair tokens")
    assert [one["name"] for one in report["items"]] == ["clip.wav", "noise.wav"]
    assert [one["name"] for one in report["set"]["left_out"]] == ["unknown.wav"]
    assert [one["name"] for one in report["failed"]] == ["broken.wav"]
    clip, noise = report["items"]
    assert clip["wer"]["reference"] > 20
    assert clip["wer"]["rate"] < 0.5
    assert clip["speech_lost"]["of_words"] == clip["wer"]["reference"]
    assert clip["real_time"]["wall"] > 0
    assert clip["cpwer"]["reference"] == clip["wer"]["reference"]
    assert clip["boundaries"]["starts"]["count"] > 20
    assert clip["boundaries"]["starts"]["median_ms"] < 300
    assert noise["wer"] is None
    assert noise["invented"]["non_speech_ms"] == 5000
    assert noise["invented"]["unflagged"] == 0
    assert report["total"]["wer"]["reference"] == clip["wer"]["reference"]
    for shown in ("WER", "total", "clip.wav", "broken.wav", "unknown.wav", "tiny.en"):
        assert shown in done.stdout
    assert not (installation.data / "offair.sqlite").exists()  # nothing of it enters the desk


def test_the_report_alone_on_the_output(
    installations: Callable[[str], Installation], small_set: Path
) -> None:
    done = installations("other").run(
        "evaluate", "listening", "--set", small_set, "--limit", "2", "--json", "-", code=1
    )
    report = json.loads(done.stdout)
    assert report["set"]["limit"] == 2
    assert len(report["items"]) + len(report["failed"]) == 2


def test_sets_that_cannot_be_heard(installation: Installation, tmp_path: Path) -> None:
    gone = installation.run("evaluate", "listening", "--set", tmp_path / "gone", code=3)
    assert "no folder" in gone.stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no item" in installation.run("evaluate", "listening", "--set", empty, code=2).stderr
    (empty / "a.wav").write_bytes(b"")
    (empty / "a.txt").write_text("good morning", encoding="utf-8")
    said = installation.run("evaluate", "listening", "--set", empty, code=2).stderr
    assert "a.wav" in said
    assert "0 bytes" in said
    said = installation.run("evaluate", "listening", "--set", empty, "--limit", "0", code=2).stderr
    assert "--limit 0" in said
    bad = ("evaluate", "listening", "--set", empty, "--collar", "-1")
    assert "--collar" in installation.run(*bad, code=2).stderr


def test_a_missing_scorer_is_named(installation: Installation, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "sitecustomize.py").write_text(
        "import importlib.metadata as m\n_there = m.version\n\n\n"
        "def version(name):\n    if name == 'meeteval':\n"
        "        raise m.PackageNotFoundError(name)\n"
        "    return _there(name)\n\n\nm.version = version\n",
        encoding="utf-8",
    )
    path = ":".join(one for one in (str(blocked), *_python_path()) if one)
    said = installation.run(
        "evaluate", "listening", "--set", tmp_path, code=6, extra={"PYTHONPATH": path}
    ).stderr
    assert "meeteval is not installed" in said
    assert "pip install 'offair[evaluation]'" in said


def _python_path() -> list[str]:
    return os.environ.get("PYTHONPATH", "").split(":")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("leopard", ("wer", "boundaries", "speech_lost")), ("fleurs", ("wer", "flags"))],
)
def test_shared_sets(
    installation: Installation, shared: Path, tmp_path: Path, name: str, expected: tuple[str, ...]
) -> None:
    out = tmp_path / "report.json"
    folder = tmp_path / "english" if name == "fleurs" else shared / "audio" / name
    if name == "fleurs":  # its first English clip: the model of the tests knows no other language
        folder.mkdir()
        for path in (shared / "audio" / name).glob("fleurs-en-000.*"):
            shutil.copyfile(path, folder / path.name)
    installation.run(
        "evaluate", "listening", "--set", folder, "--limit", "1", "--language", "en", "--json", out
    )
    item = json.loads(out.read_text(encoding="utf-8"))["items"][0]
    assert all(item[one] is not None for one in expected)
    assert item["wer"]["rate"] < 0.3


def test_processor_time_grows_with_work() -> None:
    before = processor_seconds()
    if before is None:
        pytest.skip("this system has no /proc to read processor time from")
    sum(number * number for number in range(3_000_000))
    after = processor_seconds()
    assert after is not None
    assert after > before
