"""The languages of the pages: files are whole, the right one is chosen, nothing is left English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from strategies_record import records
from web_desk import add_harbour, add_records, make_desk

from offair.formats import record_html
from offair.formats.page_words import PageWords
from offair.model.record import Paragraph, Record, RecordTurn
from offair.model.transcript import Mark
from offair.web.application import app
from offair.web.extract_words import extracted
from offair.web.language import FOLDER, SOURCE, chosen, languages, words_of
from offair.web.script_words import SCRIPT_WORDS

SCRIPTS = Path(__file__).resolve().parents[2] / "web-elements" / "src"
TEXTS = {one.id for one in extracted()}
TRANSLATED = [one for one in languages() if one != SOURCE]
_PLACE_RE = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+")


def test_arabic_is_one_of_the_languages_and_runs_from_right_to_left() -> None:
    assert languages()[0] == SOURCE
    assert words_of("ar").direction == "rtl"
    assert words_of("en").direction == "ltr"
    assert words_of("ar").name == "العربية"


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_text_is_translated_with_its_places(tag: str) -> None:
    with (FOLDER / f"{tag}.po").open("rb") as file:
        known = read_po(file, locale=tag)
    texts = {one.id for one in extracted() if one.id}
    assert {one.id for one in known if one.id} == texts, "run python -m offair.web.extract_words"
    for one in known:
        if not one.id:
            continue
        originals = one.id if isinstance(one.id, tuple) else (one.id,)
        strings = one.string if isinstance(one.string, tuple) else (one.string,)
        assert all(strings), f"{one.id!r} is not translated"
        assert not one.fuzzy
        places = [set(_PLACE_RE.findall(text)) for text in originals]
        for text in strings:
            assert set(_PLACE_RE.findall(str(text))) - {"%(num)s"} in [
                each - {"%(num)s"} for each in places
            ], one.id


def test_what_scripts_say_is_on_the_list_for_translators() -> None:
    said = set()
    for path in SCRIPTS.rglob("*.ts"):
        text = path.read_text("utf-8")
        said |= set(re.findall(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"', text))
        said |= set(re.findall(r'\bdoes: "([^"]+)"', text))
    assert said - set(SCRIPT_WORDS) == set()
    assert set(SCRIPT_WORDS) - said <= {"Space"}


@pytest.mark.parametrize(
    ("asked", "cookie", "accepted", "want"),
    [
        (None, None, "", "en"),
        (None, None, "ar-IQ,en;q=0.8", "ar"),
        (None, None, "fr, ar;q=0.3, en;q=0.8", "en"),
        (None, None, "ar;q=0", "en"),
        (None, None, "ar;q=x, ;;,", "en"),
        (None, "ar", "en", "ar"),
        ("en", "ar", "ar", "en"),
        ("xx", "yy", "ar", "ar"),
    ],
)
def test_the_language_is_the_one_asked_for(
    asked: str | None, cookie: str | None, accepted: str, want: str
) -> None:
    assert chosen(asked, cookie, accepted) == want


@given(st.text(max_size=60))
def test_whatever_a_browser_accepts_there_is_a_language(header: str) -> None:
    assert chosen(None, None, header) in languages()


def test_a_page_is_answered_in_arabic_and_the_choice_is_kept(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    add_records(desk, add_harbour(desk))
    with TestClient(app(desk), base_url="http://localhost") as client:
        page = client.get("/recordings", headers={"accept-language": "ar"})
        assert '<html lang="ar" dir="rtl">' in page.text
        assert "التسجيلات" in page.text
        assert "set-cookie" not in page.headers
        assert "Accept-Language" in page.headers["vary"]
        assert "14 مايو 2026" in page.text
        assert client.get("/?lang=ar").headers["set-cookie"].startswith("offair-language=ar;")
        assert 'lang="ar"' in client.get("/channels").text
        english = client.get("/names?lang=en")
        assert '<html lang="en" dir="ltr">' in english.text
        assert 'id="words"' not in english.text
        assert "لا صفحة في هذا العنوان" in client.get("/nothing?lang=ar").text


def test_no_page_of_the_desk_keeps_an_english_sentence_in_arabic(tmp_path: Path) -> None:
    """What stands in the templates outside of data is Arabic: two Latin words in a row are data."""
    desk = make_desk(tmp_path)
    recording = add_harbour(desk)
    data = {"Harbour One", "Test desk", "Morning Quay", "Europe/Dublin"}
    with TestClient(app(desk), base_url="http://localhost") as client:
        for address in ("/", "/channels", "/channels/1", "/names", "/style", "/records"):
            text = client.get(f"{address}?lang=ar").text
            shown = re.sub(r"<(script|style|code)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)
            for known in data:
                shown = shown.replace(known, "")
            assert not re.findall(r"[a-z]{3,} [a-z]{3,}", shown), address
    assert recording


@given(records())
@settings(max_examples=150)
def test_the_record_page_says_only_what_translators_find(record: Record) -> None:
    """Whatever a record holds: each text that its page asks a translation of is one of the list,
    but for the free senses of marks."""
    senses = {mark.sense for mark in marks_of(record)}

    def say(text: str) -> str:
        asked.add(text)
        return text

    asked: set[str] = set()
    html = record_html.write(record, words=PageWords("ar", "rtl", say))
    assert '<html lang="ar" dir="rtl">' in html
    assert asked - senses <= TEXTS


def marks_of(record: Record) -> Iterator[Mark]:
    """Every mark of a record."""
    for paragraph in record.summary:
        yield from paragraph.marks
    for item in record.body:
        parts = item.parts if isinstance(item, RecordTurn) else (item,)
        for part in parts:
            yield from part.marks if isinstance(part, Paragraph) else (part.mark,)


def test_a_record_in_arabic_says_its_own_words_in_arabic(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    add_records(desk, add_harbour(desk))
    with TestClient(app(desk), base_url="http://localhost") as client:
        text = client.get("/records/1?lang=ar").text
        assert '<html lang="ar" dir="rtl">' in text
        for said in ("كيف يُستشهد به", "النص المفرَّغ", "القناة"):
            assert said in text
        assert "How to cite" not in text
        assert "How to cite" in client.get("/records/1?lang=en").text
