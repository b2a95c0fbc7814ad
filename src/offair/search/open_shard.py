"""A shard that is open for reading: what every part of the search is handed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from offair.model.errors import Corrupt
from offair.model.transcript import LayerKind
from offair.search.full_text import FullTextShard
from offair.search.manifest import (
    KINDS,
    QUOTATION,
    TEXT,
    Manifest,
    Table,
    check_sizes,
    read_table,
    unreadable,
)
from offair.search.quotation_files import QuotationShard


@dataclass(frozen=True, slots=True)
class ShardFiles:
    """The files of a shard, mapped; shared by every `OpenShard` of it."""

    manifest: Manifest
    table: Table
    quotation: QuotationShard
    full_text: FullTextShard


class OpenShard:
    """A shard as it stands in one opening of the index; fulfils `offair.search.Shard`.

    files: mapped. live: bool, one for each layer in the order of the shard: whether it counts; one
    that was replaced or is gone does not. quotation: its quotation index, of live layers.
    full_text: its full text, of all layers. dead: the layers in it that do not count, sorted.
    """

    __slots__ = ("dead", "files", "full_text", "live", "quotation")

    def __init__(self, files: ShardFiles, live: NDArray[np.bool_]) -> None:
        """files: of one shard. live: as above."""
        self.files = files
        self.live = live
        self.quotation = files.quotation.only(live)
        self.full_text = files.full_text
        self.dead: tuple[int, ...] = tuple(sorted(files.table["layer"][~live].tolist()))

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.files.manifest.name

    @property
    def days(self) -> tuple[str, str]:
        """First and last airing date in it, `UNDATED` both where none is known."""
        return self.files.manifest.days

    @property
    def words(self) -> int:
        """Words in it, superseded ones too."""
        return self.files.manifest.words

    @property
    def table(self) -> Table:
        """Its table of layers (`LAYER_ROW`), superseded ones too."""
        return self.files.table

    def live_words(self) -> dict[LayerKind, int]:
        """Words that count, by kind of layer."""
        table = self.files.table
        return {
            kind: int(table["words"][self.live & (table["kind"] == place)].sum())
            for place, kind in enumerate(KINDS)
        }


def open_files(folder: Path, manifest: Manifest) -> ShardFiles:
    """Map the files of a shard in the folder of shards. Raises `Corrupt` with what is wrong,
    `Unavailable` where the system lets no file be opened now."""
    check_sizes(folder, manifest)
    table = read_table(folder, manifest)
    place = folder / manifest.name
    try:
        quotation, full_text = QuotationShard(place / QUOTATION), FullTextShard(place / TEXT)
    except OSError as error:
        raise unreadable(error, "a file of it") from error
    except (ValueError, KeyError) as error:
        raise Corrupt(f"its files cannot be opened ({error})") from error
    if not np.array_equal(quotation.layer_ids, table["layer"]):
        raise Corrupt("its table of layers is that of another shard")
    return ShardFiles(manifest, table, quotation, full_text)
