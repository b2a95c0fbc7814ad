"""Engines of the other rooms that a test can steer; made inside a host's processes."""

from __future__ import annotations

import itertools
import logging
import os
import signal
import time
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from offair.model.errors import BadInput
from offair.model.time import Span
from offair.model.transcript import Engine, VoiceSpan


class Teller:
    """Tells a language by the loudness."""

    def __init__(self, model: str = "fake") -> None:
        self._model = model

    @property
    def engine(self) -> Engine:
        """Who it is."""
        return Engine("teller", self._model, "1")

    def estimate(self, samples: NDArray[np.float32]) -> Mapping[str, float]:
        """Louder is more Portuguese; nothing at all kills it."""
        if len(samples) == 0:
            os.kill(os.getpid(), signal.SIGSEGV)
        share = float(np.abs(samples).mean())
        return {"pt": share, "en": 1 - share}


class Counter:
    """Makes one voice of each second of sound, and remembers how many blocks it came in."""

    @property
    def engine(self) -> Engine:
        """Who it is."""
        return Engine("counter", "fake", "1")

    def diarise(
        self, sound: Iterable[NDArray[np.float32]], *, speakers: int | None = None
    ) -> tuple[VoiceSpan, ...]:
        """Obey the number of speakers: 90 fails at once, 91 stops reading, 92 hangs, 93 dies."""
        if speakers == 90:
            raise BadInput("this sound cannot be diarised")
        if speakers == 91:
            heard = list(itertools.islice(sound, 2))
        elif speakers == 92:
            time.sleep(600)
        elif speakers == 93:
            next(iter(sound))
            os.kill(os.getpid(), signal.SIGKILL)
        elif speakers == 94:
            logging.getLogger("offair.engines.test").info("still clustering")
        heard = [] if speakers == 91 else list(sound)
        samples = sum(len(block) for block in heard)
        return tuple(
            VoiceSpan(Span(at * 1000, at * 1000 + 1000), f"SPEAKER_{at % (speakers or 2):02d}")
            for at in range(samples // 16_000)
        )


class Reverser:
    """Translates backwards."""

    def __init__(self, source: str, target: str) -> None:
        if source == target:
            raise BadInput(f"{source} into {target} is no translation")
        self._pair = f"{source}-{target}"

    @property
    def engine(self) -> Engine:
        """Who it is."""
        return Engine("reverser", self._pair, "1")

    def translate(self, sentences: Sequence[str]) -> list[str | None]:
        """Each backwards; none for an empty one; too few where the first says so."""
        if sentences[0] == "lose one":
            return list(sentences[1:])
        return [sentence[::-1] or None for sentence in sentences]
