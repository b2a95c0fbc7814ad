"""What can be rebuilt: full text, the quotation index and the standing queries.

An index is a folder of immutable shards, each made of whole layers: a tantivy index (a document is
a sentence) and the files of the quotation index (word ids, suffix array, tables of sentences,
turns and layers). Everything in it comes from the catalogue and can be thrown away. One process
writes, under a lock in the folder; any number read. `search/index.py` implements the doors below;
`search/standing.py` files standing queries by their rarest word.

`Shards.map` runs a function on every shard, newest first, in this process; what it returns is
merged by the same code wherever the shards lie, so a fleet would need another `map` and nothing
else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from offair.model.query import Query
from offair.model.transcript import LayerKind, LayerOrigin

_T = TypeVar("_T")

UNDATED = ""
"""The airing date of a layer whose recording has none: found by no date filter, sorted last."""


@dataclass(frozen=True, slots=True)
class IndexedTurn:
    """A turn as the index takes it in.

    sentences: (id, char_start, char_end), sorted, covering every word. speaker: the name shown of
    whose words they are, empty where nobody knows, never that of a speaker who is withheld.
    """

    turn_id: int
    text: str
    sentences: tuple[tuple[int, int, int], ...]
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class IndexedLayer:
    """A layer as it stands at one change of the catalogue: the unit that is replaced as a whole.

    change: number of the newest change that concerns it; of two versions the greater counts.
    aired: ISO 8601 as far as it is known (`2023-05`), or `UNDATED`.
    """

    layer_id: int
    recording_id: int
    change: int
    kind: LayerKind
    origin: LayerOrigin
    language: str
    channel: str
    aired: str
    turns: tuple[IndexedTurn, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that a query found. score: BM25, 0 where hits stand newest first."""

    recording_id: int
    layer_id: int
    turn_id: int
    sentence_id: int
    kind: LayerKind
    language: str
    channel: str
    speaker: str
    aired: str
    score: float


@dataclass(frozen=True, slots=True)
class Hits:
    """What a query found.

    total: sentences that match, exact unless `total_at_least`. facets: by `speaker`, `channel`,
    `language` and `layer`, every value with its count of sentences, greatest first. timeline:
    (period, count) by `timeline_by` (`day`, `week`, `month`, `year`), oldest first, without the
    periods in which nothing was found; undated sentences count in none.
    """

    hits: tuple[Hit, ...]
    total: int
    total_at_least: bool
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    timeline: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """How a query is answered. newest_first: by airing date, else by BM25. after: skip so many.

    spellings: for a row of normal forms, other rows that stand for the same name. by: the period
    of the timeline, or None for neither facets nor timeline (much faster: shards are left out as
    soon as no better hit can come).
    """

    limit: int = 20
    after: int = 0
    newest_first: bool = True
    by: str | None = None
    spellings: Mapping[tuple[str, ...], Collection[tuple[str, ...]]] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: layers of these kinds, of these recordings, from day to day; None is all.

    first_day, last_day: `YYYY-MM-DD`, both included; an undated layer is in no such range.
    """

    kinds: Collection[LayerKind] | None = None
    recordings: Collection[int] | None = None
    first_day: str | None = None
    last_day: str | None = None
    without_recordings: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A place where words of a quotation stand close together: neighbouring turns of one layer.

    turn_ids: in order, with a margin around the words matched. sentences: how many. score: bits of
    the words matched less the edits, as the index estimates it. printed: range of the quotation's
    words that it touches, half-open. matched: indices of the words that stand there. words: from
    the first to the last word matched, half-open, counted from the beginning of the first turn
    (fillers left out), so that nobody needs to align all of a long turn.
    """

    recording_id: int
    layer_id: int
    kind: LayerKind
    aired: str
    turn_ids: tuple[int, ...]
    score: float
    printed: tuple[int, int]
    matched: tuple[int, ...]
    words: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Fragment:
    """The longest run of a quotation's words that stands somewhere as it is.

    first, last: range of its words, half-open; equal where no word of it was ever said. count:
    how often it stands there.
    """

    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the index proposes for one quotation: stretches, best first, and how rare each word is.

    counts: of each of the quotation's words in the scope's live words. words_searched: how many
    words that is. longest: in that scope.
    """

    stretches: tuple[Stretch, ...]
    counts: tuple[int, ...]
    words_searched: int
    longest: Fragment


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a row of words stands, or within so many edits of it.

    word_start, word_end: range of tokens in the turn where it begins, half-open; `word_end` may lie
    beyond the turn where the words go on in the next. edits: words changed, added or left out.
    """

    recording_id: int
    layer_id: int
    kind: LayerKind
    aired: str
    turn_id: int
    word_start: int
    word_end: int
    edits: int = 0


class Shard(Protocol):
    """One immutable part of an index."""

    @property
    def name(self) -> str:
        """The name of its folder."""
        ...

    @property
    def days(self) -> tuple[str, str]:
        """First and last airing date in it, `UNDATED` both where none is known."""
        ...

    @property
    def words(self) -> int:
        """Words in it, superseded ones too."""
        ...


class Shards(Protocol):
    """An index as it stood when it was opened, for reading."""

    @property
    def applied(self) -> int:
        """The newest change of the catalogue that it holds."""
        ...

    @property
    def words(self) -> Mapping[LayerKind, int]:
        """Live words by kind of layer."""
        ...

    @property
    def damaged(self) -> tuple[str, ...]:
        """Sentences about shards that cannot be read; what they held is not searched."""
        ...

    @property
    def troubles(self) -> Mapping[str, str]:
        """Name of each shard that cannot be read, and what is wrong with it."""
        ...

    def map(self, function: Callable[[Shard], _T]) -> list[_T]:
        """The function's result for every shard, newest first."""
        ...

    def find(self, query: Query, ask: Ask) -> Hits:
        """Answer a query. Raises `BadInput` (a tree that asks for everything but something)."""
        ...

    def propose(
        self,
        quotations: Sequence[Sequence[str]],
        scope: Scope,
        *,
        limit: int = 8,
        thorough: bool = False,
    ) -> Sequence[Proposal]:
        """For each quotation (its words' normal forms, fillers left out) where it may come from.

        An article's quotations go in one call. thorough: look at more places of frequent words.
        """
        ...

    def occurrences(
        self, forms: Sequence[str], scope: Scope, *, limit: int = 100
    ) -> tuple[int, Sequence[Occurrence]]:
        """How often these words stand in a row, exactly, and the first places by airing date."""
        ...

    def scan(
        self,
        forms: Sequence[str],
        edits: int,
        scope: Scope,
        *,
        limit: int = 100,
    ) -> tuple[int, Sequence[Occurrence]]:
        """Read every word of the scope: how many places lie within so many edits, and the best.

        Exact. Overlapping places count once. At most 1,024 words; raises `BadInput` beyond that.
        """
        ...

    def sentences_holding(
        self,
        words: Sequence[Collection[str]],
        weights: Sequence[float],
        scope: Scope,
        *,
        share: float,
        least: int,
        limit: int = 20,
    ) -> Sequence[Hit]:
        """The sentences that hold words of at least this share of all their weight, `least` of the
        words: the greatest share first, which is a hit's score.

        words: the forms of each, any of which counts; no form belongs to two. Exact for sentences
        of at most 64 words; in a longer one, words count that stand within 64 words of a rare one.
        At most 64 words; raises `BadInput` beyond that.
        """
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


class IndexWriter(Protocol):
    """The one writer of an index; threads may share it. Every method leaves the index whole, killed
    at any moment. Where the list of shards cannot be read (`Corrupt`), or another version of the
    tokeniser made the index (`Conflict`), everything but `start_over` raises that."""

    @property
    def made(self) -> bool:
        """Whether there is an index already, if only an empty one."""
        ...

    @property
    def applied(self) -> int:
        """The newest change of the catalogue that the index holds."""
        ...

    @property
    def building(self) -> int | None:
        """The change at which making the index from nothing began, while it is not whole."""
        ...

    @property
    def damaged(self) -> Mapping[str, str]:
        """Name of each shard whose files are not there in full size, and what is wrong; cheap."""
        ...

    def apply(self, layers: Iterable[IndexedLayer], gone: Collection[int], applied: int) -> None:
        """Take in these versions of layers (each layer once) as new shards, drop the layers that
        are gone, and note that the index now stands at this change. Doing it twice changes
        nothing. Each shard is kept as soon as it is written, the change is noted at the end."""
        ...

    def live(self, layers: Collection[int]) -> frozenset[int]:
        """Those of these layers that the index holds in some version."""
        ...

    def mergeable(self) -> Sequence[Sequence[str]]:
        """Groups of names of shards, neighbours in time, that had better be one; a group of one is
        to be written again without its dead words."""
        ...

    def layers_of(self, shards: Collection[str]) -> Sequence[int]:
        """The layers that live in these shards, by airing date, undated last; of a damaged shard
        too. Raises `Corrupt` where even that is lost, `Conflict` where there is no such shard."""
        ...

    def words_of(self, shards: Collection[str]) -> int:
        """Live words in these shards."""
        ...

    def replace(self, shards: Collection[str], layers: Iterable[IndexedLayer]) -> None:
        """Put new shards with these layers in place of the named ones; what lived there and is not
        among them is gone. Raises `Conflict` where one of them is no longer there."""
        ...

    def verify(self) -> Mapping[str, str]:
        """Read every file against its checksum: name of each damaged shard, and what is wrong."""
        ...

    def start_over(self, building: int | None = None) -> None:
        """Leave an empty index at change 0; the old shards are deleted. building: the change at
        which making it anew begins, known until a change is applied."""
        ...


class Index(Protocol):
    """An index folder. Making one touches no file."""

    @property
    def folder(self) -> Path:
        """Where it lies."""
        ...

    def open(self) -> Shards:
        """The shards as they stand now; the same object while nothing has changed. An index that
        was never made has no words. Raises `Corrupt` where the list of shards cannot be read,
        `Conflict` where another version of the tokeniser made it (rebuild it)."""
        ...

    def writer(self) -> AbstractContextManager[IndexWriter]:
        """The one writer, made where there is no folder. Raises `Conflict` where another process
        writes, `Unavailable` where the folder cannot be written."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...
