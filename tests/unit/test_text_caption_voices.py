"""Captions held beside speech: which words are the same, and whose change of speaker is whose."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.time import Span
from offair.model.transcript import Cue, Heard, Turn, VoiceSpan
from offair.model.words import TimeSource, Word, Words
from offair.text.attribute import HeardChunk, turns
from offair.text.caption_alignment import TimedToken, matched_pairs, timed_tokens, usual_lag
from offair.text.caption_turns import CHANGE_OF_SPEAKER, turns_of
from offair.text.caption_voices import voices_from_captions

SAID = (
    "Good morning and welcome to the harbor. With me is Daniel Marsh, the harbour master. "
    "Good morning to you. Now, what is changing in the time table this week? "
    "The first boat leaves at six forty."
)


def heard(text: str, start: int = 0, step: int = 350) -> HeardChunk:
    words, position = [], 0
    for index, word in enumerate(text.split()):
        at = text.index(word, position)
        position = at + len(word)
        words.append(Word(at, position, index * step, index * step + step - 40, TimeSource.ENGINE))
    return HeardChunk(Span(start, start + len(words) * step), Heard(text, Words.of(words), "en"))


def attributed(text: str, cues: Sequence[Cue]) -> list[tuple[str | None, str]]:
    chunks = [heard(text)]
    voices = voices_from_captions(turns(chunks), turns_of(cues))
    return [(turn.label, turn.text) for turn in turns(chunks, voices)]


def test_changes_are_carried_from_caption_time_to_the_words_spoken() -> None:
    cues = [
        Cue(Span(4000, 7000), ">> NORA WHITLOW: Good morning and welcome to the harbour. With me"),
        Cue(Span(7000, 9500), "is Daniel Marsh, harbour master. >> Good morning. >> What is"),
        Cue(Span(9500, 14_000), "changing in the timetable? >> The first boat leaves at 6:40."),
    ]
    assert attributed(SAID, cues) == [
        (
            "NORA WHITLOW",
            "Good morning and welcome to the harbor. With me is Daniel Marsh, the harbour master.",
        ),
        ("CAPTION_SPEAKER_1", "Good morning to you."),
        ("CAPTION_SPEAKER_2", "Now, what is changing in the time table this week?"),
        ("CAPTION_SPEAKER_3", "The first boat leaves at six forty."),
    ]


def test_captions_that_tell_nobody_apart_give_no_voices() -> None:
    assert {label for label, _ in attributed(SAID, [Cue(Span(3000, 9000), SAID)])} == {None}
    assert voices_from_captions((), ()) == ()


def test_speech_without_captions_stays_unknown() -> None:
    text = "first we say this. " + " ".join(f"word{n}" for n in range(60)) + ". then we end here."
    cues = [
        Cue(Span(1000, 3000), ">> ANNA: First we say this."),
        Cue(Span(25_000, 27_000), ">> BEN: Then we end here."),
    ]
    found = attributed(text, cues)
    assert found[0] == ("ANNA", "first we say this.")
    assert found[-1] == ("BEN", "then we end here.")
    assert {label for label, _ in found[1:-1]} == {None}


def test_a_turn_that_the_captions_have_between_is_not_given_to_its_neighbours() -> None:
    cues = [
        Cue(Span(1000, 3000), ">> ANNA: Is it raining over there"),
        Cue(Span(3000, 4000), ">> BEN: Nope"),
        Cue(Span(4000, 6000), ">> ANNA: So we go out today"),
    ]
    voices = voices_from_captions(
        turns([heard("is it raining over there no so we go out today")]), turns_of(cues)
    )
    assert [one.label for one in voices] == ["ANNA", "ANNA"]


def test_a_change_without_a_name_stands_as_a_mark_in_the_caption_turn() -> None:
    named, unnamed = turns_of([Cue(Span(0, 4000), ">> ANNA: Hello. >> Hello back.")])
    assert named.marks == ()
    assert [(mark.text, mark.sense, mark.char_end) for mark in unnamed.marks] == [
        (">>", CHANGE_OF_SPEAKER, 0)
    ]


_words = st.lists(st.sampled_from(["a", "b", "c", "d", "the", "and", "of", "sea"]), max_size=40)


def tokens_of(words: Sequence[str], start: int, step: int) -> list[TimedToken]:
    return [
        TimedToken(word, start + n * step, start + n * step + step // 2, 0, n)
        for n, word in enumerate(words)
    ]


@given(_words, _words, st.integers(0, 9000), st.integers(0, 1000), st.integers(0, 1000))
@settings(deadline=None)
def test_pairs_are_equal_words_in_order_within_reach(
    said: list[str], printed: list[str], lag: int, step: int, pace: int
) -> None:
    speech, captions = tokens_of(said, 0, step), tokens_of(printed, lag, pace)
    pairs = matched_pairs(speech, captions)
    assert all(speech[i].form == captions[j].form for i, j in pairs)
    assert all(-3000 <= captions[j].start - speech[i].start <= 20_000 for i, j in pairs)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))


@given(_words, st.integers(0, 9000))
@settings(deadline=None)
def test_the_same_words_later_are_all_found(said: list[str], lag: int) -> None:
    unique = [f"{word}{n}" for n, word in enumerate(said)]
    speech, captions = tokens_of(unique, 0, 300), tokens_of(unique, lag, 300)
    assert matched_pairs(speech, captions) == tuple((n, n) for n in range(len(said)))
    assert usual_lag(speech, captions) == (lag if len(said) > 2 else 0)


def test_one_word_over_and_over_is_matched_without_weighing_every_pair() -> None:
    many = tokens_of(["la"] * 20_000, 0, 1)
    pairs = matched_pairs(many, many)
    assert len(pairs) > 15_000


def test_tokens_have_their_words_time() -> None:
    (turn,) = turns([heard("l'État, uh, Mrs. Wells-Price")])
    found = timed_tokens([turn])
    assert [(one.form, one.word) for one in found] == [
        ("l", 0), ("etat", 0), ("mrs", 2), ("wells", 3), ("price", 3),
    ]  # fmt: skip
    assert timed_tokens([Turn(0, 0, "No times.", Words(), None)]) == ()


@st.composite
def exchanges(draw: st.DrawFn) -> tuple[list[HeardChunk], list[Cue]]:
    """Speech and captions of nearly the same words, some lost, some changes printed."""
    chunks, cues, now = [], [], 0
    for _ in range(draw(st.integers(0, 6))):
        words = draw(
            st.lists(st.sampled_from(["we", "go.", "out", "to", "sea", "yes"]), min_size=1)
        )
        chunks.append(heard(" ".join(words), now, draw(st.integers(50, 600))))
        kept = [word for word in words if draw(st.integers(0, 5))]
        head = draw(st.sampled_from(["", ">> ", ">> ANNA: ", ">> BEN B: "]))
        start = now + draw(st.integers(0, 9000))
        cues.append(Cue(Span(start, start + chunks[-1].span.length), head + " ".join(kept)))
        now = chunks[-1].span.end + draw(st.sampled_from([0, 800, 7000]))
    return chunks, sorted(cues, key=lambda cue: cue.span)


@given(exchanges())
@settings(max_examples=200, deadline=None)
def test_voices_of_captions_are_in_order_and_lose_no_word(
    pair: tuple[list[HeardChunk], list[Cue]],
) -> None:
    chunks, cues = pair
    captions = turns_of(cues)
    voices = voices_from_captions(turns(chunks), captions)
    starts = [one.span.start for one in voices]
    assert starts == sorted(starts)
    names = {turn.label for turn in captions if turn.label}
    assert all(v.label in names or v.label.startswith("CAPTION_SPEAKER_") for v in voices)
    again = turns(chunks, voices)
    assert sum(len(turn.words) for turn in again) == sum(len(c.heard.words) for c in chunks)
    assert voices == voices_from_captions(turns(chunks), captions)
    assert all(isinstance(one, VoiceSpan) and one.span.length > 0 for one in voices)
