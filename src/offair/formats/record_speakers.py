"""Who speaks in a record: printed labels joined into speakers, never further than a rule allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from offair.formats.record_names import (
    HeaderNames,
    NameParts,
    fold,
    header_tokens,
    is_variant,
    proper_case,
    take_apart,
)
from offair.formats.record_roles import NOT_PERSONS, TITLES
from offair.model.record import RecordSpeaker, Remark, Severity
from offair.model.transcript import SpeakerKind

_MOST_FOR_VARIANTS = 300

_Key = tuple[str, ...]


@dataclass(slots=True)
class _Person:
    order: int
    name: str
    key: _Key
    kind: SpeakerKind = SpeakerKind.PERSON
    forms: list[str] = field(default_factory=list)
    role: str | None = None
    title: str | None = None


@dataclass(slots=True)
class _Cast:
    """Speakers while they are joined, by folded name, printed label, ending of a name, role."""

    by_name: dict[_Key, _Person] = field(default_factory=dict)
    by_form: dict[str, _Person] = field(default_factory=dict)
    endings: dict[_Key, set[_Key]] = field(default_factory=dict)
    first_words: set[str] = field(default_factory=set)
    roles: dict[str, _Person] = field(default_factory=dict)
    printed_roles: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def doubt(self, message: str, label: str, line: int | None) -> None:
        self.remarks.append(Remark(Severity.DOUBT, message, line, label))

    def note(self, message: str, label: str, line: int | None) -> None:
        self.remarks.append(Remark(Severity.NOTE, message, line, label))

    def add(self, person: _Person) -> None:
        self.by_name[person.key] = person
        self.first_words.add(person.key[0])
        for cut in range(1, len(person.key)):
            self.endings.setdefault(person.key[cut:], set()).add(person.key)

    def join(self, label: str, person: _Person, parts: NameParts) -> None:
        self.by_form[label] = person
        person.forms.append(label)
        person.role = person.role or parts.role
        person.title = person.title or parts.title
        if parts.role is not None:
            self.printed_roles.setdefault(parts.role.casefold(), person.name)


@dataclass(frozen=True, slots=True)
class Speakers:
    """The speakers in order of appearance, the key of each printed label, and doubts."""

    speakers: tuple[RecordSpeaker, ...]
    keys: dict[str, str]
    remarks: tuple[Remark, ...]


def name_speakers(
    labels: Iterable[tuple[str, int | None]], headline: str | None, summary: Sequence[str]
) -> Speakers:
    """Join the printed labels of a record into speakers.

    labels: (label, line) of each turn in order. A short name joins the one full name that ends
    with it, in a label, the headline or the summary; else it stays a speaker of its own. A
    spelling that differs from the header's is proposed as a doubt, with both kept.
    """
    first_line: dict[str, int | None] = {}
    for label, line in labels:
        first_line.setdefault(label, line)
    cast = _Cast()
    headers = [HeaderNames(header_tokens(text)) for text in (headline or "", "\n".join(summary))]
    everything = HeaderNames(header_tokens("\n".join([headline or "", *summary])))
    alone = frozenset(
        tuple(fold(word) for word in label.split()) for label in first_line if " " in label
    )
    parts = {label: take_apart(label, alone) for label in first_line}
    order = {label: place for place, label in enumerate(first_line)}
    for label, one in parts.items():
        if one.doubt is not None:
            cast.doubt(one.doubt, label, first_line[label])
    by_length = sorted(parts, key=lambda label: (-len(parts[label].words), order[label]))
    for label in by_length:
        if not parts[label].is_short:
            _join_full(cast, label, parts[label], order[label], headers, first_line[label])
    for label in by_length:
        if parts[label].words and parts[label].is_short:
            _join_short(cast, label, parts[label], order[label], everything, first_line[label])
    for label in first_line:
        if not parts[label].words:
            _join_role(cast, label, order[label], everything, first_line[label])
    _doubt_variants(cast, first_line)
    return _finish(cast, headline, first_line)


def _join_full(
    cast: _Cast,
    label: str,
    parts: NameParts,
    order: int,
    headers: Sequence[HeaderNames],
    line: int | None,
) -> None:
    longer = cast.endings.get(parts.key, set())
    if parts.key not in cast.by_name and len(longer) == 1:
        cast.join(label, cast.by_name[next(iter(longer))], parts)
        return
    if len(longer) > 1:
        cast.doubt("several full names end with this one; kept apart", label, line)
    person = cast.by_name.get(parts.key)
    if person is None:
        person = _Person(order, parts.name, parts.key)
        _spell(cast, person, label, headers, line)
        cast.add(person)
    elif parts.name.casefold() != person.name.casefold():
        cast.note(f"also printed {parts.name!r} beside {person.name!r}", label, line)
    person.order = min(person.order, order)
    cast.join(label, person, parts)


def _spell(
    cast: _Cast, person: _Person, label: str, headers: Sequence[HeaderNames], line: int | None
) -> None:
    """Take the headline's or summary's spelling of a name."""
    for header in headers:
        spelled = header.spelling(person.key)
        if spelled is not None:
            if spelled.casefold() != person.name.casefold():
                cast.note(f"spelled {spelled!r} in the header; both kept", label, line)
            person.name = " ".join(proper_case(spelled.split()))
            return
    if len(cast.by_name) > _MOST_FOR_VARIANTS:
        return
    for header in headers:
        found = header.variants(person.key)
        if len(found) == 1:
            other = found.pop()
            key = tuple(fold(word) for word in other.split())
            if key in cast.by_name:
                return
            message = f"{person.name!r} here and {other!r} in the header are taken as one person"
            cast.doubt(f"{message}, shown as the header spells it; please confirm", label, line)
            # The label's key stays, so that short labels still find the person by it.
            person.name = other
            return
        if found:
            cast.doubt(f"several names in the header are spelled like {person.name!r}", label, line)
            return


def _join_short(
    cast: _Cast, label: str, parts: NameParts, order: int, header: HeaderNames, line: int | None
) -> None:
    longer = set(cast.endings.get(parts.key, set()))
    printed = header.ending_with(parts.key)
    names = longer | {key for key in printed if not _same_as(key, longer)}
    if len(names) == 1:
        key = names.pop()
        person = cast.by_name.get(key)
        if person is None:
            name, title = printed[key]
            person = _Person(order, name, key, title=title)
            cast.add(person)
            cast.note(f"the full name {name!r} is the header's", label, line)
        person.order = min(person.order, order)
        cast.join(label, person, parts)
        return
    if names:
        cast.doubt("several full names end with this label; kept apart", label, line)
    elif parts.key[0] in cast.first_words:
        cast.doubt("perhaps somebody named here in full; kept apart", label, line)
    person = cast.by_name.get(parts.key)
    if person is None:
        person = _Person(order, header.spelling(parts.key) or parts.name, parts.key)
        if person.name.casefold() != parts.name.casefold():
            person.name = parts.name
        cast.by_name[parts.key] = person
    cast.join(label, person, parts)


def _same_as(key: _Key, names: set[_Key]) -> bool:
    """Whether a name found in the header is one of the labels' names with a role before it."""
    return any(key[cut:] in names for cut in range(len(key)))


def _join_role(cast: _Cast, label: str, order: int, header: HeaderNames, line: int | None) -> None:
    lowered = label.casefold()
    office = lowered.removeprefix("the ")
    if office in TITLES and (lowered.startswith("the ") or label.isupper()):
        holders = header.holder(office)
        if len(holders) == 1:
            name = holders.pop()
            key = tuple(fold(word) for word in name.split())
            matches = cast.endings.get(key, set()) | ({key} & cast.by_name.keys())
            if len(matches) == 1:
                person = cast.by_name[next(iter(matches))]
            else:
                person = _Person(order, name, key)
                cast.add(person)
            title = " ".join(proper_case([office.upper()]))
            cast.note(f"read as {title} {name}, whom the header names so", label, line)
            person.order = min(person.order, order)
            cast.join(label, person, NameParts((), title=title))
            return
        if holders:
            cast.doubt("the header names several with this office; kept apart", label, line)
    kind = SpeakerKind.LABEL if lowered in NOT_PERSONS else SpeakerKind.ROLE
    if label == "Q":
        cast.note("questions may be different people's", label, line)
        cast.by_form[label] = _Person(order, "Reporter", ("reporter",), kind, [label])
        return
    name = " ".join(proper_case(label.split()))
    known = cast.roles.get(name.casefold())
    person = known or _Person(order, name, (lowered,), kind)
    if known is None:
        cast.roles[name.casefold()] = person
        named = cast.printed_roles.get(lowered)
        if named is not None:
            cast.doubt(f"perhaps {named!r}, who is printed with this role", label, line)
    cast.by_form[label] = person
    person.forms.append(label)


def _doubt_variants(cast: _Cast, lines: dict[str, int | None]) -> None:
    persons = list(cast.by_name.values())
    if len(persons) > _MOST_FOR_VARIANTS:
        cast.note("too many names to compare their spellings", "", None)
        return
    for place, one in enumerate(persons):
        for other in persons[place + 1 :]:
            if len(one.key) != len(other.key) or len(one.key) < 2 or one.key == other.key:
                continue
            if all(is_variant(*pair) for pair in zip(one.key, other.key, strict=True)):
                label = other.forms[0] if other.forms else other.name
                message = f"perhaps another spelling of {one.name!r}; kept apart"
                cast.doubt(message, label, lines.get(label))


def _finish(cast: _Cast, headline: str | None, lines: dict[str, int | None]) -> Speakers:
    unique = {id(person): person for person in cast.by_form.values()}
    persons = sorted(unique.values(), key=lambda person: person.order)
    roles = _headline_roles(headline)
    speakers = []
    keys: dict[str, str] = {}
    place = {label: number for number, label in enumerate(lines)}
    for number, person in enumerate(persons, 1):
        role = person.role
        if person.kind is SpeakerKind.PERSON and role is None:
            role = _role_in(roles, person.name)
        forms = tuple(sorted(person.forms, key=lambda form: place[form]))
        speakers.append(
            RecordSpeaker(f"s{number}", person.name, person.kind, forms, role, person.title)
        )
        keys |= dict.fromkeys(person.forms, f"s{number}")
    return Speakers(tuple(speakers), keys, tuple(cast.remarks))


def _headline_roles(headline: str | None) -> list[str]:
    """What stands before the colon of each statement of a headline."""
    if headline is None or len(headline) > 5000:
        return []
    statements = [statement.strip() for statement in headline.split(";")]
    return [head.strip() for one in statements for head, colon, _ in [one.partition(": ")] if colon]


def _role_in(heads: Sequence[str], name: str) -> str | None:
    for head in heads[:50]:
        before, found, after = head.partition(name)
        if not found:
            continue
        words = before.split()
        while words and words[-1].rstrip(".").casefold() in TITLES and words[-1].endswith("."):
            words.pop()
        if words and not after.strip():
            return " ".join(words)
        if not before and after.startswith(", "):
            return after[2:]
    return None
