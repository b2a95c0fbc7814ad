"""Who speaks: voices listed, named, confirmed, taken back; what records and pages print of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from published import publish
from starlette.testclient import TestClient
from web_desk import HARBOUR, keep, make_desk, silent_wave, sound_facts, timed

from offair import formats
from offair.desk import Desk
from offair.desk.attributed import How
from offair.desk.browse import turn_page
from offair.desk.evidence import best_layer, has_human_work, newer_run
from offair.desk.name_speaker import (
    SpeakerName,
    Target,
    carry_names,
    confirm_speaker,
    forget_speaker,
    kind_of_name,
    name_speaker,
)
from offair.desk.speakers import list_speakers, propose_carried
from offair.formats import record_text
from offair.model.errors import BadInput, NotFound
from offair.model.record import NOT_TOLD_APART, WITHHELD, Record
from offair.model.recording import Held
from offair.model.time import Span
from offair.model.transcript import (
    Attribution,
    Flag,
    FlagKind,
    LayerKind,
    LayerOrigin,
    SourceSentence,
    Speaker,
    SpeakerKind,
    Turn,
)
from offair.model.words import WordFlag, Words
from offair.text.name_hints import Suggestion
from offair.web.application import app

LINES = (
    ("SPEAKER_00", "I'm Nora Whitlow. With me is the harbour master, Daniel Marsh."),
    ("SPEAKER_01", "Good morning, Nora. The first boat leaves at 6:40."),
    ("SPEAKER_00", "Thank you, Mr. Marsh."),
    (None, "Aye."),
    ("SPEAKER_02", "We will not accept this."),
)


def add_layer(
    desk: Desk, recording_id: int, run: int, lines: Sequence[tuple[str | None, str]]
) -> list[int]:
    """A machine's speech layer of five-second turns; the ids of its turns."""
    turns = []
    for place, (label, said) in enumerate(lines):
        start = place * 5_000
        pieces = [
            (word, start + n * 300, start + n * 300 + 280) for n, word in enumerate(said.split())
        ]
        text, words = timed(pieces)
        turns.append(Turn(0, place, text, words, Span(start, start + 4_900), label))
    with desk.catalogue.transaction() as tx:
        layer = tx.add_layer(
            recording_id=recording_id, kind=LayerKind.SPEECH, language="en",
            origin=LayerOrigin.ENGINE, maker="test engine", run=run, turns=turns,
            sentences=[[(0, len(turn.text))] for turn in turns],
        )  # fmt: skip
        return [turn.id for turn in tx.turns(layer.id)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    object = keep(made, silent_wave(30_000), "news.wav")
    with made.catalogue.transaction() as tx:
        tx.add_recording(
            channel=tx.ensure_channel(HARBOUR), aired=None, title="News", held=Held.NEVER_HELD,
            object=None, media=None, actor="test",
        )  # fmt: skip
        tx.add_recording(
            channel=tx.ensure_channel(HARBOUR), aired=None, title="News", held=Held.HELD,
            object=object, media=sound_facts(30_000), actor="test",
        )  # fmt: skip
    add_layer(made, 1, 1, LINES)
    yield made
    made.catalogue.close()


def printed(desk: Desk, layer_id: int | None = None) -> list[str | None]:
    return [one.speaker for one in turn_page(desk, 1, layer_id).turns]


def record_of(desk: Desk, layer_id: int = 1) -> Record:
    with desk.catalogue.transaction() as tx:
        turns = [turn.id for turn in tx.turns(layer_id)]
        clip = tx.add_clip(
            recording_id=1, layer_id=layer_id, spans=(), turn_ids=turns, headline="News",
            summary=(), actor="ana",
        )  # fmt: skip
    return publish(desk, clip.id, actor="ana", now_utc="2026-05-14T10:00:00Z").record


def newest(desk: Desk, turn_id: int) -> Attribution:
    with desk.catalogue.snapshot() as tx:
        return tx.attributions([turn_id])[turn_id]


def suggested(desk: Desk, label: str) -> tuple[Suggestion, ...]:
    return next(
        one.suggestions for one in list_speakers(desk, 1).voices if one.cluster.label == label
    )


def test_voices_are_listed_with_what_speaks_for_a_name(desk: Desk) -> None:
    found = list_speakers(desk, 1)
    assert found.newer is None
    listed = [(one.cluster.label, len(one.cluster.turns)) for one in found.voices]
    assert listed == [("SPEAKER_00", 2), ("SPEAKER_01", 1), ("SPEAKER_02", 1), (None, 1)]
    first = found.voices[0].cluster
    assert (first.length_ms, first.first_ms, first.names) == (9_800, 0, ())
    assert [one.name for one in suggested(desk, "SPEAKER_00")] == ["Nora Whitlow"]
    assert [one.name for one in suggested(desk, "SPEAKER_01")] == ["Daniel Marsh"]


def test_naming_a_voice_confirms_it_and_keeps_the_reasons_of_a_suggestion(desk: Desk) -> None:
    done = name_speaker(
        desk, 1, Target("SPEAKER_00"), SpeakerName("Nora Whitlow"), actor="ana", heard=True
    )
    assert (done.printed, len(done.turn_ids), done.kept) == ("Nora Whitlow", 2, ())
    standing = newest(desk, done.turn_ids[1])
    assert (standing.confirmed_by, standing.heard) == ("ana", True)
    assert standing.made_by.startswith("ana, as suggested: gives its own name")
    assert standing.certainty == 1.0
    name_speaker(desk, 1, Target("speaker_02"), SpeakerName("Jane Roe"), actor="ana")
    assert printed(desk) == ["Nora Whitlow", "SPEAKER_01", "Nora Whitlow", None, "Jane Roe"]
    assert newest(desk, 5).certainty is None
    assert newest(desk, 5).made_by == "ana"
    named = list_speakers(desk, 1).voices[0].cluster.names
    assert [(one.printed, one.certain, one.heard, one.turns) for one in named] == [
        ("Nora Whitlow", True, True, 2)
    ]


def test_confirming_takes_the_one_suggestion_or_confirms_what_stands(desk: Desk) -> None:
    done = confirm_speaker(desk, 1, Target("SPEAKER_01"), actor="ana")
    assert done.printed == "Daniel Marsh"
    assert len(done.reasons) == 2
    with desk.catalogue.transaction() as tx:
        tx.add_attributions([Attribution(5, Speaker("X Y"), None, None, 0.5, "import of bo")])
    assert newest(desk, 5).confirmed_by is None
    done = confirm_speaker(desk, 1, Target("SPEAKER_02"), actor="ana", heard=True)
    assert (done.printed, newest(desk, 5).made_by) == ("X Y", "import of bo")
    assert (newest(desk, 5).confirmed_by, newest(desk, 5).heard) == ("ana", True)


def test_nothing_is_confirmed_where_nothing_or_too_much_is_said(desk: Desk) -> None:
    with pytest.raises(BadInput, match="nothing to confirm: SPEAKER_02"):
        confirm_speaker(desk, 1, Target("SPEAKER_02"), actor="ana")
    add_layer(desk, 1, 2, [("A", "It is."), ("B", "Thank you, Tom. Thank you, Mary.")])
    with pytest.raises(BadInput, match=r"several names are suggested for A: Tom \(1\), Mary \(1\)"):
        confirm_speaker(desk, 1, Target("A"), actor="ana")


def test_a_wrong_label_or_turn_lists_what_there_is(desk: Desk) -> None:
    with pytest.raises(NotFound, match=r"no voice 'NORA'.*SPEAKER_00, SPEAKER_01, SPEAKER_02"):
        name_speaker(desk, 1, Target("NORA"), SpeakerName("Nora"), actor="ana")
    with pytest.raises(NotFound, match="no turn 99 stands in recording 1"):
        forget_speaker(desk, 1, Target(turn_id=99), actor="ana")
    for name in ("", "  ", "Unknown speaker", "n" * 200):
        with pytest.raises(BadInput):
            name_speaker(desk, 1, Target("SPEAKER_00"), SpeakerName(name), actor="ana")
    with pytest.raises(BadInput, match="give both --author"):
        name_speaker(desk, 1, Target("SPEAKER_00"), SpeakerName("A", author="B"), actor="ana")


def test_a_turn_named_alone_stays_when_its_voice_is_named(desk: Desk) -> None:
    name_speaker(desk, 1, Target(turn_id=3), SpeakerName("Tom Reed"), actor="ana")
    done = name_speaker(desk, 1, Target("SPEAKER_00"), SpeakerName("Nora Whitlow"), actor="ana")
    assert (done.turn_ids, done.kept) == ((1,), (3,))
    assert printed(desk)[:3] == ["Nora Whitlow", "SPEAKER_01", "Tom Reed"]
    name_speaker(desk, 1, Target(turn_id=4), SpeakerName("Sailor", SpeakerKind.ROLE), actor="ana")
    assert printed(desk)[3] == "Sailor"
    forget_speaker(desk, 1, Target("SPEAKER_00"), actor="ana")
    assert printed(desk)[:3] == ["SPEAKER_00", "SPEAKER_01", "Tom Reed"]
    forget_speaker(desk, 1, Target(turn_id=3), actor="ana")
    assert printed(desk)[2] == "SPEAKER_00"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (SpeakerName(None, author="Boris Petrov", how=How.INTERPRETER),
         "Interpreter for Boris Petrov"),
        (SpeakerName("Ana Silva", author="Boris Petrov", how=How.INTERPRETER),
         "Ana Silva (interpreter for Boris Petrov)"),
        (SpeakerName("Jane Roe", author="Boris Petrov", how=How.READING),
         "Jane Roe reading Boris Petrov"),
        (SpeakerName("Presenter", SpeakerKind.ROLE, "Foreign Ministry", SpeakerKind.ROLE,
                     How.READING), "Presenter reading Foreign Ministry"),
    ],
)  # fmt: skip
def test_voice_and_author_are_printed_and_read_back_apart(
    desk: Desk, name: SpeakerName, label: str
) -> None:
    done = name_speaker(desk, 1, Target("SPEAKER_02"), name, actor="ana")
    standing = newest(desk, done.turn_ids[0])
    assert standing.author is not None
    assert standing.author.name == name.author
    assert printed(desk)[4] == label
    record = record_of(desk)
    last = record.turns[-1]
    speaker = record.speaker(last.speaker)
    assert (last.label, last.confirmed_by) == (label, "ana")
    assert speaker is not None
    assert (speaker.name, speaker.kind) == (label, SpeakerKind.ROLE)
    again = record_text.read(
        record_text.write(record, record_text.layout_for(record)).encode()
    ).record
    assert again.turns[-1].label == label
    reread = again.speaker(again.turns[-1].speaker)
    assert reread is not None
    assert (reread.name, reread.kind) == (label, SpeakerKind.ROLE)


@pytest.mark.parametrize("name", ["record", "html", "markdown", "json", "webvtt", "srt"])
def test_every_format_says_who_interprets_whom_and_no_machines_name(desk: Desk, name: str) -> None:
    how = SpeakerName(None, author="Boris Petrov", how=How.INTERPRETER)
    name_speaker(desk, 1, Target("SPEAKER_02"), how, actor="ana")
    with desk.catalogue.transaction() as tx:
        tx.add_attributions([Attribution(1, None, None, None, None, "ana")])
    record = record_of(desk)
    text = formats.writer(name)(record, record_text.layout_for(record))
    assert "Interpreter for Boris Petrov" in text
    assert "Unnamed speaker 1" in text
    assert "SPEAKER_0" not in text


def test_a_record_prints_no_name_that_no_person_gave(desk: Desk) -> None:
    record = record_of(desk)
    labels = [turn.label for turn in record.turns]
    assert labels == [
        "Unnamed speaker 1", "Unnamed speaker 2", "Unnamed speaker 1", None, "Unnamed speaker 3",
    ]  # fmt: skip
    assert {one.kind for one in record.speakers} == {SpeakerKind.ROLE}
    assert all(turn.confirmed_by is None for turn in record.turns)
    add_layer(desk, 1, 2, [("NORA WHITLOW", "From the captions."), (None, "Who?")])
    assert [turn.label for turn in record_of(desk, 2).turns] == ["Unnamed speaker 1", None]
    add_layer(desk, 1, 3, [(None, "Nobody told them apart.")])
    assert [turn.label for turn in record_of(desk, 3).turns] == [NOT_TOLD_APART]


def test_a_withheld_speaker_or_author_is_printed_nowhere(desk: Desk) -> None:
    hidden = Speaker("Secret Witness", withheld=True)
    role = Speaker("Interpreter", SpeakerKind.ROLE)
    with desk.catalogue.transaction() as tx:
        tx.add_attributions(
            [
                Attribution(1, hidden, None, "Secret Witness", None, "ana", "ana"),
                Attribution(2, role, hidden, "Interpreter for Secret Witness", None, "ana", "ana"),
                Attribution(5, Speaker("Jane Roe"), hidden, "Jane Roe reading Secret Witness",
                            None, "ana", "ana"),
            ]
        )  # fmt: skip
    assert printed(desk) == [WITHHELD, "Interpreter", "SPEAKER_00", None, "Jane Roe"]
    record = record_of(desk)
    assert [turn.label for turn in record.turns] == [
        WITHHELD, "Interpreter", "Unnamed speaker 1", None, "Jane Roe",
    ]  # fmt: skip
    assert "Secret" not in repr(record)
    names = [name.printed for one in list_speakers(desk, 1).voices for name in one.cluster.names]
    assert "Secret" not in " ".join(names)


def test_hearing_again_does_not_move_what_a_person_did(desk: Desk) -> None:
    add_layer(desk, 1, 2, LINES)
    with desk.catalogue.snapshot() as tx:
        assert best_layer(tx, 1).run == 2
        assert newer_run(tx, tx.layer(2)) is None
    confirm_speaker(desk, 1, Target("SPEAKER_01", layer_id=1), actor="ana")
    with desk.catalogue.snapshot() as tx:
        assert best_layer(tx, 1).id == 1
        assert newer_run(tx, tx.layer(1)) == tx.layer(2)
    listed = list_speakers(desk, 1)
    assert (listed.layer.id, listed.newer and listed.newer.id) == (1, 2)


def test_a_flag_settled_or_a_turn_revised_is_a_persons_work_too(desk: Desk) -> None:
    turns = add_layer(desk, 1, 2, LINES)
    add_layer(desk, 1, 3, LINES)
    with desk.catalogue.transaction() as tx:
        tx.add_flags(1, [Flag(FlagKind.UNSURE, Span(0, 900), "the engine is unsure here")])
        assert best_layer(tx, 1).run == 3
        tx.settle_flag(tx.flags(1)[0].id, actor="ana")
        assert best_layer(tx, 1).run == 1
        turn = tx.turns_by_id([turns[0]])[0]
        tx.revise_turn(
            turn.id, text=turn.text, words=turn.words, sentences=[(0, len(turn.text))], actor="ana"
        )
        assert best_layer(tx, 1).run == 2


def test_names_are_offered_to_a_newer_run_and_carried_only_when_told(desk: Desk) -> None:
    name_speaker(desk, 1, Target("SPEAKER_00"), SpeakerName("Nora Whitlow"), actor="ana",
                 heard=True)  # fmt: skip
    name_speaker(
        desk, 1, Target("SPEAKER_02"),
        SpeakerName(None, author="Boris Petrov", how=How.INTERPRETER), actor="ana",
    )  # fmt: skip
    others = [("V1", LINES[0][1]), ("V2", LINES[1][1]), ("V2", LINES[2][1]), *LINES[3:]]
    newer = add_layer(desk, 1, 2, others)
    found = propose_carried(desk, 1, 1)
    assert [(one.voice, one.printed, one.share, one.turn_ids) for one in found.names] == [
        ("V1", "Nora Whitlow", 1.0, (newer[0],)),
        ("V2", "Nora Whitlow", 0.5, (newer[2],)),
        ("SPEAKER_02", "Interpreter for Boris Petrov", 1.0, (newer[4],)),
    ]
    assert printed(desk, 2) == ["V1", "V2", "V2", None, "SPEAKER_02"]
    assert carry_names(desk, 1, 1, 2, actor="bo") == 3
    assert printed(desk, 2) == [
        "Nora Whitlow", "V2", "Nora Whitlow", None, "Interpreter for Boris Petrov",
    ]  # fmt: skip
    carried = newest(desk, newer[0])
    assert (carried.made_by, carried.confirmed_by, carried.heard) == (
        "bo, carried from layer 1", "bo", False,
    )  # fmt: skip
    assert propose_carried(desk, 1, 1).attributions == {}
    with pytest.raises(NotFound, match="no newer run follows layer 2"):
        propose_carried(desk, 1, 2)
    with pytest.raises(BadInput, match="two runs of one recording"):
        carry_names(desk, 1, 1, 1, actor="bo")


def test_a_name_given_to_one_turn_alone_is_carried_as_such(desk: Desk) -> None:
    turns = add_layer(desk, 1, 2, LINES)
    name_speaker(desk, 1, Target(turn_id=1), SpeakerName("Ada Finch"), actor="ana")
    assert carry_names(desk, 1, 1, 2, actor="bo") == 1
    assert newest(desk, turns[0]).made_by == "bo, carried from layer 1, this turn alone"
    done = name_speaker(
        desk, 1, Target("SPEAKER_00", layer_id=2), SpeakerName("Nora Whitlow"), actor="bo"
    )
    assert (done.turn_ids, done.kept) == ((turns[2],), (turns[0],))


def test_a_translation_shows_who_is_heard_in_what_it_translates(desk: Desk) -> None:
    with desk.catalogue.transaction() as tx:
        turns = tx.turns(1)
        sources = tx.sentences([turn.id for turn in turns])
        layer = tx.add_layer(
            recording_id=1, kind=LayerKind.TRANSLATION, language="pt", origin=LayerOrigin.ENGINE,
            maker="test", run=1, source_layer_id=1,
            turns=[Turn(0, n, "Olá.", Words(), t.span, t.label)
                   for n, t in enumerate(turns)],
            sentences=[[(0, 4)] for _ in turns],
            sources={(n, 0): [SourceSentence(one.id, "0" * 64)] for n, one in enumerate(sources)},
        )  # fmt: skip
    name_speaker(desk, 1, Target("SPEAKER_00"), SpeakerName("Nora Whitlow"), actor="ana")
    assert printed(desk, layer.id)[:3] == ["Nora Whitlow", "SPEAKER_01", "Nora Whitlow"]
    assert record_of(desk, layer.id).turns[0].label == "Nora Whitlow"
    with desk.catalogue.transaction() as tx:
        taken = [
            Attribution(
                one.id, Speaker("Wrong Name"), None, None, None, "carried from layer 1", "bo"
            )
            for one in tx.turns(layer.id)
        ]
        tx.add_attributions(taken)
        assert not has_human_work(tx, layer)
    assert printed(desk, layer.id)[:3] == ["Nora Whitlow", "Wrong Name", "Nora Whitlow"]


def test_what_is_no_person_is_known_by_its_name() -> None:
    assert kind_of_name("Narrator") is SpeakerKind.LABEL
    assert kind_of_name(" on-screen  text ") is SpeakerKind.LABEL
    assert kind_of_name("Jane Roe") is SpeakerKind.PERSON


def test_the_page_says_which_names_are_only_a_machines(desk: Desk) -> None:
    client = TestClient(app(desk), base_url="http://localhost")
    page = client.get("/recordings/1").text
    assert "speakers told apart by a machine, not named" in page
    assert 'title="told apart by a machine, not named">SPEAKER_00</bdi>' in page
    assert 'title="nobody said who speaks">Unknown speaker</bdi>' in page
    name_speaker(desk, 1, Target("SPEAKER_00"), SpeakerName("Nora Whitlow"), actor="ana")
    add_layer(desk, 1, 2, LINES)
    page = client.get("/recordings/1").text
    assert '<bdi class="speaker">Nora Whitlow</bdi>' in page
    assert "not every speaker is named" in page
    assert '<a href="?layer=2">run 2</a>' in page
    turn = client.get("/recordings/1.json").json()["turns"][1]
    assert (turn["speaker"], turn["speaker_named"]) == ("SPEAKER_01", False)
    assert "run 2</a>" not in client.get("/recordings/1?layer=2").text.split("layer-note")[1][:600]


def test_words_in_which_several_voices_speak_are_marked(desk: Desk) -> None:
    text, words = timed([("Both", 0, 300), ("say", 300, 600), ("this.", 600, 900)])
    both = Words.of(
        word._replace(flags=WordFlag.OVERLAP if n else 0) for n, word in enumerate(words)
    )
    with desk.catalogue.transaction() as tx:
        layer = tx.add_layer(
            recording_id=1, kind=LayerKind.SPEECH, language="en", origin=LayerOrigin.ENGINE,
            maker="test", run=9, turns=[Turn(0, 0, text, both, Span(0, 900), "A")],
            sentences=[[(0, len(text))]],
        )  # fmt: skip
    client = TestClient(app(desk), base_url="http://localhost")
    page = client.get(f"/recordings/1?layer={layer.id}").text
    assert 'class="overlapped" title="several voices at once in 2 of 3 words"' in page
    words_shown = client.get(f"/recordings/1.json?layer={layer.id}").json()["turns"][0]["words"]
    assert [one["overlapped"] for one in words_shown] == [False, True, True]
