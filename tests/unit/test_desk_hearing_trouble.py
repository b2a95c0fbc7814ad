"""Hearing in trouble: engines that refuse or die, hostile names, runs made of other runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from listening_desk import (
    LENGTH_MS,
    AllSpeech,
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
from numpy.typing import NDArray
from web_desk import add_text_only

from offair.desk import Desk
from offair.desk.diarise import diarise
from offair.desk.process import process
from offair.desk.rehear import rehear
from offair.engines.speech.routing import Route
from offair.model.errors import BadInput, EngineDied, NotFound, Unavailable
from offair.model.time import Ms, Span
from offair.model.transcript import (
    Attribution,
    Engine,
    Heard,
    Layer,
    Speaker,
    VoiceSpan,
)

BESIDE = Route("other", "big", {})


@pytest.fixture
def listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    """Makes a desk with one recording that hears as it is told."""
    with listening(tmp_path, monkeypatch) as make:
        yield make


class _Routing:
    """Hears all with the floor, and doubted chunks once more with another engine."""

    def __init__(self, second: Route | None = None) -> None:
        self._second = second

    def route(self, language: str | None) -> Route:
        return Route("fake", "none", {})

    def second(self, language: str | None) -> Route | None:
        return self._second

    def described(self) -> dict[str, str]:
        return {"profile": "test"}


def _named(desk: Desk, layer: Layer) -> None:
    with desk.catalogue.transaction() as tx:
        turn = tx.turns(layer.id)[0]
        tx.add_attributions([
            Attribution(turn.id, Speaker("Daniel Marsh"), None, None, None, "test", "test")
        ])  # fmt: skip


def test_another_engine_that_refuses_the_second_hearing_leaves_the_first(
    listen: Callable[..., Desk],
) -> None:
    first = Pool(lambda label, *_: loop_at_first(label))
    other = Pool(lambda *_: BadInput("the other model does not know en"))
    other.engine = other.again = Engine("other", "big", "2")
    desk = listen(
        first, language="en", routing=_Routing(BESIDE),
        open_pool=lambda route: other if route == BESIDE else first,
    )  # fmt: skip
    layer = process(desk, 1, actor="test")
    assert other.asked, "the second hearing was the other engine's"
    assert "thank you" in layer_text(desk, layer)


def test_a_second_engine_that_the_settings_name_wrongly_is_no_fault_of_the_recording(
    listen: Callable[..., Desk],
) -> None:
    first = Pool(lambda label, *_: loop_at_first(label))

    def open_pool(route: Route) -> Pool:
        if route == BESIDE:
            raise BadInput("'big' is no model of other")
        return first

    desk = listen(first, routing=_Routing(BESIDE), open_pool=open_pool)
    with pytest.raises(Unavailable, match="no model of other"):
        process(desk, 1, actor="test")


def test_chunks_that_wait_in_a_pool_that_others_killed_are_heard_in_the_next(
    listen: Callable[..., Desk],
) -> None:
    """One chunk kills every process of the pool; who waited behind it is not to blame."""
    pools: list[Pool] = []

    def answers(label: str, *_: object) -> Heard | Exception:
        if is_first(label):
            return EngineDied("fake died")
        if len(pools) == 1:
            pools[0].usable = False
            return Unavailable("the processes of fake ended again and again")
        return text_of(label)

    def open_pool(_: Route) -> Pool:
        if not pools or not pools[-1].usable:
            pools.append(Pool(answers))
            pools[-1].processes = 2
        return pools[-1]

    desk = listen(Pool(answers), open_pool=open_pool)
    layer = process(desk, 1, actor="test")
    with desk.catalogue.snapshot() as tx:
        killer, *others = tx.chunks(1, layer.run)
    assert killer.skipped == "not heard: fake died"
    assert all(one.claim_key for one in others)
    assert len(pools) == 2


def test_an_engine_that_always_dies_is_not_opened_for_ever(listen: Callable[..., Desk]) -> None:
    opened: list[Pool] = []

    def answers(*_: object) -> Heard | Exception:
        opened[-1].usable = False
        return Unavailable("the processes of fake ended again and again")

    def open_pool(_: Route) -> Pool:
        opened.append(Pool(answers))
        return opened[-1]

    with pytest.raises(Unavailable, match="again and again"):
        process(listen(Pool(answers), open_pool=open_pool), 1, actor="test")


def test_the_prompt_is_one_line_and_a_name_too_long_keeps_no_other_out(
    listen: Callable[..., Desk],
) -> None:
    pool = Pool(lambda label, *_: text_of(label))
    names = ("x" * 400, "Ana\nSilva", "Zé\x00\x1b[31m", "\u202e", "Porto")
    process(listen(pool, names=names), 1, actor="test")
    (prompt,) = {prompt for _, _, prompt in pool.asked}
    assert prompt == "Ana Silva, Zé [31m, Porto."


def test_a_layer_is_signed_by_the_engine_its_words_come_from(listen: Callable[..., Desk]) -> None:
    """Not by the one that the settings name for what no other is named for."""
    floor = Pool(lambda label, *_: text_of(label))
    other = Pool(lambda label, *_: said(f"outra {label}", 14_900, "pt"))
    other.engine = other.again = Engine("other", "big", "2")

    class Routed(_Routing):
        def route(self, language: str | None) -> Route:
            return BESIDE if language == "fr" else Route("fake", "none", {})

    desk = listen(
        floor, routing=Routed(), languages=Levels,
        open_pool=lambda route: other if route == BESIDE else floor,
    )  # fmt: skip
    with desk.catalogue.transaction() as tx:
        tx.change_channel(replace(tx.recording(1).channel, languages=("en", "fr")))
    layer = process(desk, 1, actor="test")
    note = layer.note or ""
    with desk.catalogue.snapshot() as tx:
        claims = [tx.claim(one.claim_key) for one in tx.chunks(1, layer.run) if one.claim_key]
    by = [one.engine.name for one in claims if one]
    assert set(by) == {"fake", "other"}
    assert layer.maker == ("other big" if by.count("other") > by.count("fake") else "fake none")
    assert "other big" in note
    assert "fake none" in note
    again = diarise(replace(desk, listening=replace(desk.listening, speakers="captions")), 1,
                    actor="test")  # fmt: skip
    assert again.maker == layer.maker
    assert again.note == layer.note, "what is found anew is not said twice"


def test_hearing_again_moves_nobodys_work_out_of_sight(listen: Callable[..., Desk]) -> None:
    """A settled doubt is carried over; that alone must not put the new run, without the names,
    before the one in which people worked."""
    desk = listen(Pool(lambda label, _, __: loop_at_first(label)))
    base = process(desk, 1, actor="test")
    _named(desk, base)
    with desk.catalogue.transaction() as tx:
        flag = tx.settle_flag(tx.flags(base.id)[0].id, actor="ana", note="a song")
    taken = rehear(desk, 1, Span(61_000, 70_000), actor="test", threshold=0, take=True)
    assert taken.taken is not None
    assert taken.shown == base
    with desk.catalogue.snapshot() as tx:
        kept = [one for one in tx.flags(taken.taken.id) if one.settled_by]
    assert [(one.reason, one.settled_by, one.settled_note) for one in kept] == [
        (flag.reason, "ana", f"settled in layer {base.id}: a song")
    ]
    further = rehear(desk, 1, Span(71_000, 80_000), actor="test", threshold=0, take=True).taken
    assert further is not None
    with desk.catalogue.snapshot() as tx:
        notes = {one.settled_note for one in tx.flags(further.id) if one.settled_by}
    assert notes == {f"settled in layer {base.id}: a song"}


def test_telling_apart_twice_in_the_same_way_makes_one_run(listen: Callable[..., Desk]) -> None:
    desk = listen(Pool(lambda label, *_: text_of(label)))
    process(desk, 1, actor="test")
    told = replace(
        desk, listening=replace(desk.listening, diariser=Diariser, speakers="two voices")
    )
    once = diarise(told, 1, actor="test")
    assert diarise(told, 1, actor="test") == once
    assert diarise(told, 1, actor="test", speakers=2) != once


def test_voices_that_cannot_be_told_apart_keep_no_word_back(listen: Callable[..., Desk]) -> None:
    class Dying(Diariser):
        def diarise(self, *_: object, **__: object) -> tuple[VoiceSpan, ...]:
            raise EngineDied("the process of two voices ended; try again")

    desk = listen(Pool(lambda label, *_: text_of(label)), diariser=Dying, speakers="two voices")
    layer = process(desk, 1, actor="test")
    assert "began at 0" in layer_text(desk, layer)
    assert "voices were not told apart: the process of two voices ended" in (layer.note or "")
    well = replace(desk, listening=replace(desk.listening, diariser=Diariser))
    after = diarise(well, 1, actor="test")
    assert "not told apart" not in (after.note or "")
    with desk.catalogue.snapshot() as tx:
        assert {one.label for one in tx.turns(after.id)} == {"SPEAKER_00", "SPEAKER_01"}


def test_a_span_that_reaches_beyond_the_recording_ends_with_it(
    listen: Callable[..., Desk],
) -> None:
    desk = listen(Pool(lambda label, *_: text_of(label)))
    process(desk, 1, actor="test")
    heard = rehear(desk, 1, Span(80_000, 900_000), actor="test")
    with desk.catalogue.snapshot() as tx:
        last = tx.chunks(1, heard.base.run)[-1].span.end
    assert heard.span.end == max(LENGTH_MS, last)


def test_hearing_a_taken_span_again_leaves_the_run_as_its_layer_was_made(
    listen: Callable[..., Desk],
) -> None:
    pool = Pool(lambda label, *_: text_of(label))
    desk = listen(pool)
    base = process(desk, 1, actor="test")
    span = Span(1_000, 80_000)
    first = rehear(desk, 1, span, actor="test", threshold=0, take=True, layer_id=base.id)
    assert first.taken is not None
    with desk.catalogue.snapshot() as tx:
        chunks = tx.chunks(1, first.run)

    class Hesitating(AllSpeech):
        def feed(self, samples: NDArray[np.float32]) -> list[tuple[Ms, float]]:
            return [(at, 0.5 if at == 19_200 else told) for at, told in super().feed(samples)]

    told = replace(desk, listening=replace(desk.listening, activity=Hesitating))
    again = rehear(told, 1, span, actor="test", threshold=0, take=True, layer_id=base.id)
    assert again.taken == first.taken
    with desk.catalogue.snapshot() as tx:
        assert tx.chunks(1, first.run) == chunks


def test_a_text_without_media_is_not_told_to_wait_for_a_hearing(
    listen: Callable[..., Desk],
) -> None:
    desk = listen(Pool(lambda label, *_: text_of(label)))
    number = add_text_only(desk)
    with pytest.raises(NotFound, match="no media here"):
        rehear(desk, number, Span(0, 1000), actor="test")
