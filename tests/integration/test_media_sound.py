"""Sound stands where media time says, whatever the container, the channels and the clock."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import numpy as np
import psutil
import pytest
from media_samples import SHARED, WIDTH, click_times, heard, make, seen, wave

from offair import media
from offair.model.errors import BadInput

TIMES = (0.5, 1.25, 3.0)
KINDS = {
    "mp4": {"container": "mp4"},
    "fragmented mp4": {"container": "mp4", "options": {"movflags": "frag_keyframe+empty_moov"}},
    "ts": {"container": "mpegts", "clock": 7.0},
    "mkv": {"container": "matroska"},
    "webm": {"container": "webm", "video": "libvpx", "audio": "libopus"},
    "mp3": {"container": "mp3", "video": None, "audio": "libmp3lame", "rate": 44_100},
    "flac": {"container": "flac", "video": None, "audio": "flac", "rate": 96_000},
    "ogg": {"container": "ogg", "video": None, "audio": "libopus"},
    "adts": {"container": "adts", "video": None, "rate": 44_100},
    "wav": {"container": "wav", "video": None, "audio": "pcm_s16le", "rate": 8_000},
}
# Raw AAC has no place to say how much its encoder put before the sound.
LATE = {"adts": 1024 / 44_100}


@pytest.mark.parametrize("kind", KINDS)
def test_clicks_are_heard_where_they_are(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.media"
    make(path, click_times=TIMES, **KINDS[kind])
    sound = heard(path)
    late = LATE.get(kind, 0.0)
    if KINDS[kind].get("video", "yes") is not None:
        # Some containers cannot say how much an encoder put in front, and move all streams.
        late = seen(path)[0][1]
        assert late < 0.1
    expected = [time + late for time in TIMES]
    assert click_times(sound) == pytest.approx(expected, abs=0.006)
    assert len(sound) / 16_000 == pytest.approx(4.0, abs=0.1)
    assert media.probe(path).duration_ms == pytest.approx(4000, abs=110)


@pytest.mark.parametrize(
    ("late", "container"), [("sound", "mp4"), ("sound", "mpegts"), ("picture", "matroska")]
)
def test_a_stream_that_begins_late_stands_late(late: str, container: str, tmp_path: Path) -> None:
    path = tmp_path / "late"
    make(path, container=container, click_times=TIMES, **{f"{late}_delay": 0.7})
    shift = 0.7 if late == "sound" else 0.0
    sound = heard(path)
    # Encoder delay may stand before the first sample in containers without edit lists.
    assert click_times(sound) == pytest.approx([time + shift for time in TIMES], abs=0.025)
    if late == "sound":
        assert not np.any(np.abs(sound[: int(0.6 * 16_000)]) > 0.01)
    pictures = seen(path)
    assert pictures[0][1] == pytest.approx(0.7 - shift, abs=0.025)


@pytest.mark.parametrize("second_clock", [3000.0, 5.0])
def test_a_transport_stream_whose_clock_jumps_is_closed_up(
    second_clock: float, tmp_path: Path
) -> None:
    parts = []
    for clock in (100.0, second_clock):
        part = io.BytesIO()
        make(part, container="mpegts", click_times=TIMES, clock=clock)
        parts.append(part.getvalue())
    path = tmp_path / "jump.ts"
    path.write_bytes(b"".join(parts))
    facts = media.probe(path)
    assert facts.duration_ms == pytest.approx(8000, abs=150)
    assert any("jump 1 time" in note for note in facts.notes)
    assert not facts.browser_playable
    times = click_times(heard(path))
    assert len(times) == 6
    gaps = np.diff(times)
    assert gaps[0] == pytest.approx(0.75, abs=0.003)
    assert gaps[3] == pytest.approx(0.75, abs=0.003)
    assert gaps[4] == pytest.approx(1.75, abs=0.003)
    assert times[3] == pytest.approx(4.5, abs=0.15)
    # The proxy shows the same: picture and sound still together after the jump.
    proxy = media.proxy(path, tmp_path / "proxy.mp4")
    assert click_times(heard(proxy.path)) == pytest.approx(times, abs=0.005)
    numbers = seen(proxy.path)
    second = [at for number, at in numbers if number == 12][-1]
    assert times[3] - second == pytest.approx(0.5 - 12 / 25, abs=0.03)


def test_a_hole_in_the_sound_becomes_silence(tmp_path: Path) -> None:
    import av

    whole, path = tmp_path / "whole.mkv", tmp_path / "hole.mkv"
    make(whole, container="matroska", click_times=TIMES)
    with av.open(str(whole)) as source, av.open(str(path), "w") as out:
        targets = {one.index: out.add_stream_from_template(one) for one in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            at = float(packet.pts * packet.time_base)
            if packet.stream.type == "audio" and 1.0 < at < 2.5:
                continue
            packet.stream = targets[packet.stream.index]
            out.mux(packet)
    sound = heard(path)
    assert click_times(sound) == pytest.approx([0.5, 3.0], abs=0.006)
    assert not np.any(sound[int(1.2 * 16_000) : int(2.4 * 16_000)])


@pytest.mark.parametrize(
    ("channels", "rate"),
    [(1, 1000), (1, 16_000), (2, 192_000), (6, 44_100), (8, 48_000), (48, 1000), (48, 192_000)],
)
def test_any_channels_and_any_rate(channels: int, rate: int, tmp_path: Path) -> None:
    path = tmp_path / "many.wav"
    time = np.arange(rate) / rate
    tone = np.round(12_000 * np.sin(2 * np.pi * 100 * time))
    wave(path, np.repeat(tone[:, None], channels, axis=1), rate)
    sound = heard(path)
    assert len(sound) == pytest.approx(16_000, abs=40)
    middle = sound[4000:12_000]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert int(np.argmax(spectrum)) == 50
    assert media.probe(path).of_kind("audio")[0].audio_channels == channels
    if channels == 48:
        assert np.max(np.abs(middle)) == pytest.approx(12_000 / 32_768, rel=0.02)


def test_the_same_file_gives_the_same_samples(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    make(path, container="mp4", click_times=TIMES)
    assert heard(path).tobytes() == heard(path).tobytes()


def test_closing_the_sound_ends_the_child(tmp_path: Path) -> None:
    path = tmp_path / "long.flac"
    make(path, container="flac", video=None, audio="flac", seconds=300)
    before = {child.pid for child in psutil.Process().children()}
    with closing(media.sound(path)) as blocks:
        next(blocks)
        started = {child.pid for child in psutil.Process().children()} - before
        assert len(started) == 1
    assert not any(psutil.pid_exists(pid) for pid in started)


def test_a_file_without_sound_says_so(tmp_path: Path) -> None:
    path = tmp_path / "silent.mp4"
    make(path, container="mp4", audio=None)
    facts = media.probe(path)
    assert not facts.of_kind("audio")
    assert facts.of_kind("video")[0].width == WIDTH
    with pytest.raises(BadInput, match=r"silent\.mp4 has no sound"):
        next(media.sound(path))
    with pytest.raises(BadInput, match="stream 0 of"):
        next(media.sound(path, stream=0))


def test_a_file_of_no_length_has_no_sound_to_give(tmp_path: Path) -> None:
    path = tmp_path / "none.wav"
    wave(path, np.zeros((0, 1)), 16_000)
    assert media.probe(path).duration_ms == 0
    assert len(heard(path)) == 0


@pytest.mark.skipif(not (SHARED / "audio").is_dir(), reason="../shared/audio is not here")
def test_shared_recordings_are_as_long_as_they_say() -> None:
    for path in sorted((SHARED / "audio" / "fleurs").glob("*.ogg"))[:3]:
        facts = media.probe(path)
        assert len(heard(path)) / 16 == pytest.approx(facts.duration_ms, abs=30)
    jfk = SHARED / "audio" / "jfk" / "jfk.flac"
    assert len(heard(jfk)) == 11 * 16_000
