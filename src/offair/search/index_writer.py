"""The one writer of an index folder; fulfils `offair.search.IndexWriter`."""

from __future__ import annotations

import itertools
import secrets
import shutil
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from offair.model.errors import Conflict, Corrupt, Unavailable
from offair.search import UNDATED, IndexedLayer
from offair.search.full_text import write_full_text
from offair.search.listing import Listing, live_layers, read_listing, stamp
from offair.search.manifest import (
    LAYERS,
    QUOTATION,
    TEXT,
    UNFINISHED,
    LayerFacts,
    Manifest,
    Table,
    check_bytes,
    check_sizes,
    read_table,
    seal,
    table_of,
)
from offair.search.merging import SHARD_WORDS, Sized, groups
from offair.search.one_stream import hand_out
from offair.search.quotation_files import write_quotation_index
from offair.search.shard import TokenisedLayer, tokenised
from offair.text.word_ids import WordTable

SHARDS = "shards"
"""The folder of shards in the folder of the index."""
_Known = tuple[Manifest, Table, NDArray[np.bool_]]


class FolderIndexWriter:
    """Writes an index folder. The caller holds the folder's lock; threads may share one writer."""

    def __init__(self, folder: Path, *, shard_words: int = SHARD_WORDS) -> None:
        """shard_words: a shard is closed at so many."""
        self._folder = folder
        self._shards = folder / SHARDS
        self._shard_words = shard_words
        self._lock = threading.RLock()
        self._tables: dict[str, Table] = {}
        self._masks: Mapping[str, _Known] | None = None
        self._writing: set[str] = set()
        self._trouble: Conflict | Corrupt | None = None
        self._listing = Listing()
        try:
            self._shards.mkdir(parents=True, exist_ok=True)
            self._listing = read_listing(folder)
            self._sweep()
        except OSError as error:
            raise _not_writable(folder, error) from error
        except (Conflict, Corrupt) as error:
            self._trouble = error

    @property
    def made(self) -> bool:
        """Whether there is an index already, if only an empty one."""
        return bool(stamp(self._folder))

    @property
    def applied(self) -> int:
        """The newest change of the catalogue that the index holds. Raises `Conflict` or `Corrupt`
        where only `start_over` helps, as every method does."""
        return self._known().applied

    @property
    def building(self) -> int | None:
        """The change at which making the index from nothing began, while it is not whole."""
        return self._known().building

    @property
    def damaged(self) -> Mapping[str, str]:
        """Name of each shard whose files are not there in full size, and what is wrong."""
        return self._troubles(full=False)

    def verify(self) -> Mapping[str, str]:
        """Read every file against its checksum: name of each damaged shard, and what is wrong."""
        return self._troubles(full=True)

    def apply(self, layers: Iterable[IndexedLayer], gone: Collection[int], applied: int) -> None:
        """Take in these versions of layers, drop the layers that are gone, and note that the index
        now stands at this change. Doing it twice changes nothing.

        More words than a shard takes become several; each is kept as soon as it is written, the
        change is noted at the end. Raises `Unavailable` where the folder cannot be written."""
        self._known()
        stream = iter(layers)
        left = dict.fromkeys(gone, applied)
        while (first := next(stream, None)) is not None:
            fresh, empty = self._write(itertools.chain([first], stream))
            left.update(empty)
            self._commit(add=fresh)
        self._commit(gone=left, applied=applied)

    def live(self, layers: Collection[int]) -> frozenset[int]:
        """Those of these layers that the index holds in some version."""
        with self._lock:
            known = self._live()
        wanted = np.fromiter(layers, np.int64, len(layers))
        held = [wanted[np.isin(wanted, table["layer"][mask])] for _, table, mask in known.values()]
        return frozenset(int(one) for row in held for one in row)

    def mergeable(self) -> Sequence[Sequence[str]]:
        """Groups of names of shards, neighbours in time, that had better be one; a group of one is
        to be written again without its dead words. Damaged shards are in none."""
        with self._lock:
            known = self._live()
            shards = {one.name: one for one in self._known().shards}
        bad = self.damaged
        return groups(
            [
                Sized(name, shards[name].days, int(table["words"][mask].sum()), shards[name].words)
                for name, (_, table, mask) in known.items()
                if name not in bad
            ],
            self._shard_words,
        )

    def layers_of(self, shards: Collection[str]) -> Sequence[int]:
        """The layers that live in these shards, by airing date, undated last. Raises `Corrupt`
        where the table of layers of a damaged shard is lost too."""
        with self._lock:
            known = self._live()
        rows: list[tuple[bool, str, int]] = []
        for name in shards:
            if name not in known:
                raise self._lost(name)
            _, table, mask = known[name]
            for row in table[mask]:
                aired = row["aired"].decode()
                rows.append((aired == UNDATED, aired, int(row["layer"])))
        return [layer for _, _, layer in sorted(rows)]

    def words_of(self, shards: Collection[str]) -> int:
        """Live words in these shards."""
        with self._lock:
            known = self._live()
        rows = (known[name] for name in shards if name in known)
        return sum(int(table["words"][mask].sum()) for _, table, mask in rows)

    def replace(self, shards: Collection[str], layers: Iterable[IndexedLayer]) -> None:
        """Put new shards with these layers in place of the named ones. Raises `Conflict` where one
        of them is no longer there."""
        self._known()
        stream = iter(layers)
        fresh: list[tuple[Manifest, Table]] = []
        left: dict[int, int] = {}
        while (first := next(stream, None)) is not None:
            more, empty = self._write(itertools.chain([first], stream))
            fresh += more
            left.update(empty)
        self._commit(remove=shards, add=fresh, gone=left)

    def start_over(self, building: int | None = None) -> None:
        """Leave an empty index at change 0; the old shards are deleted. building: the change at
        which making it anew begins, known until a greater change is applied."""
        with self._lock:
            self._trouble = None
            self._tables.clear()
            self._masks = None
            self._listing = Listing(building=building)
            try:
                self._listing.write(self._folder)
                self._sweep()
            except OSError as error:
                raise _not_writable(self._folder, error) from error

    def _known(self) -> Listing:
        if self._trouble is not None:
            raise self._trouble
        return self._listing

    def _troubles(self, *, full: bool) -> Mapping[str, str]:
        """What a check says of each shard, where it says something."""
        run = check_bytes if full else check_sizes
        found: dict[str, str] = {}
        for shard in self._known().shards:
            try:
                run(self._shards, shard)
            except Corrupt as error:
                found[shard.name] = str(error)
        return found

    def _write(
        self, layers: Iterator[IndexedLayer]
    ) -> tuple[list[tuple[Manifest, Table]], dict[int, int]]:
        """Write one shard of the next layers of a stream, no further than it takes.

        Returns it, none where no layer has a word; and of each layer without words the change."""
        name = secrets.token_hex(6)
        place = self._shards / f"{name}{UNFINISHED}"
        words = WordTable()
        rows: list[LayerFacts] = []
        empty: dict[int, int] = {}
        ready = _with_words(tokenised(layers, words, most=self._shard_words), rows, empty)
        first = next(ready, None)
        if first is None:
            return [], empty
        self._writing.add(name)
        try:
            for folder in (QUOTATION, TEXT):
                (place / folder).mkdir(parents=True)
            hand_out(
                itertools.chain([first], ready),
                [
                    lambda taken: write_quotation_index(place / QUOTATION, taken, words),
                    lambda taken: write_full_text(place / TEXT, taken, words),
                ],
            )
            table = table_of(rows)
            return [(seal(self._shards, name, table), table)], empty
        except OSError as error:
            raise _not_writable(self._folder, error) from error
        finally:
            shutil.rmtree(place, ignore_errors=True)
            self._writing.discard(name)

    def _commit(
        self,
        *,
        remove: Collection[str] = (),
        add: Sequence[tuple[Manifest, Table]] = (),
        gone: Mapping[int, int] | None = None,
        applied: int | None = None,
    ) -> None:
        """The one act that changes the index: a new list of shards; then old folders are deleted.

        Layers that lived in a removed shard and stand in no new one are gone."""
        with self._lock:
            before = self._known()
            there = {one.name for one in before.shards}
            self._tables.update((shard.name, table) for shard, table in add)
            if not there.issuperset(remove):
                self._delete([shard.name for shard, _ in add])
                raise Conflict(
                    f"shards of the index {self._folder} were replaced meanwhile; look again"
                )
            left = dict(before.gone)
            for layer, change in (gone or {}).items():
                left[layer] = max(change, left.get(layer, change))
            again = {int(one) for _, table in add for one in table["layer"]}
            known = self._live()
            for name in set(remove) & known.keys():
                _, table, mask = known[name]
                for row in table[mask]:
                    layer, change = int(row["layer"]), int(row["change"])
                    if layer not in again:
                        left[layer] = max(change, left.get(layer, change))
            kept = [one for one in before.shards if one.name not in remove]
            after = replace(
                before, shards=(*kept, *(shard for shard, _ in add)), gone=left,
                applied=before.applied if applied is None else applied,
                building=None if applied else before.building,
            )  # fmt: skip
            after = self._without_dead(after)
            try:
                after.write(self._folder)
            except OSError as error:
                raise _not_writable(self._folder, error) from error
            self._listing, self._masks = after, None
            self._delete(there.union(shard.name for shard, _ in add) - {
                one.name for one in after.shards
            })  # fmt: skip

    def _without_dead(self, listing: Listing) -> Listing:
        """Without shards in which nothing lives, nor what is noted of layers in no shard."""
        known = self._masks_of(listing)
        shards = tuple(
            one for one in listing.shards if one.name not in known or known[one.name][2].any()
        )
        if any(one.name not in known for one in shards):
            return replace(listing, shards=shards)
        tables = [known[one.name][1] for one in shards]
        oldest: dict[int, int] = {}
        noted = np.fromiter(listing.gone, np.int64, len(listing.gone))
        for table in tables:
            for row in table[np.isin(table["layer"], noted)]:
                layer, change = int(row["layer"]), int(row["change"])
                oldest[layer] = min(change, oldest.get(layer, change))
        gone = {
            layer: change
            for layer, change in listing.gone.items()
            if layer in oldest and oldest[layer] <= change
        }
        return replace(listing, shards=shards, gone=gone)

    def _live(self) -> Mapping[str, _Known]:
        if self._masks is None:
            self._masks = self._masks_of(self._known())
        return self._masks

    def _masks_of(self, listing: Listing) -> dict[str, _Known]:
        """Every shard of a list whose table can be read, with it and what lives in it."""
        known: list[tuple[Manifest, Table]] = []
        for shard in listing.shards:
            if shard.name not in self._tables:
                try:
                    self._tables[shard.name] = read_table(self._shards, shard)
                except Corrupt:
                    continue
            known.append((shard, self._tables[shard.name]))
        masks = live_layers([table for _, table in known], listing.gone)
        return {
            shard.name: (shard, table, mask)
            for (shard, table), mask in zip(known, masks, strict=True)
        }

    def _lost(self, name: str) -> Conflict | Corrupt:
        if any(one.name == name for one in self._known().shards):
            return Corrupt(
                f"the table of layers of shard {name} of the index {self._folder} is lost; "
                "`offair reindex` makes the index anew from the catalogue"
            )
        return Conflict(f"the index {self._folder} has no shard {name} any more; look again")

    def _sweep(self) -> None:
        """Delete what a killed writer left: everything in the folder of shards not in the list."""
        known = {one.name for one in self._listing.shards} | self._writing
        found = {one.name.split(".", 1)[0] for one in self._shards.iterdir()}
        self._delete(found - known, unfinished=True)

    def _delete(self, names: Collection[str], *, unfinished: bool = False) -> None:
        # Readers that have the files mapped go on reading them.
        for name in names:
            self._tables.pop(name, None)
            shutil.rmtree(self._shards / name, ignore_errors=True)
            (self._shards / f"{name}.{LAYERS}").unlink(missing_ok=True)
            if unfinished:
                shutil.rmtree(self._shards / f"{name}{UNFINISHED}", ignore_errors=True)


def _with_words(
    layers: Iterable[TokenisedLayer], rows: list[LayerFacts], empty: dict[int, int]
) -> Iterator[TokenisedLayer]:
    """The layers that have a word, noted in `rows`; the others are noted in `empty`."""
    for one in layers:
        layer = one.layer
        if len(one.ids) == 0:
            empty[layer.layer_id] = layer.change
            continue
        rows.append(
            (
                layer.layer_id, layer.recording_id, layer.change, len(one.ids), layer.kind,
                layer.aired,
            )
        )  # fmt: skip
        yield one


def _not_writable(folder: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"the index {folder} cannot be written ({error.strerror or error}); check its rights and "
        "the room on its disk"
    )
