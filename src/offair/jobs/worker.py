"""The loop that does the work: takes a job, keeps its lease alive, ends it by what happened."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from offair.jobs.owner import new_owner
from offair.jobs.queue import Queue
from offair.model.errors import Conflict, Unavailable
from offair.model.job import Job, JobRows, JobState

Transactions = Callable[[], AbstractContextManager[JobRows]]
"""Opens one short transaction over the job table."""

_log = logging.getLogger(__name__)


class Heartbeat:
    """A worker's hold on one job while it works; given to the handler.

    As a context manager it renews the lease from a thread of its own, three times per lease.
    """

    def __init__(self, queue: Queue, transactions: Transactions, job: Job, owner: str) -> None:
        """`job` must be held by `owner`."""
        self._queue = queue
        self._transactions = transactions
        self._job = job
        self._owner = owner
        self._held_until = time.monotonic() + queue.policy.lease_s
        self._lost = threading.Event()
        self._stop = threading.Event()
        self._progressed = threading.Event()
        self._thread = threading.Thread(
            target=self._beat, name=f"lease of job {job.id}", daemon=True
        )

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def lost(self) -> bool:
        """Whether the lease has passed, or may have passed, to somebody else."""
        return self._lost.is_set() or time.monotonic() > self._held_until

    def check(self) -> None:
        """Raises `Conflict` where the lease is lost: stop, and write nothing more."""
        if self.lost:
            raise Conflict(
                f"the lease on job {self._job.id} ({self._job.kind} {self._job.subject}) is lost; "
                "another worker goes on with it"
            )

    def progressed(self) -> None:
        """Something durable was done: the job is not one that kills its workers. Raises
        `Conflict` as `check`."""
        self._progressed.set()
        self.check()

    def finish(self, rows: JobRows) -> None:
        """End the job inside the handler's own last transaction: its result and its end are
        committed together or not at all. Raises `Conflict` where the lease is lost."""
        if not self._queue.done(rows, self._job, self._owner):
            self._lost.set()
            self.check()

    def renew(self) -> None:
        """Prolong the lease now (the thread does it by itself). Raises `Unavailable`."""
        began = time.monotonic()
        progressed = self._progressed.is_set()
        self._progressed.clear()
        try:
            with self._transactions() as rows:
                held = self._queue.renew(rows, self._job, self._owner, progressed=progressed)
        except Unavailable:
            if progressed:
                self._progressed.set()
            raise
        if held:
            self._held_until = began + self._queue.policy.lease_s
        else:
            self._lost.set()

    def _beat(self) -> None:
        pause_s = self._queue.policy.lease_s / 3
        while not self._stop.wait(pause_s) and not self._lost.is_set():
            try:
                self.renew()
                pause_s = self._queue.policy.lease_s / 3
            except Unavailable as error:
                # The catalogue is busy: as long as the lease lasts there is time to try again.
                _log.warning("the lease of job %s was not renewed: %s", self._job.id, error)
                pause_s = self._queue.policy.lease_s / 12


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, by an exception (`SystemExit`, code 143), so that
    the job in hand is put back. In the main thread only; the earlier handler comes back."""

    def end(number: int, frame: object) -> None:
        del frame
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


Handler = Callable[[Job, Heartbeat], None]


class Worker:
    """Does jobs one after another, in the thread that calls it."""

    def __init__(
        self,
        queue: Queue,
        transactions: Transactions,
        handlers: Mapping[str, Handler],
        *,
        owner: str | None = None,
    ) -> None:
        """`handlers` by kind of job; `owner` by default a name of this process."""
        self._queue = queue
        self._transactions = transactions
        self._handlers = dict(handlers)
        self.owner = owner or new_owner()

    def run_one(self) -> Job | None:
        """Take one due job and end it; how it stands afterwards, or None where none was due.

        A signal puts the job back into the queue and goes on up. Raises `Unavailable` where the
        catalogue is not to be had; the job is then taken up again when its lease has run out.
        """
        with self._transactions() as rows:
            job = self._queue.take(rows, tuple(self._handlers), self.owner)
        if job is None:
            return None
        self._do(job)
        with self._transactions() as rows:
            return rows.job(job.id)

    def run_until_empty(self, stop: threading.Event | None = None) -> int:
        """Do every job that is due, also those queued meanwhile; how many were taken.

        Jobs of dead workers of this machine come first back into the queue. Once `stop` is set
        no further job is begun.
        """
        self.reclaim()
        count = 0
        while not (stop is not None and stop.is_set()) and self.run_one() is not None:
            count += 1
        return count

    def run_forever(self, stop: threading.Event, poll_s: float = 1.0) -> None:
        """Do jobs until `stop` is set, looking for new ones every `poll_s` seconds; the job in
        hand is ended first. A catalogue that is not to be had is waited for."""
        while not stop.is_set():
            try:
                if self.run_until_empty(stop) == 0:
                    stop.wait(poll_s)
            except Unavailable as error:
                _log.warning("the queue cannot be read: %s", error)
                stop.wait(poll_s)

    def reclaim(self) -> int:
        """Queue again what dead workers of this machine hold; how many jobs that were."""
        with self._transactions() as rows:
            return self._queue.reclaim(rows)

    def _do(self, job: Job) -> None:
        try:
            with Heartbeat(self._queue, self._transactions, job, self.owner) as heartbeat:
                self._handlers[job.kind](job, heartbeat)
        except Exception as error:  # noqa: BLE001 - one bad job must not end the worker
            if heartbeat.lost:
                _log.warning("job %s was left to another worker: %s", job.id, error)
                return
            with self._transactions() as rows:
                state = self._queue.failed(rows, job, self.owner, error)
            _log.log(
                logging.INFO if state is JobState.QUEUED else logging.WARNING,
                "job %s (%s %s) is %s: %s",
                job.id,
                job.kind,
                job.subject,
                state.value,
                error,
            )
        except BaseException:
            with self._transactions() as rows:
                self._queue.put_back(rows, job, self.owner)
            raise
        else:
            # Nothing changes where the handler has ended it already, or the lease is lost.
            with self._transactions() as rows:
                self._queue.done(rows, job, self.owner)
