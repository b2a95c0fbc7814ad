"""Words that are spelled alike: the quick ways give what the plain ones give."""

from __future__ import annotations

import string

from hypothesis import example, given, settings
from hypothesis import strategies as st

from offair.text import word_variants
from offair.text.word_variants import (
    Near,
    inflections,
    one_letter_apart,
    spelling_key,
    stem,
    variant_cost,
)

WORDS = st.text("abcer", min_size=1, max_size=8)
ENDINGS = (
    "elled", "elling", "iser", "ise", "ising", "isation", "lyse", "lysed", "our", "ours", "oured",
    "tre", "tres", "aemia", "oedema", "defence", "licence", "ogue", "programme", "grey", "ore", "",
)  # fmt: skip


@settings(max_examples=300)
@given(st.text(string.ascii_lowercase, max_size=6), st.sampled_from(ENDINGS), st.booleans())
def test_a_word_that_nothing_is_looked_up_for_has_itself_as_its_key(
    stem: str, ending: str, first: bool
) -> None:
    word = ending + stem if first else stem + ending
    plain = word
    if len(word) >= 5:
        for pattern, by in word_variants._KEYS:
            plain = pattern.sub(by, plain)
    assert spelling_key(word) == plain


def _edited(word: str) -> set[str]:
    letters = {*word, *"abcer"}
    found = {word[:at] + word[at + 1 :] for at in range(len(word))}
    found |= {word[:at] + one + word[at:] for at in range(len(word) + 1) for one in letters}
    found |= {word[:at] + one + word[at + 1 :] for at in range(len(word)) for one in letters}
    found |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    return found - {word}


@settings(max_examples=300)
@given(WORDS, WORDS)
@example("form", "from")
def test_one_letter_apart_is_one_edit(one: str, other: str) -> None:
    assert one_letter_apart(one, other) == (other in _edited(one))
    assert one_letter_apart(one, other) == one_letter_apart(other, one)


@settings(max_examples=100)
@given(st.lists(WORDS, min_size=1, max_size=12), WORDS)
def test_near_words_are_those_of_a_lesser_cost(forms: list[str], form: str) -> None:
    expected = {
        other: variant_cost(other, form, "en")
        for other in forms
        if other != form and variant_cost(other, form, "en") < word_variants.SUBSTITUTED
    }
    assert dict(Near(forms, "en").of(form)) == expected


@given(st.text(alphabet="abdeghilnorstuxy", min_size=1, max_size=9))
def test_every_form_stands_among_the_inflections_of_its_stem(form: str) -> None:
    found = inflections(stem(form))
    assert form in found
    assert {stem(one) for one in found} == {stem(form)}
