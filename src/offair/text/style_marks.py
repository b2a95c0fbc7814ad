"""What of a text is off the house style sheet, and what would be on it: proposed, never changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from offair.model.desk_lists import DATE_FORMS, StyleKind, StyleRule
from offair.text.tokenise import base_language, tokens

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_NAMES = {name[:length].lower(): at for at, name in enumerate(_MONTHS, 1) for length in (3, 99)}
_NAMES["sept"] = 9
_MONTH = r"(?:{})\.?".format("|".join(sorted(_NAMES, key=len, reverse=True)))
_DATE_RE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTH}),?\s+(?P<year>\d{{4}})"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{{4}})"
    r"|(?P<year3>\d{4})-(?P<month3>\d\d)-(?P<day3>\d\d))\b",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class StyleMark:
    """A stretch of a text that is off the sheet: characters, half-open; what would be on it, None
    where a person has to decide; and why, as a sentence. rule: its id, None for the names list."""

    start: int
    end: int
    found: str
    proposal: str | None
    reason: str
    rule: int | None = None


def style_marks(
    text: str,
    rules: Sequence[StyleRule],
    language: str | None,
    names: Mapping[tuple[str, ...], str] | None = None,
) -> tuple[StyleMark, ...]:
    """What of a text is off, in its order; where two overlap, the longer.

    language: of the text, BCP 47: rules for another are left out. names: rows of normal forms that
    are not the house's spelling of a name, and that spelling.
    """
    found: list[StyleMark] = []
    words = tokens(text, language)
    forms = [one.form for one in words]
    wanted: dict[tuple[str, ...], tuple[str | None, str, int | None]] = {
        row: (house, f"the names list has it as {house}", None)
        for row, house in (names or {}).items()
    }
    for rule in rules:
        if rule.language and base_language(rule.language) != base_language(language):
            continue
        if rule.kind is StyleKind.DATE:
            found += _dates(text, rule)
            continue
        row = tuple(one.form for one in tokens(rule.off, language))
        if row:
            told = rule.note or (
                f"the house writes {rule.house}" if rule.house else "a person says"
            )
            wanted[row] = (rule.house, told, rule.id or None)
    longest = max(map(len, wanted), default=0)
    for first in range(len(words)):
        for length in range(min(longest, len(words) - first), 0, -1):
            entry = wanted.get(tuple(forms[first : first + length]))
            if entry is None:
                continue
            start, end = words[first].char_start, words[first + length - 1].char_end
            house, reason, rule_id = entry
            stands = text[start:end]
            proposal = None if house is None else _cased(house, stands, text[:start])
            if proposal != stands:
                found.append(StyleMark(start, end, stands, proposal, reason, rule_id))
            break
    return _apart(found)


def _cased(house: str, stands: str, before: str) -> str:
    """The house's form, with a capital where it begins a sentence as what stands there does."""
    begins = before.rstrip()[-1:] in {"", ".", "!", "?", "…", ":", ";", "“", '"'}
    if begins and stands[:1].isupper() and house[:1].islower():
        return house[:1].upper() + house[1:]
    return house


def _dates(text: str, rule: StyleRule) -> list[StyleMark]:
    if rule.house not in DATE_FORMS:
        return []
    found = []
    for match in _DATE_RE.finditer(text):
        parts = match.groupdict()
        year = parts["year"] or parts["year2"] or parts["year3"]
        month = parts["month"] or parts["month2"]
        number = int(parts["month3"]) if month is None else _NAMES[month.rstrip(".").lower()]
        try:
            day = date(int(year), number, int(parts["day"] or parts["day2"] or parts["day3"]))
        except ValueError:
            continue
        proposal = _written(day, rule.house)
        if proposal != match.group():
            told = rule.note or f"the house writes dates as {rule.house}"
            found.append(
                StyleMark(
                    match.start(), match.end(), match.group(), proposal, told, rule.id or None
                )
            )
    return found


def _written(day: date, form: str) -> str:
    if form == DATE_FORMS[0]:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year:04}"
    if form == DATE_FORMS[1]:
        return f"{_MONTHS[day.month - 1]} {day.day}, {day.year:04}"
    return day.isoformat()


def _apart(found: Sequence[StyleMark]) -> tuple[StyleMark, ...]:
    kept: list[StyleMark] = []
    for one in sorted(found, key=lambda mark: (mark.start - mark.end, mark.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda mark: mark.start))
