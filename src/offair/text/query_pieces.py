"""A query's text cut into pieces: words, phrases, filters, operators, brackets.

Nothing is guessed: a sign that other search programs give a meaning (`~`, `|`, a star inside a
word, a regular expression) is an error that says what to write here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import regex

from offair.model.errors import QueryError
from offair.model.query import QueryField
from offair.text.tokenise import tokens

MOST_CHARACTERS = 10_000
"""A longer query is refused: a passage that long is a quotation, and checked as one."""
MOST_DISTANCE = 50
"""The most words that `NEAR/n` may allow between its two sides."""


class PieceKind(Enum):
    """What a piece is."""

    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    NEAR = "NEAR"
    WORD = "word"
    PREFIX = "prefix"
    PHRASE = "phrase"
    FILTER = "filter"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece. start, end: character range in the query. text: what it says, marks off.

    field: of a filter. distance: of a NEAR.
    """

    kind: PieceKind
    start: int
    end: int
    text: str
    field: QueryField | None = None
    distance: int = 0


QUOTATION_MARKS = ('""“”„‟＂〝〞〟', "«»", "‹›", "「」", "『』", "《》", "〈〉")
"""Quotation marks: any of a family closes what another of it opened (“…”, „…“, ”…”, »…«).
The first two of a family open and close."""
_FAMILY = {mark: family for family in QUOTATION_MARKS for mark in family}
_SINGLE = "'‘’‚‛"
_BRACKETS = {"(": PieceKind.OPEN, "（": PieceKind.OPEN, ")": PieceKind.CLOSE, "）": PieceKind.CLOSE}
_MINUS = "-−"
_WORDS = {"AND": PieceKind.AND, "OR": PieceKind.OR, "NOT": PieceKind.NOT}
_FIELD_RE = regex.compile(r"([^\W\d_]+)[:：]")
_NEAR_RE = regex.compile(r"(?i:near)/(.*)", regex.DOTALL)
_SINGLE_RE = regex.compile(rf"[{_SINGLE}](?=\S)(.*?\S)[{_SINGLE}](?=[\s()（）]|$)", regex.DOTALL)
_SINGLE_END_RE = regex.compile(rf"(?<=\S)[{_SINGLE}](?=[\s()（）]|$)")
_GROUP_RE = regex.compile(r"\s(\d{3})(?!\d)")
_HEBREW_RE = regex.compile(r"\p{Hebrew}")
_UNREADABLE_RE = regex.compile(r"[\p{Cc}\p{Cs}--[\t\n\r\x0b\x0c\x85]]", regex.VERSION1)
_PATTERN_RE = regex.compile(r"[\[\]{}|\\^~]")
_INSTEAD = {
    "|": "write OR between the words",
    "||": "write OR between the words",
    "&": "leave it away: all words are asked for anyway",
    "&&": "leave it away: all words are asked for anyway",
    "+": "leave it away: all words are asked for anyway",
    "!": "write NOT before the word",
    "-": "write it right before the word that must not stand there",
    "−": "write it right before the word that must not stand there",
    "*": "write the beginning of a word before it, as in elect*",
    "?": "write the beginning of a word and a star, as in elect*",
    "~": "for words near one another write NEAR/5 between them",
    "/": "there are no regular expressions here",
}
_NO_PATTERN = (
    "there are no regular expressions or wild cards here: write words, the beginning of a word "
    "with a star (elect*), or OR between words"
)


def pieces(text: str) -> list[Piece]:
    """The pieces of a query, in order. Raises `QueryError`, which says what is wrong and where."""
    if len(text) > MOST_CHARACTERS:
        raise QueryError(
            f"a query has at most {MOST_CHARACTERS} characters, this one has {len(text)}; to look "
            "for a long passage check it as a quotation (`offair check`)",
            text,
            MOST_CHARACTERS,
        )
    bad = _UNREADABLE_RE.search(text)
    if bad is not None:
        code = f"U+{ord(bad.group()):04X}"
        raise _error(f"the control character {code} is part of no word; leave it out", text, bad)
    found: list[Piece] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in _BRACKETS:
            found.append(Piece(_BRACKETS[char], at, at + 1, char))
            at += 1
        else:
            at = _piece(text, at, found)
    return found


def _error(message: str, text: str, where: int | regex.Match[str]) -> QueryError:
    at = where if isinstance(where, int) else where.start()
    return QueryError(f"{message} (character {at + 1})", text, at)


def _piece(text: str, at: int, found: list[Piece]) -> int:
    """The piece that begins at `at` and where it ends; punctuation alone is passed over."""
    quoted = _quoted(text, at)
    if quoted is not None:
        inside, start, end = quoted
        found.append(_phrase(text, inside, start, end))
        return end
    field = _FIELD_RE.match(text, at)
    if field is not None and not _is_plain_colon(text, field):
        found.append(_filter(text, field))
        return found[-1].end
    end = _chunk_end(text, at)
    if (text[at] in _MINUS and end > at + 1) or _negated_group(text, at, end):
        if text[at + 1] in _MINUS:
            raise _error("write one minus sign before a word that must not stand there", text, at)
        found.append(Piece(PieceKind.NOT, at, at + 1, text[at]))
        return at + 1
    chunk = text[at:end]
    if chunk in _WORDS:
        found.append(Piece(_WORDS[chunk], at, end, chunk))
        return end
    near = _NEAR_RE.fullmatch(chunk)
    if near is not None or chunk == "NEAR":
        found.append(_near(text, at, end, near))
        return end
    if text[at] == "/" and end > at + 1:
        raise _error(_NO_PATTERN, text, at)
    end = _with_groups(text, at, end)
    piece = _word(text, at, end)
    if piece is not None:
        found.append(piece)
    return end


def _negated_group(text: str, at: int, end: int) -> bool:
    """Whether a minus stands right before a bracket or a quotation mark."""
    if text[at] not in _MINUS or end != at + 1 or end == len(text):
        return False
    return text[end] in _FAMILY or _BRACKETS.get(text[end]) is PieceKind.OPEN


def _is_quote(text: str, at: int) -> bool:
    """Whether a double quotation mark stands here; between two Hebrew letters it is part of an
    abbreviation."""
    if text[at] not in _FAMILY:
        return False
    inside = 0 < at < len(text) - 1
    return not (
        text[at] in '"”“'
        and inside
        and _HEBREW_RE.match(text[at - 1])
        and _HEBREW_RE.match(text[at + 1])
    )


def _chunk_end(text: str, at: int) -> int:
    """Where a run without spaces, brackets and quotation marks ends."""
    end = at + 1
    while end < len(text) and not text[end].isspace() and text[end] not in _BRACKETS:
        if _is_quote(text, end):
            break
        end += 1
    return end


def _quoted(text: str, at: int) -> tuple[str, int, int] | None:
    """(what stands between the marks, start, end) of a quotation that begins here, or None."""
    if text[at] in _SINGLE:
        # Looked for once: apostrophes by the thousand would each be followed to the end.
        single = _SINGLE_RE.match(text, at) if at < _last_single_end(text) else None
        if single is None:
            return None
        return single.group(1), at, single.end()
    if not _is_quote(text, at):
        return None
    if at and not text[at - 1].isspace() and text[at - 1] not in "(（:：-−":
        raise _error(
            f"the quotation mark {text[at]} stands right behind a word; leave a space", text, at
        )
    family = _FAMILY[text[at]]
    end = at + 1
    while end < len(text) and not (text[end] in family and _is_quote(text, end)):
        end += 1
    if end == len(text):
        raise _error(f"the quotation mark {text[at]} is never closed", text, at)
    after = text[end + 1 : end + 2]
    if after == "~":
        raise _error(_INSTEAD["~"], text, end + 1)
    if after == "*":
        raise _error("a star cannot stand behind a phrase, only behind one word", text, end + 1)
    if after and (after.isalnum() or after in _FAMILY):
        raise _error(
            f"the quotation mark {text[end]} stands in the middle of something; leave a space "
            "behind it where it closes, or use other marks inside",
            text,
            end,
        )
    return text[at + 1 : end], at, end + 1


@lru_cache(maxsize=8)
def _last_single_end(text: str) -> int:
    """Where the last single mark stands that may close, -1 where there is none."""
    return max((one.start() for one in _SINGLE_END_RE.finditer(text)), default=-1)


def _phrase(text: str, inside: str, start: int, end: int) -> Piece:
    star = inside.find("*")
    if star >= 0:
        raise _error(
            "a star has no meaning between quotation marks; leave it out", text, start + 1 + star
        )
    return Piece(PieceKind.PHRASE, start, end, inside)


def _is_plain_colon(text: str, match: regex.Match[str]) -> bool:
    """Whether the colon is a sentence's (`he said: no`), not a field's."""
    known = match.group(1).lower() in {one.value for one in QueryField}
    return not known and (match.end() == len(text) or text[match.end()].isspace())


def _filter(text: str, match: regex.Match[str]) -> Piece:
    name = match.group(1).lower()
    known = [one.value for one in QueryField]
    if name not in known:
        raise _error(
            f"there is no field {match.group(1)!r}: the fields are {', '.join(known)}; to look for "
            "the word itself put it between quotation marks",
            text,
            match,
        )
    field, at = QueryField(name), match.end()
    if at == len(text) or text[at].isspace():
        raise _error(f"write what {name}: asks for right behind the colon", text, match)
    if text[at] in _BRACKETS:
        raise _error(
            f"{name}: takes one value; put several words between quotation marks, and ask for "
            f"several values with OR: ({name}:… OR {name}:…)",
            text,
            at,
        )
    quoted = _quoted(text, at)
    if quoted is not None:
        return Piece(PieceKind.FILTER, match.start(), quoted[2], quoted[0].strip(), field)
    end = _chunk_end(text, at)
    value = text[at:end]
    if "*" in value:
        raise _error(f"{name}: takes no star", text, at + value.index("*"))
    return Piece(PieceKind.FILTER, match.start(), end, value, field)


def _near(text: str, at: int, end: int, match: regex.Match[str] | None) -> Piece:
    chunk = text[at:end]
    if match is None:
        raise _error(
            "say how many words may stand between: NEAR/5; to look for the word itself write near",
            text,
            at,
        )
    number = match.group(1)
    if not chunk.startswith("NEAR"):
        raise _error("write NEAR in capitals: NEAR/5", text, at)
    if not (number.isascii() and number.isdecimal()):
        raise _error(f"NEAR/ takes a number from 0 to {MOST_DISTANCE}: NEAR/5", text, at)
    if len(number) > 4 or int(number) > MOST_DISTANCE:
        raise _error(
            f"NEAR allows at most {MOST_DISTANCE} words between; for words anywhere in one "
            "sentence write AND",
            text,
            at,
        )
    return Piece(PieceKind.NEAR, at, end, chunk, distance=int(number))


def _with_groups(text: str, at: int, end: int) -> int:
    """Where a number ends whose digits are grouped by spaces (`12 000`)."""
    ends, most, whole = [end], 1, False
    # Twice as many at each look: a number of thousands of groups is not read thousands of times.
    while not whole:
        while len(ends) <= most and not whole:
            following = _GROUP_RE.match(text, ends[-1]) if text[ends[-1] - 1].isdecimal() else None
            if following is None:
                whole = True
            else:
                ends.append(_chunk_end(text, following.start(1)))
        found = tokens(text[at : ends[-1]]) if len(ends) > 1 else []
        for one in ends[:-1]:
            if not any(at + token.char_start < one < at + token.char_end for token in found):
                return one
        most *= 2
    return ends[-1]


def _word(text: str, at: int, end: int) -> Piece | None:
    """A word or a prefix; None for punctuation without a meaning."""
    chunk = text[at:end]
    instead = _INSTEAD.get(chunk)
    if instead is not None:
        raise _error(f"{chunk} stands alone; {instead}", text, at)
    pattern = _PATTERN_RE.search(chunk)
    if pattern is not None:
        sign = pattern.group()
        said = _INSTEAD[sign] if sign in "|~" else _NO_PATTERN
        raise _error(f"{sign} has no meaning here; {said}", text, at + pattern.start())
    if chunk[0] in "+!":
        raise _error(f"{chunk[0]} has no meaning here; {_INSTEAD[chunk[0]]}", text, at)
    body = chunk.rstrip("*")
    if "*" in body or len(chunk) - len(body) > 1:
        raise _error(
            "a star stands once, at the end of a word: elect*; " + _NO_PATTERN,
            text,
            at + chunk.index("*"),
        )
    inner = regex.search(r"(?<=\w)[?](?=\w)", body)
    if inner is not None:
        raise _error(f"? stands for no letter; {_NO_PATTERN}", text, at + inner.start())
    kind = PieceKind.WORD if body == chunk else PieceKind.PREFIX
    if kind is PieceKind.WORD and not tokens(chunk):
        return None
    return Piece(kind, at, end, body)
