"""Finding at the desk: hits joined to the catalogue, original beside translation, the command."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from installation import Installation
from web_desk import HARBOUR, make_desk, timed

from offair import cli
from offair.desk import Desk
from offair.desk.find import Found, find
from offair.desk.index import index
from offair.desk.names import add_name
from offair.desk.watch import try_watch
from offair.model.errors import BadInput, QueryError, Unavailable
from offair.model.names import Name, NameKind, Spelling
from offair.model.query import QueryField
from offair.model.record import WITHHELD
from offair.model.recording import Held
from offair.model.time import PartialDate, Span
from offair.model.transcript import (
    Attribution,
    LayerKind,
    LayerOrigin,
    SourceSentence,
    Speaker,
    SpeakerKind,
    Turn,
)
from offair.model.words import Words
from offair.store import Transaction

SAID = ("The ferry sails at six.", "Zelenskyy was asked twice.", "He said the ferry")
GOES_ON = "is late. Nobody knows why."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.index.close()
    made.catalogue.close()


def add_spoken(desk: Desk) -> tuple[int, int]:
    """A recording with a speech layer of two turns, each word half a second: (id, layer)."""
    first, words = timed(
        [(word, 500 * at, 500 * at + 400) for at, word in enumerate(" ".join(SAID).split())]
    )
    second, late = timed(
        [(word, 20_000 + 500 * at, 20_400 + 500 * at) for at, word in enumerate(GOES_ON.split())]
    )
    starts = [first.index(one) for one in SAID]
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=replace(HARBOUR, languages=("en",)), aired=PartialDate.parse("2024-05-14"),
            title="Morning Quay", held=Held.NEVER_HELD, object=None, media=None, actor="test",
        )  # fmt: skip
        layer = tx.add_layer(
            recording_id=recording.id, kind=LayerKind.SPEECH, language="en",
            origin=LayerOrigin.ENGINE, maker="test", run=1,
            turns=[Turn(0, 0, first, words, words.span), Turn(0, 1, second, late, late.span)],
            sentences=[
                list(zip(starts, [*starts[1:], len(first)], strict=True)),
                [(0, 9), (9, len(second))],
            ],
        )  # fmt: skip
        said_by(tx, layer.id, [Speaker("Ann Lee"), Speaker("Bob Roe", withheld=True)])
    return recording.id, layer.id


def said_by(tx: Transaction, layer_id: int, speakers: Sequence[Speaker]) -> None:
    turns = tx.turns(layer_id)
    tx.add_attributions(
        [
            Attribution(turn.id, speaker, None, None, None, "test", "test")
            for turn, speaker in zip(turns, speakers, strict=True)
        ]
    )


def translate(desk: Desk, recording_id: int, layer_id: int, texts: Sequence[str]) -> None:
    """A Portuguese translation of the first turn's first sentences, one each."""
    with desk.catalogue.transaction() as tx:
        turn = tx.turns(layer_id)[0]
        sources = tx.sentences([turn.id])
        text, ranges = "", []
        for one in texts:
            ranges.append((len(text), len(text) + len(one) + 1))
            text += f"{one} "
        text = text.rstrip()
        ranges[-1] = (ranges[-1][0], len(text))
        tx.add_layer(
            recording_id=recording_id, kind=LayerKind.TRANSLATION, language="pt",
            origin=LayerOrigin.ENGINE, maker="test", run=1, source_layer_id=layer_id,
            turns=[Turn(0, 0, text, Words(), turn.span)], sentences=[ranges],
            sources={
                (0, place): [
                    SourceSentence(
                        source.id,
                        hashlib.sha256(
                            turn.text[source.char_start : source.char_end].encode()
                        ).hexdigest(),
                    )
                ]
                for place, source in enumerate(sources[: len(texts)])
            },
        )  # fmt: skip


def indexed(desk: Desk) -> Desk:
    index(desk, notice=lambda _: None)
    return desk


def marked(found: Found) -> list[list[str]]:
    return [[one.text[start:end] for start, end in one.marks] for one in found.sentences]


def test_a_hit_carries_its_time_speaker_and_recording(desk: Desk) -> None:
    recording_id, layer_id = add_spoken(desk)
    found = find(indexed(desk), "SIX", by="month")
    (one,) = found.sentences
    assert (one.text, marked(found)) == ("The ferry sails at six.", [["six"]])
    assert (one.at, one.span) == (2_000, Span(0, 2_400))
    assert (one.recording.id, one.recording.title, one.layer.id) == (
        recording_id, "Morning Quay", layer_id,
    )  # fmt: skip
    assert (one.speaker.name, one.speaker.certain) == ("Ann Lee", True)
    assert (found.query, found.total, found.changed, found.damaged) == ("six", 1, 0, ())
    assert found.facets["speaker"] == (("Ann Lee", 1),)
    assert found.timeline == (("2024-05", 1),)
    assert [one.channel for one in found.coverage.channels] == ["Harbour One"]
    assert found.coverage.words_searched == 18


def test_a_phrase_is_shown_to_its_end_in_the_next_turn(desk: Desk) -> None:
    add_spoken(desk)
    found = find(indexed(desk), '"the ferry is late"')
    (one,) = found.sentences
    assert one.text == "He said the ferry is late"
    assert marked(found) == [["the ferry is late"]]
    assert one.at == 5_500


def test_a_withheld_speaker_is_not_named_and_not_found_by_name(desk: Desk) -> None:
    add_spoken(desk)
    found = find(indexed(desk), "nobody", by="day")
    assert found.sentences[0].speaker.name == WITHHELD
    assert "Bob Roe" not in repr(found)
    assert find(desk, "", filters={QueryField.SPEAKER: ["Roe"]}).total == 0


def test_who_is_withheld_after_indexing_is_named_nowhere_at_once(desk: Desk) -> None:
    _, layer_id = add_spoken(desk)
    assert find(indexed(desk), "ferry", by="day").facets["speaker"] == (("Ann Lee", 2),)
    with desk.catalogue.transaction() as tx:
        attributions = tx.attributions([one.id for one in tx.turns(layer_id)])
        (ann,) = [
            one.voice for one in attributions.values() if one.voice and one.voice.name == "Ann Lee"
        ]
        assert ann.id is not None
        tx.withhold(ann.id, withheld=True, why="asked us to", actor="test")
    found = find(desk, "ferry", by="day")  # the index still has the name
    assert found.facets["speaker"] == (("", 2),)
    assert "Ann Lee" not in repr(found)
    assert find(desk, "", filters={QueryField.SPEAKER: ["lee"]}, by="day").total == 0
    assert find(desk, "ferry speaker:ann OR six").total == 1
    assert find(desk, "ferry NOT speaker:ann").total == 2
    assert try_watch(desk, "speaker:ann").total == 0
    assert find(indexed(desk), "ferry", by="day").facets["speaker"] == (("", 2),)


def test_a_role_that_is_withheld_is_named_nowhere_until_the_index_knows(desk: Desk) -> None:
    _, layer_id = add_spoken(desk)
    role = Speaker("Witness", SpeakerKind.ROLE)
    with desk.catalogue.transaction() as tx:
        said_by(tx, layer_id, [role, role])
    assert find(indexed(desk), "ferry", by="day").facets["speaker"] == (("Witness", 2),)
    with desk.catalogue.transaction() as tx:
        voice = next(iter(tx.attributions([tx.turns(layer_id)[0].id]).values())).voice
        assert voice is not None
        assert voice.id is not None
        tx.withhold(voice.id, withheld=True, why="asked us to", actor="test")
    assert find(desk, "ferry", by="day").facets["speaker"] == (("", 2),)
    assert find(desk, "speaker:witness").total == 0
    assert find(indexed(desk), "ferry", by="day").facets["speaker"] == (("", 2),)


def test_original_and_translation_stand_beside_each_other(desk: Desk) -> None:
    recording_id, layer_id = add_spoken(desk)
    translate(desk, recording_id, layer_id, ["A barca parte às seis.", "Perguntaram duas vezes."])
    indexed(desk)
    (one,) = find(desk, "barca").sentences
    assert [(other.text, other.layer.id, other.stale, other.note) for other in one.beside] == [
        ("The ferry sails at six.", layer_id, False, None)
    ]
    assert one.note == "machine translation, not checked"
    (one,) = find(desk, "twice").sentences
    assert [(other.text, other.layer.language, other.stale) for other in one.beside] == [
        ("Perguntaram duas vezes.", "pt", False)
    ]
    assert one.beside[0].note == "machine translation, not checked"
    assert find(desk, "layer:translation").total == 2
    assert find(desk, "language:pt barca", filters={QueryField.LAYER: ["speech"]}).total == 0


def test_a_stale_translation_says_so(desk: Desk) -> None:
    recording_id, layer_id = add_spoken(desk)
    translate(desk, recording_id, layer_id, ["A barca parte às seis."])
    with desk.catalogue.transaction() as tx:
        turn = tx.turns(layer_id)[0]
        text = turn.text.replace("six", "ten")
        ranges = [(one.char_start, one.char_end) for one in tx.sentences([turn.id])]
        tx.revise_turn(turn.id, text=text, words=turn.words, sentences=ranges, actor="test")
    indexed(desk)
    (one,) = find(desk, "barca").sentences
    assert [other.text for other in one.beside] == []  # its original is gone with its sentence
    (one,) = find(desk, "twice").sentences
    assert one.beside == ()


def test_what_changed_since_is_left_out_and_counted(desk: Desk) -> None:
    _, layer_id = add_spoken(desk)
    indexed(desk)
    with desk.catalogue.transaction() as tx:
        turn = tx.turns(layer_id)[0]
        text = turn.text.replace("six", "ten")
        ranges = [(one.char_start, one.char_end) for one in tx.sentences([turn.id])]
        tx.revise_turn(turn.id, text=text, words=turn.words, sentences=ranges, actor="test")
    found = find(desk, "ferry")
    assert (found.total, len(found.sentences), found.changed) == (2, 1, 1)
    assert found.coverage.behind == 1
    assert any("newest change" in remark for remark in found.coverage.remarks)


def test_names_are_found_in_every_spelling(desk: Desk) -> None:
    add_spoken(desk)
    spellings = (Spelling("Volodimir Zelenskij"),)
    name = Name(NameKind.PERSON, "Volodymyr Zelenskyy", spellings=spellings)
    add_name(desk, name, actor="test")
    found = find(indexed(desk), "zelenskij")
    assert marked(found) == [["Zelenskyy"]]
    assert found.query == "zelenskij"


def test_filters_beside_a_query(desk: Desk) -> None:
    add_spoken(desk)
    indexed(desk)
    speakers = {QueryField.SPEAKER: ["Nobody", "ann lee"]}
    assert find(desk, "ferry OR twice", filters=speakers).total == 3
    assert find(desk, "", filters=speakers).query == 'speaker:Nobody OR speaker:"ann lee"'
    assert find(desk, "ferry", filters={QueryField.AFTER: ["2024-05-15"]}).total == 0
    with pytest.raises(BadInput, match="speaker: '' has no word"):
        find(desk, "ferry", filters={QueryField.SPEAKER: [""]})
    with pytest.raises(BadInput, match="no day lies"):
        find(desk, "ferry after:2024 before:2023")
    with pytest.raises(QueryError, match="is empty"):
        find(desk, " ", filters={QueryField.SPEAKER: []})


def test_the_language_asked_for_reads_the_words(desk: Desk) -> None:
    add_spoken(desk)
    indexed(desk)
    assert find(desk, "um ferry").total == 0
    assert find(desk, '"um, ferry" language:en').query == '"ferry" language:en'


def test_an_index_never_made_is_said(desk: Desk) -> None:
    assert find(desk, "ferry").total == 0
    add_spoken(desk)
    with pytest.raises(Unavailable, match="offair reindex"):
        find(desk, "ferry")


def test_arabic_words_are_found_with_their_particles(desk: Desk) -> None:
    text = "وقف إطلاق النار. والحرب مستمرة."
    with desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=HARBOUR, aired=None, title="x", held=Held.NEVER_HELD, object=None, media=None,
            actor="test",
        )  # fmt: skip
        tx.add_layer(
            recording_id=recording.id, kind=LayerKind.SPEECH, language="ar",
            origin=LayerOrigin.IMPORT, maker="test", run=1,
            turns=[Turn(0, 0, text, Words(), None)], sentences=[[(0, 17), (17, len(text))]],
        )  # fmt: skip
    indexed(desk)
    assert marked(find(desk, "حرب")) == [["والحرب"]]
    assert find(desk, '"حرب"').total == 0
    assert find(desk, "حرب language:fa").total == 0
    assert find(desk, "نار -حرب").total == 1


@pytest.fixture
def shell(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setenv("OFFAIR_CONFIG", str(installation.config))
    with installation.desk() as desk:
        add_spoken(desk)
    return installation


def test_the_command(
    shell: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["find", "ferry", "--by", "year"]) == 0
    out = capsys.readouterr().out
    assert "1. 2024-05-14, Harbour One: Morning Quay, 0:00.500, Ann Lee" in out
    assert "1 to 2 of 2 sentences, newest first, for ferry" in out
    assert "speakers: Ann Lee 2" in out
    assert "2024  2  █" in out
    assert cli.main(["find", "ferry", "--json", "--skip", "1", "--ranked"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["total"], len(said["hits"]), said["timeline"]) == (2, 1, None)
    assert said["hits"][0]["score"] > 0
    assert cli.main(["find", "ferry", "--csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("recording,layer,turn,sentence")
    assert len(lines) == 3
    for name in ("m.svg", "m.png"):
        plot = tmp_path / name
        assert cli.main(["find", "ferry", "--by", "day", "--csv", "--plot", str(plot)]) == 0
        assert capsys.readouterr().out == "day,count\n2024-05-14,2\n"
        assert plot.stat().st_size > 1_000
    for query, without in (("عبّارة", False), ("渡し船", True)):
        assert cli.main(["find", query, "--by", "day", "--csv", "--plot", str(plot)]) == 0
        assert ("without the query" in capsys.readouterr().err) is without
    assert cli.main(["find", "--speaker", "ann", "--limit", "0", "--facets"]) == 0
    assert "3 sentences for speaker:ann" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["(ferry"], "never closed (character 1)\n(ferry\n^"),
        ([], "the query is empty; write a word to look for\n"),
        (["ferry", "--plot", "x.png"], "Say --by"),
        (["ferry", "--plot", "x.gif", "--by", "day"], "not as 'x.gif'"),
        (["ferry", "--plot", "/no/such/x.png", "--by", "day"], "no folder '/no/such'"),
        (["ferry", "--limit", "-1"], "never below 0"),
        (["ferry", "--after", "soon"], "not a date"),
    ],
)
def test_the_command_used_wrong(
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    says: str,
) -> None:
    monkeypatch.setenv("OFFAIR_CONFIG", str(installation.config))
    assert cli.main(["find", *words]) == 2
    assert says in capsys.readouterr().err


def test_a_damaged_index_is_said_and_mended(
    shell: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["find", "ferry"]) == 0
    for path in (shell.data / "index").rglob("*.idx"):
        path.write_bytes(path.read_bytes()[:-10])
    capsys.readouterr()
    assert cli.main(["find", "ferry"]) == 0
    said = capsys.readouterr()
    assert "2 sentences" in said.out
    assert "damaged" in said.err


def test_where_nothing_can_be_mended_the_exit_code_says_so(
    shell: Installation,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["find", "ferry"]) == 0
    for path in (shell.data / "index").rglob("*.idx"):
        path.write_bytes(path.read_bytes()[:-10])
    monkeypatch.setattr("offair.cli.find.catch_up", lambda desk, notice: None)
    capsys.readouterr()
    assert cli.main(["find", "ferry"]) == 7
    said = capsys.readouterr()
    assert "nothing found" in said.out
    assert "is damaged and not searched" in said.err
