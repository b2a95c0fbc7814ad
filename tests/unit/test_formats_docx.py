"""Records in Word: written, opened again, and what other people's Word files give."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from hypothesis import given, settings
from strategies_record import records

from offair.formats import record_docx, record_docx_reading
from offair.formats.record_citation import speaker_name
from offair.formats.record_docx_text import holdable
from offair.model.errors import BadInput
from offair.model.record import (
    NOT_CHECKED,
    Paragraph,
    Record,
    RecordNumber,
    RecordSpeaker,
    RecordTurn,
    StandingMark,
)
from offair.model.time import DateKind, PartialDate, Span
from offair.model.transcript import Mark, MarkKind, SpeakerKind

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def document_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("word/document.xml").decode()


def letters(part: Paragraph) -> list[tuple[str, object]]:
    """Every letter with the mark that has it; of several the later one."""
    found: list[tuple[str, object]] = []
    for place, letter in enumerate(part.text):
        over = [m for m in part.marks if m.char_start <= place < m.char_end]
        mark = (over[-1].kind, over[-1].confirmed) if over else None
        found += [(one, mark) for one in holdable(letter)]
    return found


def shown(record: Record) -> list[object]:
    """What a Word file can hold of a record's body: names, words, marks, origin."""
    found: list[object] = []
    for item in record.body:
        parts: tuple[Paragraph | StandingMark, ...] = (
            (item,) if isinstance(item, StandingMark) else item.parts
        )
        if isinstance(item, RecordTurn):
            label = item.label or speaker_name(record, item) or ""
            name = speaker_name(record, item) or ""
            label = holdable(label) if label.strip() else ""
            found.append((label, holdable(name) if name.strip() and label else label))
        for part in parts:
            if isinstance(part, Paragraph):
                found.append(letters(replace(part, text=part.text.replace("\r", "\n"))))
            elif part.mark.text.strip():
                found.append((part.mark.text.strip(), part.mark.kind, part.mark.confirmed))
    return found


def held(record: Record) -> Record:
    """The record with one kind of line end, which is all that XML knows."""

    def part(one):
        return (
            replace(one, text=one.text.replace("\r\n", "\n\n"))
            if isinstance(one, Paragraph)
            else one
        )

    return replace(
        record,
        body=tuple(
            replace(item, parts=tuple(part(one) for one in item.parts))
            if isinstance(item, RecordTurn)
            else item
            for item in record.body
        ),
    )


@given(records())
@settings(max_examples=25)
def test_what_word_holds_is_read_back(record):
    record = held(record)
    again = record_docx_reading.read(record_docx.write(record), source="a.docx").record
    assert shown(again) == shown(record)
    assert again.checked == (record.notice is None)
    assert again.stale == record.stale
    assert again.kind == record.kind
    assert (again.language, again.completeness) == (record.language, record.completeness)
    assert len(again.summary) == len(record.summary)
    for part, old in zip(again.summary, record.summary, strict=True):
        assert part.text == holdable(old.text.replace("\r", "\n"))


EVER = Mark(MarkKind.INSERTION, 12, 18, "[ever]")


def interview(**changes) -> Record:
    fields = {
        "number": RecordNumber("demo", "12"),
        "edition": 2,
        "date": PartialDate.parse("2021-06-02", DateKind.PUBLISHED),
        "aired": PartialDate.parse("2021-06-01T19:30:00+03:00"),
        "headline": "Ann Lee: We Will Not Stop",
        "run_time_ms": 20_000,
        "channel": "Al-Ahd TV",
        "country": "Iraq",
        "summary": (Paragraph("What was said."),),
        "speakers": (
            RecordSpeaker("s1", "Ann Lee", SpeakerKind.PERSON, ("Lee",)),
            RecordSpeaker("s2", "قيس الخزعلي", SpeakerKind.PERSON, ("قيس الخزعلي",)),
        ),
        "body": (
            RecordTurn(
                "t1", "Lee", "s1",
                (Paragraph("We will not [ever] stop.", (EVER,)),),
                Span(61_000, 65_500), origin="machine",
            ),
            StandingMark(Mark(MarkKind.CUT, 0, 5, "[...]")),
            RecordTurn("t2", "قيس الخزعلي", "s2", (Paragraph("قال: «لا» BBC 12 ثم صمت"),)),
        ),
        "language": "ar",
    }  # fmt: skip
    return Record(**{**fields, **changes})


def test_header_comes_back_whole():
    record = interview(note="It said 12, it says 14.")
    data = record_docx.write(record, address="https://desk.example/records/12")
    again = record_docx_reading.read(data, source="a.docx")
    for name in ("number", "edition", "date", "aired", "headline", "run_time_ms", "channel",
                 "country", "language", "note"):  # fmt: skip
        assert getattr(again.record, name) == getattr(record, name), name
    assert [one.name for one in again.record.speakers] == ["Ann Lee", "قيس الخزعلي"]
    assert again.record.turns[0].origin == "machine"
    assert not again.report


@pytest.mark.parametrize("aired", ["2021", "2021-06", "2021-06-01", "2021-06-01T19:30"])
def test_a_date_keeps_its_precision(aired):
    record = interview(aired=PartialDate.parse(aired))
    again = record_docx_reading.read(record_docx.write(record), source="a.docx").record
    assert again.aired == record.aired


def test_notice_footer_and_properties():
    data = record_docx.write(interview(), address="https://desk.example/records/12/2")
    opened = Document(io.BytesIO(data))
    texts = [one.text for one in opened.paragraphs]
    assert NOT_CHECKED in texts
    assert texts[0] == "Clip record demo #12, edition 2"
    foot = opened.sections[0].footer.paragraphs[0].text
    assert "demo #12, edition 2, https://desk.example/records/12/2" in foot
    assert opened.core_properties.title == "Ann Lee: We Will Not Stop"
    assert opened.core_properties.comments == NOT_CHECKED
    assert record_docx.write(interview()) == record_docx.write(interview())


def test_right_to_left_paragraphs_and_runs():
    opened = Document(io.BytesIO(record_docx.write(interview())))
    said = next(one for one in opened.paragraphs if one.text.startswith("قال"))
    assert said._p.pPr.find(f"{W}bidi") is not None
    runs = [(run.text, run._r.rPr.find(f"{W}rtl") is not None) for run in said.runs]
    assert [backwards for _, backwards in runs] == [True, False, True]
    assert runs[1][0].startswith("BBC")
    tags = {
        (name.split("}")[1], value)
        for one in said._p.iter(f"{W}lang")
        for name, value in one.attrib.items()
    }
    assert ("bidi", "ar") in tags
    latin = next(one for one in opened.paragraphs if "We will" in one.text)
    assert latin._p.pPr.find(f"{W}bidi") is None
    assert "Mark insertion" in [run.style.name for run in latin.runs]


def test_original_beside_the_translation():
    record = interview(kind="translation", original_language="ar", language="en")
    data = record_docx.write(record, beside={"t1": "لن نتوقف"})
    opened = Document(io.BytesIO(data))
    assert opened.tables[0].rows[0].cells[1].text == "لن نتوقف"
    assert shown(record_docx_reading.read(data, source="a.docx").record) == shown(record)


def test_a_bulletin_has_contents_and_every_record():
    other = interview(number=RecordNumber("demo", "13"), headline="الخبر الثاني")
    data = record_docx.write_bulletin(
        [record_docx.BulletinEntry(interview()), record_docx.BulletinEntry(other)],
        title="Records of May 14, 2024",
    )
    xml = document_of(data)
    links = re.findall(r'w:anchor="(\w+)"', xml)
    assert links == ["record_1", "record_2"]
    assert all(f'w:name="{one}"' in xml for one in links)
    with pytest.raises(BadInput, match="bulletin of 2 records"):
        record_docx_reading.read(data, source="a.docx")
    with pytest.raises(BadInput, match="no record for this bulletin"):
        record_docx.write_bulletin([], title="x")


def word(*paragraphs: str) -> bytes:
    made = Document()
    for one in paragraphs:
        made.add_paragraph(one)
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def test_somebody_elses_word_file_is_a_printed_record():
    for gap in ((), ("",)):
        lines = ["MS. LEE: We will not [ever] stop.", *gap, "And we said so.", *gap,
                 "MR. KHAN: (Laughs.) Why?\nReally?"]  # fmt: skip
        reading = record_docx_reading.read(word(*lines), source="a.docx")
        assert [turn.label for turn in reading.record.turns] == ["MS. LEE", "MR. KHAN"]
        assert [part.text for part in reading.record.turns[0].paragraphs][-1] == "And we said so."
        (mark,) = reading.record.turns[0].paragraphs[0].marks
        assert mark.text == "[ever]"


def test_edits_in_word_are_read_and_said():
    opened = Document(io.BytesIO(record_docx.write(interview())))
    opened.add_paragraph("A line of hers.")
    packed = io.BytesIO()
    opened.save(packed)
    reading = record_docx_reading.read(packed.getvalue(), source="a.docx")
    assert reading.record.turns[-1].paragraphs[-1].text == "A line of hers."
    assert [one.text for one in reading.report] == ["A line of hers."]


def test_what_word_and_outlook_put_on_the_clipboard():
    html = (
        b'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        b'<style>p.MsoNormal{}</style>'
        b'<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--></head><body>'
        b'<!--StartFragment--><p class=MsoNormal><b>MS. LEE:</b>&nbsp;We will<o:p></o:p>'
        b'\n not [ever] stop.</p><p class=MsoNormal>And we said so.</p>'
        b'<div>MR. KHAN: Why?<br><br>MS. LEE: No.'
        b'</div><script>alert(1)</script><!--EndFragment--></body></html>'
    )  # fmt: skip
    text, _ = record_docx_reading.pasted_words(html, source="paste")
    assert text == (
        "MS. LEE: We will not [ever] stop.\n\nAnd we said so.\n\nMR. KHAN: Why?\n\nMS. LEE: No.\n"
    )


def package(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word("MS. LEE: No."))) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.pop(name.replace("/", "_").replace(".", "_"), old.read(name)))
        for name, data in parts.items():
            new.writestr(name.replace("_", "/", 1), data)
    return packed.getvalue()


def test_hostile_files_are_refused():
    bomb = b"<w:document>" + b" " * (65 << 20)
    entity = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    )
    for data, why in (
        (package(word_document_xml=bomb), "would unpack"),
        (package(word_document_xml=entity), "declares entities"),
        (b"PK\x03\x04 nothing", "damaged"),
        (b"", "damaged"),
    ):
        with pytest.raises(BadInput, match=why):
            record_docx_reading.read(data, source="a.docx")


def test_macros_and_relations_outside_are_left_alone():
    rels = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        b'relationships"><Relationship Id="r1" TargetMode="External" Target="http://127.0.0.1:9/x" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"/>'
        b"</Relationships>"
    )
    data = package(word_vbaProject=b"x", word__rels_document_xml_rels=rels)
    reading = record_docx_reading.read(data, source="a.docx")
    assert reading.record.turns[0].paragraphs[0].text == "No."
