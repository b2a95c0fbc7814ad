"""Which part of a long text is cut into words: the same as if all of it had been counted."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from offair.desk.quoted_evidence import _char_range
from offair.text.tokenise import TokenKind, tokens

PIECES = ("harbour", "uh", "—", "state-of-the-art", "l'État", "don't", "3,000", "...", "wall.\n")


def _words(text: str) -> list[tuple[int, int]]:
    found = tokens(text, "en")
    return [(one.char_start, one.char_end) for one in found if one.kind is not TokenKind.FILLER]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=120),
    st.integers(-10, 150),
    st.integers(1, 60),
)
def test_a_part_is_counted_as_all_of_it_would_be(row: list[str], first: int, length: int) -> None:
    text = " ".join(row)
    last = first + length
    words = _words(text)
    low, high = _char_range(text, "en", first, last)
    assert 0 <= low <= high <= len(text)
    wanted = words[max(0, first) : max(0, last)]
    if wanted:
        assert low <= wanted[0][0]
        assert wanted[-1][1] <= high
        assert sum(low <= start and end <= high for start, end in words) <= len(wanted) + 8


@given(st.integers(0, 200), st.integers(1, 60))
def test_digits_in_groups_and_writing_without_spaces_are_counted_in_longer_parts(
    first: int, length: int
) -> None:
    for text, language in (("12 000 personnes en 1 000 villes, " * 60, "fr"), ("我们" * 300, "zh")):
        words = [(one.char_start, one.char_end) for one in tokens(text, language)]
        low, high = _char_range(text, language, first, first + length)
        wanted = words[first : first + length]
        # Where a part ends between two groups of digits, a word or two more may be counted.
        slack = 8 * (high // 100 + 1)
        assert not wanted or (low <= wanted[0][0] + slack and wanted[-1][1] <= high + slack)
