"""Which shards had better be one: tiers, so that the number of shards grows as a logarithm.

The method of logarithms (Bentley and Saxe, 1980): shards of one order of size are merged as soon as
there are `SPREAD` of them. Only neighbours in time are merged, so that shards stay ranges of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHARD_WORDS = 96_000_000
"""A shard is closed at this many words; the last layer goes in whole. Below 100 million."""
SPREAD = 8
"""Shards of one tier that are left beside each other at most; a tier is so many times the last."""
_FIRST_TIER_WORDS = 8_000
_DEAD_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Sized:
    """A shard for merging: its name, airing dates, words that live, all words in it."""

    name: str
    days: tuple[str, str]
    live: int
    words: int

    @property
    def tier(self) -> int:
        """0 for the smallest, one more for each `SPREAD` times as many words."""
        tier, size = 0, _FIRST_TIER_WORDS
        while self.live >= size:
            tier, size = tier + 1, size * SPREAD
        return tier


def groups(shards: Sequence[Sized], most: int = SHARD_WORDS) -> list[list[str]]:
    """Names of shards to put one new shard in place of, smallest first; a shard in one group only.

    most: words that a shard takes; one with half as many is left as it is.
    A group of one is a shard with many dead words, to be written again without them.
    """
    result: list[list[Sized]] = []
    by_tier: dict[int, list[Sized]] = {}
    for shard in sorted(shards, key=lambda one: (one.days, one.name)):
        if shard.live < most // 2:
            by_tier.setdefault(shard.tier, []).append(shard)
    for tier in sorted(by_tier):
        row = by_tier[tier]
        if len(row) < SPREAD:
            continue
        group: list[Sized] = []
        for shard in row:
            if sum(one.live for one in group) + shard.live > most:
                result.append(group)
                group = []
            group.append(shard)
        result.append(group)
    merged = {one.name for group in result if len(group) > 1 for one in group}
    worn = [one for one in shards if one.name not in merged and _worn(one)]
    whole = [[one.name for one in group] for group in result if len(group) > 1]
    return [*whole, *([one.name] for one in worn)]


def _worn(shard: Sized) -> bool:
    return shard.words - shard.live > max(_FIRST_TIER_WORDS, shard.words * _DEAD_SHARE)
