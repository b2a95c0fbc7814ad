"""What is in a text that comes in without media: told by the file, or by the layout named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from offair import formats
from offair.desk.evidence import caption_suffixes, printable, read_caption_file, text_bytes
from offair.formats import (
    Holds,
    parlamint,
    plain_transcript,
    record_docx_reading,
    record_json,
    record_text,
)
from offair.formats.record_roles import kind_of_label
from offair.formats.spoken_document import SpokenDocument
from offair.model.errors import BadInput, OffairError
from offair.model.record import Reading, Record, RecordTurn, Remark, StandingMark
from offair.model.time import Ms, PartialDate
from offair.model.transcript import Mark, MarkKind, Speaker, SpeakerKind, Turn
from offair.text import caption_turns

CAPTIONS, RECORD, PLAIN = "captions", "record", "transcript"
INTERPRETER = Speaker("Interpreter", SpeakerKind.ROLE)
"""Whose voice is heard where a text says `as interpreted` and names nobody."""
_WORD = (".docx", ".docm")
_PAGES = (".html", ".htm")
_PEOPLE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TextReading:
    """A text as it was read.

    layout: what it was read as. voices, authors: one for each turn; an author only where somebody
    else is heard. channel, country, aired, language (BCP 47), source: as the text says, None where
    it does not. record: the whole reading of a printed record, None for other texts.
    """

    layout: str
    title: str
    turns: tuple[Turn, ...]
    voices: tuple[Speaker | None, ...]
    authors: tuple[Speaker | None, ...]
    report: tuple[Remark, ...]
    channel: str | None = None
    country: str | None = None
    aired: PartialDate | None = None
    language: str | None = None
    source: str | None = None
    record: Reading | None = None


def layouts() -> tuple[str, ...]:
    """The names of the layouts that a text can be said to have."""
    return (*_document_formats(), RECORD, PLAIN, CAPTIONS)


def text_suffixes() -> frozenset[str]:
    """What a file in a folder must end with to be taken for a text, lower case, with the dot."""
    return frozenset(
        {".txt", ".md", ".markdown", ".json", ".xml", *_WORD, *_PAGES, *caption_suffixes()}
    )


def read_text(
    data: bytes, path: Path, *, layout: str | None = None, encoding: str | None = None
) -> TextReading:
    """Read a text: as `layout`, else as what its name and its first lines tell.

    Raises `BadInput` where it is empty, holds no speech, or is not of that layout.
    """
    if not data.strip():
        raise BadInput(f"{printable(path)} is empty; there is no text in it")
    if layout is not None and layout not in layouts():
        raise BadInput(f"there is no layout {layout!r}; the layouts are {', '.join(layouts())}")
    suffix = path.suffix.lower()
    if suffix in _WORD or suffix in _PAGES:
        return _from_markup(data, path, layout)
    if layout == CAPTIONS or (layout is None and suffix in caption_suffixes()):
        return _captions(data, path, encoding)
    told = layout if layout in _document_formats() else _told(data) if layout is None else None
    if told is not None:
        return _from_document(told, data, path, encoding)
    if layout == PLAIN:
        return _plain(data, path, None)
    if suffix == ".json":
        record, printed, report = record_json.read(data, source=printable(path))
        reading = Reading(record, printed or record_text.layout_for(record), report)
        return _from_record(reading, path)
    try:
        return _from_record(record_text.read(data, source=path.name), path)
    except BadInput as error:
        if layout == RECORD:
            raise
        return _plain(data, path, error)


def _from_markup(data: bytes, path: Path, layout: str | None) -> TextReading:
    """A Word file or a page: offair's own by its styles, others by the words in them."""
    source = printable(path)
    if layout not in (None, RECORD, PLAIN):
        raise BadInput(
            f"{source} is a Word file or a web page, which is read as a record or as a transcript, "
            f"not as {layout}; leave --layout out"
        )
    if path.suffix.lower() in _WORD:
        ours = record_docx_reading.read_ours(data, source=source) if layout != PLAIN else None
        if ours is not None:
            return _from_record(ours, path)
        text, remarks = record_docx_reading.words(data, source=source)
    else:
        text, remarks = record_docx_reading.pasted_words(data, source=source)
    plain = path.with_suffix(".txt")
    found = read_text(text.encode(), plain, layout=layout)
    return replace(found, report=(*remarks, *found.report))


def _document_formats() -> dict[str, formats.Format]:
    return {
        name: one
        for name, one in formats.known().items()
        if one.reads and one.holds is Holds.DOCUMENT
    }


def _told(data: bytes) -> str | None:
    """The layout of proceedings that the first bytes tell, or None."""
    return next((name for name in _document_formats() if formats.told(name, data)), None)


def _captions(data: bytes, path: Path, encoding: str | None) -> TextReading:
    cues, report = read_caption_file(data, path, encoding=encoding)
    turns = caption_turns.turns_of(cues, timed=False)
    if not turns:
        raise BadInput(f"{printable(path)} holds no caption with text")
    voices = tuple(_labelled(turn.label) for turn in turns)
    return TextReading(path.suffix.lower()[1:], path.stem, turns, voices, _nobody(turns), report)


def _from_document(layout: str, data: bytes, path: Path, encoding: str | None) -> TextReading:
    reads: Callable[..., SpokenDocument] = formats.reader(layout)
    told = {"people": _people_beside(path)} if layout == "parlamint" else {}
    document = reads(data, source=path.name, encoding=encoding, **told)
    turns, voices, authors = [], [], []
    for place, one in enumerate(document.turns):
        words = caption_turns.untimed(one.text)
        turns.append(Turn(0, place, one.text, words, None, one.label, one.marks))
        speaker = Speaker(one.name, one.kind) if one.name else None
        voices.append(INTERPRETER if one.interpreted else speaker)
        authors.append(speaker if one.interpreted else None)
    return TextReading(
        layout,
        document.title or path.stem,
        tuple(turns),
        tuple(voices),
        tuple(authors),
        document.report,
        document.channel,
        document.country,
        document.date,
        document.language,
        document.source,
    )


def _people_beside(path: Path) -> Mapping[str, str]:
    """The persons of the corpus that a sitting belongs to, from the files that name them: the root
    file and the person list beside the sitting or one folder above."""
    corpus = path.name.split("_")[0].removesuffix(".xml")
    found: dict[str, str] = {}
    for folder in (path.parent.parent, path.parent):
        for name in (f"{corpus}.xml", f"{corpus}-listPerson.xml"):
            beside = folder / name
            if beside == path or not beside.is_file() or beside.stat().st_size > _PEOPLE_BYTES:
                continue
            try:
                found |= parlamint.people(text_bytes(beside), source=beside.name)
            except OffairError:
                # The file is taken in or refused by itself, with its reason.
                continue
    return found


def _nobody(turns: tuple[Turn, ...]) -> tuple[None, ...]:
    return (None,) * len(turns)


def _plain(data: bytes, path: Path, refusal: BadInput | None) -> TextReading:
    try:
        lines, report = plain_transcript.read(data, source=path.name)
    except BadInput as error:
        raise refusal or error from None
    turns = tuple(
        Turn(
            0, index, line.text, caption_turns.untimed(line.text), None, line.label,
            () if line.start is None else (_clock_mark(line.start),),
        )
        for index, line in enumerate(lines)
    )  # fmt: skip
    speakers = tuple(_labelled(turn.label) for turn in turns)
    return TextReading("plain transcript", path.stem, turns, speakers, _nobody(turns), report)


def _labelled(label: str | None) -> Speaker | None:
    return Speaker(label, kind_of_label(label)) if label else None


def _clock_mark(start: Ms) -> Mark:
    """A printed time of a text without media: kept as printed, nothing it could count from."""
    seconds = start // 1000
    printed = f"[{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}]"
    return Mark(MarkKind.CLOCK, 0, 0, printed)


def _from_record(reading: Reading, path: Path) -> TextReading:
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
    return TextReading(
        reading.layout.name,
        title,
        tuple(turns),
        tuple(speakers),
        _nobody(tuple(turns)),
        tuple(reading.report),
        record.channel,
        record.country,
        record.aired or record.date,
        record.language,
        None,
        reading,
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
