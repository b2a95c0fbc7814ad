"""Which language each stretch of speech is in, told while the sound streams past.

Stretches of speech are gathered into units of 3 s and more, and a language engine estimates each
unit; never the beginning of a file for all of it. A unit whose estimate is sure keeps its language
whatever is spoken around it. Those between are decided together, and go with their neighbours
unless their own estimates speak clearly for a change. Where two units differ, the stretches of
both are estimated one by one, to find the pause at which the language changes.

Nothing is decided until later sound cannot change it: the last unit waits for the next one, or for
a long pause. The method's constants were chosen on the shared clips (`benchmarks/languages.py`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from offair.engines.activity import SAMPLE_RATE_HZ, WINDOW_MS
from offair.engines.activity.stretches import ChunkSettings, windows
from offair.engines.macrolanguages import macrolanguage
from offair.model.errors import EngineDied

SURE = 0.75
"""From this probability an estimate stands against its neighbours and against the prior."""

_OUTSIDE = 0.1
"""Weight of a language that the channel does not broadcast in, where the estimate is not sure."""
_LEAST = 0.02
"""Least probability reckoned with: one unit that is quite wrong must not outweigh all others."""
_UNIT = windows(3_000)
"""Speech of a unit; less is never sure, and goes with its neighbours unless it stands apart and
tells clearly."""
_TELLING = windows(2_000)
"""What is shorter tells less of its language."""
_FULL = windows(6_000)
"""A unit with as much speech is estimated however short the pause after it."""
_TURN_PAUSE = windows(400)
"""A pause after which a unit of 3 s takes no more: somebody else may be speaking."""
_PARTING = windows(1_200)
"""A pause after which even a short unit takes no more."""
_GROWN = windows(10_000)
"""A stretch that goes on for so long without a pause is estimated before it ends."""
_ESTIMATED = windows(30_000)
_COST = 2.0
"""Evidence that a change of language needs at a pause of 1 s: a factor of e², 7."""
_PAUSE_WEIGHT = 1.5
_LEAST_COST = 0.7

SoundOf = Callable[[int, int], NDArray[np.float32]]
"""The samples of the windows from the first to before the second."""


@dataclass(frozen=True, slots=True)
class LanguageTeller:
    """Estimates the language of speech, weighed by what a channel broadcasts.

    estimate: mono float32 samples at 16 000 Hz, at most 30 s → BCP 47 tag → probability
    (`LanguageEngine.estimate`). allowed: the channel's languages, BCP 47; none means any.
    """

    estimate: Callable[[NDArray[np.float32]], Mapping[str, float]]
    allowed: tuple[str, ...] = ()

    def tell(self, samples: NDArray[np.float32]) -> Mapping[str, float]:
        """How probable each language is, sum 1; empty where the engine died over this sound."""
        try:
            told = self.estimate(samples)
        except EngineDied:
            return {}
        long_enough = len(samples) >= _UNIT * WINDOW_MS * SAMPLE_RATE_HZ // 1000
        return weigh(told, self.allowed, stands=long_enough)


def weigh(
    told: Mapping[str, float], allowed: Sequence[str], *, stands: bool = True
) -> Mapping[str, float]:
    """An estimate with the channel's languages as prior; probabilities that sum to 1.

    A language of the channel gets the share of its macrolanguage and its varieties, under the
    channel's own tag (`acm` for `ar`), where it names just one of them. Other languages weigh a
    tenth, unless one of them is sure. stands: False where the sound is too short to be sure.
    """
    if not allowed:
        return dict(told)
    inside: defaultdict[str, float] = defaultdict(float)
    outside: dict[str, float] = {}
    for tag, probability in told.items():
        family = macrolanguage(tag)
        same = [one for one in allowed if macrolanguage(one) == family]
        if same:
            inside[same[0] if len(same) == 1 else tag] += probability
        else:
            outside[tag] = probability
    sure = stands and max(outside.values(), default=0.0) >= SURE
    weight = 1.0 if sure else _OUTSIDE
    weighed = {**inside, **{tag: weight * share for tag, share in outside.items()}}
    total = sum(weighed.values())
    return {tag: share / total for tag, share in weighed.items()} if total > 0 else dict(told)


@dataclass(slots=True, eq=False)
class _Stretch:
    """Speech between two pauses, in windows, half-open, with its language once it is decided."""

    start: int
    end: int
    tag: str | None = None
    probability: float | None = None

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(slots=True, eq=False)
class _Unit:
    """Stretches estimated together. sealed: a long pause follows, or its end is not to move."""

    stretches: list[_Stretch]
    told: Mapping[str, float]
    sealed: bool = False

    @property
    def length(self) -> int:
        return sum(one.length for one in self.stretches)

    @property
    def tag(self) -> str | None:
        """The language decided for it; its last stretch's, where a change lies inside."""
        return self.stretches[-1].tag

    @property
    def sure(self) -> str | None:
        """The language that stands whatever is spoken around it, if there is one."""
        best = max(self.told, key=lambda tag: self.told[tag], default=None)
        if best is None or self.length < _UNIT or self.told[best] < SURE:
            return None
        return best

    def decide(self, tag: str | None) -> None:
        """Give its stretches this language."""
        for one in self.stretches:
            one.tag = tag
            one.probability = self.told.get(tag, 0.0) if tag is not None and self.told else None


@dataclass(slots=True)
class StretchLanguages:
    """The languages of the stretches of one sound. Positions are windows from its beginning."""

    teller: LanguageTeller
    settings: ChunkSettings
    sound: SoundOf
    _pending: list[_Stretch] = field(default_factory=list)
    """Stretches that no unit holds yet."""
    _units: list[_Unit] = field(default_factory=list)
    """Units whose language is not decided, none of them sure."""
    _tail: _Unit | None = None
    """The last unit decided; what follows may still take its last stretches."""
    _final: list[_Stretch] = field(default_factory=list)
    """Stretches whose language nothing changes any more, by start."""
    _before: _Stretch | None = None
    """The last stretch decided, emitted or not."""
    _emitted: _Stretch | None = None
    """The last stretch that was emitted."""
    _growing: _Stretch | None = None
    """A stretch that is decided and goes on."""

    def close(self, start: int, end: int) -> None:
        """A stretch of speech has ended. Stretches come by start."""
        if self._growing is not None:
            grown, self._growing = self._growing, None
            if grown.start == start:
                grown.end = end
                return
        if self._pending:
            pause = start - self._pending[-1].end
            said = sum(one.length for one in self._pending)
            apart = pause >= _TURN_PAUSE or end - start >= _UNIT
            if pause >= _PARTING or said >= _FULL or (said >= _UNIT and apart):
                self._complete()
        self._pending.append(_Stretch(start, end))

    def hear(self, heard: int, open_start: int | None) -> None:
        """So many windows are heard; a stretch is open since `open_start`, or None is."""
        if open_start is not None:
            going_on = self._growing is not None and self._growing.start == open_start
            if heard - open_start >= _GROWN and not going_on:
                self._grow(open_start, heard)
            return
        long = windows(self.settings.long_pause_ms)
        since = heard - long
        if self._pending and self._pending[-1].end <= since:
            self._complete(sealed=True)
        elif self._pending or self._units or self._tail is None:
            return
        elif self._tail.stretches[-1].end <= since:
            self._seal()

    def divide(self, at: int) -> None:
        """A chunk ends inside the open stretch: what follows is told anew."""
        if self._growing is not None and self._growing.start < at:
            self._growing.end = at
            self._growing = None

    def settle(self, heard: int, open_start: int | None) -> None:
        """Decide everything that was heard so far, without waiting for more."""
        if open_start is not None and (self._growing is None or self._growing.start != open_start):
            self._grow(open_start, heard)
        if self._pending:
            self._complete()
        if self._units:
            self._decide()
        self._seal()

    def found(self, stretches: Sequence[tuple[int, int]]) -> None:
        """Speech found on second hearing, in a pause after what was emitted.

        It waits for its neighbours as other speech does, unless they are decided already.
        """
        made: list[_Unit] = []
        for start, end in stretches:
            if made and made[-1].length < _UNIT:
                made[-1].stretches.append(_Stretch(start, end))
            else:
                made.append(_Unit([_Stretch(start, end)], {}))
        for unit in made:
            unit.told = self._tell(unit.stretches)
        tail = self._tail.stretches if self._tail is not None else []
        first, known = stretches[0][0], [*self._final, *tail]
        right = next((one for one in known if one.start >= first), None)
        if right is None:
            later, self._units = self._units, made
            if not later and made[-1].sure is not None:
                self._decide()
            self._units += later
            return
        left = next((one for one in reversed(known) if one.end <= first), self._emitted)
        _assign(made, left, right)
        if self._tail is not None and right is self._tail.stretches[0]:
            self._find_change(made[-1], self._tail)
        self._final += [one for unit in made for one in unit.stretches]
        self._final.sort(key=lambda one: one.start)

    def told(self, until: int, open_start: int | None) -> bool:
        """Whether the language of all speech that begins before the window `until` is final."""
        waiting = [
            *self._pending[:1],
            *(one for unit in self._units[:1] for one in unit.stretches[:1]),
            *(self._tail.stretches[:1] if self._tail is not None else ()),
        ]
        if any(one.start < until for one in waiting):
            return False
        if open_start is None or open_start >= until:
            return True
        return self._growing is not None and self._growing.start == open_start

    def change_after(self, speech_start: int) -> int | None:
        """The middle of the first pause at which the language changes, of those after this window.

        None where no change is known yet.
        """
        after = [one for one in self._final if one.end > speech_start]
        for one, following in pairwise(after):
            if None not in (one.tag, following.tag) and one.tag != following.tag:
                return (one.end + following.start) // 2
        return None

    def language(self, start: int, end: int) -> tuple[str | None, float | None]:
        """The language spoken between two windows and its probability 0…1, or None for either."""
        lengths: defaultdict[str | None, int] = defaultdict(int)
        shares: defaultdict[str | None, list[tuple[int, float]]] = defaultdict(list)
        for one in self._final:
            common = min(end, one.end if one is not self._growing else end) - max(start, one.start)
            if common > 0:
                lengths[one.tag] += common
                if one.probability is not None:
                    shares[one.tag].append((common, one.probability))
        if not lengths:
            return None, None
        tag = max(lengths, key=lambda one: lengths[one])
        weight = sum(length for length, _ in shares[tag])
        if tag is None or not weight:
            return tag, None
        return tag, min(1.0, sum(length * share for length, share in shares[tag]) / weight)

    def release(self, until: int) -> None:
        """Everything before this window was emitted."""
        kept = [one for one in self._final if one.end > until or one is self._growing]
        gone = len(self._final) - len(kept)
        self._emitted = self._final[gone - 1] if gone else self._emitted
        self._final = kept

    def _grow(self, start: int, heard: int) -> None:
        """Estimate a stretch that has not ended; the rest of it is in the same language."""
        said = sum(one.length for one in self._pending)
        if self._pending and (
            said >= _UNIT or start - self._pending[-1].end >= windows(self.settings.long_pause_ms)
        ):
            self._complete()
        self._growing = _Stretch(start, heard)
        self._pending.append(self._growing)
        self._complete()
        if self._units:
            self._decide()
        self._seal()

    def _complete(self, *, sealed: bool = False) -> None:
        """What is pending becomes a unit."""
        unit = _Unit(self._pending, self._tell(self._pending), sealed)
        self._pending = []
        self._units.append(unit)
        if unit.sure is not None:
            self._decide()

    def _tell(self, stretches: Sequence[_Stretch]) -> Mapping[str, float]:
        pieces = [self.sound(one.start, one.end) for one in stretches]
        limit = _ESTIMATED * WINDOW_MS * SAMPLE_RATE_HZ // 1000
        return self.teller.tell(np.concatenate(pieces)[:limit])

    def _decide(self) -> None:
        """Decide the units that wait; all but the last are final then."""
        units, self._units = self._units, []
        _assign(units, self._before, None)
        chain = ([self._tail] if self._tail is not None else []) + units
        for one, following in pairwise(chain):
            if not one.sealed:
                self._find_change(one, following)
        self._final += [stretch for unit in chain[:-1] for stretch in unit.stretches]
        self._tail = chain[-1]
        self._before = self._tail.stretches[-1]
        if self._tail.sealed:
            self._seal()

    def _seal(self) -> None:
        """The last unit decided is final."""
        if self._tail is not None:
            self._final += self._tail.stretches
            self._tail = None

    def _find_change(self, one: _Unit, following: _Unit) -> None:
        """Move the change of language between two units to the pause where it fits best."""
        stretches = [*one.stretches, *following.stretches]
        left, right = one.tag, following.tag
        if left is None or right is None or left == right or len(stretches) == 2:
            return
        told = [self._tell([stretch]) for stretch in stretches]
        shares = [_share(each, left, right) for each in told]
        best, change = -math.inf, len(one.stretches)
        for at in range(1, len(stretches)):
            score = -_cost_of_change(stretches[at].start - stretches[at - 1].end)
            for index, (stretch, share) in enumerate(zip(stretches, shares, strict=True)):
                seconds = stretch.length * WINDOW_MS / 1000
                score += seconds * math.log(share if index < at else 1 - share)
            if score > best:
                best, change = score, at
        for index, stretch in enumerate(stretches):
            tag = left if index < change else right
            if stretch.tag != tag:
                stretch.tag, stretch.probability = tag, told[index].get(tag, 0.0)


def _share(told: Mapping[str, float], left: str, right: str) -> float:
    """How much of what speaks for either language speaks for the left one, bounded."""
    one, other = told.get(left, 0.0), told.get(right, 0.0)
    share = one / (one + other) if one + other > 0 else 0.5
    return min(max(share, _LEAST), 1 - _LEAST)


def _assign(units: Sequence[_Unit], left: _Stretch | None, right: _Stretch | None) -> None:
    """Decide units in order: the sure ones for themselves, those between with their neighbours.

    left, right: decided speech before the first and after the last, None where there is none.
    """
    run: list[_Unit] = []
    for unit in units:
        if unit.sure is None:
            run.append(unit)
            continue
        unit.decide(unit.sure)
        _share_out(run, left, unit.stretches[0])
        run, left = [], unit.stretches[-1]
    _share_out(run, left, right)


def _share_out(run: Sequence[_Unit], left: _Stretch | None, right: _Stretch | None) -> None:
    """Decide unsure units together: the likeliest succession of languages (Viterbi), in which
    every change costs, so that a unit that tells little goes with its neighbours."""
    ends = {one.tag for one in (left, right) if one is not None and one.tag is not None}
    tags = sorted({tag for unit in run for tag in unit.told} | ends)
    if not run or not tags:
        return
    start = left.tag if left is not None else None
    best = {tag: 0.0 if start in (None, tag) else -math.inf for tag in tags}
    came: list[dict[str, str]] = []
    at = left.end if left is not None else None
    for unit in run:
        cost = 0.0 if at is None else _cost_of_change(unit.stretches[0].start - at)
        best, origins = _step(best, cost)
        came.append(origins)
        best = {tag: score + _fit(unit, tag) for tag, score in best.items()}
        at = unit.stretches[-1].end
    if right is not None and right.tag is not None and at is not None:
        best, origins = _step(best, _cost_of_change(right.start - at))
        tag = origins[right.tag]
    else:
        tag = max(tags, key=lambda one: best[one])
    for unit, origins in zip(reversed(run), reversed(came), strict=True):
        unit.decide(tag)
        tag = origins[tag]


def _step(best: Mapping[str, float], cost: float) -> tuple[dict[str, float], dict[str, str]]:
    """One pause further: the best score of each language, and the language it came from."""
    leader = max(best, key=lambda tag: best[tag])
    scores, origins = {}, {}
    for tag, score in best.items():
        stays = score >= best[leader] - cost
        scores[tag] = score if stays else best[leader] - cost
        origins[tag] = tag if stays else leader
    return scores, origins


def _cost_of_change(pause: int) -> float:
    """How much evidence a change of language needs, in natural logarithms; less after a pause."""
    seconds = max(1, pause) * WINDOW_MS / 1000
    return max(_LEAST_COST, _COST - _PAUSE_WEIGHT * math.log(seconds))


def _fit(unit: _Unit, tag: str) -> float:
    """How well a language fits a unit; what is short tells less."""
    return min(1.0, unit.length / _TELLING) * math.log(max(_LEAST, unit.told.get(tag, 0.0)))
