"""What all shards of an index found, as one answer.

Newest first, a shard is not asked for hits where enough of them are newer than all it holds; it is
still counted where counts are asked for. By BM25 the scores of several shards stand side by side as
they are: each weighs a word by how many of its own sentences have it, so a word that is common in
one shard and rare in another counts for more in the other. Counts are of sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from operator import itemgetter

from offair.model.errors import BadInput
from offair.model.query import Query
from offair.search import UNDATED, Ask, Hits
from offair.search.full_text import FACETS, PERIODS, Counts, ShardHit, aired_code, period_name
from offair.search.open_shard import OpenShard
from offair.text.query_spellings import with_spellings
from offair.text.word_ids import form_hash

_COUNT = itemgetter(1)
MOST_HITS = 10_000
"""The most hits that can be gone through, those passed over included."""


def find(shards: Callable[[Callable[[OpenShard], None]], object], query: Query, ask: Ask) -> Hits:
    """Answer a query. shards: calls a function for every shard, newest first.

    Raises `BadInput` (a limit out of range, an unknown period, a prefix for too many words).
    """
    if ask.limit < 0 or ask.after < 0:
        raise BadInput("a number of hits to show or to pass over is never below 0")
    if ask.limit + ask.after > MOST_HITS:
        raise BadInput(
            f"only the first {MOST_HITS} hits can be gone through; narrow the query by date "
            "(after:, before:) or by speaker"
        )
    if ask.by is not None and ask.by not in PERIODS:
        raise BadInput(f"mentions are counted by {', '.join(PERIODS)}, not by {ask.by!r}")
    tree = with_spellings(query, ask.spellings) if ask.spellings else query
    gathered = _Gathered(tree, ask)
    shards(gathered.add)
    return gathered.hits()


class _Gathered:
    """The answer so far."""

    def __init__(self, query: Query, ask: Ask) -> None:
        self._query = query
        self._ask = ask
        self._wanted = ask.limit + ask.after
        self._hits: list[tuple[float, int, ShardHit]] = []
        self._total = 0
        self._left_out = False
        self._facets: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        self._periods: Counter[int] = Counter()
        self._shards = 0

    def add(self, shard: OpenShard) -> None:
        """Ask one shard."""
        hits_needed = self._wanted > 0 and not self._enough(shard)
        if not hits_needed and self._ask.by is None and self._wanted:
            self._left_out = True
            return
        prepared = shard.full_text.prepare(
            self._query,
            dead=shard.dead,
            crossing=lambda forms: _crossing(shard, forms),
            columns=shard.quotation.columns,
            ranked=not self._ask.newest_first,
        )
        if self._ask.by is not None or not hits_needed:
            self._count(shard.full_text.count(prepared, self._ask.by))
        if hits_needed:
            found, count = shard.full_text.best(
                prepared, self._wanted, newest_first=self._ask.newest_first
            )
            self._total += count if self._ask.by is None else 0
            place = self._shards
            self._hits.extend((-one.order, place, one) for one in found)
            self._hits.sort(key=lambda entry: entry[:2])
            del self._hits[self._wanted :]
        self._shards += 1

    def _enough(self, shard: OpenShard) -> bool:
        """Whether every hit still wanted is newer than all of a shard."""
        if not self._ask.newest_first or len(self._hits) < self._wanted:
            return False
        return _day(self._hits[-1][2].hit.aired) > _day(shard.days[1])

    def _count(self, counts: Counts) -> None:
        self._total += counts.total
        for name, values in counts.facets.items():
            self._facets[name].update(values)
        self._periods.update(counts.periods)

    def hits(self) -> Hits:
        """The whole answer."""
        facets = {name: _ordered(values) for name, values in self._facets.items()}
        return Hits(
            hits=tuple(one.hit for _, _, one in self._hits[self._ask.after :]),
            total=self._total,
            total_at_least=self._left_out,
            facets=facets if self._ask.by is not None else {},
            timeline=self._timeline(self._ask.by) if self._ask.by else (),
        )

    def _timeline(self, by: str) -> tuple[tuple[str, int], ...]:
        rows = sorted(self._periods.items())
        names = map(period_name, map(itemgetter(0), rows), repeat(by))
        return tuple(zip(names, map(_COUNT, rows), strict=True))


def _ordered(values: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Values by their counts, greatest first, then by name."""
    # Two sorts without a function of ours: a facet has thousands of speakers.
    rows = sorted(values.items())
    rows.sort(key=_COUNT, reverse=True)
    return tuple(rows)


def _crossing(shard: OpenShard, forms: Sequence[str]) -> Sequence[int]:
    found = shard.quotation.sentence_rows([form_hash(form) for form in forms], crossing=True)
    rows: list[int] = found.tolist()
    return rows


def _day(aired: str) -> int:
    return aired_code(aired) // 4 if aired != UNDATED else 0
