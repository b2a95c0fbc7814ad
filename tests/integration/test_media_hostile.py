"""Bad and hostile files: a clear sentence each, nothing half-written, no child left behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
import zlib
from contextlib import closing
from pathlib import Path

import av
import psutil
import pytest
from av.packet import Packet
from media_samples import SHARED, click_times, heard, make

from offair import media
from offair.media.calling import Child
from offair.model.errors import BadInput, Corrupt, OffairError, Unavailable
from offair.model.time import Span


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    make(path, container="mp4", seconds=10.0, click_times=(1.0,))
    return path


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Just words, nothing to hear.\n" * 40, "holds text"),
        (b"", "is empty"),
        (bytes(5000), "zero bytes"),
        (random.Random(3).randbytes(5000), "not a media file"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "no index"),
        (b"RIFF\xff\xff\x00\x00WAVEfmt \x10", "begins like WAV"),
        (b"OggS" + bytes(200), "begins like Ogg"),
    ],
)
def test_what_is_not_media_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "broadcast.mp4"
    path.write_bytes(content)
    for act in (media.probe, heard):
        with pytest.raises((BadInput, Corrupt), match=rf"broadcast\.mp4 .*{words}"):
            act(path)


@pytest.mark.parametrize(
    "template",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{other}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{other}'\n",
        "<?xml version='1.0'?><MPD><BaseURL>file://{other}</BaseURL></MPD>",
    ],
)
def test_a_playlist_reads_no_other_file(template: str, film: Path, tmp_path: Path) -> None:
    path = tmp_path / "playlist.mp4"
    path.write_text(template.format(other=film))
    with pytest.raises(BadInput, match="points at other files"):
        media.probe(path)


def test_ffmpeg_itself_is_held_to_the_one_file(film: Path, tmp_path: Path) -> None:
    """The refusal above is ours; underneath, the lists given to FFmpeg hold on their own."""
    path = tmp_path / "playlist.mp4"
    path.write_text(f"ffconcat version 1.0\nfile 'file:{film}'\n")
    code = """
        import os, sys
        import av
        from offair.media.opening import _OPTIONS
        descriptor = os.open(sys.argv[1], os.O_RDONLY)
        options = {**_OPTIONS, "fd": str(descriptor)}
        options["safe"] = "0"
        options.update(one.split("=") for one in sys.argv[2:])
        try:
            print(len(list(av.open("fd:", container_options=options).demux())))
        except av.FFmpegError as error:
            print(type(error).__name__)
    """

    def read(*lifted: str) -> str:
        command = [sys.executable, "-c", textwrap.dedent(code), str(path), *lifted]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert read() == "ArgumentError"
    assert read("format_whitelist=concat,mov") in ("ArgumentError", "InvalidDataError", "0")
    assert read("protocol_whitelist=fd,file") == "ArgumentError"
    # With both lifted it is followed: so each of them alone did hold it.
    assert int(read("format_whitelist=concat,mov", "protocol_whitelist=fd,file")) > 100


@pytest.mark.parametrize("kind", ["fifo", "folder", "missing"])
def test_what_is_no_file_is_not_opened(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x.mp4"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(BadInput, match=r"not a regular file|no file"):
        media.probe(path)


def test_names_with_control_characters_are_shown_escaped(film: Path, tmp_path: Path) -> None:
    path = tmp_path / "two\nlines \x1b[31m\udcff.mp4"
    path.write_bytes(film.read_bytes())
    assert media.probe(path).duration_ms == 10_000
    path.write_bytes(b"no media")
    with pytest.raises(BadInput) as caught:
        media.probe(path)
    assert str(caught.value).isprintable()
    assert "two\\nlines" in str(caught.value)


def test_an_mp4_without_its_index(film: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(film.read_bytes()[:-2000])
    with pytest.raises(Corrupt, match=r"cut\.mp4 has no index .*fetch it again"):
        media.probe(path)


def test_an_mp4_whose_end_is_missing_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole, path = tmp_path / "whole.mp4", tmp_path / "half.mp4"
    make(whole, container="mp4", seconds=20.0, options={"movflags": "faststart"})
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    facts = media.probe(path)
    assert 2000 < facts.duration_ms < 18_000
    assert any("the end of the file is missing" in note for note in facts.notes)
    assert len(heard(path)) / 16 == pytest.approx(facts.duration_ms, abs=400)


def test_a_cover_picture_is_not_video(tmp_path: Path) -> None:
    import struct

    sound, path = tmp_path / "sound.flac", tmp_path / "cover.flac"
    make(sound, container="flac", video=None, audio="flac")
    image = _png(64, 64)
    block = struct.pack(">II", 3, 9) + b"image/png" + struct.pack(">I", 0)
    block += struct.pack(">IIIII", 64, 64, 8, 0, len(image)) + image
    data = sound.read_bytes()
    picture = b"\x06" + len(block).to_bytes(3, "big") + block
    path.write_bytes(data[:42] + picture + data[42:])
    facts = media.probe(path)
    assert not facts.of_kind("video")
    assert facts.of_kind("data")
    assert any("cover picture" in note for note in facts.notes)
    assert facts.browser_playable
    assert media.cut(path, [Span(0, 1000)], tmp_path)[0].path.suffix == ".m4a"


def _png(width: int, height: int) -> bytes:
    packer = zlib.compressobj(1)
    rows = b"".join(packer.compress(bytes(width + 1)) for _ in range(height)) + packer.flush()

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + crc

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_picture_that_eats_memory_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "huge.mov"
    with av.open(str(path), "w") as out:
        stream = out.add_mux_stream("png", width=15_000, height=15_000, rate=1)
        packet = Packet(_png(15_000, 15_000))
        packet.stream, packet.pts, packet.dts = stream, 0, 0
        packet.is_keyframe = True
        out.mux(packet)
    limits = media.Limits(memory_bytes=320 << 20)
    with pytest.raises(Corrupt, match=r"huge\.mov"):
        media.still(path, 0, tmp_path / "s.png", limits)
    with pytest.raises(Corrupt, match=r"huge\.mov"):
        media.proxy(path, tmp_path / "p.mp4", limits)
    assert [one.name for one in tmp_path.iterdir()] == ["huge.mov"]


def _child(code: str, path: Path, limits: media.Limits) -> Child:
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return Child("probe", path, {}, limits, command=command)


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        ("import time; time.sleep(600)", Corrupt, "no progress for 0.5 s"),
        ("import sys; sys.stdin.readline()\nwhile True: pass", Corrupt, "no progress"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", Corrupt, "signal 11"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Unavailable, "from outside"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", Corrupt, "CPU time"),
        ("print('what' * 9, flush=True); import time; time.sleep(600)", Corrupt, "nonsense"),
        ("raise MemoryError", Corrupt, "2048 MiB"),
        ("raise KeyError('\\x1b[31m')", Corrupt, "exit 1"),
        ("pass", Corrupt, "exit 0: silent"),
    ],
)
def test_a_child_that_goes_wrong_is_ended_and_explained(
    code: str, error: type[OffairError], words: str, film: Path
) -> None:
    child = _child(
        code, film, media.Limits(silent_s=0.5 if "600" in code or "while" in code else 30)
    )
    with child, pytest.raises(error, match=words) as caught:
        list(child.messages())
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith(("film.mp4", "the process"))
    assert not psutil.pid_exists(child.pid)


def test_a_child_takes_no_more_than_its_limits(film: Path) -> None:
    code = """
        import json, sys, resource
        from offair.media import confining
        request = json.loads(sys.stdin.readline())
        memory, cpu = request["memory_bytes"], request["cpu_s"]
        confining.limit(memory_bytes=memory, cpu_s=cpu, output_bytes=0)
        if cpu == 1:
            while True: pass
        bytearray(1 << 30)
    """
    limits = media.Limits(memory_bytes=300 << 20)
    with _child(code, film, limits) as child, pytest.raises(Corrupt, match="300 MiB"):
        list(child.messages())
    limits = media.Limits(cpu_s=1)
    with _child(code, film, limits) as child, pytest.raises(Corrupt, match="CPU time"):
        list(child.messages())


def test_a_child_writes_no_more_than_allowed_and_leaves_nothing(film: Path, tmp_path: Path) -> None:
    limits = media.Limits(output_bytes=2000)
    with pytest.raises(Unavailable, match="larger than the 2000 bytes"):
        media.cut(film, [Span(0, 9000)], tmp_path, limits)
    with pytest.raises(Unavailable, match="larger than the 2000 bytes"):
        media.proxy(film, tmp_path / "p.mp4", limits)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("device", ["/dev/full"])
def test_a_disk_that_is_full_is_said(device: str, film: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.mp4"
    part = out.with_name(".p.mp4.part")
    part.symlink_to(device)
    with pytest.raises(Unavailable, match=r"disk filled up|could not be written"):
        media.proxy(film, out)
    assert not out.exists()


def test_a_killed_desk_takes_its_children_along(tmp_path: Path) -> None:
    path = tmp_path / "long.flac"
    make(path, container="flac", video=None, audio="flac", seconds=300)
    code = f"""
        import time
        from pathlib import Path
        from offair import media
        blocks = media.sound(Path({str(path)!r}))
        next(blocks)
        print("going", flush=True)
        time.sleep(600)
    """
    desk = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert desk.stdout is not None
    assert desk.stdout.readline() == "going\n"
    (child,) = psutil.Process(desk.pid).children()
    desk.send_signal(signal.SIGKILL)
    desk.wait()
    desk.stdout.close()
    for _ in range(200):
        if not child.is_running() or child.status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.05)
    else:
        child.kill()
        pytest.fail("the child outlived the desk by ten seconds")


@pytest.mark.parametrize("seed", range(6))
def test_damaged_bytes_give_sound_or_a_sentence(seed: int, film: Path, tmp_path: Path) -> None:
    chance = random.Random(seed)
    data = bytearray(film.read_bytes())
    for _ in range(200):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    said = []
    for act in (media.probe, heard, lambda one: media.proxy(one, tmp_path / "p.mp4")):
        try:
            act(path)
        except OffairError as error:
            said.append(str(error))
    assert all("damaged.mp4" in text and "Traceback" not in text for text in said)
    assert {one.name for one in tmp_path.iterdir()} <= {"damaged.mp4", "p.mp4"}


def test_sound_after_a_damaged_stretch_stands_where_it_should(tmp_path: Path) -> None:
    path = tmp_path / "bad.ts"
    make(path, container="mpegts", video=None, seconds=10.0, click_times=(1.0, 4.0, 8.0))
    before = click_times(heard(path))
    data = bytearray(path.read_bytes())
    middle = len(data) * 55 // 100 // 188 * 188
    data[middle : middle + 188 * 30] = random.Random(1).randbytes(188 * 30)
    path.write_bytes(data)
    with closing(media.sound(path)) as blocks:
        damaged = [block.start_ms for block in blocks if block.damaged]
    assert damaged
    assert all(4000 <= start <= 8000 for start in damaged)
    assert click_times(heard(path))[-1] == pytest.approx(before[-1], abs=0.005)
    assert click_times(heard(path))[:2] == before[:2]


@pytest.mark.skipif(not (SHARED / "video").is_dir(), reason="../shared/video is not here")
def test_shared_odd_files_are_read_or_refused(tmp_path: Path) -> None:
    folder = SHARED / "video" / "cea608"
    joined = tmp_path / "malformed.mp4"
    joined.write_bytes(
        (folder / "malformed-sei-init.mp4").read_bytes()
        + (folder / "malformed-sei.m4s").read_bytes()
    )
    facts = media.probe(joined)
    assert facts.duration_ms > 1000
    assert len(heard(joined)) / 16 == pytest.approx(facts.duration_ms, abs=300)
    with pytest.raises(Corrupt, match="no index"):
        media.probe(folder / "malformed-sei.m4s")
    facts = media.probe(folder / "test-no-audio-segment.ts")
    assert any("none is there" in note for note in facts.notes)
    with pytest.raises(BadInput):
        media.probe(folder / "test-stuffed-pes.ts")
