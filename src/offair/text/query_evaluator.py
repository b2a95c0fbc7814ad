"""Whether one sentence in memory answers a query: what search says of the archive, said of it.

A phrase may go on in what follows the sentence; words, NEAR and its sides stand inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offair.model.query import And, Filter, Near, Not, Or, Phrase, Prefix, Query, QueryField, Term
from offair.model.transcript import LayerKind
from offair.text.query_parser import filter_days
from offair.text.tokenise import tokens

Range = tuple[int, int]
"""First and last place, half-open."""


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """What the filters ask of a sentence.

    speaker: as shown, empty where nobody knows. language: BCP 47. aired: ISO 8601 as far as it is
    known, empty where it is not.
    """

    speaker: str
    channel: str
    language: str
    kind: LayerKind
    aired: str


def evaluate(
    query: Query, forms: Sequence[str], facts: SentenceFacts, following: Sequence[str] = ()
) -> bool:
    """Whether a sentence answers a query.

    forms: its tokens' normal forms, fillers left out. following: those that come after it in the
    layer, as many as its longest phrase needs; without them a phrase has to end in the sentence.
    """
    if isinstance(query, And):
        return all(evaluate(part, forms, facts, following) for part in query.parts)
    if isinstance(query, Or):
        return any(evaluate(part, forms, facts, following) for part in query.parts)
    if isinstance(query, Not):
        return not evaluate(query.part, forms, facts, following)
    if isinstance(query, Filter):
        return passes(query, facts)
    if isinstance(query, Near):
        return bool(near_pairs(query, forms))
    if following and isinstance(query, Phrase) and len(query.forms) > 1:
        longer = [*forms, *following[: len(query.forms) - 1]]
        return any(first < len(forms) for first, _ in places(query, longer))
    return bool(places(query, forms))


def places(node: Term | Prefix | Phrase, forms: Sequence[str]) -> list[Range]:
    """Where it stands, as ranges of `forms`, by start."""
    if isinstance(node, Prefix):
        return [(at, at + 1) for at, form in enumerate(forms) if form.startswith(node.stem)]
    row = node.forms
    length = len(row)
    return [
        (at, at + length)
        for at, form in enumerate(forms)
        if form == row[0] and tuple(forms[at : at + length]) == row
    ]


def near_pairs(node: Near, forms: Sequence[str]) -> list[tuple[Range, Range]]:
    """The places of both sides that stand near enough, either first, never sharing a word."""
    rights = places(node.right, forms)
    return [
        (left, right)
        for left in places(node.left, forms)
        for right in rights
        if 0 <= right[0] - left[1] <= node.distance or 0 <= left[0] - right[1] <= node.distance
    ]


def passes(node: Filter, facts: SentenceFacts) -> bool:
    """Whether a filter lets a sentence through."""
    if node.field is QueryField.SPEAKER:
        return _names(node.value, facts.speaker)
    if node.field is QueryField.CHANNEL:
        return _names(node.value, facts.channel)
    if node.field is QueryField.LAYER:
        return facts.kind.value == node.value
    if node.field is QueryField.LANGUAGE:
        asked, tag = node.value.lower(), facts.language.lower()
        return tag == asked or tag.startswith(f"{asked}-")
    if not facts.aired:
        return False
    first, last = filter_days(facts.aired)
    asked_first, _ = filter_days(node.value)
    return first >= asked_first if node.field is QueryField.AFTER else last < asked_first


def _names(asked: str, name: str) -> bool:
    return {one.form for one in tokens(asked)} <= {one.form for one in tokens(name)}
