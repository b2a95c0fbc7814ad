"""The tokeniser: what it splits and folds, and what holds for any string."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offair.text import tokenise
from offair.text.normalise import fold
from offair.text.tokenise import TOKENISER_VERSION, TokenKind, count_words, tokens

LANGUAGES = st.sampled_from(
    [None, "en", "en-GB", "fr", "de", "pt-BR", "ar", "he", "ja", "th", "xx"]
)
PIECES = st.sampled_from(
    [
        *"aàßIİıéŉ'’ʼ.·-_ \u00a0\u202f\u200b\u200d\u200f0127٣५½²Ⅳºªدةىﷺ\u064bשׁ\"״日ガｶﾞｰゟกำ้ໜ한국",
        *[
            "l'",
            "qu’",
            "12,000",
            "1 000",
            "U.S.",
            "km",
            "th",
            "%",
            "$",
            "￥",
            "\ud800",
            "\U0001f44d",
        ],
    ]
)
MIXED = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60)


def forms(text: str, language: str | None = None) -> list[str]:
    return [token.form for token in tokens(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Don't — don’t DONʼT", None, ["dont", "dont", "dont"]),
        ("l'État, qu’il l’y", None, ["l", "etat", "qu", "il", "l", "y"]),
        ("dell'arte O'Brien y'all", None, ["dell", "arte", "obrien", "yall"]),
        ("U.S. and U.S.A., at 6 a.m.", "en", ["us", "and", "usa", "at", "6", "am"]),
        ("twenty-six well_known", "en", ["twenty", "six", "well", "known"]),
        ("12,000 12.5 6:40 1/2 ½ ②", "en", ["12000", "12.5", "6:40", "1/2", "1/2", "2"]),
        ("1 000 10\u00a0000 1\u202f234,5", None, ["1000", "10000", "1234.5"]),
        ("1 000", "en", ["1", "000"]),
        ("12.000 12,5 1.234,56 1.000.000", "de", ["12000", "12.5", "1234.56", "1000000"]),
        ("2,3,4 and 12.05.2021", "en", ["2", "3", "4", "and", "12.05.2021"]),
        ("21st 3rd 1980s 1er 2º 1.ª", None, ["21st", "3rd", "1980s", "1er", "2o", "1a"]),
        ("5kg 6am 10km2 4x4 F16", None, ["5", "kg", "6", "am", "10", "km2", "4x4", "f16"]),
        ("26% $5 €3", None, ["26", "%", "$", "5", "€", "3"]),
        ("أهلاً إلى مدرسةٍ ٱلْكِتَاب ـــ", "ar", ["اهلا", "الي", "مدرسه", "الكتاب", "ـــ"]),
        ("٣٫٥ ۱۲٬۰۰۰ ٪", "ar", ["3.5", "12000", "%"]),
        ("می‌خواهم كتاب کتاب", "fa", ["ميخواهم", "كتاب", "كتاب"]),
        ('צה"ל שָׁלוֹם', "he", ["צהל", "שלום"]),
        ("今日は６時", "ja", ["今", "日", "は", "6", "時"]),
        ("ｶﾞス", "ja", ["ガ", "ス"]),
        ("น้ำดี", "th", ["น้ำ", "ดี"]),
        ("한국어 말", "ko", ["한국어", "말"]),
        (
            "Straße STRASSE Ørsted naïve Łódź",
            None,
            ["strasse", "strasse", "orsted", "naive", "lodz"],
        ),
        ("ещё чай", "ru", ["еще", "чай"]),
        ("col·lega", "ca", ["collega"]),
        ("5㎏ 3℃", None, ["5", "kg", "3", "c"]),
        ("\u202bab\u202c c\u00add", None, ["ab", "cd"]),
        ("…?!—", None, []),
        # A time glued to its letters is the time with a space; a French hour is a time.
        ("9a.m. 9 a.m. 10:30p.m.", "en", ["9", "am", "9", "am", "10:30", "pm"]),
        ("21h30 10h 121h30", "fr", ["21:30", "10", "h", "121h30"]),
        ("Ph.D. PhD U.S.'s US’s end.Next", "en", ["phd", "phd", "uss", "uss", "end", "next"]),
        # Subscripts are part of a formula; superscripts are footnotes, but for square metres.
        ("CO₂ H₂O m² 5km² word²", None, ["co2", "h2o", "m2", "5", "km2", "word", "2"]),
        ("1,00,000 12,34,567.5 1,00", "hi", ["100000", "1234567.5", "1", "00"]),
        ("l'11 all’8 L'U.E. l'ONU", "fr", ["l", "11", "all", "8", "l", "ue", "l", "onu"]),
        ("tutt'altro cent’anni ch'io", "it", ["tutt", "altro", "cent", "anni", "ch", "io"]),
        ("o'clock rock'n'roll ’em gov't", "en", ["oclock", "rocknroll", "em", "govt"]),
        # Only Latin letters take digits in: a number must be seen beside any other script.
        ("الـ٢٠ بـ20% ب12", "ar", ["ال", "20", "ب", "20", "%", "ب", "12"]),
        ("2022년 10조원 G20은", "ko", ["2022", "년", "10", "조원", "g20", "은"]),
        ("5-й 5й Т-34 Т34", "ru", ["5", "й", "5", "й", "т", "34", "т", "34"]),
        ("ב12 ב-12 ה'תשפ\"ב", "he", ["ב", "12", "ב", "12", "התשפב"]),
        ("صه״ل BBCعربي", "ar", ["صه", "ل", "bbc", "عربي"]),
        # Gershayim as they are typed: straight, curly, doubled, or the Hebrew mark itself.
        ("צה\"ל צה״ל צה”ל צה''ל צה׳׳ל", "he", ["צהל"] * 5),
        ("ג'ורג׳ יִשְׂרָאֵל יִשְׂרָאֵל־לבנון", "he", ["גורג", "ישראל", "ישראל", "לבנון"]),
        ("ﻻ لا ﷲ مؤمن شئ على علي", "ar", ["لا", "لا", "الله", "مومن", "شي", "علي", "علي"]),
        ("كتــــاب قُرْآن قرآن", "ar", ["كتاب", "قران", "قران"]),
        ("خانهٔ خانۀ خانه می‌شود ۵٫۲٪", "fa", ["خانه", "خانه", "خانه", "ميشود", "5.2", "%"]),
        ("за́мок й и\u0306 об’єкт 1\u00a0000,5", "uk", ["замок", "й", "й", "обєкт", "1000.5"]),
        ("Ελλάδα ΕΛΛΑΔΑ σοφός ΣΟΦΟΣ Ή", "el", ["ελλαδα"] * 2 + ["σοφοσ"] * 2 + ["η"]),
        # A nasal before a stop of its row is the anusvara; before another letter it is not.
        ("हिन्दी हिंदी सम्बन्ध संबंध जन्म", "hi", ["हिंदी", "हिंदी", "संबंध", "संबंध", "जन्म"]),
        ("हाँ हां क़लम कलम ज़रा लड़का", "hi", ["हां", "हां", "कलम", "कलम", "जरा", "लड़का"]),
        ("\u0e19\u0e49\u0e33 \u0e19\u0e4d\u0e49\u0e32", "th", ["\u0e19\u0e49\u0e33"] * 2),
        ("๒๕๖๖ ก.ม.", "th", ["2566", "ก", "ม"]),
        ("第1条 GDP增长 〇 ㍿", "zh", ["第", "1", "条", "gdp", "增", "长", "〇"]),
        ("ﾃﾚﾋﾞ 12時30分 ヴ", "ja", ["テ", "レ", "ビ", "12", "時", "30", "分", "ヴ"]),
        ("한글 \u1112\u1161\u11ab\u1100\u1173\u11af", "ko", ["한글", "한글"]),
    ],
)
def test_forms(text: str, language: str | None, expected: list[str]) -> None:
    assert forms(text, language) == expected


def test_fillers_depend_on_the_language() -> None:
    def kinds(text: str, language: str | None) -> list[TokenKind]:
        return [token.kind for token in tokens(text, language)]

    assert set(kinds("uh um er erm uhhh hmm", "en")) == {TokenKind.FILLER}
    assert kinds("um", "pt") == [TokenKind.WORD]
    assert kinds("um er", "de") == [TokenKind.WORD, TokenKind.WORD]
    assert set(kinds("äh ähm", "de")) == {TokenKind.FILLER}
    assert set(kinds("euh", "fr") + kinds("uh euh", None)) == {TokenKind.FILLER}
    assert kinds("error umbrella her", "en") == [TokenKind.WORD] * 3


def test_capitals_inside_a_sentence() -> None:
    found = tokens("Yesterday Mr. Smith met Ana. She left for “Rome” with J. K. Jones.", "en")
    assert [one.form for one in found if one.capital] == ["mr", "smith", "ana", "j", "k", "jones"]
    shouted = tokens("PRESIDENT SAYS HE WILL NOT SIGN THE BILL BEFORE THE VOTE ON MONDAY", "en")
    assert not any(one.capital for one in shouted)


def test_one_token_per_letter_for_every_code_point_and_a_stable_form() -> None:
    """All letters and numerals of Unicode: one token each, whose form is its own normal form."""
    wrong = []
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char)[0] not in "LN":
            continue
        found = forms(char)
        if len(found) != 1 or not found[0] or forms(found[0]) != found:
            wrong.append(hex(code))
    assert wrong == []


@given(MIXED, LANGUAGES)
@settings(max_examples=400, deadline=None)
def test_ranges_cover_every_letter_and_digit_once(text: str, language: str | None) -> None:
    found = tokens(text, language)
    last = 0
    for token in found:
        assert last <= token.char_start < token.char_end <= len(text)
        assert token.form
        last = token.char_end
    inside = {at for token in found for at in range(token.char_start, token.char_end)}
    missed = [
        char
        for at, char in enumerate(text)
        if unicodedata.category(char)[0] in "LN" and at not in inside
    ]
    assert missed == []
    assert found == tokens(text, language)


@given(MIXED, LANGUAGES)
@settings(max_examples=400, deadline=None)
def test_a_normal_form_is_its_own_normal_form(text: str, language: str | None) -> None:
    for token in tokens(text, language):
        assert forms(token.form) == [token.form]


@given(MIXED)
@settings(deadline=None)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_version_is_stated() -> None:
    assert TOKENISER_VERSION >= 1


EDGES = st.sampled_from(
    [
        *" aBzUS.,;:!?()[]\"“”…—–-'’01%$€/\n\u00a0\u00ad\u0301éא中k²º",
        "um",
        "the",
        "Dr",
        "5h30",
        "Ph.D",
    ]
)


@settings(max_examples=300)
@given(st.lists(EDGES, max_size=14).map("".join) | MIXED, LANGUAGES)
def test_plain_words_are_read_as_the_full_expression_reads_them(
    text: str, language: str | None
) -> None:
    quick = tokens(text, language)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokenise, "_PLAIN_RE", re.compile(r"(?!)"))
        assert tokens(text, language) == quick


@given(st.lists(EDGES, max_size=4).map("".join) | MIXED, LANGUAGES)
def test_words_are_counted_without_fillers(text: str, language: str | None) -> None:
    counted = [one for one in tokens(text, language) if one.kind is not TokenKind.FILLER]
    assert count_words(text, language) == len(counted)


def test_the_large_patterns_cost_nothing_until_they_are_needed() -> None:
    told = (
        "import offair.cli.find, offair.text.tokenise as t;"
        "print(t._pattern.cache_info().currsize, t._stable.cache_info().currsize);"
        "t.tokens('ship', 'en'); print(t._pattern.cache_info().currsize)"
    )
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["0", "0", "1"]
