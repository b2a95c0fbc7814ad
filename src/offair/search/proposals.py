"""The questions about rows of words, answered over all shards of an archive."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from offair.kernels.counting import longest_live
from offair.kernels.scan import MOST_WORDS as MOST_SCANNED
from offair.kernels.windows import choose_stretches
from offair.model.errors import BadInput
from offair.search import Fragment, Occurrence, Proposal, Scope, Stretch
from offair.search.candidates import (
    BLOCK,
    Asked,
    Batch,
    Found,
    blocks_of,
    candidates,
    each,
    hash_of,
    opened,
    sums_of_bits,
)
from offair.search.quotation_files import KIND_OF, Place, QuotationShard

_WORTH_A_STRETCH = 8.0
"""Bits of words not found elsewhere for which a stretch comes before better ones."""

_MARGIN = 12
"""Words on both sides of a stretch, besides as many as the quotation has."""

_PLACES_READ = 1 << 17
"""Places of a run that are looked at for one in scope; in a scope too large to be cut out one is
met long before."""

_Floats = NDArray[np.float64]


def propose(
    shards: Sequence[QuotationShard],
    quotations: Sequence[Sequence[str]],
    scope: Scope,
    *,
    limit: int = 8,
    thorough: bool = False,
) -> list[Proposal]:
    """For each quotation (its words' normal forms) where it may come from; see `Shards.propose`.

    Raises `BadInput` for a quotation of more than `candidates.MOST_WORDS`.
    """
    batch = blocks_of(quotations)
    views = [(shard, shard.view(scope)) for shard in shards]
    searched = sum(view.words for _, view in views)
    asked = opened(views, batch)
    counts = np.zeros(len(batch.hashes), np.int64)
    for one in asked:
        counts += one.view.counts(one.ids)
    bits = sums_of_bits(counts, searched)
    found = candidates(asked, batch, counts, bits, limit=limit, thorough=thorough)
    longest = _longest(asked, batch)
    proposals = []
    for place, words in enumerate(quotations):
        blocks = [block for block, of in enumerate(batch.of) if of == place]
        first, end = batch.firsts[place], batch.firsts[place + 1]
        stretches = _joined([found[block] for block in blocks])
        chosen = _chosen(stretches, bits[first : end + 1], limit)
        proposals.append(
            Proposal(
                stretches=tuple(_stretch(one, len(words)) for one in chosen),
                counts=tuple(counts[first:end].tolist()),
                words_searched=searched,
                longest=longest[place],
            )
        )
    return proposals


def _joined(blocks: list[list[Found]]) -> list[Found]:
    """What was found of a quotation's blocks, with what follows one another in a layer as one."""
    if len(blocks) == 1:
        return blocks[0]
    open_ends: list[Found] = []
    for block in blocks:
        kept = _apart(sorted(block, key=_best_first))
        for one in kept:
            for before in open_ends:
                follows = 0 <= one.first - before.end + BLOCK // 2 <= 3 * BLOCK
                if (
                    before.asked is one.asked
                    and before.layer == one.layer
                    and follows
                    and (before.end_word <= one.first_word)
                ):
                    before.score += one.score
                    before.end_word, before.end = one.end_word, one.end
                    before.matched = before.matched | one.matched
                    break
            else:
                open_ends.append(one)
    return open_ends


def _best_first(one: Found) -> tuple[float, bool, bytes, int, int]:
    return -one.score, not one.aired, one.aired, one.layer, one.first


def _apart(found: list[Found]) -> list[Found]:
    """Without those that use words of the archive which a better one uses."""
    kept: list[Found] = []
    by_layer: dict[tuple[int, int], list[Found]] = {}
    for one in found:
        others = by_layer.setdefault((id(one.asked), one.layer), [])
        if not any(one.overlaps(other) for other in others):
            others.append(one)
            kept.append(one)
    return kept


def _chosen(found: list[Found], bits: _Floats, limit: int) -> list[Found]:
    """The best, and those that have words which the better ones have not; the best first."""
    kept = _apart(sorted(found, key=_best_first))
    if not kept:
        return []
    matched = np.array([one.matched for one in kept])
    places = choose_stretches(matched, bits, -(-limit // 2), _WORTH_A_STRETCH).tolist()
    taken = set(places)
    places += [at for at in range(len(kept)) if at not in taken][: max(0, limit - len(places))]
    return sorted((kept[at] for at in places[:limit]), key=_best_first)


def _stretch(one: Found, length: int) -> Stretch:
    shard, columns = one.asked.shard, one.asked.shard.columns
    # One row as Python's own values: field by field it takes ten times as long.
    layer_id, recording_id, _, first_turn_id, *_, kind, aired = columns.layers[one.layer].item()
    margin = length + _MARGIN
    low = max(one.first - one.first_word - margin, int(columns.layer_firsts[one.layer]))
    high = one.end + length - one.end_word + margin
    high = min(high, int(columns.layer_firsts[one.layer + 1]) - 1)
    first_turn, last_turn = shard.turns_of(low, high - 1)
    begins = int(columns.turns[first_turn])
    turn_ids = columns.turn_ids[first_turn : last_turn + 1].tolist()
    return Stretch(
        recording_id=recording_id,
        layer_id=layer_id,
        kind=KIND_OF[kind],
        aired=aired.decode(),
        turn_ids=tuple([first_turn_id + one_id for one_id in turn_ids]),
        score=one.score,
        printed=(one.first_word, one.end_word),
        matched=tuple(one.matched.nonzero()[0].tolist()),
        words=(one.first - begins, one.end - begins),
    )


def _longest(asked: list[Asked], batch: Batch) -> list[Fragment]:
    """For each quotation the longest run of its words that stands somewhere."""
    best = [[0, 0]] * len(batch.lengths)
    for one in asked:
        columns = one.shard.columns
        found = longest_live(
            columns.words, columns.suffixes, one.ids, batch.firsts, one.lows, one.highs,
            columns.layer_firsts, one.view.live, one.view.everything, _PLACES_READ,
        )  # fmt: skip
        for place, (length, at) in enumerate(found.tolist()):
            if (-length, at) < (-best[place][0], best[place][1]):
                best[place] = [length, at]
    fragments = []
    for (length, at), begins in zip(best, batch.firsts[:-1].tolist(), strict=True):
        if not length:
            fragments.append(Fragment(0, 0, 0))
            continue
        count = 0
        for one in asked:
            run = one.ids[at : at + length]
            if run.all():
                count += one.shard.count(run, one.view)
        fragments.append(Fragment(at - begins, at - begins + length, count))
    return fragments


def occurrences(
    shards: Sequence[QuotationShard], forms: Sequence[str], scope: Scope, *, limit: int = 100
) -> tuple[int, list[Occurrence]]:
    """How often these words stand in a row, exactly, and the first places by airing date."""
    hashes = np.array([hash_of(form) for form in forms], np.uint64)
    counts = [0] * len(shards)
    places: list[list[tuple[QuotationShard, Place]]] = [[] for _ in shards]

    def look(at: int) -> None:
        shard = shards[at]
        run, view = shard.ids(hashes), shard.view(scope)
        if len(run) and run.all() and view.words:
            counts[at], found = shard.stands(run, view, limit)
            places[at] = [(shard, place) for place in found]

    each(look, range(len(shards)))
    return sum(counts), _first(places, limit)


def scan(
    shards: Sequence[QuotationShard],
    forms: Sequence[str],
    edits: int,
    scope: Scope,
    *,
    limit: int = 100,
) -> tuple[int, list[Occurrence]]:
    """Read every word of the scope: how many places lie within so many edits, and the best.

    Raises `BadInput` for no word, more than 1,024, or as many edits as words.
    """
    if not 0 < len(forms) <= MOST_SCANNED:
        raise BadInput(
            f"{len(forms):,} words cannot be looked for in one scan: give 1 to {MOST_SCANNED:,}."
        )
    if not 0 <= edits < len(forms):
        raise BadInput(
            f"With {edits} edits in {len(forms)} words every place would do: "
            "allow fewer edits than there are words."
        )
    hashes = np.array([hash_of(form) for form in forms], np.uint64)
    counts = [0] * len(shards)
    places: list[list[tuple[QuotationShard, Place]]] = [[] for _ in shards]

    def look(at: int) -> None:
        shard = shards[at]
        view = shard.view(scope)
        if view.words:
            counts[at], found = shard.scan(shard.ids(hashes), edits, view, limit)
            places[at] = [(shard, place) for place in found]

    each(look, range(len(shards)))
    return sum(counts), _first(places, limit)


def _first(places: list[list[tuple[QuotationShard, Place]]], limit: int) -> list[Occurrence]:
    """The places with the fewest edits, of those the first by airing date."""
    found = [shard.occurrence(place) for part in places for shard, place in part]
    found.sort(key=lambda one: (one.edits, not one.aired, one.aired))
    return found[: max(0, limit)]
