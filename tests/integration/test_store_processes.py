"""Many processes on one catalogue and one vault; some of them killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from offair.jobs.queue import Queue
from offair.jobs.worker import Worker
from offair.model.job import JobState
from offair.store.catalogue import SqlCatalogue
from offair.store.folder_vault import FolderVault

WORKER = """
import sys, time
from pathlib import Path
from offair.jobs.queue import Queue
from offair.jobs.worker import Worker, ended_by_sigterm
from offair.store.catalogue import SqlCatalogue

folder, slow = Path(sys.argv[1]), sys.argv[2] == "slow"
catalogue = SqlCatalogue(f"sqlite:///{folder / 'offair.sqlite'}")
catalogue.migrate()

def handle(job, heartbeat):
    with (folder / "log").open("a") as log:
        log.write(f"{job.subject}\\n")
    while slow:
        time.sleep(0.01)

with ended_by_sigterm():
    Worker(Queue(), catalogue.transaction, {"process": handle}).run_until_empty()
"""

MIGRATE = """
import sys
from offair.store.catalogue import SqlCatalogue
catalogue = SqlCatalogue(sys.argv[1])
catalogue.migrate()
print(catalogue.version())
"""

ADD = """
import hashlib, sys
from pathlib import Path
from offair.model.recording import Channel, Held
from offair.store.catalogue import SqlCatalogue
from offair.store.folder_vault import FolderVault

folder = Path(sys.argv[1])
catalogue = SqlCatalogue(f"sqlite:///{folder / 'offair.sqlite'}")
vault = FolderVault(folder / "vault")
for number in range(int(sys.argv[2]), 1_000_000):
    with vault.deposit_bytes(str(number % 50).encode() * 5_000, "x") as deposit:
        with catalogue.transaction() as tx:
            tx.add_recording(channel=Channel(str(number)), aired=None, title="", held=Held.HELD,
                object=deposit.object, media=None, actor="test")
        deposit.keep()
"""


def start(script: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
    )


def wait_for(seen: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while not seen():
        assert process.poll() is None, "the process ended before it was killed"
        assert time.monotonic() < end
        time.sleep(0.01)


def filled(tmp_path: Path, jobs: int) -> SqlCatalogue:
    catalogue = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    catalogue.migrate()
    with catalogue.transaction() as tx:
        for subject in range(jobs):
            Queue().enqueue(tx, "process", subject)
    return catalogue


def test_many_workers_do_each_job_exactly_once(tmp_path: Path) -> None:
    catalogue = filled(tmp_path, 120)
    workers = [start(WORKER, str(tmp_path), "fast") for _ in range(4)]
    assert [one.wait(120) for one in workers] == [0] * 4
    counted = Counter((tmp_path / "log").read_text().split())
    assert counted == Counter(str(subject) for subject in range(120))
    with catalogue.snapshot() as tx:
        assert {one.state for one in tx.jobs()} == {JobState.DONE}
        assert {one.attempts for one in tx.jobs()} == {1}


def test_a_killed_workers_job_is_done_by_another_at_once(tmp_path: Path) -> None:
    catalogue = filled(tmp_path, 1)
    log = tmp_path / "log"
    doomed = start(WORKER, str(tmp_path), "slow")
    wait_for(log.exists, doomed)
    doomed.send_signal(signal.SIGKILL)
    # Dead, but nobody has fetched its status: what is left of it must not count as alive.
    os.waitid(os.P_PID, doomed.pid, os.WEXITED | os.WNOWAIT)
    done: list[int] = []
    another = Worker(
        Queue(), catalogue.transaction, {"process": lambda job, _: done.append(job.attempts)}
    )
    assert another.run_until_empty() == 1
    assert done == [2]
    doomed.wait(10)


def test_a_worker_told_to_end_puts_its_job_back(tmp_path: Path) -> None:
    catalogue = filled(tmp_path, 1)
    doomed = start(WORKER, str(tmp_path), "slow")
    wait_for((tmp_path / "log").exists, doomed)
    doomed.terminate()
    assert doomed.wait(30) == 128 + signal.SIGTERM
    with catalogue.snapshot() as tx:
        (job,) = tx.jobs()
    assert (job.state, job.attempts, job.lease_owner) == (JobState.QUEUED, 0, None)


def test_many_processes_migrate_one_new_catalogue(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'offair.sqlite'}"
    started = [start(MIGRATE, url) for _ in range(6)]
    answers = {one.communicate(timeout=120)[0].decode().strip() for one in started}
    assert answers == {SqlCatalogue(url).version()}
    assert answers != {""}


def test_processes_killed_while_adding_leave_neither_orphan_nor_hole(tmp_path: Path) -> None:
    catalogue = filled(tmp_path, 0)
    vault = FolderVault(tmp_path / "vault")
    for round_ in range(6):
        enough = len_of(catalogue) + 4 + round_
        # Two at a time, on the same fifty objects.
        pair = [start(ADD, str(tmp_path), str(round_ * 20_000 + n * 10_000)) for n in range(2)]
        wait_for(partial(has_channels, catalogue, enough), pair[0])
        for one in pair:
            one.kill()
            one.wait(10)
    with catalogue.snapshot() as tx:
        for address in vault.unkept():
            vault.settle(address, referred=tx.object_referred(address))
        referred = {one.object.sha256 for one in tx.recordings(limit=9_999_999) if one.object}
    assert vault.unkept() == []
    assert set(vault.objects()) == referred
    assert all(vault.verify(address) for address in referred)
    assert list((tmp_path / "vault" / "incoming").iterdir()) == []
    assert list((tmp_path / "vault" / "pending").iterdir()) == []


def has_channels(catalogue: SqlCatalogue, enough: int) -> bool:
    return len_of(catalogue) >= enough


def len_of(catalogue: SqlCatalogue) -> int:
    with catalogue.snapshot() as tx:
        return len(tx.channels())
