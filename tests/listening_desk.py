"""A desk that hears what a test says: doubles of the engines, a sound of ninety seconds."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from web_desk import HARBOUR, keep, make_desk, silent_wave, sound_facts

from offair import media
from offair.desk import Desk
from offair.media import SoundBlock
from offair.model.recording import Held
from offair.model.time import Ms, Span
from offair.model.transcript import Engine, Heard, Layer, VoiceSpan
from offair.model.words import Word, Words

LENGTH_MS = 90_000
LOOP = "thank you very much " * 12


class AllSpeech:
    """An activity engine to which every window is speech."""

    engine = Engine("all speech", "none", "1")

    def __init__(self) -> None:
        self._samples = self._told = 0

    def listener(self) -> AllSpeech:
        return type(self)()

    def feed(self, samples: NDArray[np.float32]) -> list[tuple[Ms, float]]:
        self._samples += len(samples)
        first, self._told = self._told, self._samples // 512
        return [(window * 32, 0.99) for window in range(first, self._told)]

    def flush(self) -> list[tuple[Ms, float]]:
        return [(self._told * 32, 0.99)] if self._samples % 512 else []


def said(text: str, length_ms: Ms, language: str = "en") -> Heard:
    """A text whose words fill the chunk."""
    pieces = text.split()
    words, at = [], 0
    for number, piece in enumerate(pieces):
        start = number * length_ms // len(pieces)
        end = (number + 1) * length_ms // len(pieces)
        words.append(Word(at, at + len(piece), start, end, probability=0.9))
        at += len(piece) + 1
    return Heard(" ".join(pieces), Words.of(words), language, mean_probability=0.9)


class Pool:
    """Answers what `answers` makes of (label, again), or raises it where it is an error."""

    def __init__(self, answers: Callable[[str, bool, str | None], Heard | Exception]) -> None:
        self.answers, self.processes, self.usable = answers, 1, True
        self.engine = Engine("fake", "none", "1", {"beam": 1})
        self.again = Engine("fake", "none", "1", {"beam": 5})
        self.asked: list[tuple[str, bool, str | None]] = []

    def submit(
        self,
        samples: NDArray[np.float32],
        *,
        language: str | None = None,
        prompt: str | None = None,
        again: bool = False,
        label: str = "a chunk",
    ) -> Future[Heard]:
        self.asked.append((label, again, prompt))
        future: Future[Heard] = Future()
        answer = self.answers(label, again, language)
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
        return future


def text_of(label: str, again: bool = False, language: str | None = None) -> Heard:
    start, end = label.split(" ms")[0].split("..")
    sentence = f"this part of the news began at {start} and went on for quite some time"
    return said(sentence, int(end) - int(start), language or "en")


class Diariser:
    """Two voices that take turns every 15 seconds."""

    engine = Engine("two voices", "none", "1")
    usable = True

    def __init__(self) -> None:
        self.asked = 0

    def diarise(
        self, blocks: Iterable[NDArray[np.float32]], speakers: int | None = None
    ) -> tuple[VoiceSpan, ...]:
        self.asked += 1
        length = sum(len(block) for block in blocks) // 16
        return tuple(
            VoiceSpan(Span(start, min(start + 15_000, length)), f"SPEAKER_0{start // 15_000 % 2}")
            for start in range(0, length, 15_000)
        )


class Levels:
    """Tells French for sound above a level, else English."""

    engine = Engine("levels", "none", "1")
    usable = True

    def estimate(self, samples: NDArray[np.float32]) -> Mapping[str, float]:
        return {"fr": 0.97, "en": 0.03} if samples.mean() > 0.145 else {"en": 0.97, "fr": 0.03}


def layer_text(desk: Desk, layer: Layer) -> str:
    with desk.catalogue.snapshot() as tx:
        return " ".join(turn.text for turn in tx.turns(layer.id))


def is_first(label: str) -> bool:
    return label.startswith("0..")


def loop_at_first(label: str) -> Heard:
    """Runs in circles in the first chunk, and hears the others."""
    return said(LOOP, 14_900) if is_first(label) else text_of(label)


@contextmanager
def listening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    """Gives a maker of a desk with one recording, which hears by a pool and other doubles."""
    made: list[Desk] = []

    def sound(path: Path, *, limits: object) -> Generator[SoundBlock, None, None]:
        del path, limits
        for second in range(LENGTH_MS // 1000):
            # Every second is another sound, so that no two chunks are one claim.
            block = np.full(16_000, 0.1 + second / 1000, dtype="<f4").tobytes()
            yield SoundBlock(second * 1000, memoryview(block))

    monkeypatch.setattr(media, "sound", sound)

    def make(pool: Pool, **listening: Any) -> Desk:
        desk = make_desk(tmp_path)
        told = {"activity": AllSpeech, "open_pool": lambda _: pool, **listening}
        desk = replace(desk, listening=replace(desk.listening, **told))
        made.append(desk)
        file = keep(desk, silent_wave(1000), "news.wav")
        with desk.catalogue.transaction() as tx:
            tx.add_recording(
                channel=tx.ensure_channel(HARBOUR), aired=None, title="News", held=Held.HELD,
                object=file, media=sound_facts(LENGTH_MS), actor="test",
            )  # fmt: skip
        return desk

    yield make
    for desk in made:
        desk.catalogue.close()
