"""Find clips that show what another one shows: of the same recording, or of the same broadcast
recorded or aired again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.carried import standing_turns
from offair.desk.clip_shape import check_spans
from offair.desk.evidence import chosen_layer
from offair.model.record import Clip
from offair.model.recording import Recording
from offair.model.time import Ms, Span
from offair.model.transcript import Layer, LayerKind
from offair.store import Transaction
from offair.text.attribute import clip_turns
from offair.text.passages import common, windows
from offair.text.tokenise import TokenKind, tokens

MOST_OTHERS = 200
"""Clips of other recordings that are held against one."""
_MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Overlap:
    """A clip that shows some of the same.

    spans: what both show, in media time of that clip's recording; empty where it is told by turns
    or words. turn_ids: turns that both print. words: so many stand in both, of another recording;
    None where it is told by time or turns.
    """

    clip: Clip
    recording: Recording
    spans: tuple[Span, ...] = ()
    turn_ids: tuple[int, ...] = ()
    words: int | None = None

    @property
    def common_ms(self) -> Ms | None:
        """How long what both show is."""
        return sum(span.length for span in self.spans) or None


def find_overlaps(desk: Desk, clip_id: int) -> tuple[Overlap, ...]:
    """The clips that overlap this one, those of its own recording first. Raises `NotFound`."""
    with desk.catalogue.snapshot() as tx:
        clip = tx.clip(clip_id)
        layer = None if clip.layer_id is None else tx.layer(clip.layer_id)
        recording = tx.recording(clip.recording_id)
        return _overlaps(tx, recording, layer, clip.spans, clip.turn_ids, clip_id)


def overlaps_of(
    desk: Desk,
    recording_id: int,
    *,
    spans: Sequence[Span] = (),
    turn_ids: Sequence[int] = (),
    layer_id: int | None = None,
) -> tuple[Overlap, ...]:
    """The clips that one of these spans, or turns, would overlap: before it is cut. Raises
    `NotFound`, `BadInput` (spans that no clip can have)."""
    with desk.catalogue.snapshot() as tx:
        recording = tx.recording(recording_id)
        if recording.media is not None:
            check_spans(recording_id, spans, recording.media.duration_ms)
        layer = chosen_layer(tx, recording_id, layer_id)
        return _overlaps(tx, recording, layer, spans, turn_ids, None)


def _overlaps(
    tx: Transaction,
    recording: Recording,
    layer: Layer | None,
    spans: Sequence[Span],
    turn_ids: Sequence[int],
    own: int | None,
) -> tuple[Overlap, ...]:
    found = []
    turns = {turn.id for turn in standing_turns(tx, turn_ids)}
    for other in tx.clips_of([recording.id]):
        if other.id == own:
            continue
        both = tuple(_common(spans, other.spans))
        shared = tuple(t.id for t in standing_turns(tx, other.turn_ids) if t.id in turns)
        if both or shared:
            found.append(Overlap(other, recording, both, shared))
    return (*found, *_elsewhere(tx, recording, layer, spans, turn_ids))


def _common(spans: Sequence[Span], others: Sequence[Span]) -> Iterable[Span]:
    for one in others:
        for span in spans:
            low, high = max(one.start, span.start), min(one.end, span.end)
            if low < high:
                yield Span(low, high)


def _elsewhere(
    tx: Transaction,
    recording: Recording,
    layer: Layer | None,
    spans: Sequence[Span],
    turn_ids: Sequence[int],
) -> list[Overlap]:
    """Clips of what was aired within a day of it, with a run of words in common that chance does
    not give."""
    day = None if recording.aired is None else recording.aired.day
    if day is None or layer is None:
        return []
    around = [_step(day, days) for days in (-1, 1)]
    near = tx.recordings_aired(around[0] or day, around[1] or day)
    recordings = {one.id: one for one in near if one.id != recording.id}
    forms = _forms(tx, layer, spans, turn_ids)
    if not forms:
        return []
    found = []
    for other in tx.clips_of(list(recordings))[:MOST_OTHERS]:
        if other.layer_id is None:
            continue
        theirs = _forms(tx, tx.layer(other.layer_id), other.spans, other.turn_ids)
        words = _words_in_common(forms, theirs)
        if words:
            found.append(Overlap(other, recordings[other.recording_id], words=words))
    return found


def _step(day: str, days: int) -> str | None:
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()
    except OverflowError:
        return None


def _forms(
    tx: Transaction, layer: Layer, spans: Sequence[Span], turn_ids: Sequence[int]
) -> list[str]:
    """The words of a clip as they are compared: of a translation those of its original, where that
    has times."""
    source = layer
    if layer.kind is LayerKind.TRANSLATION and layer.source_layer_id is not None and spans:
        source = tx.layer(layer.source_layer_id)
    turns = (
        [turn for span in spans for turn in clip_turns(tx.turns(source.id, span=span), span)]
        if spans
        else standing_turns(tx, turn_ids)
    )
    return [
        one.form
        for turn in turns
        for one in tokens(turn.text, source.language)
        if one.kind is not TokenKind.FILLER
    ][:_MOST_WORDS]


def _words_in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words of the shorter row stand in the other, in order, in runs that count."""
    shorter, longer = sorted((one, other), key=len)
    if not shorter or set(shorter).isdisjoint(longer):
        return 0
    held: set[int] = set()
    for first, last in windows(len(shorter)):
        found = common(shorter[first:last], longer)
        if found is not None:
            held.update(range(first + found.first, first + found.last))
    return len(held)
