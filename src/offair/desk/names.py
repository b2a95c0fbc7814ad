"""Keep the names list: how persons, bodies and places are spelt, and what they were when."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from offair.desk import Desk
from offair.formats import names_csv
from offair.model.errors import BadInput, NotFound
from offair.model.names import Name, NameKind, Office, Spelling
from offair.store import Transaction
from offair.text.tokenise import tokens

LONGEST = 200
"""Characters of a spelling, of whose it is, of an office."""
MOST_SPELLINGS = 200
MOST_OFFICES = 100
_AUTHORITIES = {
    "wikidata": (r"Q[1-9]\d{0,11}", "wikidata:Q42"),
    "viaf": (r"[1-9]\d{0,21}", "viaf:113230702"),
    "isni": (r"\d{15}[\dX]", "isni:0000000121032683"),
    "gnd": (r"[\dX-]{2,12}", "gnd:118540238"),
    "geonames": (r"[1-9]\d{0,9}", "geonames:2964574"),
    "orcid": (r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", "orcid:0000-0002-1825-0097"),
    "ror": (r"0[0-9a-z]{8}", "ror:02mhbdp94"),
}
"""Registers whose ids have a known shape, with an example. Others are taken as they are."""
_REGISTER_RE = re.compile(r"([a-z][a-z0-9-]{1,30}):([^\s|\[\]\x00-\x1f]{1,100})", re.ASCII)
_DIRECTIONS = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_FORMULA = "=+-@"
"""What a spreadsheet takes for the beginning of a formula; no name begins so."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A spelling that two names of the list have in common, as the first of them writes it."""

    spelling: str
    name: Name
    other: Name


@dataclass(frozen=True, slots=True)
class SavedName:
    """A name as it stands now. shared: spellings that other names have too; allowed, but said."""

    name: Name
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class TakenNames:
    """What a table made of the list: how many names are new, changed, and as they were."""

    made: int
    changed: int
    same: int
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class NameChange:
    """What to change of a name; None leaves it, an empty text or row clears it."""

    kind: NameKind | None = None
    house: str | None = None
    native: str | None = None
    spellings: Sequence[Spelling] | None = None
    authority: str | None = None
    offices: Sequence[Office] | None = None


def list_names(
    desk: Desk, *, kind: NameKind | None = None, containing: str | None = None
) -> tuple[Name, ...]:
    """The names list by house spelling; of one kind, or with a spelling that has these words, in
    whatever script and case they are written."""
    with desk.catalogue.snapshot() as tx:
        found = tx.names(kind=kind)
    if containing is None:
        return tuple(found)
    wanted = _forms(containing)
    if not wanted:
        raise BadInput("there is no word to look for; give a part of a name")
    return tuple(
        one
        for one in found
        if any(_stands_in(wanted, _forms(spelling)) for spelling in one.all_spellings)
    )


def show_name(desk: Desk, which: str) -> SavedName:
    """The name with this number, or with this spelling, and what it shares with others.

    Raises `NotFound`; `BadInput` where several names are spelt so: the message lists them.
    """
    with desk.catalogue.snapshot() as tx:
        name = _found(tx, which)
        return SavedName(name, _shared_with(tx.names(), {name.id}))


def add_name(desk: Desk, name: Name, *, actor: str) -> SavedName:
    """Put a name on the list. Raises `BadInput` (what is wrong with it), `Conflict` where one of
    its kind has that house spelling."""
    checked = checked_name(replace(name, id=0))
    with desk.catalogue.transaction() as tx:
        saved = tx.save_name(checked, actor=actor)
        tx.note_act(actor, "add_name", "name", saved.id, house=saved.house)
        return SavedName(saved, _shared_with(tx.names(), {saved.id}))


def change_name(desk: Desk, which: str, change: NameChange, *, actor: str) -> SavedName:
    """Change what is given of a name. Raises as `show_name` and `add_name`."""
    with desk.catalogue.transaction() as tx:
        name = _found(tx, which)
        if change.kind is not None:
            name = replace(name, kind=change.kind)
        if change.house is not None:
            name = replace(name, house=change.house)
        if change.native is not None:
            name = replace(name, native=change.native or None)
        if change.authority is not None:
            name = replace(name, authority=change.authority or None)
        if change.spellings is not None:
            name = replace(name, spellings=tuple(change.spellings))
        if change.offices is not None:
            name = replace(name, offices=tuple(change.offices))
        saved = tx.save_name(checked_name(name), actor=actor)
        tx.note_act(actor, "change_name", "name", saved.id, house=saved.house)
        return SavedName(saved, _shared_with(tx.names(), {saved.id}))


def remove_name(desk: Desk, which: str, *, actor: str) -> Name:
    """Take a name off the list; it is returned as it was. Raises as `show_name`."""
    with desk.catalogue.transaction() as tx:
        name = _found(tx, which)
        tx.remove_name(name.id)
        tx.note_act(actor, "remove_name", "name", name.id, house=name.house)
    return name


def import_names(desk: Desk, data: bytes, source: str, *, actor: str) -> TakenNames:
    """Take in a table of names (`formats.names_csv`): all of it or, where a row is wrong, nothing.

    A name of the list with the same kind and house spelling is written anew, as the table has it.
    Raises `BadInput`, naming lines.
    """
    given, wrong = [], []
    lines: dict[tuple[NameKind, str], int] = {}
    for line, name in names_csv.read(data, source):
        try:
            checked = checked_name(name)
        except BadInput as error:
            wrong.append(f"line {line}: {error}")
            continue
        key = (checked.kind, checked.house)
        if key in lines:
            wrong.append(f"line {line}: {checked.house!r} stands on line {lines[key]} already")
        lines.setdefault(key, line)
        given.append(checked)
    names_csv.refuse(wrong, source)
    made, same, saved = 0, 0, set()
    with desk.catalogue.transaction() as tx:
        known = {(one.kind, one.house): one for one in tx.names()}
        for name in given:
            standing = known.get((name.kind, name.house))
            made += standing is None
            if standing is not None:
                name = replace(name, id=standing.id)
            if name == standing:
                same += 1
            else:
                saved.add(tx.save_name(name, actor=actor).id)
        tx.note_act(actor, "import_names", "name", made=made, changed=len(saved) - made)
        shared = _shared_with(tx.names(), saved)
    return TakenNames(made, len(saved) - made, same, shared)


def export_names(desk: Desk) -> str:
    """The whole list as a table that `import_names` takes in."""
    return names_csv.write(list_names(desk))


def checked_name(name: Name) -> Name:
    """The name with its spaces put right, spellings and offices each once.

    Raises `BadInput` with what is wrong: an empty or too long text, one that holds no letter or
    control characters, an authority without the shape of its register, an office that ends before
    it begins.
    """
    house = _line(name.house, "the house spelling")
    native = None if name.native is None else _line(name.native, "the name in its own script")
    if len(name.spellings) > MOST_SPELLINGS or len(name.offices) > MOST_OFFICES:
        raise BadInput(
            f"{house!r} has more than {MOST_SPELLINGS} spellings or {MOST_OFFICES} offices"
        )
    spellings = tuple(
        Spelling(
            _line(one.text, "a spelling"), None if one.whose is None else _line(one.whose, "whose")
        )
        for one in name.spellings
    )
    offices = tuple(_office(one) for one in name.offices)
    return replace(
        name,
        house=house,
        native=native,
        spellings=tuple(dict.fromkeys(spellings)),
        authority=None if name.authority is None else _authority(name.authority),
        offices=tuple(dict.fromkeys(offices)),
    )


def _line(text: str, what: str) -> str:
    """A text in one line, as it may stand on the list."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    shown = ascii(line[:60])
    if not line:
        raise BadInput(f"{what} is empty")
    if len(line) > LONGEST:
        raise BadInput(f"{what} has {len(line)} characters; at most {LONGEST} are taken")
    if any(unicodedata.category(one) in ("Cc", "Cs", "Co", "Cn") for one in line):
        raise BadInput(f"{what} {shown} holds control or unknown characters")
    if any(one in _DIRECTIONS for one in line):
        raise BadInput(f"{what} {shown} holds marks that turn the direction of a text")
    if any(one in "[]|" for one in line):
        raise BadInput(f"{what} {shown} holds one of [ ] |, which separate names in a table")
    if line[0] in _FORMULA:
        raise BadInput(f"{what} {shown} begins like a formula of a spreadsheet")
    if not any(unicodedata.category(one)[0] in "LN" for one in line):
        raise BadInput(f"{what} {shown} holds no letter")
    return line


def _office(office: Office) -> Office:
    title = _line(office.title, "an office")
    if office.since is not None and office.until is not None:
        known = min(len(office.since.value), len(office.until.value))
        if office.until.value[:known] < office.since.value[:known]:
            raise BadInput(
                f"the office {title!r} ends ({office.until}) before it begins ({office.since})"
            )
    return replace(office, title=title)


def _authority(text: str) -> str:
    register, _, identity = text.strip().partition(":")
    given = f"{register.casefold()}:{identity.strip()}"
    match = _REGISTER_RE.fullmatch(given)
    if match is None:
        raise BadInput(
            f"{text[:60]!a} is no authority id; write its register and the id, as "
            "wikidata:Q42 or viaf:113230702"
        )
    shape, example = _AUTHORITIES.get(match[1], (".+", ""))
    if re.fullmatch(shape, match[2], re.ASCII) is None:
        raise BadInput(f"{given[:60]!a} has not the shape of such an id; write {example}")
    return given


def _forms(text: str) -> tuple[str, ...]:
    return tuple(token.form for token in tokens(text))


def _stands_in(row: Sequence[str], inside: Sequence[str]) -> bool:
    return any(
        tuple(inside[at : at + len(row)]) == tuple(row) for at in range(len(inside) - len(row) + 1)
    )


def _found(tx: Transaction, which: str) -> Name:
    names = tx.names()
    if which.isascii() and which.isdigit():
        for one in names:
            if one.id == int(which):
                return one
        raise NotFound(f"the names list has no name {which}; `offair names` lists them")
    exact = [one for one in names if one.house == which]
    if len(exact) == 1:
        return exact[0]
    forms = _forms(which)
    alike = [one for one in names if forms and forms in map(_forms, one.all_spellings)]
    if len(alike) == 1:
        return alike[0]
    if not alike:
        raise NotFound(f"no name of the list is spelt {which[:60]!a}; `offair names` lists them")
    listed = ", ".join(f"{one.id} ({one.kind.value}, {one.house})" for one in alike[:10])
    raise BadInput(f"several names are spelt {which[:60]!r}: {listed}; say which by its number")


def _shared_with(names: Iterable[Name], ids: set[int]) -> tuple[Shared, ...]:
    """The spellings that names with these ids have in common with other names of the list."""
    by_forms: dict[tuple[str, ...], dict[int, tuple[Name, str]]] = defaultdict(dict)
    for one in names:
        for spelling in one.all_spellings:
            by_forms[_forms(spelling)].setdefault(one.id, (one, spelling))
    return tuple(_pairs(by_forms, ids))


def _pairs(
    by_forms: Mapping[tuple[str, ...], Mapping[int, tuple[Name, str]]], ids: set[int]
) -> Iterable[Shared]:
    told: set[tuple[int, int]] = set()
    for holders in by_forms.values():
        if len(holders) < 2:
            continue
        for name_id in ids & holders.keys():
            name, spelling = holders[name_id]
            for other_id, (other, _) in holders.items():
                pair = (min(name_id, other_id), max(name_id, other_id))
                if other_id != name_id and pair not in told:
                    told.add(pair)
                    yield Shared(spelling, name, other)
