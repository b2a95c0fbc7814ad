"""Look for words in everything the desk holds: who said what, when, on which channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from offair.desk import Desk
from offair.desk.asking import (
    Withheld,
    filters_of,
    in_all_forms,
    read_query,
    refuse_unmade,
    spellings_of,
)
from offair.desk.coverage import coverage_of, days
from offair.desk.found_sentences import FoundSentence, Joining
from offair.model.finding import Coverage
from offair.model.query import And, Or, Query, QueryField
from offair.model.time import PartialDate
from offair.model.transcript import LayerKind
from offair.search import Ask
from offair.store import Transaction
from offair.text.query_evaluator import SentenceFacts, passes
from offair.text.query_parser import field_filter, render_query


@dataclass(frozen=True, slots=True)
class Found:
    """What a search shows. query: as it was read, without the names' other spellings.

    total, total_at_least, facets, timeline: of all hits, as `offair.search.Hits` says; facets and
    timeline are empty where no period was asked for. damaged: sentences about parts of the index
    that could not be read, so that what they hold is missing here. changed: hits left out of
    `sentences` because the catalogue changed them since the index was made.
    """

    query: str
    sentences: tuple[FoundSentence, ...]
    total: int
    total_at_least: bool
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    timeline: tuple[tuple[str, int], ...]
    coverage: Coverage
    damaged: tuple[str, ...]
    changed: int


def find(
    desk: Desk,
    text: str,
    *,
    filters: Mapping[QueryField, Sequence[str]] | None = None,
    limit: int = 20,
    after: int = 0,
    ranked: bool = False,
    by: str | None = None,
) -> Found:
    """Answer a query, newest airing first or best match first.

    text: in the query language; may be empty where there are filters. filters: values of fields,
    any of which may hold for one field. after: hits to pass over. by: `day`, `week`, `month` or
    `year` for facets and a timeline of all hits; without it, only as much is read as the hits
    need, and the total may be a lower bound. Names are asked for in every spelling of the names
    list; an Arabic or Hebrew word also with the particles written in one with it.

    Raises `QueryError` and `BadInput` (a query, a filter or a number), `Unavailable` (no index was
    made yet), `Conflict` (of another version of the tokeniser), `Corrupt` (damaged).
    """
    query = asked(text, filters or {})
    shards = desk.index.open()
    with desk.catalogue.snapshot() as tx:
        refuse_unmade(tx, shards, "nothing can be found")
        withheld = Withheld(tx, shards)
        # Everything is asked for as one tree, so that marks and hits agree.
        whole = in_all_forms(query, spellings_of(tx))
        answer = shards.find(withheld.asked(whole), Ask(limit, after, not ranked, by))
        sentences = tuple(Joining(tx, whole).sentences(answer.hits))
        channel, first_day, last_day = _scope(tx, query)
        coverage = coverage_of(
            tx, shards, channel=channel, first_day=first_day, last_day=last_day,
            words_searched=sum(shards.words[kind] for kind in _kinds(query)),
        )  # fmt: skip
    return Found(
        render_query(query), sentences, answer.total, answer.total_at_least,
        withheld.shown(answer.facets), answer.timeline, coverage, shards.damaged,
        len(answer.hits) - len(sentences),
    )  # fmt: skip


def asked(text: str, filters: Mapping[QueryField, Sequence[str]]) -> Query:
    """The tree of a query with filters given beside it. Raises as `find` does."""
    languages = tuple(filters.get(QueryField.LANGUAGE, ()))
    parts: list[Query] = []
    if text.strip() or not any(filters.values()):
        tree = read_query(text, languages[0] if len(languages) == 1 else None)
        parts.extend(tree.parts if isinstance(tree, And) else [tree])
    for field, values in filters.items():
        found = tuple(field_filter(field, value) for value in values)
        if found:
            parts.append(found[0] if len(found) == 1 else Or(found, (0, 0)))
    return parts[0] if len(parts) == 1 else And(tuple(parts), (0, len(text)))


def _kinds(query: Query) -> set[LayerKind]:
    """Kinds of text that are looked at."""
    asked_for = {one.value for one in filters_of(query) if one.field is QueryField.LAYER}
    return {kind for kind in LayerKind if not asked_for or {kind.value} == asked_for}


def _scope(tx: Transaction, query: Query) -> tuple[str | None, str | None, str | None]:
    """(channel, first day, last day) that every hit lies in; a channel where it can be one only."""
    bounds: dict[QueryField, list[PartialDate]] = {QueryField.AFTER: [], QueryField.BEFORE: []}
    channels = [one.name for one in tx.channels()]
    narrowed = False
    for one in filters_of(query):
        if one.field in bounds:
            bounds[one.field].append(PartialDate.parse(one.value))
        elif one.field is QueryField.CHANNEL:
            narrowed = True
            channels = [
                name
                for name in channels
                if passes(one, SentenceFacts("", name, "", LayerKind.SPEECH, ""))
            ]
    first, last = days(
        max(bounds[QueryField.AFTER], key=lambda one: one.value, default=None),
        min(bounds[QueryField.BEFORE], key=lambda one: one.value, default=None),
    )
    return (channels[0] if narrowed and len(channels) == 1 else None), first, last
