"""Doubted chunks heard twice, engines that die over one chunk, spans heard again, voices anew."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from web_desk import HARBOUR, keep, make_desk, silent_wave, sound_facts

from offair import media
from offair.desk import Desk
from offair.desk.diarise import diarise
from offair.desk.hearing import Progress
from offair.desk.process import process
from offair.desk.rehear import rehear
from offair.engines.speech.routing import Route
from offair.media import SoundBlock
from offair.model.errors import BadInput, EngineDied, NotFound, Unavailable
from offair.model.recording import Held
from offair.model.time import Ms, Span
from offair.model.transcript import (
    Attribution,
    Engine,
    FlagKind,
    Heard,
    Layer,
    Speaker,
    VoiceSpan,
)
from offair.model.words import Word, WordFlag, Words

LENGTH_MS = 90_000
SECOND = np.full(16_000, 0.1, dtype="<f4").tobytes()
LOOP = "thank you very much " * 12


class _AllSpeech:
    """An activity engine to which every window is speech."""

    engine = Engine("all speech", "none", "1")

    def __init__(self) -> None:
        self._samples = self._told = 0

    def listener(self) -> _AllSpeech:
        return _AllSpeech()

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


class _Pool:
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


def _text(label: str, again: bool = False, language: str | None = None) -> Heard:
    start, end = label.split(" ms")[0].split("..")
    sentence = f"this part of the news began at {start} and went on for quite some time"
    return said(sentence, int(end) - int(start), language or "en")


@pytest.fixture
def listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    """Makes a desk with one recording that hears as it is told."""
    made: list[Desk] = []

    def sound(path: Path, *, limits: object) -> Generator[SoundBlock, None, None]:
        del path, limits
        for second in range(LENGTH_MS // 1000):
            # Every second is another sound, so that no two chunks are one claim.
            block = np.full(16_000, 0.1 + second / 1000, dtype="<f4").tobytes()
            yield SoundBlock(second * 1000, memoryview(block))

    monkeypatch.setattr(media, "sound", sound)

    def make(pool: _Pool, **listening: Any) -> Desk:
        desk = make_desk(tmp_path)
        told = {"activity": _AllSpeech, "open_pool": lambda _: pool, **listening}
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


def _layer_text(desk: Desk, layer: Layer) -> str:
    with desk.catalogue.snapshot() as tx:
        return " ".join(turn.text for turn in tx.turns(layer.id))


def _first(label: str) -> bool:
    return label.startswith("0..")


def test_a_doubted_chunk_is_heard_once_more_and_the_better_hearing_counts(
    listen: Callable[..., Desk],
) -> None:
    pool = _Pool(
        lambda label, again, _: said(LOOP, 14_900) if _first(label) and not again else _text(label)
    )
    desk = listen(pool, names=("Daniel Marsh",))
    layer = process(desk, 1, actor="test")
    first_label = pool.asked[0][0]
    assert [one for one in pool.asked if one[0] == first_label] == [
        (first_label, False, "Daniel Marsh."), (first_label, True, None),
    ]  # fmt: skip
    assert not any(again for label, again, _ in pool.asked if label != first_label)
    assert "thank you" not in _layer_text(desk, layer)
    with desk.catalogue.snapshot() as tx:
        chunk = tx.chunks(1, layer.run)[0]
        assert chunk.claim_key
        assert chunk.second_key
        kept = {claim.heard.text for key in (chunk.claim_key, chunk.second_key)
                if (claim := tx.claim(key))}  # fmt: skip
        flags = tx.flags(layer.id)
    assert any("thank you" in text for text in kept), "the hearing that lost is kept"
    assert any("began at 0" in text for text in kept)
    assert [one.kind for one in flags] == [FlagKind.SECOND_HEARING], "a person can step to it"


def test_where_both_hearings_are_doubtful_the_flags_stay_and_words_are_marked(
    listen: Callable[..., Desk],
) -> None:
    desk = listen(_Pool(lambda label, _, __: said(LOOP, 14_900) if _first(label) else _text(label)))
    layer = process(desk, 1, actor="test")
    with desk.catalogue.snapshot() as tx:
        flags, turns = tx.flags(layer.id), tx.turns(layer.id)
    assert FlagKind.REPEATED in {one.kind for one in flags}
    marked = [bool(word.flags & WordFlag.DOUBTED) for turn in turns for word in turn.words]
    assert any(marked)
    assert not all(marked)


def test_without_second_tries_nothing_is_heard_twice(listen: Callable[..., Desk]) -> None:
    pool = _Pool(lambda label, _, __: said(LOOP, 14_900) if _first(label) else _text(label))
    process(listen(pool, second_try=False), 1, actor="test")
    assert not any(again for _, again, _ in pool.asked)


def test_a_chunk_that_kills_its_engine_is_a_visible_span_and_the_rest_is_heard(
    listen: Callable[..., Desk],
) -> None:
    pool = _Pool(
        lambda label, _, __: EngineDied("fake hung over it") if _first(label) else _text(label)
    )
    desk = listen(pool)
    layer = process(desk, 1, actor="test")
    assert sum(_first(label) for label, _, _ in pool.asked) == 2, "tried once more at the end"
    with desk.catalogue.snapshot() as tx:
        chunk, *others = tx.chunks(1, layer.run)
        (flag,) = tx.flags(layer.id)
    assert chunk.skipped == "not heard: fake hung over it"
    assert all(one.claim_key for one in others)
    assert (flag.kind, flag.span) == (FlagKind.NOT_HEARD, chunk.span)


def test_an_engine_that_hears_nothing_at_all_is_no_transcript(listen: Callable[..., Desk]) -> None:
    desk = listen(_Pool(lambda *_: EngineDied("fake died")))
    with pytest.raises(Unavailable, match="fake died"):
        process(desk, 1, actor="test")
    with desk.catalogue.snapshot() as tx:
        assert list(tx.layers(1)) == []


def test_a_second_hearing_that_dies_leaves_the_first(listen: Callable[..., Desk]) -> None:
    def answers(label: str, again: bool, _: str | None) -> Heard | Exception:
        if again:
            return EngineDied("fake died")
        return said(LOOP, 14_900) if _first(label) else _text(label)

    desk = listen(_Pool(answers))
    layer = process(desk, 1, actor="test")
    assert "thank you" in _layer_text(desk, layer)


def test_a_language_that_the_model_does_not_know_is_a_visible_span(
    listen: Callable[..., Desk],
) -> None:
    refusal = BadInput("the model does not know gu")
    pool = _Pool(lambda label, _, __: refusal if _first(label) else _text(label))
    desk = listen(pool)
    desk = replace(desk, listening=replace(desk.listening, language=None))
    with desk.catalogue.transaction() as tx:
        tx.change_channel(replace(tx.recording(1).channel, languages=()))
    layer = process(desk, 1, actor="test")
    with desk.catalogue.snapshot() as tx:
        assert tx.chunks(1, layer.run)[0].skipped == "not heard: the model does not know gu"
        tx_flags = tx.flags(layer.id)
    assert [one.kind for one in tx_flags] == [FlagKind.NOT_HEARD]


def test_a_forced_language_that_the_model_does_not_know_is_refused(
    listen: Callable[..., Desk],
) -> None:
    desk = listen(_Pool(lambda *_: BadInput("the model does not know gu")), language="gu")
    with pytest.raises(BadInput, match="gu"):
        process(desk, 1, actor="test")


def test_an_identical_run_asks_no_engine(listen: Callable[..., Desk]) -> None:
    pool = _Pool(lambda label, again, _: _text(label))
    desk = listen(pool)
    layer = process(desk, 1, actor="test")
    asked = len(pool.asked)
    assert process(desk, 1, actor="test") == layer
    assert len(pool.asked) == asked


def test_hearing_a_span_again_changes_nothing_until_it_is_taken(
    listen: Callable[..., Desk],
) -> None:
    desk = listen(_Pool(lambda label, *_: _text(label)))
    base = process(desk, 1, actor="test")
    before = _layer_text(desk, base)
    other = _Pool(lambda label, *_: said("something else altogether was said here", 9_900))
    other.engine = other.again = Engine("other", "big", "2")
    told = replace(desk, listening=replace(desk.listening, open_pool=lambda _: other))
    span = Span(31_000, 41_000)
    heard = rehear(told, 1, span, actor="test", route=Route("other", "big", {}))
    assert heard.taken is None
    assert [one.text for one in heard.after] == ["something else altogether was said here"]
    assert heard.span.start <= span.start
    assert heard.span.end >= span.end
    assert heard.before, "the words of before are told beside"
    assert _layer_text(desk, base) == before
    with desk.catalogue.snapshot() as tx:
        assert [one.id for one in tx.layers(1)] == [base.id]

    asked = len(other.asked)
    taken = rehear(told, 1, span, actor="test", route=Route("other", "big", {}), take=True).taken
    assert len(other.asked) == asked, "the claims were there"
    assert taken is not None
    assert taken.run > base.run
    text = _layer_text(desk, taken)
    assert text.count("something else altogether was said here") == 1
    with desk.catalogue.snapshot() as tx:
        old = [w for t in tx.turns(base.id) for w in _times(t.text, t.words)]
        new = [w for t in tx.turns(taken.id) for w in _times(t.text, t.words)]
    outside = [one for one in old if not heard.span.start <= (one[1] + one[2]) / 2 < heard.span.end]
    assert [one for one in new if one in outside] == outside, "no word outside is lost or moved"
    assert len(new) == len(outside) + 6
    assert _layer_text(desk, base) == before


def _times(text: str, words: Words) -> list[tuple[str, Ms, Ms]]:
    return [(text[one.char_start : one.char_end], one.start or 0, one.end or 0) for one in words]


@pytest.mark.parametrize("span", [Span(5_000, 5_000), Span(LENGTH_MS, LENGTH_MS + 10)])
def test_a_span_that_is_empty_or_outside_is_refused(
    listen: Callable[..., Desk], span: Span
) -> None:
    desk = listen(_Pool(lambda label, *_: _text(label)))
    process(desk, 1, actor="test")
    with pytest.raises(BadInput):
        rehear(desk, 1, span, actor="test")


def test_a_span_of_what_was_never_heard_is_refused(listen: Callable[..., Desk]) -> None:
    desk = listen(_Pool(lambda label, *_: _text(label)))
    with pytest.raises(NotFound, match="not heard yet"):
        rehear(desk, 1, Span(0, 1000), actor="test")


class _Diariser:
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


def test_voices_are_told_apart_as_a_new_run_and_confirmed_names_stay_where_they_are(
    listen: Callable[..., Desk],
) -> None:
    desk = listen(_Pool(lambda label, *_: _text(label)))
    base = process(desk, 1, actor="test")
    with desk.catalogue.transaction() as tx:
        turn = tx.turns(base.id)[0]
        tx.add_attributions([
            Attribution(turn.id, Speaker("Daniel Marsh"), None, None, None, "test", "test")
        ])  # fmt: skip
    engine = _Diariser()
    told = replace(
        desk, listening=replace(desk.listening, diariser=lambda: engine, speakers="two voices")
    )
    seen: list[Progress] = []
    layer = diarise(told, 1, actor="test", progress=seen.append)
    assert seen[0].doing == "telling voices apart"
    assert layer.run > base.run
    with desk.catalogue.snapshot() as tx:
        turns, names = tx.turns(layer.id), tx.attributions([turn.id])
        key = tx.run_settings(1, layer.run)["speakers.key"]
        claim = tx.diarisation(str(key))
    assert {one.label for one in turns} == {"SPEAKER_00", "SPEAKER_01"}
    assert names[turn.id].confirmed_by == "test"
    assert claim is not None
    assert claim.duration_ms == LENGTH_MS
    words = _layer_text(desk, layer).split()
    assert words == _layer_text(desk, base).split()
    assert diarise(told, 1, actor="test", layer_id=base.id) == layer
    assert engine.asked == 1, "the claim was found again"


def test_telling_apart_without_an_engine_is_refused(listen: Callable[..., Desk]) -> None:
    desk = listen(_Pool(lambda label, *_: _text(label)), speakers="none")
    process(desk, 1, actor="test")
    with pytest.raises(BadInput, match="no engine"):
        diarise(desk, 1, actor="test")


class _Languages:
    """Tells French for sound above a level, else English."""

    engine = Engine("levels", "none", "1")
    usable = True

    def estimate(self, samples: NDArray[np.float32]) -> Mapping[str, float]:
        return {"fr": 0.97, "en": 0.03} if samples.mean() > 0.145 else {"en": 0.97, "fr": 0.03}


def test_each_chunk_is_heard_by_the_engine_of_its_language(
    listen: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def answers(label: str, again: bool, language: str | None) -> Heard:
        asked.append(language)
        return _text(label, again, language)

    desk = listen(_Pool(answers), languages=_Languages)
    with desk.catalogue.transaction() as tx:
        tx.change_channel(replace(tx.recording(1).channel, languages=("en", "fr")))
    layer = process(desk, 1, actor="test")
    assert set(asked) == {"en", "fr"}
    with desk.catalogue.snapshot() as tx:
        chunks = tx.chunks(1, layer.run)
    assert {one.language for one in chunks} == {"en", "fr"}
    assert all(one.language_probability for one in chunks if one.claim_key)
    assert "fr" in (layer.note or "")
