"""Shared sound and video through the whole walk: five languages, poems, captions, no sound."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import jiwer
import pytest
from installation import Installation

from offair.model.transcript import LayerKind


def _words(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"[^\W_]+", folded))


def _heard(made: Installation, recording_id: int) -> tuple[str, str]:
    """(words, language) of what was heard of a recording."""
    with made.desk() as desk, desk.catalogue.snapshot() as tx:
        (layer,) = [one for one in tx.layers(recording_id) if one.kind is LayerKind.SPEECH]
        return " ".join(turn.text for turn in tx.turns(layer.id)), layer.language


@pytest.mark.timeout(600)
def test_five_languages_are_told_apart_and_heard(shared: Path, installation: Installation) -> None:
    folder = shared / "audio" / "fleurs"
    files = [file for tag in ("de", "en", "es", "fr", "pt") for file in sorted(
        folder.glob(f"fleurs-{tag}-*.ogg"))[:2]]  # fmt: skip
    assert len(files) == 10
    taken = installation.facts("add", *files, "--channel", "Fleurs")
    assert [one["event"] for one in taken] == ["accepted"] * 10
    ids = {one["file"]: one["recording"] for one in taken}
    installation.run("work", "--model", "base")
    reference, hypothesis, languages = [], [], []
    for file in files:
        text, language = _heard(installation, ids[str(file)])
        reference.append(_words(file.with_suffix(".txt").read_text(encoding="utf-8")))
        hypothesis.append(_words(text))
        languages.append(language == file.stem.split("-")[1])
    assert all(languages)
    # 14 % when it was measured with the base model; a wrong language alone would be near 100 %.
    assert jiwer.wer(reference, hypothesis) < 0.25


def test_jfk_and_a_sonnet_word_for_word(shared: Path, installation: Installation) -> None:
    jfk = shared / "audio" / "jfk" / "jfk.flac"
    (sonnet,) = sorted((shared / "audio" / "librivox").rglob("p001.mp3"))[:1]
    installation.run("add", jfk, sonnet, "--channel", "Voices", "--language", "en", "--now")
    text, _ = _heard(installation, 1)
    expected = (
        "and so my fellow americans ask not what your country can do for you ask what you can do "
        "for your country"
    )
    assert jiwer.wer(expected, _words(text)) < 0.1
    installation.run("reindex")
    (checked,) = installation.facts(
        "check", "ask not what your country can do for you", "--recording", "1"
    )
    assert {one["kind"] for one in checked["findings"][0]["passages"]} == {"equal"}
    text, _ = _heard(installation, 2)
    assert "from fairest creatures we desire" in _words(text)


def test_an_embedded_caption_track_is_a_layer_of_its_own(
    shared: Path, installation: Installation
) -> None:
    film = shared / "video" / "nasa" / "nasa_13013.mp4"
    (taken,) = installation.facts("add", film, "--channel", "NASA", "--aired", "2021")
    assert taken["captions"] == 2, "the file carries the same track twice"
    shown = installation.run("show", "--recording", "1").stdout
    assert "captions, en, from broadcaster" in shown
    assert "Webb" in shown


def test_transport_streams_get_a_proxy_and_say_what_was_not_read(
    shared: Path, installation: Installation
) -> None:
    folder = shared / "video" / "cea608"
    files = sorted(folder.glob("*.ts"))
    assert files
    done = installation.run("add", *files, "--channel", "Test", code=None)
    assert "Traceback" not in done.stderr
    assert "CEA-608" in done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("recording ")]
    refused = [line for line in done.stderr.splitlines() if line.startswith("offair: ")]
    assert len(lines) + len(refused) == len(files)
    installation.run("work", code=None)
    with installation.desk() as desk, desk.catalogue.snapshot() as tx:
        recordings = tx.recordings()
        jobs = {(job.kind, job.subject): job for job in tx.jobs()}
        for one in recordings:
            job = jobs["proxy", one.id]
            assert tx.attached(one.id, "proxy") or job.error, one.title
        assert any(tx.attached(one.id, "proxy") for one in recordings)
