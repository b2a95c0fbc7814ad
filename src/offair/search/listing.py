"""The list of shards, `index.json`: what is in it counts, nothing else; replaced as one act."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offair.model.errors import Conflict, Corrupt
from offair.search.manifest import FORMAT, Manifest, Table, sync_folder, unreadable, write_whole
from offair.text.tokenise import TOKENISER_VERSION

FILE = "index.json"


@dataclass(frozen=True, slots=True)
class Listing:
    """An index as it stands.

    applied: the newest change of the catalogue that it holds. building: while it is made from
    nothing, the change at which that began; else None. gone: layer id → the change at which it
    left; a version of that change or an older one is dead.
    """

    applied: int = 0
    building: int | None = None
    shards: tuple[Manifest, ...] = ()
    gone: Mapping[int, int] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Replace the list in `folder`; whole at any moment. Raises `OSError`."""
        said = {
            "format": FORMAT,
            "tokeniser": TOKENISER_VERSION,
            "applied": self.applied,
            "building": self.building,
            "shards": [one.as_json() for one in self.shards],
            "gone": sorted(self.gone.items()),
        }
        fresh = folder / f"{FILE}.new"
        write_whole(fresh, json.dumps(said).encode())
        fresh.replace(folder / FILE)
        sync_folder(folder)


def read_listing(folder: Path) -> Listing:
    """The list in `folder`; an empty one where there is no index.

    Raises `Corrupt` where it cannot be read, `Unavailable` where the system gives no file now,
    `Conflict` where another version of the program or of the tokeniser made the index.
    """
    path = folder / FILE
    try:
        said: Any = json.loads(path.read_bytes())
        if (said["format"], said["tokeniser"]) != (FORMAT, TOKENISER_VERSION):
            raise Conflict(
                f"the index {folder} was made by another version of the program (format "
                f"{said['format']}, tokeniser {said['tokeniser']}; this one has {FORMAT} and "
                f"{TOKENISER_VERSION}); run `offair reindex`"
            )
        building = said["building"]
        return Listing(
            applied=int(said["applied"]),
            building=None if building is None else int(building),
            shards=tuple(Manifest.of_json(one) for one in said["shards"]),
            gone={int(layer): int(change) for layer, change in said["gone"]},
        )
    except FileNotFoundError:
        return Listing()
    except OSError as error:
        raise unreadable(error, f"the list of shards {path}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Corrupt(
            f"the list of shards {path} is damaged; `offair reindex` makes the index anew from "
            "the catalogue"
        ) from error


def stamp(folder: Path) -> tuple[int, ...]:
    """Changes whenever the list is replaced; empty where there is none. Costs one system call."""
    try:
        found = (folder / FILE).stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_ino, found.st_size)


def live_layers(tables: Sequence[Table], gone: Mapping[int, int]) -> list[NDArray[np.bool_]]:
    """For each shard's table, which of its rows count.

    Of several versions of a layer the one of the greatest change counts, of equal ones that in the
    later shard; a layer that is gone counts in none.
    """
    if not tables:
        return []
    sizes = [len(one) for one in tables]
    layer = np.concatenate([one["layer"] for one in tables])
    change = np.concatenate([one["change"] for one in tables])
    order = np.lexsort((np.arange(len(layer)), change, layer))
    sorted_layers = layer[order]
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = sorted_layers[1:] != sorted_layers[:-1]
    live = np.zeros(len(order), dtype=np.bool_)
    live[order[last]] = True
    if gone:
        ids = np.fromiter(gone.keys(), np.int64, len(gone))
        left = np.fromiter(gone.values(), np.int64, len(gone))
        by_id = np.argsort(ids)
        ids, left = ids[by_id], left[by_id]
        place = np.minimum(np.searchsorted(ids, layer), len(ids) - 1)
        live &= ~((ids[place] == layer) & (change <= left[place]))
    return np.split(live, np.cumsum(sizes)[:-1])
