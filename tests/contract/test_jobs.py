"""What the queue and its workers do, on every catalogue's job table."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offair.jobs.heartbeat import Heartbeat
from offair.jobs.owner import is_alive, new_owner
from offair.jobs.queue import Policy, Queue
from offair.jobs.worker import Worker
from offair.model.errors import BadInput, Conflict, Corrupt, NotFound, OffairError, Unavailable
from offair.model.job import Job, JobState
from offair.model.recording import Channel
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
    return Queue(clock=clock)


def put(catalogue: Catalogue, queue: Queue, subject: int = 1, **how: float) -> Job:
    with catalogue.transaction() as tx:
        return queue.enqueue(tx, "process", subject, **how)  # type: ignore[arg-type]


def now(catalogue: Catalogue, job: Job) -> Job:
    with catalogue.snapshot() as tx:
        return tx.job(job.id)


def worker(
    catalogue: Catalogue, queue: Queue, handler: Callable[[Job, Heartbeat], None], **how: str
) -> Worker:
    return Worker(queue, catalogue.transaction, {"process": handler}, **how)


def nothing(job: Job, heartbeat: Heartbeat) -> None:
    """A handler with nothing to do."""


def test_asking_twice_queues_once_until_it_is_done(catalogue: Catalogue, queue: Queue) -> None:
    with catalogue.transaction() as tx:
        first = queue.enqueue(tx, "process", 1, settings={"language": "ar", "beam": None})
        assert queue.enqueue(tx, "process", 1, priority=9) == first
        assert queue.enqueue(tx, "process", 2).id != first.id
        assert queue.enqueue(tx, "proxy", 1).id != first.id
    assert (first.state, first.attempts, first.error) == (JobState.QUEUED, 0, None)
    assert first.settings == {"language": "ar", "beam": None}
    assert worker(catalogue, queue, nothing).run_until_empty() == 2
    with catalogue.transaction() as tx:
        assert tx.job(first.id).state is JobState.DONE
        assert queue.enqueue(tx, "process", 1).id > first.id


def test_the_most_urgent_first_then_the_newest_recording_then_the_oldest_job(
    catalogue: Catalogue, queue: Queue
) -> None:
    for subject, priority in ((1, 0.0), (2, 5.0), (3, 0.0), (4, 5.0)):
        with catalogue.transaction() as tx:
            for kind in ("process", "captions", "proxy"):
                queue.enqueue(tx, kind, subject, priority=priority)
    expected = [
        (subject, kind) for subject in (4, 2, 3, 1) for kind in ("process", "captions", "proxy")
    ]
    with catalogue.snapshot() as tx:
        assert [(one.subject, one.kind) for one in tx.jobs()] == expected
    done: list[tuple[int, str]] = []

    def note(job: Job, heartbeat: Heartbeat) -> None:
        done.append((job.subject, job.kind))

    handlers = dict.fromkeys(("process", "captions", "proxy"), note)
    Worker(queue, catalogue.transaction, handlers).run_until_empty()
    assert done == expected
    with catalogue.snapshot() as tx:
        assert tx.jobs([JobState.QUEUED, JobState.RUNNING]) == []
        assert len(tx.jobs([JobState.DONE])) == 12


def test_a_job_waits_until_it_is_due(catalogue: Catalogue, queue: Queue, clock: Clock) -> None:
    put(catalogue, queue, delay_s=10)
    assert worker(catalogue, queue, nothing).run_until_empty() == 0
    clock.now += 10
    assert worker(catalogue, queue, nothing).run_until_empty() == 1


def test_work_of_an_unknown_kind_is_left_for_others(catalogue: Catalogue, queue: Queue) -> None:
    job = put(catalogue, queue)
    assert Worker(queue, catalogue.transaction, {"other": nothing}).run_until_empty() == 0
    assert Worker(queue, catalogue.transaction, {}).run_until_empty() == 0
    assert now(catalogue, job).state is JobState.QUEUED


@pytest.mark.parametrize(
    ("error", "state", "said"),
    [
        (Corrupt("the file is cut short; record it again"), JobState.QUARANTINED, "cut short"),
        (BadInput("no sound"), JobState.QUARANTINED, "no sound"),
        (NotFound("no recording 7"), JobState.FAILED, "no recording 7"),
        (Conflict("somebody was faster"), JobState.FAILED, "somebody was faster"),
        (OffairError(), JobState.FAILED, "OffairError"),
        (ZeroDivisionError("division by zero"), JobState.FAILED, "ZeroDivisionError: division"),
    ],
)
def test_an_error_ends_a_job_with_its_reason_and_the_rest_goes_on(
    catalogue: Catalogue, queue: Queue, error: Exception, state: JobState, said: str
) -> None:
    def fail(job: Job, heartbeat: Heartbeat) -> None:
        if job.subject == 1:
            raise error

    bad, good = put(catalogue, queue, 1), put(catalogue, queue, 2)
    assert worker(catalogue, queue, fail).run_until_empty() == 2
    ended = now(catalogue, bad)
    assert (ended.state, ended.lease_owner, ended.leased_until) == (state, None, None)
    assert ended.error is not None
    assert said in ended.error
    assert now(catalogue, good).state is JobState.DONE


def test_what_is_unavailable_is_tried_again_with_growing_patience(
    catalogue: Catalogue, queue: Queue, clock: Clock
) -> None:
    def fail(job: Job, heartbeat: Heartbeat) -> None:
        raise Unavailable("the disk is full")

    job, waits = put(catalogue, queue), []
    at_work = worker(catalogue, queue, fail)
    while (found := now(catalogue, job)).state is JobState.QUEUED:
        waits.append(found.due - clock.now)
        clock.now = found.due
        assert at_work.run_until_empty() == 1
    assert waits == [0, 30, 60, 120, 240]
    assert (found.state, found.attempts, found.error) == (JobState.FAILED, 5, "the disk is full")


def test_success_after_a_failure_leaves_no_error(
    catalogue: Catalogue, queue: Queue, clock: Clock
) -> None:
    def fail_once(job: Job, heartbeat: Heartbeat) -> None:
        if job.attempts == 1:
            raise Unavailable("the disk is full")
        assert job.error == "the disk is full"

    job = put(catalogue, queue)
    at_work = worker(catalogue, queue, fail_once)
    at_work.run_until_empty()
    clock.now += 30
    at_work.run_until_empty()
    assert (now(catalogue, job).state, now(catalogue, job).error) == (JobState.DONE, None)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_signal_puts_the_job_back_at_once(
    catalogue: Catalogue, queue: Queue, stop: type[BaseException]
) -> None:
    def interrupted(job: Job, heartbeat: Heartbeat) -> None:
        raise stop

    job = put(catalogue, queue)
    with pytest.raises(stop):
        worker(catalogue, queue, interrupted).run_one()
    found = now(catalogue, job)
    assert (found.state, found.attempts, found.lease_owner) == (JobState.QUEUED, 0, None)


def test_a_lease_that_ran_out_passes_to_another_and_the_first_can_change_nothing(
    catalogue: Catalogue, queue: Queue, clock: Clock
) -> None:
    job = put(catalogue, queue)
    with catalogue.transaction() as tx:
        held = queue.take(tx, ["process"], "first")
        assert held is not None
        assert (held.id, held.attempts, held.lease_owner) == (job.id, 1, "first")
        clock.now += 59
        assert queue.take(tx, ["process"], "second") is None
        assert queue.renew(tx, held, "first")
        clock.now += 59
        assert queue.take(tx, ["process"], "second") is None
        clock.now += 1
        taken = queue.take(tx, ["process"], "second")
        assert taken is not None
        assert (taken.attempts, taken.lease_owner) == (2, "second")
        assert not queue.renew(tx, held, "first")
        assert not queue.done(tx, held, "first")
        assert not queue.put_back(tx, held, "first")
        assert queue.failed(tx, held, "first", Corrupt("no")) is JobState.RUNNING
        assert tx.job(job.id) == taken
        assert queue.done(tx, taken, "second")
        assert not queue.done(tx, taken, "second")


def test_a_handler_that_lost_its_lease_is_told_and_leaves_the_job_alone(
    catalogue: Catalogue, queue: Queue, clock: Clock
) -> None:
    seen: list[str] = []

    def slow(job: Job, heartbeat: Heartbeat) -> None:
        heartbeat.check()
        clock.now += 61
        with catalogue.transaction() as tx:
            assert queue.take(tx, ["process"], "another") is not None
        heartbeat.renew()
        try:
            heartbeat.check()
        except Conflict as error:
            seen.append(str(error))
            raise

    job = put(catalogue, queue)
    worker(catalogue, queue, slow).run_one()
    assert len(seen) == 1
    assert "lost" in seen[0]
    found = now(catalogue, job)
    assert (found.state, found.lease_owner, found.error) == (JobState.RUNNING, "another", None)


def test_a_result_and_the_end_of_its_job_are_one_commit(
    catalogue: Catalogue, queue: Queue, clock: Clock
) -> None:
    def late(job: Job, heartbeat: Heartbeat) -> None:
        clock.now += 61
        with catalogue.transaction() as tx:
            assert queue.take(tx, ["process"], "another") is not None
        with catalogue.transaction() as tx:
            tx.ensure_channel(Channel("too late"))
            heartbeat.finish(tx)

    def in_time(job: Job, heartbeat: Heartbeat) -> None:
        with catalogue.transaction() as tx:
            tx.ensure_channel(Channel("in time"))
            heartbeat.finish(tx)
        with catalogue.snapshot() as tx:
            assert tx.job(job.id).state is JobState.DONE

    put(catalogue, queue)
    worker(catalogue, queue, late).run_one()
    second = put(catalogue, queue, 2)
    worker(catalogue, queue, in_time).run_one()
    assert now(catalogue, second).state is JobState.DONE
    with catalogue.snapshot() as tx:
        assert [one.name for one in tx.channels()] == ["in time"]


def test_the_lease_is_kept_alive_while_the_handler_works(catalogue: Catalogue) -> None:
    queue = Queue(Policy(lease_s=0.6))
    renewed = threading.Event()

    def slow(job: Job, heartbeat: Heartbeat) -> None:
        heartbeat.progressed()
        while not renewed.wait(0.01):
            found = now(catalogue, job)
            assert found.leased_until is not None
            assert job.leased_until is not None
            if found.leased_until > job.leased_until:
                renewed.set()

    job = put(catalogue, queue)
    worker(catalogue, queue, slow).run_one()
    assert renewed.is_set()
    assert now(catalogue, job).state is JobState.DONE


def test_a_job_that_kills_its_workers_is_failed_unless_it_gets_somewhere(
    catalogue: Catalogue, queue: Queue, clock: Clock
) -> None:
    killer, good = put(catalogue, queue, 1, priority=1), put(catalogue, queue, 2)
    for _ in range(20):
        with catalogue.transaction() as tx:
            taken = queue.take(tx, ["process"], "doomed")
        assert taken is not None
        assert taken.id == killer.id
        clock.now += 61
    with catalogue.transaction() as tx:
        taken = queue.take(tx, ["process"], "doomed")
        assert taken is not None
        assert taken.id == good.id
        assert queue.renew(tx, taken, "doomed", progressed=True)
        assert tx.job(good.id).attempts == 1
    found = now(catalogue, killer)
    assert found.state is JobState.FAILED
    assert "died" in str(found.error)


def test_jobs_of_the_dead_are_queued_again_and_those_of_the_living_are_not(
    catalogue: Catalogue, queue: Queue
) -> None:
    jobs = [put(catalogue, queue, subject) for subject in (1, 2)]
    with catalogue.transaction() as tx:
        for owner in ("dead", "alive"):
            assert queue.take(tx, ["process"], owner) is not None
        assert queue.reclaim(tx, lambda owner: owner != "dead") == 1
    assert now(catalogue, jobs[1]).state is JobState.QUEUED
    assert now(catalogue, jobs[0]).lease_owner == "alive"


def test_an_owner_of_this_process_is_alive_and_strangers_are_not_judged() -> None:
    one, other = new_owner(), new_owner()
    assert one != other
    assert is_alive(one)
    host, pid, ticks, count = one.split(":")
    assert not is_alive(f"{host}:{pid}:{int(ticks) - 1}:{count}"), "its number was used before"
    assert not is_alive(f"{host}:{2**22 + 1}:{ticks}:{count}"), "no process has this number"
    assert is_alive(f"elsewhere@0-0:{2**22 + 1}:{ticks}:{count}")
    for odd in ("", "x", "a:b:c:d", f"{host}:٣:1:1", f"{host}:-1:1:1"):
        assert is_alive(odd)
