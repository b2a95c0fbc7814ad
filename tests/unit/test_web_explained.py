"""What the program explains is told in the language of the page, and nothing is lost in between."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from clips_made import harbour_clip
from find_check_desk import ANN, BEN, find_check_desk
from hypothesis import given, settings
from hypothesis import strategies as st
from logged_in import AsAccount
from markupsafe import escape
from starlette.testclient import TestClient
from web_desk import make_desk

from offair.desk.check_quote import check_quote
from offair.model.finding import Quotation
from offair.web import explained as room
from offair.web.application import app
from offair.web.explained import SENTENCES, explained, explained_fields, explained_plainly
from offair.web.language import speaking

ROOMS = Path(room.__file__).parents[1]
PLACE = re.compile(r"%\((\w+)\)s")
LATIN = re.compile("[A-Za-z]{2,}")
VALUES = {
    "why": "nobody knows whose voice it is", "more": "1 more such place", "often": "twice",
    "finding": "altered", "weighty": "a name and a number",
}  # fmt: skip
NUMBERS = ("count", "total", "found", "all", "part", "clip", "changed", "times", "seconds", "mean",
           "silent", "score", "share", "recording")  # fmt: skip


def filled(form: str) -> str:
    """A sentence of a form, as the program would make one."""
    places = set(PLACE.findall(form))
    return form % {
        one: VALUES.get(one, "12" if one in NUMBERS else "Ann Lee") for one in places
    }  # fmt: skip


@cache
def in_arabic() -> tuple[str, ...]:
    """A sentence of every form."""
    with speaking("ar"):
        return tuple(explained_plainly(filled(one)) for one in SENTENCES)


@pytest.mark.parametrize("form", SENTENCES)
def test_a_sentence_is_known_by_its_form(form: str) -> None:
    said = filled(form)
    assert explained_plainly(said) == said
    with speaking("ar"):
        told = explained_plainly(said)
        shown = explained(said)
    assert not LATIN.search(told.replace("Ann Lee", ""))
    assert told.count("Ann Lee") == said.count("Ann Lee")
    assert "<bdi>Ann Lee</bdi>" in shown or "Ann Lee" not in said
    assert in_arabic().count(told) == 1, "it is taken for another form"


def texts_of_the_rooms() -> Iterator[str]:
    """Every text in the rooms where such sentences are made; `{}` where something is put in."""
    for path in (*(ROOMS / "text").glob("*.py"), *(ROOMS / "desk").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(
                    str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values
                )


def test_every_form_is_one_that_the_program_makes() -> None:
    made = " ".join(texts_of_the_rooms())
    for form in SENTENCES:
        parts = [one.split() for one in re.split(r"%\(\w+\)s|[“”‘’:;,()]", form.replace("%%", "%"))]
        pairs = [f"{one} {two}" for words in parts for one, two in pairwise(words)]
        # Where the program puts two texts together, the pair at the seam is in neither.
        missing = [one for one in pairs if one not in made]
        assert len(missing) <= max(1, min(2, len(pairs) // 2)), (form, missing)


def test_what_stands_in_no_form_is_shown_as_it_is() -> None:
    with speaking("ar"):
        assert explained_plainly("Some other words.") == "Some other words."
        assert explained("Some <b> words.") == '<bdi lang="en">Some &lt;b&gt; words.</bdi>'
        assert explained("كلمات <b>") == "<bdi>كلمات &lt;b&gt;</bdi>"
        assert explained("“a” is printed and was not said there (boats)").startswith("<bdi")
        assert explained("<b>x</b> is on the names list").startswith("<bdi>&lt;b&gt;x")
        fields = explained_fields("channel: Harbour One; mood: <i>")
    assert "<bdi>Harbour One</bdi>" in fields
    assert fields.endswith("mood: &lt;i&gt;")


def test_sentences_within_sentences_are_told_too() -> None:
    said = (
        "in the headline nothing supports “Marsh: “It is”, he said”: “It is” is altered: printed "
        "“is”, said “is not” (negation)"
    )
    with speaking("ar"):
        told = explained_plainly(said)
        plain = explained_plainly("the sentence is cut: it begins “So”; it goes on “and” (marked)")
    for quoted in ("Marsh: “It is”, he said", "It is", "is", "is not"):
        assert f"\u2068{quoted}\u2069" in told
        told = told.replace(f"\u2068{quoted}\u2069", "", 1)
    assert not LATIN.search(told)
    assert not LATIN.search(plain.replace("So", "").replace("and", ""))


@settings(max_examples=60)
@given(st.text(max_size=80), st.sampled_from(SENTENCES))
def test_no_words_are_lost_and_no_markup_comes_in(words: str, form: str) -> None:
    said = form % dict.fromkeys(PLACE.findall(form), words)
    assert explained_plainly(said) == said
    with speaking("ar"):
        plain, shown = explained_plainly(said), explained(said)
    if words.isalnum() and PLACE.search(form):
        assert words in plain
    assert re.sub(r"</?bdi(?: lang=\"en\")?>", "", shown).count("<") == 0
    assert str(escape(words)) in shown or plain != said


def test_a_hostile_sentence_costs_no_time() -> None:
    with speaking("ar"):
        for run in ("“", "” and “", "; from “", ": ", "'s, not ", " (", "the words are "):
            long = (run * 2_000)[:1_999]
            assert explained_plainly(long) == long
            assert explained_plainly("printed “" + long[:1_900]) is not None


ASKED = (
    ("I can promise the ship. I can promise the weather.", "Daniel Marsh"),
    ("We are cancelling the late boat.", "Nora Whitlow"),
    ("I cannot promise … the boat.", None),
    ("I can promise [you] the weather.", "the minister"),
    ("We will not raise the fares before … the ferry would pass the wall at that speed.", ANN),
    ("The ferry would pass the wall at that speed.", "Ben R."),
    ("We will not raise fares.", BEN),
    ("The gardens were never as green as in that long wet spring.", ANN),
    ("the boat", None),
)


def test_whatever_a_check_explains_is_told_in_arabic(tmp_path: Path) -> None:
    desk = find_check_desk(tmp_path)
    found = [
        reason
        for words, speaker in ASKED
        for thorough in (False, True)
        for reason in check_quote(desk, Quotation(words, speaker), thorough=thorough).reasons
    ]
    assert len(set(found)) > 15
    with speaking("ar"):
        told = {one: re.sub("\u2068.*?\u2069", "", explained_plainly(one)) for one in found}
    assert {one: left for one, left in told.items() if LATIN.search(left)} == {}
    desk.catalogue.close()


def test_the_pages_tell_reasons_in_arabic(tmp_path: Path) -> None:
    desk = find_check_desk(tmp_path / "one")
    client = TestClient(AsAccount(app(desk)), base_url="http://localhost")
    asked = {"words": "I can promise the ship. I can promise the weather."}
    page = client.get("/check", params={**asked, "lang": "ar"}).text
    reasons = re.findall(r'<ul class="reasons">(.*?)</ul>', page, re.DOTALL)
    assert reasons
    assert not LATIN.search(re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", "".join(reasons)))
    english = client.get("/check", params={**asked, "lang": "en"}).text
    assert "was not said there" in english or "printed “" in english
    desk.catalogue.close()


def test_what_stops_a_clip_is_told_in_arabic(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    harbour_clip(desk)
    client = TestClient(AsAccount(app(desk)), base_url="http://localhost")
    assert "words that nobody has heard" in client.get("/clips/1?lang=en").text
    page = client.get("/clips/1?lang=ar").text
    stops = re.findall(r'<ul class="stops">(.*?)</ul>', page, re.DOTALL)
    assert stops
    assert "لم يسمعها أحد" in stops[0]
    assert not LATIN.search(re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", stops[0]))
    desk.catalogue.close()
