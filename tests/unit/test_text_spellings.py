"""The names list in search and in a comparison: which rows of words stand for one name."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from offair.model.names import Name, NameKind, Spelling
from offair.text.spellings import Spellings
from offair.text.tokenise import tokens

ZELENSKYY = Name(
    NameKind.PERSON,
    "Volodymyr Zelenskyy",
    "Володимир Зеленський",
    (
        Spelling("Volodimir Zelenskij", "Agency"),
        Spelling("Zelensky"),
        Spelling("Zelenski Wolodymyr"),
    ),
    id=7,
)
ABBAS = Name(NameKind.PERSON, "Mahmoud Abbas", "محمود عباس", (Spelling("Abu Mazen"),), id=8)
STATES = Name(NameKind.BODY, "United States", None, (Spelling("US"), Spelling("U.S.A.")), id=9)
KIEV = Name(NameKind.PLACE, "Kyiv", "Київ", (Spelling("Kiev"), Spelling("基辅")), id=10)
LIST = Spellings.of([ZELENSKYY, ABBAS, STATES, KIEV])


def found(text: str) -> list[tuple[str, str]]:
    every = tokens(text)
    return [
        (text[every[one.first].char_start : every[one.last - 1].char_end], LIST.house(one.name_id))
        for one in LIST.spans(every)
    ]


def test_spellings_find_each_other() -> None:
    variants = LIST.variants()
    assert variants[("kyiv",)] == {("київ",), ("kiev",), ("基", "辅")}
    assert ("volodymyr", "zelenskyy") in variants[("володимир", "зеленський")]
    assert ("mahmoud", "abbas") in variants[("abu", "mazen")]


def test_the_words_of_a_person_are_spellings_where_they_are_alike() -> None:
    variants = LIST.variants()
    assert ("zelenskij",) in variants[("zelenskyy",)]
    assert variants[("volodymyr",)] == {("volodimir",)}
    assert ("abbas",) not in variants
    assert ("mazen",) not in variants
    assert ("зеленський",) not in variants.get(("zelenskyy",), ())


def test_an_ordinary_word_is_asked_for_by_nobody() -> None:
    variants = LIST.variants()
    assert ("us",) not in variants
    assert ("us",) not in variants[("united", "states")]
    assert variants[("united", "states")] == {("usa",)}
    assert LIST.left_out == ("US",)


def test_names_are_found_longest_first_and_by_their_ids() -> None:
    assert found("Then Volodymyr Zelenskyy, in Kiev, told us. In the US Abu Mazen") == [
        ("Volodymyr Zelenskyy", "Volodymyr Zelenskyy"),
        ("Kiev", "Kyiv"),
        ("US", "United States"),
        ("Abu Mazen", "Mahmoud Abbas"),
    ]
    assert found("Zelenskij said") == [("Zelenskij", "zelenskyy")]
    one, other = (LIST.spans(tokens(word))[0].name_id for word in ("Zelenskij", "Zelenskyy"))
    first = LIST.spans(tokens("Volodimir"))[0].name_id
    assert one == other != first
    assert LIST.spans(tokens("Zelensky"))[0].name_id == 7


def test_a_row_of_two_names_has_both() -> None:
    namesakes = Spellings.of(
        [
            Name(NameKind.PLACE, "Georgia", "საქართველო", id=1),
            Name(NameKind.PLACE, "Georgia (state)", None, (Spelling("Georgia"),), id=2),
        ]
    )
    spans = namesakes.spans(tokens("in Georgia today"))
    assert [(one.first, one.last, one.name_id) for one in spans] == [(1, 2, 1), (1, 2, 2)]


def test_names_without_words_or_ids() -> None:
    made = Spellings.of(
        [Name(NameKind.BODY, "…"), Name(NameKind.BODY, "NATO", "НАТО"), Name(NameKind.BODY, "EU")]
    )
    assert made.variants() == {("nato",): {("нато",)}, ("нато",): {("nato",)}}
    assert Spellings.of([]).spans(tokens("nobody")) == ()


@example(["A:0", "A"])
@given(st.lists(st.text(max_size=12) | st.sampled_from(["Kiev", "the", "US"]), max_size=8))
@settings(max_examples=60)
def test_spans_lie_in_the_text_and_variants_are_mutual(texts: list[str]) -> None:
    made = Spellings.of(
        [
            Name(NameKind.PERSON, one, None, (Spelling(other),))
            for one, other in zip(texts, reversed(texts), strict=True)
        ]
    )
    variants = made.variants()
    for row, others in variants.items():
        assert row not in others
        assert all(row in variants[other] for other in others)
    every = tokens(" ".join(texts))
    spans = made.spans(every)
    assert all(0 <= one.first < one.last <= len(every) for one in spans)
    assert all(
        tuple(each.form for each in every[one.first : one.last]) in made.groups[one.name_id]
        for one in spans
    )
