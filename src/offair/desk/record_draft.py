"""The record that a clip gives, before it has a number: what `publish` prints and a page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from offair.desk.attributed import newest_attributions, spoken_by
from offair.desk.carried import standing_turns
from offair.desk.evidence import turns_in
from offair.desk.heard import all_heard
from offair.desk.record_sentences import with_sentences
from offair.desk.translations import label_of, read_sentences, stale_among
from offair.desk.turn_edit import writers
from offair.model.errors import BadInput
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
from offair.store import Transaction
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


def draft_record(
    tx: Transaction,
    clip: Clip,
    recording: Recording,
    *,
    actor: str,
    desk_name: str,
    now_utc: str,
    media: tuple[RecordMedia, ...] = (),
) -> Record:
    """The record that a clip gives as its text stands now: its next edition, with the number it
    has already, or None where it has none yet. Writes nothing.

    `now_utc` is ISO 8601 with `Z`; actor: who publishes it, or looks at it. Raises `BadInput` where
    the clip has no text, `NotFound` where a turn of it is gone.
    """
    if clip.layer_id is None:
        raise BadInput(f"clip {clip.id} has no text to print; draft it again with a layer")
    layer = tx.layer(clip.layer_id)
    groups = printed_groups(tx, clip, recording, layer)
    printed = [turn for group in groups for turn in group]
    attributions = newest_attributions(tx, layer, printed)
    apart = bool(attributions) or any(turn.label is not None for turn in tx.turns(layer.id))
    cast = _Cast(layer, attributions, apart=apart)
    stale = _stale(tx, layer, {turn.id for turn in printed}, clip.spans)
    persons = writers(tx, layer, printed)
    body = _body(groups, cast, stale, heard_turns(tx, printed, clip.spans), persons.keys())
    turns = [item for item in body if isinstance(item, RecordTurn)]
    translation = layer.kind is LayerKind.TRANSLATION
    source = tx.layer(layer.source_layer_id) if layer.source_layer_id else None
    record = Record(
        number=clip.number,
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
        made_by=f"{desk_name}: {_made(layer)}, published by {actor}",
        published_utc=now_utc,
        spans=_spans(clip, recording),
        media=media,
        stale=sum(stale.values()),
    )
    return with_sentences(tx, record)


def printed_groups(
    tx: Transaction, clip: Clip, recording: Recording, layer: Layer
) -> list[tuple[Turn, ...]]:
    """The turns that a clip prints, cut to the words inside its spans, in runs: between two runs
    the record prints a cut. Raises `NotFound`."""
    if recording.media is None:
        return _neighbours(standing_turns(tx, clip.turn_ids))
    return turns_in(tx, layer, clip.spans)


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


def heard_turns(tx: Transaction, printed: Sequence[Turn], spans: Sequence[Span]) -> Set[int]:
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
    persons: Set[int],
) -> tuple[RecordTurn | StandingMark, ...]:
    """The printed turns. stale, heard, persons: by turn; persons wrote the words of the last."""
    body: list[RecordTurn | StandingMark] = []
    for group in groups:
        if body and group:
            body.append(StandingMark(Mark(MarkKind.CUT, 0, 5, "[...]")))
        for turn in group:
            if not turn.text.strip() and not turn.marks:
                continue  # a person took the words out: nobody said them
            speaker, label, confirmed_by = cast.of(turn)
            body.append(
                RecordTurn(
                    key=f"t{sum(isinstance(item, RecordTurn) for item in body) + 1}",
                    label=label,
                    speaker=speaker,
                    parts=_paragraphs(turn),
                    span=turn.span,
                    origin="person" if turn.id in persons else _ORIGINS[cast.layer.origin],
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
