"""The printed clip record under any text: exact or refused, and our own pages read back."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offair.formats.record_header import read_clip_header
from offair.formats.record_labels import find_label
from offair.formats.record_lines import split_lines
from offair.formats.record_marks import INFERRED, find_marks
from offair.formats.record_page import Page
from offair.formats.record_quotes import unquote
from offair.formats.record_text import layout_for, read, write, write_bytes
from offair.model.errors import BadInput
from offair.model.record import (
    Paragraph,
    Record,
    RecordNumber,
    RecordSpeaker,
    RecordTurn,
    StandingMark,
)
from offair.model.time import PartialDate, Precision
from offair.model.transcript import Mark, MarkKind, SpeakerKind

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "records"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*.txt"))}

FRAGMENTS = st.sampled_from(
    [
        "Host: ",
        "Ana Vega: ",
        "DR. VEGA: ",
        "Q\u00a0 \u00a0 ",
        "Q: ",
        "#12 | 03:04",
        "#12",
        "| 9:99",
        "Source: Canal Uno (Chile)",
        "Source:",
        "Source: ()",
        "Jun 01, 2021",
        "June 31, 2021",
        "31 February 2020",
        "May 2020",
        "2020",
        "TV Clip No. 9",
        "Aired May 06, 2011 - 12:00 ET",
        "Aired May 06, 2011 at 25:00",
        "5:49 P.M. EDT",
        "cta-image",
        "Donate",
        "END",
        "[...]",
        "…",
        "[",
        "]",
        "(LAUGHTER)",
        "(",
        ")",
        '"',
        "“",
        "”",
        "«",
        "»",
        "'",
        "\n",
        "\n\n",
        "\n\n\n",
        "\r\n",
        "\r",
        "\u00a0",
        " ",
        "\t",
        "\ufeff",
        "\u2028",
        "\u200f",
        "Unknown speaker: ",
        "MACHINE TRANSCRIPT, NOT CHECKED",
        "TRANSLATION, NOT CHECKED; 2 SENTENCES TRANSLATE WHAT WAS CHANGED SINCE",
        "A headline; Role Ana Vega: Pears",
        "The pears of the garden aired on Canal Uno on June 3, 2021.",
        "pears",
        "?",
        ".",
    ]
)
SOUP = st.lists(FRAGMENTS, max_size=40).map("".join)


def _survives(text: str | bytes) -> None:
    try:
        reading = read(text)
    except BadInput:
        return
    assert write_bytes(reading.record, reading.layout) == (
        text.encode() if isinstance(text, str) else text
    )


@given(st.text())
def test_any_text_is_refused_or_exact(text: str) -> None:
    _survives(text)


@given(st.binary())
def test_any_bytes_are_refused_or_exact(data: bytes) -> None:
    _survives(data)


@settings(max_examples=400)
@given(SOUP)
def test_soup_of_record_parts_is_refused_or_exact(text: str) -> None:
    _survives(text)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PAGES)), st.data())
def test_a_page_with_parts_thrown_in_is_refused_or_exact(name: str, data: Any) -> None:
    text = PAGES[name]
    for fragment in data.draw(st.lists(FRAGMENTS, max_size=6)):
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + fragment + text[place:]
    _survives(text)


def _transformations(text: str) -> dict[str, str]:
    return {
        "windows": text.replace("\n", "\r\n"),
        "marked": "\ufeff" + text.replace("\n", "\r\n"),
        "no-break": text.replace("\n\n", "\n\u00a0\n"),
        "unended": text.rstrip("\n"),
        "trailing": text.replace("\n", "  \n"),
    }


@pytest.mark.parametrize("kind", ["windows", "marked", "no-break", "unended", "trailing"])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_line_ends_and_blanks_change_the_layout_only(name: str, kind: str) -> None:
    plain = read(PAGES[name])
    text = _transformations(PAGES[name])[kind]
    reading = read(text.encode())
    assert write_bytes(reading.record, reading.layout) == text.encode()
    assert reading.record == plain.record
    assert [one.severity for one in reading.report] == [one.severity for one in plain.report]


@given(SOUP)
def test_marks_lie_in_their_text_in_order(text: str) -> None:
    marks, _ = find_marks(text)
    place = 0
    for mark in marks:
        assert place <= mark.char_start < mark.char_end <= len(text)
        assert text[mark.char_start : mark.char_end] == mark.text
        place = mark.char_end


@given(SOUP.map(str.strip), st.booleans(), st.booleans())
def test_unquoting_loses_no_character(text: str, quoted: bool, turn_open: bool) -> None:
    found = unquote(text, quoted=quoted, turn_open=turn_open)
    speech = found.speech(text)
    place, length = found.inside or (found.end, 0)
    assert found.start <= place <= place + length <= found.end <= len(text)
    assert text[found.start : place] + text[place + length : found.end] == speech


@given(SOUP)
def test_lines_join_to_their_text(text: str) -> None:
    lines = split_lines(text)
    assert "".join(line.text + line.ending for line in lines) == text
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


# Our own page of a record, read back


FIRST = ["Ana", "Luis", "Ngaio", "Zoë", "Omar", "Greta", "Ivo", "Solveig"]
LAST = ["Vega", "Brightwater", "Hölm", "Al-Tai", "O'Dell", "Marendić", "Van Dyk", "Aune"]
ROLE = ["Interviewer", "Host", "TV host", "Reporter 2", "Narrator"]
SPEECH = (
    'pears fell on the quay and nobody saw it at 6:40 while I counted; \'twas late, "they" '
    'said “no” [the keeper] (quietly) … ... «oui» 5" tall —'
)
WORDS = st.lists(st.sampled_from(SPEECH.split()), min_size=1, max_size=12).map(" ".join)
SENTENCE = WORDS.map(lambda words: f"So {words}.")


PRINTED_CUT = Mark(MarkKind.CUT, 0, 5, "[...]")
INFERRED_CUT = Mark(MarkKind.CUT, 0, 0, "", sense=INFERRED)


@st.composite
def records(draw: st.DrawFn) -> Record:
    names = draw(st.lists(st.sampled_from(LAST), min_size=1, max_size=3, unique=True))
    full = [f"{first} {last}" for first, last in zip(FIRST, names, strict=False)]
    roles = draw(st.lists(st.sampled_from(ROLE), max_size=2, unique=True))
    body: list[RecordTurn | StandingMark] = []
    forms: dict[str, str] = {}
    for number in range(draw(st.integers(1, 6))):
        label = draw(st.sampled_from([None, *full, *names, *roles]))
        owner = next((one for one in full if label in (one, one.split(" ", 1)[1])), label)
        if label is not None and owner is not None:
            forms.setdefault(label, owner)
        parts: list[Paragraph | StandingMark] = [Paragraph(draw(SENTENCE))]
        for _ in range(draw(st.integers(0, 2))):
            if draw(st.booleans()):
                parts.append(StandingMark(draw(st.sampled_from([PRINTED_CUT, INFERRED_CUT]))))
            parts.append(Paragraph(draw(SENTENCE)))
        body.append(RecordTurn(f"t{number + 1}", label, owner, tuple(parts)))
        if draw(st.booleans()):
            body.append(StandingMark(PRINTED_CUT))
    # A short label joins a full name only where the full name is printed somewhere.
    printed = {item.label for item in body if isinstance(item, RecordTurn)}
    short_only = any(form != owner and owner not in printed for form, owner in forms.items())
    headline = "; ".join(f"Gardener {one}: The Pears Fell" for one in full)
    keys: dict[str, str] = {}
    speakers: list[RecordSpeaker] = []
    for form in forms:
        owner = forms[form]
        if owner not in keys:
            keys[owner] = f"s{len(keys) + 1}"
            speakers.append(RecordSpeaker(keys[owner], owner, SpeakerKind.PERSON))
    placed = tuple(
        replace(item, speaker=keys[forms[item.label]])
        if isinstance(item, RecordTurn) and item.label is not None
        else item
        for item in body
    )
    return Record(
        number=draw(st.none() | st.just(RecordNumber("desk", "42"))),
        edition=1,
        date=PartialDate("2024-05-06", Precision.DAY),
        aired=None,
        headline=headline if short_only else draw(st.none() | st.just(headline)),
        run_time_ms=draw(st.none() | st.integers(0, 20_000_000)),
        channel=draw(st.none() | st.sampled_from(["Canal Uno", "Tideway TV"])),
        country=draw(st.none() | st.just("Chile")),
        summary=tuple(
            Paragraph(f"{full[0]} spoke. {text}") for text in draw(st.lists(SENTENCE, max_size=2))
        ),
        speakers=tuple(speakers),
        body=placed,
        checked=draw(st.booleans()),
    )


def _spoken(record: Record) -> list[Any]:
    return [
        (
            item.label,
            item.speaker,
            [part.text if isinstance(part, Paragraph) else part.mark.text for part in item.parts],
        )
        if isinstance(item, RecordTurn)
        else item.mark.text
        for item in record.body
    ]


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(records())
def test_our_own_page_is_read_back(record: Record) -> None:
    layout = layout_for(record)
    printed = write(record, layout)
    reading = read(printed)
    again = reading.record
    assert write(again, reading.layout) == printed
    assert _spoken(again) == _spoken(record)
    assert again.headline == record.headline
    assert [part.text for part in again.summary] == [part.text for part in record.summary]
    assert (again.number and again.number.printed) == (record.number and record.number.printed)
    assert (again.channel, again.country) == (record.channel, record.country)
    assert again.checked == record.checked
    assert again.date is not None
    assert again.date.value == "2024-05-06"
    assert [one.name for one in again.speakers] == [one.name for one in record.speakers]


# Size: work is counted, never timed


def _events(text: str) -> int:
    """How many calls of the format's functions reading a text takes: a count, not a time."""
    count = 0

    def note(frame: Any, event: str, arg: object) -> None:
        nonlocal count
        if event == "call" and "record_" in frame.f_code.co_filename:
            count += 1

    sys.setprofile(note)
    try:
        read(text)
    except BadInput:
        pass
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        'Host: "Pears."\n\n',
        "Ana{n} Vega{n}: Pears.\n",
        "Vega{n}: Pears.\n",
        "#12\n",
        "Ana: Pears.\n\n\n[...]\n\nMore (pears) [sic] ...\n",
    ],
)
def test_the_work_grows_with_the_lines_and_no_faster(unit: str) -> None:
    def text(size: int) -> str:
        return "Host: Pears.\n" + "".join(unit.replace("{n}", str(n)) for n in range(size))

    small, large = _events(text(400)), _events(text(1600))
    assert large < small * 6


@pytest.mark.parametrize(
    "line",
    [
        *(letters * 100_000 for letters in ("[", "(", '"', ".", "a:", " ", "…", '"a ', "(a) ")),
        "[a" * 70_000 + "]",
        "A " * 100_000 + ":",
    ],
)
def test_one_long_hostile_line(line: str) -> None:
    _survives(line)
    _survives(f'Host: "{line}\n\nGuest: {line}')


def test_fifty_megabytes_on_one_line() -> None:
    line = "Host: " + "pears and plums " * (50_000_000 // 16)
    reading = read(line)
    assert len(reading.record.turns[0].paragraphs[0].text) == len(line.strip()) - 6
    assert write(reading.record, reading.layout) == line
    with pytest.raises(BadInput) as caught:
        read(line.replace(":", " "))
    assert len(str(caught.value)) < 1000


def test_a_hundred_thousand_turns() -> None:
    text = "".join(f'Guest {n % 7}: "Pears {n}."\n\n' for n in range(100_000))
    reading = read(text)
    assert len(reading.record.turns) == 100_000
    assert write(reading.record, reading.layout) == text


def test_a_line_without_colon_is_never_searched_far() -> None:
    (line,) = split_lines("a" * 1_000_000)
    assert find_label(line) is None
    assert read_clip_header(Page([line])) is None
