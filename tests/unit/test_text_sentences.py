"""Sentence ranges: sensible on prose, safe on anything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.text import sentences as module
from offair.text.sentences import LONGEST_ASKED, ends_sentence, rules_language, sentences

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


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the library is asked about."""
    texts: list[str] = []
    real = module.get_sentence_boundaries

    def noted(code: str, text: str) -> object:
        texts.append(text)
        return real(code, text)

    monkeypatch.setattr(module, "get_sentence_boundaries", noted)
    return texts


@pytest.mark.parametrize("unit", ["![", "。“", "“a ", "a! ", "(a. b) "])
def test_rows_of_marks_are_asked_about_in_bounded_stretches(asked: list[str], unit: str) -> None:
    text = "One. Two.\n\n" + unit * 20_000 + "\n\nThree. Four."
    found = [text[start:end] for start, end in sentences(text, "en")]
    assert found[:2] == ["One.", "Two."]
    assert found[-2:] == ["Three.", "Four."]
    marked = [one for one in asked if sum(not mark.isalnum() for mark in one) > 100]
    assert max(map(len, marked)) <= LONGEST_ASKED
    assert len(marked) <= 2 + len(text) // (LONGEST_ASKED // 3)
    assert asked[0].strip() == "One. Two."


def test_ordinary_text_is_asked_about_as_a_whole(asked: list[str]) -> None:
    prose = "Mr. Smith said, “We will go (soon) to the harbour.” Then he left? " * 1_000
    assert len(sentences(prose, "en")) == 2_000
    assert asked == [prose]


def test_a_paragraph_in_stretches_has_the_same_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    prose = " ".join(
        f"Mr. Smith said, “We go to harbour {at}. It is {at % 7} miles (or so) away.” He left!"
        for at in range(600)
    )
    whole = sentences(prose, "en")
    monkeypatch.setattr(module, "MOST_MARKS", 1_000)
    assert sentences(prose, "en") == whole


def test_languages_the_rules_do_not_know() -> None:
    assert rules_language(None) == rules_language("und") == rules_language("x-made-up") == "en"
    assert rules_language("acm") == rules_language("ar-EG") == "ar"
    assert rules_language("pt_BR") == "pt"


def test_closing_marks() -> None:
    for text in ("Yes.", "Really?”", "そう。」", "نعم؟", "what…", 'he said." '):
        assert ends_sentence(text)
    for text in ("Yes,", "and", "", "1.5", "said:"):
        assert not ends_sentence(text)
