"""Cuts begin and end where they should, in picture and sound, measured on what was written."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.packet import Packet
from media_samples import SHARED, click_times, heard, make, seen, wave

from offair import media
from offair.model.errors import BadInput
from offair.model.time import Span
from offair.model.transcript import Cue

FPS = 25
SPAN = Span(1370, 4730)
TIMES = (0.4, 1.45, 2.6, 4.65, 5.5)
KINDS = {
    "mp4": ({"container": "mp4"}, ".mp4"),
    "few key frames": ({"container": "mp4", "gop": 250}, ".mp4"),
    "ts": ({"container": "mpegts", "clock": 50.0}, ".ts"),
    "mkv": ({"container": "matroska", "fps": 50}, ".mkv"),
    "mov": ({"container": "mov", "audio": "pcm_s16le"}, ".mov"),
    "webm": ({"container": "webm", "video": "libvpx", "audio": "libopus"}, ".webm"),
}


def shown_at(pictures: list[tuple[int, float]], at: float) -> int:
    """The number on screen at a time."""
    return [number for number, since in pictures if since <= at + 1e-4][-1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_is_where_it_was_asked_for(kind: str, tmp_path: Path) -> None:
    options, suffix = KINDS[kind]
    fps = options.get("fps", FPS)
    source = tmp_path / "source"
    make(source, seconds=6.0, click_times=TIMES, **options)
    whole, whole_clicks = seen(source), click_times(heard(source))
    shares: list[float] = []
    files = media.cut(source, [SPAN], tmp_path, progress=shares.append)
    assert [(one.role, one.path.suffix) for one in files] == [
        ("exact", ".mp4"),
        ("original", suffix),
    ]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    for one in files:
        pictures, clicks = seen(one.path), click_times(heard(one.path))
        inside = [time for time in clicks if one.clip_in <= time * 1000 < one.clip_out]
        begin, end = SPAN.start / 1000, SPAN.end / 1000
        expected = [time - begin for time in whole_clicks if begin <= time < end]
        assert [time - one.clip_in / 1000 for time in inside] == pytest.approx(expected, abs=0.005)
        for offset in (0.0, 0.02, 1.0, 2.0, end - begin - 0.04):
            number = shown_at(pictures, one.clip_in / 1000 + offset)
            assert abs(number - shown_at(whole, begin + offset)) <= fps * 0.04
        assert one.clip_out - one.clip_in == SPAN.length
    exact = files[0]
    facts = media.probe(exact.path)
    assert facts.browser_playable
    assert facts.duration_ms == pytest.approx(SPAN.length, abs=40)
    pictures = seen(exact.path)
    assert pictures[0][1] == 0
    assert pictures[-1][1] + 1 / fps == pytest.approx(SPAN.length / 1000, abs=0.04)
    assert len(heard(exact.path)) / 16 == pytest.approx(SPAN.length, abs=40)


@pytest.mark.parametrize("span", [Span(0, 40), Span(0, 6000), Span(5990, 6000), Span(5000, 90_000)])
def test_a_cut_at_the_edges(span: Span, tmp_path: Path) -> None:
    source = tmp_path / "source.mp4"
    make(source, container="mp4", seconds=6.0, click_times=TIMES)
    exact = media.cut(source, [span], tmp_path)[0]
    length = min(span.end, 6000) - span.start
    assert exact.clip_out == pytest.approx(length, abs=40)
    assert media.probe(exact.path).duration_ms == pytest.approx(length, abs=40)
    assert (exact.note is not None) == (span.end > 6100)


def test_several_spans_are_one_exact_file_and_a_copy_each(tmp_path: Path) -> None:
    source = tmp_path / "source.mp4"
    fps = 25
    make(source, container="mp4", seconds=6.0, click_times=TIMES)
    spans = [Span(370, 1610), Span(2230, 2990), Span(4010, 5555)]
    exact, *copies = media.cut(source, spans, tmp_path)
    assert [one.role for one in copies] == ["original"] * 3
    assert len({one.path for one in copies}) == 3
    for one, span in zip(copies, spans, strict=True):
        assert one.clip_out - one.clip_in == span.length
    whole, pictures = seen(source), seen(exact.path)
    clicks, expected = click_times(heard(exact.path)), []
    begin = 0
    for span in spans:
        expected += [
            (begin + time * 1000 - span.start) / 1000
            for time in click_times(heard(source))
            if span.start <= time * 1000 < span.end
        ]
        for offset in range(20, span.length - 20, 100):
            number = shown_at(pictures, (begin + offset) / 1000)
            assert abs(number - shown_at(whole, (span.start + offset) / 1000)) <= fps * 0.04
        begin += span.length
    assert expected
    assert clicks == pytest.approx(expected, abs=0.01)
    assert exact.clip_out == begin
    assert media.probe(exact.path).duration_ms == pytest.approx(begin, abs=40)


def test_a_cut_across_a_jump_of_the_clock(tmp_path: Path) -> None:
    parts = []
    for clock in (100.0, 900.0):
        part = io.BytesIO()
        make(part, container="mpegts", click_times=(0.5, 3.0), clock=clock)
        parts.append(part.getvalue())
    source = tmp_path / "jump.ts"
    source.write_bytes(b"".join(parts))
    expected = [time for time in click_times(heard(source)) if 2.0 <= time < 6.0]
    for one in media.cut(source, [Span(2000, 6000)], tmp_path):
        inside = [
            time - one.clip_in / 1000
            for time in click_times(heard(one.path))
            if one.clip_in <= time * 1000 < one.clip_out
        ]
        assert inside == pytest.approx([time - 2.0 for time in expected], abs=0.01)


@pytest.mark.parametrize(
    ("options", "suffix"),
    [
        ({"container": "mp3", "audio": "libmp3lame", "rate": 44_100}, ".mp3"),
        ({"container": "mp4", "rate": 44_100}, ".m4a"),
        ({"container": "adts"}, ".m4a"),
        ({"container": "ogg", "audio": "libopus"}, ".mka"),
        ({"container": "flac", "audio": "flac"}, ".mka"),
        ({"container": "wav", "audio": "pcm_s16le"}, ".wav"),
    ],
)
def test_sound_alone_is_cut(options: dict[str, object], suffix: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    make(source, seconds=6.0, video=None, click_times=TIMES, **options)  # type: ignore[arg-type]
    clicks = [time for time in click_times(heard(source)) if 1.37 <= time < 4.73]
    files = media.cut(source, [SPAN], tmp_path)
    assert [one.path.suffix for one in files] == [".m4a", suffix]
    for one in files:
        found = [time - one.clip_in / 1000 for time in click_times(heard(one.path))]
        inside = [time for time in found if 0 <= time < SPAN.length / 1000]
        assert inside == pytest.approx([time - 1.37 for time in clicks], abs=0.005)


def test_where_nothing_is_there_is_nothing_to_cut(tmp_path: Path) -> None:
    source, out = tmp_path / "source.mp4", tmp_path / "out"
    out.mkdir()
    make(source, container="mp4")
    with pytest.raises(BadInput, match=r"holds nothing between 90\.000 s"):
        media.cut(source, [Span(90_000, 91_000)], out)
    with pytest.raises(BadInput, match="no length"):
        media.cut(source, [Span(1000, 1000)], out)
    with pytest.raises(BadInput, match="no folder missing"):
        media.cut(source, [Span(0, 1000)], out / "missing")
    assert not list(out.iterdir())


@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy_plays_in_a_browser_at_the_same_times(kind: str, tmp_path: Path) -> None:
    options, _ = KINDS[kind]
    source = tmp_path / "source"
    make(source, seconds=6.0, click_times=TIMES, **options)
    proxy = media.proxy(source, tmp_path / "proxy.mp4")
    assert proxy.media_type == "video/mp4"
    facts = media.probe(proxy.path)
    assert facts.browser_playable
    assert {stream.codec for stream in facts.streams} == {"h264", "aac"}
    assert click_times(heard(proxy.path)) == pytest.approx(click_times(heard(source)), abs=0.005)
    there, here = seen(source), seen(proxy.path)
    assert [number for number, _ in here] == [number for number, _ in there]
    assert [at for _, at in here] == pytest.approx([at for _, at in there], abs=0.002)
    assert b"moov" in proxy.path.read_bytes()[:64]


def test_a_proxy_of_sound_alone(tmp_path: Path) -> None:
    source = tmp_path / "many.wav"
    tone = np.repeat(np.arange(-8000, 8000)[:, None], 48, axis=1)
    wave(source, tone, 16_000)
    proxy = media.proxy(source, tmp_path / "proxy.m4a")
    assert proxy.media_type == "audio/mp4"
    assert media.probe(proxy.path).duration_ms == pytest.approx(1000, abs=40)


def test_a_still_shows_the_picture_of_its_time(tmp_path: Path) -> None:
    for container in ("mp4", "mpegts"):
        source = tmp_path / f"source.{container}"
        make(source, container=container, seconds=4.0, audio=None, gop=60)
        for at, number in ((0, 0), (1010, 25), (2399, 59), (9000, 99)):
            out = media.still(source, at, tmp_path / "still.png")
            with av.open(str(out)) as image:
                frame = next(image.decode(video=0))
            row = frame.to_ndarray(format="gray")[frame.height // 2]
            bits = [row[bit * 20 + 10] > 128 for bit in range(16)]
            assert sum(1 << place for place, bit in enumerate(bits) if bit) == number
    assert media.still(source, 0, tmp_path / "s.jpg").read_bytes()[:2] == b"\xff\xd8"
    with pytest.raises(BadInput, match=r"\.jpg or \.png"):
        media.still(source, 0, tmp_path / "s.gif")


@pytest.mark.parametrize("container", ["avi", "h264", "mpegvideo"])
def test_pictures_without_presentation_times_keep_their_order(
    container: str, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    sound = {"audio": "pcm_s16le" if container == "avi" else None}
    video = "mpeg2video" if container == "mpegvideo" else "libx264"
    muxer = "mpeg2video" if container == "mpegvideo" else container
    make(source, container=muxer, video=video, click_times=(1.0,), **sound)
    pictures = seen(media.proxy(source, tmp_path / "proxy.mp4").path)
    assert [number for number, _ in pictures] == list(range(100))
    exact, *original = media.cut(source, [Span(1000, 2000)], tmp_path)
    if container != "mpegvideo":
        assert not original
        assert "no presentation times" in (exact.note or "")
    assert abs(seen(exact.path)[0][0] - 25) <= 1
    if container == "avi":
        assert click_times(heard(exact.path)) == pytest.approx([0.0], abs=0.005)


def test_embedded_captions_are_read(tmp_path: Path) -> None:
    source = tmp_path / "captions.mkv"
    with av.open(str(source), "w") as out:
        stream = out.add_mux_stream("subrip")
        stream.time_base = Fraction(1, 1000)
        for start, text in ((500, "<i>One</i>"), (2500, "two\r\nlines")):
            packet = Packet(text.encode())
            packet.stream, packet.time_base = stream, Fraction(1, 1000)
            packet.pts = packet.dts = start
            packet.duration = 1500
            out.mux(packet)
    facts = media.probe(source)
    assert [stream.codec for stream in facts.of_kind("subtitle")] == ["subrip"]
    assert media.captions(source, 0) == (
        Cue(Span(500, 2000), "One"),
        Cue(Span(2500, 4000), "two\nlines"),
    )


@pytest.mark.skipif(not (SHARED / "video").is_dir(), reason="../shared/video is not here")
def test_shared_videos(tmp_path: Path) -> None:
    nasa = SHARED / "video" / "nasa" / "nasa_13013.mp4"
    facts = media.probe(nasa)
    assert facts.browser_playable
    assert facts.duration_ms == 13_056
    cues = media.captions(nasa, facts.of_kind("subtitle")[0].index)
    assert [cue.span.start for cue in cues] == [210, 4260, 8350, 12_470]
    assert cues[0].text.startswith("NAR: This is the optical")
    with pytest.raises(BadInput, match="no caption track"):
        media.captions(nasa, 0)
    files = media.cut(nasa, [SPAN], tmp_path)
    assert [one.path.suffix for one in files] == [".mp4", ".mp4"]
    turned = SHARED / "video" / "nasa" / "nasa_13013_rotated.mp4"
    upright = media.probe(media.proxy(turned, tmp_path / "upright.mp4").path)
    video = upright.of_kind("video")[0]
    assert (video.width, video.height) == (270, 480)
    sintel = SHARED / "video" / "cea608" / "sintel-captions.ts"
    facts = media.probe(sintel)
    assert any(note.startswith(media.CEA_608) for note in facts.notes)
    assert not facts.browser_playable
