"""Silero, heard as a stream, against faster-whisper's own run over a whole sound."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import decode_audio
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from offair.engines.activity import silero
from offair.engines.activity.chunks import ChunkCutter
from offair.engines.activity.silero import Silero
from offair.model.errors import Unavailable
from offair.model.transcript import Activity

JFK = Path(__file__).resolve().parents[2].parent / "shared" / "audio" / "jfk" / "jfk.flac"
needs_shared = pytest.mark.skipif(not JFK.exists(), reason=f"{JFK} is not here")


def voice_like(windows: int) -> NDArray[np.float32]:
    """Noise with a beat: it moves the probabilities without being speech."""
    noise = np.random.default_rng(1).standard_normal(windows * 512)
    return (0.1 * noise * (np.sin(np.arange(windows * 512) / 2_000) > 0)).astype(np.float32)


def as_they_do(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Their probabilities. They blank the end of the last window, so an empty one is added."""
    probabilities: NDArray[np.float32] = get_vad_model()(np.pad(sound, (0, 512))).reshape(-1)[:-1]
    return probabilities


def streamed(sound: NDArray[np.float32], size: int) -> list[float]:
    """Ours, in pieces."""
    listener = Silero().listener()
    heard = [
        pair for at in range(0, len(sound), size) for pair in listener.feed(sound[at : at + size])
    ]
    return [probability for _, probability in heard]


@pytest.mark.parametrize("size", [160, 512, 5_000, 1_000_000])
def test_probabilities_are_those_of_the_whole_sound(size: int) -> None:
    sound = voice_like(300)
    np.testing.assert_allclose(streamed(sound, size), as_they_do(sound), atol=2e-5)


@needs_shared
@pytest.mark.parametrize("size", [700, 16_000])
def test_probabilities_of_speech_are_theirs(size: int) -> None:
    sound = decode_audio(str(JFK))
    sound = sound[: len(sound) // 512 * 512]
    ours = streamed(sound, size)
    np.testing.assert_allclose(ours, as_they_do(sound), atol=2e-5)
    assert max(ours) > 0.95


@needs_shared
@pytest.mark.parametrize("gain", [1.0, 0.03])
def test_speech_is_found_also_where_it_is_quiet(gain: float) -> None:
    sound = decode_audio(str(JFK)) * np.float32(gain)
    quiet = np.zeros(10 * 16_000, dtype=np.float32)
    cutter = ChunkCutter(Silero())
    chunks = cutter.feed(0, np.concatenate([quiet, sound, quiet])) + cutter.finish()
    kinds = [chunk.planned.activity for chunk in chunks]
    assert kinds[:2] == [Activity.SILENCE, Activity.SPEECH]
    assert Activity.SPEECH not in kinds[2:]
    assert chunks[1].planned.span.start == pytest.approx(10_000, abs=600)
    assert sum(span.length for span in chunks[1].planned.speech) > 6_000


def test_a_missing_file_is_a_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be loaded"):
        Silero(tmp_path / "none.onnx")


def test_another_file_is_a_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_text("not a model")
    with pytest.raises(Unavailable, match="activity model text"):
        Silero(tmp_path / "text.onnx")


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silero.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Unavailable, match="install faster-whisper"):
        silero.packaged_model()


def test_without_onnxruntime_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(Unavailable, match="needs onnxruntime"):
        Silero()
