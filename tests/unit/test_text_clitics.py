"""Particles written in one with Arabic and Hebrew words: what goes, and what must stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.text.clitics import REST_MIN, stripped
from offair.text.tokenise import tokens


def of(word: str, language: str) -> str:
    (token,) = tokens(word, language)
    return stripped(token.form, language)


@pytest.mark.parametrize(
    "word",
    ["كتاب", "الكتاب", "والكتاب", "بالكتاب", "وبالكتاب", "كالكتاب", "فالكتاب", "للكتاب", "ٱلْكِتَاب"],
)
def test_the_arabic_article_and_what_stands_before_it(word: str) -> None:
    assert of(word, "ar") == "كتاب"
    assert of(word, "arz-EG") == "كتاب"


@pytest.mark.parametrize(
    "word",
    [
        "الله", "الذي", "إلى", "الآن", "ألمانيا", "والد", "والدين", "ألف", "آلاف", "بالغ",
        "وزير", "واشنطن", "فرنسا", "كل", "لبنان", "بلد", "لا", "ال",
    ],
)  # fmt: skip
def test_arabic_words_that_only_look_so_stay(word: str) -> None:
    (token,) = tokens(word, "ar")
    assert stripped(token.form, "ar") == token.form


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("הממשלה", "ממשלה"), ("והממשלה", "ממשלה"), ("שהממשלה", "ממשלה"), ("כשהממשלה", "ממשלה"),
        ("וממשלה", "ממשלה"), ("הוא", "הוא"), ("שהוא", "שהוא"), ("ועדה", "ועדה"), ("מהר", "מהר"),
        ("היום", "היום"), ("בית", "בית"), ("לא", "לא"), ("ורק", "ורק"),
    ],
)  # fmt: skip
def test_hebrew(word: str, bare: str) -> None:
    assert of(word, "he") == bare


@given(st.text(alphabet="والبكفلمنكتابهשהוכמרת", max_size=12), st.sampled_from(["ar", "he", "fa"]))
@settings(max_examples=200)
def test_only_a_beginning_goes_and_enough_is_left(form: str, language: str) -> None:
    bare = stripped(form, language)
    assert form.endswith(bare)
    assert bare == form or len(bare) >= REST_MIN
    if language == "fa":
        assert bare == form
