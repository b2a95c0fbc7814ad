"""Long sentences in pieces: all of the text, each piece short enough, cut where it hurts least."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from offair.engines.translation.pieces import joined, one_line, pieces
from offair.model.time import Span
from offair.text.translated import aligned


def test_a_sentence_is_cut_at_its_marks() -> None:
    said = "They came, they saw; they conquered everything there was"
    assert pieces(said, lambda text: len(text) <= 30) == [
        "They came, they saw;", "they conquered everything", "there was",
    ]  # fmt: skip
    assert pieces("short", lambda _: True) == ["short"]
    assert pieces(" \n ", lambda _: True) == []


@given(text=st.text(max_size=200), size=st.integers(1, 20))
def test_pieces_hold_all_of_it_and_fit(text: str, size: int) -> None:
    found = pieces(text, lambda one: len(one) <= size)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(found)
    for one in found:
        # A grapheme is never divided, so that only one may be longer.
        assert len(one) <= size or len(pieces(one, lambda text: len(text) <= 1)) == 1


@given(text=st.text(max_size=200))
def test_what_fits_is_one_piece(text: str) -> None:
    assert joined(pieces(text, lambda _: True), "en") == one_line(text)


def test_joined_writes_spaces_where_the_language_does() -> None:
    assert joined(["Good ", " morning", ""], "en") == "Good morning"
    assert joined(["早上", "好"], "zh-Hans") == "早上好"


SPANS = st.lists(
    st.one_of(
        st.none(),
        st.tuples(st.integers(0, 100), st.integers(0, 30)).map(lambda x: Span(x[0], x[0] + x[1])),
    ),
    max_size=8,
)


@given(made=SPANS, source=SPANS)
def test_alignment_names_what_shares_time_and_nothing_else(
    made: list[Span | None], source: list[Span | None]
) -> None:
    found = aligned(made, source)
    assert len(found) == len(made)
    for one, places in zip(made, found, strict=True):
        shares = [
            place
            for place, other in enumerate(source)
            if one and other and min(one.end, other.end) > max(one.start, other.start)
        ]
        assert set(places) <= set(shares)
        assert bool(places) == bool(shares)


def test_alignment_is_many_to_many() -> None:
    source = [Span(0, 10), Span(10, 20), Span(20, 40)]
    assert aligned([Span(0, 20), Span(21, 30), Span(30, 41), Span(90, 91)], source) == [
        (0, 1), (2,), (2,), (),
    ]  # fmt: skip
