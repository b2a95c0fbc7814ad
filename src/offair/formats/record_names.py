"""Names as labels, headlines and summaries print them: what is name, what title, what role."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from offair.formats.record_labels import in_capitals, is_demonym, is_role, is_role_word
from offair.formats.record_roles import (
    PARTICLES,
    QUALIFIERS,
    ROLES,
    SENTENCE_WORDS,
    TITLES,
    TRADE_ENDINGS,
)

_PARENTHESIS = re.compile(r"\([^()]*\)")
_TOKEN = re.compile(r"[^\W_][\w'’ʼʿʾ`.-]*")
_ARTICLE = re.compile(r"(?:al|el|ul|ash|as|ar|az|ad|an)-(?=\w)")
_VOWELS = frozenset("aeiouyw")
# Surnames that are also trades: "Baker Haddad" is a name, "Baker Karim Haddad" is not.
_ALSO_SURNAMES_OF = "baker bishop dean driver farmer judge king painter pope priest prince singer"
_ALSO_SURNAMES = frozenset(_ALSO_SURNAMES_OF.split())
_PARTICLES = "van von der den ter ten de da di del della dos das du le la al el abu bin ben ibn san"
_SURNAME_PARTICLES = frozenset(_PARTICLES.split())
_LONGEST_VARIANT = 24
_LONGEST_SCANNED = 20_000
_MOST_PLACES = 50


@dataclass(frozen=True, slots=True)
class NameParts:
    """A printed label taken apart. name: the words of the name as printed, empty for a role.

    doubt: what was split off on weak grounds, as a sentence, or None.
    """

    words: tuple[str, ...]
    title: str | None = None
    role: str | None = None
    doubt: str | None = None

    @property
    def name(self) -> str:
        """The name as a record shows it: capitals are put into title case."""
        return " ".join(proper_case(self.words))

    @property
    def is_short(self) -> bool:
        """Whether the name is a surname alone, perhaps with its particle (`Van Dyk`)."""
        if len(self.words) < 2:
            return True
        return len(self.words) < 4 and self.words[0].casefold() in _SURNAME_PARTICLES

    @property
    def key(self) -> tuple[str, ...]:
        """The name for comparing: without case, accents, apostrophes and articles."""
        return tuple(fold(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class HeaderToken:
    """A word of headline or summary. joined: only one space stands between it and the next."""

    text: str
    folded: str
    joined: bool
    comma: bool


def fold(word: str) -> str:
    """A word for comparing names: no case, accents, apostrophes, full stops or Arabic article."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    plain = _ARTICLE.sub("", re.sub(r"['’ʼʿʾ`.]", "", plain), count=1)
    return plain.replace("-", " ")


def proper_case(words: Sequence[str]) -> list[str]:
    """Words in title case if they are printed in capitals, else as they are."""
    if not in_capitals(" ".join(words)):
        return list(words)
    return [_proper(word) for word in words]


def take_apart(label: str, known: frozenset[tuple[str, ...]]) -> NameParts:
    """Name, title and role of a label. known: folded names that other labels print alone."""
    plain = " ".join(_PARENTHESIS.sub(" ", label).split())
    if is_role(label) or not plain:
        return NameParts((), role=label)
    plain, _, after = plain.partition(",")
    words = plain.split()
    role_after = after.strip() or None
    start, title = _title(words)
    if title is not None:
        role = " ".join(words[: start[0]]) or role_after
        return NameParts(tuple(words[start[1] :]), title, role)
    for cut in range(1, len(words) - 1):
        folded = tuple(fold(word) for word in words[cut:])
        if folded in known and any(_is_rolelike(word) for word in words[:cut]):
            return NameParts(tuple(words[cut:]), role=" ".join(words[:cut]))
    cut = _role_end(words)
    doubt = None
    if cut == 1 and len(words) > 3 and is_demonym(words[0]) and is_role_word(words[1]):
        cut = 2
        doubt = f"{' '.join(words[:2])!r} is read as a role"
    role = " ".join(words[:cut]) or role_after
    return NameParts(tuple(words[cut:]), role=role, doubt=doubt)


def header_tokens(text: str) -> list[HeaderToken]:
    """The words of headline or summary, at most those of its first 20,000 characters."""
    text = text[:_LONGEST_SCANNED]
    found = list(_TOKEN.finditer(text))
    tokens = []
    for place, match in enumerate(found):
        word = match.group()
        if word.endswith(("'s", "’s")):
            word = word[:-2]
        following = found[place + 1].start() if place + 1 < len(found) else len(text)
        gap = text[match.end() : following]
        bare = word.rstrip(".").casefold()
        stopped = word.endswith(".") and bare not in TITLES and len(bare) > 1
        tokens.append(
            HeaderToken(
                word.rstrip(".") if stopped else word,
                fold(word),
                gap == " " and not stopped and word == match.group(),
                gap.startswith(","),
            )
        )
    return tokens


class HeaderNames:
    """Looks names up in the words of a headline or summary."""

    def __init__(self, tokens: Sequence[HeaderToken]) -> None:
        self._tokens = tokens
        self._places: dict[str, list[int]] = {}
        for place, token in enumerate(tokens):
            places = self._places.setdefault(token.folded, [])
            if len(places) < _MOST_PLACES:
                places.append(place)

    def spelling(self, key: Sequence[str]) -> str | None:
        """The name as printed here, or None where it is not."""
        for place in self._places.get(key[0], ()):
            window = self._window(place, len(key))
            if window and [token.folded for token in window] == list(key):
                return " ".join(token.text for token in window)
        return None

    def variants(self, key: Sequence[str]) -> set[str]:
        """Names of as many words, one word the same and the others spelled nearly so."""
        found: set[str] = set()
        for offset, word in enumerate(key):
            for place in self._places.get(word, ()):
                window = self._window(place - offset, len(key))
                if not window or not all(token.text[0].isupper() for token in window):
                    continue
                pairs = zip((token.folded for token in window), key, strict=True)
                if all(is_variant(one, other) for one, other in pairs):
                    found.add(" ".join(token.text for token in window))
        return found

    def ending_with(self, key: Sequence[str]) -> dict[tuple[str, ...], tuple[str, str | None]]:
        """Longer names that end with this one: (name, title before it) by folded name."""
        found: dict[tuple[str, ...], tuple[str, str | None]] = {}
        for place in self._places.get(key[0], ()):
            window = self._window(place, len(key))
            if not window or [token.folded for token in window] != list(key):
                continue
            start, title = self._walk_back(place)
            if start < place:
                run = self._tokens[start : place + len(key)]
                name = tuple(token.folded for token in run)
                found.setdefault(name, (" ".join(token.text for token in run), title))
        return found

    def holder(self, office: str) -> set[str]:
        """Names printed right after an office (`President Trump`), not after `Vice President`."""
        found: set[str] = set()
        for place in self._places.get(fold(office), ()):
            token = self._tokens[place]
            before = self._tokens[place - 1] if place and self._tokens[place - 1].joined else None
            if before is not None and before.folded in ("vice", "former", "deputy", "ex", "acting"):
                continue
            run: list[str] = []
            while token.joined and place + 1 < len(self._tokens) and len(run) < 4:
                place += 1
                token = self._tokens[place]
                if not token.text[0].isupper() or token.folded in SENTENCE_WORDS:
                    break
                run.append(token.text)
            if run:
                found.add(" ".join(run) if len(run) < 4 else run[0])
        return found

    def _window(self, place: int, length: int) -> Sequence[HeaderToken]:
        if place < 0 or place + length > len(self._tokens):
            return ()
        window = self._tokens[place : place + length]
        return window if all(token.joined for token in window[:-1]) else ()

    def _walk_back(self, place: int) -> tuple[int, str | None]:
        start = place
        while start > 0 and self._tokens[start - 1].joined and place - start < 5:
            token = self._tokens[start - 1]
            lowered = token.text.rstrip(".").casefold()
            if lowered in TITLES and token.text[0].isupper():
                return start, token.text
            if not token.text[0].isupper():
                beyond = start > 1 and self._tokens[start - 2].joined
                if lowered in ("bin", "ibn", "bint", "al", "el", "von", "van", "de") and beyond:
                    start -= 1
                    continue
                break
            if lowered in ROLES | SENTENCE_WORDS | PARTICLES - {"abu", "abd", "umm", "al", "el"}:
                break
            if is_demonym(token.text) or lowered in QUALIFIERS:
                break
            # Next to the surname it is a first name; farther off it may be a trade.
            if lowered.endswith(TRADE_ENDINGS) or (start < place and is_role_word(lowered)):
                break
            start -= 1
        return start, None


def is_variant(one: str, other: str) -> bool:
    """Whether two folded words are the same, or one transliteration of a name and another.

    The same consonants (`c`, `k`, `q` alike) and at most two letters changed.
    """
    if one == other:
        return True
    if max(len(one), len(other)) > _LONGEST_VARIANT or _skeleton(one) != _skeleton(other):
        return False
    return len(_skeleton(one)) > 1 and _distance(one, other) <= 2


def _skeleton(word: str) -> str:
    word = word.replace("ph", "f").replace("kh", "x").replace("ou", "u")
    kept = ""
    for letter in word.translate(str.maketrans("cqzj", "kksg")):
        if letter not in _VOWELS and letter != " " and not kept.endswith(letter):
            kept += letter
    return kept


def _distance(one: str, other: str) -> int:
    """Letters to insert, remove or exchange (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        above, row[0] = row[0], place
        for column, against in enumerate(other, 1):
            above, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, above + (letter != against)),
            )
    return row[-1]


def _title(words: Sequence[str]) -> tuple[tuple[int, int], str | None]:
    """((start, end) of the title's words, the title), or no title."""
    for place in range(len(words) - 2, -1, -1):
        if words[place].rstrip(".").casefold() not in TITLES:
            continue
        start = place
        while start and words[start - 1].rstrip(".").casefold() in TITLES:
            start -= 1
        if start == 0 or words[place].endswith(".") or all(_is_rolelike(w) for w in words[:start]):
            return (start, place + 1), " ".join(proper_case(words[start : place + 1]))
    return (0, 0), None


def _role_end(words: Sequence[str]) -> int:
    """How many words at the front are a role; at least one word is left for the name."""
    small = [
        place
        for place, word in enumerate(words[:-1])
        if word[0].islower() and word.split("-")[0] not in PARTICLES
    ]
    if small:
        return small[-1] + 1
    if not _is_rolelike(words[0]):
        return 0
    if len(words) == 2 and words[0].casefold() in _ALSO_SURNAMES:
        return 0
    end = 0
    for place, word in enumerate(words[:-1]):
        lowered = word.rstrip(".").casefold()
        trade = lowered in ROLES or lowered.endswith(TRADE_ENDINGS)
        if trade or (place == end and is_demonym(word)):
            end = place + 1
    return end


def _is_rolelike(word: str) -> bool:
    lowered = word.rstrip(".").casefold()
    return (
        lowered in ROLES
        or lowered in QUALIFIERS
        or is_demonym(word)
        or word[0].islower()
        or lowered.endswith(TRADE_ENDINGS)
    )


def _proper(word: str) -> str:
    """One word of a name: `O'BRIEN-McKAY` is `O'Brien-McKay`."""
    return "-".join(_proper_part(part) for part in word.split("-"))


def _proper_part(part: str) -> str:
    prefix = next((one for one in ("Mc", "Mac") if part.startswith(one)), "")
    if prefix:
        return prefix + _proper_part(part[len(prefix) :])
    if len(part) > 2 and part[1] in "'’":
        return part[0] + part[1] + part[2] + part[3:].lower()
    pieces = part.split(".")
    return ".".join(piece[:1] + piece[1:].lower() for piece in pieces)
