"""Number words as alternative spans over tokens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.text.numbers import is_article, number_spans
from offair.text.tokenise import tokens


def readings(text: str, language: str) -> set[tuple[str, str]]:
    """(value, unit) of the spans that cover all of a text."""
    row = tokens(text, language)
    found = number_spans(row, language)
    return {(one.value, one.unit) for one in found if (one.first, one.last) == (0, len(row))}


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("twenty-six", "en", "26", ""),
        ("a hundred and eighty-four", "en", "184", ""),
        ("two thousand and four", "en", "2004", ""),
        ("five million three hundred thousand and one", "en", "5300001", ""),
        ("two and a half million", "en", "2500000", ""),
        ("2.5 million", "en", "2500000", ""),
        ("twelve point five percent", "en", "12.5", "%"),
        ("26%", "en", "26", "%"),
        ("26 per cent", "en", "26", "%"),
        ("$5 million", "en", "5000000", "$"),
        ("five million dollars", "en", "5000000", "$"),
        ("nineteen eighty-four", "en", "1984", ""),
        ("six forty", "en", "6:40", ""),
        ("six oh five", "en", "6:05", ""),
        ("nine one one", "en", "911", ""),
        ("the", "en", "", ""),
        ("twenty-first", "en", "21º", ""),
        ("21st", "en", "21º", ""),
        ("12,000", "en", "12000", ""),
        ("mil novecentos e noventa e quatro", "pt", "1994", ""),
        ("duzentas mil", "pt", "200000", ""),
        ("quatre-vingt-dix-sept mille trois cents", "fr", "97300", ""),
        ("vingt et un pour cent", "fr", "21", "%"),
        ("zweitausendvierundzwanzig", "de", "2024", ""),
        ("hundertfünfzig Millionen Euro", "de", "150000000", "€"),
        ("treinta y una mil doscientas", "es", "31200", ""),
        ("veintitrés mil millones", "es", "23000000000", ""),
        ("12,5", "ru", "12.5", ""),
        ("ventisei", "it", "26", ""),
        ("duemilaventidue", "it", "2022", ""),
        ("centoventitremilaquattrocento", "it", "123400", ""),
        ("mille", "it", "1000", ""),
        ("tre milioni di", "it", "", ""),
        ("tre virgola cinque milioni", "it", "3500000", ""),
        ("tweeëntwintig", "nl", "22", ""),
        ("tweeduizendzesentwintig", "nl", "2026", ""),
        ("honderdvijftig miljoen euro", "nl", "150000000", "€"),
        ("zes procent", "nl", "6", "%"),
        ("двадцать шесть", "ru", "26", ""),
        ("двух тысяч двадцати", "ru", "2020", ""),
        ("тысяча девятьсот восемьдесят четыре", "ru", "1984", ""),
        ("пять миллионов триста тысяч один", "ru", "5300001", ""),
        ("12 млрд рублей", "ru", "", ""),
        ("12 млрд", "ru", "12000000000", ""),
        ("пять процентов", "ru", "5", "%"),
        ("一百二十三万", "zh", "1230000", ""),
        ("一百零五", "zh", "105", ""),
        ("二〇二二", "zh", "2022", ""),
        ("两千零二十六", "zh", "2026", ""),
        ("一万五", "zh", "15000", ""),
        ("1.2万亿", "zh", "1200000000000", ""),
        ("三点五亿", "zh", "350000000", ""),
        ("百分之十二点五", "zh", "12.5", "%"),
        ("三十％", "zh", "30", "%"),
        ("十", "zh", "10", ""),
        ("万", "zh", "", ""),
        ("百姓", "zh", "", ""),
        ("十分", "zh", "", ""),
        ("3万5千円", "ja", "35000", "¥"),
        ("五十パーセント", "ja", "50", "%"),
        ("2026", "ja", "2026", ""),
    ],
)
def test_readings(text: str, language: str, value: str, unit: str) -> None:
    found = readings(text, language)
    assert ((value, unit) in found) if value else not found


def english(number: int) -> str:
    """A number below a billion in words, as an English speaker says it."""
    small = str.split(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen "
        "fourteen fifteen sixteen seventeen eighteen nineteen"
    )
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if number < 20:
        return small[number]
    if number < 100:
        rest = f"-{small[number % 10]}" if number % 10 else ""
        return tens[number // 10 - 2] + rest
    for scale, word in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = number % scale
            join = " and " if rest < 100 else " "
            tail = join + english(rest) if rest else ""
            return f"{english(number // scale)} {word}{tail}"
    raise AssertionError(number)


@given(st.integers(0, 10**9 - 1))
@settings(deadline=None)
def test_english_words_of_any_number_are_read(number: int) -> None:
    assert (str(number), "") in readings(english(number), "en")
    assert (str(number), "") in readings(f"{number:,}", "en")


WORDS = st.sampled_from(
    str.split(
        "a one two twenty hundred thousand million and point half oh per cent dollars $ "
        "% 5 12.5 6:40 mil e y un cent vingt mille tausend hundert first man 1980s 00 "
        "1/2 ."
    )
)


@given(st.lists(WORDS, max_size=14), st.sampled_from(["en", "es", "pt", "fr", "de", "ru", "ar"]))
@settings(deadline=None)
def test_spans_are_ordered_and_inside(words: list[str], language: str) -> None:
    row = tokens(" ".join(words), language)
    found = number_spans(row, language)
    assert len(set(found)) == len(found)
    assert [(one.first, -one.last) for one in found] == sorted(
        (one.first, -one.last) for one in found
    )
    for one in found:
        assert 0 <= one.first < one.last <= len(row)
        assert one.value


def test_very_long_digits_are_kept_as_they_are() -> None:
    digits = "7" * 6000
    assert number_spans(tokens(digits), "en")[0].value == digits


def chinese(number: int) -> str:
    """A number below 10**8 in ideographs."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        joint = "零" if 0 < low < 1000 else ""
        return chinese(high) + "万" + joint + (chinese(low) if low else "")
    digits, said, gap = f"{number:04}", "", False
    for digit, unit in zip(digits, "千百十 ", strict=True):
        if digit == "0":
            gap = bool(said)
            continue
        said += ("零" if gap else "") + "〇一二三四五六七八九"[int(digit)] + unit.strip()
        gap = False
    return said or "零"


@given(st.integers(1, 10**8 - 1))
@settings(max_examples=200)
def test_chinese_numbers_are_read_as_they_are_said(number: int) -> None:
    assert (str(number), "") in readings(chinese(number), "zh")


@given(st.text(alphabet="〇一二两十百千万亿兆点分之零5.3 %", max_size=40))
@settings(max_examples=200)
def test_any_ideographs_give_spans_in_order(text: str) -> None:
    row = tokens(text, "zh")
    found = number_spans(row, "zh")
    assert all(0 <= one.first < one.last <= len(row) and one.value for one in found)
    assert [one.first for one in found] == sorted(one.first for one in found)


def test_the_chinese_one_is_an_article_and_a_bare_myriad_is_no_number() -> None:
    row = tokens("一些百姓十分千万", "zh")
    assert [(one.first, one.value) for one in number_spans(row, "zh")] == [(0, "1")]
    assert is_article(row[0].form)
