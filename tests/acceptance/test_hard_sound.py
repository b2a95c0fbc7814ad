"""Sound that is hard to hear: each kind is heard or skipped, said, and nothing is lost."""

from __future__ import annotations

import wave
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from installation import SAMPLES, Installation
from numpy.typing import NDArray

from offair import media
from offair.desk import Desk
from offair.model.transcript import Chunk, Flag, Layer, LayerKind, Turn

RATE = 16_000
Sound = NDArray[np.float32]


@dataclass(frozen=True)
class HeardSound:
    """What the desk made of one sound."""

    layer: Layer
    turns: tuple[Turn, ...]
    chunks: tuple[Chunk, ...]
    flags: tuple[Flag, ...]
    notes: str

    @property
    def words(self) -> set[str]:
        return {
            turn.text[word.char_start : word.char_end].strip(".,?!").lower()
            for turn in self.turns
            for word in turn.words
        }


@pytest.fixture(scope="module")
def speech() -> Sound:
    """A minute of the sample interview."""
    blocks = [
        np.frombuffer(block.samples, dtype="<f4")
        for block in media.sound(SAMPLES / "harbour-interview.mp4")
    ]
    return np.concatenate(blocks)[: 60 * RATE]


def write_wave(path: Path, channels: Sound, rate: int = RATE) -> None:
    """16-bit PCM; channels: shape (samples,) or (samples, channels), clipped at full scale."""
    data = np.clip(channels, -1, 1)
    data = data.reshape(len(data), -1)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(data.shape[1])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((data * 32_767).astype("<i2").tobytes())


def noise(seconds: int) -> Sound:
    return (np.random.default_rng(7).normal(size=seconds * RATE) * 0.1).astype(np.float32)


def music(seconds: int) -> Sound:
    """Chords of a plucked instrument over a beat."""
    time = np.arange(seconds * RATE) / RATE
    beat = np.exp(-6 * (time % 0.5))
    chord = np.floor(time / 2) % 4
    sound = np.zeros_like(time)
    for note in (0, 4, 7, 12):
        pitch = 220 * 2 ** ((np.array([0, 5, 7, 3])[chord.astype(int)] + note) / 12)
        phase = np.cumsum(2 * np.pi * pitch / RATE)
        sound += beat * (np.sin(phase) + 0.4 * np.sin(2 * phase) + 0.2 * np.sin(3 * phase))
    return (0.12 * sound).astype(np.float32)


@pytest.fixture
def hear(installation: Installation) -> Callable[..., HeardSound]:
    """Takes a file in as an English broadcast, hears it, and gives what came of it."""

    def heard(path: Path) -> HeardSound:
        added = installation.facts(
            "add", path, "--channel", "Harbour One", "--language", "en", "--now"
        )
        with installation.desk() as desk:
            return _heard(desk, str(added))

    return heard


def _heard(desk: Desk, notes: str) -> HeardSound:
    with desk.catalogue.snapshot() as tx:
        recording = tx.recordings(limit=1)[0]
        assert recording.media is not None
        layer = next(one for one in tx.layers(recording.id) if one.kind is LayerKind.SPEECH)
        chunks = tuple(tx.chunks(recording.id, layer.run))
        assert chunks[0].span.start == 0, "no time is lost at the beginning"
        for before, after in pairwise(chunks):
            assert before.span.end == after.span.start, "every moment is heard or skipped, visibly"
        return HeardSound(
            layer, tuple(tx.turns(layer.id)), chunks, tuple(tx.flags(layer.id)), notes
        )


SCRIPT = {"boat", "harbour", "crossings", "morning", "first"}


@pytest.mark.parametrize(
    "kind", [noise, music, lambda seconds: np.zeros(seconds * RATE, np.float32)],
    ids=["noise", "music", "silence"],
)  # fmt: skip
def test_sound_without_speech_gives_no_words_and_shows_what_was_skipped(
    kind: Callable[[int], Sound], hear: Callable[..., HeardSound], tmp_path: Path
) -> None:
    write_wave(tmp_path / "sound.wav", kind(45))
    found = hear(tmp_path / "sound.wav")
    unflagged = [
        word for turn in found.turns for word in turn.words
        if not any(flag.span and word.start is not None and flag.span.start <= word.start
                   < flag.span.end for flag in found.flags)
    ]  # fmt: skip
    assert unflagged == [], "nothing is invented without a doubt beside it"
    skipped = [one for one in found.chunks if one.skipped]
    assert sum(one.span.length for one in skipped) >= 40_000
    assert all(one.skipped and one.skipped.startswith("no speech in it") for one in skipped)


def test_a_fifth_of_a_second_of_speech(
    speech: Sound, hear: Callable[..., HeardSound], tmp_path: Path
) -> None:
    word = speech[14 * RATE : 14 * RATE + RATE // 5]
    write_wave(tmp_path / "short.wav", word)
    found = hear(tmp_path / "short.wav")
    assert sum(one.span.length for one in found.chunks) in range(190, 230)


def test_clipped_sound_is_heard(
    speech: Sound, hear: Callable[..., HeardSound], tmp_path: Path
) -> None:
    write_wave(tmp_path / "clipped.wav", speech * 40)
    assert len(hear(tmp_path / "clipped.wav").words & SCRIPT) >= 4


def test_a_telephone_at_8_khz_is_heard(
    speech: Sound, hear: Callable[..., HeardSound], tmp_path: Path
) -> None:
    path = tmp_path / "telephone.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_mulaw", rate=8000, layout="mono")
        pairs = speech[: len(speech) // 2 * 2].reshape(-1, 2).mean(axis=1)
        frame = av.AudioFrame.from_ndarray(
            (pairs * 32_767).astype("<i2").reshape(1, -1), format="s16", layout="mono"
        )
        frame.sample_rate, frame.time_base = 8000, Fraction(1, 8000)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    assert len(hear(path).words & SCRIPT) >= 4


def test_one_speaker_on_each_audio_channel_is_heard_and_said(
    speech: Sound, hear: Callable[..., HeardSound], tmp_path: Path
) -> None:
    left, right = speech.copy(), speech.copy()
    for second in range(0, 60, 10):
        (left if second % 20 else right)[second * RATE : (second + 10) * RATE] = 0
    write_wave(tmp_path / "two.wav", np.stack([left, right], axis=1))
    found = hear(tmp_path / "two.wav")
    assert len(found.words & SCRIPT) >= 4
    assert "different sound" in (found.layer.note or "")


def test_audio_channels_that_cancel_each_other_out_are_heard(
    speech: Sound, hear: Callable[..., HeardSound], tmp_path: Path
) -> None:
    write_wave(tmp_path / "opposite.wav", np.stack([speech, -speech], axis=1))
    found = hear(tmp_path / "opposite.wav")
    assert len(found.words & SCRIPT) >= 4
    assert "cancel each other out" in (found.layer.note or "")


@pytest.mark.parametrize("speaking", [0, 2, 5], ids=["front left", "centre", "side right"])
def test_six_audio_channels_are_heard_whichever_speaks(
    speaking: int, speech: Sound, hear: Callable[..., HeardSound], tmp_path: Path
) -> None:
    six = np.zeros((len(speech), 6), np.float32)
    six[:, speaking] = speech
    path = tmp_path / "six.flac"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RATE, layout="5.1(side)")
        data = (six * 32_767).astype("<i2").reshape(1, -1)
        for first in range(0, len(speech), 4096):
            piece = np.ascontiguousarray(data[:, first * 6 : (first + 4096) * 6])
            frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="5.1(side)")
            frame.sample_rate, frame.pts = RATE, first
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    assert len(hear(path).words & SCRIPT) >= 4


def test_a_picture_of_variable_frame_rate_leaves_the_words_in_their_place(
    speech: Sound, hear: Callable[..., HeardSound], tmp_path: Path
) -> None:
    path = tmp_path / "variable.mkv"
    sound = speech[: 30 * RATE]
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.time_base = video.codec_context.time_base = Fraction(1, 1000)
        audio = container.add_stream("flac", rate=RATE, layout="mono")
        at = 0
        for number in range(200):
            picture = np.full((48, 64, 3), number % 250, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = at, Fraction(1, 1000)
            at += (17, 40, 200, 333)[number % 4]
            for packet in video.encode(frame):
                container.mux(packet)
        for packet in video.encode(None):
            container.mux(packet)
        for first in range(0, len(sound), 4096):
            piece = (sound[first : first + 4096] * 32_767).astype("<i2").reshape(1, -1)
            block = av.AudioFrame.from_ndarray(piece, format="s16", layout="mono")
            block.sample_rate, block.pts = RATE, first
            for packet in audio.encode(block):
                container.mux(packet)
        for packet in audio.encode(None):
            container.mux(packet)
    found = hear(path)
    plain = tmp_path / "plain.wav"
    write_wave(plain, sound)
    other = hear(plain)
    assert found.words == other.words
    assert [turn.span for turn in found.turns] == [turn.span for turn in other.turns]


def test_a_model_folder_that_is_incomplete_is_named_and_nothing_is_lost(
    installation: Installation, speech: Sound, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}", encoding="utf-8")
    write_wave(tmp_path / "news.wav", speech[: 10 * RATE])
    installation.run("add", tmp_path / "news.wav", "--channel", "C", "--language", "en")
    done = installation.run("work", "--model", folder, code=6)
    assert "model.bin" in done.stdout + done.stderr
    installation.run("work", "--again", "1")
    with installation.desk() as desk:
        assert _heard(desk, "").turns, "with a whole model it is heard"
