"""Somebody withheld: known to the desk, in no output of it until that is lifted."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from every_address import addresses, says
from installation import Installation
from logged_in import AsAccount
from published import publish
from starlette.testclient import TestClient
from web_desk import HARBOUR, a_record, timed

from offair import cli
from offair.desk.index import reindex
from offair.formats import FORMATS, record_srt, record_webvtt
from offair.formats.record_withheld import without_names
from offair.model.desk_lists import ChannelTerms
from offair.model.people import Role
from offair.model.record import WITHHELD, Paragraph, Record, RecordSpeaker, RecordTurn
from offair.model.recording import Held
from offair.model.time import PartialDate, Span
from offair.model.transcript import (
    Flag,
    FlagKind,
    LayerKind,
    LayerOrigin,
    Mark,
    MarkKind,
    SpeakerKind,
    Turn,
)
from offair.web.application import app

WORDS = (
    ("SPEAKER_00", "Good morning from the old harbour, I'm Jane Roe."),
    ("SPEAKER_01", "The evening ferry was never going to be cancelled this winter."),
    ("SPEAKER_01", "We carry a dozen people every night and they have nothing else."),
)
Run = Callable[..., str]


@pytest.fixture
def run(installation: Installation, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:  # fmt: skip
    """A desk with a heard text, captions that name the speaker, and a published record; runs a
    command on it and gives all that it prints."""
    monkeypatch.setenv("OFFAIR_CONFIG", str(installation.config))
    turns = []
    for place, (label, said) in enumerate(WORDS):
        start = place * 10_000
        pieces = [
            (one, start + n * 300, start + n * 300 + 280) for n, one in enumerate(said.split())
        ]
        text, words = timed(pieces)
        turns.append(Turn(0, place, text, words, Span(start, start + 9_000), label))
    shown = [replace(one, label=label) for one, label in zip(turns, ("ANN LEE", "JANE ROE", None),
                                                            strict=True)]  # fmt: skip
    with installation.desk() as desk:
        with desk.catalogue.transaction() as tx:
            recording = tx.add_recording(
                channel=tx.ensure_channel(HARBOUR), aired=PartialDate.parse("2024-05-14"),
                title="Morning Quay", held=Held.NEVER_HELD, object=None, media=None, actor="test",
            )  # fmt: skip
            layer = tx.add_layer(
                recording_id=recording.id, kind=LayerKind.SPEECH, language="en",
                origin=LayerOrigin.ENGINE, maker="test", run=1, turns=turns,
                sentences=[[(0, len(one.text))] for one in turns],
            )  # fmt: skip
            tx.add_flags(layer.id, [Flag(FlagKind.UNSURE, Span(11_000, 12_000), "unsure")])
            tx.add_layer(
                recording_id=recording.id, kind=LayerKind.CAPTIONS, language="en",
                origin=LayerOrigin.BROADCASTER, maker="captions", run=1, turns=shown,
                sentences=[[(0, len(one.text))] for one in turns],
            )  # fmt: skip
        assert cli.main(["speakers", "1", "--name", "SPEAKER_01", "Jane Roe"]) == 0
        with desk.catalogue.transaction() as tx:
            clip = tx.add_clip(
                recording_id=recording.id, layer_id=layer.id, spans=(),
                turn_ids=[one.id for one in tx.turns(layer.id)][1:],
                headline="Jane Roe: the ferry stays", summary=["Nothing ends, JANE ROE said."],
                actor="ana",
            )  # fmt: skip
        publish(desk, clip.id, actor="ana", now_utc="2026-05-14T10:00:00Z")
    capsys.readouterr()

    def command(*words: str, code: int = 0) -> str:
        if "docx" in words:
            return _of_word(words, tmp_path / "out.docx")
        assert cli.main(list(words)) == code, words
        said = capsys.readouterr()
        return said.out + said.err

    return command


QUOTED = "The evening ferry was never going to be cancelled this winter."
OUTPUTS = (
    ("show", "1"), ("show", "1/1"), ("show", "--recording", "1"),
    ("show", "--recording", "1", "--layer", "2"),
    *(("export", "1", "--format", name) for name, one in FORMATS.items() if one.writes and
      name not in ("webvtt", "srt")),
    ("export", "--day", "2024-05-14", "--format", "docx"),
    ("export", "--day", "2024-05-14", "--format", "markdown"),
    ("export", "1/t2", "--format", "csl"), ("export", "1/t1", "--format", "bibtex"),
    ("find", "evening ferry"), ("find", "evening ferry", "--json"), ("find", "cancelled", "--csv"),
    ("find", 'layer:captions "evening ferry"', "--json"),
    ("check", QUOTED), ("check", QUOTED, "--json"),
    ("echoes", QUOTED), ("echoes", QUOTED, "--json"),
    ("flags", "1"), ("flags", "1", "--json"), ("flags", "1", "--next"),
    ("speakers", "1", "--json"), ("speakers", "1", "--layer", "2"), ("speakers", "1", "--withheld"),
    ("list", "recordings"), ("coverage",),
)  # fmt: skip


def test_the_name_is_in_no_output_and_comes_back(run: Run) -> None:
    before = {words: run(*words) for words in OUTPUTS}
    naming = {words for words, said in before.items() if "roe" in _unsaid(said)}
    assert len(naming) >= 18, "the outputs would name the speaker"
    said = run("speakers", "1", "--withhold", "SPEAKER_01", "--why", "asked for it")
    assert "withheld: shown to nobody" in said
    assert "draft of clip 1 has the name" in said
    assert "roe" not in said.lower()
    for words in OUTPUTS:
        assert "roe" not in _unsaid(run(*words)), words
    assert "Speaker withheld" in run("show", "1")
    assert "Speaker withheld: the ferry stays" in run("show", "1")
    assert "Speaker withheld" in run("show", "--recording", "1", "--layer", "2")
    assert run("find", 'speaker:"Jane Roe" ferry', "--json").count('"hit"') == 0
    listed = json.loads(run("speakers", "1", "--withheld", "--json").splitlines()[0])
    assert (listed["why"], bool(listed["made_by"]), listed["made_utc"][-1]) == (
        "asked for it", True, "Z",
    )  # fmt: skip
    run("speakers", "1", "--lift", str(listed["speaker"]), "--why", "agreed to it")
    assert {words for words in OUTPUTS if "roe" in _unsaid(run(*words))} == naming


ADDRESSES = ("/records/1", "/records/1/t1", "/records/1.docx", "/records/1.bib",
             "/records/1/t1.bib", "/records/1/1.json?against=2",
             "/records/1.csl.json", "/records/1.json", "/records/1.html", "/records.atom",
             "/records", "/records/1/2?against=1")  # fmt: skip


def test_the_name_is_on_no_page_of_the_record(run: Run, installation: Installation) -> None:
    with installation.desk() as desk:
        noted = "It named the wrong ferry; Jane Roe named the right one."
        publish(desk, 1, actor="ana", now_utc="2026-05-15T10:00:00Z", note=noted)
        run("speakers", "1", "--withhold", "SPEAKER_01", "--why", "asked for it")
        with TestClient(app(desk), base_url="http://localhost") as client:
            for address in ADDRESSES:
                answer = client.get(address)
                assert answer.status_code == 200, address
                said = answer.text
                if answer.content[:2] == b"PK":
                    said = _in_package(io.BytesIO(answer.content))
                assert "roe" not in _unsaid(said), address
            assert "Speaker withheld named the right one" in client.get("/records/1").text


def test_the_name_is_at_no_address_of_the_desk(run: Run, installation: Installation) -> None:
    """Whatever a reader of the desk can ask, in every format; a stranger can ask less."""
    named = ("/records", "/records/1", "/records/1.docx", "/records.atom", "/recordings/1")
    with installation.desk() as desk:
        with desk.catalogue.transaction() as tx:
            terms = ChannelTerms(text=True, media=True, download=True, embed=True)
            tx.set_channel_terms(tx.recording(1).channel.id or 0, terms)
        reindex(desk, notice=lambda _: None)
        reader = TestClient(AsAccount(app(desk), Role.READER), base_url="http://localhost")
        everything = [path for _, path in addresses(desk, NAME)]
        assert set(named) <= set(everything)
        assert [path for path in named if not says(reader, path, NAME)] == []
        run("speakers", "1", "--withhold", "SPEAKER_01", "--why", "asked for it")
        assert [path for path in everything if says(reader, path, NAME)] == []


NAME = re.compile("(?<!I'm Jane )(?<!I&#39;m Jane )Roe")
"""The name where nobody says it: what the host says of her is speech, and stays."""


def _in_package(file: Path | io.BytesIO) -> str:
    """The text of every part of a Word file, without tags: runs part the words of one name."""
    with zipfile.ZipFile(file) as package:
        parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
    return re.sub(r"<[^<>]*>", "", "\n".join(parts))


def _of_word(words: tuple[str, ...], path: Path) -> str:
    """Everything in every part of the Word file that a command writes."""
    assert cli.main([*words, "--out", str(path)]) == 0, words
    return _in_package(path)


def _unsaid(printed: str) -> str:
    """What is printed, lower case, less what was said in the broadcast itself."""
    return printed.lower().replace("i'm jane roe", "").replace("i&#x27;m jane roe", "")


def test_what_comes_later_is_withheld_too(run: Run, installation: Installation) -> None:
    run("speakers", "1", "--withhold", "Jane Roe", "--why", "asked for it")
    assert "nothing to change" in run(
        "speakers", "1", "--withhold", "jane roe", "--why", "again", code=4
    )
    with installation.desk() as desk, desk.catalogue.transaction() as tx:
        captions = tx.turns(tx.layers(1)[0].id)
        tx.add_layer(
            recording_id=1, kind=LayerKind.CAPTIONS, language="en", origin=LayerOrigin.BROADCASTER,
            maker="a later file", run=1, turns=[replace(captions[0], label="Jane Roe")],
            sentences=[[(0, 4)]],
        )  # fmt: skip
    assert "roe:" not in run("show", "--recording", "1", "--layer", "3").lower()
    run("speakers", "1", "--turn", "1", "--name", "JANE ROE")
    assert "roe:" not in run("show", "--recording", "1").lower()
    run("speakers", "1", "--lift", "Jane Roe", "--why", "agreed to it")
    assert "JANE ROE:" in run("show", "--recording", "1")


def test_a_name_that_only_captions_gave_a_voice_is_withheld(
    run: Run, installation: Installation
) -> None:
    text, words = timed([("Nothing", 0, 400), ("more.", 400, 900)])
    with installation.desk() as desk, desk.catalogue.transaction() as tx:
        tx.add_layer(
            recording_id=1, kind=LayerKind.SPEECH, language="en", origin=LayerOrigin.ENGINE,
            maker="test", run=2, turns=[Turn(0, 0, text, words, Span(0, 900), "ANN LEE")],
            sentences=[[(0, len(text))]],
        )  # fmt: skip
    assert "ANN LEE: Nothing" in run("show", "--recording", "1", "--layer", "3")
    run("speakers", "1", "--layer", "3", "--withhold", "ANN LEE", "--why", "asked for it")
    for layer in ("2", "3"):
        assert "ann lee" not in run("show", "--recording", "1", "--layer", layer).lower()
        assert "ann lee" not in run("speakers", "1", "--layer", layer).lower()
    assert (
        "ann lee" not in run("speakers", "1", "--layer", "2", "--confirm", "NOBODY", code=3).lower()
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--withhold", "SPEAKER_00", "--why", "x"], 2, "no name yet"),
        (["--withhold", "Nobody Known", "--why", "x"], 3, "no speaker and no voice"),
        (["--withhold", "Jane Roe"], 2, "go with --why"),
        (["--withhold", "Jane Roe", "--why", " "], 2, "say why"),
        (["--withhold", " ", "--why", "x"], 2, "who is to be withheld"),
        (["--lift", "Jane Roe", "--why", "x"], 3, "--withheld"),
        (["--withheld", "--lift", "3"], 2, "one act"),
        (["--why", "x"], 2, "go with --why"),
    ],
)
def test_what_cannot_be_withheld_is_said(run: Run, words: list[str], code: int, says: str) -> None:
    assert says in run("speakers", "1", *words, code=code)


def test_a_record_without_names_keeps_its_words_and_marks() -> None:
    mark = Mark(MarkKind.INSERTION, 30, 36, "[late]")
    record: Record = replace(
        a_record(),
        headline="Harbour Master Marsh: the late boat stays",
        summary=(Paragraph("Daniel Marsh denies it. Marsh [late] again.", (mark,)),),
        speakers=(
            RecordSpeaker("s1", "Interpreter for Daniel Marsh", SpeakerKind.ROLE,
                          ("Interpreter for Daniel Marsh",)),
            RecordSpeaker("s2", "Daniel Marsh", SpeakerKind.PERSON, ("Daniel Marsh", "Marsh"),
                          "Harbour Master", "Mr."),
        ),
        body=(
            RecordTurn("t1", "Interpreter for Daniel Marsh", "s1", (Paragraph("Mr. Marsh, why?"),)),
            RecordTurn("t2", "Marsh", "s2", (Paragraph("No."),)),
        ),
    )  # fmt: skip
    assert without_names(record, []) is record
    assert without_names(record, ["Dan", "Nobody"]) is record
    made = without_names(record, ["DANIEL  MARSH"])
    assert [turn.label for turn in made.turns] == ["Interpreter", WITHHELD]
    assert made.turns[0].parts == record.turns[0].parts, "what was said stays"
    assert [one.name for one in made.speakers] == ["Interpreter", WITHHELD]
    assert (made.speakers[1].role, made.speakers[1].title) == (None, None)
    assert made.headline == f"Harbour Master {WITHHELD}: the late boat stays"
    (summary,) = made.summary
    assert summary.text == f"{WITHHELD} denies it. {WITHHELD} [late] again."
    (kept,) = summary.marks
    assert summary.text[kept.char_start : kept.char_end] == "[late]"
    assert without_names(made, ["Daniel Marsh"]) is made
    timed_again = replace(made, body=(replace(made.turns[1], span=Span(0, 900)),))
    for written in (record_srt.write(timed_again), record_webvtt.write(timed_again)):
        assert (WITHHELD in written, "Marsh" in written) == (True, False)
