"""The names list as rows of normal forms: its spellings find each other, and cost nothing.

Two spellings of a person with as many words (`Volodymyr Zelenskyy`, `Volodimir Zelenskij`) also
make their words spellings of one another where these are of one script and near enough
(Ratcliff and Obershelp's ratio, `difflib`), since a surname mostly stands alone: `Zelenskyy` is
`Zelenskij`, and `Abu Mazen` beside `Mahmoud Abbas` makes no such pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import regex

from offair.model.names import Name, NameKind
from offair.text.lexicon import is_function_word
from offair.text.tokenise import Token, TokenKind, tokens

Row = tuple[str, ...]
"""Normal forms that stand one after the other, fillers left out."""

PART_LETTERS_MIN = 4
"""A word of a name shorter than this is no spelling of another by likeness."""
PART_RATIO_MIN = 0.6
"""How alike two words of a name are at least; Zelenskyy and Zelenskij have 0.89."""
_WORD_RE = regex.compile(r"\p{Latin}+|\p{Greek}+|\p{Cyrillic}+|\p{Arabic}+|\p{Hebrew}+")


@dataclass(frozen=True, slots=True)
class NameSpan:
    """Tokens `first` to `last` (not included) that spell a name.

    name_id: the same for every spelling of the same name, and of the same word of a name
    (negative: a word of a name, told by its likeness). Ask `Spellings.house` for its spelling.
    """

    first: int
    last: int
    name_id: int


@dataclass(frozen=True, slots=True)
class Spellings:
    """What `of` makes of a names list.

    rows: of each row the ids of the names that it spells. groups: of each id its rows. houses: of
    each id the house spelling. left_out: spellings that are ordinary words (`US`): a search for the
    name does not ask for them, and they are found only where they are written with a capital.
    """

    rows: Mapping[Row, tuple[int, ...]]
    groups: Mapping[int, frozenset[Row]]
    houses: Mapping[int, str]
    left_out: tuple[str, ...]
    _ordinary: frozenset[Row]
    _lengths: Mapping[str, tuple[int, ...]]

    @staticmethod
    def of(names: Sequence[Name]) -> Spellings:
        """The spellings of these names; one without a word in it is passed over."""
        groups: dict[int, dict[Row, None]] = {}
        houses: dict[int, str] = {}
        left_out: dict[str, None] = {}
        ordinary: set[Row] = set()
        for place, name in enumerate(names, 1):
            own = name.id or place
            spelt = {one: _row(one) for one in name.all_spellings}
            spelt = {one: row for one, row in spelt.items() if row}
            groups.setdefault(own, {}).update(dict.fromkeys(spelt.values()))
            houses[own] = name.house
            for one, row in spelt.items():
                if all(is_function_word(form, None) for form in row):
                    left_out[one] = None
                    ordinary.add(row)
            if name.kind is NameKind.PERSON:
                for house, words in _parts(_row(name.house), list(dict.fromkeys(spelt.values()))):
                    part = -(len(houses) + 1)
                    groups[part] = dict.fromkeys((word,) for word in words)
                    houses[part] = house
        rows: dict[Row, list[int]] = defaultdict(list)
        for own, group in groups.items():
            for row in group:
                rows[row].append(own)
        lengths: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            lengths[row[0]].add(len(row))
        return Spellings(
            {row: tuple(own) for row, own in rows.items()},
            {own: frozenset(group) for own, group in groups.items()},
            houses,
            tuple(left_out),
            frozenset(ordinary),
            {form: tuple(sorted(found, reverse=True)) for form, found in lengths.items()},
        )

    def variants(self) -> Mapping[Row, frozenset[Row]]:
        """Of every row the others that stand for the same name; rows without others and ordinary
        words are left out. What `search.Ask.spellings` takes."""
        found: dict[Row, frozenset[Row]] = {}
        for row, owners in self.rows.items():
            if row in self._ordinary:
                continue
            same = frozenset[Row]().union(*(self.groups[own] for own in owners))
            others = same - self._ordinary - {row}
            if others:
                found[row] = others
        return found

    def spans(self, found: Sequence[Token]) -> tuple[NameSpan, ...]:
        """The names in a row of tokens, by first token, longest first and not overlapping; a row
        that spells several names gives a span for each. Fillers stand in no name."""
        forms = [one.form for one in found]
        result: list[NameSpan] = []
        at = 0
        while at < len(forms):
            for length in self._lengths.get(forms[at], ()):
                row = tuple(forms[at : at + length])
                owners = self.rows.get(row, ()) if len(row) == length else ()
                written = all(one.capital for one in found[at : at + length])
                if owners and (written or row not in self._ordinary):
                    result.extend(NameSpan(at, at + length, own) for own in owners)
                    at += length
                    break
            else:
                at += 1
        return tuple(result)

    def house(self, name_id: int) -> str:
        """The house spelling of a name, or of a word of one."""
        return self.houses[name_id]


def _row(text: str) -> Row:
    return tuple(one.form for one in tokens(text) if one.kind is not TokenKind.FILLER)


def _parts(house: Row, rows: Sequence[Row]) -> Iterator[tuple[str, set[str]]]:
    """The words of a name that are spelt in several ways: the house's and all of them."""
    if len(house) < 2:
        return
    matching = [row for row in rows if len(row) == len(house)]
    for place, own in enumerate(house):
        words = {own} | {row[place] for row in matching if _alike(own, row[place])}
        if len(words) > 1:
            yield own, words


def _alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < PART_LETTERS_MIN or one == other:
        return False
    scripts = [_WORD_RE.fullmatch(word) is not None for word in (one, other, one + other)]
    return all(scripts) and SequenceMatcher(None, one, other).ratio() >= PART_RATIO_MIN
