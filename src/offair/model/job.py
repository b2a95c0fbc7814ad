"""Durable work for later, and the part of a transaction that the queue writes with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class JobState(StrEnum):
    """Where a job stands. `quarantined` is never retried; `failed` ran out of attempts.

    `paused` waits for a person to resume it; `cancelled` was given up by one.
    """

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    CANCELLED = "cancelled"


PUBLISH = "publish"
"""The kind of job that publishes a clip."""
_OF_CLIPS = frozenset({PUBLISH})
"""Kinds of jobs whose subject is a clip; of all others it is a recording."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. Highest `priority` first, then newest subject, then oldest id.

    kind: the desk verb (`process`, `proxy`). subject: what it is about, by its id.
    (kind, subject) is unique among jobs queued, running or paused: asking twice queues once.
    leased_until, due: UTC seconds since 1970; lease_owner names the worker that has it.
    begun: UTC seconds when the attempt in hand began, or None. share: how much of it is done,
    0…1, or None where unknown; share_begun: how much was, when the attempt began.
    """

    id: int
    kind: str
    subject: int
    state: JobState
    priority: float
    attempts: int
    due: float
    leased_until: float | None
    lease_owner: str | None
    settings: Mapping[str, str | int | float | bool | None]
    error: str | None
    begun: float | None = None
    share: float | None = None
    share_begun: float = 0.0

    @property
    def recording(self) -> int | None:
        """The recording it is about, or None where it is about a clip."""
        return None if self.kind in _OF_CLIPS else self.subject

    @property
    def about(self) -> str:
        """What it is about, in words: `recording 3`."""
        return f"{'clip' if self.kind in _OF_CLIPS else 'recording'} {self.subject}"


class JobRows(Protocol):
    """The rows of jobs inside one open transaction; `store.Transaction` fulfils it."""

    def insert_job(
        self,
        kind: str,
        subject: int,
        *,
        priority: float,
        due: float,
        settings: Mapping[str, str | int | float | bool | None],
    ) -> Job:
        """A new queued job, or the one already queued, running or paused for (kind, subject); one
        that was put off to a later time is then due at `due`."""
        ...

    def claim_due_job(
        self, kinds: Sequence[str], *, owner: str, now: float, leased_until: float
    ) -> Job | None:
        """The most urgent job that is due, or runs on a lease that ran out; now ours."""
        ...

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

        What is None stays as it is; a job that is no longer running is held by nobody."""
        ...

    def move_job(self, job_id: int, state: JobState, *, out_of: Sequence[JobState]) -> bool:
        """A person's word over a job: into `state`, whoever holds it; False where it is in none
        of the states `out_of`. It is then held by nobody. Raises `NotFound`; `Conflict` where
        another job of the same kind and subject is open already."""
        ...

    def job(self, job_id: int) -> Job:
        """One job. Raises `NotFound`."""
        ...

    def jobs_about(self, kind: str, subject: int) -> Sequence[Job]:
        """Every job there was of one kind and subject, oldest first."""
        ...

    def jobs(self, states: Sequence[JobState] | None = None) -> Sequence[Job]:
        """Jobs in the order they would be taken, all states or those given."""
        ...
