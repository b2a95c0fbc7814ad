"""Sentence ranges: sensible on prose, safe on anything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.text.sentences import ends_sentence, rules_language, sentences

TRICKY = st.text(
    st.sampled_from(
        "abA1. !?…\"'«»“”()[]\n\r\x85\x1c\u2028\u00a0\u3000。「」؟éß\u0301\ud800\U0001f44d"
    ),
    max_size=50,
)
LANGUAGES = st.sampled_from(
    [None, "en", "fr", "de", "pt-BR", "ar", "ja", "zh-Hant", "th", "hy", "q"]
)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            "Mr. Smith came at 6:40 a.m. to talk. Then he left?  Yes!",
            "en",
            ["Mr. Smith came at 6:40 a.m. to talk.", "Then he left?", "Yes!"],
        ),
        ("O Sr. Silva disse. Sim.", "pt-BR", ["O Sr. Silva disse.", "Sim."]),
        ("مرحبا. كيف حالك؟ جيد.", "ar", ["مرحبا.", "كيف حالك؟", "جيد."]),
        ("今日は。いい天気ですね。", "ja", ["今日は。", "いい天気ですね。"]),
        ("no stop at all", None, ["no stop at all"]),
        (" \n ", "en", []),
    ],
)
def test_sentences(text: str, language: str | None, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text, language)] == expected


@given(TRICKY | st.text(max_size=80), LANGUAGES)
@settings(max_examples=400, deadline=None)
def test_ranges_cover_all_that_is_not_space(text: str, language: str | None) -> None:
    last = 0
    covered: set[int] = set()
    for start, end in sentences(text, language):
        assert last <= start < end <= len(text)
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        covered.update(range(start, end))
        last = end
    assert {at for at, char in enumerate(text) if not char.isspace()} <= covered


def test_languages_the_rules_do_not_know() -> None:
    assert rules_language(None) == rules_language("und") == rules_language("x-made-up") == "en"
    assert rules_language("acm") == rules_language("ar-EG") == "ar"
    assert rules_language("pt_BR") == "pt"


def test_closing_marks() -> None:
    for text in ("Yes.", "Really?”", "そう。」", "نعم؟", "what…", 'he said." '):
        assert ends_sentence(text)
    for text in ("Yes,", "and", "", "1.5", "said:"):
        assert not ends_sentence(text)
