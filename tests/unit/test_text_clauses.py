"""Headlines, summaries and speech in clauses."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.text.clauses import headline_clauses, spoken_clauses, summary_clauses

_PIECES = [*'aZé ,;:.!?“”"«»—-…()1 2وא،؛هह।的。，\u200f', "and ", "said that ", "He ", "\n"]
ANY_TEXT = st.lists(st.sampled_from(_PIECES), max_size=60).map("".join)


def _texts(text: str, found: object) -> list[str]:
    return [one.text(text) for one in found]  # type: ignore[attr-defined]


def test_a_headline_is_parted_at_semicolons_and_labels() -> None:
    text = "Harbour Master Daniel Marsh: The Late Boat Stays; 14 Crossings A Day At 6:30"
    found = headline_clauses(text, "en")
    assert _texts(text, found) == [
        "Harbour Master Daniel Marsh", "The Late Boat Stays", "14 Crossings A Day At 6:30",
    ]  # fmt: skip
    assert [one.label for one in found] == [True, False, False]
    assert [one.said_by for one in found] == [None, (0, 27), None]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("the price: three euros for a ticket", 0),
        ("It is over. So: The Boats Sail", 0),
        ("رئيس الميناء: العبّارة باقية هذا العام", 1),
    ],
)
def test_only_a_name_before_a_colon_is_a_label(text: str, labels: int) -> None:
    assert sum(one.label for one in headline_clauses(text)) == labels


def test_a_summary_is_parted_at_sentences_and_before_linking_words() -> None:
    text = (
        "Marsh said that the late boat stays, and the price will not rise this year. "
        "He spoke in May, June and July."
    )
    assert _texts(text, summary_clauses(text, "en")) == [
        "Marsh said that the late boat stays",
        "and the price will not rise this year.",
        "He spoke in May, June and July.",
    ]


def test_who_said_it_is_told_from_what_was_said() -> None:
    text = "Harbour master Daniel Marsh, of Port Callan, said that boats sail in winter."
    who, said = summary_clauses(text, "en")
    assert who.label
    assert who.text(text) == "Harbour master Daniel Marsh, of Port Callan"
    assert said.said is not None
    assert text[slice(*said.said)] == "boats sail in winter."
    (short,) = summary_clauses("He denied that the late boat goes.", "en")
    assert short.said_by == (0, 2)


def test_a_noun_is_no_verb_of_saying() -> None:
    (found,) = summary_clauses("He made these remarks in an interview on Harbour One.", "en")
    assert found.said is None


def test_a_clause_is_never_parted_inside_quotation_marks() -> None:
    text = "Marsh called it “a harbour, and a town; both without an evening” on the air."
    assert len(summary_clauses(text, "en")) == 1


@pytest.mark.parametrize(
    ("language", "text", "clauses"),
    [
        ("de", "Die Brücke öffnet im Mai, aber der Preis steigt nicht mehr.", 2),
        ("fr", "Le pont ouvrira en mai, mais le prix du billet monte.", 2),
        ("es", "El puente abre en mayo, pero el precio del billete sube.", 2),
        ("ar", "قال الوزير إن الجسر سيفتح في مايو، وأضاف أن السعر لن يرتفع أبدا.", 2),
        ("ru", "Мост откроется в мае, но цена билета не вырастет.", 2),
        ("zh", "大桥五月开放；票价不会上涨。", 2),
        ("und", "Iwwe zar meto; ulu samo kerin.", 2),
    ],
)
def test_clauses_are_parted_in_many_languages(language: str, text: str, clauses: int) -> None:
    assert len(summary_clauses(text, language)) == clauses


def test_speech_is_parted_where_a_new_subject_follows() -> None:
    text = "we have weapons and that we will not leave because the price is high"
    assert [text[a:b] for a, b in spoken_clauses(text, "en")] == [
        "we have weapons", "that we will not leave", "because the price is high",
    ]  # fmt: skip


@settings(max_examples=60)
@given(ANY_TEXT, st.sampled_from(["en", "ar", "zh", "de", None]))
def test_clauses_are_in_order_inside_the_text_and_lose_no_word(
    text: str, language: str | None
) -> None:
    for found in (headline_clauses(text, language), summary_clauses(text, language)):
        ends = [(one.char_start, one.char_end) for one in found]
        assert all(0 <= start < end <= len(text) for start, end in ends)
        assert ends == sorted(ends)
        assert all(one[1] <= other[0] for one, other in pairwise(ends))
        inside = {at for start, end in ends for at in range(start, end)}
        assert not any(char.isalpha() for at, char in enumerate(text) if at not in inside)
        for one in found:
            if one.said is not None:
                assert one.char_start <= one.said[0] <= one.said[1] <= one.char_end
