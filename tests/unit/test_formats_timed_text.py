"""Captions: what we write we read; what others wrote is read or refused, and nothing is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_record import records

from offair.formats import record_srt, record_webvtt, timed_text
from offair.formats.record_cues import in_clip_time
from offair.model.errors import BadInput
from offair.model.record import (
    Paragraph,
    Record,
    RecordSpan,
    RecordTurn,
    Severity,
)
from offair.model.time import Span
from offair.model.transcript import Cue

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def heard(cue: Cue) -> str:
    """What a cue prints, without the spaces and colons that a label is set off with."""
    return re.sub(r"[\s:：]+", "", f"{cue.speaker or ''}{cue.text}")


@given(records(timed=True))
@settings(max_examples=80)
def test_webvtt_comes_back_with_the_same_times_and_text(record):
    cues, _ = timed_text.read(record_webvtt.write(record).encode(), source="x.vtt")
    wanted = in_clip_time(record, None)
    assert [cue.span for cue in cues] == [cue.span for cue in wanted]
    assert [heard(cue) for cue in cues] == [heard(cue) for cue in wanted]


@given(records(timed=True))
@settings(max_examples=80)
def test_srt_comes_back_with_the_same_times_and_text(record):
    cues, remarks = timed_text.read(record_srt.write(record).encode(), source="x.srt")
    wanted = in_clip_time(record, None)
    assert [cue.span for cue in cues] == [cue.span for cue in wanted]
    last = None
    for read, written in zip(cues, wanted, strict=True):
        name = " ".join((written.speaker or "").split())
        said = replace(written, speaker=name if name != last else None)
        assert heard(read) == heard(said)
        last = name
    said = [one.text for one in remarks if one.message.startswith("the file says")]
    assert said == ([f"[{record.caution}]"] if record.caution else [])


@given(records(timed=True))
@settings(max_examples=30)
def test_notice_is_in_every_caption_file_of_an_unchecked_record(record):
    for text in (record_webvtt.write(record), record_srt.write(record)):
        assert ("NOT CHECKED" in text) == (not record.checked)
        assert (record.caution or "") in text


@given(st.binary(max_size=200), st.sampled_from(["x.vtt", "x.srt"]))
def test_any_bytes_are_read_or_refused(data, source):
    for prefix in (b"", b"WEBVTT\n\n", b"1\n00:00:01,000 --> 00:00:02,000\n"):
        try:
            cues, _ = timed_text.read(prefix + data, source=source)
        except BadInput:
            continue
        assert cues


@given(st.lists(st.sampled_from([
    "WEBVTT", "", "1", "2", "1989", "text", "00:00:01.000 --> 00:00:02.000", "NOTE x", "a --> b",
    "00:00:03,5 --> 00:00:01,0", "<v Ann>yes", "99:99:99,999 --> 1",
    "-00:00:01,000 --> 00:00:02,000",
]), max_size=14))  # fmt: skip
def test_no_line_of_words_is_dropped_without_a_remark(lines):
    data = "\n".join(lines).encode()
    try:
        cues, remarks = timed_text.read(data, source="x.srt")
    except BadInput:
        return
    kept = " ".join([c.text for c in cues] + [r.text for r in remarks])
    # A line right above a timing may be the cue's name, which is no speech.
    below = [*lines[1:], ""]
    words = [line for line, after in zip(lines, below, strict=True) if "-->" not in after]
    for line in ("text", "NOTE x", "a --> b"):
        assert kept.count(line) >= words.count(line)


def read(text: str, source: str = "x.srt"):
    return timed_text.read(text.encode(), source=source)


def test_number_on_the_last_line_is_speech_not_a_counter():
    first = "1\n00:00:01,000 --> 00:00:02,000\nWhen?\n1989\n\n"
    cues, _ = read(f"{first}2\n00:00:03,000 --> 00:00:04,000\n7\n")
    assert [cue.text for cue in cues] == ["When?\n1989", "7"]


def test_clock_without_fraction_keeps_its_caption():
    cues, _ = read("00:00:01 --> 00:00:02,04\nYes\n")
    assert cues == (Cue(Span(1000, 2040), "Yes"),)


def test_speakers_come_from_voices_and_labels():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Ann &amp; Co>No.</v> <v Bob>Why?\n\n"
    cues, _ = read(text + "00:03.000 --> 00:04.000\nMAN:\nHere\n", "x.vtt")
    assert [(c.speaker, c.text) for c in cues] == [
        ("Ann & Co", "No."),
        ("Bob", "Why?"),
        ("MAN", "Here"),
    ]


@pytest.mark.parametrize("text", ["He also said: no", "At 10:30 we left", "Is it: so?"])
def test_a_colon_in_a_sentence_is_no_label(text):
    cues, _ = read(f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n")
    assert cues[0].speaker is None
    assert cues[0].text == text


def test_backwards_overlapping_and_empty_captions_are_reported():
    cues, remarks = read(
        "1\n00:00:05,000 --> 00:00:04,000\nA\n\n2\n00:00:01,000 --> 00:00:09,000\nB\n\n"
        "3\n00:00:06,000 --> 00:00:07,000\nC\n\n4\n00:00:08,000 --> 00:00:09,000\n\n"
    )
    assert [cue.span for cue in cues] == [Span(5000, 5000), Span(1000, 9000), Span(6000, 7000)]
    said = " / ".join(remark.message for remark in remarks)
    assert "ends before it starts" in said
    assert "starts before the caption above it" in said
    assert "has ended" in said
    assert "no words" in said


def test_negative_time_is_left_out_and_its_words_are_in_the_report():
    cues, remarks = read(
        "1\n-00:00:01,000 --> 00:00:02,000\nEarly words\n\n2\n00:00:03,000 --> 00:00:04,000\nB\n"
    )
    assert [cue.text for cue in cues] == ["B"]
    (remark,) = [one for one in remarks if one.severity is Severity.UNEXPLAINED]
    assert "Early words" in remark.text
    assert remark.line == 2


def test_encodings_are_never_guessed():
    text = "1\n00:00:01,000 --> 00:00:02,000\nقال\n"
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        cues, _ = timed_text.read(text.encode(encoding), source="x.srt")
        assert cues[0].text == "قال"
    data = text.encode("windows-1256")
    with pytest.raises(BadInput, match=r"x\.srt: the byte at offset 32 is not UTF-8.*--encoding"):
        timed_text.read(data, source="x.srt")
    cues, _ = timed_text.read(data, source="x.srt", encoding="windows-1256")
    assert cues[0].text == "قال"
    for wrong in ("klingon", "hex", "utf-7"):
        with pytest.raises(BadInput, match="no text encoding"):
            timed_text.read(data, source="x.srt", encoding=wrong)


def test_record_without_times_is_refused_with_another_format_named():
    record = replace(
        records_timed(), body=tuple(_untimed(t) for t in records_timed().turns), spans=()
    )
    for writer in (record_webvtt.write, record_srt.write):
        with pytest.raises(BadInput, match="'record' or 'markdown'"):
            writer(record)


def test_cues_of_the_caller_are_cut_to_the_clip_and_moved():
    record = replace(records_timed(), spans=(RecordSpan(1, Span(10_000, 20_000)),))
    cues = [
        Cue(Span(9_000, 11_000), "a"),
        Cue(Span(12_000, 12_000), "b"),
        Cue(Span(30_000, 31_000), "c"),
    ]
    assert [c.span for c in in_clip_time(record, cues, offset_ms=500)] == [
        Span(500, 1500),
        Span(2500, 2501),
    ]
    with pytest.raises(BadInput, match="within its spans"):
        in_clip_time(record, cues[2:])


def test_two_spans_follow_one_another_in_the_clip():
    spans = (RecordSpan(1, Span(10_000, 12_000)), RecordSpan(1, Span(50_000, 53_000)))
    record = replace(records_timed(), spans=spans)
    (cue,) = in_clip_time(record, [Cue(Span(50_500, 51_000), "later")])
    assert cue.span == Span(2500, 3000)


def records_timed():
    turn = RecordTurn("t1", "Ann", None, (Paragraph("Yes.", (), Span(0, 900)),), Span(0, 900))
    return Record(None, 0, None, None, None, None, None, None, (), (), (turn,))


def _untimed(turn):
    parts = tuple(replace(part, span=None) for part in turn.paragraphs)
    return replace(turn, span=None, parts=parts)


@pytest.mark.skipif(not SHARED.exists(), reason="no folder `shared` beside the repository")
def test_ugly_files_of_others_are_read_or_refused():
    read_count = 0
    for path in sorted((SHARED / "formats").rglob("*")):
        if not path.is_file():
            continue
        try:
            cues, _ = timed_text.read(path.read_bytes(), source=path.name)
        except BadInput:
            continue
        read_count += bool(cues)
    assert read_count > 50
