"""Differences that a second hostile reader got past the judge of words, or had it cry wolf over."""

from __future__ import annotations

import pytest
from spoken_archive import Said, air, spoken_desk

from offair.desk import Desk
from offair.desk.check_quote import check_quote
from offair.model.finding import Finding, Quotation, WordsFinding
from offair.text.homographs import unlike
from offair.text.lexicon import is_negation, word_classes
from offair.text.more_numerals import arabic_phrases, decimal_phrases
from offair.text.numbers import number_spans
from offair.text.printed import numbers_as_read, parse_printed, read_printed
from offair.text.sentences import sentences
from offair.text.tokenise import Token, tokens
from offair.text.word_variants import spelling_key
from offair.text.written_forms import written_forms

TAILS = {
    "en": "when the boats came home to the old harbour of the town at last",
    "de": "als die Boote endlich in den alten Hafen der kleinen Stadt heimkehrten",
    "fr": "quand les bateaux rentrent enfin dans le vieux port de la petite ville",
    "es": "cuando los barcos vuelven por fin al viejo puerto del pequeño pueblo",
    "ru": "когда лодки наконец вернулись в старую гавань маленького города на севере",
    "ar": "عندما عادت القوارب أخيرا إلى الميناء القديم في المدينة الصغيرة",
    "fa": "وقتی قایق‌ها سرانجام به بندر قدیمی شهر کوچک در شمال برگشتند",
    "el": "όταν οι βάρκες γύρισαν επιτέλους στο παλιό λιμάνι της μικρής πόλης",
    "pl": "kiedy łodzie wreszcie wróciły do starego portu małego miasta na północy",
    "sv": "när båtarna äntligen kom hem till den gamla hamnen i den lilla staden",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One for all of these: each looks into the broadcast that it puts on air."""
    return spoken_desk(tmp_path_factory.mktemp("forms"))


def check(desk: Desk, language: str, said: str, printed: str) -> Finding:
    tail = TAILS[language]
    recording, _ = air(desk, [Said("Ana Roe", f"{said} {tail}.")], language=language)
    return check_quote(desk, Quotation(f"{printed} {tail}", recording_id=recording.id))


@pytest.mark.parametrize(
    ("language", "said", "printed"),
    [
        ("es", "Hoy dos millones", "Hoy 2.000 millones"),
        ("de", "Wir haben 1,5 Millionen", "Wir haben 1.500 Millionen"),
        ("ar", "الحكومة ولن توافق على ذلك", "الحكومة توافق على ذلك"),
        ("ar", "قرار عدم الموافقة", "قرار الموافقة"),
        ("ar", "خمسة رجال", "ستة رجال"),
        ("ar", "مليون دولار", "مليار دولار"),
        ("de", "Wir haben kaum Zeit", "Wir haben Zeit"),
        ("de", "Der zweite Mann kam", "Der dritte Mann kam"),
        ("fr", "nous pouvons le faire", "nous devons le faire"),
        ("es", "la mayoría vino", "la minoría vino"),
        ("ru", "первый человек", "второй человек"),
        ("sv", "Vi vill inte detta", "Vi vill detta"),
        ("el", "Εμείς ποτέ δεν ήρθαμε", "Εμείς πότε δεν ήρθαμε"),
        ("en", "G7 came", "G20 came"),
        ("en", "Iran came", "Iraq came"),
        ("en", "We saw two-thirds come", "We saw one third come"),
        ("en", "We have £2.5bn of debt", "We have 2.5 billion dollars of debt"),
        ("en", "We have 2 m of rope", "We have 2 million of rope"),
        ("en", "We met on May 5th here", "We met on 6 May here"),
    ],
)
def test_what_was_no_critical_edit_is_one(
    desk: Desk, language: str, said: str, printed: str
) -> None:
    found = check(desk, language, said, printed)
    assert found.words in {WordsFinding.ALTERED, WordsFinding.CUT}
    assert any(one.critical for one in found.passages)


@pytest.mark.parametrize(
    ("language", "said", "printed"),
    [
        ("en", "without it came", "with it came"),
        ("en", "no ship came", "now ship came"),
        ("fr", "sans lui", "avec lui"),
        ("de", "niemand war da", "jemand war da"),
        ("ru", "без него", "с ним"),
    ],
)
def test_a_word_changed_at_the_very_beginning_is_weighed(
    desk: Desk, language: str, said: str, printed: str
) -> None:
    found = check(desk, language, said, printed)
    assert found.words is WordsFinding.ALTERED
    assert any(one.critical for one in found.passages)


@pytest.mark.parametrize(
    ("language", "said", "printed"),
    [
        ("en", "2 million dollars was paid", "$2m was paid"),
        ("en", "We have 2.5 billion dollars of debt", "We have $2.5bn of debt"),
        ("en", "We met on the fifth of May here", "We met on 5 May here"),
        ("en", "We met on May 5th, 2020 here", "We met on 5 May 2020 here"),
        ("en", "We met on September 11 here", "We met on Sept. 11 here"),
        ("en", "two thirds of them came", "2/3 of them came"),
        ("en", "one third of them came", "a third of them came"),
        ("en", "It was 6:40 here", "It was 6.40 here"),
        ("en", "It was nine eleven here", "It was 9/11 here"),
        ("en", "number 10 came here", "No. 10 came here"),
        ("en", "The US came", "The United States came"),
        ("es", "Hoy dos mil millones", "Hoy 2.000 millones"),
        ("de", "Am 5. Mai kam er", "Am fünften Mai kam er"),
        ("de", "Wir haben zwei Milliarden Euro", "Wir haben 2 Mrd. Euro"),
        ("fr", "le premier mai il vint", "le 1er mai il vint"),
        ("ar", "خمسة وعشرون رجلا", "25 رجلا"),
        ("ar", "ثلاثة آلاف وخمسمئة رجل", "3500 رجل"),
        ("ar", "خمسة في المئة", "5 بالمئة"),
        ("fa", "صد و بیست و پنج نفر", "125 نفر"),
        ("pl", "sto dwadzieścia pięć osób", "125 osób"),
    ],
)
def test_another_way_to_write_a_number_is_none(
    desk: Desk, language: str, said: str, printed: str
) -> None:
    assert check(desk, language, said, printed).words is WordsFinding.VERBATIM
    assert check(desk, language, printed, said).words is WordsFinding.VERBATIM


def test_french_ne_alone_is_no_negation_left_out(desk: Desk) -> None:
    without, full = "On veut pas ça", "On ne veut pas ça"
    for said, printed in ((without, full), (full, without)):
        assert not any(one.critical for one in check(desk, "fr", said, printed).passages)
    lost = check(desk, "fr", "On ne veut pas ça", "On veut ça")
    assert any(one.critical for one in lost.passages)


def test_a_small_us_is_not_the_united_states(desk: Desk) -> None:
    found = check(desk, "en", "They told us all", "They told United States all")
    assert found.words is WordsFinding.ALTERED


@pytest.mark.parametrize(
    ("language", "said", "printed", "differs"),
    [
        ("pl", "poszli do sądu", "poszli do sadu, łąki", True),
        ("pl", "Poszli do sądu", "Poszli do sądu", False),
        ("pl", "poszli do sądu", "poszli do sadu", False),  # typed without any marks
        ("sv", "är här", "är har", True),
        ("en", "the café", "the cafe, señor", False),
    ],
)
def test_marks_that_make_other_letters(
    language: str, said: str, printed: str, *, differs: bool
) -> None:
    there = {one.form: one for one in tokens(said, language)}
    told = [
        unlike(printed, one, said, there[one.form], language)
        for one in tokens(printed, language)
        if one.form in there
    ]
    assert any(told) is differs


def test_numbers_are_read_as_the_language_found_writes_them() -> None:
    text = "Hoy 2.000 euros, 1,5 y tres"
    read = numbers_as_read(read_printed(text), text, "es")
    assert [one.form for one in read.tokens] == ["hoy", "2000", "euros", "1.5", "y", "tres"]
    plain = read_printed("ningún número")
    assert numbers_as_read(plain, "ningún número", "es") is plain


@pytest.mark.parametrize(
    ("base", "words", "value"),
    [
        ("tr", "iki yüz elli", 250),
        ("fa", "دویست و سی و یک", 231),
        ("uk", "триста сорок п'ять", 345),
        ("pl", "dwustu", 200),
    ],
)
def test_more_number_words(base: str, words: str, value: int) -> None:
    assert decimal_phrases(base)[tuple(one.form for one in tokens(words, base))] == value


def test_arabic_number_words() -> None:
    phrases = arabic_phrases()
    for words, value in {
        "ثلاثمائة وخمسة وأربعون": 345, "أحد عشر": 11, "مئتان": 200, "وسبعون": 70, "ألفين": 2000,
    }.items():  # fmt: skip
        assert phrases[tuple(one.form for one in tokens(words, "ar"))] == value
    spans = number_spans(tokens("ثلاثة آلاف وخمسمئة رجل", "ar"), "ar")
    assert spans[0].value == "3500"


def test_letters_for_millions_stand_with_their_digits() -> None:
    def values(text: str) -> set[tuple[str, str]]:
        row = tokens(text)
        return {(one.value, one.unit) for one in written_forms(row, number_spans(row), "en")}

    assert ("2500000000", "$") in values("$2.5bn")
    assert ("20000", "£") in values("£20k")
    assert not values("2 m of rope")
    assert not values("third of them")
    assert ("5-6", "d") in values("the sixth of May") & values("May 6")
    assert not {one for one in values("6 may come") if one[1] == "d"}


def test_words_with_digits_and_countries_are_critical() -> None:
    assert word_classes(Token(0, 2, "g7"), "en")
    names = {one.value for one in word_classes(Token(0, 4, "iran"), "en")}
    assert "name" in names
    assert is_negation(tokens("ولن", "ar")[0].form, "ar")
    assert not is_negation(tokens("أولا", "ar")[0].form, "ar")


def test_spelling_rules_do_not_join_other_words() -> None:
    assert spelling_key("poets") != spelling_key("pets")
    assert spelling_key("paediatric") == spelling_key("pediatric")


@pytest.mark.parametrize("text", ["[a]" * 4_000, "*a " * 4_000, "__a " * 4_000, "a… " * 4_000])
def test_rows_of_marks_are_read(text: str) -> None:
    pieces = parse_printed(text)
    assert sum(len(one.tokens) for one in pieces) == 4_000
    if text[0] == "[":
        assert all(len(one.bracketed) + len(one.lettered) for one in pieces)


def test_rows_of_one_mark_do_not_hold_sentences_up() -> None:
    text = "One went. " + "`" * 30_000 + " Two came."
    found = [text[slice(*one)] for one in sentences(text, "en")]
    assert found[0].startswith("One went.")
    assert found[-1].endswith("Two came.")
    assert len(found) > 1
    assert len(sentences("```\n" * 10_000 + "One went. Two came.", "en")) > 1
