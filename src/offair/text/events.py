"""One event, aired several times: places of the same words whose surroundings match too.

The words themselves are found in many places: a speech and its repeats, another speech with the
same sentence, the quotation of it a year later. What was said just before and just after tells them
apart. Two places are airings of one event where the words around them agree as a machine's hearing
of one sound agrees with another's, or with the captions:

* on both sides, `BOTH` of the words that could be compared stand in both in the same order; or
* on one side alone, where at least `ALONE_WORDS` can be compared and `ALONE` of them do: a repeat
  may be cut in just before the words, or out just after them.

Places around which fewer than `FEWEST_WORDS` words can be compared are never called one event: two
texts that hold nothing but the same sentence tell nothing of where it was said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SIDE_WORDS = 24
"""How many words on each side are compared, the nearest."""
FEWEST_WORDS = 6
"""Fewer than these in all say nothing; a greeting or a thank-you is shorter."""
BOTH = 0.6
"""Share of the words compared that agree, both sides together, and half of it on each. Two hearings
with a fifth of their words wrong each still share 0.64."""
ALONE = 0.8
ALONE_WORDS = 12
"""For one side alone: a formula of so many words is not said by chance."""


@dataclass(frozen=True, slots=True)
class Surrounded:
    """A place and what is said around it.

    before, after: normal forms in the order said; `before` ends and `after` begins at the place.
    More than `SIDE_WORDS` are not read. aired: ISO 8601 as far as it is known, empty where it is
    not.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    aired: str = ""


def events(places: Sequence[Surrounded]) -> tuple[tuple[int, ...], ...]:
    """The places, by index, grouped into events: oldest event first, in each the first airing
    first; undated ones last, equal dates in the order given. Every place is in exactly one.

    A place joins the first event one of whose airings it matches; it may join two events into one.
    """
    order = sorted(range(len(places)), key=lambda one: (not places[one].aired, places[one].aired))
    rank = {place: number for number, place in enumerate(order)}
    found: list[list[int]] = []
    for place in order:
        matched = [
            event
            for event in found
            if any(same_event(places[place], places[other]) for other in event)
        ]
        if not matched:
            found.append([place])
            continue
        joined = sorted([place, *(one for event in matched for one in event)], key=rank.__getitem__)
        found = [event for event in found if event not in matched] + [joined]
    return tuple(tuple(one) for one in sorted(found, key=lambda event: rank[event[0]]))


def same_event(one: Surrounded, other: Surrounded) -> bool:
    """Whether two places are airings of one event, by the words around them."""
    before = _side(one.before[-SIDE_WORDS:], other.before[-SIDE_WORDS:], nearest_last=True)
    after = _side(one.after[:SIDE_WORDS], other.after[:SIDE_WORDS], nearest_last=False)
    compared, agreeing = before[0] + after[0], before[1] + after[1]
    if compared < FEWEST_WORDS:
        return False
    halves = all(agree >= BOTH / 2 * words for words, agree in (before, after))
    if halves and agreeing >= BOTH * compared:
        return True
    return any(words >= ALONE_WORDS and agree >= ALONE * words for words, agree in (before, after))


def _side(one: Sequence[str], other: Sequence[str], *, nearest_last: bool) -> tuple[int, int]:
    """How many words of a side can be compared (as many as the shorter has), and how many of them
    stand in both in the same order."""
    words = min(len(one), len(other))
    if not words:
        return 0, 0
    # The longer side keeps a few words more than the shorter: one may have heard a word too many.
    slack = words + words // 4 + 1
    one, other = (side[-slack:] if nearest_last else side[:slack] for side in (one, other))
    if len(set(one) & set(other)) < BOTH / 2 * min(words, len(set(one)), len(set(other))):
        return words, 0
    return words, min(words, in_common(one, other))


def in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence, bit-parallel over `one`.

    Method: Hyyrö, *Bit-parallel LCS-length computation revisited*, 2004.
    """
    places: dict[str, int] = {}
    for number, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << number
    every = (1 << len(one)) - 1
    row = every
    for word in other:
        matched = row & places.get(word, 0)
        row = ((row + matched) | (row - matched)) & every
    return len(one) - row.bit_count()
