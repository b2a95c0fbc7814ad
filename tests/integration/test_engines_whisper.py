"""The multilingual packaged model: languages, one encoding a chunk, no chunk changing the next."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faster_whisper import decode_audio
from numpy.typing import NDArray

from offair.engines.speech.faster_whisper_engine import FasterWhisper

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "audio"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason=f"{SHARED} is not here")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> FasterWhisper:
    """The packaged multilingual model."""
    return FasterWhisper(model="base", beam=1, cache=str(tmp_path_factory.mktemp("models")))


def sound(name: str) -> NDArray[np.float32]:
    """A shared clip, its first 30 s."""
    samples: NDArray[np.float32] = decode_audio(str(SHARED / name))
    return samples[:480_000]


@needs_shared
@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("fleurs/fleurs-pt-002.ogg", "pt"),
        ("fleurs/fleurs-fr-004.ogg", "fr"),
        ("watson/ar-AR_Broadband_sample1.wav", "ar"),
        ("jfk/jfk.flac", "en"),
    ],
)
def test_the_language_is_told_from_one_encoding(
    base: FasterWhisper, monkeypatch: pytest.MonkeyPatch, name: str, language: str
) -> None:
    windows: list[int] = []
    encode = base._encode

    def counted(features: Any) -> Any:
        windows.append(1)
        return encode(features)

    monkeypatch.setattr(base, "_encode", counted)
    samples = sound(name)
    heard = base.recognise(samples, language=None, prompt=None)
    with_detection = len(windows)
    windows.clear()
    forced = base.recognise(samples, language=language, prompt=None)
    assert heard.language == language
    assert heard.language_probability is not None
    assert heard.language_probability > 0.5
    assert (heard.text, heard.words) == (forced.text, forced.words)
    assert forced.language_probability is None
    assert with_detection == len(windows)


@needs_shared
def test_a_variety_is_heard_with_the_language_the_model_knows(base: FasterWhisper) -> None:
    samples = sound("watson/ar-AR_Broadband_sample1.wav")
    heard = base.recognise(samples, language="acm", prompt=None)
    assert heard.language == "acm"
    assert "معتدل" in heard.text


@needs_shared
def test_a_chunk_that_draws_lots_leaves_the_next_ones_alone(
    base: FasterWhisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As where the fallback to the last temperature is reached: every token is drawn.
    drawing = partial(base._whisper.transcribe, temperature=[1.0])
    monkeypatch.setattr(base._whisper, "transcribe", drawing)
    noise = np.random.default_rng(0).standard_normal(80_000).astype(np.float32)
    hard = sound("jfk/jfk.flac")[:80_000] + np.float32(0.3) * noise
    first = base.recognise(hard, language="en", prompt=None)
    second = base.recognise(hard, language="en", prompt=None)
    assert first == second
    again = base._load_again
    monkeypatch.setattr(base, "_load_again", lambda: base._whisper.model)
    third = base.recognise(hard, language="en", prompt=None)
    fourth = base.recognise(hard, language="en", prompt=None)
    base._whisper.model = again()
    assert third == first
    assert fourth != first, "the engine drew no lots: this test shows nothing"
