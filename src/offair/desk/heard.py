"""Which words persons heard: what the verbs that confirm, publish and check share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from offair.model.names import Hearing
from offair.model.transcript import Turn

_UNSPACED_RE = re.compile(r"\S+")


def words_in(turn: Turn, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The words of a turn that these character ranges touch, as whole ranges; of a text whose words
    were never told apart, what white space separates. (A word's range may hold a full stop that a
    token's has not.)"""
    words = (
        list(zip(turn.words.char_start, turn.words.char_end, strict=True))
        if len(turn.words)
        else [match.span() for match in _UNSPACED_RE.finditer(turn.text)]
    )
    return [
        (start, end)
        for start, end in words
        if any(start < last and end > first for first, last in ranges)
    ]


def all_heard(turn: Turn, ranges: Sequence[tuple[int, int]], hearings: Sequence[Hearing]) -> bool:
    """Whether a person heard every word of these ranges of a turn; False where there is none."""
    words = words_in(turn, ranges)
    heard = stretches(hearings)
    return bool(words) and all(
        any(first <= start and end <= last for first, last in heard) for start, end in words
    )


def stretches(hearings: Sequence[Hearing]) -> list[tuple[int, int]]:
    """What was heard of one turn, as character ranges that neither touch nor overlap, sorted."""
    found: list[tuple[int, int]] = []
    for one in sorted(hearings, key=lambda one: one.char_start):
        if found and one.char_start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], one.char_end))
        else:
            found.append((one.char_start, one.char_end))
    return found
