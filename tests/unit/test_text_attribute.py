"""Words to turns, clips of turns, and caption cues."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.errors import BadInput
from offair.model.time import Span
from offair.model.transcript import Heard, Mark, MarkKind, Turn
from offair.model.words import TimeSource, Word, WordFlag, Words
from offair.text.attribute import (
    HeardChunk,
    VoiceSpan,
    clip_turns,
    cut_heard,
    split_at,
    turns,
)
from offair.text.captions import cue_lines

VOCABULARY = ["yes", "No.", "why?", "“quoted.”", "and", "日本", "です。", "mañana", "6:40", "Mr."]


def said(text: str, start: int, step: int = 400, language: str = "en") -> HeardChunk:
    """A chunk whose words follow each other every `step` ms."""
    words, position = [], 0
    for index, word in enumerate(text.split()):
        at = text.index(word, position)
        position = at + len(word)
        words.append(Word(at, position, index * step, index * step + step - 50, TimeSource.ENGINE))
    span = Span(start, start + max(1, len(words)) * step)
    return HeardChunk(span, Heard(text, Words.of(words), language))


@st.composite
def recordings(draw: st.DrawFn) -> list[HeardChunk]:
    """Chunks in order, not overlapping, some empty, some words or whole chunks without times."""
    chunks, now = [], 0
    for _ in range(draw(st.integers(0, 6))):
        now += draw(st.sampled_from([0, 0, 300, 1600, 5000]))
        text, words, time = "", [], 0
        for word in draw(st.lists(st.sampled_from(VOCABULARY), max_size=8)):
            text += (
                draw(st.sampled_from(["", " ", " — "]))
                if text
                else draw(st.sampled_from(["", "– "]))
            )
            length = draw(st.integers(0, 900))
            timed = draw(st.integers(0, 9)) > 0
            words.append(
                Word(
                    len(text),
                    len(text) + len(word),
                    time if timed else None,
                    time + length if timed else None,
                )
            )
            text += word
            time += length + draw(st.sampled_from([0, 40, 1700, 20_000]))
        wordless = draw(st.integers(0, 9)) == 0
        heard = Heard(
            text, Words() if wordless else Words.of(words), draw(st.sampled_from(["en", "ja"]))
        )
        chunks.append(HeardChunk(Span(now, now + time + 100), heard))
        now += time + 100
    return chunks


@st.composite
def voices(draw: st.DrawFn) -> list[VoiceSpan]:
    return [
        VoiceSpan(Span(start, start + draw(st.integers(0, 9000))), draw(st.sampled_from("ABC")))
        for start in draw(st.lists(st.integers(0, 60_000), max_size=8))
    ]


def words_of(found: Sequence[Turn]) -> list[tuple[str, int | None, int | None]]:
    return [
        (turn.text[word.char_start : word.char_end], word.start, word.end)
        for turn in found
        for word in turn.words
    ]


def bare(text: str) -> str:
    return "".join(text.split())


@given(recordings(), voices())
@settings(max_examples=300, deadline=None)
def test_every_word_once_in_order_with_its_time(
    chunks: list[HeardChunk], spans: list[VoiceSpan]
) -> None:
    found = turns(chunks, spans)
    expected = [
        (
            chunk.heard.text[word.char_start : word.char_end],
            None if word.start is None else word.start + chunk.span.start,
            None if word.end is None else word.end + chunk.span.start,
        )
        for chunk in chunks
        for word in chunk.heard.words
    ]
    assert words_of(found) == expected
    assert bare("".join(one.text for one in found)) == bare("".join(c.heard.text for c in chunks))
    assert [one.ordinal for one in found] == list(range(len(found)))
    assert found == turns(list(reversed(chunks)), list(reversed(spans)))


@given(recordings(), voices())
@settings(max_examples=300, deadline=None)
def test_turns_do_not_overlap_and_hold_their_words(
    chunks: list[HeardChunk], spans: list[VoiceSpan]
) -> None:
    last = 0
    for turn in turns(chunks, spans):
        assert turn.text == turn.text.strip()
        assert turn.text
        assert turn.span is not None
        assert turn.span.start >= last
        last = turn.span.end
        inside = turn.words.span
        assert inside is None or (turn.span.start <= inside.start and inside.end <= turn.span.end)


def test_unknown_speakers_break_at_a_pause_after_a_sentence() -> None:
    one, two = said("Good morning.", 0), said("Thank you and", 2300)
    three = said("so on", 2300 + 3 * 400 + 1600)
    assert [turn.text for turn in turns([one, two, three])] == [
        "Good morning.",
        "Thank you and so on",
    ]
    assert len(turns([one, two, three], pause_ms=5000)) == 1


def test_a_skipped_stretch_breaks_any_turn() -> None:
    chunks = [said("and then", 0), said("we went", 2900)]
    assert len(turns(chunks)) == 2
    assert len(turns(chunks, [VoiceSpan(Span(0, 9000), "A")])) == 2


def test_long_turns_end_at_a_sentence_and_always_end() -> None:
    sentence = "we went on and on."
    chunks = [said(" ".join([sentence] * 14), index * 28_000) for index in range(4)]
    found = turns(chunks)
    assert len(found) > 1
    assert all(turn.text.endswith(".") for turn in found)
    endless = [said(" ".join(["word"] * 70), index * 28_000) for index in range(12)]
    assert max(turn.span.length for turn in turns(endless) if turn.span) < 3 * 45_000 + 2000


def told(text: str, *spans: tuple[int, int, str], step: int = 1000) -> list[tuple[str, str | None]]:
    """Turns as (text, label) of words of `step` ms (50 ms of it silent), by these voices."""
    found = turns([said(text, 0, step=step)], [VoiceSpan(Span(a, b), who) for a, b, who in spans])
    return [(turn.text, turn.label) for turn in found]


def test_a_word_belongs_to_the_voice_that_shares_most_of_it() -> None:
    assert told("one two three four", (0, 2400, "A"), (2400, 4000, "B")) == [
        ("one two", "A"),
        ("three four", "B"),
    ]


def test_a_shared_word_stays_with_the_voice_that_goes_on() -> None:
    assert told("one two three four", (0, 2475, "A"), (2475, 4000, "B")) == [
        ("one two three", "A"),
        ("four", "B"),
    ]
    assert told("Aye. three four", (1000, 1475, "A"), (1475, 4000, "B")) == [
        ("Aye.", None),
        ("three four", "B"),
    ]


def test_words_without_length_stay_with_their_sentence_where_voices_meet() -> None:
    text = "so it was. The price"
    times = [(0, 500), (500, 500), (500, 500), (500, 500), (500, 900)]
    words, position = [], 0
    for piece, (start, end) in zip(text.split(), times, strict=True):
        at = text.index(piece, position)
        position = at + len(piece)
        words.append(Word(at, position, start, end))
    chunk = HeardChunk(Span(0, 1000), Heard(text, Words.of(words), "en"))
    spans = [VoiceSpan(Span(0, 500), "A"), VoiceSpan(Span(500, 1000), "B")]
    found = [(turn.text, turn.label) for turn in turns([chunk], spans)]
    assert found == [("so it was.", "A"), ("The price", "B")]


def test_words_where_several_speak_at_once_say_so() -> None:
    spans = [VoiceSpan(Span(0, 2300), "A"), VoiceSpan(Span(1500, 3900), "B")]
    (first, second) = turns([said("one two three four", 0, step=1000)], spans)
    flags = [word.flags for turn in (first, second) for word in turn.words]
    assert [bool(one & WordFlag.OVERLAP) for one in flags] == [False, True, False, False]
    assert (first.text, second.text) == ("one two", "three four")


def test_words_that_no_voice_covers_take_the_nearest_in_their_sentence() -> None:
    assert told("one two three four", (0, 2450, "A")) == [("one two three", "A"), ("four", None)]
    assert told("one two three. Four", (0, 2900, "A"), step=400) == [("one two three. Four", "A")]
    assert told("one two three. four", (0, 1100, "A"), step=400) == [
        ("one two three.", "A"),
        ("four", None),
    ]
    assert told("one two three four", (0, 900, "A"), (2950, 4000, "A")) == [
        ("one two three four", "A")
    ]
    assert told("a b c d e f", (0, 900, "A"), (4950, 6000, "A")) == [
        ("a b", "A"),
        ("c d", None),
        ("e f", "A"),
    ]


def test_a_stray_word_goes_back_only_on_weak_evidence() -> None:
    weak = told("one two three", (0, 1300, "A"), (1300, 1700, "B"), (1950, 3000, "A"))
    assert weak == [("one two three", "A")]
    clear = told("one two three", (0, 950, "A"), (1000, 1950, "B"), (2000, 3000, "A"))
    assert clear == [("one", "A"), ("two", "B"), ("three", "A")]
    over = told("one two three", (0, 3000, "A"), (1000, 1950, "B"), (1000, 1900, "C"))
    assert over == [("one two three", "A")]
    sentence = told("one. two. three", (0, 1300, "A"), (1300, 1700, "B"), (1950, 3000, "A"))
    assert ("two.", "B") in sentence


@given(recordings(), voices())
@settings(max_examples=200, deadline=None)
def test_no_word_moves_against_clear_evidence(
    chunks: list[HeardChunk], spans: list[VoiceSpan]
) -> None:
    for turn in turns(chunks, spans):
        for word in turn.words:
            if word.start is None or word.end is None:
                continue
            if word.start == word.end:
                continue
            span = Span(word.start, word.end)
            inside = [
                one.label
                for one in spans
                if one.span.start <= word.start and word.end <= one.span.end
            ]
            others = {one.label for one in spans if one.span.overlaps(span)}
            if inside and others == {inside[0]}:
                assert turn.label == inside[0]
                assert not word.flags & WordFlag.OVERLAP


@given(recordings(), st.integers(0, 60_000), st.integers(0, 60_000))
@settings(max_examples=300, deadline=None)
def test_hearing_cut_at_a_span_keeps_the_words_in_its_middle(
    chunks: list[HeardChunk], one: int, two: int
) -> None:
    span = Span(min(one, two), max(one, two))
    for chunk in chunks:
        found = cut_heard(chunk, span)
        whole = words_of(turns([chunk]))
        expected = [
            text
            for text, start, end in whole
            if start is not None
            and end is not None
            and 2 * span.start <= start + end < 2 * span.end
        ]
        if found is None:
            assert not expected
            continue
        assert span.start <= found.span.start <= found.span.end <= span.end
        assert found.heard.text.strip()
        timed = [word for word in found.heard.words if word.start is not None]
        inside = [found.heard.text[word.char_start : word.char_end] for word in timed]
        assert inside == (expected if found != chunk else inside)
        if found.span != chunk.span:
            assert all((word.end or 0) <= found.span.length for word in timed)


@given(recordings(), st.lists(st.integers(0, 60_000), max_size=4))
@settings(max_examples=200, deadline=None)
def test_hearing_cut_in_pieces_loses_no_word(chunks: list[HeardChunk], cuts: list[int]) -> None:
    edges = [0, *sorted(set(cuts)), 1 << 40]
    for chunk in chunks:
        if not chunk.heard.text.strip():
            continue
        parts = [
            part
            for start, end in pairwise(edges)
            if start < end and (part := cut_heard(chunk, Span(start, end))) is not None
        ]
        kept = "".join(bare(part.heard.text) for part in parts)
        assert sorted(kept) == sorted(bare(chunk.heard.text))
        assert sum(len(part.heard.words) for part in parts) == len(chunk.heard.words)


def test_a_word_over_the_edge_ends_there_and_times_count_from_the_cut() -> None:
    found = cut_heard(said("one two three four", 10_000, step=1000), Span(11_200, 13_400))
    assert found is not None
    assert found.heard.text == "two three"
    assert found.span == Span(11_200, 13_400)
    assert [(word.start, word.end) for word in found.heard.words] == [(0, 750), (800, 1750)]
    assert cut_heard(said("one", 0), Span(5_000, 6_000)) is None
    whole = said("one two", 1_000)
    assert cut_heard(whole, Span(0, 60_000)) is whole


def test_scripts_without_spaces_are_joined_without_one() -> None:
    def text(*parts: str) -> str:
        return turns([said(part, index * 400) for index, part in enumerate(parts)])[0].text

    assert text("今日は", "晴れ。", "明日") == "今日は晴れ。明日"
    assert text("สวัสดี", "ครับ") == "สวัสดีครับ"
    assert text("今日は", "hello") == "今日は hello"
    assert text("안녕", "하세요") == "안녕 하세요"


@given(recordings(), st.integers(0, 60_000), st.integers(0, 60_000))
@settings(max_examples=200, deadline=None)
def test_a_clip_holds_the_words_whose_midpoint_is_inside(
    chunks: list[HeardChunk], one: int, two: int
) -> None:
    span = Span(min(one, two), max(one, two))
    found = turns(chunks)
    clipped = clip_turns(found, span)
    timed = [word for word in words_of(clipped) if word[1] is not None]
    assert timed == [
        (text, start, end)
        for text, start, end in words_of(found)
        if start is not None and end is not None and 2 * span.start <= start + end < 2 * span.end
    ]
    for turn in clipped:
        assert turn.text == turn.text.strip()
        assert all(word.char_end <= len(turn.text) for word in turn.words)


@given(recordings(), st.integers(0, 60_000))
@settings(deadline=None)
def test_splitting_loses_no_word_and_no_text(chunks: list[HeardChunk], ms: int) -> None:
    for turn in turns(chunks):
        parts = split_at(turn, ms)
        assert words_of(parts) == words_of([turn])
        assert bare("".join(part.text for part in parts)) == bare(turn.text)


def test_marks_stay_with_the_text_they_are_printed_in() -> None:
    (turn,) = turns([said("we went [there] and came", 0, step=1000)])
    mark = Mark(MarkKind.INSERTION, 8, 15, "[there]")
    turn = Turn(7, 0, turn.text, turn.words, turn.span, "A", (mark,))
    first, second = split_at(turn, 2000)
    assert (first.text, second.text) == ("we went", "[there] and came")
    assert first.marks == ()
    assert second.marks == (Mark(MarkKind.INSERTION, 0, 7, "[there]"),)
    assert (second.id, second.label, second.span) == (7, "A", Span(2000, 4950))


@given(recordings(), st.integers(5, 90), st.integers(500, 9000))
@settings(max_examples=200, deadline=None)
def test_cues_hold_all_text_in_order(
    chunks: list[HeardChunk], longest_chars: int, longest_ms: int
) -> None:
    found = turns(chunks)
    cues = cue_lines(found, longest_chars=longest_chars, longest_ms=longest_ms)
    assert bare("".join(cue.text for cue in cues)) == bare("".join(turn.text for turn in found))
    last = 0
    for cue in cues:
        assert cue.text == cue.text.strip()
        assert cue.span.start < cue.span.end
        assert cue.span.start >= last
        last = cue.span.start
        if len(cue.text) > longest_chars:
            assert sum(text in cue.text for text in VOCABULARY) <= 1 or " " not in cue.text


def test_cues_end_where_sentences_and_phrases_end() -> None:
    text = (
        "The river rose for three days. Nobody on the island had seen such water, not even the "
        "oldest of the fishermen who had lived there since before the war and after it."
    )
    cues = cue_lines(turns([said(text, 1000, step=300)], [VoiceSpan(Span(0, 99_000), "Ana")]))
    assert [cue.text for cue in cues][:2] == [
        "The river rose for three days.",
        "Nobody on the island had seen such water,",
    ]
    assert {cue.speaker for cue in cues} == {"Ana"}
    assert all(len(cue.text) <= 84 and cue.span.length <= 7000 for cue in cues)


def test_text_without_any_time_cannot_be_a_caption() -> None:
    with pytest.raises(BadInput, match=r"turn 1 .* has no times"):
        cue_lines([Turn(0, 0, "Imported words.", Words(), None)])
