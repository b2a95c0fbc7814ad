"""The scores of listening: what is known of a sound beside what was heard in it.

Pure functions over values. What can be added up over items is counted, and rates are made of sums,
so that a total is that of the set as one long sound.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from operator import add
from typing import Self, TypeVar

from offair.evaluation import scorers
from offair.evaluation.normaliser import NormalWord, forms, normal_words, unspaced
from offair.evaluation.scorers import Stretch
from offair.model.time import Ms, Span
from offair.model.transcript import VoiceSpan

MARGIN_MS = 500
"""Sound this near to known speech is not called non-speech: breath, echo, an inexact time."""
WITHIN_MS = (50, 100, 200)
"""Word boundary errors are counted up to these."""
_DRAWS = 1000
_SEED = 8914


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of a text: its characters, its time in ms or None, its speaker, whether doubted."""

    char_start: int
    char_end: int
    start: Ms | None = None
    end: Ms | None = None
    speaker: str | None = None
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text with its words, in text order; the text may hold more than the words do."""

    text: str
    words: tuple[SpokenWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """Numbers that add up, field by field."""

    def __add__(self, other: Self) -> Self:
        return type(self)(
            *(getattr(self, one.name) + getattr(other, one.name) for one in fields(self))
        )


_Added = TypeVar("_Added", bound=Sums)


@dataclass(frozen=True, slots=True)
class Errors(Sums):
    """Errors over words or characters. reference: how many the reference has."""

    reference: int = 0
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float | None:
        """Errors by what the reference has; None where it has nothing."""
        return self.count / self.reference if self.reference else None


@dataclass(frozen=True, slots=True)
class SpeakerErrors(Sums):
    """cpWER: errors with each speaker's words together, speakers paired as is best."""

    reference: int = 0
    count: int = 0

    @property
    def rate(self) -> float | None:
        """Errors by words of the reference; None where it has none."""
        return self.count / self.reference if self.reference else None


@dataclass(frozen=True, slots=True)
class Apart(Sums):
    """Who speaks when, in ms of speaker time; the diarisation error in its parts."""

    total: float = 0.0
    missed: float = 0.0
    false_alarm: float = 0.0
    confusion: float = 0.0

    @property
    def rate(self) -> float | None:
        """DER; None where nobody speaks in the reference."""
        wrong = self.missed + self.false_alarm + self.confusion
        return wrong / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Boundaries(Sums):
    """How far word times are from the known ones, in ms, signed (late is positive).

    Only of words that are equal on both sides.
    """

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Invented(Sums):
    """Words that stand where nobody speaks. non_speech_ms: how much of that there is."""

    non_speech_ms: int = 0
    flagged: int = 0
    unflagged: int = 0

    def per_hour(self, count: int) -> float | None:
        """A count by the hour of non-speech; None where there is none."""
        return count * 3_600_000 / self.non_speech_ms if self.non_speech_ms else None


@dataclass(frozen=True, slots=True)
class Lost(Sums):
    """Known words, or known speech, inside spans that were not heard (called non-speech)."""

    words: int = 0
    of_words: int = 0
    speech_ms: int = 0
    of_speech_ms: int = 0

    @property
    def share(self) -> float | None:
        """By words where words have times, else by speech; None where neither is known."""
        if self.of_words:
            return self.words / self.of_words
        return self.speech_ms / self.of_speech_ms if self.of_speech_ms else None


@dataclass(frozen=True, slots=True)
class Doubts(Sums):
    """Words heard, those flagged, those wrong (not equal to the reference), those both.

    A word that is missing from the text cannot be flagged and is not counted here.
    """

    words: int = 0
    flagged: int = 0
    wrong: int = 0
    both: int = 0

    @property
    def share(self) -> float | None:
        """Flagged words by words."""
        return self.flagged / self.words if self.words else None

    @property
    def precision(self) -> float | None:
        """How many of the flagged words are wrong."""
        return self.both / self.flagged if self.flagged else None

    @property
    def recall(self) -> float | None:
        """How many of the wrong words are flagged."""
        return self.both / self.wrong if self.wrong else None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts beside each other in their normal forms."""

    reference: tuple[NormalWord, ...]
    heard: tuple[NormalWord, ...]
    stretches: tuple[Stretch, ...]


def compare(reference: str, heard: str, language: str) -> Compared:
    """Bring two texts of one language into normal form and align them."""
    left, right = normal_words(reference, language), normal_words(heard, language)
    found = scorers.align([one.form for one in left], [one.form for one in right])
    return Compared(left, right, found)


def word_errors(compared: Compared) -> Errors:
    """Word errors; in a language without spaces the words are characters."""
    return _errors(compared.stretches, len(compared.reference))


def character_errors(compared: Compared) -> Errors:
    """Errors over the characters of the normal forms, spaces left out."""
    left = [char for one in compared.reference for char in one.form]
    right = [char for one in compared.heard for char in one.form]
    return _errors(scorers.align(left, right), len(left))


def _errors(stretches: Iterable[Stretch], reference: int) -> Errors:
    wrong, missing, more = 0, 0, 0
    for one in stretches:
        if one.equal:
            continue
        left = one.reference[1] - one.reference[0]
        right = one.heard[1] - one.heard[0]
        wrong += min(left, right)
        missing += max(0, left - right)
        more += max(0, right - left)
    return Errors(reference, wrong, missing, more)


def speaker_errors(reference: Spoken, heard: Spoken, language: str) -> SpeakerErrors | None:
    """cpWER; words of nobody known are one speaker's. None where the reference names nobody."""
    if not any(one.speaker for one in reference.words):
        return None
    left, right = _by_speaker(reference, language), _by_speaker(heard, language)
    count, total = scorers.speaker_errors(left, right)
    return SpeakerErrors(total, count)


def _by_speaker(spoken: Spoken, language: str) -> dict[str, tuple[str, ...]]:
    said: dict[str, list[str]] = {}
    for one in spoken.words:
        text = spoken.text[one.char_start : one.char_end]
        said.setdefault(one.speaker or "", []).append(text)
    found = {name: forms(" ".join(words), language) for name, words in said.items()}
    return {name: words for name, words in found.items() if words}


def told_apart(
    reference: Sequence[VoiceSpan],
    heard: Sequence[VoiceSpan],
    scored: Sequence[Span],
    *,
    collar_ms: float,
) -> Apart:
    """The diarisation error, overlapped speech counted; see `scorers.told_apart`."""
    found = scorers.told_apart(reference, heard, scored, collar_ms=collar_ms)
    return Apart(found.total, found.missed, found.false_alarm, found.confusion)


def boundaries(compared: Compared, reference: Spoken, heard: Spoken) -> Boundaries:
    """Errors of start and end of every word that is equal on both sides and has times on both.

    A start counts where the equal forms open their words on both sides, an end where they close
    them: `well-known` heard as `well known` gives one start and one end.
    """
    left = _edges(compared.reference, reference.words)
    right = _edges(compared.heard, heard.words)
    starts, ends = [], []
    for one in compared.stretches:
        if not one.equal:
            continue
        for offset in range(one.reference[1] - one.reference[0]):
            known, found = left[one.reference[0] + offset], right[one.heard[0] + offset]
            if known[0] is not None and found[0] is not None:
                starts.append(found[0] - known[0])
            if known[1] is not None and found[1] is not None:
                ends.append(found[1] - known[1])
    return Boundaries(tuple(starts), tuple(ends))


def _edges(
    normal: Sequence[NormalWord], words: Sequence[SpokenWord]
) -> list[tuple[Ms | None, Ms | None]]:
    """For each form the start of the word it opens and the end of the word it closes."""
    owners = [_words_of(one, words, index) for one, index in _first_words(normal, words)]
    edges: list[tuple[Ms | None, Ms | None]] = []
    for place, (first, last) in enumerate(owners):
        if first is None or last is None:
            edges.append((None, None))
            continue
        before = owners[place - 1][1] if place else None
        after = owners[place + 1][0] if place + 1 < len(owners) else None
        edges.append(
            (
                words[first].start if before != first else None,
                words[last].end if after != last else None,
            )
        )
    return edges


def _first_words(
    normal: Sequence[NormalWord], words: Sequence[SpokenWord]
) -> Iterable[tuple[NormalWord, int]]:
    """Each form with the first word that ends after its start."""
    at = 0
    for one in normal:
        while at < len(words) and words[at].char_end <= one.char_start:
            at += 1
        yield one, at


def _words_of(
    one: NormalWord, words: Sequence[SpokenWord], index: int
) -> tuple[int | None, int | None]:
    """First and last word that share characters with a form."""
    last = index
    while last < len(words) and words[last].char_start < one.char_end:
        last += 1
    return (index, last - 1) if last > index else (None, None)


def doubts(compared: Compared, heard: Spoken) -> Doubts:
    """Whether the flags are on the wrong words. A word is wrong where any of its forms is."""
    wrong = [True] * len(compared.heard)
    for stretch in compared.stretches:
        if stretch.equal:
            for place in range(*stretch.heard):
                wrong[place] = False
    counted: dict[int, bool] = {}
    for place, (one, index) in enumerate(_first_words(compared.heard, heard.words)):
        first, last = _words_of(one, heard.words, index)
        if first is not None and last is not None:
            for word in range(first, last + 1):
                counted[word] = counted.get(word, False) or wrong[place]
    flagged = [heard.words[word].doubted for word in counted]
    return Doubts(
        len(counted),
        sum(flagged),
        sum(counted.values()),
        sum(one and two for one, two in zip(flagged, counted.values(), strict=True)),
    )


def joined(spans: Iterable[Span], margin_ms: Ms = 0) -> tuple[Span, ...]:
    """Spans widened on both sides, in order, those that touch made one."""
    made: list[Span] = []
    for one in sorted(spans):
        start, end = max(0, one.start - margin_ms), one.end + margin_ms
        if made and start <= made[-1].end:
            made[-1] = Span(made[-1].start, max(made[-1].end, end))
        else:
            made.append(Span(start, end))
    return tuple(made)


def shared(one: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """The time that is in both; each side in order and without overlaps."""
    made = []
    left, right = 0, 0
    while left < len(one) and right < len(other):
        start = max(one[left].start, other[right].start)
        end = min(one[left].end, other[right].end)
        if start < end:
            made.append(Span(start, end))
        if one[left].end < other[right].end:
            left += 1
        else:
            right += 1
    return tuple(made)


def outside(spans: Sequence[Span], whole: Sequence[Span]) -> tuple[Span, ...]:
    """The time of `whole` that is in none of `spans`; each in order and without overlaps."""
    left = []
    for one in whole:
        at = one.start
        for other in spans:
            if other.end <= at or other.start >= one.end:
                continue
            if other.start > at:
                left.append(Span(at, other.start))
            at = max(at, other.end)
        if at < one.end:
            left.append(Span(at, one.end))
    return tuple(left)


def invented(words: Sequence[SpokenWord], non_speech: Sequence[Span]) -> Invented:
    """Words whose midpoint lies where nobody speaks; words without a time are not counted."""
    counts = {True: 0, False: 0}
    for one in words:
        if one.start is None or one.end is None:
            continue
        middle = (one.start + one.end) // 2
        if any(span.start <= middle < span.end for span in non_speech):
            counts[one.doubted] += 1
    return Invented(sum(one.length for one in non_speech), counts[True], counts[False])


def lost(words: Sequence[SpokenWord], speech: Sequence[Span], unheard: Sequence[Span]) -> Lost:
    """Known words with their midpoint, and known speech, inside spans that were not heard.

    speech, unheard: in order and without overlaps.
    """
    middles = [
        (one.start + one.end) // 2 for one in words if one.start is not None and one.end is not None
    ]
    inside = sum(any(span.start <= at < span.end for span in unheard) for at in middles)
    return Lost(
        inside,
        len(middles),
        sum(one.length for one in shared(speech, unheard)),
        sum(one.length for one in speech),
    )


def interval(counted: Sequence[Errors]) -> tuple[float, float] | None:
    """95 % interval of the rate over items: drawn anew 1,000 times (bootstrap, Bisani & Ney 2004).

    The same draws every time. None for fewer than five items, of which it would say too little.
    """
    known = [one for one in counted if one.reference]
    if len(known) < 5:
        return None
    chance = random.Random(_SEED)
    rates = sorted(
        reduce(add, chance.choices(known, k=len(known))).rate or 0.0 for _ in range(_DRAWS)
    )
    return rates[int(0.025 * _DRAWS)], rates[int(0.975 * _DRAWS)]


def percentile(values: Sequence[int], share: float) -> float | None:
    """What `share` (0…1) of the absolute values lie below, interpolated; None of none."""
    ordered = sorted(abs(one) for one in values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def within(values: Sequence[int], limit_ms: int) -> float | None:
    """The share of values at most `limit_ms` from 0; None of none."""
    return sum(abs(one) <= limit_ms for one in values) / len(values) if values else None


@dataclass(frozen=True, slots=True)
class ItemScore:
    """All scores of one item, or the total of several; None for what was not measured.

    wall_s, cpu_s: None where part of the item was known before it was heard.
    """

    name: str
    language: str
    sound_ms: Ms
    words: Errors | None = None
    characters: Errors | None = None
    speakers: SpeakerErrors | None = None
    apart: Apart | None = None
    boundaries: Boundaries | None = None
    invented: Invented | None = None
    lost: Lost | None = None
    doubts: Doubts | None = None
    wall_s: float | None = None
    cpu_s: float | None = None
    timed_ms: Ms = 0


def total(name: str, language: str, scores: Sequence[ItemScore]) -> ItemScore:
    """The sums over items; what none of them has stays None."""
    return ItemScore(
        name,
        language,
        sum(one.sound_ms for one in scores),
        words=_sum([one.words for one in scores]),
        characters=_sum([one.characters for one in scores]),
        speakers=_sum([one.speakers for one in scores]),
        apart=_sum([one.apart for one in scores]),
        boundaries=_sum([one.boundaries for one in scores]),
        invented=_sum([one.invented for one in scores]),
        lost=_sum([one.lost for one in scores]),
        doubts=_sum([one.doubts for one in scores]),
        wall_s=_seconds([one.wall_s for one in scores]),
        cpu_s=_seconds([one.cpu_s for one in scores]),
        timed_ms=sum(one.timed_ms for one in scores),
    )


def counts_words(language: str) -> bool:
    """Whether a word error rate says anything: not where words are written without spaces."""
    return not unspaced(language)


def _sum(values: Sequence[_Added | None]) -> _Added | None:
    known = [one for one in values if one is not None]
    return reduce(add, known) if known else None


def _seconds(values: Sequence[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) if known else None
