"""kill -9 at random moments over `add` and `work`: nothing lost, doubled or left behind."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from installation import SAMPLES, Installation

from offair.model.job import JobState
from offair.model.time import Span

SAMPLE = SAMPLES / "harbour-interview.mp4"
KILLS = 50
ADD = ("add", SAMPLE, "--channel", "Harbour One", "--language", "en", "--aired", "2026-05-14")
State = tuple[list[tuple[str, list[tuple[object, ...]]]], list[tuple[Span, str | None]]]


def _state(made: Installation) -> State:
    """Words with times, and chunks with their claims, of the one recording."""
    with made.desk() as desk, desk.catalogue.snapshot() as tx:
        (recording,) = tx.recordings()
        (speech,) = [one for one in tx.layers(recording.id) if one.kind.value == "speech"]
        turns = [(one.text, [tuple(word) for word in one.words]) for one in tx.turns(speech.id)]
        chunks = [(one.span, one.claim_key) for one in tx.chunks(recording.id, speech.run)]
        assert {job.state for job in tx.jobs()} == {JobState.DONE}
        held = set(desk.vault.objects())
        assert held == {sha for sha in held if tx.object_referred(sha)}, "an orphan in the vault"
        assert list(desk.vault.unkept()) == []
    return turns, chunks


def _leftovers(made: Installation) -> list[str]:
    """Files that are neither catalogue nor vault objects, after everything has ended."""
    folders = [
        made.data / "scratch",
        made.data / "vault" / "incoming",
        made.data / "vault" / "pending",
    ]
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path != made.data / "scratch" / "lock"
    ]


def _start(made: Installation, *words: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        made.command(*words), env=made.environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _children_gone(children: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(children, timeout=20)
    return not alive


@pytest.mark.timeout(900)
def test_killed_at_fifty_random_moments(installations: Callable[[str], Installation]) -> None:
    whole = installations("whole")
    began = time.monotonic()
    whole.run(*ADD)
    added_s = time.monotonic() - began
    whole.run("work")
    run_s = time.monotonic() - began
    expected = _state(whole)
    assert expected[0]
    chance = random.Random(8914)
    kills = completed = 0
    made: Installation | None = None
    while kills < KILLS:
        if made is None:
            made = installations(f"desk-{kills}-{completed}")
        # Half the moments fall into the taking in, half anywhere: both walks get their share.
        limit_s = added_s if chance.random() < 0.5 else run_s
        process = _start(made, *ADD, "--now")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=chance.uniform(0.05, limit_s))
        if process.poll() is None:
            parent = psutil.Process(process.pid)
            children = parent.children(recursive=True)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
            assert _children_gone(children), f"children outlived kill {kills}"
            continue
        assert process.returncode == 0
        assert _state(made) == expected
        made, completed = None, completed + 1
    if made is not None:
        made.run(*ADD, "--now")
        assert _state(made) == expected
        assert _leftovers(made) == []
        completed += 1
    assert completed >= 1


def test_a_restart_hears_no_finished_chunk_again(installation: Installation) -> None:
    installation.run(*ADD)
    process = _start(installation, "work")
    claims = 0
    for _ in range(600):
        time.sleep(0.1)  # polling another process
        with installation.desk() as desk, desk.catalogue.snapshot() as tx:
            claims = sum(one.claim_key is not None for one in tx.chunks(1, 1))
        if claims or process.poll() is not None:
            break
    process.kill()
    process.wait()
    assert claims > 0
    with installation.desk() as desk, desk.catalogue.snapshot() as tx:
        before = {one.span: one.claim_key for one in tx.chunks(1, 1) if one.claim_key}
    last = [one for one in installation.facts("work") if one["event"] == "progress"][-1]
    assert last["reused"] >= len(before)
    with installation.desk() as desk, desk.catalogue.snapshot() as tx:
        after = {one.span: one.claim_key for one in tx.chunks(1, 1) if one.claim_key}
    assert before.items() <= after.items()
