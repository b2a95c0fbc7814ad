"""What first bytes say, what a caption packet holds, how names are shown, the pipe's messages."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair import media
from offair.media.captioning import READABLE, closed, read_cue
from offair.media.copying import containers_for
from offair.media.picturing import fitted
from offair.media.sniffing import judge
from offair.media.wire import Kind, Unpacker, pack
from offair.model.errors import BadInput


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"#EXTM3U\n#EXTINF:10,\n/etc/passwd\n", "playlist"),
        (b"\xef\xbb\xbf\n #extm3u\n", "playlist"),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "join"),
        (b'<?xml version="1.0"?><MPD><BaseURL>file:///etc/passwd</BaseURL></MPD>', "DASH"),
        (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", "session"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"A transcript, nothing more.\n", "text"),
        ("Привет, мир".encode()[:-1], "text"),
        ("Hello".encode("utf-16"), "text"),
        (bytes(100), "zero bytes"),
    ],
)
def test_what_is_no_recording_is_refused_with_its_kind(head: bytes, word: str) -> None:
    refusal = judge(head).refusal
    assert refusal is not None
    assert word in refusal


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"\x00\x00\x00\x20ftypisom", "MP4 or MOV"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "WebM"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "Matroska"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "WAV"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "AVI"),
        (b"\x47\x40\x00\x10\x00\x00\xb0", None),
    ],
)
def test_what_may_be_a_recording_is_let_through(head: bytes, container: str | None) -> None:
    assert judge(head).refusal is None
    assert judge(head).container == container


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(head: bytes) -> None:
    found = judge(head)
    assert found.refusal is None or found.container is None


@pytest.mark.parametrize(
    ("codec", "data", "text", "speaker"),
    [
        ("mov_text", b"\x00\x05Hello styl junk", "Hello", None),
        ("mov_text", b"\x00\x00", "", None),
        ("subrip", b"<i>Two</i>\r\n{\\an8}lines", "Two\nlines", None),
        ("webvtt", b"<v.loud Ann Lee>Fish &amp; chips</v>", "Fish & chips", "Ann Lee"),
        ("ass", b"0,0,Default,Bob,0,0,0,,{\\b1}One\\NTwo, three", "One\nTwo, three", "Bob"),
        ("text", b"caf\xe9", "caf\ufffd", None),
    ],
)
def test_a_caption_packet_gives_its_words(
    codec: str, data: bytes, text: str, speaker: str | None
) -> None:
    assert read_cue(codec, data) == (text, speaker)


@given(st.sampled_from(READABLE), st.binary(max_size=60))
def test_any_caption_packet_can_be_read(codec: str, data: bytes) -> None:
    text, _ = read_cue(codec, data)
    assert text == text.strip()


def test_cues_end_where_the_next_starts_and_empty_ones_are_none() -> None:
    cues = [(-100, None, "a", None), (500, None, "", None), (900, 800, "b", None)]
    assert closed(cues) == [(0, 500, "a", None), (900, 900, "b", None)]


@pytest.mark.parametrize(
    "name", ["plain.mp4", "Ωμέγα.mp4", "a\nb.mp4", "\x1b[31m.mp4", "odd\udcff.mp4", "", " x"]
)
def test_a_shown_name_holds_nothing_a_terminal_obeys(name: str) -> None:
    text = media.shown(Path("/somewhere") / name if name else name)
    assert text.isprintable()
    assert "/" not in text
    assert text.encode("utf-8")


@given(st.text())
def test_any_name_can_be_shown(name: str) -> None:
    assert media.shown(name).isprintable()


@given(st.lists(st.tuples(st.sampled_from(Kind), st.binary(max_size=50))), st.integers(1, 40))
def test_messages_arrive_whole_however_the_pipe_cuts_them(
    messages: list[tuple[Kind, bytes]], step: int
) -> None:
    stream = b"".join(pack(kind, payload) for kind, payload in messages)
    unpacker, found = Unpacker(), []
    for position in range(0, len(stream), step):
        unpacker.feed(stream[position : position + step])
        while (message := unpacker.next()) is not None:
            found.append(message)
    assert found == messages


def test_a_message_that_is_none_is_noticed() -> None:
    for nonsense in (b"Z\x00\x00\x00\x00", b"R\xff\xff\xff\xff"):
        unpacker = Unpacker()
        unpacker.feed(nonsense)
        with pytest.raises(ValueError, match=r"message|Kind"):
            unpacker.next()


@given(
    st.integers(1, 20_000),
    st.integers(1, 20_000),
    st.fractions(min_value=Fraction(1, 10), max_value=10),
    st.sampled_from([0, 90, -90, 180]),
)
def test_a_fitted_picture_is_even_and_within_bounds(
    width: int, height: int, pixel: Fraction, rotation: int
) -> None:
    wide, tall = fitted(width, height, pixel=pixel, rotation=rotation, widest=1280, tallest=720)
    assert wide % 2 == tall % 2 == 0
    assert 2 <= wide <= 1280
    assert 2 <= tall <= 720


def test_a_fitted_picture_keeps_its_shape() -> None:
    bounds = {"widest": 1280, "tallest": 720}
    assert fitted(1920, 1080, pixel=Fraction(1), rotation=0, **bounds) == (1280, 720)
    assert fitted(720, 576, pixel=Fraction(16, 11), rotation=0, **bounds) == (1048, 576)
    assert fitted(480, 270, pixel=Fraction(1), rotation=-90, **bounds) == (270, 480)
    assert fitted(320, 180, pixel=Fraction(1), rotation=180, **bounds) == (320, 180)


def test_a_copy_goes_into_a_container_that_takes_its_codecs() -> None:
    assert containers_for("mov,mp4", ["h264", "aac"], pictures=True)[0][1] == ".mp4"
    assert containers_for("mov,mp4", ["prores", "pcm_s16le"], pictures=True)[0][1] == ".mov"
    assert containers_for("mpegts", ["h264", "mp2"], pictures=True)[0][1] == ".ts"
    assert containers_for("aac", ["aac"], pictures=False)[0][1] == ".m4a"
    assert containers_for("avi", ["mpeg4"], pictures=True)[0][1] == ".mkv"


def test_a_file_is_hashed_and_what_is_no_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert media.fixity(path) == (digest, 3)
    path.write_bytes(b"")
    with pytest.raises(BadInput, match=r"a\.bin is empty"):
        media.fixity(path)
    with pytest.raises(BadInput, match="not a regular file"):
        media.fixity(tmp_path)
    with pytest.raises(BadInput, match=r"no file nothing\.bin"):
        media.fixity(tmp_path / "nothing.bin")


def test_the_door_loads_no_media_library() -> None:
    code = "import sys, offair.media; print([m for m in sys.modules if m in ('av', 'numpy')])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
