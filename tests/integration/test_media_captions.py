"""Closed captions out of real pictures: all of them, on time, and the same as FFmpeg decodes."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from caption_samples import FRAMES, RATE, Known, Script, atsc, parity, script, sei, with_captions

from offair import media
from offair.formats import line_21
from offair.model.errors import BadInput, OffairError

FRAME_MS = float(1000 / RATE)
STREAMS = [
    ("libx264", ".ts", {"bf": "3"}),
    ("libx264", ".mp4", {"bf": "3"}),
    ("libx264", ".mkv", {"bf": "0"}),
    ("libx265", ".mp4", {"x265-params": "log-level=none"}),
    ("libx265", ".ts", {"x265-params": "log-level=none"}),
    ("mpeg2video", ".ts", {}),
]


def _read(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    facts = media.probe(path)
    assert f"{media.CEA_608} video" in facts.notes
    found = line_21.decode(media.closed_captions(path).pairs, facts.duration_ms)
    return {
        track.name: [(cue.span.start, cue.span.end, cue.text) for cue in track.cues]
        for track in found.tracks
    }


def _worst(known: list[Known], got: list[tuple[int, int, str]], end_ms: int) -> float:
    """The largest distance of a time from what the stream says, in frames; the texts agree."""
    assert [text for _, _, text in got] == [one.text for one in known]
    ends = [end_ms if one.end == FRAMES else one.end * FRAME_MS for one in known]
    return max(
        max(abs(start - one.start * FRAME_MS), abs(stop - end)) / FRAME_MS
        for (start, stop, _), one, end in zip(got, known, ends, strict=True)
    )


@pytest.mark.parametrize(("codec", "suffix", "options"), STREAMS)
def test_every_known_caption_is_there_within_one_frame(tmp_path, codec, suffix, options):
    captions = script()
    path = with_captions(tmp_path / f"known{suffix}", captions, codec=codec, options=options)
    got = _read(path)
    end = media.probe(path).duration_ms
    assert set(got) == {"CC1", "CC3"}
    for channel in (1, 3):
        known = captions.expected(channel, FRAMES)
        assert _worst(known, got[f"CC{channel}"], end) <= 1


def _by_ffmpeg(path: Path, field: str) -> tuple[list[str], Any]:
    """Texts of `cc_dec`, which sees the pictures decoded."""
    container = av.open(f"movie={path}[out0+subcc]", format="lavfi")
    stream: Any = next((one for one in container.streams if one.type == "subtitle"), None)
    texts, starts = [], []
    if stream is not None:
        stream.codec_context.options = {"data_field": field}
        for packet in container.demux(stream):
            for one in stream.codec_context.decode2(packet) or ():
                words = one.ass.decode().split(",", 8)[8]
                texts.append(re.sub(r"\{\\[^{}]*\}", "", words).replace("\\h", " "))
    return [
        "\n".join(" ".join(line.split()) for line in text.split("\\N") if line.strip())
        for text in texts
    ], starts


@pytest.mark.skipif("lavfi" not in av.formats_available, reason="this FFmpeg has no lavfi input")
@pytest.mark.parametrize(("codec", "suffix", "options"), STREAMS[:1] + STREAMS[-1:])
def test_pop_on_and_paint_on_are_what_ffmpeg_decodes(tmp_path, codec, suffix, options):
    captions = Script()
    captions.pop_on(40, 80, "PLAIN “É”", "♪ ½ á é í ó ú ç ñ ’ ß ♪")
    captions.pop_on(120, None, "back to")
    captions.pop_on(170, 220, "back")
    captions.paint_on(230, 330, "painted", "in two rows")
    captions.pop_on(400, 450, "last")
    path = with_captions(
        tmp_path / f"pop{suffix}", captions, codec=codec, options=options, frames=480
    )
    assert [text for _, _, text in _read(path)["CC1"]] == _by_ffmpeg(path, "first")[0]


@pytest.mark.skipif("lavfi" not in av.formats_available, reason="this FFmpeg has no lavfi input")
def test_the_shared_streams_are_what_ffmpeg_decodes(shared: Path, tmp_path: Path) -> None:
    folder = shared / "video" / "cea608"
    files = [*folder.glob("sintel*.ts"), *folder.glob("test-[!s]*.ts")]
    for head, rest in (("dash-608-captions", "-seg"), ("malformed-sei", "")):
        whole = tmp_path / f"{head}.mp4"
        parts = (folder / f"{head}-init.mp4", folder / f"{head}{rest}.m4s")
        whole.write_bytes(b"".join(part.read_bytes() for part in parts))
        files.append(whole)
    seen = {}
    for path in files:
        facts = media.probe(path)
        if not facts.of_kind("video"):
            continue
        found = line_21.decode(media.closed_captions(path).pairs, facts.duration_ms)
        ours = [cue.text for track in found.tracks for cue in track.cues]
        theirs, _ = _by_ffmpeg(path, "first")
        assert ours == theirs, path.name
        seen[path.name] = len(ours)
    assert seen["sintel-captions.ts"] == 3
    assert seen["dash-608-captions.mp4"] == 2
    assert seen["malformed-sei.mp4"] == 0


def test_every_letter_is_the_one_that_ffmpeg_has() -> None:
    decoder: Any = av.CodecContext.create("cc_dec", "r")
    decoder.options = {"real_time": "1", "data_field": "first"}

    def shown(pairs: list[tuple[int, int]]) -> str:
        for pair in [(0x14, 0x20), (0x14, 0x2E), (0x14, 0x70), *pairs, (0x14, 0x2F)]:
            got = decoder.decode2(av.Packet(bytes((0xFC, *map(parity, pair)))))
        words = got[0].ass.decode().split(",", 8)[8]
        decoder.decode2(av.Packet(bytes((0xFC, *map(parity, (0x14, 0x2C))))))
        words = re.sub(r"\{\\[^{}]*\}", "", words)
        return words.replace("\\{", "{").replace("\\}", "}").replace("\\\\", "\\").strip()

    def ours(pairs: list[tuple[int, int]]) -> str:
        sent = [(0x14, 0x20), (0x14, 0x70), *pairs, (0x14, 0x2F)]
        timed = [(n * 200, 1, *map(parity, pair)) for n, pair in enumerate(sent)]
        (track,) = line_21.decode(timed, 10_000).tracks
        return track.cues[0].text

    codes = [[(code, ord("x"))] for code in range(0x21, 0x80)]
    codes += [[(0x11, second), (ord("x"), 0)] for second in range(0x30, 0x40) if second != 0x39]
    codes += [[(ord("z"), 0), (first, second), (ord("x"), 0)] for first in (0x12, 0x13)
              for second in range(0x20, 0x40)]  # fmt: skip
    differ = {code[1]: (ours(code), shown(code)) for code in codes if ours(code) != shown(code)}
    # For these FFmpeg prints letters that look alike; the standard's are ours.
    assert set(differ) == {(0x12, 0x26), (0x12, 0x29), (0x12, 0x2A), (0x12, 0x2D)}, differ


def test_pictures_whose_packets_have_no_times_are_decoded(tmp_path: Path) -> None:
    captions = Script()
    captions.pop_on(40, 80, "bare stream")
    path = with_captions(tmp_path / "bare.h264", captions, frames=120, options={"bf": "0"})
    texts = [text for _, _, text in _read(path)["CC1"]]
    assert texts == ["bare stream"]


class _AfterAdverts(Script):
    """Nothing at all in the pictures before the captions begin."""

    begins = 760

    def triplets(self, frame: int) -> bytes:
        return super().triplets(frame) if frame >= self.begins else b""


@pytest.mark.parametrize("suffix", [".ts", ".mp4", ".mkv"])
def test_captions_that_begin_after_the_adverts_are_found(tmp_path: Path, suffix: str) -> None:
    captions = _AfterAdverts()
    captions.pop_on(780, 860, "after the adverts")
    path = with_captions(tmp_path / f"late{suffix}", captions, frames=1000, size=(32, 32))
    assert [text for _, _, text in _read(path)["CC1"]] == ["after the adverts"]
    captions.begins = 2000
    never = with_captions(tmp_path / f"never{suffix}", captions, frames=700, size=(32, 32))
    assert not any(media.CEA_608 in note for note in media.probe(never).notes)


def test_late_captions_of_a_bare_stream_are_found(tmp_path: Path) -> None:
    captions = _AfterAdverts()
    captions.pop_on(780, 860, "after the adverts")
    path = with_captions(tmp_path / "late.m2v", captions, frames=1000, size=(32, 32),
                         codec="mpeg2video")  # fmt: skip
    assert [text for _, _, text in _read(path)["CC1"]] == ["after the adverts"]


def test_a_caption_track_of_quicktime_is_read(tmp_path: Path) -> None:
    captions = Script()
    captions.pop_on(40, 80, "in a track")
    path = tmp_path / "track.mov"
    pictures = with_captions(tmp_path / "p.mp4", Script(), frames=120, options={"bf": "0"})
    with av.open(str(pictures)) as source, av.open(str(path), "w") as out:
        video = source.streams.video[0]
        copied = out.add_stream_from_template(video)
        track: Any = out.add_mux_stream("eia_608")
        track.time_base = 1 / RATE
        track.metadata["language"] = "spa"
        for number, packet in enumerate(one for one in source.demux(video) if one.pts is not None):
            packet.stream = copied
            out.mux(packet)
            made = av.Packet(captions.triplets(number)[:3])
            made.stream, made.time_base = track, 1 / RATE
            made.pts = made.dts = number
            made.duration = 1
            out.mux(made)
    facts = media.probe(path)
    (stream,) = facts.of_kind("subtitle")
    assert (stream.codec, stream.language) == (media.LINE_21, "spa")
    assert f"{media.CEA_608} caption track {stream.index} (language spa)" in facts.notes
    found = line_21.decode(media.closed_captions(path, stream.index).pairs, facts.duration_ms)
    assert [(t.name, [c.text for c in t.cues]) for t in found.tracks] == [("CC1", ["in a track"])]
    with pytest.raises(BadInput, match="cannot hold"):
        media.closed_captions(path, 7)


def test_services_of_cea_708_are_said_and_not_read(tmp_path: Path) -> None:
    class Digital(Script):
        def triplets(self, frame: int) -> bytes:
            # A packet of four bytes: its head, and a block of one byte for service 2.
            return super().triplets(frame)[:6] + bytes((0xFF, 0x02, 0x41, 0xFE, 0x20, 0x00))

    captions = Digital()
    captions.pop_on(40, 80, "both")
    path = with_captions(tmp_path / "both.ts", captions, frames=120)
    notes = media.probe(path).notes
    assert any("CEA-708 captions (service 2; language not said)" in note for note in notes)
    assert media.closed_captions(path).services == (2,)


def test_captions_as_pictures_are_said_with_their_language(tmp_path: Path) -> None:
    path = tmp_path / "pictures.mkv"
    with av.open(str(path), "w") as out:
        track: Any = out.add_mux_stream("dvd_subtitle")
        track.metadata["language"] = "fra"
        track.time_base = Fraction(1, 1000)
        packet = av.Packet(b"\x00\x04\x00\x04")
        packet.stream, packet.pts, packet.dts, packet.duration = track, 0, 0, 1000
        packet.time_base = track.time_base
        out.mux(packet)
    said = "DVD subtitles are in track 0 (language fra) as pictures and are not read"
    assert said in media.probe(path).notes


def test_web_captions_in_mp4_are_said_and_not_read(shared: Path, tmp_path: Path) -> None:
    folder = shared / "video" / "cea608"
    path = tmp_path / "web.mp4"
    parts = (folder / "test-webvtt-init.mp4", folder / "test-webvtt.m4s")
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    (note,) = (one for one in media.probe(path).notes if "WebVTT" in one)
    assert "track 0 (language und) and are not read" in note


@pytest.mark.parametrize("seed", range(4))
def test_malformed_messages_never_break_anything(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)

    class Broken(Script):
        def triplets(self, frame: int) -> bytes:
            return bytes(chance.randrange(256) for _ in range(3 * chance.randrange(0, 31)))

    path = with_captions(tmp_path / "broken.ts", Broken(), frames=150, options={"bf": "2"})
    data = bytearray(path.read_bytes())
    for _ in range(200):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)
    try:
        read = media.closed_captions(path)
    except OffairError:
        return
    line_21.decode(read.pairs, 5000)


def test_the_encoder_of_these_tests_escapes_and_counts() -> None:
    assert b"\x00\x00\x03\x01" in sei(bytes((0xFA, 0, 0, 1, 0, 0)))
    assert atsc(b"\xfc\x80\x80")[5] & 0x1F == 1
