"""What happens to the rows of jobs: queued, taken, renewed, put back, paused, ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from offair.jobs.owner import is_alive
from offair.model.errors import BadInput, Conflict, Corrupt, OffairError, Unavailable
from offair.model.job import Job, JobRows, JobState

PAUSABLE = (JobState.QUEUED, JobState.RUNNING)
RETRIABLE = (JobState.FAILED, JobState.QUARANTINED, JobState.CANCELLED)
CANCELLABLE = (*PAUSABLE, JobState.PAUSED, JobState.FAILED, JobState.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient the queue is.

    lease_s: how long a worker holds a job without a sign of life. attempts: how often a job is
    tried whose needs are unavailable. retry_s: the first wait, doubled for each further one.
    begun: how often a job may be begun without getting anywhere before it counts as one that
    kills its workers. look_s: how often a worker looks whether its job was paused or cancelled,
    and writes down how far it is.
    """

    lease_s: float = 60.0
    attempts: int = 5
    retry_s: float = 30.0
    begun: int = 20
    look_s: float = 1.0


class Queue:
    """The rules over the rows. It keeps no state: each method gets the open transaction."""

    def __init__(
        self, policy: Policy | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        """`clock`: UTC seconds since 1970."""
        self.policy = policy or Policy()
        self._clock = clock

    def enqueue(
        self,
        rows: JobRows,
        kind: str,
        subject: int,
        *,
        priority: float = 0.0,
        delay_s: float = 0.0,
        settings: Mapping[str, str | int | float | bool | None] | None = None,
    ) -> Job:
        """Queue a job in the caller's transaction; asking twice gives the one already open, also
        where it is paused. One that failed or was cancelled does not count: a new one is queued.
        """
        return rows.insert_job(
            kind,
            subject,
            priority=priority,
            due=self._clock() + delay_s,
            settings=settings or {},
        )

    def take(self, rows: JobRows, kinds: Sequence[str], owner: str) -> Job | None:
        """The most urgent due job of these kinds, now held by `owner`; None where none is due.

        A job that was begun too often without an end is failed on the way, not taken.
        """
        while True:
            now = self._clock()
            leased_until = now + self.policy.lease_s
            job = rows.claim_due_job(kinds, owner=owner, now=now, leased_until=leased_until)
            if job is None or job.attempts <= self.policy.begun:
                return job
            reason = (
                f"job {job.id} ({job.kind} {job.subject}) was begun {job.attempts - 1} times and "
                "its worker died each time; look at its input and queue it again"
            )
            rows.update_job(job.id, owner=owner, state=JobState.FAILED, error=reason)

    def renew(
        self,
        rows: JobRows,
        job: Job,
        owner: str,
        *,
        progressed: bool = False,
        share: float | None = None,
    ) -> bool:
        """Prolong the lease; False where it has passed to somebody else.

        `progressed`: something durable was done since, so that the attempts start anew. `share`:
        how much of the job is done, 0…1, where that is known.
        """
        return rows.update_job(
            job.id,
            owner=owner,
            state=JobState.RUNNING,
            leased_until=self._clock() + self.policy.lease_s,
            attempts=1 if progressed else None,
            share=share,
        )

    def pause(self, rows: JobRows, job_id: int) -> Job:
        """Nobody goes on with the job until it is resumed; who has it in hand stops.

        One that is paused already stays so. Raises `NotFound`, `Conflict` where it has ended.
        """
        return _moved(rows, job_id, JobState.PAUSED, PAUSABLE)

    def resume(self, rows: JobRows, job_id: int) -> Job:
        """A paused job goes back into the queue, with all its attempts. One that is queued or
        running already stays so. Raises `NotFound`, `Conflict` where it has ended."""
        if rows.job(job_id).state is JobState.RUNNING:
            return rows.job(job_id)
        return _moved(rows, job_id, JobState.QUEUED, (JobState.PAUSED,))

    def cancel(self, rows: JobRows, job_id: int) -> Job:
        """Give the job up; who has it in hand stops. What was done of it stays.

        One that is cancelled already stays so. Raises `NotFound`, `Conflict` where it is done.
        """
        return _moved(rows, job_id, JobState.CANCELLED, CANCELLABLE)

    def done(self, rows: JobRows, job: Job, owner: str) -> bool:
        """The job is done; False where the lease has passed to somebody else."""
        return rows.update_job(job.id, owner=owner, state=JobState.DONE)

    def put_back(self, rows: JobRows, job: Job, owner: str) -> bool:
        """The worker was told to stop: queued at once, the attempt not counted."""
        return rows.update_job(
            job.id,
            owner=owner,
            state=JobState.QUEUED,
            attempts=max(0, rows.job(job.id).attempts - 1),
        )

    def failed(self, rows: JobRows, job: Job, owner: str, error: Exception) -> JobState:
        """End or postpone a job by the error its handler raised; the state it has now.

        A job that `owner` no longer holds is left as it is.
        """
        reason = str(error) or type(error).__name__
        state, due = JobState.FAILED, None
        if isinstance(error, BadInput | Corrupt):
            state = JobState.QUARANTINED
        elif isinstance(error, Unavailable):
            attempts = rows.job(job.id).attempts
            if attempts < self.policy.attempts:
                state = JobState.QUEUED
                due = self._clock() + self.policy.retry_s * 2 ** max(0, attempts - 1)
        elif not isinstance(error, OffairError):
            reason = f"{type(error).__name__}: {error}"
        rows.update_job(job.id, owner=owner, state=state, due=due, error=reason)
        return rows.job(job.id).state

    def reclaim(self, rows: JobRows, alive: Callable[[str], bool] = is_alive) -> int:
        """Queue again what dead workers of this machine hold; how many jobs that were."""
        count = 0
        for job in rows.jobs([JobState.RUNNING]):
            owner = job.lease_owner
            if owner is not None and not alive(owner):
                count += rows.update_job(job.id, owner=owner, state=JobState.QUEUED)
        return count


def _moved(rows: JobRows, job_id: int, state: JobState, out_of: Sequence[JobState]) -> Job:
    if not rows.move_job(job_id, state, out_of=out_of):
        job = rows.job(job_id)
        if job.state is not state:
            raise Conflict(
                f"job {job_id} ({job.kind} {job.subject}) is {job.state.value} and cannot be "
                f"{state.value}; `offair jobs` lists what can"
            )
    return rows.job(job_id)
