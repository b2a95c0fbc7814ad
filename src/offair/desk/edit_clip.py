"""Change a draft: headline, summary, spans, layer. Who saves on a stale version is shown both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.clip_ground import clip_text, current_proofs
from offair.desk.clip_shape import check_shape, headline_line, summary_lines
from offair.desk.clip_states import after_edit, refuse_ended
from offair.desk.evidence import chosen_layer
from offair.model.clip_work import ClipWork, Proof
from offair.model.errors import Conflict
from offair.model.record import Clip
from offair.model.time import Span


@dataclass(frozen=True, slots=True)
class ClipChange:
    """What to change of a clip; None leaves it. An empty headline is the recording's title."""

    headline: str | None = None
    summary: Sequence[str] | None = None
    spans: Sequence[Span] | None = None
    turn_ids: Sequence[int] | None = None
    layer_id: int | None = None


@dataclass(frozen=True, slots=True)
class EditedClip:
    """A clip as it stands after an edit. proofs: of its clauses, proposed anew where they changed.
    notes: what the edit did besides, as sentences."""

    clip: Clip
    work: ClipWork
    proofs: tuple[Proof, ...]
    notes: tuple[str, ...]


class StaleClip(Conflict):
    """Somebody changed the clip after the version that was edited. clip, work: as it stands now;
    change: what was to be saved."""

    def __init__(self, message: str, clip: Clip, work: ClipWork, change: ClipChange) -> None:
        super().__init__(message)
        self.clip = clip
        self.work = work
        self.change = change


def edit_clip(
    desk: Desk, clip_id: int, change: ClipChange, *, version: int, actor: str
) -> EditedClip:
    """Change what a clip is. version: of the draft that was edited (`ClipWork.version`).

    A clip that was ready, or published, is in hand again, and nobody has read it for a second
    time. Saving what stands there already changes nothing. Raises `NotFound`, `BadInput` (spans,
    turns, layer, too long), `StaleClip`, `Refused` (withdrawn, removed).
    """
    with desk.catalogue.transaction() as tx:
        clip, work = tx.clip(clip_id), tx.clip_work(clip_id)
        refuse_ended(work)
        if work.version != version:
            raise StaleClip(
                f"{work.changed_by or 'somebody'} changed clip {clip_id} after the version that "
                "was edited here; look at both, then save again",
                clip, work, change,
            )  # fmt: skip
        recording = tx.recording(clip.recording_id)
        layer = chosen_layer(tx, recording.id, change.layer_id or clip.layer_id)
        spans = clip.spans if change.spans is None else tuple(change.spans)
        turn_ids = clip.turn_ids if change.turn_ids is None else tuple(change.turn_ids)
        if (spans, turn_ids, layer.id) != (clip.spans, clip.turn_ids, clip.layer_id):
            check_shape(tx, recording, layer, spans, turn_ids)
        headline = clip.headline if change.headline is None else headline_line(change.headline)
        summary = clip.summary if change.summary is None else tuple(summary_lines(change.summary))
        changed = {
            name
            for name, old, new in (
                ("headline", clip.headline, headline),
                ("summary", clip.summary, summary),
                ("spans", clip.spans, spans),
                ("turns", clip.turn_ids, turn_ids),
                ("layer", clip.layer_id, layer.id),
            )
            if old != new
        }
        if not changed:
            return EditedClip(clip, work, current_proofs(tx, clip_text(tx, clip_id)), ())
        clip = tx.change_clip(
            clip_id, layer_id=layer.id, spans=spans, turn_ids=turn_ids, headline=headline,
            summary=summary,
        )  # fmt: skip
        after, notes = after_edit(work, actor)
        work = tx.save_clip_work(after, version=version, actor=actor)
        proofs = tx.set_clip_proofs(clip_id, current_proofs(tx, clip_text(tx, clip_id)))
        tx.note_act(
            actor, "edit_clip", "clip", clip_id,
            changed=", ".join(sorted(changed)), version=work.version, state=work.state.value,
        )  # fmt: skip
    return EditedClip(clip, work, tuple(proofs), notes)
