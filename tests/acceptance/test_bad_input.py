"""Bad input of every kind the desk meets: a clear sentence, an exit code, nothing half-written."""

from __future__ import annotations

import os
import struct
import subprocess
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from installation import SAMPLES, Installation

SAMPLE = SAMPLES / "harbour-interview.mp4"
ADD = ("--channel", "Harbour One", "--aired", "2026-05-14")


def _one_sentence(stderr: str, *parts: str) -> None:
    lines = [line for line in stderr.splitlines() if line.startswith("offair: ")]
    assert len(lines) == 1, stderr
    for part in parts:
        assert part in lines[0]
    assert "Traceback" not in stderr
    assert all(one.isprintable() for one in lines[0])


def _nothing_kept(made: Installation) -> None:
    with made.desk() as desk:
        assert list(desk.vault.objects()) == []
        assert list(desk.vault.unkept()) == []
        with desk.catalogue.snapshot() as tx:
            assert list(tx.recordings()) == []
            assert list(tx.jobs()) == []


def _tone(path: Path, seconds: float, audio_channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(audio_channels)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        frame = struct.pack("<h", 1000) * audio_channels
        sound.writeframes(frame * int(16_000 * seconds))
    return path


def test_a_text_named_mp4(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "news.mp4"
    file.write_text("This is not a film.\n" * 100, encoding="utf-8")
    done = installation.run("add", file, *ADD, code=None)
    assert done.returncode in (2, 7)
    _one_sentence(done.stderr, "news.mp4")
    _nothing_kept(installation)


def test_a_playlist_named_mp4_opens_no_other_file(
    installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "news.mp4"
    file.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:90\n#EXTINF:90,\nfile://{SAMPLE}\n#EXT-X-ENDLIST\n",
        encoding="utf-8",
    )
    done = installation.run("add", file, *ADD, code=None)
    assert done.returncode in (2, 7)
    _one_sentence(done.stderr, "news.mp4")
    _nothing_kept(installation)


def test_an_empty_file(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "empty.mp4"
    file.touch()
    _one_sentence(installation.run("add", file, *ADD, code=2).stderr, "empty.mp4", "0 bytes")
    _nothing_kept(installation)


def test_a_truncated_mp4(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "cut.mp4"
    file.write_bytes(SAMPLE.read_bytes()[:3000])
    done = installation.run("add", file, *ADD, code=None)
    assert done.returncode in (2, 7)
    _one_sentence(done.stderr, "cut.mp4")
    _nothing_kept(installation)


def test_an_mp4_cut_off_in_its_data_gives_what_is_there(
    installation: Installation, tmp_path: Path
) -> None:
    data = SAMPLE.read_bytes()
    file = tmp_path / "half.mp4"
    file.write_bytes(data[: len(data) // 2])
    done = installation.run("add", file, *ADD, "--language", "en", "--now", code=None)
    assert "Traceback" not in done.stderr
    with installation.desk() as desk, desk.catalogue.snapshot() as tx:
        (recording,) = tx.recordings()
        layers = [one for one in tx.layers(recording.id) if one.kind.value == "speech"]
        assert layers, "the half that can be read is heard"
        assert tx.count_turns(layers[0].id) > 0
        told = " ".join((done.stdout, done.stderr, layers[0].note or ""))
    assert "cut" in told or "trunc" in told or "damaged" in told or "only" in told


def test_a_file_without_sound(
    installation: Installation, tmp_path: Path, silent_video: Path
) -> None:
    done = installation.run("add", silent_video, *ADD, "--now")
    assert "has no sound" in done.stdout
    with installation.desk() as desk, desk.catalogue.snapshot() as tx:
        assert tx.layers(1) == []
        assert [job for job in tx.jobs() if job.kind == "process"] == []


def test_a_file_of_0_seconds(installation: Installation, tmp_path: Path) -> None:
    done = installation.run("add", _tone(tmp_path / "none.wav", 0), *ADD, code=None)
    assert done.returncode in (2, 7)
    _one_sentence(done.stderr, "none.wav")
    _nothing_kept(installation)


def test_48_audio_channels(installation: Installation, tmp_path: Path) -> None:
    done = installation.run("add", _tone(tmp_path / "many.wav", 1, 48), *ADD, "--now", code=None)
    assert "Traceback" not in done.stderr
    if done.returncode:
        _one_sentence(done.stderr, "many.wav")
    else:
        with installation.desk() as desk, desk.catalogue.snapshot() as tx:
            (stream,) = tx.recording(1).media.streams  # type: ignore[union-attr]
        assert stream.audio_channels == 48


def test_a_name_with_line_ends(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "two\nlines\x1b[31m.mp4"
    file.write_bytes(SAMPLE.read_bytes())
    done = installation.run("add", file, *ADD)
    assert "two\\nlines" in done.stdout
    assert "\x1b" not in done.stdout
    with installation.desk() as desk, desk.catalogue.snapshot() as tx:
        (recording,) = tx.recordings()
    assert recording.title.isprintable()
    assert recording.object is not None
    assert recording.object.name.isprintable()


def test_non_utf8_captions(installation: Installation, tmp_path: Path) -> None:
    captions = tmp_path / "news.srt"
    captions.write_bytes("1\n00:00:01,000 --> 00:00:02,000\ncaf\u00e9\n".encode("latin-1"))
    done = installation.run("import", captions, "--channel", "X", code=2)
    _one_sentence(done.stderr, "news.srt", "--encoding")
    _nothing_kept(installation)
    installation.run("import", captions, "--channel", "X", "--encoding", "latin-1")
    assert "café" in installation.run("show", "--recording", "1").stdout


def test_a_side_car_that_cannot_be_read_is_kept_and_said(
    installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "news.mp4").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "news.srt").write_bytes(b"\xff\xfe\xfdnothing")
    done = installation.run("add", tmp_path / "news.mp4", *ADD)
    assert "news.srt" in done.stdout
    with installation.desk() as desk, desk.catalogue.snapshot() as tx:
        assert [one.name for _, one in tx.attached(1, "side-car")] == ["news.srt"]


def test_a_record_without_header_or_labels(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("just some words about nothing\nand a second line\n", encoding="utf-8")
    done = installation.run("read", file, "--json", code=2)
    _one_sentence(done.stderr, "just some words about nothing")


def test_the_rest_goes_on(installation: Installation, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_text("no film", encoding="utf-8")
    done = installation.run("add", bad, SAMPLE, tmp_path / "missing.mp4", *ADD, code=3)
    assert len([line for line in done.stderr.splitlines() if line.startswith("offair: ")]) == 2
    assert done.stdout.startswith("recording 1: ")


def test_a_folder_a_pipe_and_a_file_without_permission(
    installation: Installation, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    for path in (tmp_path, tmp_path / "pipe.mp4"):
        _one_sentence(installation.run("add", path, *ADD, code=2).stderr)
    _nothing_kept(installation)


@contextmanager
def _small_disk(folder: Path, size: str) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_that_fills_up(installations: Callable[[str], Installation], tmp_path: Path) -> None:
    made = installations("small")
    if os.geteuid() != 0:
        pytest.skip("making a small disk needs root (mount -t tmpfs)")
    with _small_disk(tmp_path / "disk", "1m") as disk:
        vault = {"OFFAIR_STORE__VAULT": str(disk / "vault")}
        done = made.run("add", SAMPLE, *ADD, code=6, extra=vault)
        _one_sentence(done.stderr, "no room")
        left = [
            path for path in (disk / "vault").rglob("*") if path.is_file() and path.stat().st_size
        ]
        assert left == []
    made.run("add", SAMPLE, *ADD)
    with made.desk() as desk, desk.catalogue.snapshot() as tx:
        assert len(tx.recordings()) == 1


def test_a_decoder_that_eats_memory_is_stopped(installation: Installation) -> None:
    done = installation.run("add", SAMPLE, *ADD, code=2, extra={"OFFAIR_MEDIA__MEMORY_MB": "1"})
    assert "media.memory_mb" in done.stderr


def test_a_wrong_setting_names_itself(installation: Installation) -> None:
    done = installation.run("list", code=2, extra={"OFFAIR_LISTENING__BEEM": "5"})
    _one_sentence(done.stderr, "listening")
    done = installation.run("list", code=2, extra={"OFFAIR_LISTNING": "5"})
    _one_sentence(done.stderr, "OFFAIR_LISTNING")
    installation.config.write_text("name = [", encoding="utf-8")
    _one_sentence(installation.run("list", code=2).stderr, "not TOML")


def test_commands_run_wrong(heard: Installation) -> None:
    for words, code, part in (
        (("clip", "1", "--from", "5", "--to", "3"), 2, "--to after its --from"),
        (("clip", "1", "--from", "5"), 2, "each span needs both"),
        (("clip", "1", "--from", "0", "--to", "9:59:59"), 2, "lasts"),
        (("clip", "99", "--from", "0", "--to", "5"), 3, "99"),
        (("publish", "99"), 3, "99"),
        (("show", "no-such-record"), 3, "no-such-record"),
        (("show",), 2, "one thing to show"),
        (("export", "1", "--format", "odt"), 3, "odt"),
        (("read", "/nonexistent/file.txt"), 3, "file.txt"),
        (("check", "   ", "--recording", "1"), 2, "empty"),
        (("check", "words", "--record", "99"), 3, "99"),
        (("add", "x.mp4", "--channel", "c", "--aired", "2026-02-30"), 2, "2026-02-30"),
    ):
        done = heard.run(*words, code=code)
        assert part in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
