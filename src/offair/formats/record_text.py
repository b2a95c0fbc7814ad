"""The printed clip record: `read` gives record, layout and report; `write` gives the page back.

`write(reading.record, reading.layout)` is the text that was read, to the byte; the writer renders
from these two only. Read are clip records, digests of them, transcripts without a header, news
transcripts (labels in capitals) and press briefings (a bare `Q`).
"""

from __future__ import annotations

from collections.abc import Sequence

from offair.formats.record_body import BodyReader, Labelled, find_labels, with_speakers
from offair.formats.record_header import (
    ShortHeader,
    find_short_header,
    notices,
    read_clip_header,
    read_news_header,
    read_press_header,
    read_short_header,
    repeated_source,
)
from offair.formats.record_header_fields import Header
from offair.formats.record_layouts import layout_for
from offair.formats.record_lines import BOM, decode, shown, split_lines
from offair.formats.record_marks import MARKS, MarkRule, find_marks
from offair.formats.record_origin import aired_in, guess_language, is_translation
from offair.formats.record_page import WEAK_FURNITURE, Field, Page, is_furniture
from offair.formats.record_print import print_record
from offair.formats.record_speakers import name_speakers
from offair.model.errors import BadInput
from offair.model.record import (
    NOTICES,
    Caution,
    Completeness,
    Layout,
    Paragraph,
    Reading,
    Record,
    RecordNumber,
    RecordTurn,
    Remark,
    Severity,
    StandingMark,
)
from offair.model.time import DateKind

IMPORTED_SERIES = "imported"
"""Series of a number that a publisher printed, until somebody names the publisher."""

__all__ = ["IMPORTED_SERIES", "MARKS", "layout_for", "read", "write", "write_bytes"]


def read(
    data: bytes | str,
    *,
    source: str = "text",
    marks: Sequence[MarkRule] = MARKS,
    language: str | None = None,
    original_language: str | None = None,
) -> Reading:
    """Read a printed record.

    data: the file's bytes (UTF-8, with or without byte-order mark) or its text. source: what
    messages call it. marks: the table of bracketed marks. language, original_language: BCP 47
    of the words and of the broadcast, where somebody knows; else `en` if the words are plainly
    English and `und`.

    Raises `BadInput` where the data is not UTF-8 text, is empty, or holds neither a header nor a
    speaker's label; the message shows the first line that failed.
    """
    text = decode(data, source)
    prefix = BOM if text.startswith(BOM) else ""
    page = Page(split_lines(text[len(prefix) :]))
    if not page.visible(0, len(page.lines)):
        raise BadInput(f"{source} is empty; give the text of a printed record")
    header = read_clip_header(page)
    short = find_short_header(page) if header is None else None
    labelled = find_labels(page, header.end if header else short.end if short else 0)
    if header is None:
        header = _other_header(page, labelled, short)
    if labelled is None and not header.sure:
        first = page.lines[page.visible(0, len(page.lines))[0]]
        raise BadInput(
            f"{source} has neither a record's header nor a speaker's label: line {first.number} "
            f"reads {shown(first.body)!r}; begin it with a header, or begin turns with "
            "a name and a colon"
        )
    start = labelled.start if labelled else len(page.lines)
    summary = _read_summary(page, header, start, marks)
    body: tuple[RecordTurn | StandingMark, ...] = ()
    if labelled is not None:
        origin = _said(page)[1]
        reader = BodyReader(page, labelled, marks, origin)
        body = reader.read(_header_gaps(page, header, labelled))
    else:
        page.remark(Severity.DOUBT, "no speaker's label was found; the record has no turns")
    return _reading(page, prefix, header, summary, body, labelled, (language, original_language))


def write(record: Record, layout: Layout | None = None) -> str:
    """The record as the layout prints it; without one, as the house prints it.

    Raises `BadInput` where record and layout do not fit together.
    """
    if layout is None:
        layout = layout_for(record)
    return print_record(record, layout)


def write_bytes(record: Record, layout: Layout | None = None) -> bytes:
    """As `write`, in UTF-8, with the byte-order mark and line ends that the layout holds."""
    return write(record, layout).encode("utf-8")


def _caution(page: Page) -> Caution | None:
    """What the record says of itself, by the first line that says it."""
    found = (Caution.read(line.body) for line in page.lines)
    return next((one for one in found if one is not None), None)


def _said(page: Page) -> tuple[str | None, str]:
    """The kind and the origin of the words that the notice tells; None where it tells no kind."""
    caution = _caution(page)
    return NOTICES[caution.notice] if caution and caution.notice else (None, "person")


def _other_header(page: Page, labelled: Labelled | None, short: ShortHeader | None) -> Header:
    """The header of a page that has neither a number nor a source line; perhaps an empty one."""
    start = labelled.start if labelled else len(page.lines)
    header = read_news_header(page, start)
    if header is None and labelled is not None and labelled.style.capitals:
        header = read_press_header(page, start)
    if header is None and labelled is not None and short is not None:
        header = read_short_header(page, short)
    if header is not None:
        return header
    header = Header()
    if labelled is not None:
        if labelled.style.capitals:
            roles = any("," in hit.label for hit in labelled.hits.values())
            header.name = "news-transcript" if roles else "press-briefing"
        page.remark(Severity.NOTE, "no header; read as a transcript only")
    return header


def _read_summary(
    page: Page, header: Header, start: int, marks: Sequence[MarkRule]
) -> tuple[Paragraph, ...]:
    """The paragraphs between header and transcript, with everything there explained or listed."""
    summary: list[Paragraph] = []
    if header.name == "press-briefing":
        if not header.found:
            page.furnish(range(header.end, start))
        return ()
    shouted = set(notices(page, header.end, start)) if header.name == "news-transcript" else set()
    wordy = header.found and header.name != "news-transcript"
    for index in page.visible(header.end, start):
        line = page.lines[index]
        if index in page.fields:
            continue
        caution = Caution.read(line.body)
        if caution is not None:
            page.remark(Severity.NOTE, f"the record says {caution.meaning}", index)
            continue
        repeated = repeated_source(line, header)
        if repeated is not None and not summary:
            date, fields = repeated
            header.aired = date.date(DateKind.AIRED)
            page.explain(index, *fields)
            page.remark(Severity.NOTE, "repeats date and channel; not summary", index)
        elif is_furniture(line.body) or index in shouted or line.body.casefold() in WEAK_FURNITURE:
            page.furnish((index,), sure=True)
        elif wordy or (line.body.startswith("Following are") and line.body.endswith(":")):
            summary.append(_summary_paragraph(page, index, len(summary), marks))
        else:
            page.furnish((index,))
    return tuple(summary)


def _summary_paragraph(page: Page, index: int, place: int, marks: Sequence[MarkRule]) -> Paragraph:
    line = page.lines[index]
    page.explain(index, Field(line.start, line.end, f"summary:{place}"))
    return Paragraph(line.body, find_marks(line.body, marks)[0])


def _header_gaps(page: Page, header: Header, labelled: Labelled) -> list[int]:
    """Blank lines between the parts from headline to transcript, where there are any."""
    if not header.found:
        return []
    inner = [
        page.gap_before(index)
        for index in page.visible(header.start + 1, labelled.start + 1)
        if index > header.start
    ]
    return [gap for gap in inner if gap > 0]


def _reading(
    page: Page,
    prefix: str,
    header: Header,
    summary: tuple[Paragraph, ...],
    body: tuple[RecordTurn | StandingMark, ...],
    labelled: Labelled | None,
    languages: tuple[str | None, str | None],
) -> Reading:
    turns = [item for item in body if isinstance(item, RecordTurn)]
    hits = labelled.hits if labelled else {}
    labels = [
        (turn.label, page.lines[index].number)
        for turn, index in zip(turns, sorted(hits), strict=True)
        if turn.label is not None
    ]
    texts = [paragraph.text for paragraph in summary]
    named = name_speakers(labels, header.headline, texts)
    page.remarks += named.remarks
    first = _find_air_date(header, texts)
    speech = [paragraph.text for turn in turns[:200] for paragraph in turn.paragraphs[:5]]
    language = languages[0] or guess_language(speech or texts)
    caution, kind = _caution(page), _said(page)[0]
    guessed = kind is None and is_translation(
        language=language, channel=header.channel, country=header.country, summary=" ".join(texts)
    )
    translated = guessed or kind == "translation"
    if guessed:
        message = "taken as a translation; its source language and translator are not printed"
        first.append(Remark(Severity.DOUBT, message))
    record = Record(
        number=RecordNumber(IMPORTED_SERIES, header.number) if header.number else None,
        edition=1,
        date=header.date or header.aired,
        aired=header.aired,
        headline=header.headline,
        run_time_ms=header.run_time_ms,
        channel=header.channel,
        country=header.country,
        summary=summary,
        speakers=named.speakers,
        body=with_speakers(body, named.keys),
        completeness=Completeness.EXCERPTS,
        language=language,
        original_language=languages[1] or ("und" if translated else language),
        kind="translation" if translated else "speech",
        checked=caution is None or caution.notice is None,
        stale=caution.stale if caution else 0,
    )
    return Reading(record, page.layout(header.name, prefix), page.sorted_remarks(first))


def _find_air_date(header: Header, summary: Sequence[str]) -> list[Remark]:
    """Fill air date and channel from the summary's words where no line of their own gives them."""
    remarks: list[Remark] = []
    aired = aired_in("\n".join(summary), header.channel)
    if aired is None:
        return remarks
    if header.aired is None:
        header.aired = aired.date
        remarks.append(Remark(Severity.NOTE, f"the air date {aired.date} is the summary's"))
    if header.channel is None and aired.channel is not None:
        header.channel = aired.channel
        header.country = header.country or aired.country
        remarks.append(Remark(Severity.NOTE, f"the channel {aired.channel!r} is the summary's"))
    if header.date is None:
        remarks.append(Remark(Severity.NOTE, "no date line; the record's date is the air date"))
    return remarks
