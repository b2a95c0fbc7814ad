"""Standing queries: thousands of saved queries asked of every new sentence.

An index turned round: each query is filed under the rarest word that every sentence it matches
must hold, and only the queries filed under a sentence's words are evaluated. A phrase that goes on
in the next sentence has its last word of the one beside its first word of the other, so queries
with phrases are filed under each two words in a row of them too, and each end of a sentence looks
up one such pair. Queries that are the same but for their labels are evaluated once.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from offair.model.query import And, Near, Not, Or, Phrase, Prefix, Query, Term
from offair.text.query_evaluator import SentenceFacts, evaluate

_NOWHERE = (0, 0)
_GUESSED_MOST = 1 << 16
"""How often a word of one letter is taken to stand where nobody has counted; half for each more."""
_PREFIX_TIMES = 8
"""How many times as often as a word of its length the beginning of one is taken to stand."""

_Key = Term | Prefix
"""A single word, or the beginning of one."""


class StandingQueries:
    """Saved queries, filed; to be made anew when one is added or removed."""

    def __init__(
        self,
        watches: Sequence[tuple[int, Query]],
        *,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        """watches: (id, tree), trees with the spellings of names already in them
        (`text.query_spellings`). counts: how often normal forms stand in the archive; a word that
        is not counted is taken for the rarer the longer it is."""
        self._counts = dict(counts or {})
        self._sorted = sorted(self._counts)
        self._words: dict[str, list[int]] = defaultdict(list)
        self._stems: dict[str, list[int]] = defaultdict(list)
        self._pairs: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._always: list[int] = []
        self._reach = 0
        self._queries: list[Query] = []
        self._ids: list[list[int]] = []
        self._needed: list[frozenset[str]] = []
        self._words_alone: list[bool] = []
        places: dict[Query, int] = {}
        for watch_id, query in watches:
            bare = _bare(query)
            place = places.get(bare)
            if place is None:
                place = places[bare] = len(self._queries)
                self._queries.append(bare)
                self._ids.append([])
                self._needed.append(_needed(bare))
                self._words_alone.append(_words_alone(bare))
                self._file(place, bare)
            self._ids[place].append(watch_id)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})

    def __len__(self) -> int:
        """How many different queries there are."""
        return len(self._queries)

    @property
    def always_asked(self) -> int:
        """Queries that no word calls up (filters alone): evaluated for every sentence."""
        return len(self._always)

    @property
    def reach(self) -> int:
        """How many words after a sentence decide what it answers: one less than the longest
        phrase has."""
        return self._reach

    def matches(
        self, forms: Sequence[str], facts: SentenceFacts, following: Sequence[str] = ()
    ) -> tuple[int, ...]:
        """Ids of the standing queries that a sentence answers, ascending.

        forms: its tokens' normal forms in order, fillers left out. following: those of the next
        `reach` words of the layer, fewer at its end.
        """
        there = frozenset(forms)
        called = self._called_up(there)
        crossing: Set[int] = frozenset()
        if forms and following:
            crossing = self._pairs.get((forms[-1], following[0]), crossing)
            called |= crossing
        found: list[int] = []
        for place in called:
            if place not in crossing and not self._needed[place] <= there:
                continue
            if self._words_alone[place] or evaluate(self._queries[place], forms, facts, following):
                found.extend(self._ids[place])
        return tuple(sorted(found))

    def called_up(self, there: frozenset[str]) -> tuple[int, ...]:
        """Ids of the queries filed under one of these words, ascending: those that are looked at
        for a sentence that holds them."""
        return tuple(sorted(one for place in self._called_up(there) for one in self._ids[place]))

    def _called_up(self, there: frozenset[str]) -> set[int]:
        called = set(self._always)
        for form in there:
            filed = self._words.get(form)
            if filed:
                called.update(filed)
            for length in self._stem_lengths:
                if length > len(form):
                    break
                begun = self._stems.get(form[:length])
                if begun:
                    called.update(begun)
        return called

    def _file(self, place: int, query: Query) -> None:
        for phrase in _phrases(query):
            self._reach = max(self._reach, len(phrase.forms) - 1)
            for pair in pairwise(phrase.forms):
                self._pairs[pair].add(place)
        keys = self._required(query)
        if keys is None:
            self._always.append(place)
            return
        for key in set(keys):
            if isinstance(key, Prefix):
                self._stems[key.stem].append(place)
            else:
                self._words[key.forms[0]].append(place)

    def _required(self, query: Query) -> tuple[_Key, ...] | None:
        """Words of which every sentence that answers the query holds one at least, or None where
        it may hold any words."""
        if isinstance(query, Term | Phrase):
            rarest = min(query.forms, key=self._count)
            return (Term((rarest,), _NOWHERE),)
        if isinstance(query, Prefix):
            return (query,)
        if isinstance(query, Near):
            return self._rarest((query.left, query.right))
        if isinstance(query, And):
            return self._rarest(query.parts)
        if isinstance(query, Or):
            every = [self._required(part) for part in query.parts]
            return None if None in every else tuple(key for keys in every for key in keys or ())
        return None

    def _rarest(self, parts: Sequence[Query]) -> tuple[_Key, ...] | None:
        found = [keys for keys in map(self._required, parts) if keys is not None]
        return min(found, key=lambda keys: sum(map(self._times, keys)), default=None)

    def _times(self, key: _Key) -> int:
        if isinstance(key, Term):
            return self._count(key.forms[0])
        counted = sum(self._counts[form] for form in self._beginning(key.stem))
        return max(counted, _PREFIX_TIMES * _guessed(key.stem))

    def _count(self, form: str) -> int:
        return self._counts.get(form, 0 if self._counts else _guessed(form))

    def _beginning(self, stem: str) -> Iterator[str]:
        for place in range(bisect.bisect_left(self._sorted, stem), len(self._sorted)):
            if not self._sorted[place].startswith(stem):
                return
            yield self._sorted[place]


def _phrases(query: Query) -> Iterator[Phrase]:
    """The phrases that may go on in the next sentence."""
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from _phrases(part)
    elif isinstance(query, Not):
        yield from _phrases(query.part)
    elif isinstance(query, Phrase):
        yield query


def _needed(query: Query) -> frozenset[str]:
    """Words that every sentence holds which answers the query, where no phrase of it goes on in
    the next."""
    if isinstance(query, Term | Phrase):
        return frozenset(query.forms)
    if isinstance(query, Near):
        return _needed(query.left) | _needed(query.right)
    if isinstance(query, And):
        return frozenset[str]().union(*map(_needed, query.parts))
    if isinstance(query, Or):
        return frozenset.intersection(*map(_needed, query.parts))
    return frozenset()


def _words_alone(query: Query) -> bool:
    """Whether a sentence that holds the words it needs answers the query."""
    if isinstance(query, And):
        return all(map(_words_alone, query.parts))
    return isinstance(query, Term | Phrase) and len(query.forms) == 1


def _guessed(form: str) -> int:
    return _GUESSED_MOST >> min(len(form), 15)


def _bare(query: Query) -> Query:
    """The tree without the places where it was typed."""
    if isinstance(query, And | Or):
        return replace(query, parts=tuple(map(_bare, query.parts)), at=_NOWHERE)
    if isinstance(query, Not):
        return replace(query, part=_bare(query.part), at=_NOWHERE)
    if isinstance(query, Near):
        left, right = (replace(side, at=_NOWHERE) for side in (query.left, query.right))
        return replace(query, left=left, right=right, at=_NOWHERE)
    return replace(query, at=_NOWHERE)
