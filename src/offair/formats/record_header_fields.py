"""The fields of a record's header, line by line: each taken from its line into the header."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from offair.formats.record_dates import PrintedDate, read_run_time, whole_clock, whole_date
from offair.formats.record_lines import WHITE
from offair.formats.record_page import WEAK_FURNITURE, Field, Page, is_furniture
from offair.model.record import Caution, Severity
from offair.model.time import DateKind, Ms, PartialDate

NUMBER_LINE = re.compile(
    r"#\s?(?P<number>\d[\w./-]{0,30}|[A-Za-z][\w./-]{0,30}+(?=\s*+\|))?"
    r"\s*+(?:(?P<bar>\|)\s*+)?(?P<time>[\d:]{3,9})?"
)
"""A line with a number, a run time or both."""
DIGEST_LINE = re.compile(
    r"(?:[\w'’.-]{1,20} ){0,3}Clip (?:No\.|Nr\.|Number|#) ?(?P<number>\d[\w./-]{0,30})"
    r"(?:\s*\|\s*(?P<time>[\d:]{3,9}))?",
    re.IGNORECASE,
)
"""The number line of a digest's entry."""


@dataclass(slots=True)
class Header:
    """What a header says. end: the first line after it. found: whether there is one at all.

    sure: it holds more than a date, so that a page without labels is still a record.
    """

    name: str = "transcript"
    number: str | None = None
    run_time_ms: Ms | None = None
    date: PartialDate | None = None
    aired: PartialDate | None = None
    headline: str | None = None
    channel: str | None = None
    country: str | None = None
    end: int = 0
    found: bool = False
    sure: bool = False
    start: int = 0
    lines: set[int] = field(default_factory=set)


def take(page: Page, index: int, header: Header, *fields: Field) -> None:
    """Explain a line of the header by these fields."""
    page.explain(index, *fields)
    header.lines.add(index)


def take_number(page: Page, index: int, header: Header) -> None:
    """Number and run time of `#8914 | 03:09` or `TV Clip No. 3902`."""
    line = page.lines[index]
    match = NUMBER_LINE.fullmatch(line.body) or DIGEST_LINE.fullmatch(line.body)
    if match is None:
        return
    fields = []
    if match["number"]:
        header.number = match["number"]
        fields.append(
            Field(line.start + match.start("number"), line.start + match.end("number"), "number")
        )
    if match["time"]:
        run_time = read_run_time(match["time"])
        if run_time is None:
            page.remark(Severity.UNEXPLAINED, "the run time is no time, kept as text", index)
        else:
            header.run_time_ms = run_time[0]
            start, end = line.start + match.start("time"), line.start + match.end("time")
            fields.append(Field(start, end, "run_time", run_time[1]))
    take(page, index, header, *fields)


def take_source(page: Page, index: int, header: Header) -> None:
    """Channel and country of `Source: Al-Ahd TV (Iraq)`."""
    line = page.lines[index]
    start = line.start + len("Source:")
    while start < line.end and line.text[start] in WHITE:
        start += 1
    end = line.end
    fields: list[Field] = []
    country: Field | None = None
    if line.text[end - 1] == ")":
        opening = line.text.rfind("(", start, end)
        if opening >= 0 and line.text[opening + 1 : end - 1].strip(WHITE):
            country = Field(opening + 1, end - 1, "country")
            header.country = line.text[opening + 1 : end - 1]
            end = opening
            while end > start and line.text[end - 1] in WHITE:
                end -= 1
    if end > start:
        header.channel = line.text[start:end]
        fields.append(Field(start, end, "channel"))
    if country is not None:
        fields.append(country)
    take(page, index, header, *fields)


def take_date(page: Page, index: int, header: Header) -> None:
    """The record's date from a line of its own."""
    line = page.lines[index]
    date = whole_date(line.body)
    if date is None:
        return
    header.date = date.date(DateKind.PUBLISHED)
    if date.form:
        take(page, index, header, Field(line.start, line.end, "date", date.form))
    else:
        take(page, index, header)
        page.remark(Severity.NOTE, "the date is read, but its printed form is kept as text", index)


def take_headline(page: Page, index: int, header: Header) -> None:
    """The headline, the whole of its line."""
    line = page.lines[index]
    header.headline = line.body
    take(page, index, header, Field(line.start, line.end, "headline"))


def take_aired(page: Page, index: int, date: PrintedDate, header: Header) -> None:
    """Air date and clock time of `Aired May 06, 2011 - 12:00 ET`."""
    line = page.lines[index]
    start = line.start + line.body.index(line.body[6:].lstrip(WHITE)[: date.end], 6)
    end = start + date.end
    fields = [Field(start, end, "aired", date.form)] if date.form else []
    rest = line.text[end : line.end]
    shown = rest.lstrip(WHITE + "-–—,")
    shown = shown[3:].lstrip(WHITE) if shown.startswith("at ") else shown
    clock = whole_clock(shown)
    if clock is not None:
        clock_start = line.end - len(shown)
        clock_end = line.end - len(clock.rest)
        fields.append(Field(clock_start, clock_end, "aired", clock.form))
    elif shown:
        page.remark(Severity.UNEXPLAINED, "what follows the air date is kept as text", index)
    header.aired = date.date(DateKind.AIRED, clock)
    header.date = header.aired
    take(page, index, header, *fields)


def is_site(text: str) -> bool:
    """Whether a line near a header is a site's, not the record's."""
    return is_furniture(text) or text.casefold() in WEAK_FURNITURE


def close_header(page: Page, header: Header) -> None:
    """Where the header ends; what stands above and between its lines is furniture."""
    header.start, header.end = min(header.lines, default=0), max(header.lines, default=-1) + 1
    if header.name == "press-briefing":
        return
    touching = header.start
    while touching > 0 and not page.lines[touching - 1].blank:
        if is_site(page.lines[touching - 1].body):
            break
        touching -= 1
    for index in page.visible(0, header.end):
        if index not in header.lines and Caution.read(page.lines[index].body) is None:
            # What touches the header could be a part of it that was not understood.
            page.furnish((index,), sure=index < touching)
