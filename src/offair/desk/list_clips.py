"""The clips of the desk with how each is worked on: all, those in one state, those of one owner."""

from __future__ import annotations

from dataclasses import dataclass

from offair.desk import Desk
from offair.model.clip_work import ClipState, ClipWork
from offair.model.record import Clip
from offair.model.recording import Recording

MOST = 200


@dataclass(frozen=True, slots=True)
class ListedClip:
    """A clip in a list. queries: how many nobody has answered."""

    clip: Clip
    work: ClipWork
    recording: Recording
    queries: int


def list_clips(
    desk: Desk,
    *,
    state: ClipState | None = None,
    owner: str | None = None,
    limit: int = 50,
    before_id: int | None = None,
) -> tuple[ListedClip, ...]:
    """The clips, the newest first, at most `MOST` at once; with `before_id`, older ones."""
    with desk.catalogue.snapshot() as tx:
        works = tx.clip_works(
            state=state, owner=owner, limit=max(1, min(limit, MOST)), before_id=before_id
        )
        clips = [tx.clip(one.clip_id) for one in works]
        recordings = tx.recordings_by_id([one.recording_id for one in clips])
        queries = tx.open_clip_queries([one.id for one in clips])
    return tuple(
        ListedClip(clip, work, recordings[clip.recording_id], queries.get(clip.id, 0))
        for clip, work in zip(clips, works, strict=True)
    )


def show_clip(desk: Desk, clip_id: int) -> ListedClip:
    """One of them. Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        clip = tx.clip(clip_id)
        queries = tx.open_clip_queries([clip_id]).get(clip_id, 0)
        return ListedClip(clip, tx.clip_work(clip_id), tx.recording(clip.recording_id), queries)
