"""The rules of the printed clip record, one by one, on pages of our own."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from offair.formats.record_marks import INFERRED, MARKS, MarkRule, find_marks
from offair.formats.record_text import layout_for, read, write, write_bytes
from offair.model.errors import BadInput
from offair.model.record import (
    TRANSCRIPT_NOT_CHECKED,
    Paragraph,
    Reading,
    Record,
    RecordTurn,
    Severity,
    StandingMark,
)
from offair.model.time import Precision
from offair.model.transcript import Mark, MarkKind, SpeakerKind

HEAD = "Jun 04, 2015\n{headline}\n\n#12 | 01:30\nSource: Canal Uno (Chile)\n\n{summary}\n\n"


def page(
    body: str, headline: str = "A Gardener Speaks", summary: str = "A gardener spoke of pears."
) -> Reading:
    """A record with this transcript, read; its bytes are checked on the way."""
    text = HEAD.format(headline=headline, summary=summary) + body
    reading = read(text)
    assert write(reading.record, reading.layout) == text
    return reading


def speeches(reading: Reading) -> list[str]:
    return [part.text for turn in reading.record.turns for part in turn.paragraphs]


def doubts(reading: Reading) -> list[str]:
    return [one.message for one in reading.report if one.severity is Severity.DOUBT]


# Rule 1


def test_text_that_no_rule_explains_stays_and_is_listed() -> None:
    reading = page('Host: "Hello."\n\n* * *\n\nGuest: "Hello."\n\nRead the rules of this site\n')
    listed = [one for one in reading.report if one.severity is Severity.UNEXPLAINED]
    assert [(one.line, one.text) for one in listed] == [
        (11, "* * *"),
        (15, "Read the rules of this site"),
    ]
    assert speeches(reading) == ["Hello.", "Hello."]


def test_a_second_record_on_the_page_is_not_read_into_the_first() -> None:
    reading = page('Host: "One."\n\n#13 | 00:20\nSource: Canal Dos (Chile)\n\nHost: "Two."\n')
    assert speeches(reading) == ["One."]
    listed = [one.text for one in reading.report if one.severity is Severity.UNEXPLAINED]
    assert listed == ["#13 | 00:20", "Source: Canal Dos (Chile)", 'Host: "Two."']


def test_links_of_a_site_are_no_turns() -> None:
    reading = page('Host: "One."\n\nRelated clips\n\nBaker Ana Vega: Bread First\nLogin\n')
    assert speeches(reading) == ["One."]
    listed = [one.text for one in reading.report if one.severity is Severity.UNEXPLAINED]
    assert listed == ["Baker Ana Vega: Bread First", "Login"]


def test_a_sites_line_within_a_transcript_ends_nothing() -> None:
    reading = page('Host: "One."\n\nShare Video:\n\nGuest: "Two."\n\nHost: "Three."\n')
    assert speeches(reading) == ["One.", "Two.", "Three."]


def test_a_summary_with_a_colon_is_no_turn_where_speech_is_quoted() -> None:
    body = 'Ana Vega: "Pears."\n\nHost: "Plums."\n'
    reading = page(body, summary="The Garden Hour: a talk about pears.")
    assert speeches(reading) == ["Pears.", "Plums."]
    assert reading.record.summary[0].text == "The Garden Hour: a talk about pears."
    assert any("read as summary" in doubt for doubt in doubts(reading))


# Rule 2


def test_a_short_label_joins_the_one_full_name_that_ends_with_it() -> None:
    reading = page('Ana Soto Vega: "Pears."\n\nVega: "And quinces."\n\nMs. Vega: "Some."\n')
    (speaker,) = reading.record.speakers
    assert (speaker.name, speaker.title) == ("Ana Soto Vega", "Ms.")
    assert speaker.forms == ("Ana Soto Vega", "Vega", "Ms. Vega")


def test_a_short_label_with_two_full_names_stays_apart_and_is_doubted() -> None:
    reading = page('Ana Vega: "Pears."\n\nLuis Vega: "Quinces."\n\nVega: "Both."\n')
    assert [one.name for one in reading.record.speakers] == ["Ana Vega", "Luis Vega", "Vega"]
    assert any("several full names" in doubt for doubt in doubts(reading))


def test_a_first_name_alone_is_never_joined() -> None:
    reading = page('Ana Vega: "Pears."\n\nAna: "Quinces."\n')
    assert [one.name for one in reading.record.speakers] == ["Ana Vega", "Ana"]
    assert any("kept apart" in doubt for doubt in doubts(reading))


def test_a_short_label_finds_its_full_name_in_the_summary() -> None:
    reading = page('Vega: "Pears."\n', summary="The gardener Dr. Ana Vega spoke.")
    (speaker,) = reading.record.speakers
    assert (speaker.name, speaker.title) == ("Ana Vega", "Dr.")


def test_the_headlines_role_is_split_off_by_the_label() -> None:
    reading = page('Ana Vega: "Pears."\n', headline="Chilean Orchard Keeper Ana Vega: Pears First")
    (speaker,) = reading.record.speakers
    assert (speaker.name, speaker.role) == ("Ana Vega", "Chilean Orchard Keeper")


def test_the_headlines_spelling_comes_first_and_every_form_is_kept() -> None:
    reading = page('Zoe Hölm: "Pears."\n\nHölm: "More."\n', headline="Zoë Hölm: Pears First")
    (speaker,) = reading.record.speakers
    assert speaker.name == "Zoë Hölm"
    assert speaker.forms == ("Zoe Hölm", "Hölm")


def test_a_variant_spelling_is_doubted_not_merged_in_silence() -> None:
    reading = page('Karim Qasem: "Pears."\n', headline="Gardener Karim Kassem: Pears First")
    (speaker,) = reading.record.speakers
    assert (speaker.name, speaker.forms) == ("Karim Kassem", ("Karim Qasem",))
    assert any("please confirm" in doubt for doubt in doubts(reading))


def test_two_spellings_among_the_labels_stay_two_speakers() -> None:
    reading = page('Karim Qasem: "Pears."\n\nKarim Kassem: "Quinces."\n')
    assert len(reading.record.speakers) == 2
    assert any("another spelling" in doubt for doubt in doubts(reading))


def test_names_that_only_look_alike_are_not_proposed() -> None:
    reading = page('Adel Hassan: "Pears."\n', headline="Adel Hussein And Others: Pears First")
    assert reading.record.speakers[0].name == "Adel Hassan"
    assert not any("confirm" in doubt for doubt in doubts(reading))


def test_role_labels_belong_to_the_record_and_crowds_are_no_person() -> None:
    reading = page('Interviewer: "Pears?"\n\nCrowd: "Pears!"\n\nTV host: "Well."\n')
    kinds = [one.kind for one in reading.record.speakers]
    assert kinds == [SpeakerKind.ROLE, SpeakerKind.LABEL, SpeakerKind.ROLE]


def test_capitals_become_title_case() -> None:
    reading = read("MAEVE O'BRIEN-McKAY, ANCHOR: Rain.\nMcKAY: No.\nDR. O'BRIEN-McKAY: Rain.\n")
    first = reading.record.speakers[0]
    assert (first.name, first.role, first.title) == ("Maeve O'Brien-McKay", "ANCHOR", "Dr.")
    assert first.forms == ("MAEVE O'BRIEN-McKAY, ANCHOR", "DR. O'BRIEN-McKAY")


# Rule 3


@pytest.mark.parametrize(
    ("printed", "speech"),
    [
        ('"Pears."', "Pears."),
        ("“Pears.”", "Pears."),
        ("« Pears. »", "Pears."),
        ("„Pears.“", "Pears."),
        ("”Pears.”", "Pears."),
        ("\"'Pears'\"?", "'Pears'?"),
        ('"He said "pears.""', 'He said "pears."'),
        ('""Pears" and "plums.""', '"Pears" and "plums."'),
        ('"Pears." [applause]', "Pears. [applause]"),
        ('“Pears."', "Pears."),
        ('"Pears', "Pears"),
        ('""', ""),
    ],
)
def test_quotation_marks_around_speech_are_layout(printed: str, speech: str) -> None:
    reading = page(f'Host: "Well?"\n\nAna Vega: {printed}\n\nHost: "So."\n')
    assert speeches(reading)[1] == speech


def test_marks_that_close_early_are_speech() -> None:
    reading = page('Ana Vega: "Pears?" I said. He said "plums."\n\nHost: Good.\n')
    assert speeches(reading)[0] == '"Pears?" I said. He said "plums."'


def test_paragraphs_reopen_and_continue() -> None:
    reading = page('Ana Vega: "One.\n\n"Two.\n\nThree.\n\n"Four."\n\nHost: "Five."\n')
    assert speeches(reading) == ["One.", "Two.", "Three.", "Four.", "Five."]
    assert [len(turn.paragraphs) for turn in reading.record.turns] == [4, 1]


def test_an_unquoted_paragraph_after_a_closed_turn_continues_it_when_more_follows() -> None:
    reading = page('Ana Vega: "One."\n\nTwo.\n\nHost: "Three."\n')
    assert [len(turn.paragraphs) for turn in reading.record.turns] == [2, 1]


# Rule 4


def test_printed_cuts_inside_between_and_at_the_end() -> None:
    reading = page('Ana Vega: "One.\n\n[…]\n\n"Two."\n\n[...]\n\nHost: "Three."\n\n…\n')
    shape = [
        [type(part).__name__ for part in item.parts] if isinstance(item, RecordTurn) else "cut"
        for item in reading.record.body
    ]
    assert shape == [["Paragraph", "StandingMark", "Paragraph"], "cut", ["Paragraph"], "cut"]


def test_a_doubled_blank_line_inside_a_turn_is_an_inferred_cut() -> None:
    reading = page('Ana Vega: "One.\n\u00a0\n\n"Two."\n\nHost: "Three."\n')
    part = reading.record.turns[0].parts[1]
    assert part == StandingMark(Mark(MarkKind.CUT, 0, 0, "", sense=INFERRED))


def test_doubled_blank_lines_everywhere_are_no_cuts() -> None:
    text = "Ana Vega: One.\n\n\nTwo.\n\n\nHost: Three.\n\n\nAna Vega: Four.\n"
    reading = read(text)
    assert len(reading.record.turns[0].parts) == 2
    assert any("doubled blank" in doubt for doubt in doubts(reading))


# Rule 5


@pytest.mark.parametrize(
    ("text", "kind", "confirmed"),
    [
        ("We [the gardeners] left.", MarkKind.INSERTION, False),
        ("[T]he pears.", MarkKind.REPLACEMENT, True),
        ("The bakery [i.e., the old one].", MarkKind.GLOSS, True),
        ("[in English] Hello.", MarkKind.LANGUAGE, True),
        ("The lake [Finnish: järvi].", MarkKind.ORIGINAL_WORD, True),
        ("The lake [بحيرة].", MarkKind.ORIGINAL_WORD, False),
        ("Yes. [laughs]", MarkKind.STAGE, True),
        ("Yes. (LAUGHTER)", MarkKind.STAGE, True),
        ("Yes [words indistinct].", MarkKind.UNCLEAR, True),
        ("Yes. [passage omitted] No.", MarkKind.OMISSION, True),
        ("It were [sic] late.", MarkKind.SIC, True),
        ("[15:31:49] Yes.", MarkKind.CLOCK, True),
        ("Yes [...] no.", MarkKind.CUT, True),
    ],
)
def test_brackets_by_the_table(text: str, kind: MarkKind, confirmed: bool) -> None:
    ((mark,), _) = find_marks(text)
    assert (mark.kind, mark.confirmed) == (kind, confirmed)
    assert text[mark.char_start : mark.char_end] == mark.text


def test_other_round_brackets_stay_speech_and_are_doubted() -> None:
    marks, doubt = find_marks("The pears (the small ones) fell.")
    assert marks == ()
    assert doubt == ("perhaps an insertion: (the small ones)",)


def test_an_ellipsis_has_an_unknown_sense() -> None:
    (marks, _) = find_marks("Wait... no… [a... b]")
    assert [(mark.kind, mark.sense, mark.text) for mark in marks[:2]] == [
        (MarkKind.ELLIPSIS, "unknown", "..."),
        (MarkKind.ELLIPSIS, "unknown", "…"),
    ]
    assert [mark.kind for mark in marks[2:]] == [MarkKind.INSERTION]


def test_the_table_can_be_extended() -> None:
    bell = MarkRule(MarkKind.STAGE, "[", re.compile("ding", re.IGNORECASE))
    assert find_marks("[Ding]", (*MARKS, bell))[0][0].kind is MarkKind.STAGE
    reading = read("Host: [Ding] Yes.\n", marks=(*MARKS, bell))
    assert reading.record.turns[0].paragraphs[0].marks[0].kind is MarkKind.STAGE


# Rule 6


@pytest.mark.parametrize(
    "line",
    [
        "He also said: the pears.",
        "I tell you this: no pears.",
        "At 6:40 in the morning we left.",
        "So we want to say: warm thanks.",
        "Following are excerpts:",
        "The following day: rain.",
        "See https://example.org for pears.",
    ],
)
def test_colons_that_are_not_labels(line: str) -> None:
    reading = read(f"Ana Vega: Pears.\n\n{line}\n\nHost: Plums.\n")
    assert [turn.label for turn in reading.record.turns] == ["Ana Vega", "Host"]
    assert speeches(reading)[1] == line


@pytest.mark.parametrize("label", ["Theresa May", "Will Cooper", "Reporter 2", "Audience member"])
def test_labels_that_hold_words_of_running_speech(label: str) -> None:
    assert read(f"{label}: Pears.\n").record.turns[0].label == label


def test_a_label_alone_on_its_line() -> None:
    reading = read("Host:\nPears?\n\nAna Vega: Plums.\n\nHost: Quinces.\n")
    assert [turn.label for turn in reading.record.turns] == ["Host", "Ana Vega", "Host"]
    assert speeches(reading)[0] == "Pears?"


# Rule 7


def test_dates_keep_their_precision_and_print_again() -> None:
    reading = page('Host: "Pears."\n', summary="The talk aired on Canal Uno in June 2015.")
    assert reading.record.date is not None
    assert reading.record.aired is not None
    assert reading.record.date.precision is Precision.DAY
    assert (reading.record.aired.value, reading.record.aired.precision) == (
        "2015-06",
        Precision.MONTH,
    )
    later = replace(reading.record, date=replace(reading.record.date, value="2016-11-30"))
    assert write(later, reading.layout).startswith("Nov 30, 2016\n")


def test_a_clock_time_of_an_air_date_prints_again() -> None:
    text = "Show\nTitle Words\nAired June 06, 2011 - 12:00 ET\nHALE: Noon.\nHALE: Rain.\n"
    reading = read(text)
    assert write(reading.record, reading.layout) == text
    assert reading.record.aired is not None
    moved = replace(reading.record, aired=replace(reading.record.aired, value="2012-02-03T09:05"))
    assert "Aired February 03, 2012 - 09:05 ET" in write(moved, reading.layout)


# Rule 8


def test_no_header_is_said() -> None:
    assert read("Host: Pears.\n").report[0].message == "no header; read as a transcript only"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Pears fell.\n\nThey were ripe.\n", ["line 1", "Pears fell."]),
        ("\n\n  only this\n", ["line 3", "only this"]),
        ("", ["empty"]),
        ("\u00a0\n \n", ["empty"]),
        (b"Host: caf\xe9\n", ["byte 9", "0xe9", "UTF-8"]),
        (b"\xff\xfeH\x00", ["UTF-16", "UTF-8"]),
        (b"\x00\x01\x02\x03", ["zero byte", "character 0"]),
        ("Host: \ud800", ["surrogate", "position 6"]),
    ],
)
def test_what_is_refused_says_why(data: bytes | str, words: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        read(data, source="pears.txt")
    assert "pears.txt" in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_a_header_without_labels_is_a_record_without_turns() -> None:
    reading = page("")
    assert reading.record.turns == ()
    assert any("no turns" in doubt for doubt in doubts(reading))


# Rule 9


def test_a_foreign_channel_in_english_is_a_translation() -> None:
    record = page('Host: "The pears are in the garden and they are ripe."\n').record
    assert (record.kind, record.language, record.original_language) == ("translation", "en", "und")
    assert record.translator is None
    assert record.completeness == "excerpts"


def test_an_english_speaking_channel_is_not() -> None:
    text = HEAD.replace("Chile", "Ireland").format(headline="Pears", summary="The pears of a man.")
    assert read(text + 'Host: "The pears are in the garden."\n').record.kind == "speech"


def test_languages_that_are_known_are_kept() -> None:
    record = read("Host: Pears.\n", language="en", original_language="es").record
    assert (record.language, record.original_language) == ("en", "es")


# The writer


def test_a_layout_that_does_not_fit_is_refused() -> None:
    reading = page('Host: "Pears."\n')
    longer = replace(
        reading.record,
        body=(*reading.record.body, RecordTurn("t9", "Host", "s1", (Paragraph("Plums."),))),
    )
    with pytest.raises(BadInput, match="no place for turn:t9"):
        write(longer, reading.layout)
    with pytest.raises(BadInput, match="lacks"):
        write(replace(reading.record, body=()), reading.layout)


def test_the_byte_order_mark_and_line_ends_come_back() -> None:
    data = '\ufeffHost: "Pears."\r\n\u00a0\r\nGuest: "Plums."  \rHost: "End'.encode()
    reading = read(data)
    assert write_bytes(reading.record, reading.layout) == data
    assert speeches(reading) == ["Pears.", "Plums.", "End"]


def test_unchecked_is_printed_first_and_read_back() -> None:
    reading = page('Host: "Pears."\n')
    record = replace(reading.record, checked=False)
    printed = write(record)
    assert printed.splitlines()[6] == TRANSCRIPT_NOT_CHECKED
    again = read(printed).record
    assert not again.checked
    assert {turn.origin for turn in again.turns} == {"person"}
    assert TRANSCRIPT_NOT_CHECKED not in write(replace(record, checked=True))


def test_an_inferred_cut_is_never_printed_as_a_mark() -> None:
    reading = page('Ana Vega: "One.\n\n\n"Two."\n\nHost: "Three."\n')
    printed = write(reading.record, layout_for(reading.record))
    assert "[...]" not in printed
    assert read(printed).record.body == reading.record.body


def test_a_cut_of_the_desks_own_is_printed() -> None:
    cut = StandingMark(Mark(MarkKind.CUT, 0, 0, ""), omitted_ms=4000)
    turn = RecordTurn("t1", "Host", "s1", (Paragraph("Pears."), cut, Paragraph("Plums.")))
    record = replace(page('Host: "Pears."\n').record, body=(turn,))
    assert 'Host: "Pears.\n\n[...]\n\n"Plums."\n' in write(record)


def test_a_turn_without_label_never_joins_the_turn_before() -> None:
    turns = (
        RecordTurn("t1", None, None, (Paragraph("Pears."),)),
        RecordTurn("t2", "Host", "s1", (Paragraph("Plums."),)),
        RecordTurn("t3", None, None, (Paragraph("Quinces."),)),
    )
    record: Record = replace(page('Host: "Pears."\n').record, body=turns)
    again = read(write(record, layout_for(record))).record
    assert [turn.label for turn in again.turns] == [None, "Host", None]
    assert [turn.speaker for turn in again.turns] == [None, "s1", None]


def test_sound_is_sent_to_the_command_that_takes_it_in() -> None:
    with pytest.raises(BadInput, match="taken in with `offair add`"):
        read(b"RIFF\x80\x00\x00\x00WAVE", source="a.wav")
    with pytest.raises(BadInput, match="byte 3 is 0xe9"):
        read(b"caf\xe9", source="a.txt")
