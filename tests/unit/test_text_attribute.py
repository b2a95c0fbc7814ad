"""Words to turns, clips of turns, and caption cues."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.errors import BadInput
from offair.model.time import Span
from offair.model.transcript import Heard, Mark, MarkKind, Turn
from offair.model.words import TimeSource, Word, Words
from offair.text.attribute import HeardChunk, VoiceSpan, clip_turns, split_at, turns
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
        VoiceSpan(Span(start, start + draw(st.integers(0, 9000))), draw(st.sampled_from("AB")))
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


def test_labels_by_overlap_and_none_for_ties() -> None:
    chunk = said("one two three four", 0, step=1000)
    spans = [VoiceSpan(Span(0, 1900), "A"), VoiceSpan(Span(2000, 2475), "A")]
    spans += [VoiceSpan(Span(2475, 2950), "B")]
    assert [(turn.text, turn.label) for turn in turns([chunk], spans)] == [
        ("one two", "A"),
        ("three four", None),
    ]
    spans[2] = VoiceSpan(Span(2400, 4000), "B")
    assert [turn.label for turn in turns([chunk], spans)] == ["A", "B"]


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
