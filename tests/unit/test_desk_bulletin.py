"""Records out of the desk as Word, as citations and as a day's bulletin; Word files into it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from web_desk import make_desk

from offair.desk import Desk
from offair.desk.bulletin import bulletin
from offair.desk.export import export
from offair.desk.take_text import Origin, Taken, take_text
from offair.desk.text_readings import read_text
from offair.formats import record_docx_reading
from offair.model.errors import BadInput, NotFound
from offair.model.recording import Channel
from offair.model.time import PartialDate

PRINTED = """May 14, 2024
Ann Lee: We Will Not Stop
#{number} | 01:10
Source: {channel} (Ireland)

She spoke. Aired on May 14, 2024.

Ann Lee: "We will not stop. We [the port] said so."

Tom Ray: "Why not? Tell us."
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = make_desk(tmp_path)
    for number, channel in ((8, "Harbour One"), (9, "Quay TV")):
        path = tmp_path / f"{number}.txt"
        path.write_text(PRINTED.format(number=number, channel=channel), "utf-8")
        take_text(
            made, path, Origin(language="en", aired=PartialDate.parse("2024-05-14")), actor="ana"
        )
    return made


def word(*paragraphs: str) -> bytes:
    made = Document()
    for one in paragraphs:
        made.add_paragraph(one)
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def test_a_record_as_word_comes_back_into_another_desk(desk: Desk, tmp_path: Path) -> None:
    data = export(desk, "imported/8", "docx")
    assert isinstance(data, bytes)
    again = record_docx_reading.read(data, source="8.docx").record
    assert [turn.label for turn in again.turns] == ["Ann Lee", "Tom Ray"]
    path = tmp_path / "back.docx"
    path.write_bytes(data)
    other = make_desk(tmp_path_made(tmp_path))
    taken = take_text(other, path, Origin(publisher="harbour"), actor="ana")
    assert (taken.turns, taken.number and taken.number.printed) == (2, "8")
    assert "We [the port] said so." in str(export(other, "harbour/8", "record"))


def tmp_path_made(folder: Path) -> Path:
    made = folder / "other"
    made.mkdir()
    return made


def test_citations_of_record_turn_and_sentence(desk: Desk) -> None:
    document = json.loads(str(export(desk, "imported/8", "json")))
    sentences = [
        one["key"]
        for item in document["record"]["body"]
        for part in item["parts"]
        for one in part["sentences"]
    ]
    assert len(sentences) == len(set(sentences)) == 4
    (whole,) = json.loads(str(export(desk, "imported/8", "csl")))
    assert whole["issued"] == {"date-parts": [[2024, 5, 14]]}
    assert whole["container-title"] == "Harbour One"
    assert not {"author", "accessed"} & whole.keys()
    (one,) = json.loads(str(export(desk, f"imported/8/{sentences[1]}", "csl")))
    assert one["author"] == [{"literal": "Ann Lee"}]
    assert "“We [the port] said so.”" in one["note"]
    (turn,) = json.loads(str(export(desk, "imported/8/t2", "csl")))
    assert turn["author"] == [{"literal": "Tom Ray"}]
    entry = str(export(desk, f"imported/8/{sentences[0]}", "bibtex"))
    assert entry.startswith(f"@misc{{imported-8-{sentences[0]},\n  author = {{{{Ann Lee}}}},\n")
    assert "  year = {2024},\n  month = {05},\n  date = {2024-05-14},\n" in entry
    with pytest.raises(NotFound, match="no sentence or turn"):
        export(desk, "imported/8/s999", "csl")
    with pytest.raises(BadInput, match="holds whole records"):
        export(desk, "imported/8/t2", "docx")
    with pytest.raises(BadInput, match="no translation"):
        export(desk, "imported/8", "docx", beside=True)


def test_a_day_is_one_bulletin(desk: Desk) -> None:
    day = PartialDate.parse("2024-05-14")
    data = bulletin(desk, day, "docx")
    assert isinstance(data, bytes)
    texts = [one.text for one in Document(io.BytesIO(data)).paragraphs]
    assert texts[0] == "Records of May 14, 2024"
    assert [one for one in texts if one.startswith("Clip record")] == [
        "Clip record imported #8, edition 1", "Clip record imported #9, edition 1",
    ]  # fmt: skip
    text = str(bulletin(desk, day, "markdown", channel="quay tv"))
    assert ("Quay TV" in text, "Harbour One" in text) == (True, False)
    with pytest.raises(BadInput, match="no record of May 15, 2024"):
        bulletin(desk, PartialDate.parse("2024-05-15"), "docx")
    with pytest.raises(NotFound, match="no record is of a channel"):
        bulletin(desk, day, "docx", channel="Nobody")
    with pytest.raises(BadInput, match="docx or markdown"):
        bulletin(desk, day, "srt")
    with pytest.raises(BadInput, match="of one day"):
        bulletin(desk, PartialDate.parse("2024-05"), "docx")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("a.docx", lambda: word("MS. LEE: We [all] said no.", "And again.", "MR. KHAN: Why?")),
        ("a.html", lambda: b"<p>MS. LEE: We [all] said no.</p><p>And again.</p>"
                           b"<p class=MsoNormal>MR. KHAN: Why?</p><script>x</script>"),
    ],
)  # fmt: skip
def test_transcripts_from_word_and_from_the_clipboard(
    name: str, made: Callable[[], bytes], desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(made())
    reading = read_text(path.read_bytes(), path)
    assert [(turn.label, turn.text) for turn in reading.turns] == [
        ("MS. LEE", "We [all] said no.\nAnd again."), ("MR. KHAN", "Why?"),
    ]  # fmt: skip
    taken: Taken = take_text(desk, path, Origin(Channel("Harbour One")), actor="ana")
    assert (taken.new, taken.turns) == (True, 2)
    with pytest.raises(BadInput, match="leave --layout out"):
        read_text(path.read_bytes(), path, layout="captions")
