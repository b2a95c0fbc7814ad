"""What a record says of itself: who made its words, who speaks unknown, why it came again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from offair import formats
from offair.formats import record_json, record_text
from offair.model.errors import BadInput
from offair.model.record import (
    IMPORTED_NOT_CHECKED,
    NOT_CHECKED,
    NOT_TOLD_APART,
    WITHHELD,
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


@pytest.mark.parametrize(
    ("origin", "notice"), [("machine", NOT_CHECKED), ("import", IMPORTED_NOT_CHECKED)]
)
def test_every_format_says_who_made_the_words_nobody_checked(origin: str, notice: str) -> None:
    record = _record(origin, NOT_TOLD_APART)
    assert record.notice == notice
    assert replace(record, checked=True).notice is None
    for name, one in formats.FORMATS.items():
        if one.writes:
            assert notice in formats.writer(name)(record, record_text.layout_for(record)), name


@pytest.mark.parametrize("origin", ["machine", "import"])
def test_our_own_page_reads_back_with_its_notice_and_labels(origin: str) -> None:
    record = _record(origin, NOT_TOLD_APART, WITHHELD, NOT_TOLD_APART)
    printed = record_text.write(record, record_text.layout_for(record))
    again = record_text.read(printed).record
    assert [turn.label for turn in again.turns] == [NOT_TOLD_APART, WITHHELD, NOT_TOLD_APART]
    assert {turn.origin for turn in again.turns} == {origin}
    assert again.notice == record.notice
    assert (again.channel, again.headline, again.run_time_ms) == (
        "Harbour One", "A headline", 9_000,
    )  # fmt: skip
    assert {one.kind for one in again.speakers} == {SpeakerKind.LABEL}


def test_the_note_of_an_edition_is_public() -> None:
    record = _record("machine", NOT_TOLD_APART)
    for name in ("html", "markdown", "json"):
        assert "It said Tuesday; it says Monday." in formats.writer(name)(record)
    assert record_json.read(record_json.write(record))[0].note == record.note


def test_a_document_that_could_not_be_read_again_is_not_written() -> None:
    with pytest.raises(BadInput, match="language"):
        record_json.write(replace(_record("machine", NOT_TOLD_APART), language="not a tag"))
