"""Take in a person's translation of a recording, from a file: of its text, or of its sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from offair import formats
from offair.desk import Desk
from offair.desk.evidence import language_tag, printable, sentence_ranges, text_bytes
from offair.desk.translations import (
    ReadSentence,
    carried_attribution,
    next_run,
    original_layer,
    read_sentences,
    translations,
)
from offair.formats import Holds, plain_transcript, record_json
from offair.formats.record_roles import kind_of_label
from offair.model.errors import BadInput
from offair.model.recording import Recording
from offair.model.time import Ms, Span
from offair.model.transcript import (
    Attribution,
    Layer,
    LayerKind,
    LayerOrigin,
    SourceSentence,
    Speaker,
    Turn,
)
from offair.model.words import Words
from offair.store import Transaction
from offair.text import caption_turns
from offair.text.retime import spread
from offair.text.translated import aligned, sentence_span

FROM_SOUND = "from sound"
NOT_ALIGNED = "not aligned with the original: the file has no times, and other turns"


@dataclass(frozen=True, slots=True)
class TakenTranslation:
    """A person's translation that stands. new: False where this very text was here already.

    aligned: how many of its sentences name what they translate, of `sentences`. remarks: what the
    file's reader could not explain, as sentences.
    """

    layer: Layer
    new: bool
    turns: int
    sentences: int
    aligned: int
    remarks: tuple[str, ...]


def take_translation(
    desk: Desk,
    recording_id: int,
    path: Path,
    *,
    actor: str,
    to: str | None = None,
    layer_id: int | None = None,
    from_sound: bool = False,
    encoding: str | None = None,
) -> TakenTranslation:
    """Keep a person's translation as a layer of origin `person`, made by `actor`.

    path: captions, a record's JSON document, or a plain transcript with or without names and
    times. to: its language (BCP 47), by default the desk's. layer_id: what it translates, by
    default the best text that is no translation. Its sentences are aligned with the original's by
    the time they share, many to many; without times, turn by turn where both have as many turns;
    else they stand unaligned and the layer says so. from_sound: made of the sound alone; nothing
    in the original is needed or named.
    Raises `NotFound`, `BadInput` (not a text that can be read, no original and not `from_sound`).
    """
    language = language_tag(to or desk.translates_to)
    if language == "und":
        raise BadInput(f"{to!r} is no language; write en, pt-BR or acm")
    data = text_bytes(path)
    with desk.catalogue.transaction() as tx:
        recording = tx.recording(recording_id)
        read, remarks = _read(data, path, encoding, recording)
        if not read:
            raise BadInput(f"{printable(path)} holds no text to take in")
        original = None if from_sound else original_layer(tx, recording_id, layer_id, language)
        known = _identical(tx, recording_id, read, language, actor, original)
        ranges = sentence_ranges(read, language)
        total = sum(map(len, ranges))
        if known is not None:
            _, sentences = read_sentences(tx, known.id)
            named = len(tx.sentence_sources([one.sentence.id for one in sentences]))
            return TakenTranslation(known, False, len(read), total, named, remarks)
        turns, heard = read_sentences(tx, original.id) if original else ((), [])
        sources = _aligned(read, ranges, turns, heard)
        note = f"translated by {actor}"
        if original is None:
            note = f"{note} {FROM_SOUND}"
        elif not sources:
            note = f"{note}; {NOT_ALIGNED}"
        layer = tx.add_layer(
            recording_id=recording_id, kind=LayerKind.TRANSLATION, language=language,
            origin=LayerOrigin.PERSON, maker=actor, run=next_run(tx, recording_id), turns=read,
            sentences=ranges, source_layer_id=original.id if original else None, note=note,
            sources=sources,
        )  # fmt: skip
        _attribute(tx, tx.turns(layer.id), turns, original, actor)
        tx.note_act(actor, "take_translation", "layer", layer.id, recording=recording_id)
    return TakenTranslation(layer, True, len(read), total, len(sources), remarks)


def _read(
    data: bytes, path: Path, encoding: str | None, recording: Recording
) -> tuple[tuple[Turn, ...], tuple[str, ...]]:
    """The turns of a text file, with times where it has some and there is media they count from."""
    timed = recording.media is not None
    suffix = path.suffix.lower()
    captions = next(
        (
            name
            for name, one in formats.known().items()
            if one.reads and one.holds is Holds.CUES and one.suffix == suffix
        ),
        None,
    )
    if captions is not None:
        cues, report = formats.reader(captions)(data, source=path.name, encoding=encoding)
        turns = caption_turns.turns_of(cues, timed=timed)
        return turns, tuple(one.message for one in report)
    if suffix == ".json":
        record, _, report = record_json.read(data, source=printable(path))
        pieces = [
            ("\n".join(one.text for one in turn.paragraphs), turn.label, turn.span)
            for turn in record.turns
        ]
        return _turns(pieces, timed=timed), tuple(one.message for one in report)
    lines, report = plain_transcript.read(data, source=path.name, encoding=encoding)
    length = recording.media.duration_ms if recording.media else None
    starts = [line.start for line in lines]
    spans = [_until(starts, place, length) for place in range(len(lines))]
    pieces = [(line.text, line.label, span) for line, span in zip(lines, spans, strict=True)]
    return _turns(pieces, timed=timed), tuple(one.message for one in report)


def _until(starts: Sequence[Ms | None], place: int, length: Ms | None) -> Span | None:
    """From the time printed before a turn to the next printed one, or the recording's end."""
    start = starts[place]
    if start is None or length is None or start >= length:
        return None
    following = next((one for one in starts[place + 1 :] if one is not None), length)
    return Span(start, min(following, length)) if following > start else None


def _turns(
    pieces: Sequence[tuple[str, str | None, Span | None]], *, timed: bool
) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for text, label, span in pieces:
        if not text.strip():
            continue
        when = span if timed else None
        words = Words.of(spread(text, 0, len(text), when))
        turns.append(Turn(0, len(turns), text, words, when, label))
    return tuple(turns)


def _identical(
    tx: Transaction,
    recording_id: int,
    read: Sequence[Turn],
    language: str,
    actor: str,
    original: Layer | None,
) -> Layer | None:
    """The layer that this file made before, not revised since."""
    said = [(one.text, one.label, one.span) for one in read]
    for layer in translations(tx, recording_id, language):
        same = (layer.origin, layer.maker, layer.source_layer_id) == (
            LayerOrigin.PERSON,
            actor,
            original.id if original else None,
        )
        if same and [(one.text, one.label, one.span) for one in tx.turns(layer.id)] == said:
            return layer
    return None


def _aligned(
    read: Sequence[Turn],
    ranges: Sequence[Sequence[tuple[int, int]]],
    turns: Sequence[Turn],
    heard: Sequence[ReadSentence],
) -> dict[tuple[int, int], Sequence[SourceSentence]]:
    """What each sentence translates: by the time they share, else by the order of turns."""
    places = [(turn, at) for turn, cut in enumerate(ranges) for at in range(len(cut))]
    spans = [sentence_span(read[turn], *ranges[turn][at]) for turn, at in places]
    if any(spans) and any(one.span for one in heard):
        found = aligned(spans, [one.span for one in heard])
        return {
            place: tuple(heard[one].source for one in some)
            for place, some in zip(places, found, strict=True)
            if some
        }
    if len(read) != len(turns):
        return {}
    of_turn: dict[int, list[ReadSentence]] = {}
    for one in heard:
        of_turn.setdefault(one.turn.id, []).append(one)
    result: dict[tuple[int, int], Sequence[SourceSentence]] = {}
    for turn, at in places:
        some = of_turn.get(turns[turn].id, [])
        if len(some) == len(ranges[turn]):
            some = some[at : at + 1]
        if some:
            result[turn, at] = tuple(one.source for one in some)
    return result


def _attribute(
    tx: Transaction,
    stored: Sequence[Turn],
    turns: Sequence[Turn],
    original: Layer | None,
    actor: str,
) -> None:
    """Who speaks in each turn: as the file names, else as in the original turn it shares most
    time with."""
    said: Mapping[int, Attribution] = tx.attributions([one.id for one in turns])
    spans = [one.span for one in turns]
    rows = []
    for turn in stored:
        if turn.label:
            speaker = Speaker(turn.label, kind_of_label(turn.label))
            rows.append(Attribution(turn.id, speaker, None, turn.label, None, f"import of {actor}"))
            continue
        (places,) = aligned([turn.span], spans)
        found = [said[turns[place].id] for place in places if turns[place].id in said]
        if original is not None and len({(one.voice, one.author) for one in found}) == 1:
            rows.append(carried_attribution(found[0], turn.id, original))
    tx.add_attributions(rows)
