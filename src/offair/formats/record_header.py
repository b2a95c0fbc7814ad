"""The header of a printed record: date, headline, number, run time, source, in either order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.formats.record_dates import (
    PrintedDate,
    leading_date,
    whole_clock,
    whole_date,
)
from offair.formats.record_header_fields import (
    DIGEST_LINE,
    NUMBER_LINE,
    Header,
    close_header,
    is_site,
    take,
    take_aired,
    take_date,
    take_headline,
    take_number,
    take_source,
)
from offair.formats.record_labels import find_label, is_role
from offair.formats.record_lines import WHITE, Line
from offair.formats.record_page import Field, Page, is_furniture
from offair.formats.record_roles import PLACES
from offair.model.record import Caution, Severity
from offair.model.time import DateKind

_LONGEST_LINE = 300
_NEAR = 6
_DATE_REACH = 12


def read_clip_header(page: Page) -> Header | None:
    """The header of a clip record or of a digest's entry, or None where the page has neither."""
    number, digest = _number_line(page)
    source = _source_line(page, number)
    anchors = [index for index in (number, source) if index is not None]
    if not anchors:
        return None
    header = Header("digest" if digest else "clip-record", found=True, sure=True)
    if number is not None:
        take_number(page, number, header)
    if source is not None:
        take_source(page, source, header)
    _take_date_and_headline(page, header, min(anchors), max(anchors), digest)
    close_header(page, header)
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
        take_aired(page, index, date, header)
        above = [one for one in page.visible(0, index) if not is_furniture(page.lines[one].body)]
        if above:
            take_headline(page, above[-1], header)
        if len(above) > 1:
            show = page.lines[above[-2]]
            header.channel = show.body
            take(page, above[-2], header, Field(show.start, show.end, "channel"))
            page.remark(Severity.NOTE, "the line above the headline is read as the show", above[-2])
        close_header(page, header)
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
        take(page, event, header, Field(line.start, line.end, "date", date.form))
    if clock is not None and clock_index is not None:
        line = page.lines[clock_index]
        end = line.end - len(clock.rest)
        take(page, clock_index, header, Field(line.start, end, "date", clock.form))
    titles = [i for i in visible if i < min(dates) and not page.lines[i].body.endswith(":")]
    titles = [i for i in titles if not is_furniture(page.lines[i].body)]
    if titles:
        take_headline(page, max(titles, key=lambda i: len(page.lines[i].body)), header)
    for index in visible:
        place = PLACES.get(page.lines[index].body.casefold().rstrip("."))
        if place is not None:
            header.channel, header.country = place
            page.remark(Severity.NOTE, f"the place stands for the channel {place[0]!r}", index)
    for index, other in dates.items():
        if index != event:
            page.remark(Severity.NOTE, f"a second date, {other.value}, kept as text", index)
    close_header(page, header)
    header.end = body
    header.start = min(header.lines, default=0)
    page.furnish(
        (i for i in visible if i not in dates and page.lines[i].body.casefold() not in PLACES),
    )
    return header


@dataclass(frozen=True, slots=True)
class ShortHeader:
    """A header of at most a date, a headline beside it and the unchecked-notice, by line index."""

    date: int | None
    headline: int | None
    end: int


def find_short_header(page: Page) -> ShortHeader | None:
    """A date at the top of a page, with the headline that touches it, or the unchecked-notice.

    The headline may look like a labelled turn, so it is told by its place: it touches the date
    and a blank line follows.
    """
    top = page.visible(0, min(len(page.lines), 4 * _DATE_REACH))[:4]
    dates = [i for i in top[:2] if whole_date(page.lines[i].body) is not None]
    notice = next((i for i in top if Caution.read(page.lines[i].body)), None)
    if dates:
        beside = [i for i in (dates[0] - 1, dates[0] + 1) if i in top]
        beside = [i for i in beside if not _is_no_headline(page, i)]
        headline = beside[0] if beside else None
        return ShortHeader(dates[0], headline, max(dates[0], headline or 0) + 1)
    if notice is None:
        return None
    above = [i for i in top if i < notice]
    return ShortHeader(None, above[-1] if above else None, notice + 1)


def read_short_header(page: Page, found: ShortHeader) -> Header:
    """The header that `find_short_header` found, with its lines explained."""
    header = Header("clip-record", found=True)
    if found.date is not None:
        take_date(page, found.date, header)
    if found.headline is not None:
        take_headline(page, found.headline, header)
    close_header(page, header)
    header.end = found.end
    return header


def _is_no_headline(page: Page, index: int) -> bool:
    """Whether a line beside the date is a clock time or a turn of a transcript without gaps."""
    line = page.lines[index]
    if whole_clock(line.body) is not None or Caution.read(line.body) is not None:
        return True
    hit = find_label(line)
    if hit is None:
        return False
    following = page.lines[index + 1 : index + 2]
    touched = bool(following) and not following[0].blank and not whole_date(following[0].body)
    return touched or hit.quoted or hit.capitals or is_role(hit.label)


def is_second_record(line: Line) -> bool:
    """Whether a line within a transcript is the number line of another record."""
    body = line.body
    if len(body) > 80 or not ("#" in body or "lip " in body):
        return False
    match = NUMBER_LINE.fullmatch(body)
    return bool(match and match["time"]) or DIGEST_LINE.fullmatch(body) is not None


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
        match = NUMBER_LINE.fullmatch(body)
        if match is not None and (match["number"] or match["time"]):
            near = range(max(0, index - _NEAR), min(len(page.lines), index + _NEAR))
            if match["bar"] or any(
                page.lines[i].body.startswith("Source:") or whole_date(page.lines[i].body)
                for i in near
            ):
                return index, False
        elif match is None and DIGEST_LINE.fullmatch(body):
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


def _take_date_and_headline(
    page: Page, header: Header, first: int, last: int, digest: bool
) -> None:
    def is_date(index: int) -> bool:
        return whole_date(page.lines[index].body) is not None

    above = [i for i in range(max(0, first - 4 * _DATE_REACH), first) if not page.lines[i].blank]
    candidates = [i for i in above if not is_date(i) and not is_site(page.lines[i].body)]
    upper = next((i for i in reversed(above[-_DATE_REACH:]) if is_date(i)), None)
    below = page.visible(last + 1, min(len(page.lines), last + 1 + _DATE_REACH))
    lower = None if upper is not None else next((i for i in below[:3] if is_date(i)), None)
    between = [i for i in page.visible(first, last) if is_date(i)]
    date = upper if upper is not None else between[0] if between else lower
    if date is not None:
        take_date(page, date, header)
    rest = [i for i in below if i != date and Caution.read(page.lines[i].body) is None]
    if digest:
        if rest:
            take_headline(page, rest[0], header)
        return
    if lower is not None:
        partner = [i for i in (lower - 1, lower + 1) if i in rest and i > last]
        if partner:
            take_headline(page, partner[0], header)
            return
    inner = [i for i in page.visible(first, last) if i not in header.lines and not is_date(i)]
    nearest = candidates[-1:] or inner[:1]
    if nearest:
        take_headline(page, nearest[0], header)
    elif upper is None and lower is not None and len(rest) > 1:
        take_headline(page, rest[0], header)
        page.remark(Severity.DOUBT, "read as the headline from its place alone", rest[0])


def notices(page: Page, start: int, end: int) -> Sequence[int]:
    """The lines between a news header and its transcript that are the station's notices."""
    return [i for i in page.visible(start, end) if page.lines[i].body.isupper()]
