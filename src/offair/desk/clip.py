"""Draft a clip: spans of a recording, or turns of one that has no media."""

from __future__ import annotations

from collections.abc import Sequence

from offair.desk import Desk
from offair.desk.clip_shape import check_shape, headline_line, summary_lines
from offair.desk.evidence import chosen_layer
from offair.model.record import Clip
from offair.model.time import Span
from offair.model.transcript import LayerKind


def clip(
    desk: Desk,
    recording_id: int,
    *,
    spans: Sequence[Span] = (),
    turn_ids: Sequence[int] = (),
    layer_id: int | None = None,
    headline: str | None = None,
    summary: Sequence[str] = (),
    actor: str,
) -> Clip:
    """A draft clip; it gets its number when it is first published.

    A recording with media is clipped by `spans` (media time, half-open, in order, not
    overlapping), one without by `turn_ids` of one layer, in their order. Raises `BadInput` where
    that is not so, the span lies outside the recording or holds no words, `NotFound` where there
    is no text yet.
    """
    headline = headline_line(headline)
    summary = summary_lines(summary)
    with desk.catalogue.transaction() as tx:
        recording = tx.recording(recording_id)
        layer = chosen_layer(tx, recording_id, layer_id)
        check_shape(tx, recording, layer, spans, turn_ids)
        draft = tx.add_clip(
            recording_id=recording_id, layer_id=layer.id, spans=spans, turn_ids=turn_ids,
            headline=headline, summary=summary, actor=actor,
        )  # fmt: skip
        tx.note_act(actor, "clip", "clip", draft.id, recording=recording_id, layer=layer.id)
    return draft


def taken_from_captions(desk: Desk, draft: Clip) -> str | None:
    """What the editor should know of a draft whose words are captions although there is sound, as
    a sentence; None for any other draft."""
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(draft.recording_id)
        layer = None if draft.layer_id is None else tx.layer(draft.layer_id)
    sound = recording.media is not None and bool(recording.media.of_kind("audio"))
    if layer is None or layer.kind is not LayerKind.CAPTIONS or not sound:
        return None
    return (
        f"the words of clip {draft.id} are captions (layer {layer.id}), whose times lag the speech;"
        " the sound was not heard for it: `offair work` hears it, then draft the clip anew"
    )
