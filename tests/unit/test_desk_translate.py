"""Translations on a desk: parallel to the original, stale when it changes, a person's work kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from web_desk import keep, make_desk, silent_wave, sound_facts, timed

from offair.desk import Desk
from offair.desk.check_translation import check_translation
from offair.desk.evidence import sentence_ranges, turns_in
from offair.desk.read_translation import read_translation
from offair.desk.revise_sentence import revise_sentence
from offair.desk.take_translation import take_translation
from offair.desk.translate import translate
from offair.desk.translations import MACHINE_NOT_CHECKED, NOT_CHECKED
from offair.model.errors import BadInput, EngineDied, NotFound, Unavailable
from offair.model.recording import Channel, Held, Recording
from offair.model.time import Span
from offair.model.transcript import (
    Activity,
    Attribution,
    Chunk,
    Engine,
    FlagKind,
    Layer,
    LayerKind,
    LayerOrigin,
    MarkKind,
    Speaker,
    Turn,
)
from offair.model.words import TimeSource, WordFlag, Words
from offair.text.captions import cue_lines
from offair.text.translated import NOT_TRANSLATED

ENGLISH = {
    "Bom dia.": "Good morning.",
    "A padaria faz cinquenta anos.": "The bakery turns fifty.",
    "A padaria faz sessenta anos.": "The bakery turns sixty.",
    "Não mudou.": "It has not changed.",
    "Vendeu 400 pães.": "It sold 300 loaves.",
    "aqui fala celeste duarte.": "here speaks celestial duarte.",
    "no estúdio tiago prado.": "in the studio thiago prado.",
}


@dataclass
class FakeTranslator:
    """Answers from a table; a sentence it does not know it gives none for."""

    revision: str = "1"
    asked: list[str] = field(default_factory=list)
    deaths: int = 0

    @property
    def engine(self) -> Engine:
        """Who it is."""
        return Engine("fake", "table", self.revision)

    @property
    def usable(self) -> bool:
        """Always."""
        return True

    def translate(self, sentences: Sequence[str]) -> list[str | None]:
        """From the table."""
        if any("kills" in one for one in sentences):
            self.deaths += 1
            raise EngineDied("the process of the translator fake died over some sentences")
        self.asked += sentences
        return [ENGLISH.get(one) for one in sentences]

    def close(self) -> None:
        """Nothing to end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def _with(desk: Desk, translator: FakeTranslator) -> Desk:
    def open_translator(source: str, target: str) -> FakeTranslator:
        if source.split("-")[0] != "pt":
            raise Unavailable(f"the model for {source} to {target} is not on this machine")
        return translator

    return replace(desk, translator=open_translator)


@pytest.fixture
def translator() -> FakeTranslator:
    """The engine of the desk."""
    return FakeTranslator()


@pytest.fixture
def desk(tmp_path: Path, translator: FakeTranslator) -> Desk:
    """A desk without recordings."""
    return _with(make_desk(tmp_path), translator)


def _recording(desk: Desk, channel: str = "Rádio Moinho Azul") -> Recording:
    sound = keep(desk, silent_wave(30_000), "padaria.wav")
    facts = sound_facts(30_000)
    with desk.catalogue.transaction() as tx:
        return tx.add_recording(
            channel=tx.ensure_channel(Channel(channel, languages=("pt",))),
            aired=None, title="Padaria", held=Held.HELD, object=sound, media=facts, actor="ana",
        )  # fmt: skip


def _turn(text: str, start: int, label: str | None = None) -> Turn:
    """A turn whose words take half a second each."""
    pieces = [
        (word, start + 500 * place, start + 500 * place + 400)
        for place, word in enumerate(text.split())
    ]
    joined, words = timed(pieces)
    return Turn(0, 0, joined, words, words.span, label)


def _layer(
    desk: Desk, recording: Recording, *texts: str, run: int = 1, language: str = "pt"
) -> Layer:
    turns = [_turn(text, 1_000 + 10_000 * place) for place, text in enumerate(texts)]
    with desk.catalogue.transaction() as tx:
        return tx.add_layer(
            recording_id=recording.id, kind=LayerKind.SPEECH, language=language,
            origin=LayerOrigin.ENGINE, maker="fake base", run=run, turns=turns,
            sentences=sentence_ranges(turns, language),
        )  # fmt: skip


def _texts(desk: Desk, layer: Layer) -> list[str]:
    with desk.catalogue.snapshot() as tx:
        return [turn.text for turn in tx.turns(layer.id)]


BAKERY = ("Bom dia. A padaria faz cinquenta anos.", "Não mudou.")


def test_turns_stand_parallel_with_times_sources_and_speakers(desk: Desk) -> None:
    recording = _recording(desk)
    source = _layer(desk, recording, *BAKERY)
    with desk.catalogue.transaction() as tx:
        first = tx.turns(source.id)[0]
        tx.add_attributions(
            [Attribution(first.id, Speaker("Tiago"), Speaker("Ana"), "SPEAKER_00", 0.9, "x", "y")]
        )
    done = translate(desk, recording.id, actor="ana")
    assert (done.new, done.sentences, done.missing, done.flags) == (True, 3, 0, ())
    layer = done.layer
    assert (layer.kind, layer.origin, layer.language) == (
        LayerKind.TRANSLATION, LayerOrigin.ENGINE, "en",
    )  # fmt: skip
    assert layer.source_layer_id == source.id
    assert layer.maker.startswith("fake table ")
    assert layer.note == MACHINE_NOT_CHECKED
    with desk.catalogue.snapshot() as tx:
        turns, originals = tx.turns(layer.id), tx.turns(source.id)
        assert [one.text for one in turns] == [
            "Good morning. The bakery turns fifty.", "It has not changed.",
        ]  # fmt: skip
        assert [one.span for one in turns] == [one.span for one in originals]
        sentences = tx.sentences([one.id for one in turns])
        sources = tx.sentence_sources([one.id for one in sentences])
        originals_ids = [one.id for one in tx.sentences([one.id for one in originals])]
        assert [sources[one.id][0].sentence_id for one in sentences] == originals_ids
        said = tx.attributions([turns[0].id])[turns[0].id]
        clipped = turns_in(tx, layer, [Span(1_000, 2_000)])
    assert (said.voice and said.voice.name, said.author and said.author.name) == ("Tiago", "Ana")
    assert (said.label, said.confirmed_by, said.heard) == ("SPEAKER_00", "y", False)
    assert {word.source for word in turns[0].words} == {TimeSource.INTERPOLATED}
    assert [one.text for one in clipped[0]] == ["Good morning."]
    assert cue_lines(turns, language="en")


def test_the_same_text_by_the_same_engine_is_found(desk: Desk, translator: FakeTranslator) -> None:
    recording = _recording(desk)
    _layer(desk, recording, *BAKERY)
    first = translate(desk, recording.id, actor="ana")
    second = translate(desk, recording.id, actor="ana")
    assert (second.layer, second.new) == (first.layer, False)
    assert len(translator.asked) == 3
    other = translate(_with(desk, FakeTranslator("2")), recording.id, actor="ana")
    assert other.new
    assert other.layer.run == 2


def test_what_is_not_translated_is_a_mark_and_a_flag(desk: Desk) -> None:
    recording = _recording(desk)
    _layer(desk, recording, "Bom dia. Isto ninguém sabe. Não mudou.", "Vendeu 400 pães.")
    done = translate(desk, recording.id, actor="ana")
    assert done.missing == 1
    with desk.catalogue.snapshot() as tx:
        turns = tx.turns(done.layer.id)
        flags = tx.flags(done.layer.id)
        ids = [one.id for one in tx.sentences([one.id for one in turns])]
    assert turns[0].text == f"Good morning. {NOT_TRANSLATED} It has not changed."
    (mark,) = turns[0].marks
    assert (mark.kind, mark.sense) == (MarkKind.UNCLEAR, "not translated")
    assert turns[0].text[mark.char_start : mark.char_end] == mark.text == NOT_TRANSLATED
    assert [(one.kind, one.sentence_id) for one in flags if one.sentence_id == ids[1]] == [
        (FlagKind.SENTENCE_MISSING, ids[1])
    ]
    numbers = [one for one in flags if one.kind is FlagKind.NUMBER_DIFFERS]
    assert {one.sentence_id for one in numbers} == {ids[3]}
    assert "400" in numbers[0].reason
    assert numbers[0].span == turns[1].span
    assert all(word.flags == WordFlag.DOUBTED for word in turns[1].words)


def test_a_sentence_that_kills_the_engine_is_set_aside(
    desk: Desk, translator: FakeTranslator
) -> None:
    recording = _recording(desk)
    _layer(desk, recording, "Bom dia. Isto kills tudo. Não mudou.")
    done = translate(desk, recording.id, actor="ana")
    assert _texts(desk, done.layer) == [f"Good morning. {NOT_TRANSLATED} It has not changed."]
    assert "died" in done.flags[0].reason
    assert translator.deaths == 2
    alone = _recording(desk, "Rádio Farol")
    _layer(desk, alone, "Isto kills tudo.")
    with pytest.raises(EngineDied):
        translate(desk, alone.id, actor="ana")


def test_what_was_said_in_the_target_language_stands_and_a_third_is_marked(desk: Desk) -> None:
    recording = _recording(desk)
    _layer(desk, recording, "Bom dia.", "We love bread.", "Guten Morgen.")
    with desk.catalogue.transaction() as tx:
        run = tx.open_run(recording.id, {"x": 1})
        for start, language in ((0, "pt"), (10_000, "en"), (20_000, "de")):
            span = Span(start, start + 9_000)
            chunk = Chunk(span, Activity.SPEECH, 0.9, skipped="x", language=language)
            tx.add_chunk(recording.id, run, chunk)
    done = translate(desk, recording.id, actor="ana")
    assert _texts(desk, done.layer) == ["Good morning.", "We love bread.", NOT_TRANSLATED]
    assert (done.as_spoken, done.missing) == (1, 1)
    assert "spoken in de" in done.flags[0].reason
    shown = read_translation(desk, recording.id).sentences
    assert [one.as_spoken for one in shown] == [False, True, False]
    assert "1 sentences stand as spoken in en" in (done.layer.note or "")


def test_the_names_the_desk_knows_are_held_against_a_text_without_capitals(desk: Desk) -> None:
    other = _recording(desk, "Rádio Farol")
    source = _layer(desk, other, "Bom dia.")
    with desk.catalogue.transaction() as tx:
        (turn,) = tx.turns(source.id)
        celeste = Speaker("Celeste Duarte")
        tx.add_attributions([Attribution(turn.id, celeste, None, None, None, "ana", "ana")])
    desk = replace(desk, listening=replace(desk.listening, names=("Tiago Prado",)))
    recording = _recording(desk)
    _layer(desk, recording, "aqui fala celeste duarte.", "no estúdio tiago prado.")
    done = translate(desk, recording.id, actor="ana")
    assert [(one.kind, one.reason) for one in done.flags] == [
        (FlagKind.NAME_DIFFERS, "the original names Celeste Duarte; the translation has no Celeste"
         " Duarte"),
        (FlagKind.NAME_DIFFERS, "the original names Tiago Prado; the translation has no Tiago"
         " Prado"),
    ]  # fmt: skip


def _ids(desk: Desk, layer: Layer) -> list[int]:
    with desk.catalogue.snapshot() as tx:
        return [one.id for one in tx.sentences([one.id for one in tx.turns(layer.id)])]


def test_a_revised_original_makes_its_translation_stale_and_again_mends_it(
    desk: Desk, translator: FakeTranslator
) -> None:
    recording = _recording(desk)
    source = _layer(desk, recording, *BAKERY)
    first = translate(desk, recording.id, actor="ana").layer
    assert check_translation(desk, recording.id)[0].current
    mine = revise_sentence(
        desk, recording.id, _ids(desk, first)[2], "It hasn't changed.", actor="ana"
    )
    assert mine.before == "It has not changed."
    revised = revise_sentence(
        desk, recording.id, _ids(desk, source)[1], "A padaria faz sessenta anos.", actor="ana"
    )
    assert revised.layer == source
    (checked,) = check_translation(desk, recording.id)
    assert not checked.current
    assert [one.text for one in checked.stale] == ["The bakery turns fifty."]
    assert checked.revised == 1
    shown = read_translation(desk, recording.id)
    assert shown.label == MACHINE_NOT_CHECKED
    assert [one.stale is not None for one in shown.sentences] == [False, True, False]
    translator.asked.clear()
    again = translate(desk, recording.id, actor="ana", again=True)
    assert translator.asked == ["A padaria faz sessenta anos."]
    assert (again.new, again.kept) == (True, 2)
    assert _texts(desk, again.layer) == [
        "Good morning. The bakery turns sixty.", "It hasn't changed.",
    ]  # fmt: skip
    with desk.catalogue.snapshot() as tx:
        assert [one.made_by for one in tx.turns(again.layer.id)] == [None, "ana"]
    assert _texts(desk, first)[0] == "Good morning. The bakery turns fifty."
    newest, older = check_translation(desk, recording.id)
    assert (newest.layer.id, newest.current, newest.replaced) == (again.layer.id, True, None)
    assert (older.current, older.wanting, older.replaced) == (False, False, again.layer)


def test_again_makes_nothing_where_every_sentence_stands(
    desk: Desk, translator: FakeTranslator
) -> None:
    recording = _recording(desk)
    _layer(desk, recording, *BAKERY)
    first = translate(desk, recording.id, actor="ana").layer
    revise_sentence(desk, recording.id, _ids(desk, first)[2], "It hasn't changed.", actor="ana")
    translator.asked.clear()
    again = translate(desk, recording.id, actor="ana", again=True)
    assert (again.layer, again.new, again.kept, translator.asked) == (first, False, 3, [])
    assert _texts(desk, first)[1] == "It hasn't changed."


def test_again_follows_the_original_to_its_newer_run(
    desk: Desk, translator: FakeTranslator
) -> None:
    recording = _recording(desk)
    _layer(desk, recording, *BAKERY)
    translate(desk, recording.id, actor="ana")
    newer = _layer(desk, recording, "Bom dia. A padaria faz sessenta anos.", "Não mudou.", run=2)
    (checked,) = check_translation(desk, recording.id)
    assert checked.newer == newer
    assert not checked.current
    translator.asked.clear()
    again = translate(desk, recording.id, actor="ana", again=True)
    assert again.layer.source_layer_id == newer.id
    assert translator.asked == ["A padaria faz sessenta anos."]
    assert check_translation(desk, recording.id)[0].current


def test_a_plain_translation_takes_no_revision_of_a_person_for_its_own(
    desk: Desk, translator: FakeTranslator
) -> None:
    recording = _recording(desk)
    source = _layer(desk, recording, *BAKERY)
    first = translate(desk, recording.id, actor="ana").layer
    revise_sentence(desk, recording.id, _ids(desk, first)[2], "It hasn't changed.", actor="ana")
    revise_sentence(
        desk, recording.id, _ids(desk, source)[1], "A padaria faz sessenta anos.", actor="ana"
    )
    translator.asked.clear()
    second = translate(desk, recording.id, actor="ana")
    assert translator.asked == ["A padaria faz sessenta anos.", "Não mudou."]
    assert _texts(desk, second.layer)[1] == "It has not changed."
    assert _texts(desk, first)[1] == "It hasn't changed."


def test_revising_keeps_the_other_sentences_and_the_times_of_unchanged_words(desk: Desk) -> None:
    recording = _recording(desk)
    source = _layer(desk, recording, *BAKERY)
    before = _ids(desk, source)
    with desk.catalogue.snapshot() as tx:
        old = tx.turns(source.id)[0]
    done = revise_sentence(desk, recording.id, before[0], "Bom dia a todos.", actor="ana")
    after = _ids(desk, source)
    assert after[1:] == before[1:]
    assert done.sentences == (after[0],)
    assert done.turn.made_by == "ana"
    assert done.turn.text == "Bom dia a todos. A padaria faz cinquenta anos."
    times = {old.text[w.char_start : w.char_end].strip("."): (w.start, w.end) for w in old.words}
    for word in done.turn.words:
        spoken = done.turn.text[word.char_start : word.char_end].strip(".")
        if spoken not in ("a", "todos"):
            assert (word.start, word.end) == times[spoken]
    same = revise_sentence(desk, recording.id, after[0], "Bom dia a todos.", actor="ana")
    assert not same.changed
    split = revise_sentence(desk, recording.id, after[0], "Bom dia. Olá a todos.", actor="ana")
    assert len(split.sentences) == 2


@pytest.mark.parametrize(
    ("sentence", "text", "error"),
    [(None, " \n ", BadInput), (None, "a\x1bb", BadInput), (None, "x" * 20_000, BadInput),
     (999, "x", NotFound)],
)  # fmt: skip
def test_a_revision_that_cannot_be_is_refused(
    desk: Desk, sentence: int | None, text: str, error: type[Exception]
) -> None:
    recording = _recording(desk)
    source = _layer(desk, recording, *BAKERY)
    with pytest.raises(error):
        revise_sentence(desk, recording.id, sentence or _ids(desk, source)[0], text, actor="ana")
    other = _recording_of_text(desk)
    with pytest.raises(NotFound):
        revise_sentence(desk, other.id, _ids(desk, source)[0], "x", actor="ana")


def _recording_of_text(desk: Desk) -> Recording:
    with desk.catalogue.transaction() as tx:
        return tx.add_recording(
            channel=tx.ensure_channel(Channel("Other")), aired=None, title="Text",
            held=Held.NEVER_HELD, object=None, media=None, actor="ana",
        )  # fmt: skip


def test_revising_a_translation_settles_its_doubts_and_makes_it_fresh(desk: Desk) -> None:
    recording = _recording(desk)
    source = _layer(desk, recording, "Vendeu 400 pães.")
    layer = translate(desk, recording.id, actor="ana").layer
    revise_sentence(desk, recording.id, _ids(desk, source)[0], "Vendeu 401 pães.", actor="ana")
    assert check_translation(desk, recording.id)[0].stale
    revise_sentence(desk, recording.id, _ids(desk, layer)[0], "It sold 401 loaves.", actor="ana")
    (checked,) = check_translation(desk, recording.id)
    # What it translates now is the sentence that took the first one's place, or still the first.
    assert checked.doubts == ()
    with desk.catalogue.snapshot() as tx:
        assert all(one.settled_by == "ana" for one in tx.flags(layer.id))


VTT = """WEBVTT

00:01.000 --> 00:04.400
<v Tiago>Good morning, the bakery turns fifty.

00:11.000 --> 00:12.000
<v Ana>It has not changed.
"""


def test_a_persons_translation_is_aligned_by_time(desk: Desk, tmp_path: Path) -> None:
    recording = _recording(desk)
    source = _layer(desk, recording, *BAKERY)
    file = tmp_path / "padaria.en.vtt"
    file.write_text(VTT, encoding="utf-8")
    taken = take_translation(desk, recording.id, file, actor="ana", to="en")
    layer = taken.layer
    assert (layer.origin, layer.maker, layer.source_layer_id) == (
        LayerOrigin.PERSON, "ana", source.id,
    )  # fmt: skip
    assert (taken.turns, taken.sentences, taken.aligned) == (2, 2, 2)
    with desk.catalogue.snapshot() as tx:
        sources = tx.sentence_sources(_ids(desk, layer))
        voices = tx.attributions([one.id for one in tx.turns(layer.id)])
    named = [[one.sentence_id for one in sources[key]] for key in _ids(desk, layer)]
    heard = _ids(desk, source)
    assert named == [heard[:2], heard[2:]]
    assert [one.voice.name for one in voices.values() if one.voice] == ["Tiago", "Ana"]
    once_more = take_translation(desk, recording.id, file, actor="ana", to="en")
    assert (once_more.new, once_more.layer) == (False, layer)
    (checked,) = check_translation(desk, recording.id)
    assert checked.current
    revise_sentence(desk, recording.id, heard[0], "Boa noite.", actor="ana")
    assert [one.text for one in check_translation(desk, recording.id)[0].stale] == [
        "Good morning, the bakery turns fifty."
    ]


def test_a_translation_from_the_sound_needs_no_text(desk: Desk, tmp_path: Path) -> None:
    recording = _recording(desk)
    file = tmp_path / "padaria.txt"
    file.write_text("Tiago: Good morning.\n\nAna: It has not changed.\n", encoding="utf-8")
    with pytest.raises(NotFound, match="--from-sound"):
        take_translation(desk, recording.id, file, actor="ana")
    taken = take_translation(desk, recording.id, file, actor="ana", from_sound=True)
    assert taken.layer.source_layer_id is None
    assert taken.layer.note == "translated by ana from sound"
    assert read_translation(desk, recording.id).label == NOT_CHECKED
    assert check_translation(desk, recording.id)[0].current


def test_a_plain_text_is_aligned_turn_by_turn_or_says_that_it_is_not(
    desk: Desk, tmp_path: Path
) -> None:
    recording = _recording(desk)
    _layer(desk, recording, *BAKERY)
    file = tmp_path / "padaria.txt"
    file.write_text("A: Good morning. Fifty years.\n\nB: It has not changed.\n", encoding="utf-8")
    assert take_translation(desk, recording.id, file, actor="ana").aligned == 3
    file.write_text("A: Good morning, and so on.\n", encoding="utf-8")
    taken = take_translation(desk, recording.id, file, actor="ana")
    assert taken.aligned == 0
    assert "not aligned" in (taken.layer.note or "")


def test_what_cannot_be_translated_says_why(desk: Desk) -> None:
    recording = _recording(desk)
    with pytest.raises(NotFound, match="no text to translate"):
        translate(desk, recording.id, actor="ana")
    with pytest.raises(NotFound, match="without --again"):
        translate(desk, recording.id, actor="ana", again=True)
    layer = _layer(desk, recording, "Good morning.", language="en")
    with pytest.raises(BadInput, match="is in en already"):
        translate(desk, recording.id, actor="ana")
    unknown = _layer(desk, recording, "Bom dia.", run=2, language="und")
    with pytest.raises(BadInput, match="--language"):
        translate(desk, recording.id, actor="ana", layer_id=unknown.id)
    done = translate(desk, recording.id, actor="ana", layer_id=unknown.id, language="pt")
    with pytest.raises(BadInput, match="itself a translation"):
        translate(desk, recording.id, actor="ana", layer_id=done.layer.id)
    with pytest.raises(BadInput, match="no language"):
        translate(desk, recording.id, actor="ana", to="??")
    assert layer.id


def test_a_translation_that_was_stopped_goes_on_where_it_was(
    desk: Desk, translator: FakeTranslator
) -> None:
    recording = _recording(desk)
    _layer(desk, recording, *["Bom dia."] * 40)
    calls = []

    def stop() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise Unavailable("the power went")

    with pytest.raises(Unavailable):
        translate(desk, recording.id, actor="ana", check=stop)
    assert len(translator.asked) == 16
    done = translate(desk, recording.id, actor="ana")
    # The second batch says the same words as the first; the third is shorter.
    assert len(translator.asked) == 16 + 8
    assert (done.sentences, done.missing) == (40, 0)
    assert set(_texts(desk, done.layer)) == {"Good morning."}


def test_what_an_engine_did_not_answer_is_asked_for_again(
    desk: Desk, translator: FakeTranslator
) -> None:
    for station in ("Rádio Farol", "Rádio Maré"):
        recording = _recording(desk, station)
        _layer(desk, recording, "Bom dia.", "Frase sem resposta.")
        assert translate(desk, recording.id, actor="ana").missing == 1
    assert translator.asked == ["Bom dia.", "Frase sem resposta."] * 2


def test_another_revision_of_the_engine_is_asked_anew(
    desk: Desk, translator: FakeTranslator
) -> None:
    recording = _recording(desk)
    _layer(desk, recording, "Bom dia.")
    translate(desk, recording.id, actor="ana")
    other = FakeTranslator(revision="2")
    translate(_with(desk, other), recording.id, actor="ana")
    assert (translator.asked, other.asked) == (["Bom dia."], ["Bom dia."])


def test_a_stop_between_batches_keeps_nothing_half_done(desk: Desk) -> None:
    recording = _recording(desk)
    _layer(desk, recording, *BAKERY)

    def stop() -> None:
        raise Unavailable("the lease was lost")

    with pytest.raises(Unavailable):
        translate(desk, recording.id, actor="ana", check=stop)
    assert check_translation(desk, recording.id) == ()


def test_progress_counts_every_sentence(desk: Desk) -> None:
    recording = _recording(desk)
    _layer(desk, recording, *[f"{BAKERY[0]} Frase número {at}." for at in range(20)])
    seen: list[tuple[int, int]] = []
    note: Callable[..., None] = lambda far: seen.append((far.done, far.total))  # noqa: E731
    translate(desk, recording.id, actor="ana", progress=note)
    assert seen[0] == (0, 60)
    assert seen[-1] == (60, 60)
    assert len(seen) > 3


def test_words_without_time_stay_without(desk: Desk) -> None:
    recording = _recording_of_text(desk)
    turn = replace(_turn("Bom dia.", 0), words=Words(), span=None)
    with desk.catalogue.transaction() as tx:
        tx.add_layer(
            recording_id=recording.id, kind=LayerKind.SPEECH, language="pt",
            origin=LayerOrigin.IMPORT, maker="x.txt", run=1, turns=[turn],
            sentences=[((0, 8),)],
        )  # fmt: skip
    done = translate(desk, recording.id, actor="ana")
    with desk.catalogue.snapshot() as tx:
        (made,) = tx.turns(done.layer.id)
    assert made.span is None
    assert made.words.span is None
    assert len(made.words) == 2
