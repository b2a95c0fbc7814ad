"""Queue the publishing of a clip, so that nobody waits for the cut; and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.publication_stops import passed_stops
from offair.desk.publishing import Publishing, act_of, stops_of
from offair.model.clip_work import EditionAct
from offair.model.errors import BadInput, Conflict
from offair.model.job import PUBLISH, Job, JobState
from offair.model.record import Clip
from offair.store import Transaction

_PRIORITY = 1e18
"""Before everything else: a person waits for it."""
_LONGEST = 4_000
"""Characters of a note or a reason."""

Said = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class PublishingState:
    """How far the publishing of a clip is that was asked for last. job: None where nobody asked.
    share: of the cut, 0…1 or None. problem: why it failed or waits, as a sentence."""

    clip: Clip
    job: Job | None

    @property
    def problem(self) -> str | None:
        """Why it failed or waits to be tried again; None while it goes well."""
        return self.job.error if self.job is not None else None


def queue_publishing(
    desk: Desk, clip_id: int, how: Publishing, *, actor: str, now_utc: str
) -> PublishingState:
    """Ask for a clip to be published; what stops it is asked now, and again when it is done. Asked
    twice is once. now_utc: ISO 8601 with `Z`.

    Raises `NotFound`, `Stopped`, `BadInput`, `Refused` as `publish` does, `Conflict` where the
    draft was changed since `how.version`, or is being published in another way.
    """
    for text in (how.note, how.said, how.says, how.override):
        if text is not None and len(text) > _LONGEST:
            raise BadInput(f"a note or a reason has at most {_LONGEST} characters; shorten it")
    with desk.catalogue.transaction() as tx:
        clip = tx.clip(clip_id)
        act_of(desk, tx, clip, how)
        work = tx.clip_work(clip_id)
        if how.version is not None and work.version != how.version:
            raise Conflict(
                f"clip {clip_id} was changed by {work.changed_by or 'somebody'} meanwhile; "
                "look at it first"
            )
        passed_stops(stops_of(desk, tx, clip_id, now_utc), how.override)
        wanted = settings_of(how, actor)
        job = desk.queue.enqueue(tx, PUBLISH, clip_id, priority=_PRIORITY, settings=wanted)
        if dict(job.settings) != wanted:
            raise Conflict(
                f"clip {clip_id} is being published by {job.settings.get('actor')} already; wait "
                "until that is done"
            )
        tx.note_act(actor, "queue_publishing", "clip", clip_id, job=job.id)
    return PublishingState(clip, job)


def publishing_state(desk: Desk, clip_id: int) -> PublishingState:
    """How far it is. Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        return PublishingState(tx.clip(clip_id), _newest(tx, clip_id))


def _newest(tx: Transaction, clip_id: int) -> Job | None:
    found = [one for one in tx.jobs_about(PUBLISH, clip_id) if one.state is not JobState.CANCELLED]
    return max(found, key=lambda one: one.id, default=None)


def settings_of(how: Publishing, actor: str) -> dict[str, Said]:
    """What the job keeps of how a clip is to be published, and by whom."""
    return {
        "actor": actor, "act": None if how.act is None else how.act.value, "note": how.note,
        "said": how.said, "says": how.says, "override": how.override, "version": how.version,
    }  # fmt: skip


def read_settings(settings: Mapping[str, Said]) -> tuple[Publishing, str]:
    """The way back: how, and who asked. Raises `BadInput` where a job does not say it."""

    def text(name: str) -> str | None:
        found = settings.get(name)
        if found is not None and not isinstance(found, str):
            raise BadInput(f"a job to publish has no text for {name!r}; ask for it again")
        return found

    actor, act, version = text("actor"), text("act"), settings.get("version")
    if actor is None or not (version is None or isinstance(version, int)):
        raise BadInput("a job to publish does not say who asked for it; ask for it again")
    how = Publishing(
        None if act is None else EditionAct(act), text("note"), text("said"), text("says"),
        text("override"), version,
    )  # fmt: skip
    return how, actor
