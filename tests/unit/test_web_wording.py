"""Times, dates and words as the pages say them."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.model.errors import BadInput
from offair.model.time import PartialDate
from offair.model.transcript import Mark, MarkKind, Turn
from offair.model.words import NO_TIME, Word, Words
from offair.web import wording
from offair.web.guard import host_name
from offair.web.word_times import pack


@given(st.integers(0, 400 * 3_600_000))
def test_an_exact_time_reads_back(time_ms: int) -> None:
    assert wording.read_time(wording.exact(time_ms)) == time_ms


@pytest.mark.parametrize(
    ("text", "time_ms"),
    [("1:02:03", 3_723_000), ("2:03.5", 123_500), ("123", 123_000), ("75:00", 4_500_000)],
)
def test_times_as_people_write_them(text: str, time_ms: int) -> None:
    assert wording.read_time(text) == time_ms


@pytest.mark.parametrize("text", ["", "x", "-1", "1:2:3:4", "1e3", "1.2345", "٣", "1:" * 50])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is not a time"):
        wording.read_time(text)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2021", "2021"),
        ("2021-06", "Jun 2021"),
        ("2021-06-01", "1 Jun 2021"),
        ("2021-06-01T19:30", "1 Jun 2021, 19:30"),
        ("2021-06-01T19:30Z", "1 Jun 2021, 19:30 UTC"),
        ("2021-06-01T19:30:05+03:00", "1 Jun 2021, 19:30:05 +03:00"),
    ],
)
def test_a_date_is_never_more_exact_than_it_was(value: str, said: str) -> None:
    assert wording.day(PartialDate.parse(value)) == said


def test_marks_keep_the_text_and_its_markup_out() -> None:
    text = "we <b>said</b> [laughs] so"
    mark = Mark(MarkKind.STAGE, 15, 23, "[laughs]", confirmed=False)
    shown = wording.marked_text(Turn(1, 0, text, Words(), None, marks=(mark,)))
    assert shown.striptags().replace("&lt;", "<") == "we <b>said</b> [laughs] so"
    assert '<span class="mark" title="stage (kind not confirmed)">[laughs]</span>' in shown
    assert "<b>" not in shown


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("LocalHost:8914", "localhost"),
        ("[::1]:8914", "[::1]"),
        ("127.0.0.1", "127.0.0.1"),
        ("desk.example.:80", "desk.example"),
        ("", ""),
    ],
)
def test_host_without_port(header: str, name: str) -> None:
    assert host_name(header) == name


@st.composite
def spoken(draw: st.DrawFn) -> tuple[str, Words]:
    """A text with astral, combining and unspaced characters, and words with and without times."""
    text, words, clock = "", [], 0
    letters = st.text(st.sampled_from("abא𝒜😀漢é"), min_size=1, max_size=6)
    for piece in draw(st.lists(letters, max_size=12)):
        text += draw(st.sampled_from(["", " ", "  ", " — "]))
        begin = len(text)
        text += piece
        if draw(st.booleans()):
            clock = max(0, clock + draw(st.integers(-500, 100_000)))
            end = clock + draw(st.integers(0, 3_000))
            words.append(Word(begin, len(text), clock, end))
            clock = end
        else:
            words.append(Word(begin, len(text)))
    return text, Words.of(words)


@given(spoken())
def test_packed_words_read_back(said: tuple[str, Words]) -> None:
    text, words = said
    units = text.encode("utf-16-le")
    place = clock = 0
    read = []
    for index, entry in enumerate(pack(text, words).split(" ") if len(words) else []):
        length, lead, duration, skip = [*entry.split(","), "", "", ""][:4]
        begin = place + (int(skip, 36) if skip else 1 if index else 0)
        place = begin + int(length, 36)
        start = end = NO_TIME
        if lead:
            start = clock + int(lead, 36)
            clock = end = start + int(duration, 36)
        read.append((units[2 * begin : 2 * place].decode("utf-16-le"), start, end))
    assert read == [
        (text[word.char_start : word.char_end], start, end)
        for word, start, end in zip(words, words.start_ms, words.end_ms, strict=True)
    ]


def test_packed_words_are_short() -> None:
    words = Words(
        array("I", [0, 6]), array("I", [5, 11]), array("q", [1200, 1500]), array("q", [1500, 1900]),
        array("B", [1, 1]), array("H", [1, 1]), array("H", [0, 0]),
    )  # fmt: skip
    assert pack("hello world", words) == "5,xc,8c 5,0,b4"


def test_a_mark_that_is_no_part_of_the_text_is_shown_in_its_place() -> None:
    cut = Mark(MarkKind.CUT, 4, 4, "[...]", sense="unknown")
    text = str(wording.marked_text(Turn(1, 0, "One two", Words(), None, marks=(cut,))))
    assert text.startswith("One <span")
    assert 'data-mark="[...]"' in text
    assert text.endswith("></span>two")
    quoted = Mark(MarkKind.CLOCK, 0, 0, '"><script>')
    assert "<script>" not in str(
        wording.marked_text(Turn(1, 0, "x", Words(), None, marks=(quoted,)))
    )
