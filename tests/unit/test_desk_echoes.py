"""Where else a passage was aired: found by a plain reading of all layers in the index's place."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published import publish
from web_desk import make_desk, sound_facts, timed

from offair.desk import Desk
from offair.desk.echoes import echoes
from offair.model.errors import BadInput, NotFound, Unavailable
from offair.model.recording import Channel, Held
from offair.model.time import PartialDate, Span
from offair.model.transcript import Attribution, Layer, LayerKind, LayerOrigin, Speaker, Turn
from offair.search import Fragment, Occurrence, Proposal, Scope, Stretch
from offair.text.passages import FEWEST_WORDS, WINDOW_WORDS, common, windows
from offair.text.tokenise import TokenKind, tokens

SPEECH = (
    "We came to this harbour forty years ago with one boat and no money at all and people said"
    " it would be gone before the winter came but here we are with nineteen boats."
)
INTRO = "Good morning and welcome to the programme, here is what the harbour master told us."
OUTRO = "So much for now, we go back to the studio where the weather map is waiting for you."
NEWS = "In other news tonight the council voted on the budget after nine hours of debate."
LATE = "That was it from the late edition, thank you for watching and have a quiet night."

_Word = tuple[str, int, int]


class PlainIndex:
    """Every layer is proposed; a rare word in common is enough. Fulfils what echoes ask of one."""

    damaged: tuple[str, ...] = ()

    def __init__(self, desk: Desk) -> None:
        self.catalogue, self.applied = desk.catalogue, 1 << 40
        self.words = {LayerKind.SPEECH: 1_000}

    def open(self) -> PlainIndex:
        return self

    def _layers(self, scope: Scope) -> Iterator[tuple[Layer, Sequence[Turn], list[_Word]]]:
        with self.catalogue.snapshot() as tx:
            for layer in tx.layers_by_id(tx.layers_known()).values():
                if scope.kinds is None or layer.kind in scope.kinds:
                    turns = tx.turns(layer.id)
                    words = [
                        (token.form, turn.id, place)
                        for turn in turns
                        for place, token in enumerate(tokens(turn.text, layer.language))
                        if token.kind is not TokenKind.FILLER
                    ]
                    yield layer, turns, words

    def propose(
        self, quotations: Sequence[Sequence[str]], scope: Scope, *, limit: int, thorough: bool
    ) -> list[Proposal]:
        assert thorough
        result = []
        for forms in quotations:
            stretches = [
                Stretch(layer.recording_id, layer.id, layer.kind, "",
                        tuple(turn.id for turn in turns), 9.0, (0, 9), ())
                for layer, turns, words in self._layers(scope)
                if len({one[0] for one in words} & set(forms)) > 2
            ]  # fmt: skip
            result.append(Proposal(tuple(stretches[:limit]), (), 0, Fragment(0, 0, 0)))
        return result

    def occurrences(
        self, forms: Sequence[str], scope: Scope, *, limit: int
    ) -> tuple[int, list[Occurrence]]:
        found = []
        for layer, _, words in self._layers(scope):
            said = [one[0] for one in words]
            for at in range(len(said) - len(forms) + 1):
                if said[at : at + len(forms)] == list(forms):
                    found.append(
                        Occurrence(layer.recording_id, layer.id, layer.kind, "", words[at][1],
                                   words[at][2], words[at][2] + len(forms))
                    )  # fmt: skip
        return len(found), found[:limit]


@dataclass
class Station:
    """A desk whose broadcasts are made of texts."""

    desk: Desk

    def air(
        self,
        day: str | None,
        *texts: str,
        kind: LayerKind = LayerKind.SPEECH,
        recording: int | None = None,
        start: int = 0,
    ) -> int:
        """A broadcast of one turn a text, a word every 300 ms; its recording."""
        turns = []
        for text in texts:
            pieces = []
            for word in text.split():
                pieces.append((word, start, start + 280))
                start += 300
            span = Span(pieces[0][1], pieces[-1][2])
            turns.append(Turn(0, 0, *timed(pieces), span, "SPEAKER_00"))
        with self.desk.catalogue.transaction() as tx:
            if recording is None:
                recording = tx.add_recording(
                    channel=Channel("Harbour One"), title="News", held=Held.HELD, object=None,
                    aired=None if day is None else PartialDate.parse(day),
                    media=sound_facts(600_000), actor="test",
                ).id  # fmt: skip
            tx.add_layer(
                recording_id=recording, kind=kind, language="en", origin=LayerOrigin.ENGINE,
                maker="test", run=1, turns=turns, sentences=[[(0, len(t.text))] for t in turns],
            )  # fmt: skip
        return recording

    def clip(self, recording: int, start: int, end: int) -> str:
        with self.desk.catalogue.transaction() as tx:
            layer = tx.layers(recording)[-1]
            clip = tx.add_clip(
                recording_id=recording, layer_id=layer.id, spans=[Span(start, end)], turn_ids=(),
                headline="Boats", summary=(), actor="ana",
            )  # fmt: skip
        return str(clip.id)


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = make_desk(tmp_path)
    yield Station(replace(made, index=PlainIndex(made)))  # type: ignore[arg-type]
    made.catalogue.close()


def seen(station: Station, what: str) -> list[list[tuple[int, bool]]]:
    found = echoes(station.desk, what)
    return [[(one.recording.id, one.asked) for one in event] for event in found.events]


def misheard(text: str) -> str:
    words = text.split()
    return " ".join(f"x{at}" if at % 7 == 3 else word for at, word in enumerate(words))


def test_airings_of_one_event_and_other_events_stand_oldest_first(station: Station) -> None:
    second = station.air("2021-06-02", INTRO, SPEECH, OUTRO)
    quoted_later = station.air("2023-01-01", NEWS, SPEECH, LATE)
    first = station.air("2021-06-01", misheard(INTRO), misheard(SPEECH), OUTRO)
    station.air("2021-06-01", NEWS)
    clip = station.clip(second, 15 * 300, 49 * 300)
    assert seen(station, clip) == [
        [(first, False), (second, True)],
        [(quoted_later, False)],
    ]
    found = echoes(station.desk, SPEECH)
    assert [[one.recording.id for one in event] for event in found.events] == [
        [first, second],
        [quoted_later],
    ]
    assert found.words == len(SPEECH.split())
    airing = found.events[0][1]
    assert (airing.at, airing.until) == (15 * 300, 48 * 300 + 280)
    assert (airing.words, airing.text, airing.speakers) == (34, SPEECH.rstrip("."), ())


def test_the_clip_alone_has_no_echo(station: Station) -> None:
    recording = station.air("2021-06-02", INTRO, SPEECH, OUTRO)
    station.air("2021-06-03", NEWS, LATE)
    clip = station.clip(recording, 15 * 300, 49 * 300)
    assert seen(station, clip) == []


def test_another_text_of_the_same_moment_is_the_same_place(station: Station) -> None:
    first = station.air("2021-06-02", INTRO, SPEECH, OUTRO)
    station.air(None, INTRO, SPEECH, OUTRO, kind=LayerKind.CAPTIONS, recording=first, start=2_000)
    other = station.air("2021-06-05", NEWS, SPEECH)
    station.air(None, NEWS, SPEECH, kind=LayerKind.CAPTIONS, recording=other, start=2_000)
    clip = station.clip(first, 15 * 300, 49 * 300)
    assert seen(station, clip) == [[(other, False)]]
    (event,) = echoes(station.desk, clip).events
    assert event[0].layer.kind is LayerKind.SPEECH


def test_a_repeat_in_the_same_broadcast_is_another_place(station: Station) -> None:
    recording = station.air("2021-06-02", INTRO, SPEECH, OUTRO, NEWS, NEWS, LATE, SPEECH, LATE)
    clip = station.clip(recording, 15 * 300, 49 * 300)
    found = echoes(station.desk, clip)
    assert [[one.asked for one in event] for event in found.events] == [[False]]
    assert found.events[0][0].at == 33_900


def test_an_excerpt_of_a_long_passage_is_found(station: Station) -> None:
    whole = station.air("2021-06-02", INTRO, SPEECH, OUTRO, NEWS, LATE)
    excerpt = " ".join((SPEECH + " " + OUTRO).split()[20:45])
    short = station.air("2021-06-09", f"They said {excerpt} and then they left.")
    clip = station.clip(whole, 0, 300_000)
    ((echo,),) = echoes(station.desk, clip).events
    assert (echo.recording.id, echo.words) == (short, 25)
    assert echo.text == excerpt.rstrip(",")


def test_a_short_passage_counts_where_it_stands_as_it_is(station: Station) -> None:
    first = station.air("2021-06-02", "He said nineteen, um, boats and left.")
    station.air("2021-06-03", "He said nineteen big boats and left.")
    assert seen(station, "Nineteen boats") == [[(first, False)]]
    assert seen(station, "ninety boats") == []


def test_a_record_is_named_by_its_address(station: Station) -> None:
    first = station.air("2021-06-02", INTRO, SPEECH, OUTRO)
    other = station.air("2021-06-03", NEWS, SPEECH)
    clip = station.clip(first, 15 * 300, 49 * 300)
    publish(station.desk, int(clip), actor="ana", now_utc="2026-05-14T10:00:00Z")
    assert seen(station, "desk/1") == [[(other, False)]]
    assert seen(station, "either/or") == []


def test_a_speaker_who_is_withheld_is_not_named(station: Station) -> None:
    station.air("2021-06-02", SPEECH)
    with station.desk.catalogue.transaction() as tx:
        secret = Speaker("Secret Person", withheld=True)
        tx.add_attributions([Attribution(1, secret, None, "Secret Person", None, "ana")])
    ((echo,),) = echoes(station.desk, SPEECH).events
    assert echo.speakers == ("Speaker withheld",)


def test_a_turn_revised_since_it_was_indexed_is_read_as_it_stands(station: Station) -> None:
    station.air("2021-06-02", SPEECH)
    with station.desk.catalogue.transaction() as tx:
        (turn,) = tx.turns(1)
        text, words = timed([("Nothing", 0, 200), ("here.", 300, 500)])
        tx.revise_turn(turn.id, text=text, words=words, sentences=[(0, len(text))], actor="ana")
        index = station.desk.index.open()
    stale = Stretch(1, 1, LayerKind.SPEECH, "", (turn.id,), 9.0, (0, 9), ())
    index.propose = lambda *_, **__: [Proposal((stale,), (), 0, Fragment(0, 0, 0))]  # type: ignore[method-assign]
    assert seen(station, SPEECH) == []


def test_what_is_no_passage_is_refused(station: Station) -> None:
    for nothing in ("", " ", "…", "“”"):
        with pytest.raises(BadInput, match="no words to look for"):
            echoes(station.desk, nothing)
    with pytest.raises(NotFound, match="no clip 7"):
        echoes(station.desk, "7")
    with pytest.raises(NotFound, match="no record 'nobody/99'"):
        echoes(station.desk, "nobody/99")
    assert not echoes(station.desk, "24/7").clipped
    assert echoes(station.desk, "and/or").events == ()
    with pytest.raises(BadInput, match="10001 words"):
        echoes(station.desk, "a " * 10_001)


def test_an_index_that_was_never_made_is_told_from_one_that_holds_nothing(
    station: Station,
) -> None:
    unmade = station.desk.index.open()
    unmade.applied = 0  # type: ignore[misc]
    assert seen(station, "nineteen boats") == []
    station.air("2021-06-02", SPEECH)
    with pytest.raises(Unavailable, match="offair reindex"):
        echoes(station.desk, "nineteen boats")


@given(st.integers(1, 500))
@settings(max_examples=40)
def test_pieces_cover_a_passage(words: int) -> None:
    pieces = list(windows(words))
    assert pieces[0][0] == 0
    assert pieces[-1][1] == words
    for (_, end), (start, _) in itertools.pairwise(pieces):
        assert start <= end - WINDOW_WORDS // 2
    assert all(end - start <= WINDOW_WORDS for start, end in pieces)


@given(
    st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=20),
    st.lists(st.sampled_from("xyz"), max_size=8),
    st.lists(st.sampled_from("xyz"), max_size=8),
)
@settings(max_examples=60)
def test_a_passage_that_stands_there_is_found(
    passage: list[str], before: list[str], after: list[str]
) -> None:
    found = common(passage, [*before, *passage, *after])
    assert found is not None
    assert found.words == len(passage)
    assert (found.spoken_first, found.spoken_last) == (len(before), len(before) + len(passage))


def test_what_chance_has_in_common_is_nothing() -> None:
    assert common([], ["a"]) is None
    assert common(["a", "b"], ["a", "x", "b"]) is None
    long = [f"w{number}" for number in range(30)]
    assert common(long, [*long[: FEWEST_WORDS - 1], *["x"] * 19]) is None
    assert common(long, [*long[:FEWEST_WORDS], *["x"] * 18]) is not None
    sparse = [
        word for at, one in enumerate(long) for word in ((one, "x", "y") if at % 2 else (one,))
    ]
    assert common(long, sparse) is None
