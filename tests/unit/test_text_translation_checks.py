"""A translation held against its original: flags where it is sure, silence where it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import hypothesis.strategies as st
import pytest
from hypothesis import given

from offair.model.time import Span
from offair.model.transcript import FlagKind
from offair.text.translation_checks import doubts


def kinds(
    original: str,
    translation: str,
    source: str = "pt",
    names: Mapping[str, Sequence[str]] | None = None,
) -> list[str]:
    """The kinds of the flags, by name."""
    found = doubts(original, translation, source=source, target="en", names=names)
    return [one.kind.name for one in found]


@pytest.mark.parametrize(
    ("original", "translation", "source"),
    [
        ("A padaria faz hoje cinquenta anos.", "The bakery turns fifty today.", "pt"),
        ("Mais de quatrocentos pães antes das nove horas.",
         "More than 400 loaves before nine o’clock.", "pt"),
        ("A inflação foi de 3,5 % em 1.234 cidades, e 12.345,67 reais.",
         "Inflation was 3.5 percent in 1,234 cities, and 12,345.67 reais.", "pt"),
        ("Nos anos 80, vinte e cinco por cento não votaram.",
         "In the 1980s, twenty-five percent did not vote.", "pt"),
        ("Em 14/05/2026, às 21h30.", "On May 14, 2026, at 9:30 p.m.", "pt"),
        ("São 21:30 em Lisboa.", "It is 9:30 pm in Lisbon.", "pt"),
        ("Custou um milhão e meio de euros.", "It cost one and a half million euros.", "pt"),
        ("No século XXI cresceram.", "They grew in the 21st century.", "pt"),
        ("Um homem e uma mulher.", "A man and a woman.", "pt"),
        ("Em dois mil e vinte e seis.", "In 2026.", "pt"),
        ("لا يزال ٣٥ محلا مفتوحا.", "35 shops are still not closed.", "ar"),
        ("خمسة وثلاثون محلا.", "There are 35 shops.", "ar"),
        ("Der Minister kam um 3 Uhr.", "The minister came at 3.", "de"),
        ("Le 21 juin, il n’a rien dit.", "On June 21, he said nothing.", "fr"),
        ("A cúpula do G20 foi em Roma.", "The G20 summit was in Rome.", "pt"),
    ],
)  # fmt: skip
def test_a_number_that_is_kept_is_not_doubted(original: str, translation: str, source: str) -> None:
    assert kinds(original, translation, source) == []


@pytest.mark.parametrize(
    ("original", "translation", "source"),
    [
        ("Vendeu quatrocentos pães.", "It sold four hundred and one loaves.", "pt"),
        ("Vendeu 400 pães.", "It sold loaves.", "pt"),
        ("Foram 12.345,67 reais.", "It was 12.345.67 reais.", "pt"),
        ("Foram 35 por cento.", "It was 35.", "pt"),
        ("عدد المحلات ٣٥ محلا.", "There are 36 shops.", "ar"),
        ("São 21:30 em Lisboa.", "It is 9:45 pm in Lisbon.", "pt"),
        ("Em 14/05/2026.", "On June 14, 2026.", "pt"),
        ("Chegaram ontem.", "25 arrived yesterday.", "pt"),
    ],
)
def test_a_number_that_differs_is_flagged(original: str, translation: str, source: str) -> None:
    assert "NUMBER_DIFFERS" in kinds(original, translation, source)


@pytest.mark.parametrize(
    ("original", "translation", "target"),
    [
        ("The first one left at six.", "Le premier est parti à six heures.", "fr"),
        ("Thirty-five shops are open.", "Открыто тридцать пять магазинов.", "ru"),
        ("No one came.", "Personne n’est venu.", "fr"),
    ],
)
def test_what_cannot_be_read_as_a_number_there_is_left_alone(
    original: str, translation: str, target: str
) -> None:
    assert doubts(original, translation, source="en", target=target) == ()


def test_names_the_desk_knows_must_be_there() -> None:
    said = "No estúdio, Tiago Prado."
    assert kinds(said, "In the studio, Tiago Prado.", names={"Tiago Prado": []}) == []
    assert kinds(said, "Tiago Prado’s in the studio.", names={"Tiago Prado": []}) == []
    assert kinds(said, "In the studio, Thiago Prado.", names={"Tiago Prado": []}) == [
        "NAME_DIFFERS"
    ]
    assert kinds("no estúdio tiago prado", "in the studio diego prado",
                 names={"Tiago Prado": []}) == ["NAME_DIFFERS"]  # fmt: skip
    assert kinds("no estúdio tiago prado", "in the studio tiago prado",
                 names={"Tiago Prado": []}) == []  # fmt: skip
    spelled = {"ليلى منصور": ["Layla Mansour"]}
    arabic = "قالت ليلى منصور ذلك."
    assert kinds(arabic, "Layla Mansour said so.", "ar", spelled) == []
    assert kinds(arabic, "Leila Mansour said so.", "ar", spelled) == ["NAME_DIFFERS"]
    assert kinds(arabic, "Leila Mansour said so.", "ar", {"ليلى منصور": []}) == []


def test_a_name_spelled_otherwise_or_dropped_is_flagged() -> None:
    said = "Ontem falou Giancarlo Fisichella na rádio."
    spelled = doubts(
        said, "Yesterday Giancarlo Physichella spoke on the radio.", source="pt", target="en"
    )
    assert [one.reason for one in spelled] == [
        "the name Fisichella of the original is spelled Physichella"
    ]
    assert kinds(said, "Yesterday he spoke on the radio.") == ["NAME_DIFFERS"]
    assert kinds(said, "Yesterday Giancarlo Fisichella’s voice was heard.") == []


@pytest.mark.parametrize(
    ("original", "translation"),
    [
        ("O presidente Luís Montenegro falou.", "President Luis Montenegro spoke."),
        ("A ONU e a União Europeia cresceram.", "The UN and the European Union grew."),
        ("Ela voltou de Londres para Nova Iorque.", "She came back from London to New York."),
        ("A Rádio Moinho Azul.", "This is Radio Moinho Azul."),
        ("Os Estados Unidos da América.", "The United States of America."),
        ("giancarlo fisichella perdeu.", "giancarlo physichella lost."),
    ],
)
def test_what_may_be_a_translated_name_is_left_alone(original: str, translation: str) -> None:
    assert kinds(original, translation) == []


def test_a_lost_negation_is_flagged() -> None:
    assert kinds("Não vou para casa.", "I will go home.") == ["MEANING_DIFFERS"]
    assert kinds("Não vou para casa.", "I won’t go home.") == []
    assert kinds("Não é possível.", "It is impossible.") == []
    assert kinds("Nein, das stimmt nicht.", "That is true.", "de") == ["MEANING_DIFFERS"]
    assert kinds("Ei mene kotiin.", "I go home.", "fi") == []


@pytest.mark.parametrize(
    ("original", "translation", "source"),
    [
        ("Vou para casa.", "I will not go home.", "pt"),
        ("A receita mudou.", "The recipe hasn’t changed.", "pt"),
        ("Das stimmt.", "That never was true.", "de"),
        ("Ha cambiado.", "It has not changed.", "es"),
        ("وصل القطار صباح اليوم.", "The train did not arrive this morning.", "ar"),
    ],
)
def test_a_negation_that_the_original_has_not_is_flagged(
    original: str, translation: str, source: str
) -> None:
    (flag,) = doubts(original, translation, source=source, target="en")
    assert flag.kind is FlagKind.MEANING_DIFFERS
    assert "the original has no negation" in flag.reason


@pytest.mark.parametrize(
    ("original", "translation", "source"),
    [
        ("É impossível.", "It is not possible.", "pt"),
        ("Ela deixou de cantar.", "She does not sing any more.", "pt"),
        ("Só abre às nove.", "It does not open until nine.", "pt"),
        ("Está frio, né?", "It’s cold, isn’t it?", "pt"),
        ("Cozinha e também canta.", "She not only cooks, she sings.", "pt"),
        ("Das ist unklar.", "That is not clear.", "de"),
        ("Peu de gens le savent.", "Not many people know it.", "fr"),
        ("ومش عارف.", "I do not know.", "ar"),
        ("ولسنا وحدنا.", "We are not alone.", "ar"),
        ("Kotiin menen.", "I do not go home.", "fi"),
    ],
)
def test_a_negation_that_another_word_may_have_held_is_left_alone(
    original: str, translation: str, source: str
) -> None:
    assert doubts(original, translation, source=source, target="en") == ()


def test_what_is_missing_copied_repeated_or_absurdly_long_is_flagged() -> None:
    assert kinds("Bom dia.", " ") == ["SENTENCE_MISSING"]
    said = "Ele disse que sim a todos eles ontem."
    assert kinds(said, said) == ["SENTENCE_MISSING"]
    assert kinds("Olá, tudo bem com todos?", "the the the the the") == ["REPEATED"]
    assert kinds("Olá, tudo bem?", "so it is so it is so it is so it is.") == ["REPEATED"]
    assert "MEANING_DIFFERS" in kinds(
        "Bom dia a todos.", "A story that was never told " * 3 + "here."
    )
    assert kinds("قال ذلك في المدينة", "قال ذلك in the city", "ar") == ["WRONG_SCRIPT"]
    long = "A receita do pão de milho não mudou desde o primeiro dia em que abriu."
    assert "SENTENCE_MISSING" in kinds(long, "No recipe.")


def test_a_flag_carries_the_span_and_says_why() -> None:
    (flag,) = doubts("Vendeu 400 pães.", "It sold.", source="pt", target="en", span=Span(5, 9))
    assert flag.span == Span(5, 9)
    assert flag.kind is FlagKind.NUMBER_DIFFERS
    assert flag.reason == "the number 400 of the original is not in the translation"


@given(
    original=st.text(max_size=80), translation=st.text(max_size=80),
    source=st.sampled_from(["pt", "ar", "zh", "und", "de", "fr", "x"]),
)  # fmt: skip
def test_any_text_can_be_checked(original: str, translation: str, source: str) -> None:
    for flag in doubts(original, translation, source=source, target="en"):
        assert flag.reason


@given(text=st.text(alphabet=st.characters(categories=["Nd", "Zs", "Po"]), max_size=40))
def test_a_text_of_numbers_keeps_its_own(text: str) -> None:
    found = doubts(f"x {text}", f"x {text}", source="en", target="en")
    assert [one for one in found if one.kind is FlagKind.NUMBER_DIFFERS] == []
