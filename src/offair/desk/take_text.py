"""Take in a text without media: a printed record, a caption file, a plain transcript."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from offair.desk import Desk
from offair.desk.evidence import (
    caption_suffixes,
    printable,
    read_caption_file,
    sentence_ranges,
    text_bytes,
    title_of,
)
from offair.formats import plain_transcript, record_json, record_text
from offair.formats.record_roles import kind_of_label
from offair.model.errors import BadInput, Conflict, NotFound, OffairError
from offair.model.record import (
    Completeness,
    Reading,
    Record,
    RecordNumber,
    RecordTurn,
    Remark,
    StandingMark,
)
from offair.model.recording import Channel, Held, Recording
from offair.model.time import Ms, PartialDate
from offair.model.transcript import (
    Attribution,
    LayerKind,
    LayerOrigin,
    Mark,
    MarkKind,
    Speaker,
    Turn,
)
from offair.store import Deposit, Transaction
from offair.text import caption_turns

FOLDER_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".json", *caption_suffixes()})
"""What a file in a folder must end with to be taken for a text."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the editor says of a text, None where she leaves it to the text.

    language: of the words printed. spoken: of the broadcast. publisher: whose number it carries.
    """

    channel: Channel | None = None
    aired: PartialDate | None = None
    language: str | None = None
    spoken: str | None = None
    publisher: str = "imported"
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one text. number: the printed number it keeps, where it has one."""

    recording: Recording
    new: bool
    layout: str
    turns: int
    number: RecordNumber | None
    report: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    layout: str
    title: str
    turns: tuple[Turn, ...]
    speakers: tuple[Speaker | None, ...]
    report: tuple[Remark, ...]
    reading: Reading | None = None


def take_text(desk: Desk, path: Path, origin: Origin, *, actor: str) -> Taken:
    """Take in one text file as a recording `never held`.

    The same bytes on the same channel and date are the recording the desk has already. Raises
    `BadInput` (not a text, neither header nor labels, no channel known), `Conflict` where another
    text already carries the printed number.
    """
    _check_publisher(desk, origin.publisher)
    data = text_bytes(path)
    text = _interpret(data, path, origin)
    record = text.reading.record if text.reading else None
    channel = origin.channel or _channel_of(record)
    if channel is None:
        raise BadInput(f"{printable(path)} names no channel; say which with --channel")
    aired = origin.aired or (record.aired or record.date if record else None)
    with desk.vault.deposit_bytes(data, path.name) as deposit:
        taken = _commit(
            desk, deposit, text, _with_languages(channel, origin), aired, origin, actor=actor
        )
        deposit.keep()
    return taken


def _check_publisher(desk: Desk, publisher: str) -> None:
    if publisher == desk.series:
        raise BadInput(
            f"{publisher!r} is the series of this desk's own records; name the publisher of an "
            "imported record otherwise, with --publisher"
        )
    if not publisher.strip() or "/" in publisher:
        raise BadInput(
            f"{publisher!r} cannot be a publisher's name: it is empty or holds a '/', which parts "
            "name and number in a record's address"
        )


def _commit(
    desk: Desk,
    deposit: Deposit,
    text: _Text,
    channel: Channel,
    aired: PartialDate | None,
    origin: Origin,
    *,
    actor: str,
) -> Taken:
    number = text.reading.record.number if text.reading else None
    number = replace(number, series=origin.publisher) if number else None
    with desk.catalogue.transaction() as tx:
        station = tx.ensure_channel(channel)
        found = tx.find_recording(
            sha256=deposit.object.sha256, channel_id=station.id or 0, aired=aired
        )
        if found is not None:
            kept = number if number and _carries(tx, number, found) else None
            return Taken(found, False, text.layout, len(text.turns), kept, text.report)
        if number is not None:
            _refuse_taken_number(tx, number)
        recording = tx.add_recording(
            channel=station, aired=aired, title=title_of(text.title), held=Held.NEVER_HELD,
            object=deposit.object, media=None, actor=actor,
        )  # fmt: skip
        kind, language, note = _kind(text, station, origin)
        layer = tx.add_layer(
            recording_id=recording.id, kind=kind, language=language, origin=LayerOrigin.IMPORT,
            maker=deposit.object.name, run=1, turns=text.turns,
            sentences=sentence_ranges(text.turns, language), note=note,
        )  # fmt: skip
        stored = tx.turns(layer.id)
        tx.add_attributions(
            [
                Attribution(turn.id, speaker, None, turn.label, None, f"import of {actor}")
                for turn, speaker in zip(stored, text.speakers, strict=True)
                if speaker is not None
            ]
        )
        if text.reading is not None:
            ids = tuple(turn.id for turn in stored)
            _keep_record(tx, recording, layer.id, text.reading, ids, number, kind, language,
                         origin, actor)  # fmt: skip
    return Taken(recording, True, text.layout, len(stored), number, text.report)


def _carries(tx: Transaction, number: RecordNumber, recording: Recording) -> bool:
    try:
        return tx.clip_numbered(number).recording_id == recording.id
    except NotFound:
        return False


def _refuse_taken_number(tx: Transaction, number: RecordNumber) -> None:
    try:
        other = tx.clip_numbered(number)
    except NotFound:
        return
    raise Conflict(
        f"{number.series}'s record {number.printed} is already here, from another text (clip"
        f" {other.id}, recording {other.recording_id}); name its publisher with --publisher"
    )


def _keep_record(
    tx: Transaction,
    recording: Recording,
    layer_id: int,
    reading: Reading,
    turn_ids: Sequence[int],
    number: RecordNumber | None,
    kind: LayerKind,
    language: str,
    origin: Origin,
    actor: str,
) -> None:
    record = reading.record
    clip = tx.add_clip(
        recording_id=recording.id, layer_id=layer_id, spans=(), turn_ids=turn_ids,
        headline=record.headline, summary=[one.text for one in record.summary], actor=actor,
    )  # fmt: skip
    if number is None:
        return
    tx.set_printed_number(clip.id, number)
    ids = iter(turn_ids)
    kept = replace(
        record,
        number=number,
        kind=kind.value,
        language=language,
        original_language=origin.spoken or ("und" if kind is LayerKind.TRANSLATION else language),
        completeness=Completeness.EXCERPTS,
        body=tuple(
            replace(item, turn_id=next(ids)) if isinstance(item, RecordTurn) else item
            for item in record.body
        ),
    )
    tx.add_edition(
        clip.id, 1, document=record_json.write(kept, reading.layout, reading.report), objects=[],
        actor=actor,
    )  # fmt: skip


def _interpret(data: bytes, path: Path, origin: Origin) -> _Text:
    if not data.strip():
        raise BadInput(f"{printable(path)} is empty; there is no text in it")
    suffix = path.suffix.lower()
    if suffix in caption_suffixes():
        cues, report = read_caption_file(data, path, encoding=origin.encoding)
        turns = caption_turns.turns_of(cues, timed=False)
        if not turns:
            raise BadInput(f"{printable(path)} holds no caption with text")
        speakers = tuple(_labelled(turn.label) for turn in turns)
        return _Text(suffix[1:], path.stem, turns, speakers, report)
    if suffix == ".json":
        record, layout, report = record_json.read(data, source=printable(path))
        reading = Reading(record, layout or record_text.layout_for(record), report)
        return _from_record(reading, path)
    try:
        return _from_record(record_text.read(data, source=path.name), path)
    except BadInput as error:
        return _plain(data, path, error)


def _plain(data: bytes, path: Path, refusal: BadInput) -> _Text:
    try:
        lines, report = plain_transcript.read(data, source=path.name)
    except BadInput:
        raise refusal from None
    turns = tuple(
        Turn(
            0, index, line.text, caption_turns.untimed(line.text), None, line.label,
            () if line.start is None else (_clock_mark(line.start),),
        )
        for index, line in enumerate(lines)
    )  # fmt: skip
    speakers = tuple(_labelled(turn.label) for turn in turns)
    return _Text("plain transcript", path.stem, turns, speakers, report)


def _labelled(label: str | None) -> Speaker | None:
    return Speaker(label, kind_of_label(label)) if label else None


def _clock_mark(start: Ms) -> Mark:
    """A printed time of a text without media: kept as printed, nothing it could count from."""
    seconds = start // 1000
    printed = f"[{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}]"
    return Mark(MarkKind.CLOCK, 0, 0, printed)


def _from_record(reading: Reading, path: Path) -> _Text:
    record = reading.record
    turns, speakers = [], []
    between = _marks_between(record)
    for index, turn in enumerate(record.turns):
        text, marks = _joined(turn)
        before, after = between[turn.key]
        marks = (
            *(replace(one, char_start=0, char_end=0) for one in before),
            *marks,
            *(replace(one, char_start=len(text), char_end=len(text)) for one in after),
        )
        turns.append(
            Turn(0, index, text, caption_turns.untimed(text), turn.span, turn.label, marks)
        )
        one = record.speaker(turn.speaker)
        speakers.append(Speaker(one.name, one.kind) if one else None)
    if not turns:
        raise BadInput(f"{printable(path)} holds no speech that could be taken in")
    title = record.headline or path.stem
    return _Text(
        reading.layout.name, title, tuple(turns), tuple(speakers), tuple(reading.report), reading
    )


def _joined(turn: RecordTurn) -> tuple[str, tuple[Mark, ...]]:
    text = ""
    marks: list[Mark] = []
    for paragraph in turn.parts:
        if isinstance(paragraph, StandingMark):
            marks.append(_standing(paragraph, len(text)))
            continue
        offset = len(text) + (1 if text else 0)
        text = f"{text}\n{paragraph.text}" if text else paragraph.text
        marks.extend(
            replace(mark, char_start=mark.char_start + offset, char_end=mark.char_end + offset)
            for mark in paragraph.marks
        )
    return text, tuple(marks)


def _standing(item: StandingMark, at: int) -> Mark:
    """A mark on a line of its own, kept at the place in the turn where it was printed."""
    return replace(item.mark, char_start=at, char_end=at)


def _marks_between(record: Record) -> dict[str, tuple[tuple[Mark, ...], tuple[Mark, ...]]]:
    """For each turn's key, the marks that stand alone before it and after it.

    A mark belongs to the end of the turn before it, and before the first turn to its start.
    """
    before: list[Mark] = []
    after: dict[str, list[Mark]] = {}
    last: list[Mark] = before
    for item in record.body:
        if isinstance(item, RecordTurn):
            last = after.setdefault(item.key, [])
        else:
            last.append(item.mark)
    return {
        key: (tuple(before) if place == 0 else (), tuple(marks))
        for place, (key, marks) in enumerate(after.items())
    }


def _channel_of(record: Record | None) -> Channel | None:
    if record is None or not record.channel:
        return None
    return Channel(record.channel, record.country)


def _with_languages(channel: Channel, origin: Origin) -> Channel:
    if origin.spoken and not channel.languages:
        return replace(channel, languages=(origin.spoken,))
    return channel


def _kind(text: _Text, channel: Channel, origin: Origin) -> tuple[LayerKind, str, str | None]:
    """Speech or translation (record.md, rule 9): by what the channel broadcasts in where that is
    known, else by what the reader of the record made of it (its report says so)."""
    record = text.reading.record if text.reading else None
    language = origin.language or (record.language if record else "und")
    spoken = (origin.spoken,) if origin.spoken else channel.languages
    base = language.split("-")[0]
    if spoken and base != "und":
        translation = base not in {tag.split("-")[0] for tag in spoken}
    else:
        translation = record is not None and record.kind == LayerKind.TRANSLATION.value
    if not translation:
        return LayerKind.SPEECH, language, None
    note = "translator unknown; the words translated are not held"
    return LayerKind.TRANSLATION, language, note


def take_all(
    desk: Desk,
    paths: Sequence[Path],
    origin: Origin,
    *,
    actor: str,
    done: Callable[[Path, Taken | OffairError], None],
) -> int:
    """Take in files and every file of folders, in name order; one refused does not stop the rest.

    In a folder only files whose name says that they are texts (`FOLDER_SUFFIXES`) are opened, the
    others are refused; hidden ones do not count. Returns how many were refused; `done` is told of
    each.
    """
    refused = 0
    for path in paths:
        try:
            files = _files(path)
        except OffairError as error:
            done(path, error)
            refused += 1
            continue
        for file in files:
            result: Taken | OffairError
            try:
                if file != path and file.suffix.lower() not in FOLDER_SUFFIXES:
                    raise BadInput(
                        f"{printable(file)} does not look like a text by its name "
                        f"({', '.join(sorted(FOLDER_SUFFIXES))}); name it alone to take it in"
                    )
                result = take_text(desk, file, origin, actor=actor)
            except OffairError as error:
                result = error
                refused += 1
            done(file, result)
    return refused


def _files(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [path]
        found = (one for one in path.rglob("*") if one.is_file())
        files = sorted(
            one
            for one in found
            if not any(part.startswith(".") for part in one.relative_to(path).parts)
        )
    except OSError as error:
        raise NotFound(f"{printable(path)} cannot be looked through: {error.strerror}") from error
    if not files:
        raise BadInput(f"{printable(path)} is a folder without files")
    return files
