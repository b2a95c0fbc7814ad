"""Publish a clip: cut its media, then number, edition and document in one transaction."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from offair import media
from offair.desk import Desk
from offair.desk.evidence import turns_in
from offair.formats import record_json, record_text
from offair.media import CutFile
from offair.model.errors import BadInput, Conflict, Refused
from offair.model.record import (
    Clip,
    Completeness,
    Paragraph,
    Record,
    RecordMedia,
    RecordSpan,
    RecordSpeaker,
    RecordTurn,
    StandingMark,
)
from offair.model.recording import Recording
from offair.model.time import DateKind, PartialDate, Precision, Span
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    Mark,
    MarkKind,
    SpeakerKind,
    Turn,
)
from offair.store import Deposit, Transaction

NOT_TOLD_APART = "Speakers not told apart"
"""The label of turns whose speakers nobody knows yet: several people may speak in one."""
WITHHELD = "Speaker withheld"


@dataclass(frozen=True, slots=True)
class Published:
    """A published edition. notes: what could not be done, as sentences."""

    clip: Clip
    record: Record
    notes: tuple[str, ...]


def publish(
    desk: Desk,
    clip_id: int,
    *,
    actor: str,
    now_utc: str,
    note: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Published:
    """Publish a draft as edition 1, or a published clip as its next edition with a public note.

    `now_utc` is ISO 8601 with `Z`. Nobody has heard the words yet, so the record says
    `NOT_CHECKED` in every format. A cut that fails burns no number. Raises `NotFound`, `BadInput`
    (no note for a later edition), `Refused` (an imported record), media errors of the cut.
    """
    with desk.catalogue.snapshot() as tx:
        clip = tx.clip(clip_id)
        recording = tx.recording(clip.recording_id)
        if clip.number is not None and clip.number.series != desk.series:
            raise Refused(
                f"clip {clip_id} is {clip.number.series}'s record {clip.number.printed}: an "
                "imported record keeps its number and is not published again by this desk"
            )
    if clip.edition > 0 and not note:
        raise BadInput(
            f"record {clip.number.printed if clip.number else clip_id} is published: a new edition"
            " needs a public note of what it said and what it says now (--note)"
        )
    with ExitStack() as stack:
        cuts = _cut(desk, recording, clip.spans, stack, progress)
        deposits = [(cut, stack.enter_context(desk.vault.deposit_file(cut.path))) for cut in cuts]
        with desk.catalogue.transaction() as tx:
            if tx.clip(clip_id).edition != clip.edition:
                raise Conflict(
                    f"clip {clip_id} was published by somebody else meanwhile; look at it first"
                )
            record = _record(desk, tx, clip, recording, deposits, actor=actor, now_utc=now_utc)
            document = record_json.write(record, record_text.layout_for(record))
            tx.add_edition(
                clip_id, record.edition, document=document,
                objects=[deposit.object for _, deposit in deposits], actor=actor, note=note,
            )  # fmt: skip
            published = tx.clip(clip_id)
        for _, deposit in deposits:
            deposit.keep()
    return Published(published, record, tuple(cut.note for cut in cuts if cut.note))


def _cut(
    desk: Desk,
    recording: Recording,
    spans: Sequence[Span],
    stack: ExitStack,
    progress: Callable[[float], None] | None,
) -> list[CutFile]:
    if recording.object is None or recording.media is None:
        return []
    if recording.quarantine is not None:
        raise Refused(
            f"the media of recording {recording.id} is in quarantine ({recording.quarantine}); "
            "no clip can be cut from it"
        )
    desk.scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="cut-", dir=desk.scratch))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    source = desk.vault.path(recording.object.sha256)
    return list(media.cut(source, spans, folder, desk.limits, progress))


def _record(
    desk: Desk,
    tx: Transaction,
    clip: Clip,
    recording: Recording,
    deposits: Sequence[tuple[CutFile, Deposit]],
    *,
    actor: str,
    now_utc: str,
) -> Record:
    if clip.layer_id is None:
        raise BadInput(f"clip {clip.id} has no text to print; draft it again with a layer")
    layer = tx.layer(clip.layer_id)
    groups = (
        [tuple(tx.turns_by_id(clip.turn_ids))]
        if recording.media is None
        else turns_in(tx, layer, clip.spans)
    )
    attributions = tx.attributions([turn.id for group in groups for turn in group])
    speakers: dict[tuple[str, str], RecordSpeaker] = {}
    body = _body(groups, attributions, layer, speakers)
    translation = layer.kind is LayerKind.TRANSLATION
    source = tx.layer(layer.source_layer_id) if layer.source_layer_id else None
    return Record(
        number=tx.take_number(clip.id, desk.series),
        edition=clip.edition + 1,
        date=PartialDate(now_utc[:10], Precision.DAY, DateKind.PUBLISHED, "Z"),
        aired=recording.aired,
        headline=clip.headline or recording.title,
        run_time_ms=sum(span.length for span in clip.spans) or None,
        channel=recording.channel.name,
        country=recording.channel.country,
        summary=tuple(Paragraph(text) for text in clip.summary),
        speakers=tuple(speakers.values()),
        body=body,
        completeness=Completeness.COMPLETE if len(clip.spans) == 1 else Completeness.EXCERPTS,
        language=layer.language,
        original_language=(source.language if source else "und") if translation else layer.language,
        kind="translation" if translation else "speech",
        checked=False,
        made_by=f"{desk.name}: {layer.maker}, published by {actor}",
        published_utc=now_utc,
        spans=_spans(clip, recording),
        media=tuple(_media(cut, deposit) for cut, deposit in deposits),
    )


def _spans(clip: Clip, recording: Recording) -> tuple[RecordSpan, ...]:
    sha256 = recording.object.sha256 if recording.object else None
    if not clip.spans:
        return (RecordSpan(recording.id, None, sha256),)
    return tuple(RecordSpan(recording.id, span, sha256) for span in clip.spans)


def _media(cut: CutFile, deposit: Deposit) -> RecordMedia:
    one = deposit.object
    return RecordMedia(
        cut.role, one.sha256, one.size_bytes, cut.media_type, one.name, cut.clip_in, cut.clip_out
    )


def _body(
    groups: Sequence[Sequence[Turn]],
    attributions: Mapping[int, Attribution],
    layer: Layer,
    speakers: dict[tuple[str, str], RecordSpeaker],
) -> tuple[RecordTurn | StandingMark, ...]:
    body: list[RecordTurn | StandingMark] = []
    for group in groups:
        if body:
            body.append(StandingMark(Mark(MarkKind.CUT, 0, 5, "[...]")))
        for turn in group:
            attribution = attributions.get(turn.id)
            speaker = _speaker(turn, attribution, speakers)
            body.append(
                RecordTurn(
                    key=f"t{sum(isinstance(item, RecordTurn) for item in body) + 1}",
                    label=speaker.forms[0],
                    speaker=speaker.key,
                    parts=_paragraphs(turn),
                    span=turn.span,
                    origin="person" if layer.origin is LayerOrigin.PERSON else "machine",
                    confirmed_by=attribution.confirmed_by if attribution else None,
                    turn_id=turn.id,
                )
            )
    return tuple(body)


def _paragraphs(turn: Turn) -> tuple[Paragraph, ...]:
    parts, start = [], 0
    for line in turn.text.split("\n"):
        marks = tuple(
            Mark(m.kind, m.char_start - start, m.char_end - start, m.text, m.sense, m.confirmed)
            for m in turn.marks
            if start <= m.char_start and m.char_end <= start + len(line)
        )
        if line.strip():
            parts.append(Paragraph(line, marks, turn.span if "\n" not in turn.text else None))
        start += len(line) + 1
    return tuple(parts)


def _speaker(
    turn: Turn,
    attribution: Attribution | None,
    speakers: dict[tuple[str, str], RecordSpeaker],
) -> RecordSpeaker:
    voice = attribution.voice if attribution else None
    if voice is not None and voice.withheld:
        return _known(speakers, WITHHELD, SpeakerKind.LABEL, WITHHELD)
    label = (attribution.label if attribution else None) or turn.label
    name = voice.name if voice else label
    kind = voice.kind if voice else SpeakerKind.LABEL
    name = name or NOT_TOLD_APART
    return _known(speakers, name, kind, label or name)


def _known(
    speakers: dict[tuple[str, str], RecordSpeaker], name: str, kind: SpeakerKind, label: str
) -> RecordSpeaker:
    key = (name, kind.value)
    if key not in speakers:
        speakers[key] = RecordSpeaker(f"s{len(speakers) + 1}", name, kind, (label,))
    return speakers[key]
