"""Words after an edit: what was left alone keeps its time, and nothing runs backwards."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from offair.model.time import Span
from offair.model.words import TimeSource, Word, Words
from offair.text.retime import retime, spread, word_ranges

WORDS = st.lists(
    st.sampled_from(["ferry", "leaves", "at", "six", "Ferry,", "não", "العبّارة", "船"]),
    min_size=0, max_size=12,
)  # fmt: skip


def spoken(words: list[str], step: int = 500) -> tuple[str, Words]:
    """Text and words, one every half second from second 1, 400 ms long."""
    text, made = "", []
    for place, one in enumerate(words):
        begin = len(text) + (1 if text else 0)
        text = f"{text} {one}" if text else one
        start = 1_000 + step * place
        made.append(Word(begin, len(text), start, start + 400, TimeSource.ENGINE, 0.5, 1))
    return text, Words.of(made)


def shown(text: str, words: Words) -> list[tuple[str, int | None, int | None, TimeSource]]:
    """(word, start, end, source) of each word."""
    return [(text[w.char_start : w.char_end], w.start, w.end, w.source) for w in words]


def test_one_word_changed_takes_the_time_of_the_one_it_replaces() -> None:
    text, words = spoken(["The", "ferry", "leaves", "at", "six."])
    new = "The ferry leaves at seven."
    assert shown(new, retime(text, words, new)) == [
        ("The", 1000, 1400, TimeSource.ENGINE),
        ("ferry", 1500, 1900, TimeSource.ENGINE),
        ("leaves", 2000, 2400, TimeSource.ENGINE),
        ("at", 2500, 2900, TimeSource.ENGINE),
        ("seven.", 3000, 3400, TimeSource.INTERPOLATED),
    ]


def test_words_that_moved_carry_their_time() -> None:
    text, words = spoken(["The", "ferry", "leaves"])
    new = "The old ferry leaves"
    assert shown(new, retime(text, words, new)) == [
        ("The", 1000, 1400, TimeSource.ENGINE),
        ("old", 1400, 1500, TimeSource.INTERPOLATED),
        ("ferry", 1500, 1900, TimeSource.CARRIED),
        ("leaves", 2000, 2400, TimeSource.CARRIED),
    ]
    kept = retime(text, words, new)[2]
    assert (kept.probability, kept.flags) == (0.5, 1)


def test_punctuation_and_case_change_no_time() -> None:
    text, words = spoken(["the", "ferry", "leaves", "at", "six"])
    new = "The ferry leaves – at six."
    found = retime(text, words, new)
    assert [(w.start, w.end) for w in found if w.source is not TimeSource.INTERPOLATED] == [
        (w.start, w.end) for w in words
    ]


def test_a_word_that_only_grew_is_a_new_word() -> None:
    text, words = spoken(["six", "boats"])
    new = "sixty boats"
    assert retime(text, words, new)[0].source is TimeSource.INTERPOLATED


def test_without_times_nothing_is_made_up() -> None:
    words = Words.of([Word(0, 3), Word(4, 7)])
    assert [w.start for w in retime("one two", words, "one more two")] == [None, None, None]


def test_all_words_replaced_share_the_time_of_the_old_ones() -> None:
    text, words = spoken(["a", "b"])
    found = retime(text, words, "quite other words", Span(500, 3_500))
    assert (found[0].start, found[2].end) == (1_000, 1_900)
    first = retime("", Words(), "quite other words", Span(500, 3_500))
    assert (first[0].start, first[2].end) == (500, 3_500)


@given(old=WORDS, new=WORDS)
def test_times_never_run_backwards_and_stay_inside(old: list[str], new: list[str]) -> None:
    text, words = spoken(old)
    whole = Span(words.span.start, words.span.end + 100) if words.span else Span(0, 1_000)
    after = " ".join(new)
    found = retime(text, words, after, whole)
    assert [after[w.char_start : w.char_end] for w in found] == new_words(after)
    cursor = whole.start
    for word in found:
        if word.start is None or word.end is None:
            assert word.source is TimeSource.NONE
            continue
        assert cursor <= word.start <= word.end <= whole.end
        cursor = word.end


def new_words(text: str) -> list[str]:
    """The words of a text as `word_ranges` tells them."""
    return [text[start:end] for start, end in word_ranges(text)]


@given(before=st.integers(0, 5), changed=WORDS, instead=WORDS, after=st.integers(0, 5))
def test_every_word_outside_the_change_keeps_its_time(
    before: int, changed: list[str], instead: list[str], after: int
) -> None:
    # Words of their own: of two equal words nobody can tell which one was taken out.
    head, tail = [f"a{n}" for n in range(before)], [f"z{n}" for n in range(after)]
    text, words = spoken(head + changed + tail)
    new = " ".join(head + instead + tail)
    found = retime(text, words, new)
    kept = [*range(before), *range(len(words) - after, len(words))]
    times = {(w.start, w.end) for w in found if w.source is not TimeSource.INTERPOLATED}
    assert {(words[place].start, words[place].end) for place in kept} <= times


@given(old=WORDS)
def test_no_change_is_no_change(old: list[str]) -> None:
    text, words = spoken(old)
    assert list(retime(text, words, text)) == list(words)


@given(text=st.text(max_size=60), start=st.integers(0, 1_000), length=st.integers(0, 5_000))
def test_words_spread_over_a_span_fill_it(text: str, start: int, length: int) -> None:
    words = spread(text, 0, len(text), Span(start, start + length))
    if words:
        assert words[0].start == start
        assert words[-1].end == start + length
    covered = "".join(text[w.char_start : w.char_end] for w in words)
    assert "".join(covered.split()) == "".join(text.split())


@given(old=st.text(max_size=30), new=st.text(max_size=30))
def test_any_text_can_be_revised_to_any_other(old: str, new: str) -> None:
    words = Words.of(spread(old, 0, len(old), Span(100, 900)))
    found = retime(old, words, new, Span(100, 900))
    covered = "".join(new[w.char_start : w.char_end] for w in found)
    assert "".join(covered.split()) == "".join(new.split())
