"""Captions against speech: late and shortened captions agree, other words and numbers do not."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from offair.model.time import Ms, Span
from offair.model.transcript import Cue, FlagKind, Turn
from offair.model.words import TimeSource, Word, Words
from offair.text.caption_agreement import Agreement, disagreements
from offair.text.caption_turns import turns_of

BEFORE = (
    "Good evening from the harbour where the council met this afternoon to talk about the ferry"
    " and about the new quay that was promised last spring."
)
AFTER = (
    "The meeting went on until seven and the harbour master thanked everybody who had come in"
    " spite of the rain before he closed the doors."
)
WORD_MS = 400


def spoken(text: str, start: Ms = 0, step: Ms = WORD_MS) -> Turn:
    """One turn with a time for each word."""
    words, place = [], 0
    for index, piece in enumerate(text.split()):
        first = text.index(piece, place)
        place = first + len(piece)
        begin = start + index * step
        words.append(Word(first, place, begin, begin + step - 50, TimeSource.ENGINE, 0.9))
    columns = Words.of(words)
    return Turn(0, 0, text, columns, columns.span)


def shown(text: str, lag: Ms = 4_000, step: Ms = WORD_MS) -> tuple[Turn, ...]:
    """The turns of captions in capitals, six words to a cue, `lag` after the speech."""
    pieces = text.upper().split()
    cues = [
        Cue(
            Span(lag + at * step, lag + (at + len(pieces[at : at + 6])) * step),
            " ".join(pieces[at : at + 6]),
        )
        for at in range(0, len(pieces), 6)
    ]
    return turns_of(cues)


def held(heard: str, captions: str, lag: Ms = 4_000) -> Agreement:
    """Two texts that open and close the same, held against each other."""
    return disagreements(
        [spoken(f"{BEFORE} {heard} {AFTER}")], shown(f"{BEFORE} {captions} {AFTER}", lag)
    )


def test_late_captions_of_the_same_words_agree() -> None:
    for lag in (0, 2_000, 9_000):
        result = held(
            "We are not cancelling the late boat.", "We are not cancelling the late boat.", lag
        )
        assert result.flags == ()
        assert result.lag_ms is not None
        assert abs(result.lag_ms - lag) < 400


def test_shortened_and_rephrased_captions_agree() -> None:
    heard = "Well, you know, I mean, we have always kind of said that, uh, boats come first here."
    assert held(heard, "We have always said that boats come first.").flags == ()
    assert held("There were twenty-five people.", "There were 25 people.").flags == ()
    assert held("They don't know.", "They do not know.").flags == ()
    assert held("It was an extremely nice day.", "It was a very good day.").flags == ()
    assert held("Thank you.", "[APPLAUSE] Thank you. (CHEERING) ♪ la la la ♪").flags == ()
    assert held("So Daniel Marsh said it.", "So he said it.").flags == ()


def test_a_number_a_negation_and_a_name_weigh() -> None:
    cases = [
        ("The ferry carries forty people a day.", "The ferry carries fourteen people a day.",
         "forty", "a number"),
        ("We will not close the quay.", "We will close the quay.", "not", "a negation"),
        ("Then Mister Marsh spoke to us.", "Then Mister Brown spoke to us.", "Marsh", "a name"),
    ]  # fmt: skip
    for heard, captions, word, what in cases:
        (flag,) = held(heard, captions).flags
        assert flag.kind is FlagKind.CAPTIONS_DIFFER
        assert word in flag.reason
        assert flag.reason.endswith(f"was heard: {what} differs")
        turn = spoken(f"{BEFORE} {heard} {AFTER}")
        place = turn.text.split().index(word)
        assert flag.span is not None
        assert flag.span.start <= place * WORD_MS < flag.span.end < (place + 3) * WORD_MS


def test_a_passage_that_the_captions_lack() -> None:
    heard = "The company paid the council a large sum for the land behind the old mill."
    (flag,) = held(heard, "").flags
    assert flag.reason == (
        "the captions have no words for ‘The company paid the council … the land behind the old"
        " mill’"
    )


def test_a_passage_that_nobody_was_heard_to_say() -> None:
    (flag,) = held("", "Police say that three men have been arrested.").flags
    assert flag.reason.endswith("ARRESTED’, and nothing of it was heard")
    place = len(BEFORE.split()) * WORD_MS
    assert flag.span is not None
    assert abs(flag.span.start - place) < WORD_MS


def test_other_words_altogether() -> None:
    heard = "Thank you for watching and see you in the next video."
    captions = "Police say three men have been arrested after the fire."
    (flag,) = held(heard, captions).flags
    assert "POLICE" in flag.reason
    assert "Thank you for watching" in flag.reason
    assert flag.span is not None
    assert flag.span.length > 3_000


def test_captions_of_another_text_are_not_judged() -> None:
    heard = [spoken(f"{BEFORE} {AFTER}")]
    other = (
        "Und nun zum Wetter: morgen bleibt es im Norden trocken, im Süden fällt am Abend Regen,"
        " und am Wochenende wird es wieder wärmer, sagt der Wetterdienst."
    )
    assert disagreements(heard, shown(other)) == Agreement((), None)
    assert disagreements(heard, ()) == disagreements((), shown(BEFORE)) == Agreement((), None)
    untimed = Turn(0, 0, BEFORE, Words(), None)
    assert disagreements([untimed], shown(BEFORE)) == Agreement((), None)


def test_a_break_in_the_captions_is_not_judged() -> None:
    advert = " ".join(f"buy{n} the best boat of them all now" for n in range(20))
    assert held(advert, "").flags == ()


def test_the_sample_broadcast_agrees_with_its_captions(samples: Path) -> None:
    script = json.loads((samples / "harbour-interview.script.json").read_text("utf-8"))
    heard = []
    for one in script["turns"]:
        words = [word for sentence in one["sentences"] for word in sentence["words"]]
        text, columns = "", []
        for word in words:
            begin = len(text) + (1 if text else 0)
            text = f"{text} {word['text']}" if text else word["text"]
            columns.append(
                Word(begin, len(text), word["start_ms"], word["end_ms"], TimeSource.ENGINE, 0.9)
            )
        packed = Words.of(columns)
        heard.append(Turn(0, len(heard), text, packed, packed.span))
    cues = [Cue(Span(c["start_ms"], c["end_ms"]), c["text"]) for c in script["captions"]]
    result = disagreements(heard, turns_of(cues), language="en")
    assert result.flags == ()
    assert result.lag_ms is not None


def test_long_programmes_stay_within_a_step_a_word() -> None:
    """Two hours: as many word comparisons as a table of all pairs would take are not made."""
    chance = random.Random(8914)
    stock = ["".join(chance.choices("abcdefghijklmnoprstuvwz", k=6)) for _ in range(3_000)]
    words = chance.choices(stock, k=20_000)
    captions = []
    for first in range(0, len(words), 8):
        kept = " ".join(word for word in words[first : first + 8] if chance.random() > 0.05)
        captions.append(Cue(Span(3_000 + first * WORD_MS, 3_000 + (first + 8) * WORD_MS), kept))
    result = disagreements([spoken(" ".join(words))], turns_of(captions))
    assert result.flags == ()
    assert result.lag_ms is not None
    assert 2_500 < result.lag_ms < 3_500


PIECES = st.lists(
    st.sampled_from(["boat", "not", "7", "Marsh", "中", "[x", "]", "♪", "…", "uh", "قال", "a"]),
    max_size=40,
).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=4), st.lists(PIECES, max_size=4), st.integers(0, 40_000))
def test_any_two_layers_are_compared(
    heard: Sequence[str], captions: Sequence[str], lag: Ms
) -> None:
    speech = [spoken(text, index * 9_000) for index, text in enumerate(heard)]
    under = [spoken(text, lag + index * 9_000) for index, text in enumerate(captions)]
    result = disagreements(speech, under)
    assert result == disagreements(speech, under)
    end = max((turn.span.end for turn in speech if turn.span), default=0)
    for flag in result.flags:
        assert flag.span is not None
        assert flag.span.end <= end + 1
        assert flag.reason.isprintable()
    assert disagreements(speech, speech).flags == ()
