"""Doubts about what was heard: certain where nobody speaks, rare where somebody does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.time import Span
from offair.model.transcript import Flag, FlagKind, Heard, Turn
from offair.model.words import TimeSource, Word, WordFlag, Words
from offair.text import guard
from offair.text.inventions import invented_phrase
from offair.text.repeats import needed, packed
from offair.text.scripts import scripts_of, shortest_ms
from offair.text.tokenise import tokens

START = 14_200


def hear(
    text: str, length_ms: int, *, begin: int = 0, sure: float = 0.9, silent: float = 0.05
) -> Heard:
    """Words spread evenly over a time; scripts without spaces give one word a character."""
    pieces = text.split() if " " in text else list(text)
    words, place = [], 0
    for index, piece in enumerate(pieces):
        first = text.index(piece, place)
        place = first + len(piece)
        start, end = (begin + length_ms * at // len(pieces) for at in (index, index + 1))
        words.append(Word(first, place, start, end, TimeSource.ENGINE, sure))
    return Heard(text, Words.of(words), "en", None, sure, silent)


def doubt(heard: Heard, length_ms: int = 10_000, **given: Any) -> tuple[Flag, ...]:
    """The flags of a chunk that is all speech, unless told otherwise."""
    known: dict[str, Any] = {
        "start_ms": START,
        "length_ms": length_ms,
        "speech": [Span(START, START + length_ms)],
        "language": "en",
        "prompt": None,
        "activity_score": 0.9,
    }
    return guard.flags(heard, **(known | given))


def kinds(found: tuple[Flag, ...]) -> set[FlagKind]:
    return {one.kind for one in found}


def test_ordinary_speech_is_not_doubted() -> None:
    said = (
        "And so, my fellow Americans, ask not what your country can do for you, ask what you can"
        " do for your country."
    )
    assert doubt(hear(said, 10_500), 11_000) == ()


@pytest.mark.parametrize(
    "said",
    [
        "Never, never, never give in.",
        "Yes we can. Yes we can. Yes we can.",
        "No, no, no, no, no, that is not what I said.",
        "We shall fight on the beaches, we shall fight on the landing grounds, we shall fight in"
        " the fields and in the streets, we shall fight in the hills.",
        "It rang and rang and rang and rang.",
        "The code is 0 0 0 4 4 4.",
    ],
)
def test_rhetoric_is_not_doubted(said: str) -> None:
    assert doubt(hear(said, 9_500)) == ()


def test_words_in_a_circle_are_counted() -> None:
    (flag,) = doubt(hear("Well, " + "thank you " * 9 + "all.", 9_500))
    assert flag.kind is FlagKind.REPEATED
    assert flag.reason == "the words ‘thank you’ stand 9 times in a row"
    assert flag.span is not None
    assert START + 400 < flag.span.start < flag.span.end < START + 9_400


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("谢谢大家" * 8, "zh"),
        ("ははははははははははははははは", "ja"),
        ("ขอบคุณครับ" * 6, "th"),
        ("شكرا لكم " * 8, "ar"),
        ("baba" * 12, "en"),
    ],
)
def test_circles_are_seen_in_every_script(said: str, language: str) -> None:
    assert FlagKind.REPEATED in kinds(doubt(hear(said, 25_000), 26_000, language=language))


def test_a_circle_with_words_between_is_seen_by_how_it_packs() -> None:
    said = " ".join(f"We are going to go to the {n} and then we are going to go." for n in range(9))
    (flag,) = doubt(hear(said, 48_000), 50_000)
    assert flag.kind is FlagKind.REPEATED
    assert "times smaller" in flag.reason


def test_more_words_than_anybody_speaks() -> None:
    said = "one old man saw the red van go by at six and he ran up to it but it did not wait for"
    (flag,) = doubt(hear(said, 2_000), 2_100)
    assert flag.kind is FlagKind.TOO_FAST
    assert flag.reason == "23 words in 2.1 s of speech: 11.0 a second, more than anybody speaks"


def test_words_crammed_into_a_sliver_are_seen_in_a_long_chunk() -> None:
    slow, fast = (
        "This is said at leisure and",
        "this whole sentence here was never spoken so at all",
    )
    words = [*hear(slow, 5_000).words]
    offset = len(slow) + 1
    words += [
        word._replace(char_start=word.char_start + offset, char_end=word.char_end + offset)
        for word in hear(fast, 300, begin=9_000).words
    ]
    heard = Heard(f"{slow} {fast}", Words.of(words), "en", None, 0.9, 0.1)
    (flag,) = (one for one in doubt(heard) if one.kind is FlagKind.TOO_FAST)
    assert flag.span == Span(START + 9_000, START + 9_300)
    assert flag.reason.startswith("10 words in 0.3 s: 33.3 a second")


def test_characters_count_where_there_are_no_spaces() -> None:
    said = "国家主席习近平今天在北京人民大会堂同来访的客人举行会谈双方就共同关心的问题交换了意见"
    assert doubt(hear(said, 9_000), language="zh") == ()
    (flag,) = doubt(hear(said, 2_000), 2_000, language="zh")
    assert flag.kind is FlagKind.TOO_FAST
    assert "characters in 2.0 s" in flag.reason


def test_words_without_speech_under_them() -> None:
    heard = hear("Subtitles by the Amara.org community", 1_800)
    found = doubt(heard, 1_800, speech=[], activity_score=0.02)
    plain, invented = sorted(found, key=lambda one: "recognisers" in one.reason)
    assert plain.reason == (
        "no speech was found under ‘Subtitles by the Amara.org community’"
        " (0:14.2–0:16.0; score 0.02)"
    )
    assert "where nobody speaks" in invented.reason
    assert kinds(found) == {FlagKind.NO_SPEECH}


def test_only_the_words_beside_the_speech_are_doubted() -> None:
    heard = hear("Good evening here is the news Thank you", 8_000)
    (flag,) = doubt(heard, speech=[Span(START, START + 5_700)])
    assert flag.kind is FlagKind.NO_SPEECH
    assert "‘you’" in flag.reason
    assert flag.span == Span(START + 7_000, START + 8_000)


def test_speech_that_hardly_is_any() -> None:
    (flag,) = doubt(hear("We are here", 2_000), 2_000, activity_score=0.1)
    assert flag.kind is FlagKind.NO_SPEECH
    assert "score is 0.10" in flag.reason


def test_the_engine_is_unsure() -> None:
    whole = doubt(hear("a b c d", 4_000, sure=0.4, silent=0.8), 4_000)
    assert kinds(whole) == {FlagKind.UNSURE}
    assert "0.40" in whole[0].reason
    assert doubt(hear("a b c d", 4_000, sure=0.4), 4_000) == ()
    sure, unsure = hear("one two three four five six", 5_000), "hm da bla er gna tsk"
    words = [*sure.words]
    words += [
        word._replace(char_start=word.char_start + 28, char_end=word.char_end + 28)
        for word in hear(unsure, 4_000, begin=5_000, sure=0.2).words
    ]
    heard = Heard(f"{sure.text} {unsure}", Words.of(words), "en", None, 0.7, 0.1)
    (flag,) = doubt(heard)
    assert flag.span == Span(START + 5_000, START + 9_000)
    assert "6 words in a row" in flag.reason


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("これは NHK の朝のニュースです。", "ja"),
        ("Према RTS-у, влада је рекла не.", "sr"),
        ("Prema RTS-u, vlada je rekla ne.", "sr"),
        ("قالت BBC إن القمة ستعقد في 2024", "ar"),
        ("根据 CNN 的报道，iPhone 卖得很好", "zh"),
        ("Президент США выступил на CNN", "ru"),
        ("The letter π is Greek", "en"),
        ("任何話都可以", "yue"),
        ("said in a tongue of no table", "xyz"),
        ("한국어 漢字 뉴스", "ko"),
    ],
)
def test_scripts_that_belong_to_a_language(said: str, language: str) -> None:
    assert FlagKind.WRONG_SCRIPT not in kinds(doubt(hear(said, 6_000), language=language))


@pytest.mark.parametrize(
    ("said", "language", "name"),
    [
        ("Hello привет all", "en", "Cyrillic"),
        ("Мы говорим 中文字幕志愿者", "ru", "Chinese"),
        ("thank you all for watching this", "ar", "Latin"),
        ("Prema RTS-u 字幕志愿者", "sr-Latn", "Chinese"),
        ("Према влади не", "sr-Latn", "Cyrillic"),
    ],
)
def test_scripts_that_do_not(said: str, language: str, name: str) -> None:
    (flag,) = (
        one
        for one in doubt(hear(said, 6_000), language=language)
        if one.kind is FlagKind.WRONG_SCRIPT
    )
    assert name in flag.reason


def test_the_prompt_read_back() -> None:
    prompt = "Angela Merkel, Olaf Scholz, Friedrich Merz, Berlin."
    echo = doubt(hear("Olaf Scholz, Friedrich Merz.", 3_000), 3_500, prompt=prompt)
    assert kinds(echo) == {FlagKind.PROMPT_ECHO}
    said = "Olaf Scholz met Friedrich Merz in Berlin before Angela Merkel spoke."
    assert doubt(hear(said, 5_000), prompt=prompt, length_ms=5_500) == ()
    assert doubt(hear("Friedrich Merz.", 3_000), 3_500, prompt=prompt) == ()


def test_phrases_often_invented_need_another_doubt_or_stand_alone() -> None:
    said = "Спасибо за просмотр"
    (alone,) = doubt(hear(said, 2_000), 2_500, language="ru")
    assert alone.reason.endswith("nothing else was heard in this stretch")
    assert doubt(hear(f"Это всё на сегодня. {said}", 3_500), 4_000, language="ru") == ()
    (flag,) = doubt(hear(said, 2_000, silent=0.8), 2_500, language="ru")
    assert "0.80" in flag.reason
    (bare,) = doubt(hear("Thank you.", 1_000), 2_800)
    assert bare.kind is FlagKind.NO_SPEECH
    assert doubt(hear("Thank you, Mr Marsh.", 1_500), 2_000) == ()
    assert invented_phrase(tokens("ご視聴ありがとうございました。")) is not None
    assert invented_phrase(tokens("اشتركوا في القناة")) == (0, 3)
    assert invented_phrase(tokens("The captain thanked the watching crowd")) is None


def test_speech_and_no_words() -> None:
    (flag,) = doubt(Heard("", Words(), "en"), 12_300)
    assert (flag.kind, flag.reason) == (FlagKind.NOT_HEARD, "12.3 s of speech and no words")
    assert doubt(Heard("", Words(), "en"), 900) == ()
    assert doubt(Heard("", Words(), "en"), 9_000, speech=[]) == ()
    (hole,) = doubt(hear("and then", 1_000), 9_000)
    assert hole.span == Span(START + 1_000, START + 9_000)
    pause = [Span(START, START + 1_100), Span(START + 8_000, START + 9_000)]
    assert doubt(hear("and then", 1_000), 9_000, speech=pause) == ()


def test_the_better_of_two_hearings_counts_and_the_other_is_told() -> None:
    first = hear("We will not cancel the late boat on Friday", 4_000, sure=0.6)
    second = hear("We will cancel the late boat on Friday", 4_000, sure=0.9)
    counts, flag = guard.second_hearing(first, second, (), (), start_ms=START)
    assert counts
    assert flag is not None
    assert flag.reason == "another hearing has ‘will not cancel’, not ‘will cancel’"
    assert flag.span is not None
    assert flag.span.start >= START
    counts, flag = guard.second_hearing(second, first, (), (), start_ms=START)
    assert not counts
    assert guard.second_hearing(first, first, (), ()) == (False, None)


def test_silence_counts_over_an_invention_but_not_over_words() -> None:
    nothing = Heard("", Words(), "en")
    invented = hear("Thanks for watching", 2_000)
    found = doubt(invented, 3_000, speech=[])
    counts, flag = guard.second_hearing(invented, nothing, found, (), start_ms=START)
    assert counts
    assert flag is not None
    assert "‘Thanks for watching’, not no words" in flag.reason
    words = hear("The minister will not resign today", 3_000, sure=0.2)
    unsure = doubt(words, 3_000)
    assert kinds(unsure) == {FlagKind.UNSURE}
    assert guard.second_hearing(words, nothing, unsure, ())[0] is False


def test_doubted_words_are_marked_in_their_turn() -> None:
    heard = hear("Well thank you thank you all", 6_000)
    moved = Words.of(
        word._replace(start=word.start + START, end=word.end + START, flags=WordFlag.OVERLAP)
        for word in heard.words
        if word.start is not None and word.end is not None
    )
    turn = Turn(1, 0, heard.text, moved, moved.span)
    flag = Flag(FlagKind.REPEATED, Span(START + 1_000, START + 5_000), "…")
    missing = Flag(FlagKind.NOT_HEARD, Span(START, START + 6_000), "…")
    (marked,) = guard.mark_words([turn], [flag, missing, Flag(FlagKind.UNSURE, None, "…")])
    assert [bool(one.flags & WordFlag.DOUBTED) for one in marked.words] == [
        False, True, True, True, True, False,
    ]  # fmt: skip
    assert all(one.flags & WordFlag.OVERLAP for one in marked.words)
    assert not any(one.flags & WordFlag.DOUBTED for one in turn.words)
    assert guard.mark_words([turn], []) == (turn,)


def test_tables() -> None:
    assert scripts_of("sr") == {"Cyrl", "Latn"}
    assert scripts_of("zh-Hant") == {"Hani", "Bopo"}
    assert scripts_of(None) == frozenset()
    assert needed(1) > needed(2) > needed(4) > needed(9) > needed(20) == 2
    assert packed("") == 0.0
    assert shortest_ms("", 0) == 0


TEXT = st.text(max_size=60) | st.text(
    st.sampled_from("ab cdeاب中かคд.,'ʼ\u200f\U0001f600 1"), max_size=120
)


@st.composite
def hearings(draw: st.DrawFn) -> Heard:
    """Any hearing: words with and without times, times that run backwards or out of the chunk."""
    text = draw(TEXT)
    edges = sorted(draw(st.lists(st.integers(0, len(text)), max_size=20)))
    words = []
    for first, last in zip(edges[::2], edges[1::2], strict=False):
        if first == last:
            continue
        timed = draw(st.booleans())
        start = draw(st.integers(0, 40_000))
        sure = draw(st.none() | st.floats(0, 1))
        end = start + draw(st.integers(0, 5_000))
        words.append(
            Word(first, last, start, end, TimeSource.ENGINE, sure)
            if timed
            else Word(first, last, probability=sure)
        )
    chance = st.none() | st.floats(0, 1)
    return Heard(text, Words.of(words), "en", None, draw(chance), draw(chance))


@st.composite
def chunks(draw: st.DrawFn) -> dict[str, Any]:
    """What is known of a chunk beside its words."""
    ends = st.tuples(st.integers(0, 100_000), st.integers(0, 30_000))
    return {
        "start_ms": draw(st.integers(0, 90_000)),
        "length_ms": draw(st.integers(0, 30_000)),
        "speech": [Span(a, a + b) for a, b in draw(st.lists(ends, max_size=4))],
        "language": draw(st.sampled_from([None, "en", "ar", "ja", "sr-Latn", "und", "", "x-y"])),
        "prompt": draw(st.none() | TEXT),
        "activity_score": draw(st.floats(0, 1)),
    }


@settings(max_examples=300, deadline=None)
@given(hearings(), chunks())
def test_any_hearing_is_judged(heard: Heard, chunk: dict[str, Any]) -> None:
    found = guard.flags(heard, **chunk)
    assert found == guard.flags(heard, **chunk)
    end = chunk["start_ms"] + chunk["length_ms"]
    for flag in found:
        assert flag.span is not None
        assert chunk["start_ms"] <= flag.span.start <= flag.span.end <= end
        assert flag.reason == flag.reason.strip() != ""
        assert flag.reason.isprintable()


@settings(max_examples=200, deadline=None)
@given(hearings(), hearings(), chunks())
def test_any_two_hearings_are_held_together(
    first: Heard, second: Heard, chunk: dict[str, Any]
) -> None:
    start = chunk["start_ms"]
    flags = [guard.flags(one, **chunk) for one in (first, second)]
    counts, flag = guard.second_hearing(first, second, *flags, start_ms=start)
    assert (counts, flag) == guard.second_hearing(first, second, *flags, start_ms=start)
    assert flag is None or (flag.span is not None and flag.span.start >= start)
    assert guard.second_hearing(first, first, flags[0], flags[0])[1] is None


@settings(max_examples=100, deadline=None)
@given(hearings(), st.lists(st.tuples(st.integers(0, 50_000), st.integers(0, 9_000)), max_size=5))
def test_only_words_under_a_flag_are_marked(heard: Heard, spans: list[tuple[int, int]]) -> None:
    turn = Turn(1, 0, heard.text, heard.words, heard.words.span)
    flags = [Flag(FlagKind.REPEATED, Span(a, a + b), "…") for a, b in spans]
    (marked,) = guard.mark_words([turn], flags)
    assert (marked.text, len(marked.words)) == (turn.text, len(turn.words))
    for word in marked.words:
        if word.start is None or word.end is None:
            continue
        touched = any(a <= word.end and word.start <= a + b for a, b in spans)
        assert touched or not word.flags & WordFlag.DOUBTED
