"""Draft a clip: spans of a recording, or turns of one that has no media."""

from __future__ import annotations

from collections.abc import Sequence

from offair.desk import Desk
from offair.desk.evidence import chosen_layer, turns_in
from offair.model.errors import BadInput
from offair.model.record import Clip
from offair.model.time import Span, clock
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
    headline = _line(headline) or None if headline is not None else None
    summary = [line for line in map(_line, summary) if line]
    with desk.catalogue.transaction() as tx:
        recording = tx.recording(recording_id)
        layer = chosen_layer(tx, recording_id, layer_id)
        if recording.media is None:
            _check_turns(recording_id, spans, turn_ids, [t.id for t in tx.turns(layer.id)])
        else:
            if turn_ids or not spans:
                raise BadInput(
                    f"recording {recording_id} has media: give the clip's spans by time"
                    " (--from, --to)"
                )
            _check_spans(recording_id, spans, recording.media.duration_ms)
            if not any(turns_in(tx, layer, spans)):
                raise BadInput(
                    f"no word of layer {layer.id} lies in the span of the clip; "
                    "choose another span, or another layer"
                )
        return tx.add_clip(
            recording_id=recording_id, layer_id=layer.id, spans=spans, turn_ids=turn_ids,
            headline=headline, summary=summary, actor=actor,
        )  # fmt: skip


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


def _check_spans(recording_id: int, spans: Sequence[Span], duration: int) -> None:
    last = 0
    for span in spans:
        if span.length == 0:
            raise BadInput(
                f"the span {clock(span.start)} to {clock(span.end)} is empty; --to is after --from"
            )
        if span.end > duration:
            raise BadInput(
                f"the span ends at {clock(span.end)}, but recording {recording_id} lasts "
                f"{clock(duration)}"
            )
        if span.start < last:
            raise BadInput("the spans of a clip are given in order and do not overlap")
        last = span.end


def _check_turns(
    recording_id: int, spans: Sequence[Span], turn_ids: Sequence[int], known: Sequence[int]
) -> None:
    if spans or not turn_ids:
        raise BadInput(
            f"recording {recording_id} has no media: give the clip's turns (--turns), not times"
        )
    places = {turn_id: place for place, turn_id in enumerate(known)}
    last = -1
    for turn_id in turn_ids:
        if turn_id not in places:
            raise BadInput(f"turn {turn_id} is not in the chosen layer of recording {recording_id}")
        if places[turn_id] <= last:
            raise BadInput(
                f"turn {turn_id} was spoken before the turn named before it, or is named twice; "
                "give a clip's turns once each and in their order"
            )
        last = places[turn_id]


def _line(text: str) -> str:
    """Text of a headline or a paragraph: one line, as the printed layout has it."""
    return " ".join(text.split())
