"""Where words stand after a turn was changed; and words selected as a span of time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.time import Span
from offair.model.transcript import Turn
from offair.model.words import TimeSource, Word, Words
from offair.text.carried_place import carried_place
from offair.text.word_spans import MARGIN_MS, Selection, in_order, span_of

OLD = "The late boat stays, and the price stays."


def _now(after: list[str], start: int, end: int, before: list[str] | None = None) -> str | None:
    found = carried_place(before or [OLD], after, 0, start, end)
    return None if found is None else after[found.text][found.char_start : found.char_end]


@pytest.mark.parametrize(
    ("after", "now", "unchanged"),
    [
        (["Well, the boat stays. The late boat stays, and the price stays."], "late boat", True),
        (["The late, late boat stays, and the price stays."], "late boat", True),
        (["The last boat stays, and the price stays."], "last boat", False),
        (["The late night boat stays, and the price stays."], "late night boat", False),
        (["The", "late boat stays, and the price stays."], "late boat", True),
        (["The late", "boat stays, and the price stays."], "late", False),
        (["The evening ferry stays, and the price stays."], "evening ferry", False),
        (["The stays, and the price stays."], None, False),
    ],
)
def test_words_go_along_with_a_revision(after: list[str], now: str | None, unchanged: bool) -> None:
    start = OLD.index("late")
    found = carried_place([OLD], after, 0, start, start + len("late boat"))
    assert _now(after, start, start + len("late boat")) == now
    assert (found is not None and found.unchanged) == unchanged


def test_words_of_a_merged_turn_are_found_behind_those_before_it() -> None:
    found = carried_place(["stays stays", OLD], [f"stays stays {OLD}"], 1, 0, 3)
    assert found is not None
    assert (found.text, found.char_start, found.char_end) == (0, 12, 15)


def test_part_of_a_word_stays_part_of_it() -> None:
    assert _now([f"So: {OLD}"], 5, 8) == "ate"


@settings(max_examples=80)
@given(
    st.lists(st.text("ab \n", max_size=12), min_size=1, max_size=3),
    st.lists(st.text("ab \n", max_size=12), max_size=3),
    st.data(),
)
def test_a_carried_place_lies_in_the_new_text(
    before: list[str], after: list[str], data: st.DataObject
) -> None:
    text = data.draw(st.integers(0, len(before) - 1))
    start = data.draw(st.integers(0, len(before[text])))
    end = data.draw(st.integers(start, len(before[text])))
    found = carried_place(before, after, text, start, end)
    if found is not None:
        assert 0 <= found.char_start <= found.char_end <= len(after[found.text])
    same = carried_place(before, before, text, start, end)
    words = before[text][start:end].split()
    if words:
        assert same is not None
        assert same.unchanged
        assert before[same.text][same.char_start : same.char_end].split() == words


def _turn(turn_id: int, *words: tuple[str, int | None, int | None]) -> Turn:
    text, made = "", []
    for word, start, end in words:
        begin = len(text) + (1 if text else 0)
        text = f"{text} {word}" if text else word
        made.append(Word(begin, len(text), start, end, TimeSource.ENGINE))
    columns = Words.of(made)
    return Turn(turn_id, turn_id, text, columns, columns.span)


TURNS = [
    _turn(1, ("good", 0, 400), ("day", 450, 800)),
    _turn(2, ("the", 1_000, 1_200), ("late", 1_200, 1_500), ("boat", 1_520, 1_900)),
    _turn(3, ("stays", 3_000, 3_500)),
]


def test_selected_words_are_a_span_that_cuts_into_no_neighbour() -> None:
    # “late boat”: nothing before it but the word that touches it, a second of silence behind it.
    assert span_of(TURNS, Selection(2, 2, 4, 13)) == Span(1_200, 1_900 + MARGIN_MS)
    # The silence before “the” is shared with “day”; at the beginning no time runs below zero.
    assert span_of(TURNS, Selection(2, 3, 0, 5)) == Span(900, 3_500 + MARGIN_MS)
    assert span_of(TURNS, Selection(1, 1, 0, 4)) == Span(0, 425)


def test_words_without_times_have_no_span() -> None:
    untimed = [_turn(1, ("good", None, None))]
    assert span_of(untimed, Selection(1, 1, 0, 4)) is None


def test_spans_that_touch_are_joined() -> None:
    spans = [Span(500, 900), Span(0, 200), Span(200, 300), Span(600, 700)]
    assert in_order(spans) == (Span(0, 300), Span(500, 900))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=2, max_size=8), st.data()
)
def test_a_span_holds_its_words_and_the_middle_of_no_other(
    gaps: list[tuple[int, int]], data: st.DataObject
) -> None:
    words, at = [], 0
    for number, (gap, length) in enumerate(gaps):
        words.append((f"w{number}", at + gap, at + gap + length))
        at += gap + length
    turn = _turn(1, *words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    selection = Selection(1, 1, turn.words.char_start[first], turn.words.char_end[last])
    span = span_of([turn], selection)
    assert span is not None
    for number, (_, start, end) in enumerate(words):
        if first <= number <= last:
            assert span.start <= start
            assert end <= span.end
        else:
            assert not span.start < (start + end) / 2 < span.end
