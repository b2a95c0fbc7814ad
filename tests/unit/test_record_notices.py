"""What a record says of itself: who made its words, who speaks unknown, why it came again."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from offair import formats
from offair.formats import record_json, record_text, timed_text
from offair.model.errors import BadInput
from offair.model.record import (
    CAPTIONS_NOT_CHECKED,
    IMPORTED_NOT_CHECKED,
    IMPORTED_TRANSLATION_NOT_CHECKED,
    MACHINE_TRANSLATION_NOT_CHECKED,
    NOT_CHECKED,
    NOT_TOLD_APART,
    NOTICES,
    WITHHELD,
    Caution,
    Paragraph,
    Record,
    RecordNumber,
    RecordSpeaker,
    RecordTurn,
)
from offair.model.time import PartialDate, Span
from offair.model.transcript import SpeakerKind


def _record(origin: str, *labels: str) -> Record:
    speakers = tuple(
        RecordSpeaker(f"s{number}", label, SpeakerKind.LABEL, (label,))
        for number, label in enumerate(dict.fromkeys(labels), start=1)
    )
    keys = {speaker.name: speaker.key for speaker in speakers}
    turns = tuple(
        RecordTurn(
            f"t{number}", label, keys[label], (Paragraph(f"Words of turn {number}."),),
            Span(number * 1000, number * 1000 + 900), origin,
        )
        for number, label in enumerate(labels, start=1)
    )  # fmt: skip
    return Record(
        RecordNumber("test", "7"), 2, PartialDate.parse("2026-05-14"), None, "A headline", 9_000,
        "Harbour One", "Ireland", (Paragraph("A summary of it."),), speakers, turns, language="en",
        note="It said Tuesday; it says Monday.",
    )  # fmt: skip


KINDS = [(kind, origin, notice) for notice, (kind, origin) in NOTICES.items()]


def _written(record: Record) -> dict[str, str]:
    """The record in every format that can be written, of Word the text of the document."""
    layout = record_text.layout_for(record)
    found = {}
    for name, one in formats.FORMATS.items():
        if one.writes:
            made = formats.writer(name)(record, layout)
            found[name] = made if isinstance(made, str) else _document(made)
    return found


def _document(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("word/document.xml").decode()


@pytest.mark.parametrize(("kind", "origin", "notice"), KINDS)
def test_every_format_says_what_the_reader_reads(kind: str, origin: str, notice: str) -> None:
    record = replace(_record(origin, NOT_TOLD_APART), kind=kind)
    assert record.notice == notice
    others = [other for other in NOTICES if other not in notice]
    for name, text in _written(record).items():
        assert notice in text, name
        assert not any(other in text for other in others), name
    checked = replace(record, checked=True)
    assert checked.caution is None
    assert not any(notice in text for text in _written(checked).values())


def test_of_several_origins_the_one_trusted_least_counts() -> None:
    record = _record("person", NOT_TOLD_APART, WITHHELD)
    said = {}
    for origin in ("broadcaster", "import", "machine"):
        record = replace(record, body=(replace(record.turns[0], origin=origin), record.turns[1]))
        said[origin] = (record.notice, replace(record, kind="translation").notice)
    assert said == {
        "broadcaster": (CAPTIONS_NOT_CHECKED, IMPORTED_TRANSLATION_NOT_CHECKED),
        "import": (IMPORTED_NOT_CHECKED, IMPORTED_TRANSLATION_NOT_CHECKED),
        "machine": (NOT_CHECKED, MACHINE_TRANSLATION_NOT_CHECKED),
    }


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize(
    ("stale", "line"),
    [(1, "1 SENTENCE TRANSLATES WHAT WAS CHANGED SINCE"),
     (12, "12 SENTENCES TRANSLATE WHAT WAS CHANGED SINCE")],
)  # fmt: skip
def test_every_format_says_how_much_of_a_translation_is_stale(
    checked: bool, stale: int, line: str
) -> None:
    record = replace(_record("machine", NOT_TOLD_APART), kind="translation", stale=stale)
    record = replace(record, checked=checked)
    for name, text in _written(record).items():
        if name == "json":
            assert f'"stale": {stale}' in text
        else:
            assert line in text, name
    assert Caution.read(record.caution or "") == Caution(record.notice, stale)


def test_the_turn_that_is_stale_is_told() -> None:
    record = replace(_record("machine", WITHHELD, NOT_TOLD_APART), kind="translation", stale=1)
    record = replace(record, body=(record.turns[0], replace(record.turns[1], stale=True)))
    for name in ("html", "markdown"):
        text = formats.writer(name)(record)
        assert text.count("original changed since") == 1
        assert text.count("machine translation, not heard") == 2
    again = record_json.read(record_json.write(record))[0]
    assert again == record


@pytest.mark.parametrize(
    "line",
    [
        "",
        "NOT CHECKED",
        "MACHINE TRANSCRIPT, NOT CHECKED; ",
        "0 SENTENCES TRANSLATE WHAT WAS CHANGED SINCE",
        "1 SENTENCES TRANSLATE WHAT WAS CHANGED SINCE",
        "٣ SENTENCES TRANSLATE WHAT WAS CHANGED SINCE",
        "TRANSLATION, NOT CHECKED; TRANSLATION, NOT CHECKED",
    ],
)
def test_a_line_that_only_looks_like_a_notice_is_none(line: str) -> None:
    assert Caution.read(line) is None
    assert Caution.read_bracketed(line) is None


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("stale", [0, 1, 7])
def test_caption_files_read_back_without_the_notice_as_speech(notice: str, stale: int) -> None:
    kind, origin = NOTICES[notice]
    record = replace(_record(origin, "Ann Lee"), kind=kind, stale=stale)
    assert record.caution is not None
    for name in ("webvtt", "srt"):
        written = formats.writer(name)(record)
        cues, remarks = timed_text.read(written.encode(), source=f"x.{name}")
        assert [cue.text for cue in cues] == ["Words of turn 1."]
        assert any(record.caution in remark.text for remark in remarks)


@pytest.mark.parametrize("stale", [0, 1, 7])
@pytest.mark.parametrize(("kind", "origin", "notice"), KINDS)
def test_our_own_page_reads_back_with_its_notice_and_labels(
    kind: str, origin: str, notice: str, stale: int
) -> None:
    record = _record(origin, NOT_TOLD_APART, WITHHELD, NOT_TOLD_APART)
    record = replace(record, kind=kind, stale=stale)
    printed = record_text.write(record, record_text.layout_for(record))
    assert notice in printed.splitlines()[6]
    reading = record_text.read(printed)
    again = reading.record
    assert record_text.write(again, reading.layout) == printed
    assert record_text.write(again) == printed
    assert (again.kind, again.stale, again.checked) == (kind, stale, False)
    assert [turn.label for turn in again.turns] == [NOT_TOLD_APART, WITHHELD, NOT_TOLD_APART]
    assert {turn.origin for turn in again.turns} == {origin}
    assert again.notice == record.notice
    assert (again.channel, again.headline, again.run_time_ms) == (
        "Harbour One", "A headline", 9_000,
    )  # fmt: skip
    assert {one.kind for one in again.speakers} == {SpeakerKind.LABEL}


def test_of_mixed_origins_the_least_trusted_is_told() -> None:
    record = _record("person", NOT_TOLD_APART, WITHHELD)
    mixed = replace(record, body=(record.turns[0], replace(record.turns[1], origin="machine")))
    assert mixed.notice == NOT_CHECKED


def test_a_document_without_the_new_fields_is_read_and_written_as_it_was() -> None:
    written = record_json.write(_record("machine", NOT_TOLD_APART))
    assert "stale" not in written
    assert record_json.write(*record_json.read(written)) == written


def test_the_note_of_an_edition_is_public() -> None:
    record = _record("machine", NOT_TOLD_APART)
    for name in ("html", "markdown", "json"):
        assert "It said Tuesday; it says Monday." in formats.writer(name)(record)
    assert record_json.read(record_json.write(record))[0].note == record.note


def test_a_document_that_could_not_be_read_again_is_not_written() -> None:
    with pytest.raises(BadInput, match="language"):
        record_json.write(replace(_record("machine", NOT_TOLD_APART), language="not a tag"))
