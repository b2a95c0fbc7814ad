"""The clip record: the published document of a clip, and the layout it was printed in.

A `Record` holds what is said; a `Layout` holds how a page prints it (order, spacing, quotation
marks, furniture). A writer renders from these two and never sees the source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from offair.model.time import Ms, PartialDate, Span
from offair.model.transcript import Mark, SpeakerKind

DOCUMENT_VERSION = "1.1"
"""Version of the JSON document of a record; changes with formats/record-1.1.schema.json."""

NOT_CHECKED = "MACHINE TRANSCRIPT, NOT CHECKED"
"""What a record of a machine's text says, in every format, when nobody has heard and read it."""

IMPORTED_NOT_CHECKED = "IMPORTED TEXT, NOT CHECKED"
"""What a record says that the desk made from a text it took in and did not check."""

CAPTIONS_NOT_CHECKED = "CAPTIONS BY THE BROADCASTER, NOT CHECKED"
"""What a record says that was made of the broadcaster's captions alone."""

TRANSCRIPT_NOT_CHECKED = "TRANSCRIPT, NOT CHECKED"
"""What a record of a person's transcript says that nobody confirmed as heard."""

MACHINE_TRANSLATION_NOT_CHECKED = "MACHINE TRANSLATION, NOT CHECKED"
"""What a record of a machine's translation says when nobody has heard and read it."""

IMPORTED_TRANSLATION_NOT_CHECKED = "IMPORTED TRANSLATION, NOT CHECKED"
"""What a record says that the desk made from a translation it took in and did not check."""

TRANSLATION_NOT_CHECKED = "TRANSLATION, NOT CHECKED"
"""What a record of a person's translation says that nobody confirmed as heard."""

NOTICES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        NOT_CHECKED: ("speech", "machine"),
        IMPORTED_NOT_CHECKED: ("speech", "import"),
        CAPTIONS_NOT_CHECKED: ("speech", "broadcaster"),
        TRANSCRIPT_NOT_CHECKED: ("speech", "person"),
        MACHINE_TRANSLATION_NOT_CHECKED: ("translation", "machine"),
        IMPORTED_TRANSLATION_NOT_CHECKED: ("translation", "import"),
        TRANSLATION_NOT_CHECKED: ("translation", "person"),
    }
)
"""Every notice, with the kind of a record and the origin of its turns that it stands for."""

_NOTICE_OF = {meaning: notice for notice, meaning in NOTICES.items()}
_ONE_STALE = "1 SENTENCE TRANSLATES WHAT WAS CHANGED SINCE"
_STALE = "{} SENTENCES TRANSLATE WHAT WAS CHANGED SINCE"
_STALE_RE = re.compile(rf"{_ONE_STALE}|{_STALE.format('([1-9][0-9]{0,8})')}", re.ASCII)

NOT_TOLD_APART = "Speakers not told apart"
"""The label of turns whose speakers nobody knows yet: several people may speak in one."""

WITHHELD = "Speaker withheld"
"""The label of a speaker known to the desk and shown to nobody."""


@dataclass(frozen=True, slots=True)
class Caution:
    """What a record says of itself before anything else.

    notice: one of `NOTICES`, or None where it was checked.
    stale: how many of its sentences translate what was changed since.
    """

    notice: str | None
    stale: int = 0

    @property
    def line(self) -> str | None:
        """The line that every format prints, or None where nothing need be said."""
        stale = _ONE_STALE if self.stale == 1 else _STALE.format(self.stale) if self.stale else None
        return "; ".join(part for part in (self.notice, stale) if part) or None

    @property
    def meaning(self) -> str:
        """What it says, to go on after `the record says`."""
        said = ["that nobody checked it"] if self.notice else []
        said += ["that its translation is stale"] if self.stale else []
        return " and ".join(said)

    @classmethod
    def read_bracketed(cls, line: str) -> Caution | None:
        """As `read`, of a line in square brackets, as caption files without comments say it."""
        inside = line.startswith("[") and line.endswith("]")
        return cls.read(line[1:-1]) if inside else None

    @classmethod
    def read(cls, line: str) -> Caution | None:
        """The caution that this line is, or None where it is no such line."""
        first, found, rest = line.partition("; ")
        notice, last = (first, rest) if first in NOTICES else (None, line)
        if notice is not None and not found:
            return cls(notice)
        match = _STALE_RE.fullmatch(last)
        if match is None:
            return None
        count = int(match[1] or 1)
        return None if match[1] == "1" else cls(notice, count)


class Completeness(StrEnum):
    """Whether a record gives all that was said in its spans."""

    COMPLETE = "complete"
    EXCERPTS = "excerpts"


@dataclass(frozen=True, slots=True)
class RecordNumber:
    """A record's number as printed, in its series (ours) or with its publisher (imported)."""

    series: str
    printed: str


@dataclass(frozen=True, slots=True)
class RecordSpeaker:
    """A speaker of one record. `key` is unique in the record (`s1`, `s2`, …).

    name: the fullest form, without titles. forms: every label printed for the speaker, in order
    of first appearance. role: as printed in headline or label, or None. title: the form of
    address printed before the name (`Dr.`), never part of it, or None.
    """

    key: str
    name: str
    kind: SpeakerKind
    forms: tuple[str, ...] = ()
    role: str | None = None
    title: str | None = None

    @property
    def shown(self) -> str:
        """The name; where only a surname is known, with the title it was printed with."""
        return f"{self.title} {self.name}" if self.title and " " not in self.name else self.name


@dataclass(frozen=True, slots=True)
class RecordSentence:
    """A sentence of a paragraph, by which it is cited: the range is in the paragraph's text.

    key: unique in the record and the same in every edition (`s` and the number the catalogue gave
    the sentence). span: media time, or None.
    """

    key: str
    char_start: int
    char_end: int
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of speech or of a summary: its words without the layout's quotation marks.

    marks: the editorial acts in it, positions in `text`. span: media time, or None. sentences: in
    order and apart from each other; empty where nobody told them apart.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    span: Span | None = None
    sentences: tuple[RecordSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingMark:
    """A mark on a line of its own: a cut, a stage direction, `text` as printed (may be empty)."""

    mark: Mark
    omitted_ms: Ms | None = None


@dataclass(frozen=True, slots=True)
class RecordTurn:
    """What one speaker says without another in between.

    key: unique in the record (`t1`, …). label: as printed, or None where the speaker is unknown.
    parts: paragraphs and the marks that stand between them. span: media time in the clip's first
    recording, or None. origin: who made the words, `machine`, `import`, `broadcaster` or `person`.
    heard: a person listened to it. turn_id: the catalogue's turn it was printed from, or None.
    stale: a sentence of it translates what was changed since.
    """

    key: str
    label: str | None
    speaker: str | None
    parts: tuple[Paragraph | StandingMark, ...]
    span: Span | None = None
    origin: str = "person"
    heard: bool = False
    confirmed_by: str | None = None
    turn_id: int | None = None
    stale: bool = False

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The spoken paragraphs, without the standing marks."""
        return tuple(part for part in self.parts if isinstance(part, Paragraph))


@dataclass(frozen=True, slots=True)
class RecordMedia:
    """A media file of a record: where its bytes are and which time of the recording it shows.

    role: `exact` (re-encoded, within 40 ms), `original` (copied stream, padded to key frames) or
    `proxy`. clip_in, clip_out: where the record's span lies inside this file, ms.
    """

    role: str
    sha256: str
    size_bytes: int
    media_type: str
    name: str
    clip_in: Ms
    clip_out: Ms


@dataclass(frozen=True, slots=True)
class RecordSpan:
    """A span of a recording that the record shows, and what is known of that recording."""

    recording_id: int
    span: Span | None
    recording_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The published document of a clip, in one edition.

    number: None before publication. headline: None where none was printed. summary, body: in
    reading order. language: BCP 47 of the words in `body`; original_language: of the broadcast.
    checked: False where a text is printed that no person heard and read: every format then says
    which of `NOTICES` it is. An imported record without a notice is its publisher's to answer for,
    and stays True.
    stale: how many printed sentences translate what was changed since, when this was published.
    note: the public note of this edition, what it said before and says now, or None.
    kind: `speech` or `translation`. translator: None where unknown.
    """

    number: RecordNumber | None
    edition: int
    date: PartialDate | None
    aired: PartialDate | None
    headline: str | None
    run_time_ms: Ms | None
    channel: str | None
    country: str | None
    summary: tuple[Paragraph, ...]
    speakers: tuple[RecordSpeaker, ...]
    body: tuple[RecordTurn | StandingMark, ...]
    completeness: Completeness = Completeness.EXCERPTS
    language: str = "und"
    original_language: str = "und"
    kind: str = "speech"
    translator: str | None = None
    checked: bool = False
    note: str | None = None
    made_by: str | None = None
    published_utc: str | None = None
    spans: tuple[RecordSpan, ...] = ()
    media: tuple[RecordMedia, ...] = ()
    stale: int = 0

    @property
    def notice(self) -> str | None:
        """Which of `NOTICES` this record is under, or None where it was checked.

        Of several origins the one trusted least counts; without turns, the machine.
        """
        if self.checked:
            return None
        origins = {turn.origin for turn in self.turns} or {"machine"}
        order = ("machine", "import", "broadcaster", "person")
        origin = next(one for one in order if one in origins)
        if self.kind != "translation":
            return _NOTICE_OF["speech", origin]
        # A broadcaster's translation came in as any other did.
        return _NOTICE_OF["translation", "import" if origin == "broadcaster" else origin]

    @property
    def caution(self) -> str | None:
        """The line that every format prints: the notice, and how much is stale; or None."""
        return Caution(self.notice, self.stale).line

    @property
    def turns(self) -> tuple[RecordTurn, ...]:
        """The turns of the body, without the standing marks."""
        return tuple(item for item in self.body if isinstance(item, RecordTurn))

    @property
    def sentences(self) -> tuple[tuple[RecordTurn, Paragraph, RecordSentence], ...]:
        """Every sentence that has an address, with the turn and the paragraph it stands in."""
        return tuple(
            (turn, part, one)
            for turn in self.turns
            for part in turn.paragraphs
            for one in part.sentences
        )

    def speaker(self, key: str | None) -> RecordSpeaker | None:
        """The speaker with this key, or None."""
        return next((one for one in self.speakers if one.key == key), None)


@dataclass(frozen=True, slots=True)
class LayoutPiece:
    """One piece of a printed page: literal text, or a slot that a field of the record fills.

    slot: None for literal text, else the path of the field (`headline`, `turn:t3:label`,
    `turn:t3:part:0`, `summary:1`, `body:4` for a mark between turns). form: how the field is
    printed there (a date form, a number form). inside: layout characters that stand within the
    field's text, each with its distance from the end of the text (a closing quotation mark
    before a final `?` has 1).
    """

    text: str = ""
    slot: str | None = None
    form: str | None = None
    inside: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a record is printed: pieces in page order. name: which layout was recognised."""

    name: str
    pieces: tuple[LayoutPiece, ...]


class Severity(StrEnum):
    """How much a remark of the reader matters to somebody who relies on the reading."""

    NOTE = "note"
    DOUBT = "doubt"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of a reading report. line: from 1 in the source, or None. text: what is there."""

    severity: Severity
    message: str
    line: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a record reader returns: the record, its layout, and the report of the reading."""

    record: Record
    layout: Layout
    report: tuple[Remark, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Clip:
    """One or more spans of recordings, before or after publication.

    number: given at first publication. edition: the newest published, 0 for a draft.
    turn_ids: the turns of a recording without media. layer_id: the layer it is printed from.
    """

    id: int
    recording_id: int
    layer_id: int | None
    spans: tuple[Span, ...]
    turn_ids: tuple[int, ...]
    headline: str | None
    summary: tuple[str, ...]
    made_by: str
    made_utc: str
    number: RecordNumber | None = None
    edition: int = 0
