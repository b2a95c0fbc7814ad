"""Every language engine of the table keeps what its Protocol promises."""

from __future__ import annotations

import importlib
from pathlib import Path

import langcodes
import numpy as np
import pytest
from faster_whisper import decode_audio
from numpy.typing import NDArray

from offair.engines.languages import ENGINES, LanguageEngine
from offair.model.errors import BadInput

SETTINGS: dict[str, dict[str, str]] = {"whisper": {"model": "base"}}
"""Settings with which each engine of the table needs no network."""


@pytest.fixture(scope="module", params=sorted(ENGINES))
def made(request: pytest.FixtureRequest) -> LanguageEngine:
    """Each engine of the table, made once."""
    module, _, name = ENGINES[request.param].partition(":")
    engine: LanguageEngine = getattr(importlib.import_module(module), name)(
        **SETTINGS[request.param]
    )
    return engine


def noise(seconds: float) -> NDArray[np.float32]:
    """The same hiss every time."""
    samples = np.random.default_rng(8914).standard_normal(round(seconds * 16_000))
    return (0.1 * samples).astype(np.float32)


def test_every_engine_of_the_table_is_tried() -> None:
    assert set(SETTINGS) == set(ENGINES)


def test_it_says_who_it_is(made: LanguageEngine) -> None:
    assert made.engine.name in ENGINES
    assert made.engine.model
    assert made.engine.revision


@pytest.mark.parametrize("seconds", [0, 0.01, 1, 3.3, 12, 30])
def test_probabilities_sum_to_one_over_bcp_47_tags(made: LanguageEngine, seconds: float) -> None:
    told = made.estimate(noise(seconds))
    assert sum(told.values()) == pytest.approx(1.0, abs=1e-4)
    assert all(0.0 <= probability <= 1.0 for probability in told.values())
    assert len(told) > 1
    for tag in told:
        assert langcodes.standardize_tag(tag) in {tag, "fil"}, f"{tag} is not its usual spelling"
    assert not {"iw", "jw", "in", "ji", "mo"} & set(told)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(64_000, dtype=np.float32),
        np.full(64_000, np.nan, dtype=np.float32),
        np.full(64_000, np.inf, dtype=np.float32),
        np.full(64_000, 1e-30, dtype=np.float32),
        np.sign(noise(4)) * 1e6,
    ],
    ids=["silence", "nan", "infinity", "faint", "loud"],
)
def test_damaged_sound_keeps_the_promises(
    made: LanguageEngine, samples: NDArray[np.float32]
) -> None:
    told = made.estimate(samples)
    assert sum(told.values()) == pytest.approx(1.0, abs=1e-4)


def test_more_than_thirty_seconds_or_rows_are_refused(made: LanguageEngine) -> None:
    with pytest.raises(BadInput, match="stretch"):
        made.estimate(np.zeros(480_001, dtype=np.float32))
    with pytest.raises(BadInput, match="stretch"):
        made.estimate(np.zeros((2, 16_000), dtype=np.float32))


def test_the_same_sound_is_told_the_same(made: LanguageEngine) -> None:
    first = made.estimate(noise(4))
    made.estimate(noise(9))
    assert made.estimate(noise(4)) == first


@pytest.mark.parametrize(
    ("name", "start_s", "language"),
    [
        ("fleurs/fleurs-de-001.ogg", 2, "de"),
        ("fleurs/fleurs-es-002.ogg", 2, "es"),
        ("watson/ar-AR_Broadband_sample1.wav", 1, "ar"),
        ("common-voice-ru/ru.wav", 0, "ru"),
        ("speech-sdk/zhcn_continuous_mode_sample.wav", 1, "zh"),
        ("leopard/audio_samples/test_ja.wav", 0, "ja"),
    ],
)
@pytest.mark.parametrize("gain", [1.0, 0.002])
def test_speech_is_told_loud_or_faint(
    made: LanguageEngine, shared: Path, name: str, start_s: int, language: str, gain: float
) -> None:
    sound: NDArray[np.float32] = decode_audio(str(shared / "audio" / name))
    told = made.estimate(sound[start_s * 16_000 : (start_s + 7) * 16_000] * np.float32(gain))
    assert max(told, key=lambda tag: told[tag]) == language


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_a_model_that_cannot_tell_is_refused(name: str) -> None:
    module, _, class_name = ENGINES[name].partition(":")
    made = getattr(importlib.import_module(module), class_name)
    with pytest.raises(BadInput, match="multilingual"):
        made(model="tiny.en")
    with pytest.raises(BadInput, match="model"):
        made(model="./no-such-folder")
