"""A record as a Word document: header, summary and transcript, every mark as a character style.

Also several records in one document, as a bulletin. The same records give the same bytes. What is
written here is read back by `record_docx_reading`, by the names of the styles.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from offair.formats import record_docx_styles as styles
from offair.formats.record_citation import (
    STALE,
    advice,
    citation,
    clock,
    long_date,
    made_as,
    notice,
    printed_number,
    run_time,
    speaker_name,
)
from offair.formats.record_cues import ClipClock
from offair.formats.record_docx_text import (
    Element,
    holdable,
    marked_runs,
    paragraph,
    right_to_left,
    runs,
)
from offair.formats.record_docx_text import field as field_runs
from offair.model.errors import BadInput
from offair.model.record import Layout, Paragraph, Record, RecordTurn, StandingMark

NO_HEADLINE = "Record without a headline"
UNKNOWN = "Speaker not identified"
_NONE: Mapping[str, str] = MappingProxyType({})
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LONGEST_PROPERTY = 255


@dataclass(frozen=True, slots=True)
class BulletinEntry:
    """One record of a bulletin. beside: the original of each turn, by the turn's key."""

    record: Record
    address: str | None = None
    beside: Mapping[str, str] = field(default_factory=dict)


def write(
    record: Record,
    layout: Layout | None = None,  # noqa: ARG001 - writers are called alike; Word has its own
    *,
    address: str | None = None,
    beside: Mapping[str, str] = _NONE,
) -> bytes:
    """The record as a DOCX file. beside: the original words of each turn, by the turn's key; with
    them the transcript is a table of two columns. Raises nothing of its own."""
    made = _Writer()
    made.record(BulletinEntry(record, address, beside))
    number = printed_number(record.number) if record.number else "draft"
    made.footer(f"Clip record {number}, edition {record.edition}", address)
    title = " ".join((record.headline or NO_HEADLINE).split())
    return made.finished(title, record, f"Clip record {number}")


def write_bulletin(entries: Sequence[BulletinEntry], *, title: str) -> bytes:
    """Several records in one document, with a table of contents. Raises `BadInput` where there is
    none."""
    if not entries:
        raise BadInput("there is no record for this bulletin; choose another day or channel")
    made = _Writer()
    made.contents(title, [one.record for one in entries])
    for one in entries:
        made.record(one, new_page=True)
    made.footer(title, None)
    return made.finished(title, entries[0].record, title)


class _Writer:
    """A document in the making."""

    def __init__(self) -> None:
        self.document: WordDocument = styles.empty_document()
        self.ids: dict[str, str] = {
            one.name: one.style_id for one in self.document.styles if one.name
        }
        self.body = self.document.element.body
        self.records = 0

    def put(self, made: Element, into: Element | None = None) -> Element:
        """A paragraph or table at the end, before the settings of the page."""
        if into is not None:
            into.append(made)
        else:
            self.body.insert(len(self.body) - 1, made)
        return made

    def line(
        self,
        style: str,
        text: str,
        *,
        language: str | None = None,
        into: Element | None = None,
        bookmark: tuple[int, str] | None = None,
    ) -> Element:
        """A paragraph of one text, in the direction of its first letter."""
        rtl = right_to_left(text)
        made = paragraph(self.ids[style], rtl=rtl, bookmark=bookmark)
        made.extend(runs(text, rtl=rtl, language=language))
        return self.put(made, into)

    def contents(self, title: str, records: Sequence[Record]) -> None:
        """The title of a bulletin, and a line for each record that leads to it."""
        self.line(styles.CONTENTS, title, language="en")
        for place, record in enumerate(records, start=1):
            words = " ".join((record.headline or NO_HEADLINE).split())
            rtl = right_to_left(words)
            made = paragraph(self.ids[styles.CONTENTS], rtl=rtl)
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), _bookmark(place))
            link.set(qn("w:history"), "1")
            number = f"{record.number.printed.lstrip('#')}. " if record.number else ""
            link.extend(runs(f"{number}{words}", rtl=rtl))
            made.append(link)
            self.put(made)

    def record(self, entry: BulletinEntry, *, new_page: bool = False) -> None:
        """One record from its number to its citation."""
        self.records += 1
        record = entry.record
        first = self.line(styles.KICKER, _kicker(record), language="en")
        if new_page:
            # Word takes the rules of a paragraph in one order alone: style, page break, direction.
            first.pPr.insert(1, OxmlElement("w:pageBreakBefore"))
        self.line(
            styles.HEADLINE, record.headline or NO_HEADLINE,
            bookmark=(self.records, _bookmark(self.records)),
        )  # fmt: skip
        said = notice(record)
        if said:
            self.line(styles.NOTICE, said, language="en")
            self.line(styles.CITATION, advice(record) or "", language="en")
        for name, value in _facts(record, entry.address):
            made = paragraph(self.ids[styles.FACT])
            made.extend(runs(f"{name}: ", rtl=False, language="en", style=self.ids[styles.FIELD]))
            made.extend(runs(value, rtl=False))
            self.put(made)
        if record.summary:
            self.line(styles.SECTION, "Summary", language="en")
            for part in record.summary:
                self.speech(styles.SUMMARY, part, "und")
        title = "Transcript in translation" if record.kind == "translation" else "Transcript"
        self.line(styles.SECTION, title, language="en")
        self.transcript(entry)
        self.line(styles.SECTION, "How to cite", language="en")
        self.line(styles.CITATION, citation(record, address=entry.address))

    def transcript(self, entry: BulletinEntry) -> None:
        """The turns one below the other, or each beside its original."""
        record, clip = entry.record, ClipClock(entry.record)
        for item in record.body:
            if isinstance(item, StandingMark):
                self.standing(item)
            elif not entry.beside:
                self.turn(record, item, clip)
            else:
                left, right = self.row()
                self.turn(record, item, clip, left)
                original = entry.beside.get(item.key, "")
                language = record.original_language
                self.line(styles.ORIGINAL, original, language=language, into=right)

    def row(self) -> tuple[Element, Element]:
        """A table of one row with two cells; a row of its own for each turn breaks over pages."""
        table = OxmlElement("w:tbl")
        rules = OxmlElement("w:tblPr")
        width = OxmlElement("w:tblW")
        width.set(qn("w:w"), "5000")
        width.set(qn("w:type"), "pct")
        rules.append(width)
        grid = OxmlElement("w:tblGrid")
        row = OxmlElement("w:tr")
        cells = []
        for _ in range(2):
            column = OxmlElement("w:gridCol")
            column.set(qn("w:w"), "4500")
            grid.append(column)
            cell = OxmlElement("w:tc")
            cell.append(OxmlElement("w:tcPr"))
            row.append(cell)
            cells.append(cell)
        for one in (rules, grid, row):
            table.append(one)
        self.put(table)
        return cells[0], cells[1]

    def turn(
        self, record: Record, turn: RecordTurn, clip: ClipClock, into: Element | None = None
    ) -> None:
        """The speaker on a line with time and origin, then the words."""
        name = turn.label or speaker_name(record, turn)
        rtl = right_to_left(name or "", right_to_left(_first_words(turn)))
        head = paragraph(self.ids[styles.TURN], rtl=rtl)
        if name is not None and name.strip():
            head.extend(runs(name, rtl=rtl, style=self.ids[styles.SPEAKER]))
            full = speaker_name(record, turn)
            if full is not None and full != name and full.strip():
                head.extend(runs(f" ({full})", rtl=rtl, style=self.ids[styles.FIELD]))
        else:
            style = self.ids[styles.TAG]
            head.extend(runs(UNKNOWN, rtl=rtl, language="en", style=style))
        known = turn.span or next((one.span for one in turn.paragraphs if one.span), None)
        shown = clip.to_clip(known) if known is not None else None
        tags = [made_as(record, turn), STALE if turn.stale else None]
        if shown is not None:
            time = f"  {clock(shown.start)}"
            head.extend(runs(time, rtl=rtl, language="en", style=self.ids[styles.TIME]))
        for tag in (one for one in tags if one):
            style = self.ids[styles.TAG]
            head.extend(runs(f" – {tag}", rtl=rtl, language="en", style=style))
        self.put(head, into)
        for part in turn.parts:
            if isinstance(part, Paragraph):
                self.speech(styles.SPEECH, part, record.language, into)
            else:
                self.standing(part, into)

    def speech(
        self, style: str, part: Paragraph, language: str, into: Element | None = None
    ) -> None:
        """A paragraph with its marks."""
        rtl = right_to_left(part.text)
        made = paragraph(self.ids[style], rtl=rtl)
        made.extend(marked_runs(part.text, part.marks, self.ids, rtl=rtl, language=language))
        self.put(made, into)

    def standing(self, standing: StandingMark, into: Element | None = None) -> None:
        """A mark on a line of its own; one that was only inferred from spacing is not printed."""
        mark, words = standing.mark, standing.mark.text.strip()
        if not words:
            return
        rtl = right_to_left(words)
        made = paragraph(self.ids[styles.STANDING], rtl=rtl)
        style = self.ids[styles.mark_style(mark.kind, confirmed=mark.confirmed)]
        made.extend(runs(words, rtl=rtl, style=style))
        self.put(made, into)

    def footer(self, words: str, address: str | None) -> None:
        """Number, edition, address and page at the foot of every page."""
        foot = self.document.sections[0].footer.paragraphs[0]._p
        text = words if address is None else f"{words}, {address}"
        foot.extend(runs(f"{text}  ·  ", rtl=False))
        foot.extend(field_runs(" PAGE ", "1"))

    def finished(self, title: str, record: Record, subject: str) -> bytes:
        """The file's bytes, the same for the same text."""
        core = self.document.core_properties
        core.title = holdable(title)[:_LONGEST_PROPERTY]
        core.subject = holdable(subject)[:_LONGEST_PROPERTY]
        core.author = holdable(record.made_by or "")[:_LONGEST_PROPERTY]
        core.last_modified_by = ""
        core.comments = holdable(record.caution or "")[:_LONGEST_PROPERTY]
        core.keywords = ""
        core.language = record.language
        core.version = str(record.edition)
        made = _published(record)
        core.created = core.modified = made
        packed = io.BytesIO()
        self.document.save(packed)
        return _without_clock(packed.getvalue())


def _bookmark(place: int) -> str:
    return f"record_{place}"


def _first_words(turn: RecordTurn) -> str:
    return next((part.text for part in turn.paragraphs), "")


def _kicker(record: Record) -> str:
    if record.number is None:
        return "Clip record, draft"
    return f"Clip record {printed_number(record.number)}, edition {record.edition}"


def _facts(record: Record, address: str | None) -> list[tuple[str, str]]:
    """Name and value of every line of the header. Names are what the reader looks for."""
    aired = record.aired
    rows = [
        ("Channel", record.channel),
        ("Country", record.country),
        ("Date", long_date(record.date) if record.date else None),
        (aired.kind.value.capitalize() if aired else "Aired", long_date(aired) if aired else None),
        ("Run time", run_time(record.run_time_ms) if record.run_time_ms is not None else None),
        ("Language of the text", record.language if record.language != "und" else None),
        (
            "Language of the broadcast",
            record.original_language if record.original_language != "und" else None,
        ),
        ("Translator", record.translator if record.kind == "translation" else None),
        (f"Note on edition {record.edition}", record.note),
        ("Extent", record.completeness.value),
        ("Address", address),
    ]
    return [(name, " ".join(value.split())) for name, value in rows if value and value.strip()]


def _published(record: Record) -> datetime.datetime:
    try:
        when = datetime.datetime.fromisoformat(record.published_utc or "")
    except ValueError:
        # A file has to bear some time; this one nobody takes for a real one.
        return datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)
    return when


def _without_clock(data: bytes) -> bytes:
    """The package again, every part with the same time: its bytes say only what it holds."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            new.writestr(
                zipfile.ZipInfo(entry.filename, _EPOCH), old.read(entry), zipfile.ZIP_DEFLATED
            )
    return packed.getvalue()
