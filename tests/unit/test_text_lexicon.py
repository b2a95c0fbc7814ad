"""Critical words: what each language's lists tell, and that the lists are what they say."""

from __future__ import annotations

import pytest

from offair.model.finding import CRITICAL, EditClass
from offair.text import lexicon
from offair.text.critical_words import CRITICAL_WORDS, FUNCTION_WORDS, TOLD_IN_PART
from offair.text.tokenise import TokenKind, tokens


def classes(text: str, language: str) -> dict[str, set[EditClass]]:
    return {
        one.form: set(lexicon.word_classes(one, language)) & CRITICAL
        for one in tokens(text, language)
        if lexicon.word_classes(one, language) & CRITICAL
    }


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("it", "Non possiamo, se tutti dicono", {
            "non": "negation", "possiamo": "modality", "se": "condition", "tutti": "quantifier",
            "dicono": "attribution",
        }),
        ("nl", "Niemand moet, tenzij alle, behalve", {
            "niemand": "negation", "moet": "modality", "tenzij": "condition",
            "alle": "quantifier", "behalve": "exception",
        }),
        ("ru", "Никто не может, если все, кроме", {
            "никто": "negation", "не": "negation", "может": "modality", "если": "condition",
            "все": "quantifier", "кроме": "exception",
        }),
        ("uk", "Якщо треба, ніхто не каже, лише", {
            "якщо": "condition", "треба": "modality", "ніхто": "negation", "не": "negation",
            "каже": "attribution", "лише": "quantifier",
        }),
        ("pl", "Żadnych, jeśli trzeba, oprócz kilku", {
            "zadnych": "negation", "jesli": "condition", "trzeba": "modality",
            "oprocz": "exception", "kilku": "quantifier",
        }),
        ("tr", "Hiç kimse değil, herkes hariç", {
            "hic": "negation", "kimse": "negation", "degil": "negation",
            "herkes": "quantifier", "haric": "exception",
        }),
        ("fa", "اگر همه باید، هیچ‌کس نمی‌شود", {
            "اگر": "condition", "همه": "quantifier", "بايد": "modality", "هيچكس": "negation",
            "نميشود": "negation",
        }),
        ("he", "לא צריך אם כולם חוץ", {
            "לא": "negation", "צריך": "modality", "אם": "condition", "כולם": "quantifier",
            "חוץ": "exception",
        }),
        ("hi", "अगर सभी नहीं, शायद", {
            "अगर": "condition", "सभी": "quantifier", "नहीं": "negation", "शायद": "modality",
        }),
        ("zh", "不能全部", {"不": "negation", "能": "modality", "全": "quantifier"}),
        ("ja", "全部未定", {"全": "quantifier", "未": "negation"}),
        ("id", "Jika semua tidak bisa, kecuali", {
            "jika": "condition", "semua": "quantifier", "tidak": "negation", "bisa": "modality",
            "kecuali": "exception",
        }),
    ],
)  # fmt: skip
def test_critical_words(language: str, text: str, expected: dict[str, str]) -> None:
    assert classes(text, language) == {form: {EditClass(one)} for form, one in expected.items()}


@pytest.mark.parametrize("language", sorted(CRITICAL_WORDS))
def test_every_word_of_the_lists_is_one_token_of_one_class(language: str) -> None:
    seen: set[str] = set()
    for one, words in CRITICAL_WORDS[language].items():
        assert one in CRITICAL
        assert not seen & words, f"{one}: {seen & words} is of two classes"
        seen |= words
    assert not seen & FUNCTION_WORDS[language], seen & FUNCTION_WORDS[language]
    for word in seen | FUNCTION_WORDS[language]:
        found = tokens(word, language)
        assert [each.form for each in found] == [word]
        assert found[0].kind is TokenKind.WORD, word


def test_what_is_told_is_said() -> None:
    assert lexicon.told_classes("en") == CRITICAL
    assert lexicon.told_classes(None) == CRITICAL
    assert EditClass.NEGATION in lexicon.told_classes("ru-RU")
    assert EditClass.NEGATION not in lexicon.told_classes("tr")
    assert lexicon.told_classes("ja") == {EditClass.NUMBER, EditClass.NAME}
    assert lexicon.told_classes("sw") == {EditClass.NUMBER, EditClass.NAME}
    assert lexicon.knows("fr")
    assert not lexicon.knows("ru")
    assert set(TOLD_IN_PART) <= set(CRITICAL_WORDS) | {"ar"}
