"""`offair speakers` as people call it: listing, the acts, JSON, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from installation import Installation
from web_desk import HARBOUR, timed

from offair import cli
from offair.model.recording import Held
from offair.model.time import Span
from offair.model.transcript import LayerKind, LayerOrigin, Turn

LINES = (
    ("SPEAKER_00", "I'm Nora Whitlow."),
    ("SPEAKER_01", "Good morning, Nora."),
    ("SPEAKER_00", "Thank you, Mr. Marsh."),
)


@pytest.fixture(autouse=True)
def _desk(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFAIR_CONFIG", str(installation.config))
    with installation.desk() as desk, desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(HARBOUR), aired=None, title="News", held=Held.NEVER_HELD,
            object=None, media=None, actor="test",
        )  # fmt: skip
        for run in (1, 2):
            turns = []
            for place, (label, said) in enumerate(LINES):
                pieces = [
                    (word, place * 5_000 + n * 300, place * 5_000 + n * 300 + 280)
                    for n, word in enumerate(said.split())
                ]
                text, words = timed(pieces)
                span = Span(place * 5_000, place * 5_000 + 4_000)
                turns.append(Turn(0, place, text, words, span, label))
            tx.add_layer(
                recording_id=recording.id, kind=LayerKind.SPEECH, language="en",
                origin=LayerOrigin.ENGINE, maker="test", run=run, turns=turns,
                sentences=[[(0, len(turn.text))] for turn in turns],
            )  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """The command's output, or its message where it fails."""
    assert cli.main(["speakers", "1", *words]) == code
    said = capsys.readouterr()
    return said.err if code else said.out


def facts(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(capsys, *words, "--json").splitlines()]


def test_list_confirm_and_name(capsys: pytest.CaptureFixture[str]) -> None:
    listed = run(capsys, "--layer", "1")
    assert "SPEAKER_00           8.0 s    2 turns  first 0:00.000, turn 1" in listed
    assert "perhaps Nora Whitlow:" in listed
    assert "a newer run is there: layer 2" in listed
    said = run(capsys, "--layer", "1", "--confirm", "SPEAKER_00", "--heard")
    assert said.startswith("2 turns of layer 1: Nora Whitlow, confirmed by ")
    assert "gives its own name, at 0:00" in said
    run(capsys, "--layer", "1", "--name", "SPEAKER_01", "Interviewer", "--role")
    run(capsys, "--layer", "1", "--turn", "3", "--name", "Narrator")
    layer, first, second = facts(capsys)
    assert (layer["layer"], layer["newer_layer"]) == (1, 2)
    assert [(one["printed"], one["kind"], one["heard"]) for one in first["names"]] == [
        ("Nora Whitlow", "person", True),
        ("Narrator", "label", False),
    ]
    assert [(one["printed"], one["kind"]) for one in second["names"]] == [("Interviewer", "role")]
    assert first["suggestions"][0]["name"] == "Nora Whitlow"


def test_interpreters_and_what_is_read_out(capsys: pytest.CaptureFixture[str]) -> None:
    how = ("--author", "Boris Petrov", "--how", "interpreter")
    assert "Interpreter for Boris Petrov" in run(capsys, "--name", "SPEAKER_01", *how)
    reading = ("--author", "Foreign Ministry", "--author-role", "--how", "reading")
    said = facts(capsys, "--turn", "4", "--name", "Nora Whitlow", *reading)[0]
    assert said["printed"] == "Nora Whitlow reading Foreign Ministry"
    assert run(capsys, "--turn", "4", "--unknown").startswith("1 turn of layer 2: unknown again")


def test_names_are_carried_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "--layer", "1", "--confirm", "SPEAKER_01")
    said = run(capsys, "--carry-from", "1")
    assert "SPEAKER_01       Marsh: 100 % of its time, fits 1 of 1 turn" in said
    assert "add --apply" in said
    assert facts(capsys, "--layer", "2")[2]["names"] == []
    assert "1 turn of layer 2 took a name" in run(capsys, "--carry-from", "1", "--apply")
    assert facts(capsys)[0]["layer"] == 2


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--name", "SPEAKER_09", "Jane"), 3, "has no voice 'SPEAKER_09'; those there are: SPEA"),
        (("--confirm", "A", "--unknown", "A"), 2, "one act at a time"),
        (("--turn", "1"), 2, "say what to do with it"),
        (("--confirm",), 2, "say either the LABEL of a voice or --turn ID"),
        (("--turn", "1", "--confirm", "A"), 2, "say either the LABEL of a voice or --turn ID"),
        (("--turn", "77", "--name", "Jane"), 3, "no turn 77 stands in recording 1"),
        (("--name", "SPEAKER_00"), 2, "what is the name of SPEAKER_00?"),
        (("--name", "SPEAKER_00", "Jane", "Roe"), 2, "quotation marks"),
        (("--name", "SPEAKER_00", "Jane", "--author", "X"), 2, "give both --author NAME and --how"),
        (("--heard",), 2, "--heard belongs to"),
        (("--role",), 2, "belong to --name"),
        (("--apply",), 2, "--apply belongs to"),
        (("--author-role", "--name", "A", "B"), 2, "--author-role belongs to"),
        (("--layer", "9"), 3, "no layer 9"),
        (("--carry-from", "2"), 3, "no newer run follows layer 2"),
    ],
)
def test_what_cannot_be_done_is_said(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, message: str
) -> None:
    assert message in run(capsys, *words, code=code)
