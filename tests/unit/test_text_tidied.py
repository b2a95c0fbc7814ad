"""What is tidying of a text and what changes it: by cases, and by what holds of all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.text.tidied import beyond_tidy, one_letter_apart, swapped


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The boat leaves, at six.", "The boat leaves at six!"),
        ("Teh boat leaves", "The boat leaves"),
        ("a goverment order", "a government order"),
        ("We will not recieve them", "We will not receive them"),
        ("every one of the harbour masters", "everyone of the harbour masters"),
        ("“No,” he said", "'No', he said"),
        ("الى المينا القديمة", "الى المينا القديمة."),
    ],
)
def test_spelling_and_punctuation_are_tidied(old: str, new: str) -> None:
    assert beyond_tidy(old, new, "ar" if old[0] > "ء" else "en") == ()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("We will stop", "We will not stop", ("", "not")),
        ("We will not stop", "We will now stop", ("not", "now")),
        ("fourteen boats", "forty boats", ("fourteen", "forty")),
        ("14 boats", "15 boats", ("14", "15")),
        ("said Daniel Marsh there", "said Daniel Marsch there", ("Marsh", "Marsch")),
        ("the war is over", "the was is over", ("war", "was")),
        ("he leaves today", "he leave today", ("leaves", "leave")),
        ("the boat sails", "the ferry sails", ("boat", "ferry")),
        ("he must go", "he may go", ("must", "may")),
        ("", "words", ("", "words")),
    ],
)
def test_words_are_not(old: str, new: str, named: tuple[str, str]) -> None:
    assert named in beyond_tidy(old, new, "en")


WORDS = st.text("abcdeé ", max_size=30)


@given(WORDS)
def test_nothing_changed_is_tidy(text: str) -> None:
    assert beyond_tidy(text, text, "en") == ()
    assert beyond_tidy(text, f" {text.upper()}, ", "en") == ()


@given(WORDS, WORDS)
def test_a_change_is_seen_from_both_sides(old: str, new: str) -> None:
    assert (beyond_tidy(old, new, "en") == ()) == (beyond_tidy(new, old, "en") == ())


@given(st.text("abc", max_size=6), st.integers(0, 6), st.sampled_from("abcx"))
def test_one_letter_put_in_left_out_or_changed(word: str, at: int, letter: str) -> None:
    at = min(at, len(word))
    longer = word[:at] + letter + word[at:]
    assert one_letter_apart(word, longer)
    assert one_letter_apart(longer, word)
    assert not one_letter_apart(word, word)
    assert not one_letter_apart(word, longer + "yy")
    if at < len(word) and word[at] != letter:
        assert one_letter_apart(word, word[:at] + letter + word[at + 1 :])


def test_neighbours_that_changed_places() -> None:
    assert swapped("teh", "the")
    assert not swapped("abcd", "badc")
    assert not swapped("abc", "abc")
    assert not swapped("abc", "ab")
