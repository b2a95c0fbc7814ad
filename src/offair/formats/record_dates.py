"""Dates, clock times and run times as records print them, and how to print them again.

A *form* is the printed text with its parts replaced by tokens in braces: `{mon} {dd}, {yyyy}`
prints `Jun 01, 2021`. A form is only kept where it prints back exactly what was read.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from offair.model.errors import BadInput
from offair.model.time import LOCAL_TO_CHANNEL, MONTHS, DateKind, Ms, PartialDate, Precision

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_OF = {name.lower(): place for place, name in enumerate(MONTHS, 1)} | {
    name[:3].lower(): place for place, name in enumerate(MONTHS, 1)
}
_MONTH_OF["sept"] = 9
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?P<tail>[a-z]{0,6})"
_WEEKDAY = r"(?:(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday), )?"
_DATE_PATTERNS = (
    re.compile(rf"\b{_WEEKDAY}{_MONTH}\.? (?P<day>\d{{1,2}}), ?(?P<year>\d{{4}})\b", re.I),
    re.compile(rf"\b{_WEEKDAY}(?P<day>\d{{1,2}}) {_MONTH}\.?,? (?P<year>\d{{4}})\b", re.I),
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b{_MONTH}\.? (?P<year>\d{{4}})\b", re.I),
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"(?P<gap>\s?)(?P<half>[ap]\.?m\.?)?(?P<space>\s*)(?P<zone>[A-Za-z]{2,5})?",
    re.I,
)
_TOKEN = re.compile(r"\{([^{}]+)\}")
_RUN_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d\d)")
_LONGEST_DATE = 48

ZONES = {
    "ET": "America/New_York",
    "EST": "-05:00",
    "EDT": "-04:00",
    "CT": "America/Chicago",
    "CST": "-06:00",
    "CDT": "-05:00",
    "PT": "America/Los_Angeles",
    "PST": "-08:00",
    "PDT": "-07:00",
    "GMT": "Z",
    "UTC": "Z",
    "BST": "+01:00",
    "CET": "+01:00",
    "CEST": "+02:00",
}
"""Zone letters as printed after a clock time, and the zone of a date they stand for."""


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date found in a text. value: ISO 8601 cut at `precision`. start, end: characters."""

    value: str
    precision: Precision
    form: str
    start: int
    end: int

    def date(self, kind: DateKind, clock: PrintedClock | None = None) -> PartialDate:
        """The date as the model holds it, to the minute where a clock time came with it."""
        if clock is None or self.precision is not Precision.DAY:
            return PartialDate(self.value, self.precision, kind)
        precision = Precision.SECOND if clock.value.count(":") == 2 else Precision.MINUTE
        return PartialDate(f"{self.value}T{clock.value}", precision, kind, clock.zone)


@dataclass(frozen=True, slots=True)
class PrintedClock:
    """A clock time that fills a text. value: `HH:MM` or `HH:MM:SS`. rest: the zone as printed."""

    value: str
    form: str
    rest: str
    zone: str


def whole_date(text: str) -> PrintedDate | None:
    """The date that fills the text, from a year alone to a day with its weekday; else None."""
    if not text or len(text) > _LONGEST_DATE:
        return None
    if _YEAR.fullmatch(text):
        return PrintedDate(text, Precision.YEAR, "{yyyy}", 0, len(text))
    for pattern in _DATE_PATTERNS:
        match = pattern.fullmatch(text)
        if match is not None:
            return _printed(match)
    return None


def find_dates(text: str) -> Iterator[PrintedDate]:
    """The dates in a running text, by place; a month with its year is one, a bare year is not."""
    taken: list[PrintedDate] = []
    for pattern in _DATE_PATTERNS:
        taken += [date for match in pattern.finditer(text) if (date := _printed(match))]
    last = -1
    for date in sorted(taken, key=lambda one: (one.start, -one.end)):
        if date.start >= last:
            yield date
            last = date.end


def leading_date(text: str) -> PrintedDate | None:
    """The date that a text begins with, or None."""
    first = next(find_dates(text[:_LONGEST_DATE]), None)
    return first if first is not None and first.start == 0 else None


def whole_clock(text: str) -> PrintedClock | None:
    """The clock time that fills the text (`5:49 P.M. EDT`, `11:20   ET`), or None."""
    match = _CLOCK.fullmatch(text) if len(text) <= _LONGEST_DATE else None
    if match is None:
        return None
    hour, minute, second = int(match["hour"]), int(match["minute"]), match["second"]
    half = match["half"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    if hour > 23 or minute > 59 or int(second or 0) > 59:
        return None
    hour_token = ("{h12}" if len(match["hour"]) == 1 else "{hh12}") if half else "{h}"
    if not half and len(match["hour"]) == 2:
        hour_token = "{hh}"
    form = hour_token + ":{min}" + (":{ss}" if second else "")
    form += match["gap"] + _half_token(half) if half else ""
    value = f"{hour:02}:{minute:02}" + (f":{second}" if second else "")
    printed = text[: match.end("half") if half else match.end("second" if second else "minute")]
    if print_date(PartialDate(f"2000-01-01T{value}", Precision.MINUTE), form) != printed:
        return None
    zone = ZONES.get((match["zone"] or "").upper(), LOCAL_TO_CHANNEL)
    return PrintedClock(value, form, text[len(printed) :], zone)


def print_date(date: PartialDate, form: str) -> str:
    """A date in a form. Raises `BadInput` where the form needs a part the date does not have."""
    parts = _tokens(date)

    def fill(match: re.Match[str]) -> str:
        if match[1] not in parts:
            raise BadInput(
                f"the layout prints a date as {form!r} and the record's date is only {date.value}; "
                "give the date as exactly, or make a new layout"
            )
        return parts[match[1]]

    return _TOKEN.sub(fill, form)


def read_run_time(text: str) -> tuple[Ms, str] | None:
    """(length, form) of a printed run time `m:ss`, `mm:ss` or `h:mm:ss`, or None."""
    match = _RUN_TIME.fullmatch(text)
    if match is None or int(match[3]) > 59 or (match[1] and int(match[2]) > 59):
        return None
    total = (int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])) * 1000
    form = f"h{len(match[1])}" if match[1] else f"m{len(match[2])}"
    return (total, form) if print_run_time(total, form) == text else None


def print_run_time(length_ms: Ms, form: str) -> str:
    """A length in a form: `m2` is `mm:ss`, `h1` is `h:mm:ss`; the digit is the first part's width.

    Rounded to the nearest second.
    """
    seconds = (length_ms + 500) // 1000
    width = int(form[1:])
    if form[0] == "h":
        return f"{seconds // 3600:0{width}}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{seconds // 60:0{width}}:{seconds % 60:02}"


def run_time_form(length_ms: Ms) -> str:
    """The house's form of a run time: `mm:ss`, from an hour on `h:mm:ss`."""
    return "h1" if length_ms + 500 >= 3_600_000 else "m2"


def _printed(match: re.Match[str]) -> PrintedDate | None:
    parts = match.groupdict()
    name = ((parts.get("month") or "") + (parts.get("tail") or "")).lower()
    month = _MONTH_OF.get(name, 0) if name else int(parts["number"])
    day = parts.get("day")
    try:
        exact = datetime.date(int(parts["year"]), month, int(day or 1))
    except ValueError:
        return None
    value = exact.isoformat() if day else f"{exact:%Y-%m}"
    if exact.year < 1000:
        return None
    precision = Precision.DAY if day else Precision.MONTH
    date = PartialDate(value, precision)
    text = match.group()
    form = _form(text, match, exact)
    if form is None or print_date(date, form) != text:
        form = ""
    return PrintedDate(value, precision, form, match.start(), match.end())


def _form(text: str, match: re.Match[str], exact: datetime.date) -> str | None:
    """The text with its parts replaced by tokens, or None where a part has no token."""
    offset = match.start()
    places: list[tuple[int, int, str]] = []

    def put(group: str, token: str, end: str | None = None) -> None:
        if group in match.groupdict() and match[group]:
            places.append((match.start(group) - offset, match.end(end or group) - offset, token))

    put("weekday", "{weekday}")
    put("number", "{mm}")
    put("year", "{yyyy}")
    day = match.groupdict().get("day")
    put("day", "{dd}" if day and (day[0] == "0" or "number" in match.groupdict()) else "{d}")
    if match.groupdict().get("month"):
        word = match["month"] + match["tail"]
        token = {
            MONTHS[exact.month - 1]: "{month}",
            MONTHS[exact.month - 1][:3]: "{mon}",
            MONTHS[exact.month - 1].upper(): "{MONTH}",
            MONTHS[exact.month - 1][:3].upper(): "{MON}",
        }.get(word)
        if token is None:
            return None
        # "May" is both: a padded day, or the house's own short form, decides for the short name.
        if word == "May":
            token = "{mon}" if day and day[0] == "0" else "{month}"
        if token == "{mon}" and day and len(day) == 2:
            places = [(a, b, "{dd}" if mark == "{d}" else mark) for a, b, mark in places]
        put("month", token, "tail")
    result, position = [], 0
    for start, end, token in sorted(places):
        result += [text[position:start], token]
        position = end
    return "".join(result) + text[position:]


def _half_token(half: str) -> str:
    return "{" + half[0].replace("p", "a").replace("P", "A") + half[1:] + "}"


def _tokens(date: PartialDate) -> dict[str, str]:
    day, _, clock = date.value.partition("T")
    pieces = day.split("-")
    parts = {"yyyy": pieces[0]}
    if len(pieces) > 1:
        name = MONTHS[int(pieces[1]) - 1]
        parts |= {"mm": pieces[1], "month": name, "mon": name[:3]}
        parts |= {"MONTH": name.upper(), "MON": name[:3].upper()}
    if len(pieces) > 2:
        exact = datetime.date(int(pieces[0]), int(pieces[1]), int(pieces[2]))
        parts |= {"dd": pieces[2], "d": str(int(pieces[2])), "weekday": _WEEKDAYS[exact.weekday()]}
    if clock:
        hour, minute = int(clock[:2]), clock[3:5]
        twelve = hour % 12 or 12
        parts |= {"hh": f"{hour:02}", "h": str(hour), "min": minute, "ss": clock[6:8] or "00"}
        parts |= {"h12": str(twelve), "hh12": f"{twelve:02}"}
        letter = "p" if hour >= 12 else "a"
        for big in (False, True):
            for shape in ("am", "a.m.", "a.m", "am."):
                half = letter + shape[1:]
                parts[shape.upper() if big else shape] = half.upper() if big else half
    return parts
