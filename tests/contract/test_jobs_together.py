"""Several jobs at once in one process: all are done, and all stop together."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offair.jobs.heartbeat import Heartbeat
from offair.jobs.queue import Policy, Queue
from offair.jobs.together import work_together
from offair.jobs.worker import Worker, ended_by_sigterm
from offair.model.errors import Conflict, Unavailable
from offair.model.job import Job, JobState
from offair.store import Catalogue
from offair.store.catalogue import SqlCatalogue

PATIENCE_S = 60


@pytest.fixture(params=["sqlite"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """Each implementation, empty and migrated."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


QUEUE = Queue(Policy(look_s=0.02))


def put(catalogue: Catalogue, *subjects: int) -> None:
    with catalogue.transaction() as tx:
        for subject in subjects:
            QUEUE.enqueue(tx, "process", subject)


def states(catalogue: Catalogue) -> dict[int, JobState]:
    with catalogue.snapshot() as tx:
        assert all(one.lease_owner is None for one in tx.jobs())
        return {one.subject: one.state for one in tx.jobs()}


def workers(
    catalogue: Catalogue, handler: Callable[[Job, Heartbeat], None]
) -> Callable[[threading.Event], Worker]:
    return lambda stop: Worker(
        QUEUE, catalogue.transaction, {"process": handler}, snapshots=catalogue.snapshot, stop=stop
    )


@pytest.mark.parametrize("at_once", [0, 1, 2, 3])
def test_as_many_as_asked_are_done_at_once(catalogue: Catalogue, at_once: int) -> None:
    together = threading.Barrier(max(1, at_once))
    most, here, lock = [0], [0], threading.Lock()

    def work(job: Job, heartbeat: Heartbeat) -> None:
        with lock:
            here[0] += 1
            most[0] = max(most[0], here[0])
        together.wait(PATIENCE_S)
        with lock:
            here[0] -= 1

    subjects = range(1, 1 + 2 * max(1, at_once))
    put(catalogue, *subjects)
    ended: list[int] = []
    work_together(
        workers(catalogue, work), at_once, ended=lambda job: ended.append(job.subject), poll_s=0.01
    )
    assert most[0] == max(1, at_once)
    assert sorted(ended) == list(subjects)
    assert set(states(catalogue).values()) == {JobState.DONE}


def test_nobody_goes_home_while_another_may_queue_more(catalogue: Catalogue) -> None:
    together = threading.Barrier(2)

    def work(job: Job, heartbeat: Heartbeat) -> None:
        if job.subject == 1:
            put(catalogue, 2, 3)
        else:
            together.wait(PATIENCE_S)

    put(catalogue, 1)
    work_together(workers(catalogue, work), 2, poll_s=0.01)
    assert set(states(catalogue).values()) == {JobState.DONE}


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_puts_all_jobs_back(
    catalogue: Catalogue, at_once: int, number: signal.Signals
) -> None:
    together = threading.Barrier(at_once)

    def work(job: Job, heartbeat: Heartbeat) -> None:
        if together.wait(PATIENCE_S) == 0:
            signal.raise_signal(number)
        pause = threading.Event()
        for _ in range(PATIENCE_S * 100):
            heartbeat.check()
            pause.wait(0.01)

    put(catalogue, *range(1, at_once + 1))
    with pytest.raises((KeyboardInterrupt, SystemExit)) as raised, ended_by_sigterm():
        work_together(workers(catalogue, work), at_once, watch=True, poll_s=0.01)
    assert isinstance(raised.value, SystemExit) == (number is signal.SIGTERM)
    assert states(catalogue) == dict.fromkeys(range(1, at_once + 1), JobState.QUEUED)
    with catalogue.snapshot() as tx:
        assert {one.attempts for one in tx.jobs()} == {0}


def test_an_error_outside_a_job_ends_all_and_comes_up(catalogue: Catalogue) -> None:
    def work(job: Job, heartbeat: Heartbeat) -> None:
        pause = threading.Event()
        while job.subject == 1:
            heartbeat.check()
            pause.wait(0.01)

    def full(job: Job) -> None:
        raise BrokenPipeError

    put(catalogue, 1, 2)
    with pytest.raises(BrokenPipeError):
        work_together(workers(catalogue, work), 2, ended=full, poll_s=0.01)
    assert states(catalogue) == {1: JobState.QUEUED, 2: JobState.DONE}


@pytest.mark.parametrize("at_once", [1, 2])
def test_a_bad_job_does_not_end_the_others(catalogue: Catalogue, at_once: int) -> None:
    def work(job: Job, heartbeat: Heartbeat) -> None:
        if job.subject == 2:
            raise Conflict("somebody was faster")

    put(catalogue, 1, 2, 3)
    work_together(workers(catalogue, work), at_once, poll_s=0.01)
    assert states(catalogue) == {1: JobState.DONE, 2: JobState.FAILED, 3: JobState.DONE}


@pytest.mark.parametrize("at_once", [1, 2])
def test_a_catalogue_that_is_busy_is_waited_for_by_who_watches(
    catalogue: Catalogue, at_once: int
) -> None:
    refusals = [3]

    def work(job: Job, heartbeat: Heartbeat) -> None:
        raise SystemExit

    def make(stop: threading.Event) -> Worker:
        made = workers(catalogue, work)(stop)
        run_one = made.run_one

        def busy() -> Job | None:
            if refusals[0] > 0:
                refusals[0] -= 1
                raise Unavailable("the catalogue stayed locked")
            return run_one()

        made.run_one = busy  # type: ignore[method-assign]
        return made

    put(catalogue, 1)
    with pytest.raises(Unavailable):
        work_together(make, at_once, poll_s=0.01)
    with pytest.raises(SystemExit):
        work_together(make, at_once, watch=True, poll_s=0.01)
    assert refusals == [0]
    assert states(catalogue) == {1: JobState.QUEUED}
