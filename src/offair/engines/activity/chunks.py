"""Cuts a sound into chunks of at most 30 s at its pauses, while it streams past.

Everything is counted in windows of 32 ms. Pauses of `long_pause_ms` and more are skipped, but for
a pad beside the speech: a recogniser invents words in silence. What lies between two of them is
cut, where it is too long for one chunk, in the middle of the longest pause of the chunk's second
half; in its first half where the second has none; and inside speech only where there is no pause
at all, at the least probable speech. Where a language engine is asked, no chunk crosses a change of
language: it ends in the pause between.

Whisper pays for 30 s however short a chunk is. `long_pause_ms` of 3 s costs a quarter less than 2 s
on the joined English clips (`benchmarks/english_clips.toml`, base model): 14 windows for 19, at
8.8 % word errors for 8.0 %, where the file heard as one has 15.6 %.

A chunk cut at a pause has silence at its ends, and a recogniser that begins in silence hears less
well and dates its first word too early. It hears `edge_ms` of it: on the FLEURS clips, which begin
and end in silence, a sixth fewer words are wrong (base model).

Before a span is skipped, or a long edge left out, the engine hears it a second time by itself:
after a loud voice Silero misses a voice 40 dB below it, which it finds when it begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from offair.engines.activity import SAMPLE_RATE_HZ, WINDOW_MS, ActivityEngine
from offair.engines.activity.languages_of_stretches import LanguageTeller, StretchLanguages
from offair.engines.activity.stretches import ChunkSettings, SpeechStretches, windows
from offair.model.time import Ms, Span
from offair.model.transcript import Activity

__all__ = ["ChunkCutter", "ChunkSettings", "LanguageTeller", "PlannedChunk", "SoundChunk"]

_PER_MS = SAMPLE_RATE_HZ // 1000
_WINDOW = WINDOW_MS * _PER_MS
_BLOCK = 32
"""Windows heard at a time, always as many, so that feed sizes cannot change the last digits."""
_JITTER_MS = 20
"""Container clocks round; a difference up to this is no hole in the sound."""
_QUIETEST = 1e-6
_PATIENCE_MS = 30_000
"""How much longer a chunk waits until later speech has settled its language."""


@dataclass(frozen=True, slots=True)
class PlannedChunk:
    """One unit of work: a span to recognise (`speech`), or to skip (`silence`, `other sound`).

    score: mean probability of speech over the span, 0…1. speech: the stretches of speech in it,
    media time, sorted, inside the span; empty where it is skipped. language: BCP 47, as estimated;
    None where it is skipped or nobody estimated it. language_probability: 0…1, or None likewise.
    """

    span: Span
    activity: Activity
    score: float
    speech: tuple[Span, ...] = ()
    language: str | None = None
    language_probability: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SoundChunk:
    """A planned chunk with the sound to recognise: mono float32, shape (samples,), 16 000 Hz.

    start_ms: media time of the first sample; a chunk of speech may begin and end with silence that
    is not heard, so the samples can cover less than the chunk's span.
    """

    planned: PlannedChunk
    samples: NDArray[np.float32]
    start_ms: Ms

    @property
    def sound(self) -> bytes:
        """The samples as little-endian float32: what a claim's key and hash are taken over."""
        return self.samples.astype("<f4", copy=False).tobytes()


class ChunkCutter:
    """Cuts one sound. Holds at most about 35 s of it, 65 s where languages are told; feed sizes do
    not change where it cuts.

    The spans it returns, in order, cover the sound from 0 to its end without gap or overlap.
    """

    def __init__(
        self,
        engine: ActivityEngine,
        settings: ChunkSettings | None = None,
        languages: LanguageTeller | None = None,
    ) -> None:
        """Begin with a new sound. languages: who tells them, or None where nobody is asked."""
        self._settings = settings or ChunkSettings()
        self._engine = engine
        self._listener = engine.listener()
        self._stretches = SpeechStretches(self._settings)
        self._pad = self._settings.pad_ms // WINDOW_MS
        self._long = windows(self._settings.long_pause_ms)
        self._min = windows(self._settings.min_chunk_ms)
        self._max = self._settings.max_chunk_ms // WINDOW_MS
        self._patience = windows(_PATIENCE_MS)
        self._languages = (
            StretchLanguages(languages, self._settings, self._sound_between) if languages else None
        )
        self._base = 0
        self._heard_again = 0
        self._fed = 0
        self._waiting: list[NDArray[np.float32]] = []
        self._waiting_samples = 0
        self._sound: list[NDArray[np.float32]] = []
        self._probabilities: list[float] = []
        self._levels: list[float] = []
        self._heard = 0
        self._over = False

    def feed(self, start_ms: Ms, samples: NDArray[np.float32]) -> list[SoundChunk]:
        """Take the next samples; return the chunks now decided, in order.

        start_ms: media time of the first sample. Time before it that was not fed (the first
        samples may start after 0) counts as silence. samples: mono float32, 16 000 Hz, −1…1.
        Raises `ValueError` where time runs backwards, or after `finish`.
        """
        if self._over:
            raise ValueError("this sound is finished; cut another with a new cutter")
        expected = self._fed // _PER_MS
        if start_ms < expected - _JITTER_MS:
            raise ValueError(f"sound at {start_ms} ms was fed after sound up to {expected} ms")
        chunks = self._fill(start_ms) if start_ms > expected + _JITTER_MS else []
        step = _BLOCK * _WINDOW
        for first in range(0, len(samples), step):
            chunks += self._take(samples[first : first + step])
        return chunks

    def finish(self, end_ms: Ms | None = None) -> list[SoundChunk]:
        """The remaining chunks. end_ms: where the recording ends, if later than its sound."""
        chunks = self._fill(end_ms) if end_ms is not None else []
        self._over = True
        chunks += self._listen(self._drain())
        for _, probability in self._listener.flush():
            chunks += self._hear(probability)
        closed = len(self._stretches.closed)
        self._stretches.end()
        if self._languages is not None:
            self._note_closed(self._languages, closed)
            self._languages.settle(self._heard, None)
        return chunks + self._decide(last=True)

    def _fill(self, until_ms: Ms) -> list[SoundChunk]:
        """Silence for the time up to `until_ms` that has no sound."""
        chunks: list[SoundChunk] = []
        missing = until_ms * _PER_MS - self._fed
        while missing > 0:
            length = min(missing, _BLOCK * _WINDOW)
            chunks += self._take(np.zeros(length, dtype=np.float32))
            missing -= length
        return chunks

    def _take(self, samples: NDArray[np.float32]) -> list[SoundChunk]:
        """Gather at most one block more of sound, and listen to each block that is full."""
        self._fed += len(samples)
        # A copy, as the caller may use its buffer again; a damaged file may decode to NaN.
        sane = np.nan_to_num(samples.astype(np.float32), copy=False, posinf=1.0, neginf=-1.0)
        self._waiting.append(sane)
        self._waiting_samples += len(samples)
        block = _BLOCK * _WINDOW
        if self._waiting_samples < block:
            return []
        sound = self._drain()
        self._waiting, self._waiting_samples = [sound[block:]], len(sound) - block
        return self._listen(sound[:block])

    def _drain(self) -> NDArray[np.float32]:
        sound = np.concatenate([np.zeros(0, dtype=np.float32), *self._waiting])
        self._waiting, self._waiting_samples = [], 0
        return sound

    def _listen(self, sound: NDArray[np.float32]) -> list[SoundChunk]:
        """Hear one block: its levels, its probabilities, and what they decide."""
        if len(sound) == 0:
            return []
        self._sound.append(sound)
        padded = np.pad(sound, (0, -len(sound) % _WINDOW)).reshape(-1, _WINDOW)
        squares = padded.astype(np.float64) ** 2
        self._levels += np.sqrt(squares.mean(axis=1)).tolist()
        chunks: list[SoundChunk] = []
        for _, probability in self._listener.feed(sound):
            chunks += self._hear(probability)
        return chunks

    def _hear(self, probability: float) -> list[SoundChunk]:
        self._probabilities.append(probability)
        self._heard += 1
        closed = len(self._stretches.closed)
        self._stretches.hear(probability)
        if self._languages is not None:
            self._note_closed(self._languages, closed)
            self._languages.hear(self._heard, self._stretches.open_start)
        return self._decide(last=False)

    def _note_closed(self, languages: StretchLanguages, before: int) -> None:
        """Hand on the stretches that have ended since there were so many."""
        for start, end in self._stretches.closed[before:]:
            languages.close(start, end)

    def _sound_between(self, start: int, end: int) -> NDArray[np.float32]:
        """The sound of these windows, which is still held."""
        sound = np.concatenate(self._sound)
        return sound[(start - self._base) * _WINDOW : (end - self._base) * _WINDOW]

    def _decide(self, *, last: bool) -> list[SoundChunk]:
        """Emit every chunk that later sound cannot change; at the end, all of them."""
        chunks: list[SoundChunk] = []
        while (decided := self._next_cut(last)) is not None:
            end, speech = decided
            if speech or not self._speech_again(end):
                chunks.append(self._emit(end, speech))
        return chunks

    def _speech_again(self, end: int) -> bool:
        """Hear the span from the base to `end` by itself; whether there is speech after all."""
        if end <= self._heard_again:
            return False
        self._heard_again = end
        sound = np.concatenate(self._sound)[: (end - self._base) * _WINDOW]
        found, again = self._heard_alone(sound)
        if not found:
            return False
        missed = [(self._base + start, self._base + after) for start, after in found]
        self._stretches.closed[:0] = missed
        if self._languages is not None:
            self._languages.found(missed)
        for index, probability in enumerate(again):
            self._probabilities[index] = max(self._probabilities[index], probability)
        return True

    def _next_cut(self, last: bool) -> tuple[int, bool] | None:
        """(end, speech): the next chunk reaches from the base to `end`; None where undecided."""
        closed, open_start = self._stretches.closed, self._stretches.open_start
        if not closed and not self._stretches.confirmed:
            until = self._heard if open_start is None else open_start
            return self._skip(until if last else until - self._pad, last)
        first = closed[0][0] if closed else self._stretches.settled
        lead = max(self._base, first - self._pad)
        shortest_skip = self._long - 2 * self._pad + (self._pad if self._base == 0 else 0)
        if lead - self._base >= shortest_skip:
            return min(lead, self._base + self._max), False
        island = self._island_end(last)
        change = self._languages.change_after(first) if self._languages else None
        if change is not None and (island is None or change < island):
            island = change
        if island is not None and island - self._base <= self._max:
            until = island
        elif island is None and self._heard - self._base < self._max + self._long:
            return None
        else:
            until = self._base + self._max
        if not self._told(until):
            if self._heard - self._base < self._max + self._long + self._patience:
                return None
            self._settle()
            return self._next_cut(last)
        return (until if until == island else self._cut_inside()), True

    def _told(self, until: int) -> bool:
        """Whether the language of all speech before this window is known, where it is asked."""
        languages = self._languages
        return languages is None or languages.told(until, self._stretches.open_start)

    def _settle(self) -> None:
        if self._languages is not None:
            self._languages.settle(self._heard, self._stretches.open_start)

    def _skip(self, until: int, last: bool) -> tuple[int, bool] | None:
        """No speech is known after the base: skip in pieces of the longest chunk."""
        if until - self._base >= self._max:
            return self._base + self._max, False
        return (until, False) if last and until > self._base else None

    def _island_end(self, last: bool) -> int | None:
        """Where the speech that begins at the base is followed by a long pause, pad included.

        None where no such pause is known yet.
        """
        closed = self._stretches.closed
        following = [start for start, _ in closed[1:]]
        if self._stretches.open_start is not None:
            following.append(self._stretches.open_start)
        for (_, end), start in zip(closed, following, strict=False):
            if start - end >= self._long:
                return self._padded(end)
        if not closed or self._stretches.open_start is not None:
            return None
        end = closed[-1][1]
        if last:
            short = self._heard - end < self._long - self._pad
            fits = self._heard - self._base <= self._max
            return self._heard if short and fits else min(self._padded(end), self._heard)
        return self._padded(end) if self._heard - end >= self._long else None

    def _padded(self, end: int) -> int:
        """The end of speech with its pad, as much of it as the longest chunk has room for."""
        return min(end + self._pad, max(end, self._base + self._max))

    def _cut_inside(self) -> int:
        """Where to cut speech that is longer than one chunk."""
        lowest, highest = self._base + self._min, self._base + self._max
        stretches = list(self._stretches.closed)
        if self._stretches.open_start is not None:
            stretches.append((self._stretches.open_start, self._heard))
        pauses = [
            (end, start)
            for (_, end), (start, _) in pairwise(stretches)
            if self._base < end < highest
        ]
        late = [pause for pause in pauses if pause[1] > lowest]
        if late or pauses:
            start, end = max(late or pauses, key=lambda pause: (pause[1] - pause[0], pause[0]))
            return min(max((start + end) // 2, lowest if late else start), end, highest)
        within = self._probabilities[self._min : self._max]
        cut = lowest + within.index(min(within))
        self._stretches.divide(cut)
        if self._languages is not None:
            self._languages.divide(cut)
        return cut

    def _emit(self, end: int, speech: bool) -> SoundChunk:
        """The chunk from the base to the window `end`; the base moves there."""
        count = end - self._base
        probabilities, levels = self._probabilities[:count], self._levels[:count]
        del self._probabilities[:count], self._levels[:count]
        start_ms, end_ms = self._base * WINDOW_MS, min(end * WINDOW_MS, -(-self._fed // _PER_MS))
        inside: list[Span] = []
        kept: list[tuple[int, int]] = []
        for first, after in self._stretches.closed:
            if first < end:
                inside.append(Span(first * WINDOW_MS, min(after, end) * WINDOW_MS))
            if after > end:
                kept.append((max(first, end), after))
        self._stretches.closed[:] = kept
        loudest = 20 * np.log10(max(max(levels), _QUIETEST))
        language, certainty = None, None
        if self._languages is not None:
            if speech:
                language, certainty = self._languages.language(self._base, end)
            self._languages.release(end)
        quiet = Activity.SILENCE if loudest < self._settings.silence_dbfs else Activity.OTHER
        planned = PlannedChunk(
            Span(start_ms, end_ms),
            Activity.SPEECH if speech else quiet,
            sum(probabilities) / count,
            tuple(Span(one.start, min(one.end, end_ms)) for one in inside) if speech else (),
            language,
            certainty,
        )
        self._base = end
        sound = self._cut_sound(count * _WINDOW)
        if not planned.speech:
            return SoundChunk(planned, sound, start_ms)
        first, after = self._edges(planned, sound)
        return SoundChunk(planned, sound[first:after].copy(), start_ms + first // _PER_MS)

    def _edges(self, planned: PlannedChunk, sound: NDArray[np.float32]) -> tuple[int, int]:
        """The samples of a chunk's sound to hear, half-open: its speech with a little silence.

        A long edge is heard once more by itself, as a skipped span is, before it is left out.
        """
        edge = self._settings.edge_ms
        start = planned.span.start
        first = max(0, planned.speech[0].start - start - edge) * _PER_MS
        after = min(len(sound), (planned.speech[-1].end - start + edge) * _PER_MS)
        if first > edge * _PER_MS and self._heard_alone(sound[:first])[0]:
            first = 0
        if len(sound) - after > edge * _PER_MS and self._heard_alone(sound[after:])[0]:
            after = len(sound)
        return first, after

    def _heard_alone(self, sound: NDArray[np.float32]) -> tuple[list[tuple[int, int]], list[float]]:
        """The stretches of speech that the engine finds in a sound by itself, in windows, and the
        probability of each window."""
        listener = self._engine.listener()
        longer = replace(self._settings, min_speech_ms=self._settings.again_speech_ms)
        found = SpeechStretches(longer)
        probabilities = [one for _, one in listener.feed(sound) + listener.flush()]
        for probability in probabilities:
            found.hear(probability)
        found.end()
        return found.closed, probabilities

    def _cut_sound(self, length: int) -> NDArray[np.float32]:
        """Take the first samples from what is held."""
        sound = np.concatenate(self._sound)
        self._sound = [sound[length:].copy()]
        return sound[:length].copy()
