"""What is to be done, how far it is, and a person's word over it: pause, resume, cancel, retry."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from offair import jobs
from offair.desk import Desk
from offair.jobs.queue import CANCELLABLE, PAUSABLE, RETRIABLE
from offair.model.errors import Conflict, NotFound
from offair.model.job import Job, JobRows, JobState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """A job that is to be done, or that failed and nobody has seen to.

    expected_end: UTC seconds since 1970, or None where nothing of it was measured yet.
    """

    job: Job
    expected_end: float | None


def list_standing(
    desk: Desk, *, recording_id: int | None = None, now: Callable[[], float] = time.time
) -> list[Standing]:
    """Jobs running, queued or paused, and those that failed or stand in quarantine and were not
    asked for again, in the order they would be taken; all, or one recording's.

    now: the clock of the queue. Raises `NotFound` (the recording).
    """
    with desk.catalogue.snapshot() as tx:
        if recording_id is not None:
            tx.recording(recording_id)
        found = jobs.standing(tx.jobs())
    at = now()
    return [
        Standing(job, jobs.expected_end(job, at))
        for job in found
        if recording_id is None or job.recording == recording_id
    ]


def pause_job(
    desk: Desk, job_ids: Sequence[int] = (), *, recording_id: int | None = None, actor: str
) -> list[Job]:
    """Let these jobs, or all of a recording that are queued or running, wait until they are
    resumed; a worker that has one in hand stops at its next step, and what is done of it stays.

    All of them or none; as they stand afterwards. Raises `NotFound` (a job, the recording, or it
    has none to pause), `Conflict` where one has ended.
    """
    return _move(desk, desk.queue.pause, PAUSABLE, "pause", job_ids, recording_id, actor)


def resume_job(
    desk: Desk, job_ids: Sequence[int] = (), *, recording_id: int | None = None, actor: str
) -> list[Job]:
    """Put these paused jobs, or all of a recording, back into the queue. Errors as `pause_job`."""
    return _move(
        desk, desk.queue.resume, (JobState.PAUSED,), "resume", job_ids, recording_id, actor
    )


def cancel_job(
    desk: Desk, job_ids: Sequence[int] = (), *, recording_id: int | None = None, actor: str
) -> list[Job]:
    """Give these jobs up, or all of a recording that are not done; what was done of them stays,
    and asked for again the work is queued anew. Errors as `pause_job`."""
    return _move(desk, desk.queue.cancel, CANCELLABLE, "cancel", job_ids, recording_id, actor)


def retry_job(
    desk: Desk, job_ids: Sequence[int] = (), *, recording_id: int | None = None, actor: str
) -> list[Job]:
    """Queue these jobs that failed, were cancelled or stand in quarantine anew, or all of a
    recording whose work nobody asked for again since; what was done of them stays. A quarantine is
    lifted.

    All of them or none; the new jobs, or those that somebody asked for meanwhile. Raises
    `NotFound` (a job, the recording, or it has none to try again), `Conflict` where one is still
    to be done or done.
    """

    def again(rows: JobRows, job_id: int) -> Job:
        job = rows.job(job_id)
        if job.state not in RETRIABLE:
            raise Conflict(
                f"job {job_id} ({job.kind} {job.subject}) is {job.state.value}; only one that "
                "failed, was cancelled or stands in quarantine is tried again"
            )
        return desk.queue.enqueue(
            rows, job.kind, job.subject, priority=job.priority, settings=job.settings
        )

    return _move(desk, again, RETRIABLE, "retry", job_ids, recording_id, actor, lift=True)


def _move(
    desk: Desk,
    act: Callable[[JobRows, int], Job],
    out_of: Sequence[JobState],
    verb: str,
    job_ids: Sequence[int],
    recording_id: int | None,
    actor: str,
    *,
    lift: bool = False,
) -> list[Job]:
    """lift: the recordings' media is opened again where it stood in quarantine."""
    with desk.catalogue.transaction() as tx:
        wanted = list(dict.fromkeys(job_ids))
        if recording_id is not None:
            tx.recording(recording_id)
            own = _of_recording(tx.jobs(), recording_id, out_of)
            if not own:
                raise NotFound(f"recording {recording_id} has no job to {verb}")
            wanted += [one for one in own if one not in wanted]
        moved = list({job.id: job for job in (act(tx, job_id) for job_id in wanted)}.values())
        for subject in {one.recording for one in moved if lift}:
            if subject is not None and tx.recording(subject).quarantine is not None:
                tx.quarantine_recording(subject, None)
        for job in moved:
            tx.note_act(actor, f"{verb}_job", "job", job.id, of=job.kind, about=job.about)
    for job in moved:
        _log.info("%s: job %s (%s %s) by %s", verb, job.id, job.kind, job.subject, actor)
    return moved


def _of_recording(every: Sequence[Job], recording_id: int, out_of: Sequence[JobState]) -> list[int]:
    """Ids of a recording's jobs in these states that still matter: what is open, and of each kind
    of work the newest, which may have been cancelled."""
    own = [one for one in every if one.recording == recording_id]
    newest = {one.kind: one for one in sorted(own, key=lambda job: job.id)}
    matter = {one.id for one in jobs.standing(own)} | {one.id for one in newest.values()}
    return [one.id for one in own if one.id in matter and one.state in out_of]
