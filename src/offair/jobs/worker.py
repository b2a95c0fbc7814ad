"""Who does the work: takes a job, holds it while its handler works, ends it by what happened."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from offair.jobs.heartbeat import Heartbeat, Transactions
from offair.jobs.owner import new_owner
from offair.jobs.queue import Queue
from offair.model.job import Job, JobState

Handler = Callable[[Job, Heartbeat], None]

_log = logging.getLogger(__name__)


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, by an exception (`SystemExit`, code 143), so that
    the jobs in hand are put back. In the main thread only; the earlier handler comes back."""

    def end(number: int, frame: object) -> None:
        del frame
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Worker:
    """Does jobs one after another, in the thread that calls it."""

    def __init__(
        self,
        queue: Queue,
        transactions: Transactions,
        handlers: Mapping[str, Handler],
        *,
        owner: str | None = None,
        snapshots: Transactions | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        """`handlers` by kind of job; `owner` by default a name of this process. snapshots: opens
        transactions that only read, by default as `transactions`. stop: once it is set, the job in
        hand is put back at its handler's next check, by `SystemExit`."""
        self._queue = queue
        self._transactions = transactions
        self._handlers = dict(handlers)
        self._snapshots = snapshots
        self._stop = stop
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

    def run_until_empty(self) -> int:
        """Do every job that is due, also those queued meanwhile; how many were taken.

        Jobs of dead workers of this machine come first back into the queue.
        """
        self.reclaim()
        count = 0
        while self.run_one() is not None:
            count += 1
        return count

    def reclaim(self) -> int:
        """Queue again what dead workers of this machine hold; how many jobs that were."""
        with self._transactions() as rows:
            return self._queue.reclaim(rows)

    def _do(self, job: Job) -> None:
        heartbeat = Heartbeat(
            self._queue, self._transactions, job, self.owner,
            snapshots=self._snapshots, stop=self._stop,
        )  # fmt: skip
        try:
            with heartbeat:
                self._handlers[job.kind](job, heartbeat)
        except Exception as error:  # noqa: BLE001 - one bad job must not end the worker
            self._end_badly(job, heartbeat, error)
        except BaseException:
            with self._transactions() as rows:
                self._queue.put_back(rows, job, self.owner)
            raise
        else:
            # Nothing changes where the handler has ended it already, or the job is not ours.
            with self._transactions() as rows:
                self._queue.done(rows, job, self.owner)

    def _end_badly(self, job: Job, heartbeat: Heartbeat, error: Exception) -> None:
        if heartbeat.left is not None:
            _log.info(
                "job %s (%s %s) was %s by a person", job.id, job.kind, job.subject, heartbeat.left
            )
            return
        if heartbeat.lost:
            _log.warning("job %s was left to another worker: %s", job.id, error)
            return
        with self._transactions() as rows:
            state = self._queue.failed(rows, job, self.owner, error)
        quiet = (JobState.QUEUED, JobState.PAUSED, JobState.CANCELLED)
        _log.log(
            logging.INFO if state in quiet else logging.WARNING,
            "job %s (%s %s) is %s: %s",
            job.id,
            job.kind,
            job.subject,
            state.value,
            error,
        )
