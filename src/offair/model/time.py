"""Media time, wall-clock anchors and dates that keep the precision they came with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

Ms = int
"""Media time: integer milliseconds from the earliest presentation timestamp of the recording."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of media time, `[start, end)` in milliseconds, `0 <= start <= end`."""

    start: Ms
    end: Ms

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span must have 0 <= start <= end, not {self.start}..{self.end}")

    @property
    def length(self) -> Ms:
        """How long it is, in milliseconds."""
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share time: a millisecond, or a moment strictly inside the other."""
        return self.start < other.end and other.start < self.end


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""The months in English, January first."""


def clock(time_ms: Ms) -> str:
    """Media time as sentences print it and commands read it: `1:02:03.456`, `0:09.000`."""
    seconds, rest = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{head}:{seconds:02}.{rest:03}"


@dataclass(frozen=True, slots=True)
class ClockAnchor:
    """One point where media time is known in UTC; rate 1 until the next anchor.

    `utc` is ISO 8601 with `Z`; `source` says who knew it (`stream`, `file name`, `editor`).
    """

    media_ms: Ms
    utc: str
    source: str


class Precision(StrEnum):
    """How exactly a date is known. A day is never widened to an instant."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


class DateKind(StrEnum):
    """What happened on a date."""

    SPOKEN = "spoken"
    RECORDED = "recorded"
    FIRST_AIRED = "first aired"
    AIRED = "aired"
    POSTED = "posted"
    PUBLISHED = "published"


LOCAL_TO_CHANNEL = "local to channel"
"""The zone of a date whose clock is the channel's own and is not known more exactly."""

_DATE_RE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r" ?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_offset(zone: str) -> bool:
    """Offsets in use run from -12:00 to +14:00 (IANA time zone database)."""
    if zone == "Z":
        return True
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return int(zone[4:6]) < 60 and minutes <= (12 if zone[0] == "-" else 14) * 60


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date or an instant with the precision, zone and kind it was given with.

    `value` is ISO 8601 cut at `precision`: `2021`, `2021-06`, `2021-06-01`, `2021-06-01T19:30`,
    `2021-06-01T19:30:05`. `zone` is `Z`, an offset such as `+03:00`, an IANA name, or
    `local to channel`; a day keeps the zone it was named in and is never moved.
    """

    value: str
    precision: Precision
    kind: DateKind = DateKind.AIRED
    zone: str = LOCAL_TO_CHANNEL

    @classmethod
    def parse(cls, text: str, kind: DateKind = DateKind.AIRED) -> PartialDate:
        """Read `YYYY[-MM[-DD[THH:MM[:SS][Z|±HH:MM]]]]`. Raises `ValueError` with a reason."""
        match = _DATE_RE.fullmatch(text.strip())
        if match is None:
            raise ValueError(
                f"{text[:40]!r} is not a date; write 2021, 2021-06, 2021-06-01 or 2021-06-01T19:30"
            )
        parts = match.groupdict()
        year, month, day = int(parts["year"]), int(parts["month"] or 1), int(parts["day"] or 1)
        if year == 0 or not 1 <= month <= 12 or not 1 <= day <= _MONTH_DAYS[month - 1]:
            raise ValueError(f"{text!r} names a day that no calendar has")
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        if month == 2 and day == 29 and not leap:
            raise ValueError(f"{text!r} names a day that {year} does not have")
        if int(parts["hour"] or 0) > 23 or int(parts["minute"] or 0) > 59:
            raise ValueError(f"{text!r} names a time that no clock shows")
        if int(parts["second"] or 0) > 59:
            raise ValueError(f"{text!r} names a time that no clock shows")
        zone = parts["zone"] or LOCAL_TO_CHANNEL
        if parts["zone"] and not _is_offset(zone):
            raise ValueError(f"{text!r} names an offset that no zone has; write Z or +03:00")
        value = text.strip().removesuffix(parts["zone"] or "").rstrip().replace(" ", "T")
        for name in ("second", "minute", "day", "month"):
            if parts[name]:
                return cls(value, Precision(name), kind, zone)
        return cls(value, Precision.YEAR, kind, zone)

    @property
    def day(self) -> str | None:
        """`YYYY-MM-DD`, or None where the date is less exact than a day."""
        return self.value[:10] if len(self.value) >= 10 else None

    def __str__(self) -> str:
        zone = "" if self.zone == LOCAL_TO_CHANNEL else f" {self.zone}"
        return self.value.replace("T", " ") + zone
