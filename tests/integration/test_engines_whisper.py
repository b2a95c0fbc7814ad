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
    base._encoded.clear()
    forced = base.recognise(samples, language=language, prompt=None)
    assert heard.language == language
    assert heard.language_probability is not None
    assert heard.language_probability > 0.5
    assert (heard.text, heard.words) == (forced.text, forced.words)
    assert forced.language_probability is None
    assert with_detection == len(windows) > 0


@needs_shared
def test_a_second_hearing_right_after_the_first_encodes_nothing_again(
    base: FasterWhisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = sound("jfk/jfk.flac")
    base._encoded.clear()
    alone = base.recognise(samples, language="en", prompt=None, again=True)
    base._encoded.clear()
    base.recognise(samples, language="en", prompt=None)
    monkeypatch.setattr(base, "_encode", None)
    after = base.recognise(samples, language="en", prompt=None, again=True)
    assert (after.text, after.words) == (alone.text, alone.words)


@needs_shared
def test_a_variety_is_heard_with_the_language_the_model_knows(base: FasterWhisper) -> None:
    samples = sound("watson/ar-AR_Broadband_sample1.wav")
    heard = base.recognise(samples, language="acm", prompt=None)
    assert heard.language == "acm"
    assert "معتدل" in heard.text


@needs_shared
def test_a_chunk_that_draws_lots_leaves_the_next_ones_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tiny = FasterWhisper(model="tiny.en", beam=1)
    # As where the fallback to the last temperature is reached: every token is drawn.
    drawing = partial(tiny._whisper.transcribe, temperature=[1.0], best_of=2)
    monkeypatch.setattr(tiny._whisper, "transcribe", drawing)
    noise = np.random.default_rng(0).standard_normal(48_000).astype(np.float32)
    hard = sound("jfk/jfk.flac")[:48_000] + np.float32(0.2) * noise
    first = tiny.recognise(hard, language="en", prompt=None)
    second = tiny.recognise(hard, language="en", prompt=None)
    assert first == second
    monkeypatch.setattr(tiny, "_load_again", lambda: tiny._whisper.model)
    drawn = [tiny.recognise(hard, language="en", prompt=None) for _ in range(3)]
    assert drawn[0] == first
    assert any(one != first for one in drawn), "no lots were drawn: this test shows nothing"
