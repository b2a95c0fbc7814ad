"""Printed proceedings: a press office's transcripts, Hansard, ParlaMint."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.formats import FORMATS, Holds, briefing, hansard, parlamint, told
from offair.formats.briefing import full_name, speaker_of_title
from offair.model.errors import BadInput
from offair.model.record import Severity
from offair.model.transcript import MarkKind, SpeakerKind

HEAD = """---
date: '2024-05-02'
source_url: https://press.example.org/2024/05/02/ferry/
title: "Press Briefing by Press Secretary Ann O’Hara and\\
  \\ Minister of Transport Ben Katz, May\\_2, 2024"
tags: [a, b]
---

"""
BRIEFING = (
    HEAD
    + """Harbour Room

2:28 P.M. EST

MS. O’HARA:  Good afternoon.  The ferry sails at six, and it will
sail every day.  (Laughter.)

It costs <s>five</s> \\[four\\] pounds \\[sic\\].  Our plan — (coughs) —
is 401(k)-like \\[H\\]BCU.

Q    Who pays?

PRIME MINISTER ITO:  (As interpreted.)  We pay.  (In English.)  Thank you.

AUDIENCE:  (Applause.)

THE PRESIDENT:  *Bravo!*

2:40 P.M. EST

END
"""
)


def test_a_briefing_keeps_date_source_speakers_and_order() -> None:
    found = briefing.read(BRIEFING.encode(), source="x.md")
    assert str(found.date) == "2024-05-02"
    assert found.source == "https://press.example.org/2024/05/02/ferry/"
    assert found.channel == "press.example.org"
    assert found.title is not None
    assert found.title.endswith("May 2, 2024")
    assert [(one.label, one.name) for one in found.turns] == [
        ("MS. O’HARA", "Ann O’Hara"),
        ("Q", "Q"),
        ("PRIME MINISTER ITO", "PRIME MINISTER ITO"),
        ("PRIME MINISTER ITO", "PRIME MINISTER ITO"),
        ("THE PRESIDENT", "THE PRESIDENT"),
    ]
    assert found.turns[1].kind is SpeakerKind.ROLE


def test_wrapped_lines_are_one_paragraph_and_marks_are_no_words() -> None:
    first = briefing.read(BRIEFING.encode(), source="x.md").turns[0]
    assert first.text == (
        "Good afternoon. The ferry sails at six, and it will sail every day.\n"
        "It costs five pounds . Our plan — — is 401(k)-like BCU."
    )
    marks = {one.text: one for one in first.marks}
    assert {"Harbour Room", "2:28 P.M. EST", "(Laughter.)", "[sic]", "[H]"} <= set(marks)
    assert marks["2:28 P.M. EST"].kind is MarkKind.CLOCK
    assert marks["[four]"].kind is MarkKind.REPLACEMENT
    start, end = marks["[four]"].char_start, marks["[four]"].char_end
    assert first.text[start:end] == "five"
    assert all(one.char_start == one.char_end for one in first.marks if one.text != "[four]")


def test_an_interpreters_words_are_told_from_the_speakers_own() -> None:
    turns = briefing.read(BRIEFING.encode(), source="x.md").turns
    assert [(one.text, one.interpreted) for one in turns[2:4]] == [
        ("We pay.", True), ("Thank you.", False),
    ]  # fmt: skip


def test_nothing_of_a_briefing_is_dropped_silently() -> None:
    found = briefing.read(BRIEFING.encode(), source="x.md")
    kept = " ".join([one.text for one in found.turns])
    kept += " ".join(mark.text for one in found.turns for mark in one.marks)
    for word in ("Harbour", "END", "2:40", "AUDIENCE", "(Applause.)", "(coughs)"):
        assert word in kept
    assert any("tags" in one.message for one in found.report)


def test_a_text_without_labels_is_the_speakers_whom_its_title_names() -> None:
    text = HEAD.replace(
        "Press Briefing by Press Secretary Ann O’Hara and", "Remarks by First Lady"
    ).replace("Minister of Transport Ben Katz, May\\_2, 2024", "Jill Reed at the Harbour")
    found = briefing.read((text + "The ferry (at last) sails.\n").encode(), source="x.md")
    assert [(one.label, one.name) for one in found.turns] == [(None, "Jill Reed")]
    assert found.turns[0].text == "The ferry (at last) sails."
    assert any(one.severity is Severity.DOUBT for one in found.report)


@pytest.mark.parametrize(
    ("label", "title", "name"),
    [
        ("MR. KATZ", "Briefing by Minister for Ferry Communications Ben Katz", "Ben Katz"),
        ("PRESIDENT REED", "Remarks by President Reed and First Lady Jill Reed", None),
        ("SECRETARY KATZ", "Remarks by Secretary of Homeland Security Katz", None),
        ("THE PRESIDENT", "Remarks by President Joe Reed", None),
        ("DR. VON DER LEE", "Call with Dr. Ursula von der Lee", "Ursula von der Lee"),
    ],
)
def test_a_full_name_is_taken_from_the_title_or_not_at_all(
    label: str, title: str, name: str | None
) -> None:
    assert full_name(label, title) == name


def test_a_title_names_one_speaker_or_nobody() -> None:
    assert speaker_of_title("Remarks by President Reed on Ferries") == "President Reed"
    assert speaker_of_title("Remarks by Ann Reed and Ben Katz at Sea") is None
    assert speaker_of_title("Readout of a Call") is None


@pytest.mark.parametrize(
    "body", ["", "\n \n", "2:28 P.M. EST\n\nEND\n", "AUDIENCE:  (Applause.)\n"]
)
def test_a_briefing_without_words_is_refused(body: str) -> None:
    with pytest.raises(BadInput):
        briefing.read((HEAD + body).encode(), source="x.md")


def test_a_head_that_is_no_yaml_is_refused_with_a_sentence() -> None:
    with pytest.raises(BadInput, match="YAML"):
        briefing.read(b"---\ntitle: [" + b"[" * 5000 + b"\n---\nQ    Hello there\n", source="x.md")


@given(st.text(alphabet="abQ .:()[]<>*\\_~\n-—MS…1sS/", max_size=200))
@settings(max_examples=80)
def test_any_text_is_read_or_refused_and_marks_lie_inside(body: str) -> None:
    try:
        found = briefing.read((HEAD + body).encode(), source="x.md")
    except BadInput:
        return
    for turn in found.turns:
        assert turn.text.strip()
        assert all(0 <= one.char_start <= one.char_end <= len(turn.text) for one in turn.marks)


HANSARD = """<housecommons><image src="a"/><col>1</col><title>HOUSE OF COMMONS</title>
<date format="1890-03-02">Monday, 3rd March, 1890.</date>
<debates><section><title>FERRIES</title>
<p align="center">[MR. SPEAKER <i>in the Chair</i>]</p>
<p>1. <member>Mr. Reed</member><membercontribution> asked when it sails. [187]
</membercontribution></p>
<p><member>The Minister for Ferries (Mr. Ben Katz)</member><membercontribution>: At six
<col>2</col>o'clock. [<i>Laughter</i>.]<lb/>Daily.</membercontribution></p>
<p>3.30 pm</p>
<p><member>Mr. Katz</member><membercontribution>: Yes.</membercontribution></p>
<p>That the Bill be read.</p>
<division><table><tr><td>AYES</td><td>Reed, A.</td></tr></table></division>
</section></debates></housecommons>"""


def test_hansard_gives_members_in_order_with_full_names() -> None:
    found = hansard.read(HANSARD.encode(), source="x.xml")
    assert [(one.label, one.name) for one in found.turns] == [
        ("Mr. Reed", "Mr. Reed"),
        ("The Minister for Ferries (Mr. Ben Katz)", "Ben Katz"),
        ("Mr. Katz", "Ben Katz"),
        (None, None),
    ]
    assert found.turns[1].text == "At six o'clock.\nDaily."
    assert found.channel == "House of Commons"
    everything = [mark.text for one in found.turns for mark in one.marks]
    for kept in ("FERRIES", "1.", "[187]", "3.30 pm", "AYES Reed, A."):
        assert kept in everything


def test_hansards_printed_day_counts_and_the_other_is_told() -> None:
    found = hansard.read(HANSARD.encode(), source="x.xml")
    assert str(found.date) == "1890-03-03"
    assert any("1890-03-02" in one.message for one in found.report)


TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="gl"><teiHeader><fileDesc><titleStmt>
<title type="main">Corpus</title></titleStmt><sourceDesc><bibl><publisher>Parlamento</publisher>
<date when="2020-08-07"/></bibl></sourceDesc></fileDesc><profileDesc>{people}</profileDesc>
</teiHeader>
<text><body><div><note type="time">Ábrese.</note><note type="speaker">A señora REI:</note>
<u who="#ReiAna"><seg>Bo día.<kinesic><desc>(Aplausos.)</desc></kinesic></seg>
<seg><w>Si</w><pc join="left">,</pc> <w join="right">l</w><pc>'</pc></seg></u>
<kinesic type="applause"><desc>(Aplausos.)</desc></kinesic><gap reason="inaudible"/>
</div></body></text></TEI>"""
PEOPLE = """<particDesc><listPerson><person xml:id="ReiAna"><persName><surname>Rei</surname>
<forename>Ana</forename></persName></person></listPerson></particDesc>"""


def test_parlamint_names_persons_by_the_list_and_keeps_notes_as_marks() -> None:
    found = parlamint.read(TEI.format(people=PEOPLE).encode(), source="x.xml")
    turn = found.turns[0]
    assert (turn.label, turn.name) == ("A señora REI", "Ana Rei")
    assert turn.text.startswith("Bo día.\nSi,")
    assert [one.text for one in turn.marks] == [
        "Ábrese.", "(Aplausos.)", "(Aplausos.)", "[inaudible]",
    ]  # fmt: skip
    assert (str(found.date), found.channel, found.language) == ("2020-08-07", "Parlamento", "gl")


def test_parlamint_without_a_list_keeps_the_label_and_says_so() -> None:
    found = parlamint.read(TEI.format(people="").encode(), source="x.xml")
    assert found.turns[0].name == "A señora REI"
    assert any("root file" in one.message for one in found.report)
    assert parlamint.people(f"<teiCorpus>{PEOPLE}</teiCorpus>".replace("xml:id", "xml:id").encode(),
                            source="x") == {"ReiAna": "Ana Rei"}  # fmt: skip


BOMB = '<!DOCTYPE a [<!ENTITY b "bbb"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("data", [
    b"<housecommons></housecommons>", b"<housecommons><p>", b"<html/>", b"", b"\x00\xff",
    BOMB.encode() + HANSARD.encode(), b"<TEI/>", BOMB.encode() + b"<TEI/>",
    b"<housecommons>" + b"<section>" * 100 + b"</section>" * 100 + b"</housecommons>",
])  # fmt: skip
def test_hostile_and_empty_xml_is_refused(data: bytes) -> None:
    for reader in (hansard.read, parlamint.read):
        with pytest.raises(BadInput):
            reader(data, source="x.xml")


def test_a_file_tells_its_layout() -> None:
    samples = {"briefing": BRIEFING, "hansard": HANSARD, "parlamint": TEI}
    documents = {name for name, one in FORMATS.items() if one.holds is Holds.DOCUMENT}
    assert documents == set(samples)
    for name, text in samples.items():
        assert [other for other in samples if told(other, text.encode())] == [name]
    assert not told("transcript", b"x")


def test_shared_material_is_read_or_refused_with_a_reason(shared: Path) -> None:
    for reader, folder in ((hansard.read, "hansard"), (parlamint.read, "parlamint")):
        for path in sorted((shared / "transcripts" / folder).glob("*.xml")):
            if path.stat().st_size > 380_000:
                continue
            if path.stem in {"housecommons_empty", "housecommons_1889_08_21"}:
                with pytest.raises(BadInput, match="nobody speaks"):
                    reader(path.read_bytes(), source=path.name)
                continue
            assert reader(path.read_bytes(), source=path.name).turns
    briefings = sorted((shared / "transcripts" / "white-house-briefings").glob("*.md"))
    for path in briefings[:4]:
        found = briefing.read(path.read_bytes(), source=path.name)
        assert found.language == "en"
        assert all(one.label for one in found.turns)
