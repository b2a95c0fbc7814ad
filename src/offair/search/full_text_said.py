"""Who said what when, by row: what hits are counted by where their rows are known without asking.

A phrase's rows come from the quotation index, so that its hits need not be gone through word by
word to be counted and put in order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offair.kernels.sentence_rows import count_rows

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tally:
    """Sentences found: their rows, sorted, each once, and how many each speaker and layer has."""

    rows: Rows
    speakers: Rows
    layers: Rows


class Said:
    """The speaker and the layer of every row."""

    def __init__(
        self,
        spoken: NDArray[np.uint32],
        firsts: Sequence[int],
        layers: Sequence[tuple[int, int, str, int]],
        period_of: Callable[[str, str], int],
        minutes_of: Callable[[str], int],
        speakers: Sequence[str],
        ids: tuple[NDArray[np.uint32], Sequence[Sequence[int]]] | None = None,
    ) -> None:
        """spoken: the speaker of each row, a place in `speakers`. firsts: the first row of each
        layer. layers: (id, recording, airing date, number of the source), in the order of
        rows. period_of, minutes_of: what an airing date is as numbers. ids: turn and sentence of
        each row, less the least of its layer, and those."""
        self._spoken = spoken
        self._firsts = np.array(firsts, np.int64)
        self._ids = np.array([one[0] for one in layers], np.int64)
        self._aired = [one[2] for one in layers]
        self._sources = np.array([one[3] for one in layers], np.int64)
        self._period_of, self._minutes_of = period_of, minutes_of
        self._speakers = len(speakers)
        self._by_name = np.array(sorted(range(len(speakers)), key=speakers.__getitem__), np.int64)
        self._ids_of_rows = None if ids is None else ids[0]
        self._leasts = np.array([] if ids is None else ids[1], np.int64).reshape(-1, 2)
        self._newest: tuple[Rows, Rows] | None = None
        self._periods: dict[str, tuple[Rows, Rows]] = {}

    def live(self, rows: Sequence[int] | Rows, dead: Collection[int]) -> Rows:
        """The rows without those of layers that do not count."""
        given: Rows = np.asarray(rows, np.int64)
        if not dead or not len(given):
            return given
        kept: Rows = given[~np.isin(self._ids[self._places(given)], sorted(dead))]
        return kept

    def of(self, rows: Sequence[int]) -> tuple[list[int], list[int]]:
        """The number of the speaker, and the place of the layer, of each of these rows."""
        given: Rows = np.asarray(rows, np.int64)
        return self._spoken[given].tolist(), self._places(given).tolist()

    def ids(self, rows: Sequence[int]) -> tuple[list[int], list[int]] | None:
        """The ids of the turn and the sentence of each of these rows; None where the shard was
        written without."""
        if self._ids_of_rows is None:
            return None
        given: Rows = np.asarray(rows, np.int64)
        found = self._ids_of_rows[given] + self._leasts[self._places(given)]
        return found[:, 0].tolist(), found[:, 1].tolist()

    def tally(self, rows: Rows) -> Tally:
        """Count the speakers and layers of rows that are sorted, each once."""
        speakers, layers = np.zeros(self._speakers, np.int64), np.zeros(len(self._ids), np.int64)
        count_rows(rows, self._spoken, self._firsts, speakers, layers)
        return Tally(rows, speakers, layers)

    def counts(self, tally: Tally, by: str | None) -> dict[str, dict[int, int]]:
        """How many of the rows each number of a speaker, a source and a period has; speakers by
        their names, so that they need not be sorted again."""
        there = tally.layers.nonzero()[0]
        each = tally.layers[there]
        counted = {
            "speaker": self._by_name_counted(tally.speakers),
            "source": _counted(np.bincount(self._sources[there], each)),
        }
        if by:
            numbers, of_layer = self._by_layer(by)
            periods = _counted(np.bincount(of_layer[there], each))
            counted[by] = {int(numbers[at]): count for at, count in periods.items()}
        return counted

    def _by_name_counted(self, speakers: Rows) -> dict[int, int]:
        counts = speakers[self._by_name]
        there = counts.nonzero()[0]
        return dict(zip(self._by_name[there].tolist(), counts[there].tolist(), strict=True))

    def newest(self, tally: Tally, limit: int) -> list[tuple[int, int]]:
        """(minute of the airing, row) of the newest rows, newest first, and of one minute in the
        order of the rows."""
        minutes, order = self._newest_layers()
        # Every layer that is gone through has a row, so that so many layers have enough.
        layers = order[tally.layers[order].nonzero()[0][:limit]]
        each = tally.layers[layers]
        ends = each.cumsum()
        before = tally.rows.searchsorted(self._firsts[layers]) - (ends - each)
        wanted = min(limit, len(tally.rows))
        of = ends.searchsorted(np.arange(wanted), side="right")
        rows = tally.rows[before[of] + np.arange(wanted)]
        return list(zip(minutes[layers[of]].tolist(), rows.tolist(), strict=True))

    def _places(self, rows: Rows) -> Rows:
        places: Rows = np.searchsorted(self._firsts, rows, side="right") - 1
        return places

    def _by_layer(self, by: str) -> tuple[Rows, Rows]:
        """The periods of all airing dates, and for each layer which of them is its: made once,
        since it takes a moment."""
        if by not in self._periods:
            number = {aired: self._period_of(aired, by) for aired in set(self._aired)}
            of_layer = np.array([number[aired] for aired in self._aired], np.int64)
            self._periods[by] = np.unique(of_layer, return_inverse=True)
        return self._periods[by]

    def _newest_layers(self) -> tuple[Rows, Rows]:
        """The minute of each layer's airing, and the layers newest first, else in their order."""
        if self._newest is None:
            number = {aired: self._minutes_of(aired) for aired in set(self._aired)}
            minutes = np.array([number[aired] for aired in self._aired], np.int64)
            self._newest = minutes, np.argsort(-minutes, kind="stable")
        return self._newest


def _counted(counts: NDArray[Any]) -> dict[int, int]:
    """The counts above 0, by their place."""
    there = counts.nonzero()[0]
    return dict(zip(there.tolist(), counts[there].astype(np.int64).tolist(), strict=True))


def said_in(
    spoken: Path,
    ids: Path,
    facts: Mapping[str, Any],
    rows: int,
    period_of: Callable[[str, str], int],
    minutes_of: Callable[[str], int],
) -> Said | None:
    """What a shard's files say, or None where the shard was written without. rows: how many it
    has. Raises `ValueError` where a file has not as many."""
    if "firsts" not in facts:
        return None
    leasts = facts.get("leasts")
    each = len(facts["layers"])
    if len(facts["firsts"]) != each or (leasts is not None and len(leasts) != each):
        raise ValueError(f"{spoken.name} has not one number for each layer")
    return Said(
        _mapped(spoken, rows), facts["firsts"], facts["layers"], period_of, minutes_of,
        facts["speakers"],
        None if leasts is None else (_mapped(ids, 2 * rows).reshape(-1, 2), leasts),
    )  # fmt: skip


def _mapped(path: Path, numbers: int) -> NDArray[np.uint32]:
    try:
        found = np.fromfile(path, "<u4") if numbers < 1 else np.memmap(path, "<u4", "r")
    except OSError as error:
        raise ValueError(f"{path.name}: {error}") from error
    if len(found) != numbers:
        raise ValueError(f"{path.name} has not one number for each sentence")
    return found
