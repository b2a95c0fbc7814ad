"""A worker's hold on the job it has in hand: kept alive, and given up when a person says so."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from offair.jobs.queue import Queue
from offair.model.errors import Conflict, Unavailable
from offair.model.job import Job, JobRows, JobState

Transactions = Callable[[], AbstractContextManager[JobRows]]
"""Opens one short transaction over the job table."""

_log = logging.getLogger(__name__)
_SAID = {
    JobState.PAUSED: "was paused; what is done of it stays, and it goes on when it is resumed",
    JobState.CANCELLED: "was cancelled; what is done of it stays",
}


class Heartbeat:
    """A worker's hold on one job while it works; given to the handler.

    As a context manager it has a thread of its own, which renews the lease three times per lease,
    and every `Policy.look_s` writes down how far the job is, or looks whether it is still ours.
    """

    def __init__(
        self,
        queue: Queue,
        transactions: Transactions,
        job: Job,
        owner: str,
        *,
        snapshots: Transactions | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        """`job` must be held by `owner`. snapshots: opens transactions that only read, by default
        as `transactions`. stop: once it is set, `check` ends the handler."""
        self._queue = queue
        self._transactions = transactions
        self._snapshots = snapshots or transactions
        self._job = job
        self._owner = owner
        self._held_until = time.monotonic() + queue.policy.lease_s
        self._left: JobState | None = None
        self._lost = threading.Event()
        self._asked = stop or threading.Event()
        self._over = threading.Event()
        self._progressed = threading.Event()
        self._share = self._written = job.share
        self._thread = threading.Thread(
            target=self._beat, name=f"lease of job {job.id}", daemon=True
        )

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def lost(self) -> bool:
        """Whether the job is, or may be, no longer ours: its lease has passed to somebody else, or
        a person paused or cancelled it."""
        return self._lost.is_set() or time.monotonic() > self._held_until

    @property
    def left(self) -> JobState | None:
        """`PAUSED` or `CANCELLED` where a person took the job out of our hands, else None."""
        return self._left if self._left in _SAID else None

    def check(self) -> None:
        """Raises `Conflict` where the job is lost: stop, and write nothing more. Raises
        `SystemExit` where the worker was told to stop: the job is then put back."""
        if self.lost:
            said = "is held no longer; another worker goes on with it, its lease is lost"
            if self._left is not None:
                said = _SAID.get(self._left, said)
            raise Conflict(f"job {self._job.id} ({self._job.kind} {self._job.subject}) {said}")
        if self._asked.is_set():
            raise SystemExit(f"job {self._job.id} was put back: the worker was told to stop")

    def share(self, part: float) -> None:
        """How much of the job is done, 0…1; the thread writes it down at its next look. Raises as
        `check`."""
        # A share that is no number (nothing divided by nothing) is none.
        if part == part:
            self._share = min(1.0, max(0.0, part))
        self.check()

    def progressed(self) -> None:
        """Something durable was done: the job is not one that kills its workers. Raises as
        `check`."""
        self._progressed.set()
        self.check()

    def finish(self, rows: JobRows) -> None:
        """End the job inside the handler's own last transaction: its result and its end are
        committed together or not at all. Raises `Conflict` where the job is lost."""
        if not self._queue.done(rows, self._job, self._owner):
            self._lose(rows)
            self.check()

    def renew(self) -> None:
        """Prolong the lease now (the thread does it by itself). Raises `Unavailable`."""
        began = time.monotonic()
        progressed, share = self._progressed.is_set(), self._share
        self._progressed.clear()
        try:
            with self._transactions() as rows:
                held = self._queue.renew(
                    rows, self._job, self._owner, progressed=progressed, share=share
                )
                if not held:
                    self._lose(rows)
        except Unavailable:
            if progressed:
                self._progressed.set()
            raise
        if held:
            self._held_until = began + self._queue.policy.lease_s
            self._written = share

    def _look(self) -> None:
        with self._snapshots() as rows:
            job = rows.job(self._job.id)
            if (job.state, job.lease_owner) != (JobState.RUNNING, self._owner):
                self._lose(rows)

    def _lose(self, rows: JobRows) -> None:
        self._left = rows.job(self._job.id).state
        self._lost.set()

    def _beat(self) -> None:
        policy = self._queue.policy
        pause_s = min(policy.look_s, policy.lease_s / 12)
        renewal = time.monotonic() + policy.lease_s / 3
        while not self._over.wait(pause_s) and not self._lost.is_set():
            due = time.monotonic() >= renewal
            try:
                if due or self._share != self._written:
                    self.renew()
                    renewal = time.monotonic() + policy.lease_s / 3
                else:
                    self._look()
            except Unavailable as error:
                # The catalogue is busy: as long as the lease lasts there is time to try again.
                if due:
                    _log.warning("the lease of job %s was not renewed: %s", self._job.id, error)
                    renewal = time.monotonic() + policy.lease_s / 12
