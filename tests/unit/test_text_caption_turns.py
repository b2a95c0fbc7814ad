"""Caption cues to turns: who was named, where words stand, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from offair.model.time import Span
from offair.model.transcript import Cue
from offair.model.words import TimeSource
from offair.text.caption_turns import turns_of, untimed


def test_a_change_of_speaker_inside_a_cue() -> None:
    cues = [
        Cue(Span(0, 2000), ">> NORA WHITLOW: Good morning."),
        Cue(Span(2000, 4000), "With me is >> DANIEL MARSH: Good morning."),
        Cue(Span(4000, 5000), "and thanks"),
        Cue(Span(5000, 6000), ">> Who is that?"),
    ]
    found = turns_of(cues)
    assert [(turn.label, turn.text) for turn in found] == [
        ("NORA WHITLOW", "Good morning. With me is"),
        ("DANIEL MARSH", "Good morning. and thanks"),
        (None, "Who is that?"),
    ]


def test_the_speaker_a_format_names_counts_and_a_time_is_no_name() -> None:
    cues = [
        Cue(Span(0, 1000), "At 6:40 we left.", "Anna"),
        Cue(Span(1000, 2000), "BBC: no", None),
        Cue(Span(9000, 9500), "Later", None),
    ]
    found = turns_of(cues)
    assert [turn.label for turn in found] == ["Anna", "BBC", "BBC"]


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_cues = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000), _texts), max_size=12).map(
    lambda rows: [Cue(Span(a, a + b), text) for a, b, text in sorted(rows)]
)


@given(_cues)
def test_every_character_but_change_marks_is_kept_in_order(cues: list[Cue]) -> None:
    given_ = "".join("".join(cue.text.split()) for cue in cues)
    found = turns_of(cues)
    kept = "".join("".join(turn.text.split()) for turn in found)
    rest = iter(given_)
    assert all(one in rest for one in kept)
    if ":" not in given_ and ">" not in given_:
        assert kept == given_


@given(_cues)
def test_words_lie_in_their_turn_and_keep_its_text(cues: list[Cue]) -> None:
    for turn in turns_of(cues):
        assert turn.span is not None
        assert [turn.text[w.char_start : w.char_end] for w in turn.words] == turn.text.split()
        for word in turn.words:
            assert word.source is TimeSource.INTERPOLATED
            assert word.start is not None
            assert word.end is not None
            assert turn.span.start <= word.start <= word.end <= turn.span.end


@given(_texts)
def test_untimed_words_have_no_time(text: str) -> None:
    words = untimed(text)
    assert [text[w.char_start : w.char_end] for w in words] == text.split()
    assert all(word.start is None and word.source is TimeSource.NONE for word in words)
