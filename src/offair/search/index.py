"""An index in a folder of this machine: `index.json`, a lock, and a folder of shards.

The list of shards is replaced as one act, so that a reader sees an index before or after a change
and nothing between; shards never change, and one that is no longer listed is deleted: who has it
mapped reads on. The folder must lie on a local disk, for its lock and its maps.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from offair.kernels.compiled import is_compiled
from offair.kernels.places import choose_chains
from offair.model.errors import Conflict, Corrupt, Unavailable
from offair.model.query import Query
from offair.model.transcript import LayerKind
from offair.search import Ask, Hit, Hits, Occurrence, Proposal, Scope, found, proposals
from offair.search import held_words as holding
from offair.search.index_writer import SHARDS, FolderIndexWriter
from offair.search.listing import Listing, live_layers, read_listing, stamp
from offair.search.manifest import Manifest, Table, read_table
from offair.search.open_shard import OpenShard, ShardFiles, open_files

_T = TypeVar("_T")
_LOCK = "writer.lock"
_TRIES = 20
"""How often the list is read again where shards vanish while they are opened: a writer merges."""


def _nobody(_: str) -> None:
    """Nobody is told."""


class FolderShards:
    """An index folder as it stood when it was opened; fulfils `offair.search.Shards`."""

    def __init__(
        self,
        listing: Listing,
        shards: Sequence[OpenShard],
        damaged: Mapping[str, str],
        notice: Callable[[str], None] = _nobody,
    ) -> None:
        """damaged: what is wrong with each shard that is not among `shards`. notice: is told what
        somebody waits for who asks."""
        self._notice = notice
        self._listing = listing
        self._shards = sorted(shards, key=lambda one: (one.days[1], one.name), reverse=True)
        self._troubles = damaged
        self._quotations = [one.quotation for one in self._shards]

    @property
    def applied(self) -> int:
        """The newest change of the catalogue that it holds."""
        return self._listing.applied

    @property
    def words(self) -> Mapping[LayerKind, int]:
        """Live words by kind of layer."""
        each = [one.live_words() for one in self._shards]
        return {kind: sum(one[kind] for one in each) for kind in LayerKind}

    @property
    def damaged(self) -> tuple[str, ...]:
        """Sentences about shards that cannot be read; what they held is not searched."""
        return tuple(
            f"shard {name} of the index is damaged and not searched: {trouble}; it is made anew "
            "from the catalogue by `offair reindex --verify`, or by the desk that runs"
            for name, trouble in self._troubles.items()
        )

    @property
    def troubles(self) -> Mapping[str, str]:
        """Name of each shard that cannot be read, and what is wrong with it."""
        return self._troubles

    @property
    def shards(self) -> Sequence[OpenShard]:
        """Every shard, newest first."""
        return self._shards

    def map(self, function: Callable[[OpenShard], _T]) -> list[_T]:
        """The function's result for every shard, newest first."""
        return [function(one) for one in self._shards]

    def find(self, query: Query, ask: Ask) -> Hits:
        """Answer a query. Raises `BadInput` (a tree that asks for everything but something)."""
        return found.find(self.map, query, ask)

    def propose(
        self,
        quotations: Sequence[Sequence[str]],
        scope: Scope,
        *,
        limit: int = 8,
        thorough: bool = False,
    ) -> Sequence[Proposal]:
        """For each quotation where it may come from; see the door."""
        if not is_compiled(choose_chains):
            self._notice(
                "the search is compiled for this machine; that takes some ten seconds, once after "
                "an installation"
            )
        return proposals.propose(
            self._quotations, quotations, scope, limit=limit, thorough=thorough
        )

    def occurrences(
        self, forms: Sequence[str], scope: Scope, *, limit: int = 100
    ) -> tuple[int, Sequence[Occurrence]]:
        """How often these words stand in a row, exactly, and the first places by airing date."""
        return proposals.occurrences(self._quotations, forms, scope, limit=limit)

    def scan(
        self, forms: Sequence[str], edits: int, scope: Scope, *, limit: int = 100
    ) -> tuple[int, Sequence[Occurrence]]:
        """Read every word of the scope; see the door."""
        return proposals.scan(self._quotations, forms, edits, scope, limit=limit)

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
        """The sentences that hold most of some words' weight; see the door."""
        return holding.sentences_holding(
            self._shards, words, weights, scope, share=share, least=least, limit=limit
        )

    def close(self) -> None:
        """Let go of the files; those that another opening shares stay mapped for it."""
        self._shards, self._quotations = [], []


class FolderIndex:
    """An index folder; fulfils `offair.search.Index`. Making one touches no file.

    May be shared by threads.
    """

    def __init__(self, folder: Path, notice: Callable[[str], None] = _nobody) -> None:
        """folder: of the index; need not exist. notice: is told, in a sentence, what somebody
        waits for who asks."""
        self.folder = folder
        self._notice = notice
        self._lock = threading.Lock()
        self._stamp: tuple[int, ...] | None = None
        self._opened: FolderShards | None = None
        self._files: dict[str, ShardFiles] = {}

    def open(self) -> FolderShards:
        """The shards as they stand now; the same object while nothing has changed.

        Costs one system call then; else only shards that are new are opened. A shard that cannot
        be read is named in `damaged`. Raises `Corrupt` where the list of shards cannot be read,
        `Conflict` where another version of the program or its tokeniser made it, `Unavailable`
        where the system lets no file be opened now.
        """
        with self._lock:
            for _ in range(_TRIES):
                now = stamp(self.folder)
                if self._opened is not None and now == self._stamp:
                    return self._opened
                opened = self._open(read_listing(self.folder))
                # Shards that vanished were merged meanwhile, unless the list still names them.
                if stamp(self.folder) == now:
                    self._opened, self._stamp = opened, now
                    return opened
            raise Unavailable(f"the index {self.folder} changes all the time; try again")

    def _open(self, listing: Listing) -> FolderShards:
        """Open what is listed and not open yet; let go of what is no longer listed."""
        damaged: dict[str, str] = {}
        files: dict[str, ShardFiles] = {}
        tables: list[tuple[Manifest, Table]] = []
        for shard in listing.shards:
            try:
                known = self._files.get(shard.name)
                files[shard.name] = known or open_files(self.folder / SHARDS, shard)
                tables.append((shard, files[shard.name].table))
            except Corrupt as error:
                damaged[shard.name] = str(error)
                # Its table still says which versions elsewhere are out of date.
                try:
                    tables.append((shard, read_table(self.folder / SHARDS, shard)))
                except Corrupt:
                    continue
        before = {} if self._opened is None else {one.name: one for one in self._opened.shards}
        shards: list[OpenShard] = []
        masks = live_layers([table for _, table in tables], listing.gone)
        for (shard, _), live in zip(tables, masks, strict=True):
            if shard.name not in files:
                continue
            known_shard = before.get(shard.name)
            if known_shard is not None and np.array_equal(known_shard.live, live):
                shards.append(known_shard)
            else:
                shards.append(OpenShard(files[shard.name], live))
        self._files = files
        return FolderShards(listing, shards, damaged, self._notice)

    @contextmanager
    def writer(self) -> Iterator[FolderIndexWriter]:
        """The one writer, made where there is no folder. Raises `Conflict` where another process
        writes, `Unavailable` where the folder cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise Unavailable(
                f"the index {self.folder} cannot be written ({error.strerror}); check its rights"
            ) from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Conflict(
                    f"another process writes the index {self.folder}; it brings it up to date, or "
                    "wait until it has ended"
                ) from error
            yield FolderIndexWriter(self.folder)
        finally:
            os.close(handle)

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
            self._opened, self._stamp, self._files = None, None, {}
