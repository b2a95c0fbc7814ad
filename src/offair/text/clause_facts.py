"""What of a clause the record's own fields or the names list can prove: channel, country, date,
programme, number, run time, speaker; a person's name with the office held on that date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import regex

from offair.model.names import Name, NameKind, Office
from offair.model.time import MONTHS, Ms, PartialDate
from offair.text.lexicon import is_function_word
from offair.text.normalise import word_set
from offair.text.tokenise import Token, TokenKind, tokens
from offair.text.word_variants import stem

_Row = tuple[str, ...]

BROADCAST = word_set(
    "aired airs air broadcast broadcasts televised interview interviews interviewed remarks remark "
    "made comments statement statements speech address press conference programme program show "
    "episode channel station tv television radio network uploaded posted published internet "
    "online website appeared appearance spoke speaking spoken live recently following excerpts "
    "excerpt clip "
    "video transcript report news bulletin edition told said "
    "diffusee diffuse entretien emission chaine discours declaration "
    "emitida emitido entrevista programa canal discurso declaraciones transmitida "
    "ausgestrahlt gesendet sendung interview sender rede ausserungen "
    "بثتها بثته بثت مقابله تصريحات تصريح خطاب برنامج قناه حوار لقاء"
)
"""Words about a broadcast that no field of a record holds or contradicts, as token forms."""
_AIRING = word_set("aired airs air broadcast broadcasts televised uploaded posted published")
_MONTH_NAMES = "|".join(f"{one}|{one[:3]}\\.?" for one in MONTHS)
_DATES = (
    regex.compile(
        rf"(?i)\b(?P<month>{_MONTH_NAMES})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<year>\d{{4}}))?"
    ),
    regex.compile(
        rf"(?i)\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month>{_MONTH_NAMES})\b(?:,?\s(?P<year>\d{{4}}))?"
    ),
    regex.compile(r"\b(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)\b"),
)
_MONTH_ONLY_RE = regex.compile(rf"(?i)\b(?P<month>{'|'.join(MONTHS)}),?\s(?P<year>\d{{4}})\b")
_NUMBER_RE = regex.compile(r"(?:#|\b[Nn]o\.?\s?)(?P<number>\d{1,9})\b")
_LENGTH_RE = regex.compile(r"(?i)\b(?P<many>\d{1,3})[-\s](?P<unit>second|minute|hour)s?\b")
_UNIT_MS = {"second": 1_000, "minute": 60_000, "hour": 3_600_000}


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """The fields of a record that a clause may repeat."""

    channel: str | None = None
    country: str | None = None
    aired: PartialDate | None = None
    title: str | None = None
    number: str | None = None
    run_time_ms: Ms | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """What the fields explain of a clause. places: of its tokens; fields: which, in order.
    against: why the clause says something else than a field does, as sentences. broadcast: places
    of words about the broadcast."""

    places: frozenset[int]
    fields: tuple[str, ...]
    against: tuple[str, ...]
    broadcast: frozenset[int]


def explained(text: str, found: Sequence[Token], facts: RecordFacts) -> Explained:
    """What the fields explain of a clause. found: its tokens; their ranges are in `text`."""
    fields: dict[str, str] = {}
    places: set[int] = set()
    against: list[str] = []
    forms = [one.form for one in found]
    channel = _at(forms, facts.channel)
    if channel:
        fields["channel"] = f"channel: {facts.channel}"
        places.update(channel)
        country = [
            one for one in _at(forms, facts.country) if min(channel) - 4 <= one <= max(channel) + 4
        ]
        if country:
            fields["country"] = f"country: {facts.country}"
            places.update(country)
    title = _at(forms, facts.title)
    if len(title) > 1:
        fields["programme"] = f"programme: {facts.title}"
        places.update(title)
    low, high = (found[0].char_start, found[-1].char_end) if found else (0, 0)
    aired = {at for at, one in enumerate(forms) if one in _AIRING}
    for start, end, said in _dates(text, low, high):
        inside = {at for at, one in enumerate(found) if start <= one.char_start < end}
        same = _same_day(said, facts.aired)
        if same:
            fields["date"] = f"air date: {facts.aired}"
            places |= inside
        elif aired or channel:
            places |= inside
            against.append(
                f"the clause says {text[start:end]}, and the record's air date is {facts.aired}"
                if facts.aired is not None and same is False
                else f"the record's air date does not tell whether {text[start:end]} is right"
            )
    for match in _NUMBER_RE.finditer(text, low, high):
        inside = {
            at for at, one in enumerate(found) if match.start() <= one.char_start < match.end()
        }
        if facts.number is not None and match["number"] == facts.number:
            fields["number"] = f"number: {facts.number}"
            places |= inside
    for match in _LENGTH_RE.finditer(text, low, high):
        inside = {
            at for at, one in enumerate(found) if match.start() <= one.char_start < match.end()
        }
        unit = _UNIT_MS[match["unit"].lower()]
        if facts.run_time_ms is not None and round(facts.run_time_ms / unit) == int(match["many"]):
            fields["run time"] = f"run time: {facts.run_time_ms // 1000} s"
            places |= inside
    words = frozenset(at for at, one in enumerate(forms) if one in BROADCAST)
    return Explained(frozenset(places), tuple(fields.values()), tuple(against), words)


def _dates(
    text: str, low: int, high: int
) -> list[tuple[int, int, tuple[int | None, int, int | None]]]:
    """Dates that are written out: their ranges, and (year, month, day), None where not said."""
    found: list[tuple[int, int, tuple[int | None, int, int | None]]] = []
    for pattern in (*_DATES, _MONTH_ONLY_RE):
        for match in pattern.finditer(text, low, high):
            if any(match.start() < end and start < match.end() for start, end, _ in found):
                continue
            groups = match.groupdict()
            number = groups.get("number")
            month = int(number) if number else _month(groups["month"])
            year, day = groups.get("year"), groups.get("day")
            said = (int(year) if year else None, month, int(day) if day else None)
            found.append((match.start(), match.end(), said))
    return sorted(found)


def _month(name: str) -> int:
    short = name[:3].lower()
    return next(number for number, one in enumerate(MONTHS, 1) if one[:3].lower() == short)


def _same_day(said: tuple[int | None, int, int | None], aired: PartialDate | None) -> bool | None:
    """Whether a written date is that of the airing; None where the airing is less exact."""
    if aired is None:
        return None
    known = [int(one) for one in aired.value[:10].split("-")]
    for one, other in zip(said, [*known, None, None], strict=False):
        if one is None:
            continue
        if other is None:
            return None
        if one != other:
            return False
    return True


def _at(forms: Sequence[str], name: str | None) -> list[int]:
    """The places where all words of a name stand in a row, else without words such as TV."""
    row = _row(name or "")
    plain = tuple(one for one in row if one not in {"tv", "television", "channel", "radio", "the"})
    for wanted in (row, plain):
        if wanted:
            for at in range(len(forms) - len(wanted) + 1):
                if tuple(forms[at : at + len(wanted)]) == wanted:
                    return list(range(at, at + len(wanted)))
    return []


@lru_cache(maxsize=1 << 15)
def _row(text: str) -> _Row:
    return tuple(one.form for one in tokens(text) if one.kind is not TokenKind.FILLER)


@dataclass(frozen=True, slots=True)
class Background:
    """Whether a name and what stands beside it are on record. field: the entry that proves them;
    None where nothing does. reasons: why, or why not. speaks: the name is a speaker's of the clip,
    and nothing else is said of him or her."""

    field: str | None
    reasons: tuple[str, ...]
    speaks: bool = False


class Persons:
    """Who can be named in a clause: the speakers of the clip, and persons of the names list."""

    def __init__(self, names: Sequence[Name], speakers: Sequence[str]) -> None:
        """speakers: as they may be shown."""
        self.speakers = tuple(dict.fromkeys(speakers))
        self._names = [one for one in names if one.kind is not NameKind.PLACE]
        self._rows: dict[_Row, list[Name]] = {}
        for name in self._names:
            for spelling in name.all_spellings:
                row = _row(spelling)
                if row:
                    self._rows.setdefault(row, []).append(name)

    @cached_property
    def _known(self) -> dict[str, list[tuple[_Row, str, Name | None]]]:
        """Every name by its first word, the longest first."""
        rows: dict[_Row, tuple[str, Name | None]] = {
            row: (one, None) for one in self.speakers if (row := _row(one))
        }
        rows |= {row: (of[0].house, of[0]) for row, of in self._rows.items() if len(of) == 1}
        found: dict[str, list[tuple[_Row, str, Name | None]]] = {}
        for row, (shown, name) in sorted(rows.items(), key=lambda one: -len(one[0])):
            found.setdefault(row[0], []).append((row, shown, name))
        return found

    def spelt(self, forms: Sequence[str]) -> tuple[int, int, str, Name | None] | None:
        """The longest name in a row of words: its range, as it is known, and its entry; None where
        none stands there."""
        found: tuple[int, int, str, Name | None] | None = None
        for at, form in enumerate(forms):
            for row, shown, name in self._known.get(form, ()):
                longer = found is None or len(row) > found[1] - found[0]
                if longer and tuple(forms[at : at + len(row)]) == row:
                    found = at, at + len(row), shown, name
        return found or self._surname(forms)

    def _surname(self, forms: Sequence[str]) -> tuple[int, int, str, Name | None] | None:
        """A speaker's last word alone."""
        for at, form in enumerate(forms):
            of = [one for one in self.speakers if len(_row(one)) > 1 and _row(one)[-1] == form]
            if len(of) == 1:
                entry = self._rows.get(_row(of[0]), [])
                return at, at + 1, of[0], entry[0] if len(entry) == 1 else None
        return None

    def background(
        self, text: str, found: Sequence[Token], language: str | None, on: PartialDate | None
    ) -> Background | None:
        """What is known of a clause that names somebody; None where it names nobody."""
        forms = [one.form for one in found]
        spelt = self.spelt(forms)
        if spelt is None:
            return None
        first, last, shown, name = spelt
        rest = [
            one
            for at, one in enumerate(found)
            if not first <= at < last
            and one.kind is not TokenKind.FILLER
            and not is_function_word(one.form, language)
        ]
        if not rest:
            if shown in self.speakers:
                return Background(f"speaker: {shown}", (f"{shown} speaks in the clip",), True)
            return Background(f"names list: {shown}", (f"{shown} is on the names list",))
        sides = (
            text[found[0].char_start : found[first].char_start],
            text[found[last - 1].char_end : found[-1].char_end],
        )
        said = ", ".join(one for one in (side.strip(" ,،;") for side in sides) if one)
        if name is None:
            return Background(
                None,
                (
                    f"{shown} speaks in the clip, and the names list does not say what he or she is"
                    f" (“{said}”); give a source note, or the list an office",
                ),
            )
        return self._office(name, rest, said, on)

    def _office(
        self, name: Name, rest: Sequence[Token], said: str, on: PartialDate | None
    ) -> Background:
        wanted = {stem(one.form) for one in rest}
        fitting = [
            one for one in name.offices if wanted <= {stem(form) for form in _row(one.title)}
        ]
        standing = [one for one in fitting if held(one, on) is not False]
        if standing:
            office = standing[0]
            sure = held(office, on)
            told = (
                f"the names list has {name.house} as {office.title}"
                f"{f' on {on}' if sure and on is not None else ''}"
            )
            return Background(f"names list: {name.house}, {office.title}", (told,))
        if fitting:
            times = f"{fitting[0].since or '…'} to {fitting[0].until or '…'}"
            return Background(
                None, (f"{name.house} was {fitting[0].title} from {times}, not on {on}",)
            )
        known = "; ".join(one.title for one in name.offices)
        listed = f"; it has: {known}" if known else ""
        return Background(
            None,
            (f"the names list does not have {name.house} as “{said}”{listed}; give a source note",),
        )


def held(office: Office, on: PartialDate | None) -> bool | None:
    """Whether an office was held on a date; None where the dates do not tell."""
    if on is None:
        return None
    day = on.value[:10]
    for bound, early in ((office.since, True), (office.until, False)):
        if bound is None:
            continue
        length = min(len(day), len(bound.value[:10]))
        here, there = day[:length], bound.value[:length]
        if (here < there) if early else (here > there):
            return False
    return True if office.since is not None or office.until is not None else None
