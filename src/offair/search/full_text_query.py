"""A query's tree as a tantivy query: exact, node by node.

tantivy's slop counts moves in either direction: `a b` with slop n is a before b with at most n
words between, or b before a with at most n - 2. Both orders together are therefore NEAR/n exactly,
as long as the two sides can never be the same word; all other sides are asked for distance by
distance, as rows with holes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import regex
import tantivy
from tantivy import Occur

from offair.model.errors import BadInput
from offair.model.query import And, Filter, Near, Not, Or, Phrase, Prefix, Query, QueryField, Term
from offair.text.query_parser import filter_days, render_query
from offair.text.tokenise import tokens

MOST_WORDS_OF_PREFIX = 16_000
"""tantivy refuses a beginning of a word in a row of words when so many words begin with it."""

ROWS_ASKED_ONE_BY_ONE = 2_000

_SPECIAL_RE = regex.compile(r"([\\.+*?()|\[\]{}^$#&\-~])")


class Where(Enum):
    """Which places of a phrase count: inside a sentence, from one into the next, or both."""

    INSIDE = "inside"
    ACROSS = "across"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Context:
    """What a tree is compiled against.

    crossing: the rows of the sentences in which these words stand nowhere in a row but where they
    go on beyond the sentence's end.
    """

    schema: tantivy.Schema
    searcher: tantivy.Searcher
    crossing: Callable[[Sequence[str]], Sequence[int]]
    where: Where = Where.BOTH


def compiled(query: Query, context: Context) -> list[tantivy.Query]:
    """A tree as one tantivy query, or as two that never find the same sentence: with one phrase
    that every hit must have, asking apart for the places inside sentences and across their ends is
    faster than asking for both. Raises `BadInput` where a prefix stands for too many words."""
    phrases = list(_phrases(query))
    if len(phrases) != 1 or not _needed(phrases[0], query):
        return [_compiled(query, context)]
    parts = [_compiled(query, replace(context, where=Where.INSIDE))]
    rows = context.crossing(phrases[0].forms)
    if len(rows):
        found = replace(context, where=Where.ACROSS, crossing=lambda _: rows)
        parts.append(_compiled(query, found))
    return parts


def _phrases(query: Query) -> Iterator[Phrase]:
    """The phrases that may go across the end of a sentence."""
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from _phrases(part)
    elif isinstance(query, Not):
        yield from _phrases(query.part)
    elif isinstance(query, Phrase) and len(query.forms) > 1:
        yield query


def _needed(phrase: Phrase, query: Query) -> bool:
    """Whether every hit must have it."""
    if isinstance(query, And):
        return any(_needed(phrase, part) for part in query.parts)
    return query is phrase


def _compiled(query: Query, context: Context) -> tantivy.Query:
    if isinstance(query, And):
        return _all(query, context)
    if isinstance(query, Or):
        return _either([_compiled(part, context) for part in query.parts])
    if isinstance(query, Not):
        everything = tantivy.Query.const_score_query(tantivy.Query.all_query(), 0.0)
        return tantivy.Query.boolean_query(
            [(Occur.Must, everything), (Occur.MustNot, _compiled(query.part, context))]
        )
    if isinstance(query, Filter):
        return tantivy.Query.const_score_query(_filter(query, context.schema), 0.0)
    if isinstance(query, Near):
        return _near(query, context)
    if isinstance(query, Prefix):
        return tantivy.Query.regex_query(context.schema, "text", f"{_literal(query.stem)}.*")
    row = _row(context.schema, query.forms)
    if isinstance(query, Term) or len(query.forms) == 1 or context.where is Where.INSIDE:
        return row
    rows = context.crossing(query.forms)
    if not len(rows):
        return row
    across = _rows(context.schema, rows)
    return across if context.where is Where.ACROSS else _either([row, across])


def _rows(schema: tantivy.Schema, rows: Sequence[int]) -> tantivy.Query:
    """The sentences in these rows. A set of terms reads the list of all rows; up to some thousand,
    asking for each is faster."""
    if len(rows) > ROWS_ASKED_ONE_BY_ONE:
        return tantivy.Query.term_set_query(schema, "row", list(rows))
    each = _either([tantivy.Query.term_query(schema, "row", row) for row in rows])
    return tantivy.Query.const_score_query(each, 1.0)


def _all(query: And, context: Context) -> tantivy.Query:
    clauses = [
        (Occur.MustNot, _compiled(part.part, context))
        if isinstance(part, Not)
        else (Occur.Must, _compiled(part, context))
        for part in query.parts
    ]
    if all(occur is Occur.MustNot for occur, _ in clauses):
        raise BadInput(f"the query {render_query(query)!r} asks for everything but something")
    return tantivy.Query.boolean_query(clauses)


def _either(parts: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(parts) == 1:
        return parts[0]
    return tantivy.Query.boolean_query([(Occur.Should, part) for part in parts])


def _row(schema: tantivy.Schema, forms: Sequence[str]) -> tantivy.Query:
    if len(forms) == 1:
        return tantivy.Query.term_query(schema, "text", forms[0])
    return tantivy.Query.phrase_query(schema, "text", list(forms))


def _near(query: Near, context: Context) -> tantivy.Query:
    left, right = query.left, query.right
    patterned = isinstance(left, Prefix) or isinstance(right, Prefix)
    if patterned:
        _refuse_short(left, context)
        _refuse_short(right, context)
    if _length(left) == _length(right) == 1 and not _may_be_same(left, right):
        words = (_words(left, patterned)[0], _words(right, patterned)[0])
        make = tantivy.Query.regex_phrase_query if patterned else tantivy.Query.phrase_query
        return _either(
            [
                make(context.schema, "text", list(pair), query.distance)
                for pair in (words, words[::-1])
            ]
        )
    orders = [(left, right)] if left == right else [(left, right), (right, left)]
    rows = [
        _with_hole(first, second, hole, patterned, context.schema)
        for first, second in orders
        for hole in range(query.distance + 1)
    ]
    return _either(rows)


def _with_hole(
    first: Term | Prefix | Phrase,
    second: Term | Prefix | Phrase,
    hole: int,
    patterned: bool,
    schema: tantivy.Schema,
) -> tantivy.Query:
    """The first side, then any `hole` words, then the second."""
    words: list[str | tuple[int, str]] = list(enumerate(_words(first, patterned)))
    shift = _length(first) + hole
    words += [(shift + at, word) for at, word in enumerate(_words(second, patterned))]
    if patterned:
        return tantivy.Query.regex_phrase_query(schema, "text", words)
    return tantivy.Query.phrase_query(schema, "text", words)


def _length(node: Term | Prefix | Phrase) -> int:
    return 1 if isinstance(node, Prefix) else len(node.forms)


def _words(node: Term | Prefix | Phrase, patterned: bool) -> list[str]:
    if isinstance(node, Prefix):
        return [f"{_literal(node.stem)}.*"]
    return [_literal(form) if patterned else form for form in node.forms]


def _may_be_same(left: Term | Prefix | Phrase, right: Term | Prefix | Phrase) -> bool:
    """Whether one word could be both sides, each of which is one word."""
    one = left.stem if isinstance(left, Prefix) else left.forms[0]
    other = right.stem if isinstance(right, Prefix) else right.forms[0]
    if isinstance(left, Prefix) and isinstance(right, Prefix):
        return one.startswith(other) or other.startswith(one)
    if isinstance(left, Prefix):
        return other.startswith(one)
    return one.startswith(other) if isinstance(right, Prefix) else one == other


def _refuse_short(node: Term | Prefix | Phrase, context: Context) -> None:
    if not isinstance(node, Prefix):
        return
    limit = MOST_WORDS_OF_PREFIX + 1
    if len(context.searcher.terms_with_prefix("text", node.stem, limit=limit)) == limit:
        raise BadInput(
            f"more than {MOST_WORDS_OF_PREFIX} words begin with {node.stem!r}: beside NEAR write "
            "more letters before the star"
        )


def _literal(form: str) -> str:
    return _SPECIAL_RE.sub(r"\\\1", form)


def _filter(node: Filter, schema: tantivy.Schema) -> tantivy.Query:
    if node.field in {QueryField.SPEAKER, QueryField.CHANNEL}:
        words = dict.fromkeys(one.form for one in tokens(node.value))
        name = f"{node.field.value}_words"
        return tantivy.Query.boolean_query(
            [(Occur.Must, tantivy.Query.term_query(schema, name, word)) for word in words]
        )
    if node.field is QueryField.LANGUAGE:
        return tantivy.Query.term_query(schema, "language_tags", node.value.lower())
    if node.field is QueryField.LAYER:
        return tantivy.Query.term_query(schema, "layer", node.value)
    return _aired(node, schema)


def _aired(node: Filter, schema: tantivy.Schema) -> tantivy.Query:
    """Days from or up to a date; a month or year counts only where all of its days do."""
    first, _ = filter_days(node.value)
    edge = first.toordinal() * 4
    kind = tantivy.FieldType.Unsigned
    if node.field is QueryField.AFTER:
        return tantivy.Query.range_query(schema, "aired", kind, lower_bound=edge)
    before = tantivy.Query.range_query(
        schema, "aired", kind, lower_bound=1, upper_bound=edge, include_upper=False
    )
    reaching_over = []
    if first.day > 1:
        reaching_over.append(first.replace(day=1).toordinal() * 4 + 1)
    if (first.month, first.day) != (1, 1):
        reaching_over.append(first.replace(month=1, day=1).toordinal() * 4 + 2)
    if not reaching_over:
        return before
    over = tantivy.Query.term_set_query(schema, "aired", reaching_over)
    return tantivy.Query.boolean_query([(Occur.Must, before), (Occur.MustNot, over)])
