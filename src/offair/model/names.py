"""The desk's names list: persons, bodies and places, how they are spelt, what they were when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from offair.model.time import PartialDate


class NameKind(StrEnum):
    """What a name names."""

    PERSON = "person"
    BODY = "body"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Spelling:
    """Another spelling of a name, and whose it is (`Reuters`, `old record`), None where unknown."""

    text: str
    whose: str | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """What somebody was, from when to when; None where a bound is not known or still open."""

    title: str
    since: PartialDate | None = None
    until: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """One entry. `house` is the house spelling, unique with its kind; `native` the name in its own
    script; `authority` an id with its register (`wikidata:Q42`, `viaf:113230702`).

    id: 0 before it is stored.
    """

    kind: NameKind
    house: str
    native: str | None = None
    spellings: tuple[Spelling, ...] = ()
    authority: str | None = None
    offices: tuple[Office, ...] = ()
    id: int = 0

    @property
    def all_spellings(self) -> tuple[str, ...]:
        """House spelling, native script and the others, each once, in that order."""
        every = (self.house, self.native, *(one.text for one in self.spellings))
        return tuple(dict.fromkeys(text for text in every if text))


@dataclass(frozen=True, slots=True)
class Watch:
    """A standing query. `query` as typed; a watch that is not `active` matches nothing new."""

    id: int
    label: str
    query: str
    owner: str
    made_utc: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence that a standing query asked for, as it stood when it was found."""

    id: int
    watch_id: int
    recording_id: int
    layer_id: int
    turn_id: int
    sentence_id: int
    text: str
    found_utc: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """A person listened to a stretch of a turn: the words are as they stand there.

    char_start, char_end: in the turn's text, half-open.
    """

    turn_id: int
    char_start: int
    char_end: int
    heard_by: str
    heard_utc: str
