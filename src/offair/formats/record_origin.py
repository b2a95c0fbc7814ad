"""What a printed record's own words say about where its speech comes from.

Air date and channel named in the summary, the language of its words, and whether the words are
a translation of what the channel broadcast.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from offair.formats.record_dates import PrintedDate, find_dates
from offair.formats.record_roles import ENGLISH_COUNTRIES
from offair.model.time import DateKind, PartialDate

_AIRED = ("aired", "broadcast", "televised")
_ENGLISH = (
    "the of and to in a is that it was for on with he as you i his they be at have this are not "
    "we from by she or an my what me so will would there their your our has had do did"
)
_COMMON_ENGLISH = frozenset(_ENGLISH.split())
_ENGLISH_CHANNELS = ("english", "press tv", "cgtn", "i24news", "trt world", "bbc", "cnn", "rt ")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SCANNED = 20_000
_LONGEST_CHANNEL = 60


@dataclass(frozen=True, slots=True)
class Aired:
    """An air date named in a text, and the channel named with it, if one was."""

    date: PartialDate
    channel: str | None
    country: str | None


def aired_in(text: str, channel: str | None) -> Aired | None:
    """When and where a summary says it aired; None where it does not, or names several dates.

    A date counts in a sentence with a word for airing, or right behind the channel's name.
    """
    text = text[:_SCANNED]
    found: list[Aired] = []
    for date in find_dates(text):
        start = _sentence_start(text, date.start)
        before = text[start : date.start]
        verb = max(before.lower().rfind(word) for word in _AIRED)
        named = channel is not None and _names(before, channel)
        if verb < 0 and not named:
            continue
        place = _channel_between(before[verb:]) if verb >= 0 else (None, None)
        found.append(Aired(_date(date), *place))
    if not found or any(one.date.value != found[0].date.value for one in found):
        return None
    return next((one for one in found if one.channel), found[0])


def guess_language(texts: Sequence[str]) -> str:
    """`en` where English function words are common in the texts, else `und`."""
    words: list[str] = []
    room = _SCANNED
    for text in texts:
        words += [match.group().casefold() for match in _WORD.finditer(text[:room])]
        room -= len(text)
        if room <= 0:
            break
    common = sum(word in _COMMON_ENGLISH for word in words)
    return "en" if common >= 2 and common * 8 >= len(words) else "und"


def is_translation(
    *, language: str, channel: str | None, country: str | None, summary: str
) -> bool | None:
    """Whether the words are a translation of what was broadcast; None where nothing says so."""
    if "full translation" in summary[:_SCANNED] or "translated excerpts" in summary[:_SCANNED]:
        return True
    if language != "en" or country is None:
        return None
    if country.casefold() in ENGLISH_COUNTRIES:
        return False
    lowered = (channel or "").casefold() + " "
    return None if any(name in lowered for name in _ENGLISH_CHANNELS) else True


def _date(date: PrintedDate) -> PartialDate:
    return date.date(DateKind.AIRED)


def _sentence_start(text: str, place: int) -> int:
    start = text.rfind("\n", 0, place) + 1
    for end in (". ", "? ", "! "):
        start = max(start, text.rfind(end, start, place) + 1)
    return start


def _names(text: str, channel: str) -> bool:
    """Whether the text ends by naming the channel, perhaps without its last word (`TV`)."""
    core = channel.rsplit(" ", 1)[0] if channel.endswith((" TV", " Network")) else channel
    at = text.rfind(core)
    return at >= 0 and len(text) - at - len(core) <= _LONGEST_CHANNEL


def _channel_between(text: str) -> tuple[str | None, str | None]:
    """(channel, country) in `aired on <channel> (<country>) on `; None where it reads otherwise."""
    _, found, rest = text.partition(" on ")
    rest = rest.strip()
    if not found or not rest.endswith((" on", " in")):
        return None, None
    name = rest[:-3].strip(" ,")
    country = None
    if name.endswith(")") and "(" in name:
        name, _, inner = name[:-1].rpartition("(")
        name, country = name.strip(), inner.strip() or None
    if not name or len(name) > _LONGEST_CHANNEL or not name[0].isupper():
        return None, None
    return name, country
