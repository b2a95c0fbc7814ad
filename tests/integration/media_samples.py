"""Media made for the tests: pictures that carry their number, sound with clicks at known times."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from offair import media

WIDTH, HEIGHT, BITS = 320, 64, 16
SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def picture(number: int) -> VideoFrame:
    """A frame whose sixteen bars are the bits of its number, lowest first."""
    row = np.repeat([235 if number >> bit & 1 else 16 for bit in range(BITS)], WIDTH // BITS)
    luma = np.tile(row.astype(np.uint8), (HEIGHT, 1))
    chroma = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
    return VideoFrame.from_ndarray(np.vstack([luma, chroma]), format="yuv420p")


def clicks(seconds: float, times: Sequence[float], rate: int, channels: int) -> np.ndarray:
    """Near silence with a 2 ms burst at each time, float32, (channels, samples)."""
    sound = np.zeros(round(seconds * rate), np.float32)
    for time in times:
        start = round(time * rate)
        length = max(2, rate // 500)
        burst = 0.8 * np.sign(np.sin(np.arange(length) * 2 * np.pi * 2000 / rate + 0.1))
        room = sound[start : start + length]
        room[:] = burst[: len(room)]
    return np.tile(sound, (channels, 1))


def make(
    target: Path | io.BytesIO,
    *,
    container: str,
    seconds: float = 4.0,
    video: str | None = "libx264",
    fps: int = 25,
    first_number: int = 0,
    picture_delay: float = 0.0,
    audio: str | None = "aac",
    rate: int = 48_000,
    layout: str = "stereo",
    sound_delay: float = 0.0,
    click_times: Sequence[float] = (),
    clock: float = 0.0,
    gop: int = 25,
    options: dict[str, str] | None = None,
) -> None:
    """Write a media file. clock: added to every timestamp. delays: how late a stream begins."""
    name = str(target) if isinstance(target, Path) else target
    with av.open(name, "w", format=container, container_options=options or {}) as out:
        pictures = sounds = None
        if video is not None:
            pictures = out.add_stream(
                video, rate=fps, options={"preset": "ultrafast", "crf": "18", "bf": "2"}
            )
            pictures.width, pictures.height, pictures.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            pictures.gop_size = gop
        if audio is not None:
            sounds = out.add_stream(audio, rate=rate, layout=layout)
        packets = []
        if pictures is not None:
            for number in range(round(seconds * fps)):
                frame = picture(first_number + number)
                frame.pts = number + round((clock + picture_delay) * fps)
                frame.time_base = Fraction(1, fps)
                packets += pictures.encode(frame)
            packets += pictures.encode(None)
        if sounds is not None:
            count = 1 if layout == "mono" else 2
            samples = clicks(seconds, click_times, rate, count)
            for start in range(0, samples.shape[1], rate // 10):
                part = np.ascontiguousarray(samples[:, start : start + rate // 10])
                frame = AudioFrame.from_ndarray(part, format="fltp", layout=layout)
                frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
                frame.pts = start + round((clock + sound_delay) * rate)
                packets += sounds.encode(frame)
            packets += sounds.encode(None)
        for packet in sorted(packets, key=lambda one: float((one.dts or 0) * one.time_base)):
            out.mux(packet)


def wave(path: Path, samples: np.ndarray, rate: int) -> None:
    """Write 16-bit samples, shape (samples, channels), as a WAV file."""
    data = samples.astype("<i2").tobytes()
    channels = samples.shape[1]
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, channels, rate),
        *(rate * channels * 2, channels * 2, 16, b"data", len(data)),
    )
    path.write_bytes(header + data)


def heard(path: Path, stream: int | None = None) -> np.ndarray:
    """All the sound of a file; checks that the blocks are contiguous."""
    parts, position = [], 0
    with closing(media.sound(path, stream=stream)) as blocks:
        for block in blocks:
            samples = np.frombuffer(block.samples, "<f4")
            assert block.start_ms * 16 == position
            assert 0 < len(samples) <= 16_000
            position += len(samples)
            parts.append(samples)
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def click_times(samples: np.ndarray) -> list[float]:
    """Where the clicks of a sound at 16 kHz begin, in seconds."""
    loud = np.flatnonzero(np.abs(samples) > 0.25)
    starts = [place for n, place in enumerate(loud) if n == 0 or place - loud[n - 1] > 800]
    return [float(place) / 16_000 for place in starts]


def seen(path: Path) -> list[tuple[int, float]]:
    """(number, seconds from the file's media time zero) of every picture of a file."""
    zero = media.probe(path).start_ms / 1000
    found = []
    with av.open(str(path)) as source:
        for frame in source.decode(video=0):
            row = frame.to_ndarray(format="gray")[frame.height // 2]
            step = frame.width / BITS
            bits = [row[int((bit + 0.5) * step)] > 128 for bit in range(BITS)]
            number = sum(1 << place for place, bit in enumerate(bits) if bit)
            found.append((number, float(frame.pts * frame.time_base) - zero))
    return found
