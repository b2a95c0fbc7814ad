"""Where speech begins and ends: a threshold with hysteresis on the probability of each window.

Everything is counted in windows of 32 ms. A stretch of speech begins where the probability rises
to `speech_on` and ends where it stays below `speech_off` for `min_pause_ms`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Self

from offair.engines.activity import WINDOW_MS
from offair.model.errors import BadInput
from offair.model.time import Ms

CUTTER_VERSION = 2
"""Changes whenever the same sound and settings would be cut differently."""

LANGUAGES_VERSION = 1
"""Changes whenever the same estimates would give a stretch another language."""

_USUAL_ON = 0.35
_USUAL_OFF = 0.2


def windows(length_ms: Ms) -> int:
    """How many windows this takes, rounded up."""
    return -(-length_ms // WINDOW_MS)


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """Where to cut. Part of what a run is keyed by.

    speech_on, speech_off: probabilities, 0 < off <= on < 1; low, because a quiet voice skipped is
    worse than a noise heard; both 0 take all of the sound for speech. min_speech_ms: a shorter
    stretch is no speech. min_pause_ms: a shorter dip is no pause. pad_ms: kept of a skipped pause
    beside speech. long_pause_ms: from this length a pause is skipped. edge_ms: of the silence at
    either end of a chunk, the recogniser hears this much. min_chunk_ms: the second half of a chunk
    begins here. max_chunk_ms: longest chunk, at most 30 000. again_speech_ms: a
    stretch at least as long, found on second hearing, keeps a span from being skipped.
    silence_dbfs: a skipped span whose loudest window lies below this level (RMS, 0 dBFS is a
    full-scale square wave) is silence, else other sound.
    """

    speech_on: float = _USUAL_ON
    speech_off: float = _USUAL_OFF
    min_speech_ms: Ms = 64
    min_pause_ms: Ms = 128
    pad_ms: Ms = 320
    long_pause_ms: Ms = 3_008
    edge_ms: Ms = 400
    min_chunk_ms: Ms = 15_000
    max_chunk_ms: Ms = 29_984
    again_speech_ms: Ms = 256
    silence_dbfs: float = -60.0

    def __post_init__(self) -> None:
        everything = self.speech_off == self.speech_on == 0
        if not (0 < self.speech_off <= self.speech_on < 1 or everything):
            raise BadInput(
                f"speech_off {self.speech_off} and speech_on {self.speech_on} must be between 0"
                " and 1, off not above on, or both 0"
            )
        if not 2 * self.pad_ms < self.long_pause_ms <= self.min_chunk_ms:
            raise BadInput(
                f"long_pause_ms {self.long_pause_ms} must be more than twice pad_ms"
                f" {self.pad_ms} and at most min_chunk_ms {self.min_chunk_ms}"
            )
        if self.edge_ms < 0:
            raise BadInput(f"edge_ms {self.edge_ms} is a length; give 0 or more")
        if not 0 < self.min_pause_ms <= self.long_pause_ms:
            raise BadInput(
                f"min_pause_ms {self.min_pause_ms} must be above 0 and at most long_pause_ms"
                f" {self.long_pause_ms}"
            )
        if not self.min_chunk_ms < self.max_chunk_ms <= 30_000:
            raise BadInput(
                f"max_chunk_ms {self.max_chunk_ms} must be more than min_chunk_ms"
                f" {self.min_chunk_ms} and at most 30000"
            )

    @classmethod
    def hearing_from(cls, threshold: float) -> Self:
        """The settings that take sound for speech from this probability on; the rest as usual.

        threshold: 0 ≤ threshold < 1; 0 takes all of the sound for speech. `speech_off` follows in
        the usual proportion. Raises `BadInput`.
        """
        if not 0 <= threshold < 1:
            raise BadInput(
                f"the threshold {threshold} is no probability below 1; give 0 (everything is heard)"
                f" to 0.99, the usual one is {_USUAL_ON}"
            )
        off = _USUAL_OFF * (threshold / _USUAL_ON)
        return cls(speech_on=threshold, speech_off=off)

    def described(self) -> dict[str, str | int | float | bool | None]:
        """The settings and the cutter's version, as a run keeps them."""
        versions = {"cutter": CUTTER_VERSION, "stretch_languages": LANGUAGES_VERSION}
        return {**versions, **asdict(self)}


class SpeechStretches:
    """Probabilities to stretches of speech: a threshold with hysteresis, window by window."""

    def __init__(self, settings: ChunkSettings) -> None:
        self._settings = settings
        self._min_speech = windows(settings.min_speech_ms)
        self._min_pause = windows(settings.min_pause_ms)
        self._heard = 0
        self._start: int | None = None
        self._last = 0
        self.closed: list[tuple[int, int]] = []
        """Stretches that have ended, in windows, half-open, by start; the reader removes them."""

    @property
    def settled(self) -> int:
        """Every window before this one is certainly speech, in `closed`, or certainly not."""
        return self._heard if self._start is None else self._start

    @property
    def confirmed(self) -> bool:
        """Whether a stretch is open that is long enough to count as speech."""
        return self._start is not None and self._last + 1 - self._start >= self._min_speech

    @property
    def open_start(self) -> int | None:
        """Where the stretch begins that has not ended yet, or None."""
        return self._start

    def hear(self, probability: float) -> None:
        """The next window."""
        index = self._heard
        self._heard += 1
        if self._start is None:
            if probability >= self._settings.speech_on:
                self._start, self._last = index, index
        elif probability >= self._settings.speech_off:
            self._last = index
        elif index - self._last >= self._min_pause:
            self.end()

    def end(self) -> None:
        """Whatever is open ends where speech was last heard."""
        if self._start is not None and self.confirmed:
            self.closed.append((self._start, self._last + 1))
        self._start = None

    def divide(self, at: int) -> None:
        """The open stretch becomes two at this window: a chunk ends inside it."""
        if self._start is not None and self._start < at:
            self.closed.append((self._start, at))
            self._start = at
            self._last = max(self._last, at)
