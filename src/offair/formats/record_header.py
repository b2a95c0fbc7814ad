"""The header of a printed record: date, headline, number, run time, source, in either order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from offair.formats.record_dates import (
    PrintedDate,
    leading_date,
    read_run_time,
    whole_clock,
    whole_date,
)
from offair.formats.record_lines import WHITE, Line
from offair.formats.record_page import WEAK_FURNITURE, Field, Page, is_furniture
from offair.formats.record_roles import PLACES
from offair.model.record import NOT_CHECKED, Severity
from offair.model.time import DateKind, Ms, PartialDate

_NUMBER = re.compile(
    r"#\s?(?P<number>\d[\w./-]{0,30}|[A-Za-z][\w./-]{0,30}(?=\s*\|))?"
    r"\s*(?P<bar>\|)?\s*(?P<time>[\d:]{3,9})?"
)
_DIGEST = re.compile(
    r"(?:[\w'’.-]{1,20} ){0,3}Clip (?:No\.|Nr\.|Number|#) ?(?P<number>\d[\w./-]{0,30})"
    r"(?:\s*\|\s*(?P<time>[\d:]{3,9}))?",
    re.IGNORECASE,
)
_LONGEST_LINE = 300
_NEAR = 6
_DATE_REACH = 12


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


def read_clip_header(page: Page) -> Header | None:
    """The header of a clip record or of a digest's entry, or None where the page has neither."""
    number, digest = _number_line(page)
    source = _source_line(page, number)
    anchors = [index for index in (number, source) if index is not None]
    if not anchors:
        return None
    header = Header("digest" if digest else "clip-record", found=True, sure=True)
    if number is not None:
        _take_number(page, number, header)
    if source is not None:
        _take_source(page, source, header)
    _take_date_and_headline(page, header, min(anchors), max(anchors), digest)
    _close(page, header)
    return header


def read_news_header(page: Page, body: int) -> Header | None:
    """The header of a news transcript: show, headline, `Aired <date> - <clock> <zone>`.

    body: the first line of the transcript.
    """
    for index in page.visible(0, body):
        line = page.lines[index]
        if len(line.body) > _LONGEST_LINE or not line.body.startswith("Aired "):
            continue
        date = leading_date(line.body[6:].lstrip(WHITE))
        if date is None:
            continue
        header = Header("news-transcript", found=True, sure=True)
        _take_aired(page, index, date, header)
        above = [one for one in page.visible(0, index) if not is_furniture(page.lines[one].body)]
        if above:
            _take_headline(page, above[-1], header)
        if len(above) > 1:
            show = page.lines[above[-2]]
            header.channel = show.body
            _take(page, above[-2], header, Field(show.start, show.end, "channel"))
            page.remark(Severity.NOTE, "the line above the headline is read as the show", above[-2])
        _close(page, header)
        return header
    return None


def read_press_header(page: Page, body: int) -> Header | None:
    """The header of a press office's page: title, `Issued on:`, place, date and time of the event.

    The last date before the transcript is the event's; an earlier one stays as text, noted.
    """
    visible = page.visible(0, body)
    dates = {i: date for i in visible if (date := whole_date(page.lines[i].body)) is not None}
    dates = {i: date for i, date in dates.items() if date.form != "{yyyy}"}
    if not dates:
        return None
    header = Header("press-briefing", found=True)
    event = max(dates)
    date = dates[event]
    line = page.lines[event]
    clock_index = next((i for i in visible if i > event), None)
    clock = whole_clock(page.lines[clock_index].body) if clock_index is not None else None
    header.date = date.date(DateKind.SPOKEN, clock)
    if date.form:
        _take(page, event, header, Field(line.start, line.end, "date", date.form))
    if clock is not None and clock_index is not None:
        line = page.lines[clock_index]
        end = line.end - len(clock.rest)
        _take(page, clock_index, header, Field(line.start, end, "date", clock.form))
    titles = [i for i in visible if i < min(dates) and not page.lines[i].body.endswith(":")]
    titles = [i for i in titles if not is_furniture(page.lines[i].body)]
    if titles:
        _take_headline(page, max(titles, key=lambda i: len(page.lines[i].body)), header)
    for index in visible:
        place = PLACES.get(page.lines[index].body.casefold().rstrip("."))
        if place is not None:
            header.channel, header.country = place
            page.remark(Severity.NOTE, f"the place stands for the channel {place[0]!r}", index)
    for index, other in dates.items():
        if index != event:
            page.remark(Severity.NOTE, f"a second date, {other.value}, kept as text", index)
    _close(page, header)
    header.end = body
    header.start = min(header.lines, default=0)
    page.furnish(
        (i for i in visible if i not in dates and page.lines[i].body.casefold() not in PLACES),
    )
    return header


def read_date_header(page: Page, body: int) -> Header | None:
    """A header of a date line with a headline beside it, or of the unchecked-notice alone."""
    visible = page.visible(0, body)
    dates = [i for i in visible[:3] if whole_date(page.lines[i].body) is not None]
    banner = next((i for i in visible if page.lines[i].body == NOT_CHECKED), None)
    if not dates and banner is None:
        return None
    header = Header("clip-record", found=True)
    if dates:
        _take_date(page, dates[0], header)
        rest = [i for i in visible if i > dates[0] and page.lines[i].body != NOT_CHECKED]
        above = [i for i in visible if i < dates[0]]
        partner = above[-1:] or [i for i in rest if page.gap_before(i) == 0]
        if partner:
            _take_headline(page, partner[0], header)
    else:
        above = [i for i in visible if banner is not None and i < banner]
        if above:
            _take_headline(page, above[-1], header)
    _close(page, header)
    return header


def is_second_record(line: Line) -> bool:
    """Whether a line within a transcript is the number line of another record."""
    body = line.body
    if len(body) > 80 or not ("#" in body or "lip " in body):
        return False
    match = _NUMBER.fullmatch(body)
    return bool(match and match["time"]) or _DIGEST.fullmatch(body) is not None


def repeated_source(line: Line, header: Header) -> tuple[PrintedDate, tuple[Field, ...]] | None:
    """A line that only repeats date and channel (`March 14, 2004 Al-Waha TV (Jordan)`), or None."""
    if header.channel is None or len(line.body) > _LONGEST_LINE:
        return None
    date = leading_date(line.body)
    if date is None or not date.form:
        return None
    start = line.start + date.end
    channel = line.text.find(header.channel, start, line.end)
    if channel < 0 or line.text[start:channel].strip(WHITE + ",-–—|"):
        return None
    end = channel + len(header.channel)
    fields = [Field(line.start, start, "aired", date.form), Field(channel, end, "channel")]
    rest = line.text[end : line.end].strip(WHITE)
    if header.country is not None and rest == f"({header.country})":
        place = line.text.index(header.country, end)
        fields.append(Field(place, place + len(header.country), "country"))
        rest = ""
    return None if rest else (date, tuple(fields))


def _number_line(page: Page) -> tuple[int | None, bool]:
    for index, line in enumerate(page.lines):
        body = line.body
        if not body or len(body) > 80 or not ("#" in body or "lip " in body):
            continue
        match = _NUMBER.fullmatch(body)
        if match is not None and (match["number"] or match["time"]):
            near = range(max(0, index - _NEAR), min(len(page.lines), index + _NEAR))
            if match["bar"] or any(
                page.lines[i].body.startswith("Source:") or whole_date(page.lines[i].body)
                for i in near
            ):
                return index, False
        elif match is None and _DIGEST.fullmatch(body):
            return index, True
    return None, False


def _source_line(page: Page, number: int | None) -> int | None:
    if number is not None:
        near = range(max(0, number - _NEAR), min(len(page.lines), number + _NEAR + 1))
        found = [i for i in near if page.lines[i].body.startswith("Source:")]
        return min(found, key=lambda i: abs(i - number), default=None)
    for index, line in enumerate(page.lines):
        if not line.body.startswith("Source:") or line.end - line.start > _LONGEST_LINE:
            continue
        near = range(max(0, index - _NEAR), min(len(page.lines), index + _NEAR))
        if line.body.endswith(")") or any(whole_date(page.lines[i].body) for i in near):
            return index
    return None


def _take(page: Page, index: int, header: Header, *fields: Field) -> None:
    page.explain(index, *fields)
    header.lines.add(index)


def _take_number(page: Page, index: int, header: Header) -> None:
    line = page.lines[index]
    match = _NUMBER.fullmatch(line.body) or _DIGEST.fullmatch(line.body)
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
    _take(page, index, header, *fields)


def _take_source(page: Page, index: int, header: Header) -> None:
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
    _take(page, index, header, *fields)


def _take_date(page: Page, index: int, header: Header) -> None:
    line = page.lines[index]
    date = whole_date(line.body)
    if date is None:
        return
    header.date = date.date(DateKind.PUBLISHED)
    if date.form:
        _take(page, index, header, Field(line.start, line.end, "date", date.form))
    else:
        _take(page, index, header)
        page.remark(Severity.NOTE, "the date is read, but its printed form is kept as text", index)


def _take_headline(page: Page, index: int, header: Header) -> None:
    line = page.lines[index]
    header.headline = line.body
    _take(page, index, header, Field(line.start, line.end, "headline"))


def _take_aired(page: Page, index: int, date: PrintedDate, header: Header) -> None:
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
    _take(page, index, header, *fields)


def _take_date_and_headline(
    page: Page, header: Header, first: int, last: int, digest: bool
) -> None:
    def is_date(index: int) -> bool:
        return whole_date(page.lines[index].body) is not None

    above = [i for i in range(max(0, first - 4 * _DATE_REACH), first) if not page.lines[i].blank]
    candidates = [i for i in above if not is_date(i) and not _is_site(page.lines[i].body)]
    upper = next((i for i in reversed(above[-_DATE_REACH:]) if is_date(i)), None)
    below = page.visible(last + 1, min(len(page.lines), last + 1 + _DATE_REACH))
    lower = None if upper is not None else next((i for i in below[:3] if is_date(i)), None)
    between = [i for i in page.visible(first, last) if is_date(i)]
    date = upper if upper is not None else between[0] if between else lower
    if date is not None:
        _take_date(page, date, header)
    rest = [i for i in below if i != date and page.lines[i].body != NOT_CHECKED]
    if digest:
        if rest:
            _take_headline(page, rest[0], header)
        return
    if lower is not None:
        partner = [i for i in (lower - 1, lower + 1) if i in rest and i > last]
        if partner:
            _take_headline(page, partner[0], header)
            return
    inner = [i for i in page.visible(first, last) if i not in header.lines and not is_date(i)]
    nearest = candidates[-1:] or inner[:1]
    if nearest:
        _take_headline(page, nearest[0], header)
    elif upper is None and lower is not None and len(rest) > 1:
        _take_headline(page, rest[0], header)
        page.remark(Severity.DOUBT, "read as the headline from its place alone", rest[0])


def _is_site(text: str) -> bool:
    return is_furniture(text) or text.casefold() in WEAK_FURNITURE


def _close(page: Page, header: Header) -> None:
    """Where the header ends; what stands above and between its lines is furniture."""
    header.start, header.end = min(header.lines, default=0), max(header.lines, default=-1) + 1
    if header.name == "press-briefing":
        return
    touching = header.start
    while touching > 0 and not page.lines[touching - 1].blank:
        if _is_site(page.lines[touching - 1].body):
            break
        touching -= 1
    for index in page.visible(0, header.end):
        if index not in header.lines and page.lines[index].body != NOT_CHECKED:
            # What touches the header could be a part of it that was not understood.
            page.furnish((index,), sure=index < touching)


def notices(page: Page, start: int, end: int) -> Sequence[int]:
    """The lines between a news header and its transcript that are the station's notices."""
    return [i for i in page.visible(start, end) if page.lines[i].body.isupper()]
