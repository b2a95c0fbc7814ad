"""`offair jobs`: what is to be done, and a person's word over it, through the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable

from installation import SAMPLES, Installation

from offair.desk.browse import list_jobs
from offair.desk.manage_jobs import pause_job
from offair.model.job import Job, JobState
from offair.model.transcript import LayerKind

SAMPLE = SAMPLES / "harbour-interview.mp4"
PATIENCE_S = 120


def add(installation: Installation, aired: str) -> None:
    installation.run("add", SAMPLE, "--channel", "Harbour One", "--aired", aired)


def states(installation: Installation) -> dict[int, JobState]:
    with installation.desk() as desk:
        return {job.id: job.state for job in list_jobs(desk)}


def test_jobs_are_listed_newest_broadcast_first_and_moved(installation: Installation) -> None:
    assert "nothing is to be done" in installation.run("jobs").stderr
    for aired in ("2026-05-14", "2026-05-16", "2026-05-15"):
        add(installation, aired)
    found = installation.facts("jobs")
    assert [(one["recording"], one["state"]) for one in found] == [
        (2, "queued"), (3, "queued"), (1, "queued"),
    ]  # fmt: skip
    assert {one["share"] for one in found} == {one["expected_end"] for one in found} == {None}
    newest, middle, oldest = (one["job"] for one in found)
    assert f"{newest:>5}  process of recording 2: queued\n" in installation.run("jobs").stdout

    said = installation.run("jobs", "pause", str(newest), "--recording", "3").stdout
    assert said.splitlines() == [
        f"{newest:>5}  process of recording 2: paused",
        f"{middle:>5}  process of recording 3: paused",
    ]
    (moved,) = installation.facts("jobs", "cancel", str(oldest))
    assert (moved["job"], moved["state"]) == (oldest, "cancelled")
    assert installation.run("work").stdout == ""
    expected = {newest: "paused", middle: "paused", oldest: "cancelled"}
    assert states(installation) == {number: JobState(one) for number, one in expected.items()}
    assert [one["job"] for one in installation.facts("jobs", "--recording", "3")] == [middle]
    assert "2 paused" in installation.run("doctor", code=None).stdout

    add(installation, "2026-05-14")
    assert [one["recording"] for one in installation.facts("jobs")] == [2, 3, 1]
    (back,) = installation.facts("jobs", "resume", "--recording", "2")
    assert (back["job"], back["state"]) == (newest, "queued")


def test_what_cannot_be_done_is_told_and_nothing_is_moved(installation: Installation) -> None:
    add(installation, "2026-05-14")
    for words, code, told in (
        (("pause",), 2, "pause which jobs"),
        (("list", "1"), 2, "takes no ids"),
        (("pause", "x"), 2, "is no whole number"),
        (("stop", "1"), 2, "invalid choice"),
        (("pause", "1", "99"), 3, "no job 99"),
        (("cancel", "--recording", "99"), 3, "no recording 99"),
        (("list", "--recording", "99"), 3, "no recording 99"),
        (("resume", "--recording", "1"), 3, "recording 1 has no job to resume"),
    ):
        done = installation.run("jobs", *words, code=code)
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    installation.run("jobs", "cancel", "1")
    assert "is cancelled and cannot be paused" in (
        installation.run("jobs", "pause", "1", code=4).stderr
    )
    assert states(installation) == {1: JobState.CANCELLED}


def test_a_failed_job_that_was_done_later_is_no_finding(installation: Installation) -> None:
    add(installation, "2026-05-14")

    def end(state: JobState) -> None:
        with installation.desk() as desk, desk.catalogue.transaction() as tx:
            desk.queue.enqueue(tx, "process", 1)
            job = desk.queue.take(tx, ["process"], "test")
            assert job is not None
            assert tx.update_job(job.id, owner="test", state=state, error="no model here")

    end(JobState.FAILED)
    assert "1 failed or in quarantine" in installation.run("doctor", code=None).stdout
    assert "failed (no model here)" in installation.run("jobs").stdout
    end(JobState.DONE)
    assert "failed or in quarantine" not in installation.run("doctor", code=None).stdout
    assert installation.facts("jobs") == []
    assert len(installation.facts("list", "jobs")) == 2


def wait_for(installation: Installation, job_id: int, meets: Callable[[Job], bool]) -> Job:
    """The job once it meets a condition; it must get there without an error."""
    end = time.monotonic() + PATIENCE_S
    with installation.desk() as desk:
        while time.monotonic() < end:
            with desk.catalogue.snapshot() as tx:
                job = tx.job(job_id)
            assert job.error is None
            if meets(job):
                return job
            time.sleep(0.05)
    raise AssertionError(f"job {job_id} stays {job}")


def test_a_worker_stops_at_a_word_and_goes_on_with_the_rest(installation: Installation) -> None:
    add(installation, "2026-05-14")
    add(installation, "2026-05-15")
    at_work = subprocess.Popen(
        installation.command("work", "--watch"), env=installation.environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(installation, 2, lambda job: job.state is JobState.RUNNING)
        with installation.desk() as desk:
            # Not through a command: the sample may be heard before one has started.
            pause_job(desk, [2], actor="rana")
        assert wait_for(installation, 1, lambda job: job.state is JobState.DONE).share == 1.0
        assert states(installation)[2] is JobState.PAUSED
        installation.run("jobs", "resume", "2")
        done = wait_for(installation, 2, lambda job: job.state is JobState.DONE)
    finally:
        os.kill(at_work.pid, signal.SIGTERM)
        at_work.wait(PATIENCE_S)
    assert done.attempts == 1
    with installation.desk() as desk, desk.catalogue.snapshot() as tx:
        for number in (1, 2):
            kinds = [one.kind for one in tx.layers(number)]
            assert kinds.count(LayerKind.SPEECH) == 1
