"""Two hearings of one sound, joined so that each word stands once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from offair.model.time import Span
from offair.model.transcript import Heard
from offair.model.words import Word, Words
from offair.text.attribute import HeardChunk
from offair.text.seams import PlacedWord, placed_words, seam


def row(*said: tuple[str, int]) -> list[PlacedWord]:
    return [PlacedWord(middle, form) for form, middle in said]


def joined(edge: int, before: list[PlacedWord], after: list[PlacedWord]) -> tuple[list[str], bool]:
    """The words that come of it, and whether the place is sure."""
    found = seam(edge, before, after, within=1_500)
    left = [one.form for one in before if one.middle < found.at]
    return left + [one.form for one in after if one.middle >= found.at], found.sure


def test_a_word_that_the_two_hearings_date_on_either_side_stands_once() -> None:
    old = row(("cost", 400), ("more", 700), ("this", 1_010), ("year", 1_400))
    new = row(("cost", 380), ("more", 690), ("this", 960), ("year", 1_380))
    assert joined(1_000, old, new) == (["cost", "more", "this", "year"], True)
    assert joined(985, new, old) == (["cost", "more", "this", "year"], True)


def test_where_nobody_speaks_the_edge_itself_is_the_place() -> None:
    assert seam(5_000, row(("yes", 1_000)), row(("no", 9_000)), within=1_500).at == 5_000
    assert seam(5_000, row(("yes", 1_000)), row(("no", 9_000)), within=1_500).sure


def test_hearings_without_a_word_in_common_are_not_sure() -> None:
    found = seam(1_000, row(("alpha", 900)), row(("omega", 1_100)), within=1_500)
    assert (found.at, found.sure) == (1_000, False)


def test_words_are_placed_in_media_time_without_case_and_marks() -> None:
    heard = Heard("Yes, Nora.", Words.of([Word(0, 4, 0, 200), Word(5, 10, 200, 500)]), "en")
    placed = placed_words([HeardChunk(Span(10_000, 12_000), heard)])
    assert placed == row(("yes", 10_100), ("nora", 10_350))


@given(
    st.lists(st.integers(80, 600), min_size=2, max_size=30),
    st.data(),
)
def test_the_same_words_dated_a_little_otherwise_are_never_lost_or_doubled(
    steps: list[int], data: st.DataObject
) -> None:
    middles = [sum(steps[: index + 1]) for index in range(len(steps))]
    half = min(steps) // 2
    shifts = data.draw(
        st.lists(st.integers(-half + 1, half - 1), min_size=len(steps), max_size=len(steps))
    )
    forms = [f"word{index}" for index in range(len(steps))]
    old = row(*zip(forms, middles, strict=True))
    new = row(*((form, m + s) for form, m, s in zip(forms, middles, shifts, strict=True)))
    edge = data.draw(st.integers(middles[0] + 1, middles[-1] - 1))
    words, sure = joined(edge, old, new)
    assert words == forms or not sure
    assert sure or not any(abs(one - edge) <= 1_000 for one in middles[:-1])
