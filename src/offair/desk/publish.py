"""Publish a clip: cut its media, then number, edition and document in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, replace

from offair import media
from offair.desk import Desk
from offair.desk.attributed import newest_attributions, spoken_by
from offair.desk.evidence import turns_in
from offair.desk.heard import all_heard
from offair.desk.record_address import document_of
from offair.desk.scratch import scratch_folder
from offair.desk.translations import label_of, read_sentences, stale_among
from offair.formats import record_json, record_text
from offair.media import CutFile
from offair.model.errors import BadInput, Conflict, Refused
from offair.model.record import (
    NOT_TOLD_APART,
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
from offair.text.attribute import ranges_inside
from offair.text.caption_turns import CHANGE_OF_SPEAKER

_ORIGINS = {
    LayerOrigin.ENGINE: "machine",
    LayerOrigin.PERSON: "person",
    LayerOrigin.IMPORT: "import",
    LayerOrigin.BROADCASTER: "broadcaster",
}
"""Who made the words, as a record says it."""
UNNAMED = "Unnamed speaker"
"""How a record calls a voice that a machine told apart and nobody named; its number follows."""


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

    `now_utc` is ISO 8601 with `Z`. Unless persons heard every word printed and confirmed who says
    it, the record says in every format which of `NOTICES` it is; it says too how many sentences
    translate what was changed since. A cut that fails burns no number. Raises `NotFound`,
    `BadInput` (no note for a later edition), `Refused` (an imported record), media errors of the
    cut.
    """
    with desk.catalogue.snapshot() as tx:
        clip = tx.clip(clip_id)
        recording = tx.recording(clip.recording_id)
        if clip.number is not None and clip.number.series != desk.series:
            raise Refused(
                f"clip {clip_id} is {clip.number.series}'s record {clip.number.printed}: an "
                "imported record keeps its number and is not published again by this desk"
            )
    if clip.edition > 0 and not (note or "").strip():
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
            record = replace(
                _record(desk, tx, clip, recording, deposits, actor=actor, now_utc=now_utc),
                note=note.strip() if note else None,
            )
            document = record_json.write(record, record_text.layout_for(record))
            document_of(document)  # what cannot be read again is never published
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
    folder = stack.enter_context(scratch_folder(desk, "cut"))
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
        _neighbours(tx.turns_by_id(clip.turn_ids))
        if recording.media is None
        else turns_in(tx, layer, clip.spans)
    )
    printed = [turn for group in groups for turn in group]
    attributions = newest_attributions(tx, layer, printed)
    apart = bool(attributions) or any(turn.label is not None for turn in tx.turns(layer.id))
    cast = _Cast(layer, attributions, apart=apart)
    stale = _stale(tx, layer, {turn.id for turn in printed}, clip.spans)
    body = _body(groups, cast, stale, _heard(tx, printed, clip.spans))
    turns = [item for item in body if isinstance(item, RecordTurn)]
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
        speakers=tuple(cast.speakers.values()),
        body=body,
        completeness=Completeness.COMPLETE if len(clip.spans) == 1 else Completeness.EXCERPTS,
        language=layer.language,
        original_language=(source.language if source else "und") if translation else layer.language,
        kind="translation" if translation else "speech",
        checked=bool(turns) and all(one.heard and one.confirmed_by for one in turns),
        translator=_translator(layer),
        made_by=f"{desk.name}: {_made(layer)}, published by {actor}",
        published_utc=now_utc,
        spans=_spans(clip, recording),
        media=tuple(_media(cut, deposit) for cut, deposit in deposits),
        stale=sum(stale.values()),
    )


def _made(layer: Layer) -> str:
    """The layer's maker; of a translation also whether a machine made it."""
    label = label_of(layer)
    return f"{label} ({layer.maker})" if label else layer.maker


def _stale(
    tx: Transaction, layer: Layer, turn_ids: Set[int], spans: Sequence[Span]
) -> Mapping[int, int]:
    """How many sentences translate what was changed since or is gone, by printed turn."""
    if layer.kind is not LayerKind.TRANSLATION:
        return {}
    _, sentences = read_sentences(tx, layer.id)
    printed = [
        one
        for one in sentences
        if one.turn.id in turn_ids
        and (one.span is None or not spans or any(_meet(one.span, span) for span in spans))
    ]
    return Counter(one.turn_id for one in stale_among(tx, printed))


def _heard(tx: Transaction, printed: Sequence[Turn], spans: Sequence[Span]) -> Set[int]:
    """The printed turns of which persons heard every word that is printed."""
    ids = list(dict.fromkeys(turn.id for turn in printed))
    hearings = tx.hearings(ids)
    return {
        turn.id
        for turn in tx.turns_by_id(list(hearings))
        if all_heard(
            turn,
            [one for span in spans for one in ranges_inside(turn, span)]
            if spans
            else [(0, len(turn.text))],
            hearings[turn.id],
        )
    }


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _translator(layer: Layer) -> str | None:
    """The engine or the person who translated; None where the text came with no word of it."""
    known = layer.origin in (LayerOrigin.ENGINE, LayerOrigin.PERSON)
    return layer.maker if layer.kind is LayerKind.TRANSLATION and known else None


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


class _Cast:
    """The speakers of a record in the making. apart: voices were told apart in this layer."""

    def __init__(
        self, layer: Layer, attributions: Mapping[int, Attribution], *, apart: bool
    ) -> None:
        self.layer = layer
        self.speakers: dict[tuple[str, str], RecordSpeaker] = {}
        self._attributions, self._apart = attributions, apart
        self._unnamed: dict[str, str] = {}

    def of(self, turn: Turn) -> tuple[str | None, str | None, str | None]:
        """The speaker's key, the label as this turn prints it, and who confirmed the speaker.

        A voice that only a machine told apart is printed by a number of this record; where no
        voices were told apart the record says so; all None where only this turn is unknown.
        """
        heard = spoken_by(turn, self._attributions.get(turn.id), self.layer)
        if heard.name is not None and heard.named:
            key = self._known(heard.name, heard.kind, heard.label or heard.name)
            return key, heard.label, heard.confirmed_by
        if heard.name is not None:
            number = len(self._unnamed) + 1
            name = self._unnamed.setdefault(heard.name, f"{UNNAMED} {number}")
            return self._known(name, SpeakerKind.ROLE, name), name, None
        if self._apart:
            return None, None, None
        return self._known(NOT_TOLD_APART, SpeakerKind.LABEL, NOT_TOLD_APART), NOT_TOLD_APART, None

    def _known(self, name: str, kind: SpeakerKind, label: str) -> str:
        key = (name, kind.value)
        known = self.speakers.get(key) or RecordSpeaker(f"s{len(self.speakers) + 1}", name, kind)
        if label not in known.forms:
            known = replace(known, forms=(*known.forms, label))
        self.speakers[key] = known
        return known.key


def _body(
    groups: Sequence[Sequence[Turn]],
    cast: _Cast,
    stale: Mapping[int, int],
    heard: Set[int],
) -> tuple[RecordTurn | StandingMark, ...]:
    body: list[RecordTurn | StandingMark] = []
    for group in groups:
        if body and group:
            body.append(StandingMark(Mark(MarkKind.CUT, 0, 5, "[...]")))
        for turn in group:
            speaker, label, confirmed_by = cast.of(turn)
            body.append(
                RecordTurn(
                    key=f"t{sum(isinstance(item, RecordTurn) for item in body) + 1}",
                    label=label,
                    speaker=speaker,
                    parts=_paragraphs(turn),
                    span=turn.span,
                    origin=_ORIGINS[cast.layer.origin],
                    heard=turn.id in heard,
                    confirmed_by=confirmed_by,
                    turn_id=turn.id,
                    stale=turn.id in stale,
                )
            )
    return tuple(body)


def _paragraphs(turn: Turn) -> tuple[Paragraph | StandingMark, ...]:
    parts: list[Paragraph | StandingMark] = []
    start = 0
    for line in turn.text.split("\n"):
        end = start + len(line)
        inside = [
            m
            for m in turn.marks
            if start <= m.char_start and m.char_end <= end and m.sense != CHANGE_OF_SPEAKER
        ]
        marks = tuple(
            replace(m, char_start=m.char_start - start, char_end=m.char_end - start)
            for m in inside
            if not _stands_alone(m)
        )
        alone = [m for m in inside if _stands_alone(m)]
        parts += (_standing(m) for m in alone if m.char_start < max(end, start + 1))
        if line.strip():
            parts.append(Paragraph(line, marks, turn.span if "\n" not in turn.text else None))
        parts += (_standing(m) for m in alone if m.char_start >= max(end, start + 1))
        start = end + 1
    return tuple(parts)


def _stands_alone(mark: Mark) -> bool:
    """Whether nothing of the mark is printed in the turn's text: it had a line of its own."""
    return mark.char_start == mark.char_end


def _standing(mark: Mark) -> StandingMark:
    return StandingMark(replace(mark, char_start=0, char_end=len(mark.text)))


def _neighbours(turns: Sequence[Turn]) -> list[tuple[Turn, ...]]:
    """Turns in runs without a hole: between two runs something was left out."""
    groups: list[list[Turn]] = []
    for turn in turns:
        if not groups or turn.ordinal != groups[-1][-1].ordinal + 1:
            groups.append([])
        groups[-1].append(turn)
    return [tuple(group) for group in groups]
