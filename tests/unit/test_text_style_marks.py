"""What is off the house style sheet, and what is proposed for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offair.model.desk_lists import DATE_FORMS, StyleKind, StyleRule
from offair.text.style_marks import style_marks

COLOUR = StyleRule(StyleKind.SPELLING, "color", "colour", language="en", id=1)
TERM = StyleRule(StyleKind.TERM, "terrorist", None, "say who calls them so", id=2)
WAR = StyleRule(StyleKind.TERM, "special operation", "war", id=3)


def marked(text: str, *rules: StyleRule, language: str | None = "en") -> list[tuple[str, object]]:
    return [(one.found, one.proposal) for one in style_marks(text, rules, language)]


def test_words_and_rows_of_words_are_found_in_any_case() -> None:
    text = "Color, in colour. A Special  Operation by terrorists or a terrorist; COLOR."
    assert marked(text, COLOUR, TERM, WAR) == [
        ("Color", "Colour"), ("Special  Operation", "war"), ("terrorist", None),
        ("COLOR", "Colour"),
    ]  # fmt: skip


def test_a_rule_of_another_language_is_left_out() -> None:
    assert marked("color", COLOUR, language="es") == []
    assert marked("color", COLOUR, language="en-GB") == [("color", "colour")]


def test_the_longer_of_two_that_overlap_is_marked() -> None:
    other = StyleRule(StyleKind.TERM, "operation", "act", id=4)
    assert marked("a special operation, an operation", WAR, other) == [
        ("special operation", "war"), ("operation", "act"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("house", "proposal"),
    list(zip(DATE_FORMS, ("1 February 2023", "February 1, 2023", "2023-02-01"), strict=True)),
)
def test_dates_are_written_as_the_house_writes_them(house: str, proposal: str) -> None:
    rule = StyleRule(StyleKind.DATE, "dates", house, id=5)
    text = "On 1 February 2023, Feb. 1, 2023, February 1, 2023, 2023-02-01, not 31 February 2023."
    found = style_marks(text, [rule], "en")
    assert {one.proposal for one in found} == {proposal}
    assert len(found) == 3
    assert proposal not in [one.found for one in found]


def test_other_spellings_of_a_name_are_marked_with_the_list_as_the_reason() -> None:
    names = {("zelensky",): "Zelenskyy"}
    (found,) = style_marks("Then Zelensky spoke.", [], "en", names)
    assert (found.found, found.proposal, found.rule) == ("Zelensky", "Zelenskyy", None)
    assert "names list" in found.reason


@given(st.text(max_size=80), st.sampled_from(["en", "ar", None]))
def test_marks_lie_apart_in_order_and_name_what_stands_there(
    text: str, language: str | None
) -> None:
    rules = [COLOUR, TERM, WAR, StyleRule(StyleKind.TERM, "a", "b", id=6)]
    found = style_marks(text + " color a special operation", rules, language)
    assert found
    ends = [0]
    for one in found:
        assert (text + " color a special operation")[one.start : one.end] == one.found
        assert one.start >= ends[-1]
        assert one.proposal != one.found
        ends.append(one.end)


@given(st.dates())
def test_what_is_proposed_is_on_the_sheet(day: object) -> None:
    iso = str(day)
    for house in DATE_FORMS:
        rule = StyleRule(StyleKind.DATE, "dates", house, id=1)
        (proposal,) = [one.proposal for one in style_marks(iso, [rule], "en")] or [iso]
        assert proposal is not None
        assert style_marks(proposal, [rule], "en") == ()
