"""Commands given wrongly or stopped half-way: sentences, exit codes, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from installation import PASS, SAMPLES, Installation

from offair.desk.browse import list_jobs
from offair.model.job import JobState

SAMPLE = SAMPLES / "harbour-interview.mp4"
ADD = ("--channel", "Harbour One", "--aired", "2026-05-14")


def test_work_that_is_put_off_is_told_and_not_called_well(installation: Installation) -> None:
    installation.run("add", SAMPLE, *ADD)
    for variable, value in (("MODEL", "nobody/nothing"), ("ENGINE", "typo")):
        with installation.desk() as desk, desk.catalogue.transaction() as tx:
            for job in tx.jobs([JobState.QUEUED]):
                tx.claim_due_job([job.kind], owner="test", now=4e9, leased_until=4e9)
                tx.update_job(job.id, owner="test", state=JobState.QUEUED, due=0.0)
        done = installation.run("work", code=6, extra={f"OFFAIR_LISTENING__{variable}": value})
        assert value in done.stderr
        assert "wait to be tried again" in done.stderr
    again = installation.run("work")
    assert "1 job(s) wait to be tried again" in again.stderr
    with installation.desk() as desk:
        assert [job.state for job in list_jobs(desk)] == [JobState.QUEUED]


def test_work_again_names_what_it_cannot_do(heard: Installation) -> None:
    assert "nothing is left to do" in heard.run("work", "--again", "1").stderr
    assert "99" in heard.run("work", "--again", "99", code=3).stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OFFAIR_LISTENING", "foo"), ("OFFAIR_WEB__HOSTS", "foo"),
        ("OFFAIR_LISTENING__MODLE", "tiny.en"), ("OFFAIR_LISTENING__PROCESSES", "-1"),
    ],
)  # fmt: skip
def test_a_variable_that_cannot_be_read(
    installation: Installation, variable: str, value: str
) -> None:
    done = installation.run("list", code=2, extra={variable: value})
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("offair: ")
    assert installation.run("doctor", code=1, extra={variable: value}).stdout.count("BAD") == 1


def test_settings_name_the_home_folder(installation: Installation, tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path / "home"), "OFFAIR_DATA": "~/desk"}
    installation.run("list", extra=home)
    assert (tmp_path / "home" / "desk" / "offair.sqlite").is_file()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("work", "--processes", "-1"), "processes"),
        (("work", "--processes", "300"), "processes"),
        (("add", "x.mp4", "--channel", "c", "--language", "English"), "BCP 47"),
        (("import", "x.txt", "--spoken", "v2"), "BCP 47"),
        (("clip", "1", "--from", "1:75", "--to", "3:00"), "1:75"),
    ],
)
def test_words_that_cannot_be_meant(
    installation: Installation, words: tuple[str, ...], part: str
) -> None:
    done = installation.run(*words, code=2)
    assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_an_export_to_a_place_that_is_no_file(heard: Installation, tmp_path: Path) -> None:
    made = heard.facts("clip", "1", "--from", "0:10", "--to", "0:20")[0]["clip"]
    number = str(heard.facts("publish", str(made), *PASS)[-1]["number"])
    (tmp_path / "file").touch()
    for place, code in (("/", 2), (".", 2), (tmp_path, 2), (tmp_path / "file" / "x", 6)):
        done = heard.run("export", number, "--format", "json", "-o", place, code=code)
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("offair: ")


def test_an_output_that_is_full_or_knows_few_characters(heard: Installation) -> None:
    for words in (("list",), ("show", "--recording", "1"), ("list", "--json")):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                heard.command(*words), env=heard.environment(), stdout=full,
                stderr=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
        assert done.returncode == 6, done.stderr
        assert "Traceback" not in done.stderr
        assert "Exception ignored" not in done.stderr
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    heard.run("reindex")
    heard.run("check", "caf\u00e9 \u0645", "--recording", "1", extra=ascii_only)
    out = heard.run(
        "check", "harbour \u0645", "--recording", "1", "--json", extra=ascii_only
    ).stdout
    assert json.loads(out)["event"] == "checked"


def test_json_tells_what_was_refused(installation: Installation, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    first, second = installation.facts("add", empty, SAMPLE, *ADD, code=2)
    assert (first["event"], second["event"]) == ("refused", "accepted")
    assert first["file"] == str(empty)
    assert "0 bytes" in first["error"]
    (tmp_path / "empty.txt").touch()
    (told,) = installation.facts("import", tmp_path / "empty.txt", code=2)
    assert told["event"] == "refused"


def test_what_is_said_of_a_known_channel_is_not_dropped_in_silence(
    installation: Installation,
) -> None:
    installation.run("add", SAMPLE, *ADD, "--language", "en", "--country", "Ireland")
    said = installation.facts("add", SAMPLE, *ADD, "--language", "pt", "--country", "Malta")
    assert [note for note in said[0]["notes"] if "not taken over" in note and "pt" in note]
    assert [note for note in said[0]["notes"] if "not taken over" in note and "Malta" in note]


def test_the_newest_job_comes_first(installation: Installation) -> None:
    for aired in ("2026-05-14", "2021-01-01", "2024"):
        installation.run("add", SAMPLE, "--channel", "Harbour One", "--aired", aired)
    listed = [one["job"] for one in installation.facts("list", "jobs")]
    assert listed == sorted(listed, reverse=True)
    older = [one["job"] for one in installation.facts("list", "jobs", "--before", listed[0])]
    assert older == listed[1:]


def test_a_killed_publish_leaves_nothing_in_the_making(heard: Installation) -> None:
    draft = str(heard.facts("clip", "1", "--from", "0:05", "--to", "1:30")[0]["clip"])
    process = subprocess.Popen(
        heard.command("publish", draft, *PASS), env=heard.environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    scratch = heard.data / "scratch"
    for _ in range(400):
        if scratch.is_dir() and list(scratch.glob("cut-*/*")):
            break
        assert process.poll() is None, "published before it could be killed"
        time.sleep(0.01)  # polling another process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert list(scratch.glob("cut-*"))
    heard.run("work")
    assert [one.name for one in scratch.iterdir()] == ["lock"]
