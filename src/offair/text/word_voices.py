"""Which voice says each word: time shared with the diariser's spans, and what to do where none is.

Rules, in this order; a word is only ever moved by a later rule where no earlier one is clear.

1. A word belongs to the voice that speaks longest while it lasts; between voices that speak
   equally long, to the one that says the word before, else the word after, in its sentence.
2. A word that no voice covers takes the nearest voice that says a word of its sentence, if that
   voice speaks within `TOLERANCE_MS` of it; so does a run of such words, no longer than `HOLE_MS`,
   between two words of one voice. Else nobody is known to say it.
3. One single word between two words of another voice, all in one sentence, is given to that other
   voice where the evidence is weak: its voice speaks for less than half of it, or the other voice
   speaks for at least half as long at the same time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from offair.model.time import Ms, Span
from offair.model.transcript import VoiceSpan

TOLERANCE_MS: Ms = 500
"""How far from a word its nearest voice may speak; diarisers cut the edges of speech so."""
HOLE_MS: Ms = 2_000
"""The longest run of words without a voice that lies inside one voice's sentence."""
OVERLAP_SHARE = 3
"""A word is overlapped where several voices speak at once for a third of it or more."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """When a word is said (media time), and the number of its sentence; numbers only rise."""

    span: Span
    sentence: int


@dataclass(frozen=True, slots=True)
class WordVoice:
    """Who says a word: a label, or None; and whether several voices speak at once in it."""

    label: str | None
    overlapped: bool


@dataclass(slots=True)
class _Evidence:
    """The time that each voice shares with a word, and the time that several share at once."""

    span: Span
    sentence: int
    shared: dict[str, Ms]
    together: Ms
    label: str | None = None

    @property
    def best(self) -> list[str]:
        """The voices that speak longest in the word."""
        most = max(self.shared.values(), default=0)
        return [label for label, time in self.shared.items() if time == most]


def word_voices(words: Sequence[SpokenWord], voices: Sequence[VoiceSpan]) -> tuple[WordVoice, ...]:
    """The voice of each word, in the order given; a word of no length stands for the millisecond
    before it and the one after, so that it belongs to either voice where one ends and one begins.

    Spans of one label that overlap count once. The order of `voices` does not matter.
    """
    timeline = _Timeline(voices)
    found = [timeline.evidence(word) for word in words]
    for one in found:
        one.label = one.best[0] if len(one.best) == 1 else None
    _settle_ties(found)
    _fill(found, timeline)
    _smooth(found)
    return tuple(
        WordVoice(one.label, one.together > 0 and one.together * OVERLAP_SHARE >= one.span.length)
        for one in found
    )


class _Timeline:
    """The voices as stretches in which the same ones speak, in order, and per voice its spans."""

    def __init__(self, voices: Sequence[VoiceSpan]) -> None:
        events: dict[Ms, list[tuple[str, int]]] = {}
        for voice in voices:
            if voice.span.length:
                events.setdefault(voice.span.start, []).append((voice.label, 1))
                events.setdefault(voice.span.end, []).append((voice.label, -1))
        self._starts: list[Ms] = []
        self._active: list[tuple[str, ...]] = []
        self._spans: dict[str, tuple[list[Ms], list[Ms]]] = {}
        count: dict[str, int] = {}
        for time in sorted(events):
            for label, step in events[time]:
                count[label] = count.get(label, 0) + step
                if not count[label]:
                    del count[label]
            now = tuple(sorted(count))
            before = self._active[-1] if self._active else ()
            if now == before:
                continue
            for label in sorted(set(now) - set(before)):
                self._spans.setdefault(label, ([], []))[0].append(time)
            for label in sorted(set(before) - set(now)):
                self._spans[label][1].append(time)
            self._starts.append(time)
            self._active.append(now)

    def evidence(self, word: SpokenWord) -> _Evidence:
        """Who speaks while a word lasts, and for how long."""
        start, end = word.span.start, word.span.end
        if start == end:
            start, end = max(0, start - 1), end + 1
        shared: dict[str, Ms] = {}
        together = 0
        index = max(0, bisect_right(self._starts, start) - 1)
        while index < len(self._starts) and self._starts[index] < end:
            until = self._starts[index + 1] if index + 1 < len(self._starts) else end
            common = min(end, until) - max(start, self._starts[index])
            if common > 0:
                for label in self._active[index]:
                    shared[label] = shared.get(label, 0) + common
                together += common if len(self._active[index]) > 1 else 0
            index += 1
        return _Evidence(Span(start, end), word.sentence, shared, together)

    def distance(self, span: Span, label: str) -> Ms:
        """How far from a word this voice speaks nearest, ms; 0 where it speaks in it."""
        starts, ends = self._spans[label]
        index = bisect_right(starts, span.start)
        far = [starts[index] - span.end] if index < len(starts) else []
        far += [span.start - ends[index - 1]] if index else []
        return max(0, min(far))


def _settle_ties(found: Sequence[_Evidence]) -> None:
    """Voices that share a word equally: the one that goes on there, or goes on after."""
    tied = [place for place, one in enumerate(found) if len(one.best) > 1]
    for step, places in ((-1, tied), (1, tied[::-1])):
        for place in places:
            beside = _label_beside(found, place, step)
            if found[place].label is None and beside in found[place].best:
                found[place].label = beside


def _label_beside(found: Sequence[_Evidence], place: int, step: int) -> str | None:
    beside = place + step
    if not 0 <= beside < len(found) or found[beside].sentence != found[place].sentence:
        return None
    return found[beside].label


def _fill(found: Sequence[_Evidence], timeline: _Timeline) -> None:
    """Words that no voice covers, run by run inside a sentence."""
    place = 0
    while place < len(found):
        end = place
        while end < len(found) and not found[end].shared and _same(found, place, end):
            end += 1
        if end > place:
            _fill_run(found, place, end, timeline)
        place = max(end, place + 1)


def _same(found: Sequence[_Evidence], one: int, other: int) -> bool:
    return found[one].sentence == found[other].sentence


def _fill_run(found: Sequence[_Evidence], first: int, end: int, timeline: _Timeline) -> None:
    before, after = _label_beside(found, first, -1), _label_beside(found, end - 1, 1)
    run = found[first:end]
    spans = [one.span for one in run]
    length = max(span.end for span in spans) - min(span.start for span in spans)
    if before is not None and before == after and length <= HOLE_MS:
        for one in run:
            one.label = before
        return
    for one in run:
        near = [
            (timeline.distance(one.span, label), rank, label)
            for rank, label in enumerate((before, after))
            if label is not None
        ]
        if near and min(near)[0] <= TOLERANCE_MS:
            one.label = min(near)[2]


def _smooth(found: Sequence[_Evidence]) -> None:
    """Single words flipped to another voice on weak evidence go back to the voice around them."""
    labels = [one.label for one in found]
    for place in range(1, len(found) - 1):
        around, own = labels[place - 1], labels[place]
        if around is None or own is None or own == around or labels[place + 1] != around:
            continue
        if not (_same(found, place - 1, place) and _same(found, place, place + 1)):
            continue
        one = found[place]
        mine, theirs = one.shared.get(own, 0), one.shared.get(around, 0)
        if 2 * mine < one.span.length or 2 * theirs >= mine:
            one.label = around
