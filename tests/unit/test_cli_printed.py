"""What came in with a text does not act on the terminal that it is printed on."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from installation import Installation
from web_desk import timed

from offair import cli
from offair.cli.printed import Printed, printed, printing, write_document
from offair.cli.terminal import emit
from offair.model.recording import Channel, Held
from offair.model.time import PartialDate, Span
from offair.model.transcript import Flag, FlagKind, LayerKind, LayerOrigin, Turn

HOSTILE = "\x1b]0;owned\x07Ann\x1b[2JLee\x9b31m"
SPOKEN = f"We leave \x1b[31mtonight\x1b[0m with {HOSTILE} and\rnobody else."


@settings(max_examples=150)
@given(st.text(), st.booleans())
def test_no_control_character_is_printed(text: str, styled: bool) -> None:
    shown = printed(text, styled=styled).replace("\r\n", "")
    left = {one for one in shown if unicodedata.category(one) == "Cc"} - {"\n", "\t"}
    assert left == set() or (styled and left == {"\x1b"} and "\x1b[" in text)
    if all(unicodedata.category(one) != "Cc" for one in text):
        assert printed(text, styled=styled) == text


def test_colours_stay_where_the_command_sets_them() -> None:
    text = "\x1b[1;31mred\x1b[0m\x1b[2J\r\nline\rover\x9b2J"
    assert printed(text, styled=True) == "\x1b[1;31mred\x1b[0m\\x1b[2J\r\nline\\rover\\x9b2J"
    assert printed(text) == "\\x1b[1;31mred\\x1b[0m\\x1b[2J\r\nline\\rover\\x9b2J"


def test_json_stays_json(capsys: pytest.CaptureFixture[str]) -> None:
    with printing(styled=False):
        emit({"text": HOSTILE + "\x7f\u0085é"})
    said = capsys.readouterr().out
    assert json.loads(said) == {"text": HOSTILE + "\x7f\u0085é"}
    assert not {"\x1b", "\x9b", "\x7f", "\u0085"} & set(said)


class _Stream(io.TextIOWrapper):
    """A stream that may be a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_a_document_is_exact_but_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    stream = _Stream(terminal=terminal)
    monkeypatch.setattr(sys, "stdout", Printed(stream, styled=False))
    document = "a\r\nb\x1b[2Jé".encode()
    print("first")
    write_document(document)
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    shown = "a\r\nb\\x1b[2Jé".encode() if terminal else document
    assert buffer.getvalue() == b"first\n" + shown


@pytest.fixture
def run(installation: Installation, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:  # fmt: skip
    """A desk that holds a hostile text, however it came in; runs a command and gives what it
    prints."""
    monkeypatch.setenv("OFFAIR_CONFIG", str(installation.config))
    lines = ((f"Ann{HOSTILE}", SPOKEN), ("Bo", f"{QUOTED} {SPOKEN}"))
    turns = []
    for place, (label, said) in enumerate(lines):
        start = place * 20_000
        pieces = [
            (one, start + n * 300, start + n * 300 + 280) for n, one in enumerate(said.split(" "))
        ]
        text, words = timed(pieces)
        turns.append(Turn(0, place, text, words, Span(start, start + 9_000), label))
    with installation.desk() as desk, desk.catalogue.transaction() as tx:
        recording = tx.add_recording(
            channel=tx.ensure_channel(Channel(f"Harbour{HOSTILE}")), title=f"Quay{HOSTILE}",
            aired=PartialDate.parse("2024-05-14"), held=Held.NEVER_HELD, object=None, media=None,
            actor="test",
        )  # fmt: skip
        layer = tx.add_layer(
            recording_id=recording.id, kind=LayerKind.SPEECH, language="en",
            origin=LayerOrigin.IMPORT, maker=f"file{HOSTILE}", run=1, turns=turns,
            sentences=[[(0, len(one.text))] for one in turns], note=HOSTILE,
        )  # fmt: skip
        tx.add_flags(layer.id, [Flag(FlagKind.UNSURE, Span(300, 900), HOSTILE)])

    def command(*words: str) -> str:
        assert cli.main(list(words)) == 0, words
        said = capsys.readouterr()
        return said.out + said.err

    return command


QUOTED = "The ferry that leaves tonight carries nobody else."


@pytest.mark.parametrize(
    "words",
    [
        ("show", "--recording", "1"), ("find", "tonight"), ("find", "tonight", "--json"),
        ("find", "tonight", "--csv"), ("find", "speaker:Bo tonight"), ("check", QUOTED),
        ("check", QUOTED, "--json"), ("check", "We leave tonight with nobody at all else."),
        ("echoes", QUOTED), ("echoes", QUOTED, "--json"), ("speakers", "1"),
        ("speakers", "1", "--json"), ("flags", "1"), ("flags", "1", "--next"),
        ("list", "recordings"),
        ("list", "layers", "--recording", "1"), ("coverage",),
    ],
)  # fmt: skip
def test_an_imported_text_cannot_act_on_the_terminal(
    run: Callable[..., str], words: tuple[str, ...]
) -> None:
    said = run(*words)
    assert said
    assert not {one for one in said if unicodedata.category(one) == "Cc"} - {"\n", "\t"}
