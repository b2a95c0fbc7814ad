"""The day on which a printed sentence says that something was said, where it names one plainly."""

from __future__ import annotations

from datetime import date, timedelta

import regex

from offair.model.time import MONTHS, DateKind, PartialDate

_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PLAIN_RE = (
    regex.compile(rf"\b{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<year>\d{{4}}))?(?![\d:])"),
    regex.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?:,?\s(?P<year>\d{{4}}))?(?!\d)"),
    regex.compile(r"\b(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)\b"),
)  # fmt: skip
_WEEKDAY_RE = regex.compile(
    r"\b(?:(?P<last>last\s)?(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
    r"|(?P<yesterday>yesterday))\b",
    regex.I,
)
_BEFORE = 60
_FUTURE_RE = regex.compile(r"(?i)\b(?:will|scheduled|plans\sto|expected\sto|due\sto)\b")
_ON_RE = regex.compile(r"(?i)(?:\bon|\bdated|[a-z]day,?)\s+(?:the\s)?$")
_NEXT_RE = regex.compile(r"(?i)\b(?:next|this coming|by|until|before|since|every|each)\s+$")


def claimed_date(words: str, published: PartialDate | None) -> PartialDate | None:
    """The one day that these words name, or None where they name none or several.

    words: those beside the quotation, not its own. A day without a year, and a weekday, are the
    last such day up to the article's own date; without that date they say nothing.
    """
    if _FUTURE_RE.search(words):
        return None
    written = _day_of(published)
    found = {one for one in (*_plain(words, written), *_weekdays(words, written)) if one}
    if len(found) != 1:
        return None
    return PartialDate.parse(found.pop().isoformat(), DateKind.SPOKEN)


def _day_of(published: PartialDate | None) -> date | None:
    return date.fromisoformat(published.day) if published is not None and published.day else None


def _plain(words: str, written: date | None) -> list[date | None]:
    found: list[date | None] = []
    for pattern in _PLAIN_RE:
        for match in pattern.finditer(words):
            if not _ON_RE.search(_just_before(words, match.start())):
                continue
            groups = match.groupdict()
            month = int(groups["number"]) if groups.get("number") else _month(groups["month"] or "")
            day, year = int(groups["day"]), groups.get("year")
            if year is not None:
                found.append(_made(int(year), month, day))
            elif written is not None:
                same = _made(written.year, month, day)
                if same is not None and same > written:
                    same = _made(written.year - 1, month, day)
                found.append(same)
    return found


def _weekdays(words: str, written: date | None) -> list[date | None]:
    if written is None:
        return []
    found: list[date | None] = []
    for match in _WEEKDAY_RE.finditer(words):
        if _NEXT_RE.search(_just_before(words, match.start())):
            continue
        if match.group("yesterday"):
            found.append(_before(written, 1))
            continue
        back = (written.weekday() - _DAYS.index(match.group("weekday").lower())) % 7
        if match.group("last") and back == 0:
            back = 7
        found.append(_before(written, back))
    return found


def _before(day: date, days: int) -> date | None:
    """The day so many days earlier; None where the calendar does not go back that far."""
    return day - timedelta(days=days) if days < day.toordinal() else None


def _just_before(words: str, at: int) -> str:
    """The few words before a place: what stands farther off says nothing of it."""
    return words[max(0, at - _BEFORE) : at]


def _month(name: str) -> int:
    short = name.strip(".").lower()[:3]
    return next(number for number, one in enumerate(MONTHS, 1) if one.lower().startswith(short))


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
