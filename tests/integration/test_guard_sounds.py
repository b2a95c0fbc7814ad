"""Doubts about what a real model hears: nothing invented goes unflagged, speech is left alone.

Noise, silence and made music are heard whole, as if no engine had told speech from other sound
before; that engine's verdict reaches the guard only as the stretches of speech it found.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from faster_whisper import decode_audio
from numpy.typing import NDArray

from offair import media
from offair.engines.activity import SAMPLE_RATE_HZ
from offair.engines.activity.chunks import ChunkCutter, ChunkSettings, SoundChunk
from offair.engines.activity.silero import Silero
from offair.engines.speech.faster_whisper_engine import FasterWhisper
from offair.model.time import Ms, Span
from offair.model.transcript import Flag, Heard, Turn
from offair.text import caption_agreement, guard
from offair.text.attribute import HeardChunk
from offair.text.attribute import turns as turns_of_chunks
from offair.text.caption_turns import turns_of

Sound = NDArray[np.float32]
SECONDS = 12


def noise(colour: float, level: float) -> Sound:
    """Noise whose power falls with frequency to the power of `colour` (0 is white, 2 brown)."""
    spectrum = np.fft.rfft(np.random.default_rng(8914).normal(size=SECONDS * SAMPLE_RATE_HZ))
    spectrum /= np.maximum(1, np.arange(len(spectrum))) ** (colour / 2)
    wave = np.fft.irfft(spectrum)
    return (wave / np.abs(wave).max() * level).astype(np.float32)


def music(seed: int) -> Sound:
    """Plucked chords of a major scale over a beat, without a voice."""
    chance = np.random.default_rng(seed)
    wave = np.zeros(SECONDS * SAMPLE_RATE_HZ)
    beat = int(SAMPLE_RATE_HZ * chance.uniform(0.25, 0.6))
    base = chance.choice([110.0, 146.8, 196.0, 220.0])
    time = np.arange(2 * beat) / SAMPLE_RATE_HZ
    for at in range(0, len(wave) - 2 * beat, beat):
        for step in chance.choice([0, 2, 4, 5, 7, 9, 11, 12, 14, 16], size=3):
            pitch = base * 2 ** (step / 12)
            tone = sum(np.sin(2 * np.pi * pitch * n * time) / n for n in range(1, 7))
            wave[at : at + 2 * beat] += tone * np.exp(-3 * time) * 0.1
    return np.clip(wave, -1, 1).astype(np.float32)


SOUNDS = {
    "white noise": noise(0, 0.4),
    "brown noise": noise(2, 0.3),
    "silence": np.zeros(SECONDS * SAMPLE_RATE_HZ, np.float32),
    "music 1": music(1),
    "music 2": music(2),
    "music 6": music(6),
}


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> FasterWhisper:
    return FasterWhisper("tiny.en", beam=1, cache=str(tmp_path_factory.mktemp("models")))


def cut(samples: Sound) -> list[SoundChunk]:
    """The chunks of a sound."""
    cutter = ChunkCutter(Silero(), ChunkSettings())
    return [*cutter.feed(0, samples), *cutter.finish()]


def judged(heard: Heard, length: Ms, speech: list[Span], score: float) -> tuple[Flag, ...]:
    return guard.flags(
        heard, start_ms=0, length_ms=length, speech=speech, language="en", prompt=None,
        activity_score=score,
    )  # fmt: skip


@pytest.mark.parametrize("name", SOUNDS)
def test_no_word_over_noise_goes_unflagged(recogniser: FasterWhisper, name: str) -> None:
    samples = SOUNDS[name]
    length = len(samples) * 1000 // SAMPLE_RATE_HZ
    planned = [one.planned for one in cut(samples)]
    speech = [span for one in planned for span in one.speech]
    score = sum(one.score * one.span.length for one in planned) / length
    heard = recogniser.recognise(samples, language="en", prompt=None)
    found = judged(heard, length, speech, score)
    turn = Turn(0, 0, heard.text, heard.words, heard.words.span)
    (marked,) = guard.mark_words([turn], found)
    assert all(word.flags & 1 for word in marked.words), heard.text


def test_an_invention_over_silence_is_found_by_its_probability(recogniser: FasterWhisper) -> None:
    """Even where an engine took all of it for speech, what is written over silence is doubted."""
    samples = SOUNDS["silence"]
    length = len(samples) * 1000 // SAMPLE_RATE_HZ
    heard = recogniser.recognise(samples, language="en", prompt=None)
    assert judged(heard, length, [Span(0, length)], 1.0)


def test_clear_speech_is_left_alone(recogniser: FasterWhisper, samples: Path) -> None:
    spoken = decode_audio(str(samples / "harbour-interview.mp4"))
    words = 0
    for chunk in cut(spoken[: 60 * SAMPLE_RATE_HZ]):
        planned = chunk.planned
        if not planned.speech:
            continue
        heard = recogniser.recognise(chunk.samples, language="en", prompt=None)
        words += len(heard.words)
        found = guard.flags(
            heard, start_ms=chunk.start_ms, length_ms=len(chunk.samples) // 16,
            speech=planned.speech, language="en", prompt=None, activity_score=planned.score,
        )  # fmt: skip
        assert found == ()
    assert words > 100


def test_captions_of_a_space_agency_agree_with_its_speech(
    recogniser: FasterWhisper, shared: Path
) -> None:
    """A short reading: no disagreement is made up, and the lag is told."""
    spoken = decode_audio(str(shared / "video" / "nasa" / "nasa_13013.mp4"))
    chunks = []
    for chunk in cut(spoken):
        if chunk.planned.speech:
            heard = recogniser.recognise(chunk.samples, language="en", prompt=None)
            end = chunk.start_ms + len(chunk.samples) // 16
            chunks.append(HeardChunk(Span(chunk.start_ms, end), heard))
    turns = turns_of_chunks(chunks, ())
    film = shared / "video" / "nasa" / "nasa_13013.mp4"
    (track, *_) = media.probe(film).of_kind("subtitle")
    captions = turns_of(media.captions(film, track.index))
    result = caption_agreement.disagreements(turns, captions, language="en")
    text = " ".join(turn.text for turn in turns)
    for flag in result.flags:  # a small model may mishear the name, and then it is told
        assert "NASA" in flag.reason
        assert "NASA" not in text
    assert result.lag_ms is not None
    assert abs(result.lag_ms) < 3_000
