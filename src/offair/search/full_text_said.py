"""Who said what when, by row: what hits are counted by where their rows are known without asking.

A phrase's rows come from the quotation index, so that its hits need not be gone through word by
word to be counted and put in order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


class Said:
    """The speaker and the layer of every row."""

    def __init__(
        self,
        spoken: NDArray[np.uint32],
        firsts: Sequence[int],
        layers: Sequence[tuple[int, int, str, int]],
        period_of: Callable[[str, str], int],
        minutes_of: Callable[[str], int],
    ) -> None:
        """spoken: number of the speaker of each row. firsts: the first row of each layer. layers:
        (id, recording, airing date, number of the source), in the order of rows. period_of,
        minutes_of: what an airing date is as numbers."""
        self._spoken = spoken
        self._firsts = np.array(firsts, np.int64)
        self._ids = np.array([one[0] for one in layers], np.int64)
        self._aired = [one[2] for one in layers]
        self._sources = np.array([one[3] for one in layers], np.int64)
        self._period_of, self._minutes_of = period_of, minutes_of
        self._known: dict[str, Rows] = {}

    def live(self, rows: Sequence[int], dead: Collection[int]) -> Rows:
        """The rows without those of layers that do not count."""
        given: Rows = np.asarray(rows, np.int64)
        if not dead or not len(given):
            return given
        kept: Rows = given[~np.isin(self._ids[self._places(given)], sorted(dead))]
        return kept

    def counts(self, rows: Rows, by: str | None) -> dict[str, dict[int, int]]:
        """How many of the rows each number of a speaker, a source and a period has."""
        each = np.bincount(self._places(rows), minlength=len(self._ids))
        there = np.flatnonzero(each)
        counted = {
            "speaker": _counted(self._spoken[rows], None),
            "source": _counted(self._sources[there], each[there]),
        }
        if by:
            counted[by] = _counted(self._by_layer(by)[there], each[there])
        return counted

    def newest(self, rows: Rows, limit: int) -> list[tuple[int, int]]:
        """(minute of the airing, row) of the newest rows, newest first, and of one minute in the
        order of the rows."""
        minutes = self._by_layer("minute")[self._places(rows)]
        order = np.lexsort((rows, -minutes))[:limit]
        return list(zip(minutes[order].tolist(), rows[order].tolist(), strict=True))

    def _places(self, rows: Rows) -> Rows:
        places: Rows = np.searchsorted(self._firsts, rows, side="right") - 1
        return places

    def _by_layer(self, what: str) -> Rows:
        """A number of each layer's airing date: made once, since it takes a moment."""
        if what not in self._known:
            number = {
                aired: self._minutes_of(aired) if what == "minute" else self._period_of(aired, what)
                for aired in set(self._aired)
            }
            self._known[what] = np.array([number[aired] for aired in self._aired], np.int64)
        return self._known[what]


def _counted(numbers: NDArray[Any], weights: NDArray[Any] | None) -> dict[int, int]:
    found, at = np.unique(numbers, return_inverse=True)
    counts = np.bincount(at, weights, minlength=len(found)).astype(np.int64)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def said_in(
    path: Path,
    facts: Mapping[str, Any],
    rows: int,
    period_of: Callable[[str, str], int],
    minutes_of: Callable[[str], int],
) -> Said | None:
    """What a shard's files say, or None where the shard was written without. rows: how many it
    has. Raises `ValueError` where the file has not as many."""
    if "firsts" not in facts:
        return None
    try:
        spoken = np.fromfile(path, "<u4") if rows < 1 else np.memmap(path, "<u4", "r")
    except OSError as error:
        raise ValueError(f"{path.name}: {error}") from error
    if len(spoken) != rows or len(facts["firsts"]) != len(facts["layers"]):
        raise ValueError(f"{path.name} has not one number for each sentence")
    return Said(spoken, facts["firsts"], facts["layers"], period_of, minutes_of)
