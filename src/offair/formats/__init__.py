"""Interchange formats: how a record, a caption track or a transcript goes out and comes in.

One module per format beside this one, with a `read`, a `write` or both. What a reader gives
depends on what the format holds (`Holds`):

* a record: `read(data, *, source) -> Reading` (the JSON document: the record, its layout if it
  has one, its report); every record writer can be called as `write(record, layout) -> str` and
  takes options of its own by name;
* cues: `read(data, *, source, encoding=None) -> (cues, remarks)`;
* turns: `read(data, *, source, encoding=None) -> (turns, remarks)`;
* a document (printed proceedings): `read(data, *, source, encoding=None) -> SpokenDocument`, and
  `looks_like(data) -> bool`, by which a file is told.

`data` is the file's bytes, `source` the name that messages use. A reader refuses with `BadInput`,
puts what no rule explains into its remarks, and never guesses silently. A writer of a record that
nobody checked carries `Record.caution` where a reader of that format sees it.

To add a format: a module here that keeps to the above, an entry in `FORMATS`, and a property
test of `write` against `read`. Third parties register
a `Format` under the entry-point group `offair.formats`; its reader and writer are named as
`package.module:function`. The modules load heavy libraries, so this door names them and `reader`
and `writer` import them when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Protocol, cast

from offair.model.errors import BadInput, NotFound
from offair.model.record import Layout, Record

ENTRY_POINTS = "offair.formats"
"""The entry-point group under which other packages register a `Format`."""


class Holds(StrEnum):
    """What a file of a format is read into."""

    RECORD = "record"
    CUES = "cues"
    TURNS = "turns"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Format:
    """One interchange format.

    suffix: of its files, with the dot; also: others that its files have. media_type: with the
    character set where the type has one. reader, writer: `module:function`, or None where the
    format is only written or only read. language: `module:function` that takes a file's bytes and
    says which language the file names, or None. holds: what the reader gives; a format without
    reader holds a record. tells: `module:function` that says of a file's bytes whether they are of
    this format, for documents.
    """

    name: str
    suffix: str
    media_type: str
    description: str
    reader: str | None = None
    writer: str | None = None
    holds: Holds = Holds.RECORD
    also: tuple[str, ...] = ()
    language: str | None = None
    tells: str | None = None

    @property
    def suffixes(self) -> tuple[str, ...]:
        """All suffixes of its files, lower case, with the dot."""
        return (self.suffix, *self.also)

    @property
    def reads(self) -> bool:
        """Whether files of this format can be taken in."""
        return self.reader is not None

    @property
    def writes(self) -> bool:
        """Whether a record can be exported in this format."""
        return self.writer is not None


class RecordWriter(Protocol):
    """What every writer of a record can be called as; a format without layouts ignores `layout`."""

    def __call__(self, record: Record, layout: Layout | None = None, **options: Any) -> str | bytes:
        """The record as text of the format, or as its bytes where it is no text. Raises
        `BadInput` where the format cannot hold it."""
        ...


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(
            "record",
            ".txt",
            "text/plain; charset=utf-8",
            "the printed clip record, byte for byte with its layout",
            reader="offair.formats.record_text:read",
            writer="offair.formats.record_text:write",
        ),
        Format(
            "json",
            ".json",
            "application/json",
            "the record's document: everything it knows, with layout and reading report",
            reader="offair.formats.record_json:read",
            writer="offair.formats.record_json:write",
        ),
        Format(
            "html",
            ".html",
            "text/html; charset=utf-8",
            "the record as a page that stands alone and needs no scripts",
            writer="offair.formats.record_html:write",
        ),
        Format(
            "markdown",
            ".md",
            "text/markdown; charset=utf-8",
            "the record as Markdown, for notes and articles",
            writer="offair.formats.record_markdown:write",
        ),
        Format(
            "docx",
            ".docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "the record in Word, every mark a style; read by its styles, or as a printed record",
            reader="offair.formats.record_docx_reading:read",
            writer="offair.formats.record_docx:write",
            also=(".docm",),
        ),
        Format(
            "csl",
            ".csl.json",
            "application/vnd.citationstyles.csl+json",
            "how to cite the record, for programs that keep what one cites",
            writer="offair.formats.record_csl:write",
        ),
        Format(
            "bibtex",
            ".bib",
            "application/x-bibtex; charset=utf-8",
            "how to cite the record, for LaTeX",
            writer="offair.formats.record_bibtex:write",
        ),
        Format(
            "webvtt",
            ".vtt",
            "text/vtt; charset=utf-8",
            "captions with speakers, for players on the web",
            reader="offair.formats.timed_text:read",
            writer="offair.formats.record_webvtt:write",
            holds=Holds.CUES,
        ),
        Format(
            "srt",
            ".srt",
            "application/x-subrip; charset=utf-8",
            "captions for video editors and players",
            reader="offair.formats.timed_text:read",
            writer="offair.formats.record_srt:write",
            holds=Holds.CUES,
        ),
        Format(
            "ass",
            ".ass",
            "text/x-ssa",
            "SubStation Alpha captions, with actors and styles",
            reader="offair.formats.substation:read",
            holds=Holds.CUES,
            also=(".ssa",),
        ),
        Format(
            "ttml",
            ".ttml",
            "application/ttml+xml",
            "W3C timed text: TTML, IMSC, EBU-TT, DFXP",
            reader="offair.formats.ttml:read",
            holds=Holds.CUES,
            also=(".dfxp", ".imsc", ".itt"),
            language="offair.formats.ttml:language",
        ),
        Format(
            "stl",
            ".stl",
            "application/octet-stream",
            "EBU subtitling data exchange (Tech 3264)",
            reader="offair.formats.ebu_stl:read",
            holds=Holds.CUES,
            language="offair.formats.ebu_stl:language",
        ),
        Format(
            "scc",
            ".scc",
            "text/x-scc",
            "Scenarist closed captions: the bytes of line 21",
            reader="offair.formats.scenarist:read",
            holds=Holds.CUES,
        ),
        Format(
            "microdvd",
            ".sub",
            "text/plain",
            "captions timed in frames",
            reader="offair.formats.microdvd:read",
            holds=Holds.CUES,
        ),
        Format(
            "transcript",
            ".txt",
            "text/plain; charset=utf-8",
            "a plain transcript, with or without names and times",
            reader="offair.formats.plain_transcript:read",
            holds=Holds.TURNS,
        ),
        Format(
            "briefing",
            ".md",
            "text/markdown; charset=utf-8",
            "transcripts of a press office: `Q`, `MS. NAME:`, `THE PRESIDENT:`",
            reader="offair.formats.briefing:read",
            holds=Holds.DOCUMENT,
            tells="offair.formats.briefing:looks_like",
        ),
        Format(
            "hansard",
            ".xml",
            "application/xml",
            "a sitting at Westminster as digitised XML",
            reader="offair.formats.hansard:read",
            holds=Holds.DOCUMENT,
            tells="offair.formats.hansard:looks_like",
        ),
        Format(
            "parlamint",
            ".xml",
            "application/tei+xml",
            "a parliament's sitting as TEI in the ParlaMint schema",
            reader="offair.formats.parlamint:read",
            holds=Holds.DOCUMENT,
            tells="offair.formats.parlamint:looks_like",
        ),
    )
}
"""The formats that the project ships, by name, in the order they are listed to a user."""


@cache
def known() -> dict[str, Format]:
    """`FORMATS` and those that other packages registered; a shipped name is never replaced."""
    formats = dict(FORMATS)
    for point in entry_points(group=ENTRY_POINTS):
        offered = point.load()
        if isinstance(offered, Format) and offered.name not in formats:
            formats[offered.name] = offered
    return formats


def find(name: str) -> Format:
    """The format of that name. Raises `NotFound`, naming those there are."""
    found = known().get(name)
    if found is None:
        raise NotFound(f"there is no format {name!r}; the formats are {', '.join(known())}")
    return found


def reader(name: str) -> Callable[..., Any]:
    """The `read` function of a format; what it returns is said by `Format.holds`.

    Raises `NotFound` for an unknown name, `BadInput` where the format is only written.
    """
    path = find(name).reader
    if path is None:
        names = ", ".join(one.name for one in known().values() if one.reads)
        raise BadInput(f"the format {name!r} can only be written; one that is read: {names}")
    return cast("Callable[..., Any]", _resolve(path))


def language_named(name: str, data: bytes) -> str | None:
    """The language that a file of a format names inside, as it names it; None where it does not.

    Raises `NotFound` for an unknown name. Never raises over the bytes.
    """
    path = find(name).language
    if path is None:
        return None
    return cast("Callable[[bytes], str | None]", _resolve(path))(data)


def told(name: str, data: bytes) -> bool:
    """Whether a file's bytes say that it is of this format; False where the format cannot tell.

    Raises `NotFound` for an unknown name. Never raises over the bytes.
    """
    path = find(name).tells
    return path is not None and cast("Callable[[bytes], bool]", _resolve(path))(data)


def writer(name: str) -> RecordWriter:
    """The `write` function of a format.

    Raises `NotFound` for an unknown name, `BadInput` where the format is only read.
    """
    path = find(name).writer
    if path is None:
        names = ", ".join(one.name for one in known().values() if one.writes)
        raise BadInput(f"the format {name!r} can only be read; one that is written: {names}")
    return cast("RecordWriter", _resolve(path))


def _resolve(path: str) -> object:
    module, _, function = path.partition(":")
    return getattr(import_module(module), function)
