"""Remove media whose time at the desk is over by their channel's terms; the text stays."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from offair.desk import Desk
from offair.model.clip_work import ClipState
from offair.model.errors import BadInput
from offair.model.recording import Held, Recording
from offair.store import Transaction

_AT_ONCE = 200
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Expiring:
    """A recording whose time is over. ground: of its channel's terms. needed: why its media stay,
    as sentences; empty where they go. freed_bytes: what went."""

    recording: Recording
    ground: str | None
    needed: tuple[str, ...]
    freed_bytes: int = 0


def expire(
    desk: Desk,
    *,
    actor: str,
    now_utc: str,
    also: Collection[int] = (),
    reason: str | None = None,
    dry_run: bool = False,
) -> tuple[Expiring, ...]:
    """Remove the media of every recording that came in longer ago than its channel's terms keep it.

    What a published record, a report that stands, a clip in work or a hold needs stays, and is told
    of, unless its recording is named in `also`, with a reason that is logged. Text, times and
    records stay; a record keeps the files cut for it. dry_run: tell, and change nothing. now_utc:
    ISO 8601 with `Z`. Raises `BadInput` (named without a reason, or not due), `NotFound`.
    """
    if also and not (reason or "").strip():
        raise BadInput("what is needed goes only for a reason; say which")
    if reason is not None and len(reason) > _LONGEST:
        raise BadInput(f"a reason has at most {_LONGEST:,} characters; shorten it")
    with desk.catalogue.snapshot() as tx:
        for one in also:
            tx.recording(one)
        due = _due(tx, datetime.fromisoformat(now_utc))
        found = [Expiring(one, ground, _needed(tx, one)) for one, ground in due]
    not_due = set(also) - {one.recording.id for one in found}
    if not_due:
        raise BadInput(
            f"the time of recording {min(not_due)} is not over by its channel's terms; nothing was "
            "removed"
        )
    if dry_run:
        return tuple(found)
    return tuple(
        _expired(desk, one, actor, reason, named=one.recording.id in also) for one in found
    )


def _due(tx: Transaction, now: datetime) -> list[tuple[Recording, str | None]]:
    found: list[tuple[Recording, str | None]] = []
    before: int | None = None
    while recordings := tx.recordings(limit=_AT_ONCE, before_id=before):
        before = recordings[-1].id
        for one in recordings:
            terms = tx.channel_terms(one.channel.id or 0)
            if one.object is None or terms.expires_days is None:
                continue
            came = datetime.fromisoformat(one.added_utc)
            came = came if came.tzinfo else came.replace(tzinfo=UTC)
            if came + timedelta(days=terms.expires_days) <= now:
                found.append((one, terms.ground))
    return found


def _needed(tx: Transaction, recording: Recording) -> tuple[str, ...]:
    """Why the media of a recording are needed still."""
    found = []
    for clip in tx.clips_of([recording.id]):
        work = tx.clip_work(clip.id)
        if tx.ended_by(clip.id) is not None:
            continue
        if work.hold is not None:
            found.append(f"clip {clip.id} is on hold: {work.hold}")
        if clip.edition:
            found.append(f"record {clip.number.printed if clip.number else clip.id} rests on it")
        elif work.state is not ClipState.TO_DO:
            found.append(f"clip {clip.id} is {work.state.value}")
    found += [f"report {one.title!r} rests on it" for one in tx.shared_reports_on(recording.id)]
    return tuple(found)


def _expired(desk: Desk, one: Expiring, actor: str, reason: str | None, *, named: bool) -> Expiring:
    if one.needed and not named:
        return one
    with desk.catalogue.transaction() as tx:
        recording = tx.recording(one.recording.id)
        if recording.held is Held.EXPIRED or (_needed(tx, recording) and not named):
            return Expiring(recording, one.ground, _needed(tx, recording))
        roles = tx.detach(recording.id)
        tx.note_act(
            actor, "expire", "recording", recording.id, ground=one.ground,
            reason=reason if one.needed else None, needed="; ".join(one.needed) or None,
        )  # fmt: skip
    freed = sum(desk.vault.remove(sha256) for hashes in roles.values() for sha256 in hashes)
    return Expiring(recording, one.ground, (), freed)
