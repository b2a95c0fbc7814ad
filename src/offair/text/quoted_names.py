"""Names of people and bodies in an article, for finding out who is said to have said something."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from offair.text.speech_verbs import AFTER_OF, BODIES, HE, NO_NAMES, OFFICIALS, ROLES, SHE

_PARTICLE = (
    r"(?:van|von|de|da|do|dos|das|del|della|di|du|la|le|ten|ter|der|den|bin|ibn|al|el"
    r"|of\sthe|of|and)"
)
_PART = r"(?:(?:al|el)-)?\p{Lu}[\p{L}\p{M}\p{N}’'&]*+(?:-[\p{L}\p{M}]+)*+\.?"
_RUN_RE = regex.compile(
    rf"{_PART}(?:[ \u00a0]{_PARTICLE}(?=[ \u00a0]\p{{Lu}})|[ \u00a0]{_PART}){{0,11}}"
)
_POSSESSIVE_RE = regex.compile(r"[’']s?$")
_WORD_RE = regex.compile(r"[^\s\u00a0]+")
_ARABIC_RE = regex.compile(r"[\p{Arabic}\p{M}]{2,20}(?:\s[\p{Arabic}\p{M}]{2,20}){0,4}")
_ARABIC_END_RE = regex.compile(
    r"(?:^|\s)(?:إن|أن|إنه|إنها|أنه|أنها|في|خلال|عن|على|إلى|من|بعد|قبل|لـ|ردا|مع|يوم|اليوم|أمس|عبر)(?:\s|$)"
)
_INITIALS_RE = regex.compile(r"^(?:\p{Lu}\.)+$|^(?:Jr|Sr|St|II|III|IV)\.?$")
_ARTICLES = frozenset(("le", "la", "el", "los", "las", "der", "das", "den"))
"""Articles that are part of a surname, or of a title, where a name goes before them (Le Pen)."""
_LOOK_BACK = 500
"""Names that are looked at for the holder of a title."""
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"))


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it is printed at one place.

    name: without titles before it. title: those, as printed. person: whether it looks like a
    person's (two words, or a title before it), not like a body's or a place's.
    """

    start: int
    end: int
    name: str
    title: str
    person: bool

    @property
    def surname(self) -> str:
        """Its last word, lower case, without `Jr.` and the like."""
        words = [
            one.strip(".,").lower()
            for one in self.name.split()
            if one.strip(".,").lower() not in _SUFFIXES
        ]
        return words[-1] if words else ""

    @property
    def shown(self) -> str:
        """The name with its title where it has one word only (`President Biden`)."""
        return f"{self.title} {self.name}".strip() if " " not in self.name else self.name


def mentions(text: str, start: int, end: int) -> Iterator[Mention]:
    """Names between two places of a text, in order: runs of words with capitals, less titles.

    A word that has its capital from the start of a sentence only is taken for a name as well,
    unless it is one of the words that are none.
    """
    for match in _RUN_RE.finditer(text, start, end):
        words = [(one.start(), one.end(), one.group()) for one in _WORD_RE.finditer(
            text, match.start(), match.end())]  # fmt: skip
        for piece in _split(words):
            yield from _mention(text, piece)


_Words = list[tuple[int, int, str]]


def _split(words: _Words) -> Iterator[_Words]:
    """A run parted at words that belong to no name, and at `and` between two names."""
    held: _Words = []
    for number, (start, end, word) in enumerate(words):
        plain = word.rstrip(".").lower()
        inside = bool(held) and (_INITIALS_RE.match(word) or plain in _ARTICLES)
        cut = word[0].isupper() and plain in NO_NAMES and not inside
        full = len(held) > 1 and not any(_role(one[2]) for one in held[-1:])
        if cut or (
            word in ("and", "of", "of the") and full and not _role_later(words[number + 1 :])
        ):
            if held:
                yield held
            held = []
            continue
        held.append((start, end, word))
        # A full stop that ends no initial and no title ends the sentence, and the name.
        if (
            word.endswith(".")
            and not _INITIALS_RE.match(word)
            and not _role(word)
            and len(word) > 3
        ):
            yield held
            held = []
    if held:
        yield held


def _role(word: str) -> bool:
    return _POSSESSIVE_RE.sub("", word.rstrip(".,")).lower() in ROLES


def _role_later(words: _Words) -> bool:
    return any(_role(one[2]) for one in words)


def _mention(text: str, words: _Words) -> Iterator[Mention]:
    last_role = max((number for number, one in enumerate(words) if _role(one[2])), default=-1)
    head = last_role + 1
    if head and head < len(words) and words[head][2].lower() == "of":
        head += 1
        while head < len(words) and words[head][2].lower().rstrip(",") in AFTER_OF:
            head += 1
    while head < len(words) and words[head][2] in ("of", "and", "the"):
        head += 1
    tail = len(words)
    while tail > head and words[tail - 1][2].islower():
        tail -= 1
    title = text[words[0][0] : words[head - 1][1]] if head else ""
    if head >= tail:
        yield Mention(words[0][0], words[-1][1], "", title, False)
        return
    start, end = words[head][0], words[tail - 1][1]
    name = _POSSESSIVE_RE.sub("", text[start:end])
    # The stop of an initial belongs to it; that of a sentence does not.
    if name.endswith(".") and not _INITIALS_RE.match(name.split()[-1]):
        name = name[:-1]
    if not name:
        return
    named = [one for one in name.split() if one[0].isupper()]
    person = bool(title) or (
        not any(one.strip(".,").lower() in BODIES for one in named)
        and 2 <= len(named) <= 4
        and not any(one.isupper() and len(one) > 2 for one in named)
    )
    yield Mention(words[0][0], start + len(name), name, title, person)


class Cast:
    """Everybody an article names, in order; answers who is meant by a surname or a pronoun."""

    def __init__(
        self, text: str, outside: Sequence[tuple[int, int]], headline: str | None = None
    ) -> None:
        """outside: the ranges of the text that stand outside quotations, sorted. headline: names in
        it are known too, but are no place of the text."""
        self._all = [one for start, end in outside for one in mentions(text, start, end)]
        self._headline = list(mentions(headline, 0, len(headline))) if headline else []
        self._places = [one.start for one in self._all]
        self._full: dict[str, set[str]] = {}
        for one in (*self._all, *self._headline):
            if one.person and " " in one.name:
                self._full.setdefault(one.surname, set()).add(one.name)

    def full(self, mention: Mention) -> str:
        """The fullest form in which the article names whom it names here."""
        if " " in mention.name:
            return mention.name
        known = self._full.get(mention.surname, set())
        return max(known, key=len) if len(_persons(known)) == 1 else mention.shown

    def with_role(self, role: str, before: int) -> str | None:
        """Whom a title alone (`president`) means at a place: the one person whom the article or its
        headline names with it. None where it names nobody so, or several."""
        wanted = frozenset(role.lower().replace("-", " ").split())
        at = bisect_left(self._places, before)
        near = self._all[max(0, at - _LOOK_BACK) : at] or []
        for named in (near, self._all[:_LOOK_BACK], self._headline):
            held = [one for one in named if one.person and one.name and _holds(one.title, wanted)]
            if held:
                return self.full(held[-1]) if len({one.surname for one in held}) == 1 else None
        return None

    def people(self, start: int, end: int) -> list[str]:
        """Full names of the persons named between two places, in order."""
        first, last = bisect_left(self._places, start), bisect_left(self._places, end)
        return [self.full(one) for one in self._all[first:last] if one.person and one.name]


def may_be(name: str, pronoun: str) -> bool:
    """Whether `he` or `she` can stand for a name: False where its title or given name says no."""
    words = name.lower().replace(".", "").split()
    others = {"she": HE, "he": SHE}.get(pronoun, frozenset())
    return not words or words[0] not in others


def _persons(names: set[str]) -> set[str]:
    """Names less those that another one of the same person holds (`Joe Biden`, `Joseph R. Biden`
    begin alike)."""
    return {one.split()[0][:2].lower() for one in names}


def _holds(title: str, wanted: frozenset[str]) -> bool:
    """Whether a printed title is the office asked for: a vice president is no president."""
    words = frozenset(title.lower().replace("-", " ").replace(".", "").split())
    return wanted <= words and not (words - wanted) & _OTHER_OFFICE


_OTHER_OFFICE = frozenset(
    (
        "vice",
        "deputy",
        "former",
        "acting",
        "elect",
        "under",
        "assistant",
        "press",
        "pro",
        "lieutenant",
    )
)
"""Words that make another office of a title."""


def is_official(words: str) -> bool:
    """Whether a phrase without a name is of somebody or something that speaks."""
    return any(one.strip(".,’'").lower() in OFFICIALS for one in words.split())


def arabic_name(text: str, start: int, end: int) -> str | None:
    """The words after an Arabic verb up to a preposition or the end of the phrase: at most five."""
    found = _ARABIC_RE.match(text, start, end)
    if found is None:
        return None
    stop = _ARABIC_END_RE.search(found.group())
    name = found.group()[: stop.start()] if stop else found.group()
    return name.strip() or None
