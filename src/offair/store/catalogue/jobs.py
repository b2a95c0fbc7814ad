"""The job table: rows only. What they mean (retries, leases, backoff) is the room `jobs`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from offair.model.errors import Conflict, NotFound
from offair.model.job import Job, JobState
from offair.store.catalogue import tables
from offair.store.catalogue.columns import Settings, now_utc, read_json, write_json
from offair.store.catalogue.rows import Rows

_j = tables.job.c
_OPEN = (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED)

_ORDER = (_j.priority.desc(), _j.subject.desc(), _j.id)
_HELD_BY_NOBODY = {"leased_until": None, "lease_owner": None, "begun": None}


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        state=JobState(row.state),
        priority=row.priority,
        attempts=row.attempts,
        due=row.due,
        leased_until=row.leased_until,
        lease_owner=row.lease_owner,
        settings=read_json(row.settings),
        error=row.error,
        begun=row.begun,
        share=row.share,
        share_begun=row.share_begun,
    )


class JobTableRows(Rows):
    """The part of a transaction that holds jobs; fulfils `offair.model.job.JobRows`."""

    def insert_job(
        self, kind: str, subject: int, *, priority: float, due: float, settings: Settings
    ) -> Job:
        """A new queued job, or the one already queued, running or paused for (kind, subject).

        One that was put off to a later time is due at the time asked now.
        """
        self._insert_once(
            tables.job,
            {
                "kind": kind,
                "subject": subject,
                "state": JobState.QUEUED.value,
                "priority": priority,
                "attempts": 0,
                "due": due,
                "share_begun": 0.0,
                "settings": write_json(dict(settings)),
                "made_utc": now_utc(),
            },
        )
        same = (_j.kind == kind, _j.subject == subject)
        put_off = (*same, _j.state == JobState.QUEUED.value, _j.due > due)
        self._run(tables.job.update().where(*put_off), {"due": due})
        statement = select(tables.job).where(*same, _j.state.in_([one.value for one in _OPEN]))
        return _job(self._run(statement).one())

    def claim_due_job(
        self, kinds: Sequence[str], *, owner: str, now: float, leased_until: float
    ) -> Job | None:
        """The most urgent job that is due, or runs on a lease that ran out; now ours.

        Of equal priority the newest subject goes first, and of one subject the oldest job: what
        else is to be done for a recording never delays the hearing of a newer one.
        """
        statement = (
            select(_j.id)
            .where(
                _j.kind.in_(kinds),
                or_(
                    and_(_j.state == JobState.QUEUED.value, _j.due <= now),
                    and_(_j.state == JobState.RUNNING.value, _j.leased_until <= now),
                ),
            )
            .order_by(*_ORDER)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        job_id = self._run(statement).scalar()
        if job_id is None:
            return None
        self._run(
            tables.job.update()
            .where(_j.id == job_id)
            .values(
                state=JobState.RUNNING.value,
                attempts=_j.attempts + 1,
                leased_until=leased_until,
                lease_owner=owner,
                begun=now,
                share_begun=func.coalesce(_j.share, 0.0),
            )
        )
        return self.job(job_id)

    def update_job(
        self,
        job_id: int,
        *,
        owner: str,
        state: JobState,
        due: float | None = None,
        leased_until: float | None = None,
        error: str | None = None,
        attempts: int | None = None,
        share: float | None = None,
    ) -> bool:
        """Change a job that `owner` holds; False where the lease has passed to somebody else.

        A job that is no longer running is held by nobody. `due`, `attempts` and `share` stay where
        None; the error of an earlier attempt stays until the job is done, which is then whole.
        """
        values: dict[str, Any] = {"state": state.value}
        if state is JobState.RUNNING:
            if leased_until is not None:
                values["leased_until"] = leased_until
        else:
            values |= _HELD_BY_NOBODY
        if due is not None:
            values["due"] = due
        if attempts is not None:
            values["attempts"] = attempts
        if share is not None:
            values["share"] = min(1.0, max(0.0, share))
        if error is not None or state is JobState.DONE:
            values["error"] = error
        if state is JobState.DONE:
            values["share"] = 1.0
        held = tables.job.update().where(
            _j.id == job_id, _j.lease_owner == owner, _j.state == JobState.RUNNING.value
        )
        return self._run(held, values).rowcount == 1

    def move_job(self, job_id: int, state: JobState, *, out_of: Sequence[JobState]) -> bool:
        """A person's word over a job: into `state`, whoever holds it; False where it is in none
        of the states `out_of`.

        It is then held by nobody, and queued it begins with all its attempts. Raises `NotFound`;
        `Conflict` where another job of the same kind and subject is open already.
        """
        job = self.job(job_id)
        if job.state not in out_of:
            return False
        if state in _OPEN and job.state not in _OPEN:
            open_ones = [one.value for one in _OPEN]
            statement = select(_j.id).where(
                _j.kind == job.kind, _j.subject == job.subject, _j.state.in_(open_ones)
            )
            other = self._run(statement).scalar()
            if other is not None:
                raise Conflict(
                    f"job {job_id} ({job.kind} {job.subject}) cannot be {state.value}: job {other} "
                    "does the same work already; look at that one"
                )
        values: dict[str, Any] = {"state": state.value, **_HELD_BY_NOBODY}
        if state is JobState.QUEUED:
            values["attempts"] = 0
        moved = tables.job.update().where(
            _j.id == job_id, _j.state.in_([one.value for one in out_of])
        )
        return self._run(moved, values).rowcount == 1

    def job(self, job_id: int) -> Job:
        """One job. Raises `NotFound`."""
        row = self._run(select(tables.job).where(_j.id == job_id)).one_or_none()
        if row is None:
            raise NotFound(f"the desk has no job {job_id}; list the jobs to find its number")
        return _job(row)

    def jobs_about(self, kind: str, subject: int) -> Sequence[Job]:
        """Every job there was of one kind and subject, oldest first."""
        statement = select(tables.job).where(_j.kind == kind, _j.subject == subject)
        return [_job(row) for row in self._run(statement.order_by(_j.id))]

    def jobs(self, states: Sequence[JobState] | None = None) -> Sequence[Job]:
        """Jobs in the order they would be taken, all states or those given."""
        statement = select(tables.job).order_by(*_ORDER)
        if states is not None:
            statement = statement.where(_j.state.in_([state.value for state in states]))
        return [_job(row) for row in self._run(statement)]
