"""Between the values of a record and the plain objects of its JSON document, field by field.

Written out by hand, because the document outlives the program's classes: a renamed field of a
class must not rename a field of a published document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from offair.model.errors import BadInput
from offair.model.record import (
    Completeness,
    Layout,
    LayoutPiece,
    Paragraph,
    Record,
    RecordMedia,
    RecordNumber,
    RecordSentence,
    RecordSpan,
    RecordSpeaker,
    RecordTurn,
    Remark,
    Severity,
    StandingMark,
)
from offair.model.time import DateKind, PartialDate, Precision, Span
from offair.model.transcript import Mark, MarkKind, SpeakerKind

Object = dict[str, Any]
"""A JSON object."""


def record_to(record: Record) -> Object:
    """The document's `record`."""
    number = record.number
    return {
        "number": {"series": number.series, "printed": number.printed} if number else None,
        "edition": record.edition,
        "date": _date_to(record.date),
        "aired": _date_to(record.aired),
        "headline": record.headline,
        "run_time_ms": record.run_time_ms,
        "channel": record.channel,
        "country": record.country,
        "summary": [_paragraph_to(paragraph) for paragraph in record.summary],
        "speakers": [
            {
                "key": speaker.key,
                "name": speaker.name,
                "kind": speaker.kind.value,
                "forms": list(speaker.forms),
                "role": speaker.role,
                "title": speaker.title,
            }
            for speaker in record.speakers
        ],
        "body": [
            _turn_to(item) if isinstance(item, RecordTurn) else _standing_to(item)
            for item in record.body
        ],
        "completeness": record.completeness.value,
        "language": record.language,
        "original_language": record.original_language,
        "kind": record.kind,
        "translator": record.translator,
        "checked": record.checked,
        "note": record.note,
        "made_by": record.made_by,
        "published_utc": record.published_utc,
        "spans": [
            {
                "recording_id": span.recording_id,
                "span": _span_to(span.span),
                "recording_sha256": span.recording_sha256,
            }
            for span in record.spans
        ],
        "media": [
            {
                "role": media.role,
                "sha256": media.sha256,
                "size_bytes": media.size_bytes,
                "media_type": media.media_type,
                "name": media.name,
                "clip_in": media.clip_in,
                "clip_out": media.clip_out,
            }
            for media in record.media
        ],
        **({"stale": record.stale} if record.stale else {}),
    }


def record_from(value: Object, path: str) -> Record:
    """A record from a `record` that the schema allows. Raises `BadInput`, naming the JSON path."""
    number = value["number"]
    record = Record(
        number=RecordNumber(number["series"], number["printed"]) if number else None,
        edition=int(value["edition"]),
        date=_date_from(value["date"], f"{path}.date"),
        aired=_date_from(value["aired"], f"{path}.aired"),
        headline=value["headline"],
        run_time_ms=_count(value["run_time_ms"]),
        channel=value["channel"],
        country=value["country"],
        summary=tuple(
            _paragraph_from(one, f"{path}.summary[{index}]")
            for index, one in enumerate(value["summary"])
        ),
        speakers=tuple(
            RecordSpeaker(
                one["key"],
                one["name"],
                SpeakerKind(one["kind"]),
                tuple(one["forms"]),
                one["role"],
                one.get("title"),
            )
            for one in value["speakers"]
        ),
        body=tuple(
            _turn_from(one, f"{path}.body[{index}]")
            if one["type"] == "turn"
            else _standing_from(one, f"{path}.body[{index}]")
            for index, one in enumerate(value["body"])
        ),
        completeness=Completeness(value["completeness"]),
        language=value["language"],
        original_language=value["original_language"],
        kind=value["kind"],
        translator=value["translator"],
        checked=value["checked"],
        note=value.get("note"),
        made_by=value["made_by"],
        published_utc=value["published_utc"],
        spans=tuple(
            RecordSpan(
                int(one["recording_id"]),
                _span_from(one["span"], f"{path}.spans[{index}].span"),
                one["recording_sha256"],
            )
            for index, one in enumerate(value["spans"])
        ),
        media=tuple(_media_from(one) for one in value["media"]),
        stale=int(value.get("stale", 0)),
    )
    _check_keys(record, path)
    return record


def layout_to(layout: Layout) -> Object:
    """The document's `layout`; what a piece does not have is left out."""
    pieces = []
    for piece in layout.pieces:
        one: Object = {}
        if piece.text or (piece.slot is None and piece.form is None and not piece.inside):
            one["text"] = piece.text
        if piece.slot is not None:
            one["slot"] = piece.slot
        if piece.form is not None:
            one["form"] = piece.form
        if piece.inside:
            one["inside"] = [[distance, text] for distance, text in piece.inside]
        pieces.append(one)
    return {"name": layout.name, "pieces": pieces}


def layout_from(value: Object) -> Layout:
    """A layout from a `layout` that the schema allows."""
    return Layout(
        value["name"],
        tuple(
            LayoutPiece(
                piece.get("text", ""),
                piece.get("slot"),
                piece.get("form"),
                tuple((int(distance), text) for distance, text in piece.get("inside", ())),
            )
            for piece in value["pieces"]
        ),
    )


def remark_to(remark: Remark) -> Object:
    """One line of the document's `report`."""
    return {
        "severity": remark.severity.value,
        "message": remark.message,
        "line": remark.line,
        "text": remark.text,
    }


def remark_from(value: Object) -> Remark:
    """A remark from a line of a `report` that the schema allows."""
    return Remark(
        Severity(value["severity"]), value["message"], _count(value["line"]), value["text"]
    )


def _turn_to(turn: RecordTurn) -> Object:
    return {
        "type": "turn",
        "key": turn.key,
        "label": turn.label,
        "speaker": turn.speaker,
        "parts": [
            {"type": "paragraph", **_paragraph_to(part)}
            if isinstance(part, Paragraph)
            else _standing_to(part)
            for part in turn.parts
        ],
        "span": _span_to(turn.span),
        "origin": turn.origin,
        "heard": turn.heard,
        "confirmed_by": turn.confirmed_by,
        "turn_id": turn.turn_id,
        **({"stale": True} if turn.stale else {}),
    }


def _turn_from(value: Object, path: str) -> RecordTurn:
    return RecordTurn(
        key=value["key"],
        label=value["label"],
        speaker=value["speaker"],
        parts=tuple(
            _paragraph_from(part, f"{path}.parts[{index}]")
            if part["type"] == "paragraph"
            else _standing_from(part, f"{path}.parts[{index}]")
            for index, part in enumerate(value["parts"])
        ),
        span=_span_from(value["span"], f"{path}.span"),
        origin=value["origin"],
        heard=value["heard"],
        confirmed_by=value["confirmed_by"],
        turn_id=_count(value["turn_id"]),
        stale=value.get("stale", False),
    )


def _paragraph_to(paragraph: Paragraph) -> Object:
    return {
        "text": paragraph.text,
        "marks": [_mark_to(mark) for mark in paragraph.marks],
        "span": _span_to(paragraph.span),
        **(
            {"sentences": [_sentence_to(one) for one in paragraph.sentences]}
            if paragraph.sentences
            else {}
        ),
    }


def _paragraph_from(value: Object, path: str) -> Paragraph:
    text = value["text"]
    marks = _marks_from(value["marks"], f"{path}.marks")
    for index, mark in enumerate(marks):
        if mark.char_end > len(text):
            raise BadInput(f"{path}.marks[{index}] ends after the text it stands in")
    sentences = tuple(
        RecordSentence(
            one["key"],
            int(one["char_start"]),
            int(one["char_end"]),
            _span_from(one["span"], f"{path}.sentences[{index}].span"),
        )
        for index, one in enumerate(value.get("sentences", ()))
    )
    end = 0
    for index, sentence in enumerate(sentences):
        if not end <= sentence.char_start < sentence.char_end <= len(text):
            raise BadInput(
                f"{path}.sentences[{index}] has no place of its own in the text it stands in"
            )
        end = sentence.char_end
    return Paragraph(text, marks, _span_from(value["span"], f"{path}.span"), sentences)


def _sentence_to(sentence: RecordSentence) -> Object:
    return {
        "key": sentence.key,
        "char_start": sentence.char_start,
        "char_end": sentence.char_end,
        "span": _span_to(sentence.span),
    }


def _standing_to(standing: StandingMark) -> Object:
    return {
        "type": "mark",
        "mark": _mark_to(standing.mark),
        "omitted_ms": standing.omitted_ms,
    }


def _standing_from(value: Object, path: str) -> StandingMark:
    return StandingMark(_mark_from(value["mark"], f"{path}.mark"), _count(value["omitted_ms"]))


def _mark_to(mark: Mark) -> Object:
    return {
        "kind": mark.kind.value,
        "char_start": mark.char_start,
        "char_end": mark.char_end,
        "text": mark.text,
        "sense": mark.sense,
        "confirmed": mark.confirmed,
    }


def _mark_from(value: Object, path: str) -> Mark:
    start, end = int(value["char_start"]), int(value["char_end"])
    if end < start:
        raise BadInput(f"{path} ends before it starts ({start}..{end})")
    return Mark(
        MarkKind(value["kind"]), start, end, value["text"], value["sense"], value["confirmed"]
    )


def _marks_from(values: Sequence[Object], path: str) -> tuple[Mark, ...]:
    return tuple(_mark_from(one, f"{path}[{index}]") for index, one in enumerate(values))


def _media_from(value: Object) -> RecordMedia:
    return RecordMedia(
        role=value["role"],
        sha256=value["sha256"],
        size_bytes=int(value["size_bytes"]),
        media_type=value["media_type"],
        name=value["name"],
        clip_in=int(value["clip_in"]),
        clip_out=int(value["clip_out"]),
    )


def _span_to(span: Span | None) -> Object | None:
    return {"start": span.start, "end": span.end} if span is not None else None


def _span_from(value: Object | None, path: str) -> Span | None:
    if value is None:
        return None
    start, end = int(value["start"]), int(value["end"])
    if end < start:
        raise BadInput(f"{path} ends before it starts ({start}..{end})")
    return Span(start, end)


def _date_to(date: PartialDate | None) -> Object | None:
    if date is None:
        return None
    return {
        "value": date.value,
        "precision": date.precision.value,
        "kind": date.kind.value,
        "zone": date.zone,
    }


def _date_from(value: Object | None, path: str) -> PartialDate | None:
    if value is None:
        return None
    try:
        known = PartialDate.parse(value["value"])
    except ValueError as error:
        raise BadInput(f"{path}.value: {error}") from None
    if known.precision != Precision(value["precision"]):
        raise BadInput(
            f"{path} says it is exact to the {value['precision']}, and its value to the "
            f"{known.precision.value}"
        )
    return PartialDate(known.value, known.precision, DateKind(value["kind"]), value["zone"])


def _count(value: int | float | None) -> int | None:
    return None if value is None else int(value)


def _check_keys(record: Record, path: str) -> None:
    """Speakers and turns are named once each, and a turn's speaker is one of the record's."""
    speakers = {speaker.key for speaker in record.speakers}
    if len(speakers) != len(record.speakers):
        raise BadInput(f"{path}.speakers uses a key twice")
    turns = [item for item in record.body if isinstance(item, RecordTurn)]
    if len({turn.key for turn in turns}) != len(turns):
        raise BadInput(f"{path}.body uses the key of a turn twice")
    sentences = [one.key for _, _, one in record.sentences]
    if len(set(sentences)) != len(sentences):
        raise BadInput(f"{path}.body uses the key of a sentence twice")
    for index, item in enumerate(record.body):
        named = item.speaker if isinstance(item, RecordTurn) else None
        if named is not None and named not in speakers:
            raise BadInput(
                f"{path}.body[{index}].speaker names {named!r}, no speaker of the record"
            )
