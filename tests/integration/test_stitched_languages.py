"""Real speech in several languages: each stretch gets its own, wherever in the file it stands."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import decode_audio
from numpy.typing import NDArray

from offair.engines.activity.chunks import ChunkCutter, LanguageTeller, PlannedChunk
from offair.engines.activity.silero import Silero
from offair.engines.languages.whisper import Whisper

FIVE = ("de", "en", "es", "fr", "pt")
Sound = NDArray[np.float32]


@pytest.fixture(scope="module")
def estimate() -> Callable[[Sound], Mapping[str, float]]:
    """The packaged engine; a stretch it has told already is not told again."""
    engine, told = Whisper("base"), dict[bytes, Mapping[str, float]]()

    def ask(samples: Sound) -> Mapping[str, float]:
        key = samples.tobytes()
        if key not in told:
            told[key] = engine.estimate(samples)
        return told[key]

    return ask


def decoded(path: Path) -> Sound:
    """A file as mono float32 at 16 kHz."""
    sound: Sound = decode_audio(str(path))
    return sound


def stitched(folder: Path) -> tuple[Sound, list[tuple[int, str]]]:
    """The FLEURS clips in a shuffled order, pauses of 0.4–1.5 s between; (end in ms, language)."""
    chance = random.Random(0)
    paths = sorted(folder.glob("fleurs-*.ogg"))
    assert len(paths) == 25
    pieces: list[Sound] = []
    spoken: list[tuple[int, str]] = []
    length = 0
    for path in chance.sample(paths, len(paths)):
        pause = np.zeros(round(chance.uniform(0.4, 1.5) * 16_000), dtype=np.float32)
        pieces += [decoded(path), pause]
        spoken.append(((length + len(pieces[-2])) // 16, path.stem.split("-")[1]))
        length += len(pieces[-2]) + len(pause)
    return np.concatenate(pieces), spoken


def heard(
    sound: Sound, estimate: Callable[[Sound], Mapping[str, float]], *allowed: str
) -> list[PlannedChunk]:
    """The chunks with speech."""
    cutter = ChunkCutter(Silero(), languages=LanguageTeller(estimate, allowed))
    chunks = [
        chunk
        for at in range(0, len(sound), 16_000)
        for chunk in cutter.feed(at // 16, sound[at : at + 16_000])
    ]
    return [chunk.planned for chunk in chunks + cutter.finish() if chunk.planned.speech]


@pytest.mark.parametrize("allowed", [(), FIVE, ("de", "en", "fr", "pt")], ids=["any", "5", "no-es"])
def test_every_stretch_of_five_languages_is_right(
    shared: Path, estimate: Callable[[Sound], Mapping[str, float]], allowed: tuple[str, ...]
) -> None:
    sound, spoken = stitched(shared / "audio" / "fleurs")
    chunks = heard(sound, estimate, *allowed)
    stretches = [(one, chunk.language) for chunk in chunks for one in chunk.speech]
    assert len(stretches) > 60
    wrong = [
        (stretch, told)
        for stretch, told in stretches
        if told != next(tag for end, tag in spoken if (stretch.start + stretch.end) / 2 < end)
    ]
    assert wrong == []
    assert all((chunk.language_probability or 0) > 0.1 for chunk in chunks)


def test_an_advert_at_the_beginning_decides_nothing(
    shared: Path, estimate: Callable[[Sound], Mapping[str, float]]
) -> None:
    audio = shared / "audio"
    advert, pause = decoded(audio / "jfk" / "jfk.flac"), np.zeros(12_000, dtype=np.float32)
    programme = decoded(audio / "watson" / "fr-FR_Broadband_sample1.wav")
    chunks = heard(
        np.concatenate([advert, pause, advert, pause, advert, pause, programme]), estimate
    )
    before = (3 * (len(advert) + len(pause))) // 16
    assert before > 30_000
    for chunk in chunks:
        assert chunk.language == ("en" if chunk.speech[0].start < before else "fr")
    assert {chunk.language for chunk in chunks} == {"en", "fr"}


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("watson/ar-AR_Broadband_sample1.wav", "ar"),
        ("watson/dutch_duo_sample_2-mono-BB.wav", "nl"),
        ("leopard/audio_samples/test_it.wav", "it"),
        ("leopard/audio_samples/test_ja.wav", "ja"),
        ("leopard/audio_samples/test_ko.wav", "ko"),
        ("leopard/audio_samples/test_pt.wav", "pt"),
        ("common-voice-ru/ru.wav", "ru"),
        ("speech-sdk/zhcn_continuous_mode_sample.wav", "zh"),
        ("speech-sdk/es-mx.wav", "es"),
    ],
)
def test_a_file_of_one_language_is_that_throughout(
    shared: Path, estimate: Callable[[Sound], Mapping[str, float]], name: str, language: str
) -> None:
    chunks = heard(decoded(shared / "audio" / name), estimate)
    assert {chunk.language for chunk in chunks} == {language}


def test_the_channels_variety_is_what_is_written(
    shared: Path, estimate: Callable[[Sound], Mapping[str, float]]
) -> None:
    sound = decoded(shared / "audio" / "watson" / "ar-AR_Broadband_sample1.wav")
    assert {chunk.language for chunk in heard(sound, estimate, "acm", "ckb")} == {"acm"}
