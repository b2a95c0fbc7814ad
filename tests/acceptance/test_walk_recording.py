"""The main walk: a recording goes in, a citable record comes out, in every format."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from installation import PASS, SAMPLES, Installation

from offair import formats, media
from offair.model.record import NOT_CHECKED
from offair.model.transcript import LayerKind, LayerOrigin


def _spoken() -> list[str]:
    script = json.loads((SAMPLES / "harbour-interview.script.json").read_text(encoding="utf-8"))
    return re.findall(r"[a-z']+", " ".join(turn["text"] for turn in script["turns"]).lower())


def test_the_sample_is_heard_with_times_inside_it(heard: Installation) -> None:
    with heard.desk() as desk, desk.catalogue.snapshot() as tx:
        recording = tx.recording(1)
        assert recording.media is not None
        (speech,) = [one for one in tx.layers(1) if one.kind is LayerKind.SPEECH]
        (captions,) = [one for one in tx.layers(1) if one.kind is LayerKind.CAPTIONS]
        turns = tx.turns(speech.id)
        assert speech.frozen
        assert speech.origin is LayerOrigin.ENGINE
        assert captions.origin is LayerOrigin.BROADCASTER
        assert len(tx.sentences([turn.id for turn in turns])) >= len(turns)
        changed = [(kind, subject) for _, kind, subject in tx.changes()]
        chunks = tx.chunks(1, speech.run)
    assert ("layer", speech.id) in changed
    assert ("layer", captions.id) in changed
    last = 0
    for turn in turns:
        for word in turn.words:
            assert word.start is not None
            assert word.end is not None
            assert last <= word.start <= word.end <= recording.media.duration_ms
            last = word.start
    edges = [edge for one in chunks for edge in (one.span.start, one.span.end)]
    assert edges[1:-1:2] == edges[2::2], "chunks leave a gap or overlap"
    assert all(one.span.length <= 30_000 for one in chunks)
    said = " ".join(turn.text for turn in turns).lower()
    expected = set(_spoken())
    found = {word for word in expected if re.search(rf"\b{re.escape(word)}\b", said)}
    assert len(found) > 0.8 * len(expected)


def test_an_identical_hearing_is_the_one_there_was(heard: Installation) -> None:
    with heard.desk() as desk, desk.catalogue.transaction() as tx:
        layers = len(tx.layers(1))
        desk.queue.enqueue(tx, "process", 1)
    heard.run("work")
    with heard.desk() as desk, desk.catalogue.snapshot() as tx:
        assert len(tx.layers(1)) == layers


def test_the_same_bytes_elsewhere_are_another_recording_on_one_object(heard: Installation) -> None:
    again = heard.facts(
        "add", SAMPLES / "harbour-interview.mp4", "--channel", "Harbour One", "--aired",
        "2026-05-14",
    )  # fmt: skip
    assert again[0]["event"] == "known"
    assert again[0]["recording"] == 1
    other = heard.facts(
        "add", SAMPLES / "harbour-interview.mp4", "--channel", "Harbour Two", "--language", "en",
        "--aired", "2026-05",
    )  # fmt: skip
    assert other[0]["event"] == "accepted"
    assert other[0]["recording"] != 1
    assert other[0]["sha256"] == again[0]["sha256"]
    progress = [one for one in heard.facts("work") if one["event"] == "progress"]
    assert progress[-1]["heard"] == 0, "the same sound heard the same way is a claim that is there"
    assert progress[-1]["reused"] > 0
    with heard.desk() as desk, desk.catalogue.snapshot() as tx:
        aired = tx.recording(other[0]["recording"]).aired
    assert str(aired) == "2026-05", "a month is not widened to a day"


@pytest.fixture(scope="module")
def published(heard: Installation) -> dict[str, object]:
    drafted = heard.facts(
        "clip", "1", "--from", "0:10.5", "--to", "0:33.2", "--headline", "Ferry: a test",
        "--summary", "Two people talk about the harbour.",
    )  # fmt: skip
    return heard.facts("publish", str(drafted[0]["clip"]), *PASS)[-1]


def test_a_published_record_says_in_every_format_that_nobody_checked_it(
    heard: Installation, published: dict[str, object], tmp_path: Path
) -> None:
    number = str(published["number"])
    for name, one in formats.FORMATS.items():
        if not one.writes:
            continue
        if name == "docx":
            file = tmp_path / "record.docx"
            heard.run("export", number, "--format", name, "-o", file)
            assert NOT_CHECKED in heard.run("read", file).stdout
            continue
        text = heard.run("export", number, "--format", name).stdout
        assert NOT_CHECKED in text, name
    assert NOT_CHECKED in heard.run("show", number).stdout


def test_the_printed_record_reads_back(
    heard: Installation, published: dict[str, object], tmp_path: Path
) -> None:
    file = tmp_path / "record.txt"
    heard.run("export", str(published["number"]), "--format", "record", "-o", file)
    assert heard.run("read", file, "--format", "record").stdout == file.read_text(encoding="utf-8")
    document = json.loads(heard.run("read", file, "--json").stdout)
    assert document["record"]["headline"] == "Ferry: a test"
    assert (
        document["record"]["run_time_ms"] == 22_000 or document["record"]["run_time_ms"] == 23_000
    )


def test_the_exact_cut_is_within_40_ms(heard: Installation, published: dict[str, object]) -> None:
    cuts = {one["role"]: one["sha256"] for one in published["media"]}  # type: ignore[attr-defined]
    assert set(cuts) == {"exact", "original"}
    with heard.desk() as desk:
        exact = media.probe(desk.vault.path(cuts["exact"]), desk.limits)
        original = media.probe(desk.vault.path(cuts["original"]), desk.limits)
    assert abs(exact.duration_ms - 22_700) <= 40
    assert original.duration_ms >= 22_700


def test_numbers_follow_and_editions_need_a_note(
    heard: Installation, published: dict[str, object]
) -> None:
    clip, number = str(published["clip"]), str(published["number"])
    refused = heard.run("publish", clip, code=2)
    assert "public note" in refused.stderr
    second = heard.facts("publish", clip, "--note", "The same again.", *PASS)[-1]
    assert (second["number"], second["edition"]) == (number, 2)
    assert heard.run("show", f"{number}/1").stdout
    other = heard.facts("clip", "1", "--from", "1", "--to", "5")[0]["clip"]
    assert int(heard.facts("publish", str(other), *PASS)[-1]["number"]) == int(number) + 1


def test_a_failed_cut_burns_no_number(heard: Installation) -> None:
    drafted = heard.facts("clip", "1", "--from", "2", "--to", "6")[0]["clip"]
    with heard.desk() as desk, desk.catalogue.snapshot() as tx:
        clip = tx.clip(drafted)
        held = set(desk.vault.objects())
    assert clip.number is None
    refused = heard.run(
        "publish", str(drafted), *PASS, code=None, extra={"OFFAIR_MEDIA__SILENT_S": "0.000001"}
    )
    assert refused.returncode in (6, 7)
    assert refused.stderr.startswith("offair: ")
    with heard.desk() as desk, desk.catalogue.snapshot() as tx:
        assert tx.clip(drafted).number is None
        assert set(desk.vault.objects()) == held
    numbers = [
        heard.facts("clip", "1", "--from", "2", "--to", str(end))[0]["clip"] for end in (5, 7)
    ]
    first, second = (int(heard.facts("publish", str(one), *PASS)[-1]["number"]) for one in numbers)
    assert second == first + 1


def test_progress_is_plain_lines_without_a_terminal(installation: Installation) -> None:
    done = installation.run("add", SAMPLES / "padaria-pt.m4a", "--channel", "Rádio", "--now")
    lines = [line for line in done.stderr.splitlines() if line.startswith("hearing 1: ")]
    assert lines[-1].startswith("hearing 1: 100 %")
    assert "\x1b" not in done.stderr


def test_a_quotation_is_held_against_one_recording(heard: Installation) -> None:
    heard.run("reindex")
    with heard.desk() as desk, desk.catalogue.snapshot() as tx:
        (speech,) = [one for one in tx.layers(1) if one.kind is LayerKind.SPEECH]
        words = tx.turns(speech.id)[0].text.split()[:8]
    (same,) = heard.facts("check", " ".join(words), "--recording", "1")
    (found,) = same["findings"]
    assert {edit["kind"] for edit in found["passages"]} == {"equal"}
    assert found["pieces"][0]["at"] is not None
    changed = [*words[:4], "zeppelin", *words[5:]]
    (other,) = heard.facts("check", " ".join(changed), "--recording", "1")
    (found,) = other["findings"]
    kinds = {edit["kind"]: edit for edit in found["passages"]}
    assert "zeppelin" in kinds["substituted"]["printed_text"]
    assert found["provisional"] == "machine transcript, not heard"


def test_texts_come_in_as_recordings_without_media(heard: Installation) -> None:
    taken = heard.facts(
        "import", SAMPLES / "souq-ar.vtt", "--channel", "Souq FM", "--spoken", "ar",
        "--language", "ar",
    )  # fmt: skip
    shown = heard.run("show", "--recording", str(taken[0]["recording"])).stdout
    assert "speech, ar, from import" in shown
    turn = int(re.findall(r"turn (\d+)", shown)[0])
    refused = heard.run("clip", str(taken[0]["recording"]), "--from", "0", "--to", "5", code=2)
    assert "--turns" in refused.stderr
    drafted = heard.facts("clip", str(taken[0]["recording"]), "--turns", str(turn))[0]
    number = str(heard.facts("publish", str(drafted["clip"]), *PASS)[-1]["number"])
    assert "Souq FM" in heard.run("show", number).stdout


def test_the_help_of_every_command(installation: Installation) -> None:
    listed = installation.run("--help").stdout
    for name in ("add", "import", "work", "clip", "publish", "show", "export", "read", "check"):
        assert f"  {name} " in listed
        assert installation.run(name, "--help").stdout.startswith(f"usage: offair {name}")
    wrong = subprocess.run(
        installation.command("publsh"), env=installation.environment(), text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert wrong.returncode == 2
    assert "no command 'publsh'" in wrong.stderr


def test_the_layers_of_a_recording_are_listed_with_their_ids(heard: Installation) -> None:
    rows = heard.facts("list", "layers", "--recording", "1")
    assert {(row["kind"], row["origin"]) for row in rows} == {
        ("speech", "engine"), ("captions", "broadcaster"),
    }  # fmt: skip
    for row in rows:
        shown = heard.run("show", "--recording", "1", "--layer", str(row["layer"])).stdout
        assert shown.startswith(f"layer {row['layer']}: {row['kind']}")
    assert "--recording" in heard.run("list", "layers", code=2).stderr


def test_a_side_car_belongs_to_the_file_whose_name_it_carries(
    installation: Installation, tmp_path: Path
) -> None:
    captions = "1\n00:00:01,000 --> 00:00:02,000\nWords.\n"
    (tmp_path / "news.m4a").write_bytes((SAMPLES / "padaria-pt.m4a").read_bytes())
    for name in ("news.pt.srt", "news2.srt"):
        (tmp_path / name).write_text(captions, encoding="utf-8")
    (taken,) = installation.facts("add", tmp_path / "news.m4a", "--channel", "X")
    assert taken["captions"] == 1
    with installation.desk() as desk, desk.catalogue.snapshot() as tx:
        assert [one.name for _, one in tx.attached(1, "side-car")] == ["news.pt.srt"]
        assert [layer.language for layer in tx.layers(1)] == ["pt"]
