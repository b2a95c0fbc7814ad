"""Finds the same voice again: groups stretches of speech by the direction of their embeddings.

Agglomerative clustering with average linkage on the cosine distance: the two groups whose members
are on average most alike are joined until no two are alike enough. The average over all pairs of
two groups of unit vectors is the product of their sums over their weights, so a group is its sum
and its weight and nothing else; groups made of one part of a long recording are joined with those
of another by the same rule, and memory and time grow with the length, not with its square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_AT_ONCE = 400
"""Groups compared with each other at a time; the stretches of some ten to twenty minutes."""
_EARLY = 0.75
"""Share of the threshold for groups of one part of a recording: only what is surely one voice."""
_SURE_FRAMES = 100
_WEAK_FRAMES = 40
_LEAST_FRAMES = 100
_OF_RUN = 0.3
_OF_VOICE = 0.3


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a stretch: its embedding, how much of it was heard, where it belongs.

    embedding: shape (dimensions,), or None where the stretch is too short for one. frames: of
    10 ms, that the embedding was made of. window, voice, run: stretches of equal window and voice
    are one voice in the opinion of the segmentation, those of equal run without a break.
    """

    embedding: NDArray[np.float32] | None
    frames: int
    window: int
    voice: int
    run: int


def label(heard: Sequence[Heard], *, threshold: float, speakers: int | None) -> list[int]:
    """A number for each stretch, equal where the same person speaks; by start of the stretches.

    threshold: average cosine distance (0…2) from which two groups are two people. speakers: how
    many there are, where somebody knows; the threshold then does not count. Stretches of a second
    and more make the groups, the others join the nearest; a group of less than a second in all is
    no person. What has no embedding is who its run, its voice or its neighbour is.
    """
    units = [_unit(one.embedding) for one in heard]
    known = [index for index, unit in enumerate(units) if unit is not None]
    if not known:
        return [0] * len(heard)
    centres = _centres(heard, units, known, threshold, speakers)
    runs = _sums(heard, units, known, lambda one: (one.window, one.voice, one.run))
    voices = _sums(heard, units, known, lambda one: (one.window, one.voice))
    labels: list[int | None] = []
    for one, unit in zip(heard, units, strict=True):
        run = runs.get((one.window, one.voice, one.run))
        voice = voices.get((one.window, one.voice))
        parts = [(unit, 1.0), (run, _OF_RUN), (voice, _OF_VOICE)]
        score = sum((centres @ part * share for part, share in parts if part is not None), 0.0)
        labels.append(int(np.argmax(score)) if voice is not None else None)
    return _neighbours(labels)


def _unit(embedding: NDArray[np.float32] | None) -> NDArray[np.float64] | None:
    """The direction of an embedding, or None where it has none."""
    if embedding is None:
        return None
    wide = embedding.astype(np.float64)
    length = float(np.linalg.norm(wide))
    return wide / length if np.isfinite(length) and length > 0 else None


def _sums(
    heard: Sequence[Heard],
    units: Sequence[NDArray[np.float64] | None],
    known: Sequence[int],
    key: Callable[[Heard], Hashable],
) -> dict[Hashable, NDArray[np.float64]]:
    """The mean direction of the stretches of each key, by how much of each was heard."""
    sums: dict[Hashable, NDArray[np.float64]] = {}
    for index in known:
        unit = units[index]
        if unit is not None:
            one = heard[index]
            sums[key(one)] = sums.get(key(one), np.zeros_like(unit)) + unit * max(1, one.frames)
    return {name: total / max(1e-12, float(np.linalg.norm(total))) for name, total in sums.items()}


def _neighbours(labels: Sequence[int | None]) -> list[int]:
    """Labels with each missing one taken from the nearest that is known, the earlier first."""
    known = [index for index, one in enumerate(labels) if one is not None]
    filled = []
    for index, one in enumerate(labels):
        if one is None:
            at = bisect_left(known, index)
            beside = known[max(0, at - 1) : at + 1]
            one = labels[min(beside, key=lambda other: abs(other - index))]
        filled.append(one or 0)
    return filled


def _centres(
    heard: Sequence[Heard],
    units: Sequence[NDArray[np.float64] | None],
    known: Sequence[int],
    threshold: float,
    speakers: int | None,
) -> NDArray[np.float64]:
    """The directions of the voices found, shape (voices, dimensions)."""
    sure = [index for index in known if heard[index].frames >= _SURE_FRAMES]
    sure = sure or [index for index in known if heard[index].frames >= _WEAK_FRAMES] or [*known]
    weights = np.array([max(1, heard[index].frames) for index in sure], dtype=np.float64)
    sums = np.stack([unit for index in sure if (unit := units[index]) is not None])
    sums = sums * weights[:, None]
    at_once = MOST_AT_ONCE
    while len(sums) > at_once:
        parts = [
            _joined(sums[at : at + at_once], weights[at : at + at_once], threshold * _EARLY)
            for at in range(0, len(sums), at_once)
        ]
        before = len(sums)
        sums = np.concatenate([part[0] for part in parts])
        weights = np.concatenate([part[1] for part in parts])
        # Parts that hardly shrink are many voices: compare more of them at a time.
        at_once *= 2 if len(sums) > before * 3 // 4 else 1
    if speakers is None:
        sums, weights = _joined(sums, weights, threshold)
        people = weights >= _LEAST_FRAMES
        sums = sums[people] if people.any() else sums[[int(np.argmax(weights))]]
    else:
        sums = _so_many(sums, weights, speakers)
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12))


def _joined(
    sums: NDArray[np.float64], weights: NDArray[np.float64], threshold: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums and weights of the groups whose average distance is the threshold and more."""
    sums, weights = sums.copy(), weights.copy()
    left = np.ones(len(sums), dtype=bool)
    for into, other, alike in _merges(sums, weights):
        if alike <= 1.0 - threshold:
            break
        sums[into] += sums[other]
        weights[into] += weights[other]
        left[other] = False
    return sums[left], weights[left]


def _so_many(
    sums: NDArray[np.float64], weights: NDArray[np.float64], wanted: int
) -> NDArray[np.float64]:
    """The sums of `wanted` groups: as late a state as has that many people, each heard enough.

    Where no state has as many, that many groups of any weight; all of them where there are fewer.
    """
    merges = list(_merges(sums, weights))
    for enough in (float(_LEAST_FRAMES), 0.0):
        best = _state(sums, weights, merges, wanted, enough)
        if best is not None:
            return best
    return sums


def _state(
    sums: NDArray[np.float64],
    weights: NDArray[np.float64],
    merges: Sequence[tuple[int, int, float]],
    wanted: int,
    enough: float,
) -> NDArray[np.float64] | None:
    """The groups of at least `enough` weight in the last state that has `wanted` of them."""
    now, heavy = sums.copy(), weights.copy()
    left = np.ones(len(now), dtype=bool)
    best = now[heavy >= enough] if int((heavy >= enough).sum()) == wanted else None
    for into, other, _ in merges:
        now[into] += now[other]
        heavy[into] += heavy[other]
        left[other] = False
        people = left & (heavy >= enough)
        if int(people.sum()) == wanted:
            best = now[people]
    return best


def _merges(
    sums: NDArray[np.float64], weights: NDArray[np.float64]
) -> Iterator[tuple[int, int, float]]:
    """Join the two most alike groups again and again: (into, other, how alike, −1…1)."""
    sums, weights = sums.copy(), weights.copy()
    alike = (sums @ sums.T) / np.outer(weights, weights)
    gone = -np.inf
    np.fill_diagonal(alike, gone)
    left = np.ones(len(sums), dtype=bool)
    for _ in range(len(sums) - 1):
        into, other = divmod(int(np.argmax(alike)), len(sums))
        yield into, other, float(alike[into, other])
        sums[into] += sums[other]
        weights[into] += weights[other]
        left[other] = False
        alike[other, :] = alike[:, other] = gone
        row = sums @ sums[into] / (weights * weights[into])
        row[into] = gone
        alike[into, :] = alike[:, into] = np.where(left, row, gone)
