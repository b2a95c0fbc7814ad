"""What the index is asked for a query: one reading for `find`, for trying a standing query and for
the standing queries themselves, so that all three find the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from offair.model.errors import Unavailable
from offair.model.query import And, Filter, Not, Or, Query, QueryField
from offair.model.transcript import LayerKind
from offair.search import Shards
from offair.store import Transaction
from offair.text.query_evaluator import SentenceFacts, passes
from offair.text.query_parser import parse_query
from offair.text.query_particles import with_particles
from offair.text.query_spellings import Spellings as Variants
from offair.text.query_spellings import with_spellings
from offair.text.spellings import Spellings
from offair.text.tokenise import tokens

_NOWHERE = (0, 0)


def read_query(text: str, language: str | None = None) -> Query:
    """The tree of a query; where it asks for one language, its words are read as that one's.

    language: BCP 47 of its words, where that is said beside it. Raises `QueryError`.
    """
    tree = parse_query(text, language)
    named = one_language(tree)
    return tree if language is not None or named is None else parse_query(text, named)


def filters_of(query: Query) -> Iterator[Filter]:
    """The filters that every hit has to pass."""
    if isinstance(query, Filter):
        yield query
    elif isinstance(query, And):
        for part in query.parts:
            yield from filters_of(part)


def one_language(query: Query) -> str | None:
    """The language every hit is in, where the query says so."""
    named = {one.value for one in filters_of(query) if one.field is QueryField.LANGUAGE}
    return named.pop() if len(named) == 1 else None


def in_all_forms(query: Query, variants: Variants) -> Query:
    """The tree that asks for names in all their spellings, and for an Arabic or Hebrew word also
    with the particles written in one with it."""
    return with_particles(with_spellings(query, variants), one_language(query))


def spellings_of(tx: Transaction) -> Variants:
    """The spellings of the names list that stand for one another."""
    return Spellings.of(tx.names()).variants()


def refuse_unmade(tx: Transaction, shards: Shards, what: str) -> None:
    """Raise `Unavailable` where the desk has text and no index was made of it yet. what: what
    cannot be done, as the beginning of the sentence."""
    if not shards.applied and not shards.damaged and tx.last_change():
        raise Unavailable(
            f"{what}, because the index was not made yet; make it with `offair reindex`"
        )


class Withheld:
    """Who is withheld now. The index names whom it was made to name, and may be some changes
    behind; what is asked and shown goes through here, so that it says no such name meanwhile."""

    def __init__(self, tx: Transaction, shards: Shards) -> None:
        """Read the names: of persons always, of roles in one recording where the index is behind
        (a role of the same name in another recording may well be shown)."""
        hidden = [one.name for one in tx.withheld(0)]
        if shards.applied < tx.last_change():
            hidden += [one.speaker.name for one in tx.withholdings() if one.speaker.withheld]
        self._names = {_row(name): name for name in hidden if _row(name)}

    def hides(self, name: str) -> bool:
        """Whether this is the name of somebody who is withheld."""
        return bool(self._names) and _row(name) in self._names

    def asked(self, query: Query) -> Query:
        """The tree whose speaker filters find nobody who is withheld."""
        if not self._names:
            return query
        if isinstance(query, And | Or):
            return replace(query, parts=tuple(map(self.asked, query.parts)))
        if isinstance(query, Not):
            return replace(query, part=self.asked(query.part))
        if not isinstance(query, Filter) or query.field is not QueryField.SPEAKER:
            return query
        hidden = [
            Not(Filter(QueryField.SPEAKER, name, _NOWHERE), _NOWHERE)
            for name in self._names.values()
            if passes(query, SentenceFacts(name, "", "", LayerKind.SPEECH, ""))
        ]
        return And((query, *hidden), query.at) if hidden else query

    def shown(
        self, facets: Mapping[str, tuple[tuple[str, int], ...]]
    ) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """The facets with those who are withheld counted among the speakers not known."""
        speakers = facets.get(QueryField.SPEAKER.value, ())
        if not any(self.hides(name) for name, _ in speakers):
            return facets
        counts: dict[str, int] = {}
        for name, count in speakers:
            name = "" if self.hides(name) else name
            counts[name] = counts.get(name, 0) + count
        ordered = tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
        return {**facets, QueryField.SPEAKER.value: ordered}


def _row(name: str) -> tuple[str, ...]:
    return tuple(one.form for one in tokens(name))
