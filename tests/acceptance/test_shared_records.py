"""The shared printed records: read and printed back, imported under their own numbers."""

from __future__ import annotations

from pathlib import Path

from installation import Installation


def test_every_shared_record_is_printed_back_byte_for_byte(
    shared: Path, installation: Installation, tmp_path: Path
) -> None:
    files = [
        shared / "records" / "8914.txt",
        *sorted((shared / "records" / "layouts").glob("*.txt")),
    ]
    assert len(files) == 13
    for file in files:
        out = tmp_path / file.name
        installation.run("read", file, "--format", "record", "-o", out)
        assert out.read_bytes() == file.read_bytes(), file.name


def test_an_imported_record_keeps_its_number_and_is_a_translation(
    shared: Path, installation: Installation
) -> None:
    file = shared / "records" / "8914.txt"
    (taken,) = installation.facts("import", file, "--publisher", "printed")
    assert taken["number"] == "printed #8914"
    shown = installation.run("show", "printed/8914").stdout
    assert shown.encode() == file.read_bytes()
    transcript = installation.run("show", "--recording", str(taken["recording"])).stdout
    assert "translation, en, from import" in transcript
    assert "Qais Khazali" in transcript
    (again,) = installation.facts("import", file, "--publisher", "printed")
    assert again["event"] == "known"
    assert again["recording"] == taken["recording"]


def test_a_folder_of_records_comes_in_and_what_is_refused_is_said(
    shared: Path, installation: Installation
) -> None:
    done = installation.run(
        "import", shared / "records" / "layouts", "--channel", "Layouts", code=None
    )
    lines = done.stdout.splitlines()
    taken = [line for line in lines if line.startswith("recording ")]
    refused = [line for line in done.stderr.splitlines() if line.startswith("offair: ")]
    assert len(taken) + len(refused) == 24
    assert sum(".txt" in line for line in taken) == 12
    assert all(".json" in line for line in refused)
