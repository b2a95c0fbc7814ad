"""Running text cut into runs of characters, and each run looked up among those seen before.

A run is what stands between two places where a text may be cut without changing any token
(`text.cuts` says why); a table that keeps every raw run with its token ids makes tokenising a
look-up. Table: open addressing, linear probing, at most `PROBES` steps; 64-bit multiplicative
hashes (Fibonacci hashing, Knuth, TAOCP 3, 6.4) with a seed that nobody outside knows, each hit
verified character by character, so that no two runs are ever taken for one another.

numba is imported when a kernel is first called; `kernels.compiled` says where the code is kept.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from offair.kernels.compiled import compiled

INSIDE, CUT, SPACE, DIGIT, TAIL, EDGE, ALONE, JOINS = range(8)
"""What a character is to the cutter (`text.cuts.character_classes`)."""
PROBES = 64
"""Slots looked at before a run is given up as not kept."""
LONGEST_KEPT = 64
"""Characters; a longer run is not kept."""
NOT_KEPT = -1
_MULTIPLIER = 0x9E3779B97F4A7C15

Chars = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]


def find_runs(
    chars: Chars,
    at: int,
    classes: npt.NDArray[np.uint8],
    seed: int,
    slots: npt.NDArray[np.int32],
    slot_hashes: npt.NDArray[np.uint64],
    raw: Chars,
    raw_starts: Ints,
    known: int,
    may_grow: bool,
    starts: Ints,
    ends: Ints,
    entries: npt.NDArray[np.int32],
) -> tuple[int, int, int]:
    """Cut `chars` (code points) from `at` on and look every run up; compiled.

    classes: one per code point. slots: entry numbers, −1 where free, a power of two of them;
    slot_hashes: beside them. raw, raw_starts: the characters of entry k are
    raw[raw_starts[k]:raw_starts[k + 1]]; the first `known` are in use. starts, ends, entries
    (written): range of each run in `chars` and its entry, `NOT_KEPT` where it has none. A run not
    seen before becomes entry `known`; where the table has no room for it, the walk stops before it
    if `may_grow`, else the run is not kept. The walk also stops when `starts` is full.

    Returns (where it stopped, runs written, entries in use).
    """
    found: tuple[int, int, int] = _compiled(_find_runs)(
        chars, at, classes, np.uint64(seed), slots, slot_hashes, raw, raw_starts, known, may_grow,
        starts, ends, entries,
    )  # fmt: skip
    return found


def spread(
    entries: npt.NDArray[np.int32],
    entry_starts: Ints,
    entry_ids: npt.NDArray[np.uint32],
    ids: npt.NDArray[np.uint32],
) -> int:
    """Write the ids of each entry in turn to `ids`, which must have room for all; compiled.

    Those of entry e are entry_ids[entry_starts[e]:entry_starts[e + 1]]. Returns how many there are.
    """
    return int(_compiled(_spread)(entries, entry_starts, entry_ids, ids))


def place_runs(
    slots: npt.NDArray[np.int32],
    slot_hashes: npt.NDArray[np.uint64],
    entries: npt.NDArray[np.int32],
    hashes: npt.NDArray[np.uint64],
) -> None:
    """Put entries with these hashes into a larger table's free slots; compiled.

    An entry that finds no free slot in `PROBES` steps is left out; its run gets another one.
    """
    _compiled(_place_runs)(slots, slot_hashes, entries, hashes)


def find_runs_plainly(chars: Chars, classes: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Starts and ends of the runs of all of `chars`: the numpy equal of the cutting in
    `find_runs`, without its table."""
    if not len(chars):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    kinds = classes[chars]
    before = np.concatenate([[CUT], kinds[:-1]])
    after = np.concatenate([kinds[1:], [CUT]])
    grouping = (kinds == SPACE) & np.isin(before, (DIGIT, TAIL)) & (after == DIGIT)
    place = np.arange(len(chars))
    tail = np.isin(kinds, (TAIL, JOINS))
    head = np.maximum.accumulate(np.where(tail, -1, place))
    # A mark belongs to the character it stands on; marks at the very start stand on nothing.
    alone = (kinds == ALONE) | (tail & (head >= 0) & (kinds[np.maximum(head, 0)] == ALONE))
    grouping &= ~np.concatenate([[False], alone[:-1]])
    solid = ~((kinds == CUT) | ((kinds == SPACE) & ~grouping))
    # One piece: characters without a cut between them.
    first = solid & (~np.concatenate([[False], solid[:-1]]) | (kinds == ALONE))
    first |= solid & ~alone & np.concatenate([[False], alone[:-1]])
    piece = np.cumsum(first) - 1
    inner = np.flatnonzero(solid & (kinds != EDGE))
    _, begin = np.unique(piece[inner], return_index=True)
    starts = inner[begin]
    ends = inner[np.concatenate([begin[1:], [len(inner)]]) - 1] + 1 if len(inner) else inner
    return starts.astype(np.int64), ends.astype(np.int64)


def spread_plainly(
    entries: npt.NDArray[np.int32], entry_starts: Ints, entry_ids: npt.NDArray[np.uint32]
) -> npt.NDArray[np.uint32]:
    """The numpy equal of `spread`: the ids of each entry in turn."""
    first, counts = entry_starts[entries], entry_starts[entries + 1] - entry_starts[entries]
    ends = np.cumsum(counts)
    within = np.arange(int(counts.sum())) - np.repeat(ends - counts, counts)
    ids: npt.NDArray[np.uint32] = entry_ids[np.repeat(first, counts) + within]
    return ids


_compiled = lru_cache(compiled)


def _find_runs(  # type: ignore[no-untyped-def]
    chars, at, classes, seed, slots, slot_hashes, raw, raw_starts, known, may_grow,
    starts, ends, entries,
):  # fmt: skip
    size, room, runs = len(chars), len(starts), 0
    mask = len(slots) - 1
    multiplier = np.uint64(_MULTIPLIER)
    shift = np.uint64(29)
    while at < size and runs < room:
        kind = classes[chars[at]]
        if kind in (CUT, SPACE, EDGE):
            at += 1
            continue
        start = at
        value = (seed ^ np.uint64(chars[at])) * multiplier
        end, kept = at + 1, value
        at += 1
        if kind == ALONE:
            while at < size:
                kind = classes[chars[at]]
                if kind != TAIL and kind != JOINS:
                    break
                value = (value ^ (value >> shift) ^ np.uint64(chars[at])) * multiplier
                at += 1
                end, kept = at, value
        else:
            while at < size:
                kind = classes[chars[at]]
                if kind in (CUT, ALONE):
                    break
                if kind == SPACE:
                    before = classes[chars[at - 1]]
                    if before != DIGIT and before != TAIL:
                        break
                    if at + 1 == size or classes[chars[at + 1]] != DIGIT:
                        break
                value = (value ^ (value >> shift) ^ np.uint64(chars[at])) * multiplier
                at += 1
                if kind != EDGE:
                    end, kept = at, value
        length = end - start
        entry = np.int64(NOT_KEPT)
        if length <= LONGEST_KEPT:
            kept ^= kept >> np.uint64(32)
            slot = np.int64(kept & np.uint64(mask))
            free = np.int64(-1)
            for _ in range(PROBES):
                entry = np.int64(slots[slot])
                if entry == NOT_KEPT:
                    free = slot
                    break
                if slot_hashes[slot] == kept:
                    first = raw_starts[entry]
                    same = raw_starts[entry + 1] - first == length
                    if same:
                        for one in range(length):
                            if raw[first + one] != chars[start + one]:
                                same = False
                                break
                    if same:
                        break
                entry = np.int64(NOT_KEPT)
                slot = (slot + 1) & mask
            if entry == NOT_KEPT and free >= 0:
                roomy = known + 1 < len(raw_starts) and raw_starts[known] + length <= len(raw)
                if roomy and (known + 1) * 2 <= len(slots):
                    entry = np.int64(known)
                    slots[free], slot_hashes[free] = entry, kept
                    first = raw_starts[known]
                    for one in range(length):
                        raw[first + one] = chars[start + one]
                    known += 1
                    raw_starts[known] = first + length
                elif may_grow:
                    return start, runs, known
        starts[runs], ends[runs], entries[runs] = start, end, entry
        runs += 1
    return at, runs, known


def _spread(entries, entry_starts, entry_ids, ids):  # type: ignore[no-untyped-def]
    count = 0
    for run in range(len(entries)):
        entry = entries[run]
        for place in range(entry_starts[entry], entry_starts[entry + 1]):
            ids[count] = entry_ids[place]
            count += 1
    return count


def _place_runs(slots, slot_hashes, entries, hashes):  # type: ignore[no-untyped-def]
    mask = len(slots) - 1
    for place in range(len(entries)):
        slot = np.int64(hashes[place] & np.uint64(mask))
        for _ in range(PROBES):
            if slots[slot] == NOT_KEPT:
                slots[slot], slot_hashes[slot] = entries[place], hashes[place]
                break
            slot = (slot + 1) & mask
