"""The lines of two versions: none is lost, and those that are alike stand side by side."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from offair.text.version_lines import paired

WORDS = ["we", "will", "not", "stop", "the", "late", "boat", "قال"]
lines = st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), max_size=5)


@given(lines, lines)
@settings(max_examples=60)
def test_every_line_is_in_one_pair(old: list[str], new: list[str]) -> None:
    found = paired(old, new)
    assert [one for one, _ in found if one is not None] == old
    assert [one for _, one in found if one is not None] == new
    assert (None, None) not in found


def test_lines_alike_are_one_pair_and_others_are_not() -> None:
    assert paired(["A", "we will not stop"], ["we will never stop", "B"]) == (
        ("A", None), ("we will not stop", None), (None, "we will never stop"), (None, "B"),
    )  # fmt: skip
    assert paired(["A", "we will not stop"], ["A b", "we will never stop"]) == (
        ("A", "A b"), ("we will not stop", "we will never stop"),
    )  # fmt: skip


def test_very_long_lines_are_paired_by_their_places() -> None:
    long = "word " * 5_000
    assert paired([long], ["other " * 5_000]) == ((long, "other " * 5_000),)
