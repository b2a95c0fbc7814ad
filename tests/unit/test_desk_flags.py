"""Stepping through doubts: the words around, the other hearing, the captions, who settled it."""

from __future__ import annotations

from pathlib import Path

import pytest
import web_desk

from offair.cli import flags as command
from offair.desk import Desk
from offair.desk.list_flags import list_flags
from offair.desk.settle_flag import LONGEST_NOTE, settle_flag
from offair.model.errors import BadInput, NotFound
from offair.model.record import WITHHELD
from offair.model.recording import Held
from offair.model.time import Span
from offair.model.transcript import (
    Activity,
    Attribution,
    Chunk,
    Claim,
    Engine,
    Flag,
    FlagKind,
    Heard,
    LayerKind,
    LayerOrigin,
    Speaker,
    Turn,
)
from offair.model.words import Words

FIRST = [("Good", 10_000, 10_300), ("evening,", 10_300, 10_800), ("this", 11_000, 11_200),
         ("is", 11_200, 11_400), ("Mars.", 11_400, 12_000)]  # fmt: skip
SECOND = [("Thanks", 20_000, 20_400), ("for", 20_400, 20_600), ("watching.", 20_600, 21_000)]
OTHER = [("this", 1_000, 1_200), ("is", 1_200, 1_400), ("Marsh.", 1_400, 2_000)]
CAPTIONS = [("GOOD", 14_000, 14_400), ("EVENING", 14_400, 15_000), ("THIS", 15_000, 15_300),
            ("IS", 15_300, 15_500), ("MARSH", 15_500, 16_000), ("[MUSIC]", 40_000, 41_000),
            ]  # fmt: skip


@pytest.fixture
def heard(tmp_path: Path) -> tuple[Desk, int]:
    """A recording heard in two turns, one chunk of it twice, with captions and three flags."""
    desk = web_desk.make_desk(tmp_path)
    media = web_desk.keep(desk, web_desk.silent_wave(30_000), "news.wav")
    engine = Engine("faster-whisper", "tiny.en", "1")
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(web_desk.HARBOUR), aired=None, title="News", held=Held.HELD,
            object=media, media=web_desk.sound_facts(30_000), actor="test",
        )  # fmt: skip
        run = tx.open_run(recording.id, {})
        for key, pieces in (("a" * 64, FIRST), ("b" * 64, OTHER)):
            text, words = web_desk.timed(pieces)
            tx.add_claim(Claim(key, engine, "c" * 64, 15_000, Heard(text, words, "en")))
        tx.add_chunk(
            recording.id, run,
            Chunk(Span(10_000, 25_000), Activity.SPEECH, 0.9, "a" * 64, second_key="b" * 64),
        )  # fmt: skip
        turns = [_turn(0, FIRST), _turn(1, SECOND)]
        layer = tx.add_layer(
            recording_id=recording.id, kind=LayerKind.SPEECH, language="en",
            origin=LayerOrigin.ENGINE, maker="faster-whisper tiny.en", run=run, turns=turns,
            sentences=[[(0, len(turn.text))] for turn in turns],
        )  # fmt: skip
        captions = [_turn(0, CAPTIONS)]
        tx.add_layer(
            recording_id=recording.id, kind=LayerKind.CAPTIONS, language="en",
            origin=LayerOrigin.BROADCASTER, maker="news.srt", run=1, turns=captions,
            sentences=[[(0, len(captions[0].text))]],
        )  # fmt: skip
        first = tx.turns(layer.id)[0]
        tx.add_attributions([Attribution(first.id, Speaker("Nora"), None, None, 1.0, "test")])
        sentence = tx.sentences([first.id])[0]
        tx.add_flags(
            layer.id,
            [
                Flag(FlagKind.SECOND_HEARING, Span(11_400, 12_000), "another hearing has ‘Marsh’"),
                Flag(FlagKind.NOT_HEARD, Span(13_000, 19_000), "6.0 s of speech and no words"),
                Flag(FlagKind.NO_SPEECH, Span(20_000, 21_000), "no speech was found"),
                Flag(FlagKind.NAME_DIFFERS, None, "a name", sentence_id=sentence.id),
            ],
        )
    return desk, recording.id


def _turn(ordinal: int, pieces: list[tuple[str, int, int]]) -> Turn:
    text, words = web_desk.timed(pieces)
    return Turn(0, ordinal, text, words, words.span)


def test_a_flag_comes_with_all_that_is_around_it(heard: tuple[Desk, int]) -> None:
    desk, recording = heard
    found = list_flags(desk, recording)
    assert (found.open, found.settled, found.elsewhere) == (4, 0, ())
    marsh, silent, thanks, name = found.flags
    assert (marsh.before, marsh.words, marsh.after) == (
        "Good evening, this is", "Mars.", "Thanks for watching.",
    )  # fmt: skip
    assert (marsh.speaker, marsh.other) == ("Nora", "Marsh.")
    assert marsh.captions == "GOOD EVENING THIS IS MARSH"
    assert (silent.words, silent.places[0].char_start) == ("", 27)
    assert (silent.before, silent.after) == ("Good evening, this is Mars.", "Thanks for watching.")
    assert (thanks.words, thanks.speaker, thanks.other) == ("Thanks for watching.", None, "")
    assert thanks.captions == ""
    assert (name.words, name.other, name.captions) == ("Good evening, this is Mars.", None, None)


def test_a_part_of_the_flags(heard: tuple[Desk, int]) -> None:
    desk, recording = heard
    first = list_flags(desk, recording, limit=1)
    assert [one.flag.kind for one in first.flags] == [FlagKind.SECOND_HEARING]
    late = list_flags(desk, recording, within=Span(19_500, 30_000))
    assert [one.flag.kind for one in late.flags] == [FlagKind.NO_SPEECH, FlagKind.NAME_DIFFERS]
    (rest,) = list_flags(desk, recording, offset=3).flags
    assert rest.words == "Good evening, this is Mars."
    with desk.catalogue.snapshot() as tx:
        captions = next(one.id for one in tx.layers(recording) if one.kind is LayerKind.CAPTIONS)
    other = list_flags(desk, recording, captions)
    assert other.flags == ()
    assert [count for _, count in other.elsewhere] == [4]
    with pytest.raises(NotFound):
        list_flags(desk, recording, 999)
    with pytest.raises(NotFound):
        list_flags(desk, 999)


def test_a_withheld_speaker_is_named_to_nobody(heard: tuple[Desk, int]) -> None:
    desk, recording = heard
    turn = list_flags(desk, recording).flags[0].places[0].turn_id
    with desk.catalogue.transaction() as tx:
        secret = Speaker("Witness", withheld=True)
        tx.add_attributions([Attribution(turn, secret, None, "Witness", 1.0, "test")])
    assert list_flags(desk, recording).flags[0].speaker == WITHHELD


def test_settling_keeps_the_flag_with_who_did_it(heard: tuple[Desk, int]) -> None:
    desk, recording = heard
    first = list_flags(desk, recording).flags[0].flag
    settled = settle_flag(desk, first.id, actor="Ada", note="  it is\nMarsh ")
    assert (settled.settled_by, settled.settled_note) == ("Ada", "it is Marsh")
    left = list_flags(desk, recording)
    assert (left.open, left.settled, len(left.flags)) == (3, 1, 3)
    every = list_flags(desk, recording, settled=True)
    assert every.flags[0].flag.settled_by == "Ada"
    with pytest.raises(NotFound):
        settle_flag(desk, 999, actor="Ada")
    with pytest.raises(BadInput):
        settle_flag(desk, first.id, actor="Ada", note="x" * (LONGEST_NOTE + 1))


def test_a_text_without_words_or_flags(tmp_path: Path) -> None:
    desk = web_desk.make_desk(tmp_path)
    text_only = web_desk.add_text_only(desk)
    found = list_flags(desk, text_only)
    assert (found.flags, found.open, found.settled) == ((), 0, 0)
    long = web_desk.add_long(desk, turns=3)
    with desk.catalogue.transaction() as tx:
        layer = tx.add_layer(
            recording_id=long, kind=LayerKind.TRANSLATION, language="fr",
            origin=LayerOrigin.ENGINE, maker="none", run=1,
            turns=[Turn(0, 0, "…", Words(), Span(0, 5_000))], sentences=[[(0, 1)]],
        )  # fmt: skip
        tx.add_flags(layer.id, [Flag(FlagKind.UNSURE, Span(9_000, 9_500), "nothing there")])
    (flag,) = list_flags(desk, long, layer.id).flags
    assert flag.words == ""
    assert [(one.language, count) for one, count in list_flags(desk, long).elsewhere] == [("fr", 1)]


def test_what_the_command_prints(
    heard: tuple[Desk, int], capsys: pytest.CaptureFixture[str]
) -> None:
    desk, recording = heard
    one = list_flags(desk, recording).flags[0]
    command._in_full(one)
    said = capsys.readouterr().out
    assert "flag 1, 0:11.400–0:12.000, a second hearing differs" in said
    assert "before:   Good evening, this is\nwords:    Mars.\nafter:    Thanks" in said
    assert "other hearing: Marsh." in said
    assert "captions: GOOD EVENING THIS IS MARSH" in said
    line = command._line(one)
    assert line.startswith("    1  0:11.400–0:12.000")
    assert line.endswith("another hearing has ‘Marsh’  “Mars.”")
