"""Quotations by their marks, in any language; what is never closed is said."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.article import BlockKind, Paragraph
from offair.text.quoted_words import marked_quotations


def _read(text: str) -> tuple[list[str], tuple[str, ...]]:
    paragraphs, at = [], 0
    for piece in text.split("\n\n"):
        kind = BlockKind.QUOTE if piece.startswith("> ") else BlockKind.PARAGRAPH
        skip = 2 if kind is BlockKind.QUOTE else 0
        paragraphs.append(Paragraph(at + skip, at + len(piece), kind))
        at += len(piece) + 2
    marked, remarks = marked_quotations(text, paragraphs)
    for one in marked:
        assert one.printed(text) == text[one.char_start : one.char_end]
        assert one.outer_start <= one.char_start <= one.char_end <= one.outer_end
    assert all(a.outer_end <= b.outer_start for a, b in pairwise(marked))
    return [one.printed(text) for one in marked], remarks


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said: \"one two\" and “three”.", ["one two", "three"]),
        ("« Nous irons », a-t-il dit. «Oui»", ["Nous irons", "Oui"]),
        ("„Wir gehen“, sagte er. „Nein.”", ["Wir gehen", "Nein."]),
        ("»Ja«, sagte er; »nein«", ["Ja", "nein"]),
        ("”Ja, det är så”, sade han. ”Nej.”", ["Ja, det är så", "Nej."]),
        ("»Kyllä on», hän sanoi. »Ei.»", ["Kyllä on", "Ei."]),
        ("「はい」と彼。『いや「何」か』", ["はい", "いや「何」か"]),
        ("قال «سنذهب غدا» ثم", ["سنذهب غدا"]),
        ("‘It’s the workers’ rights,’ he said.", ["It’s the workers’ rights,"]),
        ("He's the dogs' friend, 'tis so; 'quoted here' in the '90s", ["quoted here"]),
        ("‘em and ‘cause he said ‘no way’", ["no way"]),
        ("the 5\" pipe and \"a gun\" too", ["a gun"]),
        ("“He said ‘never’, and “inner” too,” she said", ["He said ‘never’, and “inner” too,"]),
        ("“text“ said he", ["text"]),
        ("said,“no space before”and after", ["no space before"]),
        ("“,” and “…”", []),
    ],
)  # fmt: skip
def test_marks_of_every_kind_pair(text: str, quoted: list[str]) -> None:
    assert _read(text)[0] == quoted


def test_a_quotation_goes_on_where_the_next_paragraph_reopens_it() -> None:
    quoted, remarks = _read("“One.\n\n“Two.\n\n“Three.” He left. “More.”")
    assert quoted == ["One.\n\n“Two.\n\n“Three.", "More."]
    assert remarks == ()


def test_a_long_speech_reopened_in_every_paragraph_is_one_quotation() -> None:
    quoted, remarks = _read("\n\n".join(f"“Paragraph {n}." for n in range(60)) + "”")
    assert len(quoted) == 1
    assert remarks == ()


def test_a_quotation_over_paragraphs_that_do_not_reopen_it_is_said() -> None:
    quoted, remarks = _read("“One\n\ntwo.” And “three” then.")
    assert quoted == ["One\n\ntwo.", "three"]
    assert "do not reopen" in remarks[0]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “never closed.\n\nNext.", ["never closed."]),
        ("He said “first. Then “second” again", ["first. Then", "second"]),
        ('"a\n\nNo mark here.', ["a"]),
    ],
)
def test_a_mark_never_closed_is_said_and_not_swallowed(text: str, quoted: list[str]) -> None:
    found, remarks = _read(text)
    assert found == quoted
    assert "never closed" in remarks[0]


def test_a_closing_mark_alone_is_said() -> None:
    assert "closes nothing" in _read("stray ” here")[1][0]


def test_block_quotations() -> None:
    assert _read("> One line\n\n> — John Smith\n\nAfter “that”.")[0] == ["One line", "that"]
    assert _read('> "All in marks."')[0] == ["All in marks."]


@settings(max_examples=60)
@given(st.text(alphabet="ab .,\n“”\"‘’'«»„「」\u200f", max_size=60))
def test_any_mixture_of_marks_is_read_and_loses_nothing(text: str) -> None:
    _read("\n\n".join(one for one in (part.strip() for part in text.split("\n")) if one) or "x")


@pytest.mark.parametrize("mark", ["“", '"', "'", "‘", "«", "“a ", "'a ", "‘a’s "])
def test_a_page_of_nothing_but_marks_is_read(mark: str) -> None:
    _read(mark * 20_000)


def test_the_name_behind_a_block_quotation_is_none_of_its_words() -> None:
    said = "The council keeps its word. We sail in the morning."
    for name in ("— Ana Roe", "-- Ana Roe, harbour master", "– A. Roe"):
        text = f"{said} {name}"
        paragraphs = (Paragraph(0, len(text), BlockKind.QUOTE),)
        found, _ = marked_quotations(text, paragraphs)
        assert [text[one.char_start : one.char_end] for one in found] == [said], name
    for text in (f"{said} — Then we wait, and sail.", f"{said[:-1]} — Ana Roe"):
        found, _ = marked_quotations(text, (Paragraph(0, len(text), BlockKind.QUOTE),))
        assert [text[one.char_start : one.char_end] for one in found] == [text], text
