"""What somebody typed, read as a query's tree; and the tree printed again.

The language is described in docs/reference/query-language.md. `NOT` binds closest, then `NEAR/n`,
then `AND` (and words side by side), then `OR`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

import regex

from offair.model.errors import BadInput, QueryError
from offair.model.query import (
    And,
    Filter,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    QueryField,
    Term,
)
from offair.model.time import PartialDate, Precision
from offair.model.transcript import LayerKind
from offair.text.query_pieces import QUOTATION_MARKS, Piece, PieceKind, pieces
from offair.text.tokenise import IDEOGRAPH, UNSPACED, TokenKind, tokens

MOST_PARTS = 400
"""A query has at most so many words, phrases and filters."""
DEEPEST = 24
"""Brackets stand at most so deep in one another."""

_TAG_RE = regex.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")
_UNSPACED_RE = regex.compile(rf"[{UNSPACED}{IDEOGRAPH}]")
_OPERATORS = frozenset({PieceKind.AND, PieceKind.OR, PieceKind.NEAR})


def parse_query(text: str, language: str | None = None) -> Query:
    """The tree of a query.

    language: BCP 47 of its words, where known: decides what a filler is and whether a comma is a
    decimal sign. Raises `QueryError` (a `BadInput`): what is wrong, and at which character.
    """
    reader = _Reader(text, language, pieces(text))
    tree = reader.whole()
    _asks_for_something(tree, text)
    return tree


def field_filter(field: QueryField, value: str) -> Filter:
    """A filter that stands beside a query. Raises `BadInput` where the value cannot be asked."""
    try:
        return Filter(field, _CHECKS[field](value.strip()), (0, 0))
    except ValueError as error:
        raise BadInput(f"{field.value}: {error}") from None


def filter_days(value: str) -> tuple[date, date]:
    """First and last day of a date of a query or of an airing (`2023`, `2023-05`, `2023-05-13`,
    with or without a time of day). Raises `ValueError` where it is none."""
    given = PartialDate.parse(value)
    first = date.fromisoformat((given.value[:10] + "-01-01")[:10])
    if given.precision is Precision.YEAR:
        return first, date(first.year, 12, 31)
    if given.precision is Precision.MONTH:
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    return first, first


class _Reader:
    """Goes through the pieces once, from left to right."""

    def __init__(self, text: str, language: str | None, found: Sequence[Piece]) -> None:
        self._text = text
        self._language = language
        self._pieces = found
        self._at = 0
        self._parts = 0
        self._depth = 0

    def whole(self) -> Query:
        """The tree of all pieces."""
        if not self._pieces:
            said = "has only marks" if self._text.strip() else "is empty"
            raise QueryError(f"the query {said}; write a word to look for", self._text, 0)
        tree = self._either()
        left = self._peek()
        if left is not None:
            raise self._error("this bracket closes none that was opened", left)
        return tree

    def _error(self, message: str, piece: Piece) -> QueryError:
        return QueryError(f"{message} (character {piece.start + 1})", self._text, piece.start)

    def _peek(self) -> Piece | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _next_is(self, kind: PieceKind) -> bool:
        piece = self._peek()
        return piece is not None and piece.kind is kind

    def _either(self) -> Query:
        parts = [self._all()]
        while self._next_is(PieceKind.OR):
            self._at += 1
            parts.append(self._all())
        return _joined(Or, parts)

    def _all(self) -> Query:
        parts = [self._not()]
        while True:
            piece = self._peek()
            if piece is None or piece.kind in {PieceKind.OR, PieceKind.CLOSE}:
                return _joined(And, parts)
            if piece.kind is PieceKind.AND:
                self._at += 1
            parts.append(self._not())

    def _not(self) -> Query:
        piece = self._peek()
        if piece is None or piece.kind is not PieceKind.NOT:
            return self._near()
        self._at += 1
        after = self._peek()
        if after is not None and after.kind is PieceKind.NOT:
            raise self._error("NOT stands twice; leave both away", piece)
        part = self._near(behind=piece)
        return Not(part, (piece.start, part.at[1]))

    def _near(self, behind: Piece | None = None) -> Query:
        first = self._one(behind)
        piece = self._peek()
        if piece is None or piece.kind is not PieceKind.NEAR:
            return first
        self._at += 1
        left, right = self._side(first), self._side(self._one(piece))
        if self._next_is(PieceKind.NEAR):
            again = self._pieces[self._at]
            raise self._error(
                "NEAR joins two; for three write (a NEAR/5 b) AND (b NEAR/5 c)", again
            )
        return Near(left, right, piece.distance, (left.at[0], right.at[1]))

    def _side(self, node: Query) -> Term | Prefix | Phrase:
        """A side of a NEAR. Raises `QueryError` where it is none."""
        if isinstance(node, Term | Prefix | Phrase):
            return node
        raise QueryError(
            "NEAR stands between two words, beginnings of words or phrases; for brackets write "
            f"(a NEAR/5 c) OR (b NEAR/5 c) (character {node.at[0] + 1})",
            self._text,
            node.at[0],
        )

    def _one(self, behind: Piece | None = None) -> Query:
        piece = self._peek()
        if piece is None:
            last = behind or self._pieces[-1]
            raise self._error(f"nothing stands behind {last.text.strip() or 'this'}", last)
        if piece.kind in _OPERATORS:
            word = "" if piece.kind is PieceKind.NEAR else piece.text.lower()
            instead = f"; to look for the word itself write {word}" if word else ""
            raise self._error(f"{piece.text} needs something on both sides{instead}", piece)
        if piece.kind is PieceKind.NOT:
            raise self._error("NOT cannot stand behind NEAR; put it before or in brackets", piece)
        if piece.kind is PieceKind.CLOSE:
            before = self._pieces[self._at - 1] if self._at else None
            if before is not None and before.kind is PieceKind.OPEN:
                raise self._error("nothing stands between these brackets", before)
            if before is None or self._depth == 0:
                raise self._error("this bracket closes none that was opened", piece)
            raise self._error(f"something is missing behind {before.text}", before)
        self._at += 1
        if piece.kind is PieceKind.OPEN:
            return self._group(piece)
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise self._error(
                f"a query has at most {MOST_PARTS} words, phrases and filters; to look for a "
                "passage put it between quotation marks or check it (`offair check`)",
                piece,
            )
        return self._leaf(piece)

    def _group(self, opened: Piece) -> Query:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._error(f"brackets stand more than {DEEPEST} deep", opened)
        tree = self._either()
        self._depth -= 1
        if not self._next_is(PieceKind.CLOSE):
            raise self._error("this bracket is never closed", opened)
        self._at += 1
        return tree

    def _leaf(self, piece: Piece) -> Term | Prefix | Phrase | Filter:
        at = (piece.start, piece.end)
        if piece.field is not None:
            return Filter(piece.field, _checked(piece.field, piece, self._text), at)
        if piece.kind is PieceKind.PREFIX:
            return Prefix(self._stem(piece), at)
        found = tokens(piece.text, self._language)
        forms = tuple(one.form for one in found if one.kind is not TokenKind.FILLER)
        if found and not forms:
            raise self._error(
                f"{piece.text.strip()!r} is only a sound of hesitation, which is not indexed; add "
                "a word",
                piece,
            )
        if not forms:
            raise self._error("no word stands between these quotation marks", piece)
        return Phrase(forms, at) if piece.kind is PieceKind.PHRASE else Term(forms, at)

    def _stem(self, piece: Piece) -> str:
        found = tokens(piece.text, self._language)
        if len(found) > 1:
            raise self._error(
                f"a star stands behind the beginning of one word, and {piece.text!r} is "
                f"{len(found)}; write them apart",
                piece,
            )
        if not found or len(found[0].form) < 2:
            raise self._error(
                "a star needs two letters of a word before it at least, as in el*", piece
            )
        return found[0].form


def _joined(kind: type[And] | type[Or], parts: Sequence[Query]) -> Query:
    """One node of all parts; nodes of the same kind inside are opened."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Query] = []
    for part in parts:
        if isinstance(part, kind):
            flat.extend(part.parts)
        else:
            flat.append(part)
    return kind(tuple(flat), (parts[0].at[0], parts[-1].at[1]))


def _checked(field: QueryField, piece: Piece, text: str) -> str:
    """A filter's value in the one spelling it is kept in."""
    try:
        return _CHECKS[field](piece.text)
    except ValueError as error:
        raise QueryError(
            f"{field.value}: {error} (character {piece.start + 1})", text, piece.start
        ) from None


def _name(value: str) -> str:
    if not tokens(value):
        raise ValueError(f"{value!r} has no word of a name")
    return value


def _language(value: str) -> str:
    if not _TAG_RE.fullmatch(value):
        raise ValueError(f"{value!r} is no BCP 47 tag; write en, pt-BR or acm")
    return value.replace("_", "-")


def _layer(value: str) -> str:
    if value.lower() not in {one.value for one in LayerKind}:
        kinds = ", ".join(one.value for one in LayerKind)
        raise ValueError(f"{value!r} is no kind of text; write {kinds}")
    return value.lower()


def _date(value: str) -> str:
    given = PartialDate.parse(value)
    if given.precision in {Precision.MINUTE, Precision.SECOND}:
        raise ValueError(f"takes a day, not a time of day; write {given.value[:10]}")
    return given.value


_CHECKS: dict[QueryField, Callable[[str], str]] = {
    QueryField.SPEAKER: _name,
    QueryField.CHANNEL: _name,
    QueryField.LANGUAGE: _language,
    QueryField.LAYER: _layer,
    QueryField.AFTER: _date,
    QueryField.BEFORE: _date,
}


def _asks_for_something(node: Query, text: str) -> None:
    """Raise `QueryError` where a NOT stands with nothing that is asked for."""
    if isinstance(node, Not):
        raise QueryError(
            f"NOT stands alone: write beside it what is to be found (character {node.at[0] + 1})",
            text,
            node.at[0],
        )
    if isinstance(node, And):
        if all(isinstance(part, Not) for part in node.parts):
            _asks_for_something(node.parts[0], text)
        for part in node.parts:
            _asks_for_something(part.part if isinstance(part, Not) else part, text)
    if isinstance(node, Or):
        for part in node.parts:
            _asks_for_something(part, text)


def render_query(query: Query) -> str:
    """A query as it can be typed: `parse_query` reads the same tree from it (places apart)."""
    if isinstance(query, Term):
        return _close(query.forms)
    if isinstance(query, Prefix):
        return f"{query.stem}*"
    if isinstance(query, Phrase):
        if all(map(_UNSPACED_RE.match, query.forms)):
            return f'"{_close(query.forms)}"'
        return f'"{_row(query.forms, " ")}"'
    if isinstance(query, Filter):
        return f"{query.field.value}:{_value(query.value)}"
    if isinstance(query, Near):
        left, right = render_query(query.left), render_query(query.right)
        return f"{left} NEAR/{query.distance} {right}"
    if isinstance(query, Not):
        return f"NOT {_inside(query.part, And, Or)}"
    if isinstance(query, And):
        said = [_inside(part, Or) for part in query.parts]
        # `12` and `000` side by side would be one number.
        digits = any(a[-1].isdecimal() and b[0].isdecimal() for a, b in pairwise(said))
        return (" AND " if digits else " ").join(said)
    return " OR ".join(_inside(part) for part in query.parts)


def _inside(part: Query, *in_brackets: type[And] | type[Or]) -> str:
    said = render_query(part)
    return f"({said})" if in_brackets and isinstance(part, in_brackets) else said


def _close(forms: Sequence[str]) -> str:
    """The forms of one word as it is typed: a script without spaces stays in one (`中国`); between
    others stands a hyphen."""
    unspaced = [_UNSPACED_RE.match(one) is not None for one in forms]
    said = forms[0]
    for form, before, here in zip(forms[1:], unspaced, unspaced[1:], strict=False):
        said += form if before or here else f"-{form}"
    return said if [one.form for one in tokens(said)] == list(forms) else "-".join(forms)


def _row(forms: Sequence[str], between: str) -> str:
    """Forms joined so that the tokeniser takes them apart again."""
    joined = between.join(forms)
    if between == " " and [one.form for one in tokens(joined)] != list(forms):
        return " - ".join(forms)  # `1` and `000` side by side would be one number
    return joined


def _value(value: str) -> str:
    """A filter's value, between marks that do not stand in it."""
    if regex.fullmatch(r"[\w.:/-]+", value):
        return value
    free = next(one for one in QUOTATION_MARKS if not set(one) & set(value))
    return f"{free[0]}{value}{free[1]}"
