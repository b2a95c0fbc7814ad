"""The dateline of an article (`GENEVA, March 3, 2024 (Reuters) —`): the day it was written.

Month names of English, French, German, Spanish, Portuguese, Italian, Russian and Ukrainian. A
dateline without a year gives no day: nobody can know the year from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regex

from offair.model.article import Article, BlockKind
from offair.model.time import MONTHS, DateKind, PartialDate
from offair.text.normalise import fold, word_set
from offair.text.speech_verbs import ROLES

_LOOKED_AT = 6
"""Paragraphs at the beginning: headline, byline and summary may stand before it."""
_LONGEST = 120
_OTHER_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "jan feb mar apr may jun jul aug sep oct nov dec",
)
_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | {"sept": 9}
for _row in _OTHER_MONTHS:
    _NUMBERS |= {fold(name): number for number, name in enumerate(_row.split(), 1)}

_END_RE = regex.compile(r"[—–―]|--|(?<=\s)-(?=\s)")
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|º|er|\.)?"
_NAME = r"(?P<month>\p{L}[\p{L}\p{M}]{2,11})\.?"
_DATE_RE = regex.compile(
    rf"(?<![\p{{L}}\d])(?:{_NAME}\s{_DAY}(?!\d)(?:,?\s(?P<year>\d{{4}})(?!\d))?"
    rf"|{_DAY}\s(?:de\s)?{_NAME}(?:,?\s(?:de\s)?(?P<year>\d{{4}})(?!\d))?"
    r"|(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)(?!\d))"
)
_AFTER_RE = regex.compile(r"[\s,.]*+(?:\([^()]{1,40}\)|/[^/]{1,40}/)?[\s,.]*+")
_PLACE_RE = regex.compile(
    r"\p{Lu}[\p{L}\p{M}’'.-]*+(?:[ ,/]{1,2}(?:\p{Lu}[\p{L}\p{M}’'.-]*+"
    r"|(?:de|del|da|do|la|le|les|of|the|am|an|der|sur|und|and|на)(?=[ /]))){0,6}+(?:,\s?|\s)"
)
_NO_PLACES = word_set("by updated published posted last on from the q a note editor statement date")


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline as it is printed, up to its dash, and its day; None where it names no year."""

    text: str
    day: PartialDate | None


def dateline_of(article: Article) -> Dateline | None:
    """The one dateline at the beginning of an article; None where there is none, or where two name
    different days, as in a digest of several articles."""
    found: dict[str, Dateline] = {}
    running = [one for one in article.paragraphs if one.kind is BlockKind.PARAGRAPH]
    for one in running[:_LOOKED_AT]:
        head = article.text[one.char_start : min(one.char_end, one.char_start + _LONGEST)]
        line = _read(head)
        if line is not None:
            found.setdefault(line.day.value if line.day is not None else line.text, line)
    return next(iter(found.values())) if len(found) == 1 else None


def _read(head: str) -> Dateline | None:
    """The dateline that a paragraph begins with."""
    end = _END_RE.search(head)
    if end is None:
        return None
    line = head[: end.start()].rstrip()
    dated = [one for one in _DATE_RE.finditer(line) if _month(one) is not None]
    if len(dated) != 1:
        return None
    place = line[: dated[0].start()]
    words = [fold(one).strip(".,") for one in place.split()]
    if (
        _PLACE_RE.fullmatch(place) is None
        or _AFTER_RE.fullmatch(line, dated[0].end()) is None
        or words[0] in _NO_PLACES
        or any(word in ROLES for word in words)
    ):
        return None
    groups = dated[0].groupdict()
    month, year = _month(dated[0]) or 0, groups["year"]
    if year is None:
        return Dateline(line.strip(), None)
    try:
        day = date(int(year), month, int(groups["day"]))
    except ValueError:
        return None
    return Dateline(line.strip(), PartialDate.parse(day.isoformat(), DateKind.PUBLISHED))


def _month(match: regex.Match[str]) -> int | None:
    name = match["month"]
    return int(match["number"]) if name is None else _NUMBERS.get(fold(name))
