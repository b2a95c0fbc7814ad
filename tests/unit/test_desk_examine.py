"""`offair doctor` asks every engine of the settings something, and says what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from listening_desk import Diariser, Levels, Pool, listening, said
from numpy.typing import NDArray
from web_desk import HARBOUR

from offair.desk import Desk
from offair.desk.examine import MOST_PAIRS, Finding, examine
from offair.model.errors import EngineDied, Unavailable
from offair.model.transcript import Engine


@pytest.fixture
def listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    with listening(tmp_path, monkeypatch) as make:
        yield make


class Asked(Levels):
    """Tells languages, and keeps what it was asked of."""

    def __init__(self) -> None:
        self.sounds: list[NDArray[np.float32]] = []

    def estimate(self, samples: NDArray[np.float32]) -> Mapping[str, float]:
        self.sounds.append(samples)
        return super().estimate(samples)


class Dead:
    """An engine whose model cannot be loaded."""

    @property
    def engine(self) -> Engine:
        raise Unavailable("the model little is not on this machine; with a network try again")


class Translator:
    """Answers `answer`, whatever it is asked."""

    def __init__(self, answer: str | None = "1, 2, 3.", **settings: str) -> None:
        self.engine, self.answer = Engine("two tongues", "little", "abc", settings), answer

    def translate(self, sentences: Sequence[str]) -> list[str | None]:
        return [self.answer for _ in sentences]


def found(desk: Desk, part: str) -> list[Finding]:
    return [one for one in examine(desk) if one.part == part]


def test_engines_are_asked_and_named(listen: Callable[..., Desk]) -> None:
    pool = Pool(lambda *_: said("one two", 3_000))
    levels, voices = Asked(), Diariser()
    desk = listen(pool, languages=lambda: levels, diariser=lambda: voices)
    for part, name in (("recogniser", "fake"), ("languages", "levels"), ("speakers", "two voices")):
        (one,) = found(desk, part)
        assert one.well
        assert one.sentence.startswith(f"{name}, model none (revision 1), works without a network")
        assert re.search(r"; loaded in \d+\.\d s, answered in \d+\.\d s$", one.sentence)
    assert len(pool.asked) == voices.asked == len(levels.sounds) == 3
    (sound,) = {one.tobytes() for one in levels.sounds}
    samples = np.frombuffer(sound, dtype="<f4")
    assert (len(samples), bool(np.abs(samples).max() <= 1)) == (48_000, True)


def test_an_engine_that_fails_says_what_to_do(listen: Callable[..., Desk]) -> None:
    def dies(*_: object) -> Any:
        return EngineDied("fake died over the sound of doctor; try again")

    desk = listen(Pool(dies), languages=Dead, diariser=Dead)
    parts = ("recogniser", "languages", "speakers")
    assert [one for part in parts for one in found(desk, part)] == [
        Finding("recogniser", False, "fake died over the sound of doctor; try again"),
        Finding("languages", False, str(_error())),
        Finding("speakers", False, str(_error())),
    ]  # fmt: skip


def _error() -> Exception:
    try:
        Dead().engine  # noqa: B018 - raises
    except Unavailable as error:
        return error
    raise AssertionError


def test_what_the_settings_leave_out_is_said(listen: Callable[..., Desk]) -> None:
    desk = listen(Pool(lambda *_: said("one", 3_000)))
    assert found(desk, "languages")[0].well is None
    assert "captions" in found(desk, "speakers")[0].sentence
    (none,) = found(desk, "translation")
    assert (none.well, "not tried" in none.sentence) == (True, True)


def test_translation_is_tried_for_the_languages_spoken(listen: Callable[..., Desk]) -> None:
    desk = listen(Pool(lambda *_: said("one", 3_000)))
    with desk.catalogue.transaction() as tx:
        tx.change_channel(replace(HARBOUR, languages=("en-IE", "pt", "ar", "fa", "he", "pt")))
    made = {
        "pt": Translator(),
        "ar": Translator(None),
        "fa": Translator(endpoint="http://localhost:1"),
    }
    asked: list[tuple[str, str]] = []

    def translator(source: str, target: str) -> Any:
        asked.append((source, target))
        return made[source]

    findings = found(replace(desk, translator=translator), "translation")
    assert asked == [("pt", "en"), ("ar", "en"), ("fa", "en")]
    assert [one.well for one in findings] == [True, None, True, None]
    assert findings[0].sentence.startswith("pt into en: two tongues, model little (revision abc)")
    assert "gave no answer" in findings[1].sentence
    assert "needs its server http://localhost:1" in findings[2].sentence
    assert findings[3].sentence == "not tried: he into en"
    assert MOST_PAIRS == 3
