"""Durable work for later: what a row of the job table means, and the loop that does the work.

The rows live in the catalogue and are written through `offair.model.job.JobRows`, so that a job
is queued, and finished, in the same transaction as the records it is about. A worker holds a
job by a lease that it renews while it works; a worker that dies loses it, at once for workers
of the same machine (`Queue.reclaim`), else when the lease runs out.

What ends a job, by the error its handler raises:

* `Unavailable`: tried again later, waiting twice as long each time, `Policy.attempts` times;
* `Corrupt`, `BadInput`: quarantined with the reason, never tried again;
* any other error: failed with the reason;
* a signal (`KeyboardInterrupt`, `SystemExit`): put back into the queue at once.

A person may pause, resume and cancel a job (`Queue.pause` and so on); the worker that has it in
hand notices within `Policy.look_s` and stops at its handler's next `Heartbeat.check`.

To add a kind of work: a handler `(Job, Heartbeat) -> None` under its kind in the table given to
`Worker`. A handler must be able to begin again after any interruption: it reads what is done
already, and makes its last write together with `Heartbeat.finish` in one transaction.

* `queue.py`: `Queue`, `Policy`, what happens to rows.
* `heartbeat.py`: `Heartbeat`, a worker's hold on the job in hand.
* `worker.py`: `Worker`, who does jobs; `together.py`: several of them in one process.
* `owner.py`: names of workers, and whether one is alive.
"""

from __future__ import annotations

from collections.abc import Sequence

from offair.model.job import Job, JobState

_OPEN = (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED)
_BAD = (JobState.FAILED, JobState.QUARANTINED)


def expected_end(job: Job, now: float) -> float | None:
    """When a running job will be done at the pace of its attempt in hand, UTC seconds since 1970.

    None until something of it was measured. `now`: the same clock; a job that stands still is
    expected later and later.
    """
    if job.state is not JobState.RUNNING or job.begun is None or job.share is None:
        return None
    done, took_s = job.share - job.share_begun, now - job.begun
    if done <= 0 or took_s <= 0:
        return None
    return now + took_s * (1.0 - job.share) / done


def standing(jobs: Sequence[Job]) -> list[Job]:
    """Those of these jobs, all of a queue, that still matter, in the order given: queued, running
    or paused; failed or in quarantine where nobody asked for the same work since."""
    newest: dict[tuple[str, int], int] = {}
    for job in jobs:
        key = (job.kind, job.subject)
        newest[key] = max(newest.get(key, 0), job.id)
    return [
        job
        for job in jobs
        if job.state in _OPEN or (job.state in _BAD and newest[job.kind, job.subject] == job.id)
    ]
