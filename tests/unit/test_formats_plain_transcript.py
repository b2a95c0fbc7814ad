"""Plain transcripts in the many ways people type them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.formats import plain_transcript
from offair.model.errors import BadInput
from offair.model.record import Severity

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def turns(text: str, source: str = "x.txt"):
    found, _ = plain_transcript.read(text.encode(), source=source)
    return [(turn.label, turn.text, turn.start) for turn in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ANN: Hello\nBOB: Hi", [("ANN", "Hello", None), ("BOB", "Hi", None)]),
        ("[00:01:02] ANN: Hello\n\nMore.", [("ANN", "Hello\n\nMore.", 62_000)]),
        ("ANN [1:02]: Hello", [("ANN", "Hello", 62_000)]),
        ("Ann Lee  0:05\nHello\nthere", [("Ann Lee", "Hello there", 5_000)]),
        ("00:01\nHello\n00:05.5\nWorld", [(None, "Hello", 1_000), (None, "World", 5_500)]),
        ("**Ann Lee:** Hello", [("Ann Lee", "Hello", None)]),
        ("Q    Why?\n\nMS. LEE:  Because.", [("Q", "Why?", None), ("MS. LEE", "Because.", None)]),
        ("One.\n\nTwo.", [(None, "One.", None), (None, "Two.", None)]),
        ("He said: no.", [(None, "He said: no.", None)]),
        ("المذيع: مرحبا\n\nالضيف: أهلا", [("المذيع", "مرحبا", None), ("الضيف", "أهلا", None)]),
        ("ANN: at 10:30 we\nsaid: go", [("ANN", "at 10:30 we said: go", None)]),
        ("(00:00:07) (LAUGHTER)", [(None, "(LAUGHTER)", 7_000)]),
        ("[00:75:00] Late", [(None, "[00:75:00] Late", None)]),
    ],
)
def test_turns_labels_and_times(text, wanted):
    assert turns(text) == wanted
    assert turns(text.replace("\n", "\r\n")) == wanted


def test_head_is_reported_and_is_not_speech():
    found, remarks = plain_transcript.read(
        b"---\ntitle: T\n---\n\nOPENING\n\nANN: Hi \\[so\\]\n", source="x.md"
    )
    assert [(turn.label, turn.text, turn.line) for turn in found] == [
        (None, "OPENING", 5),
        ("ANN", "Hi [so]", 7),
    ]
    assert remarks[0].text == "title: T"
    assert any(remark.text == "OPENING" for remark in remarks)


def test_text_without_names_says_so():
    _, remarks = plain_transcript.read(b"One.\n\nTwo.", source="x.txt")
    assert [remark.severity for remark in remarks] == [Severity.DOUBT]


def test_times_that_run_backwards_are_reported():
    _, remarks = plain_transcript.read(b"[00:10] A: x\n[00:05] B: y\n", source="x.txt")
    assert [remark.line for remark in remarks] == [2]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no words"),
        (b" \n\n ", "no words"),
        (b"ANN:\n", "no words"),
        (b"\x89PNG\0", "is not UTF-8"),
        (b"<?xml version='1.0'?><a/>", "marked-up"),
        (b'{"a": 1}', "marked-up"),
    ],
)
def test_what_is_no_transcript_is_refused(data, reason):
    with pytest.raises(BadInput, match=reason):
        plain_transcript.read(data, source="x.txt")


@given(st.text(st.sampled_from("aA:Q []()0123.\n-*_é")), st.sampled_from(["x.txt", "x.md"]))
def test_no_letter_is_lost(text, source):
    try:
        found, remarks = plain_transcript.read(text.encode(), source=source)
    except BadInput:
        return
    kept = "".join((turn.label or "") + turn.text for turn in found)
    kept += "".join(remark.text for remark in remarks)
    for letter in "aAQé":
        assert kept.count(letter) >= text.count(letter)


@pytest.mark.skipif(not SHARED.exists(), reason="no folder `shared` beside the repository")
def test_press_briefings_have_their_speakers():
    briefings = sorted((SHARED / "transcripts" / "white-house-briefings").glob("*.md"))
    assert briefings
    for path in briefings:
        found, _ = plain_transcript.read(path.read_bytes(), source=path.name)
        labels = {turn.label for turn in found}
        assert "Q" in labels
        assert len(labels - {None, "Q"}) >= 1
