"""A text that a person changes: its times, marks, halves, sentences, in every writing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given, settings

from offair.model.errors import BadInput
from offair.model.time import Span
from offair.model.transcript import Mark, MarkKind, Turn
from offair.model.words import TimeSource, Word, Words
from offair.text.divided import cut_ranges, merge, recut, split
from offair.text.marked import (
    BY_HAND,
    add_mark,
    remove_mark,
    shifted,
    splits_no_character,
    unspoken,
    without_words,
)
from offair.text.retime import retime
from offair.text.sentences import sentences
from offair.text.word_changes import word_changes

PIECES = st.sampled_from(
    ["ferry", "leaves", "at", "six.", "Ferry,", "não", "naïve", "العبّارة", "تبحر.", "船", "は。",
     "👩‍👩‍👧", "שלום", "e\u0301te\u0301", "12", "ไป", "[aside]"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=10).map(" ".join)


def spoken(text: str, gap: int = 100, ms: int = 400) -> Turn:
    """A turn of this text: each piece between blanks a word, from second 1 on."""
    words, at = [], 0
    for place, piece in enumerate(text.split(" ") if text else []):
        start = 1_000 + (ms + gap) * place
        words.append(Word(at, at + len(piece), start, start + ms, TimeSource.ENGINE, 0.5))
        at += len(piece) + 1
    end = 1_000 + (ms + gap) * len(words)
    return Turn(7, 0, text, Words.of(words), Span(1_000, end) if words else None)


@settings(max_examples=80)
@given(old=TEXTS, new=TEXTS, gap=st.sampled_from([0, 100]))
def test_starts_never_decrease_and_nothing_leaves_the_turn(old: str, new: str, gap: int) -> None:
    turn = spoken(old, gap)
    assume(turn.span is not None)
    assert turn.span is not None
    found = retime(old, turn.words, new, turn.span)
    starts = [one.start for one in found if one.start is not None]
    assert starts == sorted(starts)
    for one in found:
        if one.start is not None and one.end is not None:
            assert turn.span.start <= one.start <= one.end <= turn.span.end
    again = retime(new, found, new, turn.span)
    assert again == found


@settings(max_examples=80)
@given(head=TEXTS, gone=TEXTS, put=TEXTS, tail=TEXTS)
def test_unchanged_words_keep_identical_times(head: str, gone: str, put: str, tail: str) -> None:
    before = " ".join(one for one in ("alpha", head, gone, tail, "omega") if one)
    after = " ".join(one for one in ("alpha", head, put, tail, "omega") if one)
    turn = spoken(before)
    found = retime(before, turn.words, after, turn.span)
    kept = {(one.start, one.end) for one in found if one.source is not TimeSource.INTERPOLATED}
    count = len(head.split()) + 1
    for one in list(turn.words)[:count]:
        assert (one.start, one.end) in kept
    assert (turn.words[-1].start, turn.words[-1].end) in kept


def test_a_replaced_run_shares_the_time_of_the_old_one_by_length() -> None:
    turn = spoken("one two three four")
    found = retime(turn.text, turn.words, "one abcdef ab four", turn.span)
    assert [(w.start, w.end, w.source) for w in found][1:3] == [
        (1_500, 2_175, TimeSource.INTERPOLATED), (2_175, 2_400, TimeSource.INTERPOLATED),
    ]  # fmt: skip


def test_a_word_put_where_there_is_no_pause_has_no_time() -> None:
    turn = spoken("one two", gap=0)
    found = retime(turn.text, turn.words, "one more two", turn.span)
    assert (found[1].start, found[1].source) == (None, TimeSource.NONE)
    assert retime("one two", turn.words, "one (x) two", turn.span, [(4, 7)])[1].start == 1_400


@settings(max_examples=80)
@given(old=TEXTS, new=TEXTS, data=st.data())
def test_marks_go_with_their_characters(old: str, new: str, data: st.DataObject) -> None:
    assume(old)
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start, len(old)))
    mark = Mark(MarkKind.UNCLEAR, start, end, old[start:end])
    assert shifted([mark], old, old) == (mark,)
    for one in shifted([mark], old, new):
        assert 0 <= one.char_start <= one.char_end <= len(new)
        assert one.text == new[one.char_start : one.char_end]
        assert (one.char_start == one.char_end) == (start == end)
    piece = old[start:end]
    if piece.strip() and piece == piece.strip():
        for longer in (f"x {old}", f"{old} y"):
            assert [piece] == [one.text for one in shifted([mark], old, longer)]


@settings(max_examples=80)
@given(text=TEXTS, kind=st.sampled_from(BY_HAND), data=st.data())
def test_a_mark_set_and_taken_away(text: str, kind: MarkKind, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    other = Mark(MarkKind.CLOCK, len(text), len(text), "10:00")
    try:
        made = add_mark(text, [other], kind, start, end, "a word")
    except BadInput:
        piece = text[start:end]
        first = start + len(piece) - len(piece.lstrip())
        edges = (start, end, first, first + len(piece.strip()))
        assert (
            (start < end and not piece.strip())
            or not all(splits_no_character(text, at) for at in edges)
            or (kind is MarkKind.REPLACEMENT and start == end)
        )
        return
    place = next(at for at, one in enumerate(made.marks) if one.kind is kind)
    mark = made.marks[place]
    assert made.text[mark.char_start : mark.char_end] == mark.text
    (clock,) = (one for one in made.marks if one.kind is MarkKind.CLOCK)
    assert 0 <= clock.char_start <= len(made.text)
    gone = remove_mark(made.text, made.marks, place, keep_words=True)
    assert [one.kind for one in gone.marks] == [MarkKind.CLOCK]
    if kind in (MarkKind.UNCLEAR, MarkKind.SIC) and start < end:
        assert gone.text == text
    if start == end:
        taken = remove_mark(made.text, made.marks, place)
        assert "".join(taken.text.split()) == "".join(text.split())


def test_what_an_editor_prints_is_not_spoken() -> None:
    turn = spoken("He said yes")
    made = add_mark(turn.text, (), MarkKind.INSERTION, 2, 2, "the minister")
    assert made.text == "He [the minister] said yes"
    ranges = unspoken(made.text, made.marks)
    words = retime(turn.text, turn.words, made.text, turn.span, ranges)
    assert [made.text[w.char_start : w.char_end] for w in words] == ["He", "said", "yes"]
    over = add_mark(turn.text, (), MarkKind.STAGE, 3, 7)
    left = without_words(turn.words, unspoken(over.text, over.marks))
    assert [turn.text[w.char_start : w.char_end] for w in left] == ["He", "yes"]
    heard = add_mark(turn.text, (), MarkKind.UNCLEAR, 3, 7)
    assert unspoken(heard.text, heard.marks) == ()
    cut = add_mark(turn.text, (), MarkKind.CUT, 3, 7)
    assert (cut.text, cut.marks[0].text) == ("He [...] yes", "[...]")


@pytest.mark.parametrize(
    ("kind", "start", "end", "printed", "why"),
    [
        (MarkKind.INSERTION, 0, 0, "", "write what"),
        (MarkKind.REPLACEMENT, 0, 0, "x", "select the words"),
        (MarkKind.INSERTION, 0, 99, "x", "no place"),
        (MarkKind.INSERTION, -1, 0, "x", "no place"),
        (MarkKind.CLOCK, 0, 2, "x", "not set by hand"),
        (MarkKind.STAGE, 2, 3, "x", "only white space"),
        (MarkKind.STAGE, 0, 0, "x" * 501, "at most 500"),
        (MarkKind.STAGE, 0, 0, "a\x07b", "plain text"),
        (MarkKind.STAGE, 1, 5, "", "stands there already"),
    ],
)
def test_marks_that_cannot_be_set(
    kind: MarkKind, start: int, end: int, printed: str, why: str
) -> None:
    there = [Mark(MarkKind.SIC, 3, 6, "abc")]
    with pytest.raises(BadInput, match=why):
        add_mark("He abc d", there, kind, start, end, printed)
    with pytest.raises(BadInput, match="no mark 1"):
        remove_mark("He abc d", there, 1)


@settings(max_examples=80)
@given(text=TEXTS, data=st.data())
def test_two_halves_make_the_whole_again(text: str, data: st.DataObject) -> None:
    turn = spoken(text)
    at = data.draw(st.integers(0, len(text)))
    try:
        one, two = split(turn, at)
    except BadInput:
        return
    assert "".join((one.text + two.text).split()) == "".join(text.split())
    assert one.span is not None
    assert two.span is not None
    for half in (one, two):
        assert half.text == half.text.strip()
        for word in half.words:
            assert word.start is not None
            assert half.span is not None
            assert half.span.start <= word.start <= half.span.end
    times = [(w.start, w.end, w.source) for half in (one, two) for w in half.words]
    assert times == [(w.start, w.end, w.source) for w in turn.words]
    whole = merge(one, replace(two, ordinal=1))
    assert (whole.span, [w.start for w in whole.words]) == (
        turn.span, [w.start for w in turn.words],
    )  # fmt: skip
    assert "".join(whole.text.split()) == "".join(text.split())
    ranges = sentences(text, "en")
    left, right = cut_ranges(ranges, text, at)
    assert [one.text[a:b] for a, b in left] + [two.text[a:b] for a, b in right]
    for half, cut in ((one, left), (two, right)):
        last = 0
        for a, b in cut:
            assert last <= a < b <= len(half.text)
            last = b


def test_where_a_turn_cannot_be_divided_or_joined() -> None:
    turn = replace(spoken("one two"), marks=(Mark(MarkKind.SIC, 0, 7, "one two"),))
    for at, why in ((0, "both sides"), (7, "both sides"), (1, "inside a word"), (4, "a mark")):
        with pytest.raises(BadInput, match=why):
            split(turn, at)
    first, second = spoken("one two"), spoken("three")
    with pytest.raises(BadInput, match="at the same time"):
        merge(first, second)
    with pytest.raises(BadInput, match="only one of them"):
        merge(first, replace(second, span=None, words=Words()))


@settings(max_examples=80)
@given(old=TEXTS, new=TEXTS)
def test_sentences_are_cut_anew_only_where_the_text_changed(old: str, new: str) -> None:
    before = sentences(old, "en")
    ranges, (first, last) = recut(old, before, new, "en")
    covered = "".join(new[a:b] for a, b in ranges)
    assert "".join(covered.split()) == "".join(new.split())
    for a, b in before[:first]:
        assert (a, b) in ranges
        assert old[a:b] == new[a:b]
    shift = len(new) - len(old)
    for a, b in before[last:]:
        assert old[a:b] == new[a + shift : b + shift]


def test_a_sentence_of_a_translation_stays_one() -> None:
    old = "One. Two three. Four."
    new = "One. Two! Three. Four."
    ranges, changed = recut(old, sentences(old, "en"), new, "en", whole=True)
    assert [new[a:b] for a, b in ranges] == ["One.", "Two! Three.", "Four."]
    assert changed == (1, 2)
    apart, _ = recut(old, sentences(old, "en"), new, "en")
    assert len(apart) == 4


@settings(max_examples=80)
@given(old=st.one_of(TEXTS, st.text(max_size=20)), new=st.one_of(TEXTS, st.text(max_size=20)))
def test_both_versions_can_be_read_from_their_comparison(old: str, new: str) -> None:
    changes = word_changes(old, new)
    assert "".join(one.old for one in changes) == old
    assert "".join(one.new for one in changes) == new
    assert all(one.same != two.same for one, two in pairwise(changes))


def test_a_comparison_names_the_words() -> None:
    changes = word_changes("The ferry leaves at six.", "The boat sails at six!")
    assert [(one.old, one.new) for one in changes] == [
        ("The ", "The "), ("ferry leaves", "boat sails"), (" at six", " at six"), (".", "!"),
    ]  # fmt: skip
