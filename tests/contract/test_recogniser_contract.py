"""Every recogniser of the table keeps what its Protocol promises."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faster_whisper import decode_audio
from numpy.typing import NDArray
from tiny_onnx import make_ctc

from offair.engines.speech import ENGINES, Recogniser, claim_key
from offair.model.errors import BadInput
from offair.model.transcript import Heard

JFK = Path(__file__).resolve().parents[2].parent / "shared" / "audio" / "jfk" / "jfk.flac"
MAKERS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "faster-whisper": lambda _: {"model": "tiny.en", "beam": 2},
    "onnx-asr": lambda folder: {"model": str(make_ctc(folder / "tiny")), "languages": "en"},
}
"""Settings with which each engine of the table is quick, needs no network and knows English."""


@pytest.fixture(scope="module", params=sorted(ENGINES))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recogniser:
    """Each engine of the table, made once."""
    module, _, name = ENGINES[request.param].partition(":")
    settings = MAKERS[request.param](tmp_path_factory.mktemp("models"))
    recogniser: Recogniser = getattr(importlib.import_module(module), name)(**settings)
    return recogniser


@pytest.fixture(scope="module")
def speech() -> NDArray[np.float32]:
    """Eleven seconds of clear English."""
    if not JFK.exists():
        pytest.skip(f"{JFK} is not here")
    sound: NDArray[np.float32] = decode_audio(str(JFK))
    return sound


def promised(heard: Heard, samples: int) -> None:
    """What holds of anything that was heard."""
    length = -(-samples // 16)
    assert heard.text == heard.text.strip()
    assert bool(heard.text) == bool(len(heard.words))
    cursor, at = 0, 0
    for word in heard.words:
        assert heard.text[at : word.char_start].strip() == ""
        spoken = heard.text[word.char_start : word.char_end]
        assert spoken
        assert spoken == spoken.strip()
        at = word.char_end
        if word.start is not None and word.end is not None:
            assert cursor <= word.start <= word.end <= length
            cursor = word.end
    assert at == len(heard.text)
    for value in (heard.language_probability, heard.mean_probability, heard.no_speech_probability):
        assert value is None or 0.0 <= value <= 1.0
    assert heard.language


def test_every_engine_of_the_table_is_tried() -> None:
    assert set(MAKERS) == set(ENGINES)


def test_it_says_who_it_is(made: Recogniser) -> None:
    engine = made.engine
    assert engine.name in ENGINES
    assert engine.model
    assert engine.revision
    assert len(claim_key(engine, b"", None, None)) == 64


def test_speech_becomes_words_with_times(made: Recogniser, speech: NDArray[np.float32]) -> None:
    heard = made.recognise(speech, language="en", prompt=None)
    promised(heard, len(speech))
    assert heard.language == "en"
    assert len(heard.words) > 3
    if made.engine.name == "faster-whisper":  # the other's model is made here and knows two words
        assert "country can do for you" in heard.text
        first, last = heard.words[0], heard.words[len(heard.words) - 1]
        assert first.start is not None
        assert last.end is not None
        assert first.start < 1_500
        assert 9_000 < last.end <= 11_000


def test_the_second_try_keeps_the_promises(made: Recogniser, speech: NDArray[np.float32]) -> None:
    again = made.again
    assert (again.name, again.model, again.revision) == (
        made.engine.name, made.engine.model, made.engine.revision,
    )  # fmt: skip
    once = made.recognise(speech, language="en", prompt=None, again=True)
    promised(once, len(speech))
    assert made.recognise(speech, language="en", prompt="Zebedee Quux", again=True) == once
    if again == made.engine:
        assert once == made.recognise(speech, language="en", prompt=None)


def test_a_variety_is_heard_and_another_language_refused(made: Recogniser) -> None:
    hum = np.sin(np.arange(8_000) / 20).astype(np.float32)
    assert made.recognise(hum, language="en-ZA", prompt=None).language == "en-ZA"
    for language in ("pt-BR", "acm"):
        with pytest.raises(BadInput, match=f"{language}.* it knows en"):
            made.recognise(hum, language=language, prompt=None)


def test_a_model_of_one_language_needs_not_be_told(made: Recogniser) -> None:
    assert made.recognise(np.zeros(0, dtype=np.float32), language="en", prompt=None).text == ""
    hum = np.sin(np.arange(8_000) / 20).astype(np.float32)
    assert made.recognise(hum, language=None, prompt=None).language == "en"


def test_the_same_chunk_gives_the_same_words(made: Recogniser, speech: NDArray[np.float32]) -> None:
    first = made.recognise(speech, language=None, prompt=None)
    noisy = np.random.default_rng(3).standard_normal(4 * 16_000).astype(np.float32) * 0.2
    made.recognise(noisy, language=None, prompt=None)
    assert made.recognise(speech, language=None, prompt=None) == first


def test_the_language_asked_for_is_the_one_returned(
    made: Recogniser, speech: NDArray[np.float32]
) -> None:
    assert made.recognise(speech[:48_000], language="en-GB", prompt=None).language == "en-GB"


def test_a_language_nobody_speaks_is_refused(made: Recogniser) -> None:
    with pytest.raises(BadInput, match="qqx"):
        made.recognise(np.zeros(16_000, dtype=np.float32), language="qqx", prompt=None)


@pytest.mark.parametrize("samples", [0, 1, 15, 159, 160, 400, 1_600, 16_001, 480_000])
def test_any_length_up_to_thirty_seconds_of_silence(made: Recogniser, samples: int) -> None:
    heard = made.recognise(np.zeros(samples, dtype=np.float32), language="en", prompt=None)
    promised(heard, samples)


def test_more_than_thirty_seconds_is_refused(made: Recogniser) -> None:
    with pytest.raises(BadInput, match="cut"):
        made.recognise(np.zeros(480_001, dtype=np.float32), language="en", prompt=None)


@pytest.mark.parametrize("kind", ["noise", "loud", "hum", "clipped", "not a number"])
def test_what_is_no_speech_keeps_the_promises(made: Recogniser, kind: str) -> None:
    time = np.arange(5 * 16_000) / 16_000
    noise = np.random.default_rng(4).standard_normal(len(time))
    sound = {"noise": 0.1 * noise, "loud": np.sign(noise), "hum": np.sin(2 * np.pi * 50 * time)}
    sound["clipped"] = np.clip(4 * np.sin(2 * np.pi * 180 * time) * np.sin(3 * time), -1, 1)
    sound["not a number"] = np.where(time > 3, np.nan, 0.1 * noise)
    for again in (False, True):
        heard = made.recognise(
            sound[kind].astype(np.float32), language="en", prompt=None, again=again
        )
        promised(heard, len(time))


def test_a_fifth_of_a_second_of_speech_keeps_the_promises(
    made: Recogniser, speech: NDArray[np.float32]
) -> None:
    promised(made.recognise(speech[8_000:11_200], language="en", prompt=None), 3_200)


def test_a_prompt_is_no_part_of_the_words(made: Recogniser, speech: NDArray[np.float32]) -> None:
    heard = made.recognise(speech, language="en", prompt="Zebedee Quux, Upper Volta. " * 60)
    promised(heard, len(speech))
    assert "Zebedee" not in heard.text
