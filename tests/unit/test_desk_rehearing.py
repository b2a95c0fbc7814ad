"""Doubted chunks heard twice, engines that die over one chunk, spans heard again, voices anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from listening_desk import (
    LENGTH_MS,
    Diariser,
    Levels,
    Pool,
    is_first,
    layer_text,
    listening,
    loop_at_first,
    said,
    text_of,
)

from offair.desk import Desk
from offair.desk.diarise import diarise
from offair.desk.hearing import Progress
from offair.desk.process import process
from offair.desk.rehear import rehear
from offair.engines.speech.routing import Route
from offair.model.errors import BadInput, EngineDied, NotFound, Unavailable
from offair.model.time import Ms, Span
from offair.model.transcript import (
    Attribution,
    Engine,
    FlagKind,
    Heard,
    Speaker,
)
from offair.model.words import WordFlag, Words


@pytest.fixture
def listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    """Makes a desk with one recording that hears as it is told."""
    with listening(tmp_path, monkeypatch) as make:
        yield make


def test_a_doubted_chunk_is_heard_once_more_and_the_better_hearing_counts(
    listen: Callable[..., Desk],
) -> None:
    pool = Pool(lambda label, again, _: loop_at_first(label) if not again else text_of(label))
    desk = listen(pool, names=("Daniel Marsh",))
    layer = process(desk, 1, actor="test")
    first_label = pool.asked[0][0]
    assert [one for one in pool.asked if one[0] == first_label] == [
        (first_label, False, "Daniel Marsh."), (first_label, True, None),
    ]  # fmt: skip
    assert not any(again for label, again, _ in pool.asked if label != first_label)
    assert "thank you" not in layer_text(desk, layer)
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
    desk = listen(Pool(lambda label, _, __: loop_at_first(label)))
    layer = process(desk, 1, actor="test")
    with desk.catalogue.snapshot() as tx:
        flags, turns = tx.flags(layer.id), tx.turns(layer.id)
    assert FlagKind.REPEATED in {one.kind for one in flags}
    marked = [bool(word.flags & WordFlag.DOUBTED) for turn in turns for word in turn.words]
    assert any(marked)
    assert not all(marked)


def test_without_second_tries_nothing_is_heard_twice(listen: Callable[..., Desk]) -> None:
    pool = Pool(lambda label, _, __: loop_at_first(label))
    process(listen(pool, second_try=False), 1, actor="test")
    assert not any(again for _, again, _ in pool.asked)


def test_a_chunk_that_kills_its_engine_is_a_visible_span_and_the_rest_is_heard(
    listen: Callable[..., Desk],
) -> None:
    pool = Pool(
        lambda label, _, __: EngineDied("fake hung over it") if is_first(label) else text_of(label)
    )
    desk = listen(pool)
    layer = process(desk, 1, actor="test")
    assert sum(is_first(label) for label, _, _ in pool.asked) == 2, "tried once more at the end"
    with desk.catalogue.snapshot() as tx:
        chunk, *others = tx.chunks(1, layer.run)
        (flag,) = tx.flags(layer.id)
    assert chunk.skipped == "not heard: fake hung over it"
    assert all(one.claim_key for one in others)
    assert (flag.kind, flag.span) == (FlagKind.NOT_HEARD, chunk.span)


def test_an_engine_that_hears_nothing_at_all_is_no_transcript(listen: Callable[..., Desk]) -> None:
    desk = listen(Pool(lambda *_: EngineDied("fake died")))
    with pytest.raises(Unavailable, match="fake died"):
        process(desk, 1, actor="test")
    with desk.catalogue.snapshot() as tx:
        assert list(tx.layers(1)) == []


def test_a_second_hearing_that_dies_leaves_the_first(listen: Callable[..., Desk]) -> None:
    def answers(label: str, again: bool, _: str | None) -> Heard | Exception:
        if again:
            return EngineDied("fake died")
        return loop_at_first(label)

    desk = listen(Pool(answers))
    layer = process(desk, 1, actor="test")
    assert "thank you" in layer_text(desk, layer)


def test_a_language_that_the_model_does_not_know_is_a_visible_span(
    listen: Callable[..., Desk],
) -> None:
    refusal = BadInput("the model does not know gu")
    pool = Pool(lambda label, _, __: refusal if is_first(label) else text_of(label))
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
    desk = listen(Pool(lambda *_: BadInput("the model does not know gu")), language="gu")
    with pytest.raises(BadInput, match="gu"):
        process(desk, 1, actor="test")


def test_an_identical_run_asks_no_engine(listen: Callable[..., Desk]) -> None:
    pool = Pool(lambda label, again, _: text_of(label))
    desk = listen(pool)
    layer = process(desk, 1, actor="test")
    asked = len(pool.asked)
    assert process(desk, 1, actor="test") == layer
    assert len(pool.asked) == asked


def test_hearing_a_span_again_changes_nothing_until_it_is_taken(
    listen: Callable[..., Desk],
) -> None:
    desk = listen(Pool(lambda label, *_: text_of(label)))
    base = process(desk, 1, actor="test")
    before = layer_text(desk, base)
    other = Pool(lambda label, *_: said("something else altogether was said here", 9_900))
    other.engine = other.again = Engine("other", "big", "2")
    told = replace(desk, listening=replace(desk.listening, open_pool=lambda _: other))
    span = Span(31_000, 41_000)
    heard = rehear(told, 1, span, actor="test", route=Route("other", "big", {}))
    assert heard.taken is None
    (after,) = [one.text for one in heard.after]
    assert after in "something else altogether was said here"
    assert len(after.split()) >= 4, "what was heard around the span is not in it"
    assert FlagKind.SECOND_HEARING in {one.kind for one in heard.flags}, "no word in common"
    assert heard.span.start <= span.start
    assert heard.span.end >= span.end
    assert heard.before, "the words of before are told beside"
    assert layer_text(desk, base) == before
    with desk.catalogue.snapshot() as tx:
        assert [one.id for one in tx.layers(1)] == [base.id]

    asked = len(other.asked)
    taken = rehear(told, 1, span, actor="test", route=Route("other", "big", {}), take=True).taken
    assert len(other.asked) == asked, "the claims were there"
    assert taken is not None
    assert taken.run > base.run
    text = layer_text(desk, taken)
    assert text.count(after) == 1
    with desk.catalogue.snapshot() as tx:
        old = [w for t in tx.turns(base.id) for w in _times(t.text, t.words)]
        new = [w for t in tx.turns(taken.id) for w in _times(t.text, t.words)]
    outside = [one for one in old if not heard.span.start <= (one[1] + one[2]) / 2 < heard.span.end]
    assert [one for one in new if one in outside] == outside, "no word outside is lost or moved"
    assert len(new) == len(outside) + len(after.split())
    assert layer_text(desk, base) == before

    repeated = rehear(told, 1, span, actor="test", route=Route("other", "big", {}), take=True)
    assert (repeated.taken, repeated.run, len(other.asked)) == (taken, taken.run, asked)
    assert repeated.base == base
    with desk.catalogue.snapshot() as tx:
        assert [one.id for one in tx.layers(1)] == [taken.id, base.id]
    elsewhere = rehear(
        told, 1, Span(51_000, 56_000), actor="test", route=Route("other", "big", {}), take=True
    )
    assert elsewhere.base == taken, "another span is heard again upon what was taken"


def _times(text: str, words: Words) -> list[tuple[str, Ms, Ms]]:
    return [(text[one.char_start : one.char_end], one.start or 0, one.end or 0) for one in words]


@pytest.mark.parametrize("span", [Span(5_000, 5_000), Span(LENGTH_MS, LENGTH_MS + 10)])
def test_a_span_that_is_empty_or_outside_is_refused(
    listen: Callable[..., Desk], span: Span
) -> None:
    desk = listen(Pool(lambda label, *_: text_of(label)))
    process(desk, 1, actor="test")
    with pytest.raises(BadInput):
        rehear(desk, 1, span, actor="test")


def test_a_span_of_what_was_never_heard_is_refused(listen: Callable[..., Desk]) -> None:
    desk = listen(Pool(lambda label, *_: text_of(label)))
    with pytest.raises(NotFound, match="not heard yet"):
        rehear(desk, 1, Span(0, 1000), actor="test")


def test_voices_are_told_apart_as_a_new_run_and_confirmed_names_stay_where_they_are(
    listen: Callable[..., Desk],
) -> None:
    desk = listen(Pool(lambda label, *_: text_of(label)))
    base = process(desk, 1, actor="test")
    with desk.catalogue.transaction() as tx:
        turn = tx.turns(base.id)[0]
        tx.add_attributions([
            Attribution(turn.id, Speaker("Daniel Marsh"), None, None, None, "test", "test")
        ])  # fmt: skip
    engine = Diariser()
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
    words = layer_text(desk, layer).split()
    assert words == layer_text(desk, base).split()
    assert diarise(told, 1, actor="test", layer_id=base.id) == layer
    assert engine.asked == 1, "the claim was found again"


def test_telling_apart_without_an_engine_is_refused(listen: Callable[..., Desk]) -> None:
    desk = listen(Pool(lambda label, *_: text_of(label)), speakers="none")
    process(desk, 1, actor="test")
    with pytest.raises(BadInput, match="no engine"):
        diarise(desk, 1, actor="test")


def test_each_chunk_is_heard_by_the_engine_of_its_language(
    listen: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def answers(label: str, again: bool, language: str | None) -> Heard:
        asked.append(language)
        return text_of(label, again, language)

    desk = listen(Pool(answers), languages=Levels)
    with desk.catalogue.transaction() as tx:
        tx.change_channel(replace(tx.recording(1).channel, languages=("en", "fr")))
    layer = process(desk, 1, actor="test")
    assert set(asked) == {"en", "fr"}
    with desk.catalogue.snapshot() as tx:
        chunks = tx.chunks(1, layer.run)
    assert {one.language for one in chunks} == {"en", "fr"}
    assert all(one.language_probability for one in chunks if one.claim_key)
    assert "fr" in (layer.note or "")
