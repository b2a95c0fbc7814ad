"""Jobs that a person pauses, resumes and cancels, and how far they are, on every catalogue."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offair.jobs import expected_end
from offair.jobs.heartbeat import Heartbeat
from offair.jobs.queue import Policy, Queue
from offair.jobs.worker import Worker
from offair.model.errors import BadInput, Conflict, NotFound
from offair.model.job import Job, JobState
from offair.store import Catalogue
from offair.store.catalogue import SqlCatalogue


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_600_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["sqlite"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """Each implementation, empty and migrated."""
    made = SqlCatalogue(f"sqlite:///{tmp_path / 'offair.sqlite'}")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(clock: Clock) -> Queue:
    return Queue(Policy(look_s=0.02), clock=clock)


def put(catalogue: Catalogue, queue: Queue, subject: int = 1, kind: str = "process") -> Job:
    with catalogue.transaction() as tx:
        return queue.enqueue(tx, kind, subject)


def now(catalogue: Catalogue, job: Job) -> Job:
    with catalogue.snapshot() as tx:
        return tx.job(job.id)


def worker(catalogue: Catalogue, queue: Queue, handler: Callable[[Job, Heartbeat], None]) -> Worker:
    return Worker(queue, catalogue.transaction, {"process": handler}, snapshots=catalogue.snapshot)


def ended_as(catalogue: Catalogue, queue: Queue, state: JobState, subject: int) -> Job:
    """A job that stands in this state."""
    job = put(catalogue, queue, subject)
    with catalogue.transaction() as tx:
        if state is JobState.QUEUED:
            return job
        if state in (JobState.PAUSED, JobState.CANCELLED):
            assert tx.move_job(job.id, state, out_of=[JobState.QUEUED])
        else:
            assert queue.take(tx, ["process"], "me") is not None
        if state in (JobState.DONE, JobState.FAILED, JobState.QUARANTINED):
            assert tx.update_job(job.id, owner="me", state=state, error="so it is")
        return tx.job(job.id)


@pytest.mark.parametrize(
    ("act", "fits", "then"),
    [
        ("pause", {JobState.QUEUED, JobState.RUNNING, JobState.PAUSED}, JobState.PAUSED),
        ("resume", {JobState.PAUSED, JobState.QUEUED, JobState.RUNNING}, JobState.QUEUED),
        ("cancel", set(JobState) - {JobState.DONE}, JobState.CANCELLED),
    ],
)
@pytest.mark.parametrize("state", list(JobState))
def test_what_a_person_may_do_in_each_state(
    catalogue: Catalogue, queue: Queue, act: str, fits: set[JobState], then: JobState,
    state: JobState,
) -> None:  # fmt: skip
    job = ended_as(catalogue, queue, state, 1)
    assert job.state is state
    with catalogue.transaction() as tx:
        if state not in fits:
            with pytest.raises(Conflict, match=f"is {state.value} and cannot"):
                getattr(queue, act)(tx, job.id)
            assert tx.job(job.id) == job
            return
        moved = getattr(queue, act)(tx, job.id)
        if act == "resume" and state is JobState.RUNNING:
            assert moved == job
            return
        assert (moved.state, moved.lease_owner, moved.leased_until) == (then, None, None)
        assert (moved.begun, moved.error) == (None, job.error)
        assert tx.job(job.id) == moved
        with pytest.raises(NotFound, match="job 99"):
            getattr(queue, act)(tx, 99)


def test_a_paused_job_is_not_taken_and_is_asked_for_once(
    catalogue: Catalogue, queue: Queue, clock: Clock
) -> None:
    job = put(catalogue, queue)
    with catalogue.transaction() as tx:
        queue.take(tx, ["process"], "somebody")
        assert queue.pause(tx, job.id).attempts == 1
        clock.now += 10_000
        assert queue.take(tx, ["process"], "other") is None
        assert queue.reclaim(tx, lambda owner: False) == 0
        assert queue.enqueue(tx, "process", 1).id == job.id
        assert not queue.done(tx, job, "somebody")
        assert queue.resume(tx, job.id).attempts == 0
        taken = queue.take(tx, ["process"], "other")
        assert taken is not None
        assert (taken.id, taken.attempts) == (job.id, 1)


def test_what_was_given_up_or_failed_is_queued_anew_when_asked_for(
    catalogue: Catalogue, queue: Queue
) -> None:
    for subject, state in enumerate((JobState.CANCELLED, JobState.FAILED, JobState.QUARANTINED), 1):
        old = ended_as(catalogue, queue, state, subject)
        with catalogue.transaction() as tx:
            new = queue.enqueue(tx, "process", subject)
            assert (new.id > old.id, new.state) == (True, JobState.QUEUED)
            assert tx.job(old.id) == old
            for back in (JobState.QUEUED, JobState.PAUSED):
                with pytest.raises(Conflict, match=f"job {new.id} does the same work"):
                    tx.move_job(old.id, back, out_of=[state])
            assert not tx.move_job(old.id, JobState.QUEUED, out_of=[JobState.DONE])
            assert queue.cancel(tx, new.id).state is JobState.CANCELLED
            assert tx.move_job(old.id, JobState.QUEUED, out_of=[state])
            queue.cancel(tx, old.id)


@pytest.mark.parametrize(
    ("act", "state", "said"),
    [("pause", JobState.PAUSED, "was paused"), ("cancel", JobState.CANCELLED, "was cancelled")],
)
def test_who_has_the_job_in_hand_notices_and_goes_on_with_the_next(
    catalogue: Catalogue, queue: Queue, caplog: pytest.LogCaptureFixture, act: str,
    state: JobState, said: str,
) -> None:  # fmt: skip
    caplog.set_level(logging.INFO)
    messages, wait = [], threading.Event()

    def work(job: Job, heartbeat: Heartbeat) -> None:
        if job.subject == 1:
            return
        with catalogue.transaction() as tx:
            getattr(queue, act)(tx, job.id)
        while not wait.wait(0.01):
            try:
                heartbeat.check()
            except Conflict as error:
                messages.append(str(error))
                raise

    first, second = put(catalogue, queue, 2), put(catalogue, queue, 1)
    assert worker(catalogue, queue, work).run_until_empty() == 2
    assert now(catalogue, first).state is state
    assert now(catalogue, second).state is JobState.DONE
    assert len(messages) == 1
    assert said in messages[0]
    assert [(one.levelname, said in one.getMessage()) for one in caplog.records] == [("INFO", True)]


@pytest.mark.parametrize("act", ["pause", "cancel"])
def test_a_job_taken_away_in_its_last_step_commits_nothing(
    catalogue: Catalogue, queue: Queue, act: str
) -> None:
    def work(job: Job, heartbeat: Heartbeat) -> None:
        with catalogue.transaction() as tx:
            getattr(queue, act)(tx, job.id)
        with catalogue.transaction() as tx:
            queue.enqueue(tx, "proxy", 7)
            heartbeat.finish(tx)

    job = put(catalogue, queue)
    worker(catalogue, queue, work).run_one()
    with catalogue.snapshot() as tx:
        assert [one.id for one in tx.jobs()] == [job.id]
        assert tx.job(job.id).state in (JobState.PAUSED, JobState.CANCELLED)


@pytest.mark.parametrize("error", [BadInput("no sound"), ZeroDivisionError("x")])
def test_an_error_of_a_job_that_was_cancelled_changes_nothing(
    catalogue: Catalogue, queue: Queue, error: Exception
) -> None:
    def work(job: Job, heartbeat: Heartbeat) -> None:
        with catalogue.transaction() as tx:
            queue.cancel(tx, job.id)
        raise error

    job = put(catalogue, queue)
    worker(catalogue, queue, work).run_one()
    assert (now(catalogue, job).state, now(catalogue, job).error) == (JobState.CANCELLED, None)


def test_how_far_a_job_is_is_written_down_and_carried_over(
    catalogue: Catalogue, queue: Queue, clock: Clock
) -> None:
    seen: list[Job] = []

    def work(job: Job, heartbeat: Heartbeat) -> None:
        seen.append(job)
        heartbeat.share(float("nan"))
        clock.now += 30
        for part, kept in ((-1.0, 0.0), (0.25, 0.25)) if len(seen) == 1 else ((7.0, 1.0),):
            heartbeat.share(part)
            while (found := now(catalogue, job)).share != kept:
                heartbeat.check()
        seen.append(found)
        if len(seen) == 2:
            raise KeyboardInterrupt

    job = put(catalogue, queue)
    assert (job.share, job.share_begun, job.begun) == (None, 0.0, None)
    start = clock.now
    with pytest.raises(KeyboardInterrupt):
        worker(catalogue, queue, work).run_one()
    back = now(catalogue, job)
    assert (back.state, back.share, back.begun) == (JobState.QUEUED, 0.25, None)
    worker(catalogue, queue, work).run_one()
    first, _, second, _ = seen
    assert (first.begun, first.share, first.share_begun) == (start, None, 0.0)
    assert (second.begun, second.share, second.share_begun) == (start + 30, 0.25, 0.25)
    assert expected_end(seen[1], clock.now - 30) == start + 120
    done = now(catalogue, job)
    assert (done.state, done.share) == (JobState.DONE, 1.0)


def test_a_worker_told_to_stop_puts_its_job_back_at_the_next_check(
    catalogue: Catalogue, queue: Queue
) -> None:
    stop = threading.Event()

    def work(job: Job, heartbeat: Heartbeat) -> None:
        heartbeat.share(0.5)
        stop.set()
        heartbeat.check()

    job = put(catalogue, queue)
    made = Worker(queue, catalogue.transaction, {"process": work}, stop=stop)
    with pytest.raises(SystemExit):
        made.run_one()
    assert (now(catalogue, job).state, now(catalogue, job).attempts) == (JobState.QUEUED, 0)


def test_a_job_that_was_put_off_is_due_at_once_when_somebody_asks_for_it(
    catalogue: Catalogue, queue: Queue
) -> None:
    with catalogue.transaction() as tx:
        later = queue.enqueue(tx, "process", 1, delay_s=600)
        assert queue.take(tx, ["process"], "worker") is None
        assert queue.enqueue(tx, "process", 1).id == later.id
        taken = queue.take(tx, ["process"], "worker")
    assert taken is not None
    assert taken.id == later.id
