"""Hebrew and Hindi number words read as the numbers they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.text.numbers import number_spans
from offair.text.tokenise import tokens


def readings(text: str, language: str) -> set[tuple[str, str]]:
    """(value, unit) of the spans that cover all of a text."""
    row = tokens(text, language)
    found = number_spans(row, language)
    return {(one.value, one.unit) for one in found if (one.first, one.last) == (0, len(row))}


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("שלוש", "he", "3", ""),
        ("שלושה", "iw", "3", ""),
        ("עשרים ושש", "he", "26", ""),
        ("חמש-עשרה", "he", "15", ""),
        ("שנים עשר", "he", "12", ""),
        ("מאה ועשרים", "he", "120", ""),
        ("מאה עשרים ושלושה", "he", "123", ""),
        ("מאתיים וחמישים", "he", "250", ""),
        ("שלוש מאות", "he", "300", ""),
        ("אלף תשע מאות ארבעים ושמונה", "he", "1948", ""),
        ("אלפיים עשרים וארבע", "he", "2024", ""),
        ("שלושת אלפים", "he", "3000", ""),
        ("מאתיים אלף", "he", "200000", ""),
        ("תשע מאות תשעים ותשעה אלף תשע מאות תשעים ותשעה", "he", "999999", ""),
        ("שני מיליון", "he", "2000000", ""),
        ("שלושה וחצי מיליון", "he", "3500000", ""),
        ("מיליון וחצי", "he", "1500000", ""),
        ("חצי מיליון", "he", "500000", ""),
        ("5 מיליארד", "he", "5000000000", ""),
        ("עשרים אחוזים", "he", "20", "%"),
        ("מאה דולר", "he", "100", "$"),
        ("חצי", "he", "", ""),
        ("שנים", "he", "", ""),
        ("छब्बीस", "hi", "26", ""),
        ("पाँच", "hi", "5", ""),
        ("पांच", "hi", "5", ""),
        ("निन्यानवे", "hi", "99", ""),
        ("तीन सौ पैंतालीस", "hi", "345", ""),
        ("उन्नीस सौ सैंतालीस", "hi", "1947", ""),
        ("दो हज़ार चौबीस", "hi", "2024", ""),
        ("दो हजार चौबीस", "hi", "2024", ""),
        ("बारह लाख तीस हज़ार पाँच सौ", "hi", "1230500", ""),
        ("पाँच करोड़", "hi", "50000000", ""),
        ("दो लाख करोड़", "hi", "2000000000000", ""),
        ("डेढ़ लाख", "hi", "150000", ""),
        ("ढाई करोड़", "hi", "25000000", ""),
        ("साढ़े तीन लाख", "hi", "350000", ""),
        ("पौने दो सौ", "hi", "175", ""),
        ("डेढ़ सौ", "hi", "150", ""),
        ("5 लाख", "hi", "500000", ""),
        ("बारह दशमलव पाँच प्रतिशत", "hi", "12.5", "%"),
        ("सौ रुपये", "hi", "100", "₹"),
        ("लाखों", "hi", "", ""),
    ],
)
def test_readings(text: str, language: str, value: str, unit: str) -> None:
    found = readings(text, language)
    assert ((value, unit) in found) if value else not found


_ONES = ["אחת", "שתיים", "שלוש", "ארבע", "חמש", "שש", "שבע", "שמונה", "תשע", "עשר"]
_TENS = ["עשרים", "שלושים", "ארבעים", "חמישים", "שישים", "שבעים", "שמונים", "תשעים"]


def hebrew(number: int) -> str:
    """A number below a million in feminine words; the last of several has its `ve`."""
    words: list[str] = []
    if number >= 1000:
        thousands, number = divmod(number, 1000)
        words = [] if thousands in (1, 2) else [hebrew(thousands)]
        words.append("אלפיים" if thousands == 2 else "אלף")
        if not number:
            return " ".join(words)
    if number >= 100:
        hundreds, number = divmod(number, 100)
        many = {1: "מאה", 2: "מאתיים"}.get(hundreds) or f"{_ONES[hundreds - 1]} מאות"
        words.append(many)
    if number > 20 and number % 10:
        words += [_TENS[number // 10 - 2], f"ו{_ONES[number % 10 - 1]}"]
    elif number >= 20:
        words.append(f"{'ו' if words else ''}{_TENS[number // 10 - 2]}")
    elif number > 10:
        one = "שתים" if number == 12 else _ONES[number - 11]
        words.append(f"{'ו' if words else ''}{one} עשרה")
    elif number:
        words.append(f"{'ו' if words else ''}{_ONES[number - 1]}")
    return " ".join(words)


@settings(max_examples=60)
@given(st.integers(1, 999_999))
def test_hebrew_words_of_any_number_are_read(number: int) -> None:
    assert (str(number), "") in readings(hebrew(number), "he")


_HINDI_BELOW = tuple(
    "पाँच ग्यारह छब्बीस तैंतीस अड़तालीस सत्तावन उनहत्तर पचासी निन्यानवे".split()  # noqa: SIM905
)
_HINDI_VALUES = (5, 11, 26, 33, 48, 57, 69, 85, 99)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 8), min_size=4, max_size=4))
def test_hindi_words_go_down_from_crores(places: list[int]) -> None:
    crore, lakh, thousand, rest = (_HINDI_BELOW[one] for one in places)
    values = [_HINDI_VALUES[one] for one in places]
    number = values[0] * 10**7 + values[1] * 10**5 + values[2] * 1000 + values[3]
    said = f"{crore} करोड़ {lakh} लाख {thousand} हज़ार {rest}"
    assert (str(number), "") in readings(said, "hi")
