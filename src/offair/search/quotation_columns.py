"""The columns of one shard's quotation index, and their files.

A folder holds one file of little-endian numbers for each column and `quotation.json`, which says
how many numbers each has. Layers stand one after another, a separator (id 0) before the first and
after each; a word's id is 1 + the rank of its form's 64-bit hash, so that the sorted hashes are
the dictionary.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from offair.kernels.counting import count_layers
from offair.kernels.suffixes import SEPARATOR, sort_suffixes
from offair.model.errors import BadInput, Corrupt
from offair.model.transcript import LayerKind

if TYPE_CHECKING:
    from offair.search.shard import TokenisedLayer
    from offair.text.word_ids import WordTable

MOST_WORDS = 1 << 31
"""A shard with more words is refused: places are 32-bit numbers."""

KINDS: tuple[LayerKind, ...] = tuple(LayerKind)
"""Kinds of layers; a layer's `kind` is an index into it, a word of `KIND_NAMES` on disk."""

_VERSION = 1
_HEADER = "quotation.json"
_REMAPPED = 1 << 22

LAYER = np.dtype(
    [
        ("layer_id", "<i8"),
        ("recording_id", "<i8"),
        ("change", "<i8"),
        ("first_turn_id", "<i8"),
        ("first_turn", "<u4"),
        ("first_day", "<i4"),
        ("last_day", "<i4"),
        ("kind", "S16"),
        ("aired", "S32"),
    ]
)
"""A layer. first_turn: its row in the table of turns; first_turn_id: the least of its turns' ids.
Days are yyyymmdd, the first and last that `aired` may mean, 0 where it says none."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A quotation index as arrays, read-only.

    words: u32 (n,). suffixes: u32, of all words but separators. offsets: u32 (distinct + 2,), where
    each id's suffixes begin. hashes: u64 (distinct,), sorted. kind_counts: u32, flat, for every
    kind of layer that occurs (in the order of `KINDS`) the count of every id, distinct + 1 each.
    sentences: u32, first word of each; its row number is the sentence's. turns: u32 (turns + 1,),
    first word of each. turn_ids: u32, less the layer's least. layer_firsts: u32 (layers + 1,),
    first word of each, at the end n. layers: of `LAYER`.
    """

    words: NDArray[np.uint32]
    suffixes: NDArray[np.uint32]
    offsets: NDArray[np.uint32]
    hashes: NDArray[np.uint64]
    kind_counts: NDArray[np.uint32]
    sentences: NDArray[np.uint32]
    turns: NDArray[np.uint32]
    turn_ids: NDArray[np.uint32]
    layer_firsts: NDArray[np.uint32]
    layers: NDArray[np.void]

    @property
    def spoken(self) -> int:
        """How many words it holds, separators not counted."""
        return len(self.suffixes)

    def kinds(self) -> list[int]:
        """The kinds that occur, as indices into `KINDS`."""
        present = set(np.unique(self.layers["kind"]).tolist())
        return [at for at, kind in enumerate(KINDS) if kind.value.encode() in present]


_TYPES: dict[str, str | np.dtype[np.void]] = {
    "words": "<u4",
    "suffixes": "<u4",
    "offsets": "<u4",
    "hashes": "<u8",
    "kind_counts": "<u4",
    "sentences": "<u4",
    "turns": "<u4",
    "turn_ids": "<u4",
    "layer_firsts": "<u4",
    "layers": LAYER,
}


def day_range(aired: str) -> tuple[int, int]:
    """The first and last day, as yyyymmdd, that an airing date may mean; 0, 0 for none.

    A month or year ends with a 31st: the numbers are compared, never read as dates.
    """
    parts = aired[:10].split("-")
    if not aired or not all(part.isdigit() for part in parts):
        return 0, 0
    year, month, day = (*map(int, parts), 0, 0)[:3]
    first = year * 10_000 + (month or 1) * 100 + (day or 1)
    return first, year * 10_000 + (month or 12) * 100 + (day or 31)


def write_columns(
    folder: Path, layers: Iterable[TokenisedLayer], table: WordTable
) -> dict[str, int]:
    """Write the files of a quotation index into a folder, made where there is none.

    Gives how many numbers each column has, and `bytes` of all files. Words go to their file as they
    come; about 10 bytes a word are needed in memory besides while suffixes are sorted. Raises
    `BadInput` for more than `MOST_WORDS`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = _Stream(folder, layers)
    words = np.memmap(folder / "words", "<u4", mode="r+")
    hashes = _renumbered(words, table.hashes())
    distinct = len(hashes)
    words.flush()
    firsts = np.array([*made.layer_firsts, len(words)], "<u4")
    rows = np.array(made.rows, LAYER)
    kinds = np.array([KINDS.index(LayerKind(row.decode())) for row in rows["kind"]], np.int64)
    suffixes, offsets = sort_suffixes(words, distinct)
    columns = Columns(
        words=words,
        suffixes=suffixes,
        offsets=offsets.astype("<u4"),
        hashes=hashes,
        kind_counts=_kind_counts(words, firsts, kinds, distinct),
        sentences=_joined(made.sentences),
        turns=np.append(_joined(made.turns), np.uint32(len(words))).astype("<u4"),
        turn_ids=_joined(made.turn_ids),
        layer_firsts=firsts,
        layers=rows,
    )
    counts = {}
    for one in fields(Columns):
        column = getattr(columns, one.name)
        if one.name != "words":
            column.tofile(folder / one.name)
        counts[one.name] = len(column)
    header = {"version": _VERSION, "columns": counts}
    (folder / _HEADER).write_text(json.dumps(header, indent=1) + "\n", encoding="utf-8")
    size = sum((folder / name).stat().st_size for name in (*counts, _HEADER))
    return counts | {"bytes": size}


class _Stream:
    """Layers as they come: words go to their file, with the table's ids + 1, the rest is kept."""

    def __init__(self, folder: Path, layers: Iterable[TokenisedLayer]) -> None:
        self.sentences: list[NDArray[np.uint32]] = []
        self.turns: list[NDArray[np.uint32]] = []
        self.turn_ids: list[NDArray[np.uint32]] = []
        self.layer_firsts: list[int] = []
        self.rows: list[tuple[object, ...]] = []
        separator = np.array([SEPARATOR], "<u4").tobytes()
        at, turns = 1, 0
        with (folder / "words").open("wb", buffering=1 << 20) as file:
            file.write(separator)
            for one in layers:
                if at + len(one.ids) >= MOST_WORDS:
                    raise BadInput(
                        f"More than {MOST_WORDS:,} words do not fit in one shard of the index: "
                        "give it fewer layers."
                    )
                file.write((one.ids + np.uint32(1)).astype("<u4").tobytes())
                file.write(separator)
                self.layer_firsts.append(at)
                self.sentences.append((one.sentence_starts + at).astype("<u4"))
                self.turns.append((one.turn_starts + at).astype("<u4"))
                turn_ids = np.array([turn.turn_id for turn in one.layer.turns], np.int64)
                least = int(turn_ids.min(initial=turn_ids[0] if len(turn_ids) else 0))
                if len(turn_ids) and int(turn_ids.max()) - least >= 1 << 32:
                    raise BadInput(
                        f"The turns of layer {one.layer.layer_id} have ids too far apart to index."
                    )
                self.turn_ids.append((turn_ids - least).astype("<u4"))
                self.rows.append(_row(one, turns, least))
                at += len(one.ids) + 1
                turns += len(one.layer.turns)


def _row(one: TokenisedLayer, first_turn: int, first_turn_id: int) -> tuple[object, ...]:
    layer = one.layer
    aired = layer.aired.encode("ascii", "replace")
    if len(aired) > LAYER["aired"].itemsize:
        raise BadInput(f"Layer {layer.layer_id} has an airing date that is none: {layer.aired!r}.")
    return (
        layer.layer_id, layer.recording_id, layer.change, first_turn_id, first_turn,
        *day_range(layer.aired), layer.kind.value.encode(), aired,
    )  # fmt: skip


def _joined(parts: list[NDArray[np.uint32]]) -> NDArray[np.uint32]:
    return np.concatenate([np.zeros(0, np.uint32), *parts])


def _renumbered(words: NDArray[np.uint32], hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Put ranks of hashes for the table's ids + 1, in place; gives the sorted hashes."""
    seen = np.zeros(len(hashes) + 1, np.bool_)
    for first in range(0, len(words), _REMAPPED):
        seen[words[first : first + _REMAPPED]] = True
    seen[SEPARATOR] = False
    present = np.flatnonzero(seen)
    found, ranks = np.unique(hashes[present - 1], return_inverse=True)
    new = np.zeros(len(hashes) + 1, np.uint32)
    new[present] = ranks + 1
    for first in range(0, len(words), _REMAPPED):
        words[first : first + _REMAPPED] = new[words[first : first + _REMAPPED]]
    return found.astype("<u8")


def _kind_counts(
    words: NDArray[np.uint32],
    firsts: NDArray[np.uint32],
    kinds: NDArray[np.int64],
    distinct: int,
) -> NDArray[np.uint32]:
    present = sorted(set(kinds.tolist()))
    counts = np.zeros((len(present), distinct + 1), "<u4")
    for row, kind in zip(counts, present, strict=True):
        count_layers(words, firsts, kinds == kind, row)
    return counts.reshape(-1)


def cut_out(columns: Columns, chosen: NDArray[np.bool_]) -> Columns:
    """The chosen layers alone, with a dictionary of their own words; without sentences and counts
    by kind."""
    parts, turns = [np.zeros(1, np.uint32)], []
    turn_ids, firsts = [np.zeros(0, np.uint32)], []
    rows = columns.layers[chosen].copy()
    turn_ends = np.append(columns.layers["first_turn"][1:], np.uint32(len(columns.turn_ids)))
    at, turn_count = 1, 0
    for place, layer in enumerate(np.flatnonzero(chosen).tolist()):
        first, after = int(columns.layer_firsts[layer]), int(columns.layer_firsts[layer + 1])
        low, high = int(columns.layers["first_turn"][layer]), int(turn_ends[layer])
        parts.append(columns.words[first:after])
        turns.append(columns.turns[low:high].astype(np.int64) - first + at)
        turn_ids.append(columns.turn_ids[low:high])
        firsts.append(at)
        rows["first_turn"][place] = turn_count
        turn_count += high - low
        at += after - first
    words = np.concatenate(parts)
    present = np.unique(words)  # the separator is one of them, and the least
    words = np.searchsorted(present, words).astype(np.uint32)
    suffixes, offsets = sort_suffixes(words, len(present) - 1)
    made = Columns(
        words=words,
        suffixes=suffixes,
        offsets=offsets.astype("<u4"),
        hashes=columns.hashes[present[1:] - 1],
        kind_counts=np.zeros(0, np.uint32),
        sentences=np.zeros(0, np.uint32),
        turns=np.concatenate([*turns, [at]]).astype(np.uint32),
        turn_ids=np.concatenate(turn_ids),
        layer_firsts=np.array([*firsts, at], np.uint32),
        layers=rows,
    )
    for one in fields(Columns):  # as mapped files are: the kernels are compiled for these alone
        getattr(made, one.name).setflags(write=False)
    return made


def read_columns(folder: Path) -> Columns:
    """Map the files of a quotation index. Raises `Corrupt` where one is missing or not as long as
    it must be; what is in them is not read."""
    counts = _header(folder)
    columns = Columns(**{name: _mapped(folder, name, counts[name]) for name in _TYPES})
    _check(folder, columns)
    return columns


def _header(folder: Path) -> dict[str, int]:
    path = folder / _HEADER
    try:
        header = json.loads(path.read_bytes())
        counts = {name: int(header["columns"][name]) for name in _TYPES}
        version = header["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Corrupt(f"{path} cannot be read ({error}): rebuild the index.") from error
    if version != _VERSION:
        raise Corrupt(f"{path} is of version {version}, not {_VERSION}: rebuild the index.")
    return counts


def _mapped(folder: Path, name: str, count: int) -> NDArray:  # type: ignore[type-arg]
    path, kind = folder / name, np.dtype(_TYPES[name])
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            if size != count * kind.itemsize:
                raise Corrupt(
                    f"{path} has {size:,} bytes and should have {count * kind.itemsize:,}: "
                    "rebuild the index."
                )
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
    except OSError as error:
        raise Corrupt(f"{path} cannot be read ({error}): rebuild the index.") from error
    return np.frombuffer(data, kind)


def _check(folder: Path, columns: Columns) -> None:
    """Whether the columns fit one another. Raises `Corrupt`."""
    words, layers, distinct = len(columns.words), len(columns.layers), len(columns.hashes)
    kinds = columns.kinds()
    sound = (
        words == columns.spoken + layers + 1
        and len(columns.offsets) == distinct + 2
        and int(columns.offsets[-1]) == columns.spoken
        and len(columns.layer_firsts) == layers + 1
        and int(columns.layer_firsts[-1]) == words
        and len(columns.turns) == len(columns.turn_ids) + 1
        and len(columns.kind_counts) == len(kinds) * (distinct + 1)
        and columns.words[-1] == SEPARATOR
        and bool(np.all(columns.layer_firsts[:-1] < columns.layer_firsts[1:]))
    )
    if not sound:
        raise Corrupt(f"The files in {folder} do not fit one another: rebuild the index.")
